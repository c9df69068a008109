#include "segment/utterance.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/table.h"
#include "base/utf8.h"

enum {
    FIRST_CHARS = 60, /* of the first utterance of all, where a place to breathe allows */
    HARD_FACTOR = 2,  /* beyond max_chars times this an utterance is cut between any two words */
    WORD_MAX = 300    /* bytes of one spoken word; longer ones are cut */
};

/* How good a place between two words is for a cut. */
enum { INSIDE = -1, NOWHERE, WEAK, FAIR, GOOD, COMMA, CLAUSE };

typedef enum pause {
    PAUSE_BREATH, PAUSE_COMMA, PAUSE_DASH, PAUSE_COLON, PAUSE_SEMICOLON, PAUSE_BRACKET, PAUSE_ELLIPSIS, PAUSE_SENTENCE,
    PAUSE_ITEM, PAUSE_PARAGRAPH, PAUSE_QUOTE, PAUSE_CAPTION, PAUSE_ROW, PAUSE_HEADING, PAUSE_TITLE, PAUSE_BYLINE,
    PAUSE_DATE, PAUSE_BEFORE_HEADING, PAUSE_BREAK, PAUSES
} pause;

struct nr_pauses {
    uint16_t ms[PAUSES];
    nr_table *clauses;
};

static const char *const pause_names[PAUSES] = {
    "breath", "comma", "dash", "colon", "semicolon", "bracket", "ellipsis", "sentence", "item", "paragraph", "quote",
    "caption", "row", "heading", "title", "byline", "date", "before-heading", "break"};

/* ---------------------------------------------------------------- tables */

static const char *check_pause(const nr_row *row)
{
    char *end;
    long ms = strtol(row->column[0].p, &end, 10);
    return end == row->column[0].p + row->column[0].n && ms >= 0 && ms <= 10000 ? NULL : "a pause is 0 to 10000 ms";
}

nr_status nr_pauses_open(nr_pauses **out, const char *locale, nr_error *err)
{
    (void)locale;
    nr_pauses *p = calloc(1, sizeof *p);
    if (!p)
        return nr_fail_memory(err);
    nr_table *table = NULL;
    nr_status s = nr_table_new(&table, err);
    if (!s)
        s = nr_table_add_builtin(table, "en/pauses.tsv", 2, check_pause, err);
    for (int i = 0; i < PAUSES && !s; i++) {
        const nr_row *row = nr_table_find(table, nr_view_of(pause_names[i]));
        if (row)
            p->ms[i] = (uint16_t)strtol(row->column[0].p, NULL, 10);
        else
            s = nr_fail(err, NR_EDATA, 0, "en/pauses.tsv has no row '%s'", pause_names[i]);
    }
    nr_table_free(table);
    if (!s)
        s = nr_table_new(&p->clauses, err);
    if (!s)
        s = nr_table_add_builtin(p->clauses, "en/clauses.tsv", 2, NULL, err);
    if (s) {
        nr_pauses_close(p);
        return s;
    }
    *out = p;
    return NR_OK;
}

void nr_pauses_close(nr_pauses *p)
{
    if (!p)
        return;
    nr_table_free(p->clauses);
    free(p);
}

/* ---------------------------------------------------------------- words and what stands between them */

typedef struct item {
    nr_view say;
    nr_span span;
    uint16_t flags;
    uint8_t cut;     /* how good a place for a cut is behind it */
    uint8_t pause;   /* at such a cut */
    char mark;       /* ',' or 0: said behind it inside an utterance */
    bool same_token; /* as the next: better not cut */
} item;

typedef struct items {
    nr_arena *arena;
    item *p;
    size_t n, cap;
    char end;     /* '.', '?' or '!' */
    bool ellipsis;
    nr_status failed;
} items;

static void add_item(items *it, item one)
{
    item *p = nr_arena_grow(it->arena, it->p, &it->cap, it->n + 1, sizeof *p);
    if (!p) {
        it->failed = NR_ENOMEM;
        return;
    }
    it->p = p;
    p[it->n++] = one;
}

/* Words that no voice should get in one piece are cut between code points. */
static void add_word(items *it, nr_view say, nr_span span, uint16_t flags)
{
    while (say.n > WORD_MAX && !it->failed) {
        size_t n = nr_utf8_before(say.p, WORD_MAX);
        bool exact = span.end - span.start == say.n;
        nr_span part = {span.start, exact ? span.start + (uint32_t)n : span.end};
        add_item(it, (item){.say = {say.p, n}, .span = part, .flags = flags, .cut = FAIR});
        say.p += n;
        say.n -= n;
        if (exact)
            span.start = part.end;
    }
    if (say.n)
        add_item(it, (item){.say = say, .span = span, .flags = flags});
}

