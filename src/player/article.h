/* article.h - one article of the queue: its document, ways around in it, and how long it takes. One thread. */
#ifndef NR_PLAYER_ARTICLE_H
#define NR_PLAYER_ARTICLE_H

#include "narrate.h"

typedef struct article_options {
    nr_read_options read; /* but for the name */
    nr_script_options script;
    double wpm; /* for the estimate of times; 0: the usual */
} article_options;

typedef struct article {
    const char *path; /* the caller's */
    nr_document *doc;
    nr_view text;
    const nr_block *blocks;
    size_t block_count;
    nr_script_options script;
    nr_script *walker;    /* made when first needed */
    uint64_t *said_before; /* bytes of blocks that are said before each, and of all at the end */
    double seconds_per_byte;
    char key[17];         /* of its content, hexadecimal */
    char locale[32];
} article;

nr_status article_open(article **out, const char *path, const article_options *opt, nr_error *err);
void article_close(article *a);

const char *article_title(const article *a);
/* The block that holds an offset, or the next one. */
size_t article_block(const article *a, uint32_t at);
bool article_says(const article *a, size_t block);
/* The sentence that is said at an offset or after it; empty at the end. */
nr_span article_sentence(article *a, uint32_t at);
nr_span article_word(article *a, uint32_t at); /* the same */

/* Where a listener at `at` lands who goes some steps on or back. Going back from the middle of something is to its
 * beginning first. */
uint32_t article_move_sentences(article *a, uint32_t at, int steps);
uint32_t article_move_paragraphs(article *a, uint32_t at, int steps);
uint32_t article_move_headings(article *a, uint32_t at, int steps);
uint32_t article_move_words(article *a, uint32_t at, int steps);
/* The next heading that is said after `at`, or UINT32_MAX. */
uint32_t article_next_heading(const article *a, uint32_t at);

/* Estimates at normal speed, in seconds. */
double article_seconds(const article *a, uint32_t at);
double article_length(const article *a);
uint32_t article_at_seconds(const article *a, double seconds);
/* "40%", "1:20:05" (a time), or words of the text. */
bool article_place(const article *a, const char *where, uint32_t from, uint32_t *at);

#endif
