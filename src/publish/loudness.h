/* loudness.h - integrated loudness after EBU R128 / ITU-R BS.1770-4, by libebur128, of sound that is measured in pieces.
 *
 * A meter notes the energy of each 100 ms (a step). Steps of any number of meters, one after the other, give the loudness of
 * all the sound together. */
#ifndef NR_PUBLISH_LOUDNESS_H
#define NR_PUBLISH_LOUDNESS_H

#include "narrate.h"

enum { LOUDNESS_PRIME = 2 }; /* steps after which the meter's filter has forgotten what it began with */

typedef struct loudness_meter {
    void *state;
    size_t step;          /* frames */
    size_t filled;        /* of the step in hand */
    size_t unripe;        /* steps to come before one counts */
    float *steps;         /* energies; the meter's */
    size_t count, room;
} loudness_meter;

static inline size_t loudness_step(int rate) { return ((size_t)rate + 5) / 10; }

/* prime: so many steps at first are not counted; LOUDNESS_PRIME for a meter that begins in the middle, which is given what
 * comes before, 0 for a sound's beginning. NR_EINVAL when built without libebur128. */
nr_status loudness_open(loudness_meter *m, int rate, size_t prime, nr_error *err);
nr_status loudness_add(loudness_meter *m, const int16_t *samples, size_t frames, nr_error *err);
void loudness_close(loudness_meter *m);

/* LUFS; -INFINITY for silence, and for less than a block of 400 ms. */
double loudness_integrated(const float *steps, size_t count);

#endif
