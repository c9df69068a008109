/* show.h - a document as text, for the case files. */
#ifndef NR_TESTS_READ_SHOW_H
#define NR_TESTS_READ_SHOW_H

#include "base/buffer.h"
#include "base/view.h"

void show_body(const nr_document *doc, nr_buffer *out);
void show_document(const nr_document *doc, nr_buffer *out);

#endif
