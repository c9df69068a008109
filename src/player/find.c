#include "player/find.h"

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static bool blank(char c) { return (unsigned char)c <= ' '; }

/* Whether the wanted text stands at p, whatever its case and its white space. */
static bool stands_at(const char *p, const char *end, const char *wanted)
{
    while (*wanted) {
        if (p == end)
            return false;
        if (blank(*wanted)) {
            if (!blank(*p))
                return false;
            while (blank(*wanted) && *wanted)
                wanted++;
            while (p < end && blank(*p))
                p++;
        } else if (lower(*p++) != lower(*wanted++)) {
            return false;
        }
    }
    return true;
}

bool find_text(nr_view text, size_t from, const char *wanted, uint32_t *at)
{
    for (size_t i = from; i < text.n; i++) {
        if (stands_at(text.p + i, text.p + text.n, wanted)) {
            *at = (uint32_t)i;
            return true;
        }
    }
    return false;
}
