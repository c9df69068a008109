/* Trimming of HTML before it is parsed: the tree stays what it was. */
#include <stdint.h>

#include "base/utf8.h"
#include "trim_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *p = (const char *)bytes;
    if (nr_utf8_valid(p, n) == n && !memchr(bytes, 0, n) && !trims_well(p, n))
        abort();
    return 0;
}
