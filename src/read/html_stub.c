/* A page without an article is known by having hardly any text, and then by what it has instead: a password to be typed
 * in, a word on subscribers, a script to be run. Neither is enough alone: real articles come with all of these. */
#include "read/html_stub.h"

#include "read/lines.h"

/* Bytes: less text than LITTLE is no article if anything speaks against it; a SENTENCE makes it one that a login form or
 * a word on scripts cannot undo. NOTICE: longer texts are no notices. */
enum { LITTLE = 400, SENTENCE = 100, NOTICE = 250 };

typedef struct amount {
    size_t text, sentences;
} amount;

static amount measure(const nr_document *doc)
{
    amount a = {0, 0};
    nr_view all = nr_document_text(doc);
    for (size_t i = 0; i < doc->block_count; i++) {
        const nr_block *b = &doc->blocks[i];
        if (b->kind <= NR_BLOCK_DATE || b->flags & NR_BLOCK_SILENT)
            continue;
        nr_view v = nr_view_sub(all.p, b->span.start, b->span.end);
        a.text += v.n;
        a.sentences += v.n >= SENTENCE && nr_line_ends_sentence(v);
    }
    return a;
}

static bool asks_for_password(const nr_html_tree *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->nodes[i].tag == NR_HTML_input &&
            nr_view_eq_nocase(nr_html_attribute_of(&t->nodes[i], "type"), NR_LIT("password")))
            return true;
    return false;
}

static bool names_script(nr_view v)
{
    for (size_t i = 0; i + 10 <= v.n; i++)
        if (nr_view_eq_nocase((nr_view){v.p + i, 10}, NR_LIT("javascript")))
            return true;
    return false;
}

/* What the notices of the page say, hidden ones too: phrases of the classes wall and robot. */
static unsigned notices(const nr_html_page *page, bool *scripts)
{
    const nr_html_tree *t = &page->tree;
    unsigned found = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        const nr_html_node *n = &t->nodes[i];
        nr_view v = n->tag == NR_HTML_TEXT ? nr_view_trim(n->text) : (nr_view){NULL, 0};
        if (n->tag == NR_HTML_script || n->tag == NR_HTML_style)
            i = n->end - 1;
        if (v.n == 0 || v.n > NOTICE)
            continue;
        found |= nr_furniture_holds(page->furniture, v, NR_PHRASE_WALL | NR_PHRASE_ROBOT);
        *scripts = *scripts || names_script(v);
    }
    return found;
}

const char *nr_html_stub(const nr_html_page *page)
{
    static const char *const browser = "this page has no article text; it needs a browser";
    static const char *const sign_in = "this page asks to sign in; it has no article text";
    static const char *const wall = "this page shows its article to subscribers only";
    amount a = measure(page->doc);
    if (a.text >= LITTLE || a.sentences > 1)
        return NULL;
    bool scripts = false;
    unsigned said = notices(page, &scripts);
    if (said & NR_PHRASE_WALL || page->not_free)
        return wall;
    if (a.sentences)
        return NULL;
    if (asks_for_password(&page->tree))
        return sign_in;
    return a.text == 0 || scripts || said & NR_PHRASE_ROBOT ? browser : NULL;
}
