/* markings.h - spans put into an XHTML file, every other byte kept.
 *
 * The file is scanned, not parsed and written anew: a tree would lose how it was written. Its letters are what is between
 * tags, white space aside, with the bytes they stand at; a sentence is found among them and a span put around it, or,
 * where tags would cross, around each run of text. */
#ifndef NR_PUBLISH_MARKINGS_H
#define NR_PUBLISH_MARKINGS_H

#include "base/buffer.h"

/* A tag of XML text. */
typedef struct markup_tag {
    size_t start, end; /* bytes, of the whole tag */
    nr_view name, attributes;
    bool closing, empty;
} markup_tag;

/* The next tag from *at on; comments, CDATA, declarations and instructions are passed over. *at moves behind it. */
bool markup_next_tag(nr_view xml, size_t *at, markup_tag *tag);
nr_view markup_local_name(nr_view name); /* without its prefix */
/* As it is written, between its quotation marks; {NULL, 0} for none. */
nr_view markup_attribute_of(const markup_tag *tag, const char *name);

typedef struct marked_letter {
    uint32_t code;
    uint32_t start, end; /* bytes */
    uint32_t lead;       /* where the opening tags directly before it begin */
} marked_letter;

typedef struct marked_file {
    nr_buffer bytes;
    marked_letter *letters;
    size_t count, room;
    size_t head; /* where its head ends, before any letter; 0: it has none */
    char prefix[16]; /* of our ids: no id of the file begins so */
    struct marked_edit { size_t at; unsigned number, part; } *edits; /* part 0: an end */
    size_t edit_count, edit_room;
    nr_status failed;
} marked_file;

/* What is in bytes; NR_EFORMAT when it is not UTF-8. */
nr_status marked_file_scan(marked_file *f);
void marked_file_free(marked_file *f);
/* Where letters are found from `from` on, and not more than `window` letters ahead; SIZE_MAX: nowhere. */
size_t marked_file_find(const marked_file *f, const uint32_t *letters, size_t n, size_t from, size_t window);
/* Puts spans around letters [from, to), in ascending order of calls. Calls back for each with its id and first letter. */
nr_status marked_file_mark(marked_file *f, size_t from, size_t to, unsigned number, void (*made)(void *ctx, const char *id, size_t letter), void *ctx);
/* The file with its spans, and head, which may be NULL, at its head's end. */
nr_status marked_file_write(const marked_file *f, const char *head, nr_buffer *out);
/* The letters of a text as they are compared: no white space, no soft hyphens, nothing without width. */
bool marked_letter_counts(uint32_t code);

#endif
