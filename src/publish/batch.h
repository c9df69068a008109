/* batch.h - many articles, each by a narrate of its own, several at once.
 *
 * An article that is bad, or that brings its process down, costs only itself. What is whole (the sound, and every file that
 * is asked for beside it) is not made again, so that after an interruption the same call carries on. Several batches may work on one folder, also from several machines: what
 * one is at, the others leave to it (a lock file beside, gone when the article is whole). */
#ifndef NR_PUBLISH_BATCH_H
#define NR_PUBLISH_BATCH_H

#include "publish/worklist.h"

typedef enum batch_state {
    BATCH_WAITING, /* not come to */
    BATCH_WRITTEN,
    BATCH_THERE, /* whole already */
    BATCH_STALE, /* whole, but older than the article, and updating was not asked for */
    BATCH_FAILED,
} batch_state;

typedef struct batch_article {
    char *output; /* path */
    char *error;  /* of a failed one */
    double seconds; /* of sound, of a written one */
    size_t words;
    batch_state state;
} batch_article;

typedef struct batch_options {
    const char *folder; /* where the files go; made if it is not there */
    const char *format; /* ending of the files, "mp3" */
    const char *const *beside; /* endings of what each has beside its sound, by its arguments: "vtt" */
    size_t beside_count;
    int jobs;           /* articles at once; 0: as many as there are processors */
    bool overwrite;     /* make all again */
    bool update;        /* make those again that are older than their article */
    const char *program; /* narrate */
    const char *const *arguments; /* of `narrate save`, for every article */
    size_t argument_count;
    void *ctx;
    /* An article has come to an end. done: how many have. */
    void (*report)(void *ctx, const work_item *item, const batch_article *article, size_t done);
    void (*tick)(void *ctx, size_t done); /* several times a second */
} batch_options;

typedef struct batch_result {
    batch_article *articles; /* as many as the list has, in its order */
    size_t count, counts[BATCH_FAILED + 1];
    double seconds; /* of sound, of what was written */
    size_t words;
} batch_result;

/* NR_OK also when articles failed. *cancel, which may be NULL, is set by a signal handler: what is at work is stopped,
 * leaving nothing, and NR_CANCELLED is returned; the result tells what was done so far. The result is to be freed after
 * every outcome. */
nr_status batch_run(const worklist *list, const batch_options *opt, const volatile int *cancel, batch_result *result, nr_error *err);
void batch_result_free(batch_result *result);

/* A summary as JSON: counts, and for every article its source, output, state, length and error. */
nr_status batch_write_summary(const worklist *list, const batch_result *result, const char *path, nr_error *err);

#endif
