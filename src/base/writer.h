/* writer.h - a file of text that is written as it is made: collected, and flushed in large pieces. */
#ifndef NR_BASE_WRITER_H
#define NR_BASE_WRITER_H

#include "base/buffer.h"
#include "base/output.h"

typedef struct nr_writer {
    nr_output output;
    nr_buffer text; /* not written yet; the caller puts into it */
} nr_writer;

/* As nr_output_open(). */
nr_status nr_writer_open(nr_writer *w, const char *path, bool overwrite, nr_error *err);
/* To be called after each piece: writes when enough has come together, and tells what failed since. */
nr_status nr_writer_flush(nr_writer *w, nr_error *err);
/* Writes the rest; the file appears. */
nr_status nr_writer_commit(nr_writer *w, nr_error *err);
/* Also after a failure; what was not committed is gone. */
void nr_writer_close(nr_writer *w);

#endif
