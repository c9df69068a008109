/* Buffers, arenas, UTF-8, files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/file.h"
#include "base/output.h"
#include "base/utf8.h"

static void buffer_grows_to_its_maximum_and_no_further(void **state)
{
    (void)state;
    nr_buffer b = NR_BUFFER_INIT(100);
    for (int i = 0; i < 10; i++)
        assert_int_equal(nr_buffer_put_string(&b, "0123456789"), NR_OK);
    assert_int_equal(b.n, 100);
    assert_int_equal(b.p[100], 0);
    assert_int_equal(nr_buffer_put_char(&b, 'x'), NR_ELIMIT);
    assert_int_equal(nr_buffer_put(&b, "", 0), NR_ELIMIT); /* it stays failed */
    assert_int_equal(b.n, 100);
    nr_buffer_free(&b);
    assert_null(b.p);
}

static void buffer_prints_and_detaches(void **state)
{
    (void)state;
    nr_buffer b = NR_BUFFER_INIT(1000);
    nr_buffer_printf(&b, "%d %s", 42, "words");
    nr_buffer_put_code(&b, 0x20AC);
    nr_buffer_put_code(&b, 0xD800);
    size_t n;
    char *p = nr_buffer_detach(&b, &n);
    assert_string_equal(p, "42 words\xE2\x82\xAC\xEF\xBF\xBD");
    assert_int_equal(n, strlen(p));
    free(p);
    assert_int_equal(b.n, 0);
    p = nr_buffer_detach(&b, NULL); /* an empty one detaches as "" */
    assert_string_equal(p, "");
    free(p);
}

static void buffer_refuses_sizes_that_overflow(void **state)
{
    (void)state;
    nr_buffer b = NR_BUFFER_INIT(SIZE_MAX - 1);
    nr_buffer_put_char(&b, 'x');
    assert_int_equal(nr_buffer_reserve(&b, SIZE_MAX - 1), NR_ELIMIT);
    nr_buffer_free(&b);
}

static void arena_aligns_and_resets(void **state)
{
    (void)state;
    nr_arena a = NR_ARENA_INIT;
    char *first = nr_arena_alloc(&a, 1);
    for (size_t n = 0; n < 5000; n += 7) {
        char *p = nr_arena_alloc(&a, n);
        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        memset(p, 1, n);
    }
    nr_arena_reset(&a);
    assert_ptr_equal(nr_arena_alloc(&a, 1), first);
    assert_null(nr_arena_alloc(&a, SIZE_MAX));
    assert_null(nr_arena_calloc(&a, SIZE_MAX / 2, 4));
    assert_string_equal(nr_arena_string(&a, (nr_view){"abc", 2}), "ab");
    nr_arena_free(&a);
}

static void arena_grows_arrays(void **state)
{
    (void)state;
    nr_arena a = NR_ARENA_INIT;
    int *numbers = NULL;
    size_t cap = 0;
    for (int i = 0; i < 1000; i++) {
        numbers = nr_arena_grow(&a, numbers, &cap, (size_t)i + 1, sizeof *numbers);
        numbers[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i);
    nr_arena_free(&a);
}

static void utf8_round_trips_every_scalar_value(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x110000; code++) {
        char bytes[4];
        int length;
        size_t n = nr_utf8_encode(bytes, code);
        uint32_t expected = code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) ? NR_REPLACEMENT : code;
        assert_int_equal(nr_utf8_decode(bytes, bytes + n, &length), expected);
        assert_int_equal(length, n);
        assert_int_equal(nr_utf8_valid(bytes, n), n);
    }
}

/* The table of Unicode 15, section 3.9: one replacement for each maximal subpart. */
static void utf8_replaces_maximal_subparts(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        int first_length;
    } bad[] = {{"\xC0\xAF", 1}, {"\xE0\x80\xBF", 1}, {"\xED\xA0\x80", 1},     {"\xF4\x91\x92\x93", 1}, {"\xFF", 1},
               {"\xE1\x80", 2}, {"\xF0\x91\x92", 3}, {"\xF1\xBF\x41", 2},     {"\x80", 1},             {"\xC2", 1}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int length;
        size_t n = strlen(bad[i].bytes);
        assert_int_equal(nr_utf8_decode(bad[i].bytes, bad[i].bytes + n, &length), NR_REPLACEMENT);
        assert_int_equal(length, bad[i].first_length);
        assert_int_equal(nr_utf8_valid(bad[i].bytes, n), 0);
    }
    assert_int_equal(nr_utf8_valid("0123456789abc\xFFxyz", 17), 13);
    assert_int_equal(nr_utf8_count("a\xC3\xA9\xE2\x82\xAC", 6), 3);
    assert_int_equal(nr_utf8_before("a\xE2\x82\xAC", 4), 1);
    assert_true(nr_code_is_space(0xA0) && nr_code_is_space(0x3000) && !nr_code_is_space(0x200B));
}

