/* What can be looked at: the document, the script, the voices, the devices. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/start.h"

static const char *kind_name(int kind)
{
    static const char *const names[] = {"title",  "byline",  "date",  "heading", "paragraph", "item",
                                        "quote",  "caption", "row",   "code",    "footnote",  "break",
                                        "alt",    "link"};
    return kind >= 0 && kind < (int)(sizeof names / sizeof *names) ? names[kind] : "?";
}

static const char *inline_name(int kind)
{
    static const char *const names[] = {"silent", "emphasis", "link", "abbr", "sub", "sup", "code", "lang",
                                        "letters", "pause", "prosody", "phoneme"};
    return kind >= 0 && kind < (int)(sizeof names / sizeof *names) ? names[kind] : "?";
}

static nr_view text_of(const nr_document *doc, nr_span span)
{
    return (nr_view){nr_document_text(doc).p + span.start, span.end - span.start};
}

static json_t *json_view(nr_view v) { return json_stringn(v.p ? v.p : "", v.n); }

static void set_string(json_t *object, const char *key, const char *value)
{
    if (value)
        json_object_set_new(object, key, json_string(value));
}

/* Prints and frees it. */
static void print_json(json_t *value, size_t flags)
{
    json_dumpf(value, stdout, flags);
    putchar('\n');
    json_decref(value);
}

/* ---------------------------------------------------------------- read */

static json_t *metadata_json(const nr_document *doc)
{
    const nr_metadata *m = nr_document_metadata(doc);
    json_t *o = json_object();
    set_string(o, "title", m->title);
    set_string(o, "author", m->author);
    set_string(o, "date", m->date);
    set_string(o, "date_iso", m->date_iso);
    set_string(o, "modified", m->modified);
    set_string(o, "publisher", m->publisher);
    set_string(o, "language", m->language);
    set_string(o, "url", m->url);
    set_string(o, "description", m->description);
    set_string(o, "image", m->image);
    return o;
}

static void print_document_json(const nr_document *doc)
{
    json_t *o = metadata_json(doc), *blocks = json_array(), *inlines = json_array();
    json_object_set_new(o, "format", json_string(nr_document_format(doc)));
    json_object_set_new(o, "charset", json_string(nr_document_charset(doc)));
    json_object_set_new(o, "replaced", json_integer((json_int_t)nr_document_replaced(doc)));
    size_t count;
    const nr_block *b = nr_document_blocks(doc, &count);
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_pack("{s:s, s:I, s:I, s:o}", "kind", kind_name(b[i].kind), "start", (json_int_t)b[i].span.start,
                                "end", (json_int_t)b[i].span.end, "text", json_view(text_of(doc, b[i].span)));
        if (b[i].level)
            json_object_set_new(row, "level", json_integer(b[i].level));
        if (b[i].number)
            json_object_set_new(row, "number", json_integer(b[i].number));
        if (b[i].flags & NR_BLOCK_SILENT)
            json_object_set_new(row, "silent", json_true());
        if (b[i].flags & NR_BLOCK_NAME)
            json_object_set_new(row, "name", json_true());
        if (b[i].lang)
            set_string(row, "language", nr_document_language(doc, b[i].lang));
        json_array_append_new(blocks, row);
    }
    const nr_inline *in = nr_document_inlines(doc, &count);
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_pack("{s:s, s:I, s:I}", "kind", inline_name(in[i].kind), "start", (json_int_t)in[i].span.start,
                                "end", (json_int_t)in[i].span.end);
        if (in[i].value.n)
            json_object_set_new(row, "value", json_view(in[i].value));
        json_array_append_new(inlines, row);
    }
    const nr_entry *parts = nr_document_entries(doc, &count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_object();
        set_string(row, "title", parts[i].title);
        set_string(row, "date_iso", parts[i].date_iso);
        set_string(row, "url", parts[i].url);
        json_object_set_new(row, "level", json_integer(parts[i].level));
        json_object_set_new(row, "block", json_integer(parts[i].block));
        json_array_append_new(list, row);
    }
    if (count)
        json_object_set_new(o, "parts", list);
    else
        json_decref(list);
    json_object_set_new(o, "blocks", blocks);
    json_object_set_new(o, "inlines", inlines);
    json_object_set_new(o, "text", json_view(nr_document_text(doc)));
    print_json(o, JSON_INDENT(1));
}

