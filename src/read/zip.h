/* zip.h - reading entries of a ZIP archive that may be hostile: nothing is written, names are only compared, and what
 * unfolds to more than is allowed is refused. */
#ifndef NR_READ_ZIP_H
#define NR_READ_ZIP_H

#include "base/buffer.h"

enum { NR_ZIP_ENTRY = 64 << 20 }; /* the most that one entry may unfold to */

typedef struct nr_zip {
    const char *name; /* of the archive, for messages */
    void *archive;
    size_t left; /* bytes that may still be unfolded, of all entries together */
} nr_zip;

/* bytes and name must outlive it. NR_EFORMAT: it is no archive, or a damaged one. */
nr_status nr_zip_open(nr_zip *zip, const char *name, nr_view bytes, size_t limit, nr_error *err);
void nr_zip_close(nr_zip *zip);
/* Replaces what is in out by the entry. A missing entry is NR_EDATA; a damaged or locked one NR_EFORMAT; too large a
 * one NR_ELIMIT. */
nr_status nr_zip_read(nr_zip *zip, const char *name, nr_buffer *out, nr_error *err);
bool nr_zip_has(const nr_zip *zip, const char *name);

#endif
