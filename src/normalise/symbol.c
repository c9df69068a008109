/* Whatever is neither letter nor digit: punctuation, signs that have a name, and the rest, which is not for the ear. */
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "base/utf8.h"
#include "normalise/figure.h"

static bool is_punctuation(uint32_t c)
{
    return (c < 0x80 && strchr(",.;:!?\"'()[]{}-/|*_\\`^~<>", (int)c)) || (c >= 0x2010 && c <= 0x2027) || c == 0xAB ||
           c == 0xBB || c == 0xBF || c == 0xA1 || c == 0x2039 || c == 0x203A || c == 0x203C || (c >= 0x2047 && c <= 0x2049) ||
           (c >= 0x3001 && c <= 0x3002) || (c >= 0x3008 && c <= 0x3011) || (c >= 0xFF01 && c <= 0xFF0F) || c == 0xFF1A ||
           c == 0xFF1B || c == 0xFF1F || c == 0x060C || c == 0x061B || c == 0x061F || c == 0x06D4 || c == 0x0964 || c == 0xB7;
}

/* Signs that say something only before a figure: "-5", "~20", "<10". */
static const char *sign_before_figure(const nr_run *r, uint32_t at, uint32_t end)
{
    bool open = at == r->start || nr_ascii_space(r->text[at - 1]) || r->text[at - 1] == '(' || r->text[at - 1] == '"' || r->text[at - 1] == '=';
    bool figure = nr_digit_at(r, end) || (nr_at(r, end) == '.' && nr_digit_at(r, end + 1));
    uint32_t sign = nr_at(r, end) == '$' ? 1 : nr_stands(r, end, "\xC2\xA3") ? 2 : nr_stands(r, end, "\xE2\x82\xAC") ? 3 : 0; /* "~£5m" */
    figure = figure || (sign && !nr_dash_at(r, at) && nr_digit_at(r, end + sign));
    if (nr_at(r, at) == '#' && r->norm->style.verbatim)
        return "hash";
    if (nr_at(r, at) == '#') /* "#1", and C# */
        return nr_digit_at(r, nr_skip_blank(r, end)) && nr_begins_word(r, at) ? "number" : at > r->start && strchr("CF", r->text[at - 1]) && nr_begins_word(r, at - 1) && nr_ends_word(r, end) ? "sharp" : NULL;
    char mark = nr_at(r, at);
    bool variable = (mark == '<' || mark == '>') && at > r->start && nr_ascii_alpha(r->text[at - 1]) && nr_begins_word(r, at - 1); /* "P<0.001" */
    if (variable && figure)
        return mark == '<' ? "less than" : "more than";
    if (!open || !(figure || nr_digit_at(r, nr_skip_blank(r, end))))
        return NULL;
    if (nr_dash_at(r, at))
        return figure && (nr_at(r, at) == '-' || nr_stands(r, at, "\xE2\x88\x92") || nr_stands(r, at, "\xE2\x80\x93")) ? "minus" : NULL;
    return nr_at(r, at) == '~' ? "about" : nr_at(r, at) == '<' ? "less than" : nr_at(r, at) == '>' ? "more than" : NULL;
}

