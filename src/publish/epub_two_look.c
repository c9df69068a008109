/* Elements and attributes that XHTML5 no longer has: what they looked like is said in the style of what takes their place. */
#include <stdlib.h>

#include "publish/epub_two.h"
#include "publish/markup.h"

/* ---------------------------------------------------------------- values */

static nr_view value(const xmlNode *node, const char *name) { return nr_view_trim(nr_xml_attribute(node, name)); }

static bool is_number(nr_view v)
{
    for (size_t i = 0; i < v.n; i++)
        if (!nr_ascii_digit(v.p[i]))
            return false;
    return v.n > 0 && v.n < 6;
}

static bool is_length(nr_view v)
{
    return is_number(v) || (v.n && v.p[v.n - 1] == '%' && is_number((nr_view){v.p, v.n - 1}));
}

/* A name or a colour: nothing that could be anything else in a style. */
static bool is_plain(nr_view v)
{
    for (size_t i = 0; i < v.n; i++)
        if (!nr_ascii_alpha(v.p[i]) && !nr_ascii_digit(v.p[i]) && v.p[i] != '-' && !(v.p[i] == '#' && i == 0))
            return false;
    return v.n > 0 && v.n < 40;
}

static void say(nr_buffer *style, const char *property, nr_view v)
{
    nr_buffer_printf(style, "%s: %.*s; ", property, (int)v.n, v.p);
}

static void say_length(nr_buffer *style, const char *property, nr_view v)
{
    if (is_length(v))
        nr_buffer_printf(style, "%s: %.*s%s; ", property, (int)v.n, v.p, v.p[v.n - 1] == '%' ? "" : "px");
}

/* "#abc", "red", and "aabbcc" as it is often written. */
static void say_colour(nr_buffer *style, const char *property, nr_view v)
{
    bool hex = v.n == 6 || v.n == 3 || ((v.n == 7 || v.n == 4) && v.p[0] == '#');
    for (size_t i = v.n && v.p[0] == '#'; i < v.n; i++)
        hex = hex && strchr("0123456789abcdefABCDEF", v.p[i]);
    bool word = v.n > 0 && v.n < 30;
    for (size_t i = 0; i < v.n; i++)
        word = word && nr_ascii_alpha(v.p[i]);
    if (hex)
        nr_buffer_printf(style, "%s: %s%.*s; ", property, v.p[0] == '#' ? "" : "#", (int)v.n, v.p);
    else if (word)
        say(style, property, v);
}

static bool is_any(const xmlNode *node, const char *list)
{
    char word[70];
    snprintf(word, sizeof word, " %.60s ", (const char *)node->name);
    return strstr(list, word) != NULL;
}

/* ---------------------------------------------------------------- elements */

typedef struct change {
    const char *name, *becomes, *style;
} change;

static const change changes[] = {
    {"font", "span", ""}, {"center", "div", "text-align: center; "}, {"tt", "span", "font-family: monospace; "},
    {"big", "span", "font-size: larger; "}, {"strike", "s", ""}, {"acronym", "abbr", ""}, {"dir", "ul", ""}, {"menu", "ul", ""},
    {"nobr", "span", "white-space: nowrap; "}, {"xmp", "pre", ""}, {"listing", "pre", ""}, {"plaintext", "pre", ""}, {"blink", "span", ""},
    {"marquee", "div", ""}, {"layer", "div", ""}, {"ilayer", "span", ""}, {"noscript", "div", ""}, {"noframes", "div", ""}, {"form", "div", ""},
    {"fieldset", "div", ""}, {"legend", "div", ""}, {"label", "span", ""}, {"button", "span", ""}, {"applet", "div", ""}, {"image", "img", ""},
    {"rbc", "span", ""}, {"rtc", "rt", ""}, {"rb", "span", ""}};

/* What has no text of its own, or none for a reader. */
static const char gone[] = " script input select textarea isindex basefont bgsound spacer param frame iframe embed keygen command base link meta style head "
                           "title template canvas datalist output noembed ";
