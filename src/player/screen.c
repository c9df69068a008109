/* The screen, by ncursesw: the text flows past with the spoken sentence lit and the spoken word brighter. */
#if NR_HAVE_SCREEN

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "player/face.h"
#include "player/keys.h"
#include "player/layout.h"
#include "player/list.h"
#include "player/page.h"

/* term.h has it, and macros named like half of this file's variables. */
extern char *tigetstr(const char *capability);

enum { TYPED_MOST = 200, TYPED_LEAST = 12, MESSAGE_SECONDS = 4, HEAD_ROWS = 2, BIG = 14, RESTORE_BYTES = 256 };

typedef struct screen {
    face_options options;
    SCREEN *terminal;
    FILE *out, *in;
    page page;
    char message[300], problem[500];
    double message_until;
    const key_row *prompt;  /* what is being typed is for */
    wchar_t typed[TYPED_MOST];
    size_t typed_count;
    list list;              /* shown instead of the text */
    struct termios before;
    char restore[RESTORE_BYTES]; /* what a crash writes */
    size_t restore_count;
} screen;

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---------------------------------------------------------------- opening and closing */

static void add_restore(screen *s, const char *capability)
{
    const char *text = tigetstr(capability);
    if (text == NULL || text == (const char *)-1)
        return;
    size_t n = strlen(text);
    if (s->restore_count + n < RESTORE_BYTES) {
        memcpy(s->restore + s->restore_count, text, n);
        s->restore_count += n;
    }
}

/* Right-to-left text is put in order here, as terminals leave it in the order of reading. Those that do it themselves are
 * told to leave it (mode 8 of ECMA-48, which VTE heeds and the others do not know), or, where they do not listen, left to it. */
static void settle_direction(screen *s)
{
    bool does_it = !getenv("TMUX") && !getenv("STY") && (getenv("KONSOLE_VERSION") || getenv("MLTERM"));
    s->page.reorder = !does_it;
}

static void tell_direction(const screen *s, bool leave_it_to_us)
{
    if (!s->page.reorder)
        return;
    ssize_t ignored = write(fileno(s->out), leave_it_to_us ? "\033[8l" : "\033[8h", 4);
    (void)ignored;
}

static void set_up(screen *s)
{
    const char *no_colour = getenv("NO_COLOR");
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    curs_set(0);
    set_escdelay(25);
    mousemask(ALL_MOUSE_EVENTS, NULL); /* ncurses waits for another key after one that nobody wants */
    mouseinterval(0);
    s->page.colours = has_colors() && !(no_colour && *no_colour);
    if (s->page.colours) {
        start_color();
        use_default_colors();
        init_pair(PAIR_SENTENCE, COLOR_CYAN, -1);
        init_pair(PAIR_WORD, COLOR_BLACK, COLOR_YELLOW);
        init_pair(PAIR_BAR, COLOR_CYAN, -1);
    }
    settle_direction(s);
    tell_direction(s, true);
    if (s->page.reorder)
        s->restore_count = (size_t)sprintf(s->restore, "\033[8h");
    add_restore(s, "sgr0");
    add_restore(s, "cnorm");
    add_restore(s, "rmkx");
    add_restore(s, "rmcup");
}

static void *screen_open(const face_options *opt)
{
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8"); /* what the article is in, and nearly every terminal of today */
    screen *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->options = *opt;
    int in = dup(opt->terminal), out = dup(STDOUT_FILENO);
    s->in = fdopen(in, "r");
    s->out = fdopen(out, "w");
    tcgetattr(opt->terminal, &s->before);
    s->terminal = s->in && s->out ? newterm(NULL, s->out, s->in) : NULL;
    if (!s->terminal || tigetstr("cup") == NULL) { /* a terminal that cannot move its cursor */
        if (s->terminal) {
            endwin();
            delscreen(s->terminal);
        }
        if (s->in)
            fclose(s->in);
        if (s->out)
            fclose(s->out);
        free(s);
        return NULL;
    }
    set_up(s);
    return s;
}

static void screen_close(void *self)
{
    screen *s = self;
    page_clear(&s->page);
    curs_set(1);
    tell_direction(s, false);
    endwin();
    delscreen(s->terminal);
    fclose(s->in);
    fclose(s->out);
    if (s->problem[0])
        fprintf(s->options.errors, "narrate: %s\n", s->problem);
    list_close(&s->list);
    free(s);
}

