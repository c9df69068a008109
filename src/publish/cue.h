/* cue.h - a passage cut into captions of at most two lines.
 *
 * The cheapest way by dynamic programming: ends at sentences and phrases cost little, between article and noun much; what
 * is too fast to read, too short or too long to stand costs more. Limits as in the published guides of Netflix and the BBC:
 * 42 columns, two lines, 20 characters a second, 1 to 7 seconds, no overlap, no gap shorter than half a second.
 *
 * A caption comes with its first word. Where it would be too fast or too short otherwise, it comes earlier, by less than a
 * quarter of a second, in the silence before if there is one; it stays behind its words as long as reading asks for and the
 * silence allows. Very short list items share a caption, a line each. Speech that is faster than the limit over a whole
 * passage is followed at its own pace: the words stay the article's and in time, and what breaks are good does not change. */
#ifndef NR_PUBLISH_CUE_H
#define NR_PUBLISH_CUE_H

#include "publish/phrase.h"

typedef struct cue_limits {
    unsigned columns, lines; /* 42, and 1 or 2 */
    double speed;            /* characters a second: 20 */
    double shortest, longest, gap, lead; /* seconds: 1, 7, 0.5, 0.24 */
} cue_limits;

typedef struct cue {
    uint64_t start, end;        /* frames */
    size_t first, second, last; /* pieces [first, last); the second line begins at second, or second is last */
    unsigned load;              /* characters to be read, spaces included; one of double width counts 2 */
} cue;

typedef struct cue_list {
    cue *cues;
    size_t count, room;
    struct cue_plan *plans; /* internal */
    size_t plan_room;
} cue_list;

static inline cue_limits cue_limits_usual(void) { return (cue_limits){42, 2, 20, 1, 7, 0.5, 0.24}; }

/* Replaces what is in list. since: before that frame nothing may begin; the end of the caption before. */
nr_status cue_list_make(cue_list *list, const phrase_passage *passage, const cue_limits *limits, int rate, uint64_t since, nr_error *err);
/* When it is known where the caption behind the list begins: the last one lasts until then if the gap would be short. */
void cue_list_close(cue_list *list, const cue_limits *limits, int rate, uint64_t next);
void cue_list_free(cue_list *list);

#endif
