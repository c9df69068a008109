#include "publish/page_json.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "publish/page_html.h"
#include "publish/page_text.h"

typedef struct writer {
    nr_buffer *out;
    const timeline *times;
    const nr_document *doc;
    nr_view text;
    const nr_inline *inlines;
    size_t inline_count, inline_at;
    uint32_t *place; /* UTF-16 offsets of a sentence's bytes */
    size_t place_room;
    nr_buffer shown; /* a sentence as the page shows it */
} writer;

/* ---------------------------------------------------------------- values */

static int put_json(const char *bytes, size_t n, void *out)
{
    for (size_t at = 0; at < n;) {
        const char *less = memchr(bytes + at, '<', n - at);
        size_t run = less ? (size_t)(less - bytes) - at : n - at;
        nr_buffer_put((nr_buffer *)out, bytes + at, run);
        if (less)
            nr_buffer_put_string(out, "\\u003c");
        at += run + (less != NULL);
    }
    return ((nr_buffer *)out)->failed ? -1 : 0;
}

/* Appends and frees it. */
static void put_value(nr_buffer *out, json_t *value)
{
    if (!value || json_dump_callback(value, put_json, out, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12)))
        out->failed = out->failed ? out->failed : NR_ENOMEM;
    json_decref(value);
}

static void set_view(json_t *object, const char *key, nr_view v)
{
    nr_buffer plain = NR_BUFFER_INIT(v.n * 3 + 16);
    page_put_plain(&plain, v);
    if (plain.n)
        json_object_set_new(object, key, json_stringn(plain.p, plain.n));
    nr_buffer_free(&plain);
}

static void set_string(json_t *object, const char *key, const char *value)
{
    if (value)
        set_view(object, key, nr_view_of(value));
}

static void set_address(json_t *object, const char *key, const char *value)
{
    nr_buffer address = NR_BUFFER_INIT(1 << 16);
    if (value && page_put_address(&address, nr_view_of(value), NULL))
        set_string(object, key, value);
    nr_buffer_free(&address);
}

static void set_title(json_t *object, const char *key, const nr_document *doc)
{
    nr_buffer title = NR_BUFFER_INIT(1 << 20);
    page_put_title(&title, doc);
    set_view(object, key, nr_buffer_view(&title));
    nr_buffer_free(&title);
}

static double seconds_of(const timeline *t, uint64_t frame) { return round(timeline_seconds(t, frame) * 1000) / 1000; }

/* ---------------------------------------------------------------- the article */