static const char known[] = " html body a abbr address area article aside audio b bdi bdo blockquote br caption cite code col colgroup dd del dfn div dl dt em "
                            "figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main map mark nav object ol p pre q rp rt ruby s samp section "
                            "small source span strong sub sup table tbody td tfoot th thead time tr track u ul var video wbr ";

static const char blocks[] = " address article aside blockquote center dd dir div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main menu nav ol "
                             "p pre section table tbody td tfoot th thead tr ul ";

static void change_name(xmlNode *node, const char **style)
{
    *style = "";
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        if (nr_xml_is(node, changes[i].name)) {
            xmlNodeSetName(node, (const xmlChar *)changes[i].becomes);
            *style = changes[i].style;
            return;
        }
    if (is_any(node, known))
        return;
    bool block = false;
    for (xmlNode *at = node->children; at; at = at->next)
        block = block || (at->type == XML_ELEMENT_NODE && is_any(at, blocks));
    xmlNodeSetName(node, (const xmlChar *)(block ? "div" : "span"));
}

/* ---------------------------------------------------------------- attributes */

static void look_of_font(const xmlNode *node, nr_buffer *style)
{
    static const char *const sizes[] = {"x-small", "small", "medium", "large", "x-large", "xx-large", "300%"};
    nr_view size = value(node, "size"), face = value(node, "face");
    say_colour(style, "color", value(node, "color"));
    bool relative = size.n == 2 && (size.p[0] == '+' || size.p[0] == '-');
    if (size.n == 1u + relative && nr_ascii_digit(size.p[relative])) {
        int n = size.p[relative] - '0';
        n = relative ? 3 + (size.p[0] == '-' ? -n : n) : n;
        nr_buffer_printf(style, "font-size: %s; ", sizes[n < 1 ? 0 : n > 7 ? 6 : n - 1]);
    }
    bool good = face.n > 0 && face.n < 200;
    for (size_t i = 0; i < face.n; i++)
        good = good && (nr_ascii_alpha(face.p[i]) || nr_ascii_digit(face.p[i]) || face.p[i] == ' ' || face.p[i] == '-' || face.p[i] == ',');
    for (size_t i = 0; i < face.n && good;) {
        size_t end = i;
        while (end < face.n && face.p[end] != ',')
            end++;
        nr_view name = nr_view_trim(nr_view_sub(face.p, i, end));
        if (name.n)
            nr_buffer_printf(style, i ? ", '%.*s'" : "font-family: '%.*s'", (int)name.n, name.p);
        else if (!i)
            return;
        i = end + 1;
    }
    if (good)
        nr_buffer_put_string(style, "; ");
}

static void look_of_align(const xmlNode *node, nr_buffer *style)
{
    char low[12] = "";
    nr_view align = value(node, "align");
    for (size_t i = 0; i < align.n && i + 1 < sizeof low; i++)
        low[i] = nr_ascii_lower(align.p[i]);
    bool left = strcmp(low, "left") == 0, right = strcmp(low, "right") == 0, center = strcmp(low, "center") == 0 || strcmp(low, "middle") == 0;
    if (is_any(node, " img object table ")) {
        if (left || right)
            nr_buffer_printf(style, "float: %s; ", low);
        else if (center && nr_xml_is(node, "table"))
            nr_buffer_put_string(style, "margin-left: auto; margin-right: auto; ");
        else if (strcmp(low, "top") == 0 || center || strcmp(low, "bottom") == 0)
            nr_buffer_printf(style, "vertical-align: %s; ", center ? "middle" : low);
    } else if (nr_xml_is(node, "hr")) {
        if (left || right || center)
            nr_buffer_printf(style, "margin-left: %s; margin-right: %s; ", left ? "0" : "auto", right ? "0" : "auto");
    } else if (nr_xml_is(node, "caption")) {
        if (strcmp(low, "bottom") == 0 || strcmp(low, "top") == 0)
            nr_buffer_printf(style, "caption-side: %s; ", low);
    } else if (left || right || center || strcmp(low, "justify") == 0) {
        nr_buffer_printf(style, "text-align: %s; ", center ? "center" : low);
    }
}

