/* An EPUB 2 becomes an EPUB 3: read, gone through twice (ids first, for links are kept where they lead somewhere), written. */
#include "publish/epub_two.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/utf8.h"

enum { BOOK_MAX = 1 << 30, LINE = 2000 };

const char *two_keep(two_book *b, nr_view v)
{
    v = nr_view_trim(v);
    return v.n ? nr_arena_string(&b->arena, v) : NULL;
}

const char *two_text(two_book *b, const xmlNode *node)
{
    nr_buffer text = NR_BUFFER_INIT(2 * LINE);
    nr_xml_text(node, &text, LINE);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        if (!nr_ascii_space(text.p[i]))
            text.p[n++] = text.p[i];
        else if (n && text.p[n - 1] != ' ')
            text.p[n++] = ' ';
    const char *s = n ? two_keep(b, (nr_view){text.p, n}) : NULL;
    nr_buffer_free(&text);
    return s;
}

/* ---------------------------------------------------------------- ids and links */

static bool name_char(unsigned char c, bool first)
{
    return c >= 0x80 || c == '_' || nr_ascii_alpha((char)c) || (!first && (nr_ascii_digit((char)c) || c == '-' || c == '.'));
}

void two_put_id(nr_view id, nr_buffer *out)
{
    bool utf8 = nr_utf8_valid(id.p, id.n) == id.n;
    if (id.n && !name_char((unsigned char)id.p[0], true))
        nr_buffer_put_string(out, "x-");
    for (size_t i = 0; i < id.n; i++)
        nr_buffer_put_char(out, name_char((unsigned char)id.p[i], false) && (utf8 || (signed char)id.p[i] > 0) ? id.p[i] : '_');
}

static uint64_t anchor(const two_item *item, nr_view id) { return nr_hash(nr_hash(NR_HASH_START, &item->entry, sizeof item->entry), id.p, id.n); }

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

bool two_has_anchor(const two_book *b, const two_item *item, const char *id)
{
    uint64_t key = anchor(item, nr_view_of(id));
    return b->anchor_count && bsearch(&key, b->anchors, b->anchor_count, sizeof key, by_value) != NULL;
}

static bool add_anchor(two_book *b, const two_item *item, nr_view id)
{
    if (b->anchor_count == b->anchor_room) {
        size_t room = b->anchor_room ? b->anchor_room * 2 : 1024;
        uint64_t *grown = realloc(b->anchors, room * sizeof *grown);
        if (!grown)
            return false;
        b->anchors = grown;
        b->anchor_room = room;
    }
    b->anchors[b->anchor_count++] = anchor(item, id);
    return true;
}

two_item *two_follow(two_book *b, const char *from, nr_view reference, const char **fragment)
{
    char folder[NR_INSIDE], path[NR_INSIDE];
    const char *slash = strrchr(from, '/'), *hash = nr_view_find_byte(reference, '#'), *file = from;
    *fragment = NULL;
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash + 1 - from) : 0, from);
    nr_view bare = nr_view_trim((nr_view){reference.p, hash ? (size_t)(hash - reference.p) : reference.n});
    const char *query = nr_view_find_byte(bare, '?');
    bare.n = query ? (size_t)(query - bare.p) : bare.n;
    if (bare.n && !nr_inside(folder, bare, path))
        return NULL;
    file = bare.n ? path : from;
    two_item *found = NULL;
    for (size_t i = 0; i < b->item_count && !found; i++)
        found = strcmp(b->items[i].path, file) == 0 ? &b->items[i] : NULL;
    for (size_t i = 0; i < b->item_count && !found; i++) /* as written on a system that does not tell capitals apart */
        found = nr_view_eq_nocase(nr_view_of(b->items[i].path), nr_view_of(file)) ? &b->items[i] : NULL;
    if (found && hash && found->page) {
        char plain[NR_INSIDE];
        nr_view id = {hash + 1, reference.n - (size_t)(hash + 1 - reference.p)};
        nr_buffer clean = NR_BUFFER_INIT(2 * NR_INSIDE);
        /* the percent signs of a fragment are those of a name */
        two_put_id(!memchr(id.p, '/', id.n) && nr_inside("", id, plain) ? nr_view_of(plain) : id, &clean);
        nr_buffer_put_char(&clean, '\0');
        if (!clean.failed && two_has_anchor(b, found, clean.p))
            *fragment = two_keep(b, nr_view_of(clean.p));
        nr_buffer_free(&clean);
    }
    return found;
}

