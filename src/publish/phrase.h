/* phrase.h - the article's own words with their times, cut where a line may end.
 *
 * A passage is the text of one block as far as it is said, or of neighbours of which some are very short (a list of single
 * words): sentences behind one another, white space collapsed, what is not for the eye (silent inlines, soft hyphens) left
 * out. Its pieces are what stands between two places where a line may end (Unicode's line breaking, UAX 14, by ICU); each
 * place has a rank by the words around it. */
#ifndef NR_PUBLISH_PHRASE_H
#define NR_PUBLISH_PHRASE_H

#include "base/buffer.h"
#include "publish/timeline.h"

/* The place before a piece, from the best to end a line at to the worst. */
typedef enum phrase_place {
    PLACE_BLOCK, /* another list item, paragraph or heading begins */
    PLACE_SENTENCE,
    PLACE_CLAUSE,  /* behind . ; : ! ? and dashes */
    PLACE_COMMA,
    PLACE_GOOD,    /* before "which", "because", "but" */
    PLACE_FAIR,    /* before "and", "when" */
    PLACE_WEAK,    /* before "with", "by" */
    PLACE_ANY,
    PLACE_LEANING, /* behind "the", "of" */
    PLACE_NAME,    /* between the parts of a name */
    PLACE_JOINED,  /* title and name, number and unit */
    PLACE_INSIDE   /* no space here */
} phrase_place;

/* Widths are in eighths of a letter, so that a line of 42 letters holds 16 Han, kana or hangul: what is of double width. */
enum { PHRASE_LETTER = 8, PHRASE_WIDE = 21 };

typedef struct phrase_piece {
    uint32_t at, n;      /* bytes of the passage's text, the space behind not counted */
    uint64_t start, end; /* frames; the silence behind it is not counted */
    uint32_t width, load; /* on a line; to be read: a letter counts 1, what is of double width 2 */
    uint8_t place;       /* phrase_place before it */
    bool space;          /* a space stands before it */
    bool timed;          /* a spoken word begins here; else its start is worked out from the word around it */
} phrase_piece;

typedef struct phrase_passage {
    nr_buffer text;
    phrase_piece *pieces;
    size_t count, room;
    size_t first, sentences; /* of the timeline, all of one part */
    uint64_t until;          /* the next passage's first frame, or the sound's end */
    const char *language;    /* BCP 47, NULL where the article does not say */
} phrase_passage;

/* Reads the timeline passage by passage. One language's tables at a time. */
typedef struct phrase_reader phrase_reader;

typedef struct phrase_options {
    unsigned columns; /* no piece is wider than so many letters */
    double together;  /* seconds: blocks that last less are read with their neighbours; 0: every block by itself */
    bool abridge;     /* what a word has behind it that is not said (a web address's path) becomes "..." where it is long */
} phrase_options;

/* opt is copied. */
nr_status phrase_reader_new(phrase_reader **out, const timeline *t, const phrase_options *opt, nr_error *err);
/* *out is valid until the next call but one; NULL at the end. */
nr_status phrase_reader_next(phrase_reader *r, const phrase_passage **out, nr_error *err);
void phrase_reader_free(phrase_reader *r);

/* A run of words that stand for the same characters ("three", "dollars" for "$3"): how many, from a word on, and their
 * span together. */
size_t phrase_token(const timeline *t, size_t word, size_t last, nr_span *span);

#endif