static void screen_suspend(void *self)
{
    tell_direction(self, false);
    def_prog_mode();
    endwin();
}

static void screen_resume(void *self)
{
    tell_direction(self, true);
    reset_prog_mode();
    clearok(stdscr, TRUE);
    refresh();
}

/* From a signal handler: no allocation, no stdio. */
static void screen_crash(void *self)
{
    screen *s = self;
    ssize_t ignored = write(STDOUT_FILENO, s->restore, s->restore_count);
    (void)ignored;
    tcsetattr(s->options.terminal, TCSANOW, &s->before);
}

static void screen_resize(void *self)
{
    screen *s = self;
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        resizeterm(size.ws_row, size.ws_col);
    page_clear(&s->page);
    clearok(stdscr, TRUE);
}

/* ---------------------------------------------------------------- head and foot */

/* The bar, the last line, and where there is room an empty one before them. */
static int foot_rows(void) { return LINES >= BIG ? 3 : 2; }

static int text_rows(void) { return LINES - HEAD_ROWS - foot_rows(); }

/* The author only where the title leaves room. */
static void draw_head(const screen *s)
{
    const session *n = s->options.session;
    const char *author = nr_document_metadata(n->now->doc)->author;
    char by[200] = "";
    attr_set(A_BOLD, 0, NULL);
    int used = page_put(&s->page, 0, 1, article_title(n->now), COLS - 2);
    attr_set(A_NORMAL, 0, NULL);
    if (author && *author)
        snprintf(by, sizeof by, " \u2014 %.120s", author);
    if (used + 16 < COLS)
        page_put(&s->page, 0, 1 + used, by, COLS - 2 - used);
    mvhline_set(1, 0, WACS_HLINE, COLS);
}

static void draw_bar(const screen *s, const engine_state *e)
{
    const session *n = s->options.session;
    char at[32], left[33];
    double whole = article_length(n->now), seconds = article_seconds(n->now, e->word.start);
    face_time(seconds / e->speed, at, sizeof at);
    left[0] = '-';
    face_time((whole - seconds) / e->speed, left + 1, sizeof left - 1);
    int width = COLS - 4 - (int)strlen(at) - (int)strlen(left);
    mvaddstr(LINES - 2, 1, at);
    mvaddstr(LINES - 2, COLS - 1 - (int)strlen(left), left);
    int full = whole > 0 && width > 0 ? (int)(width * seconds / whole + 0.5) : 0;
    attr_set(A_BOLD, s->page.colours ? PAIR_BAR : 0, NULL);
    move(LINES - 2, 2 + (int)strlen(at));
    for (int i = 0; i < width; i++) {
        if (i == full)
            attr_set(A_DIM, 0, NULL);
        addwstr(i < full ? L"\u2501" : L"\u2500");
    }
    attr_set(A_NORMAL, 0, NULL);
}

static void draw_foot(const screen *s, const engine_state *e)
{
    const session *n = s->options.session;
    char text[300], number[40] = "";
    const char *colon = strchr(e->voice, ':');
    if (n->options.path_count > 1)
        snprintf(number, sizeof number, "  %zu/%zu", n->index + 1, n->options.path_count);
    snprintf(text, sizeof text, "%s  %.1fx  vol %d%%  %s%s", e->lost ? "no device" : e->paused ? "paused" : "playing", e->speed, e->volume,
             colon ? colon + 1 : e->voice, number);
    int used = page_put(&s->page, LINES - 1, 1, text, COLS - 2);
    if (used + 12 < COLS)
        mvaddstr(LINES - 1, COLS - 8, "? help");
}

static void draw_prompt(const screen *s)
{
    int used = page_put(&s->page, LINES - 1, 1, s->prompt->ask, COLS - 2 - TYPED_LEAST);
    size_t from = 0;
    int columns = 0, room = COLS - used - 3;
    for (size_t i = s->typed_count; i-- > 0;) { /* the end of what was typed */
        int w = wcwidth(s->typed[i]);
        if (columns + w > room) {
            from = i + 1;
            break;
        }
        columns += w;
    }
    mvaddnwstr(LINES - 1, 1 + used, s->typed + from, (int)(s->typed_count - from));
    curs_set(1);
}

/* ---------------------------------------------------------------- lists */

