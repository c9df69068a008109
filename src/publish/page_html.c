#include "publish/page_html.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "publish/page_notes.h"
#include "publish/page_text.h"

enum { LISTS = 12, PIECES = 24 };

typedef struct writer {
    nr_buffer *out;
    const nr_document *doc;
    const page_words *words;
    nr_view text;
    const nr_block *blocks;
    size_t block_count;
    const nr_inline *inlines; /* those that begin at or behind the block in hand */
    size_t inline_count;
    page_notes notes;
    const char *base; /* address of the article */
    bool rtl;
    size_t index; /* of the block in hand, as the page counts */
    int heading, top; /* level of the last heading as written, and of the article's highest */
    struct {
        bool ordered;
        uint64_t next;
    } lists[LISTS];
    int depth;
    unsigned tables;
} writer;

bool page_counts(const nr_block *b) { return b->kind != NR_BLOCK_BREAK && b->kind != NR_BLOCK_LINK; }

const char *page_kind(int kind)
{
    static const char *const names[] = {"title", "byline", "date", "heading", "paragraph", "item", "quote", "caption",
                                        "row", "code", "footnote", "break", "alt", "link"};
    return kind >= 0 && kind <= NR_BLOCK_LINK ? names[kind] : "paragraph";
}

const char *page_language_of(const nr_document *doc, const char *fallback)
{
    const char *own = page_language(nr_document_metadata(doc)->language);
    if (!own)
        own = page_language(fallback);
    return own ? own : "en-GB";
}

static nr_view view(const writer *w, nr_span span) { return (nr_view){w->text.p + span.start, span.end - span.start}; }

static void put(const writer *w, const char *s) { nr_buffer_put_string(w->out, s); }

/* ---------------------------------------------------------------- within a block */

static bool is_before(const nr_inline *a, const nr_inline *b)
{
    return a->span.start != b->span.start ? a->span.start < b->span.start : a->span.end > b->span.end;
}

/* The outer before the inner. They come sorted by start, mostly so already. */
static int compare_inlines(const void *a, const void *b)
{
    const nr_inline *x = *(const nr_inline *const *)a, *y = *(const nr_inline *const *)b;
    if (is_before(x, y) || is_before(y, x))
        return is_before(x, y) ? -1 : 1;
    return x < y ? -1 : x > y;
}

typedef struct pieces {
    const char *closing[PIECES];
    uint32_t end[PIECES];
    int count;
    bool link;
    bool raw; /* the block is code itself */
} pieces;

static void put_language(writer *w, const char *tag)
{
    if (!page_language(tag))
        return;
    nr_buffer_printf(w->out, " lang=\"%s\"", tag);
    if (page_is_rtl(tag) != w->rtl)
        nr_buffer_printf(w->out, " dir=\"%s\"", w->rtl ? "ltr" : "rtl");
}

static const char *open_link(writer *w, const nr_inline *in)
{
    size_t before = w->out->n;
    put(w, "<a href=\"");
    if (page_has_shown(view(w, in->span)) && page_put_address(w->out, in->value, w->base)) {
        put(w, "\" rel=\"noopener\">");
        return "</a>";
    }
    nr_buffer_truncate(w->out, before);
    return NULL;
}

static const char *open_language(writer *w, const nr_inline *in)
{
    if (!page_language(in->value.p))
        return NULL;
    put(w, "<span");
    put_language(w, in->value.p);
    put(w, ">");
    return "</span>";
}

/* Writes the start tag. NULL: it has none on the page. */
static const char *open_piece(writer *w, const nr_inline *in, const pieces *open)
{
    switch (in->kind) {
    case NR_INLINE_EMPHASIS: put(w, "<em>"); return "</em>";
    case NR_INLINE_SUB: put(w, "<sub>"); return "</sub>";
    case NR_INLINE_SUP: put(w, "<sup>"); return "</sup>";
    case NR_INLINE_CODE:
        if (open->raw)
            return NULL;
        put(w, "<code>");
        return "</code>";
    case NR_INLINE_LINK: return open->link ? NULL : open_link(w, in);
    case NR_INLINE_LANG: return open_language(w, in);
    case NR_INLINE_ABBR:
        if (!page_has_shown(in->value))
            return NULL;
        put(w, "<abbr");
        page_put_attribute(w->out, "title", in->value);
        put(w, ">");
        return "</abbr>";
    default: return NULL;
    }
}

