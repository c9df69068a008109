/* output.h - where the bytes of a file go: beside its name until they are whole, to a device or pipe at once, or to
 * standard output. */
#ifndef NR_BASE_OUTPUT_H
#define NR_BASE_OUTPUT_H

#include "base/view.h"
#include "narrate.h"

typedef struct nr_output {
    int fd;
    char *path;      /* as it was named, for messages */
    char *target;    /* the regular file that will appear, symbolic links followed; NULL: there is none */
    char *temporary; /* its present name; NULL: it has none yet, or needs none */
    bool overwrite;
    bool seekable;   /* bytes already written can be written again */
    bool closes;     /* fd is ours */
} nr_output;

/* Checks that the path can be written and opens what takes its bytes. An existing regular file is NR_EEXIST without
 * overwrite; an existing device or pipe is written as it is; "-" is standard output. Nothing appears under the name
 * before nr_output_commit(). */
nr_status nr_output_open(nr_output *out, const char *path, bool overwrite, nr_error *err);
/* A second beginning for the same path. Of the two, the one that is closed without a commit leaves nothing. */
nr_status nr_output_open_again(nr_output *out, const nr_output *first, nr_error *err);
/* A descriptor of the caller's, which stays the caller's. */
void nr_output_borrow(nr_output *out, int fd, const char *name);
/* Writes all. The reader of a pipe having gone is an error like any other, not a signal. */
nr_status nr_output_write(nr_output *out, const void *bytes, size_t n, nr_error *err);
/* The file appears, whole and on the disk. */
nr_status nr_output_commit(nr_output *out, nr_error *err);
/* Also after a failure; what was not committed is gone. */
void nr_output_close(nr_output *out);

/* A whole file at once: opened, written, committed. */
nr_status nr_output_write_file(const char *path, nr_view bytes, bool overwrite, nr_error *err);

#endif
