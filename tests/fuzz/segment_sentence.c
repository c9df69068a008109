/* Any bytes: the sentences hold every character that is not white space, once and in order. */
#include <stdio.h>
#include <stdlib.h>

#include "../segment/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *wrong = broken_sentences((nr_view){(const char *)bytes, n}, NULL);
    if (wrong) {
        fprintf(stderr, "%s: %.*s\n", wrong, (int)n, (const char *)bytes);
        abort();
    }
    return 0;
}
