/* The feed as RSS 2.0, by libxml2's writer. */
#include <stdlib.h>
#include <string.h>

#include <libxml/xmlwriter.h>

#include "base/error.h"
#include "publish/feed_state.h"

enum { XML_MOST = 1 << 28 };
#define ITUNES "http://www.itunes.com/dtds/podcast-1.0.dtd"
#define PODCAST "https://podcastindex.org/namespace/1.0"
#define ATOM "http://www.w3.org/2005/Atom"

typedef struct writer {
    xmlTextWriter *x;
    const char *base; /* ends with a slash */
    bool failed;
} writer;

#define B(s) ((const xmlChar *)(s))

static void note(writer *w, int result) { w->failed = w->failed || result < 0; }
static void begin(writer *w, const char *name) { note(w, xmlTextWriterStartElement(w->x, B(name))); }
static void end(writer *w) { note(w, xmlTextWriterEndElement(w->x)); }

static void attribute(writer *w, const char *name, const char *value)
{
    note(w, xmlTextWriterWriteAttribute(w->x, B(name), B(value)));
}

static void element(writer *w, const char *name, const char *text)
{
    if (text && *text)
        note(w, xmlTextWriterWriteElement(w->x, B(name), B(text)));
}

/* The address of one of the folder's files. Its name needs no escaping: feed.c makes it of letters, digits and hyphens. */
static void address(writer *w, const char *attribute_name, const char *name, const char *ending)
{
    note(w, xmlTextWriterWriteFormatAttribute(w->x, B(attribute_name), "%s%s%s", w->base, name, ending));
}

static void companion(writer *w, const char *element_name, const json_t *e, const char *flag, const char *ending, const char *type)
{
    if (!json_is_true(json_object_get(e, flag)))
        return;
    begin(w, element_name);
    address(w, "url", feed_text(e, "name"), ending);
    attribute(w, "type", type);
    if (strcmp(element_name, "podcast:transcript") == 0 && feed_text(e, "language"))
        attribute(w, "language", feed_text(e, "language"));
    if (strcmp(flag, "captions") == 0)
        attribute(w, "rel", "captions");
    end(w);
}

/* The length of the first of "Ann Lee, Jo Ek and Bo Ek"; *next is where the second begins, or NULL. */
static size_t first_name(const char *names, const char **next)
{
    static const char *const between[] = {", and ", ", ", " and ", " & "};
    size_t n = strlen(names);
    *next = NULL;
    for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
        const char *at = strstr(names, between[i]);
        if (at && (size_t)(at - names) < n) {
            n = (size_t)(at - names);
            *next = at + strlen(between[i]);
        }
    }
    return n;
}

/* Each person by themselves, where all are called by full names; "Smith and Sons" is one. */
static void write_persons(writer *w, const char *author)
{
    bool full = true;
    const char *next;
    for (const char *p = author; p && full; p = next) {
        size_t n = first_name(p, &next);
        full = memchr(p, ' ', n) != NULL;
    }
    for (const char *p = author; p && *p; p = full ? next : NULL) {
        char *name = strndup(p, full ? first_name(p, &next) : strlen(p));
        w->failed = w->failed || !name;
        element(w, "podcast:person", name);
        free(name);
    }
}

static void write_episode(writer *w, const json_t *e, const json_t *show)
{
    char text[40];
    int64_t time = 0;
    const char *url = feed_text(e, "url"), *author = feed_text(e, "author");
    begin(w, "item");
    element(w, "title", feed_text(e, "title"));
    if (url && (strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0))
        element(w, "link", url);
    begin(w, "guid");
    attribute(w, "isPermaLink", "false");
    note(w, xmlTextWriterWriteString(w->x, B(feed_text(e, "guid"))));
    end(w);
    if (feed_time_of(feed_text(e, "date"), &time)) {
        feed_date_text(time, text);
        element(w, "pubDate", text);
    }
    element(w, "description", feed_text(e, "description"));
    begin(w, "enclosure");
    address(w, "url", feed_text(e, "name"), strcmp(feed_text(e, "type"), "audio/mpeg") == 0 ? ".mp3" : ".m4a");
    note(w, xmlTextWriterWriteFormatAttribute(w->x, B("length"), "%lld", (long long)json_integer_value(json_object_get(e, "bytes"))));
    attribute(w, "type", feed_text(e, "type"));
    end(w);
    note(w, xmlTextWriterWriteFormatElement(w->x, B("itunes:duration"), "%lld",
                                            (long long)(json_number_value(json_object_get(e, "seconds")) + 0.5)));
    element(w, "itunes:author", author ? author : feed_text(show, "author"));
    element(w, "itunes:explicit", json_is_true(json_object_get(show, "explicit")) ? "true" : "false");
    element(w, "itunes:episodeType", "full");
    companion(w, "podcast:transcript", e, "captions", ".vtt", "text/vtt");
    companion(w, "podcast:transcript", e, "transcript", ".html", "text/html");
    companion(w, "podcast:chapters", e, "chapters", ".chapters.json", "application/json+chapters");
    write_persons(w, author);
    end(w);
}

