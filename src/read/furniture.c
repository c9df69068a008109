#include "read/furniture.h"

#include <stdlib.h>
#include <unicode/uchar.h>

#include "base/error.h"
#include "base/table.h"
#include "base/utf8.h"

static const char *const files[] = {"en/furniture.tsv", "de/furniture.tsv", "fr/furniture.tsv", "es/furniture.tsv",
                                    "pt/furniture.tsv", "it/furniture.tsv", "nl/furniture.tsv", "ru/furniture.tsv",
                                    "pl/furniture.tsv", "sv/furniture.tsv", "tr/furniture.tsv", "ar/furniture.tsv",
                                    "hi/furniture.tsv", "zh/furniture.tsv", "ja/furniture.tsv", "ko/furniture.tsv"};
enum { LANGUAGES = sizeof files / sizeof *files, PREFIX_WORDS = 8 };

/* What ends a word of a phrase besides a space. */
static bool is_border(char c) { return c && strchr(",:;?!]=", c) != NULL; }

/* What phrases that begin with a word can be: most words begin none. */
typedef struct opening {
    uint64_t hash; /* of the word, 0 for none */
    unsigned bits;
} opening;

struct nr_furniture {
    nr_table *table[LANGUAGES];
    opening *openings; /* open addressing */
    size_t mask;
};

static const struct {
    const char *name;
    unsigned bit;
} classes[] = {
    {"whole", NR_PHRASE_WHOLE},     {"start", NR_PHRASE_START}, {"caption", NR_PHRASE_CAPTION},
    {"credit", NR_PHRASE_CREDIT},   {"by", NR_PHRASE_BY},       {"dated", NR_PHRASE_DATED},
    {"changed", NR_PHRASE_CHANGED}, {"among", NR_PHRASE_AMONG}, {"month", NR_PHRASE_MONTH},
    {"weekday", NR_PHRASE_WEEKDAY}, {"tail", NR_PHRASE_TAIL},   {"call", NR_PHRASE_CALL},
    {"service", NR_PHRASE_SERVICE}, {"within", NR_PHRASE_WITHIN},   {"compound", NR_PHRASE_COMPOUND},
    {"wall", NR_PHRASE_WALL},       {"robot", NR_PHRASE_ROBOT},
    {"notes", NR_PHRASE_NOTES},
};

static unsigned class_bit(nr_view word)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (nr_view_is(word, classes[i].name))
            return classes[i].bit;
    return 0;
}

/* The bits of "whole tail"; 0 when a word is unknown. */
static unsigned class_bits(nr_view v)
{
    unsigned bits = 0;
    while (v.n) {
        const char *space = nr_view_find_byte(v, ' ');
        nr_view word = {v.p, space ? (size_t)(space - v.p) : v.n};
        unsigned bit = class_bit(word);
        if (!bit)
            return 0;
        bits |= bit;
        v.p += word.n + (space ? 1 : 0);
        v.n -= word.n + (space ? 1 : 0);
    }
    return bits;
}

static nr_view first_word(nr_view phrase)
{
    size_t n = 1;
    while (n < phrase.n && phrase.p[n] != ' ' && !is_border(phrase.p[n]))
        n++;
    return (nr_view){phrase.p, phrase.n ? n : 0};
}

static opening *find_opening(const nr_furniture *f, nr_view phrase)
{
    uint64_t hash = nr_table_hash(first_word(phrase)) | 1;
    size_t at = (hash >> 8) & f->mask;
    while (f->openings[at].hash && f->openings[at].hash != hash)
        at = (at + 1) & f->mask;
    return &f->openings[at];
}

static bool index_openings(nr_furniture *f)
{
    size_t rows = 0, cap = 64;
    for (int i = 0; i < LANGUAGES; i++)
        rows += nr_table_count(f->table[i]);
    while (cap < rows * 2)
        cap *= 2;
    f->mask = cap - 1;
    f->openings = calloc(cap, sizeof *f->openings);
    for (int i = 0; f->openings && i < LANGUAGES; i++)
        for (size_t k = 0; k < nr_table_count(f->table[i]); k++) {
            const nr_row *row = nr_table_row(f->table[i], k);
            opening *o = find_opening(f, row->key);
            o->hash = nr_table_hash(first_word(row->key)) | 1;
            o->bits |= class_bits(row->column[0]);
        }
    return f->openings != NULL;
}

