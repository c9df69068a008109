/* Which part of a page is the article.
 *
 * After Readability (Arc90, Mozilla): paragraphs give points to what they are in, the richest element and its like
 * siblings win. What differs: text is judged by runs, whatever elements it is in, and class words are looked up whole,
 * with neighbours, so that "shared-layout" is no share bar. */
#include <stdlib.h>
#include <unicode/uchar.h>

#include "base/utf8.h"
#include "read/html_page.h"
#include "read/lines.h"

enum { PARAGRAPH = 50, SCORED = 25, ARTICLE = 150 };

bool nr_html_is_box(const nr_html_page *page, uint32_t i)
{
    const nr_html_node *n = &page->tree.nodes[i];
    if (nr_html_is(n->tag, NR_TAG_BLOCK))
        return true;
    bool plain = n->tag == NR_HTML_span || n->tag == NR_HTML_em || n->tag == NR_HTML_small || n->tag == NR_HTML_cite ||
                 n->tag == NR_HTML_i;
    return plain && page->marks[i] & NR_CLASS_CAPTION;
}

static bool is_junk_role(nr_view role)
{
    static const char *const roles[] = {"navigation",  "complementary", "banner",  "contentinfo", "search",  "dialog",
                                        "alertdialog", "alert",         "menu",    "menubar",     "toolbar", "button",
                                        "tooltip",     "form",          "tablist", "status"};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (nr_view_is(role, roles[i]))
            return true;
    return false;
}

/* style="display:none", visibility:hidden and CSS Speech's speak:none, with any spaces. */
static bool is_hidden_style(nr_view style)
{
    char flat[256];
    size_t n = 0;
    for (size_t i = 0; i < style.n && n < sizeof flat; i++)
        if (!nr_ascii_space(style.p[i]))
            flat[n++] = nr_ascii_lower(style.p[i]);
    return memmem(flat, n, "display:none", 12) || memmem(flat, n, "visibility:hidden", 17) || memmem(flat, n, "speak:none", 10) ||
           memmem(flat, n, "speak:never", 11);
}

static bool is_hidden(const nr_html_node *n)
{
    for (uint16_t i = 0; i < n->attribute_count; i++) {
        const nr_html_attribute *a = &n->attributes[i];
        if (strcmp(a->name, "hidden") == 0 || (strcmp(a->name, "aria-hidden") == 0 && nr_view_is(a->value, "true")) ||
            (strcmp(a->name, "style") == 0 && is_hidden_style(a->value)) ||
            (strcmp(a->name, "role") == 0 && is_junk_role(a->value)))
            return true;
    }
    return false;
}

static void mark_dead_tags(nr_html_page *page)
{
    nr_html_node *nodes = page->tree.nodes;
    for (uint32_t i = 0; i < page->tree.count; i++) {
        if (nodes[i].tag == NR_HTML_TEXT)
            continue;
        bool frame = nodes[i].tag == NR_HTML_html || nodes[i].tag == NR_HTML_body;
        if (!frame && (nr_html_is(nodes[i].tag, NR_TAG_UNREAD) || is_hidden(&nodes[i]))) {
            memset(page->dead + i, 1, nodes[i].end - i);
            i = nodes[i].end - 1;
        }
    }
}

/* ---------------------------------------------------------------- class words */

static uint16_t mark_of(nr_view name)
{
    static const char *const names[] = {"junk", "small",  "body", "caption", "byline",
                                        "date", "hidden", "note", "title",   "comment", "embed"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nr_view_is(name, names[i]))
            return (uint16_t)(1u << i);
    return 0;
}

static const char *check_class(const nr_row *row)
{
    return mark_of(row->column[0]) ? NULL : "its kind is unknown (they are listed at the file's head)";
}

static uint16_t look_up(const nr_html_page *page, const char *p, size_t n)
{
    const nr_row *row = nr_table_find(page->classes, (nr_view){p, n});
    return row ? mark_of(row->column[0]) : 0;
}

/* Words are separated by what is no letter or digit, and begin at capitals. "is-hidden" counts, "not-hidden" and
 * "has-share" do not: after "no", "not", "has", "with" and "without" a word says something else. */
