#include "read/html_trim.h"

#include "read/html_scan.h"

typedef struct trimmer {
    const char *in, *end;
    char *out; /* never past in: what lies between is overwritten */
    bool in_select, template_seen;
} trimmer;

static void keep(trimmer *t, const char *from, const char *to)
{
    memmove(t->out, from, (size_t)(to - from));
    t->out += to - from;
}

/* ---------------------------------------------------------------- names */

typedef enum kind {
    PLAIN,
    TAKEN,   /* its text is never read */
    RAW,     /* its content is text to the tokeniser */
    DRAWING, /* foreign elements, never read */
    FORMULA,
    FORMAT, /* the parser compares its attributes */
    SELECT,
    TEMPLATE,
    COLUMN,
    UNSURE /* what follows depends on the tree */
} kind;

typedef struct element {
    nr_view name;
    kind kind;
} element;

static const element elements[] = {
    {NR_LIT("script"), TAKEN},       {NR_LIT("style"), TAKEN},   {NR_LIT("textarea"), RAW},    {NR_LIT("title"), RAW},    {NR_LIT("xmp"), RAW},
    {NR_LIT("iframe"), RAW},         {NR_LIT("noembed"), RAW},   {NR_LIT("noframes"), RAW},    {NR_LIT("svg"), DRAWING},  {NR_LIT("math"), FORMULA},
    {NR_LIT("b"), FORMAT},           {NR_LIT("big"), FORMAT},    {NR_LIT("code"), FORMAT},     {NR_LIT("em"), FORMAT},    {NR_LIT("font"), FORMAT},
    {NR_LIT("i"), FORMAT},           {NR_LIT("nobr"), FORMAT},   {NR_LIT("s"), FORMAT},        {NR_LIT("small"), FORMAT}, {NR_LIT("strike"), FORMAT},
    {NR_LIT("strong"), FORMAT},      {NR_LIT("tt"), FORMAT},     {NR_LIT("u"), FORMAT},        {NR_LIT("select"), SELECT}, {NR_LIT("template"), TEMPLATE},
    {NR_LIT("plaintext"), UNSURE},   {NR_LIT("frameset"), UNSURE}, {NR_LIT("col"), COLUMN},    {NR_LIT(""), PLAIN},
};

static const element *element_of(nr_view name)
{
    const element *e = elements;
    while (e->kind != PLAIN && !nr_view_eq_nocase(name, e->name))
        e++;
    return e;
}

/* ---------------------------------------------------------------- foreign elements */

/* In these, as long as they hold text alone, it does not matter how the parser takes it. */
static const nr_view foreign_leaves[] = {NR_LIT("title"), NR_LIT("desc"), NR_LIT("style"), NR_LIT("script"), NR_LIT("annotation"), NR_LIT("mi"), NR_LIT("mo"),
                                             NR_LIT("mn"),    NR_LIT("ms"),   NR_LIT("mtext"), {NULL, 0}};
/* Elements that HTML's own rules never take for theirs. */
static const nr_view foreign[] = {NR_LIT("path"), NR_LIT("g"), NR_LIT("rect"), NR_LIT("circle"), NR_LIT("line"), NR_LIT("polyline"), NR_LIT("polygon"), NR_LIT("ellipse"), NR_LIT("defs"),
                                      NR_LIT("use"), NR_LIT("symbol"), NR_LIT("clippath"), NR_LIT("mask"), NR_LIT("lineargradient"), NR_LIT("radialgradient"), NR_LIT("stop"),
                                      NR_LIT("filter"), NR_LIT("text"), NR_LIT("tspan"), NR_LIT("textpath"), NR_LIT("marker"), NR_LIT("pattern"), NR_LIT("animate"),
                                      NR_LIT("animatetransform"), NR_LIT("animatemotion"), NR_LIT("set"), NR_LIT("metadata"), NR_LIT("feblend"),
                                      NR_LIT("fecolormatrix"), NR_LIT("fecomposite"), NR_LIT("feflood"), NR_LIT("fegaussianblur"), NR_LIT("feimage"), NR_LIT("femerge"),
                                      NR_LIT("femergenode"), NR_LIT("feoffset"), NR_LIT("mrow"), NR_LIT("msup"), NR_LIT("msub"), NR_LIT("msubsup"), NR_LIT("mfrac"), NR_LIT("msqrt"),
                                      NR_LIT("mroot"), NR_LIT("mover"), NR_LIT("munder"), NR_LIT("munderover"), NR_LIT("mtable"), NR_LIT("mtr"), NR_LIT("mtd"), NR_LIT("mstyle"),
                                      NR_LIT("mspace"), NR_LIT("mpadded"), NR_LIT("mphantom"), NR_LIT("mfenced"), NR_LIT("menclose"), NR_LIT("mmultiscripts"),
                                      NR_LIT("mprescripts"), NR_LIT("semantics"), {NULL, 0}};

