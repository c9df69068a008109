/* continental.h - what German and French have in common: a decimal comma, points or blanks between thousands, and units,
 * currencies and months that CLDR names. A language is a struct of words and a few rules of its own. */
#ifndef NR_NORMALISE_CONTINENTAL_H
#define NR_NORMALISE_CONTINENTAL_H

#include "normalise/engine.h"

typedef struct nr_cfigure {
    nr_span all, whole, fraction; /* "1.250,50"; fraction is empty where there is none */
    uint64_t value;               /* of the whole part */
    bool grouped;                 /* it has separators of thousands: no year, no day */
} nr_cfigure;

typedef struct nr_continent {
    const char *comma, *dot, *to, *score, *per, *minus;
    nr_form years;               /* NR_FORM_YEAR, or NR_FORM_CARDINAL where years are read as numbers */
    bool fraction_as_number;     /* "virgule quatorze"; else digit by digit */
    bool telephone_by_pairs;     /* "douze trente-quatre"; else digit by digit */
    bool (*date)(nr_run *r, uint32_t *at, const nr_cfigure *f);
    bool (*time)(nr_run *r, uint32_t *at, const nr_cfigure *f);
    bool (*ordinal)(nr_run *r, uint32_t *at, const nr_cfigure *f);
    /* Says "two thirds", behind a whole number where there is one. */
    void (*fraction)(nr_run *r, uint64_t whole, uint64_t above, uint64_t below, nr_span s);
} nr_continent;

bool nr_cfigure_at(const nr_run *r, uint32_t at, nr_cfigure *f);
/* Fractions, scores, versions, telephone numbers; "½" alone. */
bool nr_continental_shape(nr_run *r, uint32_t *at, const nr_continent *c);
bool nr_continental_vulgar(nr_run *r, uint32_t *at, const nr_continent *c);
/* Whatever begins with a digit. */
bool nr_continental_number(nr_run *r, uint32_t *at, const nr_continent *c);
/* A currency's sign before a figure, a minus, and else a sign. */
bool nr_continental_sign(nr_run *r, uint32_t *at, const nr_continent *c);
bool nr_continental_word(nr_run *r, uint32_t *at);
/* A month's name or short form at `at`, as CLDR has them: 1-12 and its end, past a full stop. */
int nr_month_at(nr_run *r, uint32_t at, uint32_t *end);
void nr_say_month(nr_run *r, int month, uint32_t from, uint32_t to);
/* The end of the word of figure `f` when it is two figures with dots and a year: "3.4.2023", "03/04/2023"; parts in d, m, y. */
bool nr_numeric_date(const nr_run *r, uint32_t at, nr_span *d, nr_span *m, nr_span *y);
/* A year behind a date; the place behind it. */
uint32_t nr_say_year_behind(nr_run *r, uint32_t at, nr_form form);

#endif
