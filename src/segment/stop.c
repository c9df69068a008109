/* Whether a stop ends the sentence: what belongs to it, then the word before it and what follows. */
#include "segment/scan.h"

typedef struct stop {
    uint32_t at, bare, after; /* the first stop; past the stops; past all that belongs to them */
    uint32_t last;            /* the last stop's code point */
    int dots;                 /* full stops; an ellipsis is three */
    bool loud;                /* there is a question or exclamation mark */
    bool quoted, bracketed;   /* a quotation mark, a bracket closes behind */
    bool closed;              /* either */
    bool tail;                /* a face or a note's number stands behind */
} stop;

/* ---------------------------------------------------------------- words */

static bool word_byte(char c)
{
    return nr_ascii_alpha(c) || nr_ascii_digit(c) || c == '.' || c == '\'' || c == '&' || (unsigned char)c >= 0x80;
}

nr_view nr_word_before(const nr_scan *s, uint32_t at)
{
    uint32_t from = at;
    while (from > s->start && word_byte(s->text[from - 1]) && at - from < NR_SCAN_WORD)
        from--;
    while (from < at && (s->text[from] == '.' || s->text[from] == '\''))
        from++;
    return nr_view_sub(s->text, from, at);
}

nr_view nr_word_at(nr_scan *s, uint32_t at)
{
    uint32_t to = at;
    for (char c; (nr_ascii_alpha(c = nr_scan_byte(s, to)) || nr_ascii_digit(c) || (unsigned char)c >= 0x80) && to - at < NR_SCAN_WORD;)
        to++;
    return nr_view_sub(s->text, at, to);
}

static nr_view kind_of(const nr_table *t, nr_view word)
{
    char lower[NR_SCAN_WORD];
    if (word.n == 0 || word.n > NR_SCAN_WORD)
        return (nr_view){"", 0};
    for (size_t i = 0; i < word.n; i++)
        lower[i] = nr_ascii_lower(word.p[i]);
    const nr_row *row = nr_table_find(t, (nr_view){lower, word.n});
    return row ? row->column[0] : (nr_view){"", 0};
}

nr_view nr_stop_kind(const nr_scan *s, nr_view word) { return kind_of(s->tables->stops, word); }
nr_view nr_word_kind(const nr_scan *s, nr_view word) { return kind_of(s->tables->words, word); }

static bool starts_upper(nr_view word)
{
    int n;
    return word.n && nr_is_upper(nr_utf8_decode(word.p, word.p + word.n, &n));
}

static bool all_digits(nr_view word)
{
    for (size_t i = 0; i < word.n; i++)
        if (!nr_ascii_digit(word.p[i]))
            return false;
    return word.n > 0;
}

static bool all_lower(nr_view word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < 'a' || word.p[i] > 'z')
            return false;
    return word.n > 0;
}

/* "The", "However": a capitalised word that begins sentences. A weak one ("In", "May") may also be part of a name. */
static bool begins(const nr_scan *s, nr_view word, bool weak_too)
{
    if (!starts_upper(word))
        return false;
    nr_view kind = nr_word_kind(s, word);
    return nr_view_is(kind, "start") || nr_view_is(kind, "front") || (weak_too && nr_view_is(kind, "weak"));
}

/* ---------------------------------------------------------------- what belongs to a stop */

/* ":-)" or "^_^" at `at`: its bytes, 0 for none. */
static uint32_t face_at(nr_scan *s, uint32_t at)
{
    uint32_t to = at;
    char c = nr_scan_byte(s, to);
    if (c == '^') {
        while ((c = nr_scan_byte(s, to)) == '^' || c == '_')
            to++;
        return to - at >= 2 ? to - at : 0;
    }
    if (c == '>')
        c = nr_scan_byte(s, ++to);
    if (c != ':' && c != ';' && c != '=')
        return 0;
    c = nr_scan_byte(s, ++to);
    if (c == '-' || c == '\'')
        c = nr_scan_byte(s, ++to);
    uint32_t mouth = to;
    while (c && strchr(")(DPp/|3", c) && to - mouth < 8)
        c = nr_scan_byte(s, ++to);
    bool ended = !nr_ascii_alpha(c) && !nr_ascii_digit(c) && c != '/';
    return to > mouth && ended ? to - at : 0;
}

