/* Two figures with a dash, a colon or a stroke between them: ranges, scores, ratios. */
#include "normalise/figure.h"

static void say_goals(nr_run *r, nr_span s, bool set)
{
    if (nr_length(s) == 1 && nr_at(r, s.start) == '0')
        nr_say_s(r, set ? "love" : r->norm->style.us ? "zero" : "nil", s.start, s.end);
    else
        nr_say_figure_part(r, s);
}

/* Another score stands right before, or a few words before in the same breath: "6-4, 7-5", "4-1, including 2-3 away". */
static bool after_score(const nr_run *r, nr_span b, uint32_t end)
{
    for (size_t i = 1; i <= 4 && i <= r->count; i++) {
        const nr_token *t = &r->tokens[r->count - i];
        if (t->class == NR_CLASS_SCORE)
            return i == 1 || (i == 2 && r->tokens[r->count - 1].class == NR_CLASS_PUNCTUATION) || (nr_length(b) <= 2 && !nr_counts(r, end));
        if (t->class == NR_CLASS_PUNCTUATION && strchr(".;!?", r->text[t->span.start]))
            return false;
    }
    return false;
}

/* "At 4-7, the Lions", "the Jets (3-8)": games won and lost. */
static bool is_record(const nr_run *r, nr_span a, nr_span b, uint32_t end)
{
    if (nr_length(a) > 2 || nr_length(b) > 2)
        return false;
    if (nr_at(r, end) == ',' && nr_view_is(nr_previous_word(r, a.start), "At"))
        return true;
    if (nr_at(r, end) != ')' || a.start < r->start + 3 || r->text[a.start - 1] != '(' || r->text[a.start - 2] != ' ')
        return false;
    nr_view team = nr_previous_word(r, a.start - 2);
    return nr_starts_upper(team) && team.n > 2 && !(nr_kinds(r, team) & NR_KIND_PART) && !nr_ends_sentence(r, end);
}

/* Pages, lines and the like run on, whatever the figures: "pp. 206-7", "lines 12-19, 23-5". */
static bool in_pages(const nr_run *r)
{
    size_t i = r->count;
    while (i && (r->tokens[i - 1].class == NR_CLASS_RANGE || r->tokens[i - 1].class == NR_CLASS_CARDINAL || nr_in_list(nr_part(r, r->tokens[i - 1].span), ", and &")))
        i--;
    const nr_token *t = i ? &r->tokens[i - 1] : NULL;
    return t && nr_in_list(t->class == NR_CLASS_WORD ? nr_part(r, t->span) : t->word_count ? t->words[0].say : NR_LIT(""), "page pages line lines verse verses chapter chapters section sections paragraph paragraphs note notes issues volumes numbers");
}

/* Scores fall, are level, have a nought, stand by a word of results, or by another score: "6-4, 7-5". */
static bool is_score(const nr_run *r, nr_span a, nr_span b, uint32_t end)
{
    uint64_t low = nr_number(r, a), high = nr_number(r, b);
    if (nr_length(a) > 3 || nr_length(b) > 3 || memchr(r->text + a.start, '.', b.end - a.start))
        return false;
    if (low >= high)
        return true;
    if (low == 0 && high >= 30 && high % 10 == 0) /* "0-60" */
        return false;
    return nr_at(r, a.start) == '0' || after_score(r, b, end) || is_record(r, a, b, end) || (!nr_counts(r, end) && nr_length(b) <= 2 && nr_near_result(r, a.start, end));
}

/* "7-6(5)", "7-6 (7-3)": a tie-break is said by the rules of figures. */
static bool score(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span a = m->part[0], b = m->part[1];
    bool set = nr_is_set(r, a, b, m->end);
    say_goals(r, a, set);
    if (nr_length(a) == 3 && nr_length(b) >= 2) /* votes, points: "215-214" */
        nr_say_s(r, "to", a.end, b.start);
    say_goals(r, b, set);
    return nr_make(r, at, m->end, NR_CLASS_SCORE, "score");
}

