#include "publish/render.h"

#include <ctype.h>
#include <stdio.h>

#include "publish/markup.h"
#include "publish/phrase.h"

enum { OPEN_MAX = 12 }; /* inlines inside one another; more are not shown */

typedef struct renderer {
    const timeline *t;
    const timeline_part *part;
    const render_options *opt;
    const nr_block *blocks;
    const nr_inline *inlines;
    size_t inline_count, inline_at;
    const nr_inline *open[OPEN_MAX];
    size_t open_count, shown; /* active here; those whose tags stand open */
    uint32_t hidden_until;
    size_t sentence; /* next of the timeline */
    nr_buffer *out;
    int lists[OPEN_MAX]; /* 1: ul, 2: ol, with an li open */
    size_t list_count;
    bool quoting;
} renderer;

/* ---------------------------------------------------------------- inlines */

static const char *tag_of(const nr_inline *i)
{
    switch (i->kind) {
    case NR_INLINE_EMPHASIS: return "em";
    case NR_INLINE_LINK: return "a";
    case NR_INLINE_ABBR: return "abbr";
    case NR_INLINE_SUB: return "sub";
    case NR_INLINE_SUP: return "sup";
    case NR_INLINE_CODE: return "code";
    case NR_INLINE_LANG: return "span";
    default: return NULL;
    }
}

/* An address that a book may hold: of the web or of a mailbox, and written as RFC 3986 has it. */
static bool is_safe_address(nr_view v)
{
    for (size_t i = 0; i < v.n; i++)
        if ((unsigned char)v.p[i] <= ' ' || (unsigned char)v.p[i] > '~' || strchr("<>\"{}|\\^`[]", v.p[i]) ||
            (v.p[i] == '%' && (i + 2 >= v.n || !isxdigit((unsigned char)v.p[i + 1]) || !isxdigit((unsigned char)v.p[i + 2]))))
            return false;
    return nr_view_starts_nocase(v, NR_LIT("https://")) || nr_view_starts_nocase(v, NR_LIT("http://")) ||
           nr_view_starts_nocase(v, NR_LIT("mailto:"));
}

static void open_tag(renderer *r, const nr_inline *i)
{
    nr_buffer_printf(r->out, "<%s", tag_of(i));
    if (i->kind == NR_INLINE_LINK)
        markup_attribute(r->out, "href", i->value);
    if (i->kind == NR_INLINE_ABBR && i->value.n)
        markup_attribute(r->out, "title", i->value);
    if (i->kind == NR_INLINE_LANG && markup_is_tag(i->value)) {
        markup_attribute(r->out, "lang", i->value);
        markup_attribute(r->out, "xml:lang", i->value);
    }
    nr_buffer_put_char(r->out, '>');
}

static void close_inlines(renderer *r)
{
    while (r->shown)
        nr_buffer_printf(r->out, "</%s>", tag_of(r->open[--r->shown]));
}

static bool has_kind(const renderer *r, nr_inline_kind kind)
{
    for (size_t i = 0; i < r->open_count; i++)
        if (r->open[i]->kind == kind)
            return true;
    return false;
}

/* What is in force at a place: ended inlines go, new ones come. */
static void change_inlines(renderer *r, uint32_t at)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->open_count; i++)
        if (r->open[i]->span.end <= at) {
            close_inlines(r);
            break;
        }
    for (size_t i = 0; i < r->open_count; i++)
        if (r->open[i]->span.end > at)
            r->open[kept++] = r->open[i];
    r->open_count = kept;
    for (; r->inline_at < r->inline_count && r->inlines[r->inline_at].span.start <= at; r->inline_at++) {
        const nr_inline *i = &r->inlines[r->inline_at];
        if (i->kind == NR_INLINE_SILENT && i->span.end > r->hidden_until)
            r->hidden_until = i->span.end;
        if (tag_of(i) && i->span.end > at && r->open_count < OPEN_MAX && !has_kind(r, i->kind) &&
            (i->kind != NR_INLINE_LINK || is_safe_address(i->value)))
            r->open[r->open_count++] = i;
    }
}

