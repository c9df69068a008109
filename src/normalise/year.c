/* Years, decades, eras, quarters. */
#include "normalise/engine.h"

/* "the 1780 riots": an article before a figure that a plural follows makes it a year, but "the 1,500 people" is written
 * with a comma or counts people. */
static bool names_event(const nr_run *r, nr_span s)
{
    nr_view before = nr_previous_word(r, s.start), next = nr_next_word(r, s.end);
    bool name = nr_starts_upper(before) && nr_previous_word(r, (uint32_t)(before.p - r->text)).n; /* "Reunion Tour 2020 dates" */
    return (name || nr_in_list(before, "the")) && !(nr_kinds(r, next) & NR_KIND_COUNTED);
}

bool nr_is_year(const nr_run *r, nr_span s)
{
    uint64_t v = nr_number(r, s);
    if (nr_length(s) != 4 || v < 1000 || v > 2999 || memchr(r->text + s.start, '.', 4))
        return false;
    uint32_t kinds = nr_kinds_before(r, s.start);
    bool counted = nr_counts(r, s.end);
    if (kinds & (NR_KIND_DATING | NR_KIND_MONTH))
        return true;
    if (s.start > r->start && r->text[s.start - 1] == '-' && nr_in_list(nr_previous_word(r, s.start - 1), "mid pre post late early"))
        return true;
    if (v < 1100 || v >= 2100)
        return false;
    if (kinds & NR_KIND_AMOUNT && counted)
        return false;
    nr_view before = nr_previous_word(r, s.start); /* "a score of 2072" */
    if (nr_in_list(before, "of") && nr_in_list(nr_previous_word(r, (uint32_t)(before.p - r->text)), "score scores total sum rating ratings height altitude elevation depth population length weight capacity maximum minimum average value speed distance salary attendance crowd enrollment enrolment frequency"))
        return false;
    /* "their 2019 results": who counts so many things puts a comma into the figure */
    bool recent = v >= 1980 && v <= 2039 && v % 10 && !(nr_kinds_after(r, s.end) & NR_KIND_COUNTED);
    return !counted || recent || names_event(r, s);
}

/* Of three digits: "six twenty-six", "three oh five". */
static void say_early_year(nr_run *r, nr_span s)
{
    uint64_t v = nr_number(r, s);
    nr_say_number(r, NR_FORM_CARDINAL, v % 100 ? v / 100 : v, s.start, s.end);
    if (v % 100 && v % 100 < 10)
        nr_say_s(r, "oh", s.start, s.end);
    if (v % 100)
        nr_say_number(r, NR_FORM_CARDINAL, v % 100, s.start, s.end);
}

/* BC, B.C., AD, BCE, CE at `at`: the end, else 0. */
static uint32_t era_at(const nr_run *r, uint32_t at)
{
    static const char *const eras[] = {"B.C.E", "B.C", "A.D", "BCE", "BC", "AD", "CE"};
    uint32_t from = nr_skip_blank(r, at);
    for (size_t i = 0; i < sizeof eras / sizeof *eras; i++)
        if (nr_stands(r, from, eras[i]) && nr_ends_word(r, from + (uint32_t)strlen(eras[i])))
            return from + (uint32_t)strlen(eras[i]);
    return 0;
}

/* "44 BC", "323 B.C.", "AD 79", "in 626": said as years are. */
static bool is_early_year(const nr_run *r, nr_span s)
{
    nr_view before = nr_previous_word(r, s.start), next = nr_next_word(r, s.end);
    size_t n = nr_length(s);
    bool goes_on = (nr_at(r, s.end) == ',' || nr_at(r, s.end) == '.') && nr_digit_at(r, s.end + 1); /* 1 in 100,000 */
    if (n < 1 || n > 4 || goes_on || nr_at(r, s.start) == '0' || memchr(r->text + s.start, '.', n) || memchr(r->text + s.start, ',', n))
        return false;
    if (era_at(r, s.end) || nr_in_list(before, "AD"))
        return true;
    return n == 3 && nr_in_list(before, "in year") && nr_at(r, s.end) != '%' &&
           (!nr_starts_lower(next) || (nr_kinds(r, next) & (NR_KIND_ARTICLE | NR_KIND_FUNCTION) && !nr_in_list(next, "of or to and per")));
}

