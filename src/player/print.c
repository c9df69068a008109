#include "player/print.h"

#include <stdio.h>

void print_line(nr_view text, nr_span span)
{
    for (uint32_t i = span.start; i < span.end; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c > ' ' && c != 127)
            putchar(c);
        else if (i > span.start && (unsigned char)text.p[i - 1] > ' ')
            putchar(' ');
    }
    putchar('\n');
    fflush(stdout);
}