static void open_inlines(renderer *r)
{
    for (; r->shown < r->open_count; r->shown++)
        open_tag(r, r->open[r->shown]);
}

/* Text in which tags open and close as they may. */
static void put_run(renderer *r, uint32_t from, uint32_t to)
{
    const char *text = nr_document_text(r->part->doc).p;
    for (uint32_t at = from; at < to;) {
        change_inlines(r, at);
        open_inlines(r);
        uint32_t next = to;
        if (at < r->hidden_until && r->hidden_until < next)
            next = r->hidden_until;
        if (r->inline_at < r->inline_count && r->inlines[r->inline_at].span.start < next)
            next = r->inlines[r->inline_at].span.start;
        for (size_t i = 0; i < r->open_count; i++)
            next = r->open[i]->span.end < next ? r->open[i]->span.end : next;
        if (at >= r->hidden_until)
            markup_text(r->out, nr_view_sub(text, at, next));
        at = next;
    }
}

/* ---------------------------------------------------------------- sentences and words */

static void open_span(renderer *r, char letter, size_t number, uint64_t start, uint64_t end)
{
    if (r->opt->times)
        nr_buffer_printf(r->out, "<span data-start=\"%.3f\" data-end=\"%.3f\">", timeline_seconds(r->t, start), timeline_seconds(r->t, end));
    else
        nr_buffer_printf(r->out, "<span id=\"%c%zu\">", letter, number + 1);
}

static void put_words(renderer *r, const timeline_sentence *s)
{
    uint32_t at = s->span.start;
    for (size_t k = s->first, last = s->first + s->count; k < last;) {
        nr_span span;
        size_t n = phrase_token(r->t, k, last, &span);
        if (span.start >= at && span.end <= s->span.end && span.end > span.start) {
            put_run(r, at, span.start);
            change_inlines(r, span.start);
            open_inlines(r);
            open_span(r, 'w', k, r->t->words[k].start, r->t->words[k + n - 1].end);
            markup_text(r->out, nr_view_sub(nr_document_text(r->part->doc).p, span.start, span.end));
            nr_buffer_put_string(r->out, "</span>");
            if (r->opt->shown_words)
                r->opt->shown_words[k] = true;
            at = span.end;
        }
        k += n;
    }
    put_run(r, at, s->span.end);
}

static void put_sentence(renderer *r, const timeline_sentence *s)
{
    close_inlines(r);
    open_span(r, 's', (size_t)(s - r->t->sentences), s->start, s->end);
    if (r->opt->words)
        put_words(r, s);
    else
        put_run(r, s->span.start, s->span.end);
    close_inlines(r);
    nr_buffer_put_string(r->out, "</span>");
    if (r->opt->shown_sentences)
        r->opt->shown_sentences[s - r->t->sentences] = true;
}

static void put_inside(renderer *r, uint32_t index)
{
    const nr_block *b = &r->blocks[index];
    uint32_t at = b->span.start;
    size_t last = r->part->first + r->part->count;
    for (; r->sentence < last && r->t->sentences[r->sentence].block <= index; r->sentence++) {
        const timeline_sentence *s = &r->t->sentences[r->sentence];
        if (s->block < index || s->span.start < at || s->span.end > b->span.end || !s->count)
            continue;
        put_run(r, at, s->span.start);
        put_sentence(r, s);
        at = s->span.end;
    }
    put_run(r, at, b->span.end);
    close_inlines(r);
    r->open_count = 0;
}

/* ---------------------------------------------------------------- blocks */

static void close_lists(renderer *r, size_t left)
{
    while (r->list_count > left)
        nr_buffer_printf(r->out, "</li>\n</%s>\n", r->lists[--r->list_count] == 2 ? "ol" : "ul");
}

