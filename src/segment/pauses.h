/* pauses.h - a language's pauses and manners of speaking (voices/LANG/pauses.tsv), and the words before which one may
 * breathe (clauses.tsv). */
#ifndef NR_SEGMENT_PAUSES_H
#define NR_SEGMENT_PAUSES_H

#include "base/view.h"
#include "narrate.h"

typedef enum nr_pause {
    NR_PAUSE_BREATH, NR_PAUSE_COMMA, NR_PAUSE_DASH, NR_PAUSE_COLON, NR_PAUSE_SEMICOLON, NR_PAUSE_BRACKET, NR_PAUSE_QUOTE_IN,
    NR_PAUSE_QUOTE_OUT, NR_PAUSE_ELLIPSIS, NR_PAUSE_SENTENCE, NR_PAUSE_QUESTION, NR_PAUSE_ITEM, NR_PAUSE_PARAGRAPH,
    NR_PAUSE_QUOTE, NR_PAUSE_CAPTION, NR_PAUSE_ROW, NR_PAUSE_HEADING, NR_PAUSE_TITLE, NR_PAUSE_BYLINE, NR_PAUSE_DATE,
    NR_PAUSE_BEFORE_HEADING, NR_PAUSE_BREAK, NR_PAUSES
} nr_pause;

typedef enum nr_manner { NR_MANNER_TITLE, NR_MANNER_HEADING, NR_MANNER_ASIDE, NR_MANNER_QUOTE, NR_MANNER_CAPTION, NR_MANNERS } nr_manner;

/* Read-only once open. A language without tables of its own takes those of English. */
typedef struct nr_pauses nr_pauses;
nr_status nr_pauses_open(nr_pauses **out, const char *locale, nr_error *err);
void nr_pauses_close(nr_pauses *p);

/* By its name in the table; false when there is none of it. */
bool nr_pause_named(const nr_pauses *p, nr_view name, uint32_t *ms);
uint32_t nr_pause_ms(const nr_pauses *p, nr_pause pause);
/* Percent of the rate, and what is added to the pitch. */
int16_t nr_manner_rate(const nr_pauses *p, nr_manner manner);
int16_t nr_manner_pitch(const nr_pauses *p, nr_manner manner);
/* How good the place before a word is for a breath: 1 to 3; 0: the word leans on the next one; -1: not in the table. */
int nr_clause_rank(const nr_pauses *p, nr_view word);

/* The pause behind a block, before a block of next_kind (-1: none). */
nr_pause nr_block_pause(const nr_block *block, int next_kind);

#endif
