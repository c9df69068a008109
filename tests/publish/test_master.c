/* Loudness by libebur128's own integration, peaks by soxr at eight times the sample rate: neither is what the master uses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <ebur128.h>
#include <math.h>
#include <soxr.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "publish/dynamics.h"
#include "publish/loudness.h"
#include "publish/master.h"

enum { RATE = 22050, OVER = 8 };
#define TAU 6.283185307179586

typedef double signal_fn(size_t i);

static double tone(size_t i) { return 0.05 * sin(TAU * 997 * (double)i / RATE); }

/* Syllables of a voice: a buzz of many harmonics up to 6 kHz, its pitch and loudness moving. */
static double voice(size_t i)
{
    double t = (double)i / RATE, v = 0, phase = TAU * 110 * t - 15 / 0.7 * cos(TAU * 0.7 * t);
    for (int h = 1; h < 48; h += h < 4 ? 1 : 7)
        v += 1.4 * sin(phase * h + h * h) / sqrt(h);
    double syllable = sin(TAU * 2.2 * t), phrase = 0.6 + 0.4 * sin(TAU * 0.21 * t);
    return syllable > 0 ? 0.2 * phrase * syllable * v : 0;
}

/* A quarter of the sample rate, every sample at the same height: its peaks are half-way between samples, 3 dB higher. */
static double between_samples(size_t i) { return (i / 11025 % 2 ? 0.5 : 0.05) * ((i / 2) % 2 ? -1 : 1); }

/* A wave whose top is flat over three samples, its peak between the two that are not the highest; a little of a voice. */
static double flat_top(size_t i)
{
    static const double wave[] = {.645, .489, .227, -.068, -.231, -.238, -.204, -.185, -.274, -.525, -.786, -.886, -.885,
                                  -.884, -.732, -.655, -.654, -.703, -.768, -.756, -.62, -.422, -.21, -.034, .037, .031};
    size_t at = i % 441, count = sizeof wave / sizeof *wave;
    double height = i / 441 % 10 ? 0.5 : 0.95;
    return at < count ? height * wave[at] : at < count + 20 ? 0.01 * (double)(count + 20 - at) / 20 : 0;
}

static double square(size_t i) { return (i / 50) % 2 ? -1 : 1; }

static double click(size_t i) { return i % 4410 < 2 ? 1 : 0.1 * sin(TAU * 300 * (double)i / RATE); }

static double nothing(size_t i) { return 0 * (double)i; }

static recording record(signal_fn *fn, size_t frames)
{
    recording r;
    int16_t *samples = malloc(frames * sizeof *samples);
    for (size_t i = 0; i < frames; i++)
        samples[i] = (int16_t)fmax(-32768, fmin(32767, lrint(32768 * fn(i))));
    assert_int_equal(recording_open(&r, NULL, RATE, NULL), NR_OK);
    assert_int_equal(recording_write(&r, samples, frames, NULL), NR_OK);
    free(samples);
    return r;
}

static int16_t *all(const recording *r)
{
    size_t got;
    int16_t *samples = malloc((size_t)r->frames * sizeof *samples + 2);
    assert_int_equal(recording_read(r, 0, samples, (size_t)r->frames, &got, NULL), NR_OK);
    assert_int_equal(got, r->frames);
    return samples;
}

static double lufs_of(const recording *r)
{
    int16_t *samples = all(r);
    double lufs;
    ebur128_state *e = ebur128_init(1, RATE, EBUR128_MODE_I);
    ebur128_add_frames_short(e, samples, (size_t)r->frames);
    assert_int_equal(ebur128_loudness_global(e, &lufs), EBUR128_SUCCESS);
    ebur128_destroy(&e);
    free(samples);
    return lufs;
}

/* In blocks: soxr_oneshot() grows its memory step by step. */
static double dbtp_of(const recording *r)
{
    int16_t *samples = all(r);
    float over[4096], peak = 0;
    soxr_io_spec_t io = soxr_io_spec(SOXR_INT16_I, SOXR_FLOAT32_I);
    soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
    soxr_t resampler = soxr_create(RATE, RATE * OVER, 1, NULL, &io, &quality, NULL);
    size_t made = 1;
    assert_non_null(resampler);
    for (size_t at = 0, used; at < r->frames || made; at += used) {
        size_t left = (size_t)r->frames - at, n = left < 512 ? left : 512;
        used = 0;
        assert_null(soxr_process(resampler, n ? samples + at : NULL, n, &used, over, 4096, &made));
        for (size_t i = 0; i < made; i++)
            peak = fmaxf(peak, fabsf(over[i]));
    }
    soxr_delete(resampler);
    free(samples);
    return 20 * log10(peak);
}

typedef struct made {
    recording sound;
    double lufs;
} made;

