#include "read/date_zone.h"

#include <stdio.h>

/* Letters that mean one zone on news pages. Left out for being several: IST (India, Ireland, Israel), AST (Atlantic,
 * Arabia), GST, SST, WST. CST is read as America's and BST as Britain's, by far the most frequent on pages in English. */
static const nr_zone zones[] = {
    {"UTC", 0, false},    {"GMT", 0, false},    {"WET", 0, false},    {"WEST", 60, false},
    {"BST", 60, false},   {"CET", 60, false},   {"CEST", 120, false}, {"MEZ", 60, false},   {"MESZ", 120, false},
    {"EET", 120, false},  {"EEST", 180, false}, {"MSK", 180, false},  {"TRT", 180, false},  {"WAT", 60, false},
    {"CAT", 120, false},  {"SAST", 120, false}, {"EAT", 180, false},  {"PKT", 300, false},  {"ICT", 420, false},
    {"WIB", 420, false},  {"HKT", 480, false},  {"SGT", 480, false},  {"MYT", 480, false},  {"AWST", 480, false},
    {"JST", 540, false},  {"KST", 540, false},  {"ACST", 570, false}, {"AEST", 600, false}, {"ACDT", 630, false},
    {"AEDT", 660, false}, {"NZST", 720, false}, {"NZDT", 780, false}, {"NDT", -150, false}, {"BRT", -180, false},
    {"ART", -180, false}, {"NST", -210, false}, {"ADT", -180, false}, {"EDT", -240, false}, {"EST", -300, false},
    {"CDT", -300, false}, {"CST", -360, false}, {"MDT", -360, false}, {"MST", -420, false}, {"PDT", -420, false},
    {"PST", -480, false}, {"AKDT", -480, false}, {"AKST", -540, false}, {"HST", -600, false},
    {"ET", -300, true},   {"CT", -360, true},   {"MT", -420, true},   {"PT", -480, true},
};

const nr_zone *nr_zone_find(nr_view letters)
{
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (nr_view_is(letters, zones[i].name))
            return &zones[i];
    return NULL;
}

/* 0 is Sunday (Zeller, as Sakamoto has it). */
static int weekday(int year, int month, int day)
{
    static const int shift[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    year -= month < 3;
    return (year + year / 4 - year / 100 + year / 400 + shift[month - 1] + day) % 7;
}

/* From the second Sunday of March to the first of November. */
static bool is_american_summer(int year, int month, int day)
{
    int first = 1 + (7 - weekday(year, month, 1)) % 7; /* Sunday */
    if (month == 3)
        return day >= first + 7;
    return month == 11 ? day < first : month > 3 && month < 11;
}

int nr_zone_offset(const nr_zone *zone, int year, int month, int day)
{
    return zone->minutes + (zone->by_date && is_american_summer(year, month, day) ? 60 : 0);
}

void nr_zone_write(int minutes, char out[8])
{
    unsigned m = (unsigned)(minutes < 0 ? -minutes : minutes) % 6000;
    snprintf(out, 8, "%c%02u:%02u", minutes < 0 ? '-' : '+', m / 60, m % 60);
}
