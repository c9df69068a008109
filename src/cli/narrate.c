/* play and save: the whole way through the house. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/start.h"
#include "player/print.h"
#include "sink/sink.h"

typedef struct session {
    const options *opt;
    const nr_document *doc;
    bool show_lines;
    progress shown;
    int sample_rate;
    nr_sink *speaker, *file, *marks, *tee;
    nr_sink *out; /* one of them */
    nr_output_set files; /* appear together: first the marks, then the sound */
    timeline times;      /* for what is written beside the file */
} session;

/* ---------------------------------------------------------------- what is shown meanwhile */

static int on_utterance(void *ctx, const nr_utterance *u, uint64_t frame)
{
    session *s = ctx;
    if (s->show_lines && (u->flags & NR_UTT_SENTENCE_START))
        print_line(nr_document_text(s->doc), u->sentence);
    size_t n = nr_document_text(s->doc).n;
    progress_show(&s->shown, n ? (double)u->span.end / (double)n : 1, (double)frame / s->sample_rate);
    return s->opt->beside.count ? timeline_note_utterance(&s->times, u, frame) : 0;
}

static int on_utterance_end(void *ctx, uint64_t frame) { return timeline_note_utterance_end(&((session *)ctx)->times, frame); }

static int on_mark(void *ctx, const nr_mark *mark) { return timeline_note_mark(&((session *)ctx)->times, mark); }

static void on_warning(void *ctx, const char *message)
{
    session *s = ctx;
    progress_clear(&s->shown);
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
        st = nr_sink_tee(&s->tee, s->marks, s->out, err);
    s->out = s->tee;
    return st;
}

static void close_sinks(session *s)
{
    nr_output_set_close(&s->files);
    nr_sink_free(s->tee);
    nr_sink_free(s->marks);
    nr_sink_free(s->file);
    nr_sink_free(s->speaker);
}

/* What is written beside the sound, and all of it into its place. */
static bool finish_files(session *s, const nr_result *result)
{
    const options *opt = s->opt;
    nr_error err;
    if (opt->beside.count && timeline_end_part(&s->times, result->frames, &err)) {
        failed(&err);
        return false;
    }
    if (opt->beside.count && !beside_write(&opt->beside, &s->times, opt->output, opt->overwrite, opt->quiet, &s->files))
        return false;
    if (nr_output_set_place(&s->files, &err)) {
        failed(&err);
        return false;
    }
    return true;
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
    s->show_lines = s->opt->command == CMD_PLAY && !s->opt->quiet;
    progress_init(&s->shown, s->opt);
    s->sample_rate = nr_narrator_sample_rate(narrator);
    signals_cancel(narrator);
    signals_watch();
    nr_sink_hold(s->out, &s->files);
    nr_status st = signals_caught ? NR_CANCELLED : nr_narrate(narrator, script, s->out, &watch, &result, &err);
    signals_cancel(NULL);
    progress_clear(&s->shown);
    if (st == NR_CANCELLED)
        return EXIT_FAILED;
    if (st == NR_ENOTEXT)
        complain("there is nothing to say in '%s'", s->opt->article);
    else if (st)
        failed(&err);
    if (st)
        return EXIT_FAILED;
    if (!finish_files(s, &result))
        return EXIT_FAILED;
    progress_report(s->opt, (double)result.frames / result.sample_rate, result.words, result.left_out);
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
    if (code == EXIT_FAILED)
        signals_raise();
    return code;
}
