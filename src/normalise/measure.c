/* Money, percentages and units. */
#include <stdio.h>

#include "normalise/engine.h"

/* ---------------------------------------------------------------- magnitudes */

/* "bn", "m", " million" behind a figure: its word and end, NULL when there is none. `letters`: also the single letters,
 * which mean metres behind anything but money. */
static const char *magnitude_at(const nr_run *r, uint32_t at, bool letters, uint32_t *from, uint32_t *end)
{
    static const struct {
        const char *written, *said;
        bool letter;
    } all[] = {{"hundred", "hundred", false}, {"thousand", "thousand", false}, {"million", "million", false},
               {"billion", "billion", false}, {"trillion", "trillion", false}, {"crore", "crore", false},
               {"lakh", "lakh", false}, {"bn", "billion", false}, {"tn", "trillion", false}, {"trn", "trillion", false},
               {"mn", "million", false}, {"mln", "million", false}, {"k", "thousand", true}, {"K", "thousand", true},
               {"m", "million", true}, {"M", "million", true}, {"b", "billion", true}, {"B", "billion", true},
               {"t", "trillion", true}, {"T", "trillion", true}};
    *from = nr_skip_blank(r, at);
    nr_view word = nr_text(r, *from, nr_letters_end(r, *from));
    for (size_t i = 0; i < sizeof all / sizeof *all && word.n; i++) {
        if (!nr_view_is(word, all[i].written) || (all[i].letter && (!letters || *from > at)))
            continue;
        *end = *from + (uint32_t)word.n;
        return nr_ends_word(r, *end) ? all[i].said : NULL;
    }
    return NULL;
}

/* ---------------------------------------------------------------- money */

typedef struct amount {
    uint32_t from, end;         /* the figure */
    const char *magnitude;      /* or NULL */
    uint32_t mag_from, mag_end;
} amount;

static bool amount_at(const nr_run *r, uint32_t at, amount *a)
{
    uint32_t end = nr_digit_at(r, at) || (nr_at(r, at) == '.' && nr_digit_at(r, at + 1)) ? nr_figure_end(r, at) : at;
    if (end == at)
        return false;
    *a = (amount){at, end, NULL, end, end};
    a->magnitude = magnitude_at(r, end, true, &a->mag_from, &a->mag_end);
    if (!a->magnitude)
        a->mag_end = end;
    return true;
}

/* The longest currency sign that stands at `at`. */
static const nr_row *currency_at(const nr_run *r, uint32_t at, uint32_t *end)
{
    for (uint32_t n = 5; n >= 1; n--) {
        if (at + n > r->end)
            continue;
        const nr_row *row = nr_table_find(r->norm->currencies, nr_text(r, at, at + n));
        uint32_t figure = nr_skip_blank(r, at + n);
        bool spaced_letters = nr_ascii_alpha(nr_at(r, at + n - 1));
        if (row && (figure == at + n || spaced_letters) && (nr_digit_at(r, figure) || (nr_at(r, figure) == '.' && nr_digit_at(r, figure + 1)))) {
            *end = figure;
            return row;
        }
    }
    return NULL;
}

/* Pounds and pence: "2.50" with no magnitude. The position of the point, or 0. */
static uint32_t minor_at(const nr_run *r, const amount *a, const nr_row *money)
{
    uint32_t point = a->end > a->from + 2 && nr_at(r, a->end - 3) == '.' ? a->end - 3 : 0;
    return point && !a->magnitude && money->column[2].n ? point : 0;
}

/* "a £10m deal", "a $3.99-a-month plan": the currency stands like an adjective, in the singular. */
static bool is_adjective(const nr_run *r, uint32_t before, uint32_t end)
{
    if (nr_at(r, end) == '-' && nr_letter_at(r, end + 1))
        return true;
    nr_view article = nr_previous_word(r, before), next = nr_next_word(r, end);
    bool blank = nr_skip_blank(r, end) > end;
    return blank && next.n > 2 && next.p[0] >= 'a' && next.p[0] <= 'z' &&
           nr_in_list(article, "a an the this that another its his her their our my your new first") &&
           !nr_in_list(next, "in on of to for from by at a an and or but was is were are has had will would could that which who while when than as with per each it he she they over during after before last this into out up down off more less worth so");
}

static void say_unit(nr_run *r, const nr_row *money, int column, uint32_t from, uint32_t to)
{
    nr_say(r, money->column[column], from, to);
}

