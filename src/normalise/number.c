/* Number words, by ICU's rule-based number formats (CLDR). */
#include <stdlib.h>

#include <unicode/unum.h>
#include <unicode/ustring.h>

#include "base/error.h"
#include "normalise/engine.h"

enum { FORMS = 7, TEXT_MAX = 400, FIGURE_DIGITS = 15 };

/* Opened when a number is first met: most sentences have none, and sound should start before. */
struct nr_numbers {
    char locale[24];
    UNumberFormat *formats[2][FORMS]; /* without "and", with it */
};

nr_status nr_numbers_new(nr_numbers **out, const char *locale, nr_error *err)
{
    nr_numbers *n = calloc(1, sizeof *n);
    if (!n)
        return nr_fail_memory(err);
    strncpy(n->locale, locale, sizeof n->locale - 1);
    *out = n;
    return NR_OK;
}

void nr_numbers_free(nr_numbers *n)
{
    if (!n)
        return;
    for (int i = 0; i < 2 * FORMS; i++)
        if (n->formats[i / FORMS][i % FORMS])
            unum_close(n->formats[i / FORMS][i % FORMS]);
    free(n);
}

/* The rule sets that a language has, in order of liking: English with "and", then gendered ordinals, then what all have. */
static const char *const rule_sets[FORMS][4] = {
    {"%spellout-cardinal-verbose", "%spellout-cardinal", "%spellout-numbering", "%spellout-cardinal-masculine"},
    {"%spellout-ordinal-verbose", "%spellout-ordinal", "%spellout-ordinal-masculine", NULL},
    {"%spellout-numbering-year", NULL, NULL, NULL},
    {"%spellout-cardinal-verbose", "%spellout-cardinal-masculine", "%spellout-cardinal", NULL},
    {"%spellout-cardinal-verbose", "%spellout-cardinal-feminine", "%spellout-cardinal", NULL},
    {"%spellout-ordinal-verbose", "%spellout-ordinal-n", "%spellout-ordinal-feminine", "%spellout-ordinal"},
    {"%spellout-ordinal-verbose", "%spellout-ordinal-r", "%spellout-ordinal", NULL},
};

static UNumberFormat *format_of(nr_numbers *n, nr_form form, bool with_and)
{
    if (n->formats[with_and][form])
        return n->formats[with_and][form];
    UErrorCode e = U_ZERO_ERROR;
    UNumberFormat *f = unum_open(UNUM_SPELLOUT, NULL, 0, n->locale, NULL, &e);
    if (U_FAILURE(e))
        return NULL;
    for (int i = with_and ? 0 : 1; i < 4; i++) {
        const char *name = rule_sets[form][form == NR_FORM_YEAR ? 0 : i];
        UChar wide[48];
        e = U_ZERO_ERROR;
        if (!name)
            break;
        u_uastrcpy(wide, name);
        unum_setTextAttribute(f, UNUM_DEFAULT_RULESET, wide, -1, &e);
        if (U_SUCCESS(e))
            return n->formats[with_and][form] = f;
    }
    unum_close(f);
    return NULL;
}

/* The words for a value, in text; its length, 0 when ICU has none. */
static size_t spell(nr_numbers *n, nr_form form, bool with_and, uint64_t value, char text[TEXT_MAX])
{
    UChar wide[TEXT_MAX];
    UErrorCode e = U_ZERO_ERROR;
    UNumberFormat *f = format_of(n, form, with_and);
    int32_t length = 0, count = f ? unum_formatInt64(f, (int64_t)value, wide, TEXT_MAX, NULL, &e) : 0;
    if (!f || U_FAILURE(e) || count >= TEXT_MAX)
        return 0;
    u_strToUTF8(text, TEXT_MAX, &length, wide, count, &e);
    if (U_FAILURE(e))
        return 0;
    size_t out = 0;
    for (int32_t i = 0; i < length; i++) {
        if (text[i] == '\xC2' && i + 1 < length && text[i + 1] == '\xAD') /* soft hyphens, in German */
            i++;
        else if (text[i] != ',') /* "one million, two hundred": no breath is taken there */
            text[out++] = text[i];
    }
    return out;
}

