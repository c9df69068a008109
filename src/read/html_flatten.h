/* html_flatten.h - bounds the depth of HTML before it is parsed. */
#ifndef NR_READ_HTML_FLATTEN_H
#define NR_READ_HTML_FLATTEN_H

#include <stddef.h>

/* Overwrites, with spaces, start tags that would be nested deeper than browsers go (and their end tags), formatting
 * elements beyond some dozens, and the attributes of a tag beyond some hundreds. A conforming parser searches its stack
 * of open elements for nearly every tag, so depth times length would otherwise be its time. Linear. */
void nr_html_flatten(char *html, size_t n);

#endif
