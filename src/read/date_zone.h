/* date_zone.h - what zone a time of a page is in, by the letters behind it. */
#ifndef NR_READ_DATE_ZONE_H
#define NR_READ_DATE_ZONE_H

#include "base/view.h"

typedef struct nr_zone {
    const char *name; /* "BST" */
    int minutes;      /* east of Greenwich; where it goes by the date, in winter */
    bool by_date;     /* by the rule of the United States and Canada, since 2007 */
} nr_zone;

/* NULL for letters that name no zone, or several that are far apart (IST, AST). Capitals only: "est" is a word. */
const nr_zone *nr_zone_find(nr_view letters);
/* Minutes east of Greenwich on a day; day from 1. */
int nr_zone_offset(const nr_zone *zone, int year, int month, int day);
/* "+01:00" */
void nr_zone_write(int minutes, char out[8]);

#endif
