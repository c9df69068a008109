/* Dates: days, months, numeric dates, days of the week. */
#include "normalise/engine.h"

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August",
                                     "September", "October", "November", "December"};
static const char *const days[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

/* A month's name or short form at `at`: 1-12 and its end, past the full stop of a short form. "may" and "march" without a
 * capital are verbs. */
static int month_at(const nr_run *r, uint32_t at, uint32_t *end)
{
    uint32_t to = nr_letters_end(r, at);
    nr_view word = nr_text(r, at, to);
    *end = to;
    if (word.n < 3 || word.n > 9 || !strchr("jfmasond", word.p[0] | 32) || !(nr_kinds(r, word) & NR_KIND_MONTH))
        return 0;
    if (!nr_ascii_upper(word.p[0]) && nr_in_list(word, "may march mar"))
        return 0;
    for (int m = 0; m < 12; m++) {
        if (!nr_view_eq_nocase((nr_view){word.p, 3}, (nr_view){months[m], 3}))
            continue;
        if (word.n < strlen(months[m]) && nr_at(r, to) == '.' && !nr_ends_sentence(r, to + 1))
            *end = to + 1;
        return m + 1;
    }
    return 0;
}

/* A year of four digits at `at`, 1000 to 2999; its end or 0. */
static uint32_t year_at(const nr_run *r, uint32_t at)
{
    uint32_t end = nr_digits_end(r, at);
    uint64_t v = nr_value(nr_text(r, at, end));
    bool goes_on = (nr_at(r, end) == ',' || nr_at(r, end) == '.' || nr_at(r, end) == ':') && nr_digit_at(r, end + 1);
    bool early = end - at == 3 && v >= 100 && nr_kinds_before(r, at) & NR_KIND_MONTH && !nr_starts_lower(nr_next_word(r, end)); /* 30 September 420 */
    return (early || (end - at == 4 && v >= 1000 && v <= 2999)) && nr_ends_word(r, end) && !goes_on ? end : 0;
}

/* "5" or "5th" at `at`: its end, 0 when it is no day. */
static uint32_t day_at(const nr_run *r, uint32_t at, uint64_t *day)
{
    uint32_t end = nr_digits_end(r, at);
    *day = nr_value(nr_text(r, at, end));
    if (end == at || end - at > 2 || *day < 1 || *day > 31)
        return 0;
    nr_view suffix = nr_text(r, end, nr_letters_end(r, end));
    if (nr_in_list(suffix, "st nd rd th"))
        end += 2;
    return nr_ends_word(r, end) ? end : 0;
}

static void say_year(nr_run *r, nr_span s)
{
    uint64_t v = nr_number(r, s);
    if (nr_length(s) == 2)
        v += v < 40 ? 2000 : 1900;
    nr_say_number(r, NR_FORM_YEAR, v, s.start, s.end);
}

/* The "24" of "15-Jan-24": its end, or 0. */
static uint32_t short_year_at(const nr_run *r, uint32_t at, uint32_t dash)
{
    uint32_t end = nr_digits_end(r, at), month = dash, stop;
    while (month > r->start && nr_ascii_alpha(r->text[month - 1]))
        month--;
    bool joined = month > r->start && month < dash && r->text[month - 1] == '-' && at == dash + 1 && end == at + 2;
    return joined && nr_ends_word(r, end) && !month_at(r, nr_skip_blank(r, end), &stop) ? end : 0;
}

/* "2012", ", 2012" or " '12" behind a date. */
static uint32_t say_year_behind(nr_run *r, uint32_t at, bool month_first)
{
    bool comma = nr_at(r, at) == ',', dash = nr_at(r, at) == '-';
    uint32_t from = nr_skip_blank(r, comma || dash ? at + 1 : at), end = from > at ? year_at(r, from) : 0;
    if (!end && dash)
        end = short_year_at(r, from, at);
    /* "on 5 May, 2000 people came" */
    if (!end || (comma && !month_first && nr_counts(r, end)) || (dash && from != at + 1))
        return at;
    say_year(r, (nr_span){from, end});
    return end;
}

static void say_day(nr_run *r, uint64_t day, uint32_t from, uint32_t to) { nr_say_number(r, NR_FORM_ORDINAL, day, from, to); }

/* "of May", "May" behind a day: where the month begins. */
static int month_behind(const nr_run *r, uint32_t day_end, uint32_t *from, uint32_t *end)
{
    *from = nr_skip_blank(r, day_end);
    if (*from == day_end && nr_at(r, day_end) == '-') /* 15-Jan-2020 */
        ++*from;
    if (nr_stands(r, *from, "of "))
        *from = nr_skip_blank(r, *from + 3);
    return *from > day_end ? month_at(r, *from, end) : 0;
}

/* What may stand between two days of one month: a dash, a slash, "to", "and", "or". */
static uint32_t days_joined_at(const nr_run *r, uint32_t at, const char **said)
{
    static const char *const words[] = {"to", "and", "or", "&"};
    uint32_t dash = nr_dash_at(r, at), from = nr_skip_blank(r, at);
    *said = "to";
    if (dash)
        return at + dash;
    if (nr_at(r, at) == '/') {
        *said = "and";
        return at + 1;
    }
    if (from > at && nr_dash_at(r, from))
        return nr_skip_blank(r, from + nr_dash_at(r, from));
    for (int i = 0; i < 4 && from > at; i++) {
        uint32_t end = from + (uint32_t)strlen(words[i]);
        if (nr_stands(r, from, words[i]) && nr_at(r, end) == ' ') {
            *said = i == 3 ? "and" : words[i];
            return nr_skip_blank(r, end);
        }
    }
    return 0;
}

/* An article stands before: "the 23rd", "the following 23rd". */
static bool is_named(const nr_run *r, uint32_t at)
{
    nr_view before = nr_previous_word(r, at);
    uint32_t kinds = nr_kinds(r, before);
    return kinds & NR_KIND_ARTICLE || (nr_starts_lower(before) && !(kinds & NR_KIND_FUNCTION) &&
                                       nr_kinds_before(r, (uint32_t)(before.p - r->text)) & NR_KIND_ARTICLE);
}

/* "30 August 2023", "30th of August", "3-5 May", "5 and 6 May" */
static bool day_month(nr_run *r, uint32_t *at)
{
    uint64_t first, last = 0;
    uint32_t month, end, first_end = day_at(r, *at, &first), day_end = first_end;
    if (!first_end)
        return false;
    const char *joined = "to";
    int m = month_behind(r, first_end, &month, &end);
    uint32_t second = m ? 0 : days_joined_at(r, first_end, &joined);
    if (second) {
        day_end = day_at(r, second, &last);
        m = day_end && last > first ? month_behind(r, day_end, &month, &end) : 0;
    }
    if (!m || !nr_ends_word(r, end))
        return false;
    if (!is_named(r, *at))
        nr_say_s(r, "the", *at, first_end);
    say_day(r, first, *at, first_end);
    if (second) {
        nr_say_s(r, joined, first_end, second);
        nr_say_s(r, "the", second, day_end);
        say_day(r, last, second, day_end);
    }
    /* "the 14th June" is written as people of its time said it, and leaves nothing to fill in */
    bool written_out = !second && nr_letter_at(r, first_end - 1) && is_named(r, *at) && nr_skip_blank(r, first_end) == month;
    if (!written_out)
        nr_say_s(r, "of", month, end);
    nr_say_s(r, months[m - 1], month, end);
    return nr_make(r, at, say_year_behind(r, end, false), NR_CLASS_DATE, "day month");
}

/* ---------------------------------------------------------------- numeric dates */

static void say_numeric(nr_run *r, const nr_span *part, int d, int m, int y)
{
    const char *month = months[nr_number(r, part[m]) - 1];
    uint64_t day = nr_number(r, part[d]);
    if (!r->norm->style.us) {
        nr_say_s(r, "the", part[d].start, part[d].end);
        say_day(r, day, part[d].start, part[d].end);
        nr_say_s(r, "of", part[m].start, part[m].end);
    }
    nr_say_s(r, month, part[m].start, part[m].end);
    if (r->norm->style.us)
        say_day(r, day, part[d].start, part[d].end);
    say_year(r, part[y]);
}

static bool is_month(const nr_run *r, nr_span s) { return nr_length(s) <= 2 && nr_number(r, s) >= 1 && nr_number(r, s) <= 12; }
static bool is_day(const nr_run *r, nr_span s) { return nr_length(s) <= 2 && nr_number(r, s) >= 1 && nr_number(r, s) <= 31; }

/* "03/04/2021", "2021-04-03", "3.4.2021"; month and day by the locale where both could be. */
static bool numeric_date(nr_run *r, uint32_t *at, const nr_match *m)
{
    int year = nr_length(m->part[0]) == 4 ? 0 : 2, month = r->norm->style.us && year ? 0 : 1, day = year ? 1 - month : 2;
    size_t digits = nr_length(m->part[year]);
    uint64_t y = nr_number(r, m->part[year]);
    bool long_year = digits == 4 && y >= 1000 && y <= 2999;
    bool dotted = m->shape == NR_SHAPE_DOTS3 && m->end == *at + 8 && nr_length(m->part[0]) == 2 && nr_length(m->part[1]) == 2 && nr_number(r, m->part[0]) > 12 && /* 31.12.99 */
                  !nr_in_list(nr_previous_word(r, *at), "version versions v ip release build update firmware android ios") && !nr_in_list(nr_next_word(r, m->end), "release update build firmware");
    dotted = dotted || (m->shape == NR_SHAPE_DOTS3 && digits == 2 && nr_in_list(nr_previous_word(r, *at), "since until dated born died")); /* "since 7.10.23" */
    if (!long_year && !(digits == 2 && (m->shape == NR_SHAPE_SLASH3 || dotted)))
        return false;
    if (year == 2 && !is_month(r, m->part[month]) && is_month(r, m->part[day])) {
        month = day;
        day = 1 - month;
    }
    if (!is_month(r, m->part[month]) || !is_day(r, m->part[day]) || !nr_begins_word(r, *at))
        return false;
    bool iso_time = year == 0 && nr_at(r, m->end) == 'T' && nr_digit_at(r, m->end + 1);
    if (!nr_ends_word(r, m->end) && !iso_time)
        return false;
    say_numeric(r, m->part, day, month, year);
    nr_make(r, at, m->end, NR_CLASS_DATE, "numeric date");
    if (iso_time) {
        uint32_t t = *at;
        nr_make(r, &t, t + 1, NR_CLASS_SILENT, "ISO 8601 T");
        *at = t;
    }
    return true;
}

/* A year of our time, in which dates are written in figures alone. */
static bool is_modern(uint64_t year) { return year >= 1900 && year <= 2099; }

/* "20240115", where it names no account and counts nothing. */
static bool joined_date(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0], part[] = {{s.start, s.start + 4}, {s.start + 4, s.start + 6}, {s.start + 6, s.end}};
    if (nr_length(s) != 8 || nr_digits_end(r, s.start) != s.end || !is_modern(nr_number(r, part[0])) || !is_month(r, part[1]) || !is_day(r, part[2]))
        return false;
    if (nr_in_list(nr_previous_word(r, *at), "id no number ref case order invoice code") || !nr_begins_word(r, *at) || !nr_ends_word(r, s.end) || (*at > r->start && strchr("#-/.", r->text[*at - 1])) || nr_counts(r, s.end) ||
        nr_kinds(r, nr_named_by(r, *at)) & (NR_KIND_SPELLED | NR_KIND_CODED))
        return false;
    say_numeric(r, part, 2, 1, 0);
    return nr_make(r, at, s.end, NR_CLASS_DATE, "date in one");
}

