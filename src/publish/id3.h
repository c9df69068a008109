/* id3.h - the tag in front of an MP3: ID3v2.3 (id3.org) with chapters (ID3v2 Chapter Frame Addendum 1.0).
 *
 * 2.3 and not 2.4: all that is written here exists in both, and 2.3 is what Windows, cars and old players read as well. */
#ifndef NR_PUBLISH_ID3_H
#define NR_PUBLISH_ID3_H

#include "publish/encode.h"

/* Appends the tag; nothing where there is nothing to say. */
nr_status id3_write(nr_buffer *out, const encode_task *t, nr_error *err);
/* ISO 639-2 of a BCP 47 tag, "und" where unknown: id3_language("en-GB") is "eng". */
const char *id3_language(const char *tag);

#endif
