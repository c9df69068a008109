#include "publish/master.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "publish/dynamics.h"
#include "publish/loudness.h"
#include "publish/parallel.h"

enum {
    PIECE_STEPS = 120,     /* a piece is 12 s */
    SAMPLE_STEPS = 20,     /* gain is looked for on stretches of 2 s */
    MOST_SAMPLES = 12,
    TRIES = 6,
    MOST_PASSES = 3
};
#define CLOSE 0.03       /* LU, on the sample */
#define TOLERATED 0.15   /* LU, on the whole: else it is written again */
#define RAW_GAIN (-20.0) /* dB, so that nothing clips where it is measured without the limiter */
#define BELOW 4.0        /* dB, of the loudness: where the compressor's knee has its middle */
#define MISSED 0.05      /* dB, of peaks: what eightfold oversampling and rounding may not see */
#define LEAST_SLOPE 0.2
#define MOST_GAIN 15.0   /* dB, of what is put back for the limiter and the compressor */

static const master_preset presets[] = {
    {"none", 0, false, NAN, -1, -1, -1, 0, 0, 0},
    {"podcast", 80, true, -16, -1, 250, 500, 44100, 96000, 96000},
    {"audiobook", 80, true, -20, -3, 750, 2000, 44100, 192000, 64000},
};

const master_preset *master_preset_find(const char *name)
{
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++)
        if (strcmp(presets[i].name, name ? name : "none") == 0)
            return &presets[i];
    return NULL;
}

/* A thread's own memory. */
typedef struct bench {
    float *memory, *x; /* x: behind the padding */
    int16_t *samples;
    dynamics_scratch scratch;
} bench;

typedef struct mastering {
    const master_plan *plan;
    recording *out;
    int rate, threads;
    uint64_t frames;
    size_t step, piece;    /* frames */
    size_t warm, ahead;    /* frames before and behind what is kept, multiples of DYNAMICS_CONTROL */
    bool limits, compresses;
    compressor compressor;
    limiter limiter;
    bench *benches;
    double gain;           /* dB, on top of the clips' */
    double change;         /* of the gain, the last one */
    double slope;          /* dB of loudness that one more dB of gain brings: less than 1 where much is limited */
    float *steps;          /* energies of the whole */
    size_t step_count;
    /* The sample's. */
    uint64_t sample_every;
    size_t samples;
    float *sample_steps;
    bool raw;              /* it is measured before the compressor and the limiter */
} mastering;

/* ---------------------------------------------------------------- a stretch of the clips */

static double fade(const master_clip *c, uint64_t at)
{
    double g = c->gain;
    if (at < c->fade_in)
        g *= (double)at / c->fade_in;
    if (at >= c->frames - c->fade_out)
        g *= (double)(c->frames - at) / c->fade_out;
    return g;
}

static nr_status read_clip(const master_clip *c, uint64_t from, float *x, size_t n, double gain, int16_t *room, nr_error *err)
{
    size_t got = 0;
    if (!c->sound) {
        memset(x, 0, n * sizeof *x);
        return NR_OK;
    }
    nr_status s = recording_read(c->sound, c->from + from, room, n, &got, err);
    memset(room + got, 0, (n - got) * sizeof *room);
    bool plain = from >= c->fade_in && from + n <= c->frames - c->fade_out;
    float g = (float)(gain * c->gain / 32768);
    if (plain)
        for (size_t i = 0; i < n; i++)
            x[i] = (float)room[i] * g;
    else
        for (size_t i = 0; i < n; i++)
            x[i] = (float)(room[i] * fade(c, from + i) * gain / 32768);
    return s;
}

/* n frames from a place that may be before the beginning or behind the end, where there is silence. */
static nr_status read_clips(const mastering *m, int64_t from, float *x, size_t n, double gain, int16_t *room, nr_error *err)
{
    nr_status s = NR_OK;
    size_t done = from < 0 ? (size_t)-from < n ? (size_t)-from : n : 0;
    uint64_t begin = 0;
    memset(x, 0, done * sizeof *x);
    for (size_t i = 0; i < m->plan->clip_count && done < n && !s; i++) {
        const master_clip *c = &m->plan->clips[i];
        uint64_t at = (uint64_t)(from + (int64_t)done);
        if (at < begin + c->frames) {
            uint64_t left = begin + c->frames - at;
            size_t take = left < n - done ? (size_t)left : n - done;
            s = read_clip(c, at - begin, x + done, take, gain, room, err);
            done += take;
        }
        begin += c->frames;
    }
    memset(x + done, 0, (n - done) * sizeof *x);
    return s;
}

