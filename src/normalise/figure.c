/* What begins with a digit and is neither date, time nor measure: years, ordinals, fractions, scores, ranges, codes. */
#include <stdio.h>

#include "normalise/engine.h"

static bool put(nr_run *r, uint32_t *at, uint32_t end, nr_class class, const char *rule)
{
    nr_make(r, class, rule, *at, end);
    *at = end;
    return true;
}

/* ---------------------------------------------------------------- years */

/* Four digits that a plural follows count something: "1900 copies". */
static bool counts_something(const nr_run *r, uint32_t end)
{
    nr_view next = nr_next_word(r, end);
    if (nr_skip_blank(r, end) == end || next.n < 3 || next.p[0] < 'a' || next.p[0] > 'z')
        return false;
    if (nr_in_list(next, "people men women children staff million billion police sheep fish troops other more new different"))
        return true;
    return next.p[next.n - 1] == 's' && !nr_in_list(next, "was is has this its as us does says elections sees") && next.p[next.n - 2] != 's';
}

static bool is_year(const nr_run *r, uint32_t at, uint32_t end)
{
    uint64_t v = nr_value(nr_text(r, at, end));
    nr_view before = nr_previous_word(r, at);
    if (end - at != 4 || v < 1000 || v > 2999)
        return false;
    if (nr_in_list(before, "in since by from until till before after during circa around early late mid of spring summer autumn winter fall year years and to between")) {
        if (nr_in_list(before, "in since during until till circa early late mid spring summer autumn winter fall year"))
            return true;
        return !counts_something(r, end);
    }
    return v >= 1100 && v < 2100 && !counts_something(r, end);
}

/* "In 626 the city fell", "275 BC": said as years are, six twenty-six. */
static bool early_year(const nr_run *r, uint32_t at, uint32_t end)
{
    nr_view before = nr_previous_word(r, at), after = nr_next_word(r, end);
    bool bc = nr_in_list(after, "BC AD BCE CE") || nr_stands(r, nr_skip_blank(r, end), "B.C") || nr_in_list(before, "AD");
    return end - at == 3 && nr_at(r, at) != '0' && (bc || (nr_in_list(before, "in year") && !counts_something(r, end) && nr_at(r, end) != '%'));
}

static void say_early_year(nr_run *r, uint32_t from, uint32_t to)
{
    uint64_t v = nr_value(nr_text(r, from, to));
    nr_say_number(r, NR_FORM_CARDINAL, v % 100 ? v / 100 : v, from, to);
    if (v % 100 && v % 100 < 10)
        nr_say_s(r, "oh", from, to);
    if (v % 100)
        nr_say_number(r, NR_FORM_CARDINAL, v % 100, from, to);
}

static void say_maybe_year(nr_run *r, uint32_t from, uint32_t to)
{
    bool year = is_year(r, from, to);
    if (early_year(r, from, to))
        say_early_year(r, from, to);
    else if (year)
        nr_say_number(r, NR_FORM_YEAR, nr_value(nr_text(r, from, to)), from, to);
    else
        nr_say_figure(r, nr_text(r, from, to), from, to);
}

/* "1990s", "1990's", "20s" */
static bool decade(nr_run *r, uint32_t *at)
{
    uint32_t end = nr_digits_end(r, *at), s = end;
    if (nr_at(r, s) == '\'')
        s++;
    else if (nr_stands(r, s, "\xE2\x80\x99"))
        s += 3;
    uint64_t v = nr_value(nr_text(r, *at, end));
    if (nr_at(r, s) != 's' || !nr_ends_word(r, s + 1) || v % 10 || (end - *at != 4 && !(end - *at == 2 && v >= 20)))
        return false;
    nr_say_decade(r, v, *at, s + 1);
    return put(r, at, s + 1, NR_CLASS_YEAR, "decade");
}

/* ---------------------------------------------------------------- ordinals and fractions */

bool nr_rule_ordinal(nr_run *r, uint32_t *at)
{
    uint32_t end = nr_figure_end(r, *at);
    nr_view suffix = nr_text(r, end, nr_letters_end(r, end));
    uint64_t v = nr_value(nr_text(r, *at, end));
    bool teen = v % 100 / 10 == 1;
    const char *right = teen ? "th" : v % 10 == 1 ? "st" : v % 10 == 2 ? "nd" : v % 10 == 3 ? "rd" : "th";
    if (!nr_in_list(suffix, right) || memchr(r->text + *at, '.', end - *at)) /* 11st is eleven stone */
        return false;
    uint32_t to = end + 2;
    nr_say_number(r, NR_FORM_ORDINAL, v, *at, to);
    return put(r, at, to, NR_CLASS_ORDINAL, "ordinal");
}

