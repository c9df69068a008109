/* Any text: the first byte chooses the locale, the rest is made valid UTF-8 by dropping what is not. */
#include <stdio.h>
#include <stdlib.h>

#include "../normalise/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static nr_norm *norms[2];
    if (n == 0)
        return 0;
    int us = bytes[0] & 1;
    if (!norms[us] && nr_norm_open(&norms[us], us ? "en-US" : "en-GB", NULL, NULL, NULL))
        abort();
    char *text = malloc(n);
    size_t size = 0;
    for (size_t i = 1; i < n;) {
        int length;
        uint32_t code = nr_utf8_decode((const char *)bytes + i, (const char *)bytes + n, &length);
        if (code && code != NR_REPLACEMENT) {
            memcpy(text + size, bytes + i, (size_t)length);
            size += (size_t)length;
        }
        i += (size_t)length;
    }
    const char *wrong = broken_property(norms[us], (nr_view){text, size});
    if (wrong) {
        fprintf(stderr, "%s: %.*s\n", wrong, (int)size, text);
        abort();
    }
    free(text);
    return 0;
}
