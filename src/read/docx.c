/* Word's files (Office Open XML, ECMA-376): the text of word/document.xml with its styles' names as structure. */
#include <stdlib.h>

#include "base/error.h"
#include "read/office.h"
#include "read/reader.h"

enum { LISTS = 64, LEVELS = 9, STYLES = 2000, SMALL_ROWS = 8 };

typedef struct style {
    const char *id;
    uint8_t heading; /* 1-6, 0 for none */
    bool title;
} style;

typedef struct list {
    char id[12]; /* w:numId */
    uint32_t next[LEVELS];
} list;

typedef struct writer {
    nr_office office;
    style *styles;
    size_t style_count;
    list lists[LISTS];
    size_t list_count;
    xmlNode *numbering; /* root of word/numbering.xml or NULL */
    bool titled;
} writer;

static nr_view value_of(xmlNode *node) { return nr_xml_attribute(node, "val"); }

/* ---------------------------------------------------------------- styles and numbering */

static void take_style(writer *w, xmlNode *at)
{
    nr_view name = value_of(nr_xml_child(at, "name")), id = nr_xml_attribute(at, "styleId");
    nr_view level = value_of(nr_xml_child(nr_xml_child(at, "pPr"), "outlineLvl"));
    if (!id.n || w->style_count == STYLES)
        return;
    style s = {.id = nr_arena_string(&w->office.doc->arena, id)};
    s.title = nr_view_eq_nocase(name, NR_LIT("title"));
    if (nr_view_starts_nocase(name, NR_LIT("heading ")) && name.n == 9 && name.p[8] >= '1' && name.p[8] <= '6')
        s.heading = (uint8_t)(name.p[8] - '0');
    else if (level.n == 1 && *level.p >= '0' && *level.p <= '5')
        s.heading = (uint8_t)(*level.p - '0' + 1);
    if (s.id && (s.heading || s.title))
        w->styles[w->style_count++] = s;
}

static nr_status read_styles(writer *w, nr_error *err)
{
    nr_status s;
    xmlDoc *xml = nr_office_xml(&w->office, "word/styles.xml", &s, err);
    xmlNode *root = xml ? xmlDocGetRootElement(xml) : NULL;
    w->styles = calloc(STYLES, sizeof *w->styles);
    if (!w->styles)
        s = nr_fail_memory(err);
    for (xmlNode *at = root ? root->children : NULL; at && !s; at = at->next)
        if (nr_xml_is(at, "style"))
            take_style(w, at);
    xmlNode *lang = root ? nr_xml_find(root, "lang") : NULL;
    nr_view tag = value_of(lang);
    if (!w->office.doc->metadata.language && tag.n && tag.n < 36)
        w->office.doc->metadata.language = nr_arena_string(&w->office.doc->arena, tag);
    xmlFreeDoc(xml);
    return s;
}

static const style *style_of(const writer *w, nr_view id)
{
    for (size_t i = 0; id.n && i < w->style_count; i++)
        if (nr_view_is(id, w->styles[i].id))
            return &w->styles[i];
    return NULL;
}

static xmlNode *child_with(xmlNode *parent, const char *name, const char *key, nr_view wanted)
{
    for (xmlNode *at = parent ? parent->children : NULL; at; at = at->next)
        if (nr_xml_is(at, name) && nr_view_eq(nr_xml_attribute(at, key), wanted))
            return at;
    return NULL;
}

/* Whether a list's level counts (or has bullets): num -> abstractNum -> lvl -> numFmt. */
static bool is_numbered(const writer *w, nr_view id, nr_view level)
{
    xmlNode *num = child_with(w->numbering, "num", "numId", id);
    nr_view abstract = value_of(nr_xml_child(num, "abstractNumId"));
    xmlNode *lvl = child_with(child_with(w->numbering, "abstractNum", "abstractNumId", abstract), "lvl", "ilvl", level);
    nr_view format = value_of(nr_xml_child(lvl, "numFmt"));
    return format.n && !nr_view_is(format, "bullet") && !nr_view_is(format, "none");
}

static uint32_t next_number(writer *w, nr_view id, int level)
{
    list *l = NULL;
    for (size_t i = 0; i < w->list_count && !l; i++)
        l = nr_view_is(id, w->lists[i].id) ? &w->lists[i] : NULL;
    if (!l && w->list_count < LISTS && id.n < sizeof l->id) {
        l = &w->lists[w->list_count++];
        memcpy(l->id, id.p, id.n);
    }
    if (!l)
        return 0;
    for (int i = level + 1; i < LEVELS; i++)
        l->next[i] = 0;
    return ++l->next[level];
}

/* ---------------------------------------------------------------- text */

