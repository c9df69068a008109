/* feed.h - a podcast of articles: a folder with an episode for each, and an RSS 2.0 feed of them.
 *
 * RSS 2.0 with the iTunes namespace (podcasters.apple.com/support/823-podcast-requirements) and the Podcasting 2.0 one
 * (podcastindex.org/namespace/1.0). What was published before is kept in a list of the folder's own, STATE_FILE; an article
 * that is there already, unchanged, is not said again, and an episode whose article has gone stays. */
#ifndef NR_PUBLISH_FEED_H
#define NR_PUBLISH_FEED_H

#include "publish/produce.h"

#define FEED_FILE "feed.xml"
#define FEED_STATE_FILE ".narrate-feed.json"

typedef struct feed_show {
    const char *title;    /* NULL: the one of last time, else that of the first feed that is read, else the folder's name */
    const char *about;    /* NULL: likewise */
    const char *author, *email, *category; /* category: Apple's name, "News", or with a subcategory "News > Tech News" */
    const char *language; /* NULL: of the first episode */
    const char *base_url; /* where the folder will be served, with or without a slash at its end; NULL: that of last time */
    const char *image;    /* a JPEG or PNG for the show, copied into the folder; NULL: that of last time */
    const char *locked;   /* "yes": other hosts are told not to import it; "no"; NULL: as last time */
    bool is_explicit;
} feed_show;

typedef enum feed_event { FEED_NEW, FEED_CHANGED, FEED_KEPT, FEED_FAILED } feed_event;

typedef struct feed_job {
    const char *const *sources; /* folders of articles, articles, feeds (files or addresses) */
    size_t source_count;
    const char *folder;   /* made if it is not there */
    feed_show show;
    uint32_t newest;      /* of a feed among the sources: so many articles at most, from its top */
    publish_file file;    /* format "mp3" or "m4a", sample rate and bitrate; the path is filled in */
    nr_read_options read;
    publish_job sound;    /* how it is said and mastered; docs, tags and files are filled in */
    const char *habits;   /* a string that differs where the sound would differ: with another, all is said again */
    void *ctx;            /* optional; error is for people, NULL unless FEED_FAILED */
    void (*report)(void *ctx, feed_event event, const char *source, double seconds, const char *error);
} feed_job;

typedef struct feed_result {
    size_t counts[FEED_FAILED + 1], episodes;
} feed_result;

/* NR_OK also when articles failed. Two at once on one folder: the second is NR_EIO. A folder that holds a feed.xml of
 * somebody else's is NR_EEXIST. Every file appears whole, the feed last. */
nr_status feed_make(const feed_job *job, const volatile int *cancel, feed_result *result, nr_error *err);

#endif