static const char *check_row(const nr_row *row)
{
    return class_bits(row->column[0]) ? NULL : "its class is unknown (they are listed at the file's head)";
}

nr_status nr_furniture_open(nr_furniture **out, nr_error *err)
{
    nr_furniture *f = calloc(1, sizeof *f);
    if (!f)
        return nr_fail_memory(err);
    nr_status s = NR_OK;
    for (int i = 0; i < LANGUAGES && !s; i++) {
        s = nr_table_new(&f->table[i], err);
        if (!s)
            s = nr_table_add_builtin(f->table[i], files[i], 2, check_row, err);
    }
    if (!s && !index_openings(f))
        s = nr_fail_memory(err);
    if (s) {
        nr_furniture_close(f);
        f = NULL;
    }
    *out = f;
    return s;
}

void nr_furniture_close(nr_furniture *f)
{
    if (!f)
        return;
    for (int i = 0; i < LANGUAGES; i++)
        nr_table_free(f->table[i]);
    free(f->openings);
    free(f);
}

static int number_of(nr_view v)
{
    int n = 0;
    for (size_t i = 0; i < v.n && n < 1000; i++)
        n = n * 10 + (v.p[i] - '0');
    return n;
}

unsigned nr_furniture_find(const nr_furniture *f, nr_view phrase, int *value)
{
    unsigned bits = 0;
    uint64_t hash = nr_table_hash(phrase);
    for (int i = 0; i < LANGUAGES && phrase.n; i++) {
        const nr_row *row = nr_table_find_hashed(f->table[i], phrase, hash);
        if (!row)
            continue;
        unsigned found = class_bits(row->column[0]);
        if (value && row->column[1].n && !(bits & (NR_PHRASE_MONTH | NR_PHRASE_WEEKDAY)))
            *value = number_of(row->column[1]);
        else if (bits & NR_PHRASE_MONTH)
            found &= ~(unsigned)NR_PHRASE_WEEKDAY; /* a month in one language, a weekday in another: the first counts */
        else if (bits & NR_PHRASE_WEEKDAY)
            found &= ~(unsigned)NR_PHRASE_MONTH;
        bits |= found;
    }
    return bits;
}

/* ---------------------------------------------------------------- folding */

/* What may stand around a phrase without changing it: everything but letters, digits and signs that mean something. */
static bool is_trimmed(uint32_t c)
{
    if (c < 0x80)
        return !(nr_ascii_alpha((char)c) || nr_ascii_digit((char)c) || memchr("(@#$&:,/", (int)c, 8));
    return nr_code_is_space(c) || u_ispunct((UChar32)c) || u_charType((UChar32)c) == U_MATH_SYMBOL ||
           u_charType((UChar32)c) == U_OTHER_SYMBOL;
}

static uint32_t fold_code(uint32_t c)
{
    if (c == 0x2019 || c == 0x2018 || c == 0x02BC)
        return '\'';
    if (c == 0x3010 || c == 0x3011)
        return c == 0x3010 ? '[' : ']';
    if (c >= 0xFF01 && c <= 0xFF5E) /* the wide forms of ASCII */
        return fold_code(c - 0xFEE0);
    return c < 0x80 ? (uint32_t)(unsigned char)nr_ascii_lower((char)c) : (uint32_t)u_tolower((UChar32)c);
}

nr_view nr_furniture_fold(nr_view line, char *space)
{
    size_t n = 0, last = 0;
    bool gap = false;
    if (line.n > NR_FURNITURE_LINE - 8)
        return (nr_view){NULL, 0};
    for (const char *p = line.p, *end = line.p + line.n; p < end && n < NR_FURNITURE_LINE - 8;) {
        int length;
        uint32_t c = nr_utf8_decode(p, end, &length);
        p += length;
        bool copyright = c == 0xA9;
        if (nr_code_is_space(c)) {
            gap = n > 0;
            continue;
        }
        if (n == 0 && is_trimmed(c) && !copyright)
            continue;
        if (gap)
            space[n++] = ' ';
        gap = false;
        n += nr_utf8_encode(space + n, fold_code(c));
        if (!is_trimmed(c))
            last = n;
    }
    return (nr_view){space, last};
}

/* ---------------------------------------------------------------- lines */

