/* What a page says of itself. */
#include <jansson.h>
#include <stdio.h>
#include <unicode/uchar.h>

#include "base/utf8.h"
#include "read/html_page.h"
#include "read/lines.h"

enum { FIELD = 1000, JSON_STEPS = 20000, JSON_STACK = 256 };

typedef struct fields {
    nr_html_page *page;
    nr_metadata *m;
    nr_view published, modified; /* as found */
    bool failed;
} fields;

/* Data in scripts is often escaped once more, as if it were mark-up: "&amp;", "&#39;", "&#x27;". Returns the bytes of
 * the reference at v, 0 when there is none. */
static size_t reference_at(nr_view v, uint32_t *code)
{
    static const struct {
        const char *name;
        uint32_t code;
    } names[] = {{"&amp;", '&'},      {"&quot;", '"'},     {"&apos;", '\''},    {"&lt;", '<'},
                 {"&gt;", '>'},       {"&nbsp;", ' '},     {"&rsquo;", 0x2019}, {"&lsquo;", 0x2018},
                 {"&rdquo;", 0x201D}, {"&ldquo;", 0x201C}, {"&ndash;", 0x2013}, {"&mdash;", 0x2014},
                 {"&hellip;", 0x2026}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nr_view_starts(v, nr_view_of(names[i].name))) {
            *code = names[i].code;
            return strlen(names[i].name);
        }
    if (!nr_view_starts(v, NR_LIT("&#")))
        return 0;
    size_t i = 2;
    bool hex = i < v.n && nr_ascii_lower(v.p[i]) == 'x';
    i += hex;
    size_t digits = i;
    for (*code = 0; i < v.n && i < digits + 7; i++) {
        char c = nr_ascii_lower(v.p[i]);
        uint32_t d = nr_ascii_digit(c)             ? (uint32_t)(c - '0')
                     : hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                                                   : 99;
        if (d == 99)
            break;
        *code = *code * (hex ? 16 : 10) + d;
    }
    return i > digits && i < v.n && v.p[i] == ';' && *code >= ' ' ? i + 1 : 0;
}

static const char *keep(fields *f, nr_view v)
{
    v = nr_view_trim(v);
    if (v.n == 0 || v.n > FIELD)
        return NULL;
    nr_buffer flat = NR_BUFFER_INIT(FIELD * 2);
    bool space = false;
    for (const char *p = v.p, *end = v.p + v.n; p < end;) {
        int length;
        uint32_t c = nr_utf8_decode(p, end, &length);
        size_t reference = c == '&' ? reference_at((nr_view){p, (size_t)(end - p)}, &c) : 0;
        length = reference ? (int)reference : length;
        bool blank = nr_code_is_space(c) || c < ' ';
        if (!blank && space)
            nr_buffer_put_char(&flat, ' ');
        if (!blank)
            nr_buffer_put_code(&flat, c);
        space = blank && flat.n;
        p += length;
    }
    const char *s = flat.n ? nr_arena_string(&f->page->doc->arena, nr_buffer_view(&flat)) : NULL;
    f->failed = f->failed || (flat.n && !s);
    nr_buffer_free(&flat);
    return s;
}

static void set(fields *f, const char **field, nr_view v)
{
    if (!*field && v.n)
        *field = keep(f, v);
}

/* ---------------------------------------------------------------- authors */

static bool is_address(nr_view v)
{
    return nr_view_starts_nocase(v, NR_LIT("http")) || nr_view_starts(v, NR_LIT("//")) ||
           nr_view_starts(v, NR_LIT("www."));
}

/* "By Ann Lee" without "By"; what cannot be a name gives {NULL, 0}. */
static nr_view clean_author(const nr_furniture *f, nr_view v)
{
    v = nr_view_trim(v);
    nr_view inner = nr_furniture_author(f, v);
    if (inner.p)
        v = inner;
    if (v.n < 2 || v.n > 200 || is_address(v) || memchr(v.p, '{', v.n) || nr_ascii_digit(v.p[0]))
        return (nr_view){NULL, 0};
    return v;
}

/* "A", "A and B", "A, B and C". */
static const char *join_names(fields *f, const nr_view *names, size_t count)
{
    nr_buffer b = NR_BUFFER_INIT(FIELD);
    for (size_t i = 0; i < count; i++) {
        if (i)
            nr_buffer_put_string(&b, i + 1 == count ? " and " : ", ");
        nr_buffer_put_view(&b, names[i]);
    }
    const char *s = b.failed || !b.n ? NULL : keep(f, nr_buffer_view(&b));
    nr_buffer_free(&b);
    return s;
}

enum { NAMES = 8 };

