/* Words: abbreviations, letters, Roman numerals; and those that are said as they are written. */
#include <stdlib.h>

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "normalise/engine.h"

enum { ABBREVIATION_MAX = 32, CAPITALS_MAX = 30 };

static bool put(nr_run *r, uint32_t *at, uint32_t end, nr_class class, const char *rule)
{
    nr_make(r, class, rule, *at, end);
    *at = end;
    return true;
}

/* ---------------------------------------------------------------- the word's extent */

/* An apostrophe with a letter behind it: its length. */
static uint32_t apostrophe_at(const nr_run *r, uint32_t at)
{
    uint32_t n = nr_at(r, at) == '\'' ? 1 : nr_stands(r, at, "\xE2\x80\x99") ? 3 : 0;
    return n && nr_letter_at(r, at + n) ? n : 0;
}

/* A letter or mark beyond ASCII, as far as a voice can make something of it. */
static uint32_t wide_letter_at(const nr_run *r, uint32_t at)
{
    int length;
    if ((unsigned char)nr_at(r, at) < 0xC3)
        return 0;
    uint32_t code = nr_utf8_decode(r->text + at, r->text + r->end, &length);
    bool letter = (code >= 0xC0 && code <= 0x1FFF && code != 0xD7 && code != 0xF7) || (code >= 0x2C00 && code <= 0x2DFF) ||
                  (code >= 0x3040 && code <= 0xD7FF) || (code >= 0xF900 && code <= 0xFDFF) ||
                  (code >= 0xFB00 && code <= 0xFB06) || (code >= 0xFF10 && code <= 0xFFDC) ||
                  (code >= 0x1D400 && code <= 0x1D7FF) || (code >= 0x20000 && code <= 0x3FFFF);
    return letter ? (uint32_t)length : 0;
}

static uint32_t word_end(const nr_run *r, uint32_t at)
{
    for (;;) {
        uint32_t n = nr_ascii_alpha(nr_at(r, at)) ? 1 : wide_letter_at(r, at);
        if (!n)
            n = apostrophe_at(r, at);
        if (!n && nr_stands(r, at, "\xC2\xAD")) /* a soft hyphen is inside a word */
            n = 2;
        if (!n)
            return at;
        at += n;
    }
}

/* ---------------------------------------------------------------- letters */

/* "U.S.", "J.K.", "a.m.": letters with a stop after each. The end, 0 when it is no such thing. */
static uint32_t dotted_end(const nr_run *r, uint32_t at)
{
    uint32_t p = at, letters = 0;
    while (nr_ascii_alpha(nr_at(r, p)) && nr_at(r, p + 1) == '.') {
        p += 2;
        letters++;
    }
    if (letters >= 1 && nr_ascii_alpha(nr_at(r, p)) && nr_ends_word(r, p + 1) && letters + 1 >= 2) { /* "U.S" */
        p++;
        letters++;
    }
    return letters >= 2 && nr_ends_word(r, p) ? p : 0;
}

static bool dotted(nr_run *r, uint32_t *at)
{
    uint32_t end = dotted_end(r, *at);
    if (!end)
        return false;
    char letters[64];
    size_t n = 0;
    for (uint32_t i = *at; i < end && n < sizeof letters - 3; i++)
        if (nr_ascii_alpha(r->text[i]))
            letters[n++] = (char)(r->text[i] & ~32);
    uint32_t mark = apostrophe_at(r, end);
    if (mark && nr_at(r, end + mark) == 's' && nr_ends_word(r, end + mark + 1)) {
        letters[n++] = '\'';
        letters[n++] = 's';
        end += mark + 1;
    }
    nr_say_letters(r, (nr_view){letters, n}, *at, end);
    return put(r, at, end, NR_CLASS_LETTERS, "dotted letters");
}

static bool vowel(char c) { return c && strchr("AEIOUaeiou", c) != NULL; }

