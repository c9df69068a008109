#include "publish/page_lead.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"

enum { LARGEST = 20 << 20 };

static unsigned big(const unsigned char *p, int n)
{
    unsigned v = 0;
    for (int i = 0; i < n; i++)
        v = v << 8 | p[i];
    return v;
}

/* Walks a JPEG's segments to the start of a frame. */
static void measure_jpeg(page_lead *lead, const unsigned char *p, size_t n)
{
    for (size_t i = 2; i + 9 < n && p[i] == 0xFF;) {
        unsigned marker = p[i + 1];
        if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
            lead->height = big(p + i + 5, 2);
            lead->width = big(p + i + 7, 2);
            return;
        }
        i += 2 + big(p + i + 2, 2);
    }
}

static void identify(page_lead *lead)
{
    const unsigned char *p = (const unsigned char *)lead->bytes.p;
    size_t n = lead->bytes.n;
    if (n > 24 && memcmp(p, "\x89PNG\r\n\x1A\n", 8) == 0) {
        lead->type = "image/png", lead->name = "lead.png";
        lead->width = big(p + 16, 4);
        lead->height = big(p + 20, 4);
    } else if (n > 24 && memcmp(p, "\xFF\xD8\xFF", 3) == 0) {
        lead->type = "image/jpeg", lead->name = "lead.jpg";
        measure_jpeg(lead, p, n);
    } else if (n > 24 && (memcmp(p, "GIF87a", 6) == 0 || memcmp(p, "GIF89a", 6) == 0)) {
        lead->type = "image/gif", lead->name = "lead.gif";
        lead->width = p[6] | (unsigned)p[7] << 8;
        lead->height = p[8] | (unsigned)p[9] << 8;
    } else if (n > 24 && memcmp(p, "RIFF", 4) == 0 && memcmp(p + 8, "WEBP", 4) == 0) {
        lead->type = "image/webp", lead->name = "lead.webp";
    }
}

/* The picture's path, to be freed, if it is below the article's folder. */
static char *path_of(const char *image, const char *source)
{
    const char *slash = strrchr(source, '/');
    char *folder = slash ? strndup(source, (size_t)(slash - source) + 1) : strdup("./"), *joined = NULL;
    char *home = folder ? realpath(folder, NULL) : NULL;
    char *path = folder && asprintf(&joined, "%s%s", folder, image) >= 0 ? realpath(joined, NULL) : NULL;
    size_t n = home ? strlen(home) : 0;
    if (path && !(home && strncmp(path, home, n) == 0 && (path[n] == '/' || n == 1))) {
        free(path);
        path = NULL;
    }
    free(joined);
    free(home);
    free(folder);
    return path;
}

void page_lead_find(page_lead *lead, const nr_document *doc, const char *source)
{
    const char *image = nr_document_metadata(doc)->image;
    struct stat st;
    *lead = (page_lead){.bytes = NR_BUFFER_INIT(LARGEST)};
    if (!image || *image == '/' || image[strcspn(image, ":/?#")] == ':' || strstr(source, "://") || strcmp(source, "-") == 0)
        return;
    char *path = path_of(image, source);
    if (path && stat(path, &st) == 0 && S_ISREG(st.st_mode) && nr_file_read(path, &lead->bytes, NULL) == NR_OK)
        identify(lead);
    if (!lead->type)
        nr_buffer_truncate(&lead->bytes, 0);
    free(path);
}

void page_lead_free(page_lead *lead) { nr_buffer_free(&lead->bytes); }