/* ---------------------------------------------------------------- a stretch of the result */

static double factor(double db) { return pow(10, db / 20); }

static void to_samples(const float *x, int16_t *samples, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float v = x[i] * 32768;
        v = v > 32767 ? 32767 : v < -32768 ? -32768 : v;
        samples[i] = (int16_t)lrintf(v);
    }
}

/* Makes [from, from + n). *made is where it is, with m->warm frames in front of it. */
static nr_status render(const mastering *m, bench *b, uint64_t from, size_t n, int16_t **made, nr_error *err)
{
    size_t total = m->warm + n + m->ahead;
    total += (DYNAMICS_CONTROL - total % DYNAMICS_CONTROL) % DYNAMICS_CONTROL;
    double gain = m->raw ? factor(RAW_GAIN) : m->compresses ? 1 : factor(m->gain);
    nr_status s = read_clips(m, (int64_t)from - (int64_t)m->warm - DYNAMICS_PAD, b->memory, total + 2 * DYNAMICS_PAD, gain, b->samples, err);
    if (!s && m->compresses && !m->raw) {
        compressor_run(&m->compressor, b->x, total, &b->scratch);
        float more = (float)factor(m->gain);
        for (size_t i = 0; i < total + 2 * DYNAMICS_PAD; i++)
            b->memory[i] *= more;
    }
    if (!s && m->limits && !m->raw)
        limiter_run(&m->limiter, b->x, total, &b->scratch);
    to_samples(b->x, b->samples, m->warm + n);
    *made = b->samples + m->warm;
    return s;
}

/* The energies of so many steps. */
static nr_status measure(const mastering *m, const int16_t *made, size_t steps, float *energies, nr_error *err)
{
    loudness_meter meter;
    size_t prime = LOUDNESS_PRIME * m->step;
    nr_status s = loudness_open(&meter, m->rate, LOUDNESS_PRIME, err);
    if (!s)
        s = loudness_add(&meter, made - prime, prime + steps * m->step, err);
    if (!s)
        memcpy(energies, meter.steps, steps * sizeof *energies);
    loudness_close(&meter);
    return s;
}

/* ---------------------------------------------------------------- the sample */

static nr_status try_sample(void *ctx, int worker, size_t index, nr_error *err)
{
    mastering *m = ctx;
    int16_t *made;
    uint64_t step = index * m->sample_every;
    nr_status s = render(m, &m->benches[worker], step * m->step, SAMPLE_STEPS * m->step, &made, err);
    return s ? s : measure(m, made, SAMPLE_STEPS, m->sample_steps + index * SAMPLE_STEPS, err);
}

static nr_status sample_loudness(mastering *m, double *lufs, nr_error *err)
{
    nr_status s = parallel_run(m->threads, m->samples, try_sample, m, m->plan->cancel, err);
    *lufs = loudness_integrated(m->sample_steps, m->samples * SAMPLE_STEPS);
    return s;
}

static void change_gain(mastering *m, double wanted)
{
    double gain = fmin(m->gain + wanted / m->slope, MOST_GAIN);
    m->change = gain - m->gain;
    m->gain = gain;
}

/* From what the last change of gain has brought. */
static void learn_slope(mastering *m, double brought)
{
    if (fabs(m->change) > 0.01)
        m->slope = fmax(LEAST_SLOPE, fmin(brought / m->change, 1));
}

/* What compressor and limiter take off is put back, as far as a sample tells. */
static nr_status find_gain(mastering *m, nr_error *err)
{
    size_t steps = (size_t)(m->frames / m->step);
    double before, after, last = 0;
    m->samples = steps / SAMPLE_STEPS < MOST_SAMPLES ? steps / SAMPLE_STEPS : MOST_SAMPLES;
    if (m->samples == 0)
        return NR_OK;
    m->sample_every = steps / m->samples;
    m->raw = true;
    nr_status s = sample_loudness(m, &before, err);
    m->raw = false;
    before -= RAW_GAIN;
    for (int i = 0; i < TRIES && !s && isfinite(before); i++) {
        s = sample_loudness(m, &after, err);
        if (s || !isfinite(after) || fabs(before - after) < CLOSE)
            break;
        if (i > 0)
            learn_slope(m, after - last);
        last = after;
        change_gain(m, before - after);
    }
    return s;
}

/* ---------------------------------------------------------------- the whole */