static uint16_t class_marks(const nr_html_page *page, nr_view v)
{
    char words[96];
    size_t n = 0, last = 0; /* words holds the word before, a space, and the present one from `last` */
    uint16_t marks = 0;
    bool negated = false;
    for (size_t i = 0; i <= v.n; i++) {
        char c = i < v.n ? v.p[i] : ' ';
        bool letter = nr_ascii_alpha(c) || nr_ascii_digit(c);
        bool capital = letter && nr_ascii_upper(c) && i > 0 && nr_ascii_lower(v.p[i - 1]) == v.p[i - 1] &&
                       nr_ascii_alpha(v.p[i - 1]);
        if ((!letter || capital) && n > last) {
            nr_view word = {words + last, n - last};
            uint16_t one = look_up(page, word.p, word.n);
            uint16_t two = last ? look_up(page, words, n) : 0;
            if (!negated)
                marks |= (uint16_t)(one | two);
            negated = nr_view_is(word, "no") || nr_view_is(word, "not") || nr_view_is(word, "has") ||
                      nr_view_is(word, "with") || nr_view_is(word, "without");
            if (!letter && nr_ascii_space(c)) {
                n = last = 0;
                negated = false;
            } else {
                memmove(words, words + last, n - last);
                n -= last;
                words[n < sizeof words ? n : 0] = ' ';
                n = last = n < sizeof words - 1 ? n + 1 : 0;
            }
        } else if (!letter && nr_ascii_space(c)) {
            n = last = 0;
        }
        if (letter && n < sizeof words - 1)
            words[n++] = nr_ascii_lower(c);
    }
    return marks;
}

static void mark_classes(nr_html_page *page)
{
    for (uint32_t i = 0; i < page->tree.count; i++) {
        const nr_html_node *n = &page->tree.nodes[i];
        for (uint16_t a = 0; a < n->attribute_count && !page->dead[i]; a++) {
            const char *name = n->attributes[a].name;
            nr_view v = n->attributes[a].value;
            if (strcmp(name, "class") == 0 || strcmp(name, "id") == 0)
                page->marks[i] |= class_marks(page, v.n < 400 ? v : (nr_view){v.p, 400});
            else if (strcmp(name, "itemprop") == 0 && nr_view_is(v, "articleBody"))
                page->marks[i] |= NR_CLASS_BODY;
        }
    }
}

/* ---------------------------------------------------------------- runs */

static bool add_run(nr_html_page *page, nr_html_run run)
{
    if (page->run_count == page->run_cap) {
        size_t cap = page->run_cap ? page->run_cap * 2 : 256;
        nr_html_run *p = realloc(page->runs, cap * sizeof *p);
        if (!p)
            return false;
        page->runs = p;
        page->run_cap = cap;
    }
    page->runs[page->run_count++] = run;
    return true;
}

/* Adds a text's letters, words and commas to the run. */
static void measure(nr_html_run *run, nr_view v, bool linked)
{
    bool space = true;
    uint32_t length = 0, commas = 0;
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if (nr_ascii_space((char)c)) {
            space = true;
            continue;
        }
        if ((c & 0xC0) == 0x80)
            continue;
        length++;
        commas += c == ',';
        run->words += space;
        space = false;
    }
    run->length += length;
    run->linked += linked ? length : 0;
    run->commas = (uint16_t)(run->commas + commas < UINT16_MAX ? run->commas + commas : UINT16_MAX);
}

static uint32_t box_of(const nr_html_page *page, uint32_t i)
{
    while (i && !nr_html_is_box(page, i))
        i = page->tree.nodes[i].parent;
    return i;
}

/* Two <br> in a row, with nothing but white space between, end a paragraph. */
static bool is_double_break(const nr_html_tree *t, uint32_t i)
{
    for (uint32_t k = i + 1; k < t->count; k++) {
        if (t->nodes[k].tag == NR_HTML_br)
            return true;
        if (t->nodes[k].tag != NR_HTML_TEXT || nr_view_trim(t->nodes[k].text).n)
            return false;
    }
    return false;
}

