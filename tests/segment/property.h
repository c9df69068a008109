/* property.h - what must hold of sentences and of scripts for any text. */
#ifndef NR_TESTS_SEGMENT_PROPERTY_H
#define NR_TESTS_SEGMENT_PROPERTY_H

#include <stdlib.h>

#include "base/utf8.h"
#include "narrate.h"

typedef struct coverage {
    nr_view text;
    size_t at, count;
    bool valid; /* the text is UTF-8 */
    const char *wrong;
} coverage;

static inline bool blank_between(nr_view text, size_t from, size_t to)
{
    while (from < to) {
        int n;
        if (!nr_code_is_space(nr_utf8_decode(text.p + from, text.p + text.n, &n)))
            return false;
        from += (size_t)n;
    }
    return from == to;
}

static inline int cover(void *ctx, size_t start, size_t end)
{
    coverage *c = ctx;
    c->count++;
    if (start < c->at || end <= start || end > c->text.n)
        c->wrong = "a sentence is empty, overlaps or is beyond the text";
    else if (!blank_between(c->text, c->at, start))
        c->wrong = "a character is in no sentence";
    else if (nr_ascii_space(c->text.p[start]) || nr_ascii_space(c->text.p[end - 1]))
        c->wrong = "white space around a sentence";
    else if (c->valid && nr_utf8_valid(c->text.p + start, end - start) != end - start)
        c->wrong = "a sentence cuts a character";
    c->at = end;
    return c->wrong != NULL;
}

/* NULL, or what does not hold: the sentences are in order and together hold every character but white space. Bytes that
 * are not UTF-8 are allowed. */
static inline const char *broken_sentences(nr_view text, size_t *count)
{
    coverage c = {.text = text, .valid = nr_utf8_valid(text.p, text.n) == text.n};
    nr_error err;
    if (nr_segment(text.p, text.n, "en-GB", cover, &c, &err) && !c.wrong)
        return "it failed";
    if (!c.wrong && !blank_between(text, c.at, text.n))
        c.wrong = "the end of the text is in no sentence";
    if (count)
        *count = c.count;
    return c.wrong;
}

typedef struct pieces {
    const nr_view *whole; /* the sentences of the text at once; ends with NULL */
    size_t at;
    const char *wrong;
} pieces;

/* The sentences of a stream must be those of the whole: they are looked for in order. */
static inline int match_sentence(void *ctx, nr_view sentence)
{
    pieces *p = ctx;
    if (!p->whole || !p->whole[p->at].p || !nr_view_eq(p->whole[p->at], sentence))
        p->wrong = "a sentence in pieces is not that of the whole";
    p->at++;
    return p->wrong != NULL;
}

typedef struct sentence_list {
    const char *text;
    nr_view *p;
    size_t n, cap;
} sentence_list;

static inline int list_sentence(void *ctx, size_t start, size_t end)
{
    sentence_list *l = ctx;
    if (l->n + 2 > l->cap)
        l->p = realloc(l->p, (l->cap = l->cap * 2 + 16) * sizeof *l->p);
    l->p[l->n++] = nr_view_sub(l->text, start, end);
    l->p[l->n] = (nr_view){NULL, 0};
    return 0;
}

/* NULL, or what does not hold: written in pieces of `size` bytes a text gives the same sentences as at once. */
static inline const char *broken_stream(nr_view text, size_t size)
{
    sentence_list all = {.text = text.p};
    nr_segmenter *g = NULL;
    if (nr_segment(text.p, text.n, "en-GB", list_sentence, &all, NULL))
        return "it failed";
    pieces p = {.whole = all.p};
    nr_status s = nr_segmenter_new(&g, "en-GB", match_sentence, &p, NULL);
    for (size_t at = 0; at < text.n && !s; at += size)
        s = nr_segmenter_write(g, text.p + at, text.n - at < size ? text.n - at : size, NULL);
    if (!s)
        s = nr_segmenter_end(g, NULL);
    if (!p.wrong && (s || p.at != all.n))
        p.wrong = "a stream gives fewer sentences";
    nr_segmenter_free(g);
    free(all.p);
    return p.wrong;
}

/* What is wrong with an utterance by itself, given the limits that no utterance passes. The spans of the words of one
 * token may go back ("£3": three, pounds). */
static inline const char *broken_utterance(const nr_document *doc, const nr_utterance *u, size_t max_chars)
{
    nr_view text = nr_document_text(doc);
    size_t blocks;
    const nr_block *block = nr_document_blocks(doc, &blocks);
    if (u->block >= blocks || u->span.start < block[u->block].span.start || u->span.end > block[u->block].span.end)
        return "an utterance is not within its block";
    if (u->span.start > u->span.end || u->sentence.start > u->span.start || u->span.end > u->sentence.end)
        return "an utterance is not within its sentence";
    if (!u->word_count || !u->say.n || nr_utf8_valid(u->say.p, u->say.n) != u->say.n)
        return "an utterance is empty or not UTF-8";
    if (u->say.n > max_chars)
        return "an utterance is too long";
    if (u->pause_ms > 10000 || u->rate < 10 || u->rate > 400 || u->pitch < -100 || u->pitch > 100 || !u->lang)
        return "a pause or a prosody is out of range";
    uint32_t say = 0;
    for (size_t i = 0; i < u->word_count; i++) {
        const nr_said_word *w = &u->words[i];
        if (w->start < say || w->end <= w->start || w->end > u->say.n)
            return "a word is out of order or beyond what is said";
        if (w->span.start < u->span.start || w->span.end < w->span.start || w->span.end > u->span.end || w->span.end > text.n)
            return "a word's span is beyond its utterance";
        say = w->end;
    }
    return NULL;
}

/* NULL, or what does not hold of a document's whole script. An utterance may pass its limit up to twice where there is no
 * better place to cut, and by one word. */
static inline const char *broken_script(const nr_document *doc, const nr_script_options *opt)
{
    enum { LONGEST_WORD = 330 };
    size_t max_chars = opt && opt->max_chars ? opt->max_chars : 200, max_words = opt && opt->max_words ? opt->max_words : 25;
    size_t limit = 2 * max_chars + LONGEST_WORD;
    nr_script *script = NULL;
    const nr_utterance *u;
    nr_error err;
    const char *wrong = NULL;
    uint32_t at = 0; /* only a token that is too long for an utterance may be in two, the longer of which passes a limit */
    bool passed_before = false;
    nr_status s = nr_script_new(&script, doc, opt, &err);
    while (!s && !wrong && !(s = nr_script_next(script, &u, &err)) && u) {
        wrong = broken_utterance(doc, u, limit);
        bool passed = u->say.n > max_chars || u->word_count > max_words;
        if (!wrong && u->span.start < at && !passed && !passed_before)
            wrong = "an utterance overlaps the one before it";
        at = u->span.end;
        passed_before = passed;
    }
    nr_script_free(script);
    return s ? "it failed" : wrong;
}

#endif
