/* Numbers that count nothing: telephone numbers, versions, machines' addresses, houses, models. */
#include "normalise/figure.h"

static bool has_vowel(nr_view v)
{
    for (size_t i = 0; i < v.n; i++)
        if (strchr("AEIOUaeiou", v.p[i]))
            return true;
    return false;
}

/* Digits one by one, letters by name (but words as words: 1-800-FLOWERS), in the order of the text. */
static void say_characters(nr_run *r, uint32_t from, uint32_t to, const char *point) /* NULL: points are silent, noughts "oh" */
{
    for (uint32_t i = from; i < to; i++) {
        char c = r->text[i];
        if (nr_ascii_digit(c))
            nr_say_digits(r, nr_text(r, i, i + 1), !point, i, i + 1);
        else if (c == '+')
            nr_say_s(r, "plus", i, i + 1);
        else if (c == '.' && point)
            nr_say_s(r, point, i, i + 1);
        else if (nr_ascii_alpha(c) && (i == from || !nr_ascii_alpha(r->text[i - 1])))
            (!point && has_vowel(nr_text(r, i, nr_letters_end(r, i))) ? nr_say : nr_say_letters)(r, nr_text(r, i, nr_letters_end(r, i)), i, nr_letters_end(r, i));
    }
}

/* "0800", "1-800": a hundred that people say. */
static uint32_t say_hundred(nr_run *r, uint32_t at)
{
    uint32_t end = nr_digits_end(r, at), from = at;
    if (end - from == 4 && r->text[from] == '0') {
        nr_say_s(r, "oh", from, from + 1);
        from++;
    }
    if (end - from != 3 || r->text[from] == '0' || r->text[from + 1] != '0' || r->text[from + 2] != '0') {
        nr_unsay(r);
        return at;
    }
    nr_say_figure(r, nr_text(r, from, end), from, end);
    return end;
}

static bool telephone(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0];
    uint32_t dash = s.start + 3;
    bool short_one = nr_length(s) == 8 && r->text[dash] == '-';
    if (short_one && (nr_counts(r, s.end) || (r->text[dash - 1] == '0' && r->text[s.end - 1] == '0'))) /* 500-1500 people */
        return false;
    if (!nr_ends_word(r, m->end) || (nr_at(r, m->end) == '-' && nr_digit_at(r, m->end + 1)))
        return false;
    uint32_t from = s.start, digits = 0;
    for (uint32_t p = s.start; p < s.end; p++)
        digits += nr_ascii_digit(r->text[p]);
    if (r->text[from] == '+' && digits < 7) /* the index rose "+123.45" */
        return false;
    if (nr_stands(r, from, "1-")) {
        nr_say_s(r, "one", from, from + 1);
        uint32_t next = from + 2, end = nr_digits_end(r, next);
        if (end - next == 3 && r->text[next] != '0' && r->text[next + 1] == '0' && r->text[next + 2] == '0')
            nr_say_figure(r, nr_text(r, next, end), next, end);
        else
            end = next - 1;
        from = end;
    } else {
        from = say_hundred(r, from);
    }
    say_characters(r, from, s.end, NULL);
    uint32_t end = m->end, x = nr_skip_blank(r, end), number = nr_skip_blank(r, x + 1), last = nr_digits_end(r, number);
    if (nr_at(r, x) == 'x' && last > number && last - number < 7 && nr_ends_word(r, last)) { /* "212-555-0143 x12" */
        nr_say_s(r, "extension", x, x + 1);
        say_characters(r, number, last, NULL);
        end = last;
    }
    return nr_make(r, at, end, NR_CLASS_DIGITS, "telephone");
}

/* "1.234.567": thousands as the continent parts them. */
static bool is_grouped(const nr_run *r, uint32_t at, uint32_t end)
{
    uint32_t p = nr_digits_end(r, at);
    bool right = p - at <= 3 && nr_at(r, at) != '0';
    while (right && p < end) {
        right = nr_digits_end(r, p + 1) == p + 4;
        p += 4;
    }
    return right;
}

