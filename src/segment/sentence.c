/* Sentence ends on raw text. The scan looks for the characters that can end a sentence; what stands on both sides of
 * one decides. Tables tell how abbreviations behave and which words begin sentences. */
#include "segment/sentence.h"

#include <stdlib.h>

#include "base/table.h"
#include "base/utf8.h"

enum { SENTENCE_MAX = 8192, WORD_MAX = 24 };

struct nr_splitter {
    nr_table *stops, *starters;
};

static const char *check_stop(const nr_row *row)
{
    static const char *const kinds[] = {"title", "number", "inside", "either"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (nr_view_is(row->column[0], kinds[i]))
            return NULL;
    return "the second column is title, number, inside or either";
}

nr_status nr_splitter_open(nr_splitter **out, const char *locale, nr_error *err)
{
    (void)locale; /* the tables of English serve every language that has none */
    nr_splitter *s = calloc(1, sizeof *s);
    nr_status status = s ? nr_table_new(&s->stops, err) : NR_ENOMEM;
    if (!status)
        status = nr_table_new(&s->starters, err);
    if (!status)
        status = nr_table_add_builtin(s->stops, "en/stops.tsv", 2, check_stop, err);
    if (!status)
        status = nr_table_add_builtin(s->starters, "en/starters.tsv", 1, NULL, err);
    if (status) {
        nr_splitter_close(s);
        return status;
    }
    *out = s;
    return NR_OK;
}

void nr_splitter_close(nr_splitter *s)
{
    if (!s)
        return;
    nr_table_free(s->stops);
    nr_table_free(s->starters);
    free(s);
}

/* ---------------------------------------------------------------- characters */

typedef struct scan {
    const nr_splitter *tables;
    const char *text;
    uint32_t start, end; /* of the sentence so far; of the range */
    bool block;
    uint32_t marker;     /* the number of the list item that the sentence begins with, 0 for none */
    char marker_style;   /* '.' or ')' */
} scan;

static uint32_t code_at(const scan *s, uint32_t at, uint32_t *length)
{
    int n;
    if (at >= s->end) {
        *length = 0;
        return 0;
    }
    uint32_t code = nr_utf8_decode(s->text + at, s->text + s->end, &n);
    *length = (uint32_t)n;
    return code;
}

static bool is_stop(uint32_t c)
{
    return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF0E ||
           c == 0x061F || c == 0x06D4 || c == 0x203C || c == 0x2047 || c == 0x2048 || c == 0x2049 || c == 0x0964;
}

/* Those after which no space is written. */
static bool is_wide_stop(uint32_t c) { return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF0E; }

static bool is_closer(uint32_t c)
{
    return c == '"' || c == '\'' || c == ')' || c == ']' || c == '}' || c == 0x201D || c == 0x2019 || c == 0xBB ||
           c == 0x203A || c == 0x300D || c == 0x300F || c == 0xFF09 || c == '*' || c == '_';
}

static bool is_opener(uint32_t c)
{
    return c == '"' || c == '\'' || c == '(' || c == '[' || c == '{' || c == 0x201C || c == 0x2018 || c == 0xAB ||
           c == 0x2039 || c == 0x300C || c == 0x300E || c == 0xFF08 || c == '*' || c == '_' || c == '-' ||
           c == 0x2013 || c == 0x2014 || c == 0xBF || c == 0xA1;
}

static bool is_lower(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7) || (c >= 0x430 && c <= 0x45F) ||
           (c >= 0x3AC && c <= 0x3CE);
}

static bool is_upper(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x400 && c <= 0x42F) ||
           (c >= 0x391 && c <= 0x3A9);
}

static bool is_digit(uint32_t c) { return c >= '0' && c <= '9'; }

/* A byte of a word: letters, digits, inner stops and everything beyond ASCII. */
static bool word_byte(char c)
{
    return nr_ascii_alpha(c) || nr_ascii_digit(c) || c == '.' || c == '\'' || c == '&' || (unsigned char)c >= 0x80;
}

static uint32_t skip_space(const scan *s, uint32_t at)
{
    uint32_t n, code;
    while ((code = code_at(s, at, &n)) && nr_code_is_space(code))
        at += n;
    return at;
}