/* Past a tag of a foreign element's content, whose depth it changes; NULL when it is not a plain one. */
static const char *pass_foreign(const char *p, const char *end, nr_view root, int *depth)
{
    if (!nr_html_begins_tag(p, end))
        return end - p >= 4 && memcmp(p, "<!--", 4) == 0 ? nr_html_scan_markup(p, end) : NULL;
    nr_html_scan s = nr_html_scan_tag(p, end);
    bool leaf = nr_html_is_named(s.name, foreign_leaves), same = nr_view_eq_nocase(s.name, root);
    if (!leaf && !same && !nr_html_is_named(s.name, foreign))
        return NULL;
    nr_html_scan_rest(&s);
    if (!s.whole || s.slashed)
        return NULL;
    *depth += !same || (s.empty && !s.closing) ? 0 : s.closing ? -1 : 1;
    if (!leaf || s.closing || s.empty)
        return s.at;
    const char *close = memchr(s.at, '<', (size_t)(end - s.at));
    return close && nr_html_scan_raw(close, end, s.name) == close ? close : NULL;
}

/* The '<' of the end tag of a foreign element whose content begins at p; NULL when there is anything in it that HTML
 * might take for its own. */
static const char *foreign_end(const char *p, const char *end, nr_view root)
{
    int depth = 1;
    while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
        const char *tag = p;
        p = pass_foreign(p, end, root, &depth);
        if (!p || depth == 0)
            return p ? tag : NULL;
    }
    return NULL;
}

/* ---------------------------------------------------------------- tags */

/* A style that may hide its element; entities may spell anything. */
static bool may_hide(nr_view style)
{
    for (size_t i = 0; i < style.n; i++) {
        nr_view rest = {style.p + i, style.n - i};
        if (style.p[i] == '&' || nr_view_starts_nocase(rest, NR_LIT("none")) ||
            nr_view_starts_nocase(rest, NR_LIT("hidden")) || nr_view_starts_nocase(rest, NR_LIT("never")))
            return true;
    }
    return false;
}

static bool is_taken(nr_view name, nr_view value)
{
    static const nr_view names[] = {NR_LIT("src"), NR_LIT("srcset"), NR_LIT("sizes"), NR_LIT("integrity"), NR_LIT("nonce"), {NULL, 0}};
    if (nr_view_starts_nocase(name, NR_LIT("data-")))
        return !nr_view_starts_nocase(name, NR_LIT("data-ssml"));
    if (nr_view_starts_nocase(name, NR_LIT("on")))
        return true;
    if (nr_view_eq_nocase(name, NR_LIT("style")))
        return !may_hide(value);
    return nr_html_is_named(name, names);
}

/* The attribute just scanned can go without a change to what stands around it. */
static bool is_alone(const nr_html_scan *s)
{
    const char *p = s->at;
    bool apart = p < s->end && (nr_ascii_space(*p) || *p == '/' || *p == '>');
    while (p < s->end && nr_ascii_space(*p))
        p++;
    return apart && p < s->end && *p != '=';
}

/* Writes a start tag without the attributes that are taken. Of a style, the name stays: it outdoes a second one. */
static void keep_tag(trimmer *t, const char *tag, nr_html_scan *s)
{
    nr_html_scanned a;
    const char *from = tag;
    while (nr_html_scan_attribute(s, &a)) {
        if (!is_taken(a.name, a.value) || !is_alone(s))
            continue;
        bool style = nr_view_eq_nocase(a.name, NR_LIT("style"));
        keep(t, from, style ? a.name.p + a.name.n : a.name.p);
        from = s->at;
    }
    keep(t, from, s->at);
}

