/* scan.h - the shapes that written things have, before anybody asks what they mean. The rules stand in scan.re, from
 * which re2c makes the scanners; the longest match wins, of equal ones the first. */
#ifndef NR_NORMALISE_SCAN_H
#define NR_NORMALISE_SCAN_H

#include "base/view.h"

typedef enum nr_shape {
    NR_SHAPE_NONE,
    /* numbers; part 0 is the first figure unless said otherwise */
    NR_SHAPE_FIGURE,     /* 12  1,250  3.5  .267 */
    NR_SHAPE_ORDINAL,    /* 1st; part 1 the suffix */
    NR_SHAPE_DECADE,     /* 1990s  20's */
    NR_SHAPE_COLON2,     /* 20:16  3:1 */
    NR_SHAPE_COLON3,     /* 2:03:59; part 3 the fraction of the seconds */
    NR_SHAPE_SLASH2,     /* 2/3  24/7  5/8ths */
    NR_SHAPE_SLASH3,     /* 03/04/2021 */
    NR_SHAPE_MIXED,      /* 1 1/2  3-1/2 */
    NR_SHAPE_VULGAR,     /* 2½; part 1 the sign */
    NR_SHAPE_DASH2,      /* 10-20 */
    NR_SHAPE_WIDE_DASH2, /* 10 – 20 */
    NR_SHAPE_DASH3,      /* 2021-04-03  4-4-2 */
    NR_SHAPE_DASHES,     /* four groups and more */
    NR_SHAPE_DOTS3,      /* 2.0.1  03.04.2021 */
    NR_SHAPE_DOTS,       /* 10.0.0.1 */
    NR_SHAPE_PHONE,      /* the whole is part 0 */
    NR_SHAPE_FEET,       /* 6'2" */
    NR_SHAPE_POWER,      /* 10^6 */
    NR_SHAPE_E,          /* 2.5e10 */
    NR_SHAPE_BY,         /* 4x4  4 x 100 */
    /* words; part 0 the letters, part 1 a suffix of plural or possessive */
    NR_SHAPE_DOTTED,     /* U.S.  J.K.  a.m. */
    NR_SHAPE_INITIALS,   /* J. K.  A. */
    NR_SHAPE_CAPITALS,   /* BBC  MPs  R&D  VIII */
    NR_SHAPE_CODE,       /* F-16  H2O; part 1 the digits, part 2 the rest */
    NR_SHAPE_POSTCODE,   /* SW1A 1AA; part 0 and 1 the halves */
    /* addresses of the net */
    NR_SHAPE_URL,        /* part 0 the scheme, 1 the host, 2 the rest */
    NR_SHAPE_MAIL,       /* part 0 the name, 1 the host */
    NR_SHAPE_FILE,       /* part 0 the name, 1 the ending */
    NR_SHAPE_PATH,       /* /usr/bin  C:\temp  r/books; the whole is part 0 */
    NR_SHAPE_ENDING,     /* .zip; part 0 the letters */
    NR_SHAPE_TAG         /* #Name  @name; part 0 the name */
} nr_shape;

enum { NR_PARTS = 4 };

typedef struct nr_match {
    nr_shape shape;
    uint32_t end;
    nr_span part[NR_PARTS]; /* empty where the shape has none */
} nr_match;

/* The shape of what begins at text[at], looking no further than `end`, nor than a window that no sensible thing exceeds,
 * so that no text is scanned again and again. False when there is none. */
bool nr_scan_number(const char *text, uint32_t at, uint32_t end, nr_match *m);
bool nr_scan_word(const char *text, uint32_t at, uint32_t end, nr_match *m);
bool nr_scan_web(const char *text, uint32_t at, uint32_t end, nr_match *m);

#endif