void two_link_to(two_book *b, two_item *page)
{
    page->linked = true;
    if (page->spine)
        return;
    page->spine = true;
    page->linear = false;
    b->spine[b->spine_count++] = (size_t)(page - b->items);
}

void two_reach(const char *from, const char *file, const char *fragment, nr_buffer *out)
{
    size_t common = 0;
    for (size_t i = 0; file[i] && file[i] == from[i]; i++)
        if (from[i] == '/')
            common = i + 1;
    if (strcmp(from, file) != 0 || !fragment) {
        for (const char *p = from + common; (p = strchr(p, '/')); p++)
            nr_buffer_put_string(out, "../");
        for (const char *p = file + common; *p; p++)
            if ((unsigned char)*p > ' ' && !strchr("\"#%<>?[\\]^`{|}", *p) && *p != 0x7F)
                nr_buffer_put_char(out, *p);
            else
                nr_buffer_printf(out, "%%%02X", (unsigned)(unsigned char)*p);
    }
    if (fragment)
        nr_buffer_printf(out, "#%s", fragment);
}

/* ---------------------------------------------------------------- content documents */

static xmlDoc *read_page(two_book *b, const two_item *item, bool *mended, nr_status *s)
{
    *s = ocf_read(&b->in, item->entry, &b->entry, b->err);
    xmlDoc *doc = *s ? NULL : two_parse(nr_buffer_view(&b->entry), mended);
    if (!doc && !*s)
        *s = nr_fail_memory(b->err);
    return doc;
}

static void take_heading(two_book *b, two_item *item, xmlNode *root)
{
    xmlNode *title = NULL;
    for (xmlNode *at = root; at && !item->heading; at = nr_xml_next(root, at, true)) {
        title = !title && nr_xml_is(at, "title") ? at : title;
        if (nr_xml_is(at, "h1") || nr_xml_is(at, "h2") || nr_xml_is(at, "h3"))
            item->heading = two_text(b, at);
    }
    if (!item->heading && title)
        item->heading = two_text(b, title);
}

static nr_status collect_anchors(two_book *b)
{
    nr_status s = NR_OK;
    size_t all = 0;
    for (size_t i = 0; i < b->item_count && !s; i++) {
        two_item *item = &b->items[i];
        bool mended = false;
        if (!item->page)
            continue;
        xmlDoc *doc = read_page(b, item, &mended, &s);
        if ((all += b->entry.n) > TWO_CONTENT && !s)
            s = nr_fail(b->err, NR_ELIMIT, 0, "cannot make '%s' talk: it holds too much text", b->name);
        if (mended && b->warning) {
            char line[NR_INSIDE + 200];
            snprintf(line, sizeof line, "'%s': its part '%s' is not well-formed XML, and is read as browsers read web pages", b->name, item->path);
            b->warning(b->ctx, line);
        }
        xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
        take_heading(b, item, root);
        for (xmlNode *at = root; at && !s; at = nr_xml_next(root, at, true)) {
            nr_view id = nr_xml_attribute(at, "id"), name = nr_xml_attribute(at, "name");
            bool named = at->type == XML_ELEMENT_NODE && (strcasecmp((const char *)at->name, "a") == 0 || nr_xml_is(at, "map"));
            name = named ? name : (nr_view){NULL, 0};
            nr_buffer clean = NR_BUFFER_INIT(1 << 16);
            for (int k = 0; k < 2 && !s; k++) {
                nr_buffer_truncate(&clean, 0);
                two_put_id(nr_view_trim(k ? name : id), &clean);
                if (clean.n && !clean.failed && !add_anchor(b, item, nr_buffer_view(&clean)))
                    s = nr_fail_memory(b->err);
            }
            nr_buffer_free(&clean);
        }
        xmlFreeDoc(doc);
    }
    if (b->anchor_count)
        qsort(b->anchors, b->anchor_count, sizeof *b->anchors, by_value);
    return s;
}

static nr_status write_pages(two_book *b)
{
    nr_status s = NR_OK;
    for (size_t i = 0; i < b->item_count && !s; i++) {
        two_item *item = &b->items[i];
        bool mended;
        nr_buffer out = NR_BUFFER_INIT(2u * OCF_ENTRY);
        if (item->page) {
            xmlDoc *doc = read_page(b, item, &mended, &s);
            if (!s) {
                two_make_page(b, item, doc);
                s = two_put_page(b, doc, &out) ? nr_fail_memory(b->err) : NR_OK;
            }
            xmlFreeDoc(doc);
        } else if (item->sheet) {
            s = ocf_read(&b->in, item->entry, &b->entry, b->err);
            if (!s && two_sheet(b, item, nr_buffer_view(&b->entry), &out))
                s = nr_fail_memory(b->err);
        } else {
            if (item != b->ncx)
                s = ocf_copy_as(b->out, item->file, &b->in, item->entry, b->err);
            continue;
        }
        s = s ? s : ocf_add(b->out, item->file, &out, b->err);
        nr_buffer_free(&out);
    }
    return s;
}

