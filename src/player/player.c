#include "player/player.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "player/control.h"
#include "player/face.h"
#include "player/mpris.h"

enum { FRAME_MS = 33, IDLE_MS = 500, POLLS = 64 };

typedef struct player {
    player_options options;
    session session;
    const face *face;
    void *self; /* the face's */
    int terminal, signals, saved_errors;
    FILE *errors;
    control *control;
    mpris *mpris;
    int ended_by;      /* a signal */
    bool was_playing;  /* when it was suspended */
    sigset_t before;
    struct sigaction stop_before; /* what SIGTSTP did */
} player;

/* ---------------------------------------------------------------- the session's view */

static void on_article(void *ctx)
{
    player *p = ctx;
    if (p->self)
        p->face->article(p->self);
    mpris_changed(p->mpris);
}

static void on_sentence(void *ctx, nr_span span)
{
    player *p = ctx;
    p->face->sentence(p->self, span);
}

static void on_message(void *ctx, const char *text)
{
    player *p = ctx;
    p->face->message(p->self, text);
}

static void on_problem(void *ctx, const char *text)
{
    player *p = ctx;
    p->face->problem(p->self, text);
}

/* ---------------------------------------------------------------- a crash leaves the terminal as it was */

static player *crashing;

static void on_crash(int number)
{
    if (crashing && crashing->self && crashing->face->crash)
        crashing->face->crash(crashing->self);
    raise(number); /* SA_RESETHAND: for good */
}

static void watch_crashes(player *p, bool on)
{
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct sigaction act = {.sa_handler = on ? on_crash : SIG_DFL, .sa_flags = (int)SA_RESETHAND | SA_NODEFER};
    crashing = on ? p : NULL;
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
        sigaction(fatal[i], &act, NULL);
}

/* ---------------------------------------------------------------- signals */

static bool ignored(int number)
{
    struct sigaction old;
    return sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_IGN;
}

static void never(int number) { (void)number; }

/* They are read from a descriptor, so that no handler interrupts anything. While it draws, ncurses ignores SIGTSTP, and
 * with that the kernel forgets one that waits to be read; it leaves the signal alone that has a handler already. */
static bool take_signals(player *p)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!ignored(numbers[i])) /* as nohup set it */
            sigaddset(&set, numbers[i]);
    if (pthread_sigmask(SIG_BLOCK, &set, &p->before))
        return false;
    if (!ignored(SIGTSTP))
        sigaction(SIGTSTP, &(struct sigaction){.sa_handler = never}, &p->stop_before);
    p->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return p->signals >= 0;
}

static void suspend(player *p)
{
    p->was_playing = !engine_now(p->session.engine).paused;
    char reply[64];
    session_command(&p->session, "pause", reply, sizeof reply);
    if (p->face->suspend)
        p->face->suspend(p->self);
    raise(SIGSTOP); /* goes on here */
    if (p->face->resume)
        p->face->resume(p->self);
    if (p->was_playing)
        session_command(&p->session, "play", reply, sizeof reply);
}

static void read_signals(player *p)
{
    struct signalfd_siginfo info;
    while (read(p->signals, &info, sizeof info) == sizeof info) {
        switch (info.ssi_signo) {
        case SIGTSTP: suspend(p); break;
        case SIGCONT:
            if (p->face->resume)
                p->face->resume(p->self);
            break;
        case SIGWINCH:
            if (p->face->resize)
                p->face->resize(p->self);
            break;
        default:
            p->ended_by = (int)info.ssi_signo;
            p->session.quit = true;
        }
    }
}

/* ---------------------------------------------------------------- the terminal and standard error */

static int open_terminal(const player_options *opt)
{
    if (opt->quiet || !isatty(STDOUT_FILENO))
        return -1;
    if (isatty(STDIN_FILENO))
        return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    return open("/dev/tty", O_RDWR | O_CLOEXEC); /* the article comes from standard input */
}

/* PortAudio prints about a device that is gone; problems are told by the face instead. */
static void silence_errors(player *p)
{
    p->errors = stderr;
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    p->saved_errors = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    FILE *errors = p->saved_errors >= 0 ? fdopen(p->saved_errors, "w") : NULL;
    if (nowhere >= 0 && errors) {
        fflush(stderr);
        dup2(nowhere, STDERR_FILENO);
        p->errors = errors;
    }
    if (nowhere >= 0)
        close(nowhere);
#endif
}

static void restore_errors(player *p)
{
    if (p->errors == stderr)
        return;
    fflush(p->errors);
    dup2(p->saved_errors, STDERR_FILENO);
    fclose(p->errors);
    p->errors = stderr;
}

static bool open_face(player *p)
{
    face_options how = {&p->session, p->terminal, p->options.quiet, p->errors};
    p->face = &face_lines;
#if NR_HAVE_SCREEN
    if (p->terminal >= 0 && !p->options.plain) {
        p->self = face_screen.open(&how);
        if (p->self)
            p->face = &face_screen;
    }
#endif
    if (!p->self)
        p->self = p->face->open(&how);
    return p->self != NULL;
}