static bool collect_runs(nr_html_page *page)
{
    const nr_html_tree *t = &page->tree;
    nr_html_run run = {0};
    uint32_t link_end = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        const nr_html_node *n = &t->nodes[i];
        if (page->dead[i]) {
            if (n->tag != NR_HTML_TEXT && nr_html_is_box(page, i) && run.length) {
                if (!add_run(page, run))
                    return false;
                run = (nr_html_run){0};
            }
            i = n->end - 1;
            continue;
        }
        bool text = n->tag == NR_HTML_TEXT;
        if (n->tag == NR_HTML_a)
            link_end = n->end;
        bool border = !text && (nr_html_is_box(page, i) || (n->tag == NR_HTML_br && is_double_break(t, i)));
        uint32_t box = text && n->text.n ? box_of(page, n->parent) : run.box;
        if ((border || box != run.box) && run.length) {
            if (!add_run(page, run))
                return false;
            run = (nr_html_run){0};
        }
        if (!text || !nr_view_trim(n->text).n)
            continue;
        if (!run.length) {
            run = (nr_html_run){.from = i, .box = box_of(page, n->parent)};
        }
        run.to = i + 1;
        measure(&run, n->text, i < link_end);
    }
    return run.length ? add_run(page, run) : true;
}

/* ---------------------------------------------------------------- pruning by class */

static bool is_paragraph(const nr_html_run *r) { return r->length >= PARAGRAPH && r->linked * 2 < r->length; }

/* For every element, the characters of the paragraphs below it. */
static void sum_paragraphs(nr_html_page *page)
{
    memset(page->inside, 0, page->tree.count * sizeof *page->inside);
    for (size_t i = 0; i < page->run_count; i++)
        if (is_paragraph(&page->runs[i]))
            page->inside[page->runs[i].box] += page->runs[i].length;
    for (uint32_t i = page->tree.count; i-- > 1;)
        page->inside[page->tree.nodes[i].parent] += page->inside[i];
}

static bool is_protected(uint16_t tag) { return tag == NR_HTML_html || tag == NR_HTML_body || tag == NR_HTML_main; }

static bool is_junk(const nr_html_page *page, uint32_t i)
{
    const nr_html_node *n = &page->tree.nodes[i];
    uint16_t marks = page->marks[i];
    uint32_t all = page->inside[0], own = page->inside[i];
    if (is_protected(n->tag))
        return false;
    if (n->tag == NR_HTML_footer && page->tree.nodes[n->parent].tag == NR_HTML_blockquote)
        return false; /* whose words they are */
    if (n->tag == NR_HTML_footer || n->tag == NR_HTML_aside || n->tag == NR_HTML_form)
        return own * 3 < all || own == 0;
    if (marks & NR_CLASS_HIDDEN)
        return own * 5 < all;
    if (marks & NR_CLASS_BODY)
        return false;
    if (n->tag == NR_HTML_article && own * 10 > all)
        return false;
    if (marks & NR_CLASS_JUNK)
        return !(marks & NR_CLASS_EMBED) && (own * 3 < all || own == 0);
    return marks & NR_CLASS_SMALL && (own * 20 < all || own == 0) && own < 600;
}

/* Comments may be most of a page; they stay only where there is nothing else. */
static void prune_comments(nr_html_page *page)
{
    for (uint32_t i = 1; i < page->tree.count; i++) {
        const nr_html_node *n = &page->tree.nodes[i];
        bool comments = page->marks[i] & NR_CLASS_COMMENT && !page->dead[i] && !is_protected(n->tag);
        if (!comments || page->inside[0] - page->inside[i] < ARTICLE)
            continue;
        memset(page->dead + i, 1, n->end - i);
        i = n->end - 1;
    }
}

static void prune(nr_html_page *page)
{
    for (uint32_t i = 1; i < page->tree.count; i++)
        if (!page->dead[i] && page->tree.nodes[i].tag != NR_HTML_TEXT && is_junk(page, i)) {
            memset(page->dead + i, 1, page->tree.nodes[i].end - i);
            i = page->tree.nodes[i].end - 1;
        }
}

