/* reader.h - what a reader of a format is.
 *
 * To add a format: a file with a `const nr_reader`, a line in the array in read.c, a test, a fuzz target's line.
 * A reader runs on the caller's thread, blocks on nothing, keeps no global state and never recurses over its input. */
#ifndef NR_READ_READER_H
#define NR_READ_READER_H

#include "read/document.h"

typedef struct nr_reader {
    const char *name;              /* "html" */
    const char *const *extensions; /* {".html", ".htm", NULL} */
    /* How sure it is that it should read this, 0-100, from the head of the bytes (at most 4 kB, raw). */
    int (*probe)(nr_view head);
    /* A charset that the head of the bytes itself declares (<meta charset>), or NULL; `space` holds the name.
     * May be NULL. */
    const char *(*charset)(nr_view head, char space[32]);
    /* Fills doc. doc->text holds the decoded input, which the reader keeps (plain) or replaces. Finding nothing to say
     * is NR_ENOTEXT. */
    nr_status (*read)(nr_document *doc, const nr_read_options *opt, nr_error *err);
    bool binary; /* doc->text holds the bytes as they are, decoding is the reader's */
} nr_reader;

extern const nr_reader nr_reader_plain, nr_reader_markdown, nr_reader_html, nr_reader_ssml, nr_reader_epub, nr_reader_feed,
    nr_reader_docx, nr_reader_odt, nr_reader_pdf;

/* The head past white space and a byte order mark; nothing when no '<' stands there. */
nr_view nr_read_markup(nr_view head);
/* What to call it in messages. */
const char *nr_read_name(const nr_read_options *opt);
/* The most bytes that the options allow. */
size_t nr_read_limit(const nr_read_options *opt);
/* An article that goes past it: NR_ELIMIT. */
nr_status nr_fail_too_large(const char *name, size_t limit, nr_error *err);
/* NR_ENOTEXT when none of the document's blocks is for the ear. */
nr_status nr_document_must_speak(const nr_document *doc, const nr_read_options *opt, nr_error *err);

#endif
