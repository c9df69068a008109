#include "player/list.h"

#if NR_HAVE_SCREEN

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "player/keys.h"
#include "player/layout.h"

enum { COLUMN_MOST = 28, GAP = 2, LINE_BYTES = 800 };

static bool chooses(const list *l) { return l->kind == LIST_CHOOSES || l->kind == LIST_CHOOSES_UNSEEN; }

static int columns_of(const char *text, size_t n)
{
    int columns = 0, width;
    wchar_t c;
    for (size_t i = 0; i < n; columns += width)
        i += layout_char(text + i, text + n, &c, &width);
    return columns;
}

static const char *line_at(const list *l, size_t i)
{
    const char *p = l->text;
    while (p && i-- > 0) {
        p = strchr(p, '\n');
        p += p != NULL;
    }
    return p;
}

/* How wide each column must be; what is much wider than a column's share is left to run over. */
static void measure(list *l)
{
    memset(l->widths, 0, sizeof l->widths);
    for (const char *p = l->text; p && *p; p += *p == '\n') {
        for (size_t column = 0; column < LIST_COLUMNS; column++) {
            size_t part = strcspn(p, "\t\n");
            int wide = columns_of(p, part);
            if (wide > l->widths[column] && wide <= COLUMN_MOST)
                l->widths[column] = wide;
            p += part;
            if (*p != '\t')
                break;
            p++;
        }
        p += strcspn(p, "\n");
    }
}

void list_open(list *l, char *text, list_kind kind, const char *command)
{
    list_close(l);
    *l = (list){.text = text, .kind = kind, .command = command, .count = text && *text};
    for (const char *p = text; p && (p = strchr(p, '\n')); p++)
        l->count += p[1] != '\0';
    measure(l);
}

void list_close(list *l)
{
    free(l->text);
    l->text = NULL;
}

/* A line with its columns under each other. */
static void align(const list *l, const char *line, char *out, size_t size)
{
    size_t n = 0;
    for (size_t column = 0;; column++) {
        size_t part = strcspn(line, "\t\n");
        bool shown = column > 0 || l->kind != LIST_CHOOSES_UNSEEN;
        if (shown && n < size)
            n += (size_t)snprintf(out + n, size - n, "%.*s", (int)part, line);
        if (line[part] != '\t')
            break;
        int gap = column < LIST_COLUMNS ? l->widths[column] - columns_of(line, part) + GAP : GAP;
        for (gap = gap < GAP ? GAP : gap; shown && gap > 0 && n + 1 < size; gap--)
            out[n++] = ' ';
        line += part + 1;
    }
    out[n < size ? n : size - 1] = '\0';
}

/* An explanation of what is said as it is written, or not at all. */
static bool explains_nothing(const char *line)
{
    size_t length = strcspn(line, "\n"), first = strcspn(line, "\t\n");
    const char *last = memrchr(line, '\t', length);
    if (!last)
        return false;
    size_t n = length - (size_t)(last + 1 - line);
    return n == 0 || (n == first && memcmp(last + 1, line, n) == 0);
}

static attr_t look_of(const list *l, size_t i, const char *line)
{
    if (chooses(l))
        return i == l->at ? A_REVERSE : A_NORMAL;
    if (l->kind == LIST_EXPLAINS)
        return i == 0 ? A_UNDERLINE : explains_nothing(line) ? A_DIM : A_BOLD;
    return A_NORMAL;
}

void list_draw(list *l, const page *p, int y, int rows)
{
    size_t most = rows > 0 ? (size_t)rows : 0, top = l->at;
    if (chooses(l))
        top = l->at >= most ? l->at - most + 1 : 0;
    else if (l->count > most && top > l->count - most)
        top = l->at = l->count - most;
    else if (l->count <= most)
        top = l->at = 0;
    for (size_t i = top; i < l->count && i < top + most; i++, y++) {
        char text[LINE_BYTES];
        const char *line = line_at(l, i);
        align(l, line, text, sizeof text);
        attr_set(look_of(l, i, line), 0, NULL);
        page_put(p, y, 1, text, COLS - 2);
    }
    attr_set(A_NORMAL, 0, NULL);
}

const char *list_hint(const list *l, int rows)
{
    if (chooses(l))
        return "up, down: choose  enter: take it  other keys: leave";
    return rows > 0 && l->count > (size_t)rows ? "up, down: more  other keys: leave" : "any key: leave";
}

bool list_key(list *l, int key, int rows, char *command, size_t size)
{
    size_t step = rows > 1 ? (size_t)rows : 1, last = l->count ? l->count - 1 : 0;
    const char *line;
    bool taken = false;
    switch (key) {
    case KEY_OF_UP: l->at -= l->at > 0; return false;
    case KEY_OF_DOWN: l->at += l->at < last; return false;
    case KEY_OF_HOME: l->at = 0; return false;
    case KEY_OF_PAGE_UP: l->at = l->at > step ? l->at - step : 0; return false;
    case KEY_OF_PAGE_DOWN: l->at = l->at + step < last ? l->at + step : last; return false;
    case '\r':
    case '\n':
        line = line_at(l, l->at);
        taken = chooses(l) && line;
        if (taken)
            snprintf(command, size, "%s %.*s", l->command, (int)strcspn(line, "\t\n"), line);
    }
    list_close(l);
    return taken;
}

#endif
