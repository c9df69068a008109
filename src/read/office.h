/* office.h - what the readers of text processors' files share: an archive, an XML tree of its text, a composer. */
#ifndef NR_READ_OFFICE_H
#define NR_READ_OFFICE_H

#include "base/xml.h"
#include "read/compose.h"
#include "read/zip.h"

typedef struct nr_office {
    nr_document *doc;
    nr_zip zip;
    nr_buffer bytes, entry;
    nr_composer out;
} nr_office;

/* Takes doc->text as the archive. To be closed in any case. */
nr_status nr_office_open(nr_office *office, nr_document *doc, const nr_read_options *opt, nr_error *err);
/* Gives the text to the document, when status is good, and frees the rest. */
nr_status nr_office_close(nr_office *office, nr_status status, nr_error *err);
/* An entry as a tree; NULL when there is none. *status is what went wrong, NR_OK for a missing entry. */
xmlDoc *nr_office_xml(nr_office *office, const char *name, nr_status *status, nr_error *err);
/* Metadata fields out of the elements of a tree: title, creator, date and so on, the same in both formats. */
void nr_office_metadata(nr_office *office, xmlNode *root);

#endif
