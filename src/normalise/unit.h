/* unit.h - units behind figures. */
#ifndef NR_NORMALISE_UNIT_H
#define NR_NORMALISE_UNIT_H

#include "normalise/engine.h"

enum { UNIT_MOST = 12 }; /* bytes of one as it is written */

/* A unit's row of units.tsv at `at`, behind a figure that ends there; *s is its extent. NULL when there is none. */
const nr_row *nr_unit_at(const nr_run *r, uint32_t at, nr_span *s);
/* Its name; where Americans listen, as they write it: "kilometers", which voices say another way. */
void nr_say_unit(nr_run *r, nr_view name, nr_span s);
/* An x or × at `at` with a figure behind, which multiplies two lengths: its end, or 0. */
uint32_t nr_by_end(const nr_run *r, uint32_t at);

#endif
