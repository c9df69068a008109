/* A page of any article holds nothing but what a page may. The first byte chooses the article's format. */
#include "page_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const formats[] = {"html", "plain", "markdown"};
    nr_read_options opt = {.format = n ? formats[bytes[0] % 3] : "plain"};
    nr_document *doc = NULL;
    if (n && nr_document_read(&doc, bytes + 1, n - 1, &opt, NULL) == NR_OK)
        check_page(doc);
    nr_document_free(doc);
    return 0;
}
