/* dynamics.h - what changes a sound's levels: a high-pass filter, a compressor, a true-peak limiter.
 *
 * Compressor and limiter work on a stretch of sound in memory, in place, and begin each stretch at rest: give them
 * DYNAMICS_WARM_MS more in front (a stretch then ends up as if all of the sound had been done at once) and
 * DYNAMICS_AHEAD_MS more behind than is kept. Gains are set every DYNAMICS_CONTROL frames and run straight in between.
 * Samples are -1 to 1. */
#ifndef NR_PUBLISH_DYNAMICS_H
#define NR_PUBLISH_DYNAMICS_H

#include "narrate.h"

enum {
    DYNAMICS_CONTROL = 8,
    DYNAMICS_PAD = 24,      /* samples that can be read before and behind a stretch */
    DYNAMICS_WARM_MS = 700,
    DYNAMICS_WARM_COMPRESSOR_MS = 2500,
    DYNAMICS_AHEAD_MS = 10
};

/* Second-order Butterworth high-pass. Goes on from block to block. */
typedef struct highpass {
    double b, a1, a2; /* b, -2b, b over 1, a1, a2 */
    double s1, s2;
} highpass;
void highpass_init(highpass *h, int rate, double hertz);
void highpass_run(highpass *h, int16_t *samples, size_t n);

/* Feed-forward, over the mean square of about 10 ms, ratio 2:1, with a knee of 12 dB about the threshold. The release is
 * programme-dependent: a short peak is let go within 80 ms, what was loud for long over 600 ms. */
typedef struct compressor {
    double threshold; /* dB of the mean square; a full-scale square is 0 */
    int rate;
} compressor;

/* No peak, also between samples, is above the ceiling afterwards. Peaks are looked for at eight times the sample rate around
 * the samples that come near it. Looks 5 ms ahead, lets go within 80 ms. */
typedef struct limiter {
    float ceiling;
    int rate;
    float kernel[8][32]; /* from the sample 15 before to that 16 behind, for each eighth between two samples */
} limiter;
void limiter_init(limiter *l, int rate, double ceiling);

/* Scratch for stretches of up to so many frames. */
typedef struct dynamics_scratch {
    float *need, *node; /* gains, one for each control stretch and more */
} dynamics_scratch;
bool dynamics_scratch_new(dynamics_scratch *s, size_t most); /* false: out of memory */
void dynamics_scratch_free(dynamics_scratch *s);

/* x[-DYNAMICS_PAD] to x[n + DYNAMICS_PAD - 1] must be there; n is a multiple of DYNAMICS_CONTROL. */
void compressor_run(const compressor *c, float *x, size_t n, dynamics_scratch *scratch);
void limiter_run(const limiter *l, float *x, size_t n, dynamics_scratch *scratch);
/* The highest peak found of a stretch, at eight times the sample rate wherever samples are above `floor`. */
float limiter_peak(const limiter *l, const float *x, size_t n, float floor);

#endif
