/* MyHTML behind html_parser.h. It runs in this thread alone (its single mode) and shares nothing between pages. */
#include <myhtml/api.h>
#include <setjmp.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"
#include "read/html_parser.h"

/* No honest page has more elements and texts than NODES and its bytes: unclosed formatting elements are opened again in
 * every paragraph. MOST of them take 4 GB of memory. */
enum { NODES = 500000, MOST = 12000000 };

typedef struct memory {
    nr_arena arena;
    myhtml_t *parser;
    myhtml_tree_t *tree; /* owns names, values and texts */
    size_t nodes, max;
    jmp_buf out; /* MyHTML cannot be stopped but by this */
} memory;

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
/* MyHTML joins two texts that overlap by memcpy, forward, where only memmove promises what every C library of Linux
 * does. AddressSanitizer would end the program there. */
__attribute__((visibility("default"))) const char *__asan_default_suppressions(void);
const char *__asan_default_suppressions(void) { return "interceptor_via_lib:libmodest"; }
#endif

static const char *const names[NR_HTML_TAG_COUNT] = {"", "",
#define X(name) #name,
                                                     NR_HTML_TAGS(X)
#undef X
};

static void map_tags(memory *m, uint16_t map[MyHTML_TAG_LAST_ENTRY])
{
    for (size_t i = 0; i < MyHTML_TAG_LAST_ENTRY; i++)
        map[i] = NR_HTML_UNKNOWN;
    for (uint16_t t = NR_HTML_TEXT + 1; t < NR_HTML_TAG_COUNT; t++) {
        myhtml_tag_id_t id = myhtml_tag_id_by_name(m->tree, names[t], strlen(names[t]));
        if (id < MyHTML_TAG_LAST_ENTRY)
            map[id] = t;
    }
}

/* Names that MyHTML has no number for. */
static uint16_t later_tag(const memory *m, myhtml_tag_id_t id)
{
    static const uint16_t later[] = {NR_HTML_dialog, NR_HTML_search, NR_HTML_picture};
    size_t n;
    const char *name = myhtml_tag_name_by_id(m->tree, id, &n);
    for (size_t i = 0; name && i < sizeof later / sizeof *later; i++)
        if (nr_view_is((nr_view){name, n}, names[later[i]]))
            return later[i];
    return NR_HTML_UNKNOWN;
}

static nr_view view_of(const char *p, size_t n) { return p ? (nr_view){p, n} : NR_LIT(""); }

static bool copy_attributes(memory *m, myhtml_tree_node_t *from, nr_html_node *to)
{
    uint16_t count = 0;
    for (myhtml_tree_attr_t *a = myhtml_node_attribute_first(from); a && count < UINT16_MAX; a = myhtml_attribute_next(a))
        count++;
    nr_html_attribute *list = nr_arena_calloc(&m->arena, count ? count : 1, sizeof *list);
    if (!list)
        return false;
    myhtml_tree_attr_t *a = myhtml_node_attribute_first(from);
    for (uint16_t i = 0; i < count; i++, a = myhtml_attribute_next(a)) {
        size_t n = 0, ignored;
        const char *name = myhtml_attribute_key(a, &ignored), *value = myhtml_attribute_value(a, &n);
        list[i] = (nr_html_attribute){name ? name : "", view_of(value, n)};
    }
    to->attributes = list;
    to->attribute_count = count;
    return true;
}

static bool fill_node(memory *m, const uint16_t *map, myhtml_tree_node_t *from, nr_html_node *to)
{
    myhtml_tag_id_t id = myhtml_node_tag_id(from);
    to->text = NR_LIT("");
    to->tag = NR_HTML_TEXT;
    if (id == MyHTML_TAG__TEXT) {
        size_t n = 0;
        const char *p = myhtml_node_text(from, &n);
        to->text = view_of(p, n);
        return true;
    }
    if (id == MyHTML_TAG__COMMENT || id == MyHTML_TAG__DOCTYPE)
        return true; /* an empty text */
    to->tag = id < MyHTML_TAG_LAST_ENTRY ? map[id] : later_tag(m, id);
    if (myhtml_node_namespace(from) == MyHTML_NAMESPACE_SVG)
        to->tag = NR_HTML_svg;
    return copy_attributes(m, from, to);
}

