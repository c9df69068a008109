/* recording.h - sound of any length in a temporary file without a name: mono, 16 bit. Gone when it is closed, or with
 * the program. Frames may be read from several threads at once. */
#ifndef NR_PUBLISH_RECORDING_H
#define NR_PUBLISH_RECORDING_H

#include "narrate.h"

typedef struct recording {
    int fd; /* -1: not open */
    int rate;
    uint64_t frames;
} recording;

/* beside: a path in the folder to keep it in, as that of the file to come (there is room); NULL or "-": TMPDIR. */
nr_status recording_open(recording *r, const char *beside, int rate, nr_error *err);
void recording_close(recording *r);
nr_status recording_write(recording *r, const int16_t *samples, size_t frames, nr_error *err);
/* In any order and from several threads; the caller sets r->frames. */
nr_status recording_write_at(const recording *r, uint64_t from, const int16_t *samples, size_t frames, nr_error *err);
/* Reads up to n frames from a place; *got is less only at the end. */
nr_status recording_read(const recording *r, uint64_t from, int16_t *samples, size_t n, size_t *got, nr_error *err);

#endif
