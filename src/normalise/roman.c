/* Roman numerals: of rulers, "the third"; of parts, wars and machines, "three". */
#include "normalise/engine.h"

/* The value, 0 when it is no well-formed numeral. */
int nr_roman_value(nr_view v)
{
    static const struct {
        const char *letters;
        int value;
    } parts[] = {{"M", 1000}, {"CM", 900}, {"D", 500}, {"CD", 400}, {"C", 100}, {"XC", 90}, {"L", 50}, {"XL", 40},
                 {"X", 10},   {"IX", 9},   {"V", 5},   {"IV", 4},   {"I", 1}};
    int value = 0;
    size_t at = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t n = strlen(parts[i].letters);
        for (int repeat = 0; repeat < (n == 1 ? 3 : 1) && v.n - at >= n && memcmp(v.p + at, parts[i].letters, n) == 0; repeat++) {
            value += parts[i].value;
            at += n;
        }
    }
    return at == v.n ? value : 0;
}

static bool only(nr_view v, const char *letters)
{
    for (size_t i = 0; i < v.n; i++)
        if (!strchr(letters, v.p[i]))
            return false;
    return true;
}

/* A first name or a rank among the capitalised words before: "John Jacob Astor IV". */
static bool after_person(const nr_run *r, uint32_t at)
{
    for (int i = 0; i < 3; i++) {
        nr_view word = nr_previous_word(r, at);
        const nr_token *short_name = !word.n && i && r->count > (size_t)i ? &r->tokens[r->count - 1 - (size_t)i] : NULL; /* "Geo. Jones III" */
        if (short_name && short_name->class == NR_CLASS_ABBREVIATION && short_name->word_count == 1)
            return nr_kinds(r, short_name->words[0].say) & NR_KIND_NAME;
        if (!nr_starts_upper(word))
            return false;
        if (nr_kinds(r, word) & (NR_KIND_NAME | NR_KIND_RANK))
            return true;
        at = (uint32_t)(word.p - r->text);
    }
    return false;
}

/* "Krimerman, Leonard I. and", of a list of authors: the letter is an initial. */
static bool is_initial_of_author(const nr_run *r, nr_view first_name, uint32_t end)
{
    uint32_t at = (uint32_t)(first_name.p - r->text);
    nr_view next = nr_next_word(r, end + 1);
    bool inverted = at > r->start + 2 && r->text[at - 1] == ' ' && r->text[at - 2] == ',' && nr_starts_upper(nr_previous_word(r, at - 2));
    return inverted && nr_at(r, end) == '.' && (!next.n || nr_in_list(next, "and"));
}

typedef enum manner { NO_NUMERAL, RULER, PART, YEAR } manner;

/* What a numeral of this value means behind the words before it. */
static manner manner_of(const nr_run *r, uint32_t at, nr_view word, uint32_t end, int value)
{
    nr_view before = nr_previous_word(r, at);
    uint32_t kinds = nr_kinds(r, before);
    const nr_token *last = r->count ? &r->tokens[r->count - 1] : NULL;
    bool shortened = !before.n && last && last->class == NR_CLASS_ABBREVIATION && last->word_count && last->span.end + 1 == at;
    if (shortened) /* "Vol. XLII", "Edw. III" */
        kinds |= nr_kinds(r, last->words[0].say) & (NR_KIND_PART | NR_KIND_NAME);
    bool single = word.n == 1, spoken = nr_kinds_after(r, end) & NR_KIND_SPEAKER;
    if (single && (!strchr("IVX", word.p[0]) || nr_in_list(before, "Gen Generation"))) /* Gen X */
        return NO_NUMERAL;
    bool stopped = end == r->end || nr_at(r, end) == '.' || nr_at(r, end) == '\n';
    if (at == r->start && stopped && nr_ends_sentence(r, end) && word.p[0] != 'M' && !(single && word.p[0] == 'I')) /* a heading */
        return PART;
    if (kinds & NR_KIND_PART && !(single && word.p[0] == 'I' && spoken))
        return PART;
    if (kinds & NR_KIND_NAME && (shortened || nr_starts_upper(before)) && value < 40)
        return single && !shortened && is_initial_of_author(r, before, end) ? NO_NUMERAL : single && word.p[0] == 'I' && spoken ? NO_NUMERAL : RULER;
    if (value >= 1500 && value <= 2100 && word.n >= 4) /* MCMXCIX */
        return YEAR;
    if (word.n >= 4 && !only(word, "IVX") && !nr_table_find(r->norm->acronyms, word)) /* "LXII": no word is written so */
        return PART;
    if (single || r->headline || !only(word, "IVX"))
        return NO_NUMERAL;
    if (after_person(r, at))
        return RULER;
    if (only(word, "X") && !nr_starts_upper(before)) /* XX chromosomes, XXX */
        return NO_NUMERAL;
    /* IV is a drip, but no other numeral of two letters is a word */
    return nr_starts_upper(before) || !nr_view_is(word, "IV") ? PART : NO_NUMERAL;
}