/* Whether an unknown word in capitals is better spelled: short, or without the vowels that would make it a word. */
static bool looks_spelled(nr_view word)
{
    size_t vowels = 0;
    for (size_t i = 0; i < word.n; i++)
        vowels += vowel(word.p[i]) || (i && (word.p[i] == 'Y'));
    if (word.n <= 3)
        return true;
    if (word.n == 4)
        return vowels == 0 || !(vowel(word.p[1]) && (vowel(word.p[3]) || !vowel(word.p[0])) && vowels >= 2) ;
    return vowels == 0 || vowels * 5 < word.n;
}

/* A plural or possessive behind capitals: "MPs", "BBC's". The length of the capitals and of the whole. */
static bool capitals_at(const nr_run *r, uint32_t at, uint32_t *capitals, uint32_t *end, const char **suffix)
{
    uint32_t p = at;
    while (nr_ascii_upper(nr_at(r, p)) || (nr_at(r, p) == '&' && p > at && nr_ascii_upper(nr_at(r, p + 1))))
        p++;
    *capitals = p;
    *end = p;
    *suffix = "";
    if (p - at < 2 || p - at > CAPITALS_MAX) /* longer ones are nobody's letters */
        return false;
    uint32_t mark = apostrophe_at(r, p);
    if (nr_at(r, p + mark) == 's' && nr_ends_word(r, p + mark + 1)) {
        *end = p + mark + 1;
        *suffix = mark ? "'s" : "s";
    }
    return nr_ends_word(r, *end);
}

static void say_with_suffix(nr_run *r, nr_view word, const char *suffix, bool letters, uint32_t from, uint32_t to)
{
    nr_buffer b = NR_BUFFER_INIT(UINT32_MAX);
    nr_buffer_put_view(&b, word);
    nr_buffer_put_string(&b, suffix);
    if (b.failed)
        r->failed = b.failed;
    else if (letters)
        nr_say_letters(r, nr_buffer_view(&b), from, to);
    else
        nr_say(r, nr_buffer_view(&b), from, to);
    nr_buffer_free(&b);
}

/* "NATO": said as a word, "Nato", which no voice spells. */
static void say_as_word(nr_run *r, nr_view word, const char *suffix, uint32_t from, uint32_t to)
{
    char text[40];
    size_t n = word.n < sizeof text ? word.n : sizeof text - 1;
    for (size_t i = 0; i < n; i++)
        text[i] = i ? nr_ascii_lower(word.p[i]) : word.p[i];
    say_with_suffix(r, (nr_view){text, n}, suffix, false, from, to);
}

/* "R&D", "AT&T": letters and "and". */
static void say_ampersand_letters(nr_run *r, uint32_t from, uint32_t capitals, const char *suffix, uint32_t end)
{
    for (uint32_t p = from; p < capitals;) {
        uint32_t q = p;
        while (q < capitals && r->text[q] != '&')
            q++;
        say_with_suffix(r, nr_text(r, p, q), q == capitals ? suffix : "", true, p, q == capitals ? end : q);
        if (q < capitals)
            nr_say_s(r, "and", q, q + 1);
        p = q + 1;
    }
}

static bool capitals(nr_run *r, uint32_t *at)
{
    uint32_t caps, end;
    const char *suffix;
    if (!capitals_at(r, *at, &caps, &end, &suffix))
        return false;
    nr_view word = nr_text(r, *at, caps);
    const nr_row *known = nr_table_find(r->norm->acronyms, word);
    if (known && known->column[0].n) {
        nr_buffer b = NR_BUFFER_INIT(200);
        nr_buffer_put_view(&b, known->column[0]);
        nr_buffer_put_string(&b, suffix);
        nr_say(r, nr_buffer_view(&b), *at, end);
        nr_buffer_free(&b);
    } else if (memchr(word.p, '&', word.n)) {
        say_ampersand_letters(r, *at, caps, suffix, end);
    } else if (known || (r->headline && (word.n > 3 || vowel(word.p[0]) || vowel(word.p[1])) && !nr_in_list(word, "BBC UK EU MP MPS FBI UN TV PM NHS")) || !looks_spelled(word)) {
        say_as_word(r, word, suffix, *at, end);
    } else {
        say_with_suffix(r, word, suffix, true, *at, end);
        return put(r, at, end, NR_CLASS_LETTERS, "capitals");
    }
    return put(r, at, end, NR_CLASS_ABBREVIATION, known ? "known acronym" : "capitals as a word");
}

