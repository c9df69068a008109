/* comments.h - Vorbis comments, as Ogg Vorbis, Ogg Opus and FLAC have them, with cover and chapters. */
#ifndef NR_PUBLISH_COMMENTS_H
#define NR_PUBLISH_COMMENTS_H

#include "publish/encode.h"

/* Appends vendor and comments, "TITLE=..." each: the packet's body of xiph.org/vorbis/doc/v-comment.html. Chapters are
 * CHAPTER001=00:01:02.345 and CHAPTER001NAME=..., at most 999 of them. with_cover: METADATA_BLOCK_PICTURE as well. */
nr_status comments_write(nr_buffer *out, const encode_task *t, const char *vendor, bool with_cover, nr_error *err);
/* Appends FLAC's picture block (RFC 9639, 8.8), without the block's head. */
nr_status comments_picture(nr_buffer *out, const picture *cover, nr_error *err);

#endif
