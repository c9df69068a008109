/* layout.h - a block's text in lines of a width, counted in the columns of a terminal. Needs a UTF-8 LC_CTYPE. */
#ifndef NR_PLAYER_LAYOUT_H
#define NR_PLAYER_LAYOUT_H

#include "narrate.h"

typedef struct layout_line {
    uint32_t start, end; /* bytes of the text; white space at the end is left out */
} layout_line;

/* Wraps [span) at `width` columns (at least 2) where lines may end by Unicode's rules (UAX 14); a word that is longer is
 * cut. *out is to be freed with free(). At least one line. Returns their number; 0 when out of memory. */
size_t layout_block(nr_view text, nr_span span, int width, layout_line **out);

/* The character at p: its bytes (at least 1) and its columns, 0 for what combines with the one before. Control characters
 * and broken bytes are one blank. */
size_t layout_char(const char *p, const char *end, wchar_t *c, int *columns);

#endif
