#include "publish/produce.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "publish/assemble.h"
#include "publish/files.h"

/* Of the whole work, for the progress. */
#define SAID_SHARE 0.4
#define MASTERED_SHARE 0.5

#define USUAL_LOUDNESS (-16.0)

typedef struct production {
    const publish_job *job;
    const volatile int *cancel;
    assembly sound;
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
    return assembly_write(&p->sound, samples, frames, err);
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
        p->job->said(p->job->ctx, (double)(p->part_start + frame) / p->times->rate);
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
    nr_status s = assembly_begin(&p->sound, p->document, &p->part_start, p->err);
    if (!s)
        s = timeline_begin_part(p->times, doc, p->part_start, p->err);
    if (!s)
        s = nr_script_new(&script, doc, &p->job->script, p->err);
    if (!s && p->document == 0 && p->job->from)
        s = nr_script_seek(script, p->job->from, p->err);
    if (!s)
        s = nr_sink_custom(&sink, &into, p->err);
    if (!s)
        s = nr_narrate(narrator, script, sink, &watch, &said, p->err);
    if (!s)
        s = timeline_end_part(p->times, assembly_frame(&p->sound, p->document), p->err);
    if (s == NR_ENOTEXT && p->job->tags.article)
        nr_fail(p->err, s, 0, "there is nothing to say in '%s'", p->job->tags.article);
    result->words += said.words;
    result->left_out += said.left_out;
    nr_sink_free(sink);
    nr_script_free(script);
    return s;
}

static nr_status say_all(production *p, const publish_files *files, publish_result *result)
{
    const publish_job *job = p->job;
    const char *locale = job->locale ? job->locale : nr_document_metadata(job->docs[0])->language;
    nr_narrator *narrator = NULL;
    nr_status s = nr_narrator_new(&narrator, &job->voice, locale, p->err);
    if (!s)
        s = assembly_open(&p->sound, job, nr_narrator_sample_rate(narrator), publish_files_rate(files), p->err);
    if (!s)
        timeline_init(p->times, nr_narrator_sample_rate(narrator));
    if (!s && job->narrating)
        job->narrating(job->ctx, narrator);
    for (p->document = 0; p->document < job->doc_count && !s; p->document++)
        s = cancelled(p) ? nr_fail(p->err, NR_CANCELLED, 0, "stopped") : say_document(p, narrator, result);
    if (narrator && job->narrating)
        job->narrating(job->ctx, NULL);
    nr_narrator_free(narrator);
    return s;
}

/* ---------------------------------------------------------------- the whole */

typedef struct format_row {
    const char *endings;
    double headroom; /* dB, what decoding adds to peaks at most (tests/bench/publish.py measures it) */
} format_row;

static const format_row lossy[] = {{" mp3 ", 0.9}, {" opus ", 2.7}, {" ogg oga ", 3.0}, {" m4a m4b ", 1.5}};

static const format_row *lossy_format(const char *path, const char *format)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    const char *dot = path ? strrchr(slash ? slash : path, '.') : NULL;
    char word[16];
    if (snprintf(word, sizeof word, " %s ", format ? format : dot ? dot + 1 : "") >= (int)sizeof word)
        return NULL;
    for (size_t i = 0; i < sizeof lossy / sizeof *lossy; i++)
        if (strcasestr(lossy[i].endings, word))
            return &lossy[i];
    return NULL;
}

void publish_master_usual(publish_master *master, const char *path, const char *format)
{
    publish_master_preset(master, "none");
#ifdef NR_HAVE_MASTER
    if (lossy_format(path, format))
        master->loudness = USUAL_LOUDNESS;
#else
    (void)path;
    (void)format;
#endif
}

bool publish_master_preset(publish_master *master, const char *name)
{
    const master_preset *p = master_preset_find(name);
    if (p)
        *master = (publish_master){.preset = p->name, .loudness = p->loudness, .true_peak = p->true_peak,
                                   .lead_ms = p->lead_ms, .tail_ms = p->tail_ms};
    return p;
}

static double headroom(const publish_job *job)
{
    double most = 0;
    for (size_t i = 0; i < job->file_count; i++) {
        const format_row *f = lossy_format(job->files[i].path, job->files[i].format);
        if (f && f->headroom > most)
            most = f->headroom;
    }
    return most;
}

static void on_mastering(void *ctx, double share)
{
    const publish_job *job = ctx;
    if (job->progress)
        job->progress(job->ctx, SAID_SHARE + (MASTERED_SHARE - SAID_SHARE) * share);
}

static void warn_of_loudness(const publish_job *job, double reached)
{
    char message[120];
    double wanted = job->master.loudness;
    if (isnan(wanted) || fabs(reached - wanted) < 0.5 || !job->warning)
        return;
    if (isfinite(reached))
        snprintf(message, sizeof message, "the sound is at %.1f LUFS, not %.1f: its peaks allow no more", reached, wanted);
    else
        snprintf(message, sizeof message, "there is too little sound to bring it to a loudness");
    job->warning(job->ctx, message);
}

static nr_status master(production *p, publish_result *result)
{
    int64_t moved;
    nr_status s = assembly_finish(&p->sound, headroom(p->job), p->cancel, on_mastering, (void *)p->job, &moved, &result->loudness, p->err);
    if (s)
        return s;
    timeline_set_rate(p->times, p->sound.rate);
    timeline_shift(p->times, moved);
    timeline_fit(p->times, p->sound.narration.frames);
    warn_of_loudness(p->job, result->loudness);
    return timeline_make_chapters(p->times, p->err);
}

nr_status publish_produce(const publish_job *job, const volatile int *cancel, publish_result *result, nr_error *err)
{
    *result = (publish_result){.loudness = NAN};
    production p = {.job = job, .cancel = cancel, .times = &result->times, .err = err};
    publish_files *files = NULL;
    nr_status s = publish_files_open(&files, job, err);
    if (!s)
        s = say_all(&p, files, result);
    if (!s)
        s = master(&p, result);
    if (!s)
        s = publish_files_write(files, &p.sound.narration, result, MASTERED_SHARE, cancel, err);
    publish_files_close(files);
    assembly_close(&p.sound);
    if (s)
        timeline_free(&result->times);
    return s;
}
