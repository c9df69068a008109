/* Sentences of plain text, in memory or as it comes. */
#include <stdlib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "segment/sentence.h"

nr_status nr_segment(const char *text, size_t n, const char *locale, int (*fn)(void *ctx, size_t start, size_t end),
                     void *ctx, nr_error *err)
{
    enum { PIECE = 1u << 30 };
    nr_splitter *s = NULL;
    nr_status status = nr_splitter_open(&s, locale, err);
    size_t base = 0;
    uint32_t at = 0;
    while (!status) {
        nr_view piece = {text + base, n - base < PIECE ? n - base : PIECE};
        nr_span sentence;
        bool last = base + piece.n == n;
        if (last ? !nr_splitter_next(s, piece, (uint32_t)piece.n, false, &at, &sentence)
                 : nr_splitter_step(s, piece, &at, &sentence) != NR_SPLIT_SENTENCE) {
            if (last)
                break;
            base += at ? at : piece.n;
            at = 0;
        } else if (fn(ctx, base + sentence.start, base + sentence.end)) {
            status = NR_CANCELLED;
        }
    }
    nr_splitter_close(s);
    return status;
}

struct nr_segmenter {
    nr_splitter *splitter;
    nr_buffer text; /* what is not certain yet */
    nr_sentence_fn *fn;
    void *ctx;
};

nr_status nr_segmenter_new(nr_segmenter **out, const char *locale, nr_sentence_fn *fn, void *ctx, nr_error *err)
{
    nr_segmenter *g = calloc(1, sizeof *g);
    if (!g)
        return nr_fail_memory(err);
    *g = (nr_segmenter){.text = NR_BUFFER_INIT(1u << 30), .fn = fn, .ctx = ctx};
    nr_status s = nr_splitter_open(&g->splitter, locale, err);
    if (s) {
        nr_segmenter_free(g);
        return s;
    }
    *out = g;
    return NR_OK;
}

static nr_status give(nr_segmenter *g, nr_span sentence, nr_error *err)
{
    nr_view v = nr_view_sub(g->text.p, sentence.start, sentence.end);
    return g->fn(g->ctx, v) ? nr_fail(err, NR_CANCELLED, 0, "segmenting was stopped") : NR_OK;
}

nr_status nr_segmenter_write(nr_segmenter *g, const char *text, size_t n, nr_error *err)
{
    enum { PIECE = 1 << 16 };
    nr_status s = NR_OK;
    while (n && !s) {
        size_t piece = n < PIECE ? n : PIECE;
        if (nr_buffer_put(&g->text, text, piece))
            return nr_fail_memory(err);
        text += piece;
        n -= piece;
        uint32_t at = 0;
        nr_span sentence;
        while (!s && nr_splitter_step(g->splitter, nr_buffer_view(&g->text), &at, &sentence) == NR_SPLIT_SENTENCE)
            s = give(g, sentence, err);
        memmove(g->text.p, g->text.p + at, g->text.n - at);
        nr_buffer_truncate(&g->text, g->text.n - at);
    }
    return s;
}

nr_status nr_segmenter_end(nr_segmenter *g, nr_error *err)
{
    uint32_t at = 0;
    nr_span sentence;
    nr_status s = NR_OK;
    nr_view rest = nr_buffer_view(&g->text);
    while (!s && rest.n && nr_splitter_next(g->splitter, rest, (uint32_t)rest.n, false, &at, &sentence))
        s = give(g, sentence, err);
    nr_buffer_truncate(&g->text, 0);
    return s;
}

void nr_segmenter_free(nr_segmenter *g)
{
    if (!g)
        return;
    nr_splitter_close(g->splitter);
    nr_buffer_free(&g->text);
    free(g);
}
