/* xml.h - hostile XML as a tree of libxml2's: nothing is fetched, no entity is put in, names are compared without their
 * prefixes. */
#ifndef NR_BASE_XML_H
#define NR_BASE_XML_H

#include <libxml/tree.h>

#include "base/buffer.h"

/* Parses what can be parsed; NULL when there is nothing. encoding: that of the bytes, NULL for what they declare. To be
 * freed with xmlFreeDoc(). */
xmlDoc *nr_xml_parse(nr_view bytes, const char *encoding);
/* The next element in document order below top; NULL at the end. With into false the children of at are skipped. */
xmlNode *nr_xml_next(const xmlNode *top, xmlNode *at, bool into);
bool nr_xml_is(const xmlNode *node, const char *name);
/* The first element of this name below node, at any depth; NULL for none. */
xmlNode *nr_xml_find(xmlNode *node, const char *name);
/* The first child element of this name. */
xmlNode *nr_xml_child(xmlNode *node, const char *name);
/* The value of an attribute, whatever its prefix; {NULL, 0} for none. Valid as long as the tree. */
nr_view nr_xml_attribute(const xmlNode *node, const char *name);
/* Appends the text below a node, at most max bytes. */
void nr_xml_text(const xmlNode *node, nr_buffer *out, size_t max);

#endif