static const xmlNode *table_of(const xmlNode *cell)
{
    const xmlNode *up = cell->parent;
    while (up && !nr_xml_is(up, "table"))
        up = up->parent;
    return up;
}

/* Cells have what their table says of them; it says so in names that only stand in the tree. */
static void look_of_cell(const xmlNode *node, nr_buffer *style)
{
    const xmlNode *table = table_of(node);
    nr_view border = value(table, "was-border"), padding = value(table, "was-padding");
    if (border.n && !nr_view_is(border, "0"))
        nr_buffer_put_string(style, "border: 1px solid; ");
    say_length(style, "padding", padding);
    if (xmlHasProp((xmlNode *)node, (const xmlChar *)"nowrap"))
        nr_buffer_put_string(style, "white-space: nowrap; ");
}

static void look_of_table(xmlNode *node, nr_buffer *style)
{
    xmlAttr *border = xmlHasProp(node, (const xmlChar *)"border");
    nr_view width = value(node, "border"), padding = value(node, "cellpadding");
    if (border && !is_number(width))
        width = NR_LIT("1");
    if (border && !nr_view_is(width, "0"))
        nr_buffer_printf(style, "border: %.*spx solid; ", (int)width.n, width.p);
    say_length(style, "border-spacing", value(node, "cellspacing"));
    char copy[16];
    snprintf(copy, sizeof copy, "%.*s", border ? (int)width.n : 0, border ? width.p : "");
    xmlNewProp(node, (const xmlChar *)"was-border", (const xmlChar *)copy);
    snprintf(copy, sizeof copy, "%.*s", is_number(padding) ? (int)padding.n : 0, padding.n ? padding.p : "");
    xmlNewProp(node, (const xmlChar *)"was-padding", (const xmlChar *)copy);
}

