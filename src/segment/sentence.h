/* sentence.h - where sentences end in written text, found on the raw text: fast, linear, without allocation. */
#ifndef NR_SEGMENT_SENTENCE_H
#define NR_SEGMENT_SENTENCE_H

#include "base/view.h"
#include "narrate.h"

typedef struct nr_splitter nr_splitter; /* the abbreviation tables of a language; read-only once open */
nr_status nr_splitter_open(nr_splitter **out, const char *locale, nr_error *err);
void nr_splitter_close(nr_splitter *s);

/* The next sentence in text[*at, end): its span without white space around it, *at moved past it. False when only white
 * space is left. A sentence longer than 8 kB is cut at a space (or a code point's border). With block set the range is
 * one block's, in which single line breaks are spaces; without it blank lines end sentences and single ones may. */
bool nr_splitter_next(const nr_splitter *s, nr_view text, uint32_t end, bool block, uint32_t *at, nr_span *sentence);

/* The same (without block) for a text of which more may come: NR_SPLIT_MORE when the next sentence's end depends on what
 * follows text.n, with *at moved over white space only. Looks at most about 20 kB ahead. */
typedef enum nr_split { NR_SPLIT_NONE, NR_SPLIT_SENTENCE, NR_SPLIT_MORE } nr_split;
nr_split nr_splitter_step(const nr_splitter *s, nr_view text, uint32_t *at, nr_span *sentence);

#endif