static size_t add_name(const nr_furniture *f, nr_view *names, size_t count, nr_view v)
{
    v = clean_author(f, v);
    for (size_t i = 0; i < count; i++)
        if (nr_view_eq_nocase(names[i], v))
            return count;
    if (v.p && count < NAMES)
        names[count++] = v;
    return count;
}

/* ---------------------------------------------------------------- JSON-LD */

static nr_view json_text(const json_t *v)
{
    return json_is_string(v) ? (nr_view){json_string_value(v), json_string_length(v)} : (nr_view){"", 0};
}

/* A string, or the name (or address) in an object, or that of an array's first. */
static nr_view json_named(const json_t *v, const char *key)
{
    if (json_is_array(v))
        v = json_array_get(v, 0);
    if (json_is_object(v))
        v = json_object_get(v, key);
    if (json_is_array(v))
        v = json_array_get(v, 0);
    return json_text(v);
}

static void json_author(fields *f, const json_t *v)
{
    nr_view names[NAMES];
    size_t count = 0;
    if (f->m->author)
        return;
    if (json_is_array(v)) {
        for (size_t i = 0; i < json_array_size(v) && i < NAMES; i++)
            count = add_name(f->page->furniture, names, count, json_named(json_array_get(v, i), "name"));
    } else if (v) {
        count = add_name(f->page->furniture, names, count, json_named(v, "name"));
    }
    f->m->author = join_names(f, names, count);
}

static bool is_article_type(const json_t *v)
{
    static const char *const endings[] = {"Article", "BlogPosting", "Report", "Review", "LiveBlogPosting"};
    for (size_t k = 0; k < (json_is_array(v) ? json_array_size(v) : 1); k++) {
        nr_view type = json_text(json_is_array(v) ? json_array_get(v, k) : v);
        for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
            if (nr_view_ends(type, nr_view_of(endings[i])))
                return true;
    }
    return false;
}

static void take_json_article(fields *f, const json_t *o)
{
    set(f, &f->m->title, json_text(json_object_get(o, "headline")));
    json_author(f, json_object_get(o, "author"));
    if (!f->published.n)
        f->published = nr_arena_copy(&f->page->arena, json_text(json_object_get(o, "datePublished")));
    if (!f->modified.n)
        f->modified = nr_arena_copy(&f->page->arena, json_text(json_object_get(o, "dateModified")));
    set(f, &f->m->publisher, json_named(json_object_get(o, "publisher"), "name"));
    set(f, &f->m->language, json_text(json_object_get(o, "inLanguage")));
    set(f, &f->m->description, json_text(json_object_get(o, "description")));
    set(f, &f->m->image, json_named(json_object_get(o, "image"), "url"));
}

/* Objects are looked for in arrays and under "@graph" and "mainEntity", without recursion. */
static void take_json(fields *f, const json_t *root)
{
    const json_t *stack[JSON_STACK];
    size_t depth = 0, steps = 0;
    stack[depth++] = root;
    while (depth && steps++ < JSON_STEPS) {
        const json_t *v = stack[--depth];
        if (json_is_array(v)) {
            for (size_t i = json_array_size(v); i > 0 && depth < JSON_STACK; i--)
                stack[depth++] = json_array_get(v, i - 1);
        } else if (json_is_object(v)) {
            if (is_article_type(json_object_get(v, "@type")))
                take_json_article(f, v);
            const json_t *below[] = {json_object_get(v, "mainEntity"), json_object_get(v, "@graph")};
            for (size_t i = 0; i < 2; i++)
                if (below[i] && depth < JSON_STACK)
                    stack[depth++] = below[i];
        }
    }
}

static void from_json(fields *f)
{
    const nr_html_tree *t = &f->page->tree;
    for (uint32_t i = 0; i < t->count; i++) {
        const nr_html_node *n = &t->nodes[i];
        if (n->tag != NR_HTML_script || n->end < i + 2)
            continue;
        nr_view type = nr_html_attribute_of(n, "type"), text = nr_view_trim(t->nodes[i + 1].text);
        if (!nr_view_starts_nocase(type, NR_LIT("application/ld+json")) || !text.n)
            continue;
        json_t *root = json_loadb(text.p, text.n, JSON_DISABLE_EOF_CHECK, NULL);
        if (root)
            take_json(f, root);
        json_decref(root);
    }
}

/* ---------------------------------------------------------------- <meta> */

typedef enum field_name {
    F_TITLE,
    F_AUTHOR,
    F_DATE,
    F_MODIFIED,
    F_SITE,
    F_LANGUAGE,
    F_TEXT,
    F_IMAGE,
    F_URL
} field_name;

