/* Elements of a content document where XHTML5 wants them. What stands where it may not becomes something that may stand
 * there and looks the same; no text moves. */
#include <stdio.h>

#include "publish/epub_two.h"

static bool is_any(const xmlNode *node, const char *list)
{
    char word[70];
    if (!node || node->type != XML_ELEMENT_NODE || node->ns)
        return false;
    snprintf(word, sizeof word, " %.60s ", (const char *)node->name);
    return strstr(list, word) != NULL;
}

static bool is_blank(const xmlNode *node) { return node->type == XML_TEXT_NODE && xmlIsBlankNode(node); }

/* Another element of this look, whose own style still has the last word. */
static void become(xmlNode *node, const char *name, const char *look)
{
    xmlChar *own = xmlGetNoNsProp(node, (const xmlChar *)"style");
    nr_buffer style = NR_BUFFER_INIT(1 << 20);
    nr_buffer_printf(&style, "%s%s%s", look, *look && own ? " " : "", own ? (const char *)own : "");
    nr_buffer_put_char(&style, '\0');
    if (*look && !style.failed)
        xmlSetProp(node, (const xmlChar *)"style", (const xmlChar *)style.p);
    xmlNodeSetName(node, (const xmlChar *)name);
    static const char *const own_names[] = {"start", "value", "colspan", "rowspan", "scope", "span", "datetime"};
    for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++)
        xmlUnsetProp(node, (const xmlChar *)own_names[i]);
    nr_buffer_free(&style);
    xmlFree(own);
}

/* An element around a node, in its place. */
static xmlNode *wrap(xmlNode *node, const char *name)
{
    xmlNode *around = xmlNewDocNode(node->doc, NULL, (const xmlChar *)name, NULL);
    if (!around)
        return NULL;
    xmlAddPrevSibling(node, around);
    xmlUnlinkNode(node);
    xmlAddChild(around, node);
    return around;
}

/* Every run of children that are not of these names is put into an element. */
static void wrap_others(xmlNode *parent, const char *names, const char *name, const char *look)
{
    xmlNode *around = NULL;
    for (xmlNode *at = parent->children, *next; at; at = next) {
        next = at->next;
        if (is_any(at, names)) {
            around = NULL;
        } else if (around) {
            xmlUnlinkNode(at);
            xmlAddChild(around, at);
        } else if (!is_blank(at)) {
            around = wrap(at, name);
            if (around && *look)
                become(around, name, look);
        }
    }
}

/* ---------------------------------------------------------------- lists */

static void shape_list(xmlNode *list)
{
    for (xmlNode *at = list->children, *next, *last = NULL; at; at = next) {
        next = at->next;
        if (is_any(at, " li "))
            last = at;
        if (is_any(at, " ul ol ") && last) { /* a list below an entry, as it was often written */
            xmlUnlinkNode(at);
            xmlAddChild(last, at);
        }
    }
    wrap_others(list, " li ", "li", "list-style-type: none;");
}

static void shape_definitions(xmlNode *list)
{
    bool good = true, term = false, any = false;
    for (const xmlNode *at = list->children; at; at = at->next) {
        if (is_blank(at))
            continue;
        good = good && is_any(at, any ? " dt dd " : " dt ");
        any = true;
        term = is_any(at, " dt ");
    }
    if (good && !term)
        return;
    for (xmlNode *at = list->children; at; at = at->next)
        if (is_any(at, " dt dd "))
            become(at, "div", is_any(at, " dd ") ? "margin-left: 40px;" : "");
    become(list, "div", "");
}

/* ---------------------------------------------------------------- tables */

static void move_first(xmlNode *parent, xmlNode *node)
{
    if (parent->children == node)
        return;
    xmlUnlinkNode(node);
    xmlAddPrevSibling(parent->children, node);
}

static void move_last(xmlNode *parent, xmlNode *node)
{
    xmlUnlinkNode(node);
    xmlAddChild(parent, node);
}

