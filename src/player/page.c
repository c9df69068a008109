#include "player/page.h"

#if NR_HAVE_SCREEN

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "player/bidi.h"

enum { MARGIN = 1, WIDEST = 76 }; /* columns */

void page_clear(page *p)
{
    for (size_t i = 0; i < PAGE_CACHE; i++) {
        free(p->cache[i].lines);
        p->cache[i] = (page_block){0};
    }
    p->shown = NULL;
    p->anchored = false;
}

/* ---------------------------------------------------------------- lines */

static int indent_of(const nr_block *b)
{
    return b->kind == NR_BLOCK_ITEM ? 2 * (b->level ? b->level : 1) : b->kind == NR_BLOCK_QUOTE ? 2 : 0;
}

static int width_of(const nr_block *b)
{
    int room = COLS - indent_of(b) - 2 * MARGIN;
    return room > WIDEST ? WIDEST : room > 4 ? room : 4;
}

static const page_block *lines_of(page *p, size_t block)
{
    static const page_block none = {0};
    const article *a = p->shown;
    page_block *c = &p->cache[block % PAGE_CACHE];
    if (c->lines && c->block == block)
        return c;
    free(c->lines);
    c->block = block;
    c->count = layout_block(a->text, a->blocks[block].span, width_of(&a->blocks[block]), &c->lines);
    return c->lines ? c : &none;
}

static size_t line_of(page *p, size_t block, uint32_t at)
{
    const page_block *c = lines_of(p, block);
    size_t i = 0;
    while (i + 1 < c->count && c->lines[i + 1].start <= at)
        i++;
    return i;
}

/* Goes a row up or down from a line; blocks have an empty row between them, which is line `count` of the one above. */
static bool step_up(page *p, size_t *block, size_t *line)
{
    if (*line > 0) {
        --*line;
        return true;
    }
    if (*block == 0)
        return false;
    --*block;
    *line = lines_of(p, *block)->count;
    return true;
}

static bool step_down(page *p, size_t *block, size_t *line)
{
    if (*line < lines_of(p, *block)->count) {
        ++*line;
        return true;
    }
    if (*block + 1 >= p->shown->block_count)
        return false;
    ++*block;
    *line = 0;
    return true;
}

/* Keeps the top where it is as long as the spoken line is well inside; else the spoken line goes to the upper third. */
static void settle_top(page *p, size_t block, size_t line)
{
    if (p->anchored) {
        size_t b = p->top_block, l = p->top_line;
        int y = 0;
        while ((b != block || l != line) && y < p->rows && step_down(p, &b, &l))
            y++;
        if (b == block && l == line && y < p->rows - 1 - p->rows / 6)
            return;
    }
    p->top_block = block;
    p->top_line = line;
    for (int i = 0; i < p->rows / 4; i++)
        if (!step_up(p, &p->top_block, &p->top_line))
            break;
    p->anchored = true;
}

/* The cells of a line from left to right, and the column of the first. */
static size_t cells_of(const page *p, const nr_block *b, layout_line line, bidi_cell *cells, int *x)
{
    nr_view text = p->shown->text;
    bool to_left = bidi_rightward(text, b->span);
    size_t n = bidi_line(text, line, to_left, p->reorder, cells);
    int used = 0;
    for (size_t i = 0; i < n; i++)
        used += cells[i].columns;
    *x = MARGIN + indent_of(b);
    if (to_left && p->reorder && used < width_of(b))
        *x = MARGIN + width_of(b) - used;
    return n;
}

int page_put(const page *p, int y, int x, const char *text, int columns)
{
    bidi_cell cells[BIDI_CELLS];
    nr_view view = {text, strlen(text)};
    layout_line line = {0, 0};
    int used = 0, whole = 0, width;
    for (wchar_t c; line.end < view.n && whole <= columns; whole += width)
        line.end += (uint32_t)layout_char(text + line.end, text + view.n, &c, &width);
    bool cut = whole > columns;
    size_t n = bidi_line(view, line, bidi_rightward(view, (nr_span){0, line.end}), p->reorder, cells);
    move(y, x);
    for (size_t i = 0; i < n && used + cells[i].columns <= columns - cut; used += cells[i++].columns)
        addwstr(cells[i].c);
    if (cut && columns > 0) {
        addwstr(L"\u2026");
        used++;
    }
    return used;
}

/* ---------------------------------------------------------------- drawing */

static attr_t look_of(const page *p, const nr_block *b, uint32_t at, const engine_state *e, short *pair)
{
    *pair = 0;
    if (at >= e->word.start && at < e->word.end) {
        *pair = p->colours ? PAIR_WORD : 0;
        return p->colours ? A_BOLD : A_REVERSE;
    }
    if (at >= e->sentence.start && at < e->sentence.end) {
        *pair = p->colours ? PAIR_SENTENCE : 0;
        return A_BOLD;
    }
    if (b->flags & NR_BLOCK_SILENT)
        return A_DIM;
    return b->kind == NR_BLOCK_TITLE || b->kind == NR_BLOCK_HEADING ? A_UNDERLINE : A_NORMAL;
}

static void draw_bullet(int y, const nr_block *b, bool at_right, int indent)
{
    int x = at_right ? MARGIN + width_of(b) + 1 : indent - 1;
    if (b->number)
        mvprintw(y, x, "%u ", b->number);
    else
        mvaddwstr(y, x, L"\u2022");
}

static void draw_line(page *p, int y, const nr_block *b, layout_line line, bool first, const engine_state *e)
{
    bidi_cell cells[BIDI_CELLS];
    int x;
    size_t n = cells_of(p, b, line, cells, &x);
    if (first && b->kind == NR_BLOCK_ITEM)
        draw_bullet(y, b, p->reorder && bidi_rightward(p->shown->text, b->span), indent_of(b));
    move(y, x);
    for (size_t i = 0; i < n; i++) {
        short pair;
        attr_t look = look_of(p, b, cells[i].at, e, &pair);
        attr_set(look, pair, NULL);
        addwstr(cells[i].c);
    }
    attr_set(A_NORMAL, 0, NULL);
}

void page_draw(page *p, article *a, const engine_state *e, int y, int rows)
{
    if (p->shown != a || p->width != COLS)
        page_clear(p);
    p->shown = a;
    p->width = COLS;
    p->y = y;
    p->rows = rows;
    if (!a->block_count || rows <= 0)
        return;
    size_t block = article_block(a, e->word.start), line = line_of(p, block, e->word.start);
    settle_top(p, block, line);
    size_t b = p->top_block, l = p->top_line;
    for (int i = 0; i < rows; i++) {
        const page_block *c = lines_of(p, b);
        if (l < c->count)
            draw_line(p, y + i, &a->blocks[b], c->lines[l], l == 0, e);
        if (!step_down(p, &b, &l))
            break;
    }
}

bool page_at(page *p, int y, int x, uint32_t *at)
{
    bidi_cell cells[BIDI_CELLS];
    size_t b = p->top_block, l = p->top_line;
    int left;
    if (!p->shown || y < p->y || y >= p->y + p->rows)
        return false;
    for (y -= p->y; y > 0; y--)
        if (!step_down(p, &b, &l))
            return false;
    const page_block *c = lines_of(p, b);
    if (l >= c->count)
        return false;
    size_t n = cells_of(p, &p->shown->blocks[b], c->lines[l], cells, &left);
    for (size_t i = 0; i < n; left += cells[i++].columns) {
        if (x < left + cells[i].columns) {
            *at = cells[i].at;
            return true;
        }
    }
    return false;
}

#endif