static void say_part(nr_run *r, uint64_t above, uint64_t below, nr_span span)
{
    nr_say_number(r, NR_FORM_CARDINAL, above, span.start, span.end);
    if (below == 2) {
        nr_say_s(r, above == 1 ? "half" : "halves", span.start, span.end);
    } else if (below == 4) {
        nr_say_s(r, above == 1 ? "quarter" : "quarters", span.start, span.end);
    } else {
        nr_say_number(r, NR_FORM_ORDINAL, below, span.start, span.end);
        nr_word *last = &r->words[r->word_count - 1];
        if (above != 1) { /* "thirds": the plural of the last word */
            nr_buffer b = NR_BUFFER_INIT(100);
            nr_buffer_put_view(&b, last->say);
            nr_buffer_put_char(&b, 's');
            last->say = nr_arena_copy(r->arena, nr_buffer_view(&b));
            nr_buffer_free(&b);
        }
    }
}

/* "2/3", "1 1/2", "24/7", "9/11", "50/50" */
static bool fraction(nr_run *r, uint32_t *at)
{
    uint32_t end = nr_digits_end(r, *at), whole_end = 0, top = *at;
    uint32_t blank = nr_skip_blank(r, end);
    if (blank == end + 1 && nr_digit_at(r, blank) && nr_at(r, nr_digits_end(r, blank)) == '/') {
        whole_end = end;
        top = blank;
        end = nr_digits_end(r, top);
    }
    uint32_t bottom = end + 1, to = nr_digits_end(r, bottom);
    if (nr_at(r, end) != '/' || to == bottom || nr_at(r, to) == '/' || (nr_letter_at(r, to) && !nr_stands(r, to, "th")))
        return false;
    uint64_t above = nr_value(nr_text(r, top, end)), below = nr_value(nr_text(r, bottom, to));
    bool proper = above > 0 && above < below && below <= 100 && !(above == 9 && below == 11);
    if (whole_end && !proper)
        return false;
    if (whole_end) {
        nr_say_figure(r, nr_text(r, *at, whole_end), *at, whole_end);
        nr_say_s(r, "and", top, to);
        if (above == 1)
            nr_say_s(r, below == 2 ? "a half" : below == 4 ? "a quarter" : "", top, to);
        if (above != 1 || (below != 2 && below != 4))
            say_part(r, above, below, (nr_span){top, to});
    } else if (proper) {
        say_part(r, above, below, (nr_span){top, to});
    } else { /* 24/7, 9/11, 50/50, 2019/20 */
        say_maybe_year(r, top, end);
        if (to - bottom == 2 && below < 10)
            nr_say_s(r, "oh", bottom, to);
        nr_say_figure(r, nr_text(r, bottom + (to - bottom == 2 && below < 10), to), bottom, to);
    }
    if (nr_stands(r, to, "ths"))
        to += 3;
    else if (nr_stands(r, to, "th"))
        to += 2;
    return put(r, at, to, proper ? NR_CLASS_FRACTION : NR_CLASS_RATIO, "slash");
}

/* ---------------------------------------------------------------- ranges, scores, ratios */

/* Words near a score, on either side. */
static bool is_score(const nr_run *r, uint32_t at, uint32_t end)
{
    nr_view before = nr_previous_word(r, at), after = nr_next_word(r, end);
    static const char words[] = "win won wins beat beats beaten lost lose loss draw drew victory defeat defeated lead led leading "
                                "thrashed score scoreline aggregate vote voted winner ahead down up trailed level clear";
    return nr_in_list(before, words) || nr_in_list(after, words);
}

static void say_goals(nr_run *r, uint32_t from, uint32_t to)
{
    if (to - from == 1 && nr_at(r, from) == '0')
        nr_say_s(r, r->norm->us ? "zero" : "nil", from, to);
    else
        nr_say_figure(r, nr_text(r, from, to), from, to);
}

