/* EPUB 2 and 3: the chapters of the spine, in order, each through the HTML reader. The table of contents says which of
 * them begin a part of the book. */
#include <stdlib.h>

#include "base/error.h"
#include "base/inside.h"
#include "base/xml.h"
#include "read/compose.h"
#include "read/date.h"
#include "read/encoding.h"
#include "read/html_page.h"
#include "read/reader.h"
#include "read/zip.h"

enum { ITEMS = 5000, TITLE = 300 };

typedef struct item {
    const char *id, *path; /* of the manifest; path within the archive */
    const char *title;     /* from the table of contents */
    uint8_t level;
    bool html, nav, linear;
} item;

typedef struct book {
    nr_document *doc;
    nr_zip zip;
    const char *folder; /* of the package document, "" or ending in '/' */
    item *items;
    size_t item_count;
    size_t *spine; /* indexes of items */
    size_t spine_count;
    const char *toc; /* path of the table of contents, or NULL */
    nr_buffer entry;
} book;

static const char *keep(book *b, nr_view v)
{
    v = nr_view_trim(v);
    return v.n ? nr_arena_string(&b->doc->arena, v) : NULL;
}

/* ---------------------------------------------------------------- names within the archive */

static const char *resolve(book *b, const char *folder, nr_view reference)
{
    char path[NR_INSIDE];
    return nr_inside(folder, reference, path) ? keep(b, nr_view_of(path)) : NULL;
}

static const char *folder_of(book *b, const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? keep(b, (nr_view){path, (size_t)(slash + 1 - path)}) : "";
}

static item *by_path(book *b, const char *path)
{
    for (size_t i = 0; path && i < b->item_count; i++)
        if (b->items[i].path && strcmp(b->items[i].path, path) == 0)
            return &b->items[i];
    return NULL;
}

/* ---------------------------------------------------------------- the package */

static const char *text_of(book *b, const xmlNode *node, size_t max)
{
    nr_buffer text = NR_BUFFER_INIT(max * 2);
    nr_xml_text(node, &text, max);
    const char *s = keep(b, nr_buffer_view(&text));
    nr_buffer_free(&text);
    return s;
}

static void set_date(book *b, const char *text)
{
    nr_date d;
    char iso[40], human[64];
    if (!text || b->doc->metadata.date || !nr_date_from_iso(nr_view_of(text), &d))
        return;
    nr_date_write_iso(&d, iso);
    nr_date_write_human(&d, b->doc->metadata.language, human);
    b->doc->metadata.date_iso = keep(b, nr_view_of(iso));
    b->doc->metadata.date = keep(b, nr_view_of(human));
}

static void take_metadata(book *b, xmlNode *metadata)
{
    nr_metadata *m = &b->doc->metadata;
    nr_buffer authors = NR_BUFFER_INIT(2000);
    for (xmlNode *at = metadata ? metadata->children : NULL; at; at = at->next) {
        const char *text = at->type == XML_ELEMENT_NODE ? text_of(b, at, 1000) : NULL;
        nr_view role = nr_xml_attribute(at, "role");
        if (!text)
            continue;
        if (nr_xml_is(at, "title") && !m->title)
            m->title = text;
        else if (nr_xml_is(at, "creator") && (!role.n || nr_view_is(role, "aut")))
            nr_buffer_printf(&authors, "%s%s", authors.n ? ", " : "", text);
        else if (nr_xml_is(at, "language") && !m->language && strlen(text) < 36)
            m->language = text;
        else if (nr_xml_is(at, "publisher") && !m->publisher)
            m->publisher = text;
        else if (nr_xml_is(at, "description") && !m->description)
            m->description = text;
        else if (nr_xml_is(at, "date"))
            set_date(b, text);
    }
    if (!authors.failed && authors.n)
        m->author = keep(b, nr_buffer_view(&authors));
    nr_buffer_free(&authors);
}

static bool has_word(nr_view list, const char *word)
{
    return nr_view_find(list, nr_view_of(word)) != NULL;
}

