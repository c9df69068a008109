/* pronounce.h - stage pronounce: words that a voice would say wrong. */
#ifndef NR_PRONOUNCE_PRONOUNCE_H
#define NR_PRONOUNCE_PRONOUNCE_H

#include "base/view.h"
#include "narrate.h"

/* The respellings of a language: voices/LANG/pronunciation.tsv. Read-only once open. */
typedef struct nr_pronouncer nr_pronouncer;
nr_status nr_pronouncer_open(nr_pronouncer **out, const char *locale, nr_error *err);
void nr_pronouncer_close(nr_pronouncer *p);

/* What to give to the voice for a word: the word itself, or its respelling, which lives as long as the pronouncer. A
 * possessive 's is kept where the respelling knows it. Words with NR_WORD_LETTERS are left alone. */
nr_view nr_pronounce_word(const nr_pronouncer *p, nr_view word, uint16_t flags);

#endif
