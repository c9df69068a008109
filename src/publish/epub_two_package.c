/* The package of an EPUB 2, read; and the one of EPUB 3 that is made of it. */
#include <stdlib.h>

#include "base/error.h"
#include "publish/epub.h"
#include "publish/epub_two.h"
#include "publish/markup.h"

/* ---------------------------------------------------------------- kinds of files */

static const char DTBOOK[] = "application/x-dtbook+xml"; /* talking books of DAISY, which EPUB 2 could hold */

static const char *ending_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
    return dot ? dot : "";
}

typedef struct kind {
    const char *type, *ending, *magic;
} kind;

/* By their first bytes where they have such, else by what their names end in. */
static const kind kinds[] = {
    {"image/jpeg", ".jpg", "\xFF\xD8\xFF"}, {"image/jpeg", ".jpeg", "\xFF\xD8\xFF"}, {"image/png", ".png", "\x89PNG"}, {"image/gif", ".gif", "GIF8"},
    {"application/vnd.ms-opentype", ".otf", NULL}, {"application/vnd.ms-opentype", ".ttf", NULL}, {"application/font-woff", ".woff", NULL},
    {"font/woff2", ".woff2", NULL}, {"image/svg+xml", ".svg", NULL}, {"text/css", ".css", NULL}, {"application/x-dtbncx+xml", ".ncx", NULL},
    {"application/xhtml+xml", ".xhtml", NULL}, {"application/xhtml+xml", ".html", NULL}, {"application/xhtml+xml", ".htm", NULL},
    {"audio/mpeg", ".mp3", NULL}, {"audio/mp4", ".m4a", NULL}, {"video/mp4", ".mp4", NULL}};

static const kind *kind_of(two_book *b, size_t entry, const char *path, nr_view type)
{
    char head[4] = "";
    nr_view first = {head, ocf_peek(&b->in, entry, head, sizeof head)};
    const kind *found = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const kind *k = &kinds[i];
        bool ends = nr_view_eq_nocase(nr_view_of(ending_of(path)), nr_view_of(k->ending));
        if (k->magic ? nr_view_starts(first, nr_view_of(k->magic)) : ends || nr_view_eq_nocase(type, nr_view_of(k->type)))
            if (!found || (k->magic && ends))
                found = k;
    }
    return found;
}

