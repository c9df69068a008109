/* Fractions: "2/3", "1 1/2", "5/8ths", ½. */
#include "base/utf8.h"
#include "normalise/figure.h"

void nr_say_fraction(nr_run *r, uint64_t above, uint64_t below, nr_span s)
{
    if (below == 2 || below == 4) {
        nr_say_number(r, NR_FORM_CARDINAL, above, s.start, s.end);
        nr_say_s(r, below == 2 ? (above == 1 ? "half" : "halves") : above == 1 ? "quarter" : "quarters", s.start, s.end);
    } else if (below > 100) {
        nr_say_number(r, NR_FORM_CARDINAL, above, s.start, s.end);
        nr_say_s(r, "over", s.start, s.end);
        nr_say_number(r, NR_FORM_CARDINAL, below, s.start, s.end);
    } else {
        nr_say_number(r, NR_FORM_CARDINAL, above, s.start, s.end);
        nr_say_number(r, NR_FORM_ORDINAL, below, s.start, s.end);
        if (above != 1)
            nr_inflect(r, "s", s.end);
    }
}

void nr_say_mixed(nr_run *r, uint64_t above, uint64_t below, nr_span s)
{
    if (above == 1 && (below == 2 || below == 4))
        nr_say_s(r, below == 2 ? "a half" : "a quarter", s.start, s.end);
    else
        nr_say_fraction(r, above, below, s);
}

const char *nr_vulgar(const nr_run *r, nr_span sign, bool behind)
{
    static const struct {
        uint32_t code;
        const char *alone, *behind;
    } all[] = {{0xBC, "a quarter", NULL},       {0xBD, "half", "a half"},       {0xBE, "three quarters", NULL},
               {0x2150, "a seventh", NULL},     {0x2151, "a ninth", NULL},      {0x2152, "a tenth", NULL},
               {0x2153, "a third", NULL},       {0x2154, "two thirds", NULL},   {0x2155, "a fifth", NULL},
               {0x2156, "two fifths", NULL},    {0x2157, "three fifths", NULL}, {0x2158, "four fifths", NULL},
               {0x2159, "a sixth", NULL},       {0x215A, "five sixths", NULL},  {0x215B, "an eighth", NULL},
               {0x215C, "three eighths", NULL}, {0x215D, "five eighths", NULL}, {0x215E, "seven eighths", NULL}};
    int length;
    uint32_t code = nr_utf8_decode(r->text + sign.start, r->text + r->end, &length);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].code == code)
            return behind && all[i].behind ? all[i].behind : all[i].alone;
    return NULL;
}

/* "24/7", "50/50", "2019/20" are no fractions. */
static bool is_fraction(uint64_t above, uint64_t below) { return above > 0 && above < below && below <= 100; }

/* "Allen 28/40 for 300 yards": what a player made of his throws; inches have 32nds and 64ths. */
static bool is_share(const nr_run *r, uint32_t at, uint64_t above, uint64_t below)
{
    nr_view player = nr_previous_word(r, at);
    return above >= 10 && below > 20 && below % 32 && below != 100 && ((nr_starts_upper(player) && player.n > 2 && !(nr_kinds(r, player) & (NR_KIND_FUNCTION | NR_KIND_ARTICLE))) || nr_in_list(player, "went was shot completed completing throwing made"));
}

/* "1/250s", "1/60 sec": how long a shutter is open. */
static bool exposure(nr_run *r, uint32_t *at, const nr_match *m)
{
    uint32_t from = nr_skip_blank(r, m->end), to = nr_letters_end(r, from);
    bool joined = nr_view_is(nr_text(r, from, to), "s");
    if (m->shape != NR_SHAPE_SLASH2 || m->end > m->part[1].end || !nr_ends_word(r, to) || !(joined || nr_in_list(nr_text(r, from, to), "sec second")))
        return false;
    nr_say_s(r, "one", *at, m->part[0].end);
    nr_say_part(r, NR_FORM_ORDINAL, m->part[1]);
    nr_say_s(r, "of a second", from, to);
    return nr_make(r, at, to, NR_CLASS_FRACTION, "exposure");
}

/* A unit behind: "1/4 mile" is a measure's business, but the fraction is said here. */
bool nr_rule_fraction(nr_run *r, uint32_t *at, const nr_match *m)
{
    bool mixed = m->shape == NR_SHAPE_MIXED;
    nr_span top = m->part[mixed ? 1 : 0], bottom = m->part[mixed ? 2 : 1];
    uint64_t above = nr_number(r, top), below = nr_number(r, bottom);
    bool suffix = m->end > bottom.end;
    if (!mixed && above == 1 && exposure(r, at, m))
        return true;
    bool round = below == 1000 || below == 10000 || below == 100000 || (above == 1 && below % 50 == 0 && below > 100);
    if (!mixed && !suffix && round && above && above < below && below <= 100000 && nr_ends_word(r, m->end) && nr_at(r, top.start) != '0') { /* "1/200", "3/1000" */
        nr_say_number(r, NR_FORM_CARDINAL, above, top.start, top.end);
        nr_say_number(r, NR_FORM_ORDINAL, below, bottom.start, m->end);
        if (above > 1)
            nr_inflect(r, "s", m->end);
        return nr_make(r, at, m->end, NR_CLASS_FRACTION, "fraction");
    }
    if (suffix && above && below > 100 && below <= 10000 && nr_ends_word(r, m->end)) { /* "1/250th" */
        nr_say_number(r, NR_FORM_CARDINAL, above, top.start, top.end);
        nr_say_number(r, NR_FORM_ORDINAL, below, bottom.start, m->end);
        if (above > 1)
            nr_inflect(r, "s", m->end);
        return nr_make(r, at, m->end, NR_CLASS_FRACTION, "fraction");
    }
    if (!nr_ends_word(r, m->end) || (!is_fraction(above, below) && !((suffix || mixed) && below > 1 && below < 11)))
        return false;
    if (!mixed && nr_street_follows(r, m->end)) /* "15/17 Church Lane" */
        return false;
    if (nr_at(r, top.start) == '0' || nr_at(r, bottom.start) == '0' || (nr_at(r, m->end) == '/' && nr_digit_at(r, m->end + 1)))
        return false;
    if (mixed && nr_rule_measure(r, at, m))
        return true;
    if (!mixed && !suffix && is_share(r, *at, above, below)) {
        nr_say_number(r, NR_FORM_CARDINAL, above, top.start, top.end);
        nr_say_s(r, "out of", top.end, bottom.start);
        nr_say_number(r, NR_FORM_CARDINAL, below, bottom.start, bottom.end);
        return nr_make(r, at, m->end, NR_CLASS_RATIO, "share");
    }
    if (mixed) {
        nr_say_quantity(r, m);
    } else {
        if (nr_rule_measure(r, at, m))
            return true;
        bool article = nr_in_list(nr_previous_word(r, *at), "a an the"); /* "a 1/4-mile": a quarter mile */
        nr_say_fraction(r, above, below, (nr_span){top.start, bottom.end});
        if (article && above == 1 && r->word_count > 1)
            r->word_count--, memmove(r->words, r->words + 1, r->word_count * sizeof *r->words);
    }
    return nr_make(r, at, m->end, NR_CLASS_FRACTION, "fraction");
}
