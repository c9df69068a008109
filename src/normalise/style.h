/* style.h - the habits of reading: what follows from the locale, and what --style changes. */
#ifndef NR_NORMALISE_STYLE_H
#define NR_NORMALISE_STYLE_H

#include "base/table.h"

typedef struct nr_style {
    bool us;           /* month first, "zero", American spelling; else British */
    bool guess;        /* the locale was not given: the text's own clues decide */
    bool long_years;   /* years=thousand: "two thousand and twenty-three" */
    char with_and;     /* and=yes|no: 'y' "one hundred and one", 'n' "one hundred one"; 0 by locale */
    char zero;         /* zero=oh|zero|nought: 'o', 'z', 'n' before a decimal point and in codes; 0 by locale */
    bool clock12;      /* clock=12: "eight sixteen P.M." for 20:16 */
    char url;          /* url=short|full|host: 's', 'f', 'h' */
    char symbols;      /* symbols=some|all|none: 's', 'a' (emoji and dingbats by their names), 'n' */
    bool verbatim;     /* level=verbatim: as written, only letters and signs are named */
    char punctuation;  /* punctuation=none|some|all: named aloud; 'n', 's', 'a' */
} nr_style;

/* The habits of a locale ("en-GB", "en_US.UTF-8", NULL: guess) with `spec` laid over them: "years=thousand,zero=oh".
 * spec may be NULL. An unknown switch is NR_EINVAL and the message lists those there are. */
nr_status nr_style_parse(nr_style *style, const char *locale, const char *spec, nr_error *err);
/* How American the text looks: above 0 by spelling, month-first dates and dollars; below 0 British; 0 unknown. */
int nr_style_clues(const nr_table *beginnings, nr_view text);

#endif
