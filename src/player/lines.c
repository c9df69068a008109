/* Plain lines: a sentence each as it is heard. On a terminal the keys work too, but nothing is redrawn, the cursor is never
 * moved, and where we are is told only when asked: for screen readers, braille displays and dumb terminals. */
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "player/face.h"
#include "player/keys.h"
#include "player/print.h"

typedef struct lines {
    face_options options;
    struct termios before, keys;
    bool terminal;
    const key_row *prompt; /* an argument is being typed */
    const char *choice;    /* a command that takes a number from the list just shown */
    char typed[512];
    size_t typed_count;
    bool new_line_owed;
} lines;

/* ---------------------------------------------------------------- telling */

static void *lines_open(const face_options *opt)
{
    lines *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->options = *opt;
    if (opt->terminal >= 0 && tcgetattr(opt->terminal, &l->before) == 0) {
        l->terminal = true;
        l->keys = l->before;
        l->keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        l->keys.c_cc[VMIN] = 0;
        l->keys.c_cc[VTIME] = 0;
        tcsetattr(opt->terminal, TCSADRAIN, &l->keys);
    }
    return l;
}

static void lines_suspend(void *self)
{
    lines *l = self;
    if (l->terminal)
        tcsetattr(l->options.terminal, TCSADRAIN, &l->before);
}

static void lines_resume(void *self)
{
    lines *l = self;
    if (l->terminal && !l->prompt)
        tcsetattr(l->options.terminal, TCSADRAIN, &l->keys);
}

static void lines_crash(void *self)
{
    lines *l = self;
    if (l->terminal)
        tcsetattr(l->options.terminal, TCSANOW, &l->before);
}

static void lines_close(void *self)
{
    lines_suspend(self);
    free(self);
}

static void lines_article(void *self)
{
    lines *l = self;
    const session *s = l->options.session;
    if (l->terminal && !l->options.quiet && s->options.path_count > 1)
        printf("[%zu of %zu] %s\n", s->index + 1, s->options.path_count, article_title(s->now));
}

static void lines_sentence(void *self, nr_span span)
{
    lines *l = self;
    if (!l->options.quiet && !l->prompt) /* not into what is being typed */
        print_line(l->options.session->now->text, span);
}

static void lines_message(void *self, const char *text)
{
    lines *l = self;
    if (l->terminal && !l->options.quiet)
        puts(text);
    fflush(stdout);
}

static void lines_problem(void *self, const char *text)
{
    lines *l = self;
    fflush(stdout);
    fprintf(l->options.errors, "narrate: %s\n", text);
    fflush(l->options.errors);
}

/* ---------------------------------------------------------------- keys */

static void run(lines *l, const char *command)
{
    static char reply[SESSION_REPLY];
    session_command(l->options.session, command, reply, sizeof reply);
    if (*reply)
        puts(reply);
    fflush(stdout);
}

static void print_help(void)
{
    size_t count;
    const key_row *rows = key_rows(&count);
    for (size_t i = 0; i < count; i++)
        if (rows[i].label)
            printf("%s: %s\n", rows[i].label, rows[i].about);
}

static void print_voices(void)
{
    nr_voice_info *voices;
    size_t count;
    if (nr_voices(&voices, &count, NULL))
        return;
    for (size_t i = 0; i < count; i++)
        printf("%s\t%s\n", voices[i].name, voices[i].label);
    nr_free(voices);
}

/* The terminal edits the line; what plays goes on. */
static void ask(lines *l, const key_row *row, const char *question)
{
    l->prompt = row;
    l->typed_count = 0;
    fputs(question, stdout);
    fflush(stdout);
    struct termios cooked = l->before;
    cooked.c_lflag |= ICANON | ECHO;
    tcsetattr(l->options.terminal, TCSADRAIN, &cooked);
}

static void show_list(lines *l, const key_row *row)
{
    static const key_row go = {0, ACT_PROMPT, "at", NULL, NULL, NULL}, voice = {0, ACT_PROMPT, "voice", NULL, NULL, NULL};
    switch (row->key) {
    case '?': print_help(); break;
    case 'v':
        print_voices();
        ask(l, &voice, "Voice: ");
        break;
    case 'B':
        run(l, "bookmarks");
        if (l->options.session->place.bookmark_count)
            ask(l, &go, "Go to (the first number of a line): ");
        break;
    default: run(l, row->text); break;
    }
    fflush(stdout);
}

