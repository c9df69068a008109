#include "segment/items.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "segment/signs.h"

enum {
    WORD_MAX = 300,  /* bytes of one spoken word; longer ones are cut */
    SHORT_QUOTE = 3, /* words of a quotation that is not cut */
    LONG_ASIDE = 4,  /* words of a bracket that is said by itself */
    LONG_FOREIGN = 4 /* words of another language that are */
};

/* ---------------------------------------------------------------- words */

static void add_item(nr_items *it, nr_item one)
{
    nr_item *p = nr_arena_grow(it->arena, it->p, &it->cap, it->n + 1, sizeof *p);
    if (!p) {
        it->failed = NR_ENOMEM;
        return;
    }
    it->p = p;
    one.place = NR_PLACE_ANY;
    one.opens = it->pending;
    it->pending = 0;
    p[it->n++] = one;
}

/* Words that no voice should get in one piece are cut between code points. */
static void add_word(nr_items *it, nr_item word)
{
    while (word.say.n > WORD_MAX && !it->failed) {
        size_t n = nr_utf8_before(word.say.p, WORD_MAX);
        bool exact = word.span.end - word.span.start == word.say.n;
        nr_item part = word;
        part.say.n = n;
        if (exact)
            part.span.end = word.span.start = word.span.start + (uint32_t)n;
        add_item(it, part);
        word.say = nr_view_sub(word.say.p, n, word.say.n);
    }
    if (word.say.n)
        add_item(it, word);
}

