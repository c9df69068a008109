/* sink.h - what a sink driver is.
 *
 * A sink takes mono 16-bit sound and marks. The narrator calls open, write, mark, finish on one thread, in that order;
 * close comes from nr_sink_free(), on whichever thread owns the sink, also after an error. pause and delay come from any
 * thread, also while write blocks.
 *
 * Mandatory: name, open, write, finish, close. `write` may block (that is how a speaker sets the pace); it takes all or
 * fails. `finish` makes the result whole (drains, renames) and may fail: a full disk shows here. `close` never fails and
 * removes what was not finished. A sink may be opened again after finish where that makes sense (speaker, null, memory);
 * others return NR_EINVAL.
 *
 * null.c is the template to read first. */
#ifndef NR_SINK_SINK_H
#define NR_SINK_SINK_H

#include "base/output.h"

typedef struct nr_sink_driver {
    const char *name;
    nr_status (*open)(void *self, int sample_rate, nr_error *err);
    nr_status (*write)(void *self, const int16_t *samples, size_t frames, nr_error *err);
    nr_status (*finish)(void *self, nr_error *err);
    void (*close)(void *self);
    /* Optional, NULL where the sink has none. */
    nr_status (*mark)(void *self, const nr_mark *mark, nr_error *err);
    void (*pause)(void *self, bool paused);
    void (*reset)(void *self);         /* any thread: drop what was written and not heard, let a blocked write return */
    uint64_t (*delay)(void *self);     /* frames written and not heard yet */
    uint64_t (*underruns)(void *self); /* since it was made */
    void (*hold)(void *self, nr_output_set *set); /* before open: its file is to appear with the set's */
} nr_sink_driver;

struct nr_sink {
    const nr_sink_driver *driver;
    void *self;
};

/* For the drivers: wraps self; on failure closes it. */
nr_status nr_sink_wrap(nr_sink **out, const nr_sink_driver *driver, void *self, nr_error *err);

/* What it makes, if that is a file, appears when the set is placed, after finish. The set must outlive the sink. */
void nr_sink_hold(nr_sink *sink, nr_output_set *set);

#endif
