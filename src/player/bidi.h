/* bidi.h - the characters of a line in the order in which they stand on the screen, by ICU's bidirectional algorithm
 * (UAX #9). Needs a UTF-8 LC_CTYPE. */
#ifndef NR_PLAYER_BIDI_H
#define NR_PLAYER_BIDI_H

#include <wchar.h>

#include "player/layout.h"

enum { BIDI_CELLS = 512 }; /* of a line at most */

/* A character with what combines with it. */
typedef struct bidi_cell {
    uint32_t at;    /* byte of the text */
    wchar_t c[6];   /* ends with 0 */
    int columns;
} bidi_cell;

/* Whether a block reads from right to left: its first letter that has a direction decides. */
bool bidi_rightward(nr_view text, nr_span block);

/* The line's cells from left to right, at most BIDI_CELLS. reorder: false where the terminal does it; the cells are then as
 * they are read. Resolved within the line, for which the block's direction is taken as the surroundings. */
size_t bidi_line(nr_view text, layout_line line, bool right_to_left, bool reorder, bidi_cell *cells);

#endif
