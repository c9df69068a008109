/* What formulas have: raised and lowered figures, powers, ions, and operators that are written with two characters. */
#include "base/utf8.h"
#include "normalise/figure.h"

static uint32_t superscript(uint32_t code)
{
    return code == 0xB9 ? 1 : code == 0xB2 ? 2 : code == 0xB3 ? 3 : code == 0x2070 || (code >= 0x2074 && code <= 0x2079) ? code - 0x2070 : 99;
}

bool nr_superscript_at(const nr_run *r, uint32_t at)
{
    int length;
    uint32_t code = (unsigned char)nr_at(r, at) >= 0xC2 ? nr_utf8_decode(r->text + at, r->text + r->end, &length) : 0;
    return code == 0x207B || superscript(code) <= 9;
}

/* A letter that stands alone, a Greek one too, or behind an equals sign: "x²", "σ²", "E = mc²". */
static bool is_variable(const nr_run *r, uint32_t at)
{
    uint32_t from = at;
    if (at > r->start + 1 && ((unsigned char)r->text[at - 2] == 0xCE || (unsigned char)r->text[at - 2] == 0xCF))
        return at == r->start + 2 || !nr_letter_at(r, at - 3);
    while (from > r->start && at - from < 4 && nr_ascii_alpha(r->text[from - 1]))
        from--;
    return from < at && nr_begins_word(r, from) && (at - from == 1 || (at - from < 4 && from > r->start && r->text[from - 1] == '=') ||
                                                     (from > r->start + 1 && r->text[from - 1] == ' ' && r->text[from - 2] == '='));
}

/* The raised figures at `at`: how many bytes, and their value. */
static uint32_t raised_figures(const nr_run *r, uint32_t at, uint64_t *value)
{
    enum { FIGURES = 3 };
    uint32_t p = at;
    *value = 0;
    for (int i = 0; i < FIGURES && nr_superscript_at(r, p) && !nr_stands(r, p, "\xE2\x81\xBB"); i++) {
        int length;
        *value = *value * 10 + superscript(nr_utf8_decode(r->text + p, r->text + r->end, &length));
        p += (uint32_t)length;
    }
    return p - at;
}

/* "10⁵", "10⁻³", "x⁴": to the power of raised figures; small ones without a minus are squares and cubes. */
static bool raised_power(nr_run *r, uint32_t *at)
{
    uint32_t start = *at - r->start >= 2 ? *at - 2 : *at;
    bool minus = nr_stands(r, *at, "\xE2\x81\xBB"), ten = start < *at && memcmp(r->text + start, "10", 2) == 0 && nr_begins_word(r, start);
    uint64_t value;
    uint32_t from = *at + (minus ? 3 : 0), p = from + raised_figures(r, from, &value);
    if (!(ten || is_variable(r, *at)) || p == from || (value < 4 && !minus))
        return false;
    nr_say_s(r, minus ? "to the minus" : "to the", *at, p);
    nr_say_number(r, NR_FORM_CARDINAL, value, *at, p);
    return nr_make(r, at, nr_say_unit_behind_power(r, p), NR_CLASS_SYMBOL, "power");
}

/* "Fe³⁺", "OH⁻", "SO₄²⁻": charges behind a letter or a small figure. */
static bool charge(nr_run *r, uint32_t *at)
{
    uint64_t value;
    uint32_t figures = raised_figures(r, *at, &value), sign = *at + figures, before = *at > r->start ? (unsigned char)r->text[*at - 1] : 0;
    bool plus = nr_stands(r, sign, "\xE2\x81\xBA"), minus = nr_stands(r, sign, "\xE2\x81\xBB");
    bool lowered = *at > r->start + 3 && memcmp(r->text + *at - 3, "\xE2\x82", 2) == 0;
    if (!(plus || minus) || !(nr_ascii_alpha((char)before) || lowered || before == ')') || nr_superscript_at(r, sign + 3))
        return false;
    if (figures)
        nr_say_number(r, NR_FORM_CARDINAL, value, *at, sign);
    nr_say_s(r, plus ? "plus" : "minus", sign, sign + 3);
    return nr_make(r, at, sign + 3, NR_CLASS_SYMBOL, "charge");
}

/* "¹⁴C": raised figures that begin a word, with a capital behind. */
static bool isotope(nr_run *r, uint32_t *at)
{
    enum { FIGURES = 3 };
    uint32_t p = *at, figures = 0;
    uint64_t value = 0;
    bool begins = *at == r->start || (nr_begins_word(r, *at) && !strchr(".,;:!?)]\"'", r->text[*at - 1]));
    for (; begins && nr_superscript_at(r, p) && figures < FIGURES; figures++) {
        int length;
        value = value * 10 + superscript(nr_utf8_decode(r->text + p, r->text + r->end, &length));
        p += (uint32_t)length;
    }
    if (!figures || value > 300 || !nr_ascii_upper(nr_at(r, p)))
        return false;
    nr_say_number(r, NR_FORM_CARDINAL, value, *at, p);
    return nr_make(r, at, p, NR_CLASS_CARDINAL, "isotope");
}