static bool years(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span a = m->part[0], b = m->part[1];
    bool two = nr_length(b) == 2, one = nr_length(b) == 1, era = nr_in_list(nr_next_word(r, b.end), "BC BCE AD CE");
    uint64_t low = nr_number(r, a), high = nr_number(r, b);
    if (one && low >= 1500 && nr_is_year(r, a) && high > low % 10 && !nr_counts(r, b.end) && !nr_near_result(r, a.start, b.end)) { /* "1920-1" */
        nr_say_part(r, NR_FORM_YEAR, a);
        nr_say_s(r, "to", a.end, b.start);
        if (low % 100 < 10)
            nr_say_number(r, NR_FORM_YEAR, low - low % 10 + high, b.start, b.end);
        else
            nr_say_number(r, NR_FORM_CARDINAL, low % 100 - low % 10 + high, b.start, b.end);
        return nr_make(r, at, m->end, NR_CLASS_RANGE, "years");
    }
    if (era && (nr_length(a) < 4 || low > 2999 || high < low) && low < 20000 && high < 20000) { /* "c. 3000-2500 BCE" */
        (nr_length(a) == 3 ? nr_say_code : nr_say_maybe_year)(r, a);
        nr_say_s(r, "to", a.end, b.start);
        nr_say_maybe_year(r, b);
        return nr_make(r, at, m->end, NR_CLASS_RANGE, "years");
    }
    if (nr_length(a) != 4 || low < 1000 || low > 2999 || (!two && nr_length(b) != 4 && !era) || (two && high <= low % 100 && !(low % 100 == 99 && high == 0)))
        return false;
    if (!two && !era && (high < 1000 || high > 2999 || high < low))
        return false;
    if (!two && nr_counts(r, b.end) && low % 50 == 0 && high % 50 == 0) /* 1500-2000 people */
        return false;
    nr_say_part(r, NR_FORM_YEAR, a);
    nr_say_s(r, "to", a.end, b.start);
    if (two)
        nr_say_pair(r, b);
    else
        nr_say_part(r, NR_FORM_YEAR, b);
    return nr_make(r, at, m->end, NR_CLASS_RANGE, "years");
}

/* "Boeing 737-800", "747-400s", "b-1-5-c": what a code is made of. */
static bool parts_of_code(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span a = m->part[0], b = m->part[1];
    bool whole = nr_digits_end(r, a.start) == a.end && nr_digits_end(r, b.start) == b.end && m->shape == NR_SHAPE_DASH2;
    bool jet = nr_length(a) == 3 && r->text[a.start] == '7' && r->text[a.end - 1] == '7' && ((nr_length(b) == 3 && nr_number(r, b) % 100 == 0) || nr_length(b) == 1);
    bool model = jet || (nr_length(a) == 3 && nr_kinds(r, nr_named_by(r, a.start)) & NR_KIND_CODED);
    bool behind_letter = a.start > r->start + 1 && r->text[a.start - 1] == '-' && nr_ascii_alpha(r->text[a.start - 2]);
    bool letter_behind = nr_at(r, m->end) == '-' && nr_letter_at(r, m->end + 1) && nr_ends_word(r, m->end + 2);
    bool docket = nr_length(a) == 2 && nr_length(b) >= 3 && a.start > 3 && r->text[a.start - 2] == '.' && nr_in_list(nr_previous_word(r, a.start - 2), "no nos"); /* No. 21-1234 */
    bool more = jet && nr_at(r, m->end) == 's' && nr_ends_word(r, m->end + 1);
    uint32_t variant = jet ? nr_letters_end(r, m->end) : m->end; /* 747-8F */
    if (variant > m->end && variant <= m->end + 2 && nr_ascii_upper(nr_at(r, m->end)) && nr_ends_word(r, variant) && whole) {
        nr_say_code(r, a);
        nr_say_code(r, b);
        nr_say_letters(r, nr_text(r, m->end, variant), m->end, variant);
        return nr_make(r, at, variant, NR_CLASS_DIGITS, "kind of aircraft");
    }
    uint32_t tail = nr_letters_end(r, m->end + 1), letters = tail - m->end - 1;
    if (whole && nr_at(r, m->end) == '-' && letters >= 2 && letters <= 3 && nr_dash_at(r, tail) && !nr_in_list(nr_text(r, m->end + 1, tail), "odd day hour yr mph")) { /* "1-413-te-b-1-5" */
        nr_say_figure_part(r, a);
        nr_say_figure_part(r, b);
        return nr_make(r, at, m->end, NR_CLASS_DIGITS, "parts of a serial number");
    }
    if (!whole || nr_length(a) > 4 || nr_length(b) > 4 || !(model || behind_letter || letter_behind || docket) || !nr_ends_word(r, m->end + more))
        return false;
    nr_say_code(r, a);
    nr_say_code(r, b);
    if (more)
        nr_inflect(r, "s", m->end + 1);
    return nr_make(r, at, m->end + more, NR_CLASS_DIGITS, "parts of a code");
}