static void say_amount(nr_run *r, const nr_row *money, const amount *a, nr_span sign, bool adjective, bool with_unit)
{
    uint32_t point = minor_at(r, a, money);
    nr_view whole = nr_text(r, a->from, point ? point : a->end);
    if (point && nr_value(whole) == 0) { /* £0.50: fifty pence */
        uint64_t minor = nr_value(nr_text(r, point + 1, a->end));
        nr_say_number(r, NR_FORM_CARDINAL, minor, point + 1, a->end);
        say_unit(r, money, minor == 1 || adjective ? 2 : 3, sign.start, sign.end);
        return;
    }
    nr_say_figure(r, whole, a->from, point ? point : a->end);
    if (a->magnitude)
        nr_say_s(r, a->magnitude, a->mag_from, a->mag_end);
    if (!with_unit)
        return;
    bool one = nr_is_one(whole) && !a->magnitude;
    say_unit(r, money, one || adjective ? 0 : 1, sign.start, sign.end);
    uint64_t minor = point ? nr_value(nr_text(r, point + 1, a->end)) : 0;
    if (minor)
        nr_say_number(r, NR_FORM_CARDINAL, minor, point + 1, a->end);
    if (minor && r->norm->us) { /* Britons say "two pounds fifty" */
        say_unit(r, money, minor == 1 ? 2 : 3, point + 1, a->end);
    }
}

/* The second half of "£5-£10m" and "£5-10m". */
static uint32_t range_at(const nr_run *r, uint32_t at, amount *a)
{
    uint32_t dash = nr_dash_at(r, at), second;
    if (!dash)
        return 0;
    if (currency_at(r, at + dash, &second))
        return amount_at(r, second, a) ? dash : 0;
    return nr_digit_at(r, at + dash) && amount_at(r, at + dash, a) ? dash : 0;
}

/* "$20/mo", "£10/wk": per what. The end of it, or `at`. */
static uint32_t say_per(nr_run *r, uint32_t at)
{
    static const char *const short_forms[][2] = {{"mo", "month"}, {"wk", "week"}, {"yr", "year"}, {"hr", "hour"}, {"h", "hour"}, {"d", "day"}, {"kg", "kilogram"}, {"lb", "pound"}, {"sq", "square"}};
    uint32_t end = nr_letters_end(r, at + 1);
    if (nr_at(r, at) != '/' || end == at + 1 || !nr_ends_word(r, end))
        return at;
    nr_view word = nr_text(r, at + 1, end);
    nr_say_s(r, "per", at, at + 1);
    for (size_t i = 0; i < sizeof short_forms / sizeof *short_forms; i++)
        if (nr_view_is(word, short_forms[i][0]))
            word = nr_view_of(short_forms[i][1]);
    nr_say(r, word, at + 1, end);
    return end;
}

bool nr_rule_money(nr_run *r, uint32_t *at)
{
    uint32_t start = *at, figure;
    uint32_t minus = nr_dash_at(r, start);
    bool fresh = start == 0 || !(nr_ascii_alpha(r->text[start - 1]) || nr_ascii_digit(r->text[start - 1]));
    if (!fresh)
        return false;
    if (minus && !nr_ends_word(r, start + minus))
        return false;
    const nr_row *money = currency_at(r, start + minus, &figure);
    amount a, b;
    if (!money || !amount_at(r, figure, &a))
        return false;
    uint32_t end = a.mag_end;
    nr_span sign = {start + minus, figure};
    if (minus)
        nr_say_s(r, "minus", start, start + minus);
    uint32_t dash = range_at(r, end, &b);
    if (dash) {
        say_amount(r, money, &a, sign, false, false);
        nr_say_s(r, "to", end, end + dash);
        end = b.mag_end;
        say_amount(r, money, &b, sign, is_adjective(r, start, end), true);
    } else {
        say_amount(r, money, &a, sign, is_adjective(r, start, end), true);
    }
    end = say_per(r, end);
    nr_make(r, NR_CLASS_MONEY, "currency sign", start, end);
    *at = end;
    return true;
}

/* ---------------------------------------------------------------- units */

/* A unit's row at `at`, behind a figure; its end. */
static const nr_row *unit_at(const nr_run *r, uint32_t at, uint32_t *from, uint32_t *end)
{
    *from = nr_skip_blank(r, at);
    uint32_t to = *from;
    /* Letters, degree and prime signs, %, /, superscripts: the longest that is in the table. */
    while (to < r->end && to - *from < 12 && (unsigned char)nr_at(r, to) > ' ' && nr_at(r, to) != ',' && nr_at(r, to) != ';')
        to++;
    for (; to > *from; to--) {
        if (!nr_ends_word(r, to) || ((unsigned char)nr_at(r, to) & 0xC0) == 0x80)
            continue;
        const nr_row *row = nr_table_find(r->norm->units, nr_text(r, *from, to));
        if (!row || (nr_view_is(row->column[2], "joined") && *from > at))
            continue;
        if (nr_view_is(row->column[2], "feet") && !nr_digit_at(r, to) && *from > at)
            continue;
        *end = to;
        return row;
    }
    /* "sq km" and the like have a blank inside */
    uint32_t word = nr_letters_end(r, *from), second = nr_skip_blank(r, word);
    to = nr_letters_end(r, second);
    const nr_row *row = word > *from && second > word ? nr_table_find(r->norm->units, nr_text(r, *from, to)) : NULL;
    *end = to;
    return row;
}

