/* The commands and options of the command line, and the help made of them. */
#ifndef NR_CLI_OPTION_TABLE_H
#define NR_CLI_OPTION_TABLE_H

#include "cli/cli.h"

enum {
    OPT_FORMAT = 256,
    OPT_OVERWRITE,
    OPT_VOICE,
    OPT_RATE,
    OPT_PITCH,
    OPT_VOLUME,
    OPT_LOCALE,
    OPT_MARKS,
    OPT_PLAIN,
    OPT_FROM,
    OPT_DEVICE,
    OPT_NO_OPENING,
    OPT_INCLUDE,
    OPT_EXCLUDE,
    OPT_LEXICON,
    OPT_STYLE,
    OPT_LEVEL,
    OPT_INPUT_FORMAT,
    OPT_MAX_SIZE,
    OPT_ITEM,
    OPT_TIMEOUT,
    OPT_JSON,
    OPT_BODY,
    OPT_ZERO,
    OPT_EXPLAIN,
    OPT_MAX_CHARS,
    OPT_MAX_WORDS,
    OPT_QUOTE_VOICE,
    OPT_SPEED,
    OPT_START_AT,
    OPT_RESUME,
    OPT_NO_RESUME,
    OPT_UNTIL,
    OPT_SLEEP,
    OPT_LOOP,
    OPT_CONTROL,
    OPT_STATS,
    OPT_SHARD,
    OPT_SUMMARY,
    OPT_UPDATE,
    OPT_BASE_URL,
    OPT_SHOW,
    OPT_SHOW_AUTHOR,
    OPT_ABOUT,
    OPT_CATEGORY,
    OPT_EMAIL,
    OPT_IMAGE,
    OPT_EXPLICIT,
    OPT_LOCKED,
    OPT_NEWEST,
    OPT_SINGLE,
    OPT_WATCH,
    OPT_PORT,
    OPT_OVERLAY
};

enum {
    SPEAKING = CMD_PLAY | CMD_SAVE,
    READING = SPEAKING | CMD_READ | CMD_SPOKEN | CMD_SSML | CMD_PAGE,
    SAYING = SPEAKING | CMD_SPOKEN | CMD_SSML | CMD_PAGE,
    STEERING = CMD_PAUSE | CMD_TOGGLE | CMD_NEXT | CMD_PREVIOUS | CMD_STATUS | CMD_TELL
};

typedef struct command_row {
    const char *name;
    command command;
    const char *operand, *about;
} command_row;

typedef struct option_row {
    const char *name;
    int value;            /* a letter, or OPT_... */
    const char *argument; /* NULL: a switch */
    int home;             /* commands that take it */
    const char *about;
    const char *group;    /* of the first of a group: its heading in the help */
} option_row;

enum { COMMANDS = 21, ROWS = 82 };
extern const command_row command_rows[COMMANDS];
extern const option_row option_rows[ROWS];

/* What a command answers to: a batch, a podcast and a book take what saving takes. */
int homes_of(command c);

const char *command_name(command c);

/* NULL: there is none of that name. */
const command_row *command_named(const char *name);

/* To standard output: everything, or with a command it and its options alone. */
void print_help(const command_row *only);

#endif
