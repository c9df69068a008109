/* document.h - the document and how readers build one.
 *
 * A document is one canonical UTF-8 text with blocks and inlines over it. For plain text the canonical text is the
 * decoded file itself, byte for byte, so that spans point into what the user has; HTML and Markdown build theirs, with
 * one blank line between blocks. Either way it is valid UTF-8 without NUL (which becomes U+FFFD). */
#ifndef NR_READ_DOCUMENT_H
#define NR_READ_DOCUMENT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "narrate.h"

struct nr_document {
    nr_arena arena;   /* metadata strings, inline values */
    nr_buffer text;   /* owned */
    nr_block *blocks; /* malloc */
    size_t block_count, block_cap;
    nr_inline *inlines; /* malloc */
    size_t inline_count, inline_cap;
    const char *languages[256]; /* [0] is the document's */
    size_t language_count;
    nr_entry *parts; /* malloc */
    size_t part_count, part_cap;
    nr_metadata metadata;
    const char *format;
    char charset[32];
    size_t replaced;
    const char *notes[32]; /* in arena */
    size_t note_count;
    nr_buffer source;    /* of a list of articles: its bytes, out of which they are read */
    const char *address; /* in arena: where it was fetched; NULL: it is not from the web */
    bool typed;          /* by the user, not a link's */
};

/* All return NR_OK, NR_ENOMEM or NR_ELIMIT. */
nr_status nr_document_add_block(nr_document *doc, nr_block block);
nr_status nr_document_add_inline(nr_document *doc, nr_inline piece);
nr_status nr_document_add_entry(nr_document *doc, nr_entry part);
/* A note for the user, once each, while there is room for more. */
void nr_document_add_note(nr_document *doc, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The index of a language for nr_block.lang; 0 when the table is full or tag is NULL. */
uint8_t nr_document_add_language(nr_document *doc, const char *tag);

#endif
