#include "publish/resample.h"

#include <soxr.h>

#include "base/error.h"

enum { BLOCK = 4096 };

nr_status resample_open(resample *r, recording *out, int rate, nr_error *err)
{
    soxr_io_spec_t samples = soxr_io_spec(SOXR_FLOAT32_I, SOXR_INT16_I);
    samples.flags = SOXR_NO_DITHER; /* it is seeded by chance */
    *r = (resample){.out = out, .resampler = soxr_create(rate, out->rate, 1, NULL, &samples, NULL, NULL)};
    return r->resampler ? NR_OK : nr_fail_memory(err);
}

nr_status resample_put(resample *r, const float *samples, size_t n, nr_error *err)
{
    int16_t made[BLOCK];
    for (;;) {
        size_t used = 0, got = 0;
        if (soxr_process(r->resampler, samples, n, &used, made, BLOCK, &got))
            return nr_fail(err, NR_EFORMAT, 0, "cannot resample to %d Hz", r->out->rate);
        nr_status s = recording_write(r->out, made, got, err);
        if (s)
            return s;
        if (samples)
            samples += used;
        n -= used;
        if (samples ? n == 0 : got == 0)
            return NR_OK;
    }
}

void resample_close(resample *r)
{
    soxr_delete(r->resampler);
    r->resampler = NULL;
}

nr_status resample_recording(const recording *from, recording *out, const volatile int *cancel, nr_error *err)
{
    resample r;
    int16_t block[BLOCK];
    float samples[BLOCK];
    size_t got = 0;
    nr_status s = resample_open(&r, out, from->rate, err);
    for (uint64_t at = 0; at < from->frames && !s; at += got) {
        s = cancel && *cancel ? nr_fail(err, NR_CANCELLED, 0, "stopped") : recording_read(from, at, block, BLOCK, &got, err);
        for (size_t i = 0; i < got; i++)
            samples[i] = (float)block[i] / 32768;
        if (!s)
            s = resample_put(&r, samples, got, err);
    }
    if (!s)
        s = resample_put(&r, NULL, 0, err);
    resample_close(&r);
    return s;
}
