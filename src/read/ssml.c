/* SSML 1.1 as an article: paragraphs and sentences, breaks, prosody, emphasis, what is said for what. The parser loads
 * nothing, expands no entities of the document's own and has libxml2's limits on depth and size. What the voice cannot
 * honour is noted. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <libxml/parser.h>

#include "base/error.h"
#include "read/compose.h"
#include "read/prosody.h"
#include "read/reader.h"

enum { DEPTH = 300 };

typedef struct manner {
    double rate, pitch; /* percent; added */
} manner;

typedef struct walk {
    nr_composer out;
    nr_document *doc;
    manner manners[DEPTH];
    int depth;
    bool sentence; /* the open block is an <s> */
} walk;

/* ---------------------------------------------------------------- what it is */

static int probe(nr_view head)
{
    const char *at = nr_view_find(head, NR_LIT("<speak"));
    if (!at || head.n == 0 || (head.p[0] != '<' && !nr_view_starts(head, NR_LIT("\xEF\xBB\xBF<"))))
        return 0;
    for (const char *p = head.p; p < at; p++) /* only a declaration, a doctype and comments may stand before it */
        if (*p == '<' && p + 1 < at && p[1] != '?' && p[1] != '!')
            return 0;
    const char *end = memchr(at, '>', (size_t)(head.p + head.n - at));
    nr_view tag = {at, (size_t)((end ? end : head.p + head.n) - at)};
    bool known = nr_view_find(tag, NR_LIT("www.w3.org/2001/10/synthesis")) || nr_view_find(tag, NR_LIT("version="));
    return known ? 100 : 0;
}

static nr_view attribute(const xmlNode *n, const char *name)
{
    for (const xmlAttr *a = n->properties; a; a = a->next)
        if (strcmp((const char *)a->name, name) == 0 && a->children && a->children->content)
            return nr_view_of((const char *)a->children->content);
    return (nr_view){"", 0};
}

static bool is(const xmlNode *n, const char *name) { return n && strcmp((const char *)n->name, name) == 0; }

/* ---------------------------------------------------------------- writing */

static void note(walk *w, const char *what, nr_view value, const char *instead)
{
    nr_document_add_note(w->doc, "%s%s%.*s%s %s", what, value.n ? " '" : "", (int)(value.n < 40 ? value.n : 40), value.p ? value.p : "",
                         value.n ? "'" : "", instead);
}

static void begin(walk *w, const xmlNode *n)
{
    nr_block block = {.kind = NR_BLOCK_PARAGRAPH};
    for (const xmlNode *up = n; up && up->type == XML_ELEMENT_NODE && !is(up, "speak"); up = up->parent) {
        nr_view lang = attribute(up, "lang");
        if ((is(up, "p") || is(up, "s")) && lang.n) {
            block.lang = nr_document_add_language(w->doc, nr_arena_string(&w->doc->arena, lang));
            break;
        }
    }
    nr_compose_begin(&w->out, block);
}

static void put_text(walk *w, const xmlNode *parent, const char *text)
{
    nr_view v = nr_view_of(text);
    if (!w->out.open) {
        if (!nr_view_trim(v).n)
            return;
        begin(w, parent);
    }
    nr_compose_text(&w->out, v);
}

/* A pause behind what was written last, in this block or the one before. */
static void put_pause(walk *w, nr_view value)
{
    nr_composer *c = &w->out;
    uint32_t end = c->open && c->text.n > c->block.span.start ? (uint32_t)c->text.n
                   : w->doc->block_count                       ? w->doc->blocks[w->doc->block_count - 1].span.end
                                                               : 0;
    while (end && c->text.p[end - 1] == ' ')
        end--;
    if (!end)
        return;
    uint32_t start = end - 1;
    while (start && ((unsigned char)c->text.p[start] & 0xC0) == 0x80)
        start--;
    nr_view copy = nr_arena_copy(&w->doc->arena, value);
    if (!copy.p || nr_document_add_inline(w->doc, (nr_inline){{start, end}, NR_INLINE_PAUSE, copy}))
        c->failed = NR_ENOMEM;
}

