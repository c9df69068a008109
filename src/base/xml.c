#include "base/xml.h"

#include <libxml/parser.h>
#include <string.h>

#include "base/utf8.h"

static void say_nothing(void *context, xmlError *error)
{
    (void)context;
    (void)error;
}

xmlDoc *nr_xml_parse(nr_view bytes, const char *encoding)
{
    if (!bytes.n || bytes.n > INT32_MAX)
        return NULL;
    xmlParserCtxt *context = xmlNewParserCtxt();
    if (!context)
        return NULL;
    context->sax->serror = say_nothing;
    xmlDoc *doc = xmlCtxtReadMemory(context, bytes.p, (int)bytes.n, NULL, encoding,
                                    XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                        XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
    xmlFreeParserCtxt(context);
    return doc;
}

xmlNode *nr_xml_next(const xmlNode *top, xmlNode *at, bool into)
{
    if (into && at->children && at->type == XML_ELEMENT_NODE)
        return at->children;
    while (at && at != top) {
        if (at->next)
            return at->next;
        at = at->parent;
    }
    return NULL;
}

bool nr_xml_is(const xmlNode *node, const char *name)
{
    return node && node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

xmlNode *nr_xml_find(xmlNode *top, const char *name)
{
    for (xmlNode *at = top; at; at = nr_xml_next(top, at, true))
        if (nr_xml_is(at, name))
            return at;
    return NULL;
}

xmlNode *nr_xml_child(xmlNode *node, const char *name)
{
    for (xmlNode *at = node ? node->children : NULL; at; at = at->next)
        if (nr_xml_is(at, name))
            return at;
    return NULL;
}

nr_view nr_xml_attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node && node->type == XML_ELEMENT_NODE ? node->properties : NULL; a; a = a->next) {
        const xmlNode *value = a->children;
        if (strcmp((const char *)a->name, name) == 0 && value && value->type == XML_TEXT_NODE && value->content)
            return (nr_view){(const char *)value->content, strlen((const char *)value->content)};
    }
    return (nr_view){NULL, 0};
}

/* Whole code points only, for the parser may let bad bytes through. */
static void put_text(nr_buffer *out, nr_view v, size_t max)
{
    for (const char *p = v.p, *end = v.p + v.n; p < end && out->n + 4 <= max;) {
        size_t good = nr_utf8_valid(p, (size_t)(end - p));
        good = good < max - out->n ? good : nr_utf8_before(p, max - out->n);
        nr_buffer_put(out, p, good);
        p += good;
        int length;
        if (p >= end || out->n + 4 > max)
            return;
        nr_buffer_put_code(out, nr_utf8_decode(p, end, &length));
        p += length;
    }
}

void nr_xml_text(const xmlNode *top, nr_buffer *out, size_t max)
{
    for (xmlNode *at = (xmlNode *)top; at && out->n < max; at = nr_xml_next(top, at, true))
        if ((at->type == XML_TEXT_NODE || at->type == XML_CDATA_SECTION_NODE) && at->content)
            put_text(out, nr_view_of((const char *)at->content), max);
}