/* "1960s-80s", "4:00 am - 8:12 pm", "$5-": between two figures of a kind a dash means "to". */
static bool dash_between_figures(nr_run *r, uint32_t *at)
{
    uint32_t dash = nr_dash_at(r, *at), next = nr_skip_blank(r, *at + dash);
    if (!dash || !r->count)
        return false;
    bool figure = nr_digit_at(r, next) || nr_at(r, next) == '$' || nr_stands(r, next, "\xC2\xA3") || nr_stands(r, next, "\xE2\x82\xAC");
    const nr_token *last = &r->tokens[r->count - 1];
    if (nr_at(r, nr_skip_blank(r, nr_figure_end(r, next))) == '=' && last->span.end <= *at && nr_ascii_digit(r->text[last->span.end - 1]) && nr_digit_at(r, next)) { /* "1- 2 = 5" */
        nr_say_s(r, "minus", *at, *at + dash);
        return nr_make(r, at, *at + dash, NR_CLASS_SYMBOL, "minus in a sum");
    }
    bool tight = last->span.end == *at && next == *at + dash, wide = last->span.end + 1 == *at && next == *at + dash + 1;
    bool kind = (last->class >= NR_CLASS_YEAR && last->class <= NR_CLASS_MEASURE) || nr_in_list(nr_part(r, last->span), "noon midnight BC BCE AD CE");
    /* "January-March", "May 5-June 2" */
    bool months = tight && last->word_count && nr_kinds_after(r, next) & NR_KIND_MONTH && last->class == NR_CLASS_DATE;
    if (wide && last->class == NR_CLASS_DATE && nr_kinds_after(r, next) & NR_KIND_MONTH) { /* "Jan 1 - Feb 5" */
        nr_view month = nr_next_word(r, next);
        months = nr_digit_at(r, nr_skip_blank(r, next + (uint32_t)month.n + (nr_at(r, next + (uint32_t)month.n) == '.')));
    }
    static const char week[] = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Weds Thu Thur Thurs Fri Sat Sun";
    nr_view from = nr_previous_word(r, *at), to = nr_next_word(r, next);
    months = months || ((tight || wide) && nr_starts_upper(from) && nr_starts_upper(to) && nr_in_list(from, week) && nr_in_list(to, week));
    uint32_t ordinal = nr_digits_end(r, next); /* "2nd-3rd" */
    bool ordinals = tight && last->class == NR_CLASS_ORDINAL && ordinal > next && nr_in_list(nr_text(r, ordinal, nr_letters_end(r, ordinal)), "st nd rd th");
    if (!months && !ordinals && (!figure || (!tight && !wide) || !kind))
        return false;
    if (wide && nr_at(r, *at) != '-' && last->class == NR_CLASS_YEAR && !nr_digit_at(r, next + 3)) /* "in 2019 - 15 years on" */
        return false;
    nr_say_s(r, "to", *at, *at + dash);
    return nr_make(r, at, *at + dash, NR_CLASS_RANGE, "dash between figures");
}

/* "3:2:1", "2.35:1", and with blanks, as texts that were cut into words have them: "a 1: 1 ratio", "1 : 250000". */
static bool colon_of_ratio(nr_run *r, uint32_t *at)
{
    const nr_token *last = nr_at(r, *at) == ':' && r->count ? &r->tokens[r->count - 1] : NULL;
    uint32_t next = last ? nr_skip_blank(r, *at + 1) : *at, end = nr_digits_end(r, next);
    if (!last || end == next || !nr_ends_word(r, end))
        return false;
    bool tight = last->span.end == *at && next == *at + 1, number = last->class == NR_CLASS_CARDINAL || last->class == NR_CLASS_DECIMAL;
    bool apart = last->span.end + 1 == *at && next == *at + 2 && r->text[*at - 1] == ' ' && !(end == next + 2 && nr_number(r, last->span) < 25);
    static const char told[] = "scale ratio ratios odds";
    bool ratio = next > *at + 1 && (nr_in_list(nr_previous_word(r, last->span.start), told) || nr_in_list(nr_next_word(r, end), told));
    if (!(tight && (number || last->class == NR_CLASS_RATIO)) && !(number && (apart || ratio)))
        return false;
    nr_say_s(r, "to", *at, *at + 1);
    return nr_make(r, at, *at + 1, NR_CLASS_RATIO, "colon of a ratio");
}

