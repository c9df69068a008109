/* file.h - reading a whole file. */
#ifndef NR_BASE_FILE_H
#define NR_BASE_FILE_H

#include "base/buffer.h"

/* Appends the file's bytes to b; "-" is standard input. Larger than b->max is NR_ELIMIT; a directory, a missing file
 * and the like are NR_EIO with a message that says what to do. Pipes and devices are read to their end. */
nr_status nr_file_read(const char *path, nr_buffer *b, nr_error *err);

#endif
