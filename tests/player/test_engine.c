/* The player's engine without a terminal: a device of the test's own takes as many frames as the test allows, so that
 * nothing depends on the clock, and keeps them. The null voice ticks once a word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "player/engine.h"
#include "player/tempo.h"

#define TEXT                                                                                                             \
    "The first sentence has seven words here. The second one also has seven words.\n\n"                                  \
    "Another paragraph begins with this sentence. It ends with that one.\n"

enum { MOST = 4000000, NO_END = 1 << 30 };

/* ---------------------------------------------------------------- a device that waits to be allowed */

typedef struct device {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t allowed, count, opened, finished, refused;
    size_t gone_at;
    size_t fail_at;      /* frames after which it is gone; 0: never */
    size_t absences;     /* times that it cannot be opened after that */
    bool gone;
    int16_t *samples;
} device;

static nr_status fail_device(nr_error *err)
{
    *err = (nr_error){.status = NR_EDEVICE, .msg = "the device is gone"};
    return NR_EDEVICE;
}

static nr_status device_open(void *ctx, int sample_rate, nr_error *err)
{
    (void)sample_rate, (void)err;
    device *d = ctx;
    pthread_mutex_lock(&d->lock);
    d->opened++;
    pthread_mutex_unlock(&d->lock);
    return NR_OK;
}

static nr_status device_write(void *ctx, const int16_t *samples, size_t frames, nr_error *err)
{
    device *d = ctx;
    nr_status s = NR_OK;
    pthread_mutex_lock(&d->lock);
    while (d->count + frames > d->allowed)
        pthread_cond_wait(&d->changed, &d->lock);
    if (d->fail_at && d->count >= d->fail_at) {
        d->gone = true;
        d->gone_at = d->count;
        d->fail_at = 0;
        s = fail_device(err);
    } else if (d->count + frames <= MOST) {
        memcpy(d->samples + d->count, samples, frames * sizeof *samples);
        d->count += frames;
    }
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
    return s;
}

static nr_status device_finish(void *ctx, nr_error *err)
{
    (void)err;
    device *d = ctx;
    pthread_mutex_lock(&d->lock);
    d->finished++;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
    return NR_OK;
}

static nr_status make_device(void *ctx, nr_sink **out, nr_error *err)
{
    device *d = ctx;
    pthread_mutex_lock(&d->lock);
    bool absent = d->gone && d->absences > 0;
    d->absences -= absent;
    d->refused += absent;
    pthread_mutex_unlock(&d->lock);
    if (absent)
        return fail_device(err);
    return nr_sink_custom(out, &(nr_sink_functions){d, device_open, device_write, NULL, device_finish}, err);
}

static void allow(device *d, size_t more)
{
    pthread_mutex_lock(&d->lock);
    d->allowed += more;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
}

static size_t count_of(device *d)
{
    pthread_mutex_lock(&d->lock);
    size_t n = d->count;
    pthread_mutex_unlock(&d->lock);
    return n;
}

static size_t finished(device *d)
{
    pthread_mutex_lock(&d->lock);
    size_t n = d->finished;
    pthread_mutex_unlock(&d->lock);
    return n;
}

/* ---------------------------------------------------------------- what a test holds */

typedef struct fixture {
    device device;
    nr_document *doc;
    nr_view text;
    engine *engine;
    engine_event events[200];
    size_t event_count;
} fixture;

static void start(fixture *f, const char *text, const char *voice, double speed)
{
    nr_error err;
    *f = (fixture){0};
    f->device.samples = malloc(MOST * sizeof *f->device.samples);
    pthread_mutex_init(&f->device.lock, NULL);
    pthread_cond_init(&f->device.changed, NULL);
    assert_int_equal(nr_document_read(&f->doc, text, strlen(text), &(nr_read_options){.format = "markdown"}, &err), NR_OK);
    f->text = nr_document_text(f->doc);
    engine_options how = {.speed = speed, .volume = 100, .open_sink = make_device, .ctx = &f->device};
    nr_voice_options_init(&how.voice);
    how.voice.voice = voice;
    assert_int_equal(engine_open(&f->engine, &how, &err), NR_OK);
}

static void play(fixture *f, uint32_t from, uint32_t until, bool chime)
{
    nr_script_options script = {.locale = "en-GB"};
    engine_play(f->engine, f->doc, &script, "en-GB", from, until, chime);
}

static void stop(fixture *f)
{
    allow(&f->device, NO_END);
    engine_close(f->engine);
    nr_document_free(f->doc);
    free(f->device.samples);
    pthread_cond_destroy(&f->device.changed);
    pthread_mutex_destroy(&f->device.lock);
}

