/* Text out of a PDF's layout: any lines give a sound document. */
#include "read_check.h"

#include "read/document.h"
#include "read/reflow.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    nr_document *doc = calloc(1, sizeof *doc);
    nr_composer out;
    char *text = malloc(n + 1);
    if (!doc || !text)
        abort();
    for (size_t i = 0; i < n; i++)
        text[i] = bytes[i] & 0x7F ? (char)(bytes[i] & 0x7F) : ' ';
    doc->text = NR_BUFFER_INIT(UINT32_MAX - 1);
    doc->format = "pdf";
    doc->charset[0] = 'x';
    nr_compose_init(&out, doc);
    MUST(nr_reflow(&out, NULL, (nr_view){text, n}) == NR_OK);
    MUST(nr_compose_finish(&out) == NR_OK);
    if (doc->block_count)
        check_document(doc);
    nr_document_free(doc);
    free(text);
    return 0;
}
