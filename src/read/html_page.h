/* html_page.h - the parts of the HTML reader: what a page says of itself, which part of it is the article, and writing
 * that part as blocks. */
#ifndef NR_READ_HTML_PAGE_H
#define NR_READ_HTML_PAGE_H

#include "base/table.h"
#include "read/compose.h"
#include "read/date.h"
#include "read/furniture.h"
#include "read/html_tags.h"

/* What class and id words say of an element (voices/html/classes.tsv). */
enum {
    NR_CLASS_JUNK = 1,  /* not the article: share bars, menus, comments, advertisements */
    NR_CLASS_SMALL = 2, /* the same, but only on small elements */
    NR_CLASS_BODY = 4,  /* the article's text */
    NR_CLASS_CAPTION = 8,
    NR_CLASS_BYLINE = 16,
    NR_CLASS_DATE = 32,
    NR_CLASS_HIDDEN = 64,
    NR_CLASS_NOTE = 128, /* footnotes */
    NR_CLASS_TITLE = 256,
    NR_CLASS_COMMENT = 512, /* what readers wrote */
    NR_CLASS_EMBED = 1024   /* a post of another site, quoted */
};

/* A stretch of text without block borders inside: what may become a block. */
typedef struct nr_html_run {
    uint32_t from, to; /* nodes [from, to) that hold its text */
    uint32_t box;      /* the block element that it is directly in */
    uint32_t length;   /* characters that are not white space */
    uint32_t linked;   /* those of them in links */
    uint32_t words;
    uint16_t commas;
    uint16_t flags;
} nr_html_run;

typedef struct nr_html_page {
    nr_document *doc;
    const nr_furniture *furniture;
    nr_table *classes;
    nr_html_tree tree;
    uint8_t *dead;    /* by node: 1 when it is not for reading */
    uint16_t *marks;  /* by node: NR_CLASS_... */
    uint32_t *inside; /* by node: characters of paragraphs below it */
    nr_html_run *runs;
    size_t run_count, run_cap;
    uint32_t *roots; /* nodes that hold the article, in order */
    size_t root_count;
    nr_arena arena;
    bool links; /* every link gets a block */
    bool whole; /* a piece that is all article */
    bool not_free; /* it says that its text is for subscribers */
    bool all;   /* a book's: nothing in it is furniture */
} nr_html_page;

/* Fills the document's metadata from JSON-LD, Open Graph, <meta>, microdata and what is to be seen, in this order of
 * trust. */
nr_status nr_html_metadata(nr_html_page *page);
/* Marks what is not for reading, collects the runs, and finds the roots. */
nr_status nr_html_content(nr_html_page *page);
/* Marks as dead what its shape, not its name, shows to be of other articles: nested articles, groups of linked cards,
 * hover cards. Uses page->inside and page->runs. */
void nr_html_prune_cards(nr_html_page *page);
/* The same for a piece of HTML that is all article: the root is its root. */
nr_status nr_html_whole(nr_html_page *page);
/* Writes the article's blocks. */
nr_status nr_html_write(nr_html_page *page, nr_composer *out);
/* Writes a piece of HTML, valid UTF-8, which is overwritten. all: nothing is left out (a book), else what looks like
 * furniture is (a feed). Composing goes on after it. */
nr_status nr_html_fragment(nr_composer *out, const nr_furniture *f, nr_buffer *html, bool all, nr_error *err);

/* A block element, or an inline one that its class makes a caption: what stands alone as a run. */
bool nr_html_is_box(const nr_html_page *page, uint32_t node);
/* The first run that begins at or behind a node. */
size_t nr_html_first_run(const nr_html_page *page, uint32_t node);
/* The text below a node, white space collapsed, at most max bytes; in the page's arena. */
nr_view nr_html_text_below(nr_html_page *page, uint32_t node, size_t max);
nr_view nr_html_run_text(nr_html_page *page, const nr_html_run *run, size_t max);
/* "www.example.org" of "https://www.example.org/a"; empty for an address without a host. */
nr_view nr_html_host(nr_view address);
/* Equal but for case, white space and punctuation. */
bool nr_html_same_text(nr_view a, nr_view b);

#endif
