#include "read/html_judge.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "read/lines.h"

enum { SHORT = 200, CAPTION_LIMIT = 700, CALL_LIMIT = 450, REPEATED = 60, PICTURE_LINE = 160 };

static const nr_html_node *node(const nr_html_page *page, uint32_t i) { return &page->tree.nodes[i]; }

void nr_html_judge_init(nr_html_judge *j, nr_html_page *page)
{
    const nr_metadata *m = &page->doc->metadata;
    *j = (nr_html_judge){.page = page, .title = nr_view_of(m->title), .author = nr_view_of(m->author)};
}

void nr_html_judge_free(nr_html_judge *j)
{
    free(j->seen);
    j->seen = NULL;
}

/* ---------------------------------------------------------------- where it stands */

static void note_tag(nr_html_place *p, uint16_t tag, uint32_t i)
{
    switch (tag) {
    case NR_HTML_blockquote:
        p->quote = 1;
        break;
    case NR_HTML_li:
        p->li = p->li ? p->li : i;
        break;
    case NR_HTML_ul:
    case NR_HTML_ol:
        p->list = i, p->depth++;
        break;
    case NR_HTML_figure:
        p->figure = 1;
        break;
    case NR_HTML_figcaption:
    case NR_HTML_caption:
        p->caption = 1;
        break;
    case NR_HTML_pre:
        p->pre = 1;
        break;
    case NR_HTML_table:
        p->table = p->table ? p->table : i;
        break;
    case NR_HTML_tr:
        p->row = p->row ? p->row : i;
        break;
    case NR_HTML_h1:
    case NR_HTML_h2:
    case NR_HTML_h3:
    case NR_HTML_h4:
    case NR_HTML_h5:
    case NR_HTML_h6:
        p->heading = (uint16_t)(tag - NR_HTML_h1 + 1);
        break;
    default:
        break;
    }
}

/* A figure that shows a quotation: its caption says whose it is. */
static bool holds_quote(const nr_html_page *page, uint32_t figure)
{
    for (uint32_t i = figure + 1; i < node(page, figure)->end && i < figure + 100; i++)
        if (node(page, i)->tag == NR_HTML_blockquote)
            return true;
    return false;
}

/* The header of one of several parts, such as the entries of a live report, and not that of the article. */
static bool heads_part(const nr_html_page *page, uint32_t header, uint32_t root)
{
    uint32_t part = node(page, header)->parent;
    return part != root && page->inside[part] > page->inside[header] && page->inside[part] * 2 < page->inside[root];
}

nr_html_place nr_html_find_place(const nr_html_page *page, const nr_html_run *r, uint32_t root)
{
    nr_html_place p = {0};
    for (uint32_t i = r->box;; i = node(page, i)->parent) {
        uint16_t marks = page->marks[i];
        bool small = page->inside[i] < CAPTION_LIMIT, below = i != root;
        note_tag(&p, node(page, i)->tag, i);
        if (node(page, i)->tag == NR_HTML_figure && !p.quote && holds_quote(page, i))
            p.quote = 1, p.caption = p.figure = 0;
        if (small && marks & NR_CLASS_CAPTION)
            p.caption = 1;
        p.note |= below && marks & NR_CLASS_NOTE;
        p.byline |= small && below && marks & NR_CLASS_BYLINE && !(marks & NR_CLASS_BODY);
        p.date |= small && below && marks & NR_CLASS_DATE && !(marks & NR_CLASS_BODY);
        p.header |= below && node(page, i)->tag == NR_HTML_header && page->inside[i] * 2 < page->inside[root] &&
                    !(p.heading > 1 && heads_part(page, i, root));
        if (!below || i == 0)
            return p;
    }
}

/* Mostly links: a menu, or links to other articles. */
static bool is_link_list(nr_html_judge *j, uint32_t list)
{
    if (j->judged_list == list)
        return j->list_is_links;
    const nr_html_page *page = j->page;
    uint32_t length = 0, linked = 0, items = 0;
    for (size_t i = nr_html_first_run(page, list); i < page->run_count && page->runs[i].from < node(page, list)->end;
         i++) {
        length += page->runs[i].length;
        linked += page->runs[i].linked;
        items++;
    }
    j->judged_list = list;
    j->list_is_links = linked * 2 > length && items > 0;
    return j->list_is_links;
}

uint32_t nr_html_picture_in(const nr_html_page *page, uint32_t from, uint32_t to)
{
    uint32_t picture = 0;
    for (uint32_t i = from; i < to; i++) {
        const nr_html_node *n = node(page, i);
        if (n->tag == NR_HTML_TEXT && !page->dead[i] && nr_view_trim(n->text).n)
            picture = 0;
        if (n->tag == NR_HTML_img && !page->dead[i]) {
            nr_view width = nr_html_attribute_of(n, "width");
            if (!(width.n == 1 && width.p[0] <= '1'))
                picture = i;
        }
    }
    return picture;
}

