/* normalise.h - stage normalise: text in, tokens out. Knows nothing of sentences' pauses or of voices. */
#ifndef NR_NORMALISE_NORMALISE_H
#define NR_NORMALISE_NORMALISE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "narrate.h"
#include "normalise/token.h"

/* Tables and number formats of a locale, ready to use; opened once, used by one thread. */
typedef struct nr_norm nr_norm;

/* locale: "en-GB", "en-US", "de", "fr-FR"...; one without tables of its own falls back to English. NULL: see
 * nr_norm_guess(). style: switches as "years=thousand,clock=12", or NULL; see style.h. lexicon: a user's table or NULL. Opening must be cheap (below 3 ms); ICU objects are
 * opened when first needed. */
nr_status nr_norm_open(nr_norm **out, const char *locale, const char *style, const char *lexicon, nr_error *err);
/* Without a locale, and until told otherwise, English is British. This looks for clues in a text (spelling, currency, the
 * order of dates) and settles by all that it has been shown so far. Does nothing when a locale was given. */
void nr_norm_guess(nr_norm *n, nr_view text);
void nr_norm_close(nr_norm *n);

/* Normalises text[span], one sentence or a few; what stands before and after it is looked at for context, and nothing
 * else of the text. inlines are those that touch the span (may be NULL). The tokens cover every character of the span
 * that is not white space, in order. They live in arena, except that plain words view `text`. */
nr_status nr_norm_run(nr_norm *n, nr_view text, nr_span span, const nr_inline *inlines, size_t inline_count,
                      nr_arena *arena, const nr_token **tokens, size_t *count, nr_error *err);

/* The words of a token in the written form that `narrate normalise` prints, e.g. letters as "B.B.C.", appended to b;
 * the space before a word is the caller's. */
nr_status nr_word_write(nr_buffer *b, nr_view say, uint16_t flags);

#endif