static bool is_on(xmlNode *properties, const char *name)
{
    xmlNode *at = nr_xml_child(properties, name);
    nr_view v = value_of(at);
    return at && !nr_view_is(v, "0") && !nr_view_is(v, "false") && !nr_view_is(v, "none");
}

/* Text that is there, but is no part of what is read: deleted, field codes, what stands in for old programs. */
static bool is_skipped(xmlNode *at)
{
    static const char *const names[] = {"del",   "moveFrom", "instrText", "delText", "pPr", "Fallback",
                                        "ruby",  "pict",     "object",    "sectPr",  "footnoteReference",
                                        "endnoteReference", "commentReference"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nr_xml_is(at, names[i]))
            return true;
    return nr_xml_is(at, "r") && is_on(nr_xml_child(at, "rPr"), "vanish");
}

static void put_text(writer *w, xmlNode *at)
{
    xmlNode *run = at->parent, *properties = nr_xml_child(run, "rPr");
    nr_buffer text = NR_BUFFER_INIT(12 << 20);
    nr_xml_text(at, &text, 10 << 20);
    bool strong = is_on(properties, "b") || is_on(properties, "i");
    nr_view raise = value_of(nr_xml_child(properties, "vertAlign"));
    bool sup = nr_view_is(raise, "superscript"), sub = nr_view_is(raise, "subscript");
    if (strong)
        nr_compose_open(&w->office.out, NR_INLINE_EMPHASIS, (nr_view){NULL, 0});
    if (sup || sub)
        nr_compose_open(&w->office.out, sup ? NR_INLINE_SUP : NR_INLINE_SUB, (nr_view){NULL, 0});
    nr_compose_text(&w->office.out, nr_buffer_view(&text));
    for (int i = strong + (sup || sub); i > 0; i--)
        nr_compose_close(&w->office.out);
    nr_buffer_free(&text);
}

/* The text of a paragraph's runs, without that of paragraphs inside it (text boxes), which come on their own. */
static void put_runs(writer *w, xmlNode *paragraph)
{
    bool into = true;
    for (xmlNode *at = nr_xml_next(paragraph, paragraph, true); at; at = nr_xml_next(paragraph, at, into)) {
        into = !is_skipped(at) && !nr_xml_is(at, "p");
        if (!into)
            continue;
        if (nr_xml_is(at, "t"))
            put_text(w, at);
        else if (nr_xml_is(at, "tab") || nr_xml_is(at, "br") || nr_xml_is(at, "cr"))
            nr_compose_text(&w->office.out, NR_LIT(" "));
        else if (nr_xml_is(at, "noBreakHyphen"))
            nr_compose_text(&w->office.out, NR_LIT("-"));
    }
}

static nr_block block_of(writer *w, xmlNode *paragraph)
{
    nr_block b = {.kind = NR_BLOCK_PARAGRAPH};
    xmlNode *properties = nr_xml_child(paragraph, "pPr"), *num = nr_xml_child(properties, "numPr");
    nr_view name = value_of(nr_xml_child(properties, "pStyle")), id = value_of(nr_xml_child(num, "numId"));
    nr_view level = value_of(nr_xml_child(num, "ilvl"));
    const style *s = style_of(w, name);
    if (s && s->title && !w->titled) {
        b.kind = NR_BLOCK_TITLE;
    } else if (s) {
        b.kind = NR_BLOCK_HEADING;
        b.level = s->heading ? s->heading : 1;
    } else if (id.n && !nr_view_is(id, "0")) {
        int depth = level.n == 1 && nr_ascii_digit(*level.p) && *level.p < '9' ? *level.p - '0' : 0;
        b.kind = NR_BLOCK_ITEM;
        b.level = (uint8_t)(depth + 1);
        b.number = is_numbered(w, id, level.n ? level : NR_LIT("0")) ? next_number(w, id, depth) : 0;
    } else if (nr_view_starts_nocase(name, NR_LIT("quote")) || nr_view_is(name, "IntenseQuote")) {
        b.kind = NR_BLOCK_QUOTE;
    } else if (nr_view_eq_nocase(name, NR_LIT("caption"))) {
        b.kind = NR_BLOCK_CAPTION;
        b.flags = NR_BLOCK_SILENT;
    }
    return b;
}

static void write_paragraph(writer *w, xmlNode *paragraph)
{
    nr_document *doc = w->office.doc;
    nr_block b = block_of(w, paragraph);
    size_t before = doc->block_count;
    nr_compose_begin(&w->office.out, b);
    put_runs(w, paragraph);
    nr_compose_end(&w->office.out);
    if (b.kind != NR_BLOCK_TITLE || doc->block_count == before)
        return;
    w->titled = true; /* the title on the page is better than the file's */
    const nr_block *last = &doc->blocks[before];
    nr_view text = {w->office.out.text.p + last->span.start, last->span.end - last->span.start};
    doc->metadata.title = nr_arena_string(&doc->arena, text);
}