/* "[12]", "[...]" or "[source needed]" at `at`: its bytes, 0 for none. */
static uint32_t note_at(nr_scan *s, uint32_t at)
{
    uint32_t to = at + 1;
    if (nr_scan_byte(s, at) != '[')
        return 0;
    for (char c; (nr_ascii_digit(c = nr_scan_byte(s, to)) || (c && strchr(",-. ", c)) || (c >= 'a' && c <= 'z')) && to - at < 30;)
        to++;
    return to > at + 1 && nr_scan_byte(s, to) == ']' ? to + 1 - at : 0;
}

/* Past the run of stops; full stops and marks may be spaced (". . .", "? ?"). */
static void skip_stops(nr_scan *s, stop *t)
{
    uint32_t n, code, at = t->at;
    while (at - t->at < NR_SCAN_RUN) {
        code = nr_scan_code(s, at, &n);
        if (n && nr_is_stop(code)) {
            t->dots += code == '.' ? 1 : code == 0x2026 ? 3 : 0;
            t->loud = t->loud || nr_is_loud(code);
            t->last = code;
            at += n;
            continue;
        }
        char next = code == ' ' ? nr_scan_byte(s, at + 1) : 0;
        bool alone = next && (nr_scan_byte(s, at + 2) == next || !nr_scan_byte(s, at + 2) || nr_ascii_space(nr_scan_byte(s, at + 2)));
        if (!((next == '.' && t->last == '.' && !t->loud && (alone || t->dots > 1)) ||
              ((next == '?' || next == '!') && t->last == (uint32_t)next && alone)))
            break;
        at++;
    }
    t->bare = t->after = at;
}

/* "3 However" behind the stop at `end`: a note's number that lost its height, 0 for none. Not "approx. 5 May". */
static uint32_t spaced_note(nr_scan *s, uint32_t end, uint32_t at)
{
    uint32_t to = at;
    if (nr_stop_kind(s, nr_word_before(s, end)).n)
        return 0;
    while (nr_ascii_digit(nr_scan_byte(s, to)) && to - at < 3)
        to++;
    return to > at && to - at < 3 && nr_scan_byte(s, to) == ' ' && begins(s, nr_word_at(s, to + 1), false) ? to - at : 0;
}

/* "Venez ! »": a closing mark behind a space, no opening one ("»Ja"); its bytes with the space, 0 for none. */
static uint32_t spaced_guillemet(nr_scan *s, uint32_t at)
{
    uint32_t n, m, k, code = nr_scan_code(s, at, &n);
    if (code != ' ' && code != 0xA0 && code != 0x202F)
        return 0;
    code = nr_scan_code(s, at + n, &m);
    if (code != 0xBB && code != 0x203A)
        return 0;
    code = nr_scan_code(s, at + n + m, &k);
    return code == 0 || nr_code_is_space(code) || strchr(",.;:!?)", code < 0x80 ? (int)code : 'x') ? n + m : 0;
}

/* Past quotation marks and brackets that close, notes and faces. */
static void skip_tail(nr_scan *s, stop *t)
{
    uint32_t n, code, length;
    while (t->after - t->bare < NR_SCAN_RUN) {
        code = nr_scan_code(s, t->after, &n);
        if (n && nr_is_closer(code)) {
            t->quoted = t->quoted || nr_is_quote(code);
            t->bracketed = t->bracketed || code == ')' || code == ']';
            t->closed = true;
            t->after += n;
            continue;
        }
        if ((length = spaced_guillemet(s, t->after))) {
            t->quoted = t->closed = true;
            t->after += length;
            continue;
        }
        bool space = code == ' ';
        if (space && !t->loud && (length = spaced_note(s, t->at, t->after + 1))) {
            t->tail = true;
            t->after += length + 1;
            break;
        }
        if ((length = note_at(s, t->after + space)) || (length = face_at(s, t->after + space))) {
            t->tail = true;
            t->after += length + space;
            continue;
        }
        char next = space ? nr_scan_byte(s, t->after + 1) : 0, behind = next ? nr_scan_byte(s, t->after + 2) : 0;
        bool closes = (next == ')' || next == ']') && behind != next;
        if (!closes && !((next == '"' || next == '\'') && (!behind || nr_ascii_space(behind))))
            break;
        t->closed = true; /* a closing mark that strayed behind a space */
        t->after += 2;
    }
}