/* The next node in document order below root; *up counts the elements that ended on the way. */
static myhtml_tree_node_t *next_node(myhtml_tree_node_t *n, const myhtml_tree_node_t *root, unsigned *up)
{
    *up = 0;
    if (myhtml_node_child(n))
        return myhtml_node_child(n);
    while (n != root) {
        ++*up;
        if (myhtml_node_next(n))
            return myhtml_node_next(n);
        n = myhtml_node_parent(n);
    }
    return NULL;
}

static size_t count_nodes(myhtml_tree_node_t *root)
{
    size_t count = 0;
    unsigned up;
    for (myhtml_tree_node_t *n = root; n; n = next_node(n, root, &up))
        count++;
    return count;
}

static nr_status build(nr_html_tree *tree, memory *m)
{
    myhtml_tree_node_t *root = myhtml_tree_get_node_html(m->tree);
    size_t count = root ? count_nodes(root) : 1; /* MyHTML makes none of a tag that does not end */
    if (count >= UINT32_MAX)
        return NR_ELIMIT;
    uint16_t map[MyHTML_TAG_LAST_ENTRY];
    map_tags(m, map);
    tree->nodes = nr_arena_calloc(&m->arena, count, sizeof *tree->nodes);
    if (!tree->nodes)
        return NR_ENOMEM;
    tree->nodes[0] = (nr_html_node){.end = 1, .tag = NR_HTML_html, .text = NR_LIT("")};
    tree->count = 1;
    uint32_t i = 0, parent = 0;
    unsigned up;
    for (myhtml_tree_node_t *n = root, *next; n; n = next, i++) {
        nr_html_node *to = &tree->nodes[i];
        to->parent = parent;
        to->end = i + 1;
        if (!fill_node(m, map, n, to))
            return NR_ENOMEM;
        next = next_node(n, root, &up);
        parent = up ? parent : i;
        for (uint32_t closing = i; up; up--) {
            tree->nodes[closing].end = i + 1;
            closing = tree->nodes[closing].parent;
            parent = closing;
        }
        if (!next)
            tree->nodes[0].end = i + 1;
    }
    tree->count = root ? i : 1;
    return NR_OK;
}

static void count_node(myhtml_tree_t *tree, myhtml_tree_node_t *node, void *context)
{
    memory *m = context;
    (void)tree;
    (void)node;
    if (++m->nodes > m->max)
        longjmp(m->out, 1);
}

static nr_status parse(memory *m, nr_view text)
{
    m->parser = myhtml_create();
    if (!m->parser || myhtml_init(m->parser, MyHTML_OPTIONS_PARSE_MODE_SINGLE, 1, 0))
        return NR_ENOMEM;
    m->tree = myhtml_tree_create();
    if (!m->tree || myhtml_tree_init(m->tree, m->parser))
        return NR_ENOMEM;
    m->max = text.n < MOST - NODES ? NODES + text.n : MOST;
    myhtml_callback_tree_node_insert_set(m->tree, count_node, m);
    if (setjmp(m->out))
        return NR_ELIMIT;
    return myhtml_parse(m->tree, MyENCODING_UTF_8, text.p, text.n) ? NR_ENOMEM : NR_OK;
}

nr_status nr_html_parse(nr_html_tree *tree, nr_view text, nr_error *err)
{
    *tree = (nr_html_tree){0};
    memory *m = calloc(1, sizeof *m);
    if (!m)
        return nr_fail_memory(err);
    tree->memory = m;
    nr_status s = parse(m, text);
    s = s ? s : build(tree, m);
    if (s)
        nr_html_tree_free(tree);
    if (s == NR_ELIMIT)
        return nr_fail(err, s, 0, "cannot parse the page: it has more elements than are read, or its markup unfolds to far more than its size");
    return s ? nr_fail_memory(err) : NR_OK;
}

void nr_html_tree_free(nr_html_tree *tree)
{
    memory *m = tree->memory;
    if (m) {
        nr_arena_free(&m->arena);
        myhtml_tree_destroy(m->tree);
        myhtml_destroy(m->parser);
    }
    free(m);
    *tree = (nr_html_tree){0};
}