/* "F-16", "COVID-19", "G20", "M25", "H2O", "CO2", "MP3" */
static bool letters_digits(nr_run *r, uint32_t *at)
{
    uint32_t letters = *at;
    while (nr_ascii_upper(nr_at(r, letters)))
        letters++;
    uint32_t dash = nr_dash_at(r, letters), digits = letters + dash, end = nr_digits_end(r, digits);
    nr_view word = nr_text(r, *at, letters);
    if (!word.n || word.n > 6 || end == digits || (nr_letter_at(r, end) && !nr_ascii_upper(nr_at(r, end)) && nr_at(r, end) != 's'))
        return false;
    const nr_row *known = nr_table_find(r->norm->acronyms, word);
    if (known && known->column[0].n)
        nr_say(r, known->column[0], *at, letters);
    else if (known || (word.n > 3 && !looks_spelled(word)))
        say_as_word(r, word, "", *at, letters);
    else
        nr_say_letters(r, word, *at, letters);
    size_t count = end - digits;
    nr_view number = nr_text(r, digits, end);
    if (count == 3 && number.p[1] == '0' && number.p[0] != '0') { /* A303 */
        nr_say_digits(r, number, true, digits, end);
    } else if (count <= 2 && number.p[0] != '0') {
        nr_say_figure(r, number, digits, end);
    } else if (count == 4 && number.p[0] != '0') {
        nr_say_number(r, NR_FORM_YEAR, nr_value(number), digits, end);
    } else if (count == 3 && number.p[0] != '0' && number.p[1] != '0') { /* A320: three twenty */
        nr_say_digits(r, (nr_view){number.p, 1}, false, digits, end);
        nr_say_figure(r, (nr_view){number.p + 1, 2}, digits, end);
    } else {
        nr_say_digits(r, number, true, digits, end);
    }
    uint32_t tail = end;
    while (nr_ascii_upper(nr_at(r, tail)))
        tail++;
    if (tail > end) {
        nr_say_letters(r, nr_text(r, end, tail), end, tail);
    } else if (nr_at(r, tail) == 's' && nr_ends_word(r, tail + 1) && r->word_count) { /* F-16s */
        nr_word last = r->words[--r->word_count];
        tail++;
        bool six = nr_view_ends(last.say, NR_LIT("six")), y = nr_view_ends(last.say, NR_LIT("y"));
        last.say.n -= y;
        say_with_suffix(r, last.say, six ? "es" : y ? "ies" : "s", false, digits, tail);
    }
    return put(r, at, tail, NR_CLASS_LETTERS, "letters and digits");
}

/* ---------------------------------------------------------------- Roman numerals */

static int roman_value(nr_view v)
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

/* "when Charles I think of" */
static bool is_speaker(nr_view next)
{
    return nr_in_list(next, "am have had think know knew saw say said believe want hope love like remember used do did can could will would should feel felt");
}

