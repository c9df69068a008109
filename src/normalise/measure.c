/* Figures with a unit, a percent sign or a magnitude behind them. */
#include "normalise/engine.h"
#include "normalise/figure.h"
#include "normalise/unit.h"

/* ---------------------------------------------------------------- magnitudes */

/* "Subscribers rose to 12m": what can be counted in millions stands before in the sentence, and "to" or "of" or "over"
 * right before the figure; no length follows. */
static bool follows_crowd(const nr_run *r, uint32_t figure, nr_view before, uint32_t end)
{
    enum { WORDS = 12 };
    if (!nr_in_list(before, "to from by of at over nearly almost about around than reached topped hit past exceeded totalled totaled and under above below some estimated roughly approximately passed only just") ||
        nr_kinds_after(r, end) & NR_KIND_LENGTH || nr_in_list(nr_next_word(r, end), "from of x by") || nr_dash_at(r, end))
        return false;
    uint32_t at = figure;
    for (int i = 0; i < WORDS; i++) {
        nr_view word = nr_previous_word(r, at);
        if (!word.n && at > r->start + 1 && r->text[at - 1] == '.' && nr_ascii_digit(r->text[at - 2])) /* across the point of "8.5m" */
            word = nr_previous_word(r, --at);
        if (!word.n)
            return false;
        if (nr_kinds(r, word) & NR_KIND_CROWD)
            return true;
        at = (uint32_t)(word.p - r->text);
    }
    return false;
}

/* "a population of 6.8m", "6.8m - Number of voters": a count by what stands around it. */
static bool is_crowd(const nr_run *r, nr_span s)
{
    uint32_t from = s.start, dash = nr_skip_blank(r, s.end);
    while (from > r->start && (nr_ascii_digit(r->text[from - 1]) || r->text[from - 1] == '.' || r->text[from - 1] == ','))
        from--;
    nr_view of = nr_previous_word(r, from);
    if (nr_in_list(of, "of"))
        return nr_in_list(nr_previous_word(r, (uint32_t)(of.p - r->text)), "population audience circulation turnover readership membership workforce electorate following revenue revenues profit profits sales total");
    if (follows_crowd(r, from, of, s.end))
        return true;
    uint32_t n = nr_dash_at(r, dash);
    nr_view unit = nr_next_word(r, s.end); /* "1.2m bpd" */
    nr_view area = nr_next_word(r, unit.n ? (uint32_t)(unit.p - r->text) + (uint32_t)unit.n : s.end);
    if (nr_view_is(unit, "km") || (nr_view_is(unit, "sq") && nr_in_list(area, "km ft m mi miles metres meters feet yards"))) /* "1.5m km", "3m sq km" */
        return true;
    if ((dash == s.end && nr_stands(r, s.end, "-strong")) || (unit.n >= 3 && !(nr_kinds(r, unit) & NR_KIND_FUNCTION) && nr_table_find(r->norm->units, unit)))
        return true;
    return dash > s.end && n && nr_in_list(nr_next_word(r, dash + n), "number people");
}

/* "5m": metres or millions? Millions of something that can be counted, or of money. */
static bool letter_is_magnitude(const nr_run *r, char letter, nr_span s, bool money)
{
    nr_view next = nr_next_word(r, s.end);
    uint32_t kinds = nr_kinds(r, next);
    if (money)
        return true;
    if (nr_letters_end(r, s.start) > s.start + 1 || letter == 'L') /* "$3 mil", "₹2L" */
        return false;
    if (nr_at(r, s.end) == '+' && letter != 'm' && letter != 't' && letter != 'T') /* "1M+ downloads" */
        return true;
    bool noun = nr_starts_lower(next) && !(kinds & (NR_KIND_FUNCTION | NR_KIND_LENGTH));
    if (letter == 'k' || letter == 'K') /* but 4K and 8K are pictures */
        return !(kinds & NR_KIND_THOUSAND) && (letter == 'k' || (noun && !strchr("48", r->text[s.start - 1])));
    if (letter == 'M' && s.start > r->start && nr_ascii_digit(r->text[s.start - 1]) && is_crowd(r, s))
        return true;
    if (letter == 'm' || letter == 't' || letter == 'b')
        return (nr_counts(r, s.end) && !(kinds & NR_KIND_LENGTH)) || (letter != 't' && is_crowd(r, s));
    return noun && letter != 'T';
}

