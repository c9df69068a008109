/* epub.h - talking books: EPUB 3.3 with media overlays.
 *
 * An article becomes a new book; an existing EPUB 3 gets sound, its files kept but for ids around the sentences; an
 * EPUB 2 becomes an EPUB 3 first. Same input, same bytes: nothing in it comes from the clock. */
#ifndef NR_PUBLISH_EPUB_H
#define NR_PUBLISH_EPUB_H

#include <stdbool.h>
#include <stdio.h>

#include "publish/produce.h"

typedef struct epub_options {
    const publish_job *job; /* voice, script, mastering, tags, callbacks, the first file's format ("mp3", "m4a") and rates; docs and paths are chosen here */
    bool words;             /* overlays word by word, else by sentences */
    bool overwrite;
} epub_options;

typedef struct epub_result {
    double seconds; /* of sound */
    size_t words, sentences;
    size_t unspoken; /* sentences that are heard, but not found in the book's files */
} epub_result;

nr_status epub_from_article(const nr_document *doc, const char *path, const epub_options *opt, const volatile int *cancel,
                            epub_result *result, nr_error *err);
/* Whether a file is an EPUB, by its bytes. */
bool epub_is_book(const char *path);
/* from: an EPUB 3, or an EPUB 2, of which an EPUB 3 is made first. */
nr_status epub_from_book(const char *from, const char *path, const epub_options *opt, const volatile int *cancel,
                         epub_result *result, nr_error *err);

/* internal: what its sounds are called and are. */
const char *epub_sound_ending(const epub_options *opt);
const char *epub_sound_type(const epub_options *opt);
/* internal: a date as "2023-08-30T20:16:00Z"; without one, the first second that ZIP knows. */
void epub_put_moment(const char *iso, char out[32]);
/* internal: says a document into a sound without a name, near the file to come. */
nr_status epub_say(const nr_document *doc, const char *near, const epub_options *opt, bool skip_opening, const volatile int *cancel,
                   FILE **audio, publish_result *said, nr_error *err);

#endif