/* A typographic apostrophe is for the eye. */
static nr_view plain_word(nr_arena *arena, nr_view v)
{
    const char *found = memchr(v.p, 0xE2, v.n);
    if (!found)
        return v;
    char *out = nr_arena_alloc(arena, v.n + 1);
    size_t n = 0;
    if (!out)
        return v;
    for (size_t i = 0; i < v.n; i++) {
        if (v.n - i >= 3 && (memcmp(v.p + i, "\xE2\x80\x99", 3) == 0 || memcmp(v.p + i, "\xE2\x80\x98", 3) == 0)) {
            out[n++] = '\'';
            i += 2;
        } else {
            out[n++] = v.p[i];
        }
    }
    return (nr_view){out, n};
}

static void add_token(items *it, const nr_cutting *how, const nr_token *t)
{
    if (t->word_count == 0) {
        nr_view v = nr_view_sub(how->text.p, t->span.start, t->span.end);
        add_word(it, plain_word(it->arena, v), t->span, 0);
        return;
    }
    for (size_t i = 0; i < t->word_count; i++) {
        add_word(it, t->words[i].say, t->words[i].span, t->words[i].flags);
        if (i + 1 < t->word_count && it->n)
            it->p[it->n - 1].same_token = true;
    }
}

/* What a mark means for the words on both sides of it. */
static void add_mark(items *it, uint32_t code, bool spaced)
{
    static const struct {
        uint32_t code;
        uint8_t cut, pause;
        char end;
    } marks[] = {
        {',', COMMA, PAUSE_COMMA, 0},         {0x3001, COMMA, PAUSE_COMMA, 0},      {0x060C, COMMA, PAUSE_COMMA, 0},
        {0xFF0C, COMMA, PAUSE_COMMA, 0},      {';', CLAUSE, PAUSE_SEMICOLON, 0},    {0x061B, CLAUSE, PAUSE_SEMICOLON, 0},
        {':', CLAUSE, PAUSE_COLON, 0},        {0x2014, CLAUSE, PAUSE_DASH, 0},      {0x2013, CLAUSE, PAUSE_DASH, 0},
        {'(', COMMA, PAUSE_BRACKET, 0},       {')', COMMA, PAUSE_BRACKET, 0},       {'[', COMMA, PAUSE_BRACKET, 0},
        {']', COMMA, PAUSE_BRACKET, 0},       {0x2026, CLAUSE, PAUSE_ELLIPSIS, 0},  {'.', CLAUSE, PAUSE_SENTENCE, '.'},
        {'?', CLAUSE, PAUSE_SENTENCE, '?'},   {0x061F, CLAUSE, PAUSE_SENTENCE, '?'}, {0xFF1F, CLAUSE, PAUSE_SENTENCE, '?'},
        {'!', CLAUSE, PAUSE_SENTENCE, '!'},   {0xFF01, CLAUSE, PAUSE_SENTENCE, '!'}, {'|', CLAUSE, PAUSE_DASH, 0},
        {0x2022, CLAUSE, PAUSE_SEMICOLON, 0}, {0x3002, CLAUSE, PAUSE_SENTENCE, '.'}, {'-', COMMA, PAUSE_DASH, 0},
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (marks[i].code != code || (code == '-' && !spaced))
            continue;
        if (marks[i].end && it->end != '?')
            it->end = marks[i].end;
        it->ellipsis = code == 0x2026;
        if (!it->n)
            return;
        item *last = &it->p[it->n - 1];
        if (last->cut < marks[i].cut)
            last->pause = marks[i].pause;
        if (last->cut < marks[i].cut)
            last->cut = marks[i].cut;
        last->mark = ',';
        return;
    }
}

static void add_marks(items *it, const nr_cutting *how, nr_span span)
{
    nr_view v = nr_view_sub(how->text.p, span.start, span.end);
    bool spaced = span.start > how->sentence.start && nr_ascii_space(how->text.p[span.start - 1]);
    for (size_t i = 0; i < v.n;) {
        int length;
        uint32_t code = nr_utf8_decode(v.p + i, v.p + v.n, &length);
        add_mark(it, code, spaced || v.n > 1);
        i += (size_t)length;
    }
}

