/* Gumbo behind html_parser.h. Its memory comes from an arena and is dropped whole: its own destructor recurses. */
#include <gumbo.h>
#include <setjmp.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"
#include "read/html_parser.h"

enum { CLASSES = 40 };

typedef struct memory {
    nr_arena arena;
    void *freed[CLASSES]; /* lists of blocks of 2^i bytes */
    size_t used, max;
    nr_status failed;
    jmp_buf out; /* Gumbo does not look at what it allocated: there is no way back but this */
} memory;

typedef union header {
    unsigned size_class;
    void *next;
    max_align_t align;
} header;

static void *allocate(void *userdata, size_t n)
{
    memory *m = userdata;
    unsigned class = 5;
    while (((size_t)1 << class) < n + sizeof(header) && class < CLASSES - 1)
        class ++;
    header *h = m->freed[class];
    if (h) {
        m->freed[class] = h->next;
    } else {
        m->used += (size_t)1 << class;
        h = m->used <= m->max ? nr_arena_alloc(&m->arena, (size_t)1 << class) : NULL;
        if (!h) {
            m->failed = m->used <= m->max ? NR_ENOMEM : NR_ELIMIT;
            longjmp(m->out, 1);
        }
    }
    h->size_class = class;
    return h + 1;
}

static void deallocate(void *userdata, void *p)
{
    memory *m = userdata;
    if (!p)
        return;
    header *h = (header *)p - 1;
    unsigned class = h->size_class;
    h->next = m->freed[class];
    m->freed[class] = h;
}

static GumboOutput *parse(memory *m, nr_view text)
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = allocate;
    options.deallocator = deallocate;
    options.userdata = m;
    options.max_errors = 0;
    if (setjmp(m->out))
        return NULL;
    return gumbo_parse_with_options(&options, text.p, text.n);
}

/* ---------------------------------------------------------------- from its tree to ours */

static const char *const names[NR_HTML_TAG_COUNT] = {"", "",
#define X(name) #name,
                                                     NR_HTML_TAGS(X)
#undef X
};

static void map_tags(uint16_t map[GUMBO_TAG_LAST + 1])
{
    for (int g = 0; g <= GUMBO_TAG_LAST; g++)
        map[g] = NR_HTML_UNKNOWN;
    for (uint16_t t = NR_HTML_TEXT + 1; t < NR_HTML_TAG_COUNT; t++) {
        GumboTag g = gumbo_tag_enum(names[t]);
        if (g < GUMBO_TAG_UNKNOWN)
            map[g] = t;
    }
}

static bool is_element(const GumboNode *n) { return n->type == GUMBO_NODE_ELEMENT || n->type == GUMBO_NODE_TEMPLATE; }

static bool is_text(const GumboNode *n)
{
    return n->type == GUMBO_NODE_TEXT || n->type == GUMBO_NODE_WHITESPACE || n->type == GUMBO_NODE_CDATA;
}

static bool copy_attributes(memory *m, const GumboVector *from, nr_html_node *to)
{
    uint16_t count = from->length < UINT16_MAX ? (uint16_t)from->length : UINT16_MAX;
    nr_html_attribute *list = nr_arena_calloc(&m->arena, count ? count : 1, sizeof *list);
    if (!list)
        return false;
    for (uint16_t i = 0; i < count; i++) {
        const GumboAttribute *a = from->data[i];
        list[i] = (nr_html_attribute){a->name, nr_view_of(a->value)};
    }
    to->attributes = list;
    to->attribute_count = count;
    return true;
}

static bool fill_node(memory *m, const uint16_t *map, const GumboNode *from, nr_html_node *to)
{
    if (is_text(from)) {
        to->tag = NR_HTML_TEXT;
        to->text = nr_view_of(from->v.text.text);
        return true;
    }
    const GumboElement *e = &from->v.element;
    to->tag = map[e->tag];
    /* Names that Gumbo has no number for. */
    if (e->tag == GUMBO_TAG_UNKNOWN &&
        nr_view_starts_nocase((nr_view){e->original_tag.data, e->original_tag.length}, NR_LIT("<dialog")))
        to->tag = NR_HTML_dialog;
    if (e->tag_namespace == GUMBO_NAMESPACE_SVG)
        to->tag = NR_HTML_svg;
    return copy_attributes(m, &e->attributes, to);
}

/* The next node in document order below root; *up counts the elements that ended on the way. */
static const GumboNode *next_node(const GumboNode *n, const GumboNode *root, unsigned *up)
{
    *up = 0;
    if (is_element(n) && n->v.element.children.length)
        return n->v.element.children.data[0];
    while (n != root) {
        ++*up;
        const GumboVector *siblings = &n->parent->v.element.children;
        if (n->index_within_parent + 1 < siblings->length)
            return siblings->data[n->index_within_parent + 1];
        n = n->parent;
    }
    return NULL;
}

static size_t count_nodes(const GumboNode *root)
{
    size_t count = 0;
    unsigned up;
    for (const GumboNode *n = root; n; n = next_node(n, root, &up))
        count++;
    return count;
}

static nr_status build(nr_html_tree *tree, memory *m, const GumboNode *root)
{
    size_t count = count_nodes(root);
    if (count >= UINT32_MAX)
        return NR_ELIMIT;
    uint16_t map[GUMBO_TAG_LAST + 1];
    map_tags(map);
    tree->nodes = nr_arena_calloc(&m->arena, count, sizeof *tree->nodes);
    if (!tree->nodes)
        return NR_ENOMEM;
    uint32_t i = 0, parent = 0;
    unsigned up;
    for (const GumboNode *n = root, *next; n; n = next, i++) {
        nr_html_node *to = &tree->nodes[i];
        to->parent = parent;
        to->end = i + 1;
        to->text = NR_LIT("");
        bool known = is_text(n) || is_element(n);
        if (known && !fill_node(m, map, n, to))
            return NR_ENOMEM;
        if (!known)
            to->tag = NR_HTML_TEXT; /* a comment: an empty text */
        next = next_node(n, root, &up);
        uint32_t closing = i;
        if (up == 0)
            parent = i;
        for (; up; up--) {
            tree->nodes[closing].end = i + 1;
            closing = tree->nodes[closing].parent;
            parent = closing;
        }
        if (!next)
            tree->nodes[0].end = i + 1;
    }
    tree->count = i;
    return NR_OK;
}

static nr_status fail(nr_status s, nr_error *err)
{
    if (s == NR_ENOMEM)
        return nr_fail_memory(err);
    return nr_fail(err, s, 0, "cannot parse the page: its markup unfolds to far more than its size");
}

nr_status nr_html_parse(nr_html_tree *tree, nr_view text, nr_error *err)
{
    *tree = (nr_html_tree){0};
    memory *m = calloc(1, sizeof *m);
    if (!m)
        return nr_fail_memory(err);
    m->max = ((size_t)64 << 20) + text.n * 128;
    tree->memory = m;
    GumboOutput *output = parse(m, text);
    nr_status s = m->failed;
    if (output)
        s = build(tree, m, output->root);
    if (s) {
        nr_html_tree_free(tree);
        return fail(s, err);
    }
    return NR_OK;
}

void nr_html_tree_free(nr_html_tree *tree)
{
    memory *m = tree->memory;
    if (m)
        nr_arena_free(&m->arena);
    free(m);
    *tree = (nr_html_tree){0};
}
