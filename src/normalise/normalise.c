/* The normaliser's walk over a span: which rule is tried where, and what rules need to look and to speak. */
#include "normalise/normalise.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "normalise/engine.h"

enum { LOOK = 40 }; /* bytes of a neighbouring word that are looked at */

/* ---------------------------------------------------------------- tables */

static const char *check_abbreviation(const nr_row *row)
{
    return nr_in_list(row->column[1], "title street month day number word dotted place letters")
               ? NULL
               : "the third column is title, street, month, day, number, word, dotted, place or letters";
}

static nr_status open_table(nr_table **t, const char *path, int columns, nr_row_check *check, nr_error *err)
{
    nr_status s = nr_table_new(t, err);
    return s ? s : nr_table_add_builtin(*t, path, columns, check, err);
}

static bool speaks_american(const char *locale)
{
    nr_view v = nr_view_of(locale);
    return nr_view_starts_nocase(v, NR_LIT("en-us")) || nr_view_starts_nocase(v, NR_LIT("en_us")) ||
           nr_view_starts_nocase(v, NR_LIT("en-ca")) || nr_view_starts_nocase(v, NR_LIT("en-ph"));
}

nr_status nr_norm_open(nr_norm **out, const char *locale, const char *lexicon, nr_error *err)
{
    nr_norm *n = calloc(1, sizeof *n);
    if (!n)
        return nr_fail_memory(err);
    n->us = locale && speaks_american(locale);
    nr_status s = open_table(&n->abbreviations, "en/abbreviations.tsv", 3, check_abbreviation, err);
    if (!s)
        s = open_table(&n->acronyms, "en/acronyms.tsv", 1, NULL, err);
    if (!s)
        s = open_table(&n->units, "en/units.tsv", 3, NULL, err);
    if (!s)
        s = open_table(&n->currencies, "en/currencies.tsv", 5, NULL, err);
    if (!s && lexicon)
        s = nr_table_add_file(n->abbreviations, lexicon, 3, check_abbreviation, err);
    if (!s)
        s = nr_numbers_new(&n->numbers, n->us, err);
    if (s) {
        nr_norm_close(n);
        return s;
    }
    *out = n;
    return NR_OK;
}

void nr_norm_close(nr_norm *n)
{
    if (!n)
        return;
    nr_table_free(n->abbreviations);
    nr_table_free(n->acronyms);
    nr_table_free(n->units);
    nr_table_free(n->currencies);
    nr_numbers_free(n->numbers);
    free(n);
}

/* ---------------------------------------------------------------- looking */

bool nr_stands(const nr_run *r, uint32_t at, const char *literal)
{
    size_t n = strlen(literal);
    return at <= r->end && r->end - at >= n && memcmp(r->text + at, literal, n) == 0;
}

uint32_t nr_skip_blank(const nr_run *r, uint32_t at)
{
    for (;;) {
        if (nr_at(r, at) == ' ' || nr_at(r, at) == '\t')
            at++;
        else if (nr_stands(r, at, "\xC2\xA0"))
            at += 2;
        else if (nr_stands(r, at, "\xE2\x80\xAF") || nr_stands(r, at, "\xE2\x80\x89"))
            at += 3;
        else
            return at;
    }
}

uint32_t nr_digits_end(const nr_run *r, uint32_t at)
{
    while (nr_digit_at(r, at))
        at++;
    return at;
}

uint32_t nr_letters_end(const nr_run *r, uint32_t at)
{
    while (nr_ascii_alpha(nr_at(r, at)))
        at++;
    return at;
}

uint32_t nr_dash_at(const nr_run *r, uint32_t at)
{
    if (nr_at(r, at) == '-')
        return 1;
    /* U+2010-2013 hyphens and en dash, U+2212 minus */
    return nr_stands(r, at, "\xE2\x80\x90") || nr_stands(r, at, "\xE2\x80\x91") || nr_stands(r, at, "\xE2\x80\x93") ||
                   nr_stands(r, at, "\xE2\x88\x92")
               ? 3
               : 0;
}

bool nr_ends_word(const nr_run *r, uint32_t at) { return !nr_digit_at(r, at) && !nr_letter_at(r, at); }

nr_view nr_previous_word(const nr_run *r, uint32_t at)
{
    uint32_t low = at > LOOK ? at - LOOK : 0, to = at;
    while (to > low && (r->text[to - 1] == ' ' || (unsigned char)r->text[to - 1] == 0xA0 || (unsigned char)r->text[to - 1] == 0xC2))
        to--;
    uint32_t from = to;
    while (from > low && (nr_ascii_alpha(r->text[from - 1]) || nr_ascii_digit(r->text[from - 1]) ||
                          (unsigned char)r->text[from - 1] >= 0x80 ||
                          (r->text[from - 1] == '\'' && from < to)))
        from--;
    return nr_text(r, from, to);
}

nr_view nr_next_word(const nr_run *r, uint32_t at)
{
    uint32_t from = nr_skip_blank(r, at), to = from;
    while (to - from < LOOK && (nr_letter_at(r, to) || nr_digit_at(r, to) || (unsigned char)nr_at(r, to) >= 0x80))
        to++;
    return nr_text(r, from, to);
}

bool nr_in_list(nr_view word, const char *list)
{
    for (const char *p = list; *p && word.n;) {
        size_t n = strcspn(p, " ");
        if (nr_view_eq_nocase((nr_view){p, n}, word))
            return true;
        p += n + (p[n] == ' ');
    }
    return false;
}

