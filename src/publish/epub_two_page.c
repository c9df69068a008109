/* A content document of an EPUB 2: parsed, whatever it is, and written as XHTML5. */
#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "publish/epub_two.h"
#include "publish/markup.h"

static const char XHTML[] = "http://www.w3.org/1999/xhtml", SVG[] = "http://www.w3.org/2000/svg", MATHML[] = "http://www.w3.org/1998/Math/MathML",
                  XLINK[] = "http://www.w3.org/1999/xlink";

/* ---------------------------------------------------------------- parsing */

/* Of what a document declares itself only what is plain text is taken, so that no entity can grow or fetch. */
static void declare(void *ctx, const xmlChar *name, int type, const xmlChar *public, const xmlChar *system, xmlChar *content)
{
    nr_view v = nr_view_of((const char *)content);
    if (type == XML_INTERNAL_GENERAL_ENTITY && v.n < 1000 && !nr_view_find_byte(v, '&') && !nr_view_find_byte(v, '<'))
        xmlSAX2EntityDecl(ctx, name, type, public, system, content);
}

/* "&nbsp;" and the like without the DTD that declares them: those of HTML are known. */
static xmlEntity *entity_of(void *ctx, const xmlChar *name)
{
    xmlParserCtxt *parser = ctx;
    xmlEntity *entity = xmlSAX2GetEntity(ctx, name);
    const htmlEntityDesc *known = entity ? NULL : htmlEntityLookup(name);
    if (!known || !parser->myDoc)
        return entity;
    nr_buffer text = NR_BUFFER_INIT(16);
    nr_buffer_put_code(&text, known->value);
    nr_buffer_put_char(&text, '\0');
    if (!text.failed && (parser->myDoc->intSubset || xmlCreateIntSubset(parser->myDoc, (const xmlChar *)"html", NULL, NULL)))
        entity = xmlAddDocEntity(parser->myDoc, name, XML_INTERNAL_GENERAL_ENTITY, NULL, NULL, (const xmlChar *)text.p);
    nr_buffer_free(&text);
    return entity;
}

static void say_nothing(void *ctx, xmlError *error)
{
    (void)ctx;
    (void)error;
}

/* What follows the DOCTYPE: the HTML parser would take declarations in it for text. */
static nr_view behind_doctype(nr_view v)
{
    const char *at = nr_view_find((nr_view){v.p, v.n < 4096 ? v.n : 4096}, NR_LIT("<!DOCTYPE"));
    int depth = 0;
    for (const char *p = at; p && p < v.p + v.n; p++) {
        depth += *p == '[' ? 1 : *p == ']' ? -1 : 0;
        if (*p == '>' && depth <= 0)
            return (nr_view){p + 1, (size_t)(v.p + v.n - p) - 1};
    }
    return v;
}