static bool take_manifest(book *b, xmlNode *manifest)
{
    b->items = calloc(ITEMS, sizeof *b->items);
    for (xmlNode *at = manifest ? manifest->children : NULL; b->items && at && b->item_count < ITEMS; at = at->next) {
        if (!nr_xml_is(at, "item"))
            continue;
        nr_view type = nr_xml_attribute(at, "media-type"), href = nr_xml_attribute(at, "href");
        item *i = &b->items[b->item_count++];
        i->id = keep(b, nr_xml_attribute(at, "id"));
        i->path = resolve(b, b->folder, href);
        i->html = has_word(type, "html") || nr_view_is(type, "text/x-oeb1-document");
        i->nav = has_word(nr_xml_attribute(at, "properties"), "nav");
        if (i->path && (i->nav || (!b->toc && has_word(type, "ncx"))))
            b->toc = i->path;
    }
    return b->items != NULL;
}

static int by_id(const void *a, const void *b)
{
    const item *x = a, *y = b;
    return strcmp(x->id ? x->id : "", y->id ? y->id : "");
}

static bool take_spine(book *b, xmlNode *spine)
{
    b->spine = calloc(ITEMS, sizeof *b->spine);
    qsort(b->items, b->item_count, sizeof *b->items, by_id);
    for (xmlNode *at = spine ? spine->children : NULL; b->spine && at && b->spine_count < ITEMS; at = at->next) {
        const char *id = nr_xml_is(at, "itemref") ? keep(b, nr_xml_attribute(at, "idref")) : NULL;
        item key = {.id = id};
        item *found = id ? bsearch(&key, b->items, b->item_count, sizeof *b->items, by_id) : NULL;
        if (!found || found->linear || found->nav || nr_view_is(nr_xml_attribute(at, "linear"), "no"))
            continue;
        found->linear = true;
        b->spine[b->spine_count++] = (size_t)(found - b->items);
    }
    return b->spine != NULL;
}

/* Opens an XML entry; NULL with *s set when that fails. */
static xmlDoc *open_xml(book *b, const char *path, nr_status *s, nr_error *err)
{
    *s = nr_zip_read(&b->zip, path, &b->entry, err);
    if (*s)
        return NULL;
    xmlDoc *xml = nr_xml_parse(nr_buffer_view(&b->entry), NULL);
    if (!xml)
        *s = nr_fail(err, NR_EFORMAT, 0, "cannot read '%s': its part '%s' is no XML", b->zip.name, path);
    return xml;
}

/* Fonts may be scrambled; a book whose chapters are cannot be read. */
static nr_status check_lock(book *b, nr_error *err)
{
    nr_status s;
    if (!nr_zip_has(&b->zip, "META-INF/encryption.xml"))
        return NR_OK;
    xmlDoc *xml = open_xml(b, "META-INF/encryption.xml", &s, err);
    for (xmlNode *at = xml ? xmlDocGetRootElement(xml) : NULL; at && !s; at = nr_xml_next(xmlDocGetRootElement(xml), at, true)) {
        nr_view uri = nr_xml_is(at, "CipherReference") ? nr_xml_attribute(at, "URI") : (nr_view){NULL, 0};
        if (uri.n && (has_word(uri, "html") || has_word(uri, ".htm") || has_word(uri, ".xml")))
            s = nr_fail(err, NR_EFORMAT, 0, "cannot read '%s': it is locked by its seller (DRM)", b->zip.name);
    }
    xmlFreeDoc(xml);
    return s;
}

static nr_status open_package(book *b, nr_error *err)
{
    nr_status s;
    xmlDoc *xml = open_xml(b, "META-INF/container.xml", &s, err);
    xmlNode *file = xml ? nr_xml_find(xmlDocGetRootElement(xml), "rootfile") : NULL;
    const char *path = file ? resolve(b, "", nr_xml_attribute(file, "full-path")) : NULL;
    xmlFreeDoc(xml);
    if (!path)
        return nr_fail(err, NR_EFORMAT, 0, "cannot read '%s': it does not say where its contents are", b->zip.name);
    xml = open_xml(b, path, &s, err);
    if (!xml)
        return s;
    xmlNode *root = xmlDocGetRootElement(xml);
    b->folder = folder_of(b, path);
    take_metadata(b, nr_xml_find(root, "metadata"));
    bool good = b->folder && take_manifest(b, nr_xml_find(root, "manifest")) && take_spine(b, nr_xml_find(root, "spine"));
    xmlFreeDoc(xml);
    return good ? NR_OK : nr_fail_memory(err);
}

