#include "publish/dynamics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846

/* ---------------------------------------------------------------- high-pass */

void highpass_init(highpass *h, int rate, double hertz)
{
    double k = tan(PI * hertz / rate), norm = 1 / (1 + k * sqrt(2) + k * k);
    *h = (highpass){.b = norm, .a1 = 2 * (k * k - 1) * norm, .a2 = (1 - k * sqrt(2) + k * k) * norm};
}

static int16_t to_sample(double v)
{
    double scaled = v < -32768 ? -32768 : v > 32767 ? 32767 : v;
    return (int16_t)lrint(scaled);
}

void highpass_run(highpass *h, int16_t *samples, size_t n)
{
    double s1 = h->s1, s2 = h->s2;
    for (size_t i = 0; i < n; i++) {
        double x = samples[i] * h->b, y = x + s1;
        s1 = s2 - 2 * x - h->a1 * y;
        s2 = x - h->a2 * y;
        samples[i] = to_sample(y);
    }
    h->s1 = fabs(s1) < 1e-9 ? 0 : s1; /* no denormal numbers in a long silence */
    h->s2 = fabs(s2) < 1e-9 ? 0 : s2;
}

/* ---------------------------------------------------------------- gains between nodes */

bool dynamics_scratch_new(dynamics_scratch *s, size_t most)
{
    size_t nodes = most / DYNAMICS_CONTROL + 2;
    s->need = malloc(nodes * sizeof *s->need);
    s->node = malloc(nodes * sizeof *s->node);
    return s->need && s->node;
}

void dynamics_scratch_free(dynamics_scratch *s)
{
    free(s->need);
    free(s->node);
    *s = (dynamics_scratch){0};
}

/* node[k] is the gain at the beginning of control stretch k. */
static void apply_gains(float *x, size_t blocks, const float *node)
{
    for (size_t b = 0; b < blocks; b++) {
        float g = node[b], slope = (node[b + 1] - g) / DYNAMICS_CONTROL, *p = x + b * DYNAMICS_CONTROL;
        if (g == 1 && slope == 0)
            continue;
        for (int i = 0; i < DYNAMICS_CONTROL; i++)
            p[i] *= g + slope * (float)i;
    }
}

/* What is left of a difference after one control stretch, with a time constant in seconds. */
static float per_block(int rate, double seconds) { return (float)exp(-DYNAMICS_CONTROL / (seconds * rate)); }

/* ---------------------------------------------------------------- compressor */

#define KNEE 12.0
#define SLOPE 0.5 /* 1 - 1/ratio */

/* dB to take off at a level of so many dB above the threshold. */
static float reduction(float over)
{
    if (over <= -KNEE / 2)
        return 0;
    if (over >= KNEE / 2)
        return (float)SLOPE * over;
    float into = over + (float)KNEE / 2;
    return (float)(SLOPE / (2 * KNEE)) * into * into;
}

static float mean_square(const float *p)
{
    float sum = 0;
    for (int i = 0; i < DYNAMICS_CONTROL; i++)
        sum += p[i] * p[i];
    return sum / DYNAMICS_CONTROL;
}

static float follow(float state, float wanted, float attack, float release)
{
    return wanted + (state - wanted) * (wanted > state ? attack : release);
}

void compressor_run(const compressor *c, float *x, size_t n, dynamics_scratch *scratch)
{
    float smooth = per_block(c->rate, 0.010), attack = per_block(c->rate, 0.008), release = per_block(c->rate, 0.080);
    float slow_attack = per_block(c->rate, 0.250), slow_release = per_block(c->rate, 0.600);
    float power = 0, fast = 0, slow = 0;
    scratch->node[0] = 1;
    for (size_t b = 0; b < n / DYNAMICS_CONTROL; b++) {
        float now = mean_square(x + b * DYNAMICS_CONTROL);
        power = now + (power - now) * smooth;
        float wanted = reduction(10 * log10f(power + 1e-10f) - (float)c->threshold);
        fast = follow(fast, wanted, attack, release);
        slow = follow(slow, wanted, slow_attack, slow_release);
        float off = fast > slow ? fast : slow;
        scratch->node[b + 1] = off < 1e-4f ? 1 : powf(10, -off / 20);
    }
    apply_gains(x, n / DYNAMICS_CONTROL, scratch->node);
}

/* ---------------------------------------------------------------- limiter */

enum { TAPS = 32, BEFORE = 15, PHASES = 8 };
#define NEAR 0.42f       /* of the ceiling: no sum of 32 samples below this reaches it between two of them */
#define NEAR_HALF 0.703f /* the same for peaks known at twice the sample rate: cos(pi/4) */
#define BETA 5.0
#define LOOK_AHEAD 0.005
#define RELEASE 0.080