static made master(const recording *r, double loudness, double true_peak, double compress, int threads)
{
    double now = lufs_of(r);
    master_clip clip = {.sound = r, .frames = r->frames, .gain = isfinite(now) ? pow(10, (loudness - now) / 20) : 1};
    master_plan plan = {.clips = &clip, .clip_count = 1, .loudness = loudness, .true_peak = true_peak, .compress = compress,
                        .threads = threads};
    made m;
    assert_int_equal(recording_open(&m.sound, NULL, RATE, NULL), NR_OK);
    assert_int_equal(master_run(&plan, &m.sound, &m.lufs, NULL), NR_OK);
    assert_int_equal(m.sound.frames, r->frames);
    return m;
}

static void loudness_and_peak_are_met(void **state)
{
    (void)state;
    const struct {
        signal_fn *fn;
        size_t seconds;
        double loudness, true_peak, slack; /* slack: what meters may differ by for sound up to half the sample rate */
    } cases[] = {{tone, 5, -16, -1},  {tone, 14, -23, -1},           {voice, 25, -16, -1}, {voice, 14, -17, -3},
                 {voice, 3, -19, -1}, {between_samples, 8, -8, -1}, {click, 14, -16, -1, 0.15}, {square, 4, -16, -1},
                 {flat_top, 8, -19, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        recording r = record(cases[i].fn, cases[i].seconds * RATE);
        made m = master(&r, cases[i].loudness, cases[i].true_peak, NAN, 2);
        double lufs = lufs_of(&m.sound), peak = dbtp_of(&m.sound);
        if (fabs(lufs - cases[i].loudness) > 0.1 || fabs(lufs - m.lufs) > 0.02 || peak > cases[i].true_peak + cases[i].slack)
            fail_msg("case %zu: %.2f LUFS (said to be %.2f), not %.1f; %.2f dBTP, at most %.1f", i, lufs, m.lufs,
                     cases[i].loudness, peak, cases[i].true_peak);
        recording_close(&r);
        recording_close(&m.sound);
    }
}

static void peaks_allow_no_more(void **state)
{
    (void)state;
    recording r = record(square, 3 * RATE);
    made m = master(&r, -5, -6, NAN, 2);
    assert_true(dbtp_of(&m.sound) < -5.9);
    assert_true(m.lufs < -5.5);
    recording_close(&r);
    recording_close(&m.sound);
}

static void silence_and_next_to_nothing_stay_as_they_are(void **state)
{
    (void)state;
    size_t lengths[] = {0, 1, 7, 4000, 13 * RATE + 3};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        recording r = record(nothing, lengths[i]);
        made m = master(&r, -16, -1, NAN, 3);
        int16_t *samples = all(&m.sound);
        for (size_t k = 0; k < lengths[i]; k++)
            assert_int_equal(samples[k], 0);
        assert_false(isfinite(m.lufs));
        free(samples);
        recording_close(&r);
        recording_close(&m.sound);
    }
}

static void threads_change_nothing(void **state)
{
    (void)state;
    recording r = record(voice, 26 * RATE + 77);
    made one = master(&r, -14, -2, -14, 1), four = master(&r, -14, -2, -14, 4);
    int16_t *a = all(&one.sound), *b = all(&four.sound);
    assert_memory_equal(a, b, r.frames * sizeof *a);
    free(a);
    free(b);
    recording_close(&r);
    recording_close(&one.sound);
    recording_close(&four.sound);
}

/* Pieces are joined as if they had been one: a limited tone is as even at their borders as elsewhere. */
static void no_seams(void **state)
{
    (void)state;
    recording r = record(tone, 30 * RATE);
    master_clip clip = {.sound = &r, .frames = r.frames, .gain = 40};
    master_plan plan = {.clips = &clip, .clip_count = 1, .loudness = -6, .true_peak = -3, .compress = -10, .threads = 2};
    recording out;
    double lufs;
    assert_int_equal(recording_open(&out, NULL, RATE, NULL), NR_OK);
    assert_int_equal(master_run(&plan, &out, &lufs, NULL), NR_OK);
    int16_t *x = all(&out);
    double worst[26] = {0}; /* around each second */
    for (size_t second = 2; second < 26; second++) {
        /* a tone obeys x[n+1] = 2 cos(w) x[n] - x[n-1] */
        for (size_t i = second * RATE - 200; i < second * RATE + 200; i++)
            worst[second] = fmax(worst[second], fabs(x[i + 1] - 2 * cos(TAU * 997 / RATE) * x[i] + x[i - 1]));
        assert_true(fabs(worst[second] - worst[2]) < 2); /* of 32768 */
    }
    free(x);
    recording_close(&r);
    recording_close(&out);
}

static double rms(const recording *r, size_t from, size_t n)
{
    int16_t *x = all(r);
    double sum = 0;
    for (size_t i = from; i < from + n; i++)
        sum += (double)x[i] * x[i];
    free(x);
    return 10 * log10(sum / (double)n) - 20 * log10(32768);
}

static double two_levels(size_t i) { return (i / (3 * RATE) % 2 ? 0.35 : 0.035) * sin(TAU * 500 * (double)i / RATE); }

