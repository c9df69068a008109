/* The engine's feeder: from the ring to the device, a hundredth of a second at a time. */
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "player/engine_parts.h"
#include "player/tempo.h"

enum {
    SLICES_A_SECOND = 100,
    RAMP_MS = 4,         /* in and out, so that nothing clicks */
    TRY_AGAIN_MS = 300,  /* a lost device */
    SLICE_MOST = 4096,
    CHIME_MS = 350,
    CHIME_PAUSE_MS = 450,
    FEEDER_NICE = -11    /* what sound servers ask for */
};

typedef struct feeder {
    engine *e;
    tempo tempo;
    unsigned generation; /* of what it feeds */
    int rate;            /* the device is open at; 0: not open */
    bool ever;           /* the device was open before */
    bool flushed;
    double gain;         /* that the last sample had */
    int16_t last;        /* sample given to the device */
    size_t fade, chime;  /* frames still to be faded in; to be chimed */
    int16_t samples[SLICE_MOST];
} feeder;

/* The device is gone: what was not heard will be said again. The lock is held. */
static void lose(feeder *f, const nr_error *err)
{
    engine *e = f->e;
    engine_advance(e);
    e->order.from = engine_place(e);
    e->heard.generation = e->generation;
    e->heard.word.start = e->order.from;
    e->written = e->heard_frames = engine_heard(e);
    cues_clear(&e->leaving);
    e->sounding = false;
    f->rate = 0;
    if (e->sink) {
        e->underruns_before += nr_sink_underruns(e->sink);
        nr_sink_free(e->sink);
        e->sink = NULL;
    }
    if (!f->ever) {
        engine_event_put(e, ENGINE_FAILED, (nr_span){0, 0}, err->msg);
        e->quit = true;
    } else if (!e->lost) {
        engine_event_put(e, ENGINE_LOST, (nr_span){0, 0}, err->msg);
    }
    e->lost = true;
}

/* Makes and opens the device; the lock is held, but not meanwhile. */
static bool open_device(feeder *f)
{
    engine *e = f->e;
    nr_error err = {0};
    nr_status s = NR_OK;
    int rate = e->rate;
    nr_sink *sink = e->sink;
    pthread_mutex_unlock(&e->lock);
    if (!sink)
        s = e->options.open_sink(e->options.ctx, &sink, &err);
    if (!s && rate)
        s = nr_sink_open(sink, rate, &err);
    pthread_mutex_lock(&e->lock);
    e->sink = sink;
    if (s) {
        lose(f, &err);
        return false;
    }
    engine_stamp(&e->first.device);
    if (rate && f->rate != rate && f->tempo.sample_rate != rate) {
        tempo_close(&f->tempo);
        tempo_open(&f->tempo, rate, e->speed);
    }
    f->rate = rate;
    f->ever = f->ever || rate;
    return true;
}

/* Gives frames to the device; the lock is held, but not meanwhile. False when the device is lost. */
static bool give(feeder *f, const int16_t *samples, size_t frames)
{
    engine *e = f->e;
    nr_error err = {0};
    if (!frames)
        return true;
    nr_sink *sink = e->sink;
    pthread_mutex_unlock(&e->lock);
    nr_status s = nr_sink_write(sink, samples, frames, &err);
    double now = engine_clock(); /* when the delay was so; the lock may take a while */
    pthread_mutex_lock(&e->lock);
    if (s) {
        lose(f, &err);
        return false;
    }
    engine_stamp(&e->first.written);
    f->last = samples[frames - 1];
    e->written += frames;
    uint64_t delay = nr_sink_delay(sink);
    e->heard_frames = e->written > delay ? e->written - delay : 0;
    e->heard_at = now;
    e->sounding = true;
    return true;
}

