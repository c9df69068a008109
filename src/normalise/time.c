/* Times of day and durations. */
#include "normalise/figure.h"

/* "am", "a.m.", "PM" at `at`, past a blank: 'a' or 'p' and its extent. */
static char half_day_at(const nr_run *r, uint32_t at, nr_span *s)
{
    uint32_t p = nr_skip_blank(r, at);
    char half = (char)(nr_at(r, p) | 32);
    if (half != 'a' && half != 'p')
        return 0;
    uint32_t q = p + 1 + (nr_at(r, p + 1) == '.');
    if (q > p + 1 && nr_at(r, q) == ' ') /* "p. m." */
        q++;
    if ((nr_at(r, q) | 32) != 'm' || !nr_ends_word(r, q + 1))
        return 0;
    bool stop = nr_at(r, p + 1) == '.' && nr_at(r, q + 1) == '.';
    if (stop && (nr_ends_sentence(r, q + 2) || nr_starts_sentence(r, nr_next_word(r, q + 2)))) /* the sentence's as well, and left to it */
        stop = false;
    *s = (nr_span){p, q + 1 + stop};
    return half;
}

/* "8a-5p", "7p ET", "8:30a": a half of the day cut to its letter, where nothing else can be meant. */
static char short_half_at(const nr_run *r, uint32_t start, uint32_t at, bool minutes, nr_span *s)
{
    char half = nr_at(r, at);
    if ((half != 'a' && half != 'p') || !nr_ends_word(r, at + 1) || nr_apostrophe_at(r, at + 1))
        return 0;
    uint32_t dash = nr_dash_at(r, at + 1), end = nr_digits_end(r, at + 1 + dash);
    if (nr_at(r, end) == ':')
        end = nr_digits_end(r, end + 1);
    bool first = dash && end > at + 1 + dash && strchr("ap", nr_at(r, end)) && nr_at(r, end) && nr_ends_word(r, end + 1);
    const nr_token *last = r->count ? &r->tokens[r->count - 1] : NULL;
    bool second = r->count > 1 && last->class == NR_CLASS_RANGE && last->span.end == start && r->tokens[r->count - 2].class == NR_CLASS_TIME;
    bool time = minutes || second || (first && (half == 'a' || r->norm->style.us)) || nr_kinds_after(r, at + 1) & NR_KIND_ZONE;
    *s = (nr_span){at, at + 1};
    return time ? half : 0;
}

static void say_half(nr_run *r, char half, nr_span s)
{
    nr_say_letters(r, half == 'a' ? NR_LIT("AM") : NR_LIT("PM"), s.start, s.end);
}

/* "2:30 p.m. est": a zone in small letters. */
static void say_zone_behind(nr_run *r, uint32_t *at)
{
    uint32_t from = nr_skip_blank(r, *at), to = nr_letters_end(r, from);
    if (from == *at || !nr_ends_word(r, to) || nr_at(r, to) == '.' || !nr_starts_lower(nr_text(r, from, to)) || !nr_in_list(nr_text(r, from, to), "est edt cst cdt mst mdt pst pdt gmt utc bst cet"))
        return;
    nr_say_letters(r, nr_text(r, from, to), from, to);
    nr_make(r, &from, to, NR_CLASS_LETTERS, "time zone");
    *at = from;
}

static bool zone_behind(const nr_run *r, uint32_t end) { return nr_kinds_after(r, end) & NR_KIND_ZONE; }

/* Hour and minute by the clock of 24 hours: "twenty sixteen", "fourteen hundred", "nine oh five", "midnight". */
static void say_clock(nr_run *r, uint64_t hour, uint64_t minute, nr_span h, nr_span m)
{
    if (hour == 0 && minute == 0) {
        nr_say_s(r, "midnight", h.start, m.end);
        return;
    }
    if (hour == 0)
        nr_say_s(r, r->norm->style.us || nr_length(h) == 1 ? "zero" : "oh oh", h.start, h.end);
    else
        nr_say_number(r, NR_FORM_CARDINAL, hour, h.start, h.end);
    if (minute == 0)
        nr_say_s(r, hour > 12 ? "hundred" : "o'clock", m.start, m.end);
    else
        nr_say_pair(r, m);
}

