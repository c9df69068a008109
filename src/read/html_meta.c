/* What a page says of itself. */
#include <stdio.h>
#include <unicode/uchar.h>

#include "base/utf8.h"
#include "read/html_fields.h"
#include "read/language.h"
#include "read/lines.h"

enum { SENTENCE = 30 }; /* letters */

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

static void take_meta(nr_html_fields *f, field_name field, nr_view v)
{
    nr_metadata *m = f->m;
    switch (field) {
    case F_TITLE:
        nr_fields_set(f, &m->title, v);
        break;
    case F_AUTHOR:
        nr_fields_author(f, v);
        break;
    case F_DATE:
        nr_fields_date(f, &f->published, v);
        break;
    case F_MODIFIED:
        nr_fields_date(f, &f->modified, v);
        break;
    case F_SITE:
        nr_fields_set(f, &m->publisher, v);
        break;
    case F_LANGUAGE:
        nr_fields_set(f, &m->language, v);
        break;
    case F_TEXT:
        nr_fields_set(f, &m->description, v);
        break;
    case F_IMAGE:
        nr_fields_set(f, &m->image, v);
        break;
    case F_URL:
        nr_fields_set(f, &m->url, v);
        break;
    }
}

/* "Lee, Ann" is "Ann Lee". */
static nr_view turn_name(nr_html_fields *f, nr_view v)
{
    const char *comma = nr_view_find_byte(v, ',');
    if (!comma || memchr(comma + 1, ',', (size_t)(v.p + v.n - comma - 1)))
        return v;
    nr_view last = nr_view_trim((nr_view){v.p, (size_t)(comma - v.p)});
    nr_view first = nr_view_trim((nr_view){comma + 1, (size_t)(v.p + v.n - comma - 1)});
    char space[200];
    int n = snprintf(space, sizeof space, "%.*s %.*s", (int)first.n, first.p, (int)last.n, last.p);
    return n > 0 && n < (int)sizeof space ? nr_arena_copy(&f->page->arena, (nr_view){space, (size_t)n}) : v;
}

/* Papers name each of their authors. */
static void from_citation(nr_html_fields *f)
{
    const nr_html_tree *t = &f->page->tree;
    nr_view names[NR_AUTHORS];
    size_t count = 0;
    for (uint32_t i = 0; i < t->count && !f->m->author; i++)
        if (t->nodes[i].tag == NR_HTML_meta &&
            nr_view_eq_nocase(nr_html_attribute_of(&t->nodes[i], "name"), NR_LIT("citation_author"))) {
            nr_view v = turn_name(f, nr_view_trim(nr_html_attribute_of(&t->nodes[i], "content")));
            count = v.n ? nr_author_add(f->page->furniture, names, count, v) : count;
        }
    if (!f->m->author && count)
        f->m->author = nr_author_join(f, names, count);
}

