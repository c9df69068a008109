/* reflow.h - putting text together again that was laid out in lines: paragraphs, and words that were cut at a line's
 * end. */
#ifndef NR_READ_REFLOW_H
#define NR_READ_REFLOW_H

#include "read/compose.h"
#include "read/furniture.h"

/* The words of a text that are written with a hyphen within a line, and those without any: what stands elsewhere says
 * how a word that was cut is spelled. */
typedef struct nr_spellings {
    const nr_furniture *furniture; /* knows words that keep their hyphen ("well-", "self-"); may be NULL */
    uint64_t *seen; /* hashes, open addressing */
    size_t count, cap;
} nr_spellings;

nr_status nr_spellings_read(nr_spellings *s, const nr_furniture *f, nr_view text);
void nr_spellings_free(nr_spellings *s);
/* Whether "first-" and "second" at the line's two sides are one word, without the hyphen. */
bool nr_spellings_join(const nr_spellings *s, nr_view first, nr_view second);
/* The letters at the end of a line that ends in a hyphen (or soft hyphen), and those at the start of the next line.
 * False when no word was cut. *mark is the bytes of the hyphen. */
bool nr_line_cut(nr_view line, nr_view next, nr_view *first, nr_view *second, size_t *mark);

/* Writes pages of text, with a form feed between them, as paragraphs, headings and items; running heads and page
 * numbers are left out. NR_OK, NR_ENOMEM or NR_ELIMIT. */
nr_status nr_reflow(nr_composer *out, const nr_furniture *f, nr_view text);

#endif