/* The classes in `wanted` of the longest run of words at the line's start that is a phrase; *length its bytes. */
static unsigned find_start(const nr_furniture *f, nr_view folded, unsigned wanted, size_t *length)
{
    unsigned found = 0;
    int words = 0;
    if (!folded.n || !(find_opening(f, folded)->bits & wanted))
        return 0;
    for (size_t i = 1; i <= folded.n && words < PREFIX_WORDS; i++) {
        bool border = i == folded.n || folded.p[i] == ' ';
        if (!border && !strchr(":]=", folded.p[i - 1]) && !is_border(folded.p[i]))
            continue;
        if (border)
            words++;
        unsigned bits = nr_furniture_find(f, (nr_view){folded.p, i}, NULL) & wanted;
        if (bits) {
            found = bits;
            *length = i;
        }
    }
    return found;
}

/* "... at dawn. Picture: Bo Ek", "... (Photo: AP)": a credit and a name at the end. */
static bool ends_in_credit(const nr_furniture *f, nr_view folded)
{
    size_t from = folded.n > 70 ? folded.n - 70 : 1;
    for (size_t i = from; i < folded.n; i++) {
        if (folded.p[i - 1] != ' ')
            continue;
        size_t length;
        if (find_start(f, (nr_view){folded.p + i, folded.n - i}, NR_PHRASE_CREDIT, &length))
            return true;
    }
    return false;
}

/* A phrase of a class begins at any of the words of the text. */
static unsigned holds_phrase(const nr_furniture *f, nr_view folded, unsigned wanted)
{
    size_t length;
    unsigned found = 0;
    for (size_t i = 0; i < folded.n && !found; i++)
        if (i == 0 || folded.p[i - 1] == ' ' || folded.p[i - 1] == '(')
            found = find_start(f, (nr_view){folded.p + i, folded.n - i}, wanted, &length);
    return found;
}

unsigned nr_furniture_holds(const nr_furniture *f, nr_view line, unsigned wanted)
{
    char space[NR_FURNITURE_LINE];
    nr_view folded = nr_furniture_fold(line, space);
    return folded.p ? holds_phrase(f, folded, wanted) : 0;
}

static bool ends_sentence(nr_view line)
{
    line = nr_view_trim(line);
    return line.n && memchr(".!?", line.p[line.n - 1], 3);
}

/* "Copyright 2019 The Quay", "(c) 1998": with a year. */
static bool is_copyright(nr_view folded)
{
    static const nr_view marks[] = {NR_LIT("copyright "), NR_LIT("(c) "), NR_LIT("\xC2\xA9 ")};
    size_t n = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (nr_view_starts((nr_view){folded.p + n, folded.n - n}, marks[i]))
            n += marks[i].n;
    bool year = n && folded.n >= n + 4 && (memcmp(folded.p + n, "19", 2) == 0 || memcmp(folded.p + n, "20", 2) == 0);
    return year && nr_ascii_digit(folded.p[n + 2]) && nr_ascii_digit(folded.p[n + 3]) && folded.n < 200;
}

/* A start without a colon ("share on") may also open a sentence: then the line must be short and not end as one. */
static bool start_is_furniture(nr_view line, nr_view folded, size_t length)
{
    if (length == folded.n || folded.p[length - 1] == ':')
        return true;
    return folded.n < 100 || !ends_sentence(line) ? folded.n < 200 : false;
}

nr_line_kind nr_furniture_line(const nr_furniture *f, nr_view line)
{
    char space[NR_FURNITURE_LINE];
    nr_view folded = nr_furniture_fold(line, space);
    if (!folded.p)
        return NR_LINE_TEXT;
    if (nr_furniture_find(f, folded, NULL) & NR_PHRASE_WHOLE || is_copyright(folded))
        return NR_LINE_FURNITURE;
    if (folded.n && folded.p[folded.n - 1] == ':' &&
        nr_furniture_find(f, (nr_view){folded.p, folded.n - 1}, NULL) & NR_PHRASE_WHOLE)
        return NR_LINE_FURNITURE;
    size_t length = 0;
    unsigned start = find_start(f, folded, NR_PHRASE_START | NR_PHRASE_CAPTION, &length);
    if (start & NR_PHRASE_CAPTION)
        return NR_LINE_CAPTION;
    if (start && start_is_furniture(line, folded, length))
        return NR_LINE_FURNITURE;
    if (folded.n < 160 && holds_phrase(f, folded, NR_PHRASE_WITHIN))
        return NR_LINE_FURNITURE;
    bool copyright = nr_view_find(folded, NR_LIT("\xC2\xA9")) && folded.n < 200 && !ends_sentence(line);
    return copyright || ends_in_credit(f, folded) ? NR_LINE_CREDITED : NR_LINE_TEXT;
}