void nr_say_number(nr_run *r, nr_form form, uint64_t value, uint32_t from, uint32_t to)
{
    char text[TEXT_MAX];
    const nr_style *style = &r->norm->style;
    bool with_and = style->with_and ? style->with_and == 'y' : !style->us;
    bool english = r->norm->language == &nr_english;
    /* "two thousand and seven", but "twenty twenty-three" */
    if (english && form == NR_FORM_YEAR && (value < 1000 || value > 9999 || (value >= 2000 && value < (style->long_years ? 2100 : 2010))))
        form = NR_FORM_CARDINAL;
    size_t length = value <= 999999999999999u ? spell(r->norm->numbers, form, with_and, value, text) : 0;
    if (length)
        nr_say(r, (nr_view){text, length}, from, to);
    else
        nr_say_digits(r, nr_text(r, from, to), false, from, to);
}

void nr_say_digits(nr_run *r, nr_view digits, bool oh, uint32_t from, uint32_t to)
{
    static const char *const english[] = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
    bool own_spans = to - from == digits.n, spell_out = r->norm->language != &nr_english;
    for (size_t i = 0; i < digits.n; i++) {
        uint32_t a = own_spans ? from + (uint32_t)i : from, b = own_spans ? a + 1 : to;
        if (!nr_ascii_digit(digits.p[i]))
            continue;
        if (spell_out)
            nr_say_number(r, NR_FORM_CARDINAL, (uint64_t)(digits.p[i] - '0'), a, b);
        else
            nr_say_s(r, oh && digits.p[i] == '0' ? "oh" : english[digits.p[i] - '0'], a, b);
    }
}

static size_t digit_count(nr_view v)
{
    size_t n = 0;
    for (size_t i = 0; i < v.n; i++)
        n += nr_ascii_digit(v.p[i]);
    return n;
}

/* "oh", "zero" or "nought", as style and locale have it before a point. */
static const char *zero_word(const nr_run *r)
{
    char z = r->norm->style.zero;
    return z == 'o' ? "oh" : z == 'z' || (!z && r->norm->style.us) ? "zero" : "nought";
}

/* "1,000,000,000,000,000": numbers past a thousand billions, in groups of three, where they are written in groups or
 * end in so many noughts that nobody would name them one by one. False when they are to be. */
static bool say_vast(nr_run *r, nr_view whole, size_t digits, uint32_t from, uint32_t to)
{
    static const char *const names[] = {"", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion",
                                        "septillion", "octillion", "nonillion", "decillion", "undecillion"};
    enum { NAMES = sizeof names / sizeof *names, NOUGHTS = 9 };
    size_t noughts = 0;
    while (noughts < digits && whole.p[whole.n - 1 - noughts] == '0')
        noughts++;
    if (r->norm->language != &nr_english || digits > 3 * NAMES || (whole.n == digits && noughts < NOUGHTS))
        return false;
    bool with_and = r->norm->style.with_and ? r->norm->style.with_and == 'y' : !r->norm->style.us;
    uint64_t group = 0;
    for (size_t i = 0, left = digits; i < whole.n; i++) {
        if (!nr_ascii_digit(whole.p[i]))
            continue;
        group = group * 10 + (uint64_t)(whole.p[i] - '0');
        if (--left % 3 != 0)
            continue;
        if (group && left == 0 && group < 100 && with_and)
            nr_say_s(r, "and", from, to);
        if (group) {
            nr_say_number(r, NR_FORM_CARDINAL, group, from, to);
            nr_say_s(r, names[left / 3], from, to);
        }
        group = 0;
    }
    return true;
}

