#include "publish/picture.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"

enum { FETCH_SECONDS = 20 };

static unsigned two(const unsigned char *p) { return (unsigned)p[0] << 8 | p[1]; }
static unsigned four(const unsigned char *p) { return two(p) << 16 | two(p + 2); }

/* PNG (ISO 15948): the first chunk is IHDR; a whole file ends with IEND. */
static bool read_png(picture *p, const unsigned char *b, size_t n)
{
    static const unsigned char channels[7] = {1, 0, 3, 1, 2, 0, 4};
    if (n < 45 || memcmp(b, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) != 0 || b[25] > 6 || !channels[b[25]])
        return false;
    p->width = four(b + 16);
    p->height = four(b + 20);
    p->depth = (b[25] == 3 ? 8u : b[24]) * channels[b[25]];
    return memcmp(b + n - 8, "IEND", 4) == 0;
}

/* JPEG (ITU-T T.81): segments up to the frame's header, which tells the size; a whole file has an end of image. */
static bool read_jpeg(picture *p, const unsigned char *b, size_t n)
{
    size_t at = 2;
    if (n < 4 || b[0] != 0xFF || b[1] != 0xD8)
        return false;
    while (at + 10 <= n && b[at] == 0xFF) {
        unsigned char kind = b[at + 1];
        bool frame = kind >= 0xC0 && kind <= 0xCF && kind != 0xC4 && kind != 0xC8 && kind != 0xCC;
        if (frame) {
            p->height = two(b + at + 5);
            p->width = two(b + at + 7);
            p->depth = 8u * b[at + 9];
            return memmem(b + at, n - at, "\xFF\xD9", 2) != NULL;
        }
        at += kind == 0xFF ? 1 : 2 + (size_t)two(b + at + 2);
    }
    return false;
}

nr_status picture_take(picture *out, nr_buffer *bytes, const char *name, nr_error *err)
{
    const unsigned char *b = (const unsigned char *)bytes->p;
    *out = (picture){.bytes = *bytes};
    *bytes = NR_BUFFER_INIT(0);
    bool png = out->bytes.n >= 8 && memcmp(b, "\x89PNG", 4) == 0, jpeg = out->bytes.n >= 2 && b[0] == 0xFF && b[1] == 0xD8;
    out->mime = png ? "image/png" : "image/jpeg";
    if (!png && !jpeg)
        return nr_fail(err, NR_EFORMAT, 0, "'%s' is neither a JPEG nor a PNG picture", name);
    if (!(png ? read_png : read_jpeg)(out, b, out->bytes.n))
        return nr_fail(err, NR_EFORMAT, 0, "the %s picture '%s' is broken or cut short", png ? "PNG" : "JPEG", name);
    if (!out->width || !out->height)
        return nr_fail(err, NR_EFORMAT, 0, "the picture '%s' has no size", name);
    return NR_OK;
}

nr_status picture_open(picture *out, const char *path, nr_error *err)
{
    nr_buffer bytes = NR_BUFFER_INIT(PICTURE_MAX);
    *out = (picture){.bytes = NR_BUFFER_INIT(0)};
    nr_status s = nr_file_read(path, &bytes, err);
    if (s == NR_ELIMIT)
        nr_fail(err, s, 0, "the picture '%s' is larger than %u MB; make it smaller", path, PICTURE_MAX >> 20);
    if (!s)
        s = picture_take(out, &bytes, path, err);
    nr_buffer_free(&bytes);
    return s;
}

/* ---------------------------------------------------------------- an article's own picture */

static int base64_value(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* RFC 2397, "data:image/png;base64,..." */
static nr_status read_embedded(nr_buffer *bytes, const char *image, nr_error *err)
{
    const char *p = strstr(image, ";base64,");
    uint32_t bits = 0;
    int count = 0;
    for (p = p ? p + 8 : ""; *p && !bytes->failed; p++) {
        int v = base64_value(*p);
        if (v < 0)
            continue;
        bits = bits << 6 | (uint32_t)v;
        count += 6;
        if (count >= 8)
            nr_buffer_put_char(bytes, (char)(bits >> (count -= 8)));
    }
    return bytes->failed ? nr_fail(err, bytes->failed, 0, "the article's picture is larger than %u MB", PICTURE_MAX >> 20) : NR_OK;
}

/* Beside the article or below it, and nowhere else: an article may not reach for files that are not its own. */
static bool is_beside(const char *image)
{
    return *image && *image != '/' && !strchr(image, ':') && !strchr(image, '\\') && strcmp(image, "..") != 0 &&
           strncmp(image, "../", 3) != 0 && !strstr(image, "/../");
}

nr_status picture_of_article(picture *out, const char *image, const char *article, nr_error *err)
{
    nr_buffer bytes = NR_BUFFER_INIT(PICTURE_MAX);
    nr_status s = NR_OK;
    char path[4200];
    *out = (picture){.bytes = NR_BUFFER_INIT(0)};
    if (image && strncmp(image, "data:image/", 11) == 0) {
        s = read_embedded(&bytes, image, err);
        if (!s)
            s = picture_take(out, &bytes, "embedded in the article", err);
    } else if (image && article && !strstr(article, "://") && is_beside(image)) {
        const char *slash = strrchr(article, '/');
        snprintf(path, sizeof path, "%.*s%s", slash ? (int)(slash + 1 - article) : 0, article, image);
        s = picture_open(out, path, err);
    }
    nr_buffer_free(&bytes);
    if (s)
        picture_free(out);
    return s;
}

nr_status picture_of_web(picture *out, const nr_document *doc, nr_error *err)
{
    void *there;
    size_t n;
    nr_buffer bytes = NR_BUFFER_INIT(PICTURE_MAX);
    *out = (picture){.bytes = NR_BUFFER_INIT(0)};
    nr_status s = nr_document_picture(doc, PICTURE_MAX, FETCH_SECONDS, &there, &n, err);
    if (!s && there)
        s = nr_buffer_put(&bytes, there, n) ? nr_fail_memory(err) : picture_take(out, &bytes, nr_document_metadata(doc)->image, err);
    nr_buffer_free(&bytes);
    free(there);
    if (s)
        picture_free(out);
    return s;
}

void picture_free(picture *p)
{
    nr_buffer_free(&p->bytes);
    *p = (picture){.bytes = NR_BUFFER_INIT(0)};
}
