/* timeline.h - what is said when: the words and sentences of one sound that narrates one or several articles.
 *
 * Everything that is written beside a sound (captions, marks, chapters, overlays, the page) is made from this. Frames
 * count from the sound's start; an intro or trimmed silence in front is counted in, see timeline_shift(). A timeline holds
 * 24 bytes a word and refers to the documents, which must outlive it. */
#ifndef NR_PUBLISH_TIMELINE_H
#define NR_PUBLISH_TIMELINE_H

#include "narrate.h"

typedef struct timeline_word {
    uint64_t start, end; /* frames; the end is the next word's start, or where the breath ends */
    nr_span span;        /* of the part's document */
} timeline_word;

typedef struct timeline_sentence {
    uint64_t start, end; /* frames, the silence behind it not counted */
    nr_span span;
    uint32_t part;       /* which article */
    uint32_t block;      /* of its document */
    size_t first, count; /* words */
} timeline_sentence;

typedef struct timeline_part {
    const nr_document *doc;
    uint64_t start, end; /* frames */
    size_t first, count; /* sentences */
} timeline_part;

typedef struct timeline_chapter {
    uint64_t start, end; /* frames; they cover the sound without gaps */
    const char *title;   /* UTF-8, one line; the timeline's */
    uint8_t level;       /* 0: an article of several, 1-6: as the heading */
} timeline_chapter;

typedef struct timeline {
    int rate;        /* frames a second */
    uint64_t frames; /* of the whole sound */
    timeline_word *words;
    timeline_sentence *sentences;
    timeline_part *parts;
    timeline_chapter *chapters; /* after timeline_make_chapters() */
    size_t word_count, sentence_count, part_count, chapter_count;
    size_t word_room, sentence_room, part_room; /* internal */
    bool failed;                                /* out of memory somewhere on the way */
} timeline;

void timeline_init(timeline *t, int rate);
void timeline_free(timeline *t);

/* While narrating: a part begins at a frame, a narrator's marks and utterances are noted, the part ends. The
 * note functions are what an nr_watch calls, their frames counted from the part's start. */
nr_status timeline_begin_part(timeline *t, const nr_document *doc, uint64_t frame, nr_error *err);
int timeline_note_utterance(timeline *t, const nr_utterance *u, uint64_t frame);
int timeline_note_utterance_end(timeline *t, uint64_t frame);
int timeline_note_mark(timeline *t, const nr_mark *mark);
nr_status timeline_end_part(timeline *t, uint64_t frame, nr_error *err);

/* Counts frames of another rate. */
void timeline_set_rate(timeline *t, int rate);
/* Moves all of it, and the sound's length, by so many frames (negative: silence trimmed in front). Never before 0. */
void timeline_shift(timeline *t, int64_t frames);
/* The sound's length is this: silence was trimmed at its end, or something comes behind. */
void timeline_fit(timeline *t, uint64_t frames);
/* Chapters from headings, and from articles where there are several; none when there would be only one. */
nr_status timeline_make_chapters(timeline *t, nr_error *err);

static inline double timeline_seconds(const timeline *t, uint64_t frame) { return (double)frame / t->rate; }

#endif
