/* Dates and times of day. */
#include <stdio.h>

#include "normalise/engine.h"

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August",
                                     "September", "October", "November", "December"};
static const char *const short_months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* A month's name or short form at `at`: 1-12 and its end, past the full stop of a short form. "may" and "march" without a
 * capital are verbs. */
static int month_at(const nr_run *r, uint32_t at, uint32_t *end)
{
    uint32_t to = nr_letters_end(r, at);
    nr_view word = nr_text(r, at, to);
    bool verb = word.n > 1 && !nr_ascii_upper(word.p[0]) && nr_in_list(word, "may march mar");
    *end = to;
    for (int m = 0; !verb && word.n > 2 && m < 12; m++) {
        if (nr_view_eq_nocase(word, nr_view_of(months[m])))
            return m + 1;
        if (nr_view_eq_nocase(word, nr_view_of(short_months[m])) || (m == 8 && nr_view_eq_nocase(word, NR_LIT("sept")))) {
            if (nr_at(r, to) == '.')
                *end = to + 1;
            return m + 1;
        }
    }
    return 0;
}

/* A year of three or four digits at `at`, 100 to 2999; its end or 0. */
static uint32_t year_at(const nr_run *r, uint32_t at)
{
    uint32_t end = nr_digits_end(r, at);
    uint64_t v = nr_value(nr_text(r, at, end));
    return end - at == 4 && v >= 1000 && v <= 2999 && nr_ends_word(r, end) &&
                   !(nr_at(r, end) == ',' && nr_digit_at(r, end + 1)) && !(nr_at(r, end) == '.' && nr_digit_at(r, end + 1))
               ? end
               : 0;
}

/* "5" or "5th" at `at`: its end, 0 when it is no day. */
static uint32_t day_at(const nr_run *r, uint32_t at, uint64_t *day)
{
    uint32_t end = nr_digits_end(r, at);
    *day = nr_value(nr_text(r, at, end));
    if (end == at || end - at > 2 || *day < 1 || *day > 31)
        return 0;
    if (nr_stands(r, end, "st") || nr_stands(r, end, "nd") || nr_stands(r, end, "rd") || nr_stands(r, end, "th"))
        end += 2;
    return nr_ends_word(r, end) ? end : 0;
}

static void say_year(nr_run *r, uint32_t from, uint32_t to)
{
    nr_say_number(r, NR_FORM_YEAR, nr_value(nr_text(r, from, to)), from, to);
}

/* "2012" or ", 2012" behind a date. */
static uint32_t say_year_behind(nr_run *r, uint32_t at)
{
    uint32_t from = nr_skip_blank(r, nr_at(r, at) == ',' ? at + 1 : at);
    uint32_t end = from > at ? year_at(r, from) : 0;
    if (!end)
        return at;
    say_year(r, from, end);
    return end;
}

static void say_day(nr_run *r, uint64_t day, uint32_t from, uint32_t to)
{
    nr_say_number(r, NR_FORM_ORDINAL, day, from, to);
}

/* "3-5 May", "5 and 6 May" are days too, but the second is taken with its month: here only the range. */
static uint32_t day_range_at(const nr_run *r, uint32_t at, uint64_t *first, uint64_t *last, uint32_t *first_end, uint32_t *second)
{
    *first_end = day_at(r, at, first);
    if (!*first_end)
        return 0;
    uint32_t dash = nr_dash_at(r, *first_end);
    *second = *first_end + dash;
    if (!dash) {
        *last = 0;
        return *first_end;
    }
    return day_at(r, *second, last);
}

/* "30 August 2023", "30th of August", "3-5 May" */
static bool day_month(nr_run *r, uint32_t *at)
{
    uint64_t first, last;
    uint32_t first_end, second, month_end;
    uint32_t day_end = day_range_at(r, *at, &first, &last, &first_end, &second);
    if (!day_end)
        return false;
    uint32_t month = nr_skip_blank(r, day_end);
    bool of = nr_stands(r, month, "of ");
    month = of ? nr_skip_blank(r, month + 3) : month;
    int m = month > day_end ? month_at(r, month, &month_end) : 0;
    nr_view before = nr_previous_word(r, *at);
    if (!m)
        return false;
    bool named = nr_in_list(before, "the");
    if (!r->norm->us || of || named) {
        if (!named)
            nr_say_s(r, "the", *at, first_end);
        say_day(r, first, *at, first_end);
        if (last) {
            nr_say_s(r, "to the", first_end, second);
            say_day(r, last, second, day_end);
        }
        nr_say_s(r, "of", month, month_end);
        nr_say_s(r, months[m - 1], month, month_end);
    } else {
        nr_say_s(r, months[m - 1], month, month_end);
        say_day(r, first, *at, first_end);
        if (last) {
            nr_say_s(r, "to", first_end, second);
            say_day(r, last, second, day_end);
        }
    }
    uint32_t end = say_year_behind(r, month_end);
    nr_make(r, NR_CLASS_DATE, "day month", *at, end);
    *at = end;
    return true;
}

