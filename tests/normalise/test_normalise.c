/* The normaliser: cases in prose (the folder cases), and what must hold for any text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/utf8.h"
#include "normalise/normalise.h"
#include "property.h"

/* A case file: a line of written text, a line with a dot, the spoken line, an empty line. # begins a comment. */
static void check_cases(const char *name, const char *locale)
{
    char path[400];
    snprintf(path, sizeof path, "%s/cases/%s", NR_TEST_DIR, name);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    nr_normaliser *nz = NULL;
    nr_error err = {0};
    assert_int_equal(nr_normaliser_new(&nz, locale, NULL, NULL, &err), NR_OK);
    char written[2000], dot[100], spoken[2000];
    int cases = 0, wrong = 0;
    while (fgets(written, sizeof written, f)) {
        if (written[0] == '#' || written[0] == '\n')
            continue;
        assert_non_null(fgets(dot, sizeof dot, f));
        assert_string_equal(dot, ".\n");
        assert_non_null(fgets(spoken, sizeof spoken, f));
        written[strcspn(written, "\n")] = spoken[strcspn(spoken, "\n")] = '\0';
        nr_view out;
        assert_int_equal(nr_normaliser_line(nz, written, strlen(written), &out, &err), NR_OK);
        cases++;
        if (nr_view_is(out, spoken))
            continue;
        wrong++;
        print_error("%s: %s\n  is      %.*s\n  must be %s\n", name, written, (int)out.n, out.p, spoken);
    }
    fclose(f);
    nr_normaliser_free(nz);
    assert_int_equal(wrong, 0);
    assert_true(cases > 5);
}

static void british_cases(void **state)
{
    (void)state;
    check_cases("en-GB.txt", "en-GB");
}

static void american_cases(void **state)
{
    (void)state;
    check_cases("en-US.txt", "en-US");
}

static void check_style(const char *style, const char *written, const char *spoken)
{
    nr_normaliser *nz = NULL;
    nr_error err = {0};
    nr_view out;
    assert_int_equal(nr_normaliser_new(&nz, "en-GB", style, NULL, &err), NR_OK);
    assert_int_equal(nr_normaliser_line(nz, written, strlen(written), &out, &err), NR_OK);
    if (!nr_view_is(out, spoken))
        fail_msg("%s: is '%.*s', must be '%s'", written, (int)out.n, out.p, spoken);
    nr_normaliser_free(nz);
}

static void verbatim_names_emoji_and_leaves_figures(void **state)
{
    (void)state;
    check_style("level=verbatim", "12 km \xF0\x9F\x98\x80", "12 km grinning face");
    check_style("level=verbatim", "\xF0\x9F\x87\xAC\xF0\x9F\x87\xA7 won", "flag G B won");
    check_style("level=verbatim", "=====", "=====");
    check_style("level=verbatim", "#5 #tag C# x\xC2\xB2 \xE2\x80\xB2 \xE2\x86\x92", "hash 5 hash tag C hash x superscript two prime right arrow");
}

static void punctuation_aloud_is_whole_and_counts_lines(void **state)
{
    (void)state;
    check_style("punctuation=all", "\xC2\xBFQue? \xC2\xABOui\xC2\xBB \xE2\x80\xA2", "inverted question mark Que question mark open guillemet Oui close guillemet bullet");
    check_style("punctuation=all", "\xE3\x80\x82", "ideographic full stop"); /* in no table: its name in Unicode */
    check_style("punctuation=all", "---------- *** =====", "ten dash star star star five equals");
    check_style("punctuation=none", "---------- *** =====", "---------- *** =====");
}

static void german_cases(void **state)
{
    (void)state;
    check_cases("de.txt", "de-DE");
}

static void french_cases(void **state)
{
    (void)state;
    check_cases("fr.txt", "fr");
}