static void say_year(nr_run *r, nr_span s, bool early)
{
    size_t n = nr_length(s);
    if (early && n == 3)
        say_early_year(r, s);
    else
        nr_say_part(r, n == 4 ? NR_FORM_YEAR : NR_FORM_CARDINAL, s);
}

bool nr_year_era(nr_run *r, uint32_t *at)
{
    nr_span s = {*at, nr_digits_end(r, *at)};
    if (!is_early_year(r, s))
        return false;
    say_year(r, s, true);
    return nr_make(r, at, s.end, NR_CLASS_YEAR, "early year");
}

void nr_say_maybe_year(nr_run *r, nr_span s)
{
    bool early = is_early_year(r, s);
    if (early || nr_is_year(r, s))
        say_year(r, s, early);
    else
        nr_say_figure_part(r, s);
}

/* 1990: "nineteen nineties", 80: "eighties", 2000: "two thousands", 0: "noughties" */
static void say_decade(nr_run *r, uint64_t year, nr_span s)
{
    static const char *const tens[] = {"hundreds", "tens", "twenties", "thirties", "forties", "fifties", "sixties",
                                       "seventies", "eighties", "nineties"};
    uint64_t century = year / 100, decade = year / 10 % 10;
    if (year == 1000) { /* of people, and no decade */
        nr_say_s(r, "thousands", s.start, s.end);
    } else if (decade == 0 && century % 10 == 0 && century > 0) {
        nr_say_number(r, NR_FORM_CARDINAL, century / 10, s.start, s.end);
        nr_say_s(r, "thousands", s.start, s.end);
    } else if (century) {
        nr_say_number(r, NR_FORM_CARDINAL, century, s.start, s.end);
        nr_say_s(r, tens[decade], s.start, s.end);
    } else {
        nr_say_s(r, decade ? tens[decade] : "noughties", s.start, s.end);
    }
}

bool nr_rule_decade(nr_run *r, uint32_t *at, const nr_match *m)
{
    uint64_t v = nr_number(r, m->part[0]);
    size_t n = nr_length(m->part[0]);
    bool weapon = nr_kinds_before(r, *at) & (NR_KIND_CODED | NR_KIND_FUNCTION) && n == 2 && v % 10;
    if (v % 10 || weapon || (n == 4 && (v < 1000 || v > 2990)) || (n == 2 && v == 10) || !nr_ends_word(r, m->end))
        return false;
    say_decade(r, v, (nr_span){*at, m->end});
    return nr_make(r, at, m->end, NR_CLASS_YEAR, "decade");
}

/* "'80s", "'99": an apostrophe before two digits. */
bool nr_rule_short_year(nr_run *r, uint32_t *at)
{
    uint32_t n = nr_stands(r, *at, "\xE2\x80\x98") ? 3 : nr_apostrophe_at(r, *at);
    nr_span s = {*at + n, nr_digits_end(r, *at + n)};
    if (!n || nr_length(s) != 2 || !nr_begins_word(r, *at))
        return false;
    if (nr_at(r, s.end) == 's' && nr_ends_word(r, s.end + 1) && nr_at(r, s.end - 1) == '0') {
        say_decade(r, nr_number(r, s), (nr_span){*at, s.end + 1});
        return nr_make(r, at, s.end + 1, NR_CLASS_YEAR, "short decade");
    }
    if (!nr_ends_word(r, s.end) || nr_stands(r, s.end, "'") || nr_stands(r, s.end, "\xE2\x80\x99"))
        return false;
    nr_say_pair(r, s);
    return nr_make(r, at, s.end, NR_CLASS_YEAR, "short year");
}

