/* What a page says of itself in JSON-LD, in the words of schema.org. */
#include <jansson.h>
#include <stdlib.h>

#include "read/html_fields.h"

enum { JSON_STEPS = 20000, JSON_STACK = 256, GRAPH = 500 };

static nr_view json_text(const json_t *v)
{
    return json_is_string(v) ? (nr_view){json_string_value(v), json_string_length(v)} : (nr_view){"", 0};
}

/* A string, or the name (or address) in an object, or that of an array's first. */
static nr_view json_named(const json_t *v, const char *key)
{
    if (json_is_array(v))
        v = json_array_get(v, 0);
    if (json_is_object(v))
        v = json_object_get(v, key);
    if (json_is_array(v))
        v = json_array_get(v, 0);
    return json_text(v);
}

/* The object of the graph that {"@id": ...} points to. */
static const json_t *resolve(const json_t *root, const json_t *v)
{
    nr_view id = json_text(json_object_get(v, "@id"));
    if (!json_is_object(v) || !id.n || json_object_get(v, "name"))
        return v;
    const json_t *graph = json_is_array(root) ? root : json_object_get(root, "@graph");
    for (size_t i = 0; i < json_array_size(graph) && i < GRAPH; i++) {
        const json_t *o = json_array_get(graph, i);
        if (json_object_get(o, "name") && nr_view_eq(json_text(json_object_get(o, "@id")), id))
            return o;
    }
    return v;
}

static void json_author(nr_html_fields *f, const json_t *root, const json_t *v)
{
    nr_view names[NR_AUTHORS];
    size_t count = 0, n = json_is_array(v) ? json_array_size(v) : v ? 1 : 0;
    if (f->m->author)
        return;
    for (size_t i = 0; i < n && i < NR_AUTHORS; i++) {
        const json_t *one = resolve(root, json_is_array(v) ? json_array_get(v, i) : v);
        count = nr_author_add(f->page->furniture, names, count, json_named(one, "name"));
    }
    if (count == 1)
        nr_fields_author(f, names[0]);
    else
        f->m->author = nr_author_join(f, names, count);
}

static bool is_article_type(const json_t *v)
{
    static const char *const endings[] = {"Article", "BlogPosting", "Report", "Review", "LiveBlogPosting"};
    for (size_t k = 0; k < (json_is_array(v) ? json_array_size(v) : 1); k++) {
        nr_view type = json_text(json_is_array(v) ? json_array_get(v, k) : v);
        for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
            if (nr_view_ends(type, nr_view_of(endings[i])))
                return true;
    }
    return false;
}

static void take_json_article(nr_html_fields *f, const json_t *root, const json_t *o)
{
    const json_t *free_text = json_object_get(o, "isAccessibleForFree");
    f->page->not_free = f->page->not_free || json_is_false(free_text) ||
                        nr_view_eq_nocase(json_text(free_text), NR_LIT("false"));
    nr_fields_set(f, &f->m->title, json_text(json_object_get(o, "headline")));
    nr_fields_set(f, &f->m->publisher, json_named(resolve(root, json_object_get(o, "publisher")), "name"));
    json_author(f, root, json_object_get(o, "author"));
    nr_fields_date(f, &f->published, json_text(json_object_get(o, "datePublished")));
    nr_fields_date(f, &f->modified, json_text(json_object_get(o, "dateModified")));
    nr_fields_set(f, &f->m->language, json_text(json_object_get(o, "inLanguage")));
    nr_fields_set(f, &f->m->description, json_text(json_object_get(o, "description")));
    nr_fields_set(f, &f->m->image, json_named(json_object_get(o, "image"), "url"));
}

/* Objects are looked for in arrays and under "@graph" and "mainEntity", without recursion. */
static void take_json(nr_html_fields *f, const json_t *root)
{
    const json_t *stack[JSON_STACK];
    size_t depth = 0, steps = 0;
    stack[depth++] = root;
    while (depth && steps++ < JSON_STEPS) {
        const json_t *v = stack[--depth];
        if (json_is_array(v)) {
            for (size_t i = json_array_size(v); i > 0 && depth < JSON_STACK; i--)
                stack[depth++] = json_array_get(v, i - 1);
        } else if (json_is_object(v)) {
            if (is_article_type(json_object_get(v, "@type")))
                take_json_article(f, root, v);
            const json_t *below[] = {json_object_get(v, "mainEntity"), json_object_get(v, "@graph")};
            for (size_t i = 0; i < 2; i++)
                if (below[i] && depth < JSON_STACK)
                    stack[depth++] = below[i];
        }
    }
}

/* Scripts hold raw line breaks in strings, comment marks and CDATA around them; JSON knows none of these. */
static json_t *parse_loosely(nr_view text)
{
    while (text.n && *text.p != '{' && *text.p != '[')
        text.p++, text.n--;
    char *copy = text.n ? malloc(text.n) : NULL;
    if (!copy)
        return NULL;
    for (size_t i = 0; i < text.n; i++)
        copy[i] = (unsigned char)text.p[i] < ' ' ? ' ' : text.p[i];
    json_t *root = json_loadb(copy, text.n, JSON_DISABLE_EOF_CHECK, NULL);
    free(copy);
    return root;
}

void nr_fields_from_json(nr_html_fields *f)
{
    const nr_html_tree *t = &f->page->tree;
    for (uint32_t i = 0; i < t->count; i++) {
        const nr_html_node *n = &t->nodes[i];
        if (n->tag != NR_HTML_script || n->end < i + 2)
            continue;
        nr_view type = nr_html_attribute_of(n, "type"), text = nr_view_trim(t->nodes[i + 1].text);
        if (!nr_view_starts_nocase(type, NR_LIT("application/ld+json")) || !text.n)
            continue;
        json_t *root = parse_loosely(text);
        if (root)
            take_json(f, root);
        json_decref(root);
    }
}
