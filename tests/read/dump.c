/* Prints what the readers make of standard input: dump [--body] [FORMAT]. --body: the article's text alone, a block a
 * line, for scoring; else every block with its kind, the inlines and the metadata, as the case files have them. */
#include <stdio.h>
#include <string.h>

#include "read/show.h"

int main(int argc, char **argv)
{
    bool body = argc > 1 && strcmp(argv[1], "--body") == 0;
    const char *format = argc > 1 + body ? argv[1 + body] : NULL;
    nr_read_options opt = {.format = format};
    nr_document *doc;
    nr_error err;
    if (nr_document_open(&doc, "-", &opt, &err)) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    nr_buffer out = NR_BUFFER_INIT(SIZE_MAX / 2);
    if (body)
        show_body(doc, &out);
    else
        show_document(doc, &out);
    fwrite(out.p, 1, out.n, stdout);
    nr_buffer_free(&out);
    nr_document_free(doc);
    return 0;
}
