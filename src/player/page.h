/* page.h - the article's text on the screen: wrapped, flowing past the spoken line, with the spoken sentence and word lit.
 * For screen.c, between its head and its foot; ncurses must be up. */
#ifndef NR_PLAYER_PAGE_H
#define NR_PLAYER_PAGE_H

#if NR_HAVE_SCREEN

#include "player/article.h"
#include "player/engine.h"
#include "player/layout.h"

enum { PAGE_CACHE = 64 };
enum { PAIR_SENTENCE = 1, PAIR_WORD, PAIR_BAR }; /* of colours */

/* A block's lines at the width in hand. */
typedef struct page_block {
    size_t block, count;
    layout_line *lines;
} page_block;

typedef struct page {
    article *shown;
    bool colours;
    bool reorder; /* right-to-left text: the terminal does not do it */
    int y, rows;  /* of the screen */
    page_block cache[PAGE_CACHE];
    int width;    /* of the text in the cache */
    size_t top_block, top_line;
    bool anchored; /* the top is settled */
} page;

void page_clear(page *p);
/* A line in the order of the screen, cut to a number of columns, which it tells by three dots; gives the columns that it
 * took. */
int page_put(const page *p, int y, int x, const char *text, int columns);
void page_draw(page *p, article *a, const engine_state *e, int y, int rows);
/* The place of the text at a place of the screen; false where there is none. */
bool page_at(page *p, int y, int x, uint32_t *at);

#endif
#endif