/* ---------------------------------------------------------------- words around a stop */

/* The word that ends at `at`, without the stop there. */
static nr_view word_before(const scan *s, uint32_t at)
{
    uint32_t from = at;
    while (from > s->start && word_byte(s->text[from - 1]) && at - from < WORD_MAX)
        from--;
    while (from < at && (s->text[from] == '.' || s->text[from] == '\''))
        from++;
    return nr_view_sub(s->text, from, at);
}

/* The word at `at`, past quotes and brackets. */
static nr_view word_after(const scan *s, uint32_t at)
{
    uint32_t n, code;
    while ((code = code_at(s, at, &n)) && is_opener(code))
        at += n;
    uint32_t to = at;
    while (to < s->end && (nr_ascii_alpha(s->text[to]) || nr_ascii_digit(s->text[to]) || (unsigned char)s->text[to] >= 0x80) &&
           to - at < WORD_MAX)
        to++;
    return nr_view_sub(s->text, at, to);
}

static const nr_row *find_lower(const nr_table *t, nr_view word)
{
    char lower[WORD_MAX + 1];
    if (word.n == 0 || word.n > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < word.n; i++)
        lower[i] = nr_ascii_lower(word.p[i]);
    return nr_table_find(t, (nr_view){lower, word.n});
}

static bool begins_sentences(const scan *s, nr_view word)
{
    return word.n && nr_ascii_upper(word.p[0]) && find_lower(s->tables->starters, word) != NULL;
}

static bool starts_upper(nr_view word) { return word.n && nr_ascii_upper(word.p[0]); }

/* One upper-case letter: "J. Smith" and "you and I. Then". */
static bool initial_ends(const scan *s, nr_view word, nr_view next)
{
    uint32_t at = (uint32_t)(word.p - s->text);
    while (at > s->start && s->text[at - 1] == ' ')
        at--;
    nr_view before = word_before(s, at > s->start && s->text[at - 1] == '.' ? at - 1 : at);
    bool after_name = before.n && (nr_ascii_upper(before.p[0]) || before.n == 0);
    if (word.p[0] == 'I' && before.n && !after_name)
        return true;
    return before.n && !after_name && begins_sentences(s, next);
}

/* Whether the full stop after `word` ends a sentence when `next` follows, past a space. */
static bool stop_ends(const scan *s, nr_view word, nr_view next)
{
    bool upper = starts_upper(next), digit = next.n && nr_ascii_digit(next.p[0]);
    if (word.n == 0)
        return true;
    if (word.n == 1 && nr_ascii_upper(word.p[0]))
        return initial_ends(s, word, next);
    const nr_row *row = find_lower(s->tables->stops, word);
    if (row) {
        nr_view how = row->column[0];
        if (nr_view_is(how, "inside") || (nr_view_is(how, "title") && upper))
            return false;
        if (nr_view_is(how, "number"))
            return !digit && !(next.n == 1 && upper);
        return !digit && begins_sentences(s, next);
    }
    if (memchr(word.p, '.', word.n) && nr_ascii_alpha(word.p[0]) && word.n < 12 && (word.n < 3 || word.p[1] == '.'))
        return begins_sentences(s, next); /* U.S., U.S.A. */
    return true;
}

/* ---------------------------------------------------------------- lists in running text */

/* "2." or "2)" or "2.)" or "b." at `at`: its number (letters count from 'a'), and how it is written. */
static uint32_t marker_at(const scan *s, uint32_t at, char *style, uint32_t *length)
{
    uint32_t from = at, value = 0;
    while (at < s->end && nr_ascii_digit(s->text[at]) && at - from < 3)
        value = value * 10 + (uint32_t)(s->text[at++] - '0');
    if (at == from && at < s->end && s->text[at] >= 'a' && s->text[at] <= 'z')
        value = 1000 + (uint32_t)(s->text[at++] - 'a');
    if (at == from || at >= s->end || (s->text[at] != '.' && s->text[at] != ')'))
        return 0;
    *style = s->text[at++];
    if (*style == '.' && at < s->end && s->text[at] == ')')
        at++;
    *length = at - from;
    return at < s->end && s->text[at] == ' ' ? value : 0;
}

