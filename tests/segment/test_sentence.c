/* Sentence ends: cases in prose (the folder cases), what must hold for any text, and time that grows with the text only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/file.h"
#include "property.h"

typedef struct writer {
    const char *text;
    nr_buffer out;
} writer;

/* A sentence a line, white space inside it a single space. */
static int write_sentence(void *ctx, size_t start, size_t end)
{
    writer *w = ctx;
    for (size_t i = start; i < end; i++) {
        if (!nr_ascii_space(w->text[i]))
            nr_buffer_put_char(&w->out, w->text[i]);
        else if (!nr_ascii_space(w->text[i - 1]))
            nr_buffer_put_char(&w->out, ' ');
    }
    nr_buffer_put_char(&w->out, '\n');
    return 0;
}

static bool run_case(const char *name, const char *locale, nr_view input, nr_view expected)
{
    writer w = {input.p, NR_BUFFER_INIT(1 << 20)};
    nr_error err;
    assert_int_equal(nr_segment(input.p, input.n, locale, write_sentence, &w, &err), NR_OK);
    bool good = nr_view_eq(nr_buffer_view(&w.out), expected);
    if (!good)
        print_error("%s\n--- input\n%.*s--- must be\n%.*s--- is\n%.*s\n", name, (int)input.n, input.p, (int)expected.n,
                    expected.p, (int)w.out.n, w.out.p);
    nr_buffer_free(&w.out);
    return good;
}

/* A case file: lines of comment that begin with "# ", a text, a line with one dot, its sentences a line each, a line
 * with two dots. */
static void check_cases(const char *name, const char *locale)
{
    nr_buffer file = NR_BUFFER_INIT(1 << 20);
    nr_error err;
    char path[400];
    snprintf(path, sizeof path, "%s/cases/%s", NR_TEST_DIR, name);
    assert_int_equal(nr_file_read(path, &file, &err), NR_OK);
    int cases = 0, wrong = 0;
    const char *rest = file.p;
    for (const char *dot; (dot = strstr(rest, "\n.\n")); cases++) {
        const char *end = strstr(dot, "\n..\n");
        assert_non_null(end);
        nr_view input = nr_view_sub(rest, 0, (size_t)(dot + 1 - rest));
        while (nr_view_starts(input, NR_LIT("# "))) {
            size_t line = (size_t)((const char *)memchr(input.p, '\n', input.n) + 1 - input.p);
            input = nr_view_sub(input.p, line, input.n);
        }
        wrong += !run_case(name, locale, input, (nr_view){dot + 3, (size_t)(end + 1 - (dot + 3))});
        rest = end + 4;
    }
    nr_buffer_free(&file);
    assert_true(cases > 0);
    assert_int_equal(wrong, 0);
}

static void sentences(void **state)
{
    (void)state;
    check_cases("sentences.txt", "en-GB");
    check_cases("sentences-de.txt", "de");
    check_cases("sentences-fr.txt", "fr-FR");
    check_cases("sentences-es.txt", "es");
}

static void nothing_is_lost_or_doubled(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", " ", "\n", ".", "..", ". .", ". . . .", "?!", "a", "a.", ".a", "a .b", "1.", "1. ", "1.)", "(", ")", "[1]", "a.[1]", "\"", "\".\"",
        "\xE2\x80\xA6", "\xC2\xA0", "a\xC2\xA0.", "\xE2\x80\xA2", "\xE2\x80\xA2 \xE2\x80\xA2", "- - -", "U.S.", "e.g.", "I.", "\xEF\xBB\xBF" "a.",
        "a.\xE3\x80\x80" "b.", "\xE3\x80\x82\xE3\x80\x82", "a.\r\nB.", "\xFF.\xFE", "a.\xE2", "\xE2\x80", "M. et Mme. X.", "1.1.1.", "a) b) c)",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *wrong = broken_sentences(nr_view_of(texts[i]), NULL);
        if (wrong)
            fail_msg("'%s': %s", texts[i], wrong);
    }
}

