/* Letters with digits: codes of machines and roads, postcodes, lineages. */
#include "normalise/engine.h"

static void say_number_part(nr_run *r, nr_span s, uint32_t before)
{
    /* "C2766", "A3057"; but D3500 and M1911 */
    bool road = nr_length(s) == 4 && nr_number(r, s) % 100 && !(nr_at(r, s.start) == '1' && nr_at(r, s.start + 1) == '9') && s.start == before + 1;
    if (road || nr_kinds(r, nr_named_by(r, before)) & NR_KIND_SPELLED || nr_length(s) > 4)
        nr_say_digits(r, nr_part(r, s), true, s.start, s.end);
    else
        nr_say_code(r, s);
}

/* Capitals and figures behind the first ones: "H5N1", "F-16A". */
static void say_tail(nr_run *r, nr_span tail)
{
    for (uint32_t p = tail.start; p < tail.end;) {
        uint32_t stop = p;
        while (stop < tail.end && nr_digit_at(r, stop) == nr_digit_at(r, p))
            stop++;
        if (nr_digit_at(r, p))
            nr_say_code(r, (nr_span){p, stop});
        else
            nr_say_letters(r, nr_text(r, p, stop), p, stop);
        p = stop;
    }
}

/* "the M25 at J10", "between J9 and J10": a junction, behind the name of a road. */
bool nr_rule_junction(nr_run *r, uint32_t *at, const nr_match *m)
{
    enum { FAR = 12 };
    nr_span digits = m->part[1];
    bool road = false;
    if (!nr_view_is(nr_part(r, m->part[0]), "J") || digits.start != *at + 1 || nr_length(digits) > 2 || nr_length(m->part[2]) > 1)
        return false;
    for (size_t i = 1; !road && i <= FAR && i <= r->count; i++) {
        nr_view v = nr_part(r, r->tokens[r->count - i].span);
        road = v.n >= 2 && v.n <= 7 && (v.p[0] == 'M' || v.p[0] == 'A') && nr_ascii_digit(v.p[1]);
    }
    uint32_t end = digits.end, letter = nr_letters_end(r, end);
    if (!road || letter > end + 1 || !nr_ends_word(r, letter))
        return false;
    nr_say_s(r, "junction", *at, digits.start);
    nr_say_part(r, NR_FORM_CARDINAL, digits);
    if (letter > end)
        nr_say_letters(r, nr_text(r, end, letter), end, letter);
    uint32_t last = nr_at(r, letter) == '-' && nr_at(r, letter + 1) == 'J' ? nr_digits_end(r, letter + 2) : letter;
    if (last > letter + 2 && nr_ends_word(r, last)) { /* "J10-J11" */
        nr_say_s(r, "to", letter, letter + 2);
        nr_say_figure(r, nr_text(r, letter + 2, last), letter + 2, last);
        letter = last;
    }
    return nr_make(r, at, letter, NR_CLASS_ADDRESS, "junction");
}

