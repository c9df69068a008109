/* The NCX, the guide, and the navigation document that is made of them. */
#include <stdlib.h>

#include "base/error.h"
#include "publish/epub_two.h"
#include "publish/markup.h"

/* ---------------------------------------------------------------- read */

static bool add_point(two_list *list, two_point point)
{
    if (list->count == TWO_POINTS)
        return true;
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 64;
        two_point *grown = realloc(list->points, room * sizeof *grown);
        if (!grown)
            return false;
        list->points = grown;
        list->room = room;
    }
    list->points[list->count++] = point;
    return true;
}

static two_item *target(two_book *b, const char *from, nr_view reference, const char **fragment)
{
    two_item *item = reference.n ? two_follow(b, from, reference, fragment) : NULL;
    if (!item || !item->page)
        return NULL;
    two_link_to(b, item);
    return item;
}

static const char *label_of(two_book *b, xmlNode *node, const char *name)
{
    xmlNode *label = nr_xml_child(node, name);
    return label ? two_text(b, label) : NULL;
}

static bool read_ncx_point(two_book *b, xmlNode *at)
{
    bool page = nr_xml_is(at, "pageTarget");
    xmlNode *content = nr_xml_child(at, "content");
    two_point p = {.label = label_of(b, at, "navLabel"), .level = 1};
    p.item = content ? target(b, b->ncx->path, nr_xml_attribute(content, "src"), &p.fragment) : NULL;
    for (const xmlNode *up = at->parent; up; up = up->parent)
        p.level += nr_xml_is(up, "navPoint");
    if (page) { /* a list without levels, wherever it stands */
        p.level = 1;
        p.type = two_keep(b, nr_xml_attribute(at, "type"));
        p.label = p.label ? p.label : two_keep(b, nr_xml_attribute(at, "value"));
        return !p.item || !p.label || add_point(&b->pages, p);
    }
    p.label = p.label ? p.label : p.item && p.item->heading ? p.item->heading : "*";
    return add_point(&b->toc, p);
}

/* An entry that leads nowhere stays only when others are below it; no level is left out. */
static void prune(two_list *list)
{
    size_t kept = list->count;
    for (size_t i = list->count; i > 0; i--) {
        two_point p = list->points[i - 1];
        if (p.item || (kept < list->count && list->points[kept].level > p.level))
            list->points[--kept] = p;
    }
    list->count -= kept;
    if (list->count && kept)
        memmove(list->points, list->points + kept, list->count * sizeof *list->points);
    for (size_t i = 0; i < list->count; i++) {
        int most = i ? list->points[i - 1].level + 1 : 1;
        list->points[i].level = list->points[i].level < most ? list->points[i].level : most;
    }
}