/* The same by the clock of 12 hours, with its half of the day. */
static void say_clock12(nr_run *r, uint64_t hour, uint64_t minute, nr_span h, nr_span m)
{
    nr_say_number(r, NR_FORM_CARDINAL, hour % 12 ? hour % 12 : 12, h.start, h.end);
    if (minute)
        nr_say_pair(r, m);
    say_half(r, hour < 12 || hour == 24 ? 'a' : 'p', m);
}

/* "9am-5pm", "20:00-21:30": the dash between times is said. */
static void say_dash_behind(nr_run *r, uint32_t *at)
{
    uint32_t from = nr_skip_blank(r, *at), dash = nr_dash_at(r, from), next = nr_skip_blank(r, from + dash);
    if (!dash || !nr_digit_at(r, next) || (from > *at) != (next > from + dash))
        return;
    nr_say_s(r, "to", from, from + dash);
    nr_make(r, &from, from + dash, NR_CLASS_RANGE, "dash between times");
    *at = from;
}

/* "10 a.m.", "9am-5pm", "7-8pm" */
static bool hour_half(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span half, last = m->shape == NR_SHAPE_DASH2 ? m->part[1] : m->part[0];
    char which = half_day_at(r, last.end, &half);
    if (!which && nr_digits_end(r, last.start) == last.end)
        which = short_half_at(r, *at, last.end, false, &half);
    uint64_t hour = nr_number(r, m->part[0]), second = nr_number(r, last);
    if (!which || nr_length(m->part[0]) > 2 || nr_length(last) > 2 || hour < 1 || hour > 12 || second < 1 || second > 12)
        return false;
    nr_say_part(r, NR_FORM_CARDINAL, m->part[0]);
    if (last.start > *at) {
        nr_say_s(r, "to", m->part[0].end, last.start);
        nr_say_part(r, NR_FORM_CARDINAL, last);
    }
    say_half(r, which, half);
    nr_make(r, at, half.end, NR_CLASS_TIME, "hour and half of the day");
    say_dash_behind(r, at);
    say_zone_behind(r, at);
    return true;
}

/* The hour and minute of "9" and "11.30", of a clock of twelve hours. */
static bool dotted_hour(const nr_run *r, nr_span s, nr_span *hour, nr_span *minute)
{
    *hour = (nr_span){s.start, nr_digits_end(r, s.start)};
    *minute = hour->end < s.end ? (nr_span){hour->end + 1, s.end} : (nr_span){s.end, s.end};
    bool whole = hour->end == s.end;
    return nr_length(*hour) <= 2 && nr_number(r, *hour) >= 1 && nr_number(r, *hour) <= 12 &&
           (whole || (strchr(".:", nr_at(r, hour->end)) && nr_length(*minute) == 2 && nr_number(r, *minute) < 60));
}

/* "9-11.30am", "10.40-11.35pm", "8-9:30pm" */
static bool hour_to_time(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span hour[2], minute[2], half, last = m->part[1];
    if (nr_at(r, last.end) == ':' && nr_digits_end(r, last.end + 1) == last.end + 3) /* "8-9:30pm" */
        last.end += 3;
    char which = half_day_at(r, last.end, &half);
    if (!which || !dotted_hour(r, m->part[0], &hour[0], &minute[0]) || !dotted_hour(r, last, &hour[1], &minute[1]))
        return false;
    for (int i = 0; i < 2; i++) {
        if (i)
            nr_say_s(r, "to", m->part[0].end, m->part[1].start);
        nr_say_part(r, NR_FORM_CARDINAL, hour[i]);
        if (nr_length(minute[i]) && nr_number(r, minute[i]))
            nr_say_pair(r, minute[i]);
    }
    say_half(r, which, half);
    return nr_make(r, at, half.end, NR_CLASS_TIME, "hours");
}