/* Text on one line: runs of white space become one space. */
static void print_flat(nr_view v)
{
    bool space = false;
    for (size_t i = 0; i < v.n; i++) {
        if ((unsigned char)v.p[i] <= ' ') {
            space = true;
            continue;
        }
        if (space)
            putchar(' ');
        space = false;
        putchar(v.p[i]);
    }
}

static bool is_opening(const nr_block *b) { return b->kind <= NR_BLOCK_DATE; }

static void print_body(const nr_document *doc)
{
    size_t count;
    const nr_block *b = nr_document_blocks(doc, &count);
    for (size_t i = 0; i < count; i++) {
        if (is_opening(&b[i]) || (b[i].flags & (NR_BLOCK_SILENT | NR_BLOCK_NAME)) || b[i].span.start == b[i].span.end)
            continue;
        print_flat(text_of(doc, b[i].span));
        putchar('\n');
    }
}

static void print_field(const char *name, const char *value)
{
    if (value)
        printf("%-10s %s\n", name, value);
}

static void print_block(const nr_document *doc, const nr_block *b)
{
    if (b->flags & NR_BLOCK_SILENT)
        printf("(%s, not said) ", kind_name(b->kind));
    switch (b->kind) {
    case NR_BLOCK_HEADING: printf("%.*s ", b->level ? b->level : 1, "######"); break;
    case NR_BLOCK_QUOTE: printf("> "); break;
    case NR_BLOCK_ITEM:
        printf("%*s", b->level > 1 ? 2 * (b->level - 1) : 0, "");
        if (b->number)
            printf("%u. ", b->number);
        else
            printf("- ");
        break;
    case NR_BLOCK_BREAK: printf("* * *"); break;
    default: break;
    }
    print_flat(text_of(doc, b->span));
    printf("\n\n");
}

/* The numbers are those of --item. */
static void print_parts(const nr_document *doc)
{
    size_t count;
    const nr_entry *parts = nr_document_entries(doc, &count);
    for (size_t i = 0; i < count; i++) {
        const nr_entry *p = &parts[i];
        printf("%5zu  %*s%s", i + 1, 2 * (p->level > 1 ? p->level - 1 : 0), "", p->title ? p->title : "(no title)");
        printf(p->date_iso ? "  (%.10s)\n" : "\n", p->date_iso);
    }
    if (count)
        putchar('\n');
}

static void print_document(const nr_document *doc, uint32_t item)
{
    const nr_metadata *m = nr_document_metadata(doc);
    print_field("title", m->title);
    print_field("author", m->author);
    print_field("date", m->date ? m->date : m->date_iso);
    print_field("publisher", m->publisher);
    print_field("language", m->language);
    print_field("address", m->url);
    print_field("format", nr_document_format(doc));
    print_field("charset", nr_document_charset(doc));
    putchar('\n');
    if (!item)
        print_parts(doc);
    if (strcmp(nr_document_format(doc), "feed") == 0 && !item)
        return; /* the list says it all */
    size_t count;
    const nr_block *b = nr_document_blocks(doc, &count);
    for (size_t i = 0; i < count; i++)
        if (!is_opening(&b[i]))
            print_block(doc, &b[i]);
}

int show_document(const options *opt)
{
    nr_document *doc = open_article(opt);
    if (!doc)
        return EXIT_FAILED;
    if (opt->json)
        print_document_json(doc);
    else if (opt->body)
        print_body(doc);
    else
        print_document(doc, opt->item);
    nr_document_free(doc);
    return finish_output();
}

/* ---------------------------------------------------------------- spoken */

