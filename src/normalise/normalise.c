/* The normaliser: its tables, and the walk over a span. */
#include "normalise/normalise.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "normalise/cldr.h"
#include "normalise/engine.h"

/* ---------------------------------------------------------------- tables */

static bool is_manner(nr_view kind)
{
    return nr_in_list(kind, "title either street number stopped year ordinal roman word dotted edition place state direction suffix letters before verse credit");
}

static const char *check_abbreviation(const nr_row *row)
{
    bool good = is_manner(row->column[1]) && (!row->column[3].n || is_manner(row->column[3]));
    return good ? NULL
                : "the third column is title, either, street, number, stopped, year, ordinal, roman, word, dotted, edition, place, state, direction, suffix, letters, verse, credit or before, and so is the fifth where there is one";
}

/* The bits of a row of context.tsv; 0 with *bad set when a word is none of them. */
static uint32_t kinds_of(nr_view list, bool *bad)
{
    uint32_t kinds = 0;
    for (size_t i = 0, n; i < list.n; i += n + 1) {
        for (n = 0; i + n < list.n && list.p[i + n] != ' ';)
            n++;
        int k = 0;
        while (nr_kind_names[k] && !nr_view_eq((nr_view){list.p + i, n}, nr_view_of(nr_kind_names[k])))
            k++;
        *bad = *bad || !nr_kind_names[k];
        kinds |= nr_kind_names[k] ? 1u << k : 0;
    }
    return kinds;
}

static const char *check_context(const nr_row *row)
{
    bool bad = false;
    kinds_of(row->column[0], &bad);
    return bad ? "the second column holds a kind that there is not" : NULL;
}

/* A table of the language: voices/LANG/NAME. */
static nr_status open_table(nr_table **t, const nr_norm *n, const char *name, int columns, nr_row_check *check, nr_error *err)
{
    char path[64];
    strcpy(path, n->language->tag);
    strcat(path, "/");
    strncat(path, name, sizeof path - strlen(path) - 1);
    nr_status s = nr_table_new(t, err);
    return s || !nr_data_find(path).p ? s : nr_table_add_builtin(*t, path, columns, check, err);
}

/* Nearly no word in small letters is an abbreviation: its first letter, its last and its length tell most of them without a
 * search. */
static void note_small_abbreviations(nr_norm *n)
{
    for (size_t i = 0; i < nr_table_count(n->abbreviations); i++) {
        nr_view key = nr_table_row(n->abbreviations, i)->key;
        char first = key.n ? key.p[0] : 0, last = key.n ? key.p[key.n - 1] : 0;
        if (key.n < 32 && first >= 'a' && first <= 'z' && last >= 'a' && last <= 'z')
            n->small_abbreviations[first - 'a'][last - 'a'] |= 1u << key.n;
    }
}

static nr_status fill_kinds(nr_norm *n, nr_error *err)
{
    size_t count = nr_table_count(n->context);
    bool bad = false;
    n->kinds = calloc(count + 1, sizeof *n->kinds);
    for (size_t i = 0; n->kinds && i < count; i++)
        n->kinds[i] = kinds_of(nr_table_row(n->context, i)->column[0], &bad);
    return n->kinds ? NR_OK : nr_fail_memory(err);
}

static nr_status open_tables(nr_norm *n, const char *lexicon, nr_error *err)
{
    const struct {
        nr_table **table;
        const char *name;
        int columns;
        nr_row_check *check;
    } all[] = {{&n->abbreviations, "abbreviations.tsv", 3, check_abbreviation}, {&n->acronyms, "acronyms.tsv", 1, NULL},
               {&n->everyday, "everyday.tsv", 1, NULL},
               {&n->units, "units.tsv", 2, NULL},   {&n->currencies, "currencies.tsv", 2, NULL},
               {&n->context, "context.tsv", 2, check_context}, {&n->starters, "starters.tsv", 1, NULL},
               {&n->signs, "signs.tsv", 2, NULL},   {&n->clues, "clues.tsv", 2, NULL}};
    nr_status s = NR_OK;
    for (size_t i = 0; !s && i < sizeof all / sizeof *all; i++)
        s = open_table(all[i].table, n, all[i].name, all[i].columns, all[i].check, err);
    if (!s && lexicon)
        s = nr_table_add_file(n->abbreviations, lexicon, 3, check_abbreviation, err);
    if (!s)
        note_small_abbreviations(n);
    return s ? s : fill_kinds(n, err);
}

static const nr_language *language_of(const char *locale)
{
    static const nr_language *const all[] = {&nr_english, &nr_german, &nr_french};
    for (size_t i = 0; locale && i < sizeof all / sizeof *all; i++) {
        size_t n = strlen(all[i]->tag);
        if (nr_view_starts_nocase(nr_view_of(locale), nr_view_of(all[i]->tag)) && strchr("-_.@", locale[n]))
            return all[i];
    }
    return &nr_english;
}