/* "7.30" is a time with a half of the day behind it, or by what stands around it: "at 7.30", but "at 7.30 metres". */
static bool is_dotted_time(const nr_run *r, nr_span h, nr_span m)
{
    nr_view next = nr_next_word(r, m.end);
    uint32_t kinds = nr_kinds(r, next);
    if (zone_behind(r, m.end) && nr_starts_upper(next) && next.n > 2 && nr_number(r, h) < 24 && nr_number(r, m) < 60) /* "18.24 GMT" */
        return true;
    if (r->norm->style.us || nr_number(r, h) > 23)
        return false;
    if (nr_in_list(nr_previous_word(r, h.start), "the") && nr_in_list(next, "train trains bus coach ferry service sailing departure express") && nr_number(r, m) < 60) /* "the 9.15 train" */
        return true;
    bool quarters = nr_number(r, m) % 5 == 0, capital = nr_starts_upper(next) && next.n > 1 && nr_skip_blank(r, m.end) > m.end;
    if (h.start == r->start && quarters && capital && nr_number(r, h) && nr_number(r, h) < 13 && next.p[1] >= 'a' &&
        !nr_in_list(next, "million billion trillion euros euro dollars pounds rupees rand naira stars points percent per out metres meters miles"))
        return true; /* "7.30 The News" of a programme */
    nr_view where = nr_next_word(r, next.n ? (uint32_t)(next.p - r->text) + (uint32_t)next.n : m.end);
    if (nr_in_list(nr_previous_word(r, h.start), "the") && nr_in_list(next, "at to from") && nr_starts_upper(where)) /* "the 2.40 at Ascot" */
        return true;
    if (!(nr_kinds_before(r, h.start) & NR_KIND_CLOCK))
        return false;
    bool units = nr_starts_lower(next) && !(kinds & NR_KIND_FUNCTION);
    return !units && nr_number(r, m) % 5 == 0 && nr_ends_word(r, m.end) && nr_at(r, m.end) != '%' && nr_at(r, h.start) != '0';
}

/* What stands behind "UTC+". */
static bool is_offset(const nr_run *r, uint32_t at)
{
    return at > r->start + 3 && r->text[at - 1] == '+' && nr_in_list(nr_text(r, at - 4, at - 1), "UTC GMT");
}

/* "+01:00", "-0500" behind a time: how far it is from Greenwich. */
static void say_offset_behind(nr_run *r, uint32_t *at)
{
    uint32_t from = nr_skip_blank(r, *at), dash = nr_at(r, from) == '+' ? 1 : nr_dash_at(r, from), h = from + dash;
    bool colon = nr_at(r, h + 2) == ':';
    nr_span hour = {h, h + 2}, minute = {h + 2 + colon, h + 4 + colon};
    if (!dash || (from > *at + 1) || nr_digits_end(r, h) != (colon ? hour.end : minute.end) || nr_digits_end(r, minute.start) != minute.end || !nr_ends_word(r, minute.end) ||
        nr_number(r, hour) > 14 || nr_number(r, minute) > 59)
        return;
    nr_say_s(r, nr_at(r, from) == '+' ? "plus" : "minus", from, h);
    nr_say_part(r, NR_FORM_CARDINAL, hour);
    if (nr_number(r, minute))
        nr_say_pair(r, minute);
    nr_make(r, &from, minute.end, NR_CLASS_TIME, "distance from Greenwich");
    *at = from;
}

/* "20:16", "7.30pm", "5:30"; a time zone behind it is a word of its own. */
static bool hour_minute(nr_run *r, uint32_t *at, nr_span h, nr_span m, bool colon)
{
    uint64_t hour = nr_number(r, h), minute = nr_number(r, m);
    nr_span half;
    char which = half_day_at(r, m.end, &half);
    if (!which && colon)
        which = short_half_at(r, *at, m.end, true, &half);
    if (nr_length(h) > 2 || nr_length(m) != 2 || hour > 24 || minute > 59 || (hour == 24 && minute))
        return false;
    if (!which && (colon ? nr_at(r, m.end) == '.' && nr_digit_at(r, m.end + 1) : !is_dotted_time(r, h, m)))
        return false;
    if (!which && (nr_in_list(nr_previous_word(r, h.start), "ratio odds score") || (nr_at(r, m.end) == ',' && nr_digits_end(r, m.end + 1) == m.end + 4)))
        return false; /* "1:25,000" is a scale */
    uint32_t end = which ? half.end : m.end;
    bool named = hour == 12 && minute == 0 && nr_in_list(nr_next_word(r, end), "noon midnight midday");
    if (is_offset(r, *at) || named) { /* "UTC+02:00", "12:00 noon" */
        nr_say_part(r, NR_FORM_CARDINAL, h);
        if (minute)
            nr_say_pair(r, m);
    } else if (which && hour && hour <= 12) {
        nr_say_part(r, NR_FORM_CARDINAL, h);
        if (minute)
            nr_say_pair(r, m);
        say_half(r, which, half);
    } else if (which || r->norm->style.clock12) {
        say_clock12(r, hour, minute, h, m);
    } else {
        say_clock(r, hour, minute, h, m);
    }
    uint32_t hours = nr_skip_blank(r, end), hours_end = nr_letters_end(r, hours);
    if (!which && colon && nr_view_is(nr_text(r, hours, hours_end), "hrs")) { /* "22:15hrs" */
        nr_say_s(r, "hours", hours, hours_end);
        end = hours_end;
    }
    if (!which && colon) /* a runner's "5:30/mi" */
        end = nr_say_per_unit(r, end, true);
    nr_make(r, at, end, NR_CLASS_TIME, "hour and minute");
    say_dash_behind(r, at);
    say_zone_behind(r, at);
    return true;
}

