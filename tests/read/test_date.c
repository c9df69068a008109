/* Lines that are dates, with the zones of their times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "read/date.h"
#include "read/date_zone.h"

static void lines_are_dates(void **state)
{
    (void)state;
    static const struct {
        const char *line, *iso, *said;
    } cases[] = {
        {"20:16 BST, 30 August 2023", "2023-08-30T20:16:00+01:00", "20:16 BST, 30 August 2023"},
        {"Published 30 August 2023, 20:16 BST", "2023-08-30T20:16:00+01:00", "30 August 2023, 20:16 BST"},
        {"30 August 2023 (8.16pm CEST)", "2023-08-30T20:16:00+02:00", "30 August 2023 (8.16pm CEST)"},
        {"Wed, Aug 30, 2023 8:16 p.m. ET", "2023-08-30T20:16:00-04:00", "Wed, Aug 30, 2023 8:16 p.m. ET"},
        {"8:16 a.m. ET Jan 30, 2023", "2023-01-30T08:16:00-05:00", "8:16 a.m. ET Jan 30, 2023"},
        {"Aug 30, 2023 at 8:16 pm PT", "2023-08-30T20:16:00-07:00", "Aug 30, 2023 at 8:16 pm PT"},
        {"Aug 30, 2023, 12:05 AM EST", "2023-08-30T00:05:00-05:00", "Aug 30, 2023, 12:05 AM EST"},
        {"30 August 2023 20:16 GMT", "2023-08-30T20:16:00+00:00", "30 August 2023 20:16 GMT"},
        {"30 August 2023 20:16 GMT+1", "2023-08-30T20:16:00+01:00", "30 August 2023 20:16 GMT+1"},
        {"30 August 2023 20:16 GMT-0330", "2023-08-30T20:16:00-03:30", "30 August 2023 20:16 GMT-0330"},
        {"30 August 2023 20:16 UTC+05:30", "2023-08-30T20:16:00+05:30", "30 August 2023 20:16 UTC+05:30"},
        {"30 August 2023 20:16 +01:00", "2023-08-30T20:16:00+01:00", "30 August 2023 20:16 +01:00"},
        {"30 August 2023 20:16 -0500", "2023-08-30T20:16:00-05:00", "30 August 2023 20:16 -0500"},
        {"30 August 2023 20:16Z", "2023-08-30T20:16:00Z", "30 August 2023 20:16Z"},
        {"30. August 2023, 20:16 Uhr MESZ", "2023-08-30T20:16:00+02:00", "30. August 2023, 20:16 Uhr MESZ"},
        {"le 30 ao\u00FBt 2023 \u00E0 20h16 CEST", "2023-08-30T20:16:00+02:00", "30 ao\u00FBt 2023 \u00E0 20h16 CEST"},
        {"30 August 2023, 20:16 AEST", "2023-08-30T20:16:00+10:00", "30 August 2023, 20:16 AEST"},
        {"Published 10:00 GMT 30 August 2023 Updated 12:00 BST", "2023-08-30T10:00:00+00:00", "10:00 GMT 30 August 2023"},
        /* several zones of that name, a range, words */
        {"30 August 2023 20:16 IST", "2023-08-30T20:16:00", "30 August 2023 20:16 IST"},
        {"30 August 2023 20:16 AST", "2023-08-30T20:16:00", "30 August 2023 20:16 AST"},
        {"30 August 2023 20:16 - 21:00", "2023-08-30T20:16:00", "30 August 2023 20:16 - 21:00"},
        {"30 August 2023 09:00-10:00", "2023-08-30T09:00:00", "30 August 2023 09:00-10:00"},
        {"30 August 2023", "2023-08-30", "30 August 2023"},
        {"30 August 2023 20:16 and later", NULL, NULL},
        {"The 20:16 EST train of 30 August", NULL, NULL},
    };
    nr_furniture *f = NULL;
    assert_int_equal(nr_furniture_open(&f, NULL), NR_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nr_date d;
        char iso[40];
        bool is = nr_date_from_line(f, nr_view_of(cases[i].line), &d);
        if (is)
            nr_date_write_iso(&d, iso);
        if (is != !!cases[i].iso || (is && (strcmp(iso, cases[i].iso) != 0 || !nr_view_is(d.said, cases[i].said))))
            fail_msg("%s: %s, '%.*s'", cases[i].line, is ? iso : "no date", is ? (int)d.said.n : 0, is ? d.said.p : "");
    }
    nr_furniture_close(f);
}

static void iso_dates_have_zones(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"2023-08-30T20:16:00+01:00", "2023-08-30T20:16:00+01:00"}, {"2023-08-30T20:16:00.123Z", "2023-08-30T20:16:00Z"},
        {"2023-08-30 20:16 BST", "2023-08-30T20:16:00+01:00"},      {"2023-08-30 20:16:05 -0800", "2023-08-30T20:16:00-08:00"},
        {"2023-08-30T20:16+0530", "2023-08-30T20:16:00+05:30"},     {"2023-08-30 20:16 PT", "2023-08-30T20:16:00-07:00"},
        {"2023-08-30T20:16:00+99:99", "2023-08-30T20:16:00"},       {"2023-08-30 20:16 XYZ", "2023-08-30T20:16:00"},
        {"2023-08-30T20:16:00-00:00", "2023-08-30T20:16:00+00:00"}, {"20230830", "2023-08-30"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nr_date d;
        char iso[40];
        assert_true(nr_date_from_iso(nr_view_of(cases[i][0]), &d));
        nr_date_write_iso(&d, iso);
        assert_string_equal(iso, cases[i][1]);
    }
}

static void american_summers_begin_and_end(void **state)
{
    (void)state;
    const nr_zone *et = nr_zone_find(NR_LIT("ET"));
    assert_non_null(et);
    static const struct {
        int year, month, day, hours;
    } days[] = {{2023, 3, 11, -5}, {2023, 3, 12, -4}, {2023, 11, 4, -4}, {2023, 11, 5, -5}, {2024, 3, 9, -5}, {2024, 3, 10, -4},
                {2024, 11, 2, -4}, {2024, 11, 3, -5}, {2026, 3, 8, -4},  {2026, 11, 1, -5}, {2027, 3, 13, -5}, {2027, 7, 4, -4}};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        assert_int_equal(nr_zone_offset(et, days[i].year, days[i].month, days[i].day), days[i].hours * 60);
    assert_null(nr_zone_find(NR_LIT("est")));
    assert_null(nr_zone_find(NR_LIT("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_dates),
        cmocka_unit_test(iso_dates_have_zones),
        cmocka_unit_test(american_summers_begin_and_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
