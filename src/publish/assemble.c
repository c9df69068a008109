#include "publish/assemble.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "publish/jingle.h"
#include "publish/resample.h"

enum { BLOCK = 4096, JOIN_MS = 1000, AROUND_MS = 500, FADE_IN_MS = 10, FADE_OUT_MS = 500, MOST_RATE = 48000 };
#define SILENT 32        /* samples up to this are silence: -60 dBFS */
#define MOST_GAIN 60.0   /* dB */

static size_t frames_of(int rate, double ms) { return ms > 0 ? (size_t)(ms * rate / 1000 + 0.5) : 0; }

static const char *path_of(const publish_job *job, int jingle)
{
    return jingle == JINGLE_INTRO ? job->intro : jingle == JINGLE_OUTRO ? job->outro : job->doc_count > 1 ? job->between : NULL;
}

/* ---------------------------------------------------------------- beginning */

static nr_status measure(const recording *r, double *lufs, nr_error *err)
{
    loudness_meter meter;
    int16_t block[BLOCK];
    size_t got = 0;
    nr_status s = loudness_open(&meter, r->rate, 0, err);
    for (uint64_t at = 0; at < r->frames && !s; at += got) {
        s = recording_read(r, at, block, BLOCK, &got, err);
        if (!s)
            s = loudness_add(&meter, block, got, err);
    }
    *lufs = s ? NAN : loudness_integrated(meter.steps, meter.count);
    loudness_close(&meter);
    return s;
}

static nr_status read_jingles(assembly *a, const char *beside, nr_error *err)
{
    nr_status s = NR_OK;
    for (int i = 0; i < JINGLES && !s; i++) {
        const char *path = path_of(a->job, i);
        if (path)
            s = jingle_read(&a->jingles[i], path, beside, a->rate, err);
        if (path && !s)
            s = measure(&a->jingles[i], &a->jingle_lufs[i], err);
    }
    return s;
}

nr_status assembly_open(assembly *a, const publish_job *job, int voice_rate, int file_rate, nr_error *err)
{
    const publish_master *m = &job->master;
    const char *beside = job->file_count ? job->files[0].path : NULL;
    *a = (assembly){.job = job, .preset = master_preset_find(m->preset), .narration = {.fd = -1}, .rate = voice_rate};
    bool jingles = publish_has_jingles(job);
    for (int i = 0; i < JINGLES; i++)
        a->jingles[i].fd = -1;
    if (jingles && file_rate > voice_rate)
        a->rate = file_rate < MOST_RATE ? file_rate : MOST_RATE;
    if (!a->preset)
        return nr_fail(err, NR_EINVAL, 0, "there is no preset '%s'; there are podcast, audiobook, none", m->preset);
    a->measures = !isnan(m->loudness) || a->preset->compress || jingles;
    a->needed = a->measures || m->lead_ms >= 0 || m->tail_ms >= 0;
    a->starts = calloc(job->doc_count + 1, sizeof *a->starts);
    nr_status s = a->starts ? recording_open(&a->narration, beside, voice_rate, err) : nr_fail_memory(err);
    if (!s && a->preset->highpass > 0)
        highpass_init(&a->highpass, voice_rate, a->preset->highpass);
    if (!s && a->measures)
        s = loudness_open(&a->meter, voice_rate, 0, err);
    return s ? s : read_jingles(a, beside, err);
}

void assembly_close(assembly *a)
{
    if (!a->job) /* never opened */
        return;
    for (int i = 0; i < JINGLES; i++)
        recording_close(&a->jingles[i]);
    recording_close(&a->narration);
    loudness_close(&a->meter);
    free(a->starts);
    a->starts = NULL;
}

/* ---------------------------------------------------------------- while it is said */

static nr_status note(assembly *a, const int16_t *samples, size_t frames, nr_error *err)
{
    nr_status s = a->measures ? loudness_add(&a->meter, samples, frames, err) : NR_OK;
    return s ? s : recording_write(&a->narration, samples, frames, err);
}

nr_status assembly_write(assembly *a, const int16_t *samples, size_t frames, nr_error *err)
{
    int16_t block[BLOCK];
    if (a->preset->highpass <= 0)
        return note(a, samples, frames, err);
    nr_status s = NR_OK;
    while (frames && !s) {
        size_t n = frames < BLOCK ? frames : BLOCK;
        memcpy(block, samples, n * sizeof *block);
        highpass_run(&a->highpass, block, n);
        s = note(a, block, n, err);
        samples += n;
        frames -= n;
    }
    return s;
}

