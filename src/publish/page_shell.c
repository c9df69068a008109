#include "publish/page_shell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "publish/page_text.h"

const char *const page_file_names[PAGE_FILES] = {"page.css", "icon.svg", "narrate-player.js"};

extern const nr_data_file page_data_files[]; /* made by the build; each also as NAME.sha256, in hexadecimal */

nr_view page_file(const char *name)
{
    for (const nr_data_file *f = page_data_files; f->path; f++) {
        const char *slash = strrchr(f->path, '/');
        if (strcmp(slash ? slash + 1 : f->path, name) == 0)
            return (nr_view){(const char *)f->bytes, f->n};
    }
    return (nr_view){NULL, 0};
}

static void put(nr_buffer *out, const char *s) { nr_buffer_put_string(out, s); }

/* ---------------------------------------------------------------- what a browser may do */

static int hex_digit(char c) { return nr_ascii_digit(c) ? c - '0' : nr_ascii_lower(c) - 'a' + 10; }

/* " 'sha256-...'" for a built-in file. */
static void put_hash(nr_buffer *out, const char *name)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char path[64];
    unsigned char sum[34] = {0};
    snprintf(path, sizeof path, "%s.sha256", name);
    nr_view hex = page_file(path);
    for (size_t i = 0; i < 32 && 2 * i + 1 < hex.n; i++)
        sum[i] = (unsigned char)(hex_digit(hex.p[2 * i]) << 4 | hex_digit(hex.p[2 * i + 1]));
    put(out, " 'sha256-");
    for (size_t i = 0; i < 32; i += 3) {
        unsigned n = (unsigned)sum[i] << 16 | (unsigned)sum[i + 1] << 8 | sum[i + 2];
        for (int k = 18; k >= (i == 30 ? 6 : 0); k -= 6)
            nr_buffer_put_char(out, digits[n >> k & 63]);
    }
    put(out, "='");
}

static void write_policy(nr_buffer *out, bool single, bool script)
{
    put(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"");
    if (!single) {
        put(out, "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'\">\n");
        return;
    }
    put(out, "default-src 'none'; style-src");
    put_hash(out, "page.css");
    if (script) {
        put(out, "; script-src");
        put_hash(out, "narrate-player.js");
        put(out, "; media-src data:");
    }
    put(out, "; img-src data:; base-uri 'none'; form-action 'none'\">\n");
}

static void write_style(nr_buffer *out, bool single, const char *root)
{
    if (!single) {
        nr_buffer_printf(out, "<link rel=\"icon\" href=\"%sicon.svg\" type=\"image/svg+xml\">\n", root);
        nr_buffer_printf(out, "<link rel=\"stylesheet\" href=\"%spage.css\">\n", root);
        return;
    }
    put(out, "<link rel=\"icon\" href=\"data:,\">\n<style>"); /* none, so that a browser does not go and look for one */
    nr_buffer_put_view(out, page_file("page.css"));
    put(out, "</style>\n");
}

static void write_html(nr_buffer *out, const char *lang)
{
    nr_buffer_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", lang,
                     page_is_rtl(lang) ? "rtl" : "ltr");
}