/* What a container says of itself beside its contents: which fonts are scrambled, whose it is. A signature holds no longer. */
static nr_status write_rest(two_book *b)
{
    nr_buffer out = NR_BUFFER_INIT(1 << 13);
    nr_buffer_put_string(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:"
                               "container\">\n<rootfiles>\n<rootfile full-path=\"");
    two_reach("", b->package_path, NULL, &out);
    nr_buffer_put_string(&out, "\" media-type=\"application/oebps-package+xml\"/>\n</rootfiles>\n</container>\n");
    nr_status s = ocf_add(b->out, "META-INF/container.xml", &out, b->err);
    static const char *const kept[] = {"META-INF/encryption.xml", "META-INF/rights.xml"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept && !s; i++) {
        size_t entry = ocf_find(&b->in, kept[i]);
        if (entry != SIZE_MAX)
            s = ocf_copy(b->out, &b->in, entry, b->err);
    }
    return s;
}

/* ---------------------------------------------------------------- the way through */

static nr_status open_package(two_book *b)
{
    char path[NR_INSIDE] = "", folder[NR_INSIDE];
    size_t entry = ocf_find(&b->in, "META-INF/container.xml");
    nr_status s = entry == SIZE_MAX ? nr_fail(b->err, NR_EFORMAT, 0, "cannot read '%s': its part 'META-INF/container.xml' is missing", b->name)
                                    : ocf_read(&b->in, entry, &b->entry, b->err);
    if (s)
        return s;
    xmlDoc *xml = nr_xml_parse(nr_buffer_view(&b->entry), NULL);
    xmlNode *root = xml ? nr_xml_find(xmlDocGetRootElement(xml), "rootfile") : NULL;
    bool found = root && nr_inside("", nr_xml_attribute(root, "full-path"), path);
    xmlFreeDoc(xml);
    entry = found ? ocf_find(&b->in, path) : SIZE_MAX;
    if (entry == SIZE_MAX)
        return nr_fail(b->err, NR_EFORMAT, 0, "cannot read '%s': it does not say where its contents are, or they are missing", b->name);
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash + 1 - path) : 0, path);
    b->package_path = nr_arena_string(&b->arena, nr_view_of(path));
    b->folder = nr_arena_string(&b->arena, nr_view_of(folder));
    if (!b->package_path || !b->folder)
        return nr_fail_memory(b->err);
    s = ocf_read(&b->in, entry, &b->entry, b->err);
    b->package = s ? NULL : nr_xml_parse(nr_buffer_view(&b->entry), NULL);
    if (!s && (!b->package || !xmlDocGetRootElement(b->package)))
        s = nr_fail(b->err, NR_EFORMAT, 0, "cannot read '%s': its part '%s' is no XML", b->name, path);
    return s;
}

static void close_book(two_book *b)
{
    ocf_free(b->out);
    xmlFreeDoc(b->package);
    ocf_close(&b->in);
    free(b->toc.points);
    free(b->pages.points);
    free(b->landmarks.points);
    free(b->items);
    free(b->spine);
    free(b->anchors);
    nr_buffer_free(&b->entry);
    nr_arena_free(&b->arena);
}

nr_status epub_two_convert(const char *name, nr_view bytes, const char *near, bool overwrite, void (*warning)(void *ctx, const char *message),
                           void *ctx, nr_buffer *out, nr_error *err)
{
    two_book b = {.name = name, .entry = NR_BUFFER_INIT(OCF_ENTRY), .arena = NR_ARENA_INIT, .warning = warning, .ctx = ctx, .err = err};
    nr_status s = ocf_open(&b.in, name, bytes, BOOK_MAX, err);
    s = s ? s : open_package(&b);
    s = s ? s : two_read_package(&b);
    s = s ? s : collect_anchors(&b);
    s = s ? s : two_read_contents(&b);
    s = s ? s : ocf_create(&b.out, near, overwrite, err);
    s = s ? s : write_rest(&b);
    s = s ? s : write_pages(&b);
    s = s ? s : two_write_contents(&b);
    s = s ? s : two_write_package(&b);
    s = s ? s : ocf_finish_into(b.out, out, err);
    close_book(&b);
    return s;
}
