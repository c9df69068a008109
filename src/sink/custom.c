/* A sink of the caller's own functions. */
#include <stdlib.h>

#include "sink/sink.h"

static nr_status custom_open(void *self, int sample_rate, nr_error *err)
{
    const nr_sink_functions *f = self;
    return f->open(f->ctx, sample_rate, err);
}

static nr_status custom_write(void *self, const int16_t *samples, size_t frames, nr_error *err)
{
    const nr_sink_functions *f = self;
    return f->write(f->ctx, samples, frames, err);
}

static nr_status custom_mark(void *self, const nr_mark *mark, nr_error *err)
{
    const nr_sink_functions *f = self;
    return f->mark ? f->mark(f->ctx, mark, err) : NR_OK;
}

static nr_status custom_finish(void *self, nr_error *err)
{
    const nr_sink_functions *f = self;
    return f->finish(f->ctx, err);
}

static const nr_sink_driver driver = {
    .name = "custom",
    .open = custom_open,
    .write = custom_write,
    .mark = custom_mark,
    .finish = custom_finish,
    .close = free,
};

nr_status nr_sink_custom(nr_sink **out, const nr_sink_functions *functions, nr_error *err)
{
    nr_sink_functions *copy = malloc(sizeof *copy);
    if (copy)
        *copy = *functions;
    return nr_sink_wrap(out, &driver, copy, err);
}