static const char *landmark_of(nr_view type)
{
    static const char *const names[][2] = {
        {"cover", "cover"}, {"title-page", "titlepage"}, {"toc", "toc"}, {"index", "index"}, {"glossary", "glossary"},
        {"acknowledgements", "acknowledgments"}, {"acknowledgments", "acknowledgments"}, {"bibliography", "bibliography"}, {"colophon", "colophon"},
        {"copyright-page", "copyright-page"}, {"dedication", "dedication"}, {"epigraph", "epigraph"}, {"foreword", "foreword"}, {"loi", "loi"},
        {"lot", "lot"}, {"notes", "endnotes"}, {"preface", "preface"}, {"text", "bodymatter"}, {"start", "bodymatter"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nr_view_eq_nocase(type, nr_view_of(names[i][0])))
            return names[i][1];
    return NULL;
}

static bool same_place(const two_point *a, const two_point *b)
{
    return a->item == b->item && nr_view_eq(nr_view_of(a->fragment), nr_view_of(b->fragment));
}

static bool read_guide(two_book *b)
{
    xmlNode *guide = nr_xml_find(xmlDocGetRootElement(b->package), "guide");
    for (xmlNode *at = guide ? guide->children : NULL; at; at = at->next) {
        if (!nr_xml_is(at, "reference"))
            continue;
        two_point p = {.label = two_keep(b, nr_xml_attribute(at, "title")), .level = 1, .type = landmark_of(nr_xml_attribute(at, "type"))};
        p.item = p.type ? target(b, b->package_path, nr_xml_attribute(at, "href"), &p.fragment) : NULL;
        p.label = p.label ? p.label : p.type;
        bool known = false;
        for (size_t i = 0; i < b->landmarks.count; i++)
            known = known || (strcmp(b->landmarks.points[i].type, p.type ? p.type : "") == 0 && same_place(&b->landmarks.points[i], &p));
        if (p.item && !known && !add_point(&b->landmarks, p))
            return false;
    }
    return true;
}

nr_status two_read_contents(two_book *b)
{
    nr_status s = b->ncx ? ocf_read(&b->in, b->ncx->entry, &b->entry, b->err) : NR_OK;
    xmlDoc *xml = b->ncx && !s ? nr_xml_parse(nr_buffer_view(&b->entry), NULL) : NULL;
    xmlNode *root = xml ? xmlDocGetRootElement(xml) : NULL;
    bool good = true;
    for (xmlNode *at = root; at && good; at = nr_xml_next(root, at, true))
        if (nr_xml_is(at, "navPoint") || nr_xml_is(at, "pageTarget"))
            good = read_ncx_point(b, at);
    xmlFreeDoc(xml);
    prune(&b->toc);
    size_t spine = b->spine_count; /* before it grows */
    for (size_t i = 0; i < spine && good && !b->toc.count; i++)
        for (; i < spine && good; i++) {
            two_item *item = &b->items[b->spine[i]];
            item->linked = true;
            good = add_point(&b->toc, (two_point){.label = item->heading ? item->heading : item->file, .item = item, .level = 1});
        }
    good = good && read_guide(b);
    return s ? s : good ? NR_OK : nr_fail_memory(b->err);
}

/* ---------------------------------------------------------------- written */

static void put_reference(const char *from, const two_point *p, const char *name, nr_buffer *out)
{
    nr_buffer href = NR_BUFFER_INIT(1 << 14);
    two_reach(from, p->item->file, p->fragment, &href);
    markup_attribute(out, name, nr_buffer_view(&href));
    nr_buffer_free(&href);
}

static void put_entry(const two_book *b, const two_point *p, bool typed, nr_buffer *out)
{
    nr_buffer_put_string(out, p->item ? "<a" : "<span");
    if (p->item)
        put_reference(b->nav, p, "href", out);
    if (typed)
        markup_attribute(out, "epub:type", nr_view_of(p->type));
    nr_buffer_put_char(out, '>');
    markup_text(out, nr_view_of(p->label));
    nr_buffer_put_string(out, p->item ? "</a>" : "</span>");
}

static void put_list(const two_book *b, const two_list *list, bool typed, nr_buffer *out)
{
    int level = 0;
    for (size_t i = 0; i < list->count; i++) {
        const two_point *p = &list->points[i];
        if (p->level > level)
            nr_buffer_put_string(out, "\n<ol>\n");
        else
            nr_buffer_put_string(out, "</li>\n");
        for (; level > p->level; level--)
            nr_buffer_put_string(out, "</ol>\n</li>\n");
        level = p->level;
        nr_buffer_put_string(out, "<li>");
        put_entry(b, p, typed, out);
    }
    for (; level > 0; level--)
        nr_buffer_put_string(out, "</li>\n</ol>\n");
}

static void put_nav(const two_book *b, nr_buffer *out)
{
    nr_buffer_put_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" "
                              "xmlns:epub=\"http://www.idpf.org/2007/ops\"");
    markup_attribute(out, "lang", nr_view_of(b->language));
    markup_attribute(out, "xml:lang", nr_view_of(b->language));
    if (markup_is_rtl(b->language))
        nr_buffer_put_string(out, " dir=\"rtl\"");
    nr_buffer_put_string(out, ">\n<head>\n<title>");
    markup_text(out, nr_view_of(b->title));
    nr_buffer_put_string(out, "</title>\n</head>\n<body>\n<nav epub:type=\"toc\">\n<h1>");
    markup_text(out, nr_view_of(b->title));
    nr_buffer_put_string(out, "</h1>");
    put_list(b, &b->toc, false, out);
    nr_buffer_put_string(out, "</nav>\n");
    if (b->pages.count) {
        nr_buffer_put_string(out, "<nav epub:type=\"page-list\" hidden=\"\">");
        put_list(b, &b->pages, false, out);
        nr_buffer_put_string(out, "</nav>\n");
    }
    if (b->landmarks.count) {
        nr_buffer_put_string(out, "<nav epub:type=\"landmarks\" hidden=\"\">");
        put_list(b, &b->landmarks, true, out);
        nr_buffer_put_string(out, "</nav>\n");
    }
    /* What is outside the order of reading must be within reach. */
    bool open = false;
    for (size_t i = 0; i < b->spine_count; i++) {
        two_item *item = &b->items[b->spine[i]];
        if (item->linear || item->linked)
            continue;
        if (!open) {
            nr_buffer_put_string(out, "<nav hidden=\"\">\n<h2>");
            markup_text(out, nr_view_of(b->title));
            nr_buffer_put_string(out, "</h2>\n<ol>\n");
        }
        open = true;
        nr_buffer_put_string(out, "<li>");
        put_entry(b, &(two_point){.label = item->heading ? item->heading : item->file, .item = item}, false, out);
        nr_buffer_put_string(out, "</li>\n");
    }
    nr_buffer_put_string(out, open ? "</ol>\n</nav>\n</body>\n</html>\n" : "</body>\n</html>\n");
}

