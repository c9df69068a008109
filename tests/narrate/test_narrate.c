/* The narrator with a voice that goes wrong: order, marks, pauses, retries, cancellation, no processes left. The script is
 * the test's own: a line is an utterance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/view.h"
#include "sink/sink.h"

enum { RATE = 22050, WORD_FRAMES = 400, MOST = 1 << 28 };

/* ---------------------------------------------------------------- a script of lines */

struct nr_script {
    const char *text, *at;
    nr_said_word words[600];
    nr_utterance utterance;
};

nr_status nr_script_next(nr_script *s, const nr_utterance **out, nr_error *err)
{
    (void)err;
    size_t n = strcspn(s->at, "\n"), count = 0;
    *out = NULL;
    if (!*s->at)
        return NR_OK;
    uint32_t base = (uint32_t)(s->at - s->text);
    for (uint32_t i = 0; i < n;) {
        uint32_t from = i;
        while (i < n && s->at[i] != ' ')
            i++;
        s->words[count++] = (nr_said_word){from, i, {base + from, base + i}, 0};
        while (i < n && s->at[i] == ' ')
            i++;
    }
    s->utterance = (nr_utterance){.say = {s->at, n},
                                  .words = s->words,
                                  .word_count = count,
                                  .span = {base, base + (uint32_t)n},
                                  .sentence = {base, base + (uint32_t)n},
                                  .pause_ms = 100,
                                  .rate = 100,
                                  .lang = "en-GB"};
    s->at += n + (s->at[n] == '\n');
    *out = &s->utterance;
    return NR_OK;
}

/* ---------------------------------------------------------------- rendering */

typedef struct seen {
    size_t words, sentences, warnings, utterances;
    uint64_t last_frame;
    char warning[400];
    size_t stop_after; /* utterances; 0: never */
    nr_span last_word;
    bool backwards;
} seen;

static int on_mark(void *ctx, const nr_mark *m)
{
    seen *s = ctx;
    s->backwards = s->backwards || m->frame < s->last_frame;
    s->last_frame = m->frame;
    *(m->kind == NR_MARK_WORD ? &s->words : &s->sentences) += 1;
    return 0;
}

static int on_utterance(void *ctx, const nr_utterance *u, uint64_t frame)
{
    (void)u, (void)frame;
    seen *s = ctx;
    s->utterances++;
    return s->stop_after && s->utterances == s->stop_after;
}

static void on_warning(void *ctx, const char *message)
{
    seen *s = ctx;
    s->warnings++;
    snprintf(s->warning, sizeof s->warning, "%s", message);
}

static nr_narrator *narrator_of(const char *voice, int jobs)
{
    nr_voice_options opt;
    nr_voice_options_init(&opt);
    opt.voice = voice;
    opt.jobs = jobs;
    nr_narrator *n = NULL;
    nr_error err = {0};
    if (nr_narrator_new(&n, &opt, "en-GB", &err))
        fail_msg("%s", err.msg);
    return n;
}

static nr_status render(nr_narrator *n, const char *text, nr_sink *sink, seen *s, nr_result *result, nr_error *err)
{
    nr_script script = {.text = text, .at = text};
    nr_watch watch = {.ctx = s, .mark = on_mark, .utterance = on_utterance, .warning = on_warning};
    return nr_narrate(n, &script, sink, &watch, result, err);
}

/* The frames of a text, which the caller frees. */
static int16_t *sound_of(const char *voice, int jobs, const char *text, size_t *frames, seen *s, nr_result *result)
{
    nr_narrator *n = narrator_of(voice, jobs);
    nr_sink *sink = NULL;
    nr_error err = {0};
    assert_int_equal(nr_sink_memory(&sink, MOST, &err), NR_OK);
    if (render(n, text, sink, s, result, &err))
        fail_msg("%s", err.msg);
    int rate;
    const int16_t *samples = nr_sink_memory_samples(sink, frames, &rate);
    assert_int_equal(rate, RATE);
    int16_t *copy = malloc(*frames * sizeof *copy + 1);
    memcpy(copy, samples, *frames * sizeof *copy);
    nr_sink_free(sink);
    nr_narrator_free(n);
    return copy;
}

