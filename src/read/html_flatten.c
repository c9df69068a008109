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

/* Elements that cannot be open twice in a row, or never are open. */
static const nr_view flat[] = {NR_LIT("area"),  NR_LIT("base"), NR_LIT("body"),   NR_LIT("br"), NR_LIT("col"),   NR_LIT("dd"),  NR_LIT("dt"),   NR_LIT("embed"),  NR_LIT("h1"),    NR_LIT("h2"),
                                   NR_LIT("h3"),    NR_LIT("h4"),   NR_LIT("h5"),     NR_LIT("h6"), NR_LIT("head"),  NR_LIT("hr"),  NR_LIT("html"), NR_LIT("img"),    NR_LIT("input"), NR_LIT("li"),
                                   NR_LIT("link"),  NR_LIT("meta"), NR_LIT("option"), NR_LIT("p"),  NR_LIT("param"), NR_LIT("rp"),  NR_LIT("rt"),   NR_LIT("source"), NR_LIT("tbody"), NR_LIT("td"),
                                   NR_LIT("tfoot"), NR_LIT("th"),   NR_LIT("thead"),  NR_LIT("tr"), NR_LIT("track"), NR_LIT("wbr"), {NULL, 0}};
static const nr_view formatting[] = {NR_LIT("a"), NR_LIT("b"),     NR_LIT("big"),    NR_LIT("code"),   NR_LIT("em"), NR_LIT("font"), NR_LIT("i"), NR_LIT("nobr"),
                                         NR_LIT("s"), NR_LIT("small"), NR_LIT("strike"), NR_LIT("strong"), NR_LIT("tt"), NR_LIT("u"),    {NULL, 0}};
static const nr_view raw[] = {NR_LIT("iframe"), NR_LIT("noembed"), NR_LIT("noframes"), NR_LIT("script"), NR_LIT("style"), NR_LIT("textarea"), NR_LIT("title"), NR_LIT("xmp"), {NULL, 0}};

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
    if (nr_html_is_named(v, flat))
        return;
    name id = name_of(v.p, v.n);
    bool format = nr_html_is_named(v, formatting);
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
    for (const nr_view *v = formatting; v->n; v++)
        if (name_of(v->p, v->n) == id)
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
        else if (!nr_html_is_named(s.name, raw))
            open_tag(&f, s.name, tag, s.at);
        else if ((p = nr_html_scan_raw(p, end, s.name)) == NULL)
            return;
    }
}