/* In the order of trust. */
static const struct {
    const char *name;
    field_name field;
} meta_names[] = {
    {"og:title", F_TITLE},
    {"twitter:title", F_TITLE},
    {"dc.title", F_TITLE},
    {"citation_title", F_TITLE},
    {"parsely-title", F_TITLE},
    {"author", F_AUTHOR},
    {"article:author", F_AUTHOR},
    {"article:author_name", F_AUTHOR},
    {"og:article:author", F_AUTHOR},
    {"byl", F_AUTHOR},
    {"parsely-author", F_AUTHOR},
    {"sailthru.author", F_AUTHOR},
    {"dc.creator", F_AUTHOR},
    {"dcterms.creator", F_AUTHOR},
    {"dc.contributor", F_AUTHOR},
    {"citation_author", F_AUTHOR},
    {"twitter:data1", F_AUTHOR},
    {"article:published_time", F_DATE},
    {"og:article:published_time", F_DATE},
    {"article:published", F_DATE},
    {"parsely-pub-date", F_DATE},
    {"sailthru.date", F_DATE},
    {"datepublished", F_DATE},
    {"publishdate", F_DATE},
    {"publish-date", F_DATE},
    {"publish_date", F_DATE},
    {"publication_date", F_DATE},
    {"published_time", F_DATE},
    {"dc.date.issued", F_DATE},
    {"dcterms.created", F_DATE},
    {"dc.date", F_DATE},
    {"dcterms.date", F_DATE},
    {"citation_publication_date", F_DATE},
    {"pubdate", F_DATE},
    {"ptime", F_DATE},
    {"pdate", F_DATE},
    {"date", F_DATE},
    {"originalpublicationdate", F_DATE},
    {"article:modified_time", F_MODIFIED},
    {"og:updated_time", F_MODIFIED},
    {"lastmod", F_MODIFIED},
    {"last-modified", F_MODIFIED},
    {"og:site_name", F_SITE},
    {"application-name", F_SITE},
    {"og:locale", F_LANGUAGE},
    {"content-language", F_LANGUAGE},
    {"og:description", F_TEXT},
    {"description", F_TEXT},
    {"twitter:description", F_TEXT},
    {"og:image", F_IMAGE},
    {"twitter:image", F_IMAGE},
    {"og:url", F_URL},
};
enum { META_NAMES = sizeof meta_names / sizeof *meta_names };

static int meta_index(nr_view name)
{
    for (int i = 0; i < META_NAMES; i++)
        if (nr_view_eq_nocase(name, nr_view_of(meta_names[i].name)))
            return i;
    return -1;
}

static void take_meta(fields *f, field_name field, nr_view v)
{
    nr_metadata *m = f->m;
    switch (field) {
    case F_TITLE:
        set(f, &m->title, v);
        break;
    case F_AUTHOR:
        set(f, &m->author, clean_author(f->page->furniture, v));
        break;
    case F_DATE:
        f->published = f->published.n ? f->published : v;
        break;
    case F_MODIFIED:
        f->modified = f->modified.n ? f->modified : v;
        break;
    case F_SITE:
        set(f, &m->publisher, v);
        break;
    case F_LANGUAGE:
        set(f, &m->language, v);
        break;
    case F_TEXT:
        set(f, &m->description, v);
        break;
    case F_IMAGE:
        set(f, &m->image, v);
        break;
    case F_URL:
        set(f, &m->url, v);
        break;
    }
}

static void from_meta(fields *f)
{
    const nr_html_tree *t = &f->page->tree;
    nr_view found[META_NAMES] = {{NULL, 0}};
    for (uint32_t i = 0; i < t->count; i++) {
        const nr_html_node *n = &t->nodes[i];
        if (n->tag == NR_HTML_link && nr_view_is(nr_html_attribute_of(n, "rel"), "canonical"))
            set(f, &f->m->url, nr_html_attribute_of(n, "href"));
        if (n->tag != NR_HTML_meta)
            continue;
        nr_view content = nr_view_trim(nr_html_attribute_of(n, "content"));
        static const char *const keys[] = {"property", "name", "itemprop", "http-equiv"};
        for (size_t k = 0; k < 4 && content.n; k++) {
            int at = meta_index(nr_html_attribute_of(n, keys[k]));
            if (at >= 0 && !found[at].n)
                found[at] = content;
        }
    }
    for (int i = 0; i < META_NAMES; i++)
        if (found[i].n &&
            !(meta_names[i].field == F_AUTHOR && nr_view_eq_nocase(found[i], nr_view_of(f->m->publisher))))
            take_meta(f, meta_names[i].field, found[i]);
}