static void put_item(renderer *r, uint32_t index)
{
    const nr_block *b = &r->blocks[index];
    size_t level = b->level < 1 ? 1 : b->level > OPEN_MAX ? OPEN_MAX : b->level;
    int kind = b->number ? 2 : 1;
    close_lists(r, level);
    if (r->list_count == level && r->lists[level - 1] != kind)
        close_lists(r, level - 1);
    else if (r->list_count == level)
        nr_buffer_put_string(r->out, "</li>\n");
    for (bool first = r->list_count < level; r->list_count < level;) {
        bool inner = r->list_count + 1 == level;
        r->lists[r->list_count++] = inner ? kind : 1;
        nr_buffer_put_string(r->out, inner && kind == 2 ? "<ol>\n" : "<ul>\n");
        if (!inner && first)
            nr_buffer_put_string(r->out, "<li>");
    }
    if (kind == 2)
        nr_buffer_printf(r->out, "<li value=\"%u\">", b->number);
    else
        nr_buffer_put_string(r->out, "<li>");
    put_inside(r, index);
}

/* The opening and closing tags of a block that is no list item. */
static void tags_of(const nr_block *b, const char **open, const char **close)
{
    static const char *const headings[][2] = {{"<h1>", "</h1>"}, {"<h2>", "</h2>"}, {"<h3>", "</h3>"},
                                              {"<h4>", "</h4>"}, {"<h5>", "</h5>"}, {"<h6>", "</h6>"}};
    int level = b->kind == NR_BLOCK_TITLE ? 1 : b->level < 2 ? 2 : b->level > 6 ? 6 : b->level;
    *open = "<p>", *close = "</p>";
    switch (b->kind) {
    case NR_BLOCK_TITLE:
    case NR_BLOCK_HEADING: *open = headings[level - 1][0], *close = headings[level - 1][1]; break;
    case NR_BLOCK_BYLINE: *open = "<p class=\"byline\">"; break;
    case NR_BLOCK_DATE: *open = "<p class=\"date\">"; break;
    case NR_BLOCK_CAPTION: *open = "<figure><figcaption>", *close = "</figcaption></figure>"; break;
    case NR_BLOCK_ROW: *open = "<p class=\"row\">"; break;
    case NR_BLOCK_CODE: *open = "<pre>", *close = "</pre>"; break;
    case NR_BLOCK_FOOTNOTE: *open = "<p class=\"footnote\">"; break;
    case NR_BLOCK_ALT: *open = "<p class=\"alt\">"; break;
    default: break;
    }
}

static void put_block(renderer *r, uint32_t index)
{
    const nr_block *b = &r->blocks[index];
    const char *open, *close;
    if (b->kind != NR_BLOCK_ITEM)
        close_lists(r, 0);
    if (r->quoting != (b->kind == NR_BLOCK_QUOTE))
        nr_buffer_put_string(r->out, r->quoting ? "</blockquote>\n" : "<blockquote>\n");
    r->quoting = b->kind == NR_BLOCK_QUOTE;
    if (b->kind == NR_BLOCK_ITEM) {
        put_item(r, index);
    } else if (b->kind == NR_BLOCK_BREAK) {
        nr_buffer_put_string(r->out, "<hr/>\n");
    } else {
        tags_of(b, &open, &close);
        nr_buffer_put_string(r->out, open);
        put_inside(r, index);
        nr_buffer_printf(r->out, "%s\n", close);
    }
}

static bool is_said(renderer *r, uint32_t index)
{
    size_t last = r->part->first + r->part->count;
    while (r->sentence < last && r->t->sentences[r->sentence].block < index)
        r->sentence++;
    return r->sentence < last && r->t->sentences[r->sentence].block == index;
}

nr_status render_part(const timeline *t, size_t part, const render_options *opt, nr_buffer *out)
{
    renderer r = {.t = t, .part = &t->parts[part], .opt = opt, .out = out, .sentence = t->parts[part].first};
    size_t count;
    r.blocks = nr_document_blocks(r.part->doc, &count);
    r.inlines = nr_document_inlines(r.part->doc, &r.inline_count);
    for (uint32_t i = 0; i < count && !out->failed; i++) {
        bool holds = r.blocks[i].span.end > r.blocks[i].span.start || r.blocks[i].kind == NR_BLOCK_BREAK;
        if (is_said(&r, i) || (opt->silent && holds))
            put_block(&r, i);
    }
    close_lists(&r, 0);
    if (r.quoting)
        nr_buffer_put_string(r.out, "</blockquote>\n");
    return out->failed;
}