static void shape_table(xmlNode *table)
{
    xmlNode *caption = NULL, *head = NULL, *foot = NULL;
    bool bodies = false;
    xmlUnsetProp(table, (const xmlChar *)"was-border"); /* its cells have seen them */
    xmlUnsetProp(table, (const xmlChar *)"was-padding");
    wrap_others(table, " caption col colgroup thead tbody tfoot tr td th ", "td", "");
    wrap_others(table, " caption col colgroup thead tbody tfoot tr ", "tr", "");
    for (xmlNode *at = table->children, *next; at; at = next) {
        next = at->next;
        if (is_any(at, " col "))
            at = wrap(at, "colgroup");
        xmlNode **only = is_any(at, " caption ") ? &caption : is_any(at, " thead ") ? &head : is_any(at, " tfoot ") ? &foot : NULL;
        if (only && *only && only != &caption)
            xmlNodeSetName(at, (const xmlChar *)"tbody");
        else if (only && *only) /* a second caption is a row */
            xmlNodeSetName(at, (const xmlChar *)"td"), wrap(at, "tr");
        else if (only)
            *only = at;
        bodies = bodies || is_any(at, " tbody ");
    }
    if (head)
        move_first(table, head);
    for (xmlNode *at = table->last, *before; at; at = before) {
        before = at->prev;
        if (is_any(at, " colgroup ") && at->prev) {
            bool first = true;
            for (const xmlNode *up = at->prev; up; up = up->prev)
                first = first && (is_blank(up) || is_any(up, " colgroup caption "));
            if (!first)
                move_first(table, at);
        }
    }
    if (caption)
        move_first(table, caption);
    if (foot)
        move_last(table, foot);
    if (bodies)
        wrap_others(table, " caption colgroup thead tbody tfoot ", "tbody", "");
}

static void shape_columns(xmlNode *group)
{
    for (xmlNode *at = group->children, *next; at; at = next) {
        next = at->next;
        if (is_any(at, " col ")) {
            xmlUnsetProp(group, (const xmlChar *)"span");
        } else {
            xmlUnlinkNode(at);
            xmlFreeNode(at);
        }
    }
}

/* ---------------------------------------------------------------- what may stand in what */

typedef struct place {
    const char *name, *parents, *becomes, *look;
} place;

/* Parts of something, where they are not in it. */
static const place places[] = {
    {"li", " ul ol ", "div", "display: list-item; margin-left: 40px;"}, {"dt", " dl ", "div", ""}, {"dd", " dl ", "div", "margin-left: 40px;"},
    {"td", " tr ", "div", ""}, {"th", " tr ", "div", "font-weight: bold;"}, {"tr", " table thead tbody tfoot ", "div", ""}, {"caption", " table ", "div", ""},
    {"thead", " table ", "div", ""}, {"tbody", " table ", "div", ""}, {"tfoot", " table ", "div", ""}, {"rt", " ruby ", "span", ""},
    {"rp", " ruby ", "span", ""}, {"figcaption", " figure ", "div", ""}, {"main", " body ", "div", ""},
    {"html", "", "div", ""}, {"body", "", "div", ""}};

static void shape_part(xmlNode *node)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (nr_xml_is(node, places[i].name) && !is_any(node->parent, places[i].parents)) {
            become(node, places[i].becomes, places[i].look);
            return;
        }
}

static const char flow[] = " address article aside blockquote div dl figure footer header hr h1 h2 h3 h4 h5 h6 main nav ol ul p pre section table ";
static const char headings[] = " h1 h2 h3 h4 h5 h6 ";
static const char through[] = " a ins del map object ";