/* ---------------------------------------------------------------- microdata and visible text */

static bool has_word(nr_view list, const char *word)
{
    nr_view w = nr_view_of(word);
    for (size_t i = 0; i + w.n <= list.n; i++)
        if ((i == 0 || list.p[i - 1] == ' ') && nr_view_eq_nocase((nr_view){list.p + i, w.n}, w) &&
            (i + w.n == list.n || list.p[i + w.n] == ' '))
            return true;
    return false;
}

static void from_microdata(fields *f)
{
    nr_html_page *page = f->page;
    nr_view names[NAMES];
    size_t count = 0;
    for (uint32_t i = 0; i < page->tree.count; i++) {
        const nr_html_node *n = &page->tree.nodes[i];
        if (n->tag == NR_HTML_TEXT || n->attribute_count == 0)
            continue;
        nr_view prop = nr_html_attribute_of(n, "itemprop"), rel = nr_html_attribute_of(n, "rel");
        if (!prop.n && !rel.n)
            continue;
        nr_view content = nr_html_attribute_of(n, "content"), time = nr_html_attribute_of(n, "datetime");
        if (has_word(prop, "datePublished") && !f->published.n)
            f->published = content.n ? content : time.n ? time : nr_html_text_below(page, i, 100);
        if (has_word(prop, "dateModified") && !f->modified.n)
            f->modified = content.n ? content : time;
        if (has_word(prop, "headline") && !f->m->title)
            set(f, &f->m->title, content.n ? content : nr_html_text_below(page, i, 400));
        bool author = has_word(prop, "author") || (n->tag == NR_HTML_a && has_word(rel, "author"));
        if (author && !f->m->author)
            count = add_name(page->furniture, names, count, content.n ? content : nr_html_text_below(page, i, 100));
    }
    if (!f->m->author)
        f->m->author = join_names(f, names, count);
}

/* The words of a class attribute as the class table knows them are marked by the content stage; here the element's own
 * text decides. */
static void from_visible(fields *f)
{
    nr_html_page *page = f->page;
    nr_view h1 = {NULL, 0};
    for (uint32_t i = 0; i < page->tree.count; i++) {
        const nr_html_node *n = &page->tree.nodes[i];
        if (n->tag == NR_HTML_TEXT)
            continue;
        if (n->tag == NR_HTML_h1 && !h1.n && !page->dead[i])
            h1 = nr_html_text_below(page, i, 400);
        bool small = n->end - i < 60;
        if (!f->m->author && small && page->marks[i] & NR_CLASS_BYLINE) {
            nr_view text = nr_html_text_below(page, i, 200), author = nr_furniture_author(page->furniture, text);
            if (!author.p && nr_line_is_name(text))
                author = text;
            if (author.p && author.n < 100)
                set(f, &f->m->author, clean_author(page->furniture, author));
        }
        if (f->published.n)
            continue;
        if (n->tag == NR_HTML_time && nr_html_attribute_of(n, "datetime").n)
            f->published = nr_html_attribute_of(n, "datetime");
        else if (small && (n->tag == NR_HTML_time || page->marks[i] & NR_CLASS_DATE)) {
            nr_view text = nr_html_text_below(page, i, 120);
            nr_date date;
            if (nr_date_from_line(page->furniture, text, &date))
                f->published = text;
        }
    }
    set(f, &f->m->title, h1);
}

/* A line of the page's that is a date or an author's line, when nothing else says so. */
static void from_runs(fields *f)
{
    nr_html_page *page = f->page;
    for (size_t i = 0; i < page->run_count && i < 400; i++) {
        const nr_html_run *run = &page->runs[i];
        if (f->published.n && f->m->author)
            return;
        if (run->length > 110 || run->length < 6)
            continue;
        nr_view text = nr_html_run_text(page, run, 200);
        nr_date date;
        if (!f->published.n && nr_date_from_line(page->furniture, text, &date) && !date.changed)
            f->published = text;
        nr_view author = nr_furniture_author(page->furniture, text);
        if (!f->m->author && author.p && nr_line_is_name(author))
            set(f, &f->m->author, author);
    }
}

/* ---------------------------------------------------------------- titles */

/* " | ", " - ", " – ", " :: " near the end of a <title>, before the site's name: the bytes before it, or 0. */
static size_t title_cut(nr_view v)
{
    static const char *const marks[] = {" | ",  " - ",        " \xE2\x80\x93 ", " \xE2\x80\x94 ",
                                        " :: ", " \xC2\xBB ", " \xE2\x80\xBA ", " \xC2\xB7 "};
    size_t best = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t n = strlen(marks[i]);
        for (size_t at = v.n > n ? v.n - n : 0; at > 1; at--)
            if (memcmp(v.p + at, marks[i], n) == 0) {
                best = at > best ? at : best;
                break;
            }
    }
    return best;
}

