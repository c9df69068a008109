/* Keeps the sound in memory. */
#include <stdlib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "sink/sink.h"

typedef struct memory {
    nr_buffer samples;
    int sample_rate;
} memory;

static nr_status memory_open(void *self, int sample_rate, nr_error *err)
{
    (void)err;
    memory *m = self;
    m->sample_rate = sample_rate;
    nr_buffer_truncate(&m->samples, 0);
    return NR_OK;
}

static nr_status memory_write(void *self, const int16_t *samples, size_t frames, nr_error *err)
{
    memory *m = self;
    nr_status s = nr_buffer_put(&m->samples, samples, frames * sizeof *samples);
    if (s == NR_ELIMIT)
        return nr_fail(err, s, 0, "cannot keep the sound in memory: it is larger than the limit of %zu bytes", m->samples.max);
    return s ? nr_fail_memory(err) : NR_OK;
}

static nr_status memory_finish(void *self, nr_error *err)
{
    (void)self, (void)err;
    return NR_OK;
}

static void memory_close(void *self)
{
    nr_buffer_free(&((memory *)self)->samples);
    free(self);
}

static const nr_sink_driver driver = {
    .name = "memory",
    .open = memory_open,
    .write = memory_write,
    .finish = memory_finish,
    .close = memory_close,
};

nr_status nr_sink_memory(nr_sink **out, size_t max_bytes, nr_error *err)
{
    memory *m = malloc(sizeof *m);
    if (m)
        *m = (memory){NR_BUFFER_INIT(max_bytes), 0};
    return nr_sink_wrap(out, &driver, m, err);
}

const int16_t *nr_sink_memory_samples(const nr_sink *sink, size_t *frames, int *sample_rate)
{
    const memory *m = sink->driver == &driver ? sink->self : NULL;
    *frames = m ? m->samples.n / sizeof(int16_t) : 0;
    if (sample_rate)
        *sample_rate = m ? m->sample_rate : 0;
    return m ? (const int16_t *)(const void *)m->samples.p : NULL;
}