static int children(void)
{
    int count = 0;
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    int pid;
    while (fscanf(f, "%d", &pid) == 1)
        count++;
    fclose(f);
    return count;
}

static int descriptors(void)
{
    int count = 0;
    DIR *d = opendir("/proc/self/fd");
    while (readdir(d))
        count++;
    closedir(d);
    return count;
}

/* Many lines, with `bad` as a line of its own in the middle. */
static char *long_text(const char *bad, int lines)
{
    char *text = malloc((size_t)lines * 64 + 200), *p = text;
    for (int i = 0; i < lines; i++) {
        if (bad && i == lines / 2)
            p += sprintf(p, "%s\n", bad);
        p += sprintf(p, "line %d of a rather long text\n", i);
    }
    return text;
}

/* ---------------------------------------------------------------- tests */

static void sound_pauses_and_marks_are_exact(void **state)
{
    (void)state;
    seen s = {0};
    nr_result r;
    size_t frames;
    int16_t *sound = sound_of("faulty", 1, "one two three\nfour five", &frames, &s, &r);
    size_t pause = RATE / 10;
    assert_int_equal(frames, 5 * WORD_FRAMES + 2 * pause); /* the last pause ends the sound */
    assert_int_equal(r.frames, frames);
    assert_int_equal(r.words, 5);
    assert_int_equal(r.utterances, 2);
    assert_int_equal(s.words, 5);
    assert_int_equal(s.sentences, 2);
    assert_false(s.backwards);
    assert_int_equal(sound[0], 103);
    assert_int_equal(sound[3 * WORD_FRAMES - 1], 305);
    for (size_t i = 3 * WORD_FRAMES; i < 3 * WORD_FRAMES + pause; i++)
        assert_int_equal(sound[i], 0);
    assert_int_equal(sound[3 * WORD_FRAMES + pause], 104);
    /* "five" was never announced: it stands between "four" and the end, by length. */
    assert_int_equal(s.last_frame, 3 * WORD_FRAMES + pause + WORD_FRAMES);
    free(sound);
}

static void the_sound_is_the_same_for_any_number_of_jobs(void **state)
{
    (void)state;
    char *text = long_text(NULL, 500);
    size_t frames, first_frames = 0;
    int16_t *first = NULL;
    const int jobs[] = {1, 2, 4, 7};
    for (size_t i = 0; i < 4; i++) {
        seen s = {0};
        nr_result r;
        int16_t *sound = sound_of("faulty", jobs[i], text, &frames, &s, &r);
        assert_int_equal(r.words, 500 * 7);
        assert_false(s.backwards);
        if (!first) {
            first = sound;
            first_frames = frames;
            continue;
        }
        assert_int_equal(frames, first_frames);
        assert_memory_equal(sound, first, frames * sizeof *sound);
        free(sound);
    }
    free(first);
    free(text);
}

static void what_cannot_be_said_is_left_out_and_named(void **state)
{
    (void)state;
    static const char *const bad[] = {"here we crash badly", "here we vanish", "here we fail", "here comes nonsense"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *text = long_text(bad[i], 60), *good = long_text(NULL, 60);
        size_t frames, expected;
        seen s = {0}, t = {0};
        nr_result r;
        int16_t *sound = sound_of("faulty", 2, text, &frames, &s, &r);
        assert_int_equal(r.left_out, 1);
        assert_int_equal(s.warnings, 1);
        assert_non_null(strstr(s.warning, bad[i]));
        int16_t *whole = sound_of("faulty", 2, good, &expected, &t, &r);
        assert_int_equal(frames, expected);
        assert_memory_equal(sound, whole, frames * sizeof *sound);
        free(sound);
        free(whole);
        free(text);
        free(good);
    }
}