/* "83 -87" of a text that was cut into words: no minus, if the second figure is the greater. */
static bool dash_of_range(nr_run *r, uint32_t *at)
{
    const nr_token *last = r->count ? &r->tokens[r->count - 1] : NULL;
    uint32_t dash = nr_dash_at(r, *at), end = nr_digits_end(r, *at + dash), figure = *at;
    if (!dash || end == *at + dash)
        return false;
    while (figure > r->start && r->text[figure - 1] == ' ')
        figure--;
    uint32_t to = figure;
    while (figure > r->start && nr_ascii_digit(r->text[figure - 1]))
        figure--;
    if (!last || to == *at || figure == to || last->span.end != to || !nr_begins_word(r, figure) || (figure > r->start && strchr(".,-", r->text[figure - 1])) || r->text[figure] == '0' || end - *at - dash > to - figure + 1)
        return false;
    bool goes_on = (nr_at(r, end) == '.' || nr_at(r, end) == ',') && nr_digit_at(r, end + 1);
    if (goes_on || nr_at(r, nr_skip_blank(r, end)) == '=' || nr_value(nr_text(r, figure, to)) >= nr_value(nr_text(r, *at + dash, end)))
        return false;
    nr_say_s(r, "to", *at, *at + dash);
    return nr_make(r, at, *at + dash, NR_CLASS_RANGE, "dash of a range");
}

/* "[1]", "[12]", "[citation needed]" behind a word: notes of an encyclopaedia. */
static bool note_mark(nr_run *r, uint32_t *at)
{
    enum { NOTE_MOST = 24 };
    uint32_t end = *at + 1;
    if (nr_at(r, *at) != '[' || *at == r->start || nr_ascii_space(r->text[*at - 1]) || r->text[*at - 1] == '(')
        return false;
    if (nr_stands(r, end, "citation needed]") || nr_stands(r, end, "note "))
        while (nr_at(r, end) && nr_at(r, end) != ']' && end - *at < NOTE_MOST)
            end++;
    else if (nr_digit_at(r, end))
        end = nr_digits_end(r, end);
    if (nr_at(r, end) != ']' || end - *at > NOTE_MOST)
        return false;
    return nr_make(r, at, end + 1, NR_CLASS_SILENT, "note");
}

/* "and/or", "he/she": said with "or" between words that take each other's place. */
static bool stroke(nr_run *r, uint32_t *at)
{
    nr_view before = nr_previous_word(r, *at), after = nr_next_word(r, *at + 1);
    static const char pronouns[] = "he she him her his hers they them their s";
    if (nr_at(r, *at) != '/' || nr_skip_blank(r, *at + 1) != *at + 1 || !nr_in_list(before, pronouns) || !nr_in_list(after, pronouns))
        return false;
    nr_say_s(r, "or", *at, *at + 1);
    return nr_make(r, at, *at + 1, NR_CLASS_SYMBOL, "stroke between pronouns");
}

static bool say_unicode_name(nr_run *r, uint32_t at, uint32_t code, uint32_t end)
{
    char name[100];
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = u_charName((UChar32)code, U_EXTENDED_CHAR_NAME, name, sizeof name, &e);
    if (U_FAILURE(e) || n <= 0 || name[0] == '<')
        return false;
    for (int32_t i = 0; i < n; i++)
        name[i] = nr_ascii_lower(name[i]);
    nr_say(r, (nr_view){name, (size_t)n}, at, end);
    return r->word_count > 0;
}

/* A sign of the table signs.tsv; or whatever has a name in Unicode, for who wants all of them or reads every character. */
static bool named(nr_run *r, uint32_t *at, uint32_t code, uint32_t end)
{
    char how = r->norm->style.symbols;
    const nr_row *row = how == 'n' ? NULL : nr_table_find(r->norm->signs, nr_text(r, *at, end));
    bool lavish = row && nr_view_is(row->column[1], "all");
    if (row && (!lavish || how == 'a' || r->norm->style.verbatim)) {
        nr_say_fixed(r, row->column[0], *at, end);
        return nr_make(r, at, end, NR_CLASS_SYMBOL, "named sign");
    }
    bool picture = how == 'a' && code >= 0x2190 && u_charType((UChar32)code) == U_OTHER_SYMBOL;
    bool sign = r->norm->style.verbatim && code > 0x7F && U_MASK(u_charType((UChar32)code)) & (U_GC_S_MASK | U_GC_P_MASK);
    if (how == 'n' || !(picture || sign))
        return false;
    return say_unicode_name(r, *at, code, end) && nr_make(r, at, end, NR_CLASS_SYMBOL, "Unicode's name");
}