/* "in" is a word more often than inches, "a" than ares, and so on: only where no word follows that it governs. */
static bool is_really_unit(const nr_run *r, const nr_row *row, uint32_t figure_end, uint32_t from, uint32_t end)
{
    if (!nr_view_is(row->column[2], "careful"))
        return true;
    nr_view next = nr_next_word(r, end);
    return from == figure_end && !(next.n && nr_ascii_digit(next.p[0]));
}

static void say_measure(nr_run *r, nr_view figure, const nr_row *unit, bool singular, nr_span f, nr_span u)
{
    nr_say_figure(r, figure, f.start, f.end);
    nr_say(r, unit->column[singular ? 0 : 1], u.start, u.end);
}

/* "6ft 5in", "5ft 10": the second part. Its end, or `at`. */
static uint32_t say_second_part(nr_run *r, const nr_row *first, uint32_t at)
{
    static const char *const pairs[][2] = {{"foot", "inch"}, {"stone", "pound"}, {"pound", "ounce"}};
    uint32_t from = nr_skip_blank(r, at), end = nr_digits_end(r, from), unit_from, unit_end;
    if (end == from || end - from > 2)
        return at;
    const nr_row *unit = unit_at(r, end, &unit_from, &unit_end);
    for (size_t i = 0; unit && i < 3; i++) {
        if (!nr_view_is(first->column[0], pairs[i][0]) || !nr_view_is(unit->column[0], pairs[i][1]))
            continue;
        nr_view figure = nr_text(r, from, end);
        say_measure(r, figure, unit, nr_is_one(figure), (nr_span){from, end}, (nr_span){unit_from, unit_end});
        return unit_end;
    }
    return at;
}

/* 6'2", also with typographic marks. */
static bool feet_inches(nr_run *r, uint32_t *at)
{
    uint32_t feet = nr_digits_end(r, *at), n = nr_at(r, feet) == '\'' ? 1 : nr_stands(r, feet, "\xE2\x80\x99") || nr_stands(r, feet, "\xE2\x80\xB2") ? 3 : 0;
    uint32_t from = feet + n, to = nr_digits_end(r, from), v = to;
    if (!n || feet - *at > 2 || to == from || to - from > 2)
        return false;
    v += nr_at(r, to) == '"' ? 1 : nr_stands(r, to, "\xE2\x80\x9D") || nr_stands(r, to, "\xE2\x80\xB3") ? 3 : 0;
    if (v == to)
        return false;
    nr_say_figure(r, nr_text(r, *at, feet), *at, feet);
    nr_say_s(r, nr_is_one(nr_text(r, *at, feet)) ? "foot" : "feet", feet, from);
    nr_say_figure(r, nr_text(r, from, to), from, to);
    nr_make(r, NR_CLASS_MEASURE, "feet and inches", *at, v);
    *at = v;
    return true;
}

/* "3.5%", "10km", "35°C", "6ft 5in", "5-10%", "50p" */
bool nr_rule_measure(nr_run *r, uint32_t *at)
{
    uint32_t start = *at, end = nr_figure_end(r, start), unit_from, unit_end;
    if (end == start)
        return false;
    if (feet_inches(r, at))
        return true;
    uint32_t second = 0, figure_end = end, dash = nr_dash_at(r, end);
    if (dash && nr_digit_at(r, end + dash)) {
        second = end + dash;
        figure_end = nr_figure_end(r, second);
    }
    uint32_t mag_from = figure_end, mag_end = figure_end;
    const char *magnitude = magnitude_at(r, figure_end, false, &mag_from, &mag_end);
    uint32_t unit_at_end = magnitude ? mag_end : figure_end;
    const nr_row *unit = unit_at(r, unit_at_end, &unit_from, &unit_end);
    if (!unit || !is_really_unit(r, unit, unit_at_end, unit_from, unit_end))
        return false;
    nr_view figure = nr_text(r, start, end);
    bool hyphen = nr_at(r, unit_end) == '-' && nr_letter_at(r, unit_end + 1);
    bool one = nr_is_one(figure) && !second && !magnitude;
    nr_say_figure(r, figure, start, end);
    if (second) {
        nr_say_s(r, "to", end, second);
        nr_say_figure(r, nr_text(r, second, figure_end), second, figure_end);
    }
    if (magnitude)
        nr_say_s(r, magnitude, mag_from, mag_end);
    nr_say(r, unit->column[one || hyphen ? 0 : 1], unit_from, unit_end);
    uint32_t to = say_second_part(r, unit, unit_end);
    nr_make(r, nr_view_is(unit->column[0], "percent") || nr_view_is(unit->column[0], "per cent") ? NR_CLASS_PERCENT : NR_CLASS_MEASURE,
            "figure and unit", start, to);
    *at = to;
    return true;
}