void nr_say_figure(nr_run *r, nr_view figure, uint32_t from, uint32_t to)
{
    const char *point = memchr(figure.p, '.', figure.n);
    nr_view whole = {figure.p, point ? (size_t)(point - figure.p) : figure.n};
    size_t digits = digit_count(whole);
    bool code = digits > 1 && whole.p[0] == '0'; /* 007 */
    if (digits > FIGURE_DIGITS && !code && say_vast(r, whole, digits, from, to))
        ;
    else if (digits > FIGURE_DIGITS || (code && !point))
        nr_say_digits(r, whole, code && r->norm->style.zero != 'z' && !r->norm->style.us, from, to);
    else if (digits && point && nr_value(whole) == 0)
        nr_say_s(r, zero_word(r), from, to);
    else if (digits)
        nr_say_number(r, NR_FORM_CARDINAL, nr_value(whole), from, to);
    if (!point)
        return;
    nr_say_s(r, "point", from, to);
    bool oh = r->norm->style.zero ? r->norm->style.zero == 'o' : !r->norm->style.us;
    nr_view fraction = {point + 1, figure.n - whole.n - 1};
    for (size_t i = 0; i < fraction.n; i++)
        nr_say_digits(r, (nr_view){fraction.p + i, 1}, oh, from, to);
}

void nr_say_pair(nr_run *r, nr_span s)
{
    nr_view v = nr_part(r, s);
    if (v.n == 2 && v.p[0] == '0') {
        nr_say_s(r, v.p[1] == '0' ? "hundred" : "oh", s.start, s.end);
        if (v.p[1] != '0')
            nr_say_number(r, NR_FORM_CARDINAL, (uint64_t)(v.p[1] - '0'), s.start, s.end);
    } else {
        nr_say_figure(r, v, s.start, s.end);
    }
}

void nr_say_code(nr_run *r, nr_span s)
{
    nr_view v = nr_part(r, s);
    if (v.n == 1 && v.p[0] == '0') {
        nr_say_s(r, zero_word(r), s.start, s.end);
    } else if (v.n <= 2 && v.p[0] != '0') {
        nr_say_figure(r, v, s.start, s.end);
    } else if (v.n == 3 && v.p[1] != '0' && v.p[0] != '0') { /* A320: three twenty */
        nr_say_digits(r, (nr_view){v.p, 1}, false, s.start, s.start + 1);
        nr_say_figure(r, (nr_view){v.p + 1, 2}, s.start + 1, s.end);
    } else if (v.n == 3 && v.p[0] != '0' && v.p[1] == '0' && v.p[2] == '0') { /* 500 */
        nr_say_figure(r, v, s.start, s.end);
    } else if (v.n == 4 && v.p[0] != '0' && v.p[2] != '0') { /* 2766: twenty-seven sixty-six */
        nr_say_figure(r, (nr_view){v.p, 2}, s.start, s.start + 2);
        nr_say_figure(r, (nr_view){v.p + 2, 2}, s.start + 2, s.end);
    } else if (v.n == 4 && v.p[0] != '0' && v.p[1] != '0' && v.p[3] != '0') { /* 1909: nineteen oh nine */
        nr_say_figure(r, (nr_view){v.p, 2}, s.start, s.start + 2);
        nr_say_pair(r, (nr_span){s.start + 2, s.end});
    } else if (v.n == 4 && v.p[1] == '0' && v.p[2] == '0' && v.p[3] == '0') { /* 6000 */
        nr_say_figure(r, v, s.start, s.end);
    } else if (v.n == 4 && v.p[0] != '0' && v.p[2] == '0' && v.p[3] == '0') { /* 5300 */
        nr_say_figure(r, (nr_view){v.p, 2}, s.start, s.start + 2);
        nr_say_s(r, "hundred", s.start + 2, s.end);
    } else { /* A303, 007 */
        nr_say_digits(r, v, true, s.start, s.end);
    }
}