/* From wherever the sound was to silence. */
static bool ramp_out(feeder *f)
{
    int16_t ramp[SLICE_MOST];
    int n = f->rate * RAMP_MS / 1000, from = f->last;
    if (n <= 0 || n > SLICE_MOST || abs(from) < 32)
        return true;
    for (int i = 0; i < n; i++)
        ramp[i] = (int16_t)(from * (n - 1 - i) / n);
    return give(f, ramp, (size_t)n);
}

/* Lets the device play what it has and stop. */
static void fall_silent(feeder *f)
{
    engine *e = f->e;
    nr_error err = {0};
    if (!f->rate)
        return;
    nr_sink *sink = e->sink;
    pthread_mutex_unlock(&e->lock);
    nr_status s = nr_sink_finish(sink, &err);
    pthread_mutex_lock(&e->lock);
    if (s) {
        lose(f, &err);
        return;
    }
    f->rate = 0;
    f->last = 0;
    e->heard_frames = e->written;
    e->sounding = false;
    engine_advance(e);
}

static void begin_generation(feeder *f)
{
    engine *e = f->e;
    f->generation = e->ring_generation;
    f->flushed = false;
    f->fade = e->midway ? (size_t)(e->rate * RAMP_MS / 1000) : 0;
    f->chime = e->order.chime ? (size_t)(e->rate * (CHIME_MS + CHIME_PAUSE_MS) / 1000) : 0;
    e->order.chime = false;
    tempo_reset(&f->tempo);
}

/* Two notes that die away, then silence. */
static size_t chime(feeder *f, size_t most)
{
    size_t whole = (size_t)(f->rate * (CHIME_MS + CHIME_PAUSE_MS) / 1000);
    size_t n = f->chime < most ? f->chime : most;
    for (size_t i = 0; i < n; i++) {
        double t = (double)(whole - f->chime + i) / f->rate, sound = 0;
        const double notes[] = {659.26, 987.77}, starts[] = {0, 0.12};
        for (int k = 0; k < 2; k++)
            if (t >= starts[k])
                sound += sin(2 * 3.14159265358979 * notes[k] * (t - starts[k])) * exp(-(t - starts[k]) * 14) * (1 - exp(-(t - starts[k]) * 400));
        f->samples[i] = t * 1000 < CHIME_MS ? (int16_t)lrint(3000 * sound) : 0;
    }
    f->chime -= n;
    return n;
}

static size_t take_ring(engine *e, int16_t *samples, size_t most)
{
    size_t n = (size_t)(e->head - e->tail), at = (size_t)(e->tail % RING);
    if (n > most)
        n = most;
    size_t to_end = n < RING - at ? n : RING - at;
    memcpy(samples, e->ring + at, to_end * sizeof *samples);
    memcpy(samples + to_end, e->ring, (n - to_end) * sizeof *samples);
    e->tail += n;
    pthread_cond_broadcast(&e->changed);
    return n;
}

