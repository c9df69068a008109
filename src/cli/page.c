/* page and serve-page: articles as web pages. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "publish/page.h"
#include "publish/serve.h"

/* ---------------------------------------------------------------- what is shown meanwhile */

typedef struct display {
    const options *opt;
    bool redraws;
    progress shown;
    int percent;
} display;

static void on_progress(void *ctx, size_t article, double share)
{
    display *d = ctx;
    int percent = (int)(share * 100);
    if (!d->redraws || percent == d->percent)
        return;
    d->percent = percent;
    fprintf(stderr, "\r%3d%%  %s\033[K", percent, d->opt->operands[article]);
    d->shown.shown = true;
}

static void on_warning(void *ctx, const char *message)
{
    progress_clear(&((display *)ctx)->shown);
    complain("%s", message);
}

static void on_narrating(void *ctx, nr_narrator *narrator)
{
    (void)ctx;
    signals_cancel(narrator);
    if (narrator && signals_caught)
        nr_narrator_cancel(narrator);
}

static void on_made(void *ctx, const char *path, double seconds, bool anew)
{
    display *d = ctx;
    progress_clear(&d->shown);
    if (d->opt->quiet)
        return;
    unsigned s = (unsigned)(seconds + 0.5);
    complain("%s '%s': %u:%02u:%02u", anew ? "wrote" : "is up to date:", path, s / 3600, s / 60 % 60, s % 60);
}

/* ---------------------------------------------------------------- page */

static int make(const options *opt, const page_source *sources)
{
    display d = {.opt = opt, .redraws = !opt->quiet && !opt->plain && isatty(STDERR_FILENO), .percent = -1};
    page_job job = {.sources = sources,
                    .count = opt->operand_count,
                    .folder = opt->output,
                    .single = opt->single,
                    .overwrite = opt->overwrite,
                    .locale = opt->script.locale,
                    .voice = opt->voice,
                    .script = opt->script,
                    .ctx = &d,
                    .progress = on_progress,
                    .warning = on_warning,
                    .narrating = on_narrating,
                    .made = on_made};
    publish_master_usual(&job.master, NULL, "mp3");
    nr_error err;
    nr_status s = page_make(&job, &signals_caught, &err);
    progress_clear(&d.shown);
    if (s == NR_CANCELLED && signals_caught)
        return EXIT_FAILED;
    return s ? failed(&err) : EXIT_DONE;
}

static void free_sources(page_source *sources, size_t count)
{
    for (size_t i = 0; sources && i < count; i++)
        nr_document_free((nr_document *)sources[i].doc);
    free(sources);
}

static int read_and_make(const options *opt)
{
    page_source *sources = calloc(opt->operand_count, sizeof *sources);
    bool good = sources != NULL;
    if (!good)
        complain("out of memory");
    for (size_t i = 0; i < opt->operand_count && good; i++) {
        options one = *opt;
        one.article = opt->operands[i];
        sources[i] = (page_source){.doc = open_article(&one), .name = opt->operands[i]};
        good = sources[i].doc != NULL;
    }
    int code = good ? make(opt, sources) : EXIT_FAILED;
    free_sources(sources, opt->operand_count);
    return code;
}

/* ---------------------------------------------------------------- watch */

enum { SETTLE_MS = 150 };

/* Watches the articles' folders, as editors put a new file in the old one's place. -1: it has complained. */
static int open_watch(const options *opt)
{
    int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    for (size_t i = 0; i < opt->operand_count && fd >= 0; i++) {
        const char *path = opt->operands[i], *slash = strrchr(path, '/');
        char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
        if (!folder || access(path, R_OK) < 0 || inotify_add_watch(fd, folder, IN_CLOSE_WRITE | IN_MOVED_TO) < 0) {
            complain("cannot watch '%s': %s", path, strstr(path, "://") ? "only a file can be watched" : strerror(errno));
            close(fd);
            fd = -1;
        }
        free(folder);
    }
    return fd;
}

static bool is_operand(const options *opt, const char *name)
{
    for (size_t i = 0; i < opt->operand_count; i++) {
        const char *slash = strrchr(opt->operands[i], '/');
        if (strcmp(slash ? slash + 1 : opt->operands[i], name) == 0)
            return true;
    }
    return false;
}

/* Whether one of the events that are there is about an article. */
static bool take_events(int fd, const options *opt)
{
    _Alignas(struct inotify_event) char buffer[8192];
    bool ours = false;
    ssize_t n;
    while ((n = read(fd, buffer, sizeof buffer)) > 0)
        for (char *p = buffer; p < buffer + n;) {
            const struct inotify_event *e = (const struct inotify_event *)p;
            ours = ours || (e->mask & IN_Q_OVERFLOW) || (e->len && is_operand(opt, e->name));
            p += sizeof *e + e->len;
        }
    return ours;
}

static void watch(const options *opt, int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    while (!signals_caught) {
        if (poll(&wait, 1, 500) <= 0 || !take_events(fd, opt))
            continue;
        while (!signals_caught && poll(&wait, 1, SETTLE_MS) > 0) /* a writer that is not done yet */
            take_events(fd, opt);
        if (!signals_caught)
            read_and_make(opt);
    }
}

int make_pages(const options *opt)
{
    signals_watch();
    signal(SIGXFSZ, SIG_IGN); /* a file that may grow no more is an error like any other */
    int fd = opt->watch ? open_watch(opt) : -1;
    if (opt->watch && fd < 0)
        return EXIT_FAILED;
    int code = read_and_make(opt);
    if (opt->watch && !signals_caught) {
        if (!opt->quiet)
            fprintf(stderr, "narrate: watching %zu article%s; Ctrl-C ends\n", opt->operand_count, opt->operand_count == 1 ? "" : "s");
        watch(opt, fd);
        close(fd);
        return EXIT_DONE; /* being stopped is how it ends */
    }
    signals_raise();
    return code;
}

/* ---------------------------------------------------------------- serve-page */

int serve_pages(const options *opt)
{
    serve_server *server = NULL;
    nr_error err;
    signals_watch();
    nr_status s = serve_open(&server, opt->operands[0], opt->port, &err);
    if (s)
        return failed(&err);
    printf("http://127.0.0.1:%u/\n", serve_port(server));
    int code = finish_output();
    while (!signals_caught && !code)
        poll(NULL, 0, 500);
    serve_close(server);
    return code;
}
