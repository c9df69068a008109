/* html_parser.h - what the HTML reader wants of a parser: a tree, as an array of nodes in document order.
 *
 * One parser is built in behind it: html_myhtml.c. To put another in its place, write these two functions; nothing else
 * in the reader knows which parser there is. A parser must follow the WHATWG algorithm (real pages need it), must not
 * recurse over the input, and must be linear in it; html_flatten.h helps with both. */
#ifndef NR_READ_HTML_PARSER_H
#define NR_READ_HTML_PARSER_H

#include "base/view.h"

/* clang-format off */
#define NR_HTML_TAGS(X) \
    X(a) X(abbr) X(address) X(article) X(aside) X(audio) X(b) X(blockquote) X(body) X(br) X(button) X(canvas) \
    X(caption) X(center) X(cite) X(code) X(col) X(colgroup) X(dd) X(del) X(details) X(dialog) X(div) X(dl) X(dt) \
    X(em) X(embed) X(fieldset) X(figcaption) X(figure) X(font) X(footer) X(form) X(frame) X(frameset) X(h1) X(h2) \
    X(h3) X(h4) X(h5) X(h6) X(head) X(header) X(hgroup) X(hr) X(html) X(i) X(iframe) X(img) X(input) X(ins) X(kbd) \
    X(label) X(legend) X(li) X(link) X(main) X(map) X(math) X(meta) X(nav) X(noframes) X(noscript) X(object) X(ol) \
    X(optgroup) X(option) X(p) X(picture) X(pre) X(q) X(rp) X(rt) X(ruby) X(s) X(samp) X(script) X(search) \
    X(section) X(select) X(small) X(source) X(span) X(strong) X(style) X(sub) X(summary) X(sup) X(svg) X(table) \
    X(tbody) X(td) X(template) X(textarea) X(tfoot) X(th) X(thead) X(time) X(title) X(tr) X(tt) X(u) X(ul) X(var) \
    X(video) X(wbr)
/* clang-format on */

typedef enum nr_html_tag {
    NR_HTML_UNKNOWN, /* an element of another name */
    NR_HTML_TEXT,    /* not an element */
#define X(name) NR_HTML_##name,
    NR_HTML_TAGS(X)
#undef X
        NR_HTML_TAG_COUNT
} nr_html_tag;

typedef struct nr_html_attribute {
    const char *name; /* lower case */
    nr_view value;
} nr_html_attribute;

typedef struct nr_html_node {
    uint32_t parent; /* index; that of the root is 0 */
    uint32_t end;    /* the subtree is [own index, end) */
    uint16_t tag;    /* nr_html_tag */
    uint16_t attribute_count;
    const nr_html_attribute *attributes;
    nr_view text; /* of NR_HTML_TEXT, entities resolved */
} nr_html_node;

typedef struct nr_html_tree {
    nr_html_node *nodes; /* [0] is the root element, <html> */
    uint32_t count;
    void *memory; /* the parser's */
} nr_html_tree;

/* Parses valid UTF-8. The tree may refer to text, which must outlive it. NR_ELIMIT: it unfolds to far more than its
 * size. */
nr_status nr_html_parse(nr_html_tree *tree, nr_view text, nr_error *err);
void nr_html_tree_free(nr_html_tree *tree);

/* {NULL, 0} when there is none; an attribute without a value is {"", 0}. */
static inline nr_view nr_html_attribute_of(const nr_html_node *node, const char *name)
{
    for (uint16_t i = 0; i < node->attribute_count; i++)
        if (strcmp(node->attributes[i].name, name) == 0)
            return node->attributes[i].value;
    return (nr_view){NULL, 0};
}

#endif
