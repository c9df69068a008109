/* page_lead.h - an article's lead picture, where it is a file beside the article. */
#ifndef NR_PUBLISH_PAGE_LEAD_H
#define NR_PUBLISH_PAGE_LEAD_H

#include "base/buffer.h"

typedef struct page_lead {
    nr_buffer bytes;         /* empty: there is none */
    const char *type, *name; /* "image/jpeg", "lead.jpg" */
    unsigned width, height;  /* 0: unknown */
} page_lead;

/* source: the article's file. A picture that is elsewhere, above the article's folder, no JPEG, PNG, GIF or WebP, or larger
 * than 20 MB is none. */
void page_lead_find(page_lead *lead, const nr_document *doc, const char *source);
void page_lead_free(page_lead *lead);

#endif