static void close_pieces(writer *w, pieces *open, page_flow *flow, uint32_t *at, uint32_t until)
{
    while (open->count && open->end[open->count - 1] <= until) {
        int top = --open->count;
        page_flow_put(flow, nr_view_sub(w->text.p, *at, open->end[top]));
        *at = open->end[top];
        open->link = open->link && strcmp(open->closing[top], "</a>") != 0;
        put(w, open->closing[top]);
    }
}

static void push_piece(pieces *open, const char *closing, uint32_t end)
{
    if (open->count && end > open->end[open->count - 1])
        end = open->end[open->count - 1];
    open->closing[open->count] = closing;
    open->end[open->count++] = end;
    open->link = open->link || strcmp(closing, "</a>") == 0;
}

static void write_mark(writer *w, const nr_inline *in, const pieces *open)
{
    page_mark mark;
    if (!page_notes_mark(&w->notes, view(w, in->span), &mark))
        return;
    if (open->link && mark.first)
        page_notes_forget(&w->notes, mark.note);
    if (!mark.note || open->link) {
        put(w, "<sup>");
        page_put_text(w->out, mark.label);
        put(w, "</sup>");
        return;
    }
    put(w, "<sup><a");
    if (mark.first)
        nr_buffer_printf(w->out, " id=\"mark-%u\"", mark.note);
    nr_buffer_printf(w->out, " href=\"#note-%u\" role=\"doc-noteref\" aria-label=\"", mark.note);
    page_put_word(w->out, w->words, "note", mark.note);
    nr_buffer_printf(w->out, "\">%u</a></sup>", mark.note);
}

/* Takes the inlines of a span, which come before all of any later span. */
static const nr_inline **take_inlines(writer *w, nr_span span, size_t *count)
{
    *count = 0;
    while (w->inline_count && w->inlines->span.start < span.start)
        w->inlines++, w->inline_count--;
    while (*count < w->inline_count && w->inlines[*count].span.start < span.end)
        ++*count;
    const nr_inline **list = malloc((*count + 1) * sizeof *list);
    if (!list)
        w->out->failed = NR_ENOMEM;
    for (size_t i = 0; list && i < *count; i++)
        list[i] = &w->inlines[i];
    if (list)
        qsort(list, *count, sizeof *list, compare_inlines);
    return list;
}

static void write_text(writer *w, nr_span span, bool raw)
{
    size_t count;
    const nr_inline **list = take_inlines(w, span, &count);
    page_flow flow = {.out = w->out, .space = true, .raw = raw};
    pieces open = {.raw = raw};
    uint32_t at = span.start;
    for (size_t i = 0; list && i < count; i++) {
        const nr_inline *in = list[i];
        if (in->span.start < at || in->span.end > span.end || open.count == PIECES)
            continue;
        close_pieces(w, &open, &flow, &at, in->span.start);
        page_flow_put(&flow, nr_view_sub(w->text.p, at, in->span.start));
        at = in->span.start;
        if (in->kind == NR_INLINE_SILENT) {
            uint32_t end = open.count && open.end[open.count - 1] < in->span.end ? open.end[open.count - 1] : in->span.end;
            write_mark(w, in, &open);
            at = end;
            continue;
        }
        const char *closing = open_piece(w, in, &open);
        if (closing)
            push_piece(&open, closing, in->span.end);
    }
    close_pieces(w, &open, &flow, &at, span.end);
    page_flow_put(&flow, nr_view_sub(w->text.p, at, span.end));
    free(list);
}

/* "<p data-narrate-block="3" lang="fr">" */
static void open_block(writer *w, const char *tag, const nr_block *b)
{
    nr_buffer_printf(w->out, "<%s data-narrate-block=\"%zu\"", tag, w->index);
    if (b->lang)
        put_language(w, nr_document_language(w->doc, b->lang));
    put(w, ">");
}

