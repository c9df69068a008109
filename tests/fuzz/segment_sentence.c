/* Any bytes: the sentences hold every character that is not white space, once and in order, and in pieces
 * they are the same. */
#include <stdio.h>
#include <stdlib.h>

#include "../segment/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    nr_view text = {(const char *)bytes, n};
    const char *wrong = broken_sentences(text, NULL);
    if (!wrong)
        wrong = broken_stream(text, n ? 1 + bytes[0] % 16 : 1);
    if (wrong) {
        fprintf(stderr, "%s: %.*s\n", wrong, (int)n, (const char *)bytes);
        abort();
    }
    return 0;
}