static void say_unit(nr_run *r, nr_span s, const char *one, const char *more)
{
    uint64_t v = nr_number(r, s);
    nr_say_number(r, NR_FORM_CARDINAL, v, s.start, s.end);
    nr_say_s(r, v == 1 ? one : more, s.start, s.end);
}

/* "2:03:59": a duration, or a time of day with seconds, which is read as one. */
static bool with_seconds(nr_run *r, uint32_t *at, const nr_match *m)
{
    uint64_t hour = nr_number(r, m->part[0]);
    nr_span half;
    char which = half_day_at(r, m->part[2].end, &half);
    bool iso = *at > r->start && r->text[*at - 1] == 'T'; /* 2023-05-06T10:30:00Z */
    bool dated = r->count && r->tokens[r->count - 1].class == NR_CLASS_DATE && nr_length(m->part[0]) == 2 && hour < 24; /* 2001-05-31 21:32:44 */
    bool clock = which || iso || dated || zone_behind(r, m->part[2].end) || (nr_kinds_before(r, *at) & NR_KIND_CLOCK && hour < 25);
    if (nr_number(r, m->part[1]) > 59 || nr_number(r, m->part[2]) > 59)
        return false;
    if (clock) {
        nr_say_part(r, NR_FORM_CARDINAL, m->part[0]);
        if (nr_number(r, m->part[1]))
            nr_say_pair(r, m->part[1]);
        else
            nr_say_s(r, "o'clock", m->part[1].start, m->part[1].end);
        if (nr_number(r, m->part[2]) || nr_length(m->part[3]))
            nr_say_s(r, "and", m->part[2].start, m->part[2].end);
    } else {
        bool full = hour && !nr_number(r, m->part[2]) && !nr_length(m->part[3]); /* 1:30:00 */
        if (hour)
            say_unit(r, m->part[0], "hour", "hours");
        if (!full || nr_number(r, m->part[1]))
            say_unit(r, m->part[1], "minute", "minutes");
        if (full)
            return nr_make(r, at, m->end, NR_CLASS_TIME, "duration");
        nr_say_s(r, "and", m->part[2].start, m->part[2].end);
    }
    if (nr_length(m->part[3])) {
        nr_say_figure(r, nr_text(r, m->part[2].start, m->part[3].end), m->part[2].start, m->part[3].end);
        nr_say_s(r, "seconds", m->part[2].start, m->part[3].end);
    } else if (!clock || nr_number(r, m->part[2])) {
        say_unit(r, m->part[2], "second", "seconds");
    }
    if (which)
        say_half(r, which, half);
    nr_make(r, at, which ? half.end : m->end, NR_CLASS_TIME, clock ? "time with seconds" : "duration");
    if (clock)
        say_offset_behind(r, at);
    return true;
}

/* "3:26.00", "1:43.5": minutes and seconds of a race. */
static bool race_time(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span seconds = {m->part[1].start, nr_digits_end(r, m->part[1].end + 1)};
    if (nr_at(r, m->end) != '.' || seconds.end == m->end + 1 || nr_length(m->part[1]) != 2 || nr_number(r, m->part[1]) > 59 || !nr_ends_word(r, seconds.end))
        return false;
    say_unit(r, m->part[0], "minute", "minutes");
    nr_say_s(r, "and", m->part[0].end, seconds.start);
    nr_say_number(r, NR_FORM_CARDINAL, nr_number(r, m->part[1]), m->part[1].start, m->part[1].end);
    nr_say_figure(r, nr_text(r, m->end, seconds.end), m->end, seconds.end);
    nr_say_s(r, "seconds", seconds.start, seconds.end);
    return nr_make(r, at, seconds.end, NR_CLASS_TIME, "minutes and seconds");
}

