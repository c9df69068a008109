/* play and save: the whole way through the house. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/start.h"
#include "player/print.h"

static nr_narrator *running; /* for the signal handler */
static volatile sig_atomic_t caught;

static void on_signal(int number)
{
    caught = number;
    if (running)
        nr_narrator_cancel(running);
}

static void watch_signals(nr_narrator *narrator)
{
    running = narrator;
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
    const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction old;
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) /* as nohup set it */
            sigaction(numbers[i], &act, NULL);
    }
}

typedef struct session {
    const options *opt;
    const nr_document *doc;
    bool show_lines, show_progress, progress_shown;
    int last_percent;
    int sample_rate;
    nr_sink *speaker, *file, *marks, *tee;
    nr_sink *out; /* one of them */
    timeline times; /* for what is written beside the file */
} session;

/* ---------------------------------------------------------------- what is shown meanwhile */

static void clear_progress(session *s)
{
    if (s->progress_shown)
        fputs("\r\033[K", stderr);
    s->progress_shown = false;
}

static void show_progress(session *s, uint32_t at, uint64_t frame)
{
    size_t n = nr_document_text(s->doc).n;
    int percent = n ? (int)(100.0 * at / (double)n) : 100;
    if (percent == s->last_percent)
        return;
    s->last_percent = percent;
    unsigned seconds = (unsigned)(frame / (uint64_t)s->sample_rate);
    fprintf(stderr, "\r%3d%%  %u:%02u:%02u ", percent, seconds / 3600, seconds / 60 % 60, seconds % 60);
    s->progress_shown = true;
}

static int on_utterance(void *ctx, const nr_utterance *u, uint64_t frame)
{
    session *s = ctx;
    if (s->show_lines && (u->flags & NR_UTT_SENTENCE_START))
        print_line(nr_document_text(s->doc), u->sentence);
    if (s->show_progress)
        show_progress(s, u->span.end, frame);
    return s->opt->beside.count ? timeline_note_utterance(&s->times, u, frame) : 0;
}

static int on_utterance_end(void *ctx, uint64_t frame) { return timeline_note_utterance_end(&((session *)ctx)->times, frame); }

static int on_mark(void *ctx, const nr_mark *mark) { return timeline_note_mark(&((session *)ctx)->times, mark); }

static void on_warning(void *ctx, const char *message)
{
    session *s = ctx;
    clear_progress(s);
    complain("%s", message);
}

/* ---------------------------------------------------------------- where the sound goes */

static nr_status open_file(session *s, nr_error *err)
{
    const nr_metadata *m = nr_document_metadata(s->doc);
    nr_file_options how = {.format = s->opt->format,
                           .overwrite = s->opt->overwrite,
                           .title = m->title,
                           .author = m->author,
                           .date = m->date_iso ? m->date_iso : m->date,
                           .comment = m->url};
    return nr_sink_file(&s->file, s->opt->output, &how, err);
}

static nr_status open_sinks(session *s, nr_error *err)
{
    const options *opt = s->opt;
    nr_status st = opt->command == CMD_SAVE ? open_file(s, err) : nr_sink_speaker(&s->speaker, opt->device, err);
    s->out = s->file ? s->file : s->speaker;
    if (st || !opt->marks)
        return st;
    st = nr_sink_marks(&s->marks, opt->marks, opt->overwrite, nr_document_text(s->doc), err);
    if (!st)
        st = nr_sink_tee(&s->tee, s->out, s->marks, err);
    s->out = s->tee;
    return st;
}

static void close_sinks(session *s)
{
    nr_sink_free(s->tee);
    nr_sink_free(s->marks);
    nr_sink_free(s->file);
    nr_sink_free(s->speaker);
}

static void report(const session *s, const nr_result *r)
{
    if (s->opt->command != CMD_SAVE)
        return;
    if (s->opt->json) {
        printf("{\"seconds\": %.3f, \"words\": %zu, \"left_out\": %zu}\n", (double)r->frames / r->sample_rate, r->words, r->left_out);
        return;
    }
    if (s->opt->quiet)
        return;
    unsigned seconds = (unsigned)((double)r->frames / r->sample_rate + 0.5);
    fprintf(stderr, "narrate: wrote '%s': %u:%02u:%02u, %zu words\n",
            strcmp(s->opt->output, "-") == 0 ? "standard output" : s->opt->output, seconds / 3600, seconds / 60 % 60,
            seconds % 60, r->words);
}

static int run(session *s, nr_narrator *narrator, nr_script *script)
{
    nr_error err;
    nr_result result;
    nr_watch watch = {.ctx = s, .utterance = on_utterance, .warning = on_warning};
    if (s->opt->beside.count) {
        watch.mark = on_mark;
        watch.utterance_end = on_utterance_end;
        timeline_init(&s->times, nr_narrator_sample_rate(narrator));
        if (timeline_begin_part(&s->times, s->doc, 0, &err))
            return failed(&err);
    }
    bool error_is_terminal = isatty(STDERR_FILENO);
    s->show_lines = s->opt->command == CMD_PLAY && !s->opt->quiet;
    s->show_progress = s->opt->command == CMD_SAVE && !s->opt->quiet && !s->opt->plain && error_is_terminal;
    s->last_percent = -1;
    s->sample_rate = nr_narrator_sample_rate(narrator);
    watch_signals(narrator);
    nr_status st = caught ? NR_CANCELLED : nr_narrate(narrator, script, s->out, &watch, &result, &err);
    running = NULL;
    clear_progress(s);
    if (st == NR_CANCELLED)
        return EXIT_FAILED;
    if (st)
        return failed(&err);
    if (s->opt->beside.count) {
        if (timeline_end_part(&s->times, result.frames, &err))
            return failed(&err);
        if (!beside_write(&s->opt->beside, &s->times, s->opt->output, s->opt->overwrite, s->opt->quiet))
            return EXIT_FAILED;
    }
    report(s, &result);
    return finish_output();
}

static const char *voice_locale(const options *opt, const nr_document *doc)
{
    return opt->script.locale ? opt->script.locale : nr_document_metadata(doc)->language;
}

static int narrate_document(const options *opt, const nr_document *doc)
{
    session s = {.opt = opt, .doc = doc};
    nr_narrator *narrator = NULL;
    nr_error err;
    nr_script *script = start_script(opt, doc);
    int code = EXIT_FAILED;
    if (script && !beside_ready(&opt->beside, opt->output, opt->overwrite))
        code = EXIT_FAILED;
    else if (script && (open_sinks(&s, &err) || nr_narrator_new(&narrator, &opt->voice, voice_locale(opt, doc), &err)))
        failed(&err);
    else if (script)
        code = run(&s, narrator, script);
    close_sinks(&s);
    timeline_free(&s.times);
    nr_narrator_free(narrator);
    nr_script_free(script);
    return code;
}

int narrate_article(const options *opt)
{
    nr_document *doc = open_article(opt);
    if (!doc)
        return EXIT_FAILED;
    int code = narrate_document(opt, doc);
    nr_document_free(doc);
    if (code == EXIT_FAILED && caught) {
        signal(caught, SIG_DFL); /* so that a shell sees why we ended */
        raise(caught);
    }
    return code;
}
