/* ogg_pages.h - pages of an Ogg stream into a file. */
#ifndef NR_PUBLISH_OGG_PAGES_H
#define NR_PUBLISH_OGG_PAGES_H

#include <ogg/ogg.h>

#include "publish/encode.h"

/* The number that streams of ours have: libraries would take one by chance. */
#define OGG_PAGES_SERIAL 0x6E617272

/* Puts the pages that are full; flush: all packets that are there. */
nr_status ogg_put_pages(encode_task *t, ogg_stream_state *stream, bool flush, nr_error *err);

#endif
