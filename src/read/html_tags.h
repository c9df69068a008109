/* html_tags.h - what the reader knows of HTML's elements by their names alone. */
#ifndef NR_READ_HTML_TAGS_H
#define NR_READ_HTML_TAGS_H

#include "read/html_parser.h"

enum {
    NR_TAG_BLOCK = 1,     /* stands on lines of its own */
    NR_TAG_UNREAD = 2,    /* its text is never the article's */
    NR_TAG_CONTAINER = 4, /* may hold an article */
    NR_TAG_TEXT = 8       /* holds text of one kind: a paragraph, a heading, an item */
};

bool nr_html_is(uint16_t tag, unsigned kind);

#endif
