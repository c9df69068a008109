/* page.h - plain text that was copied from a news page: which of its lines are the article. */
#ifndef NR_READ_PAGE_H
#define NR_READ_PAGE_H

#include "read/date.h"
#include "read/document.h"
#include "read/furniture.h"
#include "read/lines.h"

typedef struct nr_page {
    nr_document *doc;
    const nr_furniture *furniture;
    char ending;
    bool title, body, tail;
    enum { NR_PAGE_OTHER, NR_PAGE_TITLED, NR_PAGE_DATE, NR_PAGE_BYLINE } before; /* what the line before was */
} nr_page;

/* True when the head of the text shows at least two signs of a page: lines of furniture, a dateline. */
bool nr_page_detect(nr_page *page, nr_document *doc, const nr_furniture *f, char ending);
/* Takes a line in order. True when it was dealt with: left out, or its block (title, byline, date, caption, heading)
 * was added. False: it is a paragraph, item or quotation of the article, the caller's to add. */
bool nr_page_line(nr_page *page, nr_line line, nr_status *failed);
/* Says that a paragraph of the article was added without asking. */
void nr_page_body(nr_page *page);

#endif
