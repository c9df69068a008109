/* chapters.h - chapters in a file of their own, as podcast players read them (Podcasting 2.0, JSON chapters 1.2). */
#ifndef NR_PUBLISH_CHAPTERS_H
#define NR_PUBLISH_CHAPTERS_H

#include "base/buffer.h"
#include "publish/produce.h"

/* Title, author, series and address come from the tags, which may be NULL; a sound without chapters gets an empty list. */
nr_status chapters_text(nr_buffer *out, const timeline *times, const publish_tags *tags, nr_error *err);
/* with: the files that it is to appear with; NULL: it appears by itself. */
nr_status chapters_write(const char *path, bool overwrite, nr_output_set *with, const timeline *times, const publish_tags *tags,
                         nr_error *err);

#endif
