/* render.h - a document as HTML that is well-formed XML too, its sentences (and words) in spans of their own. */
#ifndef NR_PUBLISH_RENDER_H
#define NR_PUBLISH_RENDER_H

#include "base/writer.h"
#include "publish/timeline.h"

typedef struct render_options {
    bool words;   /* a span for each word, inside its sentence's */
    bool times;   /* spans have data-start and data-end, in seconds; else ids: s1, s2, ... and w1, w2, ... */
    bool silent;  /* blocks that are not said, too */
} render_options;

/* Blocks [from, to) of a part. ids count from the timeline's first sentence and word. */
nr_status render_blocks(const timeline *t, size_t part, uint32_t from, uint32_t to, const render_options *opt, nr_writer *w, nr_error *err);

#endif