/* ---------------------------------------------------------------- the roots */

static void score_runs(const nr_html_page *page, double *score)
{
    const nr_html_node *nodes = page->tree.nodes;
    for (size_t i = 0; i < page->run_count; i++) {
        const nr_html_run *r = &page->runs[i];
        uint16_t tag = nodes[r->box].tag;
        bool heading = tag >= NR_HTML_h1 && tag <= NR_HTML_h6;
        if (r->length < SCORED || r->linked * 2 > r->length || heading || page->marks[r->box] & NR_CLASS_CAPTION)
            continue;
        double points = 1 + r->commas + (r->length / 100 < 3 ? r->length / 100 : 3);
        uint32_t at = nr_html_is(tag, NR_TAG_CONTAINER) ? r->box : nodes[r->box].parent;
        for (int level = 0; level < 5; level++) {
            score[at] += level == 0 ? points : level == 1 ? points / 2 : points / (level * 3);
            if (at == 0)
                break;
            at = nodes[at].parent;
        }
    }
}

/* Shares of linked text and of all text, by element. */
static void sum_text(const nr_html_page *page, uint32_t *text, uint32_t *linked)
{
    for (size_t i = 0; i < page->run_count; i++) {
        text[page->runs[i].box] += page->runs[i].length;
        linked[page->runs[i].box] += page->runs[i].linked;
    }
    for (uint32_t i = page->tree.count; i-- > 1;) {
        text[page->tree.nodes[i].parent] += text[i];
        linked[page->tree.nodes[i].parent] += linked[i];
    }
}

static void weigh(const nr_html_page *page, double *score, const uint32_t *text, const uint32_t *linked)
{
    for (uint32_t i = 0; i < page->tree.count; i++) {
        if (score[i] == 0)
            continue;
        if (page->marks[i] & NR_CLASS_BODY)
            score[i] = score[i] * 1.3 + 25;
        if (page->tree.nodes[i].tag == NR_HTML_article)
            score[i] = score[i] * 1.1 + 10;
        score[i] *= 1 - (text[i] ? (double)linked[i] / text[i] : 0);
    }
}

/* A whole article has its title in it. */
static bool holds_title(const nr_html_page *page, uint32_t article)
{
    for (uint32_t i = article + 1; i < page->tree.nodes[article].end; i++)
        if (page->tree.nodes[i].tag == NR_HTML_h1 && !page->dead[i])
            return true;
    return false;
}

/* While the parent holds clearly more of paragraphs, and little of links, the article goes on there. */
static uint32_t climb(const nr_html_page *page, uint32_t top, const uint32_t *text, const uint32_t *linked)
{
    const nr_html_node *nodes = page->tree.nodes;
    uint32_t best = top;
    for (uint32_t at = top; at && nodes[at].tag != NR_HTML_body;) {
        at = nodes[at].parent;
        uint32_t more = page->inside[at] - page->inside[best];
        if (page->marks[best] & NR_CLASS_BODY && page->inside[best] * 2 > page->inside[0])
            break;
        if (nodes[best].tag == NR_HTML_article && holds_title(page, best))
            break;
        if (more * 4 > page->inside[best] && linked[at] * 3 < text[at] && nodes[at].tag != NR_HTML_body)
            best = at;
    }
    return best;
}

/* The outermost element around `top` that schema.org's itemtype calls a question with its answers, or a discussion: they
 * are one text. 0 for none. */
static uint32_t discussion_around(const nr_html_page *page, uint32_t top)
{
    uint32_t found = 0;
    for (uint32_t at = top; at; at = page->tree.nodes[at].parent) {
        nr_view type = nr_html_attribute_of(&page->tree.nodes[at], "itemtype");
        if (nr_view_ends(type, NR_LIT("schema.org/Question")) || nr_view_ends(type, NR_LIT("schema.org/DiscussionForumPosting")))
            found = at;
    }
    return found;
}

static bool add_root(nr_html_page *page, uint32_t node)
{
    uint32_t *p = realloc(page->roots, (page->root_count + 1) * sizeof *p);
    if (!p)
        return false;
    page->roots = p;
    p[page->root_count++] = node;
    return true;
}