/* "03/04/2021", "2021-04-03" */
static bool numeric_date(nr_run *r, uint32_t *at)
{
    uint32_t part[3], ends[3], p = *at;
    char sep = 0;
    for (int i = 0; i < 3; i++) {
        part[i] = p;
        ends[i] = nr_digits_end(r, p);
        if (ends[i] == p || (i < 2 && nr_at(r, ends[i]) != '/' && nr_at(r, ends[i]) != '-' && nr_at(r, ends[i]) != '.'))
            return false;
        if (i < 2 && sep && nr_at(r, ends[i]) != sep)
            return false;
        sep = i == 0 ? nr_at(r, ends[i]) : sep;
        p = ends[i] + 1;
    }
    if (!nr_ends_word(r, ends[2]) || (nr_at(r, ends[2]) == sep && nr_digit_at(r, ends[2] + 1)))
        return false;
    bool iso = ends[0] - part[0] == 4 && sep != '.';
    uint64_t a = nr_value(nr_text(r, part[0], ends[0])), b = nr_value(nr_text(r, part[1], ends[1])),
             c = nr_value(nr_text(r, part[2], ends[2]));
    size_t year_digits = ends[2] - part[2];
    int y = iso ? 0 : 2, m = iso || r->norm->us ? (iso ? 1 : 0) : 1, d = iso ? 2 : (r->norm->us ? 1 : 0);
    if (!iso && (sep == '.' ? year_digits != 4 : year_digits != 4 && year_digits != 2))
        return false;
    uint64_t v[3] = {a, b, c};
    if (!iso && v[m] > 12 && v[d] <= 12) { /* it can only be the other way round */
        int other = m;
        m = d;
        d = other;
    }
    if (v[m] < 1 || v[m] > 12 || v[d] < 1 || v[d] > 31 || (!iso && sep == '-' && year_digits != 4))
        return false;
    if (!r->norm->us) {
        nr_say_s(r, "the", part[d], ends[d]);
        say_day(r, v[d], part[d], ends[d]);
        nr_say_s(r, "of", part[m], ends[m]);
        nr_say_s(r, months[v[m] - 1], part[m], ends[m]);
    } else {
        nr_say_s(r, months[v[m] - 1], part[m], ends[m]);
        say_day(r, v[d], part[d], ends[d]);
    }
    uint64_t year = v[y];
    if (ends[y] - part[y] == 2) {
        nr_say_number(r, NR_FORM_YEAR, year < 40 ? 2000 + year : 1900 + year, part[y], ends[y]);
    } else {
        nr_say_number(r, NR_FORM_YEAR, year, part[y], ends[y]);
    }
    nr_make(r, NR_CLASS_DATE, "numeric date", *at, ends[2]);
    *at = ends[2];
    if (nr_at(r, *at) == 'T' && nr_digit_at(r, *at + 1)) { /* ISO 8601 with a time behind it */
        nr_make(r, NR_CLASS_SILENT, "ISO 8601 T", *at, *at + 1);
        ++*at;
    }
    return true;
}

bool nr_rule_date(nr_run *r, uint32_t *at)
{
    return nr_digit_at(r, *at) && (numeric_date(r, at) || day_month(r, at));
}

/* "May 5, 2012", "Jan. 6", "Sept 2019", "August 2023" */
bool nr_rule_month(nr_run *r, uint32_t *at)
{
    uint32_t end, day_end = 0, year_end = 0;
    int m = nr_ascii_alpha(nr_at(r, *at)) ? month_at(r, *at, &end) : 0;
    if (!m || !nr_ends_word(r, end))
        return false;
    uint32_t next = nr_skip_blank(r, end);
    uint64_t day = 0;
    if (next > end)
        day_end = day_at(r, next, &day);
    if (day_end && (nr_at(r, day_end) == ':' || (nr_at(r, day_end) == '.' && nr_digit_at(r, day_end + 1))))
        day_end = 0;
    if (next > end && !day_end)
        year_end = year_at(r, next);
    bool abbreviated = end - *at < strlen(months[m - 1]);
    if (!day_end && !year_end && (!abbreviated || nr_at(r, end - 1) != '.'))
        return false; /* "May", "Mar", "Jan" are words and names as well */
    nr_say_s(r, months[m - 1], *at, end);
    uint32_t to = end;
    if (day_end) {
        if (!r->norm->us)
            nr_say_s(r, "the", next, day_end);
        say_day(r, day, next, day_end);
        uint32_t dash = nr_dash_at(r, day_end);
        uint64_t last;
        uint32_t last_end = dash ? day_at(r, day_end + dash, &last) : 0;
        to = day_end;
        if (last_end) {
            nr_say_s(r, r->norm->us ? "to" : "to the", day_end, day_end + dash);
            say_day(r, last, day_end + dash, last_end);
            to = last_end;
        }
        to = say_year_behind(r, to);
    } else if (year_end) {
        say_year(r, next, year_end);
        to = year_end;
    }
    nr_make(r, NR_CLASS_DATE, "month", *at, to);
    *at = to;
    return true;
}

