/* Pages: what is written for an article. The case files hold an article, a line with a dot, its page's HTML, a line with two. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../fuzz/page_check.h"
#include "base/file.h"
#include "publish/page_folder.h"
#include "publish/page_text.h"

static nr_view cut(nr_view *rest, const char *mark)
{
    const char *at = nr_view_find(*rest, nr_view_of(mark));
    nr_view v = {at ? rest->p : NULL, at ? (size_t)(at - rest->p) + 1 : 0};
    if (at) {
        rest->n -= v.n + strlen(mark) - 1;
        rest->p += v.n + strlen(mark) - 1;
    }
    return v;
}

static int run_case(const char *format, nr_view input, nr_view expected)
{
    nr_read_options opt = {.format = format};
    nr_document *doc = NULL;
    page_words words;
    nr_buffer got = NR_BUFFER_INIT(1 << 24);
    assert_int_equal(nr_document_read(&doc, input.p, input.n, &opt, NULL), NR_OK);
    assert_int_equal(page_words_open(&words, page_language_of(doc, NULL), NULL), NR_OK);
    assert_int_equal(page_write_opening(&got, doc, &words), NR_OK);
    assert_int_equal(page_write_body(&got, doc, &words), NR_OK);
    int wrong = !nr_view_eq(nr_buffer_view(&got), expected);
    if (wrong)
        fprintf(stderr, "--- article\n%.*s--- expected\n%.*s--- got\n%.*s\n", (int)input.n, input.p, (int)expected.n, expected.p,
                (int)got.n, got.p);
#if NR_HAVE_HTML
    check_page(doc);
#endif
    nr_buffer_free(&got);
    page_words_close(&words);
    nr_document_free(doc);
    return wrong;
}

static void run_file(const char *name, const char *format)
{
    char path[512];
    snprintf(path, sizeof path, NR_TEST_DIR "/cases/%s", name);
    nr_buffer text = NR_BUFFER_INIT(1 << 24);
    assert_int_equal(nr_file_read(path, &text, NULL), NR_OK);
    nr_view rest = nr_buffer_view(&text), input, expected;
    int wrong = 0, count = 0;
    while ((input = cut(&rest, "\n.\n")).p) {
        expected = cut(&rest, "\n..\n");
        assert_non_null(expected.p);
        wrong += run_case(format, input, expected);
        count++;
    }
    nr_buffer_free(&text);
    assert_true(count > 0);
    assert_int_equal(wrong, 0);
}

static void plain(void **state)
{
    (void)state;
    run_file("page-plain.txt", "plain");
}

#if NR_HAVE_MARKDOWN
static void markdown(void **state)
{
    (void)state;
    run_file("page-markdown.txt", "markdown");
}
#endif

#if NR_HAVE_HTML
static void html(void **state)
{
    (void)state;
    run_file("page-html.txt", "html");
}
#endif

static void addresses(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        /* address, base, what is written; NULL: it may not be followed */
        {"https://example.org/a?b=1&c=\"'<>", NULL, "https://example.org/a?b=1&amp;c=%22%27%3C%3E"},
        {" HTTP://example.org/a b\n", NULL, "HTTP://example.org/a%20b"},
        {"https://example.org/caf\xC3\xA9", NULL, "https://example.org/caf%C3%A9"},
        {"mailto:ann@example.org", NULL, "mailto:ann@example.org"},
        {"javascript:alert(1)", "https://example.org/", NULL},
        {"JaVa\tScRiPt:alert(1)", "https://example.org/", NULL},
        {"\x01javascript:alert(1)", "https://example.org/", NULL},
        {"data:text/html,x", "https://example.org/", NULL},
        {"vbscript:x", "https://example.org/", NULL},
        {"file:///etc/passwd", "https://example.org/", NULL},
        {"ftp://example.org/", "https://example.org/", NULL},
        {"https:///path", NULL, NULL},
        {"http://", NULL, NULL},
        {"mailto:", NULL, NULL},
        {"#top", "https://example.org/", NULL},
        {"", "https://example.org/", NULL},
        {"other.html", NULL, NULL},
        {"other.html", "javascript:x", NULL},
#if NR_HAVE_XML
        {"other.html", "https://example.org/news/1.html", "https://example.org/news/other.html"},
        {"../x?a&b", "https://example.org/news/1.html", "https://example.org/x?a&amp;b"},
        {"//example.net/y", "https://example.org/", "https://example.net/y"},
        {"\\\\example.net\\y", "https://example.org/", "https://example.net/y"},
#endif
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nr_buffer out = NR_BUFFER_INIT(1 << 16);
        bool good = page_put_address(&out, nr_view_of(cases[i][0]), cases[i][1]);
        assert_string_equal(good ? out.p : "no", cases[i][2] ? cases[i][2] : "no");
        assert_true(good || out.n == 0);
        nr_buffer_free(&out);
    }
}

static void slugs(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"A quiet  morning!", "a-quiet-morning"}, {"It\xE2\x80\x99s \xC2\xA3" "3.5m: O'Neill", "its-3-5m-oneill"},
        {"Stra\xC3\x9F" "e nach K\xC3\xB6ln", "strasse-nach-koln"}, {"\xD0\x9C\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0", "moskva"},
        {"../../etc/passwd", "etc-passwd"}, {"", "article"}, {"\xF0\x9F\x90\x90", "article"}, {".hidden", "hidden"},
        {"one two three four five six seven eight nine ten eleven twelve thirteen", "one-two-three-four-five-six-seven-eight-nine-ten-eleven"},
        {"a\xFF\xFE" "b", "a-b"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char slug[64];
        page_slug(slug, cases[i][0]);
        assert_string_equal(slug, cases[i][1]);
    }
}

static void languages(void **state)
{
    (void)state;
    assert_string_equal(page_language("en-GB"), "en-GB");
    assert_null(page_language("en\" onload=\"x"));
    assert_null(page_language("xx-bogus-"));
    assert_null(page_language("e"));
    assert_null(page_language(NULL));
    assert_true(page_is_rtl("ar") && page_is_rtl("he-IL") && !page_is_rtl("en") && !page_is_rtl("nonsense!"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain),
#if NR_HAVE_MARKDOWN
        cmocka_unit_test(markdown),
#endif
#if NR_HAVE_HTML
        cmocka_unit_test(html),
#endif
        cmocka_unit_test(addresses),
        cmocka_unit_test(slugs),
        cmocka_unit_test(languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
