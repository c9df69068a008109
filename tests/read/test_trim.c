/* Trimming of HTML: what goes, what stays, and that the tree is the same over made-up pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "fuzz/trim_check.h"

static void trims(const char *from, const char *to)
{
    char space[1024];
    size_t n = strlen(from);
    memcpy(space, from, n + 1);
    space[nr_html_trim(space, n)] = '\0';
    assert_string_equal(space, to);
    assert_true(trims_well(from, n));
}

static void examples(void **state)
{
    (void)state;
    trims("<script>a<b</script>c", "<script></script>c");
    trims("<SCRIPT async data-x='1'>if (a </scripture>) b</Script >c", "<SCRIPT async ></Script >c");
    trims("<script><!-- <script>x</script> --></script><p>c", "<script></script><p>c");
    trims("<script type='application/ld+json'>{\"a\": 1}</script>", "<script type='application/ld+json'>{\"a\": 1}</script>");
    trims("<script type=application/ld&#43;json>{}</script>", "<script type=application/ld&#43;json>{}</script>");
    trims("<style>p > b { color: red }</style>x", "<style></style>x");
    trims("a<!-- a long comment -->b<!-->c", "a<!---->b<!-->c");
    trims("<svg viewBox='0 0 1 1'><g><path d='M0 0'/></g><title>Share</title></svg>x", "<svg viewBox='0 0 1 1'></svg>x");
    trims("<svg/><script>a</script>", "<svg/><script></script>");
    trims("<img src=a.jpg srcset='b 1x' alt=Goat onload=\"x()\">", "<img   alt=Goat >");
    trims("<p style='color:red' style='display:none'>x", "<p style style='display:none'>x");
    trims("<p style='display:none'>x", "<p style='display:none'>x");
    trims("<title><script>a</title><textarea><!-- b --></textarea>", "<title><script>a</title><textarea><!-- b --></textarea>");
}

/* Where the tree decides what the tokeniser does, nothing more is taken. */
static void doubts(void **state)
{
    (void)state;
    static const char *const same[] = {
        "<svg><foreignObject><p>x</p></foreignObject></svg><script>a</script>",
        "<svg><p>x</svg><style>a</style>",
        "<svg><style><b></style></svg><style>a</style>",
        "<plaintext><script>a</script>",
        "<frameset><script>a</script></frameset>",
        "<select><style>a</style></select>",
        "<template><col><style><p>a</style></template>",
        "<script>never closed",
        "<style>never </styled>",
        "<!-- never closed",
        "<b data-x=1>x",
        "<a b src='x'=c>x",
        "<!DOCTYPE html PUBLIC '-//W3C//DTD HTML 4.01//EN'><p",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        trims(same[i], same[i]);
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

/* Pages of odd pieces in any order. */
static void any_order(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "<script>", "</script>", "<style>", "</style>", "<!--", "-->", "--!>", "<svg>", "</svg>", "<path/>", "<g>", "</g>",
        "<title>", "</title>", "<p class=a>", "</p>", "<b id=x>", "</b>", "<a href=x data-y='>'>", "</a>", "<table>",
        "<tr><td>", "</table>", "<select>", "<option>", "</select>", "<textarea>", "</textarea>", "<div style='display:none'>",
        "</div>", "<math><mi>", "</mi></math>", "<img src=a alt=b>", "text ", " ", "\n", "<", "&amp;", "\"", "'", "=",
        "<template>", "</template>", "<col>", "<noscript>", "</noscript>", "<iframe>", "</iframe>", "<desc>", "</desc>", "<br/>",
        "<!DOCTYPE html>", "<?x?>", "</>", "<script type=application/ld+json>", "<li onclick=\"a\"lang=en>", "<p src=x =y>",
        "<foreignObject>", "<body>", "<head>", "</html>", "<input type=hidden value=v>", "<![CDATA[", "]]>", "<font size=1>"};
    enum { PIECES = sizeof pieces / sizeof *pieces, PAGES = 20000 };
    uint32_t random = 1;
    for (int page = 0; page < PAGES; page++) {
        char html[1024] = "";
        size_t n = 0, count = 1 + next_random(&random) % 24;
        for (size_t i = 0; i < count; i++)
            n += (size_t)snprintf(html + n, sizeof html - n, "%s", pieces[next_random(&random) % PIECES]);
        if (!trims_well(html, n))
            fail_msg("the tree changes: %s", html);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(examples), cmocka_unit_test(doubts), cmocka_unit_test(any_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
