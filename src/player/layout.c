#include "player/layout.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

size_t layout_char(const char *p, const char *end, wchar_t *c, int *columns)
{
    mbstate_t state = {0};
    size_t n = mbrtowc(c, p, (size_t)(end - p), &state);
    if (n == 0 || n > (size_t)(end - p)) {
        *c = L' ';
        *columns = 1;
        return 1;
    }
    int width = wcwidth(*c);
    if (width < 0)
        *c = L' ';
    *columns = width < 0 ? 1 : width;
    return n;
}

typedef struct lines {
    layout_line *all;
    size_t count, cap;
} lines;

static bool put(lines *l, uint32_t start, uint32_t end, nr_view text)
{
    if (l->count == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 8;
        layout_line *all = realloc(l->all, cap * sizeof *all);
        if (!all)
            return false;
        l->all = all;
        l->cap = cap;
    }
    while (end > start && (unsigned char)text.p[end - 1] <= ' ')
        end--;
    l->all[l->count++] = (layout_line){start, end};
    return true;
}

size_t layout_block(nr_view text, nr_span span, int width, layout_line **out)
{
    lines l = {0};
    const char *end = text.p + span.end;
    uint32_t start = span.start, at = span.start, breakable = 0; /* after the last blank of the line; 0: none */
    int column = 0;
    bool good = true;
    while (at < span.end && good) {
        wchar_t c;
        int columns;
        size_t n = layout_char(text.p + at, end, &c, &columns);
        bool blank = c == L' ';
        if (blank && at == start) { /* none at a line's beginning */
            start = at += (uint32_t)n;
            continue;
        }
        if (!blank && column + columns > width) {
            uint32_t cut = breakable ? breakable : at;
            good = put(&l, start, cut, text);
            start = at = cut;
            column = 0;
            breakable = 0;
            continue;
        }
        at += (uint32_t)n;
        column += columns;
        if (blank || columns == 2) /* wide characters are words of their own */
            breakable = at;
    }
    if (good && (start < span.end || l.count == 0))
        good = put(&l, start, span.end, text);
    if (!good) {
        free(l.all);
        l = (lines){0};
    }
    *out = l.all;
    return l.count;
}
