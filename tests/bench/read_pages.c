/* Reads files again and again in one process: read_pages SECONDS FILE... Prints pages a second. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "narrate.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

typedef struct page {
    char *bytes;
    size_t n;
} page;

static page load(const char *path)
{
    page p = {NULL, 0};
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) || (p.bytes = malloc((size_t)ftell(f) + 1)) == NULL)
        exit(1);
    p.n = (size_t)ftell(f);
    rewind(f);
    if (fread(p.bytes, 1, p.n, f) != p.n)
        exit(1);
    fclose(f);
    return p;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    double seconds = atof(argv[1]);
    page *pages = calloc((size_t)argc, sizeof *pages);
    for (int i = 2; i < argc; i++)
        pages[i] = load(argv[i]);
    double start = now();
    long count = 0;
    do {
        for (int i = 2; i < argc; i++, count++) {
            nr_document *doc;
            nr_read_options opt = {.format = "html"};
            if (nr_document_read(&doc, pages[i].bytes, pages[i].n, &opt, NULL) == NR_OK)
                nr_document_free(doc);
        }
    } while (now() - start < seconds);
    printf("%.1f\n", (double)count / (now() - start));
    for (int i = 2; i < argc; i++)
        free(pages[i].bytes);
    free(pages);
    return 0;
}
