#include "player/engine_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "player/tempo.h"

double engine_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void engine_stamp(double *first)
{
    if (*first == 0)
        *first = engine_clock();
}

/* ---------------------------------------------------------------- events and what is heard; the lock is held */

void engine_event_put(engine *e, engine_event_kind kind, nr_span span, const char *text)
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

uint64_t engine_heard(const engine *e)
{
    double n = (double)e->heard_frames;
    if (e->sounding && e->rate)
        n += (engine_clock() - e->heard_at) * e->rate / 1000;
    return n < (double)e->written ? (uint64_t)n : e->written;
}

void engine_advance(engine *e)
{
    uint64_t heard = engine_heard(e);
    const cue *next;
    while ((next = cues_peek(&e->leaving)) && next->frame <= heard) {
        e->heard = cues_pop(&e->leaving);
        nr_span s = e->heard.sentence;
        if (!e->heard.new_sentence || (s.start == e->told_sentence.start && s.end == e->told_sentence.end))
            continue;
        e->told_sentence = s;
        engine_event_put(e, ENGINE_SENTENCE, s, NULL);
    }
}

/* Where to go on from: the word in hand, or where we were sent and have not been heard yet. */
uint32_t engine_place(const engine *e)
{
    return e->heard.generation == e->generation ? e->heard.word.start : e->order.from;
}

void engine_renew(engine *e, uint32_t from)
{
    e->order.from = from;
    e->order.chime = false;
    e->ended = false;
    e->generation++;
    if (e->telling && e->narrator)
        nr_narrator_cancel(e->narrator);
    pthread_cond_broadcast(&e->changed);
}

/* ---------------------------------------------------------------- the owner's side */

static nr_status default_sink(void *ctx, nr_sink **out, nr_error *err)
{
    const engine *e = ctx;
    return nr_sink_speaker(out, e->device[0] ? e->device : NULL, err);
}

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
    e->feeder_runs = pthread_create(&e->feeder, NULL, engine_run_feeder, e) == 0;
    e->teller_runs = e->feeder_runs && pthread_create(&e->teller, NULL, engine_run_teller, e) == 0;
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
    engine_renew(e, from);
    e->order.chime = with_chime;
    wait_for_teller(e);
    pthread_mutex_unlock(&e->lock);
}

void engine_seek(engine *e, uint32_t from)
{
    pthread_mutex_lock(&e->lock);
    engine_renew(e, from);
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
    engine_advance(e);
    e->paused = paused;
    if (goes_on && !e->ended)
        engine_renew(e, engine_place(e));
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
    engine_advance(e);
    snprintf(e->order.voice, sizeof e->order.voice, "%s", voice);
    e->order.voice_number++;
    if (e->order.doc) {
        engine_renew(e, engine_place(e));
        wait_for_teller(e);
    }
    pthread_mutex_unlock(&e->lock);
}

engine_state engine_now(engine *e)
{
    pthread_mutex_lock(&e->lock);
    engine_advance(e);
    bool current = e->heard.generation == e->generation;
    nr_span here = {e->order.from, e->order.from};
    const cue *next = e->rate ? cues_peek(&e->leaving) : NULL;
    double until = next ? ((double)next->frame - (double)engine_heard(e)) * 1000 / e->rate : -1;
    engine_state s = {.paused = e->paused,
                      .lost = e->lost,
                      .ended = e->ended,
                      .started = current,
                      .word = current ? e->heard.word : here,
                      .sentence = current ? e->heard.sentence : here,
                      .next_ms = next && until < 0 ? 0 : until,
                      .speed = e->speed,
                      .volume = e->volume,
                      .heard = engine_heard(e),
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