/* ---------------------------------------------------------------- single full stops */

/* One upper-case letter: "J. Smith" and "you and I. Then", "Charles V. This". */
static bool initial_ends(const nr_scan *s, nr_view word, nr_view next)
{
    uint32_t at = (uint32_t)(word.p - s->text);
    while (at > s->start && s->text[at - 1] == ' ')
        at--;
    nr_view before = nr_word_before(s, at > s->start && s->text[at - 1] == '.' ? at - 1 : at);
    if (!before.n || nr_view_is(nr_stop_kind(s, before), "inside")) /* "z. B." */
        return false;
    bool name = nr_ascii_upper(before.p[0]);
    if (word.p[0] == 'I' && !name)
        return true;
    return begins(s, next, !name) && !(name && next.n == 1);
}

/* "No. I did not", but "Vol. I of it" */
static bool pronoun_at(nr_scan *s, nr_view next)
{
    uint32_t at = (uint32_t)(next.p - s->text) + 1;
    if (next.n != 1 || (next.p[0] != 'A' && next.p[0] != 'I') || nr_scan_byte(s, at) != ' ')
        return false;
    nr_view word = nr_word_at(s, at + 1);
    return all_lower(word) && word.n > 1 && !nr_view_is(nr_word_kind(s, word), "front") && !nr_view_is(word, "of") &&
           !nr_view_is(word, "and") && !nr_view_is(word, "to");
}

/* "At 5 a.m. Mr Smith": a time at the head of a sentence. */
static bool fronted(nr_scan *s, nr_view word)
{
    uint32_t at = (uint32_t)(word.p - s->text);
    return at - s->start < 24 && nr_view_is(nr_word_kind(s, nr_word_at(s, s->start)), "front");
}

static bool after_number(const nr_scan *s, nr_view word)
{
    uint32_t at = (uint32_t)(word.p - s->text);
    while (at > s->start && s->text[at - 1] == ' ')
        at--;
    return at > s->start && nr_ascii_digit(s->text[at - 1]);
}

/* "vol. III" */
static bool is_numeral(nr_view word)
{
    for (size_t i = 0; i < word.n; i++)
        if (!strchr("IVXLC", word.p[i]))
            return false;
    return word.n > 1;
}

/* A stop after an abbreviation of the table, before `next`. */
static bool abbreviation_ends(nr_scan *s, nr_view kind, nr_view word, nr_view next, bool opener)
{
    bool upper = starts_upper(next), digit = next.n && nr_ascii_digit(next.p[0]);
    bool lower = next.n && nr_is_lower((unsigned char)next.p[0]);
    if (nr_view_is(kind, "inside"))
        return false;
    if (nr_view_is(kind, "street"))
        return begins(s, next, false);
    if (nr_view_is(kind, "title"))
        return !upper && !digit && !lower && !(next.n && (unsigned char)next.p[0] >= 0x80);
    if (nr_view_is(kind, "number"))
        return opener ? upper : !lower && !digit && !is_numeral(next) && !(next.n == 1 && upper && !pronoun_at(s, next));
    if (nr_view_is(kind, "last"))
        return upper || (!next.n && opener);
    if (nr_view_is(kind, "time"))
        return upper && !fronted(s, word) && !nr_view_is(nr_word_kind(s, next), "when");
    if (nr_view_is(kind, "proper") && !nr_ascii_upper(word.p[0]))
        return !lower;
    if (nr_view_is(kind, "name"))
        return !lower;
    if (digit)
        return false;
    if (nr_view_is(kind, "unit") && (nr_ascii_upper(word.p[0]) || !after_number(s, word)))
        return true;
    return begins(s, next, true) && !nr_view_is(nr_word_kind(s, next), "when");
}

/* "Figure 2. The marsh", "2.1. Method": a heading's number at the start of a sentence. */
static bool numbers_a_heading(nr_scan *s, nr_view word)
{
    uint32_t at = (uint32_t)(word.p - s->text);
    for (size_t i = 0; i < word.n; i++)
        if (!nr_ascii_digit(word.p[i]) && word.p[i] != '.')
            return false;
    if (at == s->start)
        return word.n < 3 || memchr(word.p, '.', word.n);
    nr_view first = nr_word_at(s, s->start);
    return word.n && s->start + first.n + 1 == at && nr_view_is(nr_word_kind(s, first), "label");
}

