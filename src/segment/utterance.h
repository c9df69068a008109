/* utterance.h - a sentence's tokens become utterances of one breath each. */
#ifndef NR_SEGMENT_UTTERANCE_H
#define NR_SEGMENT_UTTERANCE_H

#include "base/arena.h"
#include "narrate.h"
#include "normalise/token.h"
#include "pronounce/pronounce.h"

/* A language's pauses and the words before which one may breathe; read-only once open. */
typedef struct nr_pauses nr_pauses;
nr_status nr_pauses_open(nr_pauses **out, const char *locale, nr_error *err);
void nr_pauses_close(nr_pauses *p);

typedef struct nr_cutting {
    nr_view text;
    nr_span sentence;
    const nr_block *block;
    uint32_t block_index;
    const char *lang;
    const nr_pauses *pauses;
    const nr_pronouncer *pronouncer;
    uint32_t max_chars;   /* of an utterance, where a place to breathe allows */
    bool first_of_script; /* its first utterance is short, so that sound starts at once */
    bool first_of_block, last_of_block;
    int next_kind;        /* of the next block that is said, -1: none, or not the block's last sentence */
} nr_cutting;

/* The utterances live in arena. A sentence without a word gives none. */
nr_status nr_cut_sentence(const nr_cutting *how, const nr_token *tokens, size_t count, nr_arena *arena,
                          nr_utterance **out, size_t *out_count, nr_error *err);

#endif