static bool is_markup(nr_view type)
{
    static const char *const types[] = {"application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/html+xml", "text/xhtml"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (nr_view_eq_nocase(type, nr_view_of(types[i])))
            return true;
    return false;
}

/* ---------------------------------------------------------------- the manifest */

static bool file_is_taken(const two_book *b, const char *file)
{
    for (size_t i = 0; i < b->item_count; i++)
        if (nr_view_eq_nocase(nr_view_of(b->items[i].file), nr_view_of(file)))
            return true;
    return nr_view_eq_nocase(nr_view_of(file), nr_view_of(b->package_path)) || nr_view_starts_nocase(nr_view_of(file), NR_LIT("META-INF/"));
}

/* The name of a file without what archives had better not hold, and with the ending of what it is. */
static const char *new_file(two_book *b, const char *path, const char *ending)
{
    char name[NR_INSIDE + 40];
    size_t n = strlen(path) - strlen(ending_of(path));
    for (unsigned k = 1;; k++) {
        if (k > 1)
            snprintf(name, sizeof name, "%.*s-%u%s", (int)n, path, k, ending);
        else
            snprintf(name, sizeof name, "%.*s%s", (int)n, path, ending);
        for (char *p = name; *p; p++)
            if ((unsigned char)*p <= ' ' || strchr("\"*:<>?\\|", *p) || *p == 0x7F)
                *p = '_';
        if (!file_is_taken(b, name))
            return nr_arena_string(&b->arena, nr_view_of(name));
    }
}

static bool id_is_taken(const two_book *b, const char *id)
{
    for (size_t i = 0; i < b->item_count; i++)
        if (strcmp(b->items[i].id, id) == 0)
            return true;
    return nr_view_starts(nr_view_of(id), NR_LIT("narrate-")) || nr_view_starts(nr_view_of(id), NR_LIT("book-"));
}

static const char *new_id(two_book *b, nr_view was)
{
    nr_buffer id = NR_BUFFER_INIT(1 << 14);
    two_put_id(was.n ? was : NR_LIT("item"), &id);
    size_t n = id.n;
    const char *s = NULL;
    for (unsigned k = 1; !id.failed && !s; k++) {
        nr_buffer_truncate(&id, n);
        if (k > 1)
            nr_buffer_printf(&id, "-%u", k);
        nr_buffer_put_char(&id, '\0');
        if (!id.failed && !id_is_taken(b, id.p))
            s = nr_arena_string(&b->arena, nr_view_of(id.p));
    }
    nr_buffer_free(&id);
    return s;
}

static two_item *by_path(two_book *b, const char *path)
{
    for (size_t i = 0; i < b->item_count; i++)
        if (strcmp(b->items[i].path, path) == 0)
            return &b->items[i];
    return NULL;
}

static nr_status add_item(two_book *b, const char *path, size_t entry, nr_view id, nr_view type, nr_view fallback)
{
    if (b->item_count == TWO_ITEMS || by_path(b, path) || strcmp(path, b->package_path) == 0)
        return NR_OK;
    const kind *k = nr_view_is(type, DTBOOK) ? NULL : kind_of(b, entry, path, type);
    two_item item = {.entry = entry, .linear = true, .was = two_keep(b, id), .fallback = two_keep(b, fallback)};
    item.page = is_markup(type) || (k && strcmp(k->type, "application/xhtml+xml") == 0);
    item.sheet = !item.page && (nr_view_is(type, "text/css") || (k && strcmp(k->type, "text/css") == 0));
    item.type = item.page ? "application/xhtml+xml" : item.sheet ? "text/css" : k ? k->type : two_keep(b, type);
    if (!item.type || !strchr(item.type, '/'))
        item.type = "application/octet-stream";
    item.path = nr_arena_string(&b->arena, nr_view_of(path));
    item.id = new_id(b, nr_view_trim(id));
    item.file = new_file(b, path, item.page ? ".xhtml" : item.sheet ? ".css" : k && k->magic ? k->ending : ending_of(path));
    if (!item.path || !item.id || !item.file)
        return nr_fail_memory(b->err);
    b->items[b->item_count++] = item;
    return NR_OK;
}

/* The file of a reference in the package, also one that is written with the percent signs of its name. */
static size_t locate(two_book *b, nr_view href, char path[NR_INSIDE])
{
    if (!nr_inside(b->folder, nr_view_trim(href), path))
        return SIZE_MAX;
    size_t entry = ocf_find(&b->in, path);
    if (entry == SIZE_MAX && strlen(b->folder) + href.n < NR_INSIDE) {
        char raw[NR_INSIDE];
        snprintf(raw, sizeof raw, "%s%.*s", b->folder, (int)href.n, href.p);
        entry = ocf_find(&b->in, raw);
        if (entry != SIZE_MAX)
            snprintf(path, NR_INSIDE, "%s", raw);
    }
    return entry;
}

static nr_status read_manifest(two_book *b, xmlNode *manifest)
{
    char path[NR_INSIDE];
    nr_status s = NR_OK;
    for (xmlNode *at = manifest ? manifest->children : NULL; at && !s; at = at->next) {
        size_t entry = nr_xml_is(at, "item") ? locate(b, nr_xml_attribute(at, "href"), path) : SIZE_MAX;
        if (entry != SIZE_MAX)
            s = add_item(b, path, entry, nr_xml_attribute(at, "id"), nr_view_trim(nr_xml_attribute(at, "media-type")), nr_xml_attribute(at, "fallback"));
    }
    /* What the package forgot, where it is of a kind that a book is made of: the others are no part of it. */
    for (size_t i = 0; i < b->in.count && !s; i++) {
        const char *name = ocf_name(&b->in, i);
        nr_view v = nr_view_of(name);
        if (!name || !v.n || nr_view_starts(v, NR_LIT("META-INF/")) || nr_view_starts(v, NR_LIT("__MACOSX/")) || v.p[v.n - 1] == '/' ||
            strcmp(name, "mimetype") == 0 || !nr_inside("", v, path) || strcmp(path, name) != 0 || ocf_find(&b->in, name) != i)
            continue;
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (nr_view_eq_nocase(nr_view_of(ending_of(name)), nr_view_of(kinds[k].ending)) && !s)
                s = add_item(b, path, i, (nr_view){NULL, 0}, nr_view_of(kinds[k].type), (nr_view){NULL, 0});
    }
    return s;
}

/* ---------------------------------------------------------------- the spine */

static two_item *by_old_id(two_book *b, const xmlNode *manifest, nr_view id)
{
    char path[NR_INSIDE];
    for (xmlNode *at = manifest && id.n ? manifest->children : NULL; at; at = at->next)
        if (nr_xml_is(at, "item") && nr_view_eq(nr_view_trim(nr_xml_attribute(at, "id")), nr_view_trim(id)))
            return locate(b, nr_xml_attribute(at, "href"), path) != SIZE_MAX ? by_path(b, path) : NULL;
    return NULL;
}

static nr_status read_spine(two_book *b, xmlNode *manifest, xmlNode *spine)
{
    b->ncx = by_old_id(b, manifest, nr_xml_attribute(spine, "toc"));
    if (!b->ncx || strcmp(b->ncx->type, "application/x-dtbncx+xml") != 0) {
        b->ncx = NULL;
        for (size_t i = 0; i < b->item_count && !b->ncx; i++)
            b->ncx = strcmp(b->items[i].type, "application/x-dtbncx+xml") == 0 ? &b->items[i] : NULL;
    }
    for (xmlNode *at = spine ? spine->children : NULL; at; at = at->next) {
        two_item *item = nr_xml_is(at, "itemref") ? by_old_id(b, manifest, nr_xml_attribute(at, "idref")) : NULL, *first = item;
        for (int k = 0; item && !item->page && k < 10; k++)
            item = item->fallback ? by_old_id(b, manifest, nr_view_of(item->fallback)) : NULL;
        if (first && !item && strcmp(first->type, DTBOOK) == 0)
            return nr_fail(b->err, NR_EFORMAT, 0, "cannot make '%s' talk: its part '%s' is a DTBook, which EPUB 3 does not know; "
                           "make an EPUB of XHTML of it first (DAISY Pipeline: dtbook-to-epub3)", b->name, first->path);
        if (!item || item->spine)
            continue;
        item->spine = true;
        item->linear = !nr_view_is(nr_xml_attribute(at, "linear"), "no");
        b->spine[b->spine_count++] = (size_t)(item - b->items);
    }
    return b->spine_count ? NR_OK : nr_fail(b->err, NR_EFORMAT, 0, "cannot make '%s' talk: nothing that its package says is to be read is there", b->name);
}

static xmlNode *meta_named(xmlNode *metadata, const char *name)
{
    for (xmlNode *at = metadata; at; at = nr_xml_next(metadata, at, true))
        if (nr_xml_is(at, "meta") && nr_view_is(nr_xml_attribute(at, "name"), name))
            return at;
    return NULL;
}

static two_item *cover_of(two_book *b, xmlNode *metadata, const xmlNode *manifest)
{
    char path[NR_INSIDE];
    xmlNode *meta = meta_named(metadata, "cover");
    nr_view is = nr_xml_attribute(meta, "content");
    two_item *item = by_old_id(b, manifest, is);
    if (!item && is.n && locate(b, is, path) != SIZE_MAX)
        item = by_path(b, path);
    return item && nr_view_starts(nr_view_of(item->type), NR_LIT("image/")) ? item : NULL;
}

static const char *text_of(two_book *b, xmlNode *metadata, const char *name)
{
    for (xmlNode *at = metadata; at; at = nr_xml_next(metadata, at, true)) {
        const char *text = nr_xml_is(at, name) ? two_text(b, at) : NULL;
        if (text)
            return text;
    }
    return NULL;
}

static const char *language_tag(two_book *b, const char *text)
{
    char *tag = text ? nr_arena_string(&b->arena, nr_view_of(text)) : NULL;
    for (char *p = tag; p && *p; p++)
        *p = *p == '_' ? '-' : *p;
    return tag && markup_is_tag(nr_view_of(tag)) ? tag : NULL;
}

nr_status two_read_package(two_book *b)
{
    xmlNode *root = xmlDocGetRootElement(b->package), *manifest = nr_xml_find(root, "manifest"), *metadata = nr_xml_find(root, "metadata");
    b->items = calloc(TWO_ITEMS, sizeof *b->items);
    b->spine = calloc(TWO_ITEMS, sizeof *b->spine);
    if (!b->items || !b->spine)
        return nr_fail_memory(b->err);
    nr_status s = read_manifest(b, manifest);
    s = s ? s : read_spine(b, manifest, nr_xml_find(root, "spine"));
    if (s)
        return s;
    two_item *cover = metadata ? cover_of(b, metadata, manifest) : NULL;
    if (cover)
        cover->properties |= TWO_COVER;
    b->title = text_of(b, metadata, "title");
    b->title = b->title ? b->title : "?";
    b->language = language_tag(b, text_of(b, metadata, "language"));
    b->language = b->language ? b->language : "und";
    nr_view wanted = nr_xml_attribute(root, "unique-identifier");
    for (xmlNode *at = metadata; at; at = nr_xml_next(metadata, at, true)) {
        const char *text = nr_xml_is(at, "identifier") ? two_text(b, at) : NULL;
        if (text && (!b->identifier || (wanted.n && nr_view_eq(nr_xml_attribute(at, "id"), wanted))))
            b->identifier = text;
    }
    b->identifier = b->identifier ? b->identifier : b->title;
    char nav[NR_INSIDE + 20];
    snprintf(nav, sizeof nav, "%snarrate-nav.xhtml", b->folder);
    b->nav = new_file(b, nav, ".xhtml");
    return b->nav ? NR_OK : nr_fail_memory(b->err);
}

/* ---------------------------------------------------------------- metadata */

static bool digits(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!nr_ascii_digit(s[i]))
            return false;
    return true;
}

