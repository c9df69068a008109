/* print.h - a piece of the article as a line. */
#ifndef NR_PLAYER_PRINT_H
#define NR_PLAYER_PRINT_H

#include "narrate.h"

/* On standard output, at once: white space as single spaces, no control characters. */
void print_line(nr_view text, nr_span span);

#endif