static void what_hangs_is_left_out(void **state)
{
    (void)state;
    seen s = {0};
    nr_result r;
    size_t frames;
    int16_t *sound = sound_of("faulty", 2, "one\ntwo\nhere we hang for ever\nthree", &frames, &s, &r);
    assert_int_equal(r.left_out, 1);
    assert_int_equal(r.words, 3);
    assert_non_null(strstr(s.warning, "hang for ever"));
    free(sound);
}

/* A child may be killed between its last sound and its last word. */
static void a_child_that_dies_when_all_is_said_costs_nothing(void **state)
{
    (void)state;
    seen s = {0};
    nr_result r;
    size_t frames;
    int16_t *sound = sound_of("faulty", 2, "goodbye", &frames, &s, &r);
    assert_int_equal(r.left_out, 0);
    assert_int_equal(r.utterances, 1);
    free(sound);
}

static void nothing_to_say_is_an_error(void **state)
{
    (void)state;
    nr_narrator *n = narrator_of("null", 2);
    nr_sink *sink = NULL;
    nr_error err = {0};
    seen s = {0};
    assert_int_equal(nr_sink_null(&sink, &err), NR_OK);
    assert_int_equal(render(n, "", sink, &s, NULL, &err), NR_ENOTEXT);
    assert_int_equal(render(n, "something", sink, &s, NULL, &err), NR_OK); /* and it can be used again */
    nr_sink_free(sink);
    nr_narrator_free(n);
}

static void a_callback_stops_it(void **state)
{
    (void)state;
    char *text = long_text(NULL, 2000);
    nr_narrator *n = narrator_of("faulty", 3);
    nr_sink *sink = NULL;
    nr_error err = {0};
    assert_int_equal(nr_sink_null(&sink, &err), NR_OK);
    for (size_t after = 1; after < 200; after += 37) {
        seen s = {.stop_after = after};
        assert_int_equal(render(n, text, sink, &s, NULL, &err), NR_CANCELLED);
        assert_int_equal(s.utterances, after);
    }
    nr_sink_free(sink);
    nr_narrator_free(n);
    free(text);
}

static void *cancel_soon(void *ctx)
{
    usleep((useconds_t)(rand() % 30000));
    nr_narrator_cancel(ctx);
    return NULL;
}

static void it_can_be_cancelled_at_any_moment_from_another_thread(void **state)
{
    (void)state;
    char *text = long_text(NULL, 20000);
    int before = descriptors();
    srand(1);
    for (int i = 0; i < 20; i++) {
        nr_narrator *n = narrator_of("faulty", 2);
        nr_sink *sink = NULL;
        nr_error err = {0};
        seen s = {0};
        pthread_t thread;
        assert_int_equal(nr_sink_null(&sink, &err), NR_OK);
        assert_int_equal(pthread_create(&thread, NULL, cancel_soon, n), 0);
        nr_status status = render(n, text, sink, &s, NULL, &err);
        pthread_join(thread, NULL);
        assert_true(status == NR_CANCELLED || status == NR_OK);
        nr_sink_free(sink);
        nr_narrator_free(n);
    }
    assert_int_equal(children(), 0);
    assert_int_equal(descriptors(), before);
    free(text);
}

/* Kills what it finds below this process: the server's children, then the server. */
typedef struct killer {
    int what; /* 0: a speaking child; 1: the server */
    int killed;
    atomic_bool stop;
} killer;

static int first_child(int pid)
{
    char path[64];
    int child = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "%d", &child) != 1)
        child = 0;
    if (f)
        fclose(f);
    return child;
}

static void *kill_some(void *ctx)
{
    killer *k = ctx;
    while (!k->stop && k->killed < 3) {
        int server = first_child(getpid());
        int child = server ? first_child(server) : 0;
        int victim = k->what ? (child ? server : 0) : child;
        if (victim && kill(victim, SIGKILL) == 0)
            k->killed++;
        usleep(4000);
    }
    return NULL;
}

