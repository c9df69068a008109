/* cli.h - the command line: what was asked for, and the commands. Uses the library as any program would. */
#ifndef NR_CLI_CLI_H
#define NR_CLI_CLI_H

#include "cli/beside.h"
#include "cli/publish_options.h"
#include "narrate.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* Bits, so that an option can say where it is at home. */
typedef enum command {
    CMD_PLAY = 1,
    CMD_SAVE = 2,
    CMD_READ = 4,
    CMD_SPOKEN = 8,
    CMD_NORMALISE = 16,
    CMD_SEGMENT = 32,
    CMD_VOICES = 64,
    CMD_DEVICES = 128,
    CMD_SSML = 256,
    CMD_PAUSE = 16384,
    CMD_TOGGLE = 512,
    CMD_NEXT = 1024,
    CMD_PREVIOUS = 2048,
    CMD_STATUS = 4096,
    CMD_TELL = 8192,
    CMD_INFO = 1048576,
    CMD_BATCH = 32768,
    CMD_FEED = 65536,
    CMD_PAGE = 131072,
    CMD_SERVE_PAGE = 262144,
    CMD_EPUB = 2097152
} command;

/* An option as it was given; value NULL: a switch. */
typedef struct passed_option {
    const char *name, *value;
} passed_option;

typedef struct options {
    command command;
    const char *article; /* "-" is standard input */
    char **operands;     /* what was named: articles to be played one after the other, a command's words */
    size_t operand_count;
    /* for the player */
    const char *start_at, *until, *control;
    double speed, sleep; /* sleep: seconds, 0: never */
    int resume;          /* -1: where there is a terminal */
    bool no_resume, loop, stats;
    const char *output, *format, *marks, *device, *from, *input_format;
    bool overwrite, quiet, plain, json, body, zero, explain, no_opening;
    size_t max_size;
    uint32_t item;
    double timeout;
    nr_voice_options voice;
    nr_script_options script;
    /* for a batch */
    unsigned shard, shards;
    const char *summary;
    bool update;
    passed_option passed[64]; /* what was said of how it shall sound, and a batch tells each article's narrate */
    size_t passed_count;
    /* for a podcast */
    const char *base_url, *show, *show_author, *about, *category, *email, *image;
    const char *locked;
    bool explicit;
    uint32_t newest;
    beside_options beside;
    publish_options publish;
    /* for pages */
    bool single, watch;
    unsigned port; /* 0: any that is free */
    bool overlay_words; /* of a talking book */
    char style[256]; /* what script.style points at */
} options;

/* Fills opt. Returns -1 to go on, else the exit code to leave with (help and version are EXIT_DONE). */
int options_parse(options *opt, int argc, char **argv);

/* The commands return an exit code. */
int narrate_article(const options *opt);
int save_articles(const options *opt);
/* Whether it is written as it is said, and nothing is made ready behind. */
bool save_streams(const options *opt);
/* Whether something was asked for that wants more; it has complained. */
bool save_refuses(const options *opt);
int play_articles(const options *opt, double began); /* began: milliseconds of the monotonic clock */
int narrate_batch(const options *opt);
int narrate_feed(const options *opt);
int make_pages(const options *opt);
int serve_pages(const options *opt);
int steer_player(const options *opt);
int show_document(const options *opt);
int show_info(const options *opt);
int show_spoken(const options *opt);
int show_ssml(const options *opt);
int make_epub(const options *opt);
int show_voices(const options *opt);
int show_devices(const options *opt);
int normalise_lines(const options *opt);
int segment_texts(const options *opt);

/* "narrate: message" on standard error. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same without the program's name: a line of what is being done. */
void say_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints the error and gives EXIT_FAILED. */
int failed(const nr_error *err);
/* Opens the article with the options' limits; warns when bytes had to be replaced. NULL: it has complained. */
nr_document *open_article(const options *opt);
/* Flushes standard output; EXIT_FAILED with a message when that fails, else EXIT_DONE. */
int finish_output(void);

#endif
