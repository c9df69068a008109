#include "player/bidi.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/ubidi.h>
#include <unicode/uchar.h>

static bool goes_left(wchar_t c)
{
    UCharDirection d = u_charDirection((UChar32)c);
    return d == U_RIGHT_TO_LEFT || d == U_RIGHT_TO_LEFT_ARABIC;
}

bool bidi_rightward(nr_view text, nr_span block)
{
    enum { LOOK = 400 }; /* bytes */
    uint32_t end = block.end - block.start > LOOK ? block.start + LOOK : block.end;
    for (uint32_t at = block.start; at < end;) {
        wchar_t c;
        int columns;
        at += (uint32_t)layout_char(text.p + at, text.p + block.end, &c, &columns);
        if (goes_left(c))
            return true;
        if (u_charDirection((UChar32)c) == U_LEFT_TO_RIGHT)
            return false;
    }
    return false;
}

/* In the order of reading. */
static size_t split(nr_view text, layout_line line, bidi_cell *cells, bool *any_left)
{
    size_t n = 0;
    for (uint32_t at = line.start; at < line.end;) {
        wchar_t c;
        int columns;
        uint32_t bytes = (uint32_t)layout_char(text.p + at, text.p + line.end, &c, &columns);
        if (columns == 0 && n > 0) {
            size_t have = wcslen(cells[n - 1].c);
            if (have + 1 < sizeof cells->c / sizeof *cells->c)
                cells[n - 1].c[have] = c;
        } else if (n < BIDI_CELLS) {
            cells[n++] = (bidi_cell){at, {c}, columns};
        } else {
            break;
        }
        *any_left = *any_left || goes_left(c);
        at += bytes;
    }
    return n;
}

/* Each cell's level; false when ICU fails. */
static bool find_levels(const bidi_cell *cells, size_t n, bool right_to_left, UBiDiLevel *levels)
{
    UChar units[2 * BIDI_CELLS];
    int32_t first[BIDI_CELLS], count = 0;
    UErrorCode code = U_ZERO_ERROR;
    for (size_t i = 0; i < n; i++) {
        first[i] = count;
        UBool bad = false;
        U16_APPEND(units, count, 2 * BIDI_CELLS, (UChar32)cells[i].c[0], bad);
        if (bad)
            units[count++] = ' ';
    }
    UBiDi *bidi = ubidi_open();
    ubidi_setPara(bidi, units, count, right_to_left ? 1 : 0, NULL, &code);
    const UBiDiLevel *all = U_SUCCESS(code) ? ubidi_getLevels(bidi, &code) : NULL;
    bool good = all && U_SUCCESS(code);
    for (size_t i = 0; good && i < n; i++)
        levels[i] = all[first[i]];
    ubidi_close(bidi);
    return good;
}

static void put_in_order(bidi_cell *cells, size_t n, const UBiDiLevel *levels)
{
    bidi_cell read[BIDI_CELLS];
    int32_t order[BIDI_CELLS];
    memcpy(read, cells, n * sizeof *cells);
    ubidi_reorderVisual(levels, (int32_t)n, order);
    for (size_t i = 0; i < n; i++) {
        cells[i] = read[order[i]];
        if (levels[order[i]] & 1)
            cells[i].c[0] = (wchar_t)u_charMirror((UChar32)cells[i].c[0]);
    }
}

size_t bidi_line(nr_view text, layout_line line, bool right_to_left, bool reorder, bidi_cell *cells)
{
    UBiDiLevel levels[BIDI_CELLS];
    bool any_left = right_to_left;
    size_t n = split(text, line, cells, &any_left);
    if (reorder && any_left && n && find_levels(cells, n, right_to_left, levels))
        put_in_order(cells, n, levels);
    return n;
}