/* Before a small letter only a plain word's stop is an end: what is short or has no vowel may be an abbreviation. */
static bool plain_word(nr_view word)
{
    bool vowel = false, lower = true;
    for (size_t i = 0; i < word.n; i++) {
        vowel = vowel || strchr("aeiouyAEIOUY", word.p[i]);
        lower = lower && ((word.p[i] >= 'a' && word.p[i] <= 'z') || word.p[i] == '\'');
    }
    if (memchr(word.p, '.', word.n))
        return false;
    if (word.n >= 3 && nr_ascii_digit(word.p[0]) && nr_ascii_digit(word.p[word.n - 1]))
        return true;
    return vowel && word.n >= 2 && (lower || (word.n >= 5 && !memchr(word.p, '\'', word.n)));
}

/* "http://", "www." */
static bool address_at(nr_scan *s, uint32_t at)
{
    char c[8] = {0};
    for (uint32_t i = 0; i < 8; i++)
        c[i] = nr_ascii_lower(nr_scan_byte(s, at + i));
    return memcmp(c, "http://", 7) == 0 || memcmp(c, "https://", 8) == 0 || memcmp(c, "www.", 4) == 0;
}

static bool full_stop_ends(nr_scan *s, const stop *t, uint32_t at, nr_view next)
{
    nr_view word = nr_word_before(s, t->at);
    uint32_t first = (uint32_t)(next.p - s->text);
    bool opener = first > at, lower = next.n && nr_is_lower((unsigned char)next.p[0]);
    if (word.n == 0 && t->at > s->start && s->text[t->at - 1] == ' ')
        word = nr_word_before(s, t->at - 1); /* a stop that strayed behind a space */
    if (word.n == 0)
        return !lower || (t->at > s->start && strchr(")\"", s->text[t->at - 1]) && all_lower(next) && next.n > 1);
    if (word.n == 1 && nr_ascii_upper(word.p[0]))
        return !lower && initial_ends(s, word, next);
    nr_view kind = nr_stop_kind(s, all_digits(word) && word.n < 3 ? NR_LIT("0") : word);
    if (nr_view_is(kind, "ordinal"))
        return begins(s, next, true) && !nr_view_is(nr_word_kind(s, next), "when");
    if (kind.n)
        return (abbreviation_ends(s, kind, word, next, opener) && !lower) || (address_at(s, at) && nr_view_is(kind, "last"));
    if (word.n == 1 && !lower && word.p > s->text + s->start && word.p[-1] == '(')
        return false; /* "(b. 1903)" */
    if (memchr(word.p, '.', word.n) && nr_ascii_alpha(word.p[0]) && word.n < 12 && (word.n < 3 || word.p[1] == '.'))
        return begins(s, next, true); /* U.S., U.S.A. */
    if (numbers_a_heading(s, word))
        return false;
    if (address_at(s, at))
        return true;
    return !lower || (plain_word(word) && (all_lower(next) || nr_scan_byte(s, first + (uint32_t)next.n) == '\''));
}

/* ---------------------------------------------------------------- without a space */

/* "end.The": a lower-case word, the stop, a capitalised word that is no name of a file or site. */
static bool glued_word(nr_scan *s, const stop *t)
{
    nr_view word = nr_word_before(s, t->at), next = nr_word_at(s, t->after);
    if (t->after < s->start + 3 || word.n < 2 || memchr(word.p, '.', word.n) || next.n < 2 || !starts_upper(next) ||
        !nr_is_lower((unsigned char)next.p[1]))
        return false;
    char before = s->text[t->at - 1], behind = nr_scan_byte(s, t->after + (uint32_t)next.n);
    if (nr_stop_kind(s, word).n)
        return false;
    return (nr_is_lower((unsigned char)before) || nr_ascii_digit(before) || nr_is_closer((unsigned char)before)) &&
           (behind == ' ' || behind == ',' || behind == '\'' || (behind == '.' && nr_stop_kind(s, next).n));
}