/* "2024-01", but the years 2001-02; "01/2024", "since 3/2021". */
static bool month_of_year(nr_run *r, uint32_t *at, const nr_match *m)
{
    bool dash = m->shape == NR_SHAPE_DASH2;
    nr_span year = m->part[dash ? 0 : 1], month = m->part[dash ? 1 : 0];
    nr_view before = nr_previous_word(r, *at);
    uint32_t kinds = nr_kinds(r, nr_named_by(r, *at));
    bool numbered = !before.n && *at > r->start + 1 && r->text[*at - 2] == '.'; /* "No. 2023-05" */
    bool dated = (!before.n && !numbered) || kinds & (NR_KIND_DATING | NR_KIND_NEAR_DATE | NR_KIND_CLOCK);
    if (nr_length(year) != 4 || memchr(r->text + *at, '.', m->end - *at) || !is_modern(nr_number(r, year)) || !is_month(r, month) || !nr_ends_word(r, m->end) || nr_counts(r, m->end))
        return false;
    if (dash && (nr_length(month) != 2 || nr_number(r, month) > nr_number(r, year) % 100 || nr_dash_at(r, m->part[0].end) != 1))
        return false;
    bool told = nr_in_list(nr_next_word(r, m->end), "of") ? false : before.n ? dated : nr_number(r, year) % 100 && !nr_next_word(r, m->end).n; /* but 1/2000 of a second */
    if (!dash && nr_length(month) == 1 && !told)
        return false;
    if (numbered || nr_in_list(before, "no number ref id") || (nr_starts_upper(before) && !dated) || kinds & (NR_KIND_SPELLED | NR_KIND_CODED | NR_KIND_PART | NR_KIND_LETTERED) || (*at > r->start && strchr("#-/.:", r->text[*at - 1])) ||
        nr_dash_at(r, m->end) || nr_at(r, m->end) == '/')
        return false;
    nr_say_s(r, months[nr_number(r, month) - 1], month.start, month.end);
    say_year(r, year);
    return nr_make(r, at, m->end, NR_CLASS_DATE, "month and year in figures");
}

