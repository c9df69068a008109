/* What a content document refers to: kept where it is in the book, by the name that it has in the new one. */
#include <libxml/hash.h>
#include <libxml/uri.h>
#include <stdlib.h>

#include "publish/epub_two.h"

/* ---------------------------------------------------------------- ids */

static void set_ids(two_book *b, xmlHashTable *used, xmlNode *at)
{
    bool named = nr_xml_is(at, "a") || nr_xml_is(at, "map");
    const char *names[] = {"id", "name"}, *kept[2] = {NULL, NULL};
    for (int k = 0; k < 1 + named; k++) {
        nr_buffer id = NR_BUFFER_INIT(1 << 16);
        nr_view wanted = nr_view_trim(nr_xml_attribute(at, names[k]));
        two_put_id(wanted, &id);
        nr_buffer_put_char(&id, '\0');
        if (wanted.n && !id.failed && xmlHashAddEntry(used, (const xmlChar *)id.p, at) == 0)
            kept[k] = nr_arena_string(&b->arena, nr_view_of(id.p));
        nr_buffer_free(&id);
        xmlUnsetProp(at, (const xmlChar *)names[k]);
    }
    const char *first = kept[0] ? kept[0] : kept[1];
    if (first)
        xmlNewProp(at, (const xmlChar *)"id", (const xmlChar *)first);
    if (first && nr_xml_is(at, "map"))
        xmlNewProp(at, (const xmlChar *)"name", (const xmlChar *)first);
    xmlNode *place = kept[0] && kept[1] ? xmlNewDocNode(at->doc, NULL, (const xmlChar *)"span", NULL) : NULL;
    if (!place)
        return;
    xmlNewProp(place, (const xmlChar *)"id", (const xmlChar *)kept[1]); /* it has two names: the other is of a place in it */
    if (at->children)
        xmlAddPrevSibling(at->children, place);
    else
        xmlAddChild(at, place);
}

/* Every id a name, and no two the same: a link leads to the first. */
static void settle_ids(two_book *b, xmlNode *root)
{
    xmlHashTable *used = xmlHashCreate(256);
    for (xmlNode *at = root, *next; at && used; at = next) {
        next = nr_xml_next(root, at, true); /* before a place is made in it */
        if (at->type == XML_ELEMENT_NODE)
            set_ids(b, used, at);
    }
    xmlHashFree(used, NULL);
}

/* ---------------------------------------------------------------- references */

static void set(xmlAttr *a, const char *text)
{
    xmlNode *node = a->parent;
    if (a->ns)
        xmlSetNsProp(node, a->ns, a->name, (const xmlChar *)text);
    else
        xmlSetProp(node, a->name, (const xmlChar *)text);
}

static void refer(const two_item *from, xmlAttr *a, const two_item *to, const char *fragment)
{
    nr_buffer out = NR_BUFFER_INIT(1 << 16);
    two_reach(from->file, to->file, fragment, &out);
    nr_buffer_put_char(&out, '\0');
    if (out.failed)
        xmlRemoveProp(a);
    else
        set(a, out.p);
    nr_buffer_free(&out);
}

/* An address of the web, as it may be written; false when it is none. */
static bool settle_address(xmlAttr *a, nr_view v)
{
    static const char *const schemes[] = {"http://", "https://", "mailto:", "ftp://", "tel:", "news:", "urn:"};
    nr_buffer out = NR_BUFFER_INIT(1 << 16);
    bool known = false;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        known = known || nr_view_starts_nocase(v, nr_view_of(schemes[i]));
    for (size_t i = 0; i < v.n && known; i++)
        if ((unsigned char)v.p[i] > ' ' && (unsigned char)v.p[i] < 0x7F && !strchr("\"<>\\^`{|}[]", v.p[i]))
            nr_buffer_put_char(&out, v.p[i]);
        else
            nr_buffer_printf(&out, "%%%02X", (unsigned)(unsigned char)v.p[i]);
    nr_buffer_put_char(&out, '\0');
    xmlURI *uri = known && !out.failed ? xmlParseURI(out.p) : NULL;
    bool good = uri && (!strstr(out.p, "://") || (uri->server && *uri->server));
    if (good)
        set(a, out.p);
    xmlFreeURI(uri);
    nr_buffer_free(&out);
    return good;
}

