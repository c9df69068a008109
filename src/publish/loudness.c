#include "publish/loudness.h"

#include <math.h>
#include <stdlib.h>

#ifdef NR_HAVE_MASTER
#include <ebur128.h>
#endif

#include "base/error.h"

#define OFFSET 0.691 /* dB, of BS.1770 */
#define ABSOLUTE_GATE -70.0
#define RELATIVE_GATE -10.0

enum { STEP_MS = 100, BLOCK = 4 /* steps */ };

static double energy_of(double lufs) { return pow(10, (lufs + OFFSET) / 10); }

static double lufs_of(double energy) { return 10 * log10(energy) - OFFSET; }

#ifdef NR_HAVE_MASTER
nr_status loudness_open(loudness_meter *m, int rate, size_t prime, nr_error *err)
{
    *m = (loudness_meter){.step = loudness_step(rate), .unripe = prime};
    m->state = ebur128_init(1, (unsigned long)rate, EBUR128_MODE_M);
    return m->state ? NR_OK : nr_fail_memory(err);
}

static nr_status end_step(loudness_meter *m, nr_error *err)
{
    double lufs;
    m->filled = 0;
    if (m->unripe) {
        m->unripe--;
        return NR_OK;
    }
    if (m->count == m->room) {
        size_t room = m->room ? 2 * m->room : 256;
        float *grown = realloc(m->steps, room * sizeof *grown);
        if (!grown)
            return nr_fail_memory(err);
        m->steps = grown;
        m->room = room;
    }
    bool heard = ebur128_loudness_window(m->state, STEP_MS, &lufs) == EBUR128_SUCCESS && lufs > -200;
    m->steps[m->count++] = heard ? (float)energy_of(lufs) : 0;
    return NR_OK;
}

nr_status loudness_add(loudness_meter *m, const int16_t *samples, size_t frames, nr_error *err)
{
    while (frames) {
        size_t n = m->step - m->filled < frames ? m->step - m->filled : frames;
        if (ebur128_add_frames_short(m->state, samples, n) != EBUR128_SUCCESS)
            return nr_fail_memory(err);
        samples += n;
        frames -= n;
        m->filled += n;
        nr_status s = m->filled == m->step ? end_step(m, err) : NR_OK;
        if (s)
            return s;
    }
    return NR_OK;
}

void loudness_close(loudness_meter *m)
{
    ebur128_state *state = m->state;
    if (state)
        ebur128_destroy(&state);
    free(m->steps);
    *m = (loudness_meter){0};
}
#else
nr_status loudness_open(loudness_meter *m, int rate, size_t prime, nr_error *err)
{
    (void)rate;
    (void)prime;
    *m = (loudness_meter){0};
    return nr_fail(err, NR_EINVAL, 0, "this narrate was built without mastering: build it with libebur128-dev, or use --loudness off");
}

nr_status loudness_add(loudness_meter *m, const int16_t *samples, size_t frames, nr_error *err)
{
    (void)m;
    (void)samples;
    (void)frames;
    (void)err;
    return NR_OK;
}

void loudness_close(loudness_meter *m) { *m = (loudness_meter){0}; }
#endif

/* Of the blocks that end with each step. */
static double mean_above(const float *steps, size_t count, double gate)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = BLOCK - 1; i < count; i++) {
        double block = ((double)steps[i - 3] + steps[i - 2] + steps[i - 1] + steps[i]) / BLOCK;
        if (block >= gate) {
            sum += block;
            n++;
        }
    }
    return n ? sum / (double)n : 0;
}

double loudness_integrated(const float *steps, size_t count)
{
    double gate = energy_of(ABSOLUTE_GATE);
    double mean = mean_above(steps, count, gate);
    if (mean <= 0)
        return -INFINITY;
    double relative = mean * pow(10, RELATIVE_GATE / 10);
    return lufs_of(mean_above(steps, count, relative > gate ? relative : gate));
}
