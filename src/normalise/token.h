/* token.h - what the normaliser makes of written text. */
#ifndef NR_NORMALISE_TOKEN_H
#define NR_NORMALISE_TOKEN_H

#include "base/view.h"

/* Semiotic classes (Taylor 2009, Sproat & Jaitly 2016, widened). */
typedef enum nr_class {
    NR_CLASS_WORD,        /* said as written */
    NR_CLASS_PUNCTUATION, /* not said; shapes pauses */
    NR_CLASS_SILENT,      /* neither said nor a pause: zero-width characters, a footnote mark */
    NR_CLASS_LETTERS,     /* BBC, MPs, H2O */
    NR_CLASS_ABBREVIATION,
    NR_CLASS_CARDINAL,
    NR_CLASS_ORDINAL,
    NR_CLASS_DECIMAL,
    NR_CLASS_FRACTION,
    NR_CLASS_DIGITS,      /* telephone numbers, codes, versions */
    NR_CLASS_YEAR,
    NR_CLASS_DATE,
    NR_CLASS_TIME,
    NR_CLASS_MONEY,
    NR_CLASS_PERCENT,
    NR_CLASS_MEASURE,
    NR_CLASS_RANGE,
    NR_CLASS_SCORE,
    NR_CLASS_RATIO,
    NR_CLASS_ROMAN,
    NR_CLASS_ADDRESS,
    NR_CLASS_ELECTRONIC,  /* URLs, e-mail addresses, handles, file names */
    NR_CLASS_SYMBOL
} nr_class;

typedef struct nr_word {
    nr_view say;    /* UTF-8, one word without white space; for NR_WORD_LETTERS the letters, "BBC", "MPs", "MP's" */
    nr_span span;   /* what it stands for, within its token; several words may share one span */
    uint16_t flags; /* NR_WORD_... of narrate.h */
} nr_word;

typedef struct nr_token {
    nr_span span;        /* of the document's text; tokens are in order and do not overlap */
    uint8_t class;       /* nr_class */
    uint16_t word_count; /* 0 with class WORD: the span's text is said as it is */
    const nr_word *words;
    const char *rule;    /* static: which rule made it, for --explain */
} nr_token;

#endif
