/* render.h - a document as HTML that is well-formed XML too, its sentences (and words) in spans of their own. */
#ifndef NR_PUBLISH_RENDER_H
#define NR_PUBLISH_RENDER_H

#include "base/buffer.h"
#include "publish/timeline.h"

typedef struct render_options {
    bool words;   /* a span for each word, inside its sentence's */
    bool times;   /* spans have data-start and data-end, in seconds; else ids: s1, s2, ... and w1, w2, ... */
    bool silent;  /* blocks that are not said, too */
    bool *shown_sentences, *shown_words; /* NULL, or set for each of the timeline's that has a span */
} render_options;

/* All of a part. ids count from the timeline's first sentence and word. */
nr_status render_part(const timeline *t, size_t part, const render_options *opt, nr_buffer *out);

#endif