/* A typographic apostrophe is for the eye. */
static nr_view plain_word(nr_arena *arena, nr_view v)
{
    if (!memchr(v.p, 0xE2, v.n))
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

static bool capital(nr_view v)
{
    int n;
    return v.n && nr_is_upper(nr_utf8_decode(v.p, v.p + v.n, &n));
}

static bool is_figure(const nr_token *t)
{
    return t->class >= NR_CLASS_CARDINAL && t->class <= NR_CLASS_RATIO;
}

static void add_token(nr_items *it, const nr_cutting *how, const nr_token *t)
{
    nr_view written = nr_view_sub(how->text.p, t->span.start, t->span.end);
    nr_item word = {.say = written, .span = t->span, .name = capital(written) && !is_figure(t), .figure = is_figure(t)};
    if (t->word_count == 0) {
        word.say = plain_word(it->arena, word.say);
        add_word(it, word);
        return;
    }
    for (size_t i = 0; i < t->word_count; i++) {
        word.say = t->words[i].say;
        word.span = t->words[i].span;
        word.flags = t->words[i].flags;
        add_word(it, word);
        if (i + 1 < t->word_count && it->n)
            it->p[it->n - 1].same_token = true;
    }
}

/* ---------------------------------------------------------------- marks */

static const struct {
    uint32_t code;
    uint8_t place, pause;
    char end;
} marks[] = {
    {',', NR_PLACE_COMMA, NR_PAUSE_COMMA, 0},         {0x3001, NR_PLACE_COMMA, NR_PAUSE_COMMA, 0},
    {0x060C, NR_PLACE_COMMA, NR_PAUSE_COMMA, 0},      {0xFF0C, NR_PLACE_COMMA, NR_PAUSE_COMMA, 0},
    {';', NR_PLACE_CLAUSE, NR_PAUSE_SEMICOLON, 0},    {0x061B, NR_PLACE_CLAUSE, NR_PAUSE_SEMICOLON, 0},
    {':', NR_PLACE_CLAUSE, NR_PAUSE_COLON, 0},        {0x2014, NR_PLACE_CLAUSE, NR_PAUSE_DASH, 0},
    {0x2013, NR_PLACE_CLAUSE, NR_PAUSE_DASH, 0},      {'-', NR_PLACE_CLAUSE, NR_PAUSE_DASH, 0},
    {'(', NR_PLACE_COMMA, NR_PAUSE_BRACKET, 0},       {')', NR_PLACE_COMMA, NR_PAUSE_BRACKET, 0},
    {'[', NR_PLACE_COMMA, NR_PAUSE_BRACKET, 0},       {']', NR_PLACE_COMMA, NR_PAUSE_BRACKET, 0},
    {0x2026, NR_PLACE_CLAUSE, NR_PAUSE_ELLIPSIS, 0},  {'.', NR_PLACE_CLAUSE, NR_PAUSE_SENTENCE, '.'},
    {0x3002, NR_PLACE_CLAUSE, NR_PAUSE_SENTENCE, '.'}, {0x0964, NR_PLACE_CLAUSE, NR_PAUSE_SENTENCE, '.'},
    {'?', NR_PLACE_CLAUSE, NR_PAUSE_QUESTION, '?'},   {0x061F, NR_PLACE_CLAUSE, NR_PAUSE_QUESTION, '?'},
    {0xFF1F, NR_PLACE_CLAUSE, NR_PAUSE_QUESTION, '?'}, {'!', NR_PLACE_CLAUSE, NR_PAUSE_SENTENCE, '!'},
    {0xFF01, NR_PLACE_CLAUSE, NR_PAUSE_SENTENCE, '!'}, {'|', NR_PLACE_CLAUSE, NR_PAUSE_DASH, 0},
    {0x2022, NR_PLACE_CLAUSE, NR_PAUSE_SEMICOLON, 0},
};

/* The splitter left a full stop within the sentence: it is an abbreviation's, unless a quotation ends with it. */
static bool inner_stop(const nr_cutting *how, uint32_t after)
{
    int n;
    for (uint32_t at = after; at < how->sentence.end && at - after < 64; at += (uint32_t)n) {
        uint32_t code = nr_utf8_decode(how->text.p + at, how->text.p + how->sentence.end, &n);
        if (nr_is_quote(code))
            return false;
        if (!nr_is_closer(code) && !nr_ascii_space((char)code) && code != '.')
            return true;
    }
    return false;
}

/* What a mark means for the words on both sides of it. */
static void add_mark(nr_items *it, uint32_t code, bool spaced)
{
    size_t i = 0;
    while (i < sizeof marks / sizeof *marks && marks[i].code != code)
        i++;
    if (i == sizeof marks / sizeof *marks || (code == '-' && !spaced))
        return;
    if (marks[i].end && it->end != '?')
        it->end = marks[i].end;
    it->stopped = it->stopped || marks[i].end;
    it->ellipsis = code == 0x2026;
    if (!it->n)
        return;
    nr_item *last = &it->p[it->n - 1];
    if (last->place < marks[i].place) {
        last->pause = marks[i].pause;
        last->place = marks[i].place;
    }
    last->mark = ',';
}

/* Whether a quotation mark that may do either opens: by what stands beside it. */
static bool opens_here(const nr_cutting *how, uint32_t code, uint32_t at)
{
    char before = at > how->sentence.start ? how->text.p[at - 1] : ' ';
    uint32_t behind = at + (code < 0x80 ? 1 : code < 0x800 ? 2 : 3);
    char after = behind < how->sentence.end ? how->text.p[behind] : ' ';
    bool free = nr_ascii_space(before) || strchr("([-", before);
    if (code == 0x201C || code == 0xAB || code == 0x2039) /* English, French; German ends with them */
        return free;
    return free && !nr_ascii_space(after) && !strchr(",.;:!?)", after);
}

/* Brackets and quotations open before the next word, or close behind the last one. */
static void add_pair(nr_items *it, const nr_cutting *how, uint32_t code, uint32_t at)
{
    bool either = code == '"' || code == '\'' || code == 0x201C || code == 0xAB || code == 0xBB || code == 0x2039 || code == 0x203A;
    bool opens_quote = either ? opens_here(how, code, at) : code == 0x201E || code == 0x2018 || code == 0x201A || code == 0x300C;
    bool closes_quote = either ? !opens_quote : code == 0x201D || code == 0x2019 || code == 0x300D;
    uint8_t opens = opens_quote ? NR_MARKS_QUOTE : code == '(' || code == '[' ? NR_MARKS_BRACKET : 0;
    uint8_t closes = closes_quote ? NR_MARKS_QUOTE : code == ')' || code == ']' ? NR_MARKS_BRACKET : 0;
    it->pending |= opens;
    if (closes && it->n)
        it->p[it->n - 1].closes |= closes;
}

static void add_marks(nr_items *it, const nr_cutting *how, nr_span span)
{
    nr_view v = nr_view_sub(how->text.p, span.start, span.end);
    bool spaced = span.start > how->sentence.start && nr_ascii_space(how->text.p[span.start - 1]);
    for (size_t i = 0; i < v.n;) {
        int length;
        uint32_t code = nr_utf8_decode(v.p + i, v.p + v.n, &length);
        if (code != '.' || !inner_stop(how, span.start + (uint32_t)i + 1))
            add_mark(it, code, spaced || v.n > 1);
        add_pair(it, how, code, span.start + (uint32_t)i);
        i += (size_t)length;
    }
}

/* ---------------------------------------------------------------- places */

/* The item that closes what opens before `from`, it->n when none does. */
static size_t closing(const nr_items *it, size_t from, uint8_t what)
{
    size_t i = from;
    while (i < it->n && !(it->p[i].closes & what) && !(i > from && (it->p[i].opens & what)))
        i++;
    return i < it->n && (it->p[i].closes & what) ? i : it->n;
}

static void border(nr_items *it, size_t at, uint8_t place, uint8_t pause)
{
    nr_item *p = &it->p[at];
    if (p->place >= place && p->place >= NR_PLACE_CLAUSE)
        return;
    if (p->place < NR_PLACE_COMMA || place == NR_PLACE_BORDER)
        p->pause = pause;
    if (p->place < place)
        p->place = place;
}

static void mark_aside(nr_items *it, size_t from, size_t to)
{
    if (to + 1 - from < LONG_ASIDE)
        return;
    if (from)
        border(it, from - 1, NR_PLACE_BORDER, NR_PAUSE_BRACKET);
    if (to + 1 < it->n)
        border(it, to, NR_PLACE_BORDER, NR_PAUSE_BRACKET);
    for (size_t i = from; i <= to; i++)
        it->p[i].aside = true;
}

/* A quotation from `from` to `to`, both in it; open: it began before, or goes on behind the sentence. */
static void mark_quotation(nr_items *it, const nr_cutting *how, size_t from, size_t to, bool open)
{
    bool brief = !open && to + 1 - from <= SHORT_QUOTE;
    for (size_t i = from; i < to && brief; i++)
        if (it->p[i].place < NR_PLACE_COMMA && it->p[i].place > NR_PLACE_JOINED)
            it->p[i].place = NR_PLACE_JOINED;
    if (brief)
        return;
    uint8_t place = how->split_quotes ? NR_PLACE_BORDER : NR_PLACE_GOOD;
    if (from)
        border(it, from - 1, place, NR_PAUSE_QUOTE_IN);
    if (to + 1 < it->n)
        border(it, to, place, NR_PAUSE_QUOTE_OUT);
    for (size_t i = from; i <= to; i++)
        it->p[i].quoted = true;
}

/* Quotations run over the sentences of a block: those still open are carried on. */
static void find_quotations(nr_items *it, const nr_cutting *how)
{
    size_t from = 0;
    bool open = how->carry->quotes > 0, carried = open;
    for (size_t i = 0; i < it->n; i++) {
        if ((it->p[i].opens & NR_MARKS_QUOTE) && !open) {
            open = true;
            carried = false;
            from = i;
        }
        if ((it->p[i].closes & NR_MARKS_QUOTE) && open) {
            mark_quotation(it, how, from, i, carried);
            open = false;
        }
    }
    if (open && it->n)
        mark_quotation(it, how, from, it->n - 1, true);
    how->carry->quotes = open || (it->pending & NR_MARKS_QUOTE);
}

static void find_asides(nr_items *it)
{
    for (size_t i = 0; i < it->n; i++) {
        if (!(it->p[i].opens & NR_MARKS_BRACKET))
            continue;
        size_t to = closing(it, i, NR_MARKS_BRACKET);
        if (to < it->n)
            mark_aside(it, i, to);
        i = to;
    }
}

/* "Bank of England", "Leonardo da Vinci": what may stand in the middle of a name. */
static bool links_names(nr_view w)
{
    static const char *const links[] = {"of", "de", "da", "di", "du", "la", "von", "van", "der", "den", "bin", "al", "el", "y", "e"};
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (nr_view_is(w, links[i]))
            return true;
    return false;
}

static nr_place place_before(const nr_items *it, size_t i, const nr_pauses *pauses)
{
    const nr_item *a = &it->p[i - 1], *b = &it->p[i];
    if (a->same_token)
        return NR_PLACE_INSIDE;
    bool capitals = a->name && b->name && i > 1;
    bool linked = (a->name && links_names(b->say) && i + 1 < it->n && it->p[i + 1].name) ||
                  (b->name && links_names(a->say) && i > 1 && it->p[i - 2].name);
    int rank = b->name ? -1 : nr_clause_rank(pauses, b->say), leaning = nr_clause_rank(pauses, a->say);
    if (capitals || linked || (a->figure && !b->figure && rank < 0))
        return NR_PLACE_JOINED;
    bool joins = nr_view_is(b->say, "and") || nr_view_is(b->say, "or") || nr_view_is(b->say, "but");
    if (leaning == 1 || (leaning == 0 && rank < 2) || (leaning > 1 && !joins)) /* "of how", "in which", "and if" stay together */
        return NR_PLACE_LEANING;
    return rank > 0 ? (nr_place)(NR_PLACE_WEAK + rank - 1) : NR_PLACE_ANY;
}

static void find_places(nr_items *it, const nr_pauses *pauses)
{
    for (size_t i = 1; i < it->n; i++)
        if (it->p[i - 1].place < NR_PLACE_COMMA)
            it->p[i - 1].place = (uint8_t)place_before(it, i, pauses);
}

/* ---------------------------------------------------------------- all of it */

/* The item behind which an inline's pause stands is cut off there. */
static void take_pause(nr_items *it, size_t to, const nr_inline *in, const nr_pauses *pauses)
{
    uint32_t ms = 0;
    bool digits = in->value.n > 0;
    for (size_t i = 0; i < in->value.n; i++) {
        digits = digits && nr_ascii_digit(in->value.p[i]) && i < 5;
        ms = digits ? ms * 10 + (uint32_t)(in->value.p[i] - '0') : 0;
    }
    if (!digits && !nr_pause_named(pauses, in->value, &ms))
        return;
    it->p[to].own_pause = true;
    it->p[to].pause_ms = (uint16_t)(ms > 10000 ? 10000 : ms);
    it->p[to].place = it->p[to].same_token ? it->p[to].place : NR_PLACE_BORDER;
}

static void take_prosody(nr_item *item, const nr_inline *in)
{
    char text[32], *end;
    size_t n = in->value.n < sizeof text - 1 ? in->value.n : sizeof text - 1;
    memcpy(text, in->value.p, n);
    text[n] = '\0';
    long rate = strtol(text, &end, 10), pitch = strtol(end, NULL, 10);
    item->rate = (int16_t)(rate < 20 ? 20 : rate > 400 ? 400 : rate);
    item->pitch = (int16_t)(pitch < -100 ? -100 : pitch > 100 ? 100 : pitch);
}

/* A few words of another language are said by the voice at hand. */
static void take_language(nr_items *it, size_t from, const nr_inline *in)
{
    size_t to = from;
    while (to < it->n && it->p[to].span.start < in->span.end)
        to++;
    for (size_t i = from; i < to && to - from >= LONG_FOREIGN; i++)
        it->p[i].lang = in->value.p;
}

static void take_inline(nr_items *it, size_t i, const nr_inline *in)
{
    nr_item *item = &it->p[i];
    if (in->kind == NR_INLINE_EMPHASIS)
        item->flags |= NR_WORD_EMPHASIS;
    else if (in->kind == NR_INLINE_LETTERS && item->say.n <= 40)
        item->flags |= NR_WORD_LETTERS;
    else if (in->kind == NR_INLINE_PROSODY)
        take_prosody(item, in);
}

/* Inlines come by start, outer ones first; those inside lie over them. */
static void find_inlines(nr_items *it, const nr_cutting *how)
{
    size_t from = 0;
    for (size_t k = 0; k < how->inline_count; k++) {
        const nr_inline *in = &how->inlines[k];
        while (from < it->n && it->p[from].span.end <= in->span.start)
            from++;
        size_t to = from;
        for (; to < it->n && it->p[to].span.start < in->span.end; to++)
            if (it->p[to].span.start >= in->span.start && it->p[to].span.end <= in->span.end)
                take_inline(it, to, in);
        if (in->kind == NR_INLINE_LANG)
            take_language(it, from, in);
        if (in->kind == NR_INLINE_PAUSE && to > 0)
            take_pause(it, to - 1, in, how->pauses);
    }
}

/* What is said in another manner or, for some words, in another language is said by itself. */
static void find_manners(nr_items *it)
{
    for (size_t i = 1; i < it->n; i++) {
        nr_item *a = &it->p[i - 1];
        const nr_item *b = &it->p[i];
        if ((a->rate != b->rate || a->pitch != b->pitch || a->lang != b->lang) && !a->same_token)
            border(it, i - 1, NR_PLACE_BORDER, NR_PAUSE_BREATH);
    }
}

/* "By" before an author's name that stands alone. */
static void add_by(nr_items *it, const nr_cutting *how, const nr_token *tokens, size_t count)
{
    if (how->block->kind != NR_BLOCK_BYLINE || how->carry->begun || !count)
        return;
    nr_view first = nr_view_sub(how->text.p, tokens[0].span.start, tokens[0].span.end);
    static const char *const by[] = {"by", "von", "par", "por", "words", "story", "text", "from", "written"};
    for (size_t i = 0; i < sizeof by / sizeof *by; i++)
        if (nr_view_eq_nocase(first, nr_view_of(by[i])))
            return;
    add_item(it, (nr_item){.say = NR_LIT("By"), .span = tokens[0].span, .flags = NR_WORD_INSERTED});
}

void nr_items_fill(nr_items *it, const nr_cutting *how, const nr_token *tokens, size_t count)
{
    add_by(it, how, tokens, count);
    for (size_t i = 0; i < count && !it->failed; i++) {
        if (tokens[i].class == NR_CLASS_PUNCTUATION)
            add_marks(it, how, tokens[i].span);
        else if (tokens[i].class != NR_CLASS_SILENT)
            add_token(it, how, &tokens[i]);
    }
    if (it->failed)
        return;
    find_places(it, how->pauses);
    find_asides(it);
    find_quotations(it, how);
    find_inlines(it, how);
    find_manners(it);
    for (size_t i = 0; i < it->n; i++)
        it->p[i].say = nr_pronounce_word(how->pronouncer, it->p[i].say, it->p[i].flags);
    if (!it->end)
        it->end = '.';
    bool list_goes_on = how->block->kind == NR_BLOCK_ITEM && how->next_kind == NR_BLOCK_ITEM;
    if (list_goes_on && !it->stopped)
        it->end = ',';
}
