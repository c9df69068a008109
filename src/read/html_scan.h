/* html_scan.h - where the tags, comments and raw texts of HTML begin and end, by the rules of the standard's tokeniser
 * (html.spec.whatwg.org/multipage/parsing.html#tokenization), for what looks at HTML before it is parsed. */
#ifndef NR_READ_HTML_SCAN_H
#define NR_READ_HTML_SCAN_H

#include "base/view.h"

typedef struct nr_html_scan {
    const char *at, *end;
    nr_view name; /* of the tag, in any case */
    bool closing; /* an end tag */
    bool whole;   /* its '>' was met; `at` is behind it */
    bool empty;   /* "/>" */
    bool slashed; /* a "/" elsewhere between attributes, which parsers may take for it */
} nr_html_scan;

typedef struct nr_html_scanned {
    nr_view name, value; /* value: between the quotes */
    nr_view whole;       /* the name to the closing quote */
} nr_html_scanned;

/* The name is one of a list, which ends with an empty one. */
bool nr_html_is_named(nr_view name, const nr_view *list);
/* True when a start or end tag begins at p, a '<'. */
bool nr_html_begins_tag(const char *p, const char *end);
/* Reads the name of the tag at p. */
nr_html_scan nr_html_scan_tag(const char *p, const char *end);
/* The tag's next attribute; false when there is none: then `whole` tells whether the tag ended. */
bool nr_html_scan_attribute(nr_html_scan *s, nr_html_scanned *out);
/* Past all attributes. */
void nr_html_scan_rest(nr_html_scan *s);
/* Behind what begins with "<!", "<?" or "</" at p and is no tag; NULL when it does not end. */
const char *nr_html_scan_markup(const char *p, const char *end);
/* The '<' of the end tag that closes an element whose content is text, which begins at p; NULL when there is none. */
const char *nr_html_scan_raw(const char *p, const char *end, nr_view tag);

#endif
