/* The article of a page as blocks: what each run is, and whether it is for the ear. */
#include <stdlib.h>

#include "read/html_judge.h"
#include "read/html_speech.h"
#include "read/lines.h"

enum { SMALL_ROWS = 8, SMALL_CELLS = 40, LONG_CELL = 300, HEADERS = 12, LABELLED = 2, STACK = 300 };

typedef struct writer {
    nr_html_page *page;
    nr_composer *out;
    nr_html_judge judge;
    uint32_t judged_table; /* the last one looked at */
    bool table_is_data;
    uint32_t last_item;   /* the <li> whose first run was written */
    uint32_t done;        /* nodes before it are written */
    uint32_t skip;        /* nodes before it are of other articles */
    uint16_t notes;       /* the level of the heading over notes ("References") that the run is under, 0 for none */
} writer;

static const nr_html_node *node(const writer *w, uint32_t i) { return &w->page->tree.nodes[i]; }

/* ---------------------------------------------------------------- lists and tables */

typedef struct table_size {
    uint32_t rows, cells, widest, longest;
    bool nested;
} table_size;

static table_size measure_table(const writer *w, uint32_t table)
{
    table_size s = {0};
    uint32_t in_row = 0, length = 0;
    for (uint32_t i = table + 1; i < node(w, table)->end; i++) {
        uint16_t tag = node(w, i)->tag;
        if (w->page->dead[i]) {
            i = node(w, i)->end - 1;
            continue;
        }
        if (tag == NR_HTML_tr)
            s.rows++, in_row = 0;
        if (tag == NR_HTML_td || tag == NR_HTML_th) {
            s.cells++;
            length = 0;
            s.widest = ++in_row > s.widest ? in_row : s.widest;
        }
        if (tag == NR_HTML_TEXT)
            length += (uint32_t)nr_view_trim(node(w, i)->text).n;
        s.longest = length > s.longest ? length : s.longest;
        s.nested |= tag == NR_HTML_table || tag == NR_HTML_blockquote || tag == NR_HTML_h1 || tag == NR_HTML_h2 ||
                    tag == NR_HTML_form;
    }
    return s;
}

static bool is_data_table(writer *w, uint32_t table, table_size *s)
{
    *s = measure_table(w, table);
    nr_view role = nr_html_attribute_of(node(w, table), "role");
    w->judged_table = table;
    w->table_is_data =
        !s->nested && s->rows >= 2 && s->widest >= 2 && s->longest < LONG_CELL && !nr_view_is(role, "presentation");
    return w->table_is_data;
}

static bool is_cell(const writer *w, uint32_t i)
{
    return !w->page->dead[i] && (node(w, i)->tag == NR_HTML_td || node(w, i)->tag == NR_HTML_th);
}

/* The cells of a row that is all headers; 0 when it is not. */
static size_t read_headers(writer *w, uint32_t row, nr_view headers[HEADERS])
{
    size_t count = 0;
    for (uint32_t i = row + 1; i < node(w, row)->end; i++) {
        if (!is_cell(w, i))
            continue;
        if (node(w, i)->tag != NR_HTML_th || count == HEADERS)
            return 0;
        headers[count++] = nr_html_text_below(w->page, i, 80);
        i = node(w, i)->end - 1;
    }
    return count >= LABELLED ? count : 0;
}

static uint32_t count_cells(const writer *w, uint32_t row)
{
    uint32_t cells = 0;
    for (uint32_t i = row + 1; i < node(w, row)->end; i++)
        cells += is_cell(w, i);
    return cells;
}

/* "2022; Goats: 1,200; Sheep: 3". The first cell names the row; of two, the second is what it says: "Length: 2 m". */
static void write_row(writer *w, uint32_t row, uint8_t flags, const nr_view *headers, size_t header_count)
{
    nr_compose_begin(w->out, (nr_block){.kind = NR_BLOCK_ROW, .flags = flags});
    nr_view behind = {NULL, 0};
    bool pair = count_cells(w, row) == 2;
    size_t column = 0;
    for (uint32_t i = row + 1; i < node(w, row)->end; i++) {
        if (!is_cell(w, i))
            continue;
        nr_view text = nr_html_text_below(w->page, i, 4000);
        if (text.n && behind.n)
            nr_compose_text(w->out, behind);
        if (text.n && column > 0 && column < header_count && headers[column].n) {
            nr_compose_text(w->out, headers[column]);
            nr_compose_text(w->out, NR_LIT(": "));
        }
        nr_compose_text(w->out, text);
        bool named = pair && column == 0 && node(w, i)->tag == NR_HTML_th;
        if (text.n)
            behind = nr_view_ends(text, NR_LIT(":")) ? NR_LIT(" ") : named ? NR_LIT(": ") : NR_LIT("; ");
        column++;
        i = node(w, i)->end - 1;
    }
    nr_compose_end(w->out);
}