static void write_row(writer *w, xmlNode *row, bool silent)
{
    bool first = true;
    nr_compose_begin(&w->office.out, (nr_block){.kind = NR_BLOCK_ROW, .flags = silent ? NR_BLOCK_SILENT : 0});
    for (xmlNode *cell = row->children; cell; cell = cell->next) {
        if (!nr_xml_is(cell, "tc"))
            continue;
        if (!first)
            nr_compose_text(&w->office.out, NR_LIT("; "));
        first = false;
        for (xmlNode *at = cell->children; at; at = at->next) {
            if (!nr_xml_is(at, "p"))
                continue;
            if (at->prev)
                nr_compose_text(&w->office.out, NR_LIT(" "));
            put_runs(w, at);
        }
    }
    nr_compose_end(&w->office.out);
}

static void write_table(writer *w, xmlNode *table)
{
    int rows = 0;
    for (xmlNode *at = table->children; at; at = at->next)
        rows += nr_xml_is(at, "tr");
    for (xmlNode *at = table->children; at; at = at->next)
        if (nr_xml_is(at, "tr"))
            write_row(w, at, rows > SMALL_ROWS);
}

static void write_body(writer *w, xmlNode *body)
{
    bool into = true;
    for (xmlNode *at = nr_xml_next(body, body, true); at; at = nr_xml_next(body, at, into)) {
        into = true;
        if (nr_xml_is(at, "p")) {
            write_paragraph(w, at);
        } else if (nr_xml_is(at, "tbl")) {
            write_table(w, at);
            into = false;
        } else if (is_skipped(at)) {
            into = false;
        }
    }
}

/* ---------------------------------------------------------------- the whole */

static nr_status write_notes(writer *w, const char *name, const char *element, nr_error *err)
{
    nr_status s;
    xmlDoc *xml = nr_office_xml(&w->office, name, &s, err);
    xmlNode *root = xml ? xmlDocGetRootElement(xml) : NULL;
    for (xmlNode *at = root ? root->children : NULL; at; at = at->next) {
        if (!nr_xml_is(at, element) || nr_xml_attribute(at, "type").n)
            continue;
        nr_compose_begin(&w->office.out, (nr_block){.kind = NR_BLOCK_FOOTNOTE, .flags = NR_BLOCK_SILENT});
        for (xmlNode *p = at->children; p; p = p->next) {
            if (nr_xml_is(p, "p"))
                put_runs(w, p);
            nr_compose_text(&w->office.out, NR_LIT(" "));
        }
        nr_compose_end(&w->office.out);
    }
    xmlFreeDoc(xml);
    return s;
}

static nr_status write_document(writer *w, const nr_read_options *opt, nr_error *err)
{
    nr_status s, ignored;
    xmlDoc *numbering = nr_office_xml(&w->office, "word/numbering.xml", &ignored, NULL);
    xmlDoc *xml = nr_office_xml(&w->office, "word/document.xml", &s, err);
    w->numbering = numbering ? xmlDocGetRootElement(numbering) : NULL;
    if (xml)
        write_body(w, xmlDocGetRootElement(xml));
    else if (!s)
        s = nr_fail(err, NR_EFORMAT, 0, "cannot read '%s': it is no Word file, or a damaged one", nr_read_name(opt));
    xmlFreeDoc(xml);
    xmlFreeDoc(numbering);
    s = s ? s : write_notes(w, "word/footnotes.xml", "footnote", err);
    return s ? s : write_notes(w, "word/endnotes.xml", "endnote", err);
}

static nr_status read_docx(nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    writer w = {.style_count = 0};
    nr_status s = nr_office_open(&w.office, doc, opt, err), ignored;
    if (!s) {
        xmlDoc *xml = nr_office_xml(&w.office, "docProps/core.xml", &ignored, NULL);
        if (xml)
            nr_office_metadata(&w.office, xmlDocGetRootElement(xml));
        xmlFreeDoc(xml);
        s = read_styles(&w, err);
    }
    s = s ? s : write_document(&w, opt, err);
    s = nr_office_close(&w.office, s, err);
    free(w.styles);
    return s ? s : nr_document_must_speak(doc, opt, err);
}

static int probe(nr_view head)
{
    bool zip = nr_view_starts(head, NR_LIT("PK\3\4"));
    return zip && (nr_view_find(head, NR_LIT("[Content_Types].xml")) || nr_view_find(head, NR_LIT("word/"))) ? 90 : 0;
}

static const char *const extensions[] = {".docx", ".docm", NULL};

const nr_reader nr_reader_docx = {"docx", extensions, probe, NULL, read_docx, .binary = true};
