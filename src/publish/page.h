/* page.h - "Listen to this article": a finished page for each article, with its sound, and an index of several.
 *
 * One article's page is the folder's own index.html; each of several is in a folder named after its title. Everything a
 * page needs is beside it, addressed relative to it, so that it works from any host, below any path, and from file://. */
#ifndef NR_PUBLISH_PAGE_H
#define NR_PUBLISH_PAGE_H

#include "publish/produce.h"

typedef struct page_source {
    const nr_document *doc;
    const char *name; /* the file or address that it was read from */
} page_source;

typedef struct page_job {
    const page_source *sources;
    size_t count;
    const char *folder; /* made if it is not there; with single and one article it may be a file to be, "talk.html" */
    bool single;        /* everything inside one HTML file, named after the title */
    bool overwrite;     /* files that narrate did not write may be replaced, and all is made anew */
    const char *locale;
    nr_voice_options voice;
    nr_script_options script;
    publish_master master;
    /* Optional. share: of the article in hand. */
    void *ctx;
    void (*progress)(void *ctx, size_t article, double share);
    void (*warning)(void *ctx, const char *message);
    void (*narrating)(void *ctx, nr_narrator *narrator); /* as in publish_job */
    void (*made)(void *ctx, const char *path, double seconds, bool anew); /* a page is there */
} page_job;

/* An article that has not changed since it was last made is not narrated again; files whose bytes would be the same are
 * left alone; files that narrate did not write are NR_EEXIST, told before anything is said. A page appears whole. */
nr_status page_make(const page_job *job, const volatile int *cancel, nr_error *err);

#endif