static int open_prosody(walk *w, const xmlNode *n)
{
    manner *m = &w->manners[w->depth];
    nr_view rate = attribute(n, "rate"), pitch = attribute(n, "pitch");
    double v;
    if (rate.n && nr_prosody_rate(rate, &v))
        m->rate = m->rate * v / 100;
    else if (rate.n)
        note(w, "rate", rate, "is not understood");
    if (pitch.n && nr_prosody_pitch(pitch, &v))
        m->pitch += v;
    else if (pitch.n)
        note(w, "pitch", pitch, "is not understood: only relative values and names are");
    static const char *const others[] = {"volume", "range", "contour", "duration", NULL};
    for (int i = 0; others[i]; i++)
        if (attribute(n, others[i]).n)
            note(w, others[i], (nr_view){"", 0}, "of prosody is not honoured");
    char value[NR_PROSODY_VALUE];
    nr_prosody_manner(&m->rate, &m->pitch, value);
    nr_compose_open(&w->out, NR_INLINE_PROSODY, nr_view_of(value));
    return 1;
}

static int open_say_as(walk *w, const xmlNode *n)
{
    static const char *const letters[] = {"characters", "spell-out", "verbatim", "letters", NULL};
    nr_view as = attribute(n, "interpret-as");
    for (int i = 0; letters[i]; i++)
        if (nr_view_is(as, letters[i])) {
            nr_compose_open(&w->out, NR_INLINE_LETTERS, (nr_view){NULL, 0});
            return 1;
        }
    note(w, "say-as", as, "is left to narrate's own reading of figures");
    return 0;
}

static int open_phoneme(walk *w, const xmlNode *n)
{
    char value[256];
    nr_view ph = attribute(n, "ph"), alphabet = attribute(n, "alphabet");
    if (!alphabet.n)
        alphabet = NR_LIT("ipa");
    if (!ph.n || ph.n + alphabet.n > 200)
        return 0;
    int size = snprintf(value, sizeof value, "%.*s:%.*s", (int)alphabet.n, alphabet.p, (int)ph.n, ph.p);
    note(w, "phoneme", (nr_view){"", 0}, "is kept for 'narrate ssml'; the voice says the word as it is written");
    nr_compose_open(&w->out, NR_INLINE_PHONEME, (nr_view){value, (size_t)size});
    return 1;
}

static int open_inline(walk *w, nr_inline_kind kind, nr_view value)
{
    nr_compose_open(&w->out, kind, value);
    return 1;
}

/* An element inside a sentence: how many inlines it opened. */
static int open_piece(walk *w, const xmlNode *n)
{
    if (is(n, "prosody"))
        return open_prosody(w, n);
    if (is(n, "say-as"))
        return open_say_as(w, n);
    if (is(n, "phoneme"))
        return open_phoneme(w, n);
    if (is(n, "sub"))
        return attribute(n, "alias").n ? open_inline(w, NR_INLINE_ABBR, attribute(n, "alias")) : 0;
    if (is(n, "lang"))
        return attribute(n, "lang").n ? open_inline(w, NR_INLINE_LANG, attribute(n, "lang")) : 0;
    if (is(n, "emphasis")) {
        nr_view level = attribute(n, "level");
        return nr_view_is(level, "none") || nr_view_is(level, "reduced") ? 0 : open_inline(w, NR_INLINE_EMPHASIS, (nr_view){NULL, 0});
    }
    if (is(n, "voice"))
        note(w, "voice", attribute(n, "name"), "is not taken from the text; use --voice");
    else if (is(n, "audio"))
        note(w, "audio", attribute(n, "src"), "is not played; the text in it is read");
    else if (is(n, "mark"))
        note(w, "mark", (nr_view){"", 0}, "is not kept; --marks writes the times of all words");
    else if (!is(n, "w") && !is(n, "token") && !is(n, "lookup") && !is(n, "speak"))
        note(w, "element", nr_view_of((const char *)n->name), "is not of SSML; the text in it is read");
    return 0;
}

static bool skipped(walk *w, const xmlNode *n)
{
    if (is(n, "lexicon"))
        note(w, "lexicon", attribute(n, "uri"), "is not fetched");
    return is(n, "metadata") || is(n, "meta") || is(n, "lexicon") || is(n, "desc");
}

/* ---------------------------------------------------------------- walking */

