#include "base/utf8.h"

uint32_t nr_utf8_decode(const char *text, const char *end, int *length)
{
    const unsigned char *p = (const unsigned char *)text;
    ptrdiff_t room = end - text;
    unsigned b = p[0];
    *length = 1;
    if (b < 0x80)
        return b;
    int extra = b >= 0xC2 && b <= 0xDF ? 1 : b >= 0xE0 && b <= 0xEF ? 2 : b >= 0xF0 && b <= 0xF4 ? 3 : 0;
    if (!extra)
        return NR_REPLACEMENT;
    unsigned low = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;  /* shortest form only */
    unsigned high = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF; /* no surrogates, at most U+10FFFF */
    uint32_t code = b & (0x3Fu >> extra);
    for (int i = 1; i <= extra; i++) {
        if (i >= room || p[i] < low || p[i] > high)
            return NR_REPLACEMENT;
        code = code << 6 | (p[i] & 0x3Fu);
        *length = i + 1;
        low = 0x80;
        high = 0xBF;
    }
    return code;
}

size_t nr_utf8_encode(char out[4], uint32_t code)
{
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        code = NR_REPLACEMENT;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)((0xF00u >> n & 0xF0u) | code);
    return n;
}

size_t nr_utf8_valid(const char *p, size_t n)
{
    size_t i = 0;
    while (i < n) {
        uint64_t eight;
        while (n - i >= 8 && (memcpy(&eight, p + i, 8), !(eight & 0x8080808080808080u)))
            i += 8;
        while (i < n && (unsigned char)p[i] < 0x80)
            i++;
        if (i == n)
            break;
        int length;
        if (nr_utf8_decode(p + i, p + n, &length) == NR_REPLACEMENT &&
            !(length == 3 && memcmp(p + i, "\xEF\xBF\xBD", 3) == 0))
            return i;
        i += (size_t)length;
    }
    return n;
}

size_t nr_utf8_before(const char *text, size_t at)
{
    do
        at--;
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80);
    return at;
}

size_t nr_utf8_count(const char *p, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += ((unsigned char)p[i] & 0xC0) != 0x80;
    return count;
}

bool nr_code_is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 ||
           c == 0xFEFF;
}
