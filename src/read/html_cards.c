/* What the shape of a page shows to be of other articles, whatever it is called: articles inside the article, rows of
 * cards (a linked headline, perhaps a picture and an excerpt, three times and more), and cards that open over a name. */
#include <stdlib.h>

#include "read/html_page.h"
#include "read/lines.h"

enum { CARD = 450, CARD_WORDS = 3, GROUP = 3, CARD_RUNS = 8, HOVER_NODES = 400, ARTICLE = 150 };

static const nr_html_node *node(const nr_html_page *page, uint32_t i) { return &page->tree.nodes[i]; }

static void kill_node(nr_html_page *page, uint32_t i) { memset(page->dead + i, 1, node(page, i)->end - i); }

/* Its end is cut off: "... and the", with dots behind it. */
static bool is_excerpt(nr_html_page *page, const nr_html_run *r)
{
    nr_view v = nr_view_trim(nr_html_run_text(page, r, 2000));
    return nr_view_ends(v, NR_LIT("...")) || nr_view_ends(v, NR_LIT("\xE2\x80\xA6")) ||
           nr_view_ends(v, NR_LIT("[...]")) || nr_view_ends(v, NR_LIT("[\xE2\x80\xA6]"));
}

/* The run begins with a link of some words. */
static bool begins_with_link(nr_html_page *page, const nr_html_run *r)
{
    for (uint32_t i = node(page, r->from)->parent; i > r->box; i = node(page, i)->parent)
        if (node(page, i)->tag == NR_HTML_a)
            return nr_line_words(nr_html_text_below(page, i, 200)) > CARD_WORDS;
    return false;
}

/* A linked headline and little else, or the head of a text that goes on behind a link. */
static bool is_card(nr_html_page *page, uint32_t i)
{
    uint32_t length = 0, linked = 0, title = 0;
    bool headline = false, excerpt = false;
    size_t first = nr_html_first_run(page, i), k = first;
    for (; k < page->run_count && page->runs[k].from < node(page, i)->end; k++) {
        const nr_html_run *r = &page->runs[k];
        if (k - first >= CARD_RUNS || length > CARD * 2)
            return false;
        length += r->length;
        linked += r->linked;
        if (!headline && r->linked * 10 > r->length * 9 && r->words >= CARD_WORDS) {
            headline = title < 40; /* what stands before it is a date, a topic, a name */
            title = headline ? title : UINT32_MAX;
        } else if (!headline) {
            title += title < UINT32_MAX - r->length ? r->length : 0;
        }
    }
    if (k == first || !linked)
        return false;
    excerpt = is_excerpt(page, &page->runs[k - 1]);
    bool opened = headline || begins_with_link(page, &page->runs[first]);
    return (headline && length < CARD) || (opened && excerpt && length < CARD * 2);
}

/* Kills the children of a parent that are cards, if there are enough of them and hardly anything else. */
static void prune_group(nr_html_page *page, uint32_t parent)
{
    uint32_t cards = 0, others = 0, text = 0, most = 0;
    for (uint32_t i = parent + 1; i < node(page, parent)->end; i = node(page, i)->end) {
        uint16_t tag = node(page, i)->tag;
        if (tag != NR_HTML_div && tag != NR_HTML_li && tag != NR_HTML_article && tag != NR_HTML_section)
            continue;
        if (page->dead[i] || node(page, i)->end - i < 3)
            continue;
        bool card = is_card(page, i);
        cards += card;
        others += !card;
        text += page->inside[i];
        most = !card && page->inside[i] > most ? page->inside[i] : most;
    }
    nr_arena_reset(&page->arena);
    if (cards < GROUP || others * 3 > cards || most > CARD ||
        (text * 2 > page->inside[0] && page->inside[0] - text < ARTICLE))
        return;
    for (uint32_t i = parent + 1; i < node(page, parent)->end; i = node(page, i)->end) {
        uint16_t tag = node(page, i)->tag;
        if (tag == NR_HTML_div || tag == NR_HTML_li || tag == NR_HTML_article || tag == NR_HTML_section)
            kill_node(page, i);
    }
}

/* An article within another, or beside the page's own, that begins with a link to itself. */
static bool is_other_article(nr_html_page *page, uint32_t i)
{
    if (node(page, i)->tag != NR_HTML_article || page->inside[i] * 3 > page->inside[0])
        return false;
    bool inner = false;
    for (uint32_t k = node(page, i)->parent; k; k = node(page, k)->parent)
        inner = inner || node(page, k)->tag == NR_HTML_article;
    size_t last = nr_html_first_run(page, node(page, i)->end);
    bool own = last && page->runs[last - 1].from > i;
    return is_card(page, i) || (inner && own && is_excerpt(page, &page->runs[last - 1]));
}

/* The sibling element right before, with no text between; 0 for none. */
static uint32_t element_before(const nr_html_page *page, uint32_t i)
{
    uint32_t parent = node(page, i)->parent, before = 0;
    uint32_t from = i - parent > HOVER_NODES ? i - HOVER_NODES : parent + 1;
    for (uint32_t k = from; k < i; k++)
        if (node(page, k)->parent != parent)
            continue;
        else if (node(page, k)->tag != NR_HTML_TEXT)
            before = k;
        else if (nr_view_trim(node(page, k)->text).n)
            before = 0;
    return before;
}

static nr_view last_word(nr_view v)
{
    v = nr_view_trim(v);
    size_t n = v.n;
    while (n && v.p[n - 1] != ' ')
        n--;
    return (nr_view){v.p + n, v.n - n};
}

/* Inside a sentence: a name, and behind it a block with a picture or links that says the name again. */
static bool is_hover_card(nr_html_page *page, uint32_t i)
{
    const nr_html_node *n = node(page, i);
    if (n->tag != NR_HTML_span || n->end - i < 4 || n->end - i > HOVER_NODES)
        return false;
    uint32_t links = 0, pictures = 0, name = 0;
    for (uint32_t k = i + 1; k < n->end; k++) {
        links += node(page, k)->tag == NR_HTML_a;
        pictures += node(page, k)->tag == NR_HTML_img;
        name = name || node(page, k)->tag != NR_HTML_TEXT || !nr_view_trim(node(page, k)->text).n ? name : k;
    }
    if (!name || links < 1 || links + pictures < 2)
        return false;
    uint32_t before = element_before(page, i);
    return before && nr_html_same_text(last_word(nr_html_text_below(page, before, 120)),
                                       last_word(node(page, name)->text));
}

void nr_html_prune_cards(nr_html_page *page)
{
    for (uint32_t i = 1; i < page->tree.count; i++) {
        if (page->dead[i] || node(page, i)->tag == NR_HTML_TEXT)
            continue;
        if (is_other_article(page, i) || is_hover_card(page, i)) {
            kill_node(page, i);
            i = node(page, i)->end - 1;
            continue;
        }
        uint16_t tag = node(page, i)->tag;
        if (tag == NR_HTML_div || tag == NR_HTML_ul || tag == NR_HTML_section || tag == NR_HTML_article ||
            tag == NR_HTML_ol)
            prune_group(page, i);
    }
    nr_arena_reset(&page->arena);
}
