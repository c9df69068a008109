/* compose.h - building the canonical text of formats that have none of their own: blocks with a blank line between
 * them, white space collapsed, inlines laid over.
 *
 * Calls come in order: begin, any of text/raw/open/close, end. Failures are kept in `failed`; later calls do nothing.
 */
#ifndef NR_READ_COMPOSE_H
#define NR_READ_COMPOSE_H

#include "read/document.h"

enum { NR_COMPOSE_DEPTH = 64 };

typedef struct nr_composer {
    nr_document *doc;
    nr_buffer text;
    nr_block block;
    bool open, space;
    struct {
        nr_inline_kind kind;
        nr_view value;
        uint32_t start;
    } inlines[NR_COMPOSE_DEPTH];
    size_t depth, too_deep; /* deeper inlines are counted and forgotten */
    nr_status failed;
} nr_composer;

void nr_compose_init(nr_composer *c, nr_document *doc);
void nr_compose_begin(nr_composer *c, nr_block block); /* the span is filled in; ends an open block */
void nr_compose_text(nr_composer *c, nr_view text);
void nr_compose_raw(nr_composer *c, nr_view text); /* white space kept, as in code */
/* Inlines stay open across blocks until closed. The value is copied. */
void nr_compose_open(nr_composer *c, nr_inline_kind kind, nr_view value);
void nr_compose_close(nr_composer *c);
void nr_compose_end(nr_composer *c); /* a block without text is dropped, unless it is a break */
/* A whole block. */
void nr_compose_block(nr_composer *c, nr_block_kind kind, uint8_t flags, nr_view text);
/* Says that silent blocks of the kind (NR_BLOCK_ROW, NR_BLOCK_CODE) follow, in the document's language; nothing where the
 * language has no words for it (voices/<lang>/leftout.tsv). */
void nr_compose_left_out(nr_composer *c, nr_block_kind kind, uint32_t count);
/* Title, author and date of the document's metadata, as far as they are known. */
void nr_compose_opening(nr_composer *c);
/* Gives the text to the document and sorts the inlines. */
nr_status nr_compose_finish(nr_composer *c);

#endif
