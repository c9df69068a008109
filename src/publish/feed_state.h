/* feed_state.h - what a feed's folder holds: its episodes, and what is said of the show. */
#ifndef NR_PUBLISH_FEED_STATE_H
#define NR_PUBLISH_FEED_STATE_H

#include <jansson.h>

#include "base/buffer.h"
#include "publish/feed.h"

/* An episode is a JSON object: key (what the article is known by), guid, digest, listed, title, author, description, date
 * (ISO 8601), language, url, name (of its files), bytes, seconds, type (of the sound), and captions, chapters, transcript
 * (true where there is such a file). All are strings but bytes, seconds and the last three. */
typedef struct feed_state {
    json_t *root;     /* {"narrate-feed": 1, "show": {...}, "episodes": [...]} */
    json_t *episodes; /* of it, in the order in which they came */
    json_t *show;
    json_t *index;    /* the same by key */
} feed_state;

/* An empty one where the folder has none; NR_EFORMAT when there is one that cannot be understood. */
nr_status feed_state_open(feed_state *state, const char *folder, nr_error *err);
nr_status feed_state_save(const feed_state *state, const char *folder, nr_error *err);
void feed_state_close(feed_state *state);

/* What an article is known by, as the list holds it: a file's name may be any bytes, and two that look the same are two. NULL:
 * out of memory. */
json_t *feed_key(const char *key);
json_t *feed_state_find(const feed_state *state, const char *key); /* NULL: there is none */
nr_status feed_state_add(feed_state *state, json_t *episode);      /* takes it over */
const char *feed_text(const json_t *object, const char *name);     /* NULL where it is not a string */
/* Sets a string; NULL removes it. Any bytes are made what XML can hold. */
nr_status feed_set(json_t *object, const char *name, const char *text);

/* The whole feed as XML. */
nr_status feed_write_xml(const feed_state *state, nr_buffer *out, nr_error *err);

/* Seconds since 1970 of an ISO 8601 date or time, UTC where it has no zone; false where it is none. */
bool feed_time_of(const char *iso, int64_t *seconds);
/* "Wed, 30 Aug 2023 19:16:00 +0000" */
void feed_date_text(int64_t seconds, char out[40]);

#endif