/* Every string of four of the signs that matter. */
static void nothing_is_lost_in_any_mixture(void **state)
{
    (void)state;
    static const char *const signs[] = {"a", "B", "1", ".", "?", " ", "\n", "\"", ")", "(", "\xE2\x80\xA6", "\xE3\x80\x82", "\xC2\xA0", "-"};
    enum { SIGNS = sizeof signs / sizeof *signs };
    for (unsigned long code = 0; code < 38416ul; code++) { /* SIGNS to the power of 4 */
        char text[32] = "";
        size_t n = 0;
        unsigned long rest = code;
        for (int i = 0; i < 4; i++, rest /= SIGNS) {
            size_t size = strlen(signs[rest % SIGNS]);
            memcpy(text + n, signs[rest % SIGNS], size);
            n += size;
        }
        const char *wrong = broken_sentences((nr_view){text, n}, NULL);
        if (wrong)
            fail_msg("'%.*s': %s", (int)n, text, wrong);
    }
}

static void a_stream_gives_the_same_sentences(void **state)
{
    (void)state;
    nr_buffer text = NR_BUFFER_INIT(1 << 20);
    nr_error err;
    assert_int_equal(nr_file_read(NR_TEST_DIR "/cases/sentences.txt", &text, &err), NR_OK);
    static const size_t sizes[] = {1, 2, 3, 7, 64, 1000, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const char *wrong = broken_stream(nr_buffer_view(&text), sizes[i]);
        if (wrong)
            fail_msg("%zu bytes at a time: %s", sizes[i], wrong);
    }
    nr_buffer_free(&text);
}

static int count_sentence(void *ctx, nr_view sentence)
{
    (void)sentence;
    ++*(int *)ctx;
    return 0;
}

static void a_sentence_is_out_as_soon_as_it_is_certain(void **state)
{
    (void)state;
    int count = 0;
    nr_segmenter *g = NULL;
    assert_int_equal(nr_segmenter_new(&g, NULL, count_sentence, &count, NULL), NR_OK);
    assert_int_equal(nr_segmenter_write(g, "The door was open. ", 19, NULL), NR_OK);
    assert_int_equal(count, 0); /* "he said" might follow */
    assert_int_equal(nr_segmenter_write(g, "Nobody came in", 14, NULL), NR_OK);
    assert_int_equal(count, 1);
    assert_int_equal(nr_segmenter_end(g, NULL), NR_OK);
    assert_int_equal(count, 2);
    nr_segmenter_free(g);
}

static double seconds_for(char *text, const char *unit, size_t size)
{
    size_t length = strlen(unit);
    for (size_t at = 0; at < size; at++)
        text[at] = unit[at % length];
    struct timespec from, to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    const char *wrong = broken_sentences((nr_view){text, size}, NULL);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    if (wrong)
        fail_msg("%s...: %s", unit, wrong);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* Sixteen times the text in at most forty times the time, whatever is repeated. */
static void time_is_linear(void **state)
{
    (void)state;
    static const char *const units[] = {
        "a.",   "1. ",   "( ",     "\"",     "\". \"", "U.S. ",   "x",      "\n",     " ",       ". ",    ".",     "?",    "- \n",
        "e.g. ", "A. B. ", "\xE2\x80\xA6 ", "\xE2\x80\x99", "1)", "\n- a", "a\n", "a.(", "a.[1]", "a) ", "\xE2\x80\xA2", "a,\n", "(a. ", "\"a. ", "a? b ",
        "[", "a.\" (b) ", "\xC2\xA0", ".\xC2\xA0", "a.b", "Mr. ", "\r\n",
    };
    enum { SMALL = 125000, LARGE = 16 * SMALL };
    char *text = malloc(LARGE);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        double small = seconds_for(text, units[i], SMALL), large = seconds_for(text, units[i], LARGE);
        if (large > 40 * (small + 0.002))
            fail_msg("'%s': %.1f ms, and for 16 times the text %.1f ms", units[i], small * 1e3, large * 1e3);
    }
    free(text);
}

static int count_two(void *ctx, size_t start, size_t end)
{
    (void)start;
    (void)end;
    return ++*(int *)ctx == 2;
}

static void the_caller_can_stop(void **state)
{
    (void)state;
    int count = 0;
    assert_int_equal(nr_segment("One. Two. Three.", 16, NULL, count_two, &count, NULL), NR_CANCELLED);
    assert_int_equal(count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences),
        cmocka_unit_test(nothing_is_lost_or_doubled),
        cmocka_unit_test(nothing_is_lost_in_any_mixture),
        cmocka_unit_test(a_stream_gives_the_same_sentences),
        cmocka_unit_test(a_sentence_is_out_as_soon_as_it_is_certain),
        cmocka_unit_test(time_is_linear),
        cmocka_unit_test(the_caller_can_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
