/* html_speech.h - what a page says of how it should sound: data-ssml and data-ssml-* (W3C, Spoken Presentation in HTML),
 * aria-label on text, <time datetime>, and the style property speak. */
#ifndef NR_READ_HTML_SPEECH_H
#define NR_READ_HTML_SPEECH_H

#include "read/html_page.h"

enum { NR_HTML_HINTS = 6, NR_HTML_HINT_VALUE = 256 };

typedef struct nr_html_hint {
    nr_inline_kind kind;
    char value[NR_HTML_HINT_VALUE];
} nr_html_hint;

/* The hints of element i; returns how many. */
int nr_html_hints(const nr_html_page *page, uint32_t i, nr_html_hint hints[NR_HTML_HINTS]);

#endif
