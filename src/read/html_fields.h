/* html_fields.h - what a page says of itself, while it is being collected: the first good value of a field stays. */
#ifndef NR_READ_HTML_FIELDS_H
#define NR_READ_HTML_FIELDS_H

#include "read/html_page.h"

enum { NR_AUTHORS = 8 };

typedef struct nr_html_fields {
    nr_html_page *page;
    nr_metadata *m;
    nr_view published, modified; /* as found; can be read as dates */
    const char *house;           /* an author that is no person: the publisher, a department. NULL where unknown */
    bool failed;                 /* out of memory */
} nr_html_fields;

/* A copy in the document's arena with white space collapsed and character references resolved; NULL for nothing. */
const char *nr_fields_keep(nr_html_fields *f, nr_view v);
void nr_fields_set(nr_html_fields *f, const char **field, nr_view v);
/* Ignores what is no date. */
void nr_fields_date(nr_html_fields *f, nr_view *field, nr_view v);
/* Cleans the name; that of the publisher counts only when there is no other. */
void nr_fields_author(nr_html_fields *f, nr_view v);
void nr_fields_fallback(nr_html_fields *f);

/* "By Ann Lee | The Paper" is "Ann Lee"; what cannot be a name gives {NULL, 0}. A view into v. */
nr_view nr_author_clean(const nr_furniture *f, nr_view v);
/* Adds a name that is not there yet; returns the new count. */
size_t nr_author_add(const nr_furniture *f, nr_view names[NR_AUTHORS], size_t count, nr_view v);
/* "A", "A and B", "A, B and C"; NULL for none. */
const char *nr_author_join(nr_html_fields *f, const nr_view *names, size_t count);

/* JSON-LD: articles in the scripts of the page. */
void nr_fields_from_json(nr_html_fields *f);

#endif