/* Digits joined by two dashes or more are a code: telephone numbers, ISBNs. */
static bool is_code(const nr_run *r, uint32_t second_end)
{
    uint32_t dash = nr_dash_at(r, second_end);
    return dash && nr_digit_at(r, second_end + dash);
}

/* "10-20", "1837-1901", "2019-20", "2-0" */
static bool range(nr_run *r, uint32_t *at)
{
    uint32_t end = nr_figure_end(r, *at), dash = nr_dash_at(r, end);
    uint32_t blank = nr_skip_blank(r, end);
    if (!dash && blank > end && nr_at(r, blank) != '-' && nr_dash_at(r, blank) && nr_digit_at(r, nr_skip_blank(r, blank + nr_dash_at(r, blank)))) {
        dash = nr_skip_blank(r, blank + nr_dash_at(r, blank)) - end; /* "10 – 20" */
    }
    uint32_t second = end + dash, to = nr_figure_end(r, second);
    if (!dash || to == second || is_code(r, to) || nr_letter_at(r, to))
        return false;
    bool small = end - *at <= 2 && to - second <= 2;
    bool nil = small && ((nr_at(r, second) == '0' && to == second + 1) || (nr_at(r, *at) == '0' && end == *at + 1));
    if (small && (nil || is_score(r, *at, to))) {
        say_goals(r, *at, end);
        say_goals(r, second, to);
        return put(r, at, to, NR_CLASS_SCORE, "score");
    }
    bool years = is_year(r, *at, end);
    uint64_t low = nr_value(nr_text(r, *at, end)), high = nr_value(nr_text(r, second, to));
    if (end - *at >= 5 && nr_at(r, *at) == '0')
        return false;
    if (years && to - second == 2) { /* 2019-20 */
        nr_say_number(r, NR_FORM_YEAR, low, *at, end);
        nr_say_s(r, "to", end, second);
        if (high < 10)
            nr_say_s(r, "oh", second, to);
        nr_say_number(r, NR_FORM_CARDINAL, high, second, to);
        return put(r, at, to, NR_CLASS_RANGE, "years");
    }
    if (years && to - second == 4) {
        nr_say_number(r, NR_FORM_YEAR, low, *at, end);
        nr_say_s(r, "to", end, second);
        nr_say_number(r, NR_FORM_YEAR, high, second, to);
        return put(r, at, to, NR_CLASS_RANGE, "years");
    }
    nr_say_figure(r, nr_text(r, *at, end), *at, end);
    if (high > low)
        nr_say_s(r, "to", end, second);
    nr_say_figure(r, nr_text(r, second, to), second, to);
    return put(r, at, to, high > low ? NR_CLASS_RANGE : NR_CLASS_SCORE, "dash");
}

/* "3:1", "2:03:59" */
static bool colon(nr_run *r, uint32_t *at)
{
    uint32_t end = nr_digits_end(r, *at), second = end + 1, to = nr_digits_end(r, second);
    if (nr_at(r, end) != ':' || to == second)
        return false;
    if (nr_at(r, to) == ':' && nr_digit_at(r, to + 1)) { /* a duration, or a clock with seconds */
        uint32_t third = to + 1, last = nr_digits_end(r, third);
        nr_say_figure(r, nr_text(r, *at, end), *at, end);
        nr_say_s(r, nr_is_one(nr_text(r, *at, end)) ? "hour" : "hours", *at, end);
        nr_say_number(r, NR_FORM_CARDINAL, nr_value(nr_text(r, second, to)), second, to);
        nr_say_s(r, nr_value(nr_text(r, second, to)) == 1 ? "minute" : "minutes", second, to);
        nr_say_s(r, "and", third, last);
        nr_say_number(r, NR_FORM_CARDINAL, nr_value(nr_text(r, third, last)), third, last);
        nr_say_s(r, nr_value(nr_text(r, third, last)) == 1 ? "second" : "seconds", third, last);
        return put(r, at, last, NR_CLASS_TIME, "duration");
    }
    nr_say_figure(r, nr_text(r, *at, end), *at, end);
    nr_say_s(r, to - second <= 2 && to - second != 2 ? "to" : "", end, second);
    nr_say_figure(r, nr_text(r, second, to), second, to);
    return put(r, at, to, NR_CLASS_RATIO, "colon");
}

/* ---------------------------------------------------------------- codes */