/* In a long sentence one may also breathe before a conjunction. */
static void find_clauses(const items *it, const nr_pauses *pauses)
{
    for (size_t i = 1; i < it->n; i++) {
        char lower[16];
        nr_view w = it->p[i].say;
        if (it->p[i - 1].cut >= COMMA || w.n == 0 || w.n >= sizeof lower || it->p[i - 1].same_token)
            continue;
        for (size_t k = 0; k < w.n; k++)
            lower[k] = nr_ascii_lower(w.p[k]);
        const nr_row *row = nr_table_find(pauses->clauses, (nr_view){lower, w.n});
        if (row && row->column[0].n == 1 && row->column[0].p[0] >= '1' && row->column[0].p[0] <= '3')
            it->p[i - 1].cut = (uint8_t)(WEAK + (row->column[0].p[0] - '1'));
    }
}

/* ---------------------------------------------------------------- cutting */

static size_t chars_between(const items *it, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        n += it->p[i].say.n + 1;
    return n;
}

/* The best place in [from, to) to cut behind, for an utterance of between low and high characters: the strongest, and of
 * equals the last. 0 when there is none of at least `least`. */
static size_t best_cut(const items *it, size_t from, size_t low, size_t high, int least)
{
    size_t best = 0, chars = 0;
    int score = least - 1;
    for (size_t i = from; i + 1 < it->n; i++) {
        chars += it->p[i].say.n + 1;
        if (chars > high)
            break;
        int cut = it->p[i].same_token ? INSIDE : it->p[i].cut;
        if (chars >= low && cut >= score && cut >= least) {
            score = cut;
            best = i + 1;
        }
    }
    return best;
}

/* Both sides of a clause's end are long enough to stand alone. */
static size_t clause_end(const items *it, size_t from, size_t high)
{
    size_t chars = 0;
    for (size_t i = from; i + 1 < it->n; i++) {
        chars += it->p[i].say.n + 1;
        if (chars > high)
            return 0;
        if (it->p[i].cut == CLAUSE && i + 1 - from >= 3 && it->n - i - 1 >= 3)
            return i + 1;
    }
    return 0;
}

/* Where the utterance that begins with item `from` ends. */
static size_t utterance_end(const items *it, const nr_cutting *how, size_t from)
{
    size_t max = how->max_chars, left = chars_between(it, from, it->n), to = 0;
    if (how->first_of_script && from == 0 && left > FIRST_CHARS * 3 / 2)
        to = best_cut(it, 0, 15, FIRST_CHARS * 3 / 2, FAIR);
    if (!to)
        to = clause_end(it, from, max);
    if (!to && left <= max)
        return it->n;
    if (!to) {
        size_t half = left < 2 * max ? left / 2 : max; /* two halves rather than a whole and a scrap */
        to = best_cut(it, from, max / 4, max, COMMA);
        if (!to)
            to = best_cut(it, from, half / 2, half + max / 4 < max ? half + max / 4 : max, WEAK);
    }
    if (!to)
        to = best_cut(it, from, 1, max * HARD_FACTOR, INSIDE);
    return to ? to : from + 1;
}

/* ---------------------------------------------------------------- writing */

static pause block_pause(const nr_cutting *how)
{
    if (how->next_kind == NR_BLOCK_BREAK)
        return PAUSE_BREAK;
    if (how->next_kind == NR_BLOCK_HEADING && how->block->kind > NR_BLOCK_HEADING)
        return PAUSE_BEFORE_HEADING;
    switch (how->block->kind) {
    case NR_BLOCK_TITLE: return PAUSE_TITLE;
    case NR_BLOCK_BYLINE: return PAUSE_BYLINE;
    case NR_BLOCK_DATE: return PAUSE_DATE;
    case NR_BLOCK_HEADING: return PAUSE_HEADING;
    case NR_BLOCK_ITEM: return how->next_kind == NR_BLOCK_ITEM ? PAUSE_ITEM : PAUSE_PARAGRAPH;
    case NR_BLOCK_QUOTE: return PAUSE_QUOTE;
    case NR_BLOCK_CAPTION: return PAUSE_CAPTION;
    case NR_BLOCK_ROW: return PAUSE_ROW;
    default: return PAUSE_PARAGRAPH;
    }
}

static pause pause_after(const nr_cutting *how, const items *it, size_t to)
{
    if (to < it->n)
        return it->p[to - 1].cut >= COMMA ? (pause)it->p[to - 1].pause : PAUSE_BREATH;
    if (how->last_of_block)
        return block_pause(how);
    return it->ellipsis ? PAUSE_ELLIPSIS : PAUSE_SENTENCE;
}