/* ---------------------------------------------------------------- the table of contents */

static void name_item(book *b, const char *folder, nr_view target, const xmlNode *label, int level)
{
    item *i = by_path(b, resolve(b, folder, target));
    if (!i || i->title)
        return;
    nr_buffer flat = NR_BUFFER_INIT(TITLE * 2);
    nr_xml_text(label, &flat, TITLE);
    for (size_t k = 0; k < flat.n; k++)
        flat.p[k] = (unsigned char)flat.p[k] <= ' ' ? ' ' : flat.p[k];
    i->title = keep(b, nr_buffer_view(&flat));
    i->level = (uint8_t)(level < 1 ? 1 : level > 6 ? 6 : level);
    nr_buffer_free(&flat);
}

/* EPUB 3: lists of links in <nav>; EPUB 2: navPoints with a navLabel and a content. */
static void read_contents(book *b)
{
    nr_status s;
    nr_error err;
    xmlDoc *xml = b->toc ? open_xml(b, b->toc, &s, &err) : NULL;
    if (!xml)
        return;
    const char *folder = folder_of(b, b->toc);
    xmlNode *root = xmlDocGetRootElement(xml), *label = NULL;
    size_t left = ITEMS;
    for (xmlNode *at = root; at && folder && left; at = nr_xml_next(root, at, true)) {
        int level = 0;
        for (const xmlNode *up = at; up; up = up->parent)
            level += nr_xml_is(up, "ol") || nr_xml_is(up, "navPoint");
        left -= nr_xml_is(at, "content") || nr_xml_is(at, "a");
        if (nr_xml_is(at, "navLabel"))
            label = at;
        else if (nr_xml_is(at, "content") && label)
            name_item(b, folder, nr_xml_attribute(at, "src"), label, level);
        else if (nr_xml_is(at, "a"))
            name_item(b, folder, nr_xml_attribute(at, "href"), at, level);
    }
    xmlFreeDoc(xml);
}

/* ---------------------------------------------------------------- chapters */

static bool is_void(nr_view name)
{
    static const char *const names[] = {"area", "base", "br",   "col",   "embed",  "hr",    "img",
                                        "input", "link", "meta", "param", "source", "track", "wbr"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nr_view_eq_nocase(name, nr_view_of(names[i])))
            return true;
    return false;
}

/* "<a id='x'/>" is empty in XHTML and left open in HTML: it becomes "<a id='x'></a>". */
static nr_status close_empty(nr_view v, nr_buffer *out)
{
    size_t from = 0;
    for (size_t i = 0; i + 1 < v.n; i++) {
        if (v.p[i] != '<' || !nr_ascii_alpha(v.p[i + 1]))
            continue;
        size_t start = i + 1, n = 0;
        char quote = 0;
        while (start + n < v.n && !strchr(" \t\r\n/>", v.p[start + n]))
            n++;
        for (i = start + n; i < v.n && (quote || v.p[i] != '>'); i++)
            if (quote ? v.p[i] == quote : v.p[i] == '"' || v.p[i] == '\'')
                quote = quote ? 0 : v.p[i];
        nr_view name = {v.p + start, n};
        if (i >= v.n || v.p[i - 1] != '/' || is_void(name))
            continue;
        nr_buffer_put(out, v.p + from, i - 1 - from);
        nr_buffer_put_string(out, "></");
        nr_buffer_put_view(out, name);
        nr_buffer_put_char(out, '>');
        from = i + 1;
    }
    return nr_buffer_put(out, v.p + from, v.n - from);
}