/* "2.0.1", "10.0.0.1" */
static bool version(nr_run *r, uint32_t *at)
{
    uint32_t p = nr_digits_end(r, *at);
    int points = 0;
    while (nr_at(r, p) == '.' && nr_digit_at(r, p + 1)) {
        p = nr_digits_end(r, p + 1);
        points++;
    }
    if (points < 2)
        return false;
    for (uint32_t from = *at; from < p;) {
        uint32_t end = nr_digits_end(r, from);
        if (from > *at)
            nr_say_s(r, "point", from - 1, from);
        nr_say_figure(r, nr_text(r, from, end), from, end);
        from = end + 1;
    }
    return put(r, at, p, NR_CLASS_DIGITS, "version");
}

/* A run of digit groups with blanks or dashes that begins with 0, or has two dashes: read digit by digit. */
static bool telephone(nr_run *r, uint32_t *at)
{
    uint32_t p = nr_digits_end(r, *at), digits = p - *at;
    int dashes = 0, groups = 1;
    for (;;) {
        uint32_t sep = nr_at(r, p) == ' ' || nr_at(r, p) == '-' ? 1 : 0, end = nr_digits_end(r, p + sep);
        if (!sep || end == p + sep || end - p - sep < 2 || ((nr_at(r, end) == ',' || nr_at(r, end) == '.') && nr_digit_at(r, end + 1)))
            break;
        dashes += nr_at(r, p) == '-';
        groups++;
        digits += end - p - sep;
        p = end;
    }
    bool zero = nr_at(r, *at) == '0' && digits >= 9;
    bool dashed = dashes >= 1 && digits >= 7 && digits <= 13 && groups == dashes + 1 && (dashes >= 2 || digits == 7);
    if (!zero && !dashed)
        return false;
    for (uint32_t i = *at; i < p; i++)
        nr_say_digits(r, nr_text(r, i, i + 1), true, i, i + 1);
    return put(r, at, p, NR_CLASS_DIGITS, "telephone");
}

/* "4x4", "4x100m", "5G", "3D": digits and letters in one word. */
static bool digits_letters(nr_run *r, uint32_t *at)
{
    uint32_t end = nr_figure_end(r, *at), to = nr_letters_end(r, end);
    nr_view letters = nr_text(r, end, to);
    if (!letters.n || letters.n > 3)
        return false;
    if (letters.n == 1 && (letters.p[0] == 'x' || letters.p[0] == 'X') && nr_digit_at(r, to)) {
        nr_say_figure(r, nr_text(r, *at, end), *at, end);
        nr_say_s(r, "by", end, to);
        return put(r, at, to, NR_CLASS_RATIO, "by");
    }
    bool magnitude = nr_in_list(letters, "m k bn b");
    nr_say_figure(r, nr_text(r, *at, end), *at, end);
    if (magnitude && letters.p[0] != 'M' && letters.p[0] != 'B')
        nr_say_s(r, letters.p[0] == 'm' ? "million" : letters.p[0] == 'b' ? "billion" : "thousand", end, to);
    else
        nr_say_letters(r, letters, end, to);
    return put(r, at, to, NR_CLASS_LETTERS, "digits and letters");
}

/* "500 million", "1,250", "2023", "3½" */
static bool plain(nr_run *r, uint32_t *at)
{
    uint32_t end = nr_figure_end(r, *at);
    static const char *const halves[][2] = {{"\xC2\xBD", "and a half"}, {"\xC2\xBC", "and a quarter"}, {"\xC2\xBE", "and three quarters"}};
    say_maybe_year(r, *at, end);
    bool year = is_year(r, *at, end);
    for (size_t i = 0; i < 3; i++) {
        if (nr_stands(r, end, halves[i][0])) {
            nr_say_s(r, halves[i][1], end, end + 2);
            return put(r, at, end + 2, NR_CLASS_FRACTION, "mixed fraction");
        }
    }
    return put(r, at, end, year ? NR_CLASS_YEAR : memchr(r->text + *at, '.', end - *at) ? NR_CLASS_DECIMAL : NR_CLASS_CARDINAL,
               year ? "year" : "figure");
}

bool nr_rule_figure(nr_run *r, uint32_t *at)
{
    return decade(r, at) || version(r, at) || telephone(r, at) || fraction(r, at) || range(r, at) ||
           colon(r, at) || digits_letters(r, at) || plain(r, at);
}
