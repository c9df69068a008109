/* Units: which one stands behind a figure. Some are words as well ("in", "m", '), so what stands around is asked. */
#include "normalise/unit.h"

static const nr_row *find_unit(const nr_run *r, uint32_t from, uint32_t to)
{
    nr_view v = nr_text(r, from, to);
    const nr_row *row = nr_table_find(r->norm->units, v);
    char lower[4], raised[UNIT_MOST + 1];
    if (!row && v.n > 2 && v.n <= UNIT_MOST && v.p[v.n - 2] == '^' && strchr("23", v.p[v.n - 1])) { /* "km^2" */
        memcpy(raised, v.p, v.n - 2);
        memcpy(raised + v.n - 2, v.p[v.n - 1] == '2' ? "\xC2\xB2" : "\xC2\xB3", 2);
        return nr_table_find(r->norm->units, (nr_view){raised, v.n});
    }
    if (row || v.n < 2 || v.n > 4)
        return row;
    for (size_t i = 0; i < v.n; i++) {
        if (!nr_ascii_upper(v.p[i]))
            return NULL;
        lower[i] = nr_ascii_lower(v.p[i]);
    }
    bool plain = nr_in_list(v, "kg kgs km cm mm ml lb lbs oz yd yds mph kph mpg rpm bpm psi bps hrs mins secs yrs fps dpi ppi ppm hp kwh tsp tbsp cc");
    return plain ? nr_table_find(r->norm->units, (nr_view){lower, v.n}) : NULL; /* KG, MPH; but "28 HR" are home runs */
}

/* A double quotation mark is one of inches only if it closes no quotation. */
static bool closes_quotation(const nr_run *r, uint32_t at)
{
    enum { FAR = 600 };
    bool open = false;
    for (uint32_t i = at > FAR ? at - FAR : 0; i < at; i++) {
        if (r->text[i] != '"')
            continue;
        bool before = i == 0 || nr_ascii_space(r->text[i - 1]) || strchr("([-", r->text[i - 1]) || (unsigned char)r->text[i - 1] >= 0x80;
        open = before && !nr_ascii_space(r->text[i + 1]);
    }
    return open;
}

/* "room 5C", "apt. 5C": a name, whose letter is no unit. */
static bool is_numbered(const nr_run *r, uint32_t figure_end)
{
    uint32_t at = figure_end;
    while (at > r->start && nr_ascii_digit(r->text[at - 1]))
        at--;
    if (at > r->start + 2 && r->text[at - 1] == ' ' && r->text[at - 2] == '.')
        at -= 2;
    return nr_kinds_before(r, at) & NR_KIND_CODED;
}

/* "4.9 m wide", "5 g of salt", but "3170 W. Main Street", "5 m people", "2 L'Oréal". */
static bool stands_apart(const nr_run *r, uint32_t figure_end, uint32_t to)
{
    nr_view next = nr_next_word(r, to);
    bool initial = nr_at(r, to) == '.' && nr_ascii_upper(nr_at(r, to - 1)) && !nr_ends_sentence(r, to + 1);
    if (r->text[to - 1] == 'V' && nr_skip_blank(r, to) > to && nr_in_list(next, "AC DC")) /* "240 V AC" */
        return true;
    if (initial || nr_letter_at(r, to) || nr_dash_at(r, to) || nr_apostrophe_at(r, to) || nr_starts_upper(next) || (next.n && nr_ascii_digit(next.p[0])))
        return false;
    bool magnitude = strchr("mt", r->text[to - 1]) != NULL; /* "5 m people", but "45 g carbs" */
    return !(magnitude && nr_counts(r, to)) && !is_numbered(r, figure_end);
}

/* An x or × with a figure behind, which multiplies two lengths: its end, or 0. */
uint32_t nr_by_end(const nr_run *r, uint32_t at)
{
    uint32_t from = nr_skip_blank(r, at), end = nr_stands(r, from, "\xC3\x97") ? from + 2 : (nr_at(r, from) | 32) == 'x' ? from + 1 : from;
    return end > from && nr_digit_at(r, nr_skip_blank(r, end)) ? end : 0;
}

