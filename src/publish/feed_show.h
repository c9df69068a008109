/* feed_show.h - what directories want of a show: who it is for all time, and what they would refuse. */
#ifndef NR_PUBLISH_FEED_SHOW_H
#define NR_PUBLISH_FEED_SHOW_H

#include "publish/feed_state.h"
#include "publish/picture.h"

/* The show's identity by the Podcasting 2.0 namespace (podcast:guid): a UUID, version 5, of the address that the feed has when
 * it is first written, without its scheme. It stays when the address changes. "" where libuuid is not installed. */
void feed_show_guid(const char *base_url, char out[40]);

/* Calls warn for each thing for which Apple Podcasts or Spotify would refuse the show, or show it badly. picture: the show's, if
 * it was given this time; NULL: it was not. named: somebody has given it its title. */
void feed_show_check(const json_t *show, bool named, const picture *picture, void (*warn)(void *ctx, const char *message), void *ctx);

#endif
