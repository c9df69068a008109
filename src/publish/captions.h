/* captions.h - what is written beside a sound, from its timeline: captions, marks, transcripts.
 *
 *   vtt   WebVTT (W3C)         srt   SubRip          lrc   lyrics, a line a caption
 *   ttml  TTML 2, as IMSC 1.1's text profile has it
 *   jsonl marks, as base/mark_line.h has them        txt, html   the transcript with times
 *
 * All are in the article's own words, not the expanded ones. Text is UTF-8, times are of the finished sound. */
#ifndef NR_PUBLISH_CAPTIONS_H
#define NR_PUBLISH_CAPTIONS_H

#include "base/output.h"
#include "publish/cue.h"

typedef enum beside_kind { BESIDE_VTT, BESIDE_SRT, BESIDE_LRC, BESIDE_TTML, BESIDE_MARKS, BESIDE_TEXT, BESIDE_HTML, BESIDE_KINDS } beside_kind;

typedef struct caption_options {
    bool words;        /* the time of each word too, in WebVTT, LRC and TTML */
    const char *title; /* NULL: the first article's */
    const char *author;
    nr_output_set *with; /* the files that it is to appear with; NULL: it appears by itself */
    void *ctx;
    void (*warning)(void *ctx, const char *message); /* optional: what cannot be read so fast, and the like */
} caption_options;

/* By the path's ending; -1 for none of them. */
int beside_kind_of(const char *path);
const char *beside_ending(beside_kind kind); /* "vtt" */

/* Before anything is said: whether the file could be written. */
nr_status beside_check(const char *path, bool overwrite, nr_error *err);
/* Writes one file, which appears whole or not at all. "-" is standard output. opt may be NULL. */
nr_status captions_write(const timeline *t, beside_kind kind, const char *path, const caption_options *opt, bool overwrite,
                         nr_error *err);

#endif
