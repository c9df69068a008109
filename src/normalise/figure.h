/* figure.h - quantities that are more than one figure: "10-20", "2½", "4 x 100". */
#ifndef NR_NORMALISE_FIGURE_H
#define NR_NORMALISE_FIGURE_H

#include "normalise/engine.h"

/* The words for what the match holds, as a quantity of something. */
void nr_say_quantity(nr_run *r, const nr_match *m);
/* A proper fraction, "1/2", of which one says "half a mile" or "half mile": what follows is singular. */
bool nr_is_fraction(const nr_run *r, const nr_match *m);
/* fraction.c */
bool nr_rule_fraction(nr_run *r, uint32_t *at, const nr_match *m);
void nr_say_fraction(nr_run *r, uint64_t above, uint64_t below, nr_span s);
/* The same behind "and": "a half", "a quarter". */
void nr_say_mixed(nr_run *r, uint64_t above, uint64_t below, nr_span s);
/* The words of ½ and its like, as they stand alone, or behind "and". */
const char *nr_vulgar(const nr_run *r, nr_span sign, bool behind);
/* range.c: "10-20", "2-0", "3:1", "24/7" */
bool nr_rule_range(nr_run *r, uint32_t *at, const nr_match *m);
bool nr_rule_mark(nr_run *r, uint32_t *at, const nr_match *m); /* range.c: 120/80, rated 7/10 */
/* measure.c: "/kg", "/100 km" behind a unit or figure: its end, or `at`; units_only: not "/person". */
uint32_t nr_say_per_unit(nr_run *r, uint32_t at, bool units_only);
uint32_t nr_say_unit_behind_power(nr_run *r, uint32_t at);
void nr_say_by_behind(nr_run *r, uint32_t *at); /* the x between two lengths, when the first has been said */
/* sport.c: odds, "215-6", "2m4f", "12.11 (83)" */
bool nr_rule_sport(nr_run *r, uint32_t *at, const nr_match *m);
/* A set of tennis to love, by the one beside it. */
bool nr_is_set(const nr_run *r, nr_span a, nr_span b, uint32_t end);
/* A word of results stands within a few words before `start`, or right behind `end`: "lost to Leeds 1-3". */
bool nr_near_result(const nr_run *r, uint32_t start, uint32_t end);
/* code.c: telephone numbers, versions, addresses of houses and machines */
bool nr_rule_code(nr_run *r, uint32_t *at, const nr_match *m);
bool nr_rule_house(nr_run *r, uint32_t *at, const nr_match *m);
bool nr_street_follows(const nr_run *r, uint32_t end);
bool nr_rule_digits_letters(nr_run *r, uint32_t *at, const nr_match *m);

#endif