/* The article's body may be in pieces, all of one class, with pictures and advertisements between. */
static bool is_continued(const nr_html_page *page, uint32_t top, uint32_t i)
{
    const nr_html_node *nodes = page->tree.nodes;
    if (nodes[i].tag != nodes[top].tag || page->dead[i] || !(page->marks[top] & page->marks[i] & NR_CLASS_BODY))
        return false;
    nr_view a = nr_html_attribute_of(&nodes[top], "class"), b = nr_html_attribute_of(&nodes[i], "class");
    return a.n && nr_view_eq(a, b);
}

/* Siblings that look like more of the same, or are paragraphs on their own. */
static bool add_siblings(nr_html_page *page, uint32_t top, const double *score, const uint32_t *text,
                         const uint32_t *linked)
{
    const nr_html_node *nodes = page->tree.nodes;
    uint32_t parent = nodes[top].parent;
    double enough = score[top] * 0.2 > 10 ? score[top] * 0.2 : 10;
    if (top == 0 || nodes[top].tag == NR_HTML_body)
        return add_root(page, top);
    for (uint32_t i = parent + 1; i < nodes[parent].end; i = nodes[i].end) {
        bool take = i == top || is_continued(page, top, i);
        if (!take && nodes[i].tag != NR_HTML_TEXT && !page->dead[i] && !(page->marks[top] & NR_CLASS_BODY)) {
            bool paragraph = nodes[i].tag == NR_HTML_p || nodes[i].tag == NR_HTML_blockquote;
            take = paragraph ? text[i] > 80 && linked[i] * 4 < text[i]
                             : score[i] >= enough && nodes[i].tag != NR_HTML_article;
            bool heading = nodes[i].tag >= NR_HTML_h2 && nodes[i].tag <= NR_HTML_h6 && i > top;
            take = take || (heading && linked[i] == 0);
        }
        if (take && !add_root(page, i))
            return false;
    }
    return true;
}

