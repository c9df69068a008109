/* Words that are said as they are written. */
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "normalise/engine.h"

/* A letter or mark beyond ASCII, as far as a voice can make something of it. */
static uint32_t wide_letter_at(const nr_run *r, uint32_t at)
{
    int length;
    if ((unsigned char)nr_at(r, at) < 0xC3)
        return 0;
    uint32_t code = nr_utf8_decode(r->text + at, r->text + r->end, &length);
    bool letter = (code >= 0xC0 && code <= 0x1FFF && code != 0xD7 && code != 0xF7) || (code >= 0x2C00 && code <= 0x2DFF) ||
                  (code >= 0x3040 && code <= 0xD7FF) || (code >= 0xF900 && code <= 0xFDFF) ||
                  (code >= 0xFB00 && code <= 0xFB06) || (code >= 0xFF10 && code <= 0xFFDC) ||
                  (code >= 0x1D400 && code <= 0x1D7FF) || (code >= 0x20000 && code <= 0x3FFFF);
    return letter ? (uint32_t)length : 0;
}

static uint32_t word_end(const nr_run *r, uint32_t at)
{
    for (;;) {
        while (nr_ascii_alpha(nr_at(r, at)))
            at++;
        uint32_t n = wide_letter_at(r, at);
        if (!n) {
            n = nr_apostrophe_at(r, at);
            n = n && nr_letter_at(r, at + n) ? n : 0;
        }
        if (!n && nr_stands(r, at, "\xC2\xAD")) /* a soft hyphen is inside a word */
            n = 2;
        if (!n)
            return at;
        at += n;
    }
}

/* Compatibility characters (ligatures, mathematical alphabets, full-width letters) become letters. */
static bool fold(nr_run *r, uint32_t from, uint32_t end)
{
    enum { MOST = 300 };
    UChar wide[MOST], folded[MOST * 4];
    char out[MOST * 8];
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = 0, length = 0;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&e);
    u_strFromUTF8(wide, MOST, &n, r->text + from, (int32_t)(end - from), &e);
    n = U_FAILURE(e) ? 0 : unorm2_normalize(nfkc, wide, n, folded, MOST * 4, &e);
    u_strToUTF8(out, sizeof out, &length, folded, n, &e);
    if (U_FAILURE(e) || !length)
        return false;
    size_t kept = 0; /* without soft hyphens and heaped marks, too */
    for (int32_t i = 0; i < length; i++) {
        unsigned char a = (unsigned char)out[i], b = i + 1 < length ? (unsigned char)out[i + 1] : 0;
        if ((a == 0xC2 && b == 0xAD) || (a == 0xCC && b >= 0x80) || (a == 0xCD && b < 0xB0)) /* a mark that no letter has */
            i++;
        else
            out[kept++] = out[i];
    }
    nr_say(r, (nr_view){out, kept}, from, end);
    return r->word_count > 0;
}

static bool needs_folding(nr_view v)
{
    for (size_t i = 0; i + 1 < v.n; i++) {
        unsigned char a = (unsigned char)v.p[i], b = (unsigned char)v.p[i + 1];
        if ((a == 0xC2 && b == 0xAD) || (a == 0xCC && b >= 0x80) || (a == 0xCD && b < 0xB0) || (a == 0xE3 && b >= 0x8C && b <= 0x8F) || (a == 0xEF && b >= 0xAC) || (a == 0xF0 && b == 0x9D))
            return true;
    }
    return false;
}

/* Figures of other scripts: "٥", "१२". */
static bool foreign_figures(nr_run *r, uint32_t *at)
{
    enum { MOST = 18 };
    uint64_t value = 0;
    uint32_t p = *at;
    int figures = 0, length;
    for (; figures < MOST && (unsigned char)nr_at(r, p) >= 0xD9; figures++) {
        UChar32 code = (UChar32)nr_utf8_decode(r->text + p, r->text + r->end, &length);
        if (u_charType(code) != U_DECIMAL_DIGIT_NUMBER)
            break;
        value = value * 10 + (uint64_t)u_charDigitValue(code);
        p += (uint32_t)length;
    }
    if (!figures)
        return false;
    nr_say_number(r, NR_FORM_CARDINAL, value, *at, p);
    return nr_make(r, at, p, NR_CLASS_CARDINAL, "figures of another script");
}

bool nr_rule_plain_word(nr_run *r, uint32_t *at)
{
    if ((unsigned char)nr_at(r, *at) >= 0xD9 && !r->norm->style.verbatim && foreign_figures(r, at))
        return true;
    uint32_t end = word_end(r, *at);
    if (end == *at)
        return false;
    if (needs_folding(nr_text(r, *at, end)) && fold(r, *at, end))
        return nr_make(r, at, end, NR_CLASS_WORD, "folded");
    nr_unsay(r);
    return nr_make(r, at, end, NR_CLASS_WORD, "word");
}
