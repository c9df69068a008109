/* The case files: an input, a line with a dot, what the reader makes of it, a line with two dots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "read/show.h"

static nr_view cut(nr_view *rest, const char *line)
{
    char mark[8];
    snprintf(mark, sizeof mark, "\n%s\n", line);
    size_t n = strlen(mark);
    const char *at = memmem(rest->p, rest->n, mark, n);
    if (!at)
        return (nr_view){NULL, 0};
    nr_view v = {rest->p, (size_t)(at - rest->p) + 1};
    rest->n -= v.n + n - 1;
    rest->p += v.n + n - 1;
    return v;
}

static int run_case(const char *file, const char *format, nr_view input, nr_view expected)
{
    nr_read_options opt = {.format = format};
    nr_document *doc = NULL;
    nr_error err;
    nr_buffer got = NR_BUFFER_INIT(1 << 24);
    if (nr_document_read(&doc, input.p, input.n, &opt, &err))
        nr_buffer_printf(&got, "%s: %s\n", nr_status_name(err.status), err.msg);
    else
        show_document(doc, &got);
    nr_document_free(doc);
    int wrong = !nr_view_eq(nr_buffer_view(&got), expected);
    if (wrong)
        fprintf(stderr, "%s\n--- input\n%.*s--- expected\n%.*s--- got\n%.*s\n", file, (int)input.n, input.p,
                (int)expected.n, expected.p, (int)got.n, got.p);
    nr_buffer_free(&got);
    return wrong;
}

static void run_file(const char *name, const char *format)
{
    char path[512];
    snprintf(path, sizeof path, NR_TEST_DIR "/cases/%s", name);
    nr_buffer text = NR_BUFFER_INIT(1 << 24);
    nr_error err;
    assert_int_equal(nr_file_read(path, &text, &err), NR_OK);
    nr_view rest = nr_buffer_view(&text), input, expected;
    int wrong = 0, count = 0;
    while ((input = cut(&rest, ".")).p) {
        expected = cut(&rest, "..");
        assert_non_null(expected.p);
        wrong += run_case(name, format, input, expected);
        count++;
    }
    nr_buffer_free(&text);
    assert_true(count > 0);
    assert_int_equal(wrong, 0);
}

static void plain(void **state)
{
    (void)state;
    run_file("plain.txt", "plain");
    run_file("page.txt", "plain");
}

#if NR_HAVE_MARKDOWN
static void markdown(void **state)
{
    (void)state;
    run_file("markdown.txt", "markdown");
}
#endif

#if NR_HAVE_HTML
static void html(void **state)
{
    (void)state;
    run_file("html.txt", "html");
    run_file("sites.txt", "html");
    run_file("metadata.txt", "html");
}
#endif

#if NR_HAVE_XML
static void ssml(void **state)
{
    (void)state;
    run_file("ssml.txt", "ssml");
}
#endif

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
#if NR_HAVE_XML
        cmocka_unit_test(ssml),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