static void answer(lines *l)
{
    char command[600];
    l->typed[l->typed_count] = '\0';
    l->typed[strcspn(l->typed, "\n")] = '\0';
    const key_row *row = l->prompt;
    l->prompt = NULL;
    lines_resume(l);
    if (!l->typed[0])
        return;
    snprintf(command, sizeof command, "%s %s", row->text, l->typed);
    run(l, command);
}

static void take_key(lines *l, int key)
{
    char status[300];
    const key_row *row = key_find(key);
    if (!row)
        return;
    switch (row->kind) {
    case ACT_COMMAND: run(l, row->text); break;
    case ACT_PROMPT: ask(l, row, row->ask); break;
    case ACT_LIST: show_list(l, row); break;
    case ACT_STATUS:
        face_status(l->options.session, status, sizeof status);
        puts(status);
        fflush(stdout);
        break;
    }
}

/* Arrows and their like come as an escape, '[' or 'O', and a letter or a number with '~', on every terminal of today. */
static int take_escape(const char *bytes, size_t n, size_t *used)
{
    static const struct {
        const char *rest;
        int key;
    } known[] = {{"A", KEY_OF_UP},       {"B", KEY_OF_DOWN},       {"C", KEY_OF_RIGHT}, {"D", KEY_OF_LEFT},
                 {"H", KEY_OF_HOME},     {"5~", KEY_OF_PAGE_UP},   {"6~", KEY_OF_PAGE_DOWN}, {"1~", KEY_OF_HOME}};
    *used = 1;
    if (n < 3 || (bytes[1] != '[' && bytes[1] != 'O'))
        return 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t length = strlen(known[i].rest);
        if (n >= 2 + length && memcmp(bytes + 2, known[i].rest, length) == 0) {
            *used = 2 + length;
            return known[i].key;
        }
    }
    *used = 2;
    while (*used < n && !(bytes[*used] >= '@' && bytes[*used] <= '~'))
        ++*used;
    *used += *used < n;
    return 0;
}

static void lines_keys(void *self)
{
    lines *l = self;
    char bytes[256];
    ssize_t n = read(l->options.terminal, bytes, sizeof bytes);
    if (n == 0 && l->prompt) /* end of file while asked */
        answer(l);
    for (ssize_t i = 0; i < n;) {
        if (l->prompt) {
            if (l->typed_count + 1 < sizeof l->typed)
                l->typed[l->typed_count++] = bytes[i];
            if (bytes[i++] == '\n')
                answer(l);
            continue;
        }
        size_t used = 1;
        int key = (unsigned char)bytes[i];
        if (key == 0x1b)
            key = take_escape(bytes + i, (size_t)(n - i), &used);
        else if (key == 0x7f || key == '\b')
            key = KEY_OF_BACKSPACE;
        i += (ssize_t)used;
        take_key(l, key);
    }
}

const face face_lines = {
    .open = lines_open,
    .close = lines_close,
    .article = lines_article,
    .sentence = lines_sentence,
    .message = lines_message,
    .problem = lines_problem,
    .keys = lines_keys,
    .suspend = lines_suspend,
    .resume = lines_resume,
    .crash = lines_crash,
};

/* ---------------------------------------------------------------- for every face */

void face_time(double seconds, char *out, size_t size)
{
    unsigned long n = seconds > 0 ? (unsigned long)(seconds + 0.5) : 0;
    if (n >= 3600)
        snprintf(out, size, "%lu:%02lu:%02lu", n / 3600, n / 60 % 60, n % 60);
    else
        snprintf(out, size, "%lu:%02lu", n / 60, n % 60);
}

void face_status(session *s, char *out, size_t size)
{
    engine_state e = engine_now(s->engine);
    char at[32], length[32];
    double whole = article_length(s->now), seconds = article_seconds(s->now, e.word.start);
    face_time(seconds / e.speed, at, sizeof at);
    face_time(whole / e.speed, length, sizeof length);
    snprintf(out, size, "%s, %d%%, %s of %s, speed %.1f, volume %d%%, %s",
             e.lost ? "no sound device" : e.paused ? "paused" : "playing", whole > 0 ? (int)(100 * seconds / whole) : 0, at,
             length, e.speed, e.volume, e.voice);
}
