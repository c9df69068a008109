/* overlay.h - EPUB 3.3 media overlays: a SMIL document that says which characters are heard when. */
#ifndef NR_PUBLISH_OVERLAY_H
#define NR_PUBLISH_OVERLAY_H

#include "base/buffer.h"

/* Of one content document. Clips follow one another; each lasts until the next begins, so that pauses are kept. */
typedef struct overlay {
    nr_buffer text;      /* the SMIL document, whole after overlay_end() */
    const char *content; /* href of the content document, as seen from the SMIL document */
    const char *audio;
    unsigned long long ms;    /* heard so far */
    unsigned long long start; /* of the clip in hand */
    size_t clips;
    bool heard; /* a clip is in hand */
} overlay;

void overlay_begin(overlay *o, const char *content, const char *audio);
/* The element with this id is heard from this moment. Never goes back. */
void overlay_clip(overlay *o, const char *id, double seconds);
/* From this moment nothing of the document is heard until the next clip. */
void overlay_rest(overlay *o, double seconds);
/* The sound ends; o->ms is the overlay's duration. */
nr_status overlay_end(overlay *o, double seconds);
/* "1:02:03.456" */
nr_status overlay_clock(nr_buffer *out, unsigned long long ms);

#endif