static double bessel0(double x)
{
    double sum = 1, term = 1;
    for (int k = 1; k < 40; k++) {
        term *= x / (2 * k) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

/* A windowed sinc (Kaiser, beta 5) for each phase, its sum 1. */
static void make_kernel(float kernel[PHASES][TAPS])
{
    for (int p = 0; p < PHASES; p++) {
        double at = (double)p / PHASES, sum = 0, tap[TAPS];
        for (int k = 0; k < TAPS; k++) {
            double t = k - BEFORE - at, w = t / (TAPS / 2.0);
            double window = fabs(w) < 1 ? bessel0(BETA * sqrt(1 - w * w)) / bessel0(BETA) : 0;
            tap[k] = (fabs(t) < 1e-9 ? 1 : sin(PI * t) / (PI * t)) * window;
            sum += tap[k];
        }
        for (int k = 0; k < TAPS; k++)
            kernel[p][k] = (float)(tap[k] / sum);
    }
}

void limiter_init(limiter *l, int rate, double ceiling)
{
    l->ceiling = (float)ceiling;
    l->rate = rate;
    make_kernel(l->kernel);
}

static float between(const float *kernel, const float *x)
{
    float sum[4] = {0};
    for (int k = 0; k < TAPS; k += 4)
        for (int i = 0; i < 4; i++)
            sum[i] += kernel[k + i] * x[k + i - BEFORE];
    return fabsf(sum[0] + sum[1] + (sum[2] + sum[3]));
}

static float larger(float a, float b) { return a > b ? a : b; }

/* The peak from one sample before x to one behind it, looked for finely only where it may pass `floor`. */
static float peak_about(const limiter *l, const float *x, float floor)
{
    float peak = larger(fabsf(x[0]), larger(between(l->kernel[PHASES / 2], x - 1), between(l->kernel[PHASES / 2], x)));
    if (peak <= NEAR_HALF * floor)
        return peak;
    for (int p = 1; p < PHASES; p++)
        if (p != PHASES / 2)
            peak = larger(peak, larger(between(l->kernel[p], x - 1), between(l->kernel[p], x)));
    return peak;
}

static float block_peak(const float *p)
{
    float peak = 0;
    for (int i = 0; i < DYNAMICS_CONTROL; i++)
        peak = larger(peak, fabsf(p[i]));
    return peak;
}

/* The outermost sample of its half-wave, or nearly: a peak between samples is beside such a one, also where several are
 * about the same. */
static bool is_top(const float *x)
{
    float least = fabsf(x[0]) * 1.1f;
    return x[0] > 0 ? x[-1] <= least && x[1] <= least : x[-1] >= -least && x[1] >= -least;
}

static void ask(float *need, float gain)
{
    if (gain < *need)
        *need = gain;
}

/* The gain that each control stretch needs; false: all of it is below the ceiling. */
static bool find_needs(const limiter *l, const float *x, size_t blocks, float *need)
{
    bool any = false;
    for (size_t b = 0; b < blocks; b++)
        need[b] = 1;
    for (size_t b = 0; b < blocks; b++) {
        const float *p = x + b * DYNAMICS_CONTROL;
        float top = block_peak(p);
        if (top <= NEAR * l->ceiling)
            continue;
        if (top > l->ceiling)
            ask(&need[b], l->ceiling / top);
        for (int i = 0; i < DYNAMICS_CONTROL; i++) {
            if (fabsf(p[i]) <= NEAR * l->ceiling || !is_top(p + i))
                continue;
            float peak = peak_about(l, p + i, l->ceiling);
            if (peak <= l->ceiling)
                continue;
            ask(&need[b], l->ceiling / peak);
            if (i == 0 && b > 0)
                ask(&need[b - 1], l->ceiling / peak);
            if (i == DYNAMICS_CONTROL - 1 && b + 1 < blocks)
                ask(&need[b + 1], l->ceiling / peak);
        }
        any |= need[b] < 1;
    }
    return any;
}

/* From what stretches need to gains at nodes: the least of those ahead, let go slowly, averaged over the time of looking
 * ahead. Each average stands on minima that all reach the node, so it is never above what is needed there. */
static void shape_gains(const limiter *l, size_t blocks, const float *need, float *node)
{
    size_t ahead = (size_t)ceil(LOOK_AHEAD * l->rate / DYNAMICS_CONTROL);
    float keep = per_block(l->rate, RELEASE), held = 1;
    for (size_t k = 0; k <= blocks; k++) {
        float least = k > 0 ? need[k - 1] : 1;
        for (size_t b = k; b <= k + ahead && b < blocks; b++)
            least = need[b] < least ? need[b] : least;
        held = 1 + (held - 1) * keep;
        held = held > 0.9999f ? 1 : held;
        held = least < held ? least : held;
        node[k] = held;
    }
    for (size_t k = blocks + 1; k-- > 0;) { /* from the end, so that it can be done in place */
        double sum = 0;
        for (size_t j = 0; j <= ahead; j++)
            sum += k >= j ? node[k - j] : 1;
        node[k] = (float)(sum / (double)(ahead + 1));
    }
}

void limiter_run(const limiter *l, float *x, size_t n, dynamics_scratch *scratch)
{
    size_t blocks = n / DYNAMICS_CONTROL;
    if (!find_needs(l, x, blocks, scratch->need))
        return;
    shape_gains(l, blocks, scratch->need, scratch->node);
    apply_gains(x, blocks, scratch->node);
}

float limiter_peak(const limiter *l, const float *x, size_t n, float floor)
{
    float peak = floor;
    for (size_t i = 0; i < n; i++)
        if (fabsf(x[i]) > NEAR * peak && is_top(x + i))
            peak = larger(peak, peak_about(l, x + i, peak));
    return peak;
}