static void set_loudness(feeder *f, size_t n, int volume)
{
    double to = volume / 100.0;
    if (f->gain == 1 && to == 1 && !f->fade)
        return;
    size_t ramp = (size_t)(f->rate * RAMP_MS / 1000);
    for (size_t i = 0; i < n; i++) {
        double gain = f->gain + (to - f->gain) * (double)(i + 1) / (double)n;
        if (f->fade)
            gain *= 1 - (double)f->fade-- / (double)ramp;
        double v = f->samples[i] * gain;
        f->samples[i] = (int16_t)lrint(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
    }
    f->gain = to;
}

/* The cues of what was just made go on to the ear. */
static void pass_cues(feeder *f, double from, uint64_t written)
{
    engine *e = f->e;
    const cue *next;
    while ((next = cues_peek(&e->coming)) && (double)next->frame < f->tempo.position) {
        cue c = cues_pop(&e->coming);
        double after = ((double)c.frame - from) / f->tempo.speed;
        c.frame = written + (after > 0 ? (uint64_t)after : 0);
        cues_put(&e->leaving, c);
    }
}

/* A hundredth of a second. False when there is nothing to be had now. */
static bool feed(feeder *f)
{
    engine *e = f->e;
    size_t slice = (size_t)(f->rate / SLICES_A_SECOND), n = 0;
    if (f->chime)
        return give(f, f->samples, chime(f, slice));
    double from = f->tempo.position;
    uint64_t written = e->written;
    while ((n = tempo_take(&f->tempo, f->samples, slice)) == 0) {
        size_t got = take_ring(e, f->samples, tempo_wants(&f->tempo, slice));
        if (got) {
            tempo_give(&f->tempo, f->samples, got);
        } else if (e->told && !f->flushed) {
            tempo_end(&f->tempo);
            f->flushed = true;
        } else {
            return false;
        }
    }
    set_loudness(f, n, e->volume);
    pass_cues(f, from, written);
    if (give(f, f->samples, n))
        engine_advance(e);
    return true;
}

static void wait_a_while(engine *e)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TRY_AGAIN_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L)
        until.tv_sec++, until.tv_nsec -= 1000000000L;
    pthread_cond_timedwait(&e->changed, &e->lock, &until);
}

static void find_device_again(feeder *f)
{
    engine *e = f->e;
    wait_a_while(e);
    if (e->quit || !open_device(f))
        return;
    e->lost = false;
    engine_event_put(e, ENGINE_BACK, (nr_span){0, 0}, NULL);
    engine_renew(e, e->order.from);
}

static void finish_all(feeder *f)
{
    engine *e = f->e;
    fall_silent(f);
    if (e->lost || e->generation != f->generation)
        return;
    e->ended = true;
    engine_event_put(e, ENGINE_ENDED, (nr_span){0, 0}, NULL);
}

/* One step of the feeder, or a wait until something changes. */
static void feed_or_wait(feeder *f)
{
    engine *e = f->e;
    bool new_order = e->generation != f->generation;
    if (e->lost) {
        find_device_again(f);
    } else if ((new_order || e->paused) && f->last) {
        ramp_out(f);
        f->last = 0;
    } else if (e->paused && f->rate) {
        fall_silent(f);
    } else if (new_order && e->ring_generation == e->generation && e->rate && (e->head || e->told)) {
        begin_generation(f);
    } else if (!f->ever && e->rate && !e->paused) {
        open_device(f); /* while the first sound is being made */
    } else if (new_order || e->paused || !e->rate || e->ended || e->event_count > EVENTS_MOST / 2) {
        pthread_cond_wait(&e->changed, &e->lock);
    } else if (f->rate != e->rate) {
        open_device(f);
    } else if (e->speed != f->tempo.speed) {
        tempo_set(&f->tempo, e->speed);
    } else if (!feed(f) && !e->lost) {
        if (e->told && f->flushed && e->head == e->tail)
            finish_all(f);
        else
            pthread_cond_wait(&e->changed, &e->lock);
    }
}

/* Before what only computes, as sound servers are, where the system lets us; so do the threads that the device starts. */
static void come_first(void)
{
    const struct sched_param lowest = {.sched_priority = sched_get_priority_min(SCHED_RR)};
    if (pthread_setschedparam(pthread_self(), SCHED_RR, &lowest) != 0)
        setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), FEEDER_NICE); /* the thread's own */
}

void *engine_run_feeder(void *arg)
{
    engine *e = arg;
    feeder *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->e = e;
    f->gain = e->volume / 100.0;
    come_first();
    pthread_mutex_lock(&e->lock);
    tempo_open(&f->tempo, 22050, e->speed);
    open_device(f); /* finding it takes as long as reading the article and starting the voice */
    while (!e->quit)
        feed_or_wait(f);
    if (!e->lost && f->rate && f->last && ramp_out(f))
        fall_silent(f);
    pthread_mutex_unlock(&e->lock);
    tempo_close(&f->tempo);
    free(f);
    return NULL;
}