static bool begins_same(nr_view a, nr_view b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    return n > 10 && nr_view_eq_nocase((nr_view){a.p, n}, (nr_view){b.p, n});
}

static bool is_site_name(const fields *f, nr_view v)
{
    if (f->m->publisher && nr_html_same_text(v, nr_view_of(f->m->publisher)))
        return true;
    return false;
}

/* Cuts " | The Site" off the title: always from a <title>, else where it is the site's name or what the first heading
 * does not have. */
static void trim_title(fields *f, nr_view h1, bool from_title)
{
    nr_view v = nr_view_of(f->m->title);
    size_t cut = v.n ? title_cut(v) : 0;
    if (!cut)
        return;
    size_t skip = cut + 1;
    while (skip < v.n && v.p[skip] != ' ')
        skip++;
    nr_view rest = nr_view_trim((nr_view){v.p + skip, v.n - skip});
    bool short_rest = rest.n < 50 && nr_line_words(rest) <= 5 && rest.n < cut;
    bool heading_agrees = begins_same(h1, v) && h1.n <= cut + 2;
    if (is_site_name(f, rest) || heading_agrees || (from_title && short_rest && !nr_html_same_text(h1, v)))
        f->m->title = keep(f, (nr_view){v.p, cut});
}

static nr_view find_title_element(nr_html_page *page)
{
    for (uint32_t i = 0; i < page->tree.count; i++)
        if (page->tree.nodes[i].tag == NR_HTML_title)
            return nr_html_text_below(page, i, 400);
    return (nr_view){NULL, 0};
}

/* The heading that is the page's title as the reader sees it: an <h1> that agrees with what is known, or is alone. */
static nr_view find_heading(nr_html_page *page)
{
    nr_view first = {NULL, 0};
    for (uint32_t i = 0; i < page->tree.count; i++) {
        if (page->tree.nodes[i].tag != NR_HTML_h1 || page->dead[i])
            continue;
        nr_view text = nr_html_text_below(page, i, 400);
        if (text.n < 4)
            continue;
        if (!first.n || page->doc->metadata.title == NULL)
            first = first.n ? first : text;
        if (page->doc->metadata.title && begins_same(text, nr_view_of(page->doc->metadata.title)))
            return text;
    }
    return first;
}

/* ---------------------------------------------------------------- together */

static void finish_dates(fields *f)
{
    nr_date d;
    char text[64], iso[40];
    if (f->published.n &&
        (nr_date_from_iso(f->published, &d) || nr_date_from_line(f->page->furniture, f->published, &d))) {
        nr_date_write_iso(&d, iso);
        nr_date_write_human(&d, f->m->language, text);
        f->m->date_iso = keep(f, nr_view_of(iso));
        f->m->date = keep(f, nr_view_of(text));
    }
    if (f->modified.n &&
        (nr_date_from_iso(f->modified, &d) || nr_date_from_line(f->page->furniture, f->modified, &d))) {
        nr_date_write_iso(&d, iso);
        f->m->modified = keep(f, nr_view_of(iso));
    }
}

/* "en_GB" is "en-GB"; what is no tag is dropped. */
static void finish_language(fields *f)
{
    nr_view lang = nr_view_trim(nr_html_attribute_of(&f->page->tree.nodes[0], "lang"));
    if (lang.n)
        f->m->language = keep(f, lang);
    if (!f->m->language)
        return;
    char tag[36];
    size_t n = 0;
    for (const char *p = f->m->language; *p && n < sizeof tag - 1; p++)
        tag[n++] = *p == '_' ? '-' : *p;
    tag[n] = '\0';
    for (size_t i = 0; i < n; i++)
        if (!nr_ascii_alpha(tag[i]) && !nr_ascii_digit(tag[i]) && tag[i] != '-')
            n = 0;
    f->m->language = n >= 2 && n < 35 ? keep(f, nr_view_of(tag)) : NULL;
}

nr_status nr_html_metadata(nr_html_page *page)
{
    fields f = {.page = page, .m = &page->doc->metadata};
    from_json(&f);
    from_meta(&f);
    from_microdata(&f);
    from_visible(&f);
    from_runs(&f);
    nr_view heading = find_heading(page);
    bool from_title = !f.m->title;
    set(&f, &f.m->title, find_title_element(page));
    trim_title(&f, heading, from_title);
    finish_language(&f);
    finish_dates(&f);
    return f.failed ? NR_ENOMEM : NR_OK;
}
