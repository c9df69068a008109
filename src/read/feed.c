/* RSS 0.9 to 2.0 and Atom (RFC 4287): a list of articles, or one of them out of what the feed holds of it. */
#include <stdlib.h>

#include "base/error.h"
#include "base/xml.h"
#include "read/compose.h"
#include "read/date.h"
#include "read/html_page.h"
#include "read/reader.h"

enum { ARTICLES = 5000, FIELD = 1000, CONTENT = 16 << 20 };

typedef struct feed {
    nr_document *doc;
    nr_furniture *furniture;
    nr_composer out;
} feed;

static const char *keep(feed *f, nr_view v)
{
    v = nr_view_trim(v);
    return v.n ? nr_arena_string(&f->doc->arena, v) : NULL;
}

/* A field's text on one line; mark-up in it is dropped. */
static const char *text_of(feed *f, xmlNode *node)
{
    nr_buffer raw = NR_BUFFER_INIT(FIELD * 4), flat = NR_BUFFER_INIT(FIELD * 4);
    bool tag = false;
    if (node)
        nr_xml_text(node, &raw, FIELD);
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '<' && i + 1 < raw.n && (nr_ascii_alpha(raw.p[i + 1]) || raw.p[i + 1] == '/'))
            tag = true;
        else if (tag)
            tag = c != '>';
        else
            nr_buffer_put_char(&flat, (unsigned char)c < ' ' ? ' ' : c);
    }
    const char *s = keep(f, nr_buffer_view(&flat));
    nr_buffer_free(&raw);
    nr_buffer_free(&flat);
    return s;
}

static xmlNode *first_of(xmlNode *node, const char *a, const char *b, const char *c)
{
    xmlNode *at = nr_xml_child(node, a);
    at = at || !b ? at : nr_xml_child(node, b);
    return at || !c ? at : nr_xml_child(node, c);
}

/* <link>address</link>, or <link href rel="alternate">. */
static const char *link_of(feed *f, xmlNode *node)
{
    for (xmlNode *at = node->children; at; at = at->next) {
        nr_view href = nr_xml_attribute(at, "href"), rel = nr_xml_attribute(at, "rel");
        if (!nr_xml_is(at, "link") || (rel.n && !nr_view_is(rel, "alternate")))
            continue;
        const char *link = href.n ? keep(f, href) : text_of(f, at);
        if (link)
            return link;
    }
    return NULL;
}

static bool date_of(feed *f, xmlNode *node, nr_date *date)
{
    xmlNode *at = first_of(node, "pubDate", "published", "date");
    const char *text = text_of(f, at ? at : first_of(node, "updated", "modified", NULL));
    return text && (nr_date_from_iso(nr_view_of(text), date) ||
                    nr_date_from_line(f->furniture, nr_view_of(text), date));
}

static void take_date(feed *f, xmlNode *node)
{
    nr_date d;
    char iso[40], human[64];
    if (!date_of(f, node, &d))
        return;
    nr_date_write_iso(&d, iso);
    nr_date_write_human(&d, f->doc->metadata.language, human);
    f->doc->metadata.date_iso = keep(f, nr_view_of(iso));
    f->doc->metadata.date = keep(f, nr_view_of(human));
}

static const char *author_of(feed *f, xmlNode *node)
{
    xmlNode *at = first_of(node, "creator", "author", NULL), *name = nr_xml_child(at, "name");
    const char *text = text_of(f, name ? name : at);
    /* RSS wants an e-mail address with the name in brackets. */
    const char *open = text && strchr(text, '@') ? strchr(text, '(') : NULL;
    const char *close = open ? strchr(open, ')') : NULL;
    if (close)
        return keep(f, (nr_view){open + 1, (size_t)(close - open - 1)});
    return text && strchr(text, '@') ? NULL : text;
}

/* ---------------------------------------------------------------- one article */

/* XHTML inside Atom is elements; anything else is HTML as text. */
static nr_status content_of(xmlNode *at, nr_buffer *html)
{
    if (!nr_view_is(nr_xml_attribute(at, "type"), "xhtml")) {
        nr_xml_text(at, html, CONTENT);
        return html->failed;
    }
    xmlBuffer *dump = xmlBufferCreate();
    for (xmlNode *child = at->children; dump && child; child = child->next)
        if (child->type == XML_ELEMENT_NODE)
            xmlNodeDump(dump, at->doc, child, 0, 0);
    if (dump)
        nr_buffer_put(html, xmlBufferContent(dump), (size_t)xmlBufferLength(dump));
    xmlBufferFree(dump);
    return dump ? html->failed : NR_ENOMEM;
}

/* The fullest of what the feed has. */
static xmlNode *fullest(xmlNode *item)
{
    xmlNode *encoded = nr_xml_child(item, "encoded"), *content = nr_xml_child(item, "content");
    if (encoded)
        return encoded;
    return content && content->children ? content : first_of(item, "description", "summary", NULL);
}