static nr_status write_silence(assembly *a, size_t frames, nr_error *err)
{
    static const int16_t silence[BLOCK];
    nr_status s = NR_OK;
    for (size_t n; frames && !s; frames -= n) {
        n = frames < BLOCK ? frames : BLOCK;
        s = assembly_write(a, silence, n, err);
    }
    return s;
}

uint64_t assembly_frame(const assembly *a, size_t article)
{
    uint64_t between = (uint64_t)article * a->jingles[JINGLE_BETWEEN].frames;
    return a->narration.frames + (between * (uint64_t)a->narration.rate + (uint64_t)a->rate / 2) / (uint64_t)a->rate;
}

nr_status assembly_begin(assembly *a, size_t article, uint64_t *frame, nr_error *err)
{
    bool between = a->jingles[JINGLE_BETWEEN].fd >= 0;
    nr_status s = article == 0 ? NR_OK : write_silence(a, frames_of(a->narration.rate, between ? AROUND_MS : JOIN_MS), err);
    a->starts[article] = a->narration.frames;
    if (!s && article && between)
        s = write_silence(a, frames_of(a->narration.rate, AROUND_MS), err);
    *frame = assembly_frame(a, article);
    return s;
}

/* ---------------------------------------------------------------- putting together */

typedef struct clip_list {
    master_clip *clips;
    size_t count;
    uint64_t frames;
} clip_list;

static void add(clip_list *l, master_clip clip)
{
    if (!clip.frames)
        return;
    l->clips[l->count++] = clip;
    l->frames += clip.frames;
}

static void add_silence(clip_list *l, size_t frames) { add(l, (master_clip){.frames = frames}); }

static double gain_to(double target, double lufs)
{
    double db = target - lufs;
    return isfinite(db) ? pow(10, fmax(-MOST_GAIN, fmin(db, MOST_GAIN)) / 20) : 1;
}

static void add_jingle(const assembly *a, clip_list *l, int jingle, double target)
{
    const recording *r = &a->jingles[jingle];
    size_t in = frames_of(a->rate, FADE_IN_MS), out = frames_of(a->rate, FADE_OUT_MS);
    if (r->fd < 0)
        return;
    add(l, (master_clip){.sound = r, .frames = r->frames, .gain = gain_to(target, a->jingle_lufs[jingle]),
                         .fade_in = (uint32_t)(in < r->frames / 4 ? in : r->frames / 4),
                         .fade_out = (uint32_t)(out < r->frames / 4 ? out : r->frames / 4)});
}

/* Where sound begins and ends; all of it where there is none. */
static nr_status find_sound(const recording *r, uint64_t *first, uint64_t *end, nr_error *err)
{
    int16_t block[BLOCK];
    nr_status s = NR_OK;
    bool found = false;
    size_t got = 0;
    *first = 0;
    *end = r->frames;
    for (uint64_t at = 0; at < r->frames && !found && !s; at += got) {
        s = recording_read(r, at, block, BLOCK, &got, err);
        for (size_t i = 0; i < got && !found; i++)
            if ((found = abs(block[i]) > SILENT))
                *first = at + i;
    }
    for (uint64_t until = r->frames; found && until > *first && !s; until = until > BLOCK ? until - BLOCK : 0) {
        uint64_t at = until > BLOCK ? until - BLOCK : 0;
        s = recording_read(r, at, block, (size_t)(until - at), &got, err);
        for (size_t i = got; i-- > 0;)
            if (abs(block[i]) > SILENT) {
                *end = at + i + 1;
                return s;
            }
    }
    return s;
}

/* What of the narration is kept, and silence that is missing before and behind it. */
typedef struct cut {
    uint64_t first, end;
    size_t lead, tail;
} cut;