/* A sign that is named where punctuation is asked for aloud; where all is, by its name in Unicode if need be. A line of
 * them is counted: "twenty dash". */
static bool named_punctuation(nr_run *r, uint32_t *at, uint32_t code, uint32_t end)
{
    enum { LINE = 4 };
    char how = r->norm->style.punctuation, c = nr_at(r, *at);
    if (how == 'n' || !how)
        return false;
    const nr_row *row = nr_table_find(r->norm->signs, nr_text(r, *at, end));
    bool told = row && row->column[2].n && !(how == 's' && nr_view_is(row->column[1], "most"));
    uint32_t line = end;
    while (told && end == *at + 1 && line < r->end && r->text[line] == c)
        line++;
    if (line - *at >= LINE) {
        nr_say_number(r, NR_FORM_CARDINAL, line - *at, *at, line);
        end = line;
    }
    if (told)
        nr_say_fixed(r, row->column[2], *at, end);
    else if (row || how != 'a' || !say_unicode_name(r, *at, code, end))
        return false;
    return nr_make(r, at, end, NR_CLASS_SYMBOL, "punctuation aloud");
}

/* "①", "Ⅳ", "ⓗ", "ℝ": figures and letters in another dress. */
static bool dressed(nr_run *r, uint32_t *at, uint32_t code, uint32_t end)
{
    bool enclosed = (code >= 0x2460 && code <= 0x24FF) || (code >= 0x2776 && code <= 0x2793) || (code >= 0x1F130 && code <= 0x1F149);
    if (!enclosed && !(code >= 0x2102 && code <= 0x2188))
        return false;
    double value = u_getNumericValue((UChar32)code);
    if (value >= 0 && value < 10000 && value == (double)(uint64_t)value) {
        nr_say_number(r, NR_FORM_CARDINAL, (uint64_t)value, *at, end);
        return nr_make(r, at, end, NR_CLASS_CARDINAL, "dressed figure");
    }
    UErrorCode e = U_ZERO_ERROR;
    UChar plain[4];
    int32_t n = unorm2_getDecomposition(unorm2_getNFKCInstance(&e), (UChar32)code, plain, 4, &e);
    char letter = U_SUCCESS(e) && n == 1 && plain[0] < 0x80 ? (char)plain[0] : 0;
    if (!nr_ascii_alpha(letter))
        return false;
    letter &= ~32;
    char *copy = nr_arena_alloc(r->arena, 1);
    if (!copy)
        return false;
    *copy = letter;
    nr_say_letters(r, (nr_view){copy, 1}, *at, end);
    return nr_make(r, at, end, NR_CLASS_LETTERS, "dressed letter");
}

/* "★★★★☆": how many stars of how many. */
static bool stars(nr_run *r, uint32_t *at)
{
    uint32_t full = 0, empty = 0, p = *at;
    for (; nr_stands(r, p, "\xE2\x98\x85") && full < 10; p += 3)
        full++;
    for (; nr_stands(r, p, "\xE2\x98\x86") && empty < 10; p += 3)
        empty++;
    bool counted = *at > r->start && nr_ascii_digit(r->text[*at - 1]) && full == 1 && !empty; /* "4★" */
    if (counted) {
        nr_say_s(r, nr_starts_lower(nr_next_word(r, p)) || r->text[*at - 1] == '1' ? "star" : "stars", *at, p);
        return nr_make(r, at, p, NR_CLASS_SYMBOL, "stars");
    }
    if (full + empty < 3 || !full)
        return false;
    nr_say_number(r, NR_FORM_CARDINAL, full, *at, p);
    if (empty) {
        nr_say_s(r, "out of", *at, p);
        nr_say_number(r, NR_FORM_CARDINAL, full + empty, *at, p);
    }
    nr_say_s(r, "stars", *at, p);
    return nr_make(r, at, p, NR_CLASS_SYMBOL, "stars");
}

