#include "player/engine.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "player/tempo.h"

enum {
    RING = 1 << 18,      /* frames: about 12 s */
    SLICES_A_SECOND = 100,
    RAMP_MS = 4,         /* in and out, so that nothing clicks */
    EVENTS_MOST = 512,   /* past it the feeder waits for the owner */
    TRY_AGAIN_MS = 300,  /* a lost device */
    SLICE_MOST = 4096,
    CHIME_MS = 350,
    CHIME_PAUSE_MS = 450,
    FEEDER_NICE = -11    /* what sound servers ask for */
};

/* Where a word or sentence begins: in the ring, in frames of the original; on its way to the ear, in frames of the
 * device. */
typedef struct cue {
    uint64_t frame;
    nr_span word, sentence;
    bool new_sentence;
    unsigned generation;
} cue;

typedef struct cues {
    cue *all;
    size_t first, count, cap;
} cues;

/* What is to be told; a new generation makes the teller and the feeder drop what they have. */
typedef struct order {
    const nr_document *doc;
    nr_script_options script;
    char locale[32], voice[96];
    uint32_t from, until;
    bool chime;
    unsigned document, voice_number; /* counts, so that the teller sees what changed */
} order;

struct engine {
    engine_options options;
    char device[128];
    pthread_t teller, feeder;
    bool teller_runs, feeder_runs;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int event_fd;
    bool quit;

    unsigned generation; /* of the order */
    order order;
    nr_narrator *narrator; /* the teller's; others may cancel it while `telling` */
    bool telling;
    char voice[96];

    /* the ring, of ring_generation */
    int16_t *ring;
    uint64_t head, tail;
    cues coming;
    unsigned ring_generation;
    bool told;  /* nothing will follow */
    bool midway; /* the ring's sound begins inside an utterance */
    int rate;

    /* the feeder's, seen by the owner */
    double speed;
    int volume;
    bool paused, lost, ended;
    cues leaving;
    cue heard;
    nr_span told_sentence; /* of the last ENGINE_SENTENCE */
    bool sounding;         /* the device plays */
    uint64_t written, heard_frames;
    double heard_at;       /* now_ms() when heard_frames were */
    uint64_t underruns_before;
    nr_sink *sink;

