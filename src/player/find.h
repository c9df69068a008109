/* find.h - words in a text, whatever their case, their white space and the style of their quotation marks and hyphens. */
#ifndef NR_PLAYER_FIND_H
#define NR_PLAYER_FIND_H

#include "narrate.h"

/* The first place at `from` or after it. */
bool find_text(nr_view text, size_t from, const char *wanted, uint32_t *at);

#endif
