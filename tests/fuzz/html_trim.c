/* Trimming of HTML before it is parsed: the tree stays what it was. */
#include <stdint.h>

#include "base/utf8.h"
#include "trim_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static bool holds(const char *p, size_t n, nr_view what)
{
    for (size_t i = 0; i + what.n <= n; i++)
        if (nr_view_eq_nocase((nr_view){p + i, what.n}, what))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *p = (const char *)bytes;
    /* Whether a <frameset> counts depends on any letter before it, those of a drawing too: such pages have no text. */
    bool frames = holds(p, n, NR_LIT("<frameset"));
    if (nr_utf8_valid(p, n) == n && !memchr(bytes, 0, n) && !frames && !trims_well(p, n))
        abort();
    return 0;
}
