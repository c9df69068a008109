#include "player/keys.h"

static const key_row rows[] = {
    {' ', ACT_COMMAND, "toggle", NULL, "space", "pause, go on"},
    {KEY_OF_LEFT, ACT_COMMAND, "sentence -1", NULL, "left, right", "a sentence back, on"},
    {KEY_OF_RIGHT, ACT_COMMAND, "sentence 1", NULL, NULL, NULL},
    {KEY_OF_UP, ACT_COMMAND, "paragraph -1", NULL, "up, down", "a paragraph back, on"},
    {KEY_OF_DOWN, ACT_COMMAND, "paragraph 1", NULL, NULL, NULL},
    {KEY_OF_PAGE_UP, ACT_COMMAND, "heading -1", NULL, "page up, down", "a heading back, on"},
    {KEY_OF_PAGE_DOWN, ACT_COMMAND, "heading 1", NULL, NULL, NULL},
    {',', ACT_COMMAND, "word -1", NULL, ", .", "a word back, on"},
    {'.', ACT_COMMAND, "word 1", NULL, NULL, NULL},
    {KEY_OF_HOME, ACT_COMMAND, "goto 0%", NULL, "home", "to the beginning"},
    {'[', ACT_COMMAND, "speed -", NULL, "[ ]", "slower, faster"},
    {']', ACT_COMMAND, "speed +", NULL, NULL, NULL},
    {KEY_OF_BACKSPACE, ACT_COMMAND, "speed 1", NULL, "backspace", "normal speed"},
    {'9', ACT_COMMAND, "volume -5", NULL, "9 0", "quieter, louder"},
    {'0', ACT_COMMAND, "volume +5", NULL, NULL, NULL},
    {'/', ACT_PROMPT, "find", "Find: ", "/", "find words and go there"},
    {'a', ACT_COMMAND, "again", NULL, "a", "find them again"},
    {'g', ACT_PROMPT, "goto", "Go to (40%, 1:30, words): ", "g", "go to a percentage, time or words"},
    {'n', ACT_COMMAND, "next", NULL, "n p", "next, previous article"},
    {'p', ACT_COMMAND, "previous", NULL, NULL, NULL},
    {'b', ACT_COMMAND, "bookmark", NULL, "b", "set a bookmark"},
    {'B', ACT_LIST, "bookmarks", NULL, "B", "list the bookmarks"},
    {'v', ACT_LIST, "voices", NULL, "v", "choose a voice"},
    {'i', ACT_LIST, "why", NULL, "i", "what is being said, and why"},
    {'s', ACT_PROMPT, "save", "Save the rest to: ", "s", "save the rest to a sound file"},
    {'=', ACT_STATUS, NULL, NULL, "=", "tell where we are"},
    {'?', ACT_LIST, "help", NULL, "?", "these keys"},
    {'q', ACT_COMMAND, "quit", NULL, "q", "quit; the place is remembered"},
};

const key_row *key_find(int key)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].key == key)
            return &rows[i];
    return NULL;
}

const key_row *key_rows(size_t *count)
{
    *count = sizeof rows / sizeof *rows;
    return rows;
}