/* Figures that rise, of two digits at most, and an s behind. */
static bool bare_plural(const nr_run *r, const nr_match *m)
{
    nr_span a = m->part[0], b = m->part[1];
    return m->shape == NR_SHAPE_DASH2 && nr_length(a) <= 2 && nr_length(b) <= 2 && nr_digits_end(r, a.start) == a.end && nr_digits_end(r, b.start) == b.end &&
           nr_number(r, a) < nr_number(r, b) && nr_at(r, m->end) == 's' && nr_ends_word(r, m->end + 1);
}

static bool dashed(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span a = m->part[0], b = m->part[1];
    uint64_t low = nr_number(r, a), high = nr_number(r, b);
    if (parts_of_code(r, at, m) || nr_rule_sport(r, at, m))
        return true;
    if (nr_kinds(r, nr_named_by(r, a.start)) & NR_KIND_SPELLED && nr_length(a) + nr_length(b) > 6) { /* ISBN 978-0306406157 */
        nr_say_digits(r, nr_part(r, a), true, a.start, a.end);
        nr_say_digits(r, nr_part(r, b), true, b.start, b.end);
        return nr_make(r, at, m->end, NR_CLASS_DIGITS, "digits in two groups");
    }
    if (bare_plural(r, m)) { /* "jabs for 5-11s" */
        nr_say_figure_part(r, a);
        nr_say_s(r, "to", a.end, b.start);
        nr_say_figure_part(r, b);
        nr_inflect(r, "s", m->end + 1);
        return nr_make(r, at, m->end + 1, NR_CLASS_RANGE, "ages");
    }
    if (nr_ascii_alpha(nr_at(r, m->end)) || (m->shape == NR_SHAPE_WIDE_DASH2 && nr_starts_lower(nr_next_word(r, m->end)) && !nr_is_year(r, a)))
        return false;
    if (nr_at(r, nr_skip_blank(r, m->end)) == '=') { /* a sum */
        nr_say_figure_part(r, a);
        nr_say_s(r, "minus", a.end, b.start);
        nr_say_figure_part(r, b);
        return nr_make(r, at, m->end, NR_CLASS_RANGE, "difference");
    }
    bool bare = nr_digits_end(r, a.start) == a.end && nr_digits_end(r, b.start) == b.end;
    if (bare && m->shape == NR_SHAPE_DASH2 && nr_length(b) > 4 && nr_length(b) >= nr_length(a) + 3) { /* "12-3456789" */
        nr_say_digits(r, nr_part(r, a), true, a.start, a.end);
        nr_say_digits(r, nr_part(r, b), true, b.start, b.end);
        return nr_make(r, at, m->end, NR_CLASS_DIGITS, "digits in unlike groups");
    }
    if (nr_length(a) == 1 && nr_length(b) == 4 && !memchr(r->text + b.start, '.', 4)) { /* an extension, 3-5297 */
        nr_say_digits(r, nr_part(r, a), true, a.start, a.end);
        nr_say_digits(r, nr_part(r, b), true, b.start, b.end);
        return nr_make(r, at, m->end, NR_CLASS_DIGITS, "extension");
    }
    if (nr_length(a) == 5 && nr_length(b) == 4 && low > high && m->shape == NR_SHAPE_DASH2) { /* ZIP+4 */
        nr_say_digits(r, nr_part(r, a), false, a.start, a.end);
        nr_say_digits(r, nr_part(r, b), false, b.start, b.end);
        return nr_make(r, at, m->end, NR_CLASS_ADDRESS, "ZIP code");
    }
    if (years(r, at, m))
        return true;
    bool hours = r->count && r->tokens[r->count - 1].class == NR_CLASS_DATE && low <= 12 && high <= 12; /* Sat 10-4 */
    bool pages = in_pages(r);
    if (!hours && !pages && is_score(r, a, b, m->end))
        return score(r, at, m);
    if (nr_length(a) > 4 && nr_at(r, a.start) == '0')
        return false;
    nr_say_figure_part(r, a);
    if (high > low || hours || pages || memchr(r->text + a.start, '.', b.end - a.start))
        nr_say_s(r, "to", a.end, b.start);
    if (pages && high < 10 && nr_length(b) == 1 && low > high && low % 100 >= 10) /* "pp. 14-5": fifteen */
        nr_say_number(r, NR_FORM_CARDINAL, low % 100 - low % 10 + high, b.start, b.end);
    else
        nr_say_figure_part(r, b);
    return nr_make(r, at, m->end, NR_CLASS_RANGE, "range");
}