/* In two columns of rows where there is room for them. */
static char *help_text(void)
{
    enum { MOST = 64, BYTES = 4000, TWO_COLUMNS = 80 };
    const key_row *told[MOST], *rows;
    size_t count, n = 0, all = 0;
    rows = key_rows(&count);
    for (size_t i = 0; i < count && all < MOST; i++)
        if (rows[i].label)
            told[all++] = &rows[i];
    size_t half = COLS >= TWO_COLUMNS ? (all + 1) / 2 : all;
    char *text = malloc(BYTES);
    for (size_t i = 0; text && i < half; i++) {
        n += (size_t)snprintf(text + n, BYTES - n, "%s\t%s", told[i]->label, told[i]->about);
        if (i + half < all)
            n += (size_t)snprintf(text + n, BYTES - n, "\t%s\t%s", told[i + half]->label, told[i + half]->about);
        n += (size_t)snprintf(text + n, BYTES - n, "\n");
    }
    return text;
}

static char *voice_text(const char *now, size_t *chosen)
{
    nr_voice_info *voices;
    size_t count, n = 0;
    if (nr_voices(&voices, &count, NULL))
        return NULL;
    size_t size = count * 200 + 1;
    char *text = calloc(1, size);
    for (size_t i = 0; text && i < count; i++) {
        if (strcmp(voices[i].name, now) == 0)
            *chosen = i;
        n += (size_t)snprintf(text + n, size - n, "%s\t%s\n", voices[i].name, voices[i].label);
    }
    nr_free(voices);
    return text;
}

static void show_message(screen *s, const char *text)
{
    snprintf(s->message, sizeof s->message, "%.299s", text);
    s->message_until = seconds_now() + MESSAGE_SECONDS;
}

/* What a command answers, below a line of headings or "". */
static void show_answer(screen *s, const key_row *k, const char *headings, list_kind kind)
{
    session *n = s->options.session;
    size_t head = strlen(headings);
    char *reply = malloc(head + SESSION_REPLY);
    if (!reply)
        return;
    memcpy(reply, headings, head);
    bool good = session_command(n, k->text, reply + head, SESSION_REPLY);
    if (!good || (k->key == 'B' && !n->place.bookmark_count)) {
        show_message(s, reply + head);
        free(reply);
        return;
    }
    list_open(&s->list, reply, kind, "at");
}

static void show_list(screen *s, const key_row *k)
{
    size_t chosen = 0;
    s->message[0] = '\0';
    switch (k->key) {
    case '?': list_open(&s->list, help_text(), LIST_TELLS, NULL); break;
    case 'v':
        list_open(&s->list, voice_text(engine_now(s->options.session->engine).voice, &chosen), LIST_CHOOSES, "voice");
        s->list.at = chosen;
        break;
    case 'B': show_answer(s, k, "", LIST_CHOOSES_UNSEEN); break;
    default: show_answer(s, k, "written\tclass\trule\tsaid\n", LIST_EXPLAINS);
    }
}

/* ---------------------------------------------------------------- keys */

static void run(screen *s, const char *command)
{
    static char reply[SESSION_REPLY];
    bool good = session_command(s->options.session, command, reply, sizeof reply);
    if (*reply && !(good && strncmp(command, "speed", 5) == 0) && !(good && strncmp(command, "volume", 6) == 0))
        show_message(s, reply);
}

static void key_in_list(screen *s, int key)
{
    char command[300];
    if (key == ' ')
        run(s, "toggle");
    else if (list_key(&s->list, key, text_rows(), command, sizeof command))
        run(s, command);
}

static void key_in_prompt(screen *s, int key)
{
    if (key == '\r' || key == '\n') {
        char command[TYPED_MOST * 4 + 40], *p = command;
        p += sprintf(p, "%s ", s->prompt->text);
        size_t before = (size_t)(p - command);
        for (size_t i = 0; i < s->typed_count; i++) {
            char bytes[16];
            mbstate_t state = {0};
            size_t n = wcrtomb(bytes, s->typed[i], &state);
            if (n != (size_t)-1) {
                memcpy(p, bytes, n);
                p += n;
            }
        }
        *p = '\0';
        s->prompt = NULL;
        curs_set(0);
        if ((size_t)(p - command) > before)
            run(s, command);
    } else if (key == 0x1b) {
        s->prompt = NULL;
        curs_set(0);
    } else if (key == KEY_OF_BACKSPACE) {
        s->typed_count -= s->typed_count > 0;
    } else if (key == 0x15) { /* control U */
        s->typed_count = 0;
    } else if (key >= ' ' && key < KEY_OF_LEFT && s->typed_count < TYPED_MOST && wcwidth((wchar_t)key) >= 0) {
        s->typed[s->typed_count++] = (wchar_t)key;
    }
}

