#include "read/html_flatten.h"

#include <stdbool.h>

#include "base/view.h"

enum { DEPTH = 256, FORMATS = 48, ATTRIBUTES = 200, BUCKETS = 256 };

/* An element's name as a number: its first eight letters. */
typedef uint64_t name;

typedef struct flattener {
    name open[DEPTH];
    int depth, formats;
    uint16_t count[BUCKETS];   /* open elements by bucket: an end tag without one is not searched for */
    uint32_t dropped[BUCKETS]; /* start tags that were overwritten */
} flattener;

static unsigned bucket(name n) { return (unsigned)((n * 0x9E3779B97F4A7C15u) >> 56); }

static name name_of(const char *p, size_t n)
{
    name out = 0;
    for (size_t i = 0; i < n && i < 8; i++)
        out = out << 8 | (unsigned char)nr_ascii_lower(p[i]);
    return out;
}

static bool is_one_of(nr_view tag, const char *const *list)
{
    for (; *list; list++)
        if (nr_view_eq_nocase(tag, nr_view_of(*list)))
            return true;
    return false;
}

/* Elements that cannot be open twice in a row, or never are open. */
static const char *const flat[] = {"area",  "base", "body",   "br", "col",   "dd",  "dt",   "embed",  "h1",    "h2",
                                   "h3",    "h4",   "h5",     "h6", "head",  "hr",  "html", "img",    "input", "li",
                                   "link",  "meta", "option", "p",  "param", "rp",  "rt",   "source", "tbody", "td",
                                   "tfoot", "th",   "thead",  "tr", "track", "wbr", NULL};
static const char *const formatting[] = {"a", "b",     "big",    "code",   "em", "font", "i", "nobr",
                                         "s", "small", "strike", "strong", "tt", "u",    NULL};
static const char *const raw[] = {"iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp", NULL};

/* The '>' of the tag that begins at p, or end. Attributes beyond the bound are overwritten. */
static char *tag_end(char *p, char *end)
{
    size_t attributes = 0;
    bool space = false;
    char quote = 0;
    for (char *q = p; q < end; q++) {
        if (quote) {
            if (*q == quote)
                quote = 0;
        } else if (*q == '>') {
            return q;
        } else if (nr_ascii_space(*q) || *q == '/') {
            space = true;
            continue;
        } else if ((*q == '"' || *q == '\'') && q > p && q[-1] == '=') {
            quote = *q;
        } else if (space) {
            attributes++;
        }
        space = space && quote;
        if (attributes > ATTRIBUTES)
            *q = ' ';
        if (attributes > ATTRIBUTES && quote)
            quote = 0;
    }
    return end;
}

static void blank(char *from, char *to)
{
    for (; from < to; from++)
        *from = ' ';
}

static void open_tag(flattener *f, char *tag, size_t n, char *close)
{
    nr_view v = {tag + 1, n};
    if (is_one_of(v, flat))
        return;
    name id = name_of(v.p, v.n);
    bool format = is_one_of(v, formatting);
    if (f->depth == DEPTH || (format && f->formats == FORMATS)) {
        f->dropped[bucket(id)]++;
        blank(tag, close + 1);
        return;
    }
    f->open[f->depth++] = id;
    f->count[bucket(id)]++;
    f->formats += format;
}

static bool is_format(name id)
{
    for (const char *const *s = formatting; *s; s++)
        if (name_of(*s, strlen(*s)) == id)
            return true;
    return false;
}

static void close_tag(flattener *f, char *tag, size_t n, char *close)
{
    name id = name_of(tag + 2, n);
    unsigned b = bucket(id);
    if (f->dropped[b]) {
        f->dropped[b]--;
        blank(tag, close + 1);
        return;
    }
    if (!f->count[b])
        return;
    int at = f->depth;
    while (at > 0 && f->open[at - 1] != id)
        at--;
    if (at == 0)
        return;
    for (int i = at - 1; i < f->depth; i++) {
        f->count[bucket(f->open[i])]--;
        f->formats -= is_format(f->open[i]);
    }
    f->depth = at - 1;
}

static size_t name_length(const char *p, const char *end)
{
    size_t n = 0;
    while (p + n < end && !nr_ascii_space(p[n]) && p[n] != '>' && p[n] != '/')
        n++;
    return n;
}

/* Behind the end tag of an element whose content is not markup. */
static char *skip_raw(char *p, char *end, nr_view tag)
{
    for (; (p = memchr(p, '<', (size_t)(end - p))) != NULL; p++)
        if ((size_t)(end - p) > tag.n + 1 && p[1] == '/' && nr_view_eq_nocase((nr_view){p + 2, tag.n}, tag))
            return p;
    return end;
}

void nr_html_flatten(char *html, size_t n)
{
    flattener f = {.depth = 0};
    char *p = html, *end = html + n;
    while (p < end && (p = memchr(p, '<', (size_t)(end - p))) != NULL) {
        size_t room = (size_t)(end - p);
        if (room >= 4 && memcmp(p, "<!--", 4) == 0) {
            char *close = memmem(p + 4, room - 4, "-->", 3);
            p = close ? close + 3 : end;
            continue;
        }
        bool closing = room > 2 && p[1] == '/' && nr_ascii_alpha(p[2]);
        if (!closing && !(room > 1 && nr_ascii_alpha(p[1]))) {
            p++;
            continue;
        }
        size_t length = name_length(p + 1 + closing, end);
        char *close = tag_end(p + 1 + closing + length, end);
        if (close == end)
            return;
        nr_view tag = {p + 1 + closing, length};
        if (closing) {
            close_tag(&f, p, length, close);
        } else if (is_one_of(tag, raw)) {
            p = skip_raw(close + 1, end, tag);
            continue;
        } else {
            open_tag(&f, p, length, close);
        }
        p = close + 1;
    }
}
