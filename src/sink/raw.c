/* Samples without a header, to a descriptor. */
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/output.h"
#include "sink/sink.h"

static nr_status raw_open(void *self, int sample_rate, nr_error *err)
{
    (void)self, (void)sample_rate, (void)err;
    return NR_OK;
}

static nr_status raw_write(void *self, const int16_t *samples, size_t frames, nr_error *err)
{
    return nr_output_write(self, samples, frames * sizeof *samples, err);
}

static nr_status raw_finish(void *self, nr_error *err)
{
    (void)self, (void)err;
    return NR_OK;
}

static void raw_close(void *self)
{
    nr_output_close(self);
    free(self);
}

static const nr_sink_driver driver = {
    .name = "raw",
    .open = raw_open,
    .write = raw_write,
    .finish = raw_finish,
    .close = raw_close,
};

nr_status nr_sink_raw(nr_sink **out, int fd, nr_error *err)
{
    nr_output *o = malloc(sizeof *o);
    if (o) {
        char name[40];
        snprintf(name, sizeof name, "descriptor %d", fd);
        nr_output_borrow(o, fd, name);
        if (!o->path) {
            free(o);
            o = NULL;
        }
    }
    return nr_sink_wrap(out, &driver, o, err);
}