static void files_are_read_whole_or_refused_with_reasons(void **state)
{
    (void)state;
    char path[] = "/tmp/narrate-base-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "hello", 5), 5);
    close(fd);
    nr_error err;
    nr_buffer b = NR_BUFFER_INIT(5);
    assert_int_equal(nr_file_read(path, &b, &err), NR_OK);
    assert_string_equal(b.p, "hello");
    nr_buffer_free(&b);
    b = NR_BUFFER_INIT(4);
    assert_int_equal(nr_file_read(path, &b, &err), NR_ELIMIT);
    assert_non_null(strstr(err.msg, "limit of 4 bytes"));
    nr_buffer_free(&b);
    unlink(path);
    assert_int_equal(nr_file_read(path, &b, &err), NR_EIO);
    assert_non_null(strstr(err.msg, "No such file"));
    assert_int_equal(nr_file_read("/tmp", &b, &err), NR_EIO);
    assert_non_null(strstr(err.msg, "directory"));
    b = NR_BUFFER_INIT(100000);
    assert_int_equal(nr_file_read("/dev/zero", &b, &err), NR_ELIMIT); /* endless: stopped at the limit */
    nr_buffer_free(&b);
}

static void errors_are_one_printable_line(void **state)
{
    (void)state;
    nr_error err;
    assert_int_equal(nr_fail(&err, NR_EIO, 5, "cannot read '%s'", "a\nb\033[0m"), NR_EIO);
    assert_string_equal(err.msg, "cannot read 'a?b?[0m'");
    assert_int_equal(err.sys, 5);
    assert_int_equal(nr_fail(NULL, NR_EIO, 0, "nobody listens"), NR_EIO);
    assert_string_equal(nr_status_name(NR_CANCELLED), "NR_CANCELLED");
    assert_string_equal(nr_status_name(NR_OK), "NR_OK");
    assert_string_equal(nr_status_name((nr_status)99), "NR_?");
}

static nr_status put(nr_output_set *set, const char *path, const char *text, bool overwrite)
{
    return nr_output_write_file_with(set, path, nr_view_of(text), overwrite, NULL);
}

static void assert_holds(const char *path, const char *text)
{
    nr_buffer b = NR_BUFFER_INIT(100);
    if (text) {
        assert_int_equal(nr_file_read(path, &b, NULL), NR_OK);
        assert_string_equal(nr_buffer_view(&b).p, text);
    } else {
        assert_int_not_equal(access(path, F_OK), 0);
    }
    nr_buffer_free(&b);
}

static void files_of_a_set_appear_together_or_not_at_all(void **state)
{
    char folder[] = "/tmp/narrate-set-XXXXXX";
    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    nr_output_set set = {0};
    assert_int_equal(put(NULL, "old", "old", false), NR_OK);
    assert_int_equal(put(&set, "a", "one", false), NR_OK);
    assert_int_equal(put(&set, "old", "new", true), NR_OK);
    assert_holds("a", NULL);
    assert_holds("old", "old");
    assert_int_equal(nr_output_set_place(&set, NULL), NR_OK);
    assert_holds("a", "one");
    assert_holds("old", "new");
    nr_output_set_undo(&set); /* what it replaced cannot come back */
    assert_holds("a", NULL);
    assert_holds("old", "new");
    nr_output_set_close(&set);
    assert_int_equal(put(&set, "a", "one", false), NR_OK); /* never placed */
    nr_output_set_close(&set);
    assert_holds("a", NULL);
    assert_int_equal(put(&set, "a", "one", false), NR_OK); /* somebody else's comes first */
    assert_int_equal(put(&set, "b", "two", false), NR_OK);
    assert_int_equal(put(NULL, "b", "theirs", false), NR_OK);
    assert_int_equal(nr_output_set_place(&set, NULL), NR_EEXIST);
    nr_output_set_close(&set);
    assert_holds("a", NULL);
    assert_holds("b", "theirs");
    assert_int_equal(unlink("old") || unlink("b") || chdir("/") || rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffer_grows_to_its_maximum_and_no_further),
        cmocka_unit_test(buffer_prints_and_detaches),
        cmocka_unit_test(buffer_refuses_sizes_that_overflow),
        cmocka_unit_test(arena_aligns_and_resets),
        cmocka_unit_test(arena_grows_arrays),
        cmocka_unit_test(utf8_round_trips_every_scalar_value),
        cmocka_unit_test(utf8_replaces_maximal_subparts),
        cmocka_unit_test(files_are_read_whole_or_refused_with_reasons),
        cmocka_unit_test(files_of_a_set_appear_together_or_not_at_all),
        cmocka_unit_test(errors_are_one_printable_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