static nr_status write_article(feed *f, xmlNode *item, nr_error *err)
{
    nr_metadata *m = &f->doc->metadata;
    m->publisher = m->title;
    m->title = text_of(f, nr_xml_child(item, "title"));
    m->author = author_of(f, item);
    m->url = link_of(f, item);
    m->description = NULL;
    m->date = m->date_iso = NULL;
    take_date(f, item);
    nr_compose_opening(&f->out);
    xmlNode *content = fullest(item);
    nr_buffer html = NR_BUFFER_INIT(CONTENT * 2);
    nr_status s = content ? content_of(content, &html) : NR_OK;
    s = s ? nr_fail_memory(err) : html.n ? nr_html_fragment(&f->out, f->furniture, &html, false, err) : NR_OK;
    nr_buffer_free(&html);
    return s;
}

/* ---------------------------------------------------------------- the list */

static nr_status list_article(feed *f, xmlNode *item, uint32_t number, bool write)
{
    nr_date d;
    char iso[40] = "";
    nr_entry p = {.title = text_of(f, nr_xml_child(item, "title")), .url = link_of(f, item), .level = 1};
    if (date_of(f, item, &d))
        nr_date_write_iso(&d, iso);
    p.date_iso = keep(f, nr_view_of(iso));
    p.block = (uint32_t)f->doc->block_count;
    if (write)
        nr_compose_begin(&f->out, (nr_block){.kind = NR_BLOCK_ITEM, .level = 1, .number = number});
    if (write && p.title)
        nr_compose_text(&f->out, nr_view_of(p.title));
    if (write)
        nr_compose_end(&f->out);
    return nr_document_add_entry(f->doc, p);
}

static bool is_article(const xmlNode *at) { return nr_xml_is(at, "item") || nr_xml_is(at, "entry"); }

static void take_channel(feed *f, xmlNode *root)
{
    xmlNode *channel = nr_xml_child(root, "channel");
    nr_metadata *m = &f->doc->metadata;
    channel = channel ? channel : root;
    m->title = text_of(f, nr_xml_child(channel, "title"));
    m->url = link_of(f, channel);
    m->description = text_of(f, first_of(channel, "description", "subtitle", NULL));
    m->language = text_of(f, nr_xml_child(channel, "language"));
    if (!m->language)
        m->language = keep(f, nr_xml_attribute(root, "lang"));
    if (m->language && strlen(m->language) > 35)
        m->language = NULL;
}

static nr_status write_feed(feed *f, xmlNode *root, const char *name, uint32_t wanted, nr_error *err)
{
    uint32_t number = 0;
    xmlNode *chosen = NULL;
    take_channel(f, root);
    if (!wanted)
        nr_compose_opening(&f->out);
    for (xmlNode *at = root; at && number < ARTICLES; at = nr_xml_next(root, at, !is_article(at))) {
        if (!is_article(at))
            continue;
        number++;
        chosen = number == wanted ? at : chosen;
        if (list_article(f, at, number, !wanted))
            return nr_fail_memory(err);
    }
    if (wanted && !chosen)
        return nr_fail(err, NR_EINVAL, 0, "cannot read article %u of '%s': it has %u", wanted, name, number);
    return chosen ? write_article(f, chosen, err) : NR_OK;
}

static nr_status read_feed(nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    nr_buffer source = doc->text;
    doc->text = NR_BUFFER_INIT(UINT32_MAX - 1);
    feed f = {.doc = doc};
    nr_status s = nr_furniture_open(&f.furniture, err);
    xmlDoc *xml = s ? NULL : nr_xml_parse(nr_buffer_view(&source), "UTF-8");
    nr_compose_init(&f.out, doc);
    if (xml && xmlDocGetRootElement(xml))
        s = write_feed(&f, xmlDocGetRootElement(xml), nr_read_name(opt), opt->item, err);
    else if (!s)
        s = nr_fail(err, NR_EFORMAT, 0, "cannot read '%s': it is no feed", nr_read_name(opt));
    xmlFreeDoc(xml);
    nr_status composed = nr_compose_finish(&f.out);
    if (!s && composed)
        s = nr_fail_memory(err);
    nr_furniture_close(f.furniture);
    nr_buffer_free(&source);
    return s ? s : nr_document_must_speak(doc, opt, err);
}

static int probe(nr_view head)
{
    nr_view v = nr_read_markup(head);
    if (!v.n)
        return 0;
    static const char *const roots[] = {"<rss", "<feed", "<rdf:RDF"};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (nr_view_find(v, nr_view_of(roots[i])) && !nr_view_find(v, NR_LIT("<html")))
            return 97;
    return 0;
}

/* <?xml encoding="..."?> */
static const char *declared_charset(nr_view head, char space[32])
{
    const char *end = head.n ? nr_view_find(head, NR_LIT("?>")) : NULL;
    const char *at = end ? memmem(head.p, (size_t)(end - head.p), "encoding", 8) : NULL;
    size_t n = 0;
    if (!at)
        return NULL;
    for (at += 8; at < end && strchr(" =\"'", *at); at++)
        ;
    for (; at + n < end && n < 31 && !strchr("\"' ", at[n]); n++)
        space[n] = at[n];
    space[n] = '\0';
    return n ? space : NULL;
}

static const char *const extensions[] = {".rss", ".atom", ".rdf", NULL};

const nr_reader nr_reader_feed = {"feed", extensions, probe, declared_charset, read_feed, false};