const char *nr_magnitude_at(const nr_run *r, uint32_t at, bool money, nr_span *s)
{
    static const struct {
        const char *written, *said;
        bool letter;
    } all[] = {{"hundred", "hundred", false}, {"thousand", "thousand", false}, {"million", "million", false},
               {"billion", "billion", false}, {"trillion", "trillion", false}, {"crore", "crore", false},
               {"lakh", "lakh", false}, {"cr", "crore", true}, {"L", "lakh", true}, {"bn", "billion", false}, {"Bn", "billion", false}, {"BN", "billion", false}, {"tn", "trillion", false}, {"trn", "trillion", false},
               {"mn", "million", false}, {"Mn", "million", false}, {"MM", "million", true}, {"mm", "million", true}, {"mil", "million", true}, {"bil", "billion", true}, {"mln", "million", false}, {"bln", "billion", false}, {"k", "thousand", true},
               {"K", "thousand", true}, {"m", "million", true}, {"M", "million", true}, {"b", "billion", true},
               {"B", "billion", true}, {"t", "trillion", true}, {"T", "trillion", true}};
    uint32_t from = nr_skip_blank(r, at);
    bool hyphen = nr_at(r, at) == '-'; /* "$25-million" */
    from += hyphen;
    *s = (nr_span){from, nr_letters_end(r, from)};
    nr_view word = nr_part(r, *s);
    if (hyphen && ((word.n < 5 && !(money && nr_view_is(word, "cr"))) || nr_view_is(word, "hundred")))
        return NULL;
    uint32_t crore = nr_skip_blank(r, s->end);
    uint32_t crores = nr_stands(r, crore, "crore") ? crore + 5 : nr_stands(r, crore, "cr") ? crore + 2 : crore;
    if ((nr_view_is(word, "lakh") || (money && nr_view_is(word, "L"))) && crores > crore && nr_ends_word(r, crores)) { /* a million million */
        s->end = crores;
        return "lakh crore";
    }
    for (size_t i = 0; i < sizeof all / sizeof *all && word.n; i++) {
        if (!nr_view_is(word, all[i].written) || !nr_ends_word(r, s->end))
            continue;
        bool large = all[i].letter && at >= 4 && nr_digit_at(r, at - 1) && nr_digit_at(r, at - 2) && nr_digit_at(r, at - 3) && nr_digit_at(r, at - 4);
        if (large) /* nobody writes 5500m for millions */
            return NULL;
        bool apart = from > at && !money && !(word.p[0] == 'm' && nr_counts(r, s->end)); /* "3 m people" */
        if (all[i].letter && (apart || !letter_is_magnitude(r, word.p[0], *s, money)))
            return NULL;
        return all[i].said;
    }
    return NULL;
}

/* ---------------------------------------------------------------- measures of several parts */

/* "6ft 5in", "5ft 10", "11st 4lb": the second part. Its end, or `at`. */
static uint32_t say_second_part(nr_run *r, const nr_row *first, uint32_t at)
{
    static const char *const pairs[][2] = {{"foot", "inch"}, {"stone", "pound"}, {"pound", "ounce"}, {"hour", "minute"}, {"minute", "second"}, {"degree", "minute"}};
    enum { PAIRS = sizeof pairs / sizeof *pairs };
    bool stopped = nr_at(r, at) == '.' && nr_at(r, at + 1) == ' '; /* "1 lb. 4 oz." */
    uint32_t from = nr_skip_blank(r, at + stopped), end = nr_digits_end(r, from);
    nr_span s;
    if (end == from || end - from > 2)
        return at;
    const nr_row *unit = nr_unit_at(r, end, &s);
    uint32_t letter = nr_skip_blank(r, end);
    if (nr_view_is(first->column[0], "hour") && nr_at(r, letter) == 'm' && nr_ends_word(r, letter + 1)) { /* "1h 45m" */
        s = (nr_span){letter, letter + 1};
        unit = nr_table_find(r->norm->units, NR_LIT("min"));
    }
    if (!unit && nr_at(r, letter) == 's' && nr_ends_word(r, letter + 1)) { /* "3 min 40 s" */
        s = (nr_span){letter, letter + 1};
        unit = nr_table_find(r->norm->units, NR_LIT("s"));
    }
    if (!unit && nr_view_is(first->column[0], "foot") && nr_stands(r, letter, "in") && nr_ends_word(r, letter + 2)) { /* "5 ft 4 in" */
        s = (nr_span){letter, letter + 2};
        unit = nr_table_find(r->norm->units, NR_LIT("in"));
    }
    for (size_t i = 0; unit && i < PAIRS; i++) {
        if (!nr_view_is(first->column[0], pairs[i][0]) || !nr_view_is(unit->column[0], pairs[i][1]))
            continue;
        nr_say_figure(r, nr_text(r, from, end), from, end);
        nr_say_fixed(r, unit->column[nr_is_one(nr_text(r, from, end)) ? 0 : 1], s.start, s.end);
        return s.end;
    }
    return at;
}

