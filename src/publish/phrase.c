#include "publish/phrase.h"

#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>

#include "base/error.h"
#include "base/table.h"
#include "base/utf8.h"

enum { TEXT_MAX = 1 << 30, LANGUAGE = 40 };

struct phrase_reader {
    const timeline *times;
    unsigned columns;
    size_t sentence; /* the next one */
    phrase_passage passage;
    /* of the language in hand */
    char language[LANGUAGE];
    UBreakIterator *lines, *letters;
    nr_table *clauses, *abbreviations, *units;
    /* of the part in hand */
    uint32_t part;
    size_t inline_at;
    uint32_t hidden_until;
    /* where each byte of the passage comes from */
    uint32_t *source;
    size_t source_room;
};

size_t phrase_token(const timeline *t, size_t word, size_t last, nr_span *span)
{
    size_t n = 1;
    *span = t->words[word].span;
    for (; word + n < last && t->words[word + n].span.start < span->end; n++) {
        nr_span more = t->words[word + n].span;
        span->start = more.start < span->start ? more.start : span->start;
        span->end = more.end > span->end ? more.end : span->end;
    }
    return n;
}

/* ---------------------------------------------------------------- a language */

static void close_language(phrase_reader *r)
{
    nr_table_free(r->clauses);
    nr_table_free(r->abbreviations);
    nr_table_free(r->units);
    r->clauses = r->abbreviations = r->units = NULL;
    if (r->lines)
        ubrk_close(r->lines);
    if (r->letters)
        ubrk_close(r->letters);
    r->lines = r->letters = NULL;
}

static nr_status open_table(nr_table **out, const char *language, const char *name, nr_error *err)
{
    char path[64];
    nr_language_table(path, language, name);
    nr_status s = nr_table_new(out, err);
    return s ? s : nr_table_add_builtin(*out, path, 1, NULL, err);
}

static nr_status open_language(phrase_reader *r, const char *language, nr_error *err)
{
    language = language && strlen(language) < LANGUAGE ? language : "en";
    if (r->lines && strcmp(language, r->language) == 0)
        return NR_OK;
    close_language(r);
    strcpy(r->language, language);
    UErrorCode u = U_ZERO_ERROR;
    r->lines = ubrk_open(UBRK_LINE, language, NULL, 0, &u);
    r->letters = ubrk_open(UBRK_CHARACTER, language, NULL, 0, &u);
    if (U_FAILURE(u))
        return nr_fail(err, u == U_MEMORY_ALLOCATION_ERROR ? NR_ENOMEM : NR_EDATA, 0,
                       "cannot find where lines may end: ICU says %s", u_errorName(u));
    nr_status s = open_table(&r->clauses, language, "clauses.tsv", err);
    s = s ? s : open_table(&r->abbreviations, language, "abbreviations.tsv", err);
    return s ? s : open_table(&r->units, language, "units.tsv", err);
}

/* ---------------------------------------------------------------- text */

static nr_status put_byte(phrase_reader *r, char c, uint32_t from)
{
    nr_buffer *text = &r->passage.text;
    if (text->n >= r->source_room) {
        size_t room = r->source_room ? r->source_room * 2 : 4096;
        uint32_t *grown = realloc(r->source, room * sizeof *grown);
        if (!grown)
            return NR_ENOMEM;
        r->source = grown;
        r->source_room = room;
    }
    r->source[text->n] = from;
    return nr_buffer_put_char(text, c);
}

/* Whether a word that is said stands there: then it is shown too. */
static bool is_said(const timeline *t, const timeline_sentence *s, nr_span span)
{
    for (size_t i = s->first; i < s->first + s->count; i++)
        if (t->words[i].span.start >= span.start && t->words[i].span.end <= span.end)
            return true;
    return false;
}

/* Moves past the inlines that begin here; what is hidden by them lasts until hidden_until. */
static bool is_hidden(phrase_reader *r, const timeline_sentence *s, uint32_t at)
{
    size_t count;
    const nr_inline *in = nr_document_inlines(r->times->parts[s->part].doc, &count);
    for (; r->inline_at < count && in[r->inline_at].span.start <= at; r->inline_at++) {
        const nr_inline *i = &in[r->inline_at];
        if (i->kind == NR_INLINE_SILENT && i->span.end > at && i->span.end > r->hidden_until && !is_said(r->times, s, i->span))
            r->hidden_until = i->span.end;
    }
    return at < r->hidden_until;
}