static void from_meta(nr_html_fields *f)
{
    const nr_html_tree *t = &f->page->tree;
    nr_view found[META_NAMES] = {{NULL, 0}};
    for (uint32_t i = 0; i < t->count; i++) {
        const nr_html_node *n = &t->nodes[i];
        if (n->tag == NR_HTML_link && nr_view_is(nr_html_attribute_of(n, "rel"), "canonical"))
            nr_fields_set(f, &f->m->url, nr_html_attribute_of(n, "href"));
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

/* The author that an element is or holds: <meta content>, the itemprop "name" inside, or its short text. */
static nr_view author_in(nr_html_page *page, uint32_t i)
{
    const nr_html_node *n = &page->tree.nodes[i];
    nr_view content = nr_html_attribute_of(n, "content");
    if (content.n)
        return content;
    for (uint32_t k = i + 1; k < n->end && k < i + 200; k++) {
        const nr_html_node *inner = &page->tree.nodes[k];
        if (inner->tag == NR_HTML_TEXT || !has_word(nr_html_attribute_of(inner, "itemprop"), "name"))
            continue;
        content = nr_html_attribute_of(inner, "content");
        return content.n ? content : nr_html_text_below(page, k, 100);
    }
    nr_view text = nr_html_text_below(page, i, 120);
    return text.n < 100 ? text : (nr_view){NULL, 0};
}

static void take_property(nr_html_fields *f, uint32_t i, nr_view prop)
{
    nr_html_page *page = f->page;
    const nr_html_node *n = &page->tree.nodes[i];
    nr_view content = nr_html_attribute_of(n, "content"), time = nr_html_attribute_of(n, "datetime");
    if (has_word(prop, "datePublished"))
        nr_fields_date(f, &f->published, content.n ? content : time.n ? time : nr_html_text_below(page, i, 100));
    if (has_word(prop, "dateModified"))
        nr_fields_date(f, &f->modified, content.n ? content : time);
    if (has_word(prop, "headline") && !f->m->title)
        nr_fields_set(f, &f->m->title, content.n ? content : nr_html_text_below(page, i, 400));
}

static void from_microdata(nr_html_fields *f)
{
    nr_html_page *page = f->page;
    nr_view names[NR_AUTHORS];
    size_t count = 0;
    bool marked = false; /* itemprop is trusted more than rel */
    for (uint32_t i = 0; i < page->tree.count; i++) {
        const nr_html_node *n = &page->tree.nodes[i];
        if (n->tag == NR_HTML_TEXT || n->attribute_count == 0 || page->marks[i] & NR_CLASS_COMMENT)
            continue;
        nr_view prop = nr_html_attribute_of(n, "itemprop");
        if (prop.n)
            take_property(f, i, prop);
        bool own = has_word(prop, "author"),
             linked = n->tag == NR_HTML_a && has_word(nr_html_attribute_of(n, "rel"), "author");
        if (f->m->author || (!own && (!linked || marked)))
            continue;
        if (own && !marked)
            count = 0;
        marked = marked || own;
        count = nr_author_add(page->furniture, names, count, author_in(page, i));
        i = own ? n->end - 1 : i;
    }
    if (!f->m->author)
        f->m->author = nr_author_join(f, names, count);
}

static bool is_author_address(nr_view href)
{
    static const char *const parts[] = {"/author/", "/authors/", "/autor/", "/auteur/", "/contributor/", "/contributors/"};
    for (size_t i = 0; href.n < 300 && i < sizeof parts / sizeof *parts; i++)
        if (nr_view_find(href, nr_view_of(parts[i])))
            return true;
    return false;
}

/* "By Ann Lee" in an element that its class makes a byline. */
static void visible_byline(nr_html_fields *f, uint32_t i)
{
    nr_html_page *page = f->page;
    nr_view text = nr_html_text_below(page, i, 200), author = nr_furniture_author(page->furniture, text);
    if (!author.p && nr_line_is_name(text))
        author = text;
    for (uint32_t k = i + 1; k < page->tree.nodes[i].end && !author.p; k++) {
        nr_view link = page->tree.nodes[k].tag == NR_HTML_a ? nr_html_text_below(page, k, 60) : (nr_view){NULL, 0};
        author = nr_line_is_name(link) ? link : author;
    }
    if (author.p && author.n < 140)
        nr_fields_author(f, author);
}

static void visible_date(nr_html_fields *f, uint32_t i, bool small)
{
    nr_html_page *page = f->page;
    const nr_html_node *n = &page->tree.nodes[i];
    nr_view stamp = nr_html_attribute_of(n, "datetime");
    if (n->tag == NR_HTML_time && stamp.n)
        nr_fields_date(f, &f->published, stamp);
    if (!f->published.n && small && (n->tag == NR_HTML_time || page->marks[i] & NR_CLASS_DATE))
        nr_fields_date(f, &f->published, nr_html_text_below(page, i, 120));
}

/* Marks of class words are known; what the element says decides. */
static void from_visible(nr_html_fields *f)
{
    nr_html_page *page = f->page;
    nr_view h1 = {NULL, 0}, linked = {NULL, 0};
    for (uint32_t i = 0; i < page->tree.count; i++) {
        const nr_html_node *n = &page->tree.nodes[i];
        if (n->tag == NR_HTML_TEXT)
            continue;
        if (page->marks[i] & NR_CLASS_COMMENT) {
            i = n->end - 1;
            continue;
        }
        if (n->tag == NR_HTML_h1 && !h1.n && !page->dead[i])
            h1 = nr_html_text_below(page, i, 400);
        bool small = n->end - i < 60;
        if (!f->m->author && small && page->marks[i] & NR_CLASS_BYLINE)
            visible_byline(f, i);
        if (n->tag == NR_HTML_a && !linked.n && is_author_address(nr_html_attribute_of(n, "href"))) {
            linked = nr_html_text_below(page, i, 60);
            linked = nr_line_is_name(linked) ? linked : (nr_view){NULL, 0};
        }
        if (!f->published.n)
            visible_date(f, i, small);
    }
    nr_fields_author(f, linked);
    nr_fields_set(f, &f->m->title, h1);
}

/* "Ann Lee" of "Ann Lee, RN". */
static nr_view first_part(nr_view v)
{
    const char *comma = memchr(v.p, ',', v.n);
    return comma ? (nr_view){v.p, (size_t)(comma - v.p)} : v;
}

/* A line of the page's that is a date or an author's line, when nothing else says so. */
static void from_runs(nr_html_fields *f)
{
    nr_html_page *page = f->page;
    for (size_t i = 0; i < page->run_count && i < 400; i++) {
        const nr_html_run *run = &page->runs[i];
        if (f->published.n && f->m->author)
            return;
        if (run->length > 110 || run->length < 6)
            continue;
        nr_view text = nr_html_run_text(page, run, 200), line = nr_furniture_author(page->furniture, text);
        nr_date date;
        if (nr_date_from_line(page->furniture, text, &date) && !date.changed)
            nr_fields_date(f, &f->published, text);
        nr_view author = line.p ? nr_author_clean(page->furniture, line) : line;
        if (!author.p || !nr_line_is_name(first_part(author)))
            continue;
        nr_fields_author(f, author);
        nr_fields_date(f, &f->published, nr_view_trim((nr_view){author.p + author.n, line.n - author.n}));
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

static bool is_site_name(const nr_html_fields *f, nr_view v)
{
    if (f->m->publisher && nr_html_same_text(v, nr_view_of(f->m->publisher)))
        return true;
    return false;
}

/* Cuts " | The Site" off the title: always from a <title>, else where it is the site's name or what the first heading
 * does not have. */
static void trim_title(nr_html_fields *f, nr_view h1, bool from_title)
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
    if (nr_html_same_text(h1, rest) && rest.n > 10) { /* "Opinion | The Title" */
        f->m->title = nr_fields_keep(f, rest);
        return;
    }
    if (is_site_name(f, rest) || heading_agrees || (from_title && short_rest && !nr_html_same_text(h1, v)))
        f->m->title = nr_fields_keep(f, (nr_view){v.p, cut});
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

static void finish_dates(nr_html_fields *f)
{
    nr_date d;
    char text[64], iso[40];
    if (f->published.n &&
        (nr_date_from_iso(f->published, &d) || nr_date_from_line(f->page->furniture, f->published, &d))) {
        nr_date_write_iso(&d, iso);
        nr_date_write_human(&d, f->m->language, text);
        f->m->date_iso = nr_fields_keep(f, nr_view_of(iso));
        f->m->date = nr_fields_keep(f, nr_view_of(text));
    }
    if (f->modified.n &&
        (nr_date_from_iso(f->modified, &d) || nr_date_from_line(f->page->furniture, f->modified, &d))) {
        nr_date_write_iso(&d, iso);
        f->m->modified = nr_fields_keep(f, nr_view_of(iso));
    }
}

/* "en_GB" is "en-GB"; what is no tag is dropped. */
static void finish_language(nr_html_fields *f)
{
    nr_view lang = nr_view_trim(nr_html_attribute_of(&f->page->tree.nodes[0], "lang"));
    if (lang.n)
        f->m->language = nr_fields_keep(f, lang);
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
    f->m->language = n >= 2 && n < 35 ? nr_fields_keep(f, nr_view_of(tag)) : NULL;
}

/* Pages are copied from templates, with the language that these name: the text itself outdoes it where it plainly is in
 * another. English is what is assumed of a page that names none. */
static nr_status check_language(nr_html_fields *f)
{
    nr_html_page *page = f->page;
    nr_language_tally *tally;
    nr_error ignored;
    nr_status s = nr_language_tally_new(&tally, &ignored);
    if (s)
        return s;
    bool more = true;
    for (size_t i = 0; i < page->root_count && more; i++) {
        size_t k = nr_html_first_run(page, page->roots[i]);
        for (; more && k < page->run_count && page->runs[k].from < page->tree.nodes[page->roots[i]].end; k++)
            if (page->runs[k].length >= SENTENCE && page->runs[k].linked * 2 < page->runs[k].length)
                more = nr_language_tally_add(tally, nr_html_run_text(page, &page->runs[k], 1000));
    }
    const char *other = nr_language_other(tally, f->m->language);
    if (other && (f->m->language || strcmp(other, "en") != 0))
        f->m->language = other;
    nr_language_tally_free(tally);
    return NR_OK;
}

nr_status nr_html_metadata(nr_html_page *page)
{
    nr_html_fields f = {.page = page, .m = &page->doc->metadata};
    nr_fields_from_json(&f);
    from_meta(&f);
    from_citation(&f);
    from_microdata(&f);
    from_visible(&f);
    from_runs(&f);
    nr_fields_fallback(&f);
    nr_view heading = find_heading(page);
    bool from_title = !f.m->title;
    nr_fields_set(&f, &f.m->title, find_title_element(page));
    trim_title(&f, heading, from_title);
    finish_language(&f);
    nr_status s = check_language(&f);
    finish_dates(&f);
    return f.failed ? NR_ENOMEM : s;
}