/* "2h 3m 59s": up to two smaller parts. */
static uint32_t say_smaller_parts(nr_run *r, const nr_row *first, uint32_t at)
{
    uint32_t end = say_second_part(r, first, at);
    const nr_row *minute = end > at && nr_view_is(first->column[0], "hour") ? nr_table_find(r->norm->units, NR_LIT("min")) : NULL;
    return minute ? say_second_part(r, minute, end) : end;
}

/* "20cm x 30cm": what multiplies two measures is "by". */
void nr_say_by_behind(nr_run *r, uint32_t *at)
{
    uint32_t from = nr_skip_blank(r, *at), end = nr_by_end(r, *at);
    if (!end)
        return;
    nr_say_s(r, "by", from, end);
    nr_make(r, &from, end, NR_CLASS_MEASURE, "by between measures");
    *at = from;
}

/* "mg/l", "12/kg": another unit behind a stroke. Its end, or `at`. */
uint32_t nr_say_per_unit(nr_run *r, uint32_t at, bool units_only)
{
    nr_span s;
    uint32_t amount = nr_stands(r, at, "/10") ? nr_digits_end(r, at + 1) : at + 1; /* "7 L/100 km", "5 g/100 ml" */
    const nr_row *unit = nr_at(r, at) == '/' && (nr_letter_at(r, nr_skip_blank(r, amount)) || nr_stands(r, amount, "\xC2\xB5")) ? nr_unit_at(r, amount, &s) : NULL;
    unit = unit && nr_in_list(unit->key, "c p f") ? NULL : unit; /* "GeV/c²" */
    nr_span word = {at + 1, nr_letters_end(r, at + 1)}; /* "5mg/day", "300p/therm" */
    bool named = !unit && !units_only && nr_at(r, at) == '/' && nr_length(word) >= 3 && nr_starts_lower(nr_part(r, word)) && nr_ends_word(r, word.end);
    if (!unit && !named)
        return at;
    nr_say_s(r, "per", at, at + 1);
    if (amount == at + 4)
        nr_say_s(r, "hundred", at + 1, amount);
    else if (amount > at + 1)
        nr_say_figure(r, nr_text(r, at + 1, amount), at + 1, amount);
    if (unit)
        nr_say_unit(r, unit->column[amount > at + 1], s);
    else
        nr_say(r, nr_part(r, word), word.start, word.end);
    return unit ? s.end : word.end;
}

/* "3 × 10⁸ m/s", "10^9/L": what a power is of. Its end, or `at`. */
uint32_t nr_say_unit_behind_power(nr_run *r, uint32_t at)
{
    nr_span s;
    const nr_row *unit = nr_skip_blank(r, at) > at ? nr_unit_at(r, at, &s) : NULL;
    if (!unit)
        return nr_say_per_unit(r, at, true);
    nr_say_unit(r, unit->column[1], s);
    return nr_say_per_unit(r, s.end, true);
}

/* ---------------------------------------------------------------- special forms */

