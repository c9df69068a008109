/* cues.h - a queue of the places where words begin, on their way to the ear. No lock. */
#ifndef NR_PLAYER_CUES_H
#define NR_PLAYER_CUES_H

#include "narrate.h"

/* Where a word or sentence begins: in the ring, in frames of the original; on its way to the ear, in frames of the
 * device. */
typedef struct cue {
    uint64_t frame;
    nr_span word, sentence;
    bool new_sentence;
    unsigned generation;
} cue;

typedef struct cues {
    cue *all;
    size_t first, count, cap;
} cues;

/* False when out of memory. */
bool cues_put(cues *c, cue one);
const cue *cues_peek(const cues *c); /* the first; NULL: none */
cue cues_pop(cues *c);               /* there must be one */
void cues_clear(cues *c);

#endif