static void write_table(writer *w, uint32_t table, const table_size *s)
{
    uint8_t flags = s->rows > SMALL_ROWS || s->cells > SMALL_CELLS ? NR_BLOCK_SILENT : 0;
    nr_view headers[HEADERS];
    size_t count = 0, rows = 0;
    if (flags)
        nr_compose_left_out(w->out, NR_BLOCK_ROW, s->rows);
    for (uint32_t i = table + 1; i < node(w, table)->end; i++) {
        if (w->page->dead[i])
            continue;
        if (node(w, i)->tag == NR_HTML_caption)
            nr_compose_block(w->out, NR_BLOCK_CAPTION, NR_BLOCK_SILENT, nr_html_text_below(w->page, i, 2000));
        if (node(w, i)->tag != NR_HTML_tr)
            continue;
        if (rows++ == 0 && (count = read_headers(w, i, headers)) > 0)
            continue;
        write_row(w, i, flags, headers, count);
    }
    w->done = node(w, table)->end;
}

/* The ordinal of an item: its place, counted from <ol start>, or its own value. */
static uint32_t item_number(const writer *w, uint32_t li)
{
    uint32_t list = node(w, li)->parent;
    if (node(w, list)->tag != NR_HTML_ol)
        return 0;
    nr_view start = nr_html_attribute_of(node(w, list), "start"), own = nr_html_attribute_of(node(w, li), "value");
    uint32_t n = start.n && start.n < 7 ? (uint32_t)strtoul(start.p, NULL, 10) : 1;
    if (own.n && own.n < 7)
        return (uint32_t)strtoul(own.p, NULL, 10);
    size_t steps = 0;
    for (uint32_t i = list + 1; i < li && steps < 5000; i = node(w, i)->end, steps++)
        n += node(w, i)->tag == NR_HTML_li;
    return n;
}

/* ---------------------------------------------------------------- inlines */

/* A mark that leads to a footnote: short, and a link within the page. */
static bool is_note_mark(const writer *w, uint32_t i)
{
    const nr_html_node *n = node(w, i);
    nr_view role = nr_html_attribute_of(n, "role");
    if (nr_view_is(role, "doc-noteref") || nr_view_is(nr_html_attribute_of(n, "epub:type"), "noteref"))
        return true;
    if (n->tag != NR_HTML_sup && !(n->tag == NR_HTML_a && node(w, n->parent)->tag != NR_HTML_sup))
        return false;
    size_t length = 0;
    bool local = false;
    for (uint32_t k = i; k < n->end; k++) {
        const nr_html_node *m = node(w, k);
        if (m->tag == NR_HTML_TEXT)
            length += nr_view_trim(m->text).n;
        else if (m->tag == NR_HTML_a)
            local = local || nr_view_starts(nr_html_attribute_of(m, "href"), NR_LIT("#"));
    }
    nr_view text = n->end > i + 1 ? nr_view_trim(node(w, n->end - 1)->text) : (nr_view){"", 0};
    bool mark = text.n && (nr_ascii_digit(text.p[0]) || strchr("[*](", text.p[0]) || (unsigned char)text.p[0] >= 0x80);
    return local && length <= 5 && (n->tag == NR_HTML_sup || mark);
}