/* 6'2" */
static bool feet_inches(nr_run *r, uint32_t *at, const nr_match *m)
{
    if (nr_number(r, m->part[1]) > 11 && nr_number(r, m->part[1]) < 60 && m->end > m->part[1].end) { /* 5'30" */
        bool one = nr_is_one(nr_part(r, m->part[0]));
        nr_say_figure_part(r, m->part[0]);
        nr_say_s(r, one ? "minute" : "minutes", m->part[0].end, m->part[1].start);
        nr_say_figure_part(r, m->part[1]);
        nr_say_s(r, "seconds", m->part[1].end, m->end);
        return nr_make(r, at, m->end, NR_CLASS_MEASURE, "minutes and seconds");
    }
    if (nr_number(r, m->part[1]) > 11 || !nr_ends_word(r, m->end))
        return false;
    nr_say_figure_part(r, m->part[0]);
    nr_say_s(r, "foot", m->part[0].end, m->part[1].start);
    nr_say_figure_part(r, m->part[1]);
    nr_make(r, at, m->end, NR_CLASS_MEASURE, "feet and inches");
    nr_say_by_behind(r, at);
    return true;
}

/* The full stop of "5 in. of snow", "a 220-lb. man" ends the unit alone. */
static uint32_t without_stop(const nr_run *r, uint32_t end, const nr_row *unit)
{
    nr_view next = nr_next_word(r, end + 1); /* "3 mi. W of" */
    bool stopped = nr_at(r, end) == '.' && nr_ascii_alpha(r->text[end - 1]) && unit->key.n <= 5 && nr_at(r, end + 1) == ' ';
    char mark = nr_at(r, end + 1); /* "3 oz.; and" */
    if (nr_at(r, end) == '.' && mark && strchr(",;:)", mark) && nr_ascii_alpha(r->text[end - 1]))
        return end + 1;
    uint32_t key = end - (uint32_t)unit->key.n;
    bool adjective = key > r->start && key < end && r->text[key - 1] == '-'; /* "a 500-lb. Mk 82" */
    return stopped && (adjective || nr_starts_lower(next) || nr_in_list(next, "N S E W NE NW SE SW")) ? end + 1 : end;
}

/* What stands between a part and its unit: "of a", "of an"; only "a" behind a half. */
static void say_of(nr_run *r, nr_view unit, nr_span s)
{
    bool half = nr_view_is(r->words[r->word_count - 1].say, "half"), hour = nr_view_is(unit, "hour");
    if (half && r->word_count > 1 && nr_view_is(r->words[r->word_count - 2].say, "one"))
        r->words[r->word_count - 2] = r->words[r->word_count - 1], r->word_count--;
    if (!half)
        nr_say_s(r, "of", s.start, s.end);
    nr_say_s(r, hour || (unit.n && strchr("aeiou", unit.p[0])) ? "an" : "a", s.start, s.end);
}

/* "6ft2": feet and inches of a person. */
static bool tall(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span inches = {m->end + 2, nr_digits_end(r, m->end + 2)};
    if (m->shape != NR_SHAPE_FIGURE || m->end != *at + 1 || nr_at(r, *at) < '4' || !nr_stands(r, m->end, "ft") || !nr_length(inches) || nr_length(inches) > 2 ||
        nr_number(r, inches) > 11 || !nr_ends_word(r, inches.end))
        return false;
    nr_say_figure_part(r, m->part[0]);
    nr_say_s(r, "foot", m->end, inches.start);
    nr_say_figure_part(r, inches);
    return nr_make(r, at, inches.end, NR_CLASS_MEASURE, "feet and inches");
}

/* "24k gold", "14kt white gold" */
static bool carats(nr_run *r, uint32_t *at, const nr_match *m)
{
    uint32_t from = m->end + (nr_at(r, m->end) == '-'), to = nr_letters_end(r, from);
    if (m->shape != NR_SHAPE_FIGURE || nr_number(r, m->part[0]) > 24 || !nr_in_list(nr_text(r, from, to), "k kt ct") || !nr_ends_word(r, to) ||
        !nr_in_list(nr_next_word(r, to), "gold white yellow rose gold-plated"))
        return false;
    nr_say_figure_part(r, m->part[0]);
    nr_say_s(r, "carat", from, to);
    return nr_make(r, at, to, NR_CLASS_MEASURE, "carats");
}

