#include "read/compose.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/table.h"

#include "base/utf8.h"

void nr_compose_init(nr_composer *c, nr_document *doc)
{
    *c = (nr_composer){.doc = doc, .text = NR_BUFFER_INIT(UINT32_MAX - 1)};
}

static void keep(nr_composer *c, nr_status s)
{
    if (!c->failed)
        c->failed = s;
}

static void put(nr_composer *c, const char *bytes, size_t n)
{
    if (c->space && c->text.n > c->block.span.start)
        nr_buffer_put_char(&c->text, ' ');
    c->space = false;
    keep(c, nr_buffer_put(&c->text, bytes, n));
}

void nr_compose_begin(nr_composer *c, nr_block block)
{
    nr_compose_end(c);
    if (c->text.n)
        nr_buffer_put(&c->text, "\n\n", 2);
    c->block = block;
    c->block.span.start = (uint32_t)c->text.n;
    c->open = true;
    c->space = false;
    for (size_t i = 0; i < c->depth; i++)
        c->inlines[i].start = (uint32_t)c->text.n;
}

/* White space that collapses: HTML's own, and the no-break space, which no ear tells apart. Soft hyphens and zero-width
 * marks vanish. Returns the bytes of it at p, 0 for none. */
static int space_at(const char *p, const char *end, bool *nothing)
{
    *nothing = false;
    unsigned char b = (unsigned char)*p;
    if (b < 0x80)
        return nr_ascii_space(*p) || b < 0x20 || b == 0x7F;
    if (b != 0xC2 && b != 0xE2 && b != 0xE3 && b != 0xEF)
        return 0;
    int length;
    uint32_t c = nr_utf8_decode(p, end, &length);
    if (c == 0xAD || (c >= 0x200B && c <= 0x200F && c != 0x200D) || c == 0xFEFF || c == 0x2060) {
        *nothing = true;
        return length;
    }
    return nr_code_is_space(c) ? length : 0;
}

void nr_compose_text(nr_composer *c, nr_view v)
{
    const char *p = v.p, *end = v.p + v.n;
    while (p < end && !c->failed) {
        bool nothing;
        int blank = space_at(p, end, &nothing);
        if (blank) {
            c->space = c->space || !nothing;
            p += blank;
            continue;
        }
        const char *start = p;
        while (p < end && !space_at(p, end, &nothing))
            p++;
        put(c, start, (size_t)(p - start));
    }
}

void nr_compose_raw(nr_composer *c, nr_view v)
{
    while (v.n && c->text.n == c->block.span.start && nr_ascii_space(*v.p))
        v.p++, v.n--;
    while (v.n && v.p[v.n - 1] == '\n')
        v.n--;
    if (v.n)
        put(c, v.p, v.n);
}

static void add_inline(nr_composer *c, size_t i)
{
    if (c->open && c->inlines[i].start < c->text.n)
        keep(c, nr_document_add_inline(
                    c->doc,
                    (nr_inline){{c->inlines[i].start, (uint32_t)c->text.n}, c->inlines[i].kind, c->inlines[i].value}));
}

void nr_compose_open(nr_composer *c, nr_inline_kind kind, nr_view value)
{
    if (c->depth == NR_COMPOSE_DEPTH) {
        c->too_deep++;
        return;
    }
    nr_view copy = {NULL, 0};
    if (value.n) {
        copy = nr_arena_copy(&c->doc->arena, value);
        if (!copy.p)
            keep(c, NR_ENOMEM);
    }
    if (c->space && c->open && c->text.n > c->block.span.start)
        nr_buffer_put_char(&c->text, ' ');
    c->space = false;
    c->inlines[c->depth].kind = kind;
    c->inlines[c->depth].value = copy;
    c->inlines[c->depth++].start = (uint32_t)c->text.n;
}

void nr_compose_close(nr_composer *c)
{
    if (c->too_deep) {
        c->too_deep--;
        return;
    }
    if (c->depth)
        add_inline(c, --c->depth);
}

/* Trailing space that an opened inline left behind. */
static void trim_end(nr_composer *c)
{
    size_t n = c->text.n;
    while (n > c->block.span.start && nr_ascii_space(c->text.p[n - 1]))
        n--;
    nr_buffer_truncate(&c->text, n);
    for (size_t i = c->doc->inline_count; i > 0; i--) {
        nr_inline *in = &c->doc->inlines[i - 1];
        if (in->span.start < c->block.span.start)
            break;
        if (in->span.end > n)
            in->span.end = (uint32_t)n;
        if (in->span.start >= in->span.end)
            c->doc->inlines[i - 1] = c->doc->inlines[--c->doc->inline_count];
    }
}

