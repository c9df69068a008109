/* Number words, by ICU's rule-based number formats (CLDR). */
#include <stdio.h>
#include <stdlib.h>

#include <unicode/unum.h>
#include <unicode/ustring.h>

#include "base/error.h"
#include "normalise/engine.h"

enum { FORMS = 3, TEXT_MAX = 400, FIGURE_DIGITS = 15 };

/* Opened when a number is first met: most sentences have none, and sound should start before. */
struct nr_numbers {
    bool us;
    UNumberFormat *formats[FORMS];
};

nr_status nr_numbers_new(nr_numbers **out, bool us, nr_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return nr_fail_memory(err);
    (*out)->us = us;
    return NR_OK;
}

void nr_numbers_free(nr_numbers *n)
{
    if (!n)
        return;
    for (int i = 0; i < FORMS; i++)
        if (n->formats[i])
            unum_close(n->formats[i]);
    free(n);
}

static UNumberFormat *format_of(nr_numbers *n, nr_form form)
{
    static const char *const rules[FORMS][2] = {
        {"%spellout-cardinal-verbose", "%spellout-cardinal"},
        {"%spellout-ordinal-verbose", "%spellout-ordinal"},
        {"%spellout-numbering-year", "%spellout-numbering-year"},
    };
    if (n->formats[form])
        return n->formats[form];
    UErrorCode e = U_ZERO_ERROR;
    UChar name[40];
    UNumberFormat *f = unum_open(UNUM_SPELLOUT, NULL, 0, n->us ? "en_US" : "en_GB", NULL, &e);
    u_uastrcpy(name, rules[form][n->us]);
    unum_setTextAttribute(f, UNUM_DEFAULT_RULESET, name, -1, &e);
    if (U_FAILURE(e)) {
        unum_close(f);
        return NULL;
    }
    return n->formats[form] = f;
}

/* The words for a value, in text; its length, 0 when ICU has none. */
static size_t spell(nr_numbers *n, nr_form form, uint64_t value, char text[TEXT_MAX])
{
    UChar wide[TEXT_MAX];
    UErrorCode e = U_ZERO_ERROR;
    UNumberFormat *f = format_of(n, form);
    int32_t length = 0, count = f ? unum_formatInt64(f, (int64_t)value, wide, TEXT_MAX, NULL, &e) : 0;
    if (!f || U_FAILURE(e) || count >= TEXT_MAX)
        return 0;
    u_strToUTF8(text, TEXT_MAX, &length, wide, count, &e);
    if (U_FAILURE(e))
        return 0;
    size_t out = 0;
    for (int32_t i = 0; i < length; i++)
        if (text[i] != ',') /* "one million, two hundred": no breath is taken there */
            text[out++] = text[i];
    return out;
}

void nr_say_number(nr_run *r, nr_form form, uint64_t value, uint32_t from, uint32_t to)
{
    char text[TEXT_MAX];
    nr_numbers *n = r->norm->numbers;
    /* "two thousand and seven", but "twenty twenty-three" */
    if (form == NR_FORM_YEAR && (value < 1000 || value > 9999 || (value >= 2000 && value < 2010)))
        form = NR_FORM_CARDINAL;
    size_t length = value <= 999999999999999u ? spell(n, form, value, text) : 0;
    if (length)
        nr_say(r, (nr_view){text, length}, from, to);
    else
        nr_say_digits(r, nr_text(r, from, to), false, from, to);
}

void nr_say_digits(nr_run *r, nr_view digits, bool oh, uint32_t from, uint32_t to)
{
    static const char *const names[] = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
    bool own_spans = to - from == digits.n;
    for (size_t i = 0; i < digits.n; i++)
        if (nr_ascii_digit(digits.p[i]))
            nr_say_s(r, oh && digits.p[i] == '0' ? "oh" : names[digits.p[i] - '0'], own_spans ? from + (uint32_t)i : from,
                     own_spans ? from + (uint32_t)i + 1 : to);
}

static size_t digit_count(nr_view v)
{
    size_t n = 0;
    for (size_t i = 0; i < v.n; i++)
        n += nr_ascii_digit(v.p[i]);
    return n;
}

void nr_say_figure(nr_run *r, nr_view figure, uint32_t from, uint32_t to)
{
    const char *point = memchr(figure.p, '.', figure.n);
    nr_view whole = {figure.p, point ? (size_t)(point - figure.p) : figure.n};
    size_t digits = digit_count(whole);
    bool code = digits > 1 && whole.p[0] == '0'; /* 007 */
    if (digits > FIGURE_DIGITS || (code && !point))
        nr_say_digits(r, whole, code && !r->norm->us, from, to);
    else if (digits == 0 || (point && nr_value(whole) == 0))
        nr_say_s(r, digits == 0 ? "" : r->norm->us ? "zero" : "nought", from, to);
    else
        nr_say_number(r, NR_FORM_CARDINAL, nr_value(whole), from, to);
    if (!point)
        return;
    nr_say_s(r, "point", from, to);
    nr_view fraction = {point + 1, figure.n - whole.n - 1};
    for (size_t i = 0; i < fraction.n; i++)
        nr_say_digits(r, (nr_view){fraction.p + i, 1}, !r->norm->us, from, to);
}

void nr_say_decade(nr_run *r, uint64_t year, uint32_t from, uint32_t to)
{
    static const char *const tens[] = {"hundreds", "tens", "twenties", "thirties", "forties", "fifties", "sixties",
                                       "seventies", "eighties", "nineties"};
    uint64_t century = year / 100, decade = year / 10 % 10;
    if (decade == 0 && century % 10 == 0 && century > 0) {
        nr_say_number(r, NR_FORM_CARDINAL, century / 10, from, to);
        nr_say_s(r, "thousands", from, to);
        return;
    }
    if (century)
        nr_say_number(r, NR_FORM_CARDINAL, century, from, to);
    nr_say_s(r, tens[decade], from, to);
}

uint32_t nr_figure_end(const nr_run *r, uint32_t at)
{
    uint32_t end = nr_digits_end(r, at);
    bool grouped = false;
    while (end > at && end - at >= 1 && (grouped || end - at <= 3) && nr_at(r, end) == ',' && nr_digits_end(r, end + 1) == end + 4) {
        end += 4;
        grouped = true;
    }
    if (nr_at(r, end) == '.' && nr_digit_at(r, end + 1))
        end = nr_digits_end(r, end + 1);
    return end;
}

bool nr_is_one(nr_view figure) { return figure.n == 1 && figure.p[0] == '1'; }