static bool roman(nr_run *r, uint32_t *at)
{
    uint32_t end = *at;
    while (nr_at(r, end) && strchr("IVXLCM", nr_at(r, end)))
        end++;
    nr_view word = nr_text(r, *at, end), before = nr_previous_word(r, *at);
    uint32_t mark = apostrophe_at(r, end);
    bool possessive = mark && nr_at(r, end + mark) == 's' && nr_ends_word(r, end + mark + 1);
    int value = end > *at && (possessive || nr_ends_word(r, end)) ? roman_value(word) : 0;
    if (!value || !before.n || nr_dash_at(r, end))
        return false;
    bool thing = nr_in_list(before, "war act part chapter volume book scene section title article phase stage type class mark level grade "
                                    "bowl apollo gemini rocky episode appendix annex schedule tier league henry's final fantasy vol");
    if (thing && nr_in_list(before, "class grade level type") && word.n == 1 && word.p[0] == 'C')
        return false;
    bool king = !thing && nr_ascii_upper(before.p[0]) && before.n > 2 && value < 40 && word.n >= 2 && before.p[1] >= 'a' &&
                !nr_in_list(before, "the vitamin malcolm and");
    if (!king && !thing)
        king = nr_in_list(before, "henry charles george edward william james elizabeth louis richard philip frederick napoleon pius "
                                  "benedict francis paul leo gregory catherine peter alexander nicholas ivan mary pope king queen") &&
               value < 40 && nr_ascii_upper(before.p[0]) && (word.n > 1 || word.p[0] != 'I' || !is_speaker(nr_next_word(r, end)));
    if (!king && !thing)
        return false;
    uint32_t to = possessive ? end + mark + 1 : end;
    if (king)
        nr_say_s(r, "the", *at, end);
    nr_say_number(r, king ? NR_FORM_ORDINAL : NR_FORM_CARDINAL, (uint64_t)value, *at, end);
    if (possessive && r->word_count) {
        nr_word last = r->words[--r->word_count];
        say_with_suffix(r, last.say, "'s", false, *at, to);
    }
    return put(r, at, to, NR_CLASS_ROMAN, king ? "ruler" : "numbered thing");
}

/* ---------------------------------------------------------------- abbreviations */

static bool starts_upper(nr_view v) { return v.n && nr_ascii_upper(v.p[0]); }

/* Whether an abbreviation of this kind means itself here. `stop`: it has its full stop. */
static bool fits(const nr_run *r, nr_view kind, uint32_t at, uint32_t end, bool stop)
{
    nr_view next = nr_next_word(r, end), before = nr_previous_word(r, at);
    uint32_t p = nr_skip_blank(r, end);
    if (nr_view_is(kind, "title"))
        return starts_upper(next) || nr_digit_at(r, p);
    if (nr_view_is(kind, "number"))
        return nr_digit_at(r, p) && (p > end || stop);
    if (nr_view_is(kind, "street"))
        return starts_upper(before) || (before.n && nr_ascii_digit(before.p[0]));
    if (nr_view_is(kind, "day"))
        return stop || (nr_digit_at(r, p) && !starts_upper(before));
    if (nr_view_is(kind, "place"))
        return stop || (at > 1 && r->text[at - 2] == ',');
    return !nr_view_is(kind, "dotted") || stop;
}

/* "St" and "Dr" are titles before a name, streets after one. */
static bool street_or_title(nr_run *r, uint32_t *at, uint32_t end, uint32_t word)
{
    bool saint = nr_view_is(nr_text(r, *at, word), "St"), doctor = nr_view_is(nr_text(r, *at, word), "Dr");
    if (!saint && !doctor)
        return false;
    nr_view next = nr_next_word(r, end), before = nr_previous_word(r, *at);
    bool touching = nr_skip_blank(r, end) > end;
    bool street = starts_upper(before) && *at > 0 && !(touching && starts_upper(next) && !nr_in_list(before, "street road"));
    if (starts_upper(before) && touching && starts_upper(next)) /* "14 Andrews St London": a number stands before the name */
        street = false;
    if (!street && !(touching && starts_upper(next)) && !(starts_upper(before)))
        return false;
    nr_say_s(r, saint ? (street ? "Street" : "Saint") : (street ? "Drive" : "Doctor"), *at, end);
    return put(r, at, end, NR_CLASS_ABBREVIATION, street ? "street after a name" : "title before a name");
}