/* Days that are called by their figures: 9/11, 7/7. */
static bool famous_day(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_view v = nr_text(r, *at, m->end);
    if (!nr_view_is(v, "9/11") && !(nr_view_is(v, "7/7") && !r->norm->style.us))
        return false;
    nr_say_figure_part(r, m->part[0]);
    nr_say_figure_part(r, m->part[1]);
    return nr_make(r, at, m->end, NR_CLASS_DATE, "famous day");
}

/* "Mon", "Tues." at `at`: 1-7 and its end. */
static int weekday_at(const nr_run *r, uint32_t at, uint32_t *end)
{
    uint32_t to = nr_letters_end(r, at);
    nr_view word = nr_text(r, at, to);
    *end = to + (nr_at(r, to) == '.');
    if (!nr_starts_upper(word) || !strchr("MTWFS", word.p[0]) || word.n < 2 || !nr_ends_word(r, to))
        return 0;
    for (int d = 0; d < 7; d++)
        if (nr_view_eq_nocase(word, nr_view_of(days[d])))
            return *end = to, d + 1;
    static const char *const shorts = "Mon Tue Tues Wed Weds Thu Thur Thurs Fri Sat Sun";
    for (int d = 0; d < 7 && nr_in_list(word, shorts) && word.p[1] >= 'a'; d++)
        if (memcmp(word.p, days[d], 3) == 0)
            return d + 1;
    return 0;
}