/* "the XXth century", "Ist", but not "Ind" and "Cth", an independent and the Commonwealth. */
static bool ordinal_suffix(const nr_run *r, uint32_t at, nr_view word, int value)
{
    bool teen = value % 100 / 10 == 1;
    const char *right = teen ? "th" : value % 10 == 1 ? "st th" : value % 10 == 2 ? "nd th" : value % 10 == 3 ? "rd th" : "th";
    return nr_ends_word(r, at + 2) && only(word, "IVX") && nr_in_list(nr_text(r, at, nr_letters_end(r, at)), right) && nr_at(r, at) >= 'a';
}

/* "Stage IIIB", "type IIa": a part and its letter. */
static bool lettered_part(nr_run *r, uint32_t *at)
{
    uint32_t end = *at;
    while (end - *at < 4 && strchr("IVX", nr_at(r, end)) && nr_at(r, end))
        end++;
    int value = nr_roman_value(nr_text(r, *at, end));
    bool hundred = nr_at(r, end) == 'C' && end > *at && r->text[end - 1] == 'X'; /* XC is ninety */
    if (!nr_at(r, end) || hundred || !strchr("ABCabc", nr_at(r, end)) || !nr_ends_word(r, end + 1) || value < 1 || !(nr_kinds_before(r, *at) & NR_KIND_PART))
        return false;
    nr_say_number(r, NR_FORM_CARDINAL, (uint64_t)value, *at, end);
    nr_say_letters(r, nr_text(r, end, end + 1), end, end + 1);
    return nr_make(r, at, end + 1, NR_CLASS_ROMAN, "part and letter");
}

bool nr_rule_roman(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_view word = nr_part(r, m->part[0]);
    if (lettered_part(r, at))
        return true;
    bool possessive = nr_length(m->part[1]) > 1;
    int value = word.n <= 15 && only(word, "IVXLCDM") ? nr_roman_value(word) : 0;
    if (value && ordinal_suffix(r, m->part[0].end, word, value)) {
        nr_say_number(r, NR_FORM_ORDINAL, (uint64_t)value, *at, m->part[0].end + 2);
        return nr_make(r, at, m->part[0].end + 2, NR_CLASS_ROMAN, "ordinal");
    }
    if (!value || !nr_ends_word(r, m->end) || (nr_length(m->part[1]) && !possessive))
        return false;
    uint32_t dash = nr_dash_at(r, m->end), other = m->end + dash;
    bool range = dash && nr_letters_end(r, other) > other && nr_roman_value(nr_text(r, other, nr_letters_end(r, other))) > value;
    if (dash && nr_letter_at(r, other) && !range && !(nr_kinds_before(r, *at) & NR_KIND_PART)) /* but "Grade II-listed" */
        return false;
    manner how = manner_of(r, *at, word, m->part[0].end, value);
    if (how == NO_NUMERAL)
        return false;
    if (how == RULER)
        nr_say_s(r, r->norm->language == &nr_german ? "der" : "the", *at, m->part[0].end);
    nr_say_number(r, how == RULER ? NR_FORM_ORDINAL : how == YEAR ? NR_FORM_YEAR : NR_FORM_CARDINAL, (uint64_t)value, *at, m->part[0].end);
    if (possessive)
        nr_inflect(r, "'s", m->end);
    uint32_t end = m->end;
    char behind = nr_at(r, end + 1); /* "George III. as he", "Pius IX.," wrote the ancients */
    if (nr_at(r, end) == '.' && (nr_starts_lower(nr_next_word(r, end + 1)) || (behind && strchr(",;:'", behind))))
        end++;
    uint32_t dash_at = nr_dash_at(r, end), second = end + dash_at, second_end = nr_letters_end(r, second);
    int last = dash_at && how == PART && only(nr_text(r, second, second_end), "IVXLC") ? nr_roman_value(nr_text(r, second, second_end)) : 0;
    if (last > value && nr_ends_word(r, second_end)) { /* "Vols. I-III" */
        nr_say_s(r, "to", end, second);
        nr_say_number(r, NR_FORM_CARDINAL, (uint64_t)last, second, second_end);
        end = second_end;
    }
    return nr_make(r, at, end, NR_CLASS_ROMAN, how == RULER ? "ruler" : "numbered thing");
}