static bool is_bullet(uint32_t c) { return c == 0x2022 || c == 0x2043 || c == 0x25E6 || c == 0x25AA || c == 0x2023; }

/* A sentence that begins as an item of a list ends where the next item begins. */
static bool next_item_at(const scan *s, uint32_t at)
{
    char style;
    uint32_t length;
    return s->marker && at > s->start + 3 && s->text[at - 1] == ' ' && marker_at(s, at, &style, &length) == s->marker + 1 &&
           style == s->marker_style;
}

/* ---------------------------------------------------------------- line breaks */

/* Whether the sentence ends at a line break: at a blank line, before a list item, after what looks like a heading. */
static bool line_ends(const scan *s, uint32_t at)
{
    uint32_t line = at, next = at, breaks = 0;
    while (line > s->start && s->text[line - 1] != '\n')
        line--;
    for (; next < s->end && nr_ascii_space(s->text[next]); next++)
        breaks += s->text[next] == '\n';
    if (breaks >= 2 || next >= s->end)
        return true;
    uint32_t n, code = code_at(s, next, &n), length;
    char style;
    if (is_bullet(code) || ((code == '-' || code == '*') && next + 1 < s->end && s->text[next + 1] == ' ') ||
        marker_at(s, next, &style, &length))
        return true;
    uint32_t words = 1;
    for (uint32_t i = line; i < at; i++)
        words += s->text[i] == ' ' && i + 1 < at && s->text[i + 1] != ' ';
    bool comma = at > line && (s->text[at - 1] == ',' || s->text[at - 1] == ';');
    if (is_lower(code))
        return words < 3 && !comma;
    return at - line < 45 && !comma;
}

/* ---------------------------------------------------------------- the scan */

/* Past a run of stops, also spaced ones (". . ."), and what closes after them. *dots counts the full stops. */
static uint32_t skip_stops(const scan *s, uint32_t at, int *dots, uint32_t *last)
{
    uint32_t n, code;
    *dots = 0;
    for (;;) {
        code = code_at(s, at, &n);
        if (n && is_stop(code)) {
            *dots += code == '.' ? 1 : code == 0x2026 ? 3 : 0;
            *last = code;
            at += n;
        } else if (code == ' ' && at + 1 < s->end && s->text[at + 1] == '.' &&
                   (at + 2 >= s->end || s->text[at + 2] == ' ' || s->text[at + 2] == '.' || *dots > 1)) {
            at++;
        } else {
            break;
        }
    }
    while ((code = code_at(s, at, &n)) && is_closer(code))
        at += n;
    return at;
}

/* "end.The": a lower-case word, the stop, a capitalised word that is no name of a file or site. */
static bool glued_end(const scan *s, uint32_t stop, uint32_t after)
{
    if (after + 1 >= s->end || after < s->start + 3)
        return false;
    nr_view word = word_before(s, stop), next = word_after(s, after);
    if (word.n < 2 || memchr(word.p, '.', word.n) || next.n < 2 || !nr_ascii_upper(next.p[0]) ||
        !is_lower((unsigned char)next.p[1]))
        return false;
    char before = s->text[stop - 1], behind = next.p + next.n < s->text + s->end ? next.p[next.n] : ' ';
    uint32_t ahead = (uint32_t)(next.p - s->text);
    bool plain = after == ahead || is_closer((unsigned char)s->text[after - 1]);
    return plain && (is_lower((unsigned char)before) || nr_ascii_digit(before) || is_closer((unsigned char)before)) &&
           (behind == ' ' || behind == ',' || behind == '\'' ||
            (behind == '.' && find_lower(s->tables->stops, next) != NULL));
}

