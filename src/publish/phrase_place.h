/* phrase_place.h - how good it is to end a line between two words, by the words, in any language that has tables. */
#ifndef NR_PUBLISH_PHRASE_PLACE_H
#define NR_PUBLISH_PHRASE_PLACE_H

#include "base/table.h"
#include "publish/phrase.h"

/* One language's; a table may be empty. */
typedef struct place_words {
    nr_table *clauses, *abbreviations, *units;
} place_words;

nr_status place_words_open(place_words *w, const char *language, nr_error *err);
void place_words_free(place_words *w);

/* Between two pieces with a space between them; neither is empty. opens: the first one begins its sentence. */
phrase_place place_judge(const place_words *w, nr_view before, nr_view behind, bool opens);
/* Without a space between them: in scripts that have none, and behind a colon or a dash, but not in "3-5". */
phrase_place place_judge_close(nr_view before, nr_view behind);
/* Closing quotation marks and brackets. */
bool place_is_closing(uint32_t code);

#endif