/* "growth.12 The": the number of a note. */
static bool glued_note(nr_scan *s, stop *t)
{
    uint32_t to = t->after;
    nr_view word = nr_word_before(s, t->at);
    if (!(t->closed || (word.n >= 3 && all_lower(word) && !nr_stop_kind(s, word).n)))
        return false;
    while (nr_ascii_digit(nr_scan_byte(s, to)) && to - t->after < 4)
        to++;
    uint32_t n, next = nr_scan_space(s, to);
    if (to == t->after || to - t->after > 3 || next == to || !nr_is_upper(nr_scan_code(s, next, &n)))
        return false;
    t->after = to;
    return true;
}

/* "Why?because": words on both sides, no part of an address. */
static bool glued_mark(nr_scan *s, const stop *t)
{
    uint32_t from = t->at, to = t->after;
    if (t->at == s->start || !nr_ascii_alpha(nr_scan_byte(s, to)) || nr_word_before(s, t->at).n < 2)
        return false; /* "!Kung", "Y!x" */
    for (; from > s->start && !nr_ascii_space(s->text[from - 1]) && t->at - from < 64; from--)
        if (strchr("/@=&%:<", s->text[from - 1]))
            return false;
    for (char c; (c = nr_scan_byte(s, to)) && !nr_ascii_space(c) && to - t->after < 64; to++)
        if (strchr("/@=&%:>", c))
            return false;
    return t->loud || starts_upper(nr_word_at(s, t->after));
}

static bool glued_end(nr_scan *s, stop *t)
{
    if (nr_is_wide_stop(t->last))
        return true;
    if (t->last == '.' && t->dots == 1 && !t->loud)
        return glued_note(s, t) || (!t->quoted && !t->tail && glued_word(s, t));
    return !t->closed && (t->loud || t->dots >= 3) && glued_mark(s, t);
}

/* ---------------------------------------------------------------- before a space */

/* "“Stop!” Marta cried": up to three names, then a word of saying; or "I said". */
static bool somebody_says(nr_scan *s, uint32_t at)
{
    for (int i = 0; i < 4; i++) {
        nr_view word = nr_word_at(s, at);
        if (!word.n)
            return false;
        if (i && nr_view_is(nr_word_kind(s, word), "says"))
            return true;
        bool name = starts_upper(word) && (i || word.p[0] == 'I' || !nr_word_kind(s, word).n || nr_view_is(nr_stop_kind(s, word), "title"));
        if (!name && !(i == 1 && nr_view_is(word, "and")))
            return false;
        at += (uint32_t)word.n;
        if (nr_scan_byte(s, at) == '.')
            at++;
        if (nr_scan_byte(s, at) != ' ')
            return false;
        at++;
    }
    return false;
}

/* "“... grows on walls” (Ade 55).": a source in brackets that the sentence's own stop follows. */
static bool source_at(nr_scan *s, uint32_t at)
{
    if (nr_scan_byte(s, at) != '(')
        return false;
    for (uint32_t i = 1; i < 60; i++) {
        char c = nr_scan_byte(s, at + i);
        if (!c || c == '!' || c == '?')
            return false;
        if (c == ')')
            return (c = nr_scan_byte(s, at + i + 1)) == '.' || c == ',' || c == ';';
    }
    return false;
}

/* Whether the sentence goes on in small letters after a mark: a reporting clause, a bracket still open, an exclamation
 * in passing ("and then, bang! it was gone"). */
static bool mark_in_passing(const nr_scan *s, const stop *t)
{
    uint32_t words = 1, at = t->at;
    int depth = t->bracketed ? -1 : 0;
    if (t->quoted)
        return true;
    for (; at > s->start && t->at - at < 400; at--) {
        char c = s->text[at - 1];
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (depth > 0 || c == '"' || (unsigned char)c == 0x9C || (unsigned char)c == 0x98)
            return true;
        if (words < 4 && (c == ',' || c == ';' || c == '!' || (c == '-' && at > 1 && (s->text[at - 2] == '-' || s->text[at - 2] == ' '))))
            return words < 3 && t->last == '!';
        words += c == ' ';
    }
    return words < (t->last == '!' ? 3u : 2u);
}