/* "======", "+---+": signs that draw a line or a frame; where punctuation is wanted aloud they are counted. */
static bool drawn(nr_run *r, uint32_t *at)
{
    char c = nr_at(r, *at);
    uint32_t end = *at + 1;
    if (!c || !strchr("=+&$%#@", c))
        return false;
    while (end < r->end && r->text[end] == c)
        end++;
    bool frame = c == '+' && (nr_stands(r, end, "--") || (*at >= r->start + 2 && memcmp(r->text + *at - 2, "--", 2) == 0));
    if (end - *at < 3 && !frame)
        return false;
    bool aloud = r->norm->style.punctuation && r->norm->style.punctuation != 'n';
    const nr_row *row = aloud ? nr_table_find(r->norm->signs, nr_text(r, *at, *at + 1)) : NULL;
    if (row || (aloud && c == '#')) {
        nr_say_number(r, NR_FORM_CARDINAL, end - *at, *at, end);
        nr_say_fixed(r, row ? row->column[0] : NR_LIT("hash"), *at, end);
    }
    return nr_make(r, at, end, r->word_count ? NR_CLASS_SYMBOL : NR_CLASS_PUNCTUATION, "drawn line");
}

/* "got a B-": a mark; but "A- and B-roads". */
static bool grade(nr_run *r, uint32_t *at)
{
    char letter = *at > r->start ? r->text[*at - 1] : '\0';
    if (nr_at(r, *at) != '-' || letter < 'A' || letter > 'F' || !nr_begins_word(r, *at - 1) || !nr_ends_word(r, *at + 1) || nr_dash_at(r, *at + 1))
        return false;
    if (nr_digit_at(r, nr_skip_blank(r, *at + 1)) || nr_at(r, *at + 1) == ',' || nr_in_list(nr_next_word(r, *at + 1), "and or to"))
        return false;
    nr_say_s(r, "minus", *at, *at + 1);
    return nr_make(r, at, *at + 1, NR_CLASS_SYMBOL, "grade");
}

/* For who reads every character, emoji have their Unicode names; a pair of letters of a flag is one. */
static bool emoji(nr_run *r, uint32_t *at, uint32_t code, uint32_t end)
{
    enum { FLAG_A = 0x1F1E6, FLAG_Z = 0x1F1FF, SKIN = 0x1F3FB, SKINS = 5 };
    if (code >= FLAG_A && code <= FLAG_Z) {
        char *letter = nr_arena_alloc(r->arena, 1);
        bool first = *at < r->start + 4 || memcmp(r->text + *at - 4, "\xF0\x9F\x87", 3) != 0;
        if (!letter)
            return false;
        *letter = (char)('A' + (code - FLAG_A));
        if (first)
            nr_say_s(r, "flag", *at, end);
        nr_say_letters(r, (nr_view){letter, 1}, *at, end);
        return nr_make(r, at, end, NR_CLASS_SYMBOL, "flag");
    }
    if (code >= SKIN && code < SKIN + SKINS)
        return nr_make(r, at, end, NR_CLASS_SILENT, "colour of skin");
    if (!u_hasBinaryProperty((UChar32)code, UCHAR_EMOJI_PRESENTATION))
        return false;
    return say_unicode_name(r, *at, code, end) && nr_make(r, at, end, NR_CLASS_SYMBOL, "emoji");
}