/* How much of a text is a date: "2010", "2010-05", "2010-05-03" and what follows; 0 for none. */
static size_t date_length(const char *s)
{
    size_t n = strlen(s);
    if (n < 4 || !digits(s, 4) || nr_ascii_digit(s[4]))
        return 0;
    if (n < 7 || s[4] != '-' || !digits(s + 5, 2) || atoi(s + 5) < 1 || atoi(s + 5) > 12)
        return 4;
    if (n < 10 || s[7] != '-' || !digits(s + 8, 2) || atoi(s + 8) < 1 || atoi(s + 8) > 31)
        return 7;
    return 10;
}

/* The day the book was last changed by its own word: never the clock. */
static void put_modified(two_book *b, xmlNode *metadata, nr_buffer *out)
{
    const char *best = NULL;
    bool sure = false;
    for (xmlNode *at = metadata; at; at = nr_xml_next(metadata, at, true)) {
        const char *text = nr_xml_is(at, "date") ? two_text(b, at) : NULL;
        bool says = text && nr_view_is(nr_xml_attribute(at, "event"), "modification");
        if (!text || !date_length(text) || (sure && !says))
            continue;
        if (!best || (says && !sure) || strcmp(text, best) > 0) /* the latest */
            best = text;
        sure = sure || says;
    }
    char moment[32];
    epub_put_moment(best, moment);
    nr_buffer_printf(out, "<meta property=\"dcterms:modified\">%s</meta>\n", moment);
}