/* ---------------------------------------------------------------- calls */

static bool is_call(const nr_furniture *f, nr_view sentence)
{
    char space[NR_FURNITURE_LINE];
    size_t length;
    nr_view folded = nr_furniture_fold(sentence, space);
    int names_account = 0;
    if (!folded.p || !find_start(f, folded, NR_PHRASE_CALL, &length))
        return false;
    nr_furniture_find(f, (nr_view){folded.p, length}, &names_account);
    return (names_account && nr_view_find_byte(folded, '@')) ||
           holds_phrase(f, (nr_view){folded.p + length, folded.n - length}, NR_PHRASE_SERVICE);
}

bool nr_furniture_call(const nr_furniture *f, nr_view text)
{
    size_t start = 0;
    for (size_t i = 1; i <= text.n; i++) {
        bool end = i == text.n || (text.p[i] == ' ' && memchr(".!?", text.p[i - 1], 3));
        if (!end)
            continue;
        if (is_call(f, (nr_view){text.p + start, i - start}))
            return true;
        start = i;
    }
    return false;
}

bool nr_furniture_is_time(const nr_furniture *f, nr_view line)
{
    char space[NR_FURNITURE_LINE];
    size_t length = 0;
    nr_view v = line.n < 80 ? nr_furniture_fold(line, space) : (nr_view){NULL, 0};
    if (!v.p || !find_start(f, v, NR_PHRASE_DATED | NR_PHRASE_CHANGED, &length) || length == v.n)
        return false;
    bool digits = false;
    for (size_t i = length; i < v.n;) {
        const char *blank = memchr(v.p + i, ' ', v.n - i);
        size_t n = blank ? (size_t)(blank - v.p) - i : v.n - i;
        nr_view word = {v.p + i, n};
        if (n && nr_ascii_digit(word.p[0]))
            digits = true;
        else if (n && !(nr_furniture_find(f, word, NULL) & NR_PHRASE_AMONG) && !nr_view_is(word, "p.m.") &&
                 !nr_view_is(word, "a.m."))
            return false;
        i += n + 1;
    }
    return digits;
}

/* The line, but for a colon, is a phrase of the class. */
static bool is_heading(const nr_furniture *f, nr_view line, unsigned wanted)
{
    char space[NR_FURNITURE_LINE];
    nr_view folded = nr_furniture_fold(line, space);
    if (folded.n && folded.p[folded.n - 1] == ':')
        folded.n--;
    return folded.p && nr_furniture_find(f, folded, NULL) & wanted;
}

bool nr_furniture_tail(const nr_furniture *f, nr_view line) { return is_heading(f, line, NR_PHRASE_TAIL); }

bool nr_furniture_heads_notes(const nr_furniture *f, nr_view line) { return is_heading(f, line, NR_PHRASE_NOTES); }

bool nr_furniture_counted_tail(const nr_furniture *f, nr_view line)
{
    char space[NR_FURNITURE_LINE], *digits = space;
    nr_view v = nr_furniture_fold(line, space);
    size_t n = 0;
    while (v.p && n < v.n && (nr_ascii_digit(v.p[n]) || (n && v.p[n] == ',')))
        n++;
    if (n == 0)
        return false;
    digits += n - 1;
    *digits = '0';
    return nr_furniture_find(f, (nr_view){digits, v.n - n + 1}, NULL) & NR_PHRASE_TAIL;
}

nr_view nr_furniture_author(const nr_furniture *f, nr_view line)
{
    line = nr_view_trim(line);
    nr_view none = {NULL, 0};
    if (line.n > 150)
        return none;
    char space[NR_FURNITURE_LINE];
    for (size_t i = 1; i < line.n && i < 30; i++) {
        if (line.p[i] != ' ')
            continue;
        nr_view folded = nr_furniture_fold((nr_view){line.p, i}, space);
        nr_view rest = nr_view_trim((nr_view){line.p + i, line.n - i});
        bool capital = rest.n && ((unsigned char)rest.p[0] >= 0x80 || nr_ascii_upper(rest.p[0]));
        if (capital && nr_furniture_find(f, folded, NULL) & NR_PHRASE_BY)
            return rest;
    }
    return none;
}
