/* output.h - where the bytes of a file go: beside its name until they are whole, to a device or pipe at once, or to
 * standard output. */
#ifndef NR_BASE_OUTPUT_H
#define NR_BASE_OUTPUT_H

#include "base/view.h"
#include "narrate.h"

typedef struct nr_output_set nr_output_set;

typedef struct nr_output {
    int fd;
    char *path;      /* as it was named, for messages */
    char *target;    /* the regular file that will appear, symbolic links followed; NULL: there is none */
    char *temporary; /* its present name; NULL: it has none yet, or needs none */
    bool overwrite;
    bool seekable;   /* bytes already written can be written again */
    bool closes;     /* fd is ours */
    nr_output_set *set; /* NULL, or where it waits for others */
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

/* Files that belong together and appear together, or none of them. */
struct nr_output_set {
    nr_output *all;
    size_t count, placed;
};

/* From now on a commit only brings it to the disk and hands it over to the set. NULL: as if it had not been called. What is
 * not a regular file is written as it is. */
void nr_output_hold(nr_output *out, nr_output_set *set);
/* nr_output_write_file() that way. */
nr_status nr_output_write_file_with(nr_output_set *set, const char *path, nr_view bytes, bool overwrite, nr_error *err);
/* All appear, in the order of their commits, each at once: nothing is left to be written. After a failure none of those that
 * were not there before is there. */
nr_status nr_output_set_place(nr_output_set *set, nr_error *err);
/* Takes away again what was placed, but for what replaced another file: where something that belongs to it has failed. */
void nr_output_set_undo(nr_output_set *set);
/* What was not placed is gone. */
void nr_output_set_close(nr_output_set *set);

#endif
