#include "publish/produce.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "publish/files.h"
#include "publish/recording.h"

#define SAID_SHARE 0.5 /* of the whole work */

typedef struct production {
    const publish_job *job;
    const volatile int *cancel;
    recording sound;
    timeline *times;
    size_t document; /* that is being said */
    uint64_t part_start;
    nr_error *err;
} production;

void publish_job_init(publish_job *job)
{
    *job = (publish_job){.master = {.loudness = NAN, .true_peak = NAN, .lead_ms = -1, .tail_ms = -1}};
    nr_voice_options_init(&job->voice);
}

static bool cancelled(const production *p) { return p->cancel && *p->cancel; }

/* ---------------------------------------------------------------- saying */

static nr_status take_open(void *ctx, int rate, nr_error *err)
{
    (void)ctx;
    (void)rate;
    (void)err;
    return NR_OK;
}

static nr_status take_sound(void *ctx, const int16_t *samples, size_t frames, nr_error *err)
{
    production *p = ctx;
    if (cancelled(p))
        return nr_fail(err, NR_CANCELLED, 0, "stopped");
    return recording_write(&p->sound, samples, frames, err);
}

static nr_status take_end(void *ctx, nr_error *err)
{
    (void)ctx;
    (void)err;
    return NR_OK;
}

static int on_mark(void *ctx, const nr_mark *mark) { return timeline_note_mark(((production *)ctx)->times, mark); }

static int on_utterance(void *ctx, const nr_utterance *u, uint64_t frame)
{
    production *p = ctx;
    size_t length = nr_document_text(p->job->docs[p->document]).n;
    double done = length ? (double)u->span.start / (double)length : 1;
    if (p->job->progress)
        p->job->progress(p->job->ctx, ((double)p->document + done) / (double)p->job->doc_count * SAID_SHARE);
    if (p->job->said)
        p->job->said(p->job->ctx, (double)(p->part_start + frame) / p->sound.rate);
    return timeline_note_utterance(p->times, u, frame);
}

static int on_utterance_end(void *ctx, uint64_t frame) { return timeline_note_utterance_end(((production *)ctx)->times, frame); }

static void on_warning(void *ctx, const char *message)
{
    production *p = ctx;
    if (p->job->warning)
        p->job->warning(p->job->ctx, message);
}

static nr_status say_document(production *p, nr_narrator *narrator, publish_result *result)
{
    const nr_document *doc = p->job->docs[p->document];
    nr_sink_functions into = {.ctx = p, .open = take_open, .write = take_sound, .finish = take_end};
    nr_watch watch = {.ctx = p, .mark = on_mark, .utterance = on_utterance, .utterance_end = on_utterance_end, .warning = on_warning};
    nr_script *script = NULL;
    nr_sink *sink = NULL;
    nr_result said = {0};
    p->part_start = p->sound.frames;
    nr_status s = timeline_begin_part(p->times, doc, p->part_start, p->err);
    if (!s)
        s = nr_script_new(&script, doc, &p->job->script, p->err);
    if (!s && p->document == 0 && p->job->from)
        s = nr_script_seek(script, p->job->from, p->err);
    if (!s)
        s = nr_sink_custom(&sink, &into, p->err);
    if (!s)
        s = nr_narrate(narrator, script, sink, &watch, &said, p->err);
    if (!s)
        s = timeline_end_part(p->times, p->sound.frames, p->err);
    result->words += said.words;
    result->left_out += said.left_out;
    nr_sink_free(sink);
    nr_script_free(script);
    return s;
}

static nr_status say_all(production *p, publish_result *result)
{
    const publish_job *job = p->job;
    const char *locale = job->locale ? job->locale : nr_document_metadata(job->docs[0])->language;
    nr_narrator *narrator = NULL;
    nr_status s = nr_narrator_new(&narrator, &job->voice, locale, p->err);
    if (!s)
        s = recording_open(&p->sound, job->file_count ? job->files[0].path : NULL, nr_narrator_sample_rate(narrator), p->err);
    if (!s)
        timeline_init(p->times, p->sound.rate);
    if (!s && job->narrating)
        job->narrating(job->ctx, narrator);
    for (p->document = 0; p->document < job->doc_count && !s; p->document++)
        s = cancelled(p) ? nr_fail(p->err, NR_CANCELLED, 0, "stopped") : say_document(p, narrator, result);
    if (narrator && job->narrating)
        job->narrating(job->ctx, NULL);
    nr_narrator_free(narrator);
    return s ? s : timeline_make_chapters(p->times, p->err);
}

/* ---------------------------------------------------------------- the whole */

void publish_master_usual(publish_master *master, const char *path, const char *format)
{
    static const char listeners[] = " mp3 opus ogg oga m4a m4b ";
    const char *slash = path ? strrchr(path, '/') : NULL;
    const char *dot = path ? strrchr(slash ? slash : path, '.') : NULL;
    const char *name = format ? format : dot ? dot + 1 : "";
    char word[16];
    bool fits = snprintf(word, sizeof word, " %s ", name) < (int)sizeof word;
    *master = (publish_master){.loudness = NAN, .true_peak = NAN, .lead_ms = -1, .tail_ms = -1};
    if (fits && strcasestr(listeners, word))
        master->loudness = -16;
}

nr_status publish_produce(const publish_job *job, const volatile int *cancel, publish_result *result, nr_error *err)
{
    *result = (publish_result){.loudness = NAN};
    production p = {.job = job, .cancel = cancel, .sound = {.fd = -1}, .times = &result->times, .err = err};
    publish_files *files = NULL;
    nr_status s = publish_files_open(&files, job, err);
    if (!s)
        s = say_all(&p, result);
    if (!s)
        s = publish_files_write(files, &p.sound, p.times, SAID_SHARE, cancel, err);
    publish_files_close(files);
    recording_close(&p.sound);
    if (s)
        timeline_free(&result->times);
    return s;
}