/* "on 12/27", "Wed. 6/14": a day without its year, told by what stands before. */
static bool day_of_month(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span month = m->part[r->norm->style.us ? 0 : 1], day = m->part[r->norm->style.us ? 1 : 0];
    nr_view before = nr_previous_word(r, r->norm->style.us && *at > 1 && r->text[*at - 2] == '.' ? *at - 2 : *at);
    uint32_t end;
    bool weekday = before.n && nr_starts_upper(before) && weekday_at(r, (uint32_t)(before.p - r->text), &end);
    if (weekday && !is_month(r, month) && is_month(r, day)) { /* "Mon 1/15" of an American, in Britain */
        nr_span other = month;
        month = day;
        day = other;
    }
    bool as_of = nr_view_is(before, "of") && nr_view_is(nr_previous_word(r, (uint32_t)(before.p - r->text)), "as"); /* "as of 11/12" */
    if ((!weekday && !as_of && !nr_in_list(before, "on by until till since dated due")) || !is_month(r, month) || !is_day(r, day) || !nr_ends_word(r, m->end))
        return false;
    if (!r->norm->style.us) {
        nr_say_s(r, "the", day.start, day.end);
        say_day(r, nr_number(r, day), day.start, day.end);
        nr_say_s(r, "of", month.start, month.end);
    }
    nr_say_s(r, months[nr_number(r, month) - 1], month.start, month.end);
    if (r->norm->style.us)
        say_day(r, nr_number(r, day), day.start, day.end);
    return nr_make(r, at, m->end, NR_CLASS_DATE, "day and month in figures");
}