static void write_common(nr_buffer *out, const char *made)
{
    nr_buffer_printf(out, "<meta name=\"generator\" content=\"narrate %s\">\n", nr_version());
    if (made)
        nr_buffer_printf(out, "<meta name=\"narrate-made\" content=\"%s\">\n", made);
    put(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n");
}

/* ---------------------------------------------------------------- the head of a page */

static void put_meta(nr_buffer *out, const char *kind, const char *name, const char *content)
{
    if (!content || !page_has_shown(nr_view_of(content)))
        return;
    nr_buffer_printf(out, "<meta %s=\"%s\"", kind, name);
    page_put_string(out, "content", content);
    put(out, ">\n");
}

/* before, the address, after; nothing where it is none that may be followed */
static bool put_addressed(nr_buffer *out, const char *before, const char *address, const char *after)
{
    size_t start = out->n;
    put(out, before);
    bool good = address && page_put_address(out, nr_view_of(address), NULL);
    if (good)
        put(out, after);
    else
        nr_buffer_truncate(out, start);
    return good;
}

static void write_metadata(nr_buffer *out, const page_shell *p, const char *title)
{
    const nr_metadata *m = nr_document_metadata(p->doc);
    put_meta(out, "name", "description", m->description);
    put_meta(out, "name", "author", m->author);
    put_addressed(out, "<link rel=\"canonical\" href=\"", m->url, "\">\n");
    put_meta(out, "property", "og:type", "article");
    put_meta(out, "property", "og:title", title);
    put_meta(out, "property", "og:description", m->description);
    put_meta(out, "property", "og:site_name", m->publisher);
    put_meta(out, "property", "article:published_time", m->date_iso);
    put_meta(out, "property", "article:modified_time", m->modified);
    put_addressed(out, "<meta property=\"og:url\" content=\"", m->url, "\">\n");
    put_addressed(out, "<meta property=\"og:image\" content=\"", m->image, "\">\n");
    for (size_t i = 0; i < p->beside->sound_count && !p->single; i++) {
        put_meta(out, "property", "og:audio", p->beside->sounds[i].address);
        put_meta(out, "property", "og:audio:type", p->beside->sounds[i].type);
    }
}

static void write_feed(nr_buffer *out, const char *feed, const page_words *words)
{
    if (!feed)
        return;
    put(out, "<link rel=\"alternate\" type=\"application/rss+xml\"");
    page_put_attribute(out, "title", page_word(words, "feed"));
    page_put_string(out, "href", feed);
    put(out, ">\n");
}

static nr_status write_head(nr_buffer *out, const page_shell *p, nr_error *err)
{
    nr_buffer title = NR_BUFFER_INIT(1 << 20);
    page_put_title(&title, p->doc);
    write_html(out, p->beside->language);
    write_policy(out, p->single, true);
    write_common(out, p->made);
    put(out, "<title>");
    page_put_text(out, nr_buffer_view(&title));
    put(out, "</title>\n");
    write_metadata(out, p, title.p ? title.p : "");
    write_feed(out, p->beside->feed, p->words);
    write_style(out, p->single, p->root);
    if (!p->single)
        nr_buffer_printf(out, "<script src=\"%snarrate-player.js\" defer></script>\n", p->root);
    put(out, "<script type=\"application/ld+json\">");
    nr_status s = page_write_linked_data(out, p->doc, p->beside, p->seconds, err);
    put(out, "</script>\n</head>\n");
    nr_buffer_free(&title);
    return s;
}

/* ---------------------------------------------------------------- the page */

/* The words are in a language of their own where the page's has none. */
static void put_words_language(nr_buffer *out, const page_words *words, const char *lang)
{
    if (strcmp(words->lang, lang) != 0)
        page_put_string(out, "lang", words->lang);
}

static void put_listening_time(nr_buffer *out, const page_words *words, double seconds)
{
    unsigned minutes = (unsigned)(seconds / 60 + 0.5);
    page_put_word(out, words, minutes > 1 ? "listen" : minutes ? "one" : "less", minutes);
}

static void write_link(nr_buffer *out, const char *address, nr_view words, bool download)
{
    if (!address)
        return;
    put(out, "<li><a");
    page_put_string(out, "href", address);
    put(out, download ? " download>" : ">");
    page_put_text(out, words);
    put(out, "</a></li>\n");
}

/* What remains in the player's place without scripts; with them, the JSON inside is what it plays. */
static void write_player(nr_buffer *out, const page_shell *p)
{
    put(out, "<narrate-player>\n<script type=\"application/json\">");
    nr_buffer_put_view(out, p->json);
    put(out, "</script>\n<audio controls preload=\"metadata\"");
    page_put_attribute(out, "aria-label", page_word(p->words, "play"));
    put(out, ">\n");
    for (size_t i = 0; i < p->plain_count; i++)
        nr_buffer_printf(out, "<source src=\"%s\" type=\"%s\">\n", p->plain[i].address, p->plain[i].type);
    if (p->beside->captions && !p->single) {
        put(out, "<track kind=\"captions\"");
        page_put_string(out, "src", p->beside->captions);
        page_put_string(out, "srclang", p->beside->language);
        page_put_attribute(out, "label", page_word(p->words, "captions"));
        put(out, ">\n");
    }
    put(out, "</audio>\n");
    if (p->beside->transcript) {
        put(out, "<p><a");
        page_put_string(out, "href", p->beside->transcript);
        put(out, ">");
        page_put_text(out, page_word(p->words, "transcript"));
        put(out, "</a></p>\n");
    }
    put(out, "</narrate-player>\n");
}

/* The picture beside the page. It has no words for those who do not see it, as the article gives none. */
static void write_lead(nr_buffer *out, const page_shell *p)
{
    if (!p->beside->image)
        return;
    put(out, "<img class=\"lead\" alt=\"\"");
    page_put_string(out, "src", p->beside->image);
    if (p->width && p->height)
        nr_buffer_printf(out, " width=\"%u\" height=\"%u\"", p->width, p->height);
    put(out, ">\n");
}

static void write_foot(nr_buffer *out, const page_shell *p)
{
    const page_beside *b = p->beside;
    const nr_metadata *m = nr_document_metadata(p->doc);
    put(out, "<footer");
    put_words_language(out, p->words, b->language);
    put(out, ">\n<p>");
    put_listening_time(out, p->words, p->seconds);
    put(out, "</p>\n<ul>\n");
    for (size_t i = 0; i < b->sound_count && !p->single; i++)
        write_link(out, b->sounds[i].address, page_word(p->words, strstr(b->sounds[i].type, "mpeg") ? "mp3" : "opus"), true);
    write_link(out, b->transcript, page_word(p->words, "transcript"), false);
    write_link(out, b->captions, page_word(p->words, "captions"), true);
    write_link(out, b->feed, page_word(p->words, "feed"), false);
    if (put_addressed(out, "<li><a rel=\"noopener\" href=\"", m->url, "\">")) {
        page_put_text(out, page_word(p->words, "original"));
        put(out, "</a></li>\n");
    }
    put(out, "</ul>\n</footer>\n");
}

static void write_banner(nr_buffer *out, const page_shell *p)
{
    const char *publisher = nr_document_metadata(p->doc)->publisher;
    bool named = publisher && page_has_shown(nr_view_of(publisher));
    if (!named && !p->indexed)
        return;
    put(out, "<header class=\"banner\">\n");
    if (named) {
        put(out, "<p>");
        page_put_text(out, nr_view_of(publisher));
        put(out, "</p>\n");
    }
    if (p->indexed) {
        put(out, "<nav");
        put_words_language(out, p->words, p->beside->language);
        nr_buffer_printf(out, "><a href=\"%sindex.html\">", p->root);
        page_put_text(out, page_word(p->words, "all"));
        put(out, "</a></nav>\n");
    }
    put(out, "</header>\n");
}

static nr_status finish(const nr_buffer *out, nr_error *err)
{
    if (!out->failed)
        return NR_OK;
    return out->failed == NR_ELIMIT ? nr_fail(err, NR_ELIMIT, 0, "cannot write the page: it is larger than %zu bytes", out->max)
                                    : nr_fail_memory(err);
}

nr_status page_write_page(nr_buffer *out, const page_shell *p, nr_error *err)
{
    nr_status s = write_head(out, p, err);
    if (s)
        return s;
    put(out, "<body>\n");
    write_banner(out, p);
    put(out, "<main>\n<article>\n<header>\n");
    page_write_opening(out, p->doc, p->words);
    put(out, "</header>\n");
    write_player(out, p);
    write_lead(out, p);
    put(out, "<div class=\"text\">\n");
    page_write_body(out, p->doc, p->words);
    put(out, "</div>\n</article>\n</main>\n");
    write_foot(out, p);
    if (p->single) {
        put(out, "<script>");
        nr_buffer_put_view(out, page_file("narrate-player.js"));
        put(out, "</script>\n");
    }
    put(out, "</body>\n</html>\n");
    return finish(out, err);
}

/* ---------------------------------------------------------------- the index */

static int compare_text(const char *a, const char *b)
{
    if (!a || !b)
        return (a == NULL) - (b == NULL);
    return strcmp(a, b);
}

static int compare_entries(const void *a, const void *b)
{
    const page_entry *x = a, *y = b;
    const nr_metadata *m = nr_document_metadata(x->doc), *n = nr_document_metadata(y->doc);
    int order = m->date_iso && n->date_iso ? strcmp(n->date_iso, m->date_iso) : compare_text(m->date_iso, n->date_iso);
    if (!order)
        order = compare_text(m->title, n->title);
    return order ? order : strcmp(x->address, y->address);
}

static void put_by(nr_buffer *out, const char *class, const char *text)
{
    if (!text || !page_has_shown(nr_view_of(text)))
        return;
    nr_buffer_printf(out, "<span class=\"%s\" dir=\"auto\">", class);
    page_put_text(out, nr_view_of(text));
    put(out, "</span> ");
}

static void write_entry(nr_buffer *out, const page_entry *e, const page_words *words)
{
    const nr_metadata *m = nr_document_metadata(e->doc);
    nr_buffer title = NR_BUFFER_INIT(1 << 20);
    page_put_title(&title, e->doc);
    nr_buffer_printf(out, "<li lang=\"%s\" dir=\"%s\">\n<h2><a", e->language, page_is_rtl(e->language) ? "rtl" : "ltr");
    page_put_string(out, "href", e->address);
    put(out, ">");
    page_put_text(out, nr_buffer_view(&title));
    put(out, "</a></h2>\n");
    if (m->description && page_has_shown(nr_view_of(m->description))) {
        put(out, "<p>");
        page_put_text(out, nr_view_of(m->description));
        put(out, "</p>\n");
    }
    put(out, "<p class=\"about\">");
    put_by(out, "author", m->author);
    put_by(out, "date", m->date ? m->date : m->date_iso);
    put(out, "<span class=\"length\"");
    put_words_language(out, words, e->language);
    put(out, ">");
    put_listening_time(out, words, e->seconds);
    put(out, "</span></p>\n</li>\n");
    nr_buffer_free(&title);
}

nr_status page_write_index(nr_buffer *out, page_entry *entries, size_t count, const page_words *words, const char *feed, bool single,
                           nr_error *err)
{
    qsort(entries, count, sizeof *entries, compare_entries);
    write_html(out, words->lang);
    write_policy(out, single, false);
    write_common(out, "index");
    put(out, "<title>");
    page_put_text(out, page_word(words, "articles"));
    put(out, "</title>\n");
    write_feed(out, feed, words);
    write_style(out, single, "");
    put(out, "</head>\n<body class=\"index\">\n<main>\n<h1>");
    page_put_text(out, page_word(words, "articles"));
    put(out, "</h1>\n<ol>\n");
    for (size_t i = 0; i < count; i++)
        write_entry(out, &entries[i], words);
    put(out, "</ol>\n</main>\n");
    if (feed) {
        put(out, "<footer>\n<ul>\n");
        write_link(out, feed, page_word(words, "feed"), false);
        put(out, "</ul>\n</footer>\n");
    }
    put(out, "</body>\n</html>\n");
    return finish(out, err);
}
