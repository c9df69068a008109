#include "publish/phrase_cut.h"

#include <stdlib.h>
#include <unicode/uchar.h>

#include "base/error.h"
#include "base/utf8.h"

nr_status phrase_cutter_open(phrase_cutter *c, const char *language, unsigned most, nr_error *err)
{
    UErrorCode u = U_ZERO_ERROR;
    *c = (phrase_cutter){.most = most};
    c->lines = ubrk_open(UBRK_LINE, language, NULL, 0, &u);
    c->letters = ubrk_open(UBRK_CHARACTER, language, NULL, 0, &u);
    c->words = ubrk_open(UBRK_WORD, language, NULL, 0, &u);
    if (U_FAILURE(u))
        return nr_fail(err, u == U_MEMORY_ALLOCATION_ERROR ? NR_ENOMEM : NR_EDATA, 0,
                       "cannot find where lines may end: ICU says %s", u_errorName(u));
    return NR_OK;
}

void phrase_cutter_close(phrase_cutter *c)
{
    UBreakIterator *all[] = {c->lines, c->letters, c->words};
    for (int i = 0; i < 3; i++)
        if (all[i])
            ubrk_close(all[i]);
    *c = (phrase_cutter){0};
}

/* A letter with its accents: as wide as what it begins with. */
static unsigned letter_width(const char *p, const char *end)
{
    int wide = u_getIntPropertyValue((UChar32)nr_utf8_decode(p, end, &(int){0}), UCHAR_EAST_ASIAN_WIDTH);
    return wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? PHRASE_WIDE : PHRASE_LETTER;
}

static nr_status measure(const phrase_cutter *c, phrase_passage *g, phrase_piece *piece)
{
    const char *p = g->text.p + piece->at, *end = p + piece->n;
    bool plain = true;
    for (const char *q = p; q < end; q++)
        plain = plain && (unsigned char)*q < 0x80;
    piece->width = piece->n * PHRASE_LETTER;
    piece->load = piece->n;
    if (plain)
        return NR_OK;
    UErrorCode u = U_ZERO_ERROR;
    UText view = UTEXT_INITIALIZER;
    utext_openUTF8(&view, p, piece->n, &u);
    ubrk_setUText(c->letters, &view, &u);
    piece->width = piece->load = 0;
    int32_t at = U_SUCCESS(u) ? ubrk_first(c->letters) : UBRK_DONE;
    for (int32_t next; at != UBRK_DONE && (next = ubrk_next(c->letters)) != UBRK_DONE; at = next) {
        unsigned letter = letter_width(p + at, end);
        piece->width += letter;
        piece->load += letter == PHRASE_WIDE ? 2 : 1;
    }
    utext_close(&view);
    return U_FAILURE(u) ? NR_ENOMEM : NR_OK;
}

static nr_status add_piece(const phrase_cutter *c, phrase_passage *g, size_t from, size_t to)
{
    bool space = from > 0 && g->text.p[from - 1] == ' ';
    while (to > from && g->text.p[to - 1] == ' ')
        to--;
    if (to == from)
        return NR_OK;
    if (g->count == g->room) {
        size_t room = g->room ? g->room * 2 : 256;
        phrase_piece *grown = realloc(g->pieces, room * sizeof *grown);
        if (!grown)
            return NR_ENOMEM;
        g->pieces = grown;
        g->room = room;
    }
    g->pieces[g->count] = (phrase_piece){.at = (uint32_t)from, .n = (uint32_t)(to - from), .space = space};
    return measure(c, g, &g->pieces[g->count++]);
}

/* A piece wider than a line is cut between letters, into quarters of a line. */
static nr_status cut_wide(const phrase_cutter *c, phrase_passage *g)
{
    phrase_piece whole = g->pieces[g->count - 1];
    const char *text = g->text.p + whole.at;
    UErrorCode u = U_ZERO_ERROR;
    UText view = UTEXT_INITIALIZER;
    utext_openUTF8(&view, text, whole.n, &u);
    ubrk_setUText(c->letters, &view, &u);
    int32_t *cuts = malloc((whole.n + 2) * sizeof *cuts);
    size_t n = 0;
    unsigned width = c->most; /* of the quarter in hand */
    if (U_SUCCESS(u) && cuts)
        for (int32_t at = ubrk_first(c->letters); at != UBRK_DONE; at = ubrk_next(c->letters)) {
            unsigned letter = (uint32_t)at < whole.n ? letter_width(text + at, text + whole.n) : c->most;
            if (width + letter > c->most / 4) {
                cuts[n++] = at;
                width = 0;
            }
            width += letter;
        }
    utext_close(&view);
    nr_status s = U_FAILURE(u) || !cuts ? NR_ENOMEM : NR_OK;
    g->count -= n > 1;
    for (size_t i = 0; i + 1 < n && !s; i++)
        s = add_piece(c, g, whole.at + (size_t)cuts[i], whole.at + (size_t)cuts[i + 1]);
    free(cuts);
    return s;
}

/* In the middle of a word of a script that is written without spaces. */
static bool is_in_word(const phrase_cutter *c, nr_view text, int32_t at)
{
    return text.p[at - 1] != ' ' && letter_width(text.p + at, text.p + text.n) == PHRASE_WIDE && !ubrk_isBoundary(c->words, at);
}

nr_status phrase_cut(const phrase_cutter *c, phrase_passage *g, size_t from)
{
    nr_view text = {g->text.p + from, g->text.n - from};
    UErrorCode u = U_ZERO_ERROR;
    UText lines = UTEXT_INITIALIZER, words = UTEXT_INITIALIZER;
    utext_openUTF8(&lines, text.p, (int64_t)text.n, &u);
    utext_openUTF8(&words, text.p, (int64_t)text.n, &u);
    ubrk_setUText(c->lines, &lines, &u);
    ubrk_setUText(c->words, &words, &u);
    int32_t at = U_SUCCESS(u) ? ubrk_first(c->lines) : UBRK_DONE, next;
    nr_status s = U_FAILURE(u) ? NR_ENOMEM : NR_OK;
    for (; !s && at != UBRK_DONE && (next = ubrk_next(c->lines)) != UBRK_DONE; at = next) {
        while ((size_t)next < text.n && is_in_word(c, text, next))
            next = ubrk_next(c->lines);
        size_t before = g->count;
        s = add_piece(c, g, from + (size_t)at, from + (size_t)next);
        if (!s && g->count > before && g->pieces[before].width > c->most)
            s = cut_wide(c, g);
    }
    utext_close(&lines);
    utext_close(&words);
    return s;
}