/* "3:1"; behind a name a verse, "Matthew 5:3-10", or goals as the continent writes them */
static bool colon(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_view name = nr_previous_word(r, *at);
    bool verse = name.n > 2 && nr_starts_upper(name) && !nr_in_list(name, "ratio odds scale the");
    const nr_token *book = r->count ? &r->tokens[r->count - 1] : NULL; /* "Matt. 5:3" */
    verse = verse || (book && book->class == NR_CLASS_ABBREVIATION && book->span.end + 1 == *at && nr_ascii_upper(r->text[book->span.start]));
    uint32_t figure = nr_figure_end(r, m->part[1].start);
    if (nr_at(r, m->end) == ' ' && nr_stands(r, m->end + 1, "000") && nr_ends_word(r, m->end + 4) && nr_number(r, m->part[0]) == 1) /* "1:50 000" */
        figure = m->end + 4;
    if (figure > m->end && r->text[m->end] != '.') { /* "1:25,000" */
        nr_say_figure_part(r, m->part[0]);
        nr_say_s(r, "to", m->part[0].end, m->part[1].start);
        nr_say_figure(r, nr_text(r, m->part[1].start, figure), m->part[1].start, figure);
        return nr_make(r, at, figure, NR_CLASS_RATIO, "scale");
    }
    nr_say_figure_part(r, m->part[0]);
    if (nr_length(m->part[1]) != 2 && !verse)
        nr_say_s(r, "to", m->part[0].end, m->part[1].start);
    if (nr_length(m->part[1]) <= 2)
        nr_say_pair(r, m->part[1]);
    else if (verse)
        nr_say_code(r, m->part[1]);
    else
        nr_say_figure_part(r, m->part[1]);
    nr_make(r, at, m->end, NR_CLASS_RATIO, verse ? "verse" : "colon");
    uint32_t dash = nr_dash_at(r, *at), from = *at;
    if (verse && dash && nr_digit_at(r, *at + dash)) {
        nr_say_s(r, "to", *at, *at + dash);
        nr_make(r, &from, *at + dash, NR_CLASS_RANGE, "dash between verses");
        *at = from;
    }
    return true;
}

/* "blood pressure of 120/80", "120/80 mmHg" */
static bool is_pressure(const nr_run *r, const nr_match *m)
{
    uint64_t high = nr_number(r, m->part[0]), low = nr_number(r, m->part[1]);
    uint32_t at = m->part[0].start;
    if (high < 70 || high > 260 || low < 30 || low >= high)
        return false;
    bool told = nr_in_list(nr_next_word(r, m->end), "mmHg mm") || (at == r->start && m->end == r->end && high >= 90 && low >= 50);
    for (int i = 0; i < 4 && !told; i++) {
        nr_view word = nr_previous_word(r, at);
        if (!word.n && at > r->start + 1 && nr_stands(r, at - 2, ": ")) /* "BP: 118/76" */
            word = nr_previous_word(r, at - 2);
        told = nr_in_list(word, "pressure bp");
        at = word.n ? (uint32_t)(word.p - r->text) : at;
    }
    return told;
}

/* "10/10", "rated 7/10": marks. */
static bool is_mark(const nr_run *r, const nr_match *m)
{
    uint64_t above = nr_number(r, m->part[0]), below = nr_number(r, m->part[1]);
    nr_view before = nr_previous_word(r, m->part[0].start);
    if (above <= below && below > 9 && nr_in_list(before, "lap laps hole episode")) /* "Lap 34/57" */
        return true;
    bool rated = nr_in_list(nr_previous_word(r, m->part[0].start), "rated rating score scored scores");
    if ((below == 5 || below == 10) && above <= below && nr_in_list(nr_next_word(r, m->end), "star stars"))
        return true;
    if (nr_kinds_after(r, m->end) & NR_KIND_COUNTED && nr_number(r, m->part[0]) < below && below <= 20) /* 9/10 people */
        return true;
    if (below == 10 && above < 10 && !nr_next_word(r, m->end).n && nr_previous_word(r, m->part[0].start).n == 0) /* "8/10" alone, of a film */
        return true;
    return (below == 5 || below == 10 || below == 100) && nr_number(r, m->part[0]) <= below && (rated || nr_number(r, m->part[0]) == below);
}