/* "Now? she wondered.", "Why? thought Ade." */
static bool small_saying(nr_scan *s, nr_view next)
{
    static const char *const persons[] = {"he", "she", "they", "i", "we"};
    if (nr_view_is(nr_word_kind(s, next), "says"))
        return true;
    for (size_t i = 0; i < sizeof persons / sizeof *persons; i++)
        if (nr_view_is(next, persons[i]))
            return nr_view_is(nr_word_kind(s, nr_word_at(s, (uint32_t)(next.p - s->text) + (uint32_t)next.n + 1)), "says");
    return false;
}

/* "[who? 1912]" */
static bool in_square_brackets(const nr_scan *s, const stop *t)
{
    if (t->closed)
        return false;
    for (uint32_t at = t->at; at > s->start && t->at - at < 40; at--) {
        if (s->text[at - 1] == '[')
            return true;
        if (s->text[at - 1] == ']')
            return false;
    }
    return false;
}

static bool marks_end(nr_scan *s, const stop *t, uint32_t at, nr_view next)
{
    uint32_t n, code = nr_scan_code(s, at, &n), first = next.n ? nr_scan_code(s, (uint32_t)(next.p - s->text), &n) : code;
    if (t->loud && t->at > s->start && strchr(",:;", s->text[t->at - 1]))
        return false;
    if (t->last == '!' && nr_view_is(nr_stop_kind(s, nr_word_before(s, t->at)), "name") && !begins(s, next, true))
        return false;
    if (t->loud && in_square_brackets(s, t))
        return false;
    if (nr_is_lower(first) && !nr_is_wide_stop(t->last)) {
        if (address_at(s, at))
            return true;
        if (t->bracketed && s->text[s->body] != '(' && s->text[s->body] != '[')
            return false; /* a bracket within the sentence */
        if (t->dots == 1 && !t->loud) /* ." or .) or .[2] or . :-) */
            return !t->quoted && (t->tail || !all_lower(next) || nr_is_opener(code) || plain_word(nr_word_before(s, t->at)));
        if (code == '(' && t->loud)
            return true;
        return t->tail || (t->loud && !nr_is_dash(code) && !mark_in_passing(s, t) && !small_saying(s, next));
    }
    if (t->dots == 3 && !t->loud && nr_view_is(next, "I") && t->last != 0x2026 && !t->closed)
        return t->bare - t->at == 3 && t->at - s->start > 40; /* "I thought... I mean" */
    if (t->quoted && (t->loud || t->dots != 1) && somebody_says(s, at))
        return false;
    if (t->quoted && source_at(s, at))
        return false;
    return code != ',' && code != ';' && code != ')';
}

/* "was old. . . . The": a full stop, then an ellipsis that begins the next sentence. */
static bool spaced_ellipsis(nr_scan *s, const stop *t)
{
    uint32_t n;
    return t->dots == 4 && !t->loud && t->bare - t->at == 7 && t->at > s->start && s->text[t->at - 1] != ' ' && t->bare == t->after && nr_scan_byte(s, t->bare) == ' ' &&
           nr_is_upper(nr_scan_code(s, t->bare + 1, &n));
}

bool nr_ends_at_stop(nr_scan *s, uint32_t at, uint32_t *after)
{
    stop t = {.at = at};
    uint32_t n;
    skip_stops(s, &t);
    skip_tail(s, &t);
    *after = t.after;
    if (t.after >= s->end)
        return true;
    if (at == s->body && t.dots >= 2 && !t.loud)
        return false; /* an ellipsis that begins the sentence */
    if (!nr_code_is_space(nr_scan_code(s, t.after, &n))) {
        bool ends = glued_end(s, &t);
        *after = t.after;
        return ends;
    }
    uint32_t next = nr_scan_space(s, t.after), first = next, code;
    if (next >= s->end)
        return true;
    if (spaced_ellipsis(s, &t)) {
        *after = at + 1;
        return true;
    }
    for (bool dash = false; (code = nr_scan_code(s, first, &n)) && first - next < NR_SCAN_RUN; first += n) {
        if (!nr_is_opener(code) && !(dash && code == ' '))
            break;
        dash = nr_is_dash(code);
    }
    nr_view word = nr_word_at(s, first);
    if (t.dots == 1 && t.last == '.' && !t.loud && !t.closed && !t.tail)
        return nr_scan_byte(s, next) != ',' && full_stop_ends(s, &t, next, word);
    return marks_end(s, &t, next, word);
}
