/* transcript.h - what was said, to be read, with times: plain text or a page without scripts. */
#ifndef NR_PUBLISH_TRANSCRIPT_H
#define NR_PUBLISH_TRANSCRIPT_H

#include "base/writer.h"
#include "publish/timeline.h"

/* html: semantic, in the article's language, a span with data-start and data-end (seconds) around each sentence, and
 * with words around each word. Plain: a paragraph a block, the time in front of it. */
nr_status transcript_write(const timeline *t, bool html, bool words, nr_writer *w, nr_error *err);

#endif