/* The inline that an element stands for; false for none. */
static bool inline_of(const writer *w, uint32_t i, nr_inline_kind *kind, nr_view *value)
{
    const nr_html_node *n = node(w, i);
    *value = (nr_view){NULL, 0};
    switch (n->tag) {
    case NR_HTML_em:
    case NR_HTML_i:
    case NR_HTML_strong:
    case NR_HTML_b:
        *kind = NR_INLINE_EMPHASIS;
        return true;
    case NR_HTML_a:
        *kind = NR_INLINE_LINK;
        *value = nr_html_attribute_of(n, "href");
        return value->n > 0;
    case NR_HTML_abbr:
        *kind = NR_INLINE_ABBR;
        *value = nr_html_attribute_of(n, "title");
        return value->n > 0;
    case NR_HTML_sub:
        *kind = NR_INLINE_SUB;
        return true;
    case NR_HTML_sup:
        *kind = NR_INLINE_SUP;
        return true;
    case NR_HTML_code:
    case NR_HTML_kbd:
    case NR_HTML_samp:
    case NR_HTML_tt:
        *kind = NR_INLINE_CODE;
        return true;
    default:
        return false;
    }
}

/* Returns how many inlines were opened, to be closed where the element ends. */
static int open_inlines(writer *w, uint32_t i)
{
    nr_inline_kind kind;
    nr_view value, lang = nr_html_attribute_of(node(w, i), "lang");
    int opened = 0;
    if (is_note_mark(w, i)) {
        nr_compose_open(w->out, NR_INLINE_SILENT, (nr_view){NULL, 0});
        return 1;
    }
    if (inline_of(w, i, &kind, &value)) {
        nr_compose_open(w->out, kind, value);
        opened++;
    }
    if (lang.n >= 2 && lang.n < 36) {
        nr_compose_open(w->out, NR_INLINE_LANG, lang);
        opened++;
    }
    nr_html_hint hints[NR_HTML_HINTS];
    int count = nr_html_hints(w->page, i, hints);
    for (int k = 0; k < count; k++, opened++)
        nr_compose_open(w->out, hints[k].kind, nr_view_of(hints[k].value));
    return opened;
}

typedef struct open_list {
    uint32_t ends[STACK];
    size_t depth;
} open_list;

static void open_element(writer *w, open_list *list, uint32_t i)
{
    if (list->depth + 2 + NR_HTML_HINTS > STACK)
        return;
    for (int count = open_inlines(w, i); count > 0; count--)
        list->ends[list->depth++] = node(w, i)->end;
}

static void write_text(writer *w, const nr_html_run *r, bool raw)
{
    uint32_t above[STACK];
    size_t ancestors = 0;
    open_list list = {.depth = 0};
    bool label = false;  /* "Abstract:" ended an element, which style sheets set apart */
    uint32_t quoted = 0; /* the end of a <q>, which browsers put in quotation marks */
    for (uint32_t i = node(w, r->from)->parent; i != r->box && i && ancestors < STACK; i = node(w, i)->parent)
        above[ancestors++] = i;
    for (size_t k = 0; k < ancestors && !quoted; k++)
        quoted = node(w, above[k])->tag == NR_HTML_q && node(w, above[k])->end ? node(w, above[k])->end : 0;
    if (quoted)
        nr_compose_text(w->out, NR_LIT("\xE2\x80\x9C"));
    while (ancestors-- > 0)
        open_element(w, &list, above[ancestors]);
    for (uint32_t i = r->from; i < r->to; i++) {
        const nr_html_node *n = node(w, i);
        if (quoted && i >= quoted) {
            nr_compose_text(w->out, NR_LIT("\xE2\x80\x9D"));
            quoted = 0;
        }
        for (; list.depth && list.ends[list.depth - 1] <= i; list.depth--)
            nr_compose_close(w->out);
        if (w->page->dead[i])
            i = n->end - 1;
        else if (n->tag == NR_HTML_TEXT && raw)
            nr_compose_raw(w->out, n->text);
        else if (n->tag == NR_HTML_TEXT) {
            if (label && n->text.n && nr_ascii_alpha(n->text.p[0]))
                nr_compose_text(w->out, NR_LIT(" "));
            nr_compose_text(w->out, n->text);
            label = nr_view_ends(n->text, NR_LIT(":")) || (label && !n->text.n);
        } else if (n->tag == NR_HTML_br)
            nr_compose_text(w->out, NR_LIT(" "));
        else
            open_element(w, &list, i);
        if (n->tag == NR_HTML_q && !quoted && !w->page->dead[i]) {
            nr_compose_text(w->out, NR_LIT("\xE2\x80\x9C"));
            quoted = n->end;
        }
    }
    if (quoted)
        nr_compose_text(w->out, NR_LIT("\xE2\x80\x9D"));
    for (; list.depth; list.depth--)
        nr_compose_close(w->out);
}