void nr_compose_end(nr_composer *c)
{
    if (!c->open)
        return;
    for (size_t i = c->depth; i > 0; i--)
        add_inline(c, i - 1);
    trim_end(c);
    c->open = false;
    c->space = false;
    c->block.span.end = (uint32_t)c->text.n;
    if (c->block.span.end > c->block.span.start || c->block.kind == NR_BLOCK_BREAK)
        keep(c, nr_document_add_block(c->doc, c->block));
    else
        nr_buffer_truncate(&c->text, c->block.span.start >= 2 ? c->block.span.start - 2 : 0);
    for (size_t i = 0; i < c->depth; i++)
        c->inlines[i].start = (uint32_t)c->text.n;
    keep(c, c->text.failed);
}

void nr_compose_block(nr_composer *c, nr_block_kind kind, uint8_t flags, nr_view text)
{
    nr_compose_begin(c, (nr_block){.kind = (uint8_t)kind, .flags = flags});
    nr_compose_text(c, text);
    nr_compose_end(c);
}

/* "A table of %u rows is left out." */
static void put_number(nr_composer *c, nr_view words, uint32_t count)
{
    char figures[16];
    const char *mark = nr_view_find(words, NR_LIT("%u"));
    size_t before = mark ? (size_t)(mark - words.p) : words.n;
    nr_compose_text(c, (nr_view){words.p, before});
    if (!mark)
        return;
    nr_compose_text(c, (nr_view){figures, (size_t)snprintf(figures, sizeof figures, "%u", (unsigned)count)});
    nr_compose_text(c, (nr_view){mark + 2, words.n - before - 2});
}

void nr_compose_left_out(nr_composer *c, nr_block_kind kind, uint32_t count)
{
    const char *language = c->doc->metadata.language;
    char path[32] = "en/leftout.tsv";
    if (language && strlen(language) >= 2)
        snprintf(path, sizeof path, "%c%c/leftout.tsv", nr_ascii_lower(language[0]), nr_ascii_lower(language[1]));
    nr_table *words = NULL;
    nr_error err;
    if (!nr_data_find(path).p || nr_table_new(&words, &err) || nr_table_add_builtin(words, path, 2, NULL, &err)) {
        nr_table_free(words);
        return;
    }
    const nr_row *row = nr_table_find(words, kind == NR_BLOCK_CODE ? NR_LIT("code") : NR_LIT("table"));
    if (row) {
        nr_compose_begin(c, (nr_block){.kind = (uint8_t)kind, .flags = NR_BLOCK_NAME});
        put_number(c, row->column[0], count);
        nr_compose_end(c);
    }
    nr_table_free(words);
}

static const char *by_in(const char *language)
{
    static const char *const words[][2] = {{"de", "Von "}, {"fr", "Par "}, {"es", "Por "}, {"pt", "Por "},
                                           {"it", "Di "},  {"nl", "Door "}};
    for (size_t i = 0; language && i < sizeof words / sizeof *words; i++)
        if (nr_view_starts_nocase(nr_view_of(language), nr_view_of(words[i][0])))
            return words[i][1];
    return "By ";
}

void nr_compose_opening(nr_composer *c)
{
    const nr_metadata *m = &c->doc->metadata;
    if (m->title)
        nr_compose_block(c, NR_BLOCK_TITLE, 0, nr_view_of(m->title));
    if (m->author) {
        nr_compose_begin(c, (nr_block){.kind = NR_BLOCK_BYLINE});
        nr_compose_text(c, nr_view_of(by_in(m->language)));
        nr_compose_text(c, nr_view_of(m->author));
        nr_compose_end(c);
    }
    if (m->date)
        nr_compose_block(c, NR_BLOCK_DATE, 0, nr_view_of(m->date));
}

static int by_start(const void *a, const void *b)
{
    const nr_inline *x = a, *y = b;
    if (x->span.start != y->span.start)
        return x->span.start < y->span.start ? -1 : 1;
    if (x->span.end != y->span.end)
        return x->span.end > y->span.end ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

nr_status nr_compose_finish(nr_composer *c)
{
    nr_compose_end(c);
    keep(c, nr_buffer_put(&c->text, "", 0));
    if (c->failed) {
        nr_buffer_free(&c->text);
        return c->failed;
    }
    nr_buffer_free(&c->doc->text);
    c->doc->text = c->text;
    c->text = NR_BUFFER_INIT(0);
    if (c->doc->inline_count)
        qsort(c->doc->inlines, c->doc->inline_count, sizeof *c->doc->inlines, by_start);
    return NR_OK;
}
