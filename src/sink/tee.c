/* Gives everything to two sinks. What the first refuses the second does not get. */
#include <stdlib.h>

#include "base/error.h"
#include "sink/sink.h"

typedef struct tee {
    nr_sink *sinks[2];
} tee;

static nr_status tee_open(void *self, int sample_rate, nr_error *err)
{
    nr_status s = NR_OK;
    for (int i = 0; i < 2 && !s; i++)
        s = ((tee *)self)->sinks[i]->driver->open(((tee *)self)->sinks[i]->self, sample_rate, err);
    return s;
}

static nr_status tee_write(void *self, const int16_t *samples, size_t frames, nr_error *err)
{
    nr_status s = NR_OK;
    for (int i = 0; i < 2 && !s; i++)
        s = ((tee *)self)->sinks[i]->driver->write(((tee *)self)->sinks[i]->self, samples, frames, err);
    return s;
}

static nr_status tee_mark(void *self, const nr_mark *mark, nr_error *err)
{
    nr_status s = NR_OK;
    for (int i = 0; i < 2 && !s; i++) {
        nr_sink *sink = ((tee *)self)->sinks[i];
        if (sink->driver->mark)
            s = sink->driver->mark(sink->self, mark, err);
    }
    return s;
}

static nr_status tee_finish(void *self, nr_error *err)
{
    nr_status s = NR_OK;
    for (int i = 0; i < 2 && !s; i++)
        s = ((tee *)self)->sinks[i]->driver->finish(((tee *)self)->sinks[i]->self, err);
    return s;
}

static void tee_pause(void *self, bool paused)
{
    for (int i = 0; i < 2; i++)
        nr_sink_pause(((tee *)self)->sinks[i], paused);
}

static void tee_reset(void *self)
{
    for (int i = 0; i < 2; i++) {
        nr_sink *sink = ((tee *)self)->sinks[i];
        if (sink->driver->reset)
            sink->driver->reset(sink->self);
    }
}

static uint64_t tee_delay(void *self)
{
    uint64_t a = nr_sink_delay(((tee *)self)->sinks[0]), b = nr_sink_delay(((tee *)self)->sinks[1]);
    return a > b ? a : b;
}

static uint64_t tee_underruns(void *self)
{
    return nr_sink_underruns(((tee *)self)->sinks[0]) + nr_sink_underruns(((tee *)self)->sinks[1]);
}

static void tee_hold(void *self, nr_output_set *set)
{
    for (int i = 0; i < 2; i++)
        nr_sink_hold(((tee *)self)->sinks[i], set);
}

static void tee_close(void *self) { free(self); }

static const nr_sink_driver driver = {
    .name = "tee",
    .open = tee_open,
    .write = tee_write,
    .finish = tee_finish,
    .close = tee_close,
    .mark = tee_mark,
    .pause = tee_pause,
    .reset = tee_reset,
    .delay = tee_delay,
    .underruns = tee_underruns,
    .hold = tee_hold,
};

nr_status nr_sink_tee(nr_sink **out, nr_sink *a, nr_sink *b, nr_error *err)
{
    tee *t = malloc(sizeof *t);
    if (t)
        *t = (tee){{a, b}};
    return nr_sink_wrap(out, &driver, t, err);
}
