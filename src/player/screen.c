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

/* term.h has it, and macros named like half of this file's variables. */
extern char *tigetstr(const char *capability);

enum { CACHE = 64, TYPED_MOST = 200, MESSAGE_SECONDS = 4, HEAD_ROWS = 2, FOOT_ROWS = 2, RESTORE_BYTES = 256 };
enum { PAIR_SENTENCE = 1, PAIR_WORD, PAIR_BAR };

/* A block's lines at the width in hand. */
typedef struct cached {
    size_t block, count;
    layout_line *lines;
} cached;


typedef struct screen {
    face_options options;
    SCREEN *terminal;
    FILE *out, *in;
    bool colours;
    cached cache[CACHE];
    int width;              /* of the text in the cache */
    const article *shown;
    size_t top_block, top_line;
    bool anchored;          /* the top is settled */
    char message[300], problem[500];
    double message_until;
    const key_row *prompt;  /* what is being typed is for */
    wchar_t typed[TYPED_MOST];
    size_t typed_count;
    char *list;             /* shown instead of the text: lines */
    const char *list_command; /* with the chosen line's first column; NULL: nothing to choose */
    size_t list_at, list_count;
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
    mousemask(BUTTON1_CLICKED | BUTTON1_PRESSED, NULL);
    mouseinterval(0);
    s->colours = has_colors() && !(no_colour && *no_colour);
    if (s->colours) {
        start_color();
        use_default_colors();
        init_pair(PAIR_SENTENCE, COLOR_CYAN, -1);
        init_pair(PAIR_WORD, COLOR_BLACK, COLOR_YELLOW);
        init_pair(PAIR_BAR, COLOR_CYAN, -1);
    }
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

static void clear_cache(screen *s)
{
    for (size_t i = 0; i < CACHE; i++) {
        free(s->cache[i].lines);
        s->cache[i] = (cached){0};
    }
    s->anchored = false;
}

static void screen_close(void *self)
{
    screen *s = self;
    clear_cache(s);
    curs_set(1);
    endwin();
    delscreen(s->terminal);
    fclose(s->in);
    fclose(s->out);
    if (s->problem[0])
        fprintf(s->options.errors, "narrate: %s\n", s->problem);
    free(s->list);
    free(s);
}

static void screen_suspend(void *self)
{
    (void)self;
    def_prog_mode();
    endwin();
}

static void screen_resume(void *self)
{
    (void)self;
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
    clear_cache(s);
    clearok(stdscr, TRUE);
}

/* ---------------------------------------------------------------- the text */

static int indent_of(const nr_block *b)
{
    return b->kind == NR_BLOCK_ITEM ? 2 * (b->level ? b->level : 1) : b->kind == NR_BLOCK_QUOTE ? 2 : 0;
}

static const cached *lines_of(screen *s, size_t block)
{
    static const cached none = {0};
    const article *a = s->options.session->now;
    cached *c = &s->cache[block % CACHE];
    if (c->lines && c->block == block)
        return c;
    free(c->lines);
    int indent = indent_of(&a->blocks[block]), width = COLS - indent - 2 > 4 ? COLS - indent - 2 : 4;
    c->block = block;
    c->count = layout_block(a->text, a->blocks[block].span, width > 76 ? 76 : width, &c->lines);
    return c->lines ? c : &none;
}

static size_t line_of(screen *s, size_t block, uint32_t at)
{
    const cached *c = lines_of(s, block);
    size_t i = 0;
    while (i + 1 < c->count && c->lines[i + 1].start <= at)
        i++;
    return i;
}

/* Goes a row up or down from a line; blocks have an empty row between them, which is line `count` of the one above. */
static bool step_up(screen *s, size_t *block, size_t *line)
{
    if (*line > 0) {
        --*line;
        return true;
    }
    if (*block == 0)
        return false;
    --*block;
    *line = lines_of(s, *block)->count;
    return true;
}

static bool step_down(screen *s, size_t *block, size_t *line)
{
    if (*line < lines_of(s, *block)->count) {
        ++*line;
        return true;
    }
    if (*block + 1 >= s->options.session->now->block_count)
        return false;
    ++*block;
    *line = 0;
    return true;
}

/* Keeps the top where it is as long as the spoken line is well inside; else the spoken line goes to the upper third. */
static void settle_top(screen *s, size_t block, size_t line, int rows)
{
    if (s->anchored) {
        size_t b = s->top_block, l = s->top_line;
        int y = 0;
        while ((b != block || l != line) && y < rows && step_down(s, &b, &l))
            y++;
        if (b == block && l == line && y < rows - 1 - rows / 6)
            return;
    }
    s->top_block = block;
    s->top_line = line;
    for (int i = 0; i < rows / 4; i++)
        if (!step_up(s, &s->top_block, &s->top_line))
            break;
    s->anchored = true;
}

static attr_t look_of(const screen *s, const nr_block *b, uint32_t at, const engine_state *e, short *pair)
{
    *pair = 0;
    if (at >= e->word.start && at < e->word.end) {
        *pair = s->colours ? PAIR_WORD : 0;
        return s->colours ? A_BOLD : A_REVERSE;
    }
    if (at >= e->sentence.start && at < e->sentence.end) {
        *pair = s->colours ? PAIR_SENTENCE : 0;
        return A_BOLD;
    }
    if (b->flags & NR_BLOCK_SILENT)
        return A_DIM;
    return b->kind == NR_BLOCK_TITLE || b->kind == NR_BLOCK_HEADING ? A_UNDERLINE : A_NORMAL;
}

static void draw_line(screen *s, int y, const nr_block *b, layout_line line, bool first, const engine_state *e)
{
    nr_view text = s->options.session->now->text;
    int indent = indent_of(b);
    if (first && b->kind == NR_BLOCK_ITEM) {
        if (b->number)
            mvprintw(y, indent - 1, "%u ", b->number);
        else
            mvaddwstr(y, indent - 1, L"\u2022");
    }
    move(y, 1 + indent);
    for (uint32_t at = line.start; at < line.end;) {
        wchar_t c[2] = {0};
        int columns;
        short pair;
        size_t n = layout_char(text.p + at, text.p + line.end, c, &columns);
        attr_t look = look_of(s, b, at, e, &pair);
        attr_set(look, pair, NULL);
        addnwstr(c, 1);
        at += (uint32_t)n;
    }
    attr_set(A_NORMAL, 0, NULL);
}

static void draw_text(screen *s, const engine_state *e, int rows)
{
    const article *a = s->options.session->now;
    if (!a->block_count || rows <= 0)
        return;
    size_t block = article_block(a, e->word.start), line = line_of(s, block, e->word.start);
    settle_top(s, block, line, rows);
    size_t b = s->top_block, l = s->top_line;
    for (int y = 0; y < rows; y++) {
        const cached *c = lines_of(s, b);
        if (l < c->count)
            draw_line(s, HEAD_ROWS + y, &a->blocks[b], c->lines[l], l == 0, e);
        if (!step_down(s, &b, &l))
            break;
    }
}

static bool offset_at(screen *s, int y, int x, uint32_t *at)
{
    const article *a = s->options.session->now;
    size_t b = s->top_block, l = s->top_line;
    y -= HEAD_ROWS;
    if (y < 0 || y >= LINES - HEAD_ROWS - FOOT_ROWS || s->list)
        return false;
    while (y-- > 0)
        if (!step_down(s, &b, &l))
            return false;
    const cached *c = lines_of(s, b);
    if (l >= c->count)
        return false;
    x -= 1 + indent_of(&a->blocks[b]);
    *at = layout_at(a->text, c->lines[l], x < 0 ? 0 : x);
    return *at < c->lines[l].end;
}

/* ---------------------------------------------------------------- head and foot */

/* Text cut to a number of columns; gives the columns that it took. */
static int put_cut(int y, int x, const char *text, int columns)
{
    const char *end = text + strlen(text);
    int used = 0;
    move(y, x);
    while (text < end) {
        wchar_t c[2] = {0};
        int width;
        size_t n = layout_char(text, end, c, &width);
        if (used + width > columns)
            break;
        addnwstr(c, 1);
        used += width;
        text += n;
    }
    return used;
}

static void draw_head(const session *s)
{
    char left[400];
    const char *author = nr_document_metadata(s->now->doc)->author;
    snprintf(left, sizeof left, "%.250s%s%.120s", article_title(s->now), author && *author ? " \u2014 " : "", author ? author : "");
    attr_set(A_BOLD, 0, NULL);
    put_cut(0, 1, left, COLS - 2);
    attr_set(A_NORMAL, 0, NULL);
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
    attr_set(A_BOLD, s->colours ? PAIR_BAR : 0, NULL);
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
    int used = put_cut(LINES - 1, 1, text, COLS - 2);
    if (used + 12 < COLS)
        mvaddstr(LINES - 1, COLS - 8, "? help");
}

static void draw_prompt(const screen *s)
{
    int used = put_cut(LINES - 1, 1, s->prompt->ask, COLS / 2);
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

static const char *list_line(const screen *s, size_t i)
{
    const char *p = s->list;
    while (i-- > 0) {
        p = strchr(p, '\n');
        if (!p)
            return NULL;
        p++;
    }
    return p;
}

static void draw_list(screen *s, int rows)
{
    size_t top = s->list_at >= (size_t)rows ? s->list_at - (size_t)rows + 1 : 0;
    if (!s->list_command)
        top = s->list_at;
    for (int y = 0; y < rows && top + (size_t)y < s->list_count; y++) {
        const char *line = list_line(s, top + (size_t)y);
        char text[400];
        snprintf(text, sizeof text, "%.*s", (int)strcspn(line, "\n") < 399 ? (int)strcspn(line, "\n") : 399, line);
        for (char *t = text; *t; t++)
            if (*t == '\t')
                *t = ' ';
        bool chosen = s->list_command && top + (size_t)y == s->list_at;
        attr_set(chosen ? A_REVERSE : A_NORMAL, 0, NULL);
        put_cut(HEAD_ROWS + y, 1, text, COLS - 2);
    }
    attr_set(A_NORMAL, 0, NULL);
}

static void open_list(screen *s, char *text, const char *command)
{
    free(s->list);
    s->list = text;
    s->list_command = command;
    s->list_at = 0;
    s->list_count = text && *text;
    for (const char *p = text; p && (p = strchr(p, '\n')); p++)
        s->list_count += p[1] != '\0';
}

static char *help_text(void)
{
    size_t count, n = 0;
    const key_row *rows = key_rows(&count);
    char *text = malloc(4000);
    for (size_t i = 0; text && i < count; i++)
        if (rows[i].label)
            n += (size_t)snprintf(text + n, 4000 - n, "%-15s %s\n", rows[i].label, rows[i].about);
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

static void show_list(screen *s, const key_row *k)
{
    session *n = s->options.session;
    char *reply = NULL;
    size_t chosen = 0;
    switch (k->key) {
    case '?': open_list(s, help_text(), NULL); break;
    case 'v':
        open_list(s, voice_text(engine_now(n->engine).voice, &chosen), "voice");
        s->list_at = chosen;
        break;
    default:
        reply = malloc(SESSION_REPLY);
        if (!reply)
            return;
        if (!session_command(n, k->text, reply, SESSION_REPLY) || (k->key == 'B' && !n->place.bookmark_count)) {
            show_message(s, reply);
            free(reply);
            return;
        }
        open_list(s, reply, k->key == 'B' ? "at" : NULL);
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

static void choose(screen *s)
{
    char command[300];
    const char *line = s->list_command ? list_line(s, s->list_at) : NULL;
    if (line) {
        snprintf(command, sizeof command, "%s %.*s", s->list_command, (int)strcspn(line, "\t\n"), line);
        run(s, command);
    }
    open_list(s, NULL, NULL);
}

static void key_in_list(screen *s, int key)
{
    size_t page = LINES > 6 ? (size_t)LINES - 5 : 1, last = s->list_count ? s->list_count - 1 : 0;
    switch (key) {
    case KEY_OF_UP: s->list_at -= s->list_at > 0; break;
    case KEY_OF_DOWN: s->list_at += s->list_at < last; break;
    case KEY_OF_PAGE_UP: s->list_at = s->list_at > page ? s->list_at - page : 0; break;
    case KEY_OF_PAGE_DOWN: s->list_at = s->list_at + page < last ? s->list_at + page : last; break;
    case '\r':
    case '\n': choose(s); break;
    case ' ': run(s, "toggle"); break;
    default: open_list(s, NULL, NULL);
    }
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
    } else if (offset_at(s, event.y, event.x, &at)) {
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
    if (s->list) {
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
    if (s->shown != n->now || s->width != COLS)
        clear_cache(s);
    s->shown = n->now;
    s->width = COLS;
    engine_state e = engine_now(n->engine);
    if (!e.started) /* sent there, not heard yet: light where it will be */
        e.sentence = article_sentence(n->now, e.word.start);
    erase();
    if (LINES > HEAD_ROWS + FOOT_ROWS) {
        draw_head(n);
        if (s->list)
            draw_list(s, LINES - HEAD_ROWS - FOOT_ROWS);
        else
            draw_text(s, &e, LINES - HEAD_ROWS - FOOT_ROWS);
        draw_bar(s, &e);
    }
    if (s->prompt) {
        draw_prompt(s);
    } else if (s->message[0] && seconds_now() < s->message_until) {
        put_cut(LINES - 1, 1, s->message, COLS - 2);
    } else {
        draw_foot(s, &e);
    }
    refresh();
}

static void screen_article(void *self) { clear_cache(self); }

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