/* What holds words only, and how it looks. */
static const place holders[] = {
    {"p", NULL, NULL, "margin: 1em 0;"}, {"span", NULL, NULL, ""}, {"em", NULL, NULL, "font-style: italic;"}, {"i", NULL, NULL, "font-style: italic;"},
    {"cite", NULL, NULL, "font-style: italic;"}, {"dfn", NULL, NULL, "font-style: italic;"}, {"var", NULL, NULL, "font-style: italic;"},
    {"b", NULL, NULL, "font-weight: bold;"}, {"strong", NULL, NULL, "font-weight: bold;"}, {"u", NULL, NULL, "text-decoration: underline;"},
    {"s", NULL, NULL, "text-decoration: line-through;"}, {"small", NULL, NULL, "font-size: smaller;"}, {"sub", NULL, NULL, "font-size: smaller;"},
    {"sup", NULL, NULL, "font-size: smaller;"}, {"code", NULL, NULL, "font-family: monospace;"}, {"kbd", NULL, NULL, "font-family: monospace;"},
    {"samp", NULL, NULL, "font-family: monospace;"}, {"q", NULL, NULL, ""}, {"abbr", NULL, NULL, ""}, {"time", NULL, NULL, ""}, {"mark", NULL, NULL, ""},
    {"bdo", NULL, NULL, ""}, {"bdi", NULL, NULL, ""}, {"ruby", NULL, NULL, ""}, {"rt", NULL, NULL, ""}, {"rp", NULL, NULL, ""},
    {"pre", NULL, NULL, "white-space: pre; font-family: monospace; margin: 1em 0;"}, {"h1", NULL, NULL, "font-size: 2em; font-weight: bold; margin: 0.7em 0;"},
    {"h2", NULL, NULL, "font-size: 1.5em; font-weight: bold; margin: 0.8em 0;"}, {"h3", NULL, NULL, "font-size: 1.2em; font-weight: bold; margin: 1em 0;"},
    {"h4", NULL, NULL, "font-weight: bold; margin: 1.3em 0;"}, {"h5", NULL, NULL, "font-size: 0.8em; font-weight: bold; margin: 1.7em 0;"},
    {"h6", NULL, NULL, "font-size: 0.7em; font-weight: bold; margin: 2.3em 0;"}};

static const char *holder(const xmlNode *node)
{
    for (size_t i = 0; i < sizeof holders / sizeof *holders; i++)
        if (is_any(node, through) ? false : node->type == XML_ELEMENT_NODE && !node->ns && nr_xml_is(node, holders[i].name))
            return holders[i].look;
    return NULL;
}

/* A block inside of what holds words only: in a heading it becomes words, elsewhere what is around it becomes a block. */
static void shape_block(xmlNode *node)
{
    bool in_heading = false, in_cell = false, held = false;
    xmlNode *up = node->parent;
    for (; up && (holder(up) || is_any(up, through)); up = up->parent) {
        held = held || holder(up);
        in_heading = in_heading || is_any(up, headings);
    }
    for (xmlNode *at = up; at && !is_any(at, " body table "); at = at->parent)
        in_cell = in_cell || is_any(at, " th dt caption ");
    bool words = is_any(node, " address blockquote div h1 h2 h3 h4 h5 h6 p pre ");
    if ((in_heading && words) || (in_cell && is_any(node, headings))) {
        const char *look = is_any(node, headings) ? "display: block; font-weight: bold;" : is_any(node, " pre ") ? "display: block; white-space: pre;" : "display: block;";
        become(node, "span", look);
        return;
    }
    if (in_heading && nr_xml_is(node, "hr")) {
        become(node, "br", "");
        return;
    }
    for (up = node->parent; held && up && (holder(up) || is_any(up, through)); up = up->parent)
        if (holder(up))
            become(up, "div", holder(up));
    for (up = node->parent; up && is_any(node, headings); up = up->parent)
        if (is_any(up, " address "))
            become(up, "div", "font-style: italic;");
}

/* ---------------------------------------------------------------- links, maps, the rest */

static bool has_parent(const xmlNode *node, const char *names)
{
    for (const xmlNode *up = node->parent; up; up = up->parent)
        if (is_any(up, names))
            return true;
    return false;
}

