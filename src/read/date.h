/* date.h - dates of publication: ISO 8601 and lines of a page such as "Published 30 August 2023, 20:16". */
#ifndef NR_READ_DATE_H
#define NR_READ_DATE_H

#include "read/furniture.h"

typedef struct nr_date {
    int year, month, day; /* month and day from 1; day 0 where unknown */
    int hour, minute;     /* hour -1 where unknown */
    bool changed;         /* of a change, not of publication */
    nr_view said;         /* the part of the line to be read out: without "Published" */
    char zone[8];         /* "+01:00", "Z" or "" */
} nr_date;

/* "2023-08-30T20:16:00+01:00", "2023-08-30 20:16 BST", "20230830". */
bool nr_date_from_iso(nr_view text, nr_date *date);
/* True when the line is a date with nothing else, in the words of the furniture tables. Of several dates the first
 * counts. */
bool nr_date_from_line(const nr_furniture *f, nr_view line, nr_date *date);
/* "2023-08-30T20:16:00+01:00" or as much of it as is known. */
void nr_date_write_iso(const nr_date *date, char out[40]);
/* "30 August 2023, 20:16" with the month in the document's language (English where it has no tables). */
void nr_date_write_human(const nr_date *date, const char *language, char out[64]);

#endif
