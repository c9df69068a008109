/* No sound, but where its words are: a JSON object a line. */
#include <stdlib.h>

#include "base/error.h"
#include "base/mark_line.h"
#include "base/writer.h"
#include "sink/sink.h"

typedef struct marks {
    nr_writer lines;
    nr_view text;
    bool finished;
} marks;

static nr_status marks_open(void *self, int sample_rate, nr_error *err)
{
    (void)sample_rate;
    return ((marks *)self)->finished ? nr_fail(err, NR_EINVAL, 0, "a marks file cannot be written twice") : NR_OK;
}

static nr_status marks_write(void *self, const int16_t *samples, size_t frames, nr_error *err)
{
    (void)self, (void)samples, (void)frames, (void)err;
    return NR_OK;
}

static nr_status marks_mark(void *self, const nr_mark *mark, nr_error *err)
{
    marks *m = self;
    nr_mark_line(&m->lines.text, mark, -1, 0, m->text);
    return nr_writer_flush(&m->lines, err);
}

static nr_status marks_finish(void *self, nr_error *err)
{
    marks *m = self;
    m->finished = true;
    return nr_writer_commit(&m->lines, err);
}

static void marks_hold(void *self, nr_output_set *set) { nr_output_hold(&((marks *)self)->lines.output, set); }

static void marks_close(void *self)
{
    marks *m = self;
    nr_writer_close(&m->lines);
    free(m);
}

static const nr_sink_driver driver = {
    .name = "marks",
    .open = marks_open,
    .write = marks_write,
    .finish = marks_finish,
    .close = marks_close,
    .mark = marks_mark,
    .hold = marks_hold,
};

nr_status nr_sink_marks(nr_sink **out, const char *path, bool overwrite, nr_view text, nr_error *err)
{
    marks *m = calloc(1, sizeof *m);
    if (!m)
        return nr_fail_memory(err);
    m->text = text;
    nr_status s = nr_writer_open(&m->lines, path, overwrite, err);
    if (s) {
        free(m);
        return s;
    }
    return nr_sink_wrap(out, &driver, m, err);
}