static bool is_picture(const two_item *item)
{
    static const char *const types[] = {"image/jpeg", "image/png", "image/gif", "image/svg+xml"};
    for (size_t i = 0; item && i < sizeof types / sizeof *types; i++)
        if (strcmp(item->type, types[i]) == 0)
            return true;
    return false;
}

static xmlAttr *attribute(xmlNode *node, const char *name)
{
    for (xmlAttr *a = node->properties; a; a = a->next) {
        const char *colon = strchr((const char *)a->name, ':');
        if (strcmp(colon ? colon + 1 : (const char *)a->name, name) == 0)
            return a;
    }
    return NULL;
}

static bool is_remote(nr_view v) { return nr_view_starts_nocase(v, NR_LIT("http://")) || nr_view_starts_nocase(v, NR_LIT("https://")); }

/* A link that leads nowhere is none: its words stay. */
static void settle_link(two_book *b, two_item *item, xmlNode *node)
{
    xmlAttr *a = attribute(node, "href");
    const char *fragment;
    nr_view v = a ? nr_view_trim(nr_xml_attribute(node, (const char *)a->name)) : (nr_view){NULL, 0};
    two_item *to = v.n ? two_follow(b, item->path, v, &fragment) : NULL;
    if (to && to->page && (to != item || fragment || v.p[0] != '#')) {
        two_link_to(b, to);
        refer(item, a, to, fragment);
    } else if (a && (!v.n || !settle_address(a, v))) {
        xmlRemoveProp(a);
    }
}