static void look_of_list(const xmlNode *node, nr_buffer *style)
{
    nr_view type = value(node, "type");
    static const char *const names[][2] = {{"disc", "disc"}, {"circle", "circle"}, {"square", "square"}, {"1", "decimal"}, {"a", "lower-alpha"},
                                           {"A", "upper-alpha"}, {"i", "lower-roman"}, {"I", "upper-roman"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (type.n == 1 ? nr_view_is(type, names[i][0]) : nr_view_eq_nocase(type, nr_view_of(names[i][0])))
            nr_buffer_printf(style, "list-style-type: %s; ", names[i][1]);
}

static void look_of_attributes(xmlNode *node, bool font, nr_buffer *style)
{
    if (font)
        look_of_font(node, style);
    look_of_align(node, style);
    nr_view valign = value(node, "valign"), clear = value(node, "clear");
    if (is_plain(valign) && is_any(node, " td th tr tbody thead tfoot col colgroup "))
        say(style, "vertical-align", valign);
    say_colour(style, "background-color", value(node, "bgcolor"));
    if (nr_xml_is(node, "body"))
        say_colour(style, "color", value(node, "text"));
    if (nr_xml_is(node, "br") && clear.n)
        say(style, "clear", nr_view_eq_nocase(clear, NR_LIT("left")) ? NR_LIT("left") : nr_view_eq_nocase(clear, NR_LIT("right")) ? NR_LIT("right") : NR_LIT("both"));
    if (!is_any(node, " img object video pre ") || (!is_number(value(node, "width")) && !nr_xml_is(node, "pre")))
        say_length(style, "width", value(node, "width"));
    if (!is_any(node, " img object video ") || !is_number(value(node, "height")))
        say_length(style, "height", value(node, "height"));
    if (nr_xml_is(node, "hr")) {
        say_length(style, "height", value(node, "size"));
        say_colour(style, "color", value(node, "color"));
    }
    if (is_any(node, " img object ")) {
        nr_view border = value(node, "border"), h = value(node, "hspace"), v = value(node, "vspace");
        if (is_number(border))
            nr_buffer_printf(style, "border: %.*spx solid; ", (int)border.n, border.p);
        say_length(style, "margin-left", h);
        say_length(style, "margin-right", h);
        say_length(style, "margin-top", v);
        say_length(style, "margin-bottom", v);
    }
    if (nr_xml_is(node, "table"))
        look_of_table(node, style);
    if (is_any(node, " td th "))
        look_of_cell(node, style);
    if (is_any(node, " ul ol li "))
        look_of_list(node, style);
}

/* Which attributes stay. A value is of letters, of a number ("n"), a number and not nothing ("+"), or one of a few. */
static const struct { const char *elements, *name, *form; } kept[] = {
    {NULL, "id", NULL}, {NULL, "class", NULL}, {NULL, "style", NULL}, {NULL, "title", NULL}, {NULL, "lang", "lang"}, {NULL, "dir", "dir"},
    {" a area ", "href", NULL}, {" area ", "alt", NULL}, {" area ", "shape", NULL}, {" area ", "coords", NULL}, 
    {" img ", "src", NULL}, {" img ", "alt", NULL}, {" img object video ", "width", "n"}, {" img object video ", "height", "n"},
    {" img object ", "usemap", NULL}, {" object ", "data", NULL}, {" object ", "type", NULL},
    {" audio video source track ", "src", NULL}, {" audio video ", "controls", NULL}, {" video ", "poster", NULL}, {" source ", "type", NULL},
    {" td th ", "colspan", "+"}, {" td th ", "rowspan", "n"}, {" th ", "scope", "scope"}, {" col colgroup ", "span", "+"},
    {" ol ", "start", "n"}, {" li ", "value", "n"}, {" blockquote q ins del ", "cite", NULL}, {" link ", "rel", NULL}, {" link ", "href", NULL},
    {" time ", "datetime", NULL}};

static bool is_kept(const xmlNode *node, const xmlAttr *a)
{
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        if (strcmp((const char *)a->name, kept[i].name) != 0 || (kept[i].elements && !is_any(node, kept[i].elements)))
            continue;
        nr_view v = value(node, kept[i].name);
        if (!kept[i].form)
            return true;
        if (strcmp(kept[i].form, "lang") == 0)
            return markup_is_tag(v);
        if (strcmp(kept[i].form, "dir") == 0)
            return nr_view_is(v, "ltr") || nr_view_is(v, "rtl");
        if (strcmp(kept[i].form, "scope") == 0)
            return nr_view_is(v, "row") || nr_view_is(v, "col") || nr_view_is(v, "rowgroup") || nr_view_is(v, "colgroup");
        return is_number(v) && (strcmp(kept[i].form, "+") != 0 || strspn(v.p, "0") < v.n);
    }
    return false;
}

static void set_style(xmlNode *node, nr_buffer *style)
{
    xmlChar *own = xmlGetNoNsProp(node, (const xmlChar *)"style");
    if (own)
        two_declarations(NULL, NULL, nr_view_of((const char *)own), style);
    if (style->n) {
        style->p[style->n - 1] = '\0'; /* the space behind the last */
        xmlSetProp(node, (const xmlChar *)"style", (const xmlChar *)style->p);
    } else if (own) {
        xmlUnsetProp(node, (const xmlChar *)"style");
    }
    xmlFree(own);
}

void two_look(xmlNode *node)
{
    nr_buffer style = NR_BUFFER_INIT(1 << 20);
    const char *first;
    bool font = nr_xml_is(node, "font");
    if (is_any(node, gone)) { /* an empty element in its place, which the caller may walk on from */
        xmlNode *inside = node->children;
        node->children = node->last = NULL;
        xmlFreeNodeList(inside);
        xmlNodeSetName(node, (const xmlChar *)"span");
    }
    change_name(node, &first);
    nr_buffer_put_string(&style, first);
    look_of_attributes(node, font, &style);
    if (!style.failed)
        set_style(node, &style);
    nr_buffer_free(&style);
    for (xmlAttr *a = node->properties, *next; a; a = next) {
        next = a->next;
        bool ours = nr_view_starts(nr_view_of((const char *)a->name), NR_LIT("was-"));
        bool name = strcmp((const char *)a->name, "name") == 0 && is_any(node, " a map ");
        if (!ours && !name && !is_kept(node, a))
            xmlRemoveProp(a);
    }
}
