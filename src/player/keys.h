/* keys.h - what each key does, as mpv has it where mpv has it. */
#ifndef NR_PLAYER_KEYS_H
#define NR_PLAYER_KEYS_H

#include <stddef.h>

/* Keys that are no character. */
enum { KEY_OF_LEFT = 0x110000, KEY_OF_RIGHT, KEY_OF_UP, KEY_OF_DOWN, KEY_OF_PAGE_UP, KEY_OF_PAGE_DOWN, KEY_OF_HOME, KEY_OF_BACKSPACE };

typedef enum key_act {
    ACT_COMMAND, /* text is a session's command */
    ACT_PROMPT,  /* text is a command that wants an argument; ask for it with `ask` */
    ACT_LIST,    /* something to choose from: 'B', 'v', 'i', '?' */
    ACT_STATUS   /* tell where we are */
} key_act;

typedef struct key_row {
    int key;
    key_act kind;
    const char *text, *ask;
    const char *label, *about; /* for the help; NULL where another row tells */
} key_row;

const key_row *key_find(int key); /* NULL: the key does nothing */
const key_row *key_rows(size_t *count);

#endif