/* A picture that is not there leaves the words that stand for it. */
static void settle_picture(two_book *b, two_item *item, xmlNode *node, const char *name)
{
    xmlAttr *a = attribute(node, name);
    const char *fragment;
    nr_view v = a ? nr_view_trim(nr_xml_attribute(node, (const char *)a->name)) : (nr_view){NULL, 0};
    two_item *to = v.n ? two_follow(b, item->path, v, &fragment) : NULL;
    if (is_picture(to)) {
        refer(item, a, to, NULL);
        if (!node->ns && nr_xml_is(node, "img") && !xmlHasProp(node, (const xmlChar *)"alt"))
            xmlNewProp(node, (const xmlChar *)"alt", (const xmlChar *)"");
        return;
    }
    if (node->ns && nr_view_starts_nocase(v, NR_LIT("data:image/")))
        return;
    xmlChar *alt = node->ns ? NULL : xmlGetNoNsProp(node, (const xmlChar *)"alt");
    static const char *const own[] = {"src", "alt", "width", "height", "usemap", "href"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if ((a = attribute(node, own[i])))
            xmlRemoveProp(a);
    xmlNodeSetName(node, (const xmlChar *)(node->ns ? "g" : "span"));
    if (alt && *alt)
        xmlAddChild(node, xmlNewDocText(node->doc, alt));
    xmlFree(alt);
}

static void settle_object(two_book *b, two_item *item, xmlNode *node)
{
    const char *fragment;
    nr_view v = nr_view_trim(nr_xml_attribute(node, "data"));
    two_item *to = v.n ? two_follow(b, item->path, v, &fragment) : NULL;
    if (is_picture(to)) {
        refer(item, xmlHasProp(node, (const xmlChar *)"data"), to, NULL);
        xmlSetProp(node, (const xmlChar *)"type", (const xmlChar *)to->type);
        return;
    }
    static const char *const own[] = {"data", "type", "width", "height", "usemap"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        xmlUnsetProp(node, (const xmlChar *)own[i]);
    xmlNodeSetName(node, (const xmlChar *)"div"); /* what stands for it is in it */
}

static void settle_media(two_book *b, two_item *item, xmlNode *node)
{
    xmlAttr *a = xmlHasProp(node, (const xmlChar *)"src");
    const char *fragment;
    nr_view v = nr_view_trim(nr_xml_attribute(node, "src"));
    two_item *to = v.n ? two_follow(b, item->path, v, &fragment) : NULL;
    if (to)
        refer(item, a, to, NULL);
    else if (a && is_remote(v) && settle_address(a, v))
        item->properties |= TWO_REMOTE;
    else if (a)
        xmlRemoveProp(a);
    xmlUnsetProp(node, (const xmlChar *)"poster");
}

/* A style sheet of the book; false for any other link. */
static bool settle_sheet_link(two_book *b, two_item *item, xmlNode *node)
{
    const char *fragment;
    nr_view rel = nr_view_trim(nr_xml_attribute(node, "rel")), v = nr_view_trim(nr_xml_attribute(node, "href"));
    two_item *to = v.n && nr_view_eq_nocase(rel, NR_LIT("stylesheet")) ? two_follow(b, item->path, v, &fragment) : NULL;
    if (!to || !to->sheet)
        return false;
    while (node->properties)
        xmlRemoveProp(node->properties);
    xmlNewProp(node, (const xmlChar *)"rel", (const xmlChar *)"stylesheet");
    xmlNewProp(node, (const xmlChar *)"type", (const xmlChar *)"text/css");
    refer(item, xmlNewProp(node, (const xmlChar *)"href", (const xmlChar *)"x"), to, NULL);
    return true;
}

static void settle_style(two_book *b, const two_item *item, xmlNode *node)
{
    nr_buffer css = NR_BUFFER_INIT(OCF_ENTRY), out = NR_BUFFER_INIT(OCF_ENTRY);
    nr_xml_text(node, &css, OCF_ENTRY / 2);
    two_sheet(b, item, nr_buffer_view(&css), &out);
    xmlNode *inside = node->children;
    node->children = node->last = NULL;
    xmlFreeNodeList(inside);
    if (!out.failed)
        xmlAddChild(node, xmlNewDocTextLen(node->doc, (const xmlChar *)(out.p ? out.p : ""), (int)out.n));
    while (node->properties)
        xmlRemoveProp(node->properties);
    nr_buffer_free(&css);
    nr_buffer_free(&out);
}

static void settle_map_use(two_book *b, const two_item *item, xmlNode *node)
{
    xmlAttr *a = xmlHasProp(node, (const xmlChar *)"usemap");
    const char *fragment = NULL;
    nr_view v = nr_view_trim(nr_xml_attribute(node, "usemap"));
    if (a && v.n && v.p[0] == '#' && two_follow(b, item->path, v, &fragment) == item && fragment)
        refer(item, a, item, fragment);
    else if (a)
        xmlRemoveProp(a);
}

void two_links(two_book *b, two_item *item, xmlNode *root)
{
    settle_ids(b, root);
    for (xmlNode *at = root, *next; at; at = next) {
        next = nr_xml_next(root, at, true);
        if (at->type != XML_ELEMENT_NODE)
            continue;
        if (nr_xml_is(at, "a") || nr_xml_is(at, "area")) {
            settle_link(b, item, at);
        } else if (at->ns) {
            if (nr_xml_is(at, "image"))
                settle_picture(b, item, at, "href");
            continue;
        } else if (nr_xml_is(at, "img")) {
            settle_map_use(b, item, at);
            settle_picture(b, item, at, "src");
        } else if (nr_xml_is(at, "object")) {
            settle_map_use(b, item, at);
            settle_object(b, item, at);
        } else if (nr_xml_is(at, "audio") || nr_xml_is(at, "video") || nr_xml_is(at, "source") || nr_xml_is(at, "track")) {
            settle_media(b, item, at);
        } else if (nr_xml_is(at, "style")) {
            settle_style(b, item, at);
            next = nr_xml_next(root, at, false);
        } else if (nr_xml_is(at, "link") && !settle_sheet_link(b, item, at)) {
            xmlUnlinkNode(at);
            xmlFreeNode(at);
            continue;
        }
        xmlAttr *cite = xmlHasProp(at, (const xmlChar *)"cite");
        if (cite && !settle_address(cite, nr_view_trim(nr_xml_attribute(at, "cite"))))
            xmlRemoveProp(cite);
    }
}
