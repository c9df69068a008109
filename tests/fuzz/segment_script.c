/* A document becomes utterances. The first byte chooses the format, the second the limits. */
#include <stdio.h>
#include <stdlib.h>

#include "../segment/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const formats[] = {"plain", "markdown", "html", "ssml"};
    if (n < 2)
        return 0;
    nr_read_options read = {.format = formats[bytes[0] & 3]};
    nr_script_options opt = {.max_chars = bytes[1] & 1 ? 40 : 0, .include = bytes[1] & 2 ? ~0u : 0, .locale = bytes[1] & 4 ? "en-US" : NULL};
    nr_document *doc = NULL;
    nr_error err;
    if (nr_document_read(&doc, bytes + 2, n - 2, &read, &err))
        return 0;
    const char *wrong = broken_script(doc, &opt);
    if (wrong) {
        fprintf(stderr, "%s: %.*s\n", wrong, (int)n, (const char *)bytes);
        abort();
    }
    nr_document_free(doc);
    return 0;
}