static char mark_after(const items *it, size_t to)
{
    if (to < it->n)
        return it->p[to - 1].cut >= COMMA ? ',' : 0;
    return it->end ? it->end : '.';
}

/* Fills u for items [from, to). */
static bool write_utterance(const nr_cutting *how, const items *it, size_t from, size_t to, nr_utterance *u)
{
    size_t bytes = 2;
    for (size_t i = from; i < to; i++)
        bytes += it->p[i].say.n + 2;
    char *say = nr_arena_alloc(it->arena, bytes);
    nr_said_word *words = nr_arena_calloc(it->arena, to - from, sizeof *words);
    if (!say || !words)
        return false;
    uint32_t n = 0;
    nr_span span = it->p[from].span; /* spans go back inside a token: "£3", three pounds */
    for (size_t i = from; i < to; i++) {
        const item *one = &it->p[i];
        if (one->span.start < span.start)
            span.start = one->span.start;
        if (one->span.end > span.end)
            span.end = one->span.end;
        if (i > from)
            say[n++] = ' ';
        words[i - from] = (nr_said_word){n, n + (uint32_t)one->say.n, one->span, one->flags};
        memcpy(say + n, one->say.p, one->say.n);
        n += (uint32_t)one->say.n;
        char mark = i + 1 == to ? mark_after(it, to) : one->mark;
        if (mark)
            say[n++] = mark;
    }
    *u = (nr_utterance){.say = {say, n},
                        .words = words,
                        .word_count = to - from,
                        .span = span,
                        .sentence = how->sentence,
                        .block = how->block_index,
                        .pause_ms = how->pauses->ms[pause_after(how, it, to)],
                        .role = how->block->kind,
                        .rate = 100,
                        .lang = how->lang};
    if (how->block->kind == NR_BLOCK_TITLE || how->block->kind == NR_BLOCK_HEADING)
        u->rate = 95;
    u->flags = (uint8_t)((from == 0 ? NR_UTT_SENTENCE_START : 0) | (to == it->n ? NR_UTT_SENTENCE_END : 0) |
                         (it->end == '?' ? NR_UTT_QUESTION : 0) |
                         (from == 0 && how->first_of_block ? NR_UTT_BLOCK_START : 0) |
                         (to == it->n && how->last_of_block ? NR_UTT_BLOCK_END : 0));
    return true;
}

/* "By" before an author's name that stands alone. */
static void add_by(items *it, const nr_cutting *how, const nr_token *tokens, size_t count)
{
    if (how->block->kind != NR_BLOCK_BYLINE || !how->first_of_block || !count)
        return;
    nr_view first = nr_view_sub(how->text.p, tokens[0].span.start, tokens[0].span.end);
    static const char *const by[] = {"by", "von", "par", "por", "words", "story", "text", "from", "written"};
    for (size_t i = 0; i < sizeof by / sizeof *by; i++)
        if (nr_view_eq_nocase(first, nr_view_of(by[i])))
            return;
    add_item(it, (item){.say = NR_LIT("By"), .span = tokens[0].span, .flags = NR_WORD_INSERTED});
}

nr_status nr_cut_sentence(const nr_cutting *how, const nr_token *tokens, size_t count, nr_arena *arena,
                          nr_utterance **out, size_t *out_count, nr_error *err)
{
    items it = {.arena = arena};
    add_by(&it, how, tokens, count);
    for (size_t i = 0; i < count && !it.failed; i++) {
        if (tokens[i].class == NR_CLASS_PUNCTUATION)
            add_marks(&it, how, tokens[i].span);
        else if (tokens[i].class != NR_CLASS_SILENT)
            add_token(&it, how, &tokens[i]);
    }
    for (size_t i = 0; i < it.n; i++)
        it.p[i].say = nr_pronounce_word(how->pronouncer, it.p[i].say, it.p[i].flags);
    find_clauses(&it, how->pauses);
    size_t cap = 0;
    *out = NULL;
    *out_count = 0;
    for (size_t from = 0; from < it.n && !it.failed;) {
        size_t to = utterance_end(&it, how, from);
        nr_utterance *all = nr_arena_grow(arena, *out, &cap, *out_count + 1, sizeof *all);
        if (!all || !write_utterance(how, &it, from, to, &all[*out_count]))
            it.failed = NR_ENOMEM;
        *out = all;
        ++*out_count;
        from = to;
    }
    return it.failed ? nr_fail_memory(err) : NR_OK;
}