static void nap(void) { nanosleep(&(struct timespec){0, 2000000}, NULL); }

/* Waits for an event of a kind, keeping all that came before it. */
static const engine_event *await(fixture *f, engine_event_kind kind)
{
    for (int i = 0; i < 30000; i++, nap()) {
        engine_event *v = &f->events[f->event_count];
        while (engine_next(f->engine, v)) {
            f->event_count += f->event_count + 1 < 200;
            if (v->kind == ENGINE_FAILED)
                fail_msg("%s", v->text);
            if (v->kind == kind)
                return v;
            v = &f->events[f->event_count];
        }
    }
    fail_msg("no event of kind %d", kind);
    return NULL;
}

#define WAIT_UNTIL(condition)                                                                                            \
    do {                                                                                                                 \
        bool came = false;                                                                                               \
        for (int tries = 0; !came && tries < 30000; tries++) {                                                           \
            came = (condition);                                                                                          \
            if (!came)                                                                                                   \
                nap();                                                                                                   \
        }                                                                                                                \
        assert_true(came);                                                                                               \
    } while (0)

static uint32_t offset_of(const fixture *f, const char *what)
{
    const char *p = memmem(f->text.p, f->text.n, what, strlen(what));
    assert_non_null(p);
    return (uint32_t)(p - f->text.p);
}

static bool word_is(const fixture *f, const char *what)
{
    engine_state s = engine_now(f->engine);
    return s.started && s.word.end - s.word.start == strlen(what) && memcmp(f->text.p + s.word.start, what, strlen(what)) == 0;
}

/* Lets it play until a word is heard. */
static void play_up_to(fixture *f, const char *word)
{
    for (int i = 0; i < 4000 && !word_is(f, word); i++) {
        size_t before = count_of(&f->device);
        allow(&f->device, before + 250 > f->device.allowed ? 250 : 0);
        for (int k = 0; k < 500 && count_of(&f->device) == before && !word_is(f, word); k++)
            nap();
    }
    assert_true(word_is(f, word));
}

static size_t ticks(const int16_t *samples, size_t n)
{
    size_t count = 0, quiet = 1000;
    for (size_t i = 0; i < n; i++) {
        bool loud = abs(samples[i]) > 2000;
        count += loud && quiet > 200;
        quiet = loud ? 0 : quiet + 1;
    }
    return count;
}

/* ---------------------------------------------------------------- tests */

static void what_is_played_is_what_is_rendered(void **state)
{
    (void)state;
    static fixture f; /* a test that fails leaves its threads */
    nr_error err;
    start(&f, TEXT, "en", 1);
    allow(&f.device, NO_END);
    play(&f, 0, UINT32_MAX, false);
    await(&f, ENGINE_ENDED);
    nr_script *script;
    nr_narrator *narrator;
    nr_sink *sink;
    assert_int_equal(nr_script_new(&script, f.doc, &(nr_script_options){.locale = "en-GB"}, &err), NR_OK);
    nr_voice_options voice;
    nr_voice_options_init(&voice);
    voice.voice = "en";
    assert_int_equal(nr_narrator_new(&narrator, &voice, "en-GB", &err), NR_OK);
    assert_int_equal(nr_sink_memory(&sink, MOST * 2, &err), NR_OK);
    assert_int_equal(nr_narrate(narrator, script, sink, NULL, NULL, &err), NR_OK);
    size_t frames;
    const int16_t *samples = nr_sink_memory_samples(sink, &frames, NULL);
    assert_int_equal(f.device.count, frames);
    assert_memory_equal(f.device.samples, samples, frames * sizeof *samples);
    nr_sink_free(sink);
    nr_narrator_free(narrator);
    nr_script_free(script);
    assert_int_equal(f.event_count, 5); /* four sentences and the end */
    for (size_t i = 0; i + 1 < f.event_count; i++)
        assert_int_equal(f.events[i].kind, ENGINE_SENTENCE);
    assert_int_equal(f.events[1].span.start, offset_of(&f, "The second"));
    stop(&f);
}

static void a_seek_begins_with_its_word(void **state)
{
    (void)state;
    static fixture f; /* a test that fails leaves its threads */
    start(&f, TEXT, "null", 1);
    play(&f, 0, UINT32_MAX, false);
    play_up_to(&f, "first");
    engine_seek(f.engine, offset_of(&f, "begins"));
    assert_int_equal(engine_now(f.engine).word.start, offset_of(&f, "begins")); /* before it is heard */
    play_up_to(&f, "begins");
    size_t from = count_of(&f.device);
    allow(&f.device, NO_END);
    await(&f, ENGINE_ENDED);
    /* begins with this sentence + it ends with that one; the first tick may have been seen before */
    size_t n = ticks(f.device.samples + from, f.device.count - from);
    assert_true(n >= 8 && n <= 9);
    stop(&f);
}