/* "a 13A plug": amps before what carries them; elsewhere 13A is a house or a row. */
static bool amps(nr_run *r, uint32_t *at, const nr_match *m)
{
    uint32_t from = nr_skip_blank(r, m->end);
    if (m->shape != NR_SHAPE_FIGURE || nr_at(r, from) != 'A' || !nr_ends_word(r, from + 1) ||
        !nr_in_list(nr_next_word(r, from + 1), "fuse fuses plug plugs socket sockets breaker breakers circuit circuits charger current supply outlet outlets load relay"))
        return false;
    nr_say_figure_part(r, m->part[0]);
    nr_say_s(r, "amp", from, from + 1);
    return nr_make(r, at, from + 1, NR_CLASS_MEASURE, "amps");
}

/* "1½ c. sugar", and in America "2 c flour", "1 t. salt": what cooks measure in. */
static bool cups(nr_run *r, uint32_t *at, const nr_match *m)
{
    static const char *const names[][3] = {{"c", "cup", "cups"}, {"t", "teaspoon", "teaspoons"}, {"T", "tablespoon", "tablespoons"}, {"pt", "pint", "pints"}};
    uint32_t c = nr_skip_blank(r, m->end), end = nr_letters_end(r, c), stop = nr_at(r, end) == '.', to = end + stop;
    bool part = m->shape == NR_SHAPE_VULGAR || m->shape == NR_SHAPE_MIXED || nr_is_fraction(r, m);
    nr_view next = nr_next_word(r, to);
    size_t i = 0;
    while (i < 4 && !nr_view_is(nr_text(r, c, end), names[i][0]))
        i++;
    if (c == m->end || i == 4 || !nr_ends_word(r, end) || nr_apostrophe_at(r, end) || (i && !(stop && r->norm->style.us)))
        return false;
    bool food = nr_starts_lower(next) && !(nr_kinds(r, next) & NR_KIND_FUNCTION);
    if ((i || !part) && (!r->norm->style.us || !food || (!part && (m->shape != NR_SHAPE_FIGURE || m->end > *at + 1))))
        return false;
    bool one = nr_is_one(nr_part(r, m->part[0])) && !part;
    nr_say_quantity(r, m);
    if (nr_is_fraction(r, m))
        say_of(r, nr_view_of(names[i][1]), (nr_span){c, end});
    nr_say_s(r, names[i][nr_is_fraction(r, m) || one ? 1 : 2], c, end);
    return nr_make(r, at, next.n && !nr_starts_upper(next) ? to : end, NR_CLASS_MEASURE, "cups");
}

/* "per lb", "per sq ft": a unit that no figure stands before. */
bool nr_rule_unit_behind_per(nr_run *r, uint32_t *at)
{
    const nr_token *last = r->count ? &r->tokens[r->count - 1] : NULL;
    nr_span s;
    if (!last || !nr_view_is(nr_part(r, last->span), "per") || last->span.end + 1 != *at)
        return false;
    const nr_row *unit = nr_unit_at(r, *at, &s);
    if (!unit || unit->key.n < 2 || nr_in_list(unit->key, "in percent cal") || s.start != *at)
        return false;
    nr_say_unit(r, unit->column[0], s);
    return nr_make(r, at, without_stop(r, s.end, unit), NR_CLASS_MEASURE, "unit behind per");
}

/* "N", "south" behind coordinates. */
static const char *quarter_of_heaven(char c)
{
    return c == 'N' ? "north" : c == 'S' ? "south" : c == 'E' ? "east" : c == 'W' ? "west" : NULL;
}

/* 51°30′N, 0° 7′ 5″ W */
static bool coordinates(nr_run *r, uint32_t *at)
{
    static const char *const marks[][3] = {{"\xC2\xB0", "\xC2\xBA", "\xC2\xB0"}, {"'", "\xE2\x80\xB2", "\xE2\x80\x99"}, {"\"", "\xE2\x80\xB3", "\xE2\x80\x9D"}};
    static const char *const names[][2] = {{"degree", "degrees"}, {"minute", "minutes"}, {"second", "seconds"}};
    uint32_t p = *at;
    for (int part = 0; part < 3; part++) {
        uint32_t from = part ? nr_skip_blank(r, p) : p, end = nr_figure_end(r, from), mark = 0;
        for (int i = 0; i < 3 && end > from; i++)
            if (nr_stands(r, end, marks[part][i]))
                mark = (uint32_t)strlen(marks[part][i]);
        if (!mark)
            break;
        nr_view figure = nr_text(r, from, end);
        nr_say_figure(r, figure, from, end);
        nr_say_s(r, names[part][nr_is_one(figure) ? 0 : 1], end, end + mark);
        p = end + mark;
    }
    uint32_t letter = nr_skip_blank(r, p);
    const char *where = p > *at ? quarter_of_heaven(nr_at(r, letter)) : NULL;
    if (!where || !nr_ends_word(r, letter + 1)) {
        nr_unsay(r);
        return false;
    }
    nr_say_s(r, where, letter, letter + 1);
    return nr_make(r, at, letter + 1, NR_CLASS_MEASURE, "coordinates");
}

