/* page_json.h - article.json: what was said when, for the player in a page. assets/player/README.md documents it. */
#ifndef NR_PUBLISH_PAGE_JSON_H
#define NR_PUBLISH_PAGE_JSON_H

#include "base/buffer.h"
#include "publish/timeline.h"

typedef struct page_sound {
    const char *address, *type; /* relative to article.json, "audio/mpeg" */
    uint64_t bytes;
} page_sound;

/* Addresses are NULL where there is none. */
typedef struct page_beside {
    const page_sound *sounds;
    size_t sound_count;
    const char *captions, *transcript, *chapters, *feed, *image;
    const char *language; /* of the page */
} page_beside;

/* Appends the JSON for the first part of a timeline. It holds no '<', so that it may stand inside <script>. */
nr_status page_write_json(nr_buffer *out, const timeline *times, const page_beside *beside, nr_error *err);
/* JSON-LD for search engines, without '<' too. */
nr_status page_write_linked_data(nr_buffer *out, const nr_document *doc, const page_beside *beside, double seconds, nr_error *err);

#endif
