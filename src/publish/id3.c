#include "publish/id3.h"

#include <math.h>
#include <stdio.h>

#include <unicode/uloc.h>

#include "base/error.h"
#include "base/utf8.h"

enum { TOC_MOST = 255 }; /* a table's entries are counted in a byte */

const char *id3_language(const char *tag)
{
    const char *iso = tag ? uloc_getISO3Language(tag) : "";
    return strlen(iso) == 3 ? iso : "und";
}

static void put_big(nr_buffer *b, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        nr_buffer_put_char(b, (char)(v >> shift));
}

/* ---------------------------------------------------------------- frames */

/* A frame's head; the size is filled in by end_frame(). */
static size_t begin_frame(nr_buffer *b, const char *id)
{
    nr_buffer_put(b, id, 4);
    put_big(b, 0);
    nr_buffer_put(b, "\0", 2);
    return b->n;
}

static void end_frame(nr_buffer *b, size_t begun)
{
    if (b->failed)
        return;
    size_t n = b->n - begun;
    for (int i = 0; i < 4; i++)
        b->p[begun - 6 + (size_t)i] = (char)(n >> (24 - 8 * i));
}

static bool is_ascii(const char *s)
{
    while (*s && (unsigned char)*s < 0x80)
        s++;
    return !*s;
}

static void put_utf16(nr_buffer *b, unsigned unit)
{
    nr_buffer_put_char(b, (char)unit);
    nr_buffer_put_char(b, (char)(unit >> 8));
}

/* Text as its encoding byte has it: Latin-1 for ASCII, else UTF-16 with a byte order mark. */
static void put_text(nr_buffer *b, const char *s, bool wide)
{
    if (!wide) {
        nr_buffer_put_string(b, s);
        return;
    }
    put_utf16(b, 0xFEFF);
    for (const char *end = s + strlen(s); s < end;) {
        int length;
        uint32_t c = nr_utf8_decode(s, end, &length);
        s += length;
        if (c >= 0x10000) {
            put_utf16(b, 0xD800 + ((c - 0x10000) >> 10));
            c = 0xDC00 + ((c - 0x10000) & 0x3FF);
        }
        put_utf16(b, c);
    }
}

static void put_text_frame(nr_buffer *b, const char *id, const char *text)
{
    if (!text || !*text)
        return;
    bool wide = !is_ascii(text);
    size_t begun = begin_frame(b, id);
    nr_buffer_put_char(b, wide);
    put_text(b, text, wide);
    end_frame(b, begun);
}

static void put_comment(nr_buffer *b, const encode_task *t)
{
    if (!encode_has(t, TAG_COMMENT))
        return;
    bool wide = !is_ascii(t->tags[TAG_COMMENT]);
    size_t begun = begin_frame(b, "COMM");
    nr_buffer_put_char(b, wide);
    nr_buffer_put(b, id3_language(t->tags[TAG_LANGUAGE]), 3);
    put_text(b, "", wide); /* no description */
    nr_buffer_put(b, "\0", wide ? 2 : 1);
    put_text(b, t->tags[TAG_COMMENT], wide);
    end_frame(b, begun);
}

/* ISO 8601 becomes year, day and month, hour and minute; anything else only a year, if it has one. */
static void put_date(nr_buffer *b, const char *date)
{
    unsigned year, month, day, hour, minute;
    char text[8];
    int parts = sscanf(date ? date : "", "%4u-%2u-%2uT%2u:%2u", &year, &month, &day, &hour, &minute);
    if (parts < 1 || year < 1000)
        return;
    snprintf(text, sizeof text, "%04u", year % 10000);
    put_text_frame(b, "TYER", text);
    if (parts < 3 || month > 12 || day > 31)
        return;
    snprintf(text, sizeof text, "%02u%02u", day, month);
    put_text_frame(b, "TDAT", text);
    if (parts < 5 || hour > 23 || minute > 59)
        return;
    snprintf(text, sizeof text, "%02u%02u", hour, minute);
    put_text_frame(b, "TIME", text);
}

static void put_picture(nr_buffer *b, const picture *cover)
{
    if (!cover->bytes.n)
        return;
    size_t begun = begin_frame(b, "APIC");
    nr_buffer_put_char(b, 0);
    nr_buffer_put(b, cover->mime, strlen(cover->mime) + 1);
    nr_buffer_put(b, "\3\0", 2); /* front cover, no description */
    nr_buffer_put_view(b, nr_buffer_view(&cover->bytes));
    end_frame(b, begun);
}