static void seeking_beyond_the_end_is_the_end(void **state)
{
    (void)state;
    static fixture f; /* a test that fails leaves its threads */
    start(&f, TEXT, "null", 1);
    play(&f, 0, UINT32_MAX, false);
    play_up_to(&f, "first");
    engine_seek(f.engine, (uint32_t)f.text.n);
    allow(&f.device, NO_END);
    await(&f, ENGINE_ENDED);
    engine_seek(f.engine, offset_of(&f, "that one"));
    await(&f, ENGINE_ENDED);
    assert_true(word_is(&f, "one"));
    stop(&f);
}

static void a_pause_silences_and_goes_on_with_the_word(void **state)
{
    (void)state;
    static fixture f; /* a test that fails leaves its threads */
    start(&f, TEXT, "null", 1);
    play(&f, 0, UINT32_MAX, false);
    play_up_to(&f, "sentence");
    allow(&f.device, 2500);
    WAIT_UNTIL(count_of(&f.device) + 250 > f.device.allowed);
    engine_pause(f.engine, true);
    allow(&f.device, 1000);
    WAIT_UNTIL(finished(&f.device) == 1);
    size_t at = count_of(&f.device);
    allow(&f.device, NO_END);
    nap();
    assert_int_equal(count_of(&f.device), at);
    assert_true(engine_now(f.engine).paused && word_is(&f, "sentence"));
    engine_pause(f.engine, false);
    await(&f, ENGINE_ENDED);
    /* "sentence has seven words here", then seven, six and five words */
    assert_int_equal(ticks(f.device.samples + at, f.device.count - at), 5 + 7 + 6 + 5);
    stop(&f);
}

static void begun_in_pause_nothing_sounds(void **state)
{
    (void)state;
    static fixture f; /* a test that fails leaves its threads */
    start(&f, TEXT, "null", 1);
    engine_pause(f.engine, true);
    allow(&f.device, NO_END);
    play(&f, offset_of(&f, "Another"), UINT32_MAX, false);
    engine_seek(f.engine, offset_of(&f, "ends"));
    nap();
    assert_int_equal(count_of(&f.device), 0);
    assert_int_equal(engine_now(f.engine).word.start, offset_of(&f, "ends"));
    engine_pause(f.engine, false);
    await(&f, ENGINE_ENDED);
    assert_int_equal(ticks(f.device.samples, f.device.count), 4);
    stop(&f);
}

static void it_stops_before_a_place(void **state)
{
    (void)state;
    static fixture f; /* a test that fails leaves its threads */
    start(&f, TEXT, "null", 1);
    allow(&f.device, NO_END);
    play(&f, 0, offset_of(&f, "Another"), false);
    await(&f, ENGINE_ENDED);
    assert_int_equal(ticks(f.device.samples, f.device.count), 14);
    assert_true(word_is(&f, "words"));
    engine_until(f.engine, UINT32_MAX);
    engine_seek(f.engine, offset_of(&f, "Another"));
    await(&f, ENGINE_ENDED);
    assert_int_equal(ticks(f.device.samples, f.device.count), 25);
    stop(&f);
}

static void a_lost_device_returns_to_the_interrupted_word(void **state)
{
    (void)state;
    static fixture f; /* a test that fails leaves its threads */
    start(&f, TEXT, "null", 1);
    play(&f, 0, UINT32_MAX, false);
    f.device.absences = 2;
    play_up_to(&f, "also");
    pthread_mutex_lock(&f.device.lock);
    f.device.fail_at = f.device.count + 1000;
    pthread_mutex_unlock(&f.device.lock);
    allow(&f.device, NO_END);
    const engine_event *lost = await(&f, ENGINE_LOST);
    assert_string_equal(lost->text, "the device is gone");
    size_t at = f.device.gone_at;
    await(&f, ENGINE_BACK);
    assert_int_equal(f.device.refused, 2);
    await(&f, ENGINE_ENDED);
    assert_int_equal(ticks(f.device.samples + at, f.device.count - at), 4 + 6 + 5); /* "also has seven words" */
    assert_false(engine_now(f.engine).lost);
    stop(&f);
}