static bool abbreviation(nr_run *r, uint32_t *at)
{
    uint32_t word = nr_letters_end(r, *at);
    uint32_t inner = word;
    while (inner - *at < ABBREVIATION_MAX && nr_at(r, inner) == '.' && nr_ascii_alpha(nr_at(r, inner + 1))) /* "e.g", "Ph.D" */
        inner = nr_letters_end(r, inner + 1);
    const nr_row *row = inner > word ? nr_table_find(r->norm->abbreviations, nr_text(r, *at, inner)) : NULL;
    if (row)
        word = inner;
    else if (word > *at && (nr_ends_word(r, word)) && !apostrophe_at(r, word))
        row = nr_table_find(r->norm->abbreviations, nr_text(r, *at, word));
    if (!row)
        return false;
    bool stop = nr_at(r, word) == '.';
    uint32_t end = stop ? word + 1 : word;
    if (street_or_title(r, at, end, word))
        return true;
    if (!fits(r, row->column[1], *at, end, stop))
        return false;
    if (nr_view_is(row->column[1], "letters"))
        nr_say_letters(r, row->column[0], *at, end);
    else
        nr_say(r, row->column[0], *at, end);
    return put(r, at, end, NR_CLASS_ABBREVIATION, "abbreviation");
}

/* ---------------------------------------------------------------- the rest */

/* Compatibility characters (ligatures, mathematical alphabets, full-width letters) become letters. */
static bool fold(nr_run *r, uint32_t from, uint32_t end)
{
    enum { MOST = 300 };
    UChar wide[MOST], folded[MOST * 4];
    char out[MOST * 8];
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = 0, length = 0;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&e);
    u_strFromUTF8(wide, MOST, &n, r->text + from, (int32_t)(end - from), &e);
    n = U_FAILURE(e) ? 0 : unorm2_normalize(nfkc, wide, n, folded, MOST * 4, &e);
    u_strToUTF8(out, sizeof out, &length, folded, n, &e);
    if (U_FAILURE(e) || !length)
        return false;
    nr_buffer b = NR_BUFFER_INIT(sizeof out); /* without soft hyphens, too */
    for (int32_t i = 0; i < length; i++) {
        if (length - i >= 2 && memcmp(out + i, "\xC2\xAD", 2) == 0)
            i++;
        else
            nr_buffer_put_char(&b, out[i]);
    }
    nr_say(r, nr_buffer_view(&b), from, end);
    nr_buffer_free(&b);
    return r->word_count > 0;
}

static bool needs_folding(nr_view v)
{
    for (size_t i = 0; i + 1 < v.n; i++) {
        unsigned char a = (unsigned char)v.p[i], b = (unsigned char)v.p[i + 1];
        if ((a == 0xC2 && b == 0xAD) || (a == 0xEF && b >= 0xAC) || (a == 0xF0 && b == 0x9D))
            return true;
    }
    return false;
}

bool nr_rule_word(nr_run *r, uint32_t *at)
{
    char c = nr_at(r, *at);
    if (nr_ascii_alpha(c)) {
        if (abbreviation(r, at) || dotted(r, at))
            return true;
        if (nr_ascii_upper(c) && (roman(r, at) || letters_digits(r, at) || capitals(r, at)))
            return true;
        if (nr_at(r, *at + 1) == '.' && nr_ascii_upper(c) && nr_letter_at(r, nr_skip_blank(r, *at + 2)) &&
            nr_skip_blank(r, *at + 2) > *at + 2 && nr_ascii_upper(nr_at(r, nr_skip_blank(r, *at + 2)))) {
            nr_say_letters(r, nr_text(r, *at, *at + 1), *at, *at + 2); /* "J. Smith": the stop is the initial's */
            return put(r, at, *at + 2, NR_CLASS_LETTERS, "initial");
        }
    }
    uint32_t end = word_end(r, *at);
    if (end == *at)
        return nr_rule_symbol(r, at);
    if (needs_folding(nr_text(r, *at, end)) && fold(r, *at, end))
        return put(r, at, end, NR_CLASS_WORD, "folded");
    nr_unsay(r);
    return put(r, at, end, NR_CLASS_WORD, "word");
}
