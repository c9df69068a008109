#include "player/layout.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <unicode/ubrk.h>
#include <unicode/utext.h>

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

/* Where the line [start, at) may end, by Unicode's rules (UAX 14), with the character at `at` in view: its last such place,
 * or `at` where there is none. The iterator sees this line alone, so that its work does not grow with the text. */
static uint32_t break_before(UBreakIterator *iterator, nr_view text, nr_span line, size_t next)
{
    UErrorCode code = U_ZERO_ERROR;
    UText seen = UTEXT_INITIALIZER;
    int32_t found = UBRK_DONE, at = (int32_t)(line.end - line.start);
    utext_openUTF8(&seen, text.p + line.start, at + (int64_t)next, &code);
    if (iterator)
        ubrk_setUText(iterator, &seen, &code);
    if (iterator && U_SUCCESS(code))
        found = ubrk_preceding(iterator, at + 1);
    utext_close(&seen);
    return found != UBRK_DONE && found > 0 ? line.start + (uint32_t)found : line.end;
}

size_t layout_block(nr_view text, nr_span span, int width, layout_line **out)
{
    lines l = {0};
    UErrorCode code = U_ZERO_ERROR;
    UBreakIterator *iterator = ubrk_open(UBRK_LINE, "", NULL, 0, &code);
    const char *end = text.p + span.end;
    uint32_t start = span.start, at = span.start;
    int column = 0;
    bool good = true;
    while (at < span.end && good) {
        wchar_t c;
        int columns;
        size_t n = layout_char(text.p + at, end, &c, &columns);
        if (c == L' ' && at == start) { /* none at a line's beginning */
            start = at += (uint32_t)n;
        } else if (c != L' ' && column + columns > width) {
            uint32_t cut = break_before(iterator, text, (nr_span){start, at}, n);
            good = put(&l, start, cut, text);
            start = at = cut;
            column = 0;
        } else {
            at += (uint32_t)n;
            column += columns;
        }
    }
    if (good && (start < span.end || l.count == 0))
        good = put(&l, start, span.end, text);
    if (iterator)
        ubrk_close(iterator);
    if (!good) {
        free(l.all);
        l = (lines){0};
    }
    *out = l.all;
    return l.count;
}