static void no_device_at_first_is_a_failure(void **state)
{
    (void)state;
    static fixture f; /* a test that fails leaves its threads */
    start(&f, TEXT, "null", 1);
    engine_close(f.engine);
    f.device.gone = true;
    f.device.absences = 1;
    engine_options how = {.speed = 1, .volume = 100, .open_sink = make_device, .ctx = &f.device};
    nr_voice_options_init(&how.voice);
    nr_error err;
    assert_int_equal(engine_open(&f.engine, &how, &err), NR_OK);
    engine_event v;
    WAIT_UNTIL(engine_next(f.engine, &v));
    assert_int_equal(v.kind, ENGINE_FAILED);
    assert_string_equal(v.text, "the device is gone");
    stop(&f);
}

static void another_voice_goes_on_from_the_word(void **state)
{
    (void)state;
    static fixture f; /* a test that fails leaves its threads */
    start(&f, TEXT, "null", 1);
    play(&f, 0, UINT32_MAX, false);
    play_up_to(&f, "seven");
    engine_voice(f.engine, "espeak:en-us");
    assert_int_equal(engine_now(f.engine).word.start, offset_of(&f, "seven"));
    play_up_to(&f, "words");
    assert_string_equal(engine_now(f.engine).voice, "espeak:en-us");
    stop(&f);
}

static void volume_and_chime(void **state)
{
    (void)state;
    static fixture f; /* a test that fails leaves its threads */
    start(&f, TEXT, "null", 1);
    engine_volume(f.engine, 0);
    allow(&f.device, NO_END);
    play(&f, 0, UINT32_MAX, true);
    await(&f, ENGINE_ENDED);
    size_t first = 22050 * 35 / 100, n = f.device.count;
    int loudest = 0, rest = 0;
    for (size_t i = 0; i < n; i++) {
        int v = abs(f.device.samples[i]);
        if (i < first && v > loudest)
            loudest = v;
        if (i > 22050 && v > rest)
            rest = v;
    }
    assert_true(loudest > 1000 && rest == 0);
    stop(&f);
}

#if NR_HAVE_SONIC
/* Crossings of zero a second where there is sound: what a pitch that was not kept would change. */
static double crossings(const int16_t *s, size_t n)
{
    size_t found = 0, voiced = 0;
    for (size_t i = 0; i + 256 <= n; i += 256) {
        size_t in_window = 0;
        long long energy = 0;
        for (size_t k = i; k < i + 255; k++) {
            energy += (long long)s[k] * s[k];
            in_window += (s[k] < 0) != (s[k + 1] < 0);
        }
        if (energy / 255 > 500 * 500) {
            voiced += 255;
            found += in_window;
        }
    }
    return voiced ? (double)found * 22050 / (double)voiced : 0;
}

static void speed_keeps_pitch_and_tells_the_words(void **state)
{
    (void)state;
    const double speeds[] = {1, 0.5, 0.8, 1.5, 2, 3, 4};
    double frames = 0, usual = 0;
    for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++) {
        static fixture f; /* a test that fails leaves its threads */
        start(&f, TEXT, "en", speeds[i]);
        allow(&f.device, NO_END);
        play(&f, 0, UINT32_MAX, false);
        await(&f, ENGINE_ENDED);
        double c = crossings(f.device.samples, f.device.count);
        if (i == 0) {
            frames = (double)f.device.count;
            usual = c;
        }
        double length = (double)f.device.count * speeds[i] / frames;
        assert_true(length > 0.95 && length < 1.05);
        assert_true(c > usual * 0.85 && c < usual * 1.15);
        assert_int_equal(f.event_count, 5);
        assert_true(word_is(&f, "one"));
        stop(&f);
    }
}

/* The largest step from sample to sample may grow a little where the speed changes, but not as a click does. */
static void changing_the_speed_does_not_click(void **state)
{
    (void)state;
    int steps[2] = {0, 0};
    for (int changing = 0; changing < 2; changing++) {
        static fixture f; /* a test that fails leaves its threads */
        start(&f, TEXT, "en", 1);
        play(&f, 0, UINT32_MAX, false);
        for (int i = 0; i < 60; i++) {
            allow(&f.device, 2205);
            WAIT_UNTIL(count_of(&f.device) + 300 > f.device.allowed || engine_now(f.engine).ended);
            if (changing)
                engine_speed(f.engine, 0.5 + (i * 7 % 11) * 0.35);
        }
        for (size_t i = 1; i < f.device.count; i++) {
            int step = abs(f.device.samples[i] - f.device.samples[i - 1]);
            steps[changing] = step > steps[changing] ? step : steps[changing];
        }
        stop(&f);
    }
    assert_true(steps[1] < steps[0] * 5 / 4);
}

