#include "read/language.h"

#include <stdio.h>
#include <stdlib.h>
#include <unicode/uchar.h>

#include "base/error.h"
#include "base/utf8.h"

/* WORDS are looked at; below FEW nothing is told. PLAIN: of a hundred words, so many are common ones. */
enum { WORDS = 400, FEW = 40, PLAIN = 20, FEW_LETTERS = 60, LONGEST = 40 };

static const char *const languages[] = {"en", "de", "fr", "es", "it", "pt", "nl"};
enum { LANGUAGES = sizeof languages / sizeof *languages };

/* Scripts that tell the language, or nearly. */
typedef enum script { LATIN, CYRILLIC, GREEK, HEBREW, ARABIC, THAI, KANA, HAN, HANGUL, OTHER, SCRIPTS } script;

struct nr_language_tally {
    nr_table *common[LANGUAGES];
    uint32_t words, hits[LANGUAGES], letters, of_script[SCRIPTS];
    bool russian, persian; /* letters that others of their script do not have */
};

nr_status nr_language_tally_new(nr_language_tally **out, nr_error *err)
{
    nr_language_tally *t = calloc(1, sizeof *t);
    if (!t)
        return nr_fail_memory(err);
    nr_status s = NR_OK;
    for (int i = 0; i < LANGUAGES && !s; i++) {
        char path[32];
        snprintf(path, sizeof path, "%s/common.tsv", languages[i]);
        s = nr_table_new(&t->common[i], err);
        s = s ? s : nr_table_add_builtin(t->common[i], path, 1, NULL, err);
    }
    if (s)
        nr_language_tally_free(t);
    *out = s ? NULL : t;
    return s;
}

void nr_language_tally_free(nr_language_tally *t)
{
    for (int i = 0; t && i < LANGUAGES; i++)
        nr_table_free(t->common[i]);
    free(t);
}

static script script_of(uint32_t c)
{
    static const struct {
        uint32_t from, to;
        script script;
    } ranges[] = {{0x41, 0x24F, LATIN},      {0x370, 0x3FF, GREEK},    {0x400, 0x52F, CYRILLIC}, {0x590, 0x5FF, HEBREW},
                  {0x600, 0x6FF, ARABIC},    {0xE00, 0xE7F, THAI},     {0x1E00, 0x1EFF, LATIN},  {0x3040, 0x30FF, KANA},
                  {0x4E00, 0x9FFF, HAN},     {0xAC00, 0xD7A3, HANGUL}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return ranges[i].script;
    return OTHER;
}

static void count_letter(nr_language_tally *t, uint32_t c)
{
    t->letters++;
    t->of_script[script_of(c)]++;
    t->russian = t->russian || c == 0x44B || c == 0x44D || c == 0x451; /* ы э ё */
    t->persian = t->persian || c == 0x67E || c == 0x686 || c == 0x6AF || c == 0x6CC || c == 0x6D2;
}

static void count_word(nr_language_tally *t, nr_view word)
{
    uint64_t hash = nr_table_hash(word);
    t->words++;
    for (int i = 0; i < LANGUAGES; i++)
        t->hits[i] += nr_table_find_hashed(t->common[i], word, hash) != NULL;
}

bool nr_language_tally_add(nr_language_tally *t, nr_view text)
{
    char word[LONGEST];
    size_t n = 0;
    const char *p = text.p, *end = text.n ? text.p + text.n : text.p;
    for (bool letter = true; (p < end || letter) && t->words < WORDS && t->letters < WORDS * 10;) {
        int length = 0;
        uint32_t c = p < end ? nr_utf8_decode(p, end, &length) : 0;
        p += length;
        letter = c && u_isalpha((UChar32)c);
        if (letter) {
            count_letter(t, c);
            if (n + 4 < sizeof word)
                n += (size_t)nr_utf8_encode(word + n, (uint32_t)u_tolower((UChar32)c));
        } else if (n) {
            count_word(t, (nr_view){word, n});
            n = 0;
        }
    }
    return t->words < WORDS && t->letters < WORDS * 10;
}

/* A language whose script is not Latin; NULL when it is, or several share it. */
static const char *by_script(const nr_language_tally *t)
{
    const uint32_t *of = t->of_script;
    uint32_t most = t->letters / 10 * 6;
    if (of[KANA] + of[HAN] > most)
        return of[KANA] * 20 > t->letters ? "ja" : "zh";
    if (of[CYRILLIC] > most)
        return t->russian ? "ru" : NULL;
    if (of[ARABIC] > most)
        return t->persian ? NULL : "ar";
    return of[HANGUL] > most ? "ko" : of[GREEK] > most ? "el" : of[HEBREW] > most ? "he" : of[THAI] > most ? "th" : NULL;
}

static int index_of(const char *tag)
{
    nr_view v = nr_view_of(tag);
    for (int i = 0; v.n >= 2 && i < LANGUAGES; i++)
        if (nr_view_eq_nocase((nr_view){v.p, 2}, nr_view_of(languages[i])) && (v.n == 2 || v.p[2] == '-' || v.p[2] == '_'))
            return i;
    return -1;
}

static const char *by_words(const nr_language_tally *t, int declared)
{
    int best = 0;
    uint32_t second = 0;
    for (int i = 1; i < LANGUAGES; i++)
        best = t->hits[i] > t->hits[best] ? i : best;
    for (int i = 0; i < LANGUAGES; i++)
        second = i != best && t->hits[i] > second ? t->hits[i] : second;
    bool plain = t->words >= FEW && t->hits[best] * 100 >= t->words * PLAIN && second * 4 <= t->hits[best] * 3;
    if (declared >= 0)
        plain = plain && t->hits[declared] * 2 <= t->hits[best];
    return plain && best != declared ? languages[best] : NULL;
}

const char *nr_language_other(const nr_language_tally *t, const char *declared)
{
    int index = declared ? index_of(declared) : -1;
    if ((declared && index < 0) || t->letters < FEW_LETTERS)
        return NULL;
    if (t->of_script[LATIN] * 10 < t->letters * 4)
        return by_script(t);
    return by_words(t, index);
}