static void any_text_is_covered_in_order(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", " ", ".", "...", "a", "1", "-", "£", "$", "£.", "1.", "1.2.", "1/", "1:", "12:3", "A.B.C.D.E.F.G.H.", "4x", "#", "@",
        "'", "'80", "\xC2\xA0", "\xE2\x80\xA6", "\xF0\x9F\x98\x80", "\xEF\xBF\xBD", ("\xE2\x80\xAE" "abc"), "http://", "a@b", "w.w.w",
        "999999999999999999999999999999999999999999", "0000000000000000000000", "1,2,3,4,5", "1,,2", "1,234,56", "£1,234.567bn", "IIII", "MMMM",
        "\xF0\x9D\x95\x8F\xF0\x9D\x95\x90", "ﬁne ﬂag", "co\xC2\xADoperate", "日本語。", "مرحبا بالعالم", "CO\xE2\x82\x82", "51°30′N", "1st2nd", "a.m.", "No.",
        "St. St. St.", "10-", "10-20-30", "2019-", "$5-$", "3m3m", "(((", "&&&", "****", "————", "24/7/365", "1/2/3/4", "Mr", "Mr.", "U.S", "&c.",
    };
    nr_norm *n = NULL;
    nr_error err = {0};
    static const char *const locales[] = {"en-GB", "en-US", "de", "fr"};
    for (size_t l = 0; l < 8; l++) {
        const char *style = l < 4 ? NULL : l == 4 ? "level=verbatim,punctuation=all" : "symbols=all,punctuation=some,url=full,clock=12";
        assert_int_equal(nr_norm_open(&n, locales[l % 4], style, NULL, &err), NR_OK);
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            const char *wrong = broken_property(n, nr_view_of(texts[i]));
            if (wrong)
                fail_msg("'%s': %s", texts[i], wrong);
        }
        nr_norm_close(n);
    }
}

/* Every plane: a character of each block of 64, alone and beside a letter and a digit. */
static void any_character_is_covered(void **state)
{
    (void)state;
    nr_norm *n = NULL;
    assert_int_equal(nr_norm_open(&n, NULL, NULL, NULL, NULL), NR_OK);
    for (uint32_t code = 1; code < 0x110000; code += code < 0x3000 ? 1 : 64) {
        char text[16];
        if (code >= 0xD800 && code < 0xE000)
            continue;
        size_t size = nr_utf8_encode(text, code);
        memcpy(text + size, "x7", 2);
        memcpy(text + size + 2, text, size);
        const char *wrong = broken_property(n, (nr_view){text, 2 * size + 2});
        if (wrong)
            fail_msg("U+%04X: %s", (unsigned)code, wrong);
    }
    nr_norm_close(n);
}

static void ten_megabytes_in_one_token_are_survived(void **state)
{
    (void)state;
    static const char *const units[] = {"x", "9", "9,999", "A.", "X", "-", "1/", "1:", "a@", "é", "£1", "I", "#", "1-", "'"};
    enum { SIZE = 10000000 };
    nr_norm *n = NULL;
    char *text = malloc(SIZE);
    assert_int_equal(nr_norm_open(&n, NULL, NULL, NULL, NULL), NR_OK);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t length = strlen(units[i]), size = i == 0 ? SIZE : SIZE / 10;
        for (size_t at = 0; at < size; at++)
            text[at] = units[i][at % length];
        const char *wrong = broken_property(n, (nr_view){text, nr_utf8_valid(text, size)});
        if (wrong)
            fail_msg("%s...: %s", units[i], wrong);
    }
    free(text);
    nr_norm_close(n);
}

static void silent_inlines_and_expansions_are_obeyed(void **state)
{
    (void)state;
    nr_norm *n = NULL;
    nr_error err = {0};
    nr_arena arena = NR_ARENA_INIT;
    const nr_token *tokens;
    size_t count;
    nr_view text = NR_LIT("The GMC said so.12");
    nr_inline inlines[] = {{{4, 7}, NR_INLINE_ABBR, NR_LIT("General Medical Council")}, {{16, 18}, NR_INLINE_SILENT, {NULL, 0}}};
    assert_int_equal(nr_norm_open(&n, NULL, NULL, NULL, &err), NR_OK);
    assert_int_equal(nr_norm_run(n, text, (nr_span){0, 18}, inlines, 2, &arena, &tokens, &count, &err), NR_OK);
    assert_int_equal(tokens[1].word_count, 3);
    assert_true(nr_view_is(tokens[1].words[2].say, "Council"));
    assert_int_equal(tokens[count - 1].class, NR_CLASS_SILENT);
    nr_arena_free(&arena);
    nr_norm_close(n);
}

