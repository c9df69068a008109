/* html_stub.h - pages that stand for an article without having it. */
#ifndef NR_READ_HTML_STUB_H
#define NR_READ_HTML_STUB_H

#include "read/html_page.h"

/* Why a page that was written has no article: "it needs a browser", "it asks to sign in" ...; NULL when it has one. A page
 * with a few sentences has one, whatever else is on it. */
const char *nr_html_stub(const nr_html_page *page);

#endif
