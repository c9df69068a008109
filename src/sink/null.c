/* Takes everything and keeps nothing: for measuring, and the template to read first. */
#include <stdlib.h>

#include "base/error.h"
#include "sink/sink.h"

static nr_status null_open(void *self, int sample_rate, nr_error *err)
{
    (void)self, (void)sample_rate, (void)err;
    return NR_OK;
}

static nr_status null_write(void *self, const int16_t *samples, size_t frames, nr_error *err)
{
    (void)self, (void)samples, (void)frames, (void)err;
    return NR_OK;
}

static nr_status null_finish(void *self, nr_error *err)
{
    (void)self, (void)err;
    return NR_OK;
}

static void null_close(void *self) { free(self); }

static const nr_sink_driver driver = {
    .name = "null",
    .open = null_open,
    .write = null_write,
    .finish = null_finish,
    .close = null_close,
};

nr_status nr_sink_null(nr_sink **out, nr_error *err) { return nr_sink_wrap(out, &driver, malloc(1), err); }
