/* list.h - lines on the screen instead of the article, to read or to choose from: help, voices, bookmarks, explanations.
 * For screen.c; ncurses must be up. */
#ifndef NR_PLAYER_LIST_H
#define NR_PLAYER_LIST_H

#if NR_HAVE_SCREEN

#include "player/page.h"

enum { LIST_COLUMNS = 4 };

typedef enum list_kind {
    LIST_TELLS,
    LIST_EXPLAINS,      /* the first line is headings; lines in which nothing is said otherwise than written are dimmed */
    LIST_CHOOSES,       /* of a line, its first column is what is chosen */
    LIST_CHOOSES_UNSEEN /* the same, and it is not shown */
} list_kind;

typedef struct list {
    char *text; /* NULL: none is open */
    list_kind kind;
    const char *command;
    size_t at, count; /* lines: the chosen one, or the topmost */
    int widths[LIST_COLUMNS];
} list;

/* Lines, their columns separated by tabs; text is then the list's, to be freed with free(). What is chosen is an argument
 * of command. */
void list_open(list *l, char *text, list_kind kind, const char *command);
void list_close(list *l);
void list_draw(list *l, const page *p, int y, int rows);
/* What keys do here. */
const char *list_hint(const list *l, int rows);
/* True when something was chosen: command is then to be carried out. */
bool list_key(list *l, int key, int rows, char *command, size_t size);

#endif
#endif