/* White space at which a line may end. */
static bool is_blank(uint32_t code) { return nr_code_is_space(code) && code != 0xA0 && code != 0x2007 && code != 0x202F && code != 0xFEFF; }

static bool is_nothing(uint32_t code) { return code < ' ' || (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0xFEFF; }

static nr_status add_text(phrase_reader *r, const timeline_sentence *s)
{
    nr_view text = nr_document_text(r->times->parts[s->part].doc);
    nr_buffer *out = &r->passage.text;
    const char *end = text.p + s->span.end;
    nr_status failed = NR_OK;
    int length;
    for (const char *p = text.p + s->span.start; p < end && !failed; p += length) {
        uint32_t code = nr_utf8_decode(p, end, &length), at = (uint32_t)(p - text.p);
        if (is_hidden(r, s, at))
            continue;
        if (is_blank(code)) {
            if (out->n && out->p[out->n - 1] != ' ')
                failed = put_byte(r, ' ', at);
        } else if (!is_nothing(code)) {
            for (int i = 0; i < length && !failed; i++)
                failed = put_byte(r, p[i], at);
        }
    }
    return failed;
}

/* Columns that a piece takes. */
static nr_status measure(phrase_reader *r, phrase_piece *piece)
{
    const char *p = r->passage.text.p + piece->at, *end = p + piece->n;
    unsigned width = 0;
    bool plain = true;
    for (const char *c = p; c < end; c++)
        plain = plain && (unsigned char)*c < 0x80;
    if (plain) {
        piece->width = (uint16_t)(piece->n < UINT16_MAX ? piece->n : UINT16_MAX);
        return NR_OK;
    }
    UErrorCode u = U_ZERO_ERROR;
    UText view = UTEXT_INITIALIZER;
    utext_openUTF8(&view, p, piece->n, &u);
    ubrk_setUText(r->letters, &view, &u);
    int32_t at = U_SUCCESS(u) ? ubrk_first(r->letters) : UBRK_DONE;
    for (int32_t next; at != UBRK_DONE && (next = ubrk_next(r->letters)) != UBRK_DONE; at = next) {
        int length;
        int wide = u_getIntPropertyValue((UChar32)nr_utf8_decode(p + at, end, &length), UCHAR_EAST_ASIAN_WIDTH);
        width += wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
    }
    utext_close(&view);
    piece->width = (uint16_t)(width < UINT16_MAX ? width : UINT16_MAX);
    return U_FAILURE(u) ? NR_ENOMEM : NR_OK;
}

static nr_status add_piece(phrase_reader *r, size_t from, size_t to)
{
    phrase_passage *g = &r->passage;
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
    return measure(r, &g->pieces[g->count++]);
}

/* A piece wider than a line is cut between letters. */
static nr_status cut_wide(phrase_reader *r)
{
    phrase_passage *g = &r->passage;
    phrase_piece whole = g->pieces[g->count - 1];
    UErrorCode u = U_ZERO_ERROR;
    UText view = UTEXT_INITIALIZER;
    utext_openUTF8(&view, g->text.p + whole.at, whole.n, &u);
    ubrk_setUText(r->letters, &view, &u);
    int32_t *cuts = malloc((whole.n + 2) * sizeof *cuts);
    size_t n = 0;
    unsigned letters = 0;
    if (U_SUCCESS(u) && cuts)
        for (int32_t at = ubrk_first(r->letters); at != UBRK_DONE; at = ubrk_next(r->letters))
            if (letters++ % (r->columns / 2) == 0 || (uint32_t)at == whole.n)
                cuts[n++] = at;
    utext_close(&view);
    nr_status s = U_FAILURE(u) || !cuts ? NR_ENOMEM : NR_OK;
    g->count -= n > 1;
    for (size_t i = 0; i + 1 < n && !s; i++)
        s = add_piece(r, whole.at + (size_t)cuts[i], whole.at + (size_t)cuts[i + 1]);
    free(cuts);
    return s;
}

/* The pieces of the text from a place on. */
static nr_status add_pieces(phrase_reader *r, size_t from)
{
    phrase_passage *g = &r->passage;
    UErrorCode u = U_ZERO_ERROR;
    UText view = UTEXT_INITIALIZER;
    utext_openUTF8(&view, g->text.p + from, (int64_t)(g->text.n - from), &u);
    ubrk_setUText(r->lines, &view, &u);
    int32_t at = U_SUCCESS(u) ? ubrk_first(r->lines) : UBRK_DONE, next;
    nr_status s = U_FAILURE(u) ? NR_ENOMEM : NR_OK;
    for (; !s && at != UBRK_DONE && (next = ubrk_next(r->lines)) != UBRK_DONE; at = next) {
        size_t before = g->count;
        s = add_piece(r, from + (size_t)at, from + (size_t)next);
        if (!s && g->count > before && g->pieces[before].width > r->columns)
            s = cut_wide(r);
    }
    utext_close(&view);
    return s;
}

/* ---------------------------------------------------------------- times */

typedef struct token {
    nr_span span;
    uint64_t start, end;
} token;

static bool next_token(const timeline *t, size_t *word, size_t last, token *k)
{
    if (*word >= last)
        return false;
    size_t n = phrase_token(t, *word, last, &k->span);
    k->start = t->words[*word].start;
    k->end = t->words[*word + n - 1].end;
    *word += n;
    return true;
}

/* A place behind a word's first character: by how far it is on the way to the next word's. */
static uint64_t within(const token *k, uint32_t next, uint32_t at)
{
    uint32_t length = next > k->span.start ? next - k->span.start : 1, in = at - k->span.start;
    return k->start + (k->end - k->start) * (in < length ? in : length) / length;
}

/* What has no word of its own (a dash by itself) joins the piece before, if a line holds both. */
static bool join(phrase_reader *r, size_t into, size_t first, const phrase_piece *p)
{
    phrase_piece *before = &r->passage.pieces[into - (into > first)];
    unsigned width = before->width + (unsigned)p->space + p->width;
    if (into == first || width > r->columns)
        return false;
    before->width = (uint16_t)width;
    before->n = p->at + p->n - before->at;
    return true;
}

/* Gives the pieces from first on their times. */
static void time_pieces(phrase_reader *r, const timeline_sentence *s, size_t first)
{
    phrase_passage *g = &r->passage;
    size_t word = s->first, last = s->first + s->count, out = first;
    token k = {0}, next = {0};
    next_token(r->times, &word, last, &k);
    bool more = next_token(r->times, &word, last, &next);
    for (size_t i = first; i < g->count; i++) {
        phrase_piece p = g->pieces[i];
        uint32_t from = r->source[p.at], to = r->source[p.at + p.n - 1] + 1;
        p.timed = out == first;
        p.start = k.start;
        while (more && next.span.start < to) {
            k = next;
            more = next_token(r->times, &word, last, &next);
            p.start = p.timed ? p.start : k.start;
            p.timed = true;
        }
        bool inside = !p.timed && from < k.span.end;
        if (!p.timed && !inside && join(r, out, first, &p))
            continue;
        if (!p.timed)
            p.start = within(&k, more ? next.span.start : s->span.end, from);
        p.place = out == first ? PLACE_SENTENCE : inside || !p.space ? PLACE_INSIDE : PLACE_ANY;
        g->pieces[out++] = p;
    }
    g->count = out;
    for (size_t i = first; i < g->count; i++)
        g->pieces[i].end = i + 1 < g->count ? g->pieces[i + 1].start : s->end;
}

/* ---------------------------------------------------------------- how good a place is */

static uint32_t last_code(nr_view v) { return nr_utf8_decode(v.p + nr_utf8_before(v.p, v.n), v.p + v.n, &(int){0}); }

static uint32_t first_code(nr_view v) { return nr_utf8_decode(v.p, v.p + v.n, &(int){0}); }

static bool is_closing(uint32_t code)
{
    int type = u_charType((UChar32)code);
    return code == '"' || code == '\'' || type == U_END_PUNCTUATION || type == U_FINAL_PUNCTUATION;
}

/* The word's end behind which closing marks stand. */
static nr_view without_closing(nr_view v)
{
    while (v.n && is_closing(last_code(v)))
        v.n = nr_utf8_before(v.p, v.n);
    return v;
}

/* A stop inside a sentence belongs to an abbreviation; sentences have places of their own. */
static bool ends_clause(uint32_t code)
{
    static const uint32_t ends[] = {';', ':', '!', '?', 0x2013, 0x2014, 0x2026, 0x061B, 0x061F, 0x06D4,
                                    0x0964, 0x3002, 0xFF01, 0xFF1A, 0xFF1B, 0xFF1F};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (code == ends[i])
            return true;
    return false;
}

static bool is_comma(uint32_t code) { return code == ',' || code == 0x060C || code == 0x3001 || code == 0xFF0C; }

/* Letters of the word alone, in lower case, as the tables have it. */
static const nr_row *find_clause(const phrase_reader *r, nr_view word)
{
    char low[32];
    while (word.n && !u_isalnum((UChar32)first_code(word))) {
        int length;
        nr_utf8_decode(word.p, word.p + word.n, &length);
        word.p += length, word.n -= (size_t)length;
    }
    size_t n = 0;
    for (; n < word.n && n < sizeof low && word.p[n] != '.' && word.p[n] != ','; n++)
        low[n] = nr_ascii_lower(word.p[n]);
    return n && n < sizeof low ? nr_table_find(r->clauses, (nr_view){low, n}) : NULL;
}

static bool has_case(nr_view word, bool upper)
{
    while (word.n && !u_isalpha((UChar32)first_code(word))) {
        int length;
        nr_utf8_decode(word.p, word.p + word.n, &length);
        word.p += length, word.n -= (size_t)length;
    }
    return word.n && (upper ? u_isupper((UChar32)first_code(word)) : u_islower((UChar32)first_code(word)));
}

/* "Mr" before a name, "No." before a figure. */
static bool leads(const phrase_reader *r, nr_view before, nr_view behind)
{
    nr_view stem = before;
    if (stem.n && stem.p[stem.n - 1] == '.')
        stem.n--;
    const nr_row *row = nr_table_find(r->abbreviations, stem);
    if (!row || row->count < 2)
        return false;
    bool figure = u_isdigit((UChar32)first_code(behind));
    return nr_view_is(row->column[1], "number") || nr_view_is(row->column[1], "roman") ? figure
           : nr_view_is(row->column[1], "title") || nr_view_is(row->column[1], "either") ? has_case(behind, true) : false;
}

static bool is_unit(const phrase_reader *r, nr_view word)
{
    word = without_closing(word);
    while (word.n && (word.p[word.n - 1] == '.' || word.p[word.n - 1] == ',' || word.p[word.n - 1] == ';'))
        word.n--;
    return word.n && nr_table_find(r->units, word);
}

static phrase_place judge(const phrase_reader *r, nr_view before, nr_view behind, bool opens)
{
    nr_view bare = without_closing(before);
    uint32_t mark = bare.n ? last_code(bare) : 0;
    if (leads(r, before, behind) || (u_isdigit((UChar32)mark) && is_unit(r, behind)))
        return PLACE_JOINED;
    if (ends_clause(mark))
        return PLACE_CLAUSE;
    if (is_comma(mark))
        return PLACE_COMMA;
    if ((find_clause(r, before) || mark == '.') && before.n == bare.n)
        return PLACE_LEANING;
    if (u_isdigit((UChar32)mark) && has_case(behind, false))
        return PLACE_LEANING;
    if (before.n == bare.n && !opens && has_case(before, true) && has_case(behind, true))
        return PLACE_NAME;
    const nr_row *row = find_clause(r, behind);
    switch (row ? row->column[0].p[0] : 0) {
    case '3': return PLACE_GOOD;
    case '2': return PLACE_FAIR;
    case '1': return PLACE_WEAK;
    default: return before.n > bare.n || u_charType((UChar32)first_code(behind)) == U_START_PUNCTUATION ? PLACE_WEAK : PLACE_ANY;
    }
}

static void judge_places(phrase_reader *r, size_t first)
{
    phrase_passage *g = &r->passage;
    for (size_t i = first + 1; i < g->count; i++) {
        phrase_piece *p = &g->pieces[i], *q = &g->pieces[i - 1];
        nr_view before = {g->text.p + q->at, q->n}, behind = {g->text.p + p->at, p->n};
        if (p->place == PLACE_ANY)
            p->place = (uint8_t)judge(r, before, behind, i == first + 1);
        else if (p->timed && (ends_clause(last_code(before)) || is_comma(last_code(before))))
            p->place = PLACE_COMMA; /* scripts without spaces */
        else if (p->timed && p->width == 2 * (unsigned)nr_utf8_count(behind.p, behind.n))
            p->place = PLACE_ANY;
    }
}

/* ---------------------------------------------------------------- reading */

nr_status phrase_reader_new(phrase_reader **out, const timeline *t, unsigned columns, nr_error *err)
{
    phrase_reader *r = calloc(1, sizeof *r);
    if (!r)
        return nr_fail_memory(err);
    r->times = t;
    r->columns = columns;
    r->part = UINT32_MAX;
    r->passage.text = NR_BUFFER_INIT(TEXT_MAX);
    *out = r;
    return NR_OK;
}

void phrase_reader_free(phrase_reader *r)
{
    if (!r)
        return;
    close_language(r);
    nr_buffer_free(&r->passage.text);
    free(r->passage.pieces);
    free(r->source);
    free(r);
}

static nr_status begin_passage(phrase_reader *r, const timeline_sentence *s, nr_error *err)
{
    const nr_document *doc = r->times->parts[s->part].doc;
    size_t blocks;
    const nr_block *block = nr_document_blocks(doc, &blocks);
    const char *own = s->block < blocks && block[s->block].lang ? nr_document_language(doc, block[s->block].lang) : NULL;
    if (s->part != r->part)
        r->inline_at = r->hidden_until = 0;
    r->part = s->part;
    nr_buffer_truncate(&r->passage.text, 0);
    r->passage.count = 0;
    r->passage.first = r->sentence;
    r->passage.language = own ? own : nr_document_metadata(doc)->language;
    return open_language(r, r->passage.language, err);
}

/* Whether white space stands between two sentences. */
static bool apart(nr_view text, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to && i < text.n; i++)
        if (nr_ascii_space(text.p[i]))
            return true;
    return false;
}

