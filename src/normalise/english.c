/* English: in what order the rules are tried. */
#include "normalise/engine.h"

/* Nearly all words are small letters with a blank or a comma behind: nothing but an abbreviation can be in them. */
static bool is_simple(const nr_run *r, uint32_t at, uint32_t *end)
{
    uint32_t p = at;
    while (nr_at(r, p) >= 'a' && nr_at(r, p) <= 'z')
        p++;
    *end = p;
    char c = nr_at(r, p);
    return p > at && (c == ' ' || c == ',' || c == ';' || c == '\0' || c == '\n' || c == ')');
}

/* "ch. xi", "vol. ii": behind the name of a part. */
static bool small_numeral(nr_run *r, uint32_t *at, uint32_t end)
{
    char upper[8];
    size_t n = end - *at;
    const nr_token *last = r->count ? &r->tokens[r->count - 1] : NULL;
    bool part = last && last->class == NR_CLASS_ABBREVIATION && last->word_count && nr_kinds(r, last->words[0].say) & NR_KIND_PART;
    bool bracketed = *at > r->start && r->text[*at - 1] == '(' && nr_at(r, end) == ')'; /* "(ii)", and "iv." before what it numbers; not "(xx)" */
    bool listed = *at == r->start && nr_at(r, end) && strchr(").", nr_at(r, end)) && nr_skip_blank(r, end + 1) > end + 1;
    bool item = n > 1 && strspn(r->text + *at, "ivx") >= n && strspn(r->text + *at, "x") < n && (bracketed || listed);
    bool verse = last && last->class == NR_CLASS_ABBREVIATION && nr_skip_blank(r, last->span.end) == *at && (nr_at(r, end) == '.' || nr_at(r, end) == ',') && nr_digit_at(r, nr_skip_blank(r, end + 1)); /* "Rom. viii. 28" */
    if (!part && !item && !verse)
        return false;
    for (size_t i = 0; i < n; i++)
        upper[i] = (char)(r->text[*at + i] & ~32);
    int value = nr_roman_value((nr_view){upper, n});
    if (value < 1)
        return false;
    end += verse && !part;
    nr_say_number(r, NR_FORM_CARDINAL, (uint64_t)value, *at, end);
    return nr_make(r, at, end, NR_CLASS_ROMAN, "numbered part");
}

bool nr_rule_word(nr_run *r, uint32_t *at)
{
    uint32_t end;
    char c = nr_at(r, *at);
    if (is_simple(r, *at, &end)) {
        const nr_token *last = r->count ? &r->tokens[r->count - 1] : NULL;
        if (last && last->span.end - last->span.start == 3 && end - *at < 5 && nr_rule_unit_behind_per(r, at))
            return true;
        bool number_behind = nr_digit_at(r, end + 1);
        if (c == 'a' && end == *at + 1 && nr_letter_before_mark(r, *at)) {
            nr_say_letters(r, nr_text(r, *at, end), *at, end);
            return nr_make(r, at, end, NR_CLASS_LETTERS, "letter before a mark");
        }
        if (strchr("ivxl", c) && end - *at < 8 && small_numeral(r, at, end))
            return true;
        bool short_one = end - *at < 32 && r->norm->small_abbreviations[c - 'a'][r->text[end - 1] - 'a'] >> (end - *at) & 1;
        if (short_one && nr_rule_abbreviation(r, at))
            return true;
        if (number_behind && nr_rule_month(r, at))
            return true;
        return nr_make(r, at, end, NR_CLASS_WORD, "word");
    }
    if (c && strchr("ivxl", c) && end > *at && end - *at < 8 && nr_ends_word(r, end) && small_numeral(r, at, end))
        return true;
    if (!nr_ascii_alpha(c))
        return nr_rule_money(r, at) || nr_rule_plain_word(r, at) || nr_rule_symbol(r, at); /* ฿ is a letter */
    if (nr_digit_at(r, end) && (nr_rule_texting(r, at) || (c == 'q' && nr_rule_dose_time(r, at))))
        return true;
    if (nr_rule_unit_behind_per(r, at) || nr_rule_machine(r, at) || nr_rule_web(r, at))
        return true;
    if (nr_ascii_upper(c) && (nr_rule_money(r, at) || nr_rule_quarter(r, at) || nr_rule_month(r, at) || nr_rule_weekday(r, at)))
        return true;
    return nr_rule_abbreviation(r, at) || nr_rule_letters(r, at) || nr_rule_plain_word(r, at) || nr_rule_symbol(r, at);
}

static bool english_number(nr_run *r, uint32_t *at) 
{
    bool texting = nr_ascii_alpha(nr_at(r, *at + 1)) && nr_rule_texting(r, at); /* "2nite" */
    return texting || nr_rule_machine(r, at) || nr_rule_web(r, at) || nr_rule_figure(r, at);
}

static bool english_sign(nr_run *r, uint32_t *at)
{
    char c = nr_at(r, *at);
    if ((c == '+' || c == '(') && nr_digit_at(r, *at + 1) && nr_rule_figure(r, at))
        return true;
    return ((c == '#' || c == ':') && nr_rule_machine(r, at)) || nr_rule_web(r, at) || nr_rule_money(r, at) || nr_rule_short_year(r, at) || nr_rule_symbol(r, at);
}

const nr_language nr_english = {"en", english_number, nr_rule_word, english_sign, "and"};