static void print_utterance_json(const nr_document *doc, const nr_utterance *u)
{
    json_t *words = json_array();
    for (size_t i = 0; i < u->word_count; i++) {
        const nr_said_word *w = &u->words[i];
        json_t *row = json_pack("{s:o, s:I, s:I, s:o}", "say", json_view((nr_view){u->say.p + w->start, w->end - w->start}),
                                "start", (json_int_t)w->span.start, "end", (json_int_t)w->span.end, "text",
                                json_view(text_of(doc, w->span)));
        if (w->flags & NR_WORD_LETTERS)
            json_object_set_new(row, "letters", json_true());
        if (w->flags & NR_WORD_EMPHASIS)
            json_object_set_new(row, "emphasis", json_true());
        if (w->flags & NR_WORD_INSERTED)
            json_object_set_new(row, "inserted", json_true());
        json_array_append_new(words, row);
    }
    json_t *o = json_pack("{s:o, s:s, s:I, s:I, s:i, s:I, s:b, s:b}", "say", json_view(u->say), "role", kind_name(u->role),
                          "start", (json_int_t)u->span.start, "end", (json_int_t)u->span.end, "pause", (int)u->pause_ms, "block",
                          (json_int_t)u->block, "sentence_start", !!(u->flags & NR_UTT_SENTENCE_START), "sentence_end",
                          !!(u->flags & NR_UTT_SENTENCE_END));
    json_object_set_new(o, "quoted", json_boolean(u->flags & NR_UTT_QUOTED));
    json_object_set_new(o, "aside", json_boolean(u->flags & NR_UTT_ASIDE));
    json_object_set_new(o, "question", json_boolean(u->flags & NR_UTT_QUESTION));
    if (u->rate != 100)
        json_object_set_new(o, "rate", json_integer(u->rate));
    if (u->pitch)
        json_object_set_new(o, "pitch", json_integer(u->pitch));
    set_string(o, "language", u->lang);
    json_object_set_new(o, "words", words);
    print_json(o, JSON_COMPACT);
}

static int print_script(const options *opt, const nr_document *doc, nr_script *script)
{
    const nr_utterance *u;
    nr_error err;
    for (;;) {
        if (nr_script_next(script, &u, &err))
            return failed(&err);
        if (!u)
            return finish_output();
        if (opt->json) {
            print_utterance_json(doc, u);
        } else {
            print_flat(u->say);
            putchar('\n');
        }
    }
}

int show_spoken(const options *opt)
{
    nr_document *doc = open_article(opt);
    if (!doc)
        return EXIT_FAILED;
    nr_script *script = start_script(opt, doc);
    int code = script ? print_script(opt, doc, script) : EXIT_FAILED;
    nr_script_free(script);
    nr_document_free(doc);
    return code;
}

static int write_stdout(void *ctx, const char *bytes, size_t n)
{
    (void)ctx;
    return fwrite(bytes, 1, n, stdout) != n;
}

int show_ssml(const options *opt)
{
    nr_document *doc = open_article(opt);
    if (!doc)
        return EXIT_FAILED;
    nr_script *script = start_script(opt, doc);
    nr_error err;
    int code = EXIT_FAILED;
    if (script) {
        nr_status s = nr_script_write_ssml(script, opt->voice.quote_voice, write_stdout, NULL, &err);
        code = s && s != NR_CANCELLED ? failed(&err) : finish_output();
    }
    nr_script_free(script);
    nr_document_free(doc);
    return code;
}

/* ---------------------------------------------------------------- voices and devices */

int show_voices(const options *opt)
{
    nr_voice_info *voices;
    size_t count;
    nr_error err;
    if (nr_voices(&voices, &count, &err))
        return failed(&err);
    json_t *all = json_array();
    for (size_t i = 0; i < count; i++) {
        const nr_voice_info *v = &voices[i];
        if (opt->json)
            json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s, s:s#}", "name", v->name, "driver", v->driver,
                                                 "language", v->language, "label", v->label, "gender", &v->gender, 1));
        else
            printf("%-28s %-14s %c  %s\n", v->name, v->language, v->gender, v->label);
    }
    if (opt->json)
        print_json(all, JSON_INDENT(1));
    else
        json_decref(all);
    nr_free(voices);
    return finish_output();
}

int show_devices(const options *opt)
{
    nr_device *devices;
    size_t count;
    nr_error err;
    if (nr_devices(&devices, &count, &err))
        return failed(&err);
    json_t *all = json_array();
    for (size_t i = 0; i < count; i++) {
        const nr_device *d = &devices[i];
        if (opt->json)
            json_array_append_new(all, json_pack("{s:s, s:s, s:i, s:f, s:b}", "name", d->name, "api", d->api, "channels",
                                                 d->channels, "sample_rate", d->sample_rate, "default", d->is_default));
        else
            printf("%s %-40s %-12s %d channels, %.0f Hz\n", d->is_default ? "*" : " ", d->name, d->api, d->channels,
                   d->sample_rate);
    }
    if (opt->json)
        print_json(all, JSON_INDENT(1));
    else
        json_decref(all);
    if (!count)
        complain("there is no sound device here; articles can still be written to a file: narrate ARTICLE -o talk.wav");
    nr_free(devices);
    return finish_output();
}
