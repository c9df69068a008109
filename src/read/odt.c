/* OpenDocument text (ISO 26300): content.xml. */
#include <stdlib.h>

#include "base/error.h"
#include "read/office.h"
#include "read/reader.h"

enum { SMALL_ROWS = 8, DEPTH = 10, STYLES = 500, BACK = 1000 };

/* A style of lists: which of its levels are numbered, and from what. */
typedef struct list_style {
    nr_view name;
    uint32_t start[DEPTH]; /* 0: not numbered */
} list_style;

typedef struct odt {
    nr_office *office;
    list_style styles[STYLES];
    size_t style_count;
    struct {
        const xmlNode *item;
        uint32_t number;
    } last[DEPTH]; /* the last item at each depth */
} odt;

/* Not the text itself: notes (which come at the end), comments, what was deleted, tables of contents. */
static bool is_skipped(const xmlNode *at)
{
    static const char *const names[] = {"note",     "annotation",     "tracked-changes",    "table-of-content",
                                        "forms",    "sequence-decls", "variable-decls",     "illustration-index",
                                        "ruby-text", "bibliography",  "alphabetical-index", "desc"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nr_xml_is(at, names[i]))
            return true;
    return false;
}

static bool is_paragraph(const xmlNode *at) { return nr_xml_is(at, "p") || nr_xml_is(at, "h"); }

static void put_inside(nr_office *o, xmlNode *paragraph)
{
    bool into = true;
    for (xmlNode *at = nr_xml_next(paragraph, paragraph, true); at; at = nr_xml_next(paragraph, at, into)) {
        into = !is_skipped(at) && !is_paragraph(at);
        if (at->type == XML_TEXT_NODE) {
            nr_buffer text = NR_BUFFER_INIT(12 << 20);
            xmlNode one = *at;
            one.next = NULL;
            one.parent = NULL;
            nr_xml_text(&one, &text, 10 << 20);
            nr_compose_text(&o->out, nr_buffer_view(&text));
            nr_buffer_free(&text);
        } else if (nr_xml_is(at, "s") || nr_xml_is(at, "tab") || nr_xml_is(at, "line-break")) {
            nr_compose_text(&o->out, NR_LIT(" "));
        }
    }
}

/* ---------------------------------------------------------------- lists */

static uint32_t number_of(nr_view v, uint32_t otherwise)
{
    uint32_t n = 0;
    for (size_t i = 0; i < v.n && i < 6; i++) {
        if (!nr_ascii_digit(v.p[i]))
            return otherwise;
        n = n * 10 + (uint32_t)(v.p[i] - '0');
    }
    return v.n ? n : otherwise;
}

static void collect_styles(odt *d, xmlNode *root)
{
    for (xmlNode *at = nr_xml_next(root, root, true); at && d->style_count < STYLES; at = nr_xml_next(root, at, true)) {
        if (!nr_xml_is(at, "list-style"))
            continue;
        list_style *s = &d->styles[d->style_count++];
        s->name = nr_xml_attribute(at, "name");
        for (const xmlNode *level = at->children; level; level = level->next) {
            uint32_t depth = number_of(nr_xml_attribute(level, "level"), 0);
            bool numbered = nr_xml_is(level, "list-level-style-number") && nr_xml_attribute(level, "num-format").n;
            if (numbered && depth < DEPTH)
                s->start[depth] = number_of(nr_xml_attribute(level, "start-value"), 1);
        }
    }
}

/* A list's style is its own, or that of the list around it. */
static const list_style *style_of(const odt *d, const xmlNode *list)
{
    nr_view name = {NULL, 0};
    for (; list && !name.n; list = list->parent)
        if (nr_xml_is(list, "list"))
            name = nr_xml_attribute(list, "style-name");
    for (size_t i = 0; i < d->style_count && name.n; i++)
        if (nr_view_eq(d->styles[i].name, name))
            return &d->styles[i];
    return NULL;
}

/* The number of an item at a depth of lists; 0 where they have none. */
static uint32_t item_number(odt *d, const xmlNode *item, uint8_t depth)
{
    const list_style *style = style_of(d, item->parent);
    if (depth == 0 || depth >= DEPTH || !style || !style->start[depth])
        return 0;
    uint32_t number = 0, back = 0;
    const xmlNode *before = item->prev;
    for (; before && before != d->last[depth].item && back < BACK; before = before->prev)
        back += nr_xml_is(before, "list-item");
    bool goes_on = nr_view_is(nr_xml_attribute(item->parent, "continue-numbering"), "true");
    if ((before && before == d->last[depth].item) || (goes_on && d->last[depth].item))
        number = d->last[depth].number + back + 1;
    else
        number = style->start[depth] + back;
    number = number_of(nr_xml_attribute(item, "start-value"), number);
    d->last[depth].item = item;
    d->last[depth].number = number;
    return number;
}

/* ---------------------------------------------------------------- text */

/* How deep in lists, and whether it is the first paragraph of its item. */
static uint8_t list_depth(const xmlNode *at, const xmlNode *top, bool *first)
{
    uint8_t depth = 0;
    *first = false;
    if (nr_xml_is(at->parent, "list-item")) {
        const xmlNode *before = at->prev;
        while (before && !is_paragraph(before))
            before = before->prev;
        *first = !before;
    }
    for (const xmlNode *up = at->parent; up && up != top; up = up->parent)
        depth = (uint8_t)(depth + (nr_xml_is(up, "list") && depth < 9));
    return depth;
}