static void put_element(nr_buffer *out, const char *name, const char *id, const char *text)
{
    nr_buffer_printf(out, "<dc:%s", name);
    if (id)
        nr_buffer_printf(out, " id=\"%s\"", id);
    nr_buffer_put_char(out, '>');
    markup_text(out, nr_view_of(text));
    nr_buffer_printf(out, "</dc:%s>\n", name);
}

static void put_refinement(nr_buffer *out, const char *id, const char *property, const char *scheme, nr_view value)
{
    value = nr_view_trim(value);
    if (!value.n)
        return;
    nr_buffer_printf(out, "<meta refines=\"#%s\" property=\"%s\"%s>", id, property, scheme);
    markup_text(out, value);
    nr_buffer_put_string(out, "</meta>\n");
}

static bool is_role(nr_view role)
{
    return role.n == 3 && nr_ascii_alpha(role.p[0]) && nr_ascii_alpha(role.p[1]) && nr_ascii_alpha(role.p[2]);
}

static const char *const elements[] = {"title",     "creator", "contributor", "subject", "description", "publisher", "type",
                                       "format",    "source",  "relation",    "coverage", "rights",    "language",  "identifier"};

static void put_metadata_of(two_book *b, xmlNode *at, unsigned number, bool *unique, nr_buffer *out)
{
    char id[32];
    const char *text = at->type == XML_ELEMENT_NODE ? two_text(b, at) : NULL, *name = NULL;
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (nr_xml_is(at, elements[i]))
            name = elements[i];
    if (nr_xml_is(at, "meta")) { /* what EPUB 2 has, EPUB 3 may have beside its own */
        nr_view key = nr_view_trim(nr_xml_attribute(at, "name")), value = nr_xml_attribute(at, "content");
        if (!key.n || !nr_view_trim(value).n || nr_view_is(key, "cover"))
            return;
        nr_buffer_put_string(out, "<meta");
        markup_attribute(out, "name", key);
        markup_attribute(out, "content", value);
        nr_buffer_put_string(out, "/>\n");
    }
    if (!text || !name || (strcmp(name, "language") == 0 && (!(text = language_tag(b, text)) || strcmp(text, b->language) == 0)))
        return;
    bool identifier = strcmp(name, "identifier") == 0, is_unique = identifier && !*unique && strcmp(text, b->identifier) == 0;
    snprintf(id, sizeof id, is_unique ? "book-id" : "book-%u", number);
    *unique = *unique || is_unique;
    put_element(out, name, id, text);
    nr_view role = nr_view_trim(nr_xml_attribute(at, "role")), scheme = nr_xml_attribute(at, "scheme");
    if (strcmp(name, "creator") == 0 || strcmp(name, "contributor") == 0) {
        if (is_role(role))
            put_refinement(out, id, "role", " scheme=\"marc:relators\"", role);
        put_refinement(out, id, "file-as", "", nr_xml_attribute(at, "file-as"));
    }
    if (strcmp(name, "title") == 0)
        put_refinement(out, id, "file-as", "", nr_xml_attribute(at, "file-as"));
    if (identifier)
        put_refinement(out, id, "identifier-type", "", scheme);
}

