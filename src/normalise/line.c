/* Lines of text, as `narrate normalise` reads and prints them. */
#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "normalise/engine.h"

enum { LETTER_RUN = 16 };

struct nr_normaliser {
    nr_norm *norm;
    nr_arena arena;
    nr_buffer clean; /* the line as valid UTF-8 */
    nr_buffer out;
};

nr_status nr_normaliser_new(nr_normaliser **out, const char *locale, const char *style, const char *lexicon,
                            nr_error *err)
{
    nr_normaliser *nz = calloc(1, sizeof *nz);
    if (!nz)
        return nr_fail_memory(err);
    nz->clean = NR_BUFFER_INIT(UINT32_MAX);
    nz->out = NR_BUFFER_INIT(SIZE_MAX / 2);
    nr_status s = nr_norm_open(&nz->norm, locale, style, lexicon, err);
    if (s) {
        nr_normaliser_free(nz);
        return s;
    }
    *out = nz;
    return NR_OK;
}

void nr_normaliser_free(nr_normaliser *nz)
{
    if (!nz)
        return;
    nr_norm_close(nz->norm);
    nr_arena_free(&nz->arena);
    nr_buffer_free(&nz->clean);
    nr_buffer_free(&nz->out);
    free(nz);
}

/* eSpeak NG takes "of a", "at a" and a few more for one word, whose A is the article, even in "of A.I". */
static bool ends_with_joiner(const nr_buffer *b)
{
    static const char *const joiners[] = {"at", "for", "not", "of", "than", "that", "was"};
    for (size_t i = 0; i < sizeof joiners / sizeof *joiners; i++) {
        size_t n = strlen(joiners[i]);
        if (b->n <= n || b->p[b->n - 1] != ' ' || !nr_view_eq_nocase((nr_view){b->p + b->n - 1 - n, n}, nr_view_of(joiners[i])))
            continue;
        if (b->n == n + 1 || !nr_ascii_alpha(b->p[b->n - 2 - n]))
            return true;
    }
    return false;
}

/* Letters dotted, in runs that no voice stumbles over, without a stop behind the last one: "B.B.C", "M.P.'s". */
static void write_letters(nr_buffer *b, nr_view say)
{
    size_t suffix = say.n;
    if (suffix > 1 && say.p[suffix - 1] == 's')
        suffix--;
    if (suffix > 1 && suffix < say.n && say.p[suffix - 1] == '\'')
        suffix--;
    bool article = (say.p[0] | 32) == 'a' && (suffix == 1 || ends_with_joiner(b));
    for (size_t i = 0, run = 0; i < suffix; i++, run++) {
        bool eigh = article && (i == 0 || (suffix == 2 && (say.p[1] | 32) == 'a'));
        if (i)
            nr_buffer_put_char(b, run % LETTER_RUN == 0 ? ' ' : article && i == 1 ? '-' : '.');
        if (eigh)
            nr_buffer_put_string(b, "eigh");
        else
            nr_buffer_put_char(b, say.p[i]);
    }
    if (suffix < say.n)
        nr_buffer_put_string(b, suffix > (article ? 2u : 1u) ? ".'s" : "'s");
}

nr_status nr_word_write(nr_buffer *b, nr_view say, uint16_t flags)
{
    if (flags & NR_WORD_LETTERS)
        write_letters(b, say);
    else
        nr_buffer_put_view(b, say);
    return b->failed;
}

static void write_token(nr_buffer *b, const char *text, const nr_token *t)
{
    if (t->class == NR_CLASS_SILENT)
        return;
    if (t->word_count == 0)
        nr_buffer_put(b, text + t->span.start, t->span.end - t->span.start);
    for (size_t i = 0; i < t->word_count; i++) {
        if (i)
            nr_buffer_put_char(b, ' ');
        nr_word_write(b, t->words[i].say, t->words[i].flags);
    }
}

static bool is_wordy(const nr_token *t) { return t->class != NR_CLASS_PUNCTUATION && t->class != NR_CLASS_SILENT; }

/* The words, with the blanks and punctuation of the source; a blank between words that stood together. */
static void write_tokens(nr_buffer *b, const char *text, const nr_token *tokens, size_t count)
{
    const nr_token *last = NULL; /* that is heard or shown */
    for (size_t i = 0; i < count; i++) {
        bool apart = i && tokens[i].span.start > tokens[i - 1].span.end;
        bool glued = last && is_wordy(&tokens[i]) && is_wordy(last);
        if ((apart || glued) && b->n && b->p[b->n - 1] != ' ')
            nr_buffer_put_char(b, ' ');
        write_token(b, text, &tokens[i]);
        if (tokens[i].class != NR_CLASS_SILENT)
            last = &tokens[i];
    }
}

static const char *class_name(int class)
{
    static const char *const names[] = {"word",   "punctuation", "silent", "letters", "abbreviation", "cardinal", "ordinal", "decimal",
                                        "fraction", "digits",    "year",   "date",    "time",         "money",    "percent", "measure",
                                        "range",  "score",       "ratio",  "roman",   "address",      "electronic", "symbol"};
    return names[class];
}

static void explain_tokens(nr_buffer *b, const char *text, const nr_token *tokens, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const nr_token *t = &tokens[i];
        nr_buffer_put(b, text + t->span.start, t->span.end - t->span.start);
        nr_buffer_printf(b, "\t%s\t%s\t", class_name(t->class), t->rule);
        if (is_wordy(t))
            write_token(b, text, t);
        nr_buffer_put_char(b, '\n');
    }
}

/* The line as valid UTF-8: bad bytes become U+FFFD, which is silent. */
static nr_status clean_line(nr_normaliser *nz, const char *text, size_t n)
{
    nr_buffer *b = &nz->clean;
    nr_buffer_truncate(b, 0);
    for (size_t i = 0; i < n && !b->failed;) {
        size_t good = nr_utf8_valid(text + i, n - i);
        nr_buffer_put(b, text + i, good);
        i += good;
        if (i < n) {
            int length;
            nr_utf8_decode(text + i, text + n, &length);
            nr_buffer_put_code(b, NR_REPLACEMENT);
            i += (size_t)length;
        }
    }
    return nr_buffer_put(b, "", 0);
}

static nr_status run_line(nr_normaliser *nz, const char *text, size_t n, bool explain, nr_view *out, nr_error *err)
{
    const nr_token *tokens = NULL;
    size_t count = 0;
    nr_arena_reset(&nz->arena);
    nr_buffer_truncate(&nz->out, 0);
    nr_status s = clean_line(nz, text, n);
    if (s)
        return nr_fail(err, s, 0, "cannot normalise a line of %zu bytes: it is too long", n);
    nr_view v = nr_buffer_view(&nz->clean);
    nr_norm_guess(nz->norm, v);
    s = nr_norm_run(nz->norm, v, (nr_span){0, (uint32_t)v.n}, NULL, 0, &nz->arena, &tokens, &count, err);
    if (s)
        return s;
    (explain ? explain_tokens : write_tokens)(&nz->out, v.p, tokens, count);
    if (nr_buffer_put(&nz->out, "", 0))
        return nr_fail_memory(err);
    *out = nr_buffer_view(&nz->out);
    return NR_OK;
}

nr_status nr_normaliser_line(nr_normaliser *nz, const char *text, size_t n, nr_view *out, nr_error *err)
{
    return run_line(nz, text, n, false, out, err);
}

nr_status nr_normaliser_explain(nr_normaliser *nz, const char *text, size_t n, nr_view *out, nr_error *err)
{
    return run_line(nz, text, n, true, out, err);
}
