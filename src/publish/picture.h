/* picture.h - a cover picture: JPEG or PNG, kept as the bytes that it came in. */
#ifndef NR_PUBLISH_PICTURE_H
#define NR_PUBLISH_PICTURE_H

#include "base/buffer.h"
#include "narrate.h"

/* FLAC's picture block holds no more, and no player needs more. */
#define PICTURE_MAX (10u << 20)

typedef struct picture {
    nr_buffer bytes;   /* n 0: there is none */
    const char *mime;  /* "image/jpeg", "image/png" */
    unsigned width, height, depth; /* depth: bits a pixel */
} picture;

/* From a file; says what is wrong with it. */
nr_status picture_open(picture *out, const char *path, nr_error *err);
/* From bytes, which the picture takes over; name is for messages. */
nr_status picture_take(picture *out, nr_buffer *bytes, const char *name, nr_error *err);
/* The picture that an article names as its own: embedded in it ("data:image/..."), or a file beside the one that the article
 * is in (a path, or NULL). Anything else, such as one on the web, is no picture, and no error. */
nr_status picture_of_article(picture *out, const char *image, const char *article, nr_error *err);
/* That of an article of the web, fetched from there, by nr_document_picture(). */
nr_status picture_of_web(picture *out, const nr_document *doc, nr_error *err);
void picture_free(picture *p);

#endif
