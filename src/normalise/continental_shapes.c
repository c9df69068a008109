/* German and French figures that belong together: fractions, scores, versions, telephone numbers. */
#include "base/utf8.h"
#include "normalise/continental.h"

/* "192.168.0.1", "5.10.46": each part a number, a nought in front read out. */
static bool version(nr_run *r, uint32_t *at, const nr_match *m, const nr_continent *c)
{
    uint32_t p = *at;
    while (p < m->end) {
        nr_span part = {p, nr_digits_end(r, p)};
        if (nr_length(part) > 5)
            nr_say_digits(r, nr_part(r, part), false, part.start, part.end);
        else if (nr_length(part) > 1 && r->text[p] == '0')
            nr_say_digits(r, nr_part(r, part), false, part.start, part.end);
        else
            nr_say_part(r, NR_FORM_CARDINAL, part);
        if (part.end < m->end)
            nr_say_s(r, c->dot, part.end, part.end + 1);
        p = part.end + 1;
    }
    return nr_make(r, at, m->end, NR_CLASS_DIGITS, "version");
}

/* "030 1234567", "06 12 34 56 78", "+49 30 123456": in groups, as the language says them. */
static bool telephone(nr_run *r, uint32_t *at, const nr_match *m, const nr_continent *c)
{
    if (!strchr("0+(", r->text[*at]) || !nr_ends_word(r, m->end))
        return false;
    if (r->text[*at] == '+')
        nr_say_s(r, "plus", *at, *at + 1);
    for (uint32_t p = *at; p < m->end;) {
        uint32_t end = nr_digits_end(r, p);
        nr_span s = {p, end};
        if (end > p && c->telephone_by_pairs && nr_length(s) <= 3 && r->text[p] != '0')
            nr_say_part(r, NR_FORM_CARDINAL, s);
        else if (end > p && c->telephone_by_pairs && nr_length(s) == 2 && r->text[p + 1] != '0') {
            nr_say_number(r, NR_FORM_CARDINAL, 0, p, p + 1);
            nr_say_number(r, NR_FORM_CARDINAL, (uint64_t)(r->text[p + 1] - '0'), p + 1, p + 2);
        } else if (end > p)
            nr_say_digits(r, nr_part(r, s), false, s.start, s.end);
        p = end > p ? end : p + 1;
    }
    return nr_make(r, at, m->end, NR_CLASS_DIGITS, "telephone");
}

/* "2:1", "50:50" */
static bool score(nr_run *r, uint32_t *at, const nr_match *m, const nr_continent *c)
{
    if (!nr_ends_word(r, m->end) || nr_length(m->part[0]) > 3 || nr_length(m->part[1]) > 3 || (nr_at(r, m->end) == ',' && nr_digit_at(r, m->end + 1)))
        return false;
    nr_say_part(r, NR_FORM_CARDINAL, m->part[0]);
    nr_say_s(r, c->score, m->part[0].end, m->part[1].start);
    nr_say_part(r, NR_FORM_CARDINAL, m->part[1]);
    return nr_make(r, at, m->end, NR_CLASS_SCORE, "score");
}

/* The parts of "½" and its like, by the Unicode Standard; false for any other character. */
static bool vulgar(const nr_run *r, uint32_t at, uint64_t *above, uint64_t *below)
{
    static const struct {
        uint32_t code;
        unsigned char above, below;
    } all[] = {{0xBC, 1, 4},   {0xBD, 1, 2},   {0xBE, 3, 4},   {0x2150, 1, 7}, {0x2151, 1, 9}, {0x2152, 1, 10},
               {0x2153, 1, 3}, {0x2154, 2, 3}, {0x2155, 1, 5}, {0x2156, 2, 5}, {0x2157, 3, 5}, {0x2158, 4, 5},
               {0x2159, 1, 6}, {0x215A, 5, 6}, {0x215B, 1, 8}, {0x215C, 3, 8}, {0x215D, 5, 8}, {0x215E, 7, 8}};
    int length;
    uint32_t code = (unsigned char)nr_at(r, at) >= 0xC2 ? nr_utf8_decode(r->text + at, r->text + r->end, &length) : 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].code == code) {
            *above = all[i].above, *below = all[i].below;
            return true;
        }
    return false;
}

bool nr_continental_vulgar(nr_run *r, uint32_t *at, const nr_continent *c)
{
    uint64_t above, below;
    if (!vulgar(r, *at, &above, &below))
        return false;
    uint32_t end = *at + (nr_at(r, *at) == '\xC2' ? 2 : 3);
    c->fraction(r, 0, above, below, (nr_span){*at, end});
    return nr_make(r, at, end, NR_CLASS_FRACTION, "fraction");
}

/* "2/3", "1 1/2", "2½"; "24/7" is none. */
static bool fraction(nr_run *r, uint32_t *at, const nr_match *m, const nr_continent *c)
{
    uint64_t above = 0, below = 0, whole = 0;
    bool sign = m->shape == NR_SHAPE_VULGAR, mixed = m->shape == NR_SHAPE_MIXED;
    if (sign && !vulgar(r, m->part[1].start, &above, &below))
        return false;
    if (sign || mixed)
        whole = nr_number(r, m->part[0]);
    if (!sign) {
        above = nr_number(r, m->part[mixed ? 1 : 0]);
        below = nr_number(r, m->part[mixed ? 2 : 1]);
    }
    uint32_t end = sign ? m->part[1].end : m->part[mixed ? 2 : 1].end;
    if (!nr_ends_word(r, end) || (nr_at(r, end) == '/' && nr_digit_at(r, end + 1)))
        return false;
    bool dated = !mixed && !sign && nr_in_list(nr_previous_word(r, *at), "am vom le du au"); /* "am 9/11" */
    if (dated || !above || above >= below || below > 100 || r->text[m->part[mixed ? 1 : 0].start] == '0') {
        if (mixed || sign || nr_length(m->part[0]) > 4 || nr_length(m->part[1]) > 4)
            return false;
        nr_say_part(r, NR_FORM_CARDINAL, m->part[0]); /* "24/7", "2023/24" */
        nr_say_part(r, NR_FORM_CARDINAL, m->part[1]);
        return nr_make(r, at, end, NR_CLASS_RATIO, "stroke");
    }
    c->fraction(r, whole, above, below, (nr_span){*at, end});
    return nr_make(r, at, end, NR_CLASS_FRACTION, "fraction");
}

bool nr_continental_shape(nr_run *r, uint32_t *at, const nr_continent *c)
{
    nr_match m;
    if (!nr_scan_number(r->text, *at, r->end, &m))
        return false;
    switch (m.shape) {
    case NR_SHAPE_DOTS3: return nr_ends_word(r, m.end) && nr_length(m.part[1]) < 3 && version(r, at, &m, c);
    case NR_SHAPE_DOTS: return nr_ends_word(r, m.end) && version(r, at, &m, c);
    case NR_SHAPE_COLON2: return score(r, at, &m, c);
    case NR_SHAPE_DASH2: /* what rises is a range */
        return nr_length(m.part[0]) <= 2 && nr_length(m.part[1]) <= 2 && nr_number(r, m.part[0]) >= nr_number(r, m.part[1]) && score(r, at, &m, c);
    case NR_SHAPE_SLASH2:
    case NR_SHAPE_MIXED:
    case NR_SHAPE_VULGAR: return fraction(r, at, &m, c);
    case NR_SHAPE_PHONE: return telephone(r, at, &m, c);
    default: return false;
    }
}
