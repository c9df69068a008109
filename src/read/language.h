/* language.h - which language a text plainly is, by its script and its commonest words. */
#ifndef NR_READ_LANGUAGE_H
#define NR_READ_LANGUAGE_H

#include "base/table.h"

typedef struct nr_language_tally nr_language_tally;

nr_status nr_language_tally_new(nr_language_tally **out, nr_error *err);
void nr_language_tally_free(nr_language_tally *t);
/* Counts the words of more text; false when it has enough. */
bool nr_language_tally_add(nr_language_tally *t, nr_view text);
/* The language that the text plainly is and `declared` (a tag, or NULL for none) is not; NULL when it may well be the
 * declared one, when there is too little text, or when nothing is plain. Tags of languages without a table of common words
 * (voices/LANG/common.tsv) are believed. */
const char *nr_language_other(const nr_language_tally *t, const char *declared);

#endif
