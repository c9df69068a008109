/* Scripts: what must hold for the bundled articles and for odd ones, and single points of cutting and pausing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/file.h"
#include "articles.h"
#include "property.h"

static nr_document *document(const char *text, const char *format)
{
    nr_document *doc = NULL;
    nr_error err = {0};
    nr_read_options opt = {.format = format};
    if (nr_document_read(&doc, text, strlen(text), &opt, &err))
        fail_msg("%s", err.msg);
    return doc;
}

static void check(const nr_document *doc, const char *name, const nr_script_options *opt)
{
    const char *wrong = broken_script(doc, opt);
    if (wrong)
        fail_msg("%s: %s", name, wrong);
}

static void articles_hold_the_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARTICLES; i++) {
        char path[400];
        snprintf(path, sizeof path, "%s/articles/%s", NR_ASSETS, article_names[i]);
        nr_document *doc = NULL;
        nr_error err = {0};
        if (nr_document_open(&doc, path, NULL, &err))
            fail_msg("%s", err.msg);
        nr_script_options narrow = {.max_chars = 60, .include = ~0u};
        check(doc, article_names[i], NULL);
        check(doc, article_names[i], &narrow);
        nr_document_free(doc);
    }
}

/* A unit again and again, as one paragraph. */
static void anything_repeated_is_survived(void **state)
{
    (void)state;
    static const char *const units[] = {"a.", "1. ", "( ", "\"", "U.S. ", "x", ", ", "word ", "word, ", "A", "9", "- ", "\n", "\n\n", "said \"no\" ",
                                        "\xE2\x80\x9Cx\xE2\x80\x9D ", "a (b ", "a) ", "? ", "\xE2\x80\x94", "which ", "\xE6\x97\xA5"};
    enum { SIZE = 200000 };
    char *text = malloc(SIZE + 1);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t length = strlen(units[i]), size = SIZE - SIZE % length;
        for (size_t at = 0; at < size; at++)
            text[at] = units[i][at % length];
        nr_document *doc = NULL;
        nr_read_options opt = {.format = "plain"};
        nr_error err;
        if (nr_document_read(&doc, text, size, &opt, &err) == NR_OK)
            check(doc, units[i], NULL);
        nr_document_free(doc);
    }
    free(text);
}

/* An utterance as a case file has it: what is said, the pause behind it, its prosody where it is not plain. */
static void write_utterance(const nr_utterance *u, nr_buffer *out)
{
    nr_buffer_printf(out, "%.*s  (%u", (int)u->say.n, u->say.p, (unsigned)u->pause_ms);
    if (u->rate != 100 || u->pitch)
        nr_buffer_printf(out, ", rate %d, pitch %d", u->rate, u->pitch);
    nr_buffer_printf(out, "%s%s%s)\n", u->flags & NR_UTT_QUOTED ? ", quoted" : "", u->flags & NR_UTT_ASIDE ? ", aside" : "",
                     u->flags & NR_UTT_QUESTION ? ", question" : "");
}

static void write_script(const nr_document *doc, const nr_script_options *opt, nr_buffer *out)
{
    nr_script *script = NULL;
    const nr_utterance *u;
    assert_int_equal(nr_script_new(&script, doc, opt, NULL), NR_OK);
    while (nr_script_next(script, &u, NULL) == NR_OK && u)
        write_utterance(u, out);
    nr_script_free(script);
}

/* A case file: comments, a text, a line with one dot, its utterances a line each, a line with two dots. */
static void check_cases(const char *name, const char *format, const nr_script_options *opt)
{
    nr_buffer file = NR_BUFFER_INIT(1 << 20);
    char path[400];
    snprintf(path, sizeof path, "%s/cases/%s", NR_TEST_DIR, name);
    assert_int_equal(nr_file_read(path, &file, NULL), NR_OK);
    int cases = 0, wrong = 0;
    char *rest = file.p;
    for (char *dot; (dot = strstr(rest, "\n.\n")); cases++) {
        char *end = strstr(dot, "\n..\n");
        assert_non_null(end);
        while (strncmp(rest, "# ", 2) == 0)
            rest = strchr(rest, '\n') + 1;
        dot[1] = end[1] = '\0';
        nr_buffer got = NR_BUFFER_INIT(1 << 20);
        nr_document *doc = document(rest, format);
        write_script(doc, opt, &got);
        nr_document_free(doc);
        if (!nr_view_is(nr_buffer_view(&got), dot + 3)) {
            print_error("%s\n--- text\n%s--- must be\n%s--- is\n%.*s\n", name, rest, dot + 3, (int)got.n, got.p);
            wrong++;
        }
        nr_buffer_free(&got);
        rest = end + 4;
    }
    nr_buffer_free(&file);
    assert_true(cases > 0);
    assert_int_equal(wrong, 0);
}

static void utterances(void **state)
{
    (void)state;
    check_cases("utterances.txt", "plain", NULL);
}

static void narrow_utterances(void **state)
{
    (void)state;
    nr_script_options opt = {.max_chars = 60, .max_words = 10};
    check_cases("narrow.txt", "plain", &opt);
}

static void quotations_apart(void **state)
{
    (void)state;
    nr_script_options opt = {.split_quotes = true};
    check_cases("quotes.txt", "plain", &opt);
}

#if NR_HAVE_MARKDOWN
static void blocks(void **state)
{
    (void)state;
    check_cases("blocks.txt", "markdown", NULL);
}

static void emphasis_reaches_the_words(void **state)
{
    (void)state;
    nr_document *doc = document("It was *not* the **first time**, he said.\n", "markdown");
    nr_script *script = NULL;
    const nr_utterance *u;
    assert_int_equal(nr_script_new(&script, doc, NULL, NULL), NR_OK);
    assert_int_equal(nr_script_next(script, &u, NULL), NR_OK);
    static const int stressed[] = {0, 0, 1, 0, 1, 1, 0, 0};
    assert_int_equal(u->word_count, 8);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(!!(u->words[i].flags & NR_WORD_EMPHASIS), stressed[i]);
    nr_script_free(script);
    nr_document_free(doc);
}
#endif

static void a_seek_finds_the_utterance(void **state)
{
    (void)state;
    nr_document *doc = document("One fine day.\n\nTwo fine days. Three fine days.\n", "plain");
    nr_script *script = NULL;
    const nr_utterance *u;
    uint32_t at = (uint32_t)(strstr(nr_document_text(doc).p, "Three") - nr_document_text(doc).p);
    assert_int_equal(nr_script_new(&script, doc, NULL, NULL), NR_OK);
    assert_int_equal(nr_script_seek(script, at + 2, NULL), NR_OK);
    assert_int_equal(nr_script_next(script, &u, NULL), NR_OK);
    assert_true(nr_view_is(u->say, "Three fine days."));
    assert_int_equal(u->span.start, at);
    assert_int_equal(nr_script_next(script, &u, NULL), NR_OK);
    assert_null(u);
    nr_script_free(script);
    nr_document_free(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(articles_hold_the_rules),
        cmocka_unit_test(anything_repeated_is_survived),
        cmocka_unit_test(utterances),
        cmocka_unit_test(narrow_utterances),
        cmocka_unit_test(quotations_apart),
#if NR_HAVE_MARKDOWN
        cmocka_unit_test(blocks),
        cmocka_unit_test(emphasis_reaches_the_words),
#endif
        cmocka_unit_test(a_seek_finds_the_utterance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
