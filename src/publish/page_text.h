/* page_text.h - an article's text as a page shows it: white space of ASCII is one space, what could turn the rest of a line
 * around or is no character for a page is left out. Written so, it holds no mark-up: every <, >, &, " and ' is escaped. */
#ifndef NR_PUBLISH_PAGE_TEXT_H
#define NR_PUBLISH_PAGE_TEXT_H

#include "base/buffer.h"

/* A code point as shown: itself, ' ' for what collapses into one space, or 0 for what is left out. */
uint32_t page_shown(uint32_t code);

/* Text that is put piece by piece, white space collapsed across the pieces. */
typedef struct page_flow {
    nr_buffer *out;
    bool space; /* nothing but space since the start, or the last that was put is one */
    bool raw;   /* white space is kept */
} page_flow;
void page_flow_put(page_flow *flow, nr_view text);

/* A whole text, trimmed. */
void page_put_text(nr_buffer *out, nr_view text);
/* ` name="text"`; nothing when the text is empty. */
void page_put_attribute(nr_buffer *out, const char *name, nr_view text);
void page_put_string(nr_buffer *out, const char *name, const char *text); /* the same; NULL is nothing */
/* The text with neither mark-up nor escapes, for a JSON string. */
void page_put_plain(nr_buffer *out, nr_view text);
bool page_has_shown(nr_view text); /* anything to be seen */

/* An address that a reader may follow: http, https or mailto, percent-encoded as needed. A relative one is resolved
 * against base (which may be NULL). False, and nothing put, for any other. */
bool page_put_address(nr_buffer *out, nr_view address, const char *base);

/* The tag if its language is known, else NULL. */
const char *page_language(const char *tag);
bool page_is_rtl(const char *tag);

#endif