static nr_block block_of(odt *d, const xmlNode *at, const xmlNode *top)
{
    const nr_office *o = d->office;
    nr_block b = {.kind = NR_BLOCK_PARAGRAPH};
    nr_view style = nr_xml_attribute(at, "style-name"), level = nr_xml_attribute(at, "outline-level");
    bool first;
    uint8_t depth = list_depth(at, top, &first);
    if (nr_view_is(style, "Title") && o->doc->block_count == 0) {
        b.kind = NR_BLOCK_TITLE;
    } else if (nr_xml_is(at, "h")) {
        b.kind = NR_BLOCK_HEADING;
        b.level = level.n == 1 && *level.p >= '1' && *level.p <= '6' ? (uint8_t)(*level.p - '0') : 1;
    } else if (first) {
        b.kind = NR_BLOCK_ITEM;
        b.level = depth ? depth : 1;
        b.number = item_number(d, at->parent, depth);
    } else if (nr_view_starts(style, NR_LIT("Quot"))) {
        b.kind = NR_BLOCK_QUOTE;
    } else if (nr_view_is(style, "Caption") || nr_view_is(style, "Illustration") || nr_view_is(style, "Figure")) {
        b.kind = NR_BLOCK_CAPTION;
        b.flags = NR_BLOCK_SILENT;
    }
    return b;
}

static void write_paragraph(odt *d, xmlNode *at, const xmlNode *top)
{
    nr_office *o = d->office;
    nr_block b = block_of(d, at, top);
    size_t before = o->doc->block_count;
    nr_compose_begin(&o->out, b);
    put_inside(o, at);
    nr_compose_end(&o->out);
    if (b.kind == NR_BLOCK_TITLE && o->doc->block_count > before) {
        nr_span s = o->doc->blocks[before].span;
        o->doc->metadata.title = nr_arena_string(&o->doc->arena, (nr_view){o->out.text.p + s.start, s.end - s.start});
    }
}

static void write_row(nr_office *o, xmlNode *row, bool silent)
{
    bool first = true;
    nr_compose_begin(&o->out, (nr_block){.kind = NR_BLOCK_ROW, .flags = silent ? NR_BLOCK_SILENT : 0});
    for (xmlNode *cell = row->children; cell; cell = cell->next) {
        if (!nr_xml_is(cell, "table-cell"))
            continue;
        if (!first)
            nr_compose_text(&o->out, NR_LIT("; "));
        first = false;
        for (xmlNode *at = cell->children; at; at = at->next) {
            if (!is_paragraph(at))
                continue;
            if (at->prev)
                nr_compose_text(&o->out, NR_LIT(" "));
            put_inside(o, at);
        }
    }
    nr_compose_end(&o->out);
}

static void write_table(nr_office *o, xmlNode *table)
{
    int rows = 0;
    for (xmlNode *at = nr_xml_next(table, table, true); at; at = nr_xml_next(table, at, true))
        rows += nr_xml_is(at, "table-row");
    for (xmlNode *at = nr_xml_next(table, table, true); at; at = nr_xml_next(table, at, !nr_xml_is(at, "table-row")))
        if (nr_xml_is(at, "table-row"))
            write_row(o, at, rows > SMALL_ROWS);
}

static void write_text(odt *d, xmlNode *text)
{
    bool into = true;
    for (xmlNode *at = nr_xml_next(text, text, true); at; at = nr_xml_next(text, at, into)) {
        into = !is_skipped(at);
        if (is_paragraph(at)) {
            write_paragraph(d, at, text);
        } else if (nr_xml_is(at, "table")) {
            write_table(d->office, at);
            into = false;
        }
    }
}

static void write_notes(nr_office *o, xmlNode *text)
{
    for (xmlNode *at = nr_xml_next(text, text, true); at; at = nr_xml_next(text, at, true)) {
        if (!nr_xml_is(at, "note-body"))
            continue;
        nr_compose_begin(&o->out, (nr_block){.kind = NR_BLOCK_FOOTNOTE, .flags = NR_BLOCK_SILENT});
        for (xmlNode *p = at->children; p; p = p->next) {
            if (is_paragraph(p))
                put_inside(o, p);
            nr_compose_text(&o->out, NR_LIT(" "));
        }
        nr_compose_end(&o->out);
    }
}

static nr_status read_odt(nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    nr_office o;
    odt *d = calloc(1, sizeof *d);
    if (!d)
        return nr_fail_memory(err);
    d->office = &o;
    nr_status s = nr_office_open(&o, doc, opt, err), ignored;
    xmlDoc *xml = s ? NULL : nr_office_xml(&o, "meta.xml", &ignored, NULL);
    if (xml)
        nr_office_metadata(&o, xmlDocGetRootElement(xml));
    xmlFreeDoc(xml);
    xml = s ? NULL : nr_office_xml(&o, "content.xml", &s, err);
    xmlNode *text = xml ? nr_xml_child(nr_xml_find(xmlDocGetRootElement(xml), "body"), "text") : NULL;
    xmlNode *styles = xml ? nr_xml_find(xmlDocGetRootElement(xml), "automatic-styles") : NULL;
    if (styles)
        collect_styles(d, styles);
    if (text) {
        write_text(d, text);
        write_notes(&o, text);
    } else if (!s) {
        s = nr_fail(err, NR_EFORMAT, 0, "cannot read '%s': it is no OpenDocument text, or a damaged one", nr_read_name(opt));
    }
    xmlFreeDoc(xml);
    free(d);
    s = nr_office_close(&o, s, err);
    return s ? s : nr_document_must_speak(doc, opt, err);
}

static int probe(nr_view head)
{
    return nr_view_starts(head, NR_LIT("PK\3\4")) &&
                   nr_view_find(head, NR_LIT("application/vnd.oasis.opendocument.text"))
               ? 100
               : 0;
}

static const char *const extensions[] = {".odt", ".ott", NULL};

const nr_reader nr_reader_odt = {"odt", extensions, probe, NULL, read_odt, .binary = true};