static nr_status make_piece(void *ctx, int worker, size_t index, nr_error *err)
{
    mastering *m = ctx;
    int16_t *made;
    uint64_t from = (uint64_t)index * m->piece;
    size_t n = m->frames - from < m->piece ? (size_t)(m->frames - from) : m->piece;
    nr_status s = render(m, &m->benches[worker], from, n, &made, err);
    if (!s)
        s = recording_write_at(m->out, from, made, n, err);
    if (!s && m->steps && n >= m->step)
        s = measure(m, made, n / m->step, m->steps + index * PIECE_STEPS, err);
    if (worker == 0 && m->plan->progress)
        m->plan->progress(m->plan->ctx, (double)from / (double)m->frames);
    return s;
}

static nr_status write_all(mastering *m, double *loudness, nr_error *err)
{
    size_t pieces = (size_t)((m->frames + m->piece - 1) / m->piece);
    nr_status s = NR_OK;
    for (int pass = 0; pass < MOST_PASSES && !s; pass++) {
        s = parallel_run(m->threads, pieces, make_piece, m, m->plan->cancel, err);
        if (!m->steps)
            break;
        *loudness = loudness_integrated(m->steps, m->step_count);
        double off = m->plan->loudness - *loudness;
        if (!isfinite(off) || fabs(off) < TOLERATED || (off > 0 && m->gain >= MOST_GAIN))
            break;
        change_gain(m, off);
    }
    m->out->frames = m->frames;
    return s;
}

/* ---------------------------------------------------------------- making ready */

static size_t frames_of(const mastering *m, double ms)
{
    size_t n = (size_t)ceil(ms * m->rate / 1000);
    return n + (DYNAMICS_CONTROL - n % DYNAMICS_CONTROL) % DYNAMICS_CONTROL;
}

static nr_status make_benches(mastering *m, nr_error *err)
{
    size_t most = m->warm + m->piece + m->ahead + DYNAMICS_CONTROL;
    m->benches = calloc((size_t)m->threads, sizeof *m->benches);
    for (int i = 0; m->benches && i < m->threads; i++) {
        bench *b = &m->benches[i];
        b->memory = malloc((most + 2 * DYNAMICS_PAD) * sizeof *b->memory);
        b->x = b->memory ? b->memory + DYNAMICS_PAD : NULL;
        b->samples = malloc((most + 2 * DYNAMICS_PAD) * sizeof *b->samples);
        if (!b->memory || !b->samples || !dynamics_scratch_new(&b->scratch, most))
            return nr_fail_memory(err);
    }
    m->step_count = (size_t)(m->frames / m->step);
    m->sample_steps = malloc(MOST_SAMPLES * SAMPLE_STEPS * sizeof *m->sample_steps);
    m->steps = m->limits ? calloc(m->step_count + PIECE_STEPS, sizeof *m->steps) : NULL;
    return m->benches && m->sample_steps && (m->steps || !m->limits) ? NR_OK : nr_fail_memory(err);
}

static void free_all(mastering *m)
{
    for (int i = 0; m->benches && i < m->threads; i++) {
        free(m->benches[i].memory);
        free(m->benches[i].samples);
        dynamics_scratch_free(&m->benches[i].scratch);
    }
    free(m->benches);
    free(m->steps);
    free(m->sample_steps);
}

static nr_status make_ready(mastering *m, nr_error *err)
{
    const master_plan *p = m->plan;
    for (size_t i = 0; i < p->clip_count; i++)
        m->frames += p->clips[i].frames;
    m->rate = m->out->rate;
    m->threads = parallel_threads(p->threads);
    m->limits = !isnan(p->loudness);
    m->compresses = !isnan(p->compress);
    m->step = loudness_step(m->rate);
    m->piece = PIECE_STEPS * m->step;
    if (m->limits || m->compresses) {
        double least = 1000.0 * (LOUDNESS_PRIME + 1) * (double)m->step / m->rate; /* the meter is primed by it, too */
        m->warm = frames_of(m, fmax(m->compresses ? DYNAMICS_WARM_COMPRESSOR_MS : DYNAMICS_WARM_MS, least));
        m->ahead = frames_of(m, DYNAMICS_AHEAD_MS);
    }
    m->compressor = (compressor){.threshold = p->compress - BELOW, .rate = m->rate};
    limiter_init(&m->limiter, m->rate, factor(p->true_peak - MISSED));
    return make_benches(m, err);
}

nr_status master_run(const master_plan *plan, recording *out, double *loudness, nr_error *err)
{
    mastering m = {.plan = plan, .out = out, .slope = 1};
    *loudness = NAN;
    nr_status s = make_ready(&m, err);
    if (!s && m.limits)
        s = find_gain(&m, err);
    if (!s)
        s = write_all(&m, loudness, err);
    free_all(&m);
    return s;
}