static void a_lexicon_of_the_user_is_laid_over(void **state)
{
    (void)state;
    char path[] = "/tmp/narrate-lexicon-XXXXXX";
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    fputs("# mine\nMr\tMonsieur\ttitle\nBdx\tBordeaux\tword\n", f);
    fclose(f);
    nr_normaliser *nz = NULL;
    nr_error err = {0};
    nr_view out;
    assert_int_equal(nr_normaliser_new(&nz, "en-GB", NULL, path, &err), NR_OK);
    assert_int_equal(nr_normaliser_line(nz, "Mr X of Bdx", 11, &out, &err), NR_OK);
    assert_true(nr_view_is(out, "Monsieur X of Bordeaux"));
    nr_normaliser_free(nz);
    f = fopen(path, "w");
    fputs("Mr\tMonsieur\ttitle\nBdx\tBordeaux\tsometimes\n", f);
    fclose(f);
    assert_int_equal(nr_normaliser_new(&nz, "en-GB", NULL, path, &err), NR_EDATA);
    assert_int_equal(err.at, 2);
    assert_non_null(strstr(err.msg, ":2:"));
    remove(path);
    assert_int_equal(nr_normaliser_new(&nz, "en-GB", NULL, path, &err), NR_EIO);
}

static void tokens_are_explained(void **state)
{
    (void)state;
    nr_normaliser *nz = NULL;
    nr_view out;
    assert_int_equal(nr_normaliser_new(&nz, "en-GB", NULL, NULL, NULL), NR_OK);
    assert_int_equal(nr_normaliser_explain(nz, "MPs, 51%", 8, &out, NULL), NR_OK);
    assert_true(nr_view_is(out, "MPs\tletters\tcapitals\tM.P.'s\n,\tpunctuation\tpunctuation\t\n51%\tpercent\tfigure and unit\tfifty-one percent\n"));
    nr_normaliser_free(nz);
}

/* "'s" alone would be said as a letter. */
static void a_possessive_is_of_the_word_before(void **state)
{
    (void)state;
    static const char *const written[][2] = {{"2019's", "2019's\tyear\tyear\ttwenty nineteen's\n"},
                                             {"Ford Co.'s", "Ford\tword\tword\tFord\nCo.'s\tabbreviation\tabbreviation\tCompany's\n"},
                                             {"$5's", "$5's\tmoney\tcurrency sign\tfive dollars'\n"}};
    nr_normaliser *nz = NULL;
    nr_view out;
    assert_int_equal(nr_normaliser_new(&nz, "en-GB", NULL, NULL, NULL), NR_OK);
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        assert_int_equal(nr_normaliser_explain(nz, written[i][0], strlen(written[i][0]), &out, NULL), NR_OK);
        assert_true(nr_view_is(out, written[i][1]));
    }
    nr_normaliser_free(nz);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(british_cases),
        cmocka_unit_test(american_cases),
        cmocka_unit_test(verbatim_names_emoji_and_leaves_figures), cmocka_unit_test(punctuation_aloud_is_whole_and_counts_lines), cmocka_unit_test(german_cases),
        cmocka_unit_test(french_cases),
        cmocka_unit_test(any_text_is_covered_in_order),
        cmocka_unit_test(any_character_is_covered),
        cmocka_unit_test(ten_megabytes_in_one_token_are_survived),
        cmocka_unit_test(silent_inlines_and_expansions_are_obeyed),
        cmocka_unit_test(a_lexicon_of_the_user_is_laid_over),
        cmocka_unit_test(tokens_are_explained), cmocka_unit_test(a_possessive_is_of_the_word_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
