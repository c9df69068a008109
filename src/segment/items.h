/* items.h - a sentence as what is said, word by word, and how good each place between two words is for a breath. Inside
 * src/segment only. */
#ifndef NR_SEGMENT_ITEMS_H
#define NR_SEGMENT_ITEMS_H

#include "segment/utterance.h"

/* Places between two words, the worst first. */
typedef enum nr_place {
    NR_PLACE_INSIDE,   /* of what was one token */
    NR_PLACE_JOINED,   /* inside a name, a short quotation, between a figure and what it counts */
    NR_PLACE_LEANING,  /* behind an article or preposition */
    NR_PLACE_ANY,
    NR_PLACE_WEAK, NR_PLACE_FAIR, NR_PLACE_GOOD, /* before words of rank 1, 2, 3 */
    NR_PLACE_COMMA,
    NR_PLACE_CLAUSE,   /* a cut is good unless a scrap is left */
    NR_PLACE_BORDER    /* of an aside or a quotation that is said by itself */
} nr_place;

typedef struct nr_item {
    nr_view say;
    nr_span span;
    uint16_t flags;        /* NR_WORD_... */
    uint8_t place, pause;  /* behind it; nr_place, nr_pause */
    char mark;             /* ',' or 0: said behind it inside an utterance */
    bool same_token;       /* as the next */
    bool own_pause;        /* pause_ms is the author's */
    uint16_t pause_ms;
    int16_t rate, pitch;   /* the author's; rate 0: none */
    const char *lang;      /* the author's, or NULL */
    bool name, figure;     /* begins with a capital; a number of some kind */
    bool aside, quoted;    /* in brackets, in a quotation, that is said by itself */
    uint8_t opens, closes; /* brackets (BRACKET) and quotations (QUOTE) before and behind it */
} nr_item;

enum { NR_MARKS_BRACKET = 1, NR_MARKS_QUOTE = 2 };

typedef struct nr_items {
    nr_arena *arena;
    nr_item *p;
    size_t n, cap;
    char end;        /* how it ends: '.', '?', '!', ',' (a list goes on) */
    bool stopped;    /* it has a stop of its own */
    bool ellipsis;   /* which is an ellipsis */
    uint8_t pending; /* opened before the next word */
    nr_status failed;
} nr_items;

/* Fills it from a sentence's tokens. it->failed tells whether memory was there. */
void nr_items_fill(nr_items *it, const nr_cutting *how, const nr_token *tokens, size_t count);

/* Where to cut: sets ends[i] for the item behind which utterance number i ends, the last one being it->n, and gives their
 * number; 0 when out of memory. Takes time in proportion to it->n. */
size_t nr_items_cut(const nr_items *it, const nr_cutting *how, size_t **ends);

#endif
