/* scan.h - one sentence being looked for: the text around a place, and the tables. Inside src/segment only. */
#ifndef NR_SEGMENT_SCAN_H
#define NR_SEGMENT_SCAN_H

#include "base/table.h"
#include "base/utf8.h"
#include "segment/sentence.h"
#include "segment/signs.h"

enum { NR_SENTENCE_MAX = 8192, NR_SCAN_WORD = 24, NR_SCAN_RUN = 256 };

struct nr_splitter {
    nr_table *stops, *words;
};

typedef struct nr_scan {
    const nr_splitter *tables;
    const char *text;
    uint32_t start, end; /* of the sentence so far; of the text that there is */
    bool block;          /* line breaks are spaces */
    bool touched;        /* the decision looked at what is beyond end: more text might change it */
    uint32_t marker;     /* the number of the list item that the sentence begins with, 0 for none */
    uint32_t body;       /* where the sentence begins behind its list marker */
    char marker_style;   /* '.' or ')' */
} nr_scan;

/* The byte at `at`, 0 at the end. */
static inline char nr_scan_byte(nr_scan *s, uint32_t at)
{
    if (at < s->end)
        return s->text[at];
    s->touched = true;
    return 0;
}

/* The code point at `at` and its bytes; 0 and 0 at the end. */
static inline uint32_t nr_scan_code(nr_scan *s, uint32_t at, uint32_t *length)
{
    int n;
    if (at >= s->end) {
        s->touched = true;
        *length = 0;
        return 0;
    }
    uint32_t code = nr_utf8_decode(s->text + at, s->text + s->end, &n);
    if (code == NR_REPLACEMENT && s->end - at < 4)
        s->touched = true;
    *length = (uint32_t)n;
    return code;
}

/* Past white space, but no further than a run of NR_SENTENCE_MAX bytes. */
static inline uint32_t nr_scan_space(nr_scan *s, uint32_t at)
{
    uint32_t n, code, from = at;
    while ((code = nr_scan_code(s, at, &n)) && nr_code_is_space(code) && at - from < NR_SENTENCE_MAX)
        at += n;
    return at;
}

/* The word that ends at `at` or begins there; a word is letters and digits, before a stop also inner stops. At most
 * NR_SCAN_WORD bytes. */
nr_view nr_word_before(const nr_scan *s, uint32_t at);
nr_view nr_word_at(nr_scan *s, uint32_t at);
/* What the tables say of a word, whatever its case: an empty view when nothing. */
nr_view nr_stop_kind(const nr_scan *s, nr_view word);
nr_view nr_word_kind(const nr_scan *s, nr_view word);

/* "2." or "2)" or "2.)" or "b." before a space at `at`: its number (letters count from 1000), how it is written and its
 * bytes; 0 for none. */
uint32_t nr_marker_at(nr_scan *s, uint32_t at, char *style, uint32_t *length);

/* A stop at `at`: true with *after past it, its closing quotes and what else belongs to it when the sentence ends there;
 * else *after is where to go on, beyond `at`. An end may lie before *after's stop (at least at `at` + 1). */
bool nr_ends_at_stop(nr_scan *s, uint32_t at, uint32_t *after);

#endif