/* "1030 am", "730pm" */
static bool digits_half(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0], half;
    char which = half_day_at(r, s.end, &half);
    if (!which || nr_length(s) < 3 || nr_length(s) > 4 || nr_digits_end(r, s.start) != s.end)
        return false;
    nr_span hour = {s.start, s.end - 2}, minute = {s.end - 2, s.end};
    if (nr_number(r, hour) < 1 || nr_number(r, hour) > 12 || nr_number(r, minute) > 59)
        return false;
    nr_say_part(r, NR_FORM_CARDINAL, hour);
    if (nr_number(r, minute))
        nr_say_pair(r, minute);
    say_half(r, which, half);
    nr_make(r, at, half.end, NR_CLASS_TIME, "hour and minute in one");
    say_dash_behind(r, at);
    say_zone_behind(r, at);
    return true;
}

/* "1700 GMT", "0900 hours" */
static bool military(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0], h = {s.start, s.start + 2}, min = {s.start + 2, s.end};
    nr_view next = nr_next_word(r, s.end);
    if (nr_length(s) != 4 || nr_digits_end(r, s.start) != s.end || nr_number(r, h) > 24 || nr_number(r, min) > 59)
        return false;
    bool clocked = nr_at(r, s.start) == '0' && nr_kinds_before(r, *at) & NR_KIND_CLOCK && /* "left at 0825 from" */
                   (!nr_starts_lower(next) || nr_kinds(r, next) & NR_KIND_FUNCTION);
    clocked = clocked || (nr_at(r, s.start) == '0' && nr_in_list(nr_previous_word(r, *at), "the") && nr_in_list(next, "to from service train bus ferry sailing departure")); /* "the 0845 to York" */
    bool whole = nr_number(r, min) == 0, coded = nr_kinds(r, nr_named_by(r, *at)) & (NR_KIND_SPELLED | NR_KIND_CODED);
    bool alone = nr_at(r, s.start) == '0' && whole && nr_number(r, h) && !coded && nr_ends_word(r, s.end) && (*at == r->start || r->text[*at - 1] == ' ') && /* 0600 */
                 (!nr_starts_lower(next) || nr_kinds(r, next) & NR_KIND_FUNCTION);
    clocked = clocked || (nr_view_is(next, "hrs") && nr_number(r, h) > 9 && nr_number(r, min) % 5 == 0 && !whole); /* "1745 hrs" */
    clocked = clocked || alone || (nr_in_list(next, "hours hrs") && whole && nr_number(r, h) > 10 && nr_number(r, h) % 10); /* "1500 hours", of the clock or not */
    if (!(clocked || zone_behind(r, s.end) || (nr_in_list(next, "hours hrs") && (nr_at(r, s.start) == '0' || nr_kinds_before(r, *at) & NR_KIND_CLOCK))))
        return false;
    if (nr_at(r, s.start) == '0')
        nr_say_s(r, "oh", s.start, s.start + 1);
    nr_say_part(r, NR_FORM_CARDINAL, h);
    nr_say_pair(r, min);
    uint32_t end = s.end;
    if (nr_view_is(next, "hrs")) {
        end = (uint32_t)(next.p - r->text) + (uint32_t)next.n;
        nr_say_s(r, "hours", end - 3, end);
    }
    return nr_make(r, at, end, NR_CLASS_TIME, "four digits and a zone");
}

/* "15h30", "9 h 05", and for how long: "1h30", "2h15m". */
static bool hours_minutes(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span h = m->part[0];
    uint32_t letter = nr_skip_blank(r, h.end), from = nr_skip_blank(r, letter + 1), to = nr_digits_end(r, from);
    nr_span minute = {from, to};
    if (nr_at(r, letter) != 'h' || nr_length(h) > 2 || nr_digits_end(r, h.start) != h.end || nr_length(minute) != 2 || nr_number(r, minute) > 59)
        return false;
    uint32_t unit = nr_letters_end(r, to);
    bool named = nr_in_list(nr_text(r, to, unit), "m min mn");
    if (!nr_ends_word(r, named ? unit : to) || nr_dash_at(r, to) || (!named && from > letter + 1 && unit == to && nr_letter_at(r, nr_skip_blank(r, to))))
        return false;
    uint64_t hour = nr_number(r, h);
    uint32_t second = nr_skip_blank(r, unit), second_end = nr_digits_end(r, second);
    if (named && second_end > second && nr_at(r, nr_skip_blank(r, second_end)) == 's') /* "1h 20m 5s" is a measure's */
        return false;
    if (!named && hour < 24 && (hour > 9 || nr_kinds_before(r, *at) & NR_KIND_CLOCK)) {
        say_clock(r, hour, nr_number(r, minute), h, minute);
        return nr_make(r, at, to, NR_CLASS_TIME, "hour and minute");
    }
    say_unit(r, h, "hour", "hours");
    say_unit(r, minute, "minute", "minutes");
    return nr_make(r, at, named ? unit : to, NR_CLASS_TIME, "hours and minutes");
}