static bool good_area(xmlNode *node)
{
    char plain[1000];
    size_t n = 0;
    nr_view shape = nr_xml_attribute(node, "shape"), coords = nr_xml_attribute(node, "coords");
    bool rect = !shape.n || nr_view_is(shape, "rect"), round = nr_view_is(shape, "circle"), many = nr_view_is(shape, "poly");
    size_t commas = 0;
    for (size_t i = 0; i < coords.n; i++) {
        if (nr_ascii_space(coords.p[i]))
            continue;
        if (n + 1 >= sizeof plain || (!nr_ascii_digit(coords.p[i]) && (coords.p[i] != ',' || !n || plain[n - 1] == ',')))
            return false;
        commas += coords.p[i] == ',';
        plain[n++] = coords.p[i];
    }
    plain[n] = '\0';
    if (!n || plain[n - 1] == ',' || !(rect ? commas == 3 : round ? commas == 2 : many && commas >= 5 && commas % 2 == 1))
        return false;
    xmlSetProp(node, (const xmlChar *)"coords", (const xmlChar *)plain);
    if (!xmlHasProp(node, (const xmlChar *)"alt"))
        xmlNewProp(node, (const xmlChar *)"alt", (const xmlChar *)"");
    return nr_xml_attribute(node, "href").n > 0;
}

/* What is in an element that holds nothing stands behind it. */
static void empty(xmlNode *node)
{
    while (node->last) {
        xmlNode *last = node->last;
        xmlUnlinkNode(last);
        xmlAddNextSibling(node, last);
    }
}

/* False: the element may go. */
static bool shape_rest(xmlNode *node)
{
    if (is_any(node, " br hr img area col source track wbr "))
        empty(node);
    if (nr_xml_is(node, "a") && has_parent(node, " a ")) {
        xmlUnsetProp(node, (const xmlChar *)"href");
        xmlNodeSetName(node, (const xmlChar *)"span");
    }
    if (is_any(node, " img object ") && has_parent(node, " a "))
        xmlUnsetProp(node, (const xmlChar *)"usemap");
    if (nr_xml_is(node, "map") && (!xmlHasProp(node, (const xmlChar *)"name") || has_parent(node, " map ")))
        return xmlUnsetProp(node, (const xmlChar *)"name"), xmlNodeSetName(node, (const xmlChar *)"div"), true;
    if (nr_xml_is(node, "area"))
        return has_parent(node, " map ") && good_area(node);
    if (is_any(node, " source track "))
        return is_any(node->parent, " audio video ") && xmlHasProp(node, (const xmlChar *)"src");
    if (nr_xml_is(node, "col"))
        return is_any(node->parent, " colgroup ");
    if (nr_xml_is(node, "colgroup"))
        return is_any(node->parent, " table ");
    if (nr_xml_is(node, "ruby") && !nr_xml_child(node, "rt"))
        xmlNodeSetName(node, (const xmlChar *)"span");
    return !nr_xml_is(node, "span") || node->children || node->properties;
}

void two_shape(xmlNode *body)
{
    /* Inside first for what may be wrapped, so that each is seen where it comes to stand. */
    for (xmlNode *at = body, *next; at; at = next) {
        next = nr_xml_next(body, at, true);
        if (at == body || at->type != XML_ELEMENT_NODE || at->ns)
            continue;
        if (is_any(at, " ul ol "))
            shape_list(at);
        else if (nr_xml_is(at, "dl"))
            shape_definitions(at);
        else if (nr_xml_is(at, "table"))
            shape_table(at);
        else if (is_any(at, " thead tbody tfoot ")) {
            wrap_others(at, " tr td th ", "td", "");
            wrap_others(at, " tr ", "tr", "");
        } else if (nr_xml_is(at, "tr")) {
            wrap_others(at, " td th ", "td", "");
        } else if (nr_xml_is(at, "colgroup")) {
            shape_columns(at);
        }
        next = nr_xml_next(body, at, true);
    }
    for (xmlNode *at = body, *next; at; at = next) {
        next = nr_xml_next(body, at, true);
        if (at == body || at->type != XML_ELEMENT_NODE || at->ns)
            continue;
        shape_part(at);
        if (!shape_rest(at)) {
            next = nr_xml_next(body, at, false);
            xmlUnlinkNode(at);
            xmlFreeNode(at);
            continue;
        }
        next = nr_xml_next(body, at, true);
    }
    for (xmlNode *at = body; at; at = nr_xml_next(body, at, true))
        if (is_any(at, flow))
            shape_block(at);
}