/* "2.0.1": figures with points between; "10.0.0.1": digits with dots. */
static bool points(nr_run *r, uint32_t *at, uint32_t end, bool machine)
{
    if (machine) {
        say_characters(r, *at, end, "dot");
        if (nr_at(r, end) == ':' && nr_digit_at(r, end + 1)) {
            uint32_t port = nr_digits_end(r, end + 1);
            nr_say_s(r, "colon", end, end + 1);
            nr_say_code(r, (nr_span){end + 1, port});
            end = port;
        } else if (nr_at(r, end) == '/' && nr_digit_at(r, end + 1)) { /* 10.0.0.0/8 */
            uint32_t bits = nr_digits_end(r, end + 1);
            nr_say_s(r, "slash", end, end + 1);
            nr_say_figure(r, nr_text(r, end + 1, bits), end + 1, bits);
            end = bits;
        }
        return nr_make(r, at, end, NR_CLASS_DIGITS, "machine's address");
    }
    if (is_grouped(r, *at, end)) {
        nr_say_number(r, NR_FORM_CARDINAL, nr_value(nr_text(r, *at, end)), *at, end);
        return nr_make(r, at, end, NR_CLASS_CARDINAL, "points between thousands");
    }
    for (uint32_t p = *at; p < end;) {
        uint32_t stop = nr_digits_end(r, p);
        if (p > *at)
            nr_say_s(r, "point", p - 1, p);
        nr_say_figure(r, nr_text(r, p, stop), p, stop);
        p = stop + 1;
    }
    return nr_make(r, at, end, NR_CLASS_DIGITS, "version");
}

static bool is_machine(const nr_run *r, uint32_t at, uint32_t end)
{
    int parts = 0;
    bool great = false; /* 999.999.999.999 is none */
    for (uint32_t p = at; p < end; parts++) {
        uint32_t stop = nr_digits_end(r, p);
        great = great || nr_value(nr_text(r, p, stop)) > 255;
        p = stop + 1;
    }
    return parts == 4 && !(great && is_grouped(r, at, end));
}

/* "4-4-2", "10-3-1", "978-0-306-40615-7": figures, or digits when a group is long or begins with a nought. */
static bool groups(nr_run *r, uint32_t *at, uint32_t end)
{
    bool digits = false;
    for (uint32_t p = *at; p < end;) {
        uint32_t stop = nr_digits_end(r, p);
        digits = digits || stop - p > 3 || (stop - p > 1 && r->text[p] == '0');
        p = stop > p ? stop : p + 1;
    }
    for (uint32_t p = *at; p < end;) {
        uint32_t stop = nr_digits_end(r, p);
        if (stop > p && digits)
            nr_say_digits(r, nr_text(r, p, stop), true, p, stop);
        else if (stop > p)
            nr_say_figure(r, nr_text(r, p, stop), p, stop);
        p = stop > p ? stop : p + 1;
    }
    return nr_make(r, at, end, NR_CLASS_DIGITS, "groups");
}

bool nr_rule_code(nr_run *r, uint32_t *at, const nr_match *m)
{
    switch (m->shape) {
    case NR_SHAPE_PHONE: return telephone(r, at, m);
    case NR_SHAPE_DOTS3: return nr_ends_word(r, m->end) && points(r, at, m->end, false);
    case NR_SHAPE_DOTS: return !nr_digit_at(r, m->end) && points(r, at, m->end, is_machine(r, *at, m->end));
    case NR_SHAPE_SLASH3:
    case NR_SHAPE_DASH3:
    case NR_SHAPE_DASHES: return !nr_digit_at(r, m->end) && groups(r, at, m->end);
    default: return false;
    }
}

/* "1026 North Beckley", "4512 S. Main": streets so named stand without their "Street". */
static bool direction_follows(const nr_run *r, uint32_t end)
{
    nr_view word = nr_next_word(r, end);
    if (nr_skip_blank(r, end) == end || !nr_starts_upper(word) || !nr_in_list(word, "North South East West Northeast Northwest Southeast Southwest N S E W NE NW SE SW"))
        return false;
    uint32_t to = (uint32_t)(word.p - r->text) + (uint32_t)word.n;
    nr_view name = nr_next_word(r, to + (nr_at(r, to) == '.'));
    return nr_starts_upper(name) || (name.n && nr_ascii_digit(name.p[0]));
}

/* A street follows within three words that begin with a capital: "1428 Elm St", "602 Elsbeth Street". */
bool nr_street_follows(const nr_run *r, uint32_t end)
{
    for (int i = 0; i < 4; i++) {
        nr_view word = nr_next_word(r, end);
        if (nr_skip_blank(r, end) == end || !word.n || !(nr_ascii_upper(word.p[0]) || nr_ascii_digit(word.p[0])))
            return i > 0 && nr_kinds(r, word) & NR_KIND_STREET && nr_view_is(word, "st");
        if (i > 0 && nr_kinds(r, word) & NR_KIND_STREET)
            return true;
        end = (uint32_t)(word.p - r->text) + (uint32_t)word.n;
        end += nr_at(r, end) == '.';
    }
    return false;
}