/* ---------------------------------------------------------------- what it is */

static bool is_opening_line(const nr_html_judge *j, nr_view text)
{
    nr_date date;
    const nr_furniture *f = j->page->furniture;
    if (nr_date_from_line(f, text, &date) || nr_furniture_is_time(f, text))
        return true;
    if (j->author.n && nr_html_same_text(text, j->author))
        return true;
    nr_view author = nr_furniture_author(f, text);
    return author.p && text.n < 120 && !nr_line_ends_sentence(text) && (nr_line_is_name(author) || j->body < 300);
}

/* All of the run's text is inside elements of one of these kinds. */
static bool is_all_in(const nr_html_page *page, const nr_html_run *r, uint16_t one, uint16_t other)
{
    for (uint32_t i = r->from; i < r->to; i++) {
        if (node(page, i)->tag != NR_HTML_TEXT || page->dead[i] || !nr_view_trim(node(page, i)->text).n)
            continue;
        uint32_t at = node(page, i)->parent;
        while (at > r->box && node(page, at)->tag != one && node(page, at)->tag != other)
            at = node(page, at)->parent;
        if (at <= r->box)
            return false;
    }
    return true;
}

/* The line under a picture: all in italics, or short, no sentence, and in the same box. Headings, items and bold lines are more than
 * that. */
static bool is_picture_line(const nr_html_judge *j, const nr_html_run *r, const nr_html_place *p, nr_view text)
{
    if (!j->picture || p->heading || p->li || p->quote || r->length > PICTURE_LINE)
        return false;
    if (is_all_in(j->page, r, NR_HTML_em, NR_HTML_i))
        return true;
    return j->picture > r->box && !nr_line_ends_sentence(text) &&
           !is_all_in(j->page, r, NR_HTML_strong, NR_HTML_b) && text.p[text.n - 1] != ':';
}

/* "[gallery ids=...]", "[/button]": the mark-up of an editor that was never carried out. */
static bool is_shortcode(nr_view v)
{
    size_t i = 1, letters = 0;
    if (v.n < 4 || v.p[0] != '[')
        return false;
    i += v.p[i] == '/';
    while (i < v.n && (nr_ascii_lower(v.p[i]) == v.p[i]) && (nr_ascii_alpha(v.p[i]) || strchr("_-", v.p[i])))
        i++, letters++;
    if (letters < 2 || i >= v.n)
        return false;
    const char *close = memchr(v.p + i, ']', v.n - i);
    return close && (v.p[1] == '/' || memchr(v.p + i, '=', (size_t)(close - v.p) - i) || nr_view_find(v, NR_LIT("[/")));
}

/* True when these letters were said before. Remembers them. */
static bool is_repeated(nr_html_judge *j, nr_view text)
{
    uint64_t hash = 1469598103934665603u;
    for (size_t i = 0; i < text.n; i++)
        if (!nr_ascii_space(text.p[i]))
            hash = (hash ^ (unsigned char)nr_ascii_lower(text.p[i])) * 1099511628211u;
    hash += hash == 0;
    if (j->seen_count * 2 >= j->seen_cap) {
        size_t cap = j->seen_cap ? j->seen_cap * 2 : 128;
        uint64_t *bigger = calloc(cap, sizeof *bigger);
        if (!bigger)
            return false;
        for (size_t i = 0; i < j->seen_cap; i++) {
            size_t at = j->seen[i] & (cap - 1);
            while (j->seen[i] && bigger[at])
                at = (at + 1) & (cap - 1);
            if (j->seen[i])
                bigger[at] = j->seen[i];
        }
        free(j->seen);
        j->seen = bigger;
        j->seen_cap = cap;
    }
    size_t at = hash & (j->seen_cap - 1);
    while (j->seen[at] && j->seen[at] != hash)
        at = (at + 1) & (j->seen_cap - 1);
    bool found = j->seen[at] == hash;
    j->seen_count += !found;
    j->seen[at] = hash;
    return found;
}

/* The headline of another article: a heading that is a link, in the same site. */
static bool leads_elsewhere(const nr_html_judge *j, const nr_html_run *r)
{
    const nr_html_page *page = j->page;
    nr_view host = nr_html_host(nr_view_of(page->doc->metadata.url));
    for (uint32_t i = r->from; i > r->box; i = node(page, i)->parent) {
        if (node(page, i)->tag != NR_HTML_a)
            continue;
        nr_view to = nr_html_host(nr_html_attribute_of(node(page, i), "href"));
        return !to.n || !host.n || nr_view_eq_nocase(to, host);
    }
    return true;
}

static bool is_link_line(const nr_html_judge *j, const nr_html_run *r, const nr_html_place *p, nr_view text)
{
    bool sentence = nr_line_ends_sentence(text), all = r->linked * 10 > r->length * 9;
    if (p->heading)
        return all && r->words >= 5 && leads_elsewhere(j, r);
    if (p->li || (p->quote && !all))
        return false;
    if (all && (!sentence || r->words < 30))
        return true;
    return r->linked * 2 > r->length && r->length < 120 && !sentence;
}