static nr_status add_chapter(book *b, nr_composer *out, const nr_furniture *f, const item *i, nr_error *err)
{
    char charset[32];
    size_t replaced = 0;
    nr_status s = nr_zip_read(&b->zip, i->path, &b->entry, err);
    if (s == NR_EDATA)
        return NR_OK; /* the spine names what is not there: the rest can be read */
    s = s ? s : nr_decode(&b->entry, NULL, NULL, charset, &replaced, err);
    nr_buffer html = NR_BUFFER_INIT(NR_ZIP_ENTRY * 2u);
    if (!s && close_empty(nr_buffer_view(&b->entry), &html))
        s = nr_fail_memory(err);
    s = s ? s : nr_html_fragment(out, f, &html, true, err);
    b->doc->replaced += replaced;
    nr_buffer_free(&html);
    return s;
}

/* Chapters before the first that the contents name are a part of their own. */
static bool begins_part(const book *b, size_t k, bool named)
{
    return k == 0 || !named || b->items[b->spine[k]].title;
}

static nr_status add_chapters(book *b, nr_composer *out, const nr_furniture *f, uint32_t wanted, nr_error *err)
{
    bool named = false;
    uint32_t part = 0;
    nr_status s = NR_OK;
    for (size_t k = 0; k < b->spine_count; k++)
        named = named || b->items[b->spine[k]].title;
    for (size_t k = 0; k < b->spine_count && !s; k++) {
        const item *i = &b->items[b->spine[k]];
        if (!i->path || !i->html)
            continue;
        if (begins_part(b, k, named) || part == 0) {
            part++;
            nr_entry p = {.title = i->title, .level = i->level ? i->level : 1};
            nr_compose_end(out);
            p.block = (uint32_t)b->doc->block_count;
            if (nr_document_add_entry(b->doc, p))
                return nr_fail_memory(err);
        }
        if (!wanted || wanted == part)
            s = add_chapter(b, out, f, i, err);
    }
    if (!s && wanted > part)
        s = nr_fail(err, NR_EINVAL, 0, "cannot read chapter %u of '%s': it has %u", wanted, b->zip.name, part);
    return s;
}

static nr_status write_book(book *b, uint32_t wanted, nr_error *err)
{
    nr_furniture *f = NULL;
    nr_status s = nr_furniture_open(&f, err);
    if (s)
        return s;
    nr_composer out;
    nr_compose_init(&out, b->doc);
    nr_compose_opening(&out);
    s = add_chapters(b, &out, f, wanted, err);
    nr_furniture_close(f);
    nr_status finished = nr_compose_finish(&out);
    if (!s && finished)
        s = finished == NR_ELIMIT ? nr_fail(err, s, 0, "cannot read '%s': it holds too much text", b->zip.name) : nr_fail_memory(err);
    return s;
}

static nr_status read_epub(nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    nr_buffer bytes = doc->text;
    doc->text = NR_BUFFER_INIT(UINT32_MAX - 1);
    book b = {.doc = doc, .entry = NR_BUFFER_INIT(UINT32_MAX - 1), .folder = ""};
    nr_status s = nr_zip_open(&b.zip, nr_read_name(opt), nr_buffer_view(&bytes), nr_read_limit(opt), err);
    s = s ? s : check_lock(&b, err);
    s = s ? s : open_package(&b, err);
    if (!s)
        read_contents(&b);
    s = s ? s : write_book(&b, opt->item, err);
    s = s == NR_EDATA ? NR_EFORMAT : s;
    if (s && err)
        err->status = s;
    nr_zip_close(&b.zip);
    nr_buffer_free(&b.entry);
    nr_buffer_free(&bytes);
    free(b.items);
    free(b.spine);
    return s ? s : nr_document_must_speak(doc, opt, err);
}

/* Archives made with other programs than those for books do not begin with what they are. */
static int probe(nr_view head)
{
    bool says = nr_view_find(head, NR_LIT("application/epub+zip")), holds = nr_view_find(head, NR_LIT("META-INF/container.xml"));
    return nr_view_starts(head, NR_LIT("PK\3\4")) && (says || holds) ? 100 : 0;
}

static const char *const extensions[] = {".epub", NULL};

const nr_reader nr_reader_epub = {"epub", extensions, probe, NULL, read_epub, .binary = true};
