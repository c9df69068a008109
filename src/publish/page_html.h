/* page_html.h - an article as clean HTML, built from its document: nothing of the source's own mark-up gets through.
 *
 * Whatever the document holds, what is written is well-formed, holds no elements but those in page_html.c, and no
 * attributes but class, id, href, rel, lang, dir, title, datetime, start, value, role, tabindex, aria-* and
 * data-narrate-block. */
#ifndef NR_PUBLISH_PAGE_HTML_H
#define NR_PUBLISH_PAGE_HTML_H

#include "base/buffer.h"
#include "publish/page_words.h"

/* Blocks that a page counts, in order, from 0: all but breaks and links. */
bool page_counts(const nr_block *block);
/* A word for the block in article.json. */
const char *page_kind(int kind);

/* The language that the page is in, never NULL: the document's, else the fallback's (which may be NULL), else British English. */
const char *page_language_of(const nr_document *doc, const char *fallback);
/* The page's title: the article's, else its first heading or words. Appended as plain text. */
void page_put_title(nr_buffer *out, const nr_document *doc);

/* Title, standfirst, byline and date, as they come before the text. Always holds one <h1>. */
nr_status page_write_opening(nr_buffer *out, const nr_document *doc, const page_words *words);
/* The rest. */
nr_status page_write_body(nr_buffer *out, const nr_document *doc, const page_words *words);

#endif