/* "10²" is squared, "word²" has a note, "CO₂" a small figure. */
static bool small_figure(nr_run *r, uint32_t *at, uint32_t code, uint32_t end)
{
    uint32_t up = superscript(code);
    if (code >= 0x2080 && code <= 0x2089) {
        nr_say_number(r, NR_FORM_CARDINAL, code - 0x2080, *at, end);
        return nr_make(r, at, end, NR_CLASS_CARDINAL, "subscript");
    }
    if (up > 9)
        return false;
    if (r->norm->style.verbatim) {
        nr_say_s(r, "superscript", *at, end);
        nr_say_number(r, NR_FORM_CARDINAL, up, *at, end);
        return nr_make(r, at, end, NR_CLASS_SYMBOL, "superscript");
    }
    if (isotope(r, at))
        return true;
    bool power = *at > r->start && (nr_ascii_digit(r->text[*at - 1]) || is_variable(r, *at)) && (up == 2 || up == 3);
    if (!power)
        return nr_make(r, at, end, NR_CLASS_SILENT, "note");
    nr_say_s(r, up == 2 ? "squared" : "cubed", *at, end);
    return nr_make(r, at, end, NR_CLASS_SYMBOL, "power");
}

/* "x^2", "2^n", "e^-x" */
static bool caret(nr_run *r, uint32_t *at)
{
    uint32_t minus = nr_dash_at(r, *at + 1), from = *at + 1 + minus, to = nr_digit_at(r, from) ? nr_digits_end(r, from) : nr_letters_end(r, from);
    char before = *at > r->start ? r->text[*at - 1] : ' ';
    if (!(nr_ascii_alpha(before) || nr_ascii_digit(before) || before == ')') || to == from || to - from > 3 || (nr_ascii_alpha(r->text[from]) && to > from + 1) || !nr_ends_word(r, to))
        return false;
    nr_view power = nr_text(r, from, to);
    if (!minus && (nr_view_is(power, "2") || nr_view_is(power, "3"))) {
        nr_say_s(r, power.p[0] == '2' ? "squared" : "cubed", *at, to);
    } else {
        nr_say_s(r, minus ? "to the minus" : "to the", *at, from);
        if (nr_digit_at(r, from))
            nr_say_figure(r, power, from, to);
        else
            nr_say_letters(r, power, from, to);
    }
    return nr_make(r, at, to, NR_CLASS_SYMBOL, "power");
}

/* Figures on both sides of the sign, with a blank on both or on none. */
static bool between_figures(const nr_run *r, uint32_t at, uint32_t end)
{
    uint32_t before = at, next = nr_skip_blank(r, end);
    while (before > r->start && r->text[before - 1] == ' ')
        before--;
    return before > r->start && nr_ascii_digit(r->text[before - 1]) && nr_digit_at(r, next) && (before < at) == (next > end);
}

/* "!=", "<=", "->": what programs and mail are written with; arrows are silent. */
bool nr_rule_operator(nr_run *r, uint32_t *at)
{
    static const struct {
        const char *written, *said;
    } all[] = {{"!==", "is not"}, {"===", "equals"}, {"-->", ""}, {"==>", ""}, {"!=", "is not"}, {"==", "equals"}, {"<=", "at most"},
               {">=", "at least"}, {"->", ""}, {"=>", ""}, {"<-", ""}, {"&&", "and"}, {"+/-", "plus or minus"}};
    char c = nr_at(r, *at);
    if (!c || !strchr("!=<>-&^*/+", c) || r->norm->style.verbatim || r->norm->style.punctuation != 'n')
        return false;
    if (c == '^')
        return caret(r, at);
    if (c == '*' && between_figures(r, *at, *at + 1)) {
        nr_say_s(r, "times", *at, *at + 1);
        return nr_make(r, at, *at + 1, NR_CLASS_SYMBOL, "times");
    }
    if (c == '/' && between_figures(r, *at, *at + 1) && r->text[*at - 1] == ' ' && nr_at(r, nr_skip_blank(r, nr_figure_end(r, nr_skip_blank(r, *at + 1)))) == '=') { /* "10 / 2 = 5" */
        nr_say_s(r, "divided by", *at, *at + 1);
        return nr_make(r, at, *at + 1, NR_CLASS_SYMBOL, "divided by");
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        uint32_t end = *at + (uint32_t)strlen(all[i].written);
        bool word = *at == r->start || nr_ascii_space(r->text[*at - 1]) || nr_digit_at(r, end) || nr_ascii_space(nr_at(r, end));
        if (!nr_stands(r, *at, all[i].written) || !word || (nr_at(r, end) && strchr("=<>-&", nr_at(r, end))) || (*at > r->start && strchr("=<>-&", r->text[*at - 1])))
            continue;
        bool shout = c == '!' && *at > r->start && !nr_ascii_space(r->text[*at - 1]); /* "what!=" */
        bool heart = all[i].written[0] == '<' && all[i].written[1] == '-' && nr_digit_at(r, end); /* "<-5" */
        if (shout || heart)
            continue;
        nr_say_s(r, all[i].said, *at, end);
        return nr_make(r, at, end, *all[i].said ? NR_CLASS_SYMBOL : NR_CLASS_PUNCTUATION, "operator");
    }
    return false;
}

bool nr_rule_raised(nr_run *r, uint32_t *at, uint32_t code, uint32_t end)
{
    if (code < 0xB2)
        return false;
    return raised_power(r, at) || (code >= 0xB2 && charge(r, at)) || small_figure(r, at, code, end);
}