xmlDoc *two_parse(nr_view bytes, bool *mended)
{
    char encoding[64] = "";
    xmlDoc *doc = NULL;
    xmlParserCtxt *parser = bytes.n <= INT32_MAX ? xmlNewParserCtxt() : NULL;
    *mended = false;
    if (parser && bytes.n) {
        parser->sax->serror = say_nothing;
        parser->sax->getEntity = entity_of;
        parser->sax->entityDecl = declare;
        doc = xmlCtxtReadMemory(parser, bytes.p, (int)bytes.n, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOCDATA | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
        if (parser->input && parser->input->encoding)
            snprintf(encoding, sizeof encoding, "%s", (const char *)parser->input->encoding);
    }
    xmlFreeParserCtxt(parser);
    if (doc)
        return doc;
    *mended = true;
    bool wide = bytes.n >= 2 && (memcmp(bytes.p, "\xFF\xFE", 2) == 0 || memcmp(bytes.p, "\xFE\xFF", 2) == 0);
    bool utf8 = nr_utf8_valid(bytes.p, bytes.n) == bytes.n;
    if (utf8)
        strcpy(encoding, "UTF-8");
    else if (!wide && (!*encoding || strncmp(encoding, "UTF", 3) == 0 || strncmp(encoding, "utf", 3) == 0))
        strcpy(encoding, "windows-1252");
    bytes = wide ? bytes : behind_doctype(bytes);
    if (bytes.n && bytes.n <= INT32_MAX)
        doc = htmlReadMemory(bytes.p, (int)bytes.n, NULL, wide ? NULL : encoding,
                             HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_COMPACT);
    if (!doc || !xmlDocGetRootElement(doc)) { /* an empty file is an empty page */
        xmlFreeDoc(doc);
        doc = xmlNewDoc((const xmlChar *)"1.0");
        if (doc)
            xmlDocSetRootElement(doc, xmlNewDocNode(doc, NULL, (const xmlChar *)"html", NULL));
    }
    return doc;
}

/* ---------------------------------------------------------------- names */

static bool is_in(const xmlNode *node, const char *space) { return node->type == XML_ELEMENT_NODE && node->ns && node->ns->href && strcmp((const char *)node->ns->href, space) == 0; }

/* svg and math keep their names and have their namespace; everything else has none, and a name in small letters. */
static void settle_name(xmlNode *node)
{
    char name[64];
    const char *full = (const char *)node->name, *colon = strrchr(full, ':'), *local = colon ? colon + 1 : full;
    bool svg = is_in(node, SVG) || (node->parent && is_in(node->parent, SVG) && strcmp((const char *)node->parent->name, "foreignObject") != 0 && !is_in(node, XHTML));
    bool math = is_in(node, MATHML) || (node->parent && is_in(node->parent, MATHML) && !is_in(node, XHTML));
    svg = svg || strcmp(local, "svg") == 0;
    math = math || strcmp(local, "math") == 0;
    size_t n = 0;
    for (; local[n] && n + 1 < sizeof name; n++)
        name[n] = svg || math ? local[n] : nr_ascii_lower(local[n]);
    name[n] = '\0';
    if (xmlValidateNCName((const xmlChar *)name, 0) != 0) /* as the HTML parser may let through */
        strcpy(name, svg ? "g" : math ? "mrow" : "span");
    if (strcmp(name, full) != 0)
        xmlNodeSetName(node, (const xmlChar *)name);
    node->ns = NULL;
    if (svg || math)
        node->ns = xmlNewNs(node, (const xmlChar *)(svg ? SVG : MATHML), NULL);
    if (!node->ns && (svg || math)) /* one is declared there already */
        node->ns = xmlSearchNsByHref(node->doc, node, (const xmlChar *)(svg ? SVG : MATHML));
}

static void settle_attributes(xmlNode *node)
{
    for (xmlAttr *a = node->properties, *next; a; a = next) {
        next = a->next;
        char name[64];
        size_t n = 0;
        const char *full = (const char *)a->name;
        if (node->ns && strcmp(full, "xmlns") != 0)
            continue;
        for (; full[n] && n + 1 < sizeof name; n++)
            name[n] = nr_ascii_lower(full[n]);
        name[n] = '\0';
        if (strcmp(full, "xmlns") == 0) { /* as the HTML parser sees it */
            xmlRemoveProp(a);
            continue;
        }
        bool xml = a->ns && a->ns->prefix && strcmp((const char *)a->ns->prefix, "xml") == 0;
        if (strcmp(name, "xml:lang") == 0 || (xml && strcmp(name, "lang") == 0)) {
            xmlChar *value = xmlNodeListGetString(node->doc, a->children, 1);
            if (value)
                xmlSetNsProp(node, NULL, (const xmlChar *)"lang", value);
            xmlFree(value);
            xmlRemoveProp(a);
        } else if (a->ns || strchr(full, ':')) {
            xmlRemoveProp(a);
        } else if (strcmp(name, full) != 0) {
            xmlChar *value = xmlNodeListGetString(node->doc, a->children, 1);
            if (value && !xmlHasProp(node, (const xmlChar *)name))
                xmlNewProp(node, (const xmlChar *)name, value);
            xmlFree(value);
            xmlRemoveProp(a);
        }
    }
}

static void drop(xmlNode *node)
{
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

/* Comments and instructions go; a reference to no known entity is what it was written as. */
static void settle(xmlNode *root)
{
    for (xmlNode *at = root, *next; at; at = next) {
        next = nr_xml_next(root, at, true);
        if (at->type == XML_ELEMENT_NODE) {
            settle_name(at);
            settle_attributes(at);
        } else if (at->type == XML_ENTITY_REF_NODE) {
            nr_buffer text = NR_BUFFER_INIT(1 << 16);
            nr_buffer_printf(&text, "&%s;", (const char *)at->name);
            xmlNode *plain = text.failed ? NULL : xmlNewDocTextLen(at->doc, (const xmlChar *)text.p, (int)text.n);
            if (plain)
                xmlReplaceNode(at, plain);
            else
                xmlUnlinkNode(at);
            xmlFreeNode(at);
            nr_buffer_free(&text);
        } else if (at->type != XML_TEXT_NODE && at->type != XML_CDATA_SECTION_NODE) {
            drop(at);
        }
    }
}

/* ---------------------------------------------------------------- the document as a whole */

static bool is_html(const xmlNode *node, const char *name) { return nr_xml_is(node, name) && !node->ns; }

static xmlNode *child_of(xmlNode *root, const char *name, bool first)
{
    xmlNode *found = nr_xml_child(root, name);
    if (found)
        return found;
    found = xmlNewDocNode(root->doc, NULL, (const xmlChar *)name, NULL);
    if (found && first && root->children)
        xmlAddPrevSibling(root->children, found);
    else if (found)
        xmlAddChild(root, found);
    return found;
}

/* html has a head and a body, and nothing else; what stands elsewhere goes into the body, or, of its kind, the head. */
static xmlNode *settle_frame(xmlNode *root, xmlNode **head)
{
    if (!is_html(root, "html")) {
        xmlNode *old = root;
        root = xmlNewDocNode(old->doc, NULL, (const xmlChar *)"html", NULL);
        if (!root)
            return NULL;
        xmlDocSetRootElement(old->doc, root);
        xmlAddChild(root, old);
    }
    *head = child_of(root, "head", true);
    xmlNode *body = child_of(root, "body", false);
    if (!*head || !body)
        return NULL;
    for (xmlNode *at = root->children, *next; at; at = next) {
        next = at->next;
        if (at == *head || at == body)
            continue;
        xmlUnlinkNode(at);
        if (at->type == XML_TEXT_NODE && xmlIsBlankNode(at))
            xmlFreeNode(at);
        else
            xmlAddChild(body, at);
    }
    for (xmlNode *at = (*head)->children, *next; at; at = next) {
        next = at->next;
        bool fits = is_html(at, "title") || is_html(at, "link") || is_html(at, "meta") || is_html(at, "style");
        if (fits || (at->type == XML_TEXT_NODE && xmlIsBlankNode(at)))
            continue;
        drop(at); /* scripts, objects and what else has no look */
    }
    for (xmlNode *at = body, *next; at; at = next) {
        next = nr_xml_next(body, at, true);
        if (at == body || !(is_html(at, "style") || is_html(at, "link") || is_html(at, "meta") || is_html(at, "title") || is_html(at, "head")))
            continue;
        next = nr_xml_next(body, at, false);
        xmlUnlinkNode(at);
        if (is_html(at, "style") || is_html(at, "link"))
            xmlAddChild(*head, at);
        else
            xmlFreeNode(at);
    }
    return body;
}

static void settle_head(const two_item *item, xmlNode *head)
{
    bool titled = false;
    for (xmlNode *at = head->children, *next; at; at = next) {
        next = at->next;
        if (is_html(at, "title")) {
            nr_buffer text = NR_BUFFER_INIT(1 << 12);
            nr_xml_text(at, &text, 1 << 11);
            bool empty = !nr_view_trim(nr_buffer_view(&text)).n;
            if (titled || empty)
                drop(at);
            titled = titled || !empty;
            nr_buffer_free(&text);
        } else if (is_html(at, "meta")) { /* what is said of the file's bytes is true no longer */
            if (!nr_xml_attribute(at, "name").n || !xmlHasProp(at, (const xmlChar *)"content"))
                drop(at);
        } else if (is_html(at, "style")) {
            nr_view type = nr_xml_attribute(at, "type");
            if (type.n && !nr_view_starts_nocase(type, NR_LIT("text/css")))
                drop(at);
        }
    }
    if (!titled)
        xmlNewTextChild(head, NULL, (const xmlChar *)"title", (const xmlChar *)(item->heading ? item->heading : item->file));
}

void two_make_page(two_book *b, two_item *item, xmlDoc *doc)
{
    xmlNode *root = xmlDocGetRootElement(doc), *head, *body;
    settle(root);
    body = settle_frame(root, &head);
    if (!body)
        return;
    root = xmlDocGetRootElement(doc);
    settle_head(item, head);
    for (xmlNode *at = body; at; at = nr_xml_next(body, at, true)) {
        if (at->type == XML_ELEMENT_NODE && at->ns)
            item->properties |= nr_xml_is(at, "svg") ? TWO_SVG : nr_xml_is(at, "math") ? TWO_MATHML : 0;
        else if (at->type == XML_ELEMENT_NODE)
            two_look(at);
    }
    two_links(b, item, root);
    two_shape(body);
}

/* ---------------------------------------------------------------- writing */

static bool is_void(const xmlNode *node)
{
    static const char *const names[] = {"area", "br", "col", "hr", "img", "link", "meta", "param", "source", "track", "wbr"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nr_xml_is(node, names[i]))
            return true;
    return false;
}

static bool changes_space(const xmlNode *node)
{
    return node->ns ? !node->parent->ns || node->parent->ns->href == NULL || strcmp((const char *)node->parent->ns->href, (const char *)node->ns->href) != 0
                    : node->parent->type == XML_ELEMENT_NODE && node->parent->ns;
}

static void open_element(const two_book *b, const xmlNode *node, nr_buffer *out)
{
    nr_buffer_printf(out, "<%s", (const char *)node->name);
    bool root = node->parent && node->parent->type == XML_DOCUMENT_NODE;
    root = root || (node->parent && node->parent->type == XML_HTML_DOCUMENT_NODE);
    if (root || changes_space(node)) {
        markup_attribute(out, "xmlns", node->ns ? nr_view_of((const char *)node->ns->href) : nr_view_of(XHTML));
        if (node->ns && is_in(node, SVG))
            markup_attribute(out, "xmlns:xlink", nr_view_of(XLINK));
    }
    if (root && !xmlHasProp((xmlNode *)node, (const xmlChar *)"lang") && strcmp(b->language, "und") != 0) {
        markup_attribute(out, "lang", nr_view_of(b->language));
        markup_attribute(out, "xml:lang", nr_view_of(b->language));
    }
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        const char *name = (const char *)a->name, *colon = strchr(name, ':');
        bool xlink = (a->ns && a->ns->href && strcmp((const char *)a->ns->href, XLINK) == 0) || nr_view_starts(nr_view_of(name), NR_LIT("xlink:"));
        bool xml = (a->ns && a->ns->prefix && strcmp((const char *)a->ns->prefix, "xml") == 0) || nr_view_starts(nr_view_of(name), NR_LIT("xml:"));
        char full[80];
        if ((a->ns || colon) && !xlink && !xml)
            continue;
        snprintf(full, sizeof full, "%s%.60s", xlink ? "xlink:" : xml ? "xml:" : "", colon ? colon + 1 : name);
        if (xmlValidateNameValue((const xmlChar *)full) != 1)
            continue;
        xmlChar *value = xmlNodeListGetString(node->doc, a->children, 1);
        nr_view v = value ? nr_view_of((const char *)value) : (nr_view){"", 0};
        markup_attribute(out, full, v);
        if (!node->ns && strcmp(full, "lang") == 0)
            markup_attribute(out, "xml:lang", v);
        xmlFree(value);
    }
    nr_buffer_put_string(out, !node->children && (node->ns || is_void(node)) ? "/>" : ">");
}

static void close_element(const xmlNode *node, nr_buffer *out)
{
    if (node->children || (!node->ns && !is_void(node)))
        nr_buffer_printf(out, "</%s>", (const char *)node->name);
}

nr_status two_put_page(const two_book *b, xmlDoc *doc, nr_buffer *out)
{
    xmlNode *root = xmlDocGetRootElement(doc), *at = root;
    nr_buffer_put_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n");
    while (at && !out->failed) {
        if (at->type == XML_ELEMENT_NODE)
            open_element(b, at, out);
        else if (at->content)
            markup_text(out, nr_view_of((const char *)at->content));
        if (at->type == XML_ELEMENT_NODE && at->children) {
            at = at->children;
            continue;
        }
        if (at->type == XML_ELEMENT_NODE)
            close_element(at, out);
        while (at != root && !at->next) {
            at = at->parent;
            close_element(at, out);
        }
        at = at == root ? NULL : at->next;
    }
    nr_buffer_put_char(out, '\n');
    return out->failed;
}