static nr_status add_sentence(phrase_reader *r, const timeline_sentence *s)
{
    phrase_passage *g = &r->passage;
    size_t from = g->text.n, first = g->count;
    const timeline_sentence *before = r->sentence > g->first ? s - 1 : NULL;
    nr_status failed = NR_OK;
    if (from && apart(nr_document_text(r->times->parts[s->part].doc), before->span.end, s->span.start))
        failed = put_byte(r, ' ', s->span.start);
    from = g->text.n;
    failed = failed ? failed : add_text(r, s);
    if (!failed && g->text.n > from)
        failed = add_pieces(r, from);
    if (failed)
        return failed;
    time_pieces(r, s, first);
    judge_places(r, first);
    return NR_OK;
}

nr_status phrase_reader_next(phrase_reader *r, const phrase_passage **out, nr_error *err)
{
    const timeline *t = r->times;
    phrase_passage *g = &r->passage;
    *out = NULL;
    while (r->sentence < t->sentence_count) {
        const timeline_sentence *s = &t->sentences[r->sentence];
        nr_status failed = begin_passage(r, s, err);
        for (; r->sentence < t->sentence_count && !failed; r->sentence++) {
            const timeline_sentence *next = &t->sentences[r->sentence];
            if (next->part != s->part || next->block != s->block)
                break;
            if (next->count && add_sentence(r, next))
                failed = nr_fail_memory(err);
        }
        if (failed)
            return failed;
        g->sentences = r->sentence - g->first;
        g->until = r->sentence < t->sentence_count ? t->sentences[r->sentence].start : t->frames;
        if (g->count) {
            *out = g;
            return NR_OK;
        }
    }
    return NR_OK;
}
