/* property.h - what must hold of the normaliser's tokens for any valid text. */
#ifndef NR_TESTS_PROPERTY_H
#define NR_TESTS_PROPERTY_H

#include "base/utf8.h"
#include "normalise/normalise.h"

/* NULL, or what does not hold: tokens in order, within bounds, covering every character but white space; words within
 * their tokens, valid UTF-8, never empty, without white space or control characters. */
static inline const char *broken_property(nr_norm *n, nr_view text)
{
    nr_arena arena = NR_ARENA_INIT;
    const nr_token *t = NULL;
    size_t count = 0;
    const char *wrong = NULL;
    nr_error err;
    if (nr_norm_run(n, text, (nr_span){0, (uint32_t)text.n}, NULL, 0, &arena, &t, &count, &err))
        wrong = "it failed";
    uint32_t at = 0;
    for (size_t i = 0; i <= count && !wrong; i++) {
        uint32_t start = i < count ? t[i].span.start : (uint32_t)text.n;
        if (start < at)
            wrong = "tokens overlap or go back";
        while (at < start && !wrong) {
            int length;
            if (!nr_code_is_space(nr_utf8_decode(text.p + at, text.p + text.n, &length)))
                wrong = "a character is in no token";
            at += (uint32_t)length;
        }
        if (i == count || wrong)
            break;
        if (t[i].span.end <= start || t[i].span.end > text.n)
            wrong = "a token is empty or beyond the text";
        for (size_t w = 0; w < t[i].word_count && !wrong; w++) {
            const nr_word *word = &t[i].words[w];
            if (word->span.start < start || word->span.end > t[i].span.end || word->span.end <= word->span.start)
                wrong = "a word is not within its token";
            if (!word->say.n || nr_utf8_valid(word->say.p, word->say.n) != word->say.n)
                wrong = "a word is empty or not UTF-8";
            for (size_t k = 0; k < word->say.n; k++)
                if ((unsigned char)word->say.p[k] <= ' ')
                    wrong = "a word holds white space";
        }
        at = t[i].span.end;
    }
    nr_arena_free(&arena);
    return wrong;
}

#endif