static void write_block(writer *w, const char *tag, const nr_block *b)
{
    open_block(w, tag, b);
    write_text(w, b->span, b->kind == NR_BLOCK_CODE);
    nr_buffer_printf(w->out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

/* ---------------------------------------------------------------- kinds of blocks */

static void close_lists(writer *w, int depth)
{
    for (; w->depth > depth; w->depth--)
        put(w, w->lists[w->depth - 1].ordered ? "</li>\n</ol>\n" : "</li>\n</ul>\n");
}

static void open_list(writer *w, uint32_t number)
{
    w->lists[w->depth].ordered = number > 0;
    w->lists[w->depth++].next = number;
    if (number > 1)
        nr_buffer_printf(w->out, "\n<ol start=\"%u\">\n", number);
    else
        put(w, number ? "\n<ol>\n" : "\n<ul>\n");
}

static void write_item(writer *w, const nr_block *b)
{
    int level = b->level < 1 ? 1 : b->level > LISTS ? LISTS : b->level;
    uint32_t number = b->number > INT32_MAX ? INT32_MAX : b->number;
    if (level > w->depth + 1)
        level = w->depth + 1;
    close_lists(w, level);
    if (w->depth == level && w->lists[level - 1].ordered != (number > 0))
        close_lists(w, level - 1);
    if (w->depth == level)
        put(w, "</li>\n");
    else
        open_list(w, number);
    put(w, "<li");
    if (number && number != w->lists[level - 1].next)
        nr_buffer_printf(w->out, " value=\"%u\"", number);
    w->lists[level - 1].next = (uint64_t)number + 1;
    put(w, ">");
    write_block(w, "span", b);
}

/* Levels go down from 2 without a gap. */
static void write_heading(writer *w, const nr_block *b)
{
    static const char *const tags[] = {"h2", "h3", "h4", "h5", "h6"};
    int level = b->level - w->top + 2;
    level = level > w->heading + 1 ? w->heading + 1 : level;
    level = level < 2 ? 2 : level > 6 ? 6 : level;
    w->heading = level;
    write_block(w, tags[level - 2], b);
}

static size_t run_of(const writer *w, size_t i, unsigned kinds)
{
    size_t n = 0;
    while (i + n < w->block_count && kinds >> w->blocks[i + n].kind & 1)
        n++;
    return n;
}

static size_t write_quotes(writer *w, size_t i)
{
    size_t n = run_of(w, i, 1u << NR_BLOCK_QUOTE);
    put(w, "<blockquote>\n");
    for (size_t k = 0; k < n; k++, w->index++)
        write_block(w, "p", &w->blocks[i + k]);
    put(w, "</blockquote>\n");
    return n;
}

/* The pictures themselves stay where they are: a page asks no other host for anything. */
static size_t write_figure(writer *w, size_t i)
{
    size_t n = run_of(w, i, 1u << NR_BLOCK_ALT);
    put(w, n ? "<figure class=\"unseen-picture\">\n" : "<figure>\n");
    for (size_t k = 0; k < n; k++, w->index++)
        write_block(w, "p", &w->blocks[i + k]);
    if (i + n < w->block_count && w->blocks[i + n].kind == NR_BLOCK_CAPTION) {
        write_block(w, "figcaption", &w->blocks[i + n++]);
        w->index++;
    }
    put(w, "</figure>\n");
    return n;
}

/* The next cell of a row; they are separated by "; ". */
static nr_view next_cell(nr_view *row)
{
    const char *end = nr_view_find(*row, NR_LIT("; "));
    nr_view cell = {row->p, end ? (size_t)(end - row->p) : row->n};
    row->n -= end ? cell.n + 2 : row->n;
    row->p += end ? cell.n + 2 : 0;
    return cell;
}

static size_t count_cells(nr_view row)
{
    size_t n = 0;
    while (row.n) {
        next_cell(&row);
        n++;
    }
    return n;
}

/* Cells from the second on that begin "Goats: " in every row are a column named so. */
static nr_view column_name(const writer *w, size_t i, size_t n, size_t column)
{
    nr_view name = {"", 0};
    for (size_t k = 0; k < n; k++) {
        nr_view row = view(w, w->blocks[i + k].span), cell = {"", 0};
        for (size_t c = 0; c <= column; c++)
            cell = next_cell(&row);
        const char *colon = nr_view_find(cell, NR_LIT(": "));
        nr_view own = {cell.p, colon ? (size_t)(colon - cell.p) : 0};
        if (!own.n || (k && !nr_view_eq(own, name)))
            return (nr_view){"", 0};
        name = own;
    }
    return name;
}

enum { COLUMNS = 16 };

static void write_row(writer *w, const nr_block *b, const nr_view *names)
{
    nr_view row = view(w, b->span);
    open_block(w, "tr", b);
    for (size_t c = 0; row.n; c++) {
        nr_view cell = next_cell(&row);
        size_t named = c < COLUMNS && names[c].n ? names[c].n + 2 : 0;
        put(w, c ? "<td>" : "<th scope=\"row\">");
        page_put_text(w->out, (nr_view){cell.p + named, cell.n - named});
        put(w, c ? "</td> " : "</th> ");
    }
    put(w, "</tr>\n");
}

static void write_column_names(const writer *w, const nr_view *names, size_t columns)
{
    bool any = false;
    for (size_t c = 0; c < columns; c++)
        any = any || names[c].n;
    if (!any)
        return;
    put(w, "<thead><tr><td></td>");
    for (size_t c = 1; c < columns; c++) {
        put(w, names[c].n ? "<th scope=\"col\">" : "<td>");
        page_put_text(w->out, names[c]);
        put(w, names[c].n ? "</th>" : "</td>");
    }
    put(w, "</tr></thead>\n");
}

static bool table_follows(const writer *w, size_t i)
{
    return i < w->block_count && w->blocks[i].kind == NR_BLOCK_ROW && !(w->blocks[i].flags & NR_BLOCK_NAME);
}

/* The names of a table's columns, where all its rows have as many cells. */
static void name_columns(const writer *w, size_t i, size_t n, nr_view names[COLUMNS])
{
    size_t columns = count_cells(view(w, w->blocks[i].span));
    for (size_t k = 1; k < n; k++)
        if (count_cells(view(w, w->blocks[i + k].span)) != columns)
            return;
    for (size_t c = 1; n > 1 && c < columns && columns <= COLUMNS; c++)
        names[c] = column_name(w, i, n, c);
    write_column_names(w, names, columns <= COLUMNS ? columns : 0);
}

/* Rows that follow each other are a table, named by the caption before them. */
static size_t write_table(writer *w, size_t i, bool captioned)
{
    size_t n = 1;
    nr_view names[COLUMNS] = {{"", 0}};
    while (table_follows(w, i + n))
        n++;
    put(w, "<div class=\"table\" role=\"region\" tabindex=\"0\"");
    if (captioned)
        nr_buffer_printf(w->out, " aria-labelledby=\"table-%u\"", w->tables);
    else
        page_put_attribute(w->out, "aria-label", page_word(w->words, "table"));
    put(w, ">\n<table>\n");
    name_columns(w, i, n, names);
    put(w, "<tbody>\n");
    for (size_t k = 0; k < n; k++, w->index++)
        write_row(w, &w->blocks[i + k], names);
    put(w, "</tbody>\n</table>\n</div>\n");
    return n;
}

static size_t write_captioned_table(writer *w, size_t i)
{
    char tag[48];
    snprintf(tag, sizeof tag, "figcaption id=\"table-%u\"", ++w->tables);
    put(w, "<figure>\n");
    write_block(w, tag, &w->blocks[i]);
    w->index++;
    size_t n = write_table(w, i + 1, true);
    put(w, "</figure>\n");
    return n + 1;
}

/* Writes a block, or several that belong together; gives how many. */
static size_t write_one(writer *w, size_t i)
{
    const nr_block *b = &w->blocks[i];
    if (b->kind != NR_BLOCK_ITEM)
        close_lists(w, 0);
    if (!page_counts(b)) {
        put(w, b->kind == NR_BLOCK_BREAK ? "<hr>\n" : "");
        return 1;
    }
    size_t before = w->index, n = 1;
    bool elsewhere = b->kind <= NR_BLOCK_DATE || b->kind == NR_BLOCK_FOOTNOTE || b->flags & NR_BLOCK_NAME;
    switch (elsewhere ? NR_BLOCK_LINK : (nr_block_kind)b->kind) {
    case NR_BLOCK_HEADING: write_heading(w, b); break;
    case NR_BLOCK_ITEM: write_item(w, b); break;
    case NR_BLOCK_QUOTE: n = write_quotes(w, i); break;
    case NR_BLOCK_ALT: n = write_figure(w, i); break;
    case NR_BLOCK_CAPTION: n = table_follows(w, i + 1) ? write_captioned_table(w, i) : write_figure(w, i); break;
    case NR_BLOCK_ROW: n = write_table(w, i, false); break;
    case NR_BLOCK_CODE:
        put(w, "<pre>");
        write_block(w, "code", b);
        nr_buffer_truncate(w->out, w->out->n ? w->out->n - 1 : 0);
        put(w, "</pre>\n");
        break;
    case NR_BLOCK_PARAGRAPH: write_block(w, "p", b); break;
    default: break; /* written with the opening, with the notes, or not at all */
    }
    w->index = before + n;
    return n;
}

/* ---------------------------------------------------------------- notes */

static void write_note(writer *w, const nr_block *b, unsigned number)
{
    nr_buffer_printf(w->out, "<li id=\"note-%u\">", number);
    nr_span span = b->span;
    span.start += page_notes_label(view(w, span));
    open_block(w, "span", b);
    write_text(w, span, false);
    put(w, "</span>");
    if (page_notes_marked(&w->notes, number)) {
        nr_buffer_printf(w->out, " <a class=\"back\" href=\"#mark-%u\" role=\"doc-backlink\"", number);
        page_put_attribute(w->out, "aria-label", page_word(w->words, "back"));
        put(w, ">\xE2\x86\xA9</a>");
    }
    put(w, "</li>\n");
}

static void write_notes(writer *w)
{
    unsigned number = 0;
    w->index = 0;
    w->inlines = nr_document_inlines(w->doc, &w->inline_count);
    for (size_t i = 0; i < w->block_count; i++) {
        const nr_block *b = &w->blocks[i];
        if (b->kind == NR_BLOCK_FOOTNOTE) {
            if (!number) {
                put(w, "<section class=\"notes\" role=\"doc-endnotes\" aria-labelledby=\"notes\">\n<h2 id=\"notes\">");
                page_put_text(w->out, page_word(w->words, "notes"));
                put(w, "</h2>\n<ol>\n");
            }
            write_note(w, b, ++number);
        }
        w->index += page_counts(b);
    }
    if (number)
        put(w, "</ol>\n</section>\n");
}

/* ---------------------------------------------------------------- the whole */

static nr_status begin(writer *w, nr_buffer *out, const nr_document *doc, const page_words *words)
{
    *w = (writer){.out = out, .doc = doc, .words = words, .text = nr_document_text(doc), .heading = 1, .top = 6};
    w->blocks = nr_document_blocks(doc, &w->block_count);
    w->inlines = nr_document_inlines(doc, &w->inline_count);
    w->base = nr_document_metadata(doc)->url;
    w->rtl = page_is_rtl(words->page);
    for (size_t i = 0; i < w->block_count; i++)
        if (w->blocks[i].kind == NR_BLOCK_HEADING && w->blocks[i].level < w->top)
            w->top = w->blocks[i].level ? w->blocks[i].level : 1;
    return page_notes_open(&w->notes, doc) ? NR_OK : NR_ENOMEM;
}

nr_status page_write_body(nr_buffer *out, const nr_document *doc, const page_words *words)
{
    writer w;
    nr_status s = begin(&w, out, doc, words);
    for (size_t i = 0; i < w.block_count && !s && !out->failed;)
        i += write_one(&w, i);
    close_lists(&w, 0);
    if (!s)
        write_notes(&w);
    page_notes_close(&w.notes);
    return s ? s : out->failed;
}

static const nr_block *first_of(writer *w, int kind)
{
    w->index = 0;
    for (size_t i = 0; i < w->block_count; i++) {
        if (w->blocks[i].kind == kind)
            return &w->blocks[i];
        w->index += page_counts(&w->blocks[i]);
    }
    return NULL;
}

/* At most so many bytes, whole words if there are any. */
static nr_view shortened(nr_view text, size_t most)
{
    size_t n = text.n < most ? text.n : most;
    while (n < text.n && n > 0 && text.p[n] != ' ' && text.p[n] != '\n')
        n--;
    for (n = n ? n : most; n < text.n && ((unsigned char)text.p[n] & 0xC0) == 0x80;)
        n--;
    return (nr_view){text.p, n < text.n ? n : text.n};
}

void page_put_title(nr_buffer *out, const nr_document *doc)
{
    size_t count;
    const nr_block *b = nr_document_blocks(doc, &count), *found = NULL;
    const char *title = nr_document_metadata(doc)->title;
    size_t before = out->n;
    if (title)
        page_put_plain(out, nr_view_of(title));
    for (size_t i = 0; i < count && !found; i++)
        found = b[i].kind == NR_BLOCK_TITLE ? &b[i] : NULL;
    for (size_t i = 0; i < count && !found; i++)
        found = b[i].kind == NR_BLOCK_HEADING ? &b[i] : NULL;
    for (size_t i = 0; i < count && !found; i++)
        found = page_has_shown(nr_view_sub(nr_document_text(doc).p, b[i].span.start, b[i].span.end)) ? &b[i] : NULL;
    if (out->n == before && found)
        page_put_plain(out, shortened(nr_view_sub(nr_document_text(doc).p, found->span.start, found->span.end), 80));
    if (out->n == before)
        nr_buffer_put_string(out, "narrate");
}

static bool is_repeated(const writer *w, const char *description)
{
    nr_view head = shortened(nr_view_of(description), 60);
    return nr_view_find(w->text, head) != NULL;
}

static void write_title(writer *w)
{
    const nr_block *b = first_of(w, NR_BLOCK_TITLE);
    if (b) {
        write_block(w, "h1", b);
        return;
    }
    nr_buffer title = NR_BUFFER_INIT(1 << 16);
    page_put_title(&title, w->doc);
    put(w, nr_document_metadata(w->doc)->title ? "<h1>" : "<h1 class=\"unseen\">");
    page_put_text(w->out, nr_buffer_view(&title));
    put(w, "</h1>\n");
    nr_buffer_free(&title);
}

static bool is_date(const char *s) { return s && strlen(s) < 36 && s[strspn(s, "0123456789-:T.Z+")] == '\0' && strlen(s) >= 4; }

static void write_date(writer *w, const nr_block *b)
{
    const char *iso = nr_document_metadata(w->doc)->date_iso;
    put(w, "<p class=\"date\">");
    if (is_date(iso)) {
        char tag[80];
        snprintf(tag, sizeof tag, "time dir=\"auto\" datetime=\"%s\"", iso);
        write_block(w, tag, b);
    } else {
        write_block(w, "span", b);
    }
    put(w, "</p>\n");
}

nr_status page_write_opening(nr_buffer *out, const nr_document *doc, const page_words *words)
{
    writer w;
    nr_status s = begin(&w, out, doc, words);
    const nr_metadata *m = nr_document_metadata(doc);
    if (s)
        return s;
    write_title(&w);
    if (m->description && page_has_shown(nr_view_of(m->description)) && !is_repeated(&w, m->description)) {
        put(&w, "<p class=\"standfirst\">");
        page_put_text(out, nr_view_of(m->description));
        put(&w, "</p>\n");
    }
    w.inlines = nr_document_inlines(doc, &w.inline_count);
    const nr_block *byline = first_of(&w, NR_BLOCK_BYLINE);
    if (byline)
        write_block(&w, "p class=\"byline\"", byline);
    w.inlines = nr_document_inlines(doc, &w.inline_count);
    const nr_block *date = first_of(&w, NR_BLOCK_DATE);
    if (date)
        write_date(&w, date);
    page_notes_close(&w.notes);
    return out->failed;
}
