/* The engine's teller: narrates into the ring, as far ahead as there is room. */
#include <stdio.h>
#include <string.h>

#include "player/engine_parts.h"

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
            engine_stamp(&e->first.sound);
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
    engine_event_put(t->e, ENGINE_WARNING, (nr_span){0, 0}, message);
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
    engine_stamp(&e->first.voice);
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
    engine_stamp(&e->first.script);
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

void *engine_run_teller(void *arg)
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
            engine_event_put(e, ENGINE_FAILED, (nr_span){0, 0}, err.msg);
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