bool nr_rule_date(nr_run *r, uint32_t *at, const nr_match *m)
{
    switch (m->shape) {
    case NR_SHAPE_SLASH3:
    case NR_SHAPE_DASH3:
    case NR_SHAPE_DOTS3: return numeric_date(r, at, m);
    case NR_SHAPE_SLASH2: return famous_day(r, at, m) || day_month(r, at) || day_of_month(r, at, m) || month_of_year(r, at, m);
    case NR_SHAPE_DASH2: return day_month(r, at) || month_of_year(r, at, m);
    case NR_SHAPE_FIGURE: return day_month(r, at) || joined_date(r, at, m);
    default: return day_month(r, at);
    }
}

/* ---------------------------------------------------------------- month first */

/* "-7", " and 6": a second day of the month. */
static uint32_t say_second_day(nr_run *r, uint32_t day_end, uint64_t first)
{
    const char *joined;
    uint64_t last;
    uint32_t second = days_joined_at(r, day_end, &joined), end = second ? day_at(r, second, &last) : 0;
    if (!end || last <= first || nr_skip_blank(r, day_end) > day_end + 1 || (nr_skip_blank(r, day_end) > day_end && nr_counts(r, end)))
        return day_end;
    uint32_t p;
    if (month_behind(r, end, &p, &p)) /* "May 5 and 6 June" */
        return day_end;
    nr_say_s(r, joined, day_end, second);
    if (!r->norm->style.us)
        nr_say_s(r, "the", second, end);
    say_day(r, last, second, end);
    return end;
}

static bool is_measured(const nr_run *r, uint32_t end)
{
    return nr_at(r, end) == ':' || nr_at(r, end) == '%' || (nr_at(r, end) == '.' && nr_digit_at(r, end + 1)) ||
           (nr_at(r, end) == ',' && nr_digit_at(r, end + 1));
}

/* The second of two months that a dash joins. */
static bool months_last(nr_run *r, uint32_t *at, int month, uint32_t end)
{
    nr_say_s(r, months[month - 1], *at, end);
    return nr_make(r, at, end, NR_CLASS_DATE, "months");
}