/* "0900-1700" */
static bool military_span(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span both[] = {m->part[0], m->part[1]};
    for (int i = 0; i < 2; i++) {
        nr_span s = both[i];
        if (nr_length(s) != 4 || nr_digits_end(r, s.start) != s.end || nr_number(r, s) > 2400 || nr_number(r, s) % 100 > 59)
            return false;
    }
    if (nr_at(r, both[0].start) != '0' || nr_number(r, both[0]) >= nr_number(r, both[1]) || nr_number(r, both[0]) % 5 || nr_number(r, both[1]) % 5)
        return false;
    for (int i = 0; i < 2; i++) {
        nr_span s = both[i], h = {s.start, s.start + 2}, min = {s.start + 2, s.end};
        if (i)
            nr_say_s(r, "to", both[0].end, s.start);
        if (nr_at(r, s.start) == '0')
            nr_say_s(r, "oh", s.start, s.start + 1);
        nr_say_part(r, NR_FORM_CARDINAL, h);
        nr_say_pair(r, min);
    }
    return nr_make(r, at, m->end, NR_CLASS_TIME, "from four digits to four digits");
}

/* "05h00", "16h30" of southern Africa and of French. */
static bool h_between(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span h = m->part[0], min = {h.end + 1, nr_digits_end(r, h.end + 1)};
    if (nr_length(h) > 2 || nr_digits_end(r, h.start) != h.end || nr_at(r, h.end) != 'h' || nr_length(min) != 2 || nr_number(r, h) > 23 || nr_number(r, min) > 59 || !nr_ends_word(r, min.end) || r->norm->language != &nr_english)
        return false;
    say_clock(r, nr_number(r, h), nr_number(r, min), h, min);
    nr_make(r, at, min.end, NR_CLASS_TIME, "hour and minute");
    say_dash_behind(r, at);
    return true;
}

/* "23m ago", "2d ago": how old the entries of a running report are. */
static bool ago(nr_run *r, uint32_t *at, const nr_match *m)
{
    static const char *const units[][3] = {{"s", "second", "seconds"}, {"m", "minute", "minutes"}, {"h", "hour", "hours"}, {"d", "day", "days"},
                                           {"w", "week", "weeks"}, {"mo", "month", "months"}, {"y", "year", "years"}};
    nr_span s = m->part[0], unit = {s.end, nr_letters_end(r, s.end)};
    if (nr_digits_end(r, s.start) != s.end || !nr_length(unit) || !nr_view_is(nr_next_word(r, unit.end), "ago"))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!nr_view_is(nr_part(r, unit), units[i][0]))
            continue;
        nr_say_figure_part(r, s);
        nr_say_s(r, units[i][nr_is_one(nr_part(r, s)) ? 1 : 2], unit.start, unit.end);
        return nr_make(r, at, unit.end, NR_CLASS_MEASURE, "how long ago");
    }
    return false;
}

bool nr_rule_time(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0];
    uint32_t point;
    switch (m->shape) {
    case NR_SHAPE_COLON2: return race_time(r, at, m) || hour_minute(r, at, m->part[0], m->part[1], true);
    case NR_SHAPE_COLON3: return with_seconds(r, at, m);
    case NR_SHAPE_FIGURE:
        point = nr_digits_end(r, s.start);
        if (nr_at(r, point) == '.' && point < s.end && point > s.start)
            return hour_minute(r, at, (nr_span){s.start, point}, (nr_span){point + 1, s.end}, false);
        return ago(r, at, m) || h_between(r, at, m) || hour_half(r, at, m) || digits_half(r, at, m) || hours_minutes(r, at, m) || military(r, at, m);
    case NR_SHAPE_DASH2: return hour_half(r, at, m) || hour_to_time(r, at, m) || military_span(r, at, m);
    default: return false;
    }
}