uint64_t nr_value(nr_view digits)
{
    uint64_t v = 0;
    for (size_t i = 0; i < digits.n; i++) {
        if (!nr_ascii_digit(digits.p[i]))
            continue;
        if (v > (UINT64_MAX - 9) / 10)
            return UINT64_MAX;
        v = v * 10 + (uint64_t)(digits.p[i] - '0');
    }
    return v;
}

/* ---------------------------------------------------------------- speaking */

static void add_word(nr_run *r, nr_view say, uint16_t flags, uint32_t from, uint32_t to)
{
    nr_word *words = nr_arena_grow(r->arena, r->words, &r->word_cap, r->word_count + 1, sizeof *words);
    if (!words || !say.p) {
        r->failed = NR_ENOMEM;
        return;
    }
    r->words = words;
    words[r->word_count++] = (nr_word){.say = say, .span = {from, to}, .flags = flags};
}

void nr_say(nr_run *r, nr_view phrase, uint32_t from, uint32_t to)
{
    nr_view copy = nr_arena_copy(r->arena, phrase);
    for (size_t i = 0; copy.p && i < copy.n;) {
        size_t n = 0;
        while (i + n < copy.n && copy.p[i + n] != ' ')
            n++;
        if (n)
            add_word(r, (nr_view){copy.p + i, n}, 0, from, to);
        i += n + 1;
    }
    if (!copy.p)
        r->failed = NR_ENOMEM;
}

void nr_say_s(nr_run *r, const char *phrase, uint32_t from, uint32_t to) { nr_say(r, nr_view_of(phrase), from, to); }

void nr_say_letters(nr_run *r, nr_view letters, uint32_t from, uint32_t to)
{
    add_word(r, nr_arena_copy(r->arena, letters), NR_WORD_LETTERS, from, to);
}

void nr_make(nr_run *r, nr_class class, const char *rule, uint32_t from, uint32_t to)
{
    nr_token *tokens = nr_arena_grow(r->arena, r->tokens, &r->cap, r->count + 1, sizeof *tokens);
    if (!tokens) {
        r->failed = NR_ENOMEM;
        return;
    }
    r->tokens = tokens;
    size_t n = r->word_count < UINT16_MAX ? r->word_count : UINT16_MAX;
    tokens[r->count++] = (nr_token){.span = {from, to}, .class = (uint8_t)class, .word_count = (uint16_t)n, .words = r->words, .rule = rule};
    /* What is left of the array serves the next token. */
    if (r->words) {
        r->words += r->word_count;
        r->word_cap -= r->word_count;
    }
    if (r->word_cap == 0)
        r->words = NULL;
    r->word_count = 0;
}

void nr_unsay(nr_run *r) { r->word_count = 0; }

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
        if (!r->word_count)
            return false;
        nr_make(r, NR_CLASS_ABBREVIATION, "author's expansion", *at, in->span.end);
        *at = in->span.end;
        return true;
    }
    return false;
}

static bool try_rules(nr_run *r, uint32_t *at)
{
    char c = nr_at(r, *at);
    bool fresh = *at == 0 || !(nr_ascii_alpha(r->text[*at - 1]) || nr_ascii_digit(r->text[*at - 1]));
    if (nr_ascii_digit(c) || (c == '.' && nr_digit_at(r, *at + 1) && fresh))
        return nr_rule_web(r, at) || nr_rule_date(r, at) || nr_rule_time(r, at) || nr_rule_ordinal(r, at) ||
               nr_rule_measure(r, at) ||
               nr_rule_figure(r, at);
    if (nr_letter_at(r, *at))
        return nr_rule_web(r, at) || nr_rule_money(r, at) || nr_rule_month(r, at) || nr_rule_word(r, at);
    return nr_rule_web(r, at) || nr_rule_money(r, at) || nr_rule_symbol(r, at);
}

nr_status nr_norm_run(nr_norm *n, nr_view text, nr_span span, const nr_inline *inlines, size_t inline_count,
                      nr_arena *arena, const nr_token **tokens, size_t *count, nr_error *err)
{
    nr_run r = {.norm = n, .text = text.p, .start = span.start, .end = span.end, .text_end = (uint32_t)text.n, .arena = arena};
    r.headline = is_headline(&r);
    for (uint32_t at = span.start; at < span.end && !r.failed;) {
        int length;
        uint32_t code = nr_utf8_decode(text.p + at, text.p + span.end, &length);
        if (nr_code_is_space(code)) {
            at += (uint32_t)length;
            continue;
        }
        uint32_t silent = inline_count ? silent_until(&r, at, inlines, inline_count) : 0;
        if (silent > at) {
            nr_make(&r, NR_CLASS_SILENT, "silent inline", at, silent);
            at = silent;
            continue;
        }
        if (inline_count && say_author_expansion(&r, &at, inlines, inline_count))
            continue;
        uint32_t before = at;
        if (!try_rules(&r, &at) || at == before) { /* cannot be: the last rule takes any character */
            nr_make(&r, NR_CLASS_SILENT, "unknown", before, before + (uint32_t)length);
            at = before + (uint32_t)length;
        }
    }
    *tokens = r.tokens;
    *count = r.count;
    return r.failed ? nr_fail_memory(err) : NR_OK;
}
