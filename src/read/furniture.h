/* furniture.h - the phrases of news pages that are not the article: share lines, players, credits, labels of dates.
 *
 * The phrases are data, voices/<lang>/furniture.tsv; all languages are asked at once, for a page's furniture is often
 * in another language than its text. Lines are compared in lower case, with plain apostrophes, single spaces, and
 * without what stands around them (bullets, arrows, dots). */
#ifndef NR_READ_FURNITURE_H
#define NR_READ_FURNITURE_H

#include "base/view.h"

typedef enum nr_phrase {
    NR_PHRASE_WHOLE = 1,
    NR_PHRASE_START = 2,
    NR_PHRASE_CAPTION = 4,
    NR_PHRASE_CREDIT = 8,
    NR_PHRASE_BY = 16,
    NR_PHRASE_DATED = 32,
    NR_PHRASE_CHANGED = 64,
    NR_PHRASE_AMONG = 128,
    NR_PHRASE_MONTH = 256,
    NR_PHRASE_WEEKDAY = 512,
    NR_PHRASE_TAIL = 1024,
    NR_PHRASE_CALL = 2048,
    NR_PHRASE_SERVICE = 4096,
    NR_PHRASE_WITHIN = 8192,
    NR_PHRASE_COMPOUND = 16384,
    NR_PHRASE_WALL = 32768,
    NR_PHRASE_ROBOT = 65536,
    NR_PHRASE_NOTES = 131072
} nr_phrase;

enum { NR_FURNITURE_LINE = 300 }; /* longer lines are text */

typedef struct nr_furniture nr_furniture; /* read-only once open */
nr_status nr_furniture_open(nr_furniture **out, nr_error *err);
void nr_furniture_close(nr_furniture *f);

/* The classes of exactly this phrase, 0 for none; *value is the month's or weekday's number (may be NULL). phrase is
 * folded already. */
unsigned nr_furniture_find(const nr_furniture *f, nr_view phrase, int *value);
/* Folds a line into space (at least NR_FURNITURE_LINE bytes); {NULL, 0} when it is too long. */
nr_view nr_furniture_fold(nr_view line, char *space);

/* What a line of a page is, apart from the article: */
typedef enum nr_line_kind {
    NR_LINE_TEXT,
    NR_LINE_FURNITURE, /* to be left out */
    NR_LINE_CAPTION,
    NR_LINE_CREDITED /* ends in a picture credit: a caption where there are pictures */
} nr_line_kind;
nr_line_kind nr_furniture_line(const nr_furniture *f, nr_view line);
/* Which of the wanted classes have a phrase that begins at a word of the line. */
unsigned nr_furniture_holds(const nr_furniture *f, nr_view line, unsigned wanted);
/* True for a heading behind which other articles, comments and the like begin. */
bool nr_furniture_heads_notes(const nr_furniture *f, nr_view line); /* "References" */
bool nr_furniture_tail(const nr_furniture *f, nr_view line);
/* The same for a number of what readers wrote: "24 comments" ("0 comments" in the tables). */
bool nr_furniture_counted_tail(const nr_furniture *f, nr_view line);
/* A sentence of the text asks the reader to do something outside it: "Follow us on Twitter". A phrase of the class call
 * begins it and one of the class service (or, where the call has the value 1, an account or address with @) is in it. */
bool nr_furniture_call(const nr_furniture *f, nr_view text);
/* "Updated at 1:23 p.m.": a label of dates, and a time alone. */
bool nr_furniture_is_time(const nr_furniture *f, nr_view line);
/* The author in "By Ann Lee" or {NULL, 0}; a view into line. */
nr_view nr_furniture_author(const nr_furniture *f, nr_view line);

#endif
