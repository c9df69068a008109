/* Scripts: what must hold for the bundled articles and for odd ones, and single points of cutting and pausing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

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
    static const char *const names[] = {
        "harbour.txt",
#if NR_HAVE_HTML
        "moths.html",
#endif
#if NR_HAVE_MARKDOWN
        "tea.md",
#endif
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[400];
        snprintf(path, sizeof path, "%s/articles/%s", NR_ASSETS, names[i]);
        nr_document *doc = NULL;
        nr_error err = {0};
        if (nr_document_open(&doc, path, NULL, &err))
            fail_msg("%s", err.msg);
        nr_script_options narrow = {.max_chars = 60, .include = ~0u};
        check(doc, names[i], NULL);
        check(doc, names[i], &narrow);
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

/* The said words of all utterances, a line each. */
static void expect(const char *text, const nr_script_options *opt, const char *said)
{
    nr_read_options plain = {.format = "plain"};
    nr_document *doc = NULL;
    nr_script *script = NULL;
    const nr_utterance *u;
    char got[4000] = "";
    size_t n = 0;
    assert_int_equal(nr_document_read(&doc, text, strlen(text), &plain, NULL), NR_OK);
    assert_int_equal(nr_script_new(&script, doc, opt, NULL), NR_OK);
    while (nr_script_next(script, &u, NULL) == NR_OK && u)
        n += (size_t)snprintf(got + n, sizeof got - n, "%.*s\n", (int)u->say.n, u->say.p);
    assert_string_equal(got, said);
    nr_script_free(script);
    nr_document_free(doc);
}

static void a_short_sentence_is_one_utterance(void **state)
{
    (void)state;
    expect("The ferry left at noon. It was late.", NULL, "The ferry left at noon.\nIt was late.\n");
}

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
        cmocka_unit_test(a_short_sentence_is_one_utterance),
        cmocka_unit_test(a_seek_finds_the_utterance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
