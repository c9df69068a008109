/* The summary of a batch, an article at a time, so that a long list needs no more memory than a short one. */
#include <jansson.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/output.h"
#include "publish/batch.h"
#include "publish/json_text.h"

enum { FLUSH = 1 << 16, TEXT_MOST = 1 << 24 };

typedef struct summary {
    nr_output output;
    nr_buffer text;
    nr_error *err;
} summary;

static const char *const states[] = {"not done", "written", "there", "stale", "failed"};

static int collect(const char *bytes, size_t n, void *into) { return nr_buffer_put(into, bytes, n) ? -1 : 0; }

static nr_status flush(summary *s, size_t at_least)
{
    if (s->text.failed)
        return nr_fail_memory(s->err);
    if (s->text.n < at_least)
        return NR_OK;
    nr_status st = nr_output_write(&s->output, s->text.p, s->text.n, s->err);
    nr_buffer_truncate(&s->text, 0);
    return st;
}

static nr_status write_article(summary *s, const work_item *item, const batch_article *a)
{
    json_t *o = json_object();
    int bad = json_object_set_new(o, "source", json_text(item->source)) || json_object_set_new(o, "output", json_text(a->output)) ||
              json_object_set_new(o, "state", json_string(states[a->state]));
    if (a->state == BATCH_WRITTEN)
        bad = bad || json_object_set_new(o, "seconds", json_real(a->seconds)) ||
              json_object_set_new(o, "words", json_integer((json_int_t)a->words));
    if (a->error)
        bad = bad || json_object_set_new(o, "error", json_text(a->error));
    bad = bad || json_dump_callback(o, collect, &s->text, JSON_REAL_PRECISION(9));
    json_decref(o);
    return bad ? nr_fail_memory(s->err) : flush(s, FLUSH);
}

static nr_status write_all(summary *s, const worklist *list, const batch_result *r)
{
    nr_status st = NR_OK;
    nr_buffer_printf(&s->text, "{\"articles\": %zu, \"written\": %zu, \"there\": %zu, \"stale\": %zu, \"failed\": %zu, "
                     "\"not done\": %zu,\n \"seconds\": %.3f, \"words\": %zu, \"items\": [", r->count, r->counts[BATCH_WRITTEN],
                     r->counts[BATCH_THERE], r->counts[BATCH_STALE], r->counts[BATCH_FAILED], r->counts[BATCH_WAITING], r->seconds,
                     r->words);
    for (size_t i = 0; i < r->count && !st; i++) {
        nr_buffer_put_string(&s->text, i ? ",\n  " : "\n  ");
        st = write_article(s, &list->items[i], &r->articles[i]);
    }
    nr_buffer_put_string(&s->text, "\n]}\n");
    return st ? st : flush(s, 0);
}

nr_status batch_write_summary(const worklist *list, const batch_result *result, const char *path, nr_error *err)
{
    summary s = {.text = NR_BUFFER_INIT(TEXT_MOST), .err = err};
    nr_status st = nr_output_open(&s.output, path, true, err);
    if (st)
        return st;
    st = write_all(&s, list, result);
    if (!st)
        st = nr_output_commit(&s.output, err);
    nr_output_close(&s.output);
    nr_buffer_free(&s.text);
    return st;
}
