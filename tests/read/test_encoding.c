/* Charsets: declared, marked, detected; bytes that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/view.h"

static nr_document *read_as(const char *bytes, size_t n, const char *charset)
{
    nr_read_options opt = {.format = "plain", .charset = charset};
    nr_document *doc = NULL;
    nr_error err;
    if (nr_document_read(&doc, bytes, n, &opt, &err))
        fail_msg("%s", err.msg);
    return doc;
}

static void expect(const char *bytes, size_t n, const char *outside, const char *charset, const char *text,
                   size_t replaced)
{
    nr_document *doc = read_as(bytes, n, outside);
    nr_view got = nr_document_text(doc);
    if (!nr_view_is(got, text))
        fail_msg("expected \"%s\", got \"%.*s\" as %s", text, (int)got.n, got.p, nr_document_charset(doc));
    if (charset)
        assert_string_equal(nr_document_charset(doc), charset);
    assert_int_equal(nr_document_replaced(doc), replaced);
    nr_document_free(doc);
}

#define BYTES(s) s, sizeof(s) - 1

static void unicode(void **state)
{
    (void)state;
    expect(BYTES("Caf\xC3\xA9."), NULL, "UTF-8", "Café.", 0);
    expect(BYTES("\xEF\xBB\xBF"
                 "Caf\xC3\xA9."),
           NULL, "UTF-8", "Café.", 0);
    expect(BYTES("\xFF\xFE"
                 "C\0a\0f\0\xE9\0.\0"),
           NULL, "UTF-16LE", "Café.", 0);
    expect(BYTES("\xFE\xFF\0C\0a\0f\0\xE9\0."), NULL, "UTF-16BE", "Café.", 0);
    expect(BYTES("C\0a\0f\0\xE9\0.\0"), NULL, "UTF-16LE", "Café.", 0);
    expect(BYTES("\0C\0a\0f\0\xE9\0."), NULL, "UTF-16BE", "Café.", 0);
}

static void eight_bits(void **state)
{
    (void)state;
    expect(BYTES("Caf\xE9 cr\xE8me."), "iso-8859-1", "windows-1252", "Café crème.", 0);
    expect(BYTES("\x93Quoted\x94, it cost \x80 5."), "latin1", "windows-1252", "“Quoted”, it cost € 5.", 0);
    expect(BYTES("The caf\xE9 in Z\xFCrich served cr\xE8me br\xFBl\xE9"
                 "e to Se\xF1or Mu\xF1oz."),
           NULL, NULL, "The café in Zürich served crème brûlée to Señor Muñoz.", 0);
    expect(BYTES("\xCF\xF0\xE8\xE2\xE5\xF2"), "windows-1251", "windows-1251", "Привет", 0);
    expect(BYTES("Caf\xC3\xA9."), "no-such-charset", "UTF-8", "Café.", 0);
}

static void bad_bytes(void **state)
{
    (void)state;
    expect(BYTES("a\xFF"
                 "b"),
           "utf-8", "UTF-8",
           "a\xEF\xBF\xBD"
           "b",
           1);
    expect(BYTES("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9 \xE2\x82 x"), NULL, "UTF-8", "éééé \xEF\xBF\xBD x", 1);
    expect(BYTES("Here\0there."), NULL, "UTF-8", "Here\xEF\xBF\xBDthere.", 1);
    expect(BYTES("\xEF\xBF\xBD is itself"), NULL, "UTF-8", "\xEF\xBF\xBD is itself", 0);
}

static void no_text(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        const char *says;
    } cases[] = {
        {BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "PNG"},
        {BYTES("%PDF-1.7\n%\xE2\xE3"), "PDF"},
        {BYTES("PK\x03\x04\x14\0\0\0"), "ZIP"},
        {BYTES("\x7F"
               "ELF\x02\x01\x01"),
         "program"},
        {BYTES("\1\2\3\4\5\6\7\x0E\x0F\x10"), "binary"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nr_document *doc = NULL;
        nr_error err;
        nr_read_options opt = {.name = "a.txt"};
        assert_int_equal(nr_document_read(&doc, cases[i].bytes, cases[i].n, &opt, &err), NR_EFORMAT);
        assert_null(doc);
        assert_non_null(strstr(err.msg, cases[i].says));
        assert_non_null(strstr(err.msg, "a.txt"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(unicode), cmocka_unit_test(eight_bits),
                                       cmocka_unit_test(bad_bytes), cmocka_unit_test(no_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