/* "10x faster", "3x" */
static bool times_as_much(nr_run *r, uint32_t *at, const nr_match *m)
{
    uint64_t v = nr_number(r, m->part[0]);
    if (m->shape != NR_SHAPE_FIGURE || (v > 100 && v % 10 && !memchr(r->text + *at, '.', nr_length(m->part[0]))) || nr_at(r, m->end) != 'x' || !nr_ends_word(r, m->end + 1))
        return false;
    char sign = nr_at(r, nr_skip_blank(r, m->end + 1));
    if (sign && strchr("+=*/^", sign)) /* "2x + 3" */
        return false;
    nr_say_figure_part(r, m->part[0]);
    nr_say_s(r, "times", m->end, m->end + 1);
    return nr_make(r, at, m->end + 1, NR_CLASS_MEASURE, "times");
}

uint32_t nr_say_unit_of_part(nr_run *r, uint32_t at)
{
    nr_span s;
    const nr_row *unit = nr_unit_at(r, at, &s);
    if (!unit || nr_at(r, at) == '-' || nr_view_starts(unit->column[0], NR_LIT("percent")))
        return at;
    say_of(r, unit->column[0], s);
    nr_say_unit(r, unit->column[0], s);
    return without_stop(r, s.end, unit);
}

/* Units of machines, GB and W, but no degrees. */
static bool has_capital(nr_view unit)
{
    for (size_t i = 0; i < unit.n; i++)
        if (nr_ascii_upper(unit.p[i]))
            return unit.n > 1 || !strchr("CF", unit.p[i]);
    return false;
}

/* "1080p" is no money */
static bool is_resolution(const nr_run *r, const nr_match *m, nr_span unit)
{
    uint64_t v = nr_number(r, m->part[0]);
    return nr_view_is(nr_part(r, unit), "p") && (v == 480 || v == 720 || v == 1080 || v == 1440 || v == 2160);
}

/* "2 x 400g tins": so many of that weight, as recipes have them. */
static bool packs(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span u;
    const nr_row *unit = m->shape == NR_SHAPE_BY ? nr_unit_at(r, m->end, &u) : NULL;
    nr_view noun = unit ? nr_next_word(r, u.end) : NR_LIT("");
    if (!unit || !nr_in_list(unit->column[0], "gram kilogram millilitre litre ounce") || nr_length(m->part[0]) > 2 || !nr_starts_lower(noun) || nr_kinds(r, noun) & NR_KIND_FUNCTION || nr_skip_blank(r, u.end) == u.end)
        return false;
    nr_say_figure_part(r, m->part[0]);
    nr_say_figure_part(r, m->part[1]);
    nr_say_unit(r, unit->column[0], u);
    return nr_make(r, at, u.end, NR_CLASS_MEASURE, "so many of a weight");
}