static void put_label(const char *name, const char *text, nr_buffer *out)
{
    nr_buffer_printf(out, "<%s><text>", name);
    markup_text(out, nr_view_of(text));
    nr_buffer_printf(out, "</text></%s>", name);
}

/* An entry that leads nowhere leads, in an NCX, to what is below it. */
static const two_point *leads(const two_list *list, size_t i)
{
    while (!list->points[i].item)
        i++;
    return &list->points[i];
}

static void put_ncx(const two_book *b, nr_buffer *out)
{
    int deepest = 1, level = 0;
    for (size_t i = 0; i < b->toc.count; i++)
        deepest = b->toc.points[i].level > deepest ? b->toc.points[i].level : deepest;
    nr_buffer_put_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\" version=\"2005-1\">\n"
                              "<head>\n<meta name=\"dtb:uid\"");
    markup_attribute(out, "content", nr_view_of(b->identifier));
    nr_buffer_printf(out, "/>\n<meta name=\"dtb:depth\" content=\"%d\"/>\n</head>\n", deepest);
    put_label("docTitle", b->title, out);
    nr_buffer_put_string(out, "\n<navMap>\n");
    for (size_t i = 0; i < b->toc.count; i++) {
        const two_point *p = &b->toc.points[i];
        for (; level >= p->level; level--)
            nr_buffer_put_string(out, "</navPoint>\n");
        level = p->level;
        nr_buffer_printf(out, "<navPoint id=\"point-%zu\">", i + 1);
        put_label("navLabel", p->label, out);
        nr_buffer_put_string(out, "<content");
        put_reference(b->ncx->file, leads(&b->toc, i), "src", out);
        nr_buffer_put_string(out, "/>\n");
    }
    for (; level > 0; level--)
        nr_buffer_put_string(out, "</navPoint>\n");
    nr_buffer_put_string(out, "</navMap>\n");
    if (b->pages.count)
        nr_buffer_put_string(out, "<pageList>\n");
    for (size_t i = 0; i < b->pages.count; i++) {
        const two_point *p = &b->pages.points[i];
        nr_view type = nr_view_of(p->type);
        nr_buffer_printf(out, "<pageTarget id=\"page-%zu\" type=\"%s\">", i + 1,
                         nr_view_is(type, "front") ? "front" : nr_view_is(type, "special") ? "special" : "normal");
        put_label("navLabel", p->label, out);
        nr_buffer_put_string(out, "<content");
        put_reference(b->ncx->file, p, "src", out);
        nr_buffer_put_string(out, "/></pageTarget>\n");
    }
    nr_buffer_put_string(out, b->pages.count ? "</pageList>\n</ncx>\n" : "</ncx>\n");
}

nr_status two_write_contents(two_book *b)
{
    nr_buffer out = NR_BUFFER_INIT(OCF_ENTRY);
    put_nav(b, &out);
    nr_status s = ocf_add(b->out, b->nav, &out, b->err);
    if (b->ncx && !s) {
        put_ncx(b, &out);
        s = ocf_add(b->out, b->ncx->file, &out, b->err);
    }
    nr_buffer_free(&out);
    return s;
}