static json_t *chapters_of(const timeline *t)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->chapter_count; i++) {
        json_t *row = json_object();
        json_object_set_new(row, "start", json_real(seconds_of(t, t->chapters[i].start)));
        json_object_set_new(row, "title", json_string(""));
        set_string(row, "title", t->chapters[i].title);
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *blocks_of(const nr_document *doc)
{
    json_t *list = json_array();
    size_t count;
    const nr_block *b = nr_document_blocks(doc, &count);
    for (size_t i = 0; i < count; i++) {
        if (!page_counts(&b[i]))
            continue;
        json_t *row = json_pack("{s:s}", "kind", page_kind(b[i].kind));
        if (b[i].kind == NR_BLOCK_HEADING)
            json_object_set_new(row, "level", json_integer(b[i].level ? b[i].level : 1));
        if (b[i].lang)
            set_string(row, "lang", page_language(nr_document_language(doc, b[i].lang)));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *sounds_of(const page_beside *beside)
{
    json_t *list = json_array();
    for (size_t i = 0; i < beside->sound_count; i++) {
        const page_sound *s = &beside->sounds[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:I}", "src", s->address, "type", s->type, "bytes", (json_int_t)s->bytes));
    }
    return list;
}

static json_t *head_of(const timeline *t, const page_beside *beside)
{
    const nr_document *doc = t->parts[0].doc;
    const nr_metadata *m = nr_document_metadata(doc);
    json_t *o = json_pack("{s:i}", "narrate", 1);
    set_title(o, "title", doc);
    set_string(o, "author", m->author);
    set_string(o, "date", m->date_iso);
    set_string(o, "language", beside->language);
    json_object_set_new(o, "direction", json_string(page_is_rtl(beside->language) ? "rtl" : "ltr"));
    set_address(o, "url", m->url);
    set_string(o, "publisher", m->publisher);
    set_string(o, "image", beside->image);
    set_string(o, "description", m->description);
    json_object_set_new(o, "duration", json_real(seconds_of(t, t->frames)));
    json_object_set_new(o, "audio", sounds_of(beside));
    set_string(o, "captions", beside->captions);
    set_string(o, "transcript", beside->transcript);
    set_string(o, "chapters_file", beside->chapters);
    set_string(o, "feed", beside->feed);
    json_object_set_new(o, "chapters", chapters_of(t));
    json_object_set_new(o, "blocks", blocks_of(doc));
    return o;
}

/* ---------------------------------------------------------------- sentences */

/* Where a mark that is not for the ear ends, if one begins here. */
static uint32_t silent_until(writer *w, uint32_t at)
{
    uint32_t end = at;
    while (w->inline_at < w->inline_count && w->inlines[w->inline_at].span.start <= at) {
        const nr_inline *in = &w->inlines[w->inline_at++];
        if (in->kind == NR_INLINE_SILENT && in->span.end > end)
            end = in->span.end;
    }
    return end;
}

/* The sentence as the page shows it, and in w->place what each of its bytes has become. */
static bool show_sentence(writer *w, nr_span span)
{
    size_t room = span.end - span.start + 1;
    if (room > w->place_room) {
        uint32_t *grown = realloc(w->place, room * sizeof *grown);
        if (!grown)
            return false;
        w->place = grown;
        w->place_room = room;
    }
    uint32_t units = 0;
    nr_buffer_truncate(&w->shown, 0);
    for (uint32_t at = span.start; at < span.end;) {
        int length;
        uint32_t silent = silent_until(w, at);
        uint32_t code = page_shown(nr_utf8_decode(w->text.p + at, w->text.p + span.end, &length));
        uint32_t next = silent > at ? (silent < span.end ? silent : span.end) : at + (uint32_t)length;
        bool skip = silent > at || !code || (code == ' ' && (w->shown.n == 0 || w->shown.p[w->shown.n - 1] == ' '));
        for (; at < next; at++)
            w->place[at - span.start] = units;
        if (!skip) {
            nr_buffer_put_code(&w->shown, code);
            units += code >= 0x10000 ? 2 : 1;
        }
    }
    w->place[room - 1] = units;
    return !w->shown.failed;
}

static json_int_t milliseconds(const timeline *t, uint64_t frame) { return (json_int_t)(frame * 1000 / (uint64_t)t->rate); }

/* Words that come from the same characters, as those of a number, are one. */
static json_t *words_of(const writer *w, const timeline_sentence *s)
{
    json_t *list = json_array();
    for (size_t i = s->first; i < s->first + s->count; i++) {
        const timeline_word *word = &w->times->words[i], *last = word;
        while (i + 1 < s->first + s->count && last[1].span.start == word->span.start && last[1].span.end == word->span.end)
            last++, i++;
        uint32_t start = word->span.start > s->span.start ? word->span.start : s->span.start;
        uint32_t end = word->span.end < s->span.end ? word->span.end : s->span.end;
        if (start >= end || w->place[start - s->span.start] >= w->place[end - s->span.start])
            continue;
        json_array_append_new(list, json_integer(w->place[start - s->span.start]));
        json_array_append_new(list, json_integer(w->place[end - s->span.start]));
        json_array_append_new(list, json_integer(milliseconds(w->times, word->start)));
        json_array_append_new(list, json_integer(milliseconds(w->times, last->end)));
    }
    return list;
}

static nr_status write_sentence(writer *w, const timeline_sentence *s, json_int_t block)
{
    if (!show_sentence(w, s->span))
        return NR_ENOMEM;
    json_t *o = json_pack("{s:I, s:I, s:I}", "block", block, "start", milliseconds(w->times, s->start), "end",
                          milliseconds(w->times, s->end));
    json_object_set_new(o, "text", json_stringn(w->shown.p ? w->shown.p : "", w->shown.n));
    json_object_set_new(o, "words", words_of(w, s));
    put_value(w->out, o);
    return w->out->failed;
}

static nr_status write_sentences(writer *w)
{
    const timeline_part *part = &w->times->parts[0];
    size_t count, block = 0;
    const nr_block *b = nr_document_blocks(w->doc, &count);
    json_int_t index = 0;
    nr_status s = NR_OK;
    for (size_t i = part->first; i < part->first + part->count && !s; i++) {
        const timeline_sentence *said = &w->times->sentences[i];
        for (; block < said->block; block++)
            index += page_counts(&b[block]);
        nr_buffer_put_string(w->out, i > part->first ? ",\n" : "\n");
        s = write_sentence(w, said, index);
    }
    return s ? s : w->out->failed;
}

nr_status page_write_json(nr_buffer *out, const timeline *times, const page_beside *beside, nr_error *err)
{
    const nr_document *doc = times->parts[0].doc;
    writer w = {.out = out, .times = times, .doc = doc, .text = nr_document_text(doc)};
    w.inlines = nr_document_inlines(doc, &w.inline_count);
    w.shown = NR_BUFFER_INIT(w.text.n * 3 + 16);
    put_value(out, head_of(times, beside));
    if (!out->failed)
        nr_buffer_truncate(out, out->n - 1); /* its brace */
    nr_buffer_put_string(out, ",\"sentences\":[");
    nr_status s = out->failed ? out->failed : write_sentences(&w);
    nr_buffer_put_string(out, "\n]}\n");
    free(w.place);
    nr_buffer_free(&w.shown);
    s = s ? s : out->failed;
    return s == NR_ELIMIT ? nr_fail(err, s, 0, "cannot write article.json: it is larger than %zu bytes", out->max)
         : s              ? nr_fail_memory(err)
                          : NR_OK;
}

/* ---------------------------------------------------------------- linked data */

static json_t *person_or_site(const char *type, const char *name)
{
    json_t *o = json_pack("{s:s}", "@type", type);
    set_string(o, "name", name);
    return o;
}

nr_status page_write_linked_data(nr_buffer *out, const nr_document *doc, const page_beside *beside, double seconds, nr_error *err)
{
    const nr_metadata *m = nr_document_metadata(doc);
    char length[40];
    json_t *o = json_pack("{s:s, s:s}", "@context", "https://schema.org", "@type", "NewsArticle"), *sounds = json_array();
    set_title(o, "headline", doc);
    set_string(o, "datePublished", m->date_iso);
    set_string(o, "dateModified", m->modified);
    set_string(o, "description", m->description);
    set_string(o, "inLanguage", beside->language);
    set_address(o, "url", m->url);
    set_address(o, "mainEntityOfPage", m->url);
    set_string(o, "image", beside->image);
    if (m->author)
        json_object_set_new(o, "author", person_or_site("Person", m->author));
    if (m->publisher)
        json_object_set_new(o, "publisher", person_or_site("Organization", m->publisher));
    snprintf(length, sizeof length, "PT%.0fS", ceil(seconds));
    for (size_t i = 0; i < beside->sound_count; i++) {
        const page_sound *s = &beside->sounds[i];
        if (strncmp(s->address, "data:", 5) != 0)
            json_array_append_new(sounds, json_pack("{s:s, s:s, s:s, s:s}", "@type", "AudioObject", "contentUrl", s->address,
                                                    "encodingFormat", s->type, "duration", length));
    }
    if (json_array_size(sounds))
        json_object_set(o, "audio", sounds);
    json_decref(sounds);
    put_value(out, o);
    return out->failed ? nr_fail_memory(err) : NR_OK;
}
