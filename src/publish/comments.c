#include "publish/comments.h"

#include <math.h>

#include <stdio.h>

#include "base/error.h"

enum { CHAPTERS_MOST = 999, COMMENTS_MAX = 32 << 20 };

static void put_little(nr_buffer *b, uint32_t v)
{
    for (int shift = 0; shift < 32; shift += 8)
        nr_buffer_put_char(b, (char)(v >> shift));
}

static void put_big(nr_buffer *b, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        nr_buffer_put_char(b, (char)(v >> shift));
}

static void put_comment(nr_buffer *b, uint32_t *count, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    put_little(b, (uint32_t)(strlen(name) + 1 + strlen(value)));
    nr_buffer_put_string(b, name);
    nr_buffer_put_char(b, '=');
    nr_buffer_put_string(b, value);
    ++*count;
}

static void put_chapter(nr_buffer *b, uint32_t *count, const encode_task *t, size_t i)
{
    const timeline_chapter *c = &t->times->chapters[i];
    unsigned long long ms = (unsigned long long)llround(encode_seconds(t, c->start) * 1000);
    char name[24], when[40];
    snprintf(name, sizeof name, "CHAPTER%03u", (unsigned)(i + 1));
    snprintf(when, sizeof when, "%02llu:%02llu:%02llu.%03llu", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
    put_comment(b, count, name, when);
    snprintf(name, sizeof name, "CHAPTER%03uNAME", (unsigned)(i + 1));
    put_comment(b, count, name, c->title);
}

nr_status comments_picture(nr_buffer *out, const picture *cover, nr_error *err)
{
    put_big(out, 3); /* front cover */
    put_big(out, (uint32_t)strlen(cover->mime));
    nr_buffer_put_string(out, cover->mime);
    put_big(out, 0); /* no description */
    put_big(out, cover->width);
    put_big(out, cover->height);
    put_big(out, cover->depth);
    put_big(out, 0); /* colours of a palette: not told */
    put_big(out, (uint32_t)cover->bytes.n);
    nr_buffer_put_view(out, nr_buffer_view(&cover->bytes));
    return out->failed ? nr_fail_memory(err) : NR_OK;
}

static void put_base64(nr_buffer *b, nr_view v)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)v.p;
    for (size_t i = 0; i < v.n; i += 3) {
        uint32_t bits = (uint32_t)p[i] << 16 | (i + 1 < v.n ? (uint32_t)p[i + 1] << 8 : 0) | (i + 2 < v.n ? p[i + 2] : 0);
        char four[4] = {digits[bits >> 18], digits[bits >> 12 & 63], i + 1 < v.n ? digits[bits >> 6 & 63] : '=',
                        i + 2 < v.n ? digits[bits & 63] : '='};
        nr_buffer_put(b, four, 4);
    }
}

static void put_cover(nr_buffer *b, uint32_t *count, const picture *cover)
{
    nr_buffer block = NR_BUFFER_INIT(COMMENTS_MAX);
    if (comments_picture(&block, cover, NULL) == NR_OK) {
        put_little(b, (uint32_t)(strlen("METADATA_BLOCK_PICTURE=") + (block.n + 2) / 3 * 4));
        nr_buffer_put_string(b, "METADATA_BLOCK_PICTURE=");
        put_base64(b, nr_buffer_view(&block));
        ++*count;
    }
    nr_buffer_free(&block);
}

nr_status comments_write(nr_buffer *out, const encode_task *t, const char *vendor, bool with_cover, nr_error *err)
{
    static const char *const names[TAGS] = {[TAG_TITLE] = "TITLE",         [TAG_AUTHOR] = "ARTIST",     [TAG_ALBUM] = "ALBUM",
                                            [TAG_DATE] = "DATE",           [TAG_PUBLISHER] = "ORGANIZATION",
                                            [TAG_LANGUAGE] = "LANGUAGE",   [TAG_COMMENT] = "COMMENT",   [TAG_URL] = "URL",
                                            [TAG_TRACK] = "TRACKNUMBER"};
    uint32_t count = 0;
    put_little(out, (uint32_t)strlen(vendor));
    nr_buffer_put_string(out, vendor);
    size_t at = out->n;
    put_little(out, 0);
    for (int i = 0; i < TAGS; i++)
        put_comment(out, &count, names[i], t->tags[i]);
    for (size_t i = 0; i < encode_chapters(t) && i < CHAPTERS_MOST; i++)
        put_chapter(out, &count, t, i);
    if (with_cover && t->cover->bytes.n)
        put_cover(out, &count, t->cover);
    if (out->failed)
        return nr_fail_memory(err);
    for (int i = 0; i < 4; i++)
        out->p[at + (size_t)i] = (char)(count >> (8 * i));
    return NR_OK;
}