/* "10' tall", "12' x 14'", "8' 2\"", and a line that is no more than "6'": the mark behind a figure is one of feet. */
static bool is_foot_mark(const nr_run *r, uint32_t at, uint32_t to)
{
    uint32_t figure = at, inches = nr_digits_end(r, nr_skip_blank(r, to));
    while (figure > r->start && (nr_ascii_digit(r->text[figure - 1]) || r->text[figure - 1] == '.' || (unsigned char)r->text[figure - 1] >= 0x80))
        figure--;
    uint32_t by = figure;
    while (by > r->start && r->text[by - 1] == ' ')
        by--;
    bool second = by > r->start + 2 && (r->text[by - 1] == 'x' || r->text[by - 1] == '\x97') && memchr(r->text + (by > r->start + 5 ? by - 5 : r->start), '\'', by > r->start + 5 ? 4 : by - 1 - r->start);
    bool line = figure == r->start && to == r->end;
    return nr_kinds_after(r, to) & NR_KIND_LENGTH || nr_by_end(r, to) || second || line ||
           (inches > nr_skip_blank(r, to) && nr_value(nr_text(r, nr_skip_blank(r, to), inches)) < 12 && nr_at(r, inches) == '"' && nr_skip_blank(r, to) > to);
}

/* "1 1/4 in.", "2½ in", and a line that is no more than "12 in.": inches, though "in" is a word. */
static bool is_inch(const nr_run *r, uint32_t at, uint32_t from, uint32_t to)
{
    bool stop = nr_at(r, to) == '.', part = at > r->start + 2 && ((unsigned char)r->text[at - 1] >= 0x80 || r->text[at - 2] == '/');
    uint32_t figure = at;
    while (figure > r->start && (nr_ascii_digit(r->text[figure - 1]) || r->text[figure - 1] == '.'))
        figure--;
    if (from > at && r->text[from - 1] == '-') /* "a 12-in. pipe", but "3-in-1" */
        return stop;
    uint32_t by = figure;
    part = part || (figure > r->start && r->text[figure - 1] == '/');
    while (by > r->start && r->text[by - 1] == ' ')
        by--;
    part = part || (by > r->start + 1 && r->text[by - 1] == 'x' && !nr_ascii_alpha(r->text[by - 2])); /* "8½ x 11 in." */
    bool ends = nr_ends_sentence(r, to), line = figure == r->start && ends;
    return line || (part && (stop || ends || nr_at(r, to) == ',' || nr_at(r, to) == ';' || nr_at(r, to) == ')' || nr_by_end(r, to) || nr_kinds_after(r, to) & NR_KIND_LENGTH));
}

/* "30 s", "9.58s"; but "40s" is a decade, as are "the late 60 s" of a text cut into words. */
static bool is_second(const nr_run *r, uint32_t at, uint32_t from, uint32_t to)
{
    bool point = at > 1 && memchr(r->text + (at > 4 ? at - 4 : 0), '.', at > 4 ? 4 : at);
    if (from == at || point)
        return point && !nr_apostrophe_at(r, to);
    uint32_t figure = at;
    while (figure > r->start && nr_ascii_digit(r->text[figure - 1]))
        figure--;
    if (nr_digit_at(r, nr_skip_blank(r, to))) /* "4 s 6 d" */
        return false;
    return at - figure < 4 && nr_ends_word(r, to) && !nr_apostrophe_at(r, to) && (figure == r->start || r->text[figure - 1] == ' ') &&
           !nr_in_list(nr_previous_word(r, figure), "the mid early late their his her");
}

static bool fits(const nr_run *r, const nr_row *row, uint32_t at, uint32_t from, uint32_t to)
{
    nr_view flag = row->column[2];
    if (nr_view_is(flag, "second"))
        return is_second(r, at, from, to);
    if (nr_at(r, from) == '\'')
        return from == at && is_foot_mark(r, at, to);
    if (nr_at(r, from) == '"' && closes_quotation(r, from))
        return false;
    bool near = nr_view_is(flag, "near");
    if (nr_view_is(flag, "apart")) /* "0.3 ac", but 11ac */
        return from > at;
    if (near && from > at && (nr_view_is(row->key, "C") || nr_view_is(row->key, "F"))) { /* "at 350 F", but "March 30, 17 F left" */
        uint32_t figure = at;
        while (figure > r->start && nr_ascii_digit(r->text[figure - 1]))
            figure--;
        bool told = figure == r->start || nr_in_list(nr_previous_word(r, figure), "at to of around about minus below above over under near nearly reached reaching reach reaches hit hits is was and or from between");
        return told && stands_apart(r, at, to);
    }
    if (near && from > at)
        return stands_apart(r, at, to);
    if (near || nr_view_is(flag, "joined")) {
        nr_view next = nr_next_word(r, to); /* but "3C 273", "14C dating" */
        uint32_t dash = nr_dash_at(r, to);
        if (nr_at(r, from) == 'W' && dash && nr_digit_at(r, to + dash)) /* 5W-30 oil */
            return false;
        bool named = nr_at(r, from) == 'C' && next.n && (nr_ascii_digit(next.p[0]) || nr_in_list(next, "dating dates"));
        return from == at && !named && !is_numbered(r, at);
    }
    if (nr_view_is(flag, "careful")) { /* "in" is a word more often than inches */
        nr_view next = nr_next_word(r, to);
        bool stopped = nr_at(r, to) == '.' && !nr_ends_sentence(r, to); /* "3 in. of rain" */
        uint32_t pounds = next.n ? nr_digits_end(r, (uint32_t)(next.p - r->text)) : to; /* "11st 4lb" */
        bool stone = next.n && nr_view_is(row->column[0], "stone") && nr_stands(r, nr_skip_blank(r, pounds), "lb");
        if (nr_view_is(row->key, "in") && is_inch(r, at, from, to))
            return true;
        return (from == at || stopped || stone) && (stone || !(next.n && nr_ascii_digit(next.p[0])));
    }
    return true;
}