bool nr_rule_mark(nr_run *r, uint32_t *at, const nr_match *m)
{
    bool improper = nr_number(r, m->part[0]) >= nr_number(r, m->part[1]);
    if (improper && nr_number(r, m->part[1]) && nr_at(r, nr_skip_blank(r, m->end)) == '=') { /* "12/4 = 3" */
        nr_say_figure_part(r, m->part[0]);
        nr_say_s(r, "divided by", m->part[0].end, m->part[1].start);
        nr_say_figure_part(r, m->part[1]);
        return nr_make(r, at, m->end, NR_CLASS_RATIO, "quotient");
    }
    bool pressure = is_pressure(r, m);
    if (nr_in_list(nr_previous_word(r, m->part[0].start), "page step slide photo image question lesson episode") && nr_ends_word(r, m->end) && !improper) { /* "step 3/5" */
        nr_say_figure_part(r, m->part[0]);
        nr_say_s(r, "of", m->part[0].end, m->part[1].start);
        nr_say_figure_part(r, m->part[1]);
        return nr_make(r, at, m->end, NR_CLASS_RATIO, "so far of how many");
    }
    uint64_t beat = nr_number(r, m->part[1]);
    bool music = nr_in_list(nr_next_word(r, m->end), "time waltz waltzes metre meter rhythm beat") && (beat == 4 || beat == 8 || beat == 16) && nr_number(r, m->part[0]) > 1; /* "in 3/4 time" */
    if (music || nr_in_list(nr_next_word(r, m->end), "vision eyesight")) { /* 20/40 vision */
        nr_say_figure_part(r, m->part[0]);
        nr_say_figure_part(r, m->part[1]);
        return nr_make(r, at, m->end, NR_CLASS_RATIO, music ? "time signature" : "eyesight");
    }
    if (!nr_ends_word(r, m->end) || !(pressure || is_mark(r, m)))
        return false;
    nr_say_figure_part(r, m->part[0]);
    bool lap = nr_in_list(nr_previous_word(r, m->part[0].start), "lap laps hole episode");
    nr_say_s(r, pressure ? "over" : lap ? "of" : "out of", m->part[0].end, m->part[1].start);
    nr_say_figure_part(r, m->part[1]);
    uint32_t end = pressure ? nr_say_unit_behind_power(r, m->end) : m->end;
    return nr_make(r, at, end, NR_CLASS_RATIO, pressure ? "blood pressure" : "mark");
}

/* "24/7", "50/50", "2019/20" */
static bool stroke(nr_run *r, uint32_t *at, const nr_match *m)
{
    uint32_t rim = nr_skip_blank(r, m->end);
    if (nr_length(m->part[0]) == 3 && nr_length(m->part[1]) == 2 && nr_at(r, rim) == 'R' && nr_digits_end(r, rim + 1) == rim + 3) { /* 205/55 R16, a tyre */
        nr_say_code(r, m->part[0]);
        nr_say_figure_part(r, m->part[1]);
        nr_say_letters(r, NR_LIT("R"), rim, rim + 1);
        nr_say_figure(r, nr_text(r, rim + 1, rim + 3), rim + 1, rim + 3);
        return nr_make(r, at, rim + 3, NR_CLASS_DIGITS, "tyre");
    }
    if (!nr_ends_word(r, m->end))
        return false;
    if (nr_length(m->part[0]) > 4 && nr_length(m->part[1]) > 4) { /* "12639/12640" */
        nr_say_figure_part(r, m->part[0]);
        nr_say_s(r, "over", m->part[0].end, m->part[1].start);
        nr_say_figure_part(r, m->part[1]);
        return nr_make(r, at, m->end, NR_CLASS_FRACTION, "large fraction");
    }
    nr_say_maybe_year(r, m->part[0]);
    if (nr_length(m->part[1]) == 4)
        nr_say_maybe_year(r, m->part[1]);
    else
        nr_say_pair(r, m->part[1]);
    return nr_make(r, at, m->end, NR_CLASS_RATIO, "stroke");
}

bool nr_rule_range(nr_run *r, uint32_t *at, const nr_match *m)
{
    switch (m->shape) {
    case NR_SHAPE_DASH2:
    case NR_SHAPE_WIDE_DASH2: return dashed(r, at, m);
    case NR_SHAPE_COLON2: return colon(r, at, m);
    case NR_SHAPE_SLASH2: return stroke(r, at, m);
    default: return false;
    }
}
