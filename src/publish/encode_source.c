#include <string.h>

#include "base/error.h"
#include "publish/encode.h"

/* Longer than soxr's filters reach, in frames of the slower side. */
enum { REACH = 4096, BLOCK = 4096 };

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

uint64_t encode_frames(const recording *sound, int rate)
{
    return (sound->frames * (uint64_t)rate + (uint64_t)sound->rate / 2) / (uint64_t)sound->rate;
}

static nr_status open_resampler(encode_source *s, int64_t from, nr_error *err)
{
    const encode_task *t = s->task;
    uint64_t divisor = common_divisor((uint64_t)t->sound->rate, (uint64_t)t->rate);
    uint64_t in = (uint64_t)t->sound->rate / divisor, out = (uint64_t)t->rate / divisor;
    /* Both rates have a frame at the same time there. */
    uint64_t periods = from > 0 ? (uint64_t)from / out : 0;
    uint64_t back = REACH / (in < out ? in : out) + 1;
    periods = periods > back ? periods - back : 0;
    soxr_io_spec_t samples = soxr_io_spec(SOXR_INT16_I, SOXR_FLOAT32_I);
    samples.flags = SOXR_NO_DITHER; /* it is seeded by chance */
    s->resampler = soxr_create(t->sound->rate, t->rate, 1, NULL, &samples, NULL, NULL);
    s->in = periods * in;
    s->skip = from > 0 ? (uint64_t)from - periods * out : 0;
    return s->resampler ? NR_OK : nr_fail_memory(err);
}

nr_status encode_source_open(encode_source *s, const encode_task *t, int64_t from, nr_error *err)
{
    *s = (encode_source){.task = t, .at = from, .in = from > 0 ? (uint64_t)from : 0};
    return t->rate == t->sound->rate ? NR_OK : open_resampler(s, from, err);
}

static nr_status read_plain(encode_source *s, float *samples, size_t n, size_t *got, nr_error *err)
{
    int16_t block[BLOCK];
    nr_status status = recording_read(s->task->sound, s->in, block, n < BLOCK ? n : BLOCK, got, err);
    for (size_t i = 0; i < *got && !status; i++)
        samples[i] = (float)block[i] / 32768;
    s->in += status ? 0 : *got;
    return status;
}

static nr_status read_resampled(encode_source *s, float *samples, size_t n, size_t *got, nr_error *err)
{
    int16_t block[BLOCK];
    size_t have = 0, used = 0;
    *got = 0;
    while (!*got && !s->drained) {
        nr_status status = recording_read(s->task->sound, s->in, block, BLOCK, &have, err);
        if (status)
            return status;
        if (soxr_process(s->resampler, have ? block : NULL, have, &used, samples, n, got))
            return nr_fail(err, NR_EFORMAT, 0, "cannot resample the sound of '%s'", s->task->file->path);
        s->in += have ? used : 0;
        s->drained = !have && !*got;
        size_t skipped = s->skip < *got ? (size_t)s->skip : *got;
        memmove(samples, samples + skipped, (*got - skipped) * sizeof *samples);
        s->skip -= skipped;
        *got -= skipped;
    }
    return NR_OK;
}

nr_status encode_source_read(encode_source *s, float *samples, size_t n, nr_error *err)
{
    const encode_task *t = s->task;
    if (t->cancel && *t->cancel)
        return nr_fail(err, NR_CANCELLED, 0, "stopped");
    encode_progress(t, n);
    while (n) {
        size_t got = 0;
        if (s->at < 0) {
            got = (uint64_t)-s->at < n ? (size_t)-s->at : n;
            memset(samples, 0, got * sizeof *samples);
        } else if ((uint64_t)s->at < t->frames) {
            size_t most = t->frames - (uint64_t)s->at < n ? (size_t)(t->frames - (uint64_t)s->at) : n;
            nr_status status = s->resampler ? read_resampled(s, samples, most, &got, err) : read_plain(s, samples, most, &got, err);
            if (status)
                return status;
        }
        if (!got) { /* the end */
            got = n;
            memset(samples, 0, got * sizeof *samples);
        }
        samples += got;
        s->at += (int64_t)got;
        n -= got;
    }
    return NR_OK;
}

void encode_source_close(encode_source *s)
{
    soxr_delete(s->resampler);
    s->resampler = NULL;
}