static void killed_processes_change_nothing(void **state)
{
    (void)state;
    char *text = long_text(NULL, 1500);
    seen s = {0};
    nr_result r;
    size_t frames, expected;
    int16_t *whole = sound_of("null", 2, text, &expected, &s, &r);
    for (int what = 0; what < 2; what++) {
        killer k = {.what = what};
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, kill_some, &k), 0);
        int16_t *sound = sound_of("null", 2, text, &frames, &s, &r);
        k.stop = true;
        pthread_join(thread, NULL);
        assert_true(k.killed > 0);
        assert_int_equal(r.left_out, 0);
        assert_int_equal(frames, expected);
        assert_memory_equal(sound, whole, frames * sizeof *sound);
        free(sound);
    }
    assert_int_equal(children(), 0);
    free(whole);
    free(text);
}

static nr_status refuse(void *self, const int16_t *samples, size_t frames, nr_error *err)
{
    (void)self, (void)samples, (void)frames;
    if (err)
        *err = (nr_error){.status = NR_EIO, .msg = "full"};
    return NR_EIO;
}

static void an_error_of_the_sink_ends_it(void **state)
{
    (void)state;
    nr_narrator *n = narrator_of("null", 2);
    nr_sink *sink = NULL;
    nr_error err = {0};
    seen s = {0};
    assert_int_equal(nr_sink_null(&sink, &err), NR_OK);
    nr_sink_driver driver = *sink->driver;
    driver.write = refuse;
    sink->driver = &driver;
    assert_int_equal(render(n, "one two\nthree", sink, &s, NULL, &err), NR_EIO);
    assert_string_equal(err.msg, "full");
    nr_sink_free(sink);
    nr_narrator_free(n);
    assert_int_equal(children(), 0);
}

static void options_are_checked_and_voices_listed(void **state)
{
    (void)state;
    nr_voice_options opt;
    nr_narrator *n = NULL;
    nr_error err = {0};
    nr_voice_options_init(&opt);
    opt.wpm = 5000;
    assert_int_equal(nr_narrator_new(&n, &opt, NULL, &err), NR_EINVAL);
    nr_voice_options_init(&opt);
    opt.jobs = 1000;
    assert_int_equal(nr_narrator_new(&n, &opt, NULL, &err), NR_EINVAL);
    nr_voice_options_init(&opt);
    opt.voice = "faulty:none";
    assert_int_equal(nr_narrator_new(&n, &opt, NULL, &err), NR_EVOICE);
    opt.voice = "gramophone:one";
    assert_int_equal(nr_narrator_new(&n, &opt, NULL, &err), NR_EVOICE);
    assert_non_null(strstr(err.msg, "gramophone"));
    nr_voice_info *voices;
    size_t count;
    assert_int_equal(nr_voices(&voices, &count, &err), NR_OK);
    assert_int_equal(count, 2);
    assert_string_equal(voices[0].name, "faulty:one");
    assert_string_equal(voices[0].label, "a voice that goes wrong");
    assert_int_equal(voices[0].gender, 'f');
    nr_free(voices);
    assert_int_equal(children(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_pauses_and_marks_are_exact),
        cmocka_unit_test(the_sound_is_the_same_for_any_number_of_jobs),
        cmocka_unit_test(what_cannot_be_said_is_left_out_and_named),
        cmocka_unit_test(what_hangs_is_left_out),
        cmocka_unit_test(a_child_that_dies_when_all_is_said_costs_nothing),
        cmocka_unit_test(nothing_to_say_is_an_error),
        cmocka_unit_test(a_callback_stops_it),
        cmocka_unit_test(it_can_be_cancelled_at_any_moment_from_another_thread),
        cmocka_unit_test(killed_processes_change_nothing),
        cmocka_unit_test(an_error_of_the_sink_ends_it),
        cmocka_unit_test(options_are_checked_and_voices_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