size_t nr_html_first_run(const nr_html_page *page, uint32_t start)
{
    size_t low = 0, high = page->run_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (page->runs[middle].from < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool find_roots(nr_html_page *page)
{
    uint32_t count = page->tree.count, top = 0;
    double *score = calloc(count, sizeof *score);
    uint32_t *text = calloc(count, sizeof *text), *linked = calloc(count, sizeof *linked);
    bool good = score && text && linked;
    if (good) {
        score_runs(page, score);
        sum_text(page, text, linked);
        weigh(page, score, text, linked);
        for (uint32_t i = 1; i < count; i++)
            if (score[i] > score[top])
                top = i;
        uint32_t discussion = discussion_around(page, top);
        top = discussion ? discussion : climb(page, top, text, linked);
        good = add_siblings(page, top, score, text, linked);
    }
    free(score);
    free(text);
    free(linked);
    return good;
}

/* ---------------------------------------------------------------- text */

nr_view nr_html_run_text(nr_html_page *page, const nr_html_run *run, size_t max)
{
    nr_buffer b = NR_BUFFER_INIT(max + 8);
    bool space = false;
    for (uint32_t i = run->from; i < run->to && b.n < max; i++) {
        const nr_html_node *n = &page->tree.nodes[i];
        if (page->dead[run->from] == 0 && page->dead[i])
            continue;
        if (n->tag != NR_HTML_TEXT) {
            space = space || nr_html_is(n->tag, NR_TAG_BLOCK) || n->tag == NR_HTML_br;
            continue;
        }
        for (const char *p = n->text.p, *end = n->text.n ? p + n->text.n : p; p < end && b.n < max;) {
            int length;
            uint32_t c = nr_utf8_decode(p, end, &length);
            bool blank = nr_code_is_space(c);
            if (!blank && space && b.n)
                nr_buffer_put_char(&b, ' ');
            if (!blank)
                nr_buffer_put(&b, p, (size_t)length);
            space = blank;
            p += length;
        }
    }
    nr_view v = nr_arena_copy(&page->arena, nr_buffer_view(&b));
    nr_buffer_free(&b);
    return v.p ? v : (nr_view){"", 0};
}

nr_view nr_html_text_below(nr_html_page *page, uint32_t node, size_t max)
{
    nr_html_run all = {.from = node, .to = page->tree.nodes[node].end};
    return nr_html_run_text(page, &all, max);
}

nr_view nr_html_host(nr_view v)
{
    const char *start = v.n ? memmem(v.p, v.n < 12 ? v.n : 12, "//", 2) : NULL;
    if (!start)
        return (nr_view){"", 0};
    start += 2;
    size_t n = 0, left = (size_t)(v.p + v.n - start);
    while (n < left && !strchr("/?#:", start[n]))
        n++;
    return (nr_view){start, n};
}

static uint32_t next_letter(const char **p, const char *end)
{
    while (*p < end) {
        int length;
        uint32_t c = nr_utf8_decode(*p, end, &length);
        *p += length;
        if (u_isalnum((UChar32)c))
            return (uint32_t)u_tolower((UChar32)c);
    }
    return 0;
}

bool nr_html_same_text(nr_view a, nr_view b)
{
    const char *p = a.n ? a.p : "", *a_end = p + a.n, *q = b.n ? b.p : "", *b_end = q + b.n;
    for (;;) {
        uint32_t c = next_letter(&p, a_end), d = next_letter(&q, b_end);
        if (c != d)
            return false;
        if (c == 0)
            return true;
    }
}

/* ---------------------------------------------------------------- together */

/* What role and epub:type say: notes, and the page numbers of a printed edition. */
static void mark_types(nr_html_page *page)
{
    static const char *const notes[] = {"footnote", "endnote", "rearnote", "footnotes", "endnotes", "rearnotes"};
    for (uint32_t i = 0; i < page->tree.count; i++) {
        const nr_html_node *n = &page->tree.nodes[i];
        nr_view type = nr_html_attribute_of(n, "epub:type");
        nr_view role = nr_html_attribute_of(n, "role");
        if (nr_view_starts(role, NR_LIT("doc-")))
            type = (nr_view){role.p + 4, role.n - 4};
        for (size_t k = 0; type.n && k < sizeof notes / sizeof *notes; k++)
            if (nr_view_is(type, notes[k]))
                page->marks[i] |= NR_CLASS_NOTE;
        if (nr_view_is(type, "pagebreak") || nr_view_is(type, "backlink"))
            memset(page->dead + i, 1, n->end - i);
    }
}

static nr_status open_classes(nr_html_page *page)
{
    nr_error err;
    nr_status s = nr_table_new(&page->classes, &err);
    return s ? s : nr_table_add_builtin(page->classes, "html/classes.tsv", 2, check_class, &err);
}

nr_status nr_html_whole(nr_html_page *page)
{
    page->whole = true;
    nr_status s = page->all ? NR_OK : open_classes(page);
    if (s)
        return s;
    mark_dead_tags(page);
    mark_types(page);
    if (!page->all)
        mark_classes(page);
    if (!collect_runs(page))
        return NR_ENOMEM;
    sum_paragraphs(page);
    if (!page->all) {
        prune(page);
        page->run_count = 0;
        if (!collect_runs(page))
            return NR_ENOMEM;
        sum_paragraphs(page);
    }
    return add_root(page, 0) ? NR_OK : NR_ENOMEM;
}

nr_status nr_html_content(nr_html_page *page)
{
    nr_status s = open_classes(page);
    if (s)
        return s;
    mark_dead_tags(page);
    mark_types(page);
    mark_classes(page);
    if (!collect_runs(page))
        return NR_ENOMEM;
    sum_paragraphs(page);
    static void (*const passes[])(nr_html_page *) = {prune_comments, nr_html_prune_cards, prune};
    for (size_t i = 0; i < 3; i++) {
        passes[i](page);
        page->run_count = 0;
        if (!collect_runs(page))
            return NR_ENOMEM;
        sum_paragraphs(page);
    }
    return find_roots(page) ? NR_OK : NR_ENOMEM;
}
