#include "publish/files.h"

#include <stdlib.h>

#include "base/error.h"

enum { BLOCK = 8192 };

struct publish_files {
    const publish_job *job;
    nr_sink **sinks;
    double from;
};

static nr_status make_sinks(publish_files *f, nr_error *err)
{
    const publish_job *job = f->job;
    const nr_metadata *m = nr_document_metadata(job->docs[0]);
    const publish_tags *t = &job->tags;
    nr_status s = NR_OK;
    for (size_t i = 0; i < job->file_count && !s; i++) {
        nr_file_options how = {.format = job->files[i].format,
                               .overwrite = job->overwrite,
                               .title = t->title ? t->title : m->title,
                               .author = t->author ? t->author : m->author,
                               .date = t->date ? t->date : m->date_iso ? m->date_iso : m->date,
                               .comment = t->comment ? t->comment : m->url};
        s = nr_sink_file(&f->sinks[i], job->files[i].path, &how, err);
    }
    return s;
}

nr_status publish_files_open(publish_files **out, const publish_job *job, nr_error *err)
{
    publish_files *f = calloc(1, sizeof *f);
    *out = f;
    if (!f || !(f->sinks = calloc(job->file_count + 1, sizeof(nr_sink *))))
        return nr_fail_memory(err);
    f->job = job;
    return make_sinks(f, err);
}

static nr_status write_sound(publish_files *f, size_t index, const recording *sound, const volatile int *cancel, nr_error *err)
{
    nr_sink *sink = f->sinks[index];
    int16_t block[BLOCK];
    size_t got = 0;
    nr_status s = nr_sink_open(sink, sound->rate, err);
    for (uint64_t at = 0; at < sound->frames && !s; at += got) {
        s = cancel && *cancel ? nr_fail(err, NR_CANCELLED, 0, "stopped") : recording_read(sound, at, block, BLOCK, &got, err);
        if (!s)
            s = nr_sink_write(sink, block, got, err);
        if (f->job->progress)
            f->job->progress(f->job->ctx, f->from + (1 - f->from) * ((double)index + (double)at / (double)sound->frames) /
                                                        (double)f->job->file_count);
    }
    return s ? s : nr_sink_finish(sink, err);
}

nr_status publish_files_write(publish_files *f, const recording *sound, const timeline *times, double from,
                              const volatile int *cancel, nr_error *err)
{
    (void)times;
    nr_status s = NR_OK;
    f->from = from;
    for (size_t i = 0; i < f->job->file_count && !s; i++)
        s = write_sound(f, i, sound, cancel, err);
    return s;
}

void publish_files_close(publish_files *f)
{
    for (size_t i = 0; f && f->sinks && i < f->job->file_count; i++)
        nr_sink_free(f->sinks[i]);
    if (f)
        free(f->sinks);
    free(f);
}