static void take_mouse(screen *s)
{
    MEVENT event;
    uint32_t at;
    char command[40];
    if (getmouse(&event) != OK || !(event.bstate & (BUTTON1_CLICKED | BUTTON1_PRESSED)))
        return;
    if (event.y == LINES - 2 && COLS > 2) {
        snprintf(command, sizeof command, "goto %d%%", 100 * event.x / (COLS - 1));
        run(s, command);
    } else if (!s->list.text && page_at(&s->page, event.y, event.x, &at)) {
        snprintf(command, sizeof command, "at %u", at);
        run(s, command);
    }
}

static void take_key(screen *s, int key)
{
    char status[300];
    if (s->prompt) {
        key_in_prompt(s, key);
        return;
    }
    if (s->list.text) {
        key_in_list(s, key);
        return;
    }
    const key_row *k = key_find(key);
    if (!k)
        return;
    switch (k->kind) {
    case ACT_COMMAND: run(s, k->text); break;
    case ACT_PROMPT:
        s->prompt = k;
        s->typed_count = 0;
        break;
    case ACT_LIST: show_list(s, k); break;
    case ACT_STATUS:
        face_status(s->options.session, status, sizeof status);
        show_message(s, status);
        break;
    }
}

static void screen_keys(void *self)
{
    static const int known[][2] = {{KEY_LEFT, KEY_OF_LEFT},   {KEY_RIGHT, KEY_OF_RIGHT},   {KEY_UP, KEY_OF_UP},
                                   {KEY_DOWN, KEY_OF_DOWN},   {KEY_PPAGE, KEY_OF_PAGE_UP}, {KEY_NPAGE, KEY_OF_PAGE_DOWN},
                                   {KEY_HOME, KEY_OF_HOME},   {KEY_BACKSPACE, KEY_OF_BACKSPACE}, {KEY_ENTER, '\n'}};
    screen *s = self;
    wint_t c;
    int kind;
    while ((kind = wget_wch(stdscr, &c)) != ERR) {
        if (kind == OK) {
            take_key(s, c == 0x7f || c == '\b' ? KEY_OF_BACKSPACE : (int)c);
            continue;
        }
        if (c == KEY_MOUSE)
            take_mouse(s);
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (known[i][0] == (int)c)
                take_key(s, known[i][1]);
    }
}

/* ---------------------------------------------------------------- drawing, and what is told */

static void screen_draw(void *self)
{
    screen *s = self;
    session *n = s->options.session;
    if (!n->now)
        return;
    engine_state e = engine_now(n->engine);
    if (!e.started) { /* sent there, not heard yet: light where it will be */
        e.sentence = article_sentence(n->now, e.word.start);
        e.word = article_word(n->now, e.word.start);
    }
    erase();
    if (text_rows() > 0) {
        draw_head(s);
        if (s->list.text)
            list_draw(&s->list, &s->page, HEAD_ROWS, text_rows());
        else
            page_draw(&s->page, n->now, &e, HEAD_ROWS, text_rows());
        draw_bar(s, &e);
    }
    if (s->prompt) {
        draw_prompt(s);
    } else if (s->message[0] && seconds_now() < s->message_until) {
        page_put(&s->page, LINES - 1, 1, s->message, COLS - 2);
    } else if (s->list.text) {
        page_put(&s->page, LINES - 1, 1, list_hint(&s->list, text_rows()), COLS - 2);
    } else {
        draw_foot(s, &e);
    }
    refresh();
}

static void screen_article(void *self) { page_clear(&((screen *)self)->page); }

static void screen_sentence(void *self, nr_span span) { (void)self, (void)span; }

static void screen_message(void *self, const char *text) { show_message(self, text); }

static void screen_problem(void *self, const char *text)
{
    screen *s = self;
    show_message(s, text);
    snprintf(s->problem, sizeof s->problem, "%s", text);
}

const face face_screen = {
    .open = screen_open,
    .close = screen_close,
    .article = screen_article,
    .sentence = screen_sentence,
    .message = screen_message,
    .problem = screen_problem,
    .keys = screen_keys,
    .draw = screen_draw,
    .resize = screen_resize,
    .suspend = screen_suspend,
    .resume = screen_resume,
    .crash = screen_crash,
};

#endif