/* "2 nm off the coast": at sea miles are meant. */
static bool is_at_sea(const nr_run *r, uint32_t to)
{
    return nr_in_list(nr_next_word(r, to), "off offshore out from north south east west northeast northwest southeast southwest N S E W NE NW SE SW NNE NNW SSE SSW ENE ESE WNW WSW limit seaward range away");
}

/* A unit's row at `at`, behind a figure; its extent. */
const nr_row *nr_unit_at(const nr_run *r, uint32_t at, nr_span *s)
{
    uint32_t from = nr_skip_blank(r, at), to = from;
    if (from == at && nr_at(r, at) == '-' && nr_letter_at(r, at + 1)) /* "a 10-km run" */
        from = to = at + 1;
    /* Letters, degree and prime signs, %, /, superscripts: the longest that is in the table. */
    while (to - from < UNIT_MOST && (unsigned char)nr_at(r, to) > ' ' && nr_at(r, to) != ',' && nr_at(r, to) != ';')
        to++;
    for (; to > from; to--) {
        if (!(nr_ends_word(r, to) || nr_by_end(r, to)) || nr_stands(r, to, "\xC2\xAD") || ((unsigned char)nr_at(r, to) & 0xC0) == 0x80)
            continue;
        const nr_row *row = find_unit(r, from, to);
        if (!row || !fits(r, row, at, from, to))
            continue;
        *s = (nr_span){from, to};
        if (nr_view_is(row->key, "nm") && is_at_sea(r, to))
            return nr_table_find(r->norm->units, NR_LIT("NM"));
        uint32_t pair = nr_skip_blank(r, to), pair_end = nr_letters_end(r, pair); /* "lb ft" */
        const nr_row *both = pair == to + 1 && pair_end - from < UNIT_MOST && pair_end - pair <= 3 ? nr_table_find(r->norm->units, nr_text(r, from, pair_end)) : NULL;
        if (both) {
            s->end = pair_end;
            return both;
        }
        uint32_t letter = nr_skip_blank(r, to); /* "25° C" */
        bool degrees = nr_view_is(row->column[1], "degrees") && letter > to && (nr_at(r, letter) == 'C' || nr_at(r, letter) == 'F') && nr_ends_word(r, letter + 1);
        if (degrees) {
            s->end = letter + 1;
            row = nr_table_find(r->norm->units, nr_text(r, letter, letter + 1));
        }
        return row;
    }
    /* "sq km" and the like have a blank inside */
    uint32_t word = nr_letters_end(r, from), second = nr_skip_blank(r, word + (nr_at(r, word) == '.'));
    *s = (nr_span){from, nr_letters_end(r, second)};
    return word > from && second > word ? nr_table_find(r->norm->units, nr_part(r, *s)) : NULL;
}

/* American spelling, which voices say another way: "kilometers", "liters". */
void nr_say_unit(nr_run *r, nr_view name, nr_span s)
{
    char us[64];
    if (!r->norm->style.us || name.n > sizeof us) {
        nr_say_fixed(r, name, s.start, s.end);
        return;
    }
    memcpy(us, name.p, name.n);
    for (size_t i = 0; i + 4 <= name.n; i++)
        if (memcmp(us + i, "etre", 4) == 0 || memcmp(us + i, "itre", 4) == 0)
            memcpy(us + i + 2, "er", 2);
    nr_say(r, (nr_view){us, name.n}, s.start, s.end);
}
