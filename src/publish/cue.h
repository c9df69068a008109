/* cue.h - a passage cut into captions of at most two lines.
 *
 * The cheapest way by dynamic programming: ends at sentences and phrases cost little, between article and noun much; what
 * is too fast to read, too short or too long to stand costs more. Limits as in the published guides of Netflix and the BBC:
 * 42 columns, two lines, 20 characters a second, 1 to 7 seconds, no overlap, no gap shorter than half a second. */
#ifndef NR_PUBLISH_CUE_H
#define NR_PUBLISH_CUE_H

#include "publish/phrase.h"

typedef struct cue_limits {
    unsigned columns, lines; /* 42, and 1 or 2 */
    double speed;            /* characters a second: 20 */
    double shortest, longest, gap; /* seconds: 1, 7, 0.5 */
} cue_limits;

typedef struct cue {
    uint64_t start, end;  /* frames */
    size_t first, second, last; /* pieces [first, last); the second line begins at second, or second is last */
    unsigned width;       /* characters to be read, spaces included */
} cue;

typedef struct cue_list {
    cue *cues;
    size_t count, room;
    struct cue_plan *plans; /* internal */
    size_t plan_room;
} cue_list;

static inline cue_limits cue_limits_usual(void) { return (cue_limits){42, 2, 20, 1, 7, 0.5}; }

/* Replaces what is in list. */
nr_status cue_list_make(cue_list *list, const phrase_passage *passage, const cue_limits *limits, int rate, nr_error *err);
void cue_list_free(cue_list *list);

#endif
