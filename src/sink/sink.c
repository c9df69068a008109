#include "sink/sink.h"

#include <stdlib.h>

#include "base/error.h"

nr_status nr_sink_wrap(nr_sink **out, const nr_sink_driver *driver, void *self, nr_error *err)
{
    nr_sink *sink = self ? malloc(sizeof *sink) : NULL;
    if (!sink) {
        if (self)
            driver->close(self);
        return nr_fail_memory(err);
    }
    *sink = (nr_sink){driver, self};
    *out = sink;
    return NR_OK;
}

void nr_sink_free(nr_sink *sink)
{
    if (!sink)
        return;
    sink->driver->close(sink->self);
    free(sink);
}

void nr_sink_pause(nr_sink *sink, bool paused)
{
    if (sink->driver->pause)
        sink->driver->pause(sink->self, paused);
}

uint64_t nr_sink_delay(const nr_sink *sink) { return sink->driver->delay ? sink->driver->delay(sink->self) : 0; }

uint64_t nr_sink_underruns(const nr_sink *sink) { return sink->driver->underruns ? sink->driver->underruns(sink->self) : 0; }

nr_status nr_sink_open(nr_sink *sink, int sample_rate, nr_error *err)
{
    return sink->driver->open(sink->self, sample_rate, err);
}

nr_status nr_sink_write(nr_sink *sink, const int16_t *samples, size_t frames, nr_error *err)
{
    return sink->driver->write(sink->self, samples, frames, err);
}

nr_status nr_sink_finish(nr_sink *sink, nr_error *err) { return sink->driver->finish(sink->self, err); }

void nr_sink_hold(nr_sink *sink, nr_output_set *set)
{
    if (sink->driver->hold)
        sink->driver->hold(sink->self, set);
}
