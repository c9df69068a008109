#include "segment/utterance.h"

#include "base/error.h"
#include "segment/items.h"

static nr_pause pause_after(const nr_cutting *how, const nr_items *it, size_t to)
{
    if (to < it->n)
        return it->p[to - 1].place >= NR_PLACE_COMMA ? (nr_pause)it->p[to - 1].pause : NR_PAUSE_BREATH;
    if (how->last_of_block)
        return nr_block_pause(how->block, how->next_kind);
    return it->ellipsis ? NR_PAUSE_ELLIPSIS : it->end == '?' ? NR_PAUSE_QUESTION : NR_PAUSE_SENTENCE;
}

static char mark_after(const nr_items *it, size_t to)
{
    if (to < it->n)
        return it->p[to - 1].place >= NR_PLACE_COMMA ? ',' : 0;
    return it->end;
}

/* The words of items [from, to) and what they come from. */
static bool write_words(const nr_items *it, size_t from, size_t to, nr_utterance *u)
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
        const nr_item *one = &it->p[i];
        span.start = one->span.start < span.start ? one->span.start : span.start;
        span.end = one->span.end > span.end ? one->span.end : span.end;
        if (i > from)
            say[n++] = ' ';
        words[i - from] = (nr_said_word){n, n + (uint32_t)one->say.n, one->span, one->flags};
        memcpy(say + n, one->say.p, one->say.n);
        n += (uint32_t)one->say.n;
        char mark = i + 1 == to ? mark_after(it, to) : one->mark;
        if (mark)
            say[n++] = mark;
    }
    u->say = (nr_view){say, n};
    u->words = words;
    u->word_count = to - from;
    u->span = span;
    return true;
}

static bool all(const nr_items *it, size_t from, size_t to, bool quoted)
{
    while (from < to && (quoted ? it->p[from].quoted : it->p[from].aside))
        from++;
    return from == to;
}

static void set_manner(nr_utterance *u, const nr_cutting *how)
{
    int manner = -1;
    if (u->flags & NR_UTT_ASIDE)
        manner = NR_MANNER_ASIDE;
    else if (u->role == NR_BLOCK_TITLE)
        manner = NR_MANNER_TITLE;
    else if (u->role == NR_BLOCK_HEADING)
        manner = NR_MANNER_HEADING;
    else if (u->role == NR_BLOCK_CAPTION)
        manner = NR_MANNER_CAPTION;
    else if (u->role == NR_BLOCK_QUOTE)
        manner = NR_MANNER_QUOTE;
    if (manner < 0)
        return;
    u->rate = nr_manner_rate(how->pauses, (nr_manner)manner);
    u->pitch = nr_manner_pitch(how->pauses, (nr_manner)manner);
}

static bool write_utterance(const nr_cutting *how, const nr_items *it, size_t from, size_t to, nr_utterance *u)
{
    *u = (nr_utterance){.sentence = how->sentence,
                        .block = how->block_index,
                        .pause_ms = it->p[to - 1].own_pause ? it->p[to - 1].pause_ms
                                                            : nr_pause_ms(how->pauses, pause_after(how, it, to)),
                        .role = how->block->kind,
                        .rate = 100,
                        .lang = it->p[from].lang ? it->p[from].lang : how->lang};
    u->flags = (uint8_t)((from == 0 ? NR_UTT_SENTENCE_START : 0) | (to == it->n ? NR_UTT_SENTENCE_END : 0) |
                         (it->end == '?' ? NR_UTT_QUESTION : 0) | (from == 0 && !how->carry->begun ? NR_UTT_BLOCK_START : 0) |
                         (to == it->n && how->last_of_block ? NR_UTT_BLOCK_END : 0) |
                         (how->block->kind == NR_BLOCK_QUOTE || all(it, from, to, true) ? NR_UTT_QUOTED : 0) |
                         (all(it, from, to, false) ? NR_UTT_ASIDE : 0));
    if (!nr_view_eq_nocase(nr_view_of(u->lang), nr_view_of(how->locale)))
        u->flags |= NR_UTT_FOREIGN;
    set_manner(u, how);
    if (it->p[from].rate) {
        u->rate = it->p[from].rate;
        u->pitch = it->p[from].pitch;
    }
    return write_words(it, from, to, u);
}

nr_status nr_cut_sentence(const nr_cutting *how, const nr_token *tokens, size_t count, nr_arena *arena,
                          nr_utterance **out, size_t *out_count, nr_error *err)
{
    nr_items it = {.arena = arena};
    size_t *ends = NULL;
    *out = NULL;
    *out_count = 0;
    nr_items_fill(&it, how, tokens, count);
    if (it.failed)
        return nr_fail_memory(err);
    if (!it.n)
        return NR_OK;
    size_t cuts = nr_items_cut(&it, how, &ends);
    *out = nr_arena_calloc(arena, cuts, sizeof **out);
    if (!cuts || !*out)
        return nr_fail_memory(err);
    for (size_t i = 0; i < cuts; i++)
        if (!write_utterance(how, &it, i ? ends[i - 1] : 0, ends[i], &(*out)[i]))
            return nr_fail_memory(err);
    *out_count = cuts;
    how->carry->begun = true;
    return NR_OK;
}