static void a_compressor_brings_levels_together(void **state)
{
    (void)state;
    recording r = record(two_levels, 24 * RATE);
    made flat = master(&r, -20, -1, NAN, 2), pressed = master(&r, -20, -1, -20, 2);
    double before = rms(&flat.sound, 10 * RATE, RATE) - rms(&flat.sound, 13 * RATE, RATE);
    double after = rms(&pressed.sound, 10 * RATE, RATE) - rms(&pressed.sound, 13 * RATE, RATE);
    assert_true(fabs(before - 20) < 0.2);
    assert_true(after < 19 && after > 10); /* 2:1 above the threshold only */
    assert_true(fabs(lufs_of(&pressed.sound) + 20) < 0.1);
    recording_close(&r);
    recording_close(&flat.sound);
    recording_close(&pressed.sound);
}

static void a_high_pass_takes_rumble(void **state)
{
    (void)state;
    const struct {
        double hertz, gain, tolerance;
    } cases[] = {{20, -24.1, 0.5}, {80, -3, 0.1}, {160, -0.26, 0.1}, {1000, 0, 0.01}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        int16_t x[RATE];
        double in = 0, out = 0;
        highpass h;
        highpass_init(&h, RATE, 80);
        for (size_t i = 0; i < RATE; i++)
            x[i] = (int16_t)lrint(10000 * sin(TAU * cases[c].hertz * (double)i / RATE));
        for (size_t i = RATE / 2; i < RATE; i++)
            in += (double)x[i] * x[i];
        highpass_run(&h, x, 1000); /* in two parts: it goes on */
        highpass_run(&h, x + 1000, RATE - 1000);
        for (size_t i = RATE / 2; i < RATE; i++)
            out += (double)x[i] * x[i];
        assert_true(fabs(10 * log10(out / in) - cases[c].gain) < cases[c].tolerance);
    }
}

static void clips_stand_one_after_the_other(void **state)
{
    (void)state;
    recording r = record(square, RATE);
    master_clip clips[] = {{.sound = &r, .from = 100, .frames = 500, .gain = 0.5},
                           {.frames = 1000},
                           {.sound = &r, .frames = 1000, .gain = 0.25, .fade_in = 100, .fade_out = 200}};
    master_plan plan = {.clips = clips, .clip_count = 3, .loudness = NAN, .true_peak = -1, .compress = NAN};
    recording out;
    double lufs;
    assert_int_equal(recording_open(&out, NULL, RATE, NULL), NR_OK);
    assert_int_equal(master_run(&plan, &out, &lufs, NULL), NR_OK);
    assert_int_equal(out.frames, 2500);
    int16_t *x = all(&out);
    for (size_t i = 0; i < 500; i++)
        assert_int_equal(x[i], i / 50 % 2 ? -16384 : 16384);
    for (size_t i = 500; i < 1500; i++)
        assert_int_equal(x[i], 0);
    assert_int_equal(x[1500], 0);
    assert_int_equal(abs(x[1550]), 4096);
    assert_int_equal(abs(x[2000]), 8192);
    assert_int_equal(abs(x[2400]), 4096);
    assert_true(abs(x[2499]) < 100);
    free(x);
    recording_close(&r);
    recording_close(&out);
}

static void a_meter_in_pieces_is_one_meter(void **state)
{
    (void)state;
    recording r = record(voice, 21 * RATE);
    int16_t *x = all(&r);
    size_t step = loudness_step(RATE);
    loudness_meter whole, half;
    assert_int_equal(loudness_open(&whole, RATE, 0, NULL), NR_OK);
    for (size_t i = 0; i < r.frames; i += 1000)
        assert_int_equal(loudness_add(&whole, x + i, r.frames - i < 1000 ? (size_t)r.frames - i : 1000, NULL), NR_OK);
    assert_true(fabs(loudness_integrated(whole.steps, whole.count) - lufs_of(&r)) < 0.001);
    assert_int_equal(loudness_open(&half, RATE, LOUDNESS_PRIME, NULL), NR_OK);
    assert_int_equal(loudness_add(&half, x + (100 - LOUDNESS_PRIME) * step, (100 + LOUDNESS_PRIME) * step, NULL), NR_OK);
    assert_int_equal(half.count, 100);
    for (size_t i = 0; i < half.count; i++)
        assert_true(fabs(half.steps[i] - whole.steps[100 + i]) <= 1e-4 * whole.steps[100 + i] + 1e-12);
    loudness_close(&whole);
    loudness_close(&half);
    free(x);
    recording_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loudness_and_peak_are_met),       cmocka_unit_test(peaks_allow_no_more),
        cmocka_unit_test(silence_and_next_to_nothing_stay_as_they_are), cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(no_seams),                        cmocka_unit_test(a_compressor_brings_levels_together),
        cmocka_unit_test(a_high_pass_takes_rumble),        cmocka_unit_test(clips_stand_one_after_the_other),
        cmocka_unit_test(a_meter_in_pieces_is_one_meter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