static nr_html_verdict judge_short(const nr_html_judge *j, nr_view text)
{
    switch (nr_furniture_line(j->page->furniture, text)) {
    case NR_LINE_FURNITURE:
        return NR_HTML_DROP;
    case NR_LINE_CAPTION:
    case NR_LINE_CREDITED:
        return NR_HTML_CAPTION;
    case NR_LINE_TEXT:
        break;
    }
    return is_opening_line(j, text) ? NR_HTML_DROP : NR_HTML_SAY;
}

nr_html_verdict nr_html_judge_run(nr_html_judge *j, const nr_html_run *r, const nr_html_place *p, nr_view text)
{
    uint16_t tag = node(j->page, r->box)->tag;
    bool figure = p->figure && r->length < CAPTION_LIMIT && !p->quote;
    if (j->page->all)
        return p->caption || figure ? NR_HTML_CAPTION : NR_HTML_SAY;
    if (r->length < 260 && j->title.n && nr_html_same_text(text, j->title))
        return NR_HTML_DROP;
    if (p->pre)
        return NR_HTML_SAY;
    if (r->length < SHORT) {
        nr_html_verdict v = judge_short(j, text);
        if (v != NR_HTML_SAY)
            return v;
    }
    if (p->caption || figure || is_picture_line(j, r, p, text))
        return NR_HTML_CAPTION;
    if (j->body < SHORT && (p->header || p->heading == 1))
        return NR_HTML_DROP; /* the title's own and what stands under it */
    if (r->length < CALL_LIMIT && (r->linked || nr_view_find_byte(text, '@')) &&
        nr_furniture_call(j->page->furniture, text))
        return NR_HTML_DROP;
    if ((p->byline || p->date) && r->length < SHORT && !(tag == NR_HTML_p && nr_line_ends_sentence(text)))
        return NR_HTML_DROP;
    if ((p->list && is_link_list(j, p->list)) || is_link_line(j, r, p, text) || is_shortcode(text))
        return NR_HTML_DROP;
    bool bold = j->body >= SHORT && !r->linked && is_all_in(j->page, r, NR_HTML_strong, NR_HTML_b); /* a heading */
    if (!nr_html_is(tag, NR_TAG_TEXT) && !j->page->whole && !p->quote && !nr_line_ends_sentence(text) && r->length < 50 && !bold)
        return NR_HTML_DROP;
    return r->length >= REPEATED && is_repeated(j, text) ? NR_HTML_DROP : NR_HTML_SAY;
}

/* ---------------------------------------------------------------- what follows the article */

/* The largest element that the heading is the first text of, without anything of the article said yet. */
static uint32_t headed_by(const nr_html_judge *j, const nr_html_run *r, uint32_t root)
{
    uint32_t best = r->box;
    for (uint32_t i = r->box; i != root && i; i = node(j->page, i)->parent) {
        if (i < j->last)
            break;
        best = i;
    }
    return best;
}

/* The lists and link boxes right behind a heading. */
static uint32_t links_end(const nr_html_page *page, uint32_t heading)
{
    uint32_t parent = node(page, heading)->parent, i = node(page, heading)->end;
    for (; i < node(page, parent)->end; i = node(page, i)->end) {
        uint16_t tag = node(page, i)->tag;
        bool list = tag == NR_HTML_ul || tag == NR_HTML_ol;
        list = list || tag == NR_HTML_article;
        if (!list && (page->inside[i] || (tag >= NR_HTML_h1 && tag <= NR_HTML_h6)))
            break;
    }
    return i;
}

uint32_t nr_html_tail_end(const nr_html_judge *j, const nr_html_run *r, const nr_html_place *p, nr_view text,
                          uint32_t root)
{
    const nr_html_page *page = j->page;
    bool counted = r->length <= 60 && nr_furniture_counted_tail(page->furniture, text);
    if (page->all || r->length > 60 || !(counted || nr_furniture_tail(page->furniture, text)))
        return 0;
    uint16_t tag = node(page, r->box)->tag;
    bool bold = p->heading || is_all_in(page, r, NR_HTML_strong, NR_HTML_b);
    if (!bold && (tag == NR_HTML_p || tag == NR_HTML_li))
        return 0;
    uint32_t box = headed_by(j, r, root);
    if (counted && j->body >= SHORT) /* there may be more of these than of the article */
        return node(page, root >= j->last ? root : box)->end;
    if (page->inside[box] * 3 > j->total)
        box = r->box;
    if (bold && j->body * 10 > j->total * 7)
        return UINT32_MAX;
    if (box != r->box)
        return node(page, box)->end;
    return bold ? links_end(page, r->box) : 0;
}
