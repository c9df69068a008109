/* What html_trim.h promises: the tree of trimmed HTML is that of the whole, but for what nobody asks for. */
#ifndef NR_TESTS_FUZZ_TRIM_CHECK_H
#define NR_TESTS_FUZZ_TRIM_CHECK_H

#include <stdlib.h>

#include "read/html_parser.h"
#include "read/html_trim.h"

static inline bool same_attributes(const nr_html_node *a, const nr_html_node *b)
{
    static const char *const asked[] = {"class",   "id",   "href",  "role",     "lang", "title",     "alt",
                                        "content", "name", "type",  "property", "rel",  "datetime",  "hidden",
                                        "width",   "start", "value", "itemprop", "data-ssml"};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        nr_view x = nr_html_attribute_of(a, asked[i]), y = nr_html_attribute_of(b, asked[i]);
        if ((x.p == NULL) != (y.p == NULL) || !nr_view_eq(x, y))
            return false;
    }
    nr_view x = nr_html_attribute_of(a, "style"), y = nr_html_attribute_of(b, "style");
    return (nr_view_find(x, NR_LIT("none")) != NULL) == (nr_view_find(y, NR_LIT("none")) != NULL);
}

/* What is below the element is not for reading. */
static inline bool is_closed_book(const nr_html_node *n)
{
    bool data = nr_view_starts_nocase(nr_html_attribute_of(n, "type"), NR_LIT("application/ld+json"));
    return n->tag == NR_HTML_svg || n->tag == NR_HTML_style || (n->tag == NR_HTML_script && !data);
}

static inline bool same_trees(const nr_html_tree *a, const nr_html_tree *b)
{
    uint32_t i = 0, j = 0;
    while (i < a->count && j < b->count) {
        const nr_html_node *x = &a->nodes[i], *y = &b->nodes[j];
        bool element = x->tag != NR_HTML_TEXT;
        if (x->tag != y->tag || (element ? !same_attributes(x, y) : !nr_view_eq(x->text, y->text)))
            return false;
        bool closed = element && is_closed_book(x);
        i = closed ? x->end : i + 1;
        j = closed ? y->end : j + 1;
    }
    return i == a->count && j == b->count;
}

/* True for HTML that does not parse at all as well. */
static inline bool trims_well(const char *html, size_t n)
{
    char *copy = malloc(n + 1);
    if (!copy)
        abort();
    memcpy(copy, html, n);
    size_t left = nr_html_trim(copy, n);
    nr_html_tree whole, trimmed;
    bool good = left <= n;
    if (good && nr_html_parse(&whole, (nr_view){html, n}, NULL) == NR_OK) {
        good = nr_html_parse(&trimmed, (nr_view){copy, left}, NULL) == NR_OK && same_trees(&whole, &trimmed);
        nr_html_tree_free(&trimmed);
        nr_html_tree_free(&whole);
    }
    free(copy);
    return good;
}

#endif