static nr_status find_cut(const assembly *a, cut *c, nr_error *err)
{
    const publish_master *m = &a->job->master;
    uint64_t first, end;
    bool intro = a->jingles[JINGLE_INTRO].fd >= 0, outro = a->jingles[JINGLE_OUTRO].fd >= 0;
    nr_status s = find_sound(&a->narration, &first, &end, err);
    size_t lead = frames_of(a->rate, intro ? AROUND_MS : m->lead_ms), tail = frames_of(a->rate, outro ? AROUND_MS : m->tail_ms);
    *c = (cut){.end = a->narration.frames};
    if (m->lead_ms >= 0 || intro) {
        c->first = first > lead ? first - lead : 0;
        c->lead = lead > first ? lead - (size_t)first : 0;
    }
    if (m->tail_ms >= 0 || outro) {
        c->end = end + tail < a->narration.frames ? end + tail : a->narration.frames;
        c->tail = (size_t)(end + tail - c->end);
    }
    return s;
}

static void add_narration(const assembly *a, clip_list *l, const cut *c, double target, double lufs)
{
    size_t articles = a->jingles[JINGLE_BETWEEN].fd >= 0 ? a->job->doc_count : 1;
    for (size_t i = 0; i < articles; i++) {
        uint64_t from = i ? a->starts[i] : c->first, to = i + 1 < articles ? a->starts[i + 1] : c->end;
        if (i)
            add_jingle(a, l, JINGLE_BETWEEN, target);
        add(l, (master_clip){.sound = &a->narration, .from = from, .frames = to > from ? to - from : 0, .gain = gain_to(target, lufs)});
    }
}

static void list_clips(const assembly *a, clip_list *l, const cut *c, double target, double lufs, int64_t *moved)
{
    const publish_master *m = &a->job->master;
    if (a->jingles[JINGLE_INTRO].fd >= 0)
        add_silence(l, frames_of(a->rate, m->lead_ms));
    add_jingle(a, l, JINGLE_INTRO, target);
    add_silence(l, c->lead);
    *moved = (int64_t)l->frames - (int64_t)c->first;
    add_narration(a, l, c, target, lufs);
    add_silence(l, c->tail);
    add_jingle(a, l, JINGLE_OUTRO, target);
    if (a->jingles[JINGLE_OUTRO].fd >= 0)
        add_silence(l, frames_of(a->rate, m->tail_ms));
}

/* The narration at the finished sound's rate. */
static nr_status raise(assembly *a, const volatile int *cancel, nr_error *err)
{
    recording raised = {.fd = -1};
    uint64_t from = (uint64_t)a->narration.rate, to = (uint64_t)a->rate;
    if (from == to)
        return NR_OK;
    nr_status s = recording_open(&raised, a->job->file_count ? a->job->files[0].path : NULL, a->rate, err);
    if (!s)
        s = resample_recording(&a->narration, &raised, cancel, err);
    for (size_t i = 0; i < a->job->doc_count; i++)
        a->starts[i] = (a->starts[i] * to + from / 2) / from;
    recording_close(&a->narration);
    a->narration = raised;
    return s;
}

nr_status assembly_finish(assembly *a, double headroom, const volatile int *cancel, void (*progress)(void *, double), void *ctx,
                          int64_t *moved, double *loudness, nr_error *err)
{
    const publish_master *m = &a->job->master;
    double lufs = a->measures ? loudness_integrated(a->meter.steps, a->meter.count) : NAN;
    double target = isnan(m->loudness) ? lufs : m->loudness;
    clip_list l = {.clips = calloc(2 * a->job->doc_count + 8, sizeof *l.clips)};
    recording made = {.fd = -1};
    cut c = {0};
    *moved = 0;
    *loudness = lufs;
    nr_status s = l.clips ? raise(a, cancel, err) : nr_fail_memory(err);
    if (!s)
        s = find_cut(a, &c, err);
    if (!s && a->needed)
        s = recording_open(&made, a->job->file_count ? a->job->files[0].path : NULL, a->narration.rate, err);
    if (!s && a->needed) {
        list_clips(a, &l, &c, target, lufs, moved);
        master_plan plan = {.clips = l.clips, .clip_count = l.count, .loudness = isfinite(lufs) ? m->loudness : NAN,
                            .true_peak = (isnan(m->true_peak) ? -1 : m->true_peak) - headroom,
                            .compress = a->preset->compress && isfinite(target) ? target : NAN,
                            .threads = a->job->voice.jobs, .cancel = cancel, .progress = progress, .ctx = ctx};
        double measured;
        s = master_run(&plan, &made, &measured, err);
        *loudness = isnan(measured) ? lufs : measured;
    }
    if (!s && a->needed) {
        recording_close(&a->narration);
        a->narration = made;
        made.fd = -1;
    }
    recording_close(&made);
    free(l.clips);
    return s;
}
