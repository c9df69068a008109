/* html_judge.h - what a run of the article is, and whether it is for the ear. */
#ifndef NR_READ_HTML_JUDGE_H
#define NR_READ_HTML_JUDGE_H

#include "read/html_page.h"

enum { NR_HTML_JUDGED = 700 }; /* bytes of a run's text that are looked at */

/* What a run is inside of. Flags: an ancestor is one. */
typedef struct nr_html_place {
    uint16_t quote, item, figure, caption, pre, heading, note, byline, date, header;
    uint32_t li, list, table, row;
    uint8_t depth; /* of lists */
} nr_html_place;

typedef struct nr_html_judge {
    nr_html_page *page;
    nr_view title, author;
    uint32_t body, total; /* characters of paragraphs said, and in all */
    uint32_t last;        /* the node behind the last paragraph said */
    uint32_t picture;     /* the picture right before the run, 0 for none */
    uint32_t judged_list; /* the last one looked at */
    bool list_is_links;
    uint64_t *seen; /* hashes of paragraphs, open addressing */
    size_t seen_count, seen_cap;
} nr_html_judge;

typedef enum nr_html_verdict { NR_HTML_SAY, NR_HTML_CAPTION, NR_HTML_DROP } nr_html_verdict;

void nr_html_judge_init(nr_html_judge *judge, nr_html_page *page); /* metadata is known */
void nr_html_judge_free(nr_html_judge *judge);
nr_html_place nr_html_find_place(const nr_html_page *page, const nr_html_run *run, uint32_t root);
/* text: the run's, NR_HTML_JUDGED bytes of it at most. */
nr_html_verdict nr_html_judge_run(nr_html_judge *judge, const nr_html_run *run, const nr_html_place *place,
                                  nr_view text);
/* When the run heads a list of other articles, comments and the like: the node at which these end; else 0. */
uint32_t nr_html_tail_end(const nr_html_judge *judge, const nr_html_run *run, const nr_html_place *place, nr_view text,
                          uint32_t root);
/* The last picture of some size in [from, to) with no text behind it; 0 for none. */
uint32_t nr_html_picture_in(const nr_html_page *page, uint32_t from, uint32_t to);

#endif
