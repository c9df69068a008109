/* Any bytes as a picture, and any texts as tags and chapters: pictures are taken or refused with a message; the frames of
 * an ID3 tag, and the comments of Vorbis, add up to what their heads say. */
#include <stdlib.h>
#include <string.h>

#include "publish/comments.h"
#include "publish/id3.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(bool good)
{
    if (!good)
        abort();
}

static void walk_id3(const unsigned char *p, size_t n)
{
    if (n == 0)
        return;
    check(n > 20 && memcmp(p, "ID3\3\0\0", 6) == 0);
    size_t size = (size_t)p[6] << 21 | (size_t)p[7] << 14 | (size_t)p[8] << 7 | p[9], at = 10;
    check(size + 10 == n);
    while (at < n) {
        check(at + 10 <= n);
        at += 10 + ((size_t)p[at + 4] << 24 | (size_t)p[at + 5] << 16 | (size_t)p[at + 6] << 8 | p[at + 7]);
    }
    check(at == n);
}

static size_t little(const unsigned char *p) { return p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24; }

static void walk_comments(const unsigned char *p, size_t n)
{
    size_t at = 4 + little(p), count = little(p + at);
    for (at += 4; count; count--) {
        check(at + 4 <= n && at + 4 + little(p + at) <= n && memchr(p + at + 4, '=', little(p + at)));
        at += 4 + little(p + at);
    }
    check(at == n);
}

static void write_tags(const char *const *tags, const picture *cover, timeline *times)
{
    recording sound = {.fd = -1, .rate = times->rate, .frames = times->frames};
    publish_file file = {.path = "x"};
    encode_task t = {.tags = tags, .cover = cover, .times = times, .sound = &sound, .file = &file};
    nr_buffer id3 = NR_BUFFER_INIT(64u << 20), comments = NR_BUFFER_INIT(64u << 20);
    check(id3_write(&id3, &t, NULL) == NR_OK);
    walk_id3((const unsigned char *)id3.p, id3.n);
    check(comments_write(&comments, &t, "vendor", true, NULL) == NR_OK);
    walk_comments((const unsigned char *)comments.p, comments.n);
    nr_buffer_free(&id3);
    nr_buffer_free(&comments);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    nr_error err = {0};
    picture cover;
    nr_buffer copy = NR_BUFFER_INIT(PICTURE_MAX), text = NR_BUFFER_INIT(PICTURE_MAX);
    nr_buffer_put(&copy, bytes, n);
    if (picture_take(&cover, &copy, "x", &err)) {
        check(err.msg[0]);
        picture_free(&cover);
    }
    nr_buffer_put(&text, bytes, n);
    nr_buffer_put_char(&text, '\0');
    picture lead;
    if (picture_of_article(&lead, text.p, NULL, NULL) == NR_OK)
        picture_free(&lead);
    const char *tags[TAGS], *end = text.p + text.n, *at = text.p;
    for (int i = 0; i < TAGS; i++) {
        tags[i] = at < end ? at : NULL;
        at = at < end ? at + strlen(at) + 1 : end;
    }
    timeline_chapter chapters[300];
    timeline times = {.rate = 22050, .frames = 22050 * 300, .chapters = chapters, .chapter_count = n % 301};
    for (size_t i = 0; i < 300; i++)
        chapters[i] = (timeline_chapter){i * 22050, (i + 1) * 22050, tags[i % TAGS] ? tags[i % TAGS] : "", 1};
    write_tags(tags, &cover, &times);
    picture_free(&cover);
    nr_buffer_free(&text);
    return 0;
}
