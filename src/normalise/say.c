/* Words into tokens. */
#include "normalise/engine.h"

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

void nr_say_fixed(nr_run *r, nr_view phrase, uint32_t from, uint32_t to)
{
    for (size_t i = 0; i < phrase.n;) {
        size_t n = 0;
        while (i + n < phrase.n && phrase.p[i + n] != ' ')
            n++;
        if (n)
            add_word(r, (nr_view){phrase.p + i, n}, 0, from, to);
        i += n + 1;
    }
}

void nr_say(nr_run *r, nr_view phrase, uint32_t from, uint32_t to)
{
    nr_view copy = nr_arena_copy(r->arena, phrase);
    if (copy.p)
        nr_say_fixed(r, copy, from, to);
    else
        r->failed = NR_ENOMEM;
}

void nr_say_s(nr_run *r, const char *phrase, uint32_t from, uint32_t to) { nr_say_fixed(r, nr_view_of(phrase), from, to); }

void nr_say_letters(nr_run *r, nr_view letters, uint32_t from, uint32_t to)
{
    add_word(r, nr_arena_copy(r->arena, letters), NR_WORD_LETTERS, from, to);
}

static nr_view join(nr_run *r, nr_view a, const char *b)
{
    size_t n = strlen(b);
    char *p = nr_arena_alloc(r->arena, a.n + n + 1);
    if (!p) {
        r->failed = NR_ENOMEM;
        return a;
    }
    memcpy(p, a.p, a.n);
    memcpy(p + a.n, b, n);
    return (nr_view){p, a.n + n};
}

void nr_say_suffixed(nr_run *r, nr_view word, const char *suffix, bool letters, uint32_t from, uint32_t to)
{
    add_word(r, join(r, word, suffix), letters ? NR_WORD_LETTERS : 0, from, to);
}

void nr_inflect(nr_run *r, const char *suffix, uint32_t to)
{
    if (!r->word_count)
        return;
    nr_word *last = &r->words[r->word_count - 1];
    bool plural = strcmp(suffix, "s") == 0 && !(last->flags & NR_WORD_LETTERS);
    if (plural && nr_view_ends(last->say, NR_LIT("y"))) {
        last->say.n--;
        suffix = "ies";
    } else if (plural && (nr_view_ends(last->say, NR_LIT("x")) || nr_view_ends(last->say, NR_LIT("s")))) {
        suffix = "es";
    }
    last->say = join(r, last->say, suffix);
    last->span.end = to;
}

/* "2019's", "Apple Inc.'s", "X.com's", "$5's worth": an English possessive belongs to the last word that is said; alone, its
 * s would be a letter. */
static uint32_t take_possessive(nr_run *r, uint32_t end, nr_class class)
{
    bool said = r->word_count && class != NR_CLASS_PUNCTUATION && class != NR_CLASS_SILENT && class != NR_CLASS_WORD;
    uint32_t mark = said ? nr_apostrophe_at(r, end) : 0, behind = end + mark + 1;
    if (!mark || nr_at(r, end + mark) != 's' || !nr_ends_word(r, behind) || r->norm->language != &nr_english || r->norm->style.verbatim)
        return end;
    bool plural = (class == NR_CLASS_MONEY || class == NR_CLASS_MEASURE) && nr_view_ends(r->words[r->word_count - 1].say, NR_LIT("s"));
    nr_inflect(r, plural ? "'" : "'s", behind);
    return behind;
}

bool nr_make(nr_run *r, uint32_t *at, uint32_t end, nr_class class, const char *rule)
{
    end = take_possessive(r, end, class);
    nr_token *tokens = nr_arena_grow(r->arena, r->tokens, &r->cap, r->count + 1, sizeof *tokens);
    if (!tokens) {
        r->failed = NR_ENOMEM;
        return true;
    }
    r->tokens = tokens;
    size_t n = r->word_count < UINT16_MAX ? r->word_count : UINT16_MAX;
    tokens[r->count++] = (nr_token){.span = {*at, end}, .class = (uint8_t)class, .word_count = (uint16_t)n, .words = r->words, .rule = rule};
    /* What is left of the array serves the next token. */
    if (r->words) {
        r->words += r->word_count;
        r->word_cap -= r->word_count;
    }
    if (r->word_cap == 0)
        r->words = NULL;
    r->word_count = 0;
    *at = end;
    return true;
}

void nr_unsay(nr_run *r) { r->word_count = 0; }
