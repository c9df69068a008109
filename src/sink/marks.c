/* No sound, but where its words are: a JSON object a line. */
#include <jansson.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/output.h"
#include "sink/sink.h"

enum { LINE_MAX_BYTES = 1 << 26, COLLECT = 1 << 15 };

typedef struct marks {
    nr_output output;
    nr_view text;
    nr_buffer lines; /* not written yet */
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

static nr_status flush(marks *m, nr_error *err)
{
    nr_status s = nr_output_write(&m->output, m->lines.p, m->lines.n, err);
    nr_buffer_truncate(&m->lines, 0);
    return s;
}

static int collect(const char *bytes, size_t n, void *lines) { return nr_buffer_put(lines, bytes, n) ? -1 : 0; }

static nr_status marks_mark(void *self, const nr_mark *mark, nr_error *err)
{
    marks *m = self;
    nr_buffer_printf(&m->lines, "{\"time\":%llu,\"frame\":%llu,\"kind\":\"%s\",\"start\":%u,\"end\":%u,\"text\":",
                     (unsigned long long)(mark->time_ms + 0.5), (unsigned long long)mark->frame,
                     mark->kind == NR_MARK_WORD ? "word" : "sentence", mark->span.start, mark->span.end);
    json_t *text = json_stringn(m->text.p + mark->span.start, mark->span.end - mark->span.start);
    int failed = !text || json_dump_callback(text, collect, &m->lines, JSON_ENCODE_ANY);
    json_decref(text);
    nr_buffer_put_string(&m->lines, "}\n");
    if (failed || m->lines.failed)
        return nr_fail_memory(err);
    return m->lines.n < COLLECT ? NR_OK : flush(m, err);
}

static nr_status marks_finish(void *self, nr_error *err)
{
    marks *m = self;
    m->finished = true;
    nr_status s = flush(m, err);
    return s ? s : nr_output_commit(&m->output, err);
}

static void marks_close(void *self)
{
    marks *m = self;
    nr_output_close(&m->output);
    nr_buffer_free(&m->lines);
    free(m);
}

static const nr_sink_driver driver = {
    .name = "marks",
    .open = marks_open,
    .write = marks_write,
    .finish = marks_finish,
    .close = marks_close,
    .mark = marks_mark,
};

nr_status nr_sink_marks(nr_sink **out, const char *path, bool overwrite, nr_view text, nr_error *err)
{
    marks *m = calloc(1, sizeof *m);
    if (!m)
        return nr_fail_memory(err);
    m->text = text;
    m->lines = NR_BUFFER_INIT(LINE_MAX_BYTES);
    nr_status s = nr_output_open(&m->output, path, overwrite, err);
    if (s) {
        free(m);
        return s;
    }
    return nr_sink_wrap(out, &driver, m, err);
}