static bool is_json_ld(nr_html_scan s)
{
    const char *tag = s.at;
    nr_html_scan_rest(&s);
    for (; tag + 3 < s.at; tag++)
        if (nr_view_eq_nocase((nr_view){tag, 3}, NR_LIT("ld+")) || *tag == '&')
            return true;
    return false;
}

/* Takes the content of an element, or keeps it; goes to its end tag, if there is one. */
static bool pass_content(trimmer *t, const char *close, bool taken)
{
    if (!close)
        return false;
    if (!taken)
        keep(t, t->in, close);
    t->in = close;
    return true;
}

/* What follows the tag depends on the tree, or on what the parser takes for "/>". */
static bool is_unsure(const trimmer *t, nr_html_scan s, const element *e)
{
    bool content = e->kind == RAW || e->kind == DRAWING || e->kind == FORMULA || nr_view_is(e->name, "style");
    if (e->kind == DRAWING || e->kind == FORMULA)
        nr_html_scan_rest(&s);
    return s.slashed || e->kind == UNSURE || (content && t->in_select) || (e->kind == COLUMN && t->template_seen);
}

static bool pass_end_tag(trimmer *t, nr_html_scan *s, const element *e)
{
    nr_html_scan_rest(s);
    keep(t, t->in, s->at);
    t->in = s->at;
    t->in_select = t->in_select && e->kind != SELECT;
    return s->whole;
}

/* False when the rest has to be kept as it is. */
static bool pass_start_tag(trimmer *t, nr_html_scan *s, const element *e)
{
    if (is_unsure(t, *s, e))
        return false;
    bool taken = e->kind == DRAWING || (e->kind == TAKEN && !is_json_ld(*s));
    nr_view name = e->name;
    if (e->kind == FORMAT) {
        nr_html_scan_rest(s);
        keep(t, t->in, s->at);
    } else {
        keep_tag(t, t->in, s);
    }
    t->in = s->at;
    t->in_select = t->in_select || e->kind == SELECT;
    t->template_seen = t->template_seen || e->kind == TEMPLATE;
    if (!s->whole)
        return false;
    if (e->kind == TAKEN || e->kind == RAW)
        return pass_content(t, nr_html_scan_raw(s->at, t->end, name), taken);
    if (e->kind == DRAWING || e->kind == FORMULA)
        return s->empty || pass_content(t, foreign_end(s->at, t->end, name), taken);
    return true;
}

static bool pass_tag(trimmer *t)
{
    nr_html_scan s = nr_html_scan_tag(t->in, t->end);
    const element *e = element_of(s.name);
    return s.closing ? pass_end_tag(t, &s, e) : pass_start_tag(t, &s, e);
}

static bool pass_comment(trimmer *t)
{
    const char *close = nr_html_scan_markup(t->in, t->end);
    bool comment = t->end - t->in >= 4 && memcmp(t->in, "<!--", 4) == 0;
    if (!close)
        return false;
    if (comment && close - t->in > 7) {
        memcpy(t->out, "<!---->", 7);
        t->out += 7;
    } else {
        keep(t, t->in, close);
    }
    t->in = close;
    return true;
}

size_t nr_html_trim(char *html, size_t n)
{
    trimmer t = {.in = html, .end = html + n, .out = html};
    const char *p;
    bool sure = true;
    while (sure && (p = n ? memchr(t.in, '<', (size_t)(t.end - t.in)) : NULL) != NULL) {
        keep(&t, t.in, p);
        t.in = p;
        bool markup = t.end - p > 1 && strchr("!?/", p[1]) && p[1];
        if (nr_html_begins_tag(p, t.end)) {
            sure = pass_tag(&t);
        } else if (markup) {
            sure = pass_comment(&t);
        } else {
            keep(&t, p, p + 1);
            t.in = p + 1;
        }
    }
    keep(&t, t.in, t.end);
    return (size_t)(t.out - html);
}