/* A stop at `at`: true with *after past it when the sentence ends there, else *after is where to go on. */
static bool ends_at_stop(const scan *s, uint32_t at, uint32_t *after)
{
    int dots;
    uint32_t last = 0, n;
    uint32_t to = skip_stops(s, at, &dots, &last);
    *after = to;
    if (to >= s->end)
        return true;
    uint32_t code = code_at(s, to, &n);
    if (!nr_code_is_space(code))
        return is_wide_stop(last) || (last == '.' && dots == 1 && glued_end(s, at, to));
    uint32_t next = skip_space(s, to);
    if (next >= s->end)
        return true;
    nr_view word = word_after(s, next);
    uint32_t first = word.n ? code_at(s, (uint32_t)(word.p - s->text), &n) : code_at(s, next, &n);
    if (is_lower(first) && !is_wide_stop(last))
        return false;
    if (s->marker && at < s->start + 5 && at == s->start + (s->marker < 10 || s->marker >= 1000 ? 1 : s->marker < 100 ? 2 : 3))
        return false; /* the list item's own number */
    if (dots == 3 && word.n == 1 && word.p[0] == 'I')
        return false;
    if (dots == 1 && last == '.' && to == at + 1)
        return stop_ends(s, word_before(s, at), word);
    if (is_digit(first) || is_upper(first) || word.n == 0 || (unsigned char)word.p[0] >= 0x80 || dots > 3)
        return !(code_at(s, next, &n) == ',' || first == ')');
    return true;
}

static uint32_t cut_long(const scan *s, uint32_t at)
{
    uint32_t to = at;
    while (to > at - SENTENCE_MAX / 4 && !nr_ascii_space(s->text[to]))
        to--;
    if (nr_ascii_space(s->text[to]))
        return to;
    while (at < s->end && ((unsigned char)s->text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* ASCII that cannot end anything; everything else gets a closer look. */
static const bool dull[128] = {
    [' '] = true, ['a' ... 'z'] = true, ['A' ... 'Z'] = true, [','] = true, ['-'] = true, ['\''] = true, ['"'] = true,
    [';'] = true, [':'] = true, ['('] = true, [')'] = true, ['$'] = true, ['/'] = true, ['%'] = true, ['&'] = true,
};

static uint32_t find_end(scan *s)
{
    for (uint32_t at = s->start; at < s->end;) {
        unsigned char c = (unsigned char)s->text[at];
        uint32_t n = 1, after;
        if (at - s->start >= SENTENCE_MAX)
            return cut_long(s, at);
        if (c < 0x80 && dull[c] && !s->marker) {
            at++;
            continue;
        }
        uint32_t code = c < 0x80 ? c : code_at(s, at, &n);
        if (is_stop(code)) {
            if (ends_at_stop(s, at, &after))
                return after;
            at = after;
            continue;
        }
        if ((code == '\n' && !s->block && line_ends(s, at)) || (is_bullet(code) && at > s->start) ||
            (s->marker && next_item_at(s, at)))
            return at;
        at += n;
    }
    return s->end;
}

bool nr_splitter_next(const nr_splitter *tables, nr_view text, uint32_t end, bool block, uint32_t *at, nr_span *sentence)
{
    scan s = {.tables = tables, .text = text.p, .start = *at, .end = end, .block = block};
    s.start = skip_space(&s, s.start);
    *at = s.start;
    if (s.start >= end)
        return false;
    uint32_t from = s.start, n, length = 0;
    if (is_bullet(code_at(&s, from, &n)))
        from = skip_space(&s, from + n);
    s.marker = marker_at(&s, from, &s.marker_style, &length);
    if (s.marker && from > s.start)
        s.start = from; /* scan on from the number; the bullet is in the sentence all the same */
    uint32_t first = *at, stop = find_end(&s);
    if (stop <= first)
        stop = first + 1;
    *at = stop;
    while (stop > first && nr_ascii_space(text.p[stop - 1]))
        stop--;
    *sentence = (nr_span){first, stop};
    return true;
}

nr_status nr_segment(const char *text, size_t n, const char *locale, int (*fn)(void *ctx, size_t start, size_t end),
                     void *ctx, nr_error *err)
{
    enum { PIECE = 1u << 30 };
    nr_splitter *s = NULL;
    nr_status status = nr_splitter_open(&s, locale, err);
    for (size_t base = 0; !status && base < n;) {
        size_t size = n - base < PIECE ? n - base : PIECE;
        uint32_t at = 0;
        nr_span sentence;
        while (!status && nr_splitter_next(s, (nr_view){text + base, size}, (uint32_t)size, false, &at, &sentence))
            if (fn(ctx, base + sentence.start, base + sentence.end))
                status = NR_CANCELLED;
        base += size;
    }
    nr_splitter_close(s);
    return status;
}