bool nr_rule_symbol(nr_run *r, uint32_t *at)
{
    int length;
    uint32_t code = nr_utf8_decode(r->text + *at, r->text + r->end, &length), end = *at + (uint32_t)length;
    if ((code == ',' || code == '.') && (!r->norm->style.punctuation || r->norm->style.punctuation == 'n')) { /* most, at once */
        while (end < r->end && r->text[end] == r->text[*at])
            end++;
        return nr_make(r, at, end, NR_CLASS_PUNCTUATION, "punctuation");
    }
    if (nr_stands(r, *at, "\xC2\xA7\xC2\xA7")) { /* §§ */
        const nr_row *several = nr_table_find(r->norm->signs, nr_text(r, *at, *at + 4));
        nr_say_fixed(r, several ? several->column[0] : NR_LIT("sections"), *at, *at + 4);
        return nr_make(r, at, *at + 4, NR_CLASS_SYMBOL, "sections");
    }
    if (nr_at(r, *at) == '&' && nr_at(r, end) == 'c' && nr_ends_word(r, end + 1) && nr_begins_word(r, *at)) { /* "&c." */
        uint32_t stop = end + 1 + (nr_at(r, end + 1) == '.' && !nr_ends_sentence(r, end + 2));
        nr_say_s(r, "et cetera", *at, stop);
        return nr_make(r, at, stop, NR_CLASS_ABBREVIATION, "et cetera");
    }
    if (nr_at(r, *at) == '/' && nr_digit_at(r, end) && nr_previous_word(r, *at).n == 1 && (r->text[*at - 1] | 32) == 'f') /* f/1.8 */
        return nr_make(r, at, end, NR_CLASS_SILENT, "stroke of an aperture");
    if (code >= 0x2102 && (stars(r, at) || dressed(r, at, code, end) || ((r->norm->style.verbatim || r->norm->style.symbols == 'a') && emoji(r, at, code, end))))
        return true;
    if (nr_rule_chat_sign(r, at) || drawn(r, at) || grade(r, at))
        return true;
    if (nr_stands(r, *at, "+/-") && nr_digit_at(r, nr_skip_blank(r, *at + 3))) { /* "+/-3 points" */
        nr_say_s(r, "plus or minus", *at, *at + 3);
        return nr_make(r, at, *at + 3, NR_CLASS_SYMBOL, "plus or minus");
    }
    if (code == '$' && nr_begins_word(r, *at) && nr_ascii_upper(nr_at(r, end)) && nr_ascii_upper(nr_at(r, end + 1)) && nr_letters_end(r, end) <= end + 5 && nr_ends_word(r, nr_letters_end(r, end)))
        return nr_make(r, at, end, NR_CLASS_SILENT, "sign of a share"); /* $TSLA */
    if (code == 0xB0 && r->norm->style.symbols != 'a' && !(*at > r->start && (nr_ascii_digit(r->text[*at - 1]) || nr_ascii_space(r->text[*at - 1]))))
        return nr_make(r, at, end, NR_CLASS_SILENT, "no degrees");
    if (dash_between_figures(r, at) || dash_of_range(r, at) || colon_of_ratio(r, at) || note_mark(r, at) || nr_rule_raised(r, at, code, end) || nr_rule_operator(r, at) || stroke(r, at))
        return true;
    const nr_token *last = r->count ? &r->tokens[r->count - 1] : NULL;
    if (nr_at(r, *at) == '#' && nr_digit_at(r, end) && last && last->span.end + 1 == *at &&
        (last->word_count == 1 ? nr_in_list(last->words[0].say, "number numbers") : nr_in_list(nr_part(r, last->span), "number numbers"))) /* "No. #5" */
        return nr_make(r, at, end, NR_CLASS_SILENT, "number again");
    const char *said = sign_before_figure(r, *at, end);
    if (said) {
        nr_say_s(r, said, *at, end);
        return nr_make(r, at, end, NR_CLASS_SYMBOL, "sign before a figure");
    }
    bool behind = *at > r->start && nr_ascii_digit(r->text[*at - 1]);
    const char *part = code >= 0xBC ? nr_vulgar(r, (nr_span){*at, end}, behind) : NULL;
    if (part) {
        if (behind)
            nr_say_s(r, "and", *at, end);
        nr_say_s(r, part, *at, end);
        return nr_make(r, at, behind ? end : nr_say_unit_of_part(r, end), NR_CLASS_FRACTION, "fraction sign");
    }
    if (is_punctuation(code)) {
        if (named_punctuation(r, at, code, end))
            return true;
        while (length == 1 && end < r->end && r->text[end] == r->text[*at]) /* "....", "****": one */
            end++;
        return nr_make(r, at, end, NR_CLASS_PUNCTUATION, "punctuation");
    }
    return named(r, at, code, end) || nr_make(r, at, end, NR_CLASS_SILENT, "no sound");
}
