/* cldr.h - names from CLDR by ICU, so that a language needs no tables of them. */
#ifndef NR_NORMALISE_CLDR_H
#define NR_NORMALISE_CLDR_H

#include "base/arena.h"

typedef struct nr_cldr nr_cldr;

nr_cldr *nr_cldr_new(const char *locale); /* NULL: out of memory */
void nr_cldr_free(nr_cldr *c);
const char *nr_cldr_month(nr_cldr *c, int month, bool abbreviated); /* 1-12 */
/* By ISO 4217 and by CLDR's name of a unit, "length-kilometer". False when there is none. */
bool nr_cldr_currency(nr_cldr *c, nr_view iso, bool plural, nr_arena *arena, nr_view *out);
bool nr_cldr_unit(nr_cldr *c, nr_view unit, bool plural, nr_arena *arena, nr_view *out);

#endif
