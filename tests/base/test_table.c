/* Tables of facts: the form, overlaying, errors with file and line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/table.h"

static nr_table *made(const char *text)
{
    nr_table *t = NULL;
    nr_error err;
    assert_int_equal(nr_table_new(&t, &err), NR_OK);
    assert_int_equal(nr_table_add(t, nr_view_of(text), "test.tsv", 2, NULL, &err), NR_OK);
    return t;
}

static void rows_are_found_by_their_first_column(void **state)
{
    (void)state;
    nr_table *t = made("\xEF\xBB\xBF# a comment\n\nMr\tMister\ttitle\r\nDr\tDoctor\nlast\tone");
    assert_int_equal(nr_table_count(t), 3);
    const nr_row *row = nr_table_find(t, NR_LIT("Mr"));
    assert_non_null(row);
    assert_int_equal(row->count, 2);
    assert_true(nr_view_is(row->column[0], "Mister"));
    assert_true(nr_view_is(row->column[1], "title"));
    assert_int_equal(row->column[2].n, 0);
    assert_non_null(nr_table_find(t, NR_LIT("last")));
    assert_null(nr_table_find(t, NR_LIT("mr")));
    assert_null(nr_table_find(t, NR_LIT("")));
    nr_table_free(t);
}

static void later_rows_replace_earlier_ones(void **state)
{
    (void)state;
    nr_table *t = made("a\t1\nb\t2\n");
    assert_int_equal(nr_table_add(t, NR_LIT("a\t3\n"), "user.tsv", 2, NULL, NULL), NR_OK);
    assert_true(nr_view_is(nr_table_find(t, NR_LIT("a"))->column[0], "3"));
    assert_true(nr_view_is(nr_table_row(t, 0)->key, "a"));
    assert_int_equal(nr_table_count(t), 2);
    nr_table_free(t);
}

static void many_rows_are_found(void **state)
{
    (void)state;
    nr_table *t = made("x\ty\n");
    char line[64];
    for (int i = 0; i < 20000; i++) {
        snprintf(line, sizeof line, "key%d\t%d\n", i, i);
        assert_int_equal(nr_table_add(t, nr_view_of(line), "test.tsv", 2, NULL, NULL), NR_OK);
    }
    for (int i = 0; i < 20000; i++) {
        char key[32], value[32];
        snprintf(key, sizeof key, "key%d", i);
        snprintf(value, sizeof value, "%d", i);
        assert_true(nr_view_is(nr_table_find(t, nr_view_of(key))->column[0], value));
    }
    nr_table_free(t);
}

static const char *only_numbers(const nr_row *row)
{
    return nr_ascii_digit(row->column[0].p[0]) ? NULL : "its second column is not a number";
}

static void bad_lines_are_named(void **state)
{
    (void)state;
    static const struct {
        nr_view text;
        const char *says;
    } bad[] = {
        {{"a\t1\nb\n", 6}, "test.tsv:2: cannot use this line: it has too few columns"},
        {{"a\t1\n\tb\n", 7}, "test.tsv:2: cannot use this line: its first column is empty"},
        {{"a\t1\n\nb\tx\n", 9}, "test.tsv:3: cannot use this line: its second column is not a number"},
        {{"a\t\xFF\n", 4}, "test.tsv:1: cannot use this line: it is not UTF-8"},
        {{"a\t1\0\n", 5}, "test.tsv:1: cannot use this line: it holds a NUL byte"},
        {{"a\t1\t2\t3\t4\t5\t6\t7\t8\t9\n", 20}, "test.tsv:1: cannot use this line: it has too many columns"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        nr_table *t = NULL;
        nr_error err;
        assert_int_equal(nr_table_new(&t, &err), NR_OK);
        assert_int_equal(nr_table_add(t, bad[i].text, "test.tsv", 2, only_numbers, &err), NR_EDATA);
        assert_ptr_equal(strstr(err.msg, bad[i].says), err.msg);
        assert_true(err.at >= 1 && err.at <= 3);
        nr_table_free(t);
    }
}

static void missing_tables_are_errors(void **state)
{
    (void)state;
    nr_table *t = NULL;
    nr_error err;
    assert_int_equal(nr_table_new(&t, &err), NR_OK);
    assert_int_equal(nr_table_add_builtin(t, "xx/none.tsv", 2, NULL, &err), NR_EDATA);
    assert_int_equal(nr_table_add_file(t, "/nowhere/none.tsv", 2, NULL, &err), NR_EIO);
    nr_table_free(t);
}

static void every_builtin_table_has_rows(void **state)
{
    (void)state;
    assert_true(nr_data_file_count > 0);
    for (size_t i = 0; i < nr_data_file_count; i++) {
        nr_table *t = NULL;
        nr_error err = {0};
        assert_int_equal(nr_table_new(&t, &err), NR_OK);
        assert_int_equal(nr_table_add_builtin(t, nr_data_files[i].path, 1, NULL, &err), NR_OK);
        assert_true(nr_table_count(t) > 0);
        nr_table_free(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found_by_their_first_column),
        cmocka_unit_test(later_rows_replace_earlier_ones),
        cmocka_unit_test(many_rows_are_found),
        cmocka_unit_test(bad_lines_are_named),
        cmocka_unit_test(missing_tables_are_errors),
        cmocka_unit_test(every_builtin_table_has_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