/* ---------------------------------------------------------------- the loop */

static void run_command(void *ctx, const char *line, char *reply, size_t size, bool *good)
{
    player *p = ctx;
    *good = session_command(&p->session, line, reply, size);
    mpris_changed(p->mpris);
}

/* Milliseconds; a word is lit when it is heard, and not at the next of even steps. */
static int time_to_draw(const player *p)
{
    engine_state e = engine_now(p->session.engine);
    if (!p->face->draw || e.paused)
        return IDLE_MS;
    return e.next_ms >= 0 && e.next_ms < FRAME_MS ? (int)e.next_ms + 1 : FRAME_MS;
}

static void wait_for_something(player *p)
{
    struct pollfd polls[POLLS] = {{engine_fd(p->session.engine), POLLIN, 0}, {p->signals, POLLIN, 0}, {p->terminal, POLLIN, 0}};
    nfds_t n = 3;
    n += control_polls(p->control, polls + n, POLLS - n - 1);
    int timeout = time_to_draw(p);
    nfds_t bus = n;
    n += mpris_poll(p->mpris, polls + n, &timeout);
    if (poll(polls, n, timeout) < 0)
        return;
    if (polls[1].revents)
        read_signals(p);
    if (polls[2].revents & POLLIN)
        p->face->keys(p->self);
    else if (polls[2].revents & (POLLHUP | POLLERR))
        p->session.quit = true; /* the terminal is gone */
    control_step(p->control, polls + 3, bus - 3);
    mpris_step(p->mpris);
}

static void run_loop(player *p)
{
    while (!p->session.quit) {
        wait_for_something(p);
        session_step(&p->session);
        mpris_changed(p->mpris);
        if (p->face->draw && !p->session.quit)
            p->face->draw(p->self);
    }
}

static void print_stats(player *p)
{
    engine_state e = engine_now(p->session.engine);
    engine_times t = engine_first(p->session.engine);
    double began = p->options.began;
    fprintf(p->errors, "narrate: started at %.1f ms of the monotonic clock\n", began);
    fprintf(p->errors, "narrate: read %.1f ms; after the start: voice ready %.1f ms, script %.1f ms, first sound made %.1f ms, "
            "device ready %.1f ms, first sound handed to it %.1f ms\n", p->session.read_seconds * 1000, t.voice - began,
            t.script - began, t.sound - began, t.device - began, t.written - began);
    fprintf(p->errors, "narrate: %.1f s played, %llu underruns\n", e.sample_rate ? (double)e.heard / e.sample_rate : 0,
            (unsigned long long)e.underruns);
}

int player_run(const player_options *opt)
{
    player p = {.options = *opt, .terminal = open_terminal(opt), .signals = -1, .saved_errors = -1};
    session_view view = {&p, on_article, on_sentence, on_message, on_problem};
    int code = 1;
    silence_errors(&p);
    if (opt->resume >= 0 ? opt->resume : p.terminal >= 0)
        p.options.session.resume = true;
    if (!take_signals(&p) || !open_face(&p))
        goto out;
    watch_crashes(&p, true);
    if (session_open(&p.session, &p.options.session, &view)) {
        p.control = control_open(opt->control, run_command, on_problem, &p);
        p.mpris = mpris_open(&p.session);
        run_loop(&p);
        code = p.session.exit_code;
    }
    mpris_close(p.mpris);
    control_close(p.control);
    watch_crashes(&p, false);
    if (p.session.engine && p.options.stats) {
        if (p.face->suspend)
            p.face->suspend(p.self);
        print_stats(&p);
    }
    session_close(&p.session);
    p.face->close(p.self);
out:
    restore_errors(&p);
    if (p.terminal >= 0)
        close(p.terminal);
    if (p.signals >= 0)
        close(p.signals);
    if (!ignored(SIGTSTP))
        sigaction(SIGTSTP, &p.stop_before, NULL);
    pthread_sigmask(SIG_SETMASK, &p.before, NULL);
    return p.ended_by ? -p.ended_by : code;
}

int player_list(void)
{
    size_t count, shown = 0;
    place *all = state_list(&count);
    for (size_t i = 0; i < count; i++) {
        const place *p = &all[i];
        if (p->finished || p->at == 0 || p->length == 0)
            continue;
        char when[40] = "";
        struct tm day;
        time_t updated = (time_t)p->updated;
        if (localtime_r(&updated, &day))
            strftime(when, sizeof when, "%Y-%m-%d %H:%M", &day);
        printf("%3d%%  %s  %s\n      %s\n", (int)(100.0 * p->at / p->length), when, p->title, p->path);
        shown++;
    }
    if (!shown)
        puts("nothing is waiting to be heard to its end");
    free(all);
    return fflush(stdout) ? 1 : 0;
}
