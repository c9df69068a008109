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