/* Behind a comma the name of a state in full: "Springfield, Illinois 62704", "Troy, New York 12180". */
static bool is_state_in_full(const nr_run *r, nr_view last)
{
    uint32_t at = (uint32_t)(last.p - r->text);
    for (size_t i = 0; nr_starts_upper(last) && last.n > 3 && i < nr_table_count(r->norm->abbreviations); i++) {
        const nr_row *row = nr_table_row(r->norm->abbreviations, i);
        nr_view state = row->column[0];
        uint32_t from = at + (uint32_t)last.n - (uint32_t)state.n;
        if (nr_view_is(row->column[1], "state") && state.n >= last.n && at + last.n >= state.n + 2 && from >= r->start + 2 &&
            nr_view_eq(nr_view_sub(r->text, from, from + (uint32_t)state.n), state) && r->text[from - 1] == ' ' && r->text[from - 2] == ',')
            return true;
    }
    return false;
}

/* "CA 90210", "NY, 10001" */
static bool is_state_before(const nr_run *r, uint32_t at)
{
    uint32_t to = at > 4 && r->text[at - 2] == ',' ? at - 2 : at;
    nr_view code = nr_previous_word(r, to);
    if (at > r->start + 5 && memcmp(r->text + at - 5, "D.C. ", 5) == 0)
        return true;
    const nr_token *last = r->count ? &r->tokens[r->count - 1] : NULL; /* "Calif. 90210" */
    if (last && last->class == NR_CLASS_ABBREVIATION && last->span.end + 1 == at && r->text[at - 2] == '.') {
        const nr_row *place = nr_table_find(r->norm->abbreviations, nr_text(r, last->span.start, last->span.end - 1));
        return place && (nr_view_is(place->column[1], "place") || nr_view_is(place->column[1], "state"));
    }
    if (code.n == 2 && nr_view_is(code, "DC"))
        return true;
    if (code.n > 2)
        return is_state_in_full(r, code) && !nr_counts(r, at + 5);
    const nr_row *row = code.n == 2 ? nr_table_find(r->norm->abbreviations, code) : NULL;
    return row && (nr_view_is(row->column[1], "state") || nr_view_is(row->column[1], "direction")) && nr_ascii_upper(code.p[1]);
}

/* Houses of three digits and more, in America, are read in pairs; ZIP codes digit by digit. */
bool nr_rule_house(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0];
    size_t n = nr_length(s);
    if (nr_digits_end(r, s.start) != s.end || !nr_ends_word(r, s.end))
        return false;
    if (n == 5 && is_state_before(r, s.start)) {
        nr_say_digits(r, nr_part(r, s), false, s.start, s.end);
        return nr_make(r, at, s.end, NR_CLASS_ADDRESS, "ZIP code");
    }
    bool dated = nr_is_year(r, s) && nr_kinds_before(r, s.start) & (NR_KIND_ARTICLE | NR_KIND_DATING); /* "a 2020 North American tour" */
    bool pairs = n == 4 && nr_number(r, s) % 100 && !dated && direction_follows(r, s.end);
    if (!pairs && (n < 3 || n > 4 || !nr_street_follows(r, s.end) || (n == 3 && !r->norm->style.us)))
        return false;
    nr_say_code(r, s);
    return nr_make(r, at, s.end, NR_CLASS_ADDRESS, "house");
}

/* "5G", "3D", "1080p", "133-A", "12B": a figure and letters. */
bool nr_rule_digits_letters(nr_run *r, uint32_t *at, const nr_match *m)
{
    uint32_t dash = nr_dash_at(r, m->end), from = m->end + dash, to = nr_letters_end(r, from);
    nr_view letters = nr_text(r, from, to);
    if (m->shape != NR_SHAPE_FIGURE || !letters.n || letters.n > (dash ? 1 : 3) || !nr_ends_word(r, to) || nr_at(r, to) == '\'')
        return false;
    if (dash && (!nr_ascii_upper(letters.p[0]) || nr_dash_at(r, to)))
        return false;
    for (size_t i = 1; i < letters.n; i++) /* "16Gen" is a word stuck to a figure */
        if (!nr_ascii_upper(letters.p[i]))
            return false;
    nr_span s = m->part[0];
    if (nr_digits_end(r, s.start) == s.end && (nr_length(s) == 3 || nr_length(s) == 4)) /* 1080p */
        nr_say_code(r, s);
    else
        nr_say_figure_part(r, s);
    nr_say_letters(r, letters, from, to);
    return nr_make(r, at, to, NR_CLASS_LETTERS, "digits and letters");
}
