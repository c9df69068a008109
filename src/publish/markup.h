/* markup.h - text for HTML, XML and WebVTT, and times as files have them. */
#ifndef NR_PUBLISH_MARKUP_H
#define NR_PUBLISH_MARKUP_H

#include "base/buffer.h"

/* & < > escaped; what XML cannot hold is left out. */
nr_status markup_text(nr_buffer *out, nr_view text);
/* A space, the name, and the value in quotation marks. */
nr_status markup_attribute(nr_buffer *out, const char *name, nr_view value);
/* "01:02:03.456", with the given sign before the milliseconds. */
nr_status markup_clock(nr_buffer *out, double seconds, char point);
/* Whether it looks like a language tag of BCP 47. */
bool markup_is_tag(nr_view language);
/* Whether a language is written from right to left. */
bool markup_is_rtl(const char *language);

#endif