/* ---------------------------------------------------------------- chapters */

/* A table: its own name, and those of `count` chapters or tables from `first` on. */
static void put_table(nr_buffer *b, const char *name, int flags, const char *kind, size_t first, size_t count)
{
    size_t begun = begin_frame(b, "CTOC");
    nr_buffer_put(b, name, strlen(name) + 1);
    nr_buffer_put_char(b, (char)flags);
    nr_buffer_put_char(b, (char)count);
    for (size_t i = first; i < first + count; i++) {
        nr_buffer_printf(b, "%s%zu", kind, i);
        nr_buffer_put_char(b, '\0');
    }
    end_frame(b, begun);
}

static void put_tables(nr_buffer *b, size_t chapters)
{
    enum { TOP = 2, ORDERED = 1 };
    if (chapters <= TOC_MOST) {
        put_table(b, "toc", TOP | ORDERED, "chp", 0, chapters);
        return;
    }
    size_t tables = (chapters + TOC_MOST - 1) / TOC_MOST;
    put_table(b, "toc", TOP | ORDERED, "toc", 0, tables < TOC_MOST ? tables : TOC_MOST);
    for (size_t i = 0; i < tables && i < TOC_MOST; i++) {
        char name[16];
        snprintf(name, sizeof name, "toc%u", (unsigned)i);
        put_table(b, name, ORDERED, "chp", i * TOC_MOST, chapters - i * TOC_MOST < TOC_MOST ? chapters - i * TOC_MOST : TOC_MOST);
    }
}

static void put_chapters(nr_buffer *b, const encode_task *t)
{
    if (!encode_chapters(t))
        return;
    put_tables(b, encode_chapters(t));
    for (size_t i = 0; i < encode_chapters(t); i++) {
        const timeline_chapter *c = &t->times->chapters[i];
        size_t begun = begin_frame(b, "CHAP");
        nr_buffer_printf(b, "chp%zu", i);
        nr_buffer_put_char(b, '\0');
        put_big(b, (uint32_t)llround(encode_seconds(t, c->start) * 1000));
        put_big(b, (uint32_t)llround(encode_seconds(t, c->end) * 1000));
        put_big(b, UINT32_MAX); /* times, not bytes */
        put_big(b, UINT32_MAX);
        put_text_frame(b, "TIT2", c->title);
        end_frame(b, begun);
    }
}

/* ---------------------------------------------------------------- the tag */

nr_status id3_write(nr_buffer *out, const encode_task *t, nr_error *err)
{
    static const struct {
        const char *id;
        encode_tag tag;
    } texts[] = {{"TIT2", TAG_TITLE}, {"TPE1", TAG_AUTHOR}, {"TALB", TAG_ALBUM}, {"TPUB", TAG_PUBLISHER}, {"TRCK", TAG_TRACK}};
    size_t begun = out->n;
    nr_buffer_put(out, "ID3\3\0\0\0\0\0\0", 10);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        put_text_frame(out, texts[i].id, t->tags[texts[i].tag]);
    put_date(out, t->tags[TAG_DATE]);
    if (encode_has(t, TAG_LANGUAGE))
        put_text_frame(out, "TLAN", id3_language(t->tags[TAG_LANGUAGE]));
    put_comment(out, t);
    if (encode_has(t, TAG_URL) && is_ascii(t->tags[TAG_URL])) {
        size_t frame = begin_frame(out, "WOAS");
        nr_buffer_put_string(out, t->tags[TAG_URL]);
        end_frame(out, frame);
    }
    put_picture(out, t->cover);
    put_chapters(out, t);
    if (out->failed)
        return nr_fail_memory(err);
    size_t n = out->n - begun - 10;
    if (n == 0) {
        nr_buffer_truncate(out, begun);
        return NR_OK;
    }
    if (n >> 28)
        return nr_fail(err, NR_ELIMIT, 0, "cannot write '%s': its tags and chapters are larger than an ID3 tag may be", t->file->path);
    for (int i = 0; i < 4; i++)
        out->p[begun + 6 + (size_t)i] = (char)(n >> (21 - 7 * i) & 0x7F);
    return NR_OK;
}