/* "May 5, 2012", "Jan. 6", "Sept 2019", "August 2023", "Jan-15-2020" */
bool nr_rule_month(nr_run *r, uint32_t *at)
{
    uint32_t end, day_end = 0, year_end = 0;
    int m = month_at(r, *at, &end);
    if (!m || !nr_ends_word(r, end))
        return false;
    uint32_t next = nr_skip_blank(r, end);
    if (next == end && nr_at(r, end) == '-' && nr_digit_at(r, end + 1))
        next++;
    uint64_t day = 0;
    if (next > end)
        day_end = day_at(r, next, &day);
    if (day_end && is_measured(r, day_end))
        day_end = 0;
    if (next > end && !day_end)
        year_end = year_at(r, next);
    uint32_t mark = next > end && !day_end && !year_end ? nr_apostrophe_at(r, next) : 0;
    if (mark && nr_digits_end(r, next + mark) == next + mark + 2 && nr_ends_word(r, next + mark + 2)) { /* "Jan '24" */
        nr_say_s(r, months[m - 1], *at, end);
        return nr_make(r, at, end, NR_CLASS_DATE, "month before a short year");
    }
    bool abbreviated = end - *at < strlen(months[m - 1]);
    uint32_t dash = nr_dash_at(r, end), other_end;
    int other = dash ? month_at(r, end + dash, &other_end) : 0;
    if (!day_end && !year_end && other && nr_ends_word(r, other_end)) { /* "Jul-Sep" */
        nr_say_s(r, months[m - 1], *at, end);
        nr_say_s(r, "to", end, end + dash);
        return nr_make(r, at, end + dash, NR_CLASS_DATE, "months") && (nr_rule_month(r, at) || months_last(r, at, other, other_end));
    }
    if (!day_end && !year_end && (!abbreviated || nr_at(r, end - 1) != '.' || m == 3))
        return false; /* "May", "Mar", "Jan" are words and names as well */
    nr_say_s(r, months[m - 1], *at, end);
    uint32_t to = end;
    if (day_end) {
        if (!r->norm->style.us)
            nr_say_s(r, "the", next, day_end);
        say_day(r, day, next, day_end);
        to = say_year_behind(r, say_second_day(r, day_end, day), true);
    } else if (year_end) {
        say_year(r, (nr_span){next, year_end});
        to = year_end;
    }
    return nr_make(r, at, to, NR_CLASS_DATE, "month");
}

/* ---------------------------------------------------------------- days of the week */

/* "Mon-Fri", "Mon 3 Feb", "Sat, Jan. 5", "Tues."; "Sat" and "Sun" alone are words. */
bool nr_rule_weekday(nr_run *r, uint32_t *at)
{
    uint32_t end, second, stop;
    int day = weekday_at(r, *at, &end), other;
    if (!day)
        return false;
    uint32_t dash = nr_dash_at(r, end), next = nr_skip_blank(r, nr_at(r, end) == ',' ? end + 1 : end);
    if (dash && (other = weekday_at(r, end + dash, &second))) {
        nr_say_s(r, days[day - 1], *at, end);
        nr_say_s(r, "to", end, end + dash);
        nr_say_s(r, days[other - 1], end + dash, second);
        return nr_make(r, at, second, NR_CLASS_DATE, "days of the week");
    }
    uint32_t word = nr_letters_end(r, *at);
    if (nr_view_eq_nocase(nr_text(r, *at, word), nr_view_of(days[day - 1])))
        return false; /* written out */
    bool dated = next > end && ((nr_digit_at(r, next) && nr_digits_end(r, next) - next <= 2) || month_at(r, next, &stop));
    uint32_t other_day = nr_at(r, next) == '&' ? nr_skip_blank(r, next + 1) : next; /* "Sat & Sun" */
    dated = dated || (other_day > next && weekday_at(r, other_day, &stop));
    bool beside = r->count && r->tokens[r->count - 1].class == NR_CLASS_TIME && r->tokens[r->count - 1].span.end + 1 == *at; /* "6-9pm Sat" */
    bool stroke = r->count > 1 && *at > r->start && r->text[*at - 1] == '/' && r->tokens[r->count - 2].class == NR_CLASS_DATE;                /* "Fri/Sat" */
    dated = dated || beside || stroke || (nr_at(r, end) == '/' && weekday_at(r, end + 1, &stop));
    dated = dated || (r->count > 1 && r->tokens[r->count - 2].class == NR_CLASS_DATE && nr_view_is(nr_part(r, r->tokens[r->count - 1].span), "&"));
    bool inside = nr_starts_lower(nr_previous_word(r, *at)) && nr_starts_lower(nr_next_word(r, end)); /* "airs Sat. on", but "he sat." */
    bool stopped = end > word && (inside || !nr_in_list(nr_text(r, *at, word), "Sat Sun Wed"));
    bool plain = nr_in_list(nr_text(r, *at, word), "Mon Tue Tues Weds Thu Thur Thurs Fri");
    if (!dated && !stopped && !plain)
        return false;
    nr_say_s(r, days[day - 1], *at, end);
    return nr_make(r, at, end, NR_CLASS_DATE, "day of the week");
}
