/* resample.h - sound of one rate, as it comes, into a recording of another. */
#ifndef NR_PUBLISH_RESAMPLE_H
#define NR_PUBLISH_RESAMPLE_H

#include "publish/recording.h"

typedef struct resample {
    void *resampler;
    recording *out;
} resample;

/* out is open, and its rate set. */
nr_status resample_open(resample *r, recording *out, int rate, nr_error *err);
/* Samples of -1 to 1. NULL: there are no more, and all that is still on its way is written. */
nr_status resample_put(resample *r, const float *samples, size_t n, nr_error *err);
void resample_close(resample *r);

/* All of a recording. NR_CANCELLED soon after *cancel, which may be NULL. */
nr_status resample_recording(const recording *from, recording *out, const volatile int *cancel, nr_error *err);

#endif
