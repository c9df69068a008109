/* Sentence ends: MB/s of nr_segment and of ICU's sentence break iterator over the same text in one run.
 *   bench_segment [FILE...]     the files' text again and again up to 32 MB; without one, the bundled plain article */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "base/file.h"
#include "narrate.h"

enum { SIZE = 32 << 20, ROUNDS = 3 };

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int count_sentence(void *ctx, size_t start, size_t end)
{
    (void)start;
    (void)end;
    ++*(size_t *)ctx;
    return 0;
}

static double ours(nr_view text, size_t *sentences)
{
    double from = seconds();
    *sentences = 0;
    if (nr_segment(text.p, text.n, "en-GB", count_sentence, sentences, NULL))
        exit(1);
    return seconds() - from;
}

static double icu(nr_view text, size_t *sentences)
{
    double from = seconds();
    UErrorCode code = U_ZERO_ERROR;
    UText u = UTEXT_INITIALIZER;
    utext_openUTF8(&u, text.p, (int64_t)text.n, &code);
    UBreakIterator *it = ubrk_open(UBRK_SENTENCE, "en_GB", NULL, 0, &code);
    ubrk_setUText(it, &u, &code);
    if (U_FAILURE(code))
        exit(1);
    for (*sentences = 0; ubrk_next(it) != UBRK_DONE;)
        ++*sentences;
    ubrk_close(it);
    utext_close(&u);
    return seconds() - from;
}

int main(int argc, char **argv)
{
    nr_buffer unit = NR_BUFFER_INIT(1 << 28);
    nr_error err;
    for (int i = 1; i < argc || i == 1; i++) {
        if (nr_file_read(argc > 1 ? argv[i] : NR_ASSETS "/articles/harbour.txt", &unit, &err)) {
            fprintf(stderr, "%s\n", err.msg);
            return 1;
        }
        nr_buffer_put_char(&unit, '\n');
    }
    char *text = malloc(SIZE);
    size_t n = 0;
    for (; n + unit.n <= SIZE; n += unit.n)
        memcpy(text + n, unit.p, unit.n);
    double best[2] = {1e9, 1e9};
    size_t count[2];
    for (int round = 0; round < ROUNDS; round++) {
        double a = ours((nr_view){text, n}, &count[0]), b = icu((nr_view){text, n}, &count[1]);
        best[0] = a < best[0] ? a : best[0];
        best[1] = b < best[1] ? b : best[1];
    }
    printf("narrate  %7.1f MB/s  %zu sentences\nICU      %7.1f MB/s  %zu sentences\nratio    %7.2f\n", (double)n / 1e6 / best[0],
           count[0], (double)n / 1e6 / best[1], count[1], best[1] / best[0]);
    free(text);
    nr_buffer_free(&unit);
    return 0;
}
