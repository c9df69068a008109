#include "player/find.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

/* The character at *p as it is typed: without its case, and with the keyboard's quotation marks and hyphens. */
static UChar32 take_plain(const char **p, const char *end)
{
    int32_t i = 0, n = end - *p < U8_MAX_LENGTH ? (int32_t)(end - *p) : U8_MAX_LENGTH;
    UChar32 c;
    U8_NEXT(*p, i, n, c);
    *p += i;
    switch (c) {
    case 0x2018:
    case 0x2019: return '\'';
    case 0x201C:
    case 0x201D: return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014: return '-';
    default: return c < 0 ? U_SENTINEL : u_foldCase(c, U_FOLD_CASE_DEFAULT);
    }
}

static bool skip_blanks(const char **p, const char *end)
{
    bool any = false;
    for (const char *next = *p; *p < end && u_isUWhiteSpace(take_plain(&next, end)); *p = next)
        any = true;
    return any;
}

/* Whether the wanted text stands at p, whatever its case and its white space. */
static bool stands_at(const char *p, const char *end, const char *wanted, const char *wanted_end)
{
    while (wanted < wanted_end) {
        if (skip_blanks(&wanted, wanted_end)) {
            if (!skip_blanks(&p, end))
                return false;
        } else if (p == end || take_plain(&p, end) != take_plain(&wanted, wanted_end)) {
            return false;
        }
    }
    return true;
}

bool find_text(nr_view text, size_t from, const char *wanted, uint32_t *at)
{
    const char *wanted_end = wanted + strlen(wanted);
    for (size_t i = from; i < text.n; i++) {
        if (!U8_IS_TRAIL(text.p[i]) && stands_at(text.p + i, text.p + text.n, wanted, wanted_end)) {
            *at = (uint32_t)i;
            return true;
        }
    }
    return false;
}