/* ---------------------------------------------------------------- times */

/* "am", "a.m.", "PM" at `at`, past a blank: 'a' or 'p' and its end. */
static char half_day_at(const nr_run *r, uint32_t at, uint32_t *from, uint32_t *end)
{
    uint32_t p = nr_skip_blank(r, at);
    char half = (char)(nr_at(r, p) | 32);
    if (half != 'a' && half != 'p')
        return 0;
    uint32_t q = p + 1 + (nr_at(r, p + 1) == '.');
    if ((nr_at(r, q) | 32) != 'm' || !nr_ends_word(r, q + 1))
        return 0;
    *from = p;
    /* The last stop belongs to it, but at the end of the sentence it ends that as well. */
    *end = q + 1 + (nr_at(r, p + 1) == '.' && nr_at(r, q + 1) == '.');
    return half;
}

static void say_hour_minute(nr_run *r, uint64_t hour, uint64_t minute, bool half, nr_span h, nr_span m)
{
    if (hour == 0 && minute == 0) {
        nr_say_s(r, "midnight", h.start, m.end);
        return;
    }
    if (hour == 0)
        nr_say_s(r, r->norm->us ? "zero" : "oh oh", h.start, h.end);
    else
        nr_say_number(r, NR_FORM_CARDINAL, hour, h.start, h.end);
    if (minute == 0 && !half)
        nr_say_s(r, hour > 12 ? "hundred" : "o'clock", m.start, m.end);
    if (minute > 0 && minute < 10)
        nr_say_s(r, "oh", m.start, m.end);
    if (minute > 0)
        nr_say_number(r, NR_FORM_CARDINAL, minute, m.start, m.end);
}

/* "9am-5pm": the dash between times is said. */
static void say_dash_behind(nr_run *r, uint32_t *at)
{
    uint32_t dash = nr_dash_at(r, *at);
    if (!dash || !nr_digit_at(r, *at + dash))
        return;
    nr_say_s(r, "to", *at, *at + dash);
    nr_make(r, NR_CLASS_RANGE, "dash between times", *at, *at + dash);
    *at += dash;
}

static void say_half(nr_run *r, char half, uint32_t from, uint32_t end)
{
    nr_say_letters(r, half == 'a' ? NR_LIT("AM") : NR_LIT("PM"), from, end);
}

/* "20:16", "7.30pm", "5:30", "10 a.m.", "9am-5pm"; a time zone behind it is a word of its own. */
bool nr_rule_time(nr_run *r, uint32_t *at)
{
    uint32_t h_end = nr_digits_end(r, *at), from, end;
    uint64_t hour = nr_value(nr_text(r, *at, h_end));
    if (h_end == *at || h_end - *at > 2 || hour > 24)
        return false;
    char half = half_day_at(r, h_end, &from, &end);
    if (half && hour <= 12 && hour > 0) {
        nr_say_number(r, NR_FORM_CARDINAL, hour, *at, h_end);
        say_half(r, half, from, end);
        nr_make(r, NR_CLASS_TIME, "hour am/pm", *at, end);
        *at = end;
        say_dash_behind(r, at);
        return true;
    }
    char sep = nr_at(r, h_end);
    uint32_t m = h_end + 1, m_end = nr_digits_end(r, m);
    uint64_t minute = nr_value(nr_text(r, m, m_end));
    if ((sep != ':' && sep != '.') || m_end - m != 2 || minute > 59)
        return false;
    half = half_day_at(r, m_end, &from, &end);
    nr_view before = nr_previous_word(r, *at);
    if (sep == '.' && !half)
        return false;
    bool seconds = nr_at(r, m_end) == ':' && nr_digit_at(r, m_end + 1);
    if (seconds || (sep == ':' && hour > 23 && minute) || (h_end - *at == 1 && nr_in_list(before, "ratio odds score")))
        return false;
    if (!half && nr_at(r, m_end) == '.' && nr_digit_at(r, m_end + 1))
        return false;
    say_hour_minute(r, hour, minute, half != 0, (nr_span){*at, h_end}, (nr_span){m, m_end});
    if (half)
        say_half(r, half, from, end);
    else
        end = m_end;
    nr_make(r, NR_CLASS_TIME, "hour and minute", *at, end);
    *at = end;
    say_dash_behind(r, at);
    return true;
}
