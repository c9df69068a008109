/* phrase_cut.h - text cut into pieces at all places where a line may end. */
#ifndef NR_PUBLISH_PHRASE_CUT_H
#define NR_PUBLISH_PHRASE_CUT_H

#include <unicode/ubrk.h>

#include "publish/phrase.h"

/* Of one language. All zero is a closed one. */
typedef struct phrase_cutter {
    UBreakIterator *lines, *letters, *words;
    unsigned most; /* a piece's width */
} phrase_cutter;

/* Close it also after a failure. */
nr_status phrase_cutter_open(phrase_cutter *c, const char *language, unsigned most, nr_error *err);
void phrase_cutter_close(phrase_cutter *c);
/* Adds the pieces of the passage's text from a byte on, without times and places. NR_ENOMEM is the only failure. */
nr_status phrase_cut(const phrase_cutter *c, phrase_passage *g, size_t from);

#endif
