#include "read/show.h"

static const char *const kinds[] = {"title", "byline",  "date", "heading", "paragraph", "item",
                                    "quote", "caption", "row",  "code",    "footnote",  "break",
                                    "alt",   "link"};
static const char *const inlines[] = {"silent", "emphasis", "link", "abbr", "sub", "sup", "code", "lang", "letters", "pause", "prosody", "phoneme"};

static nr_view text_of(const nr_document *doc, nr_span span)
{
    return nr_view_sub(nr_document_text(doc).p, span.start, span.end);
}

static void put_flat(nr_buffer *out, nr_view v)
{
    bool space = false;
    for (size_t i = 0; i < v.n; i++) {
        bool blank = nr_ascii_space(v.p[i]);
        if (!blank && space)
            nr_buffer_put_char(out, ' ');
        if (!blank)
            nr_buffer_put_char(out, v.p[i]);
        space = blank;
    }
}

void show_body(const nr_document *doc, nr_buffer *out)
{
    size_t count;
    const nr_block *b = nr_document_blocks(doc, &count);
    for (size_t i = 0; i < count; i++) {
        if (b[i].kind <= NR_BLOCK_DATE || b[i].flags & NR_BLOCK_SILENT || b[i].span.start == b[i].span.end)
            continue;
        put_flat(out, text_of(doc, b[i].span));
        nr_buffer_put_char(out, '\n');
    }
}

static void show_field(nr_buffer *out, const char *name, const char *value)
{
    if (value)
        nr_buffer_printf(out, "%s = %s\n", name, value);
}

static void show_inlines(const nr_document *doc, const nr_block *b, nr_buffer *out)
{
    size_t count;
    const nr_inline *in = nr_document_inlines(doc, &count);
    for (size_t i = 0; i < count; i++) {
        if (in[i].span.start < b->span.start || in[i].span.end > b->span.end)
            continue;
        nr_buffer_printf(out, "  %s \"", inlines[in[i].kind]);
        put_flat(out, text_of(doc, in[i].span));
        nr_buffer_put_string(out, "\"");
        if (in[i].value.n)
            nr_buffer_printf(out, " = %.*s", (int)in[i].value.n, in[i].value.p);
        nr_buffer_put_char(out, '\n');
    }
}

static void show_block(const nr_document *doc, const nr_block *b, nr_buffer *out)
{
    nr_buffer_put_string(out, kinds[b->kind]);
    if (b->level)
        nr_buffer_printf(out, " %d", b->level);
    if (b->number)
        nr_buffer_printf(out, " #%u", b->number);
    if (b->lang)
        nr_buffer_printf(out, " [%s]", nr_document_language(doc, b->lang));
    nr_buffer_put_string(out, b->flags & NR_BLOCK_SILENT ? " (silent): " : b->flags & NR_BLOCK_NAME ? " (name): " : ": ");
    put_flat(out, text_of(doc, b->span));
    nr_buffer_put_char(out, '\n');
    show_inlines(doc, b, out);
}

void show_document(const nr_document *doc, nr_buffer *out)
{
    const nr_metadata *m = nr_document_metadata(doc);
    show_field(out, "title", m->title);
    show_field(out, "author", m->author);
    show_field(out, "date", m->date);
    show_field(out, "date_iso", m->date_iso);
    show_field(out, "modified", m->modified);
    show_field(out, "publisher", m->publisher);
    show_field(out, "language", m->language);
    show_field(out, "url", m->url);
    show_field(out, "description", m->description);
    show_field(out, "image", m->image);
    size_t count;
    const nr_block *b = nr_document_blocks(doc, &count);
    for (size_t i = 0; i < count; i++)
        show_block(doc, &b[i], out);
}
