/* page_words.h - the few words of a page that are not the article's, in its language: voices/LANG/page.tsv. */
#ifndef NR_PUBLISH_PAGE_WORDS_H
#define NR_PUBLISH_PAGE_WORDS_H

#include "base/buffer.h"
#include "base/table.h"

typedef struct page_words {
    nr_table *table;
    const char *page; /* the page's language, the caller's */
    const char *lang; /* what they are in, English where there are none in the page's */
} page_words;

/* English where there are none in the language. */
nr_status page_words_open(page_words *w, const char *lang, nr_error *err);
void page_words_close(page_words *w);
nr_view page_word(const page_words *w, const char *key);
/* The word's text with {} replaced by a number, escaped for HTML. */
void page_put_word(nr_buffer *out, const page_words *w, const char *key, unsigned number);

#endif
