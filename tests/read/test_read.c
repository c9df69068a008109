/* Opening, choosing the reader, faults, hostile input, and what holds for every document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "fuzz/read_check.h"

static nr_status status_of(const char *bytes, size_t n, const nr_read_options *opt, nr_error *err)
{
    nr_document *doc = NULL;
    nr_status s = nr_document_read(&doc, bytes, n, opt, err);
    assert_true((s == NR_OK) == (doc != NULL));
    nr_document_free(doc);
    return s;
}

static void expect_format(const char *text, const char *name, const char *format)
{
    nr_read_options opt = {.name = name};
    nr_document *doc = NULL;
    nr_error err;
    if (nr_document_read(&doc, text, strlen(text), &opt, &err))
        fail_msg("%s", err.msg);
    assert_string_equal(nr_document_format(doc), format);
    nr_document_free(doc);
}

static void formats(void **state)
{
    (void)state;
    expect_format("Just a line.", NULL, "plain");
    expect_format("<html><p>A page.</p>", "a.txt", "plain");
    expect_format("A # is a hash, and [this] is nothing (at all).", NULL, "plain");
#if NR_HAVE_HTML
    expect_format("  <!DOCTYPE html><title>A</title><p>This is a page, and it says so itself.</p>", NULL, "html");
    expect_format("<p>Only a piece of a page, but a piece of one nonetheless.</p>", NULL, "html");
    expect_format("No mark-up at all, but called a page.", "http://example.org/a.html?b=c.txt", "html");
#endif
#if NR_HAVE_MARKDOWN
    expect_format("Plain.", "A.MD", "markdown");
    expect_format("# One\n\nText.\n\n## Two\n\nMore.", NULL, "markdown");
    expect_format("---\ntitle: One\n---\nText.", NULL, "markdown");
#endif
}

static void nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"", " ", "\n\n\t \r\n", "\xEF\xBB\xBF", "\xC2\xA0\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        nr_error err;
        nr_read_options opt = {.name = "x.txt"};
        assert_int_equal(status_of(texts[i], strlen(texts[i]), &opt, &err), NR_ENOTEXT);
        assert_non_null(strstr(err.msg, "x.txt"));
    }
    nr_error err;
    nr_read_options opt = {.format = "runes"};
    assert_int_equal(status_of("x", 1, &opt, &err), NR_EINVAL);
    assert_non_null(strstr(err.msg, "plain"));
    assert_int_equal(status_of(NULL, 1, NULL, &err), NR_EINVAL);
    opt = (nr_read_options){.max_bytes = 10};
    assert_int_equal(status_of("More than ten.", 14, &opt, &err), NR_ELIMIT);
    assert_int_equal(status_of("Exactly 10", 10, &opt, &err), NR_OK);
}

static void files(void **state)
{
    (void)state;
    nr_document *doc;
    nr_error err;
    assert_int_equal(nr_document_open(&doc, NR_ASSETS "/articles/missing.txt", NULL, &err), NR_EIO);
    assert_null(doc);
    assert_non_null(strstr(err.msg, "missing.txt"));
    assert_int_equal(nr_document_open(&doc, NR_ASSETS, NULL, &err), NR_EIO);
    assert_non_null(strstr(err.msg, "directory"));
    assert_int_equal(nr_document_open(&doc, NULL, NULL, &err), NR_EINVAL);
    static const char *const articles[] = {
        "harbour.txt",
#if NR_HAVE_MARKDOWN
        "tea.md",
#endif
#if NR_HAVE_HTML
        "moths.html"
#endif
    };
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++) {
        char path[512];
        snprintf(path, sizeof path, NR_ASSETS "/articles/%s", articles[i]);
        if (nr_document_open(&doc, path, NULL, &err))
            fail_msg("%s", err.msg);
        check_document(doc);
        const nr_metadata *m = nr_document_metadata(doc);
        assert_true(m->title && m->author && m->date && m->date_iso);
        nr_document_free(doc);
    }
}

/* Plain text is laid over in place: the bytes are the file's. */
static void plain_in_place(void **state)
{
    (void)state;
    static const char text[] = "One.\r\n\r\nTwo\r\nlines.\f\r\n\tThree.";
    nr_document *doc;
    nr_error err;
    assert_int_equal(nr_document_read(&doc, text, sizeof text - 1, NULL, &err), NR_OK);
    assert_true(nr_view_is(nr_document_text(doc), text));
    check_document(doc);
    nr_document_free(doc);
}

static char *repeat(const char *piece, size_t count, const char *end, size_t *n)
{
    size_t m = strlen(piece), e = strlen(end);
    char *p = malloc(m * count + e + 1);
    assert_non_null(p);
    for (size_t i = 0; i < count; i++)
        memcpy(p + i * m, piece, m);
    memcpy(p + m * count, end, e + 1);
    *n = m * count + e;
    return p;
}