/* "3.5%", "10km", "35°C", "6ft 5in", "5-10%", "50p", "5m people", "2½ miles" */
bool nr_rule_measure(nr_run *r, uint32_t *at, const nr_match *m)
{
    if (m->shape == NR_SHAPE_FEET)
        return feet_inches(r, at, m);
    bool multiplied = *at > r->start + 1 && r->text[*at - 1] == 'x' && !nr_ascii_alpha(r->text[*at - 2]); /* 12"x18" */
    if (*at > r->start && nr_ascii_alpha(r->text[*at - 1]) && !multiplied) /* "HbA1c" */
        return false;
    if (m->shape == NR_SHAPE_DASH2 && nr_length(m->part[0]) == 3 && r->text[*at] == '7' && r->text[*at + 2] == '7' && nr_length(m->part[1]) == 1) /* 747-8F */
        return false;
    if (coordinates(r, at) || times_as_much(r, at, m) || tall(r, at, m) || carats(r, at, m) || amps(r, at, m) || cups(r, at, m) || packs(r, at, m))
        return true;
    nr_span times, u;
    const char *magnitude = nr_magnitude_at(r, m->end, false, &times);
    uint32_t behind = magnitude ? times.end : m->end;
    const nr_row *unit = nr_unit_at(r, behind, &u);
    if (unit && is_resolution(r, m, u))
        unit = NULL;
    if (!unit && !magnitude && nr_at(r, m->end) == '/') { /* 12/kg */
        nr_say_quantity(r, m);
        behind = nr_say_per_unit(r, m->end, true);
        if (behind > m->end)
            return nr_make(r, at, behind, NR_CLASS_MEASURE, "figure per unit");
        nr_unsay(r);
    }
    if (!unit && (!magnitude || (times.start > m->end && nr_length(times) > 3)))
        return false;
    bool one = m->shape == NR_SHAPE_FIGURE && nr_is_one(nr_part(r, m->part[0])) && !magnitude;
    one = one || nr_is_fraction(r, m) || (unit && nr_in_list(nr_next_word(r, u.end), "old olds"));
    nr_say_quantity(r, m);
    if (magnitude)
        nr_say_s(r, magnitude, times.start, times.end);
    if (!unit)
        return nr_make(r, at, times.end, NR_CLASS_CARDINAL, "figure and magnitude");
    bool percent = nr_view_starts(unit->column[0], NR_LIT("percent"));
    nr_view noun = nr_next_word(r, u.end);
    bool hyphen = u.start > behind && r->text[u.start - 1] == '-'; /* "10-yr bonds", "10yr yield" */
    hyphen = hyphen || (nr_view_is(unit->column[0], "year") && u.start == behind && noun.n > 2 && nr_starts_lower(noun) && !(nr_kinds(r, noun) & NR_KIND_FUNCTION) && !nr_in_list(noun, "old ago later"));
    bool brand = u.start == behind && (nr_starts_upper(noun) || (noun.n > 1 && nr_ascii_digit(noun.p[0]) && nr_view_is(unit->key, "\""))) && (has_capital(unit->key) || nr_view_is(unit->key, "\"")) && nr_skip_blank(r, u.end) > u.end && !nr_kinds(r, noun); /* "a 72W USB-C plug" */
    hyphen = hyphen || brand;
    bool gauge = nr_is_fraction(r, m) && nr_kinds(r, noun) & NR_KIND_GAUGED; /* a 1/2" drill bit */
    if (gauge && nr_number(r, m->part[0]) == 1 && r->word_count > 1)
        r->word_count--, memmove(r->words, r->words + 1, r->word_count * sizeof *r->words);
    if (nr_is_fraction(r, m) && !magnitude && !percent && !hyphen && !gauge) /* "3/4 in": three quarters of an inch */
        say_of(r, unit->column[0], u);
    const nr_token *first = r->count > 1 ? &r->tokens[r->count - 2] : NULL; /* "a 3' x 5' rug": of the second figure, what is before the x */
    bool dimension = nr_by_end(r, u.end) && nr_kinds_before(r, *at) & NR_KIND_ARTICLE;
    dimension = dimension || (first && first[1].span.end <= *at && first->class == NR_CLASS_MEASURE && first->word_count && nr_view_is(first[1].word_count ? first[1].words->say : NR_LIT(""), "by") &&
                              nr_view_eq(first->words[first->word_count - 1].say, unit->column[0]) && !nr_view_eq(unit->column[0], unit->column[1]) && !nr_is_one(nr_part(r, m->part[0])));
    nr_say_unit(r, unit->column[one || hyphen || dimension || nr_is_adjective(r, *at, without_stop(r, u.end, unit)) ? 0 : 1], u);
    bool degrees = nr_view_starts(unit->column[0], NR_LIT("degree")); /* "180C/gas 4" */
    uint32_t end = nr_say_per_unit(r, say_smaller_parts(r, unit, u.end), degrees);
    end = without_stop(r, nr_say_per_unit(r, end, degrees), unit); /* "mg/kg/day" */
    nr_make(r, at, end, percent ? NR_CLASS_PERCENT : NR_CLASS_MEASURE, "figure and unit");
    nr_say_by_behind(r, at);
    return true;
}