/* Where tempo says that a sample came from, against a ramp of tones whose place can be heard: impulses. */
static void tempo_knows_its_place(void **state)
{
    (void)state;
    const double speeds[] = {0.5, 1.3, 2, 4};
    static int16_t in[22050 * 20], out[22050 * 50];
    for (size_t k = 0; k < 4; k++) {
        memset(in, 0, sizeof in);
        for (size_t i = 0; i < sizeof in / sizeof *in; i++) /* a buzz of 100 Hz in every second half second */
            if (i / 11025 % 2)
                in[i] = (int16_t)(i % 220 < 40 ? 9000 : -2000);
        tempo t;
        tempo_open(&t, 22050, speeds[k]);
        size_t given = 0, made = 0;
        double worst = 0;
        size_t quiet = 1000;
        while (given < sizeof in / sizeof *in) {
            size_t n;
            while ((n = tempo_take(&t, out + made, 64)) > 0) {
                int most = 0;
                for (size_t i = made; i < made + n; i++)
                    most = abs(out[i]) > most ? abs(out[i]) : most;
                if (most > 4000 && quiet > 1000) { /* a half second of buzz begins about here */
                    double off = t.position - ((double)((size_t)(t.position / 22050 + 0.25)) * 22050 + 11025);
                    off = off > 11025 ? off - 22050 : off;
                    worst = off < 0 ? (-off > worst ? -off : worst) : (off > worst ? off : worst);
                }
                quiet = most > 500 ? 0 : quiet + n;
                made += n;
            }
            n = tempo_wants(&t, 220);
            n = given + n > sizeof in / sizeof *in ? sizeof in / sizeof *in - given : n;
            tempo_give(&t, in + given, n);
            given += n;
        }
        tempo_close(&t);
        print_message("speed %.1f: at most %.0f ms of the original off\n", speeds[k], worst / 22.05);
        assert_true(worst / 22.05 / speeds[k] < 20);
    }
}
#else
static void without_sonic_the_speed_stays(void **state)
{
    (void)state;
    static fixture f; /* a test that fails leaves its threads */
    start(&f, TEXT, "null", 1);
    assert_false(engine_speed(f.engine, 2));
    assert_true(engine_speed(f.engine, 1));
    stop(&f);
}
#endif

/* As an owner must: the feeder waits for one who leaves too many. */
static void read_events(fixture *f)
{
    engine_event v;
    while (engine_next(f->engine, &v))
        ;
}

static void many_orders_in_a_row(void **state)
{
    (void)state;
    static fixture f; /* a test that fails leaves its threads */
    start(&f, TEXT, "null", 1);
    allow(&f.device, NO_END / 2);
    play(&f, 0, UINT32_MAX, false);
    for (uint32_t i = 0; i < 300; i++) {
        engine_seek(f.engine, i * 37 % (uint32_t)f.text.n);
        if (i % 7 == 0)
            engine_pause(f.engine, i % 2);
        if (i % 50 == 0)
            play(&f, 0, UINT32_MAX, false);
        read_events(&f);
    }
    engine_pause(f.engine, false);
    engine_seek(f.engine, offset_of(&f, "ends with"));
    WAIT_UNTIL((read_events(&f), word_is(&f, "one")));
    stop(&f);
}

int main(int argc, char **argv)
{
    cmocka_set_test_filter(argc > 1 ? argv[1] : NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_played_is_what_is_rendered),
        cmocka_unit_test(a_seek_begins_with_its_word),
        cmocka_unit_test(seeking_beyond_the_end_is_the_end),
        cmocka_unit_test(a_pause_silences_and_goes_on_with_the_word),
        cmocka_unit_test(begun_in_pause_nothing_sounds),
        cmocka_unit_test(it_stops_before_a_place),
        cmocka_unit_test(a_lost_device_returns_to_the_interrupted_word),
        cmocka_unit_test(no_device_at_first_is_a_failure),
        cmocka_unit_test(another_voice_goes_on_from_the_word),
        cmocka_unit_test(volume_and_chime),
        cmocka_unit_test(many_orders_in_a_row),
#if NR_HAVE_SONIC
        cmocka_unit_test(speed_keeps_pitch_and_tells_the_words),
        cmocka_unit_test(changing_the_speed_does_not_click),
        cmocka_unit_test(tempo_knows_its_place),
#else
        cmocka_unit_test(without_sonic_the_speed_stays),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