static nr_block block_of(writer *w, const nr_html_run *r, const nr_html_place *p)
{
    nr_block b = {.kind = NR_BLOCK_PARAGRAPH};
    if (p->note) {
        b.kind = NR_BLOCK_FOOTNOTE;
        b.flags = NR_BLOCK_SILENT;
    } else if (p->pre) {
        b.kind = NR_BLOCK_CODE;
        b.flags = NR_BLOCK_SILENT;
    } else if (p->heading) {
        b.kind = NR_BLOCK_HEADING;
        b.level = (uint8_t)p->heading;
    } else if (p->li && p->li != w->last_item) {
        b.kind = NR_BLOCK_ITEM;
        b.level = p->depth ? p->depth : 1;
        b.number = item_number(w, p->li);
        w->last_item = p->li;
    } else if (p->quote) {
        b.kind = NR_BLOCK_QUOTE;
    }
    for (uint32_t i = r->box; i; i = node(w, i)->parent) {
        nr_view lang = nr_html_attribute_of(node(w, i), "lang");
        if (lang.n >= 2 && lang.n < 36) {
            const char *own = w->page->doc->metadata.language;
            if (!(own && nr_view_eq_nocase(nr_view_of(own), lang)))
                b.lang = nr_document_add_language(w->page->doc, nr_arena_string(&w->page->doc->arena, lang));
            break;
        }
    }
    return b;
}

/* ---------------------------------------------------------------- the whole */

/* <hr> between two runs of the article. */
static void write_breaks(writer *w, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to && i > 0; i++)
        if (node(w, i)->tag == NR_HTML_hr && !w->page->dead[i] && w->judge.body) {
            nr_compose_begin(w->out, (nr_block){.kind = NR_BLOCK_BREAK});
            nr_compose_end(w->out);
            return;
        }
}

/* "the report: https://example.org/report" */
static void write_links(writer *w, const nr_html_run *r)
{
    for (uint32_t i = r->from; i < r->to; i++) {
        uint32_t a = node(w, i)->tag == NR_HTML_a ? i : i == r->from ? node(w, i)->parent : 0;
        nr_view to = a && node(w, a)->tag == NR_HTML_a ? nr_html_attribute_of(node(w, a), "href") : (nr_view){NULL, 0};
        if (!nr_view_starts_nocase(to, NR_LIT("http")) || w->page->dead[a])
            continue;
        nr_compose_begin(w->out, (nr_block){.kind = NR_BLOCK_LINK, .flags = NR_BLOCK_SILENT});
        nr_compose_text(w->out, nr_html_text_below(w->page, a, 200));
        nr_compose_text(w->out, NR_LIT(": "));
        nr_compose_text(w->out, to);
        nr_compose_end(w->out);
    }
}

/* The alternative texts of the pictures between two runs, where they are more than a name. */
static void write_alternatives(writer *w, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        if (node(w, i)->tag != NR_HTML_img || w->page->dead[i])
            continue;
        nr_view alt = nr_view_trim(nr_html_attribute_of(node(w, i), "alt"));
        if (nr_line_words(alt) >= 3 && alt.n < 1000)
            nr_compose_block(w->out, NR_BLOCK_ALT, NR_BLOCK_SILENT, alt);
    }
}

/* Whether the heading is over notes, which go on until the next that is not lower: "References". */
static bool note_heading(writer *w, uint16_t level, nr_view text)
{
    if (w->notes && level > w->notes)
        return false;
    bool notes = !w->page->all && w->judge.body && nr_furniture_heads_notes(w->page->furniture, text);
    w->notes = notes ? level : 0;
    return notes;
}

