/* batch: many articles to files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "publish/batch.h"

typedef struct display {
    const options *opt;
    size_t count, written;
    double seconds, began, shown_at; /* of sound; of the monotonic clock */
    bool redraws;
    progress shown;
} display;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const char *span_text(double seconds, char out[32])
{
    unsigned s = (unsigned)(seconds + 0.5);
    if (s >= 3600)
        snprintf(out, 32, "%u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(out, 32, "%u:%02u", s / 60, s % 60);
    return out;
}

static void print_span(double seconds) { fputs(span_text(seconds, (char[32]){0}), stderr); }

/* [=====>     ] 123/500  41 a minute  9:05 left */
static void on_tick(void *ctx, size_t done)
{
    display *d = ctx;
    double t = now();
    if (!d->redraws || t - d->shown_at < 0.2)
        return;
    d->shown_at = t;
    char bar[21];
    size_t full = done * 20 / d->count;
    for (size_t i = 0; i < 20; i++)
        bar[i] = i < full ? '=' : i == full ? '>' : ' ';
    bar[20] = '\0';
    progress_clear(&d->shown);
    fprintf(stderr, "[%s] %zu/%zu", bar, done, d->count);
    double rate = t > d->began ? (double)d->written / (t - d->began) : 0;
    if (d->written && t - d->began > 1) {
        fprintf(stderr, "  %.*f a minute  ", rate * 60 < 10 ? 1 : 0, rate * 60);
        print_span((double)(d->count - done) / rate);
        fputs(" left", stderr);
    }
    d->shown.shown = true;
}

static void on_article(void *ctx, const work_item *item, const batch_article *a, size_t done)
{
    display *d = ctx;
    d->written += a->state == BATCH_WRITTEN;
    if (a->state == BATCH_FAILED) {
        progress_clear(&d->shown);
        complain("'%s': %s", item->source, a->error ? a->error : "failed");
    } else if (a->state == BATCH_STALE) {
        progress_clear(&d->shown);
        complain("'%s' is older than '%s' and was left; --update makes it again", a->output, item->source);
    } else if (!d->redraws && !d->opt->quiet && a->state == BATCH_WRITTEN) {
        say_line("%zu/%zu  wrote '%s'  %s", done, d->count, a->output, span_text(a->seconds, (char[32]){0}));
    }
}

static void report(const display *d, const batch_result *r)
{
    if (d->opt->quiet)
        return;
    fprintf(stderr, "narrate: %zu article%s: %zu written (", r->count, r->count == 1 ? "" : "s", r->counts[BATCH_WRITTEN]);
    print_span(r->seconds);
    fprintf(stderr, " of sound)");
    static const struct {
        batch_state state;
        const char *words;
    } others[] = {{BATCH_THERE, "there already"}, {BATCH_STALE, "out of date"}, {BATCH_FAILED, "failed"}, {BATCH_WAITING, "not done"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (r->counts[others[i].state])
            fprintf(stderr, ", %zu %s", r->counts[others[i].state], others[i].words);
    fputc('\n', stderr);
}

/* Where the summary goes when nothing was said: each shard has its own. NULL: out of memory. */
static char *summary_path(const options *opt)
{
    char *path = NULL;
    int n = opt->summary   ? asprintf(&path, "%s", opt->summary)
            : opt->shards > 1 ? asprintf(&path, "%s/batch-%u-of-%u.json", opt->output, opt->shard, opt->shards)
                              : asprintf(&path, "%s/batch.json", opt->output);
    return n < 0 ? NULL : path;
}

static int run_with(const options *opt, const worklist *list, char *const *arguments)
{
    display d = {.opt = opt, .count = list->count, .began = now()};
    d.redraws = !opt->quiet && !opt->plain && isatty(STDERR_FILENO);
    const char *endings[BESIDE_MAX];
    for (unsigned i = 0; i < opt->beside.count; i++)
        endings[i] = beside_ending(opt->beside.files[i].kind);
    batch_options how = {.folder = opt->output,
                         .format = opt->format ? opt->format : "mp3",
                         .beside = endings,
                         .beside_count = opt->beside.count,
                         .jobs = opt->voice.jobs,
                         .overwrite = opt->overwrite,
                         .update = opt->update,
                         .program = "/proc/self/exe",
                         .arguments = (const char *const *)arguments,
                         .argument_count = opt->passed_count,
                         .ctx = &d,
                         .report = on_article,
                         .tick = on_tick};
    batch_result result;
    nr_error err;
    signals_watch();
    nr_status s = batch_run(list, &how, &signals_caught, &result, &err);
    progress_clear(&d.shown);
    bool whole = !s && !result.counts[BATCH_FAILED] && !result.counts[BATCH_STALE];
    if (s && s != NR_CANCELLED)
        failed(&err);
    char *path = summary_path(opt);
    if (result.count && (!path || batch_write_summary(list, &result, path, &err))) {
        failed(path ? &err : &(nr_error){.msg = "out of memory"});
        whole = false;
    }
    if (result.count)
        report(&d, &result);
    free(path);
    batch_result_free(&result);
    return whole ? EXIT_DONE : EXIT_FAILED;
}

/* "--voice=en", to be freed; NULL: out of memory. */
static char *argument_of(const passed_option *p)
{
    char *word = NULL;
    return asprintf(&word, "--%s%s%s", p->name, p->value ? "=" : "", p->value ? p->value : "") < 0 ? NULL : word;
}

static int run(const options *opt, const worklist *list)
{
    char *arguments[sizeof opt->passed / sizeof *opt->passed];
    for (size_t i = 0; i < opt->passed_count; i++)
        arguments[i] = argument_of(&opt->passed[i]);
    bool whole = true;
    for (size_t i = 0; i < opt->passed_count; i++)
        whole = whole && arguments[i];
    int code = whole ? run_with(opt, list, arguments) : failed(&(nr_error){.msg = "out of memory"});
    for (size_t i = 0; i < opt->passed_count; i++)
        free(arguments[i]);
    return code;
}

int narrate_batch(const options *opt)
{
    worklist list;
    nr_error err;
    if (worklist_read(&list, opt->article, opt->zero, opt->output, &err))
        return failed(&err);
    if (opt->shards)
        worklist_keep_shard(&list, opt->shard, opt->shards);
    int code = list.count ? run(opt, &list) : EXIT_DONE; /* more shards than articles */
    worklist_free(&list);
    signals_raise();
    return code;
}
