/* Any text: the first byte chooses the locale and habits, the rest is made valid UTF-8 by dropping what is not. */
#include <stdio.h>
#include <stdlib.h>

#include "../normalise/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static nr_norm *norms[8];
    static const char *const locales[] = {"en-GB", "en-US", "de", "fr"};
    if (n == 0)
        return 0;
    int which = bytes[0] & 7;
    const char *style = which & 4 ? "symbols=all,punctuation=all,url=full,clock=12,zero=nought" : NULL;
    if (!norms[which] && nr_norm_open(&norms[which], locales[which & 3], style, NULL, NULL))
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
    const char *wrong = broken_property(norms[which], (nr_view){text, size});
    if (wrong) {
        fprintf(stderr, "%s: %.*s\n", wrong, (int)size, text);
        abort();
    }
    free(text);
    return 0;
}