/* False when what is below n is not for the ear. */
static bool enter(walk *w, xmlNode *n)
{
    n->_private = NULL;
    if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) {
        put_text(w, n->parent, (const char *)n->content);
        return false;
    }
    if (n->type == XML_ENTITY_REF_NODE)
        note(w, "entity", nr_view_of((const char *)n->name), "is left out");
    if (n->type != XML_ELEMENT_NODE || skipped(w, n))
        return false;
    w->manners[w->depth + 1] = w->manners[w->depth];
    w->depth++;
    if (is(n, "p") || is(n, "s")) {
        begin(w, n);
        return true;
    }
    if (is(n, "break")) {
        char value[NR_PROSODY_VALUE];
        nr_prosody_break(attribute(n, "time"), attribute(n, "strength"), value);
        if (*value)
            put_pause(w, nr_view_of(value));
        else
            note(w, "break", attribute(n, "time"), "is not understood");
        return true;
    }
    if (!w->out.open && !is(n, "speak") && !is(n, "voice") && !is(n, "prosody") && !is(n, "lang") && !is(n, "mark"))
        begin(w, n);
    n->_private = (void *)(intptr_t)open_piece(w, n);
    return true;
}

static const xmlNode *next_element(const xmlNode *n)
{
    do
        n = n->next;
    while (n && n->type != XML_ELEMENT_NODE);
    return n;
}

static void leave(walk *w, const xmlNode *n)
{
    w->depth--;
    for (intptr_t i = (intptr_t)n->_private; i > 0; i--)
        nr_compose_close(&w->out);
    if (is(n, "p") || is(n, "s"))
        nr_compose_end(&w->out);
    if (is(n, "s") && is(n->parent, "p") && is(next_element(n), "s"))
        put_pause(w, NR_LIT("sentence"));
}

static void walk_tree(walk *w, xmlNode *root)
{
    xmlNode *n = root;
    while (n && !w->out.failed) {
        bool element = n->type == XML_ELEMENT_NODE, below = w->depth + 2 < DEPTH && enter(w, n);
        if (below && n->children) {
            n = n->children;
            continue;
        }
        if (below && element)
            leave(w, n);
        while (n != root && !n->next) {
            n = n->parent;
            leave(w, n);
        }
        n = n == root ? NULL : n->next;
    }
}

static nr_status fail_xml(const nr_read_options *opt, const xmlError *e, nr_error *err)
{
    char why[200] = "it is no well-formed XML";
    int line = e ? e->line : 0;
    if (e && e->message)
        snprintf(why, sizeof why, "%s", e->message);
    why[strcspn(why, "\n")] = '\0';
    nr_fail(err, NR_EFORMAT, 0, "cannot read '%s' as SSML: line %d: %s", opt->name ? opt->name : "the text", line, why);
    if (err)
        err->at = (size_t)line;
    return NR_EFORMAT;
}

static nr_status read_ssml(nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (!parser)
        return nr_fail_memory(err);
    if (doc->text.n > INT_MAX) {
        xmlFreeParserCtxt(parser);
        return nr_fail(err, NR_ELIMIT, 0, "cannot read SSML of more than 2 GiB");
    }
    xmlDoc *xml = xmlCtxtReadMemory(parser, doc->text.p, (int)doc->text.n, NULL, "UTF-8",
                                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
    xmlNode *root = xml ? xmlDocGetRootElement(xml) : NULL;
    nr_status s = NR_OK;
    if (!root || !is(root, "speak")) {
        s = root ? nr_fail(err, NR_EFORMAT, 0, "cannot read '%s' as SSML: it begins with <%s>, not with <speak>",
                           opt->name ? opt->name : "the text", (const char *)root->name)
                 : fail_xml(opt, xmlCtxtGetLastError(parser), err);
    } else {
        walk w = {.doc = doc, .manners[0] = {100, 0}};
        nr_view lang = attribute(root, "lang");
        if (lang.n)
            doc->metadata.language = nr_arena_string(&doc->arena, lang);
        nr_compose_init(&w.out, doc);
        walk_tree(&w, root);
        s = nr_compose_finish(&w.out);
        if (!s && doc->block_count == 0)
            s = nr_fail(err, NR_ENOTEXT, 0, "there is nothing to say in '%s'", opt->name ? opt->name : "the text");
    }
    xmlFreeDoc(xml);
    xmlFreeParserCtxt(parser);
    return s;
}

static const char *const extensions[] = {".ssml", NULL};

const nr_reader nr_reader_ssml = {.name = "ssml", .extensions = extensions, .probe = probe, .read = read_ssml};
