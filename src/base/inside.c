#include "base/inside.h"

static int hex_of(char c)
{
    c = nr_ascii_lower(c);
    return nr_ascii_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool nr_inside(const char *folder, nr_view reference, char out[NR_INSIDE])
{
    char path[NR_INSIDE];
    size_t n = strlen(folder), start = n, to = 0;
    if (!reference.n || n + reference.n + 2 > sizeof path || memchr(reference.p, ':', reference.n))
        return false;
    memcpy(path, folder, n);
    for (size_t i = 0; i < reference.n && reference.p[i] != '#'; i++) {
        char c = reference.p[i];
        if (c == '%' && i + 2 < reference.n && hex_of(reference.p[i + 1]) >= 0 && hex_of(reference.p[i + 2]) >= 0) {
            c = (char)(hex_of(reference.p[i + 1]) * 16 + hex_of(reference.p[i + 2]));
            i += 2;
        }
        path[n++] = c;
    }
    path[n] = '\0';
    if (n == start)
        return false;
    for (char *part = path, *slash; part; part = slash ? slash + 1 : NULL) {
        slash = strchr(part, '/');
        size_t length = slash ? (size_t)(slash - part) : strlen(part);
        if (length == 2 && memcmp(part, "..", 2) == 0) {
            if (!to)
                return false;
            for (to--; to > 0 && out[to - 1] != '/';)
                to--;
        } else if (length && !(length == 1 && *part == '.')) {
            memcpy(out + to, part, length);
            to += length;
            if (slash)
                out[to++] = '/';
        }
    }
    out[to] = '\0';
    return to > 0;
}
