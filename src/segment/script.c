/* The script: walks the document's blocks, has each sentence normalised when its turn comes, and cuts it into
 * utterances. Only one sentence is in memory at a time. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"
#include "normalise/normalise.h"
#include "pronounce/pronounce.h"
#include "segment/script.h"
#include "segment/sentence.h"
#include "segment/utterance.h"

struct nr_script {
    const nr_document *doc;
    nr_script_options options;
    char locale[32];
    bool guess; /* no locale was given: British or American as the text looks */
    nr_splitter *splitter;
    nr_norm *norm;
    nr_pauses *pauses;
    nr_pronouncer *pronouncer;
    nr_view text;
    const nr_block *blocks;
    size_t block_count, block; /* block: in hand */
    const nr_inline *inlines;
    size_t inline_count, next_inline;
    uint32_t at;          /* in the block in hand */
    bool began;           /* something was said */
    nr_carry carry;       /* of the block in hand */
    nr_arena arena;       /* of the sentence in hand */
    nr_utterance *ready;  /* its utterances */
    size_t ready_count, next_ready;
};

/* ---------------------------------------------------------------- blocks */

static bool is_said(const nr_script *s, const nr_block *b)
{
    uint32_t bit = 1u << b->kind;
    if (s->options.exclude & bit)
        return false;
    if (s->options.skip_opening && b->kind <= NR_BLOCK_DATE)
        return false;
    return !(b->flags & NR_BLOCK_SILENT) || (s->options.include & bit);
}

static const char *language_of(const nr_script *s, const nr_block *b)
{
    const char *tag = b->lang ? nr_document_language(s->doc, b->lang) : NULL;
    return tag ? tag : s->locale;
}

static int next_kind(const nr_script *s)
{
    for (size_t i = s->block + 1; i < s->block_count; i++)
        if (is_said(s, &s->blocks[i]))
            return s->blocks[i].kind;
    return -1;
}

/* The inlines that touch a span: they are sorted by start, and the script goes forward. */
static const nr_inline *inlines_of(nr_script *s, nr_span span, size_t *count)
{
    while (s->next_inline < s->inline_count && s->inlines[s->next_inline].span.end <= span.start)
        s->next_inline++;
    size_t to = s->next_inline;
    while (to < s->inline_count && s->inlines[to].span.start < span.end)
        to++;
    *count = to - s->next_inline;
    return *count ? s->inlines + s->next_inline : NULL;
}

/* ---------------------------------------------------------------- sentences */

static nr_status take_sentence(nr_script *s, nr_span sentence, bool last, nr_error *err)
{
    const nr_block *b = &s->blocks[s->block];
    const nr_token *tokens;
    size_t count, inline_count;
    const nr_inline *inlines = inlines_of(s, sentence, &inline_count);
    nr_arena_reset(&s->arena);
    s->ready_count = s->next_ready = 0;
    nr_status status = nr_norm_run(s->norm, s->text, sentence, inlines, inline_count, &s->arena, &tokens, &count, err);
    if (status)
        return status;
    nr_cutting how = {.text = s->text,
                      .sentence = sentence,
                      .block = b,
                      .block_index = (uint32_t)s->block,
                      .lang = language_of(s, b),
                      .locale = s->locale,
                      .inlines = inlines,
                      .inline_count = inline_count,
                      .pauses = s->pauses,
                      .pronouncer = s->pronouncer,
                      .max_chars = s->options.max_chars ? s->options.max_chars : 200,
                      .max_words = s->options.max_words ? s->options.max_words : 25,
                      .split_quotes = s->options.split_quotes,
                      .first_of_script = !s->began,
                      .last_of_block = last,
                      .next_kind = last ? next_kind(s) : -1,
                      .carry = &s->carry};
    status = nr_cut_sentence(&how, tokens, count, &s->arena, &s->ready, &s->ready_count, err);
    s->began = s->began || s->ready_count;
    return status;
}