/* "F-16", "COVID-19", "G20", "M25", "H2O", "CO2", "MP3", "F-16s" */
bool nr_rule_lettered_code(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span letters = m->part[0], digits = m->part[1], tail = m->part[2];
    nr_view word = nr_part(r, letters);
    bool suffix = nr_length(tail) && !nr_ascii_upper(r->text[tail.start]);
    uint32_t end = m->end;
    bool plural = nr_length(tail) > 1 && !suffix && r->text[tail.end - 1] == 's'; /* F-15Es */
    tail.end -= plural;
    while (!suffix && !plural && nr_length(tail) && (nr_ascii_upper(nr_at(r, end)) || nr_digit_at(r, end)))
        tail.end = ++end;
    if (nr_view_is(word, "S") && digits.start == letters.end && nr_length(digits) <= 2 && nr_length(tail) && nr_at(r, tail.start) == 'E' && nr_digits_end(r, tail.start + 1) == tail.end &&
        nr_length(tail) <= 4 && nr_length(tail) > 1 && nr_ends_word(r, tail.end)) { /* "S01E05" */
        nr_say_s(r, "season", letters.start, letters.end);
        nr_say_part(r, NR_FORM_CARDINAL, digits);
        nr_say_s(r, "episode", tail.start, tail.start + 1);
        nr_say_part(r, NR_FORM_CARDINAL, (nr_span){tail.start + 1, tail.end});
        return nr_make(r, at, tail.end, NR_CLASS_LETTERS, "season and episode");
    }
    uint32_t lower = nr_letters_end(r, end);
    bool named = !nr_length(tail) && lower > end && nr_starts_lower(nr_text(r, end, lower)); /* A320neo, GPT-4o */
    if (!nr_ends_word(r, named ? lower : end))
        return false;
    if (word.n == 3 && nr_at(r, letters.end) == '-' && nr_length(digits) <= 2 && nr_in_list(word, "UTC GMT")) { /* UTC-5 */
        nr_say_letters(r, word, letters.start, letters.end);
        nr_say_s(r, "minus", letters.end, digits.start);
        nr_say_part(r, NR_FORM_CARDINAL, digits);
        nr_span minute = {end + 1, nr_digits_end(r, end + 1)};
        if (nr_at(r, end) == ':' && nr_length(minute) == 2) { /* GMT-08:00 */
            if (nr_number(r, minute))
                nr_say_pair(r, minute);
            end = minute.end;
        }
        return nr_make(r, at, end, NR_CLASS_LETTERS, "distance from Greenwich");
    } else if (word.n > 2)
        nr_say_capitals(r, letters.start, letters.end);
    else /* NO2 is a gas */
        nr_say_letters(r, word, letters.start, letters.end);
    if (!nr_length(tail) && nr_at(r, end) == '.' && nr_digit_at(r, end + 1)) { /* PM2.5 */
        digits.end = end = nr_digits_end(r, end + 1);
        nr_say_figure_part(r, digits);
    } else {
        say_number_part(r, digits, *at);
    }
    if (suffix)
        nr_inflect(r, nr_length(tail) > 1 ? "'s" : "s", tail.end);
    else
        say_tail(r, tail);
    if (plural)
        nr_inflect(r, "s", tail.end + 1);
    if (named) {
        (lower > end + 1 ? nr_say : nr_say_letters)(r, nr_text(r, end, lower), end, lower);
        end = lower;
    }
    return nr_make(r, at, end, NR_CLASS_LETTERS, "letters and digits");
}

/* "SW1A 1AA" */
bool nr_rule_postcode(nr_run *r, uint32_t *at, const nr_match *m)
{
    if (!nr_ends_word(r, m->end))
        return false;
    for (uint32_t p = *at; p < m->end;) {
        uint32_t stop = nr_ascii_alpha(r->text[p]) ? nr_letters_end(r, p) : nr_digit_at(r, p) ? p + 1 : p;
        if (stop > p && nr_ascii_alpha(r->text[p]))
            nr_say_letters(r, nr_text(r, p, stop), p, stop);
        else if (stop > p)
            nr_say_digits(r, nr_text(r, p, stop), true, p, stop);
        p = stop > p ? stop : p + 1;
    }
    return nr_make(r, at, m->end, NR_CLASS_ADDRESS, "postcode");
}

/* "B.1.1.7": a lineage, its figures one by one. */
bool nr_rule_lineage(nr_run *r, uint32_t *at)
{
    uint32_t p = nr_letters_end(r, *at), figures = 0, from = p;
    if (p - *at > 3)
        return false;
    while (nr_at(r, p) == '.' && nr_digit_at(r, p + 1)) {
        p = nr_digits_end(r, p + 1);
        figures++;
    }
    bool standard = figures == 1 && p - from == 4; /* H.264 */
    if ((figures < (from > *at + 1 ? 1u : 2u) && !standard) || !nr_ends_word(r, p)) /* BA.5 */
        return false;
    nr_say_letters(r, nr_text(r, *at, from), *at, from);
    for (uint32_t q = from + 1; q < p; q = nr_digits_end(r, q) + 1) {
        nr_span s = {q, nr_digits_end(r, q)};
        if (nr_length(s) > 2)
            nr_say_digits(r, nr_part(r, s), true, s.start, s.end);
        else
            nr_say_figure_part(r, s);
    }
    return nr_make(r, at, p, NR_CLASS_LETTERS, "letters and figures");
}
