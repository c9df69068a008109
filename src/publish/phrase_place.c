#include "publish/phrase_place.h"

#include <unicode/uchar.h>

#include "base/utf8.h"

static nr_status open_table(nr_table **out, const char *language, const char *name, nr_error *err)
{
    char path[64];
    nr_language_table(path, language, name);
    nr_status s = nr_table_new(out, err);
    return s ? s : nr_table_add_builtin(*out, path, 1, NULL, err);
}

nr_status place_words_open(place_words *w, const char *language, nr_error *err)
{
    nr_status s = open_table(&w->clauses, language, "clauses.tsv", err);
    s = s ? s : open_table(&w->abbreviations, language, "abbreviations.tsv", err);
    return s ? s : open_table(&w->units, language, "units.tsv", err);
}

void place_words_free(place_words *w)
{
    nr_table_free(w->clauses);
    nr_table_free(w->abbreviations);
    nr_table_free(w->units);
    *w = (place_words){0};
}

bool place_is_closing(uint32_t code)
{
    int type = u_charType((UChar32)code);
    return code == '"' || code == '\'' || type == U_END_PUNCTUATION || type == U_FINAL_PUNCTUATION;
}

static uint32_t last_code(nr_view v) { return nr_utf8_decode(v.p + nr_utf8_before(v.p, v.n), v.p + v.n, &(int){0}); }

static uint32_t first_code(nr_view v) { return nr_utf8_decode(v.p, v.p + v.n, &(int){0}); }

/* The word's end behind which closing marks stand. */
static nr_view without_closing(nr_view v)
{
    while (v.n && place_is_closing(last_code(v)))
        v.n = nr_utf8_before(v.p, v.n);
    return v;
}

/* A stop inside a sentence belongs to an abbreviation; sentences have places of their own. */
static bool ends_clause(uint32_t code)
{
    static const uint32_t ends[] = {';', ':', '!', '?', 0x2013, 0x2014, 0x2026, 0x061B, 0x061F, 0x06D4,
                                    0x0964, 0x3002, 0xFF01, 0xFF1A, 0xFF1B, 0xFF1F};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (code == ends[i])
            return true;
    return false;
}

static bool is_comma(uint32_t code) { return code == ',' || code == 0x060C || code == 0x3001 || code == 0xFF0C; }

/* What a word ends in behind its apostrophe, with it ("'s"); the tables have that with the straight one. */
static nr_view apostrophe_of(nr_view word)
{
    for (size_t i = word.n; i-- > 0;) {
        if (word.p[i] == '\'')
            return nr_view_sub(word.p, i, word.n);
        if (i + 3 <= word.n && memcmp(word.p + i, "\u2019", 3) == 0)
            return nr_view_sub(word.p, i + 2, word.n);
    }
    return (nr_view){0};
}

/* "the band's": the word leans on what it has. */
static bool is_owner(const place_words *w, nr_view word)
{
    nr_view end = apostrophe_of(word);
    char low[8] = "'";
    if (end.n < 2 || end.n > sizeof low)
        return false;
    memcpy(low + 1, end.p + 1, end.n - 1);
    return nr_table_find(w->clauses, (nr_view){low, end.n});
}

/* Letters of the word alone, in lower case, as the tables have it. */
static const nr_row *find_clause(const place_words *w, nr_view word)
{
    char low[32];
    while (word.n && !u_isalnum((UChar32)first_code(word))) {
        int length;
        nr_utf8_decode(word.p, word.p + word.n, &length);
        word.p += length, word.n -= (size_t)length;
    }
    size_t n = 0;
    for (; n < word.n && n < sizeof low && word.p[n] != '.' && word.p[n] != ','; n++)
        low[n] = nr_ascii_lower(word.p[n]);
    return n && n < sizeof low ? nr_table_find(w->clauses, (nr_view){low, n}) : NULL;
}

static bool has_case(nr_view word, bool upper)
{
    while (word.n && !u_isalpha((UChar32)first_code(word))) {
        int length;
        nr_utf8_decode(word.p, word.p + word.n, &length);
        word.p += length, word.n -= (size_t)length;
    }
    return word.n && (upper ? u_isupper((UChar32)first_code(word)) : u_islower((UChar32)first_code(word)));
}

/* "Mr" before a name, "No." before a figure. */
static bool leads(const place_words *w, nr_view before, nr_view behind)
{
    nr_view stem = before;
    if (stem.n && stem.p[stem.n - 1] == '.')
        stem.n--;
    const nr_row *row = nr_table_find(w->abbreviations, stem);
    if (!row || row->count < 2)
        return false;
    bool figure = u_isdigit((UChar32)first_code(behind));
    return nr_view_is(row->column[1], "number") || nr_view_is(row->column[1], "roman") ? figure
           : nr_view_is(row->column[1], "title") || nr_view_is(row->column[1], "either") ? has_case(behind, true) : false;
}