nr_status nr_norm_open(nr_norm **out, const char *locale, const char *style, const char *lexicon, nr_error *err)
{
    nr_norm *n = calloc(1, sizeof *n);
    if (!n)
        return nr_fail_memory(err);
    n->language = language_of(locale);
    nr_status s = nr_style_parse(&n->style, locale, style, err);
    if (!s)
        s = open_tables(n, lexicon, err);
    if (!s)
        s = nr_numbers_new(&n->numbers, n->language == &nr_english ? "en_GB" : n->language->tag, err);
    if (!s && !(n->cldr = nr_cldr_new(n->language->tag)))
        s = nr_fail_memory(err);
    if (s)
        nr_norm_close(n);
    else
        *out = n;
    return s;
}

void nr_norm_close(nr_norm *n)
{
    if (!n)
        return;
    nr_table *all[] = {n->abbreviations, n->acronyms, n->everyday, n->units, n->currencies, n->context, n->starters, n->signs, n->clues};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        nr_table_free(all[i]);
    nr_numbers_free(n->numbers);
    nr_cldr_free(n->cldr);
    free(n->kinds);
    free(n);
}

void nr_norm_guess(nr_norm *n, nr_view text)
{
    if (!n->style.guess || n->language != &nr_english)
        return;
    n->balance += nr_style_clues(n->clues, text);
    n->style.us = n->balance > 0;
}

/* ---------------------------------------------------------------- the walk */

/* A headline is written in capitals: then capitals mean nothing. */
static bool is_headline(const nr_run *r)
{
    size_t upper = 0, lower = 0, words = 0;
    for (uint32_t i = r->start; i < r->end; i++) {
        upper += nr_ascii_upper(r->text[i]);
        lower += r->text[i] >= 'a' && r->text[i] <= 'z';
        words += r->text[i] == ' ';
        if (lower > 8 && lower > upper)
            return false;
    }
    return words >= 2 && upper >= 12 && lower * 8 < upper;
}

/* Whether all of a token that begins here belongs to a silent inline; its end. */
static uint32_t silent_until(const nr_run *r, uint32_t at, const nr_inline *inlines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (inlines[i].kind == NR_INLINE_SILENT && inlines[i].span.start <= at && inlines[i].span.end > at)
            return inlines[i].span.end < r->end ? inlines[i].span.end : r->end;
    return 0;
}

/* The author's own expansion of what begins here. */
static bool say_author_expansion(nr_run *r, uint32_t *at, const nr_inline *inlines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const nr_inline *in = &inlines[i];
        if (in->kind != NR_INLINE_ABBR || in->span.start != *at || in->span.end > r->end || !in->value.n)
            continue;
        nr_say(r, in->value, *at, in->span.end);
        return r->word_count && nr_make(r, at, in->span.end, NR_CLASS_ABBREVIATION, "author's expansion");
    }
    return false;
}

static bool inline_rules(nr_run *r, uint32_t *at, const nr_inline *inlines, size_t count)
{
    uint32_t silent = silent_until(r, *at, inlines, count);
    return silent > *at ? nr_make(r, at, silent, NR_CLASS_SILENT, "silent inline") : say_author_expansion(r, at, inlines, count);
}

/* As written: words and figures are the voice's to read, signs may be named. */
static bool verbatim(nr_run *r, uint32_t *at)
{
    uint32_t end = *at;
    while (nr_digit_at(r, end) || ((nr_at(r, end) == '.' || nr_at(r, end) == ',') && end > *at && nr_digit_at(r, end + 1)))
        end++;
    if (end > *at)
        return nr_make(r, at, end, NR_CLASS_WORD, "as written");
    return nr_rule_plain_word(r, at) || nr_rule_symbol(r, at);
}

static bool try_rules(nr_run *r, uint32_t *at)
{
    const nr_language *language = r->norm->language;
    unsigned char c = (unsigned char)nr_at(r, *at);
    if (r->norm->style.verbatim)
        return verbatim(r, at);
    if (nr_ascii_digit((char)c) || (c == '.' && nr_digit_at(r, *at + 1) && nr_begins_word(r, *at)))
        return language->number(r, at) || language->sign(r, at);
    if (nr_ascii_alpha((char)c) || (c >= 0xC3 && c != 0xE2))
        return language->word(r, at);
    return language->sign(r, at);
}

nr_status nr_norm_run(nr_norm *n, nr_view text, nr_span span, const nr_inline *inlines, size_t inline_count,
                      nr_arena *arena, const nr_token **tokens, size_t *count, nr_error *err)
{
    nr_run r = {.norm = n, .text = text.p, .start = span.start, .end = span.end, .arena = arena};
    r.headline = is_headline(&r);
    for (uint32_t at = span.start; at < span.end && !r.failed;) {
        int length = 1;
        uint32_t code = (unsigned char)text.p[at];
        if (code >= 0x80)
            code = nr_utf8_decode(text.p + at, text.p + span.end, &length);
        if (nr_code_is_space(code)) {
            at += (uint32_t)length;
            continue;
        }
        if (inline_count && inline_rules(&r, &at, inlines, inline_count))
            continue;
        uint32_t before = at;
        if (!try_rules(&r, &at) || at == before) { /* cannot be: the last rule takes any character */
            nr_unsay(&r);
            nr_make(&r, &at, before + (uint32_t)length, NR_CLASS_SILENT, "unknown");
        }
    }
    *tokens = r.tokens;
    *count = r.count;
    return r.failed ? nr_fail_memory(err) : NR_OK;
}