    engine_event *events;
    size_t event_first, event_count;
    engine_times first;
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void stamp(double *first)
{
    if (*first == 0)
        *first = now_ms();
}

/* ---------------------------------------------------------------- cues and events; the lock is held */

static bool cues_put(cues *c, cue one)
{
    if (c->first && c->first + c->count == c->cap) {
        memmove(c->all, c->all + c->first, c->count * sizeof *c->all);
        c->first = 0;
    }
    if (c->first + c->count == c->cap) {
        size_t cap = c->cap ? c->cap * 2 : 256;
        cue *all = realloc(c->all, cap * sizeof *all);
        if (!all)
            return false;
        c->all = all;
        c->cap = cap;
    }
    c->all[c->first + c->count++] = one;
    return true;
}

static const cue *cues_peek(const cues *c) { return c->count ? &c->all[c->first] : NULL; }

static cue cues_pop(cues *c)
{
    c->count--;
    return c->all[c->first++];
}

static void cues_clear(cues *c) { c->first = c->count = 0; }

static void put_event(engine *e, engine_event_kind kind, nr_span span, const char *text)
{
    if (e->event_count == EVENTS_MOST) /* only when the owner does not come back; the newest counts */
        e->event_first = (e->event_first + 1) % EVENTS_MOST, e->event_count--;
    engine_event *v = &e->events[(e->event_first + e->event_count++) % EVENTS_MOST];
    *v = (engine_event){.kind = kind, .span = span};
    if (text)
        snprintf(v->text, sizeof v->text, "%s", text);
    uint64_t one = 1;
    ssize_t ignored = write(e->event_fd, &one, sizeof one);
    (void)ignored;
}

/* ---------------------------------------------------------------- the teller: narrating into the ring */

typedef struct telling {
    engine *e;
    unsigned generation;
    uint32_t from, until;
    uint64_t skip;     /* frames of the narration before the word asked for */
    uint64_t taken;    /* frames of the narration so far */
    bool begun, stopped;
    nr_span sentence;
    bool sentence_new;
} telling;

static nr_status refuse(nr_error *err)
{
    *err = (nr_error){.status = NR_CANCELLED};
    return NR_CANCELLED;
}

static nr_status tell_open(void *ctx, int sample_rate, nr_error *err)
{
    (void)ctx, (void)sample_rate, (void)err;
    return NR_OK;
}

static nr_status tell_finish(void *ctx, nr_error *err)
{
    (void)ctx, (void)err;
    return NR_OK;
}

static nr_status tell_word(telling *t, const nr_mark *m, nr_error *err)
{
    engine *e = t->e;
    if (!t->begun) {
        if (m->span.end <= t->from)
            return NR_OK;
        t->begun = true;
        t->skip = m->frame;
    }
    pthread_mutex_lock(&e->lock);
    bool current = e->generation == t->generation && !e->quit;
    bool kept = !current || cues_put(&e->coming, (cue){m->frame - t->skip, m->span, t->sentence, t->sentence_new, t->generation});
    if (current && m->frame == t->skip && m->frame > t->taken)
        e->midway = true;
    pthread_mutex_unlock(&e->lock);
    t->sentence_new = false;
    if (!kept)
        *err = (nr_error){.status = NR_ENOMEM, .msg = "out of memory"};
    return !current ? refuse(err) : kept ? NR_OK : NR_ENOMEM;
}

static nr_status tell_mark(void *ctx, const nr_mark *m, nr_error *err)
{
    telling *t = ctx;
    if (m->kind == NR_MARK_WORD)
        return tell_word(t, m, err);
    if (t->begun && m->span.start >= t->until) {
        t->stopped = true;
        return refuse(err);
    }
    t->sentence = m->span;
    t->sentence_new = true;
    return NR_OK;
}

static size_t put_ring(engine *e, const int16_t *samples, size_t frames)
{
    size_t room = RING - (size_t)(e->head - e->tail), at = (size_t)(e->head % RING);
    size_t n = frames < room ? frames : room;
    size_t to_end = n < RING - at ? n : RING - at;
    memcpy(e->ring + at, samples, to_end * sizeof *samples);
    memcpy(e->ring, samples + to_end, (n - to_end) * sizeof *samples);
    e->head += n;
    return n;
}

static nr_status tell_write(void *ctx, const int16_t *samples, size_t frames, nr_error *err)
{
    telling *t = ctx;
    engine *e = t->e;
    uint64_t from = t->taken;
    t->taken += frames;
    if (!t->begun || t->taken <= t->skip)
        return NR_OK;
    size_t drop = from < t->skip ? (size_t)(t->skip - from) : 0;
    samples += drop;
    frames -= drop;
    bool current = true;
    pthread_mutex_lock(&e->lock);
    while (frames) {
        current = e->generation == t->generation && !e->quit;
        if (!current)
            break;
        size_t n = put_ring(e, samples, frames);
        samples += n;
        frames -= n;
        if (n) {
            stamp(&e->first.sound);
            pthread_cond_broadcast(&e->changed);
        } else {
            pthread_cond_wait(&e->changed, &e->lock);
        }
    }
    pthread_mutex_unlock(&e->lock);
    return current ? NR_OK : refuse(err);
}

static void tell_warning(void *ctx, const char *message)
{
    telling *t = ctx;
    pthread_mutex_lock(&t->e->lock);
    put_event(t->e, ENGINE_WARNING, (nr_span){0, 0}, message);
    pthread_mutex_unlock(&t->e->lock);
}

/* What the teller keeps between orders. */
typedef struct hands {
    nr_narrator *narrator;
    nr_script *script;
    unsigned document, voice_number;
    char locale[32];
} hands;

static nr_status ready_voice(engine *e, hands *h, const order *o, nr_error *err)
{
    bool same = h->narrator && h->voice_number == o->voice_number && (o->voice[0] || !strcmp(h->locale, o->locale));
    if (same)
        return NR_OK;
    nr_voice_options how = e->options.voice;
    how.voice = o->voice[0] ? o->voice : NULL;
    if (!how.jobs)
        how.jobs = 1; /* one is a thousand times faster than the ear */
    pthread_mutex_lock(&e->lock);
    e->narrator = NULL;
    pthread_mutex_unlock(&e->lock);
    nr_narrator_free(h->narrator);
    h->narrator = NULL;
    nr_status s = nr_narrator_new(&h->narrator, &how, o->locale[0] ? o->locale : NULL, err);
    if (s)
        return s;
    h->voice_number = o->voice_number;
    snprintf(h->locale, sizeof h->locale, "%s", o->locale);
    pthread_mutex_lock(&e->lock);
    e->narrator = h->narrator;
    snprintf(e->voice, sizeof e->voice, "%s", nr_narrator_voice(h->narrator));
    e->rate = nr_narrator_sample_rate(h->narrator);
    stamp(&e->first.voice);
    pthread_cond_broadcast(&e->changed);
    pthread_mutex_unlock(&e->lock);
    return NR_OK;
}

static nr_status ready_script(hands *h, const order *o, nr_error *err)
{
    if (h->script && h->document == o->document)
        return o->from ? NR_OK : nr_script_seek(h->script, 0, err);
    nr_script_free(h->script);
    h->script = NULL;
    h->document = o->document;
    return nr_script_new(&h->script, o->doc, &o->script, err);
}

static bool is_current(engine *e, unsigned generation)
{
    pthread_mutex_lock(&e->lock);
    bool current = e->generation == generation && !e->quit;
    pthread_mutex_unlock(&e->lock);
    return current;
}

static nr_status narrate(engine *e, hands *h, nr_sink *sink, const nr_watch *watch, nr_error *err)
{
    pthread_mutex_lock(&e->lock);
    e->telling = true;
    stamp(&e->first.script);
    pthread_mutex_unlock(&e->lock);
    nr_status s = nr_narrate(h->narrator, h->script, sink, watch, NULL, err);
    pthread_mutex_lock(&e->lock);
    e->telling = false;
    pthread_mutex_unlock(&e->lock);
    return s;
}

static nr_status tell(engine *e, hands *h, const order *o, unsigned generation, nr_error *err)
{
    telling t = {.e = e, .generation = generation, .from = o->from, .until = o->until};
    nr_sink_functions functions = {&t, tell_open, tell_write, tell_mark, tell_finish};
    nr_watch watch = {.ctx = &t, .warning = tell_warning};
    nr_sink *sink = NULL;
    nr_status s = ready_voice(e, h, o, err);
    if (!s)
        s = ready_script(h, o, err);
    if (!s)
        s = nr_sink_custom(&sink, &functions, err);
    for (int tries = 0;; tries++) {
        if (!s && (o->from || tries))
            s = nr_script_seek(h->script, o->from, err);
        if (!s)
            s = narrate(e, h, sink, &watch, err);
        if (s != NR_CANCELLED || t.stopped || !is_current(e, generation))
            break; /* else the cancel was meant for the order before this one */
    }
    nr_sink_free(sink);
    /* From a place after the last word there is nothing to say, and that is the end. */
    return t.stopped || (s == NR_ENOTEXT && o->from > 0) ? NR_OK : s;
}

/* Takes the next order; false when it is time to quit. */
static bool take_order(engine *e, order *o, unsigned *generation)
{
    pthread_mutex_lock(&e->lock);
    while (!e->quit && *generation == e->generation)
        pthread_cond_wait(&e->changed, &e->lock);
    *generation = e->generation;
    *o = e->order;
    e->head = e->tail = 0;
    cues_clear(&e->coming);
    e->ring_generation = *generation;
    e->told = e->midway = false;
    bool go = !e->quit;
    pthread_cond_broadcast(&e->changed);
    pthread_mutex_unlock(&e->lock);
    return go;
}

static void *run_teller(void *arg)
{
    engine *e = arg;
    hands h = {0};
    order o;
    unsigned generation = 0;
    while (take_order(e, &o, &generation)) {
        nr_error err = {0};
        nr_status s = tell(e, &h, &o, generation, &err);
        pthread_mutex_lock(&e->lock);
        if (generation == e->generation && s && s != NR_CANCELLED)
            put_event(e, ENGINE_FAILED, (nr_span){0, 0}, err.msg);
        if (generation == e->generation && !s)
            e->told = true;
        pthread_cond_broadcast(&e->changed);
        pthread_mutex_unlock(&e->lock);
    }
    pthread_mutex_lock(&e->lock);
    e->narrator = NULL;
    pthread_mutex_unlock(&e->lock);
    nr_script_free(h.script);
    nr_narrator_free(h.narrator);
    return NULL;
}

/* ---------------------------------------------------------------- what is heard; the lock is held */

static uint64_t heard_now(const engine *e)
{
    double n = (double)e->heard_frames;
    if (e->sounding && e->rate)
        n += (now_ms() - e->heard_at) * e->rate / 1000;
    return n < (double)e->written ? (uint64_t)n : e->written;
}

static void advance(engine *e)
{
    uint64_t heard = heard_now(e);
    const cue *next;
    while ((next = cues_peek(&e->leaving)) && next->frame <= heard) {
        e->heard = cues_pop(&e->leaving);
        nr_span s = e->heard.sentence;
        if (!e->heard.new_sentence || (s.start == e->told_sentence.start && s.end == e->told_sentence.end))
            continue;
        e->told_sentence = s;
        put_event(e, ENGINE_SENTENCE, s, NULL);
    }
}

/* Where to go on from: the word in hand, or where we were sent and have not been heard yet. */
static uint32_t place(const engine *e)
{
    return e->heard.generation == e->generation ? e->heard.word.start : e->order.from;
}

static void renew(engine *e, uint32_t from)
{
    e->order.from = from;
    e->order.chime = false;
    e->ended = false;
    e->generation++;
    if (e->telling && e->narrator)
        nr_narrator_cancel(e->narrator);
    pthread_cond_broadcast(&e->changed);
}

/* ---------------------------------------------------------------- the feeder: from the ring to the device */

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

static nr_status default_sink(void *ctx, nr_sink **out, nr_error *err)
{
    const engine *e = ctx;
    return nr_sink_speaker(out, e->device[0] ? e->device : NULL, err);
}

/* The device is gone: what was not heard will be said again. The lock is held. */
static void lose(feeder *f, const nr_error *err)
{
    engine *e = f->e;
    advance(e);
    e->order.from = place(e);
    e->heard.generation = e->generation;
    e->heard.word.start = e->order.from;
    e->written = e->heard_frames = heard_now(e);
    cues_clear(&e->leaving);
    e->sounding = false;
    f->rate = 0;
    if (e->sink) {
        e->underruns_before += nr_sink_underruns(e->sink);
        nr_sink_free(e->sink);
        e->sink = NULL;
    }
    if (!f->ever) {
        put_event(e, ENGINE_FAILED, (nr_span){0, 0}, err->msg);
        e->quit = true;
    } else if (!e->lost) {
        put_event(e, ENGINE_LOST, (nr_span){0, 0}, err->msg);
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
    stamp(&e->first.device);
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
    pthread_mutex_lock(&e->lock);
    if (s) {
        lose(f, &err);
        return false;
    }
    stamp(&e->first.written);
    f->last = samples[frames - 1];
    e->written += frames;
    uint64_t delay = nr_sink_delay(sink);
    e->heard_frames = e->written > delay ? e->written - delay : 0;
    e->heard_at = now_ms();
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
    advance(e);
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
        advance(e);
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
    put_event(e, ENGINE_BACK, (nr_span){0, 0}, NULL);
    renew(e, e->order.from);
}

static void finish_all(feeder *f)
{
    engine *e = f->e;
    fall_silent(f);
    if (e->lost || e->generation != f->generation)
        return;
    e->ended = true;
    put_event(e, ENGINE_ENDED, (nr_span){0, 0}, NULL);
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

static void *run_feeder(void *arg)
{
    engine *e = arg;
    feeder *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->e = e;
    f->gain = e->volume / 100.0;
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), FEEDER_NICE); /* where the system lets us; the thread's own */
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

/* ---------------------------------------------------------------- the owner's side */

static void init_lock(engine *e)
{
    pthread_condattr_t attr;
    pthread_mutex_init(&e->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&e->changed, &attr);
    pthread_condattr_destroy(&attr);
}

nr_status engine_open(engine **out, const engine_options *opt, nr_error *err)
{
    engine *e = calloc(1, sizeof *e);
    nr_error *into = err ? err : &(nr_error){0};
    if (!e)
        goto memory;
    e->options = *opt;
    if (!opt->open_sink) {
        e->options.open_sink = default_sink;
        e->options.ctx = e;
    }
    snprintf(e->device, sizeof e->device, "%s", opt->device ? opt->device : "");
    snprintf(e->order.voice, sizeof e->order.voice, "%s", opt->voice.voice ? opt->voice.voice : "");
    e->speed = opt->speed;
    e->volume = opt->volume;
    e->paused = opt->paused;
    init_lock(e);
    e->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    e->ring = malloc(RING * sizeof *e->ring);
    e->events = malloc(EVENTS_MOST * sizeof *e->events);
    if (e->event_fd < 0 || !e->ring || !e->events)
        goto memory;
    e->feeder_runs = pthread_create(&e->feeder, NULL, run_feeder, e) == 0;
    e->teller_runs = e->feeder_runs && pthread_create(&e->teller, NULL, run_teller, e) == 0;
    if (!e->teller_runs)
        goto memory;
    *out = e;
    return NR_OK;
memory:
    engine_close(e);
    *into = (nr_error){.status = NR_ENOMEM, .msg = "cannot start playing: out of memory"};
    return NR_ENOMEM;
}

void engine_close(engine *e)
{
    if (!e)
        return;
    pthread_mutex_lock(&e->lock);
    e->quit = true;
    if (e->telling && e->narrator)
        nr_narrator_cancel(e->narrator);
    pthread_cond_broadcast(&e->changed);
    pthread_mutex_unlock(&e->lock);
    if (e->teller_runs)
        pthread_join(e->teller, NULL);
    if (e->feeder_runs)
        pthread_join(e->feeder, NULL);
    nr_sink_free(e->sink);
    if (e->event_fd >= 0)
        close(e->event_fd);
    pthread_cond_destroy(&e->changed);
    pthread_mutex_destroy(&e->lock);
    free(e->coming.all);
    free(e->leaving.all);
    free(e->events);
    free(e->ring);
    free(e);
}

/* Until the teller has left what it was telling. */
static void wait_for_teller(engine *e)
{
    while (!e->quit && e->ring_generation != e->generation)
        pthread_cond_wait(&e->changed, &e->lock);
}

void engine_play(engine *e, const nr_document *doc, const nr_script_options *script, const char *locale, uint32_t from,
                 uint32_t until, bool with_chime)
{
    pthread_mutex_lock(&e->lock);
    e->order.doc = doc;
    e->order.script = *script;
    e->order.until = until;
    e->order.document++;
    snprintf(e->order.locale, sizeof e->order.locale, "%s", locale ? locale : "");
    e->told_sentence = (nr_span){UINT32_MAX, 0};
    renew(e, from);
    e->order.chime = with_chime;
    wait_for_teller(e);
    pthread_mutex_unlock(&e->lock);
}

void engine_seek(engine *e, uint32_t from)
{
    pthread_mutex_lock(&e->lock);
    renew(e, from);
    pthread_mutex_unlock(&e->lock);
}

void engine_until(engine *e, uint32_t until)
{
    pthread_mutex_lock(&e->lock);
    e->order.until = until;
    pthread_mutex_unlock(&e->lock);
}

void engine_pause(engine *e, bool paused)
{
    pthread_mutex_lock(&e->lock);
    bool goes_on = e->paused && !paused;
    advance(e);
    e->paused = paused;
    if (goes_on && !e->ended)
        renew(e, place(e));
    pthread_cond_broadcast(&e->changed);
    pthread_mutex_unlock(&e->lock);
}

bool engine_speed(engine *e, double speed)
{
#if !NR_HAVE_SONIC
    if (speed != 1)
        return false;
#endif
    pthread_mutex_lock(&e->lock);
    e->speed = speed < TEMPO_MIN ? TEMPO_MIN : speed > TEMPO_MAX ? TEMPO_MAX : speed;
    pthread_mutex_unlock(&e->lock);
    return true;
}

void engine_volume(engine *e, int volume)
{
    pthread_mutex_lock(&e->lock);
    e->volume = volume < 0 ? 0 : volume > 200 ? 200 : volume;
    pthread_mutex_unlock(&e->lock);
}

void engine_voice(engine *e, const char *voice)
{
    pthread_mutex_lock(&e->lock);
    advance(e);
    snprintf(e->order.voice, sizeof e->order.voice, "%s", voice);
    e->order.voice_number++;
    if (e->order.doc) {
        renew(e, place(e));
        wait_for_teller(e);
    }
    pthread_mutex_unlock(&e->lock);
}

engine_state engine_now(engine *e)
{
    pthread_mutex_lock(&e->lock);
    advance(e);
    bool current = e->heard.generation == e->generation;
    nr_span here = {e->order.from, e->order.from};
    engine_state s = {.paused = e->paused,
                      .lost = e->lost,
                      .ended = e->ended,
                      .started = current,
                      .word = current ? e->heard.word : here,
                      .sentence = current ? e->heard.sentence : here,
                      .speed = e->speed,
                      .volume = e->volume,
                      .heard = heard_now(e),
                      .underruns = e->underruns_before + (e->sink ? nr_sink_underruns(e->sink) : 0),
                      .sample_rate = e->rate};
    snprintf(s.voice, sizeof s.voice, "%s", e->voice);
    pthread_mutex_unlock(&e->lock);
    return s;
}

engine_times engine_first(engine *e)
{
    pthread_mutex_lock(&e->lock);
    engine_times t = e->first;
    pthread_mutex_unlock(&e->lock);
    return t;
}

int engine_fd(const engine *e) { return e->event_fd; }

bool engine_next(engine *e, engine_event *out)
{
    uint64_t count;
    pthread_mutex_lock(&e->lock);
    bool any = e->event_count > 0;
    if (any) {
        *out = e->events[e->event_first];
        e->event_first = (e->event_first + 1) % EVENTS_MOST;
        e->event_count--;
        pthread_cond_broadcast(&e->changed);
    } else {
        ssize_t ignored = read(e->event_fd, &count, sizeof count);
        (void)ignored;
    }
    pthread_mutex_unlock(&e->lock);
    return any;
}
