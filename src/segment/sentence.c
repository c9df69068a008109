/* Sentence ends on raw text. The scan runs over what cannot end a sentence; at a stop stop.c decides by what stands on
 * both sides of it, at a line break the length of the line and what follows do. */
#include "segment/sentence.h"

#include <stdlib.h>

#include "base/error.h"
#include "segment/pauses.h"
#include "segment/scan.h"

static const char *check_stop(const nr_row *row)
{
    static const char *const kinds[] = {"title", "street", "number", "inside", "either", "last", "time", "proper", "unit", "name", "ordinal"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (nr_view_is(row->column[0], kinds[i]))
            return NULL;
    return "the second column is title, street, number, inside, either, last, time, proper, unit, name or ordinal";
}

static const char *check_word(const nr_row *row)
{
    static const char *const kinds[] = {"start", "weak", "front", "says", "when", "label"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (nr_view_is(row->column[0], kinds[i]))
            return NULL;
    return "the second column is start, weak, front, says, when or label";
}

nr_status nr_splitter_open(nr_splitter **out, const char *locale, nr_error *err)
{
    char stops[64], words[64]; /* the tables of English serve every language that has none */
    nr_language_table(stops, locale, "stops.tsv");
    nr_language_table(words, locale, "starters.tsv");
    nr_splitter *s = calloc(1, sizeof *s);
    if (!s)
        return nr_fail_memory(err);
    nr_status status = nr_table_new(&s->stops, err);
    if (!status)
        status = nr_table_new(&s->words, err);
    if (!status)
        status = nr_table_add_builtin(s->stops, stops, 2, check_stop, err);
    if (!status)
        status = nr_table_add_builtin(s->words, words, 2, check_word, err);
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
    nr_table_free(s->words);
    free(s);
}

/* ---------------------------------------------------------------- lists */

uint32_t nr_marker_at(nr_scan *s, uint32_t at, char *style, uint32_t *length)
{
    uint32_t from = at, value = 0;
    char c;
    for (; nr_ascii_digit(c = nr_scan_byte(s, at)) && at - from < 3; at++)
        value = value * 10 + (uint32_t)(c - '0');
    if (at == from && c >= 'a' && c <= 'z') {
        value = 1000 + (uint32_t)(c - 'a');
        at++;
    }
    c = nr_scan_byte(s, at);
    if (at == from || (c != '.' && c != ')'))
        return 0;
    *style = c;
    at++;
    if (c == '.' && nr_scan_byte(s, at) == ')')
        at++;
    *length = at - from;
    return nr_scan_byte(s, at) == ' ' ? value : 0;
}

/* A sentence that is an item of a list ends before the next one's marker, whose stop or bracket is at `at`. */
static uint32_t next_item(nr_scan *s, uint32_t at)
{
    uint32_t from = at, length;
    char style;
    while (from > s->body && at - from < 3 && nr_ascii_digit(s->text[from - 1]))
        from--;
    if (from == at && from > s->body && nr_ascii_lower(s->text[from - 1]) == s->text[from - 1] && nr_ascii_alpha(s->text[from - 1]))
        from--;
    if (from == at || from <= s->body || s->text[from - 1] != ' ')
        return 0;
    uint32_t next = nr_marker_at(s, from, &style, &length);
    return next == s->marker + 1 && style == s->marker_style ? from : 0;
}

/* "... as follows: 1. The first": a colon before a list's first marker. */
static bool list_follows(nr_scan *s, uint32_t at)
{
    char style;
    uint32_t length;
    if (nr_scan_byte(s, at + 1) != ' ')
        return false;
    uint32_t first = nr_marker_at(s, at + 2, &style, &length);
    char next = nr_scan_byte(s, at + 3 + length);
    return (first == 1 && (nr_ascii_alpha(next) || next == '"')) || (first == 1000 && style == ')' && nr_ascii_alpha(next));
}

/* ---------------------------------------------------------------- line breaks */

enum { HEADING_MAX = 45 };

/* Whether the sentence ends at a line break: at a blank line, before a list item, after what looks like a heading. */
static bool line_ends(nr_scan *s, uint32_t at)
{
    uint32_t line = at, next = at, breaks = 0, words = 1, n, length;
    char style;
    while (line > s->start && s->text[line - 1] != '\n' && at - line <= HEADING_MAX)
        line--;
    for (char c; nr_ascii_space(c = nr_scan_byte(s, next)) && breaks < 2; next++)
        breaks += c == '\n';
    if (breaks >= 2 || next >= s->end)
        return true;
    uint32_t code = nr_scan_code(s, next, &n);
    if (nr_is_bullet(code) || ((code == '-' || code == '*') && nr_scan_byte(s, next + 1) == ' ') ||
        nr_marker_at(s, next, &style, &length))
        return true;
    for (uint32_t i = line; i < at; i++)
        words += s->text[i] == ' ' && i + 1 < at && s->text[i + 1] != ' ';
    bool comma = at > line && (s->text[at - 1] == ',' || s->text[at - 1] == ';');
    if (comma)
        return false;
    return nr_is_lower(code) ? words < 3 : at - line < HEADING_MAX;
}

/* ---------------------------------------------------------------- the scan */

static uint32_t cut_long(const nr_scan *s, uint32_t at)
{
    uint32_t to = at;
    while (to > at - NR_SENTENCE_MAX / 4 && !nr_ascii_space(s->text[to]))
        to--;
    if (nr_ascii_space(s->text[to]))
        return to;
    for (int i = 0; i < 3 && ((unsigned char)s->text[at] & 0xC0) == 0x80; i++)
        at--;
    return at;
}

/* Bytes that get a closer look: stops, line breaks, the ends of list markers, first bytes of stops beyond ASCII. */
static const bool special[256] = {['.'] = true, ['!'] = true, ['?'] = true, [')'] = true, [':'] = true, ['\n'] = true,
                                  [0xD8] = true, [0xDB] = true, [0xE0] = true, [0xE1] = true, [0xE2] = true, [0xE3] = true,
                                  [0xEF] = true};

/* What one special place is: the sentence's end before or behind it (true, in *to), or where to go on. */
static bool look(nr_scan *s, uint32_t at, uint32_t *to)
{
    uint32_t n, code = nr_scan_code(s, at, &n);
    if (s->marker && (code == '.' || code == ')') && (*to = next_item(s, at)))
        return true;
    if (nr_is_stop(code))
        return nr_ends_at_stop(s, at, to);
    *to = at;
    if (code == '\n' ? !s->block && line_ends(s, at) : nr_is_bullet(code) && at > s->body)
        return true;
    *to = at + 1;
    if (code == ':' && list_follows(s, at))
        return true;
    *to = at + n;
    return false;
}

static uint32_t find_end(nr_scan *s)
{
    uint32_t limit = s->end - s->start > NR_SENTENCE_MAX ? s->start + NR_SENTENCE_MAX : s->end;
    for (uint32_t at = s->body, to;; at = to) {
        while (at < limit && !special[(unsigned char)s->text[at]])
            at++;
        if (at >= limit) {
            if (limit < s->end)
                return cut_long(s, limit);
            s->touched = true;
            return s->end;
        }
        if (look(s, at, &to))
            return to;
    }
}

/* Sets s up for the sentence at s->start and finds its end. */
static uint32_t scan_sentence(nr_scan *s)
{
    uint32_t n, length = 0;
    s->body = s->start;
    if (nr_scan_byte(s, s->body) == '*')
        s->body++;
    if (nr_is_bullet(nr_scan_code(s, s->body, &n)))
        s->body = nr_scan_space(s, s->body + n);
    s->marker = nr_marker_at(s, s->body, &s->marker_style, &length);
    s->body += s->marker ? length : 0; /* its stop is no end */
    if (s->body > s->end)
        s->body = s->end;
    uint32_t stop = find_end(s);
    return stop > s->start ? stop : s->start + 1;
}

static nr_span trimmed(const char *text, uint32_t start, uint32_t end)
{
    while (end > start && nr_ascii_space(text[end - 1]))
        end--;
    return (nr_span){start, end};
}

bool nr_splitter_next(const nr_splitter *tables, nr_view text, uint32_t end, bool block, uint32_t *at, nr_span *sentence)
{
    nr_scan s = {.tables = tables, .text = text.p, .start = *at, .end = end, .block = block};
    for (uint32_t from; (from = nr_scan_space(&s, s.start)) > s.start;)
        s.start = from;
    *at = s.start;
    if (s.start >= end)
        return false;
    *at = scan_sentence(&s);
    *sentence = trimmed(text.p, s.start, *at);
    return true;
}

nr_split nr_splitter_step(const nr_splitter *tables, nr_view text, uint32_t *at, nr_span *sentence)
{
    nr_scan s = {.tables = tables, .text = text.p, .start = *at, .end = (uint32_t)text.n};
    for (uint32_t from; (from = nr_scan_space(&s, s.start)) > s.start;)
        s.start = from;
    *at = s.start;
    if (s.start >= text.n)
        return NR_SPLIT_NONE;
    s.touched = false;
    uint32_t stop = scan_sentence(&s);
    if (s.touched)
        return NR_SPLIT_MORE;
    *at = stop;
    *sentence = trimmed(text.p, s.start, stop);
    return NR_SPLIT_SENTENCE;
}