/* "News > Tech News" is a category in a category. */
static void write_category(writer *w, const char *category)
{
    const char *inner = strstr(category, " > ");
    char *outer = strndup(category, inner ? (size_t)(inner - category) : strlen(category));
    w->failed = w->failed || !outer;
    if (!outer)
        return;
    begin(w, "itunes:category");
    attribute(w, "text", outer);
    if (inner) {
        begin(w, "itunes:category");
        attribute(w, "text", inner + 3);
        end(w);
    }
    end(w);
    free(outer);
}

/* Whether other hosts may import the show, and whom they ask. */
static void write_locked(writer *w, const char *locked, const char *owner)
{
    if (!locked && !owner)
        return;
    begin(w, "podcast:locked");
    if (owner)
        attribute(w, "owner", owner);
    note(w, xmlTextWriterWriteString(w->x, B(locked ? locked : "no")));
    end(w);
}

static void write_show(writer *w, const json_t *show)
{
    const char *author = feed_text(show, "author"), *email = feed_text(show, "email");
    element(w, "title", feed_text(show, "title"));
    element(w, "link", w->base);
    element(w, "description", feed_text(show, "about") ? feed_text(show, "about") : feed_text(show, "title"));
    element(w, "language", feed_text(show, "language"));
    element(w, "generator", "narrate");
    begin(w, "atom:link");
    address(w, "href", FEED_FILE, "");
    attribute(w, "rel", "self");
    attribute(w, "type", "application/rss+xml");
    end(w);
    element(w, "itunes:author", author);
    element(w, "itunes:type", "episodic");
    element(w, "itunes:explicit", json_is_true(json_object_get(show, "explicit")) ? "true" : "false");
    write_category(w, feed_text(show, "category") ? feed_text(show, "category") : "News");
    if (email) {
        begin(w, "itunes:owner");
        element(w, "itunes:name", author ? author : feed_text(show, "title"));
        element(w, "itunes:email", email);
        end(w);
    }
    if (feed_text(show, "image")) {
        begin(w, "itunes:image");
        address(w, "href", feed_text(show, "image"), "");
        end(w);
    }
    element(w, "podcast:guid", feed_text(show, "guid"));
    write_locked(w, feed_text(show, "locked"), email);
    element(w, "podcast:medium", "podcast");
}

typedef struct dated {
    const json_t *episode;
    int64_t time;
    size_t order;
} dated;

/* The newest first; of the same time, what came last. */
static int by_date(const void *a, const void *b)
{
    const dated *x = a, *y = b;
    return x->time != y->time ? (x->time < y->time) - (x->time > y->time) : (x->order < y->order) - (x->order > y->order);
}

static bool write_episodes(writer *w, const feed_state *state)
{
    size_t count = json_array_size(state->episodes);
    dated *order = calloc(count + 1, sizeof *order);
    for (size_t i = 0; order && i < count; i++) {
        order[i] = (dated){json_array_get(state->episodes, i), 0, i};
        feed_time_of(feed_text(order[i].episode, "date"), &order[i].time);
    }
    if (order)
        qsort(order, count, sizeof *order, by_date);
    for (size_t i = 0; order && i < count; i++)
        write_episode(w, order[i].episode, state->show);
    free(order);
    return order != NULL;
}

static int take_bytes(void *ctx, const char *bytes, int n) { return nr_buffer_put(ctx, bytes, (size_t)n) ? -1 : n; }

nr_status feed_write_xml(const feed_state *state, nr_buffer *out, nr_error *err)
{
    xmlOutputBuffer *into = xmlOutputBufferCreateIO(take_bytes, NULL, out, NULL);
    writer w = {.x = into ? xmlNewTextWriter(into) : NULL, .base = feed_text(state->show, "base_url")};
    if (!w.x) {
        if (into)
            xmlOutputBufferClose(into);
        return nr_fail_memory(err);
    }
    xmlTextWriterSetIndent(w.x, 1);
    note(&w, xmlTextWriterStartDocument(w.x, NULL, "UTF-8", NULL));
    begin(&w, "rss");
    attribute(&w, "version", "2.0");
    attribute(&w, "xmlns:itunes", ITUNES);
    attribute(&w, "xmlns:podcast", PODCAST);
    attribute(&w, "xmlns:atom", ATOM);
    begin(&w, "channel");
    write_show(&w, state->show);
    w.failed = !write_episodes(&w, state) || w.failed;
    note(&w, xmlTextWriterEndDocument(w.x));
    xmlFreeTextWriter(w.x);
    return w.failed || out->failed ? nr_fail_memory(err) : NR_OK;
}