/* Moves to the next sentence that has something to say; false at the end of the script. */
static bool next_sentence(nr_script *s, nr_span *sentence, bool *last)
{
    for (; s->block < s->block_count; s->block++, s->at = 0, s->carry = (nr_carry){0}) {
        const nr_block *b = &s->blocks[s->block];
        if (!is_said(s, b))
            continue;
        if (s->at < b->span.start)
            s->at = b->span.start;
        if (!nr_splitter_next(s->splitter, s->text, b->span.end, true, &s->at, sentence))
            continue;
        uint32_t after = s->at;
        while (after < b->span.end && nr_ascii_space(s->text.p[after]))
            after++;
        *last = after >= b->span.end;
        return true;
    }
    return false;
}

nr_status nr_script_next(nr_script *s, const nr_utterance **out, nr_error *err)
{
    while (s->next_ready == s->ready_count) {
        nr_span sentence;
        bool last;
        if (!next_sentence(s, &sentence, &last)) {
            *out = NULL;
            return NR_OK;
        }
        nr_status status = take_sentence(s, sentence, last, err);
        if (status)
            return status;
    }
    *out = &s->ready[s->next_ready++];
    return NR_OK;
}

nr_status nr_script_seek(nr_script *s, uint32_t at, nr_error *err)
{
    s->block = 0;
    s->at = 0;
    s->next_inline = 0;
    s->ready_count = s->next_ready = 0;
    s->began = false;
    s->carry = (nr_carry){0};
    nr_span sentence;
    bool last;
    while (next_sentence(s, &sentence, &last)) {
        if (s->blocks[s->block].span.end <= at) { /* no need to look into it */
            s->at = s->blocks[s->block].span.end;
            continue;
        }
        if (sentence.end > at) {
            nr_status status = take_sentence(s, sentence, last, err);
            while (!status && s->next_ready + 1 < s->ready_count && s->ready[s->next_ready].span.end <= at)
                s->next_ready++;
            return status;
        }
    }
    return NR_OK;
}

/* ---------------------------------------------------------------- the handle */

static void choose_locale(nr_script *s)
{
    const char *tag = s->options.locale;
    if (!tag || !*tag)
        tag = nr_document_metadata(s->doc)->language;
    s->guess = !tag || !*tag || nr_view_eq_nocase(nr_view_of(tag), NR_LIT("en"));
    if (s->guess)
        tag = "en-GB";
    size_t n = strlen(tag);
    if (n >= sizeof s->locale)
        n = sizeof s->locale - 1;
    memcpy(s->locale, tag, n);
    s->options.locale = s->locale;
}

nr_status nr_script_new(nr_script **out, const nr_document *doc, const nr_script_options *opt, nr_error *err)
{
    nr_script *s = calloc(1, sizeof *s);
    if (!s)
        return nr_fail_memory(err);
    s->doc = doc;
    if (opt)
        s->options = *opt;
    choose_locale(s);
    s->text = nr_document_text(doc);
    s->blocks = nr_document_blocks(doc, &s->block_count);
    s->inlines = nr_document_inlines(doc, &s->inline_count);
    nr_status status = nr_splitter_open(&s->splitter, s->locale, err);
    if (!status)
        status = nr_norm_open(&s->norm, s->guess ? NULL : s->locale, s->options.style, s->options.lexicon, err);
    if (!status)
        nr_norm_guess(s->norm, s->text);
    if (!status)
        status = nr_pauses_open(&s->pauses, s->locale, err);
    if (!status)
        status = nr_pronouncer_open(&s->pronouncer, s->locale, err);
    s->options.lexicon = s->options.style = NULL; /* the caller's string need not outlive this */
    if (status) {
        nr_script_free(s);
        return status;
    }
    *out = s;
    return NR_OK;
}

const nr_document *nr_script_document(const nr_script *s) { return s->doc; }
const char *nr_script_locale(const nr_script *s) { return s->locale; }

void nr_script_free(nr_script *s)
{
    if (!s)
        return;
    nr_splitter_close(s->splitter);
    nr_norm_close(s->norm);
    nr_pauses_close(s->pauses);
    nr_pronouncer_close(s->pronouncer);
    nr_arena_free(&s->arena);
    free(s);
}