static void put_date(two_book *b, xmlNode *metadata, nr_buffer *out)
{
    const char *date = NULL;
    for (xmlNode *at = metadata; at && !date; at = nr_xml_next(metadata, at, true))
        if (nr_xml_is(at, "date") && !nr_view_is(nr_xml_attribute(at, "event"), "modification") && (date = two_text(b, at)) && !date_length(date))
            date = NULL;
    if (date)
        nr_buffer_printf(out, "<dc:date>%.*s</dc:date>\n", (int)date_length(date), date);
}

static void put_metadata(two_book *b, nr_buffer *out)
{
    xmlNode *metadata = nr_xml_find(xmlDocGetRootElement(b->package), "metadata");
    bool unique = false;
    unsigned number = 0;
    nr_buffer_put_string(out, "<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n");
    for (xmlNode *at = metadata; at; at = nr_xml_next(metadata, at, true))
        put_metadata_of(b, at, ++number, &unique, out);
    if (!unique)
        put_element(out, "identifier", "book-id", b->identifier);
    if (strcmp(b->title, "?") == 0)
        put_element(out, "title", NULL, b->title);
    put_element(out, "language", NULL, b->language);
    put_date(b, metadata, out);
    put_modified(b, metadata, out);
    for (size_t i = 0; i < b->item_count; i++)
        if (b->items[i].properties & TWO_COVER)
            nr_buffer_printf(out, "<meta name=\"cover\" content=\"%s\"/>\n", b->items[i].id);
    nr_buffer_put_string(out, "</metadata>\n");
}

/* ---------------------------------------------------------------- the new package */

static void put_item(const two_book *b, const two_item *item, nr_buffer *out)
{
    static const char *const names[] = {"svg", "mathml", "remote-resources", "cover-image"};
    nr_buffer href = NR_BUFFER_INIT(1 << 14);
    nr_buffer_printf(out, "<item id=\"%s\"", item->id);
    two_reach(b->package_path, item->file, NULL, &href);
    markup_attribute(out, "href", nr_buffer_view(&href));
    nr_buffer_free(&href);
    markup_attribute(out, "media-type", nr_view_of(item->type));
    const char *between = " properties=\"";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (item->properties & 1u << i) {
            nr_buffer_printf(out, "%s%s", between, names[i]);
            between = " ";
        }
    nr_buffer_put_string(out, *between && between[1] ? "/>\n" : "\"/>\n");
}

nr_status two_write_package(two_book *b)
{
    nr_buffer out = NR_BUFFER_INIT(OCF_ENTRY);
    nr_buffer_put_string(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" "
                               "unique-identifier=\"book-id\">\n");
    put_metadata(b, &out);
    nr_buffer_put_string(&out, "<manifest>\n");
    two_item nav = {.id = "narrate-nav", .file = b->nav, .type = "application/xhtml+xml"};
    put_item(b, &nav, &out);
    nr_buffer_truncate(&out, out.n - strlen("/>\n"));
    nr_buffer_put_string(&out, " properties=\"nav\"/>\n");
    for (size_t i = 0; i < b->item_count; i++)
        put_item(b, &b->items[i], &out);
    nr_buffer_put_string(&out, "</manifest>\n<spine");
    if (b->ncx)
        nr_buffer_printf(&out, " toc=\"%s\"", b->ncx->id);
    nr_buffer_put_string(&out, ">\n");
    for (size_t i = 0; i < b->spine_count; i++) {
        const two_item *item = &b->items[b->spine[i]];
        nr_buffer_printf(&out, "<itemref idref=\"%s\"%s/>\n", item->id, item->linear ? "" : " linear=\"no\"");
    }
    nr_buffer_put_string(&out, "</spine>\n</package>\n");
    if (out.failed) {
        nr_buffer_free(&out);
        return nr_fail_memory(b->err);
    }
    return ocf_add(b->out, b->package_path, &out, b->err);
}
