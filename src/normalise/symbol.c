/* Whatever is neither letter nor digit: punctuation, signs that have a name, and the rest, which is not for the ear. */
#include "base/utf8.h"
#include "normalise/engine.h"

static const struct {
    const char *sign, *said;
} signs[] = {
    {"&", "and"},          {"%", "percent"},        {"+", "plus"},          {"=", "equals"},
    {"@", "at"},           {"#", "number"},         {"\xC2\xB0", "degrees"},   {"\xC2\xA7", "section"},
    {"\xC2\xA9", "copyright"}, {"\xC2\xB1", "plus or minus"}, {"\xC3\x97", "times"}, {"\xC3\xB7", "divided by"},
    {"\xE2\x89\xA5", "at least"}, {"\xE2\x89\xA4", "at most"}, {"\xE2\x89\x88", "about"}, {"\xE2\x89\xA0", "is not"},
    {"\xC2\xBD", "a half"}, {"\xC2\xBC", "a quarter"}, {"\xC2\xBE", "three quarters"}, {"\xE2\x85\x93", "a third"},
    {"\xE2\x85\x94", "two thirds"}, {"\xE2\x82\xAC", "euros"}, {"\xC2\xA3", "pounds"}, {"$", "dollars"},
    {"\xE2\x84\x96", "number"}, {"\xCF\x80", "pi"}, {"\xC2\xB5", "micro"}, {"\xE2\x88\x9E", "infinity"},
};

static bool is_punctuation(uint32_t c)
{
    return (c < 0x80 && strchr(",.;:!?\"'()[]{}-/|*_\\`^~<>", (int)c)) || (c >= 0x2010 && c <= 0x2027) || c == 0xAB ||
           c == 0xBB || c == 0xBF || c == 0xA1 || c == 0x2039 || c == 0x203A || c == 0x203C || (c >= 0x2047 && c <= 0x2049) ||
           (c >= 0x3001 && c <= 0x3002) || (c >= 0x3008 && c <= 0x3011) || (c >= 0xFF01 && c <= 0xFF0F) || c == 0xFF1A ||
           c == 0xFF1B || c == 0xFF1F || c == 0x060C || c == 0x061B || c == 0x061F || c == 0x06D4 || c == 0x0964 || c == 0xB7;
}

static bool put(nr_run *r, uint32_t *at, uint32_t end, nr_class class, const char *rule)
{
    nr_make(r, class, rule, *at, end);
    *at = end;
    return true;
}

/* Signs that say something only beside a figure or a word: "-5", "+3", "~20", "<10". */
static const char *sign_before_figure(const nr_run *r, uint32_t at, uint32_t end)
{
    bool open = at == r->start || nr_ascii_space(r->text[at - 1]) || r->text[at - 1] == '(';
    if (!nr_digit_at(r, nr_skip_blank(r, end)))
        return NULL;
    if (nr_dash_at(r, at) && open && nr_digit_at(r, end) && nr_dash_at(r, at) != 3)
        return "minus";
    if (nr_stands(r, at, "\xE2\x88\x92") && open)
        return "minus";
    return !open ? NULL : nr_at(r, at) == '~' ? "about" : nr_at(r, at) == '<' ? "less than" : nr_at(r, at) == '>' ? "more than" : NULL;
}

/* "1960s-80s", "4:00 am - 8:12 pm": between two figures of a kind a dash means "to". */
static bool dash_between_figures(nr_run *r, uint32_t *at)
{
    uint32_t dash = nr_dash_at(r, *at), next = nr_skip_blank(r, *at + dash);
    if (!dash || !r->count || (!nr_digit_at(r, next) && nr_at(r, next) != '$' && !nr_stands(r, next, "\xC2\xA3")))
        return false;
    const nr_token *last = &r->tokens[r->count - 1];
    bool tight = last->span.end == *at && next == *at + dash, wide = last->span.end + 1 == *at && next == *at + dash + 1;
    if ((!tight && !wide) || last->class < NR_CLASS_YEAR || last->class > NR_CLASS_MEASURE)
        return false;
    nr_say_s(r, "to", *at, *at + dash);
    return put(r, at, *at + dash, NR_CLASS_RANGE, "dash between figures");
}

/* "'80s", "\u2019" included */
static bool short_decade(nr_run *r, uint32_t *at)
{
    uint32_t n = nr_at(r, *at) == '\'' ? 1 : nr_stands(r, *at, "\xE2\x80\x99") || nr_stands(r, *at, "\xE2\x80\x98") ? 3 : 0;
    uint32_t from = *at + n, end = nr_digits_end(r, from);
    if (!n || end - from != 2)
        return false;
    if (nr_at(r, end) == 's' && nr_ends_word(r, end + 1) && nr_at(r, end - 1) == '0') {
        nr_say_decade(r, nr_value(nr_text(r, from, end)), *at, end + 1);
        return put(r, at, end + 1, NR_CLASS_YEAR, "short decade");
    }
    if (!nr_ends_word(r, end))
        return false;
    nr_say_figure(r, nr_text(r, from, end), *at, end);
    return put(r, at, end, NR_CLASS_YEAR, "short year");
}

bool nr_rule_symbol(nr_run *r, uint32_t *at)
{
    int length;
    uint32_t code = nr_utf8_decode(r->text + *at, r->text + r->end, &length), end = *at + (uint32_t)length;
    if (dash_between_figures(r, at) || short_decade(r, at))
        return true;
    const char *said = sign_before_figure(r, *at, end);
    if (said) {
        nr_say_s(r, said, *at, end);
        return put(r, at, end, NR_CLASS_SYMBOL, "sign before a figure");
    }
    if (is_punctuation(code)) {
        while (end < r->end && r->text[end] == r->text[*at] && length == 1) /* "....", "****": one */
            end++;
        return put(r, at, end, NR_CLASS_PUNCTUATION, "punctuation");
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (!nr_stands(r, *at, signs[i].sign))
            continue;
        nr_say_s(r, signs[i].said, *at, end);
        return put(r, at, end, NR_CLASS_SYMBOL, "named sign");
    }
    if (nr_ascii_digit(nr_at(r, *at)))
        return false;
    return put(r, at, end, NR_CLASS_SILENT, "no sound");
}