static void hostile(const char *piece, size_t count, const char *end, const char *format, nr_status expected)
{
    size_t n;
    char *text = repeat(piece, count, end, &n);
    nr_read_options opt = {.format = format};
    nr_document *doc = NULL;
    nr_error err;
    nr_status s = nr_document_read(&doc, text, n, &opt, &err);
    if (s != expected)
        fail_msg("%s of %zu '%s': %s", format, count, piece, s ? err.msg : "was read");
    if (doc)
        check_document(doc);
    nr_document_free(doc);
    free(text);
}

static void hostile_plain(void **state)
{
    (void)state;
    hostile("\n", 1000000, "", "plain", NR_ENOTEXT);
    hostile("\n", 1000000, "The end.", "plain", NR_OK);
    hostile("word ", 2000000, "", "plain", NR_OK);
    hostile("x", 10000000, "", "plain", NR_OK);
    hostile("a\n\n", 300000, "", "plain", NR_OK);
    hostile("> ", 100000, "x", "plain", NR_OK);
    hostile("1. ", 100000, "x", "plain", NR_OK);
    hostile("1. x\n", 100000, "x", "plain", NR_OK);
    hostile("Share\n", 100000, "One more line.", "plain", NR_OK);
}

#if NR_HAVE_MARKDOWN
static void hostile_markdown(void **state)
{
    (void)state;
    hostile("> ", 20000, "x", "markdown", NR_OK);
    hostile("- ", 5000, "x", "markdown", NR_OK);
    hostile("*x **y ", 20000, "z", "markdown", NR_OK);
    hostile("[", 50000, "x", "markdown", NR_OK);
    hostile("![", 50000, "x](y)", "markdown", NR_OK);
    hostile("<div>\n", 1000, "", "markdown", NR_ENOTEXT);
    hostile("[^1]", 50000, "", "markdown", NR_OK);
}
#endif

#if NR_HAVE_HTML
static void hostile_html(void **state)
{
    (void)state;
    const char *end = "<p>The bottom of the sea is far away, but here we are at last.</p>";
    hostile("<div>", 100000, end, "html", NR_OK);
    hostile("<div><p>", 50000, end, "html", NR_OK);
    hostile("<b><i>", 50000, end, "html", NR_OK);
    hostile("<a href=x><p>", 20000, end, "html", NR_ENOTEXT); /* all of it is one link */
    hostile("<table><tr><td>", 20000, end, "html", NR_OK);
    hostile("<ul><li>", 20000, end, "html", NR_OK);
    hostile("<blockquote>", 50000, end, "html", NR_OK);
    hostile("<x y='>'>", 50000, end, "html", NR_OK);
    hostile("</p>", 100000, end, "html", NR_OK);
    hostile("<svg><g>", 50000, end, "html", NR_OK); /* <p> ends the picture */
    hostile("<script>", 50000, end, "html", NR_ENOTEXT);
    hostile("<!-- x -->", 100000, end, "html", NR_OK);
    hostile("<p>A paragraph of text, of some length, with a comma or two.</p>", 20000, "", "html", NR_OK);
    hostile("<div id=a", 1, " b", "html", NR_ENOTEXT);
    size_t n;
    char *attributes = repeat(" a='1' b=2 c", 100000, ">", &n);
    char *page = malloc(n + 200);
    int m = snprintf(page, n + 200, "<div%s%s", attributes, end);
    nr_error err;
    assert_int_equal(status_of(page, (size_t)m, &(nr_read_options){.format = "html"}, &err), NR_OK);
    free(page);
    free(attributes);
}

static void pages_without_text(void **state)
{
    (void)state;
    static const char page[] =
        "<!DOCTYPE html><html><head><title>App</title><script src=a.js></script></head>"
        "<body><div id=root></div><noscript>You need to enable JavaScript.</noscript></body></html>";
    nr_error err;
    assert_int_equal(status_of(page, sizeof page - 1, &(nr_read_options){.name = "app.html"}, &err), NR_ENOTEXT);
    assert_non_null(strstr(err.msg, "browser"));
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats),
        cmocka_unit_test(nothing),
        cmocka_unit_test(files),
        cmocka_unit_test(plain_in_place),
        cmocka_unit_test(hostile_plain),
#if NR_HAVE_MARKDOWN
        cmocka_unit_test(hostile_markdown),
#endif
#if NR_HAVE_HTML
        cmocka_unit_test(hostile_html),
        cmocka_unit_test(pages_without_text),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
