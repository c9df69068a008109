/* utterance.h - a sentence's tokens become utterances of one breath each. */
#ifndef NR_SEGMENT_UTTERANCE_H
#define NR_SEGMENT_UTTERANCE_H

#include "base/arena.h"
#include "narrate.h"
#include "normalise/token.h"
#include "pronounce/pronounce.h"
#include "segment/pauses.h"

/* What a block carries from one of its sentences to the next. Zeroed at the block's start. */
typedef struct nr_carry {
    bool begun;      /* something of it was said */
    uint32_t quotes; /* quotations open */
} nr_carry;

typedef struct nr_cutting {
    nr_view text;
    nr_span sentence;
    const nr_block *block;
    uint32_t block_index;
    const char *lang, *locale; /* the block's, the script's */
    const nr_inline *inlines; /* that touch the sentence, by start */
    size_t inline_count;
    const nr_pauses *pauses;
    const nr_pronouncer *pronouncer;
    uint32_t max_chars, max_words; /* of an utterance: passed only by a single token or name, and never twofold */
    bool split_quotes;    /* a quotation of more than three words is in utterances of its own */
    bool first_of_script; /* its first utterance is short, so that sound starts at once */
    bool last_of_block;
    int next_kind;        /* of the next block that is said, -1: none, or not the block's last sentence */
    nr_carry *carry;
} nr_cutting;

/* The utterances live in arena. A sentence without a word gives none. */
nr_status nr_cut_sentence(const nr_cutting *how, const nr_token *tokens, size_t count, nr_arena *arena,
                          nr_utterance **out, size_t *out_count, nr_error *err);

#endif