/* ---------------------------------------------------------------- quarters and halves of business years */

/* "2023" or "22" at `at`, past a blank for four digits; empty when there is none. */
static nr_span business_year(const nr_run *r, uint32_t at)
{
    uint32_t from = nr_skip_blank(r, at), mark = nr_apostrophe_at(r, from), end = nr_digits_end(r, from + mark);
    bool apart = from > at && !mark;
    from += mark; /* Q4'23 */
    if (!nr_ends_word(r, end) || !(end - from == 4 || (end - from == 2 && !apart)))
        return (nr_span){at, at};
    return (nr_span){from, end};
}

static void say_business_year(nr_run *r, nr_span year)
{
    uint64_t v = nr_number(r, year);
    nr_say_number(r, NR_FORM_YEAR, nr_length(year) == 2 ? 2000 + v : v, year.start, year.end);
}

/* "Q3 2023", "H1", "3Q22": "the third quarter of" needs a year behind it. */
static bool quarter(nr_run *r, uint32_t *at, char sign, uint32_t number, uint32_t end)
{
    char digit = nr_at(r, number);
    if ((sign != 'Q' && sign != 'H') || digit < '1' || digit > (sign == 'Q' ? '4' : '2'))
        return false;
    bool business = nr_stands(r, end, "FY"); /* "2HFY25", "Q2FY25" */
    nr_span year = business_year(r, end + 2 * business);
    if (!nr_length(year))
        return false;
    if (!(nr_kinds_before(r, *at) & NR_KIND_ARTICLE))
        nr_say_s(r, "the", *at, end);
    nr_say_number(r, NR_FORM_ORDINAL, (uint64_t)(digit - '0'), number, number + 1);
    nr_say_s(r, sign == 'Q' ? "quarter" : "half", *at, end);
    nr_say_s(r, "of", *at, end);
    if (business)
        nr_say_s(r, r->norm->style.us ? "fiscal year" : "financial year", end, end + 2);
    say_business_year(r, year);
    return nr_make(r, at, year.end, NR_CLASS_DATE, "quarter");
}

/* "FY23", "FY2023-24" */
static bool fiscal(nr_run *r, uint32_t *at)
{
    nr_span year = nr_stands(r, *at, "FY") ? business_year(r, *at + 2) : (nr_span){0, 0};
    uint32_t pair = nr_stands(r, *at, "FY ") ? nr_digits_end(r, *at + 3) : 0; /* "FY 24-25" */
    if (pair == *at + 5 && (nr_at(r, pair) == '-' || nr_at(r, pair) == '/') && nr_digits_end(r, pair + 1) == pair + 3)
        year = (nr_span){*at + 3, pair};
    if (!nr_length(year))
        return false;
    nr_say_s(r, r->norm->style.us ? "fiscal year" : "financial year", *at, *at + 2);
    say_business_year(r, year);
    uint32_t dash = nr_at(r, year.end) == '/' ? 1 : nr_dash_at(r, year.end), end = nr_digits_end(r, year.end + dash);
    if (dash && end - year.end - dash == 2) {
        nr_say_s(r, "to", year.end, year.end + dash);
        nr_say_pair(r, (nr_span){year.end + dash, end});
        year.end = end;
    }
    return nr_make(r, at, year.end, NR_CLASS_DATE, "business year");
}

bool nr_rule_quarter(nr_run *r, uint32_t *at)
{
    char c = nr_at(r, *at), next = nr_at(r, *at + 1);
    if (nr_ascii_digit(c) && (next == 'Q' || next == 'H') && nr_digits_end(r, *at) == *at + 1)
        return quarter(r, at, next, *at, *at + 2);
    if ((c == 'Q' || c == 'H') && nr_ascii_digit(next) && nr_digits_end(r, *at + 1) == *at + 2 && (nr_ends_word(r, *at + 2) || nr_stands(r, *at + 2, "FY")))
        return quarter(r, at, c, *at + 1, *at + 2);
    return c == 'F' && fiscal(r, at);
}
