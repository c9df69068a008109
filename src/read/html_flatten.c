#include "read/html_flatten.h"

#include <stdbool.h>

#include "read/html_scan.h"

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

static void blank(char *from, const char *to)
{
    for (; from < to; from++)
        *from = ' ';
}

/* Goes past the tag's attributes; those beyond the bound are overwritten. */
static void pass_attributes(nr_html_scan *s, char *html)
{
    nr_html_scanned a;
    for (size_t count = 1; nr_html_scan_attribute(s, &a); count++)
        if (count > ATTRIBUTES)
            blank(html + (a.whole.p - html), html + (s->at - html));
}

static void open_tag(flattener *f, nr_view v, char *tag, const char *behind)
{
    if (is_one_of(v, flat))
        return;
    name id = name_of(v.p, v.n);
    bool format = is_one_of(v, formatting);
    if (f->depth == DEPTH || (format && f->formats == FORMATS)) {
        f->dropped[bucket(id)]++;
        blank(tag, behind);
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

static void close_tag(flattener *f, nr_view v, char *tag, const char *behind)
{
    name id = name_of(v.p, v.n);
    unsigned b = bucket(id);
    if (f->dropped[b]) {
        f->dropped[b]--;
        blank(tag, behind);
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

void nr_html_flatten(char *html, size_t n)
{
    flattener f = {.depth = 0};
    const char *p = html, *end = html + n;
    while (p < end && (p = memchr(p, '<', (size_t)(end - p))) != NULL) {
        bool markup = end - p > 1 && (p[1] == '!' || p[1] == '?' || p[1] == '/');
        if (!nr_html_begins_tag(p, end)) {
            p = markup ? nr_html_scan_markup(p, end) : p + 1;
            if (!p)
                return;
            continue;
        }
        nr_html_scan s = nr_html_scan_tag(p, end);
        pass_attributes(&s, html);
        if (!s.whole)
            return;
        char *tag = html + (p - html);
        p = s.at;
        if (s.closing)
            close_tag(&f, s.name, tag, s.at);
        else if (!is_one_of(s.name, raw))
            open_tag(&f, s.name, tag, s.at);
        else if ((p = nr_html_scan_raw(p, end, s.name)) == NULL)
            return;
    }
}