static void write_run(writer *w, const nr_html_run *r, uint32_t root)
{
    nr_html_place p = nr_html_find_place(w->page, r, root);
    table_size size;
    if (p.table && p.table != w->judged_table && is_data_table(w, p.table, &size)) {
        write_table(w, p.table, &size);
        return;
    }
    nr_view text = nr_html_run_text(w->page, r, NR_HTML_JUDGED);
    uint32_t skip = nr_html_tail_end(&w->judge, r, &p, text, root);
    if (skip) {
        w->skip = skip;
        return;
    }
    nr_html_verdict v = nr_html_judge_run(&w->judge, r, &p, text);
    if (v == NR_HTML_DROP)
        return;
    if (p.heading && note_heading(w, p.heading, text))
        return;
    p.note |= w->notes > 0;
    nr_block b = v == NR_HTML_SAY ? block_of(w, r, &p)
                                  : (nr_block){.kind = NR_BLOCK_CAPTION, .flags = NR_BLOCK_SILENT};
    if (b.kind == NR_BLOCK_CODE)
        nr_compose_left_out(w->out, NR_BLOCK_CODE, 0);
    nr_compose_begin(w->out, b);
    write_text(w, r, b.kind == NR_BLOCK_CODE);
    nr_compose_end(w->out);
    if (w->page->links && v == NR_HTML_SAY)
        write_links(w, r);
    if (v == NR_HTML_SAY && !p.heading) {
        w->judge.body += r->length;
        w->judge.last = r->to;
    }
}

static void write_root(writer *w, uint32_t root)
{
    uint32_t end = node(w, root)->end, before = root;
    for (size_t i = nr_html_first_run(w->page, root); i < w->page->run_count && w->page->runs[i].from < end; i++) {
        const nr_html_run *r = &w->page->runs[i];
        if (r->from < w->done || r->from < w->skip)
            continue;
        write_breaks(w, before, r->from);
        write_alternatives(w, before, r->from);
        w->judge.picture = nr_html_picture_in(w->page, before, r->from);
        write_run(w, r, root);
        before = r->to;
        if (w->done < r->to)
            w->done = r->to;
        nr_arena_reset(&w->page->arena);
        if (w->out->failed)
            return;
    }
}

/* The block that a place of the text is in, or the one before it. */
static size_t block_at(const nr_document *doc, uint32_t at)
{
    size_t low = 0, high = doc->block_count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (doc->blocks[middle].span.start <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Takes blocks away, with the inlines that are in them. */
static void drop_blocks(nr_document *doc, const bool *gone)
{
    size_t blocks = 0, inlines = 0;
    for (size_t i = 0; i < doc->inline_count; i++)
        if (!gone[block_at(doc, doc->inlines[i].span.start)])
            doc->inlines[inlines++] = doc->inlines[i];
    for (size_t i = 0; i < doc->block_count; i++)
        if (!gone[i])
            doc->blocks[blocks++] = doc->blocks[i];
    doc->block_count = blocks;
    doc->inline_count = inlines;
}

/* Headings and breaks behind the last paragraph lead to nothing, and neither does "See also" when what it headed was
 * left out. */
static nr_status drop_idle(const nr_html_page *page, const nr_composer *out, size_t from)
{
    nr_document *doc = page->doc;
    bool any = false; /* something is said further down */
    bool *gone = calloc(doc->block_count + 1, sizeof *gone);
    bool said[7] = {false}; /* below a heading of this level, before the next one that is not lower */
    if (!gone)
        return NR_ENOMEM;
    for (size_t i = doc->block_count; i-- > from;) {
        const nr_block *b = &doc->blocks[i];
        uint8_t level = b->level < 1 ? 1 : b->level > 6 ? 6 : b->level;
        if (b->kind == NR_BLOCK_HEADING) {
            nr_view text = nr_view_sub(out->text.p, b->span.start, b->span.end);
            gone[i] = !any || (!said[level] && nr_furniture_tail(page->furniture, text));
            memset(said + level, 0, (size_t)(7 - level) * sizeof *said);
        } else if (b->kind == NR_BLOCK_BREAK) {
            gone[i] = !any;
        } else if (!(b->flags & NR_BLOCK_SILENT)) {
            memset(said, 1, sizeof said);
            any = true;
        }
    }
    drop_blocks(doc, gone);
    free(gone);
    return NR_OK;
}

nr_status nr_html_write(nr_html_page *page, nr_composer *out)
{
    writer w = {.page = page, .out = out};
    size_t before = page->doc->block_count;
    nr_html_judge_init(&w.judge, page);
    for (size_t i = 0; i < page->root_count; i++)
        w.judge.total += page->inside[page->roots[i]];
    for (size_t i = 0; i < page->root_count && !out->failed; i++)
        write_root(&w, page->roots[i]);
    nr_compose_end(out);
    nr_html_judge_free(&w.judge);
    return out->failed || page->all ? out->failed : drop_idle(page, out, before);
}
