/* ocf.h - the container of an EPUB (OCF 3.3, a ZIP archive), read with suspicion and written the same every time.
 *
 * Reading: names are only compared, what unfolds to more than is allowed is refused. Writing: mimetype first and stored,
 * no clock in it, the file appears whole or not at all. libzip is loaded when the first container is opened. */
#ifndef NR_PUBLISH_OCF_H
#define NR_PUBLISH_OCF_H

#include <stdio.h>

#include "base/buffer.h"

enum { OCF_ENTRY = 64 << 20, OCF_ENTRIES = 20000 }; /* bytes of an entry that is read; entries */

typedef struct ocf_reader {
    const char *name; /* for messages */
    void *archive;
    size_t count; /* entries */
    size_t left;  /* bytes that may still be unfolded, of all together */
} ocf_reader;

/* bytes and name must outlive it. */
nr_status ocf_open(ocf_reader *r, const char *name, nr_view bytes, size_t limit, nr_error *err);
void ocf_close(ocf_reader *r);
const char *ocf_name(const ocf_reader *r, size_t index);
/* SIZE_MAX: there is none. */
size_t ocf_find(const ocf_reader *r, const char *name);
/* Replaces what is in out. */
nr_status ocf_read(ocf_reader *r, size_t index, nr_buffer *out, nr_error *err);
/* The first bytes, at most n; how many they are. */
size_t ocf_peek(ocf_reader *r, size_t index, char *head, size_t n);

typedef struct ocf_writer ocf_writer;
/* Refuses what cannot be written at once. "-" is refused: a container is not written in one go. */
nr_status ocf_create(ocf_writer **out, const char *path, bool overwrite, nr_error *err);
/* The buffer is emptied, its bytes taken. */
nr_status ocf_add(ocf_writer *w, const char *name, nr_buffer *content, nr_error *err);
/* The rest of an open file, stored as it is; taken, and closed at the end. */
nr_status ocf_add_file(ocf_writer *w, const char *name, FILE *file, nr_error *err);
/* An entry of another container, its compressed bytes as they are. The reader must outlive ocf_finish(). */
nr_status ocf_copy(ocf_writer *w, ocf_reader *from, size_t index, nr_error *err);
nr_status ocf_copy_as(ocf_writer *w, const char *name, ocf_reader *from, size_t index, nr_error *err);
nr_status ocf_finish(ocf_writer *w, nr_error *err);
/* Its bytes, put into an empty buffer; no file appears. */
nr_status ocf_finish_into(ocf_writer *w, nr_buffer *out, nr_error *err);
void ocf_free(ocf_writer *w); /* also after a failure, before the readers are closed; NULL is fine */

#endif