/* The word without what closes it and ends the sentence. */
static nr_view stem_of(nr_view word)
{
    word = without_closing(word);
    while (word.n && (word.p[word.n - 1] == '.' || word.p[word.n - 1] == ',' || word.p[word.n - 1] == ';'))
        word.n--;
    return word;
}

static bool is_unit(const place_words *w, nr_view word)
{
    word = stem_of(word);
    return word.n && nr_table_find(w->units, word);
}

/* "Inc." behind a firm's comma, "N.Y." behind a town's. */
static bool follows(const place_words *w, nr_view behind)
{
    const nr_row *row = nr_table_find(w->abbreviations, stem_of(behind));
    return row && row->count >= 2 && has_case(behind, true) &&
           (nr_view_is(row->column[1], "suffix") || nr_view_is(row->column[1], "state"));
}

static bool is_digit(uint32_t code) { return u_isdigit((UChar32)code); }

static size_t count_digits(nr_view v)
{
    size_t n = 0;
    while (n < v.n && v.p[n] >= '0' && v.p[n] <= '9')
        n++;
    return n;
}

/* "June 9, 2020": a day's comma before its year. */
static bool is_date(nr_view before, nr_view behind)
{
    size_t day = count_digits(before);
    return day >= 1 && day <= 2 && day + 1 == before.n && before.p[day] == ',' && count_digits(behind) == 4;
}

/* "2004 - 2014". */
static bool is_range(nr_view before, nr_view behind)
{
    uint32_t mark = last_code(before);
    if ((mark != '-' && mark != 0x2013) || !is_digit(first_code(behind)))
        return false;
    before.n = nr_utf8_before(before.p, before.n);
    while (before.n && before.p[before.n - 1] == ' ')
        before.n--;
    return before.n && is_digit(last_code(before));
}

/* "020 7946 0958", "5 km": on both sides of the place is one number. */
static bool is_one_number(const place_words *w, nr_view before, nr_view behind)
{
    if (is_digit(last_code(before)))
        return is_digit(first_code(behind)) || (is_unit(w, behind) && !find_clause(w, behind));
    return is_range(before, behind);
}

phrase_place place_judge(const place_words *w, nr_view before, nr_view behind, bool opens)
{
    nr_view bare = without_closing(before);
    uint32_t mark = bare.n ? last_code(bare) : 0;
    const nr_row *row = find_clause(w, behind);
    if (leads(w, before, behind) || (bare.n && is_one_number(w, bare, behind)))
        return PLACE_JOINED;
    if (ends_clause(mark))
        return PLACE_CLAUSE;
    if (is_comma(mark))
        return follows(w, behind) || is_date(before, behind) ? PLACE_NAME : PLACE_COMMA;
    if ((find_clause(w, before) || mark == '.' || is_owner(w, before)) && before.n == bare.n)
        return PLACE_LEANING;
    if (is_digit(mark) && has_case(behind, false) && !row)
        return PLACE_LEANING;
    if (before.n == bare.n && !opens && has_case(before, true) && (has_case(behind, true) || is_digit(first_code(behind))))
        return PLACE_NAME;
    switch (row ? row->column[0].p[0] : 0) {
    case '3': return PLACE_GOOD;
    case '2': return PLACE_FAIR;
    case '1': return PLACE_WEAK;
    default: return before.n > bare.n || u_charType((UChar32)first_code(behind)) == U_START_PUNCTUATION ? PLACE_WEAK : PLACE_ANY;
    }
}

static bool is_hiragana(uint32_t code) { return code >= 0x3041 && code <= 0x309F; }

/* Japanese phrases end in hiragana, and seldom begin with it. */
static phrase_place judge_wide(uint32_t before, uint32_t behind)
{
    if (is_hiragana(behind))
        return PLACE_LEANING;
    return is_hiragana(before) ? PLACE_WEAK : PLACE_ANY;
}

phrase_place place_judge_close(nr_view before, nr_view behind)
{
    uint32_t mark = last_code(before), next = first_code(behind);
    if ((ends_clause(mark) || is_comma(mark)) && !is_range(before, behind))
        return PLACE_COMMA;
    int width = u_getIntPropertyValue((UChar32)next, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? judge_wide(mark, next) : PLACE_INSIDE;
}
