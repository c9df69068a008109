#include "publish/files.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "publish/cover.h"
#include "publish/encode.h"
#include "publish/parallel.h"

enum { PIECE_MAX = 64 << 20, BLOCK = 1 << 16, HAND_OVER = 1 << 16 };

static const encode_driver *const drivers[] = {
    &encode_mp3, &encode_opus,
#if NR_HAVE_AAC
    &encode_m4a, &encode_m4b,
#endif
    &encode_ogg, &encode_flac, &encode_wav, &encode_raw,
};
enum { DRIVERS = sizeof drivers / sizeof *drivers };

/* Formats of optional parts, for a message where they are not built. */
static const char missing[] =
#if NR_HAVE_AAC
    "";
#else
    "m4a m4b mp4";
#endif

/* A file being made: its pieces wait until those before them are in. */
typedef struct making {
    encode_task task;
    pthread_mutex_t lock; /* of what follows */
    nr_buffer *done;      /* for each piece */
    bool *whole;
    size_t next;          /* piece to be put */
    bool putting;
    recording spool;      /* what is put before it goes to a pipe */
    nr_output spooled;
} making;

struct publish_files {
    const publish_job *job;
    making *all;
    size_t count; /* of all that were opened */
    const char *tags[TAGS];
    char track[16];
    picture cover;
    double from;
    pthread_t caller; /* of publish_files_write(), where progress is told */
    atomic_ullong read, to_read;
};

/* ---------------------------------------------------------------- for the drivers */

nr_status encode_put(encode_task *t, const void *bytes, size_t n, nr_error *err)
{
    t->length += n;
    return nr_output_write(t->into, bytes, n, err);
}

nr_status encode_patch(encode_task *t, uint64_t at, const void *bytes, size_t n, nr_error *err)
{
    if (lseek(t->into->fd, (off_t)at, SEEK_SET) < 0)
        return nr_fail(err, NR_EIO, 0, "cannot go back in '%s'", t->file->path);
    nr_status s = nr_output_write(t->into, bytes, n, err);
    return s || lseek(t->into->fd, 0, SEEK_END) >= 0 ? s : nr_fail(err, NR_EIO, 0, "cannot go on in '%s'", t->file->path);
}

nr_status encode_hand_over(const encode_task *t, nr_buffer *piece, nr_error *err)
{
    if (t->pieces > 1 || piece->n < HAND_OVER)
        return NR_OK;
    nr_status s = t->driver->put((encode_task *)t, 0, nr_buffer_view(piece), err);
    nr_buffer_truncate(piece, 0);
    return s;
}

void encode_progress(const encode_task *t, size_t frames)
{
    publish_files *f = t->files;
    double share = (double)(atomic_fetch_add(&f->read, frames) + frames) / (double)atomic_load(&f->to_read);
    if (f->job->progress && pthread_equal(f->caller, pthread_self()))
        f->job->progress(f->job->ctx, f->from + (1 - f->from) * (share < 1 ? share : 1));
}

nr_status encode_check_rate(const encode_task *t, const int *rates, nr_error *err)
{
    nr_buffer list = NR_BUFFER_INIT(200);
    for (const int *r = rates; *r; r++) {
        if (*r == t->rate) {
            nr_buffer_free(&list);
            return NR_OK;
        }
        nr_buffer_printf(&list, "%s%d", r == rates ? "" : ", ", *r);
    }
    nr_status s = nr_fail(err, NR_EINVAL, 0, "cannot write '%s' at %d Hz: %s takes %s", t->file->path, t->rate, t->driver->name,
                          nr_buffer_view(&list).p);
    nr_buffer_free(&list);
    return s;
}

nr_status encode_check_bitrate(const encode_task *t, int low, int high, nr_error *err)
{
    if (t->bitrate >= low && t->bitrate <= high)
        return NR_OK;
    return nr_fail(err, NR_EINVAL, 0, "cannot write '%s' at %g kbit/s: %s at %d Hz takes %g to %g kbit/s", t->file->path,
                   t->bitrate / 1e3, t->driver->name, t->rate, low / 1e3, high / 1e3);
}

/* ---------------------------------------------------------------- which driver */

static bool has_word(const char *words, nr_view word)
{
    for (const char *p = words; *p; p += strcspn(p, " "), p += *p == ' ')
        if (nr_view_eq_nocase((nr_view){p, strcspn(p, " ")}, word))
            return true;
    return false;
}

static nr_status choose_driver(const encode_driver **out, const publish_file *file, nr_error *err)
{
    const char *slash = strrchr(file->path, '/'), *dot = strrchr(slash ? slash : file->path, '.');
    bool standard = strcmp(file->path, "-") == 0;
    nr_view name = nr_view_of(file->format ? file->format : dot && !standard ? dot + 1 : "");
    nr_buffer names = NR_BUFFER_INIT(200);
    for (size_t i = 0; i < DRIVERS; i++) {
        *out = drivers[i];
        if (name.n && has_word(drivers[i]->endings, name)) {
            nr_buffer_free(&names);
            return NR_OK;
        }
        nr_buffer_printf(&names, "%s%s", i ? ", " : "", drivers[i]->name);
    }
    nr_status s;
    const char *list = nr_buffer_view(&names).p;
    if (name.n && has_word(missing, name))
        s = nr_fail(err, NR_EFORMAT, 0, "this narrate was built without AAC, which '%s' needs: build it with NR_WITH_AAC "
                                        "(libavformat-dev, libavcodec-dev), or use one of %s", file->path, list);
    else if (file->format)
        s = nr_fail(err, NR_EINVAL, 0, "there is no format '%s'; there are %s", file->format, list);
    else if (standard)
        s = nr_fail(err, NR_EINVAL, 0, "standard output has no ending: name the format with --format (%s)", list);
    else
        s = nr_fail(err, NR_EINVAL, 0, "the ending of '%s' names no format: use one of %s, or --format", file->path, list);
    nr_buffer_free(&names);
    return s;
}

/* ---------------------------------------------------------------- opening */

static void collect_tags(publish_files *f)
{
    const nr_metadata *m = nr_document_metadata(f->job->docs[0]);
    const publish_tags *t = &f->job->tags;
    const char *url = t->url ? t->url : m->url;
    if (t->track)
        snprintf(f->track, sizeof f->track, "%u", t->track);
    const char *tags[TAGS] = {[TAG_TITLE] = t->title ? t->title : m->title,
                              [TAG_AUTHOR] = t->author ? t->author : m->author,
                              [TAG_ALBUM] = t->album ? t->album : m->publisher,
                              [TAG_DATE] = t->date ? t->date : m->date_iso ? m->date_iso : m->date,
                              [TAG_PUBLISHER] = t->publisher ? t->publisher : m->publisher,
                              [TAG_LANGUAGE] = t->language ? t->language : m->language,
                              [TAG_COMMENT] = t->comment ? t->comment : url,
                              [TAG_URL] = url,
                              [TAG_TRACK] = t->track ? f->track : NULL};
    memcpy(f->tags, tags, sizeof tags);
}

static nr_status open_file(publish_files *f, const publish_file *file, nr_error *err)
{
    making *a = &f->all[f->count];
    encode_task *t = &a->task;
    *a = (making){.lock = PTHREAD_MUTEX_INITIALIZER, .spool = {.fd = -1}, .spooled = {.fd = -1}};
    *t = (encode_task){.job = f->job, .file = file, .tags = f->tags, .cover = &f->cover, .rate = file->sample_rate,
                       .bitrate = file->bitrate, .output = {.fd = -1}, .files = f};
    nr_status s = choose_driver(&t->driver, file, err);
    if (s)
        return s;
    f->count++;
    t->into = &t->output;
    if (!t->driver->own_output)
        s = nr_output_open(&t->output, file->path, f->job->overwrite, err);
    return s ? s : t->driver->open(t, err);
}

/* Whether one of its files has room for the article's picture. */
static bool takes_cover(const publish_job *job)
{
    const encode_driver *d;
    for (size_t i = 0; i < job->file_count && !job->tags.no_cover; i++)
        if (choose_driver(&d, &job->files[i], NULL) == NR_OK && !d->own_output)
            return true;
    return false;
}

nr_status publish_files_open(publish_files **out, const publish_job *job, nr_error *err)
{
    publish_files *f = calloc(1, sizeof *f);
    *out = f;
    if (!f || !(f->all = calloc(job->file_count + 1, sizeof *f->all)))
        return nr_fail_memory(err);
    f->job = job;
    collect_tags(f);
    nr_status s = job->tags.cover || takes_cover(job) ? cover_find(&f->cover, job, err) : NR_OK;
    for (size_t i = 0; i < job->file_count && !s; i++)
        s = open_file(f, &job->files[i], err);
    return s;
}

int publish_files_rate(const publish_files *f)
{
    int most = 0;
    for (size_t i = 0; i < f->count; i++)
        most = f->all[i].task.rate > most ? f->all[i].task.rate : most;
    return most;
}

/* ---------------------------------------------------------------- writing */

static nr_status begin_file(making *a, const recording *sound, const timeline *times, const volatile int *cancel, nr_error *err)
{
    encode_task *t = &a->task;
    nr_status s = NR_OK;
    t->sound = sound;
    t->times = times;
    t->cancel = cancel;
    t->rate = t->rate ? t->rate : sound->rate;
    t->frames = encode_frames(sound, t->rate);
    if (!t->driver->own_output && !t->output.seekable) { /* headers are written last */
        s = recording_open(&a->spool, NULL, sound->rate, err);
        if (!s)
            nr_output_borrow(&a->spooled, a->spool.fd, t->file->path);
        t->into = &a->spooled;
    }
    if (!s)
        s = t->driver->begin(t, err);
    if (s)
        return s;
    a->done = calloc(t->pieces + 1, sizeof *a->done);
    a->whole = calloc(t->pieces + 1, sizeof *a->whole);
    return a->done && a->whole ? NR_OK : nr_fail_memory(err);
}

/* Puts what is next and whole. One thread at a time; the others leave theirs to it. */
static nr_status put_pieces(making *a, nr_error *err)
{
    encode_task *t = &a->task;
    nr_status s = NR_OK;
    pthread_mutex_lock(&a->lock);
    while (!a->putting && a->next < t->pieces && a->whole[a->next] && !s) {
        size_t index = a->next;
        a->putting = true;
        pthread_mutex_unlock(&a->lock);
        if (t->driver->put)
            s = t->driver->put(t, index, nr_buffer_view(&a->done[index]), err);
        nr_buffer_free(&a->done[index]);
        pthread_mutex_lock(&a->lock);
        a->putting = false;
        a->next++;
    }
    pthread_mutex_unlock(&a->lock);
    return s;
}

static nr_status make_piece(making *a, size_t index, nr_error *err)
{
    encode_task *t = &a->task;
    nr_buffer made = NR_BUFFER_INIT(PIECE_MAX);
    nr_status s = t->driver->piece(t, index, &made, err);
    if (!s && made.failed)
        s = nr_fail_memory(err);
    if (s) {
        nr_buffer_free(&made);
        return s;
    }
    pthread_mutex_lock(&a->lock);
    a->done[index] = made;
    a->whole[index] = true;
    pthread_mutex_unlock(&a->lock);
    return put_pieces(a, err);
}

/* All pieces of all files in one row: first the files that cannot be cut, so that the others fill the cores beside them. */
static nr_status work_on_piece(void *ctx, int worker, size_t piece, nr_error *err)
{
    publish_files *f = ctx;
    (void)worker;
    for (int cut = 0; cut < 2; cut++) {
        for (size_t i = 0; i < f->count; i++) {
            size_t pieces = f->all[i].task.pieces;
            if ((pieces > 1) != cut)
                continue;
            if (piece < pieces)
                return make_piece(&f->all[i], piece, err);
            piece -= pieces;
        }
    }
    return NR_OK;
}

static nr_status copy_spool(making *a, nr_error *err)
{
    char block[BLOCK];
    nr_status s = NR_OK;
    for (off_t at = 0; !s;) {
        ssize_t got = pread(a->spool.fd, block, sizeof block, at);
        if (got <= 0)
            return got < 0 ? nr_fail(err, NR_EIO, 0, "cannot read the temporary file of '%s'", a->task.file->path) : NR_OK;
        s = nr_output_write(&a->task.output, block, (size_t)got, err);
        at += got;
    }
    return s;
}

/* To the disk, all but its name; a driver with an output of its own can only do both. */
static nr_status finish_file(making *a, nr_output_set *with, nr_error *err)
{
    encode_task *t = &a->task;
    if (t->driver->own_output)
        return NR_OK;
    nr_status s = t->driver->finish(t, err);
    if (!s && a->spool.fd >= 0)
        s = copy_spool(a, err);
    nr_output_hold(&t->output, with);
    return s ? s : nr_output_commit(&t->output, err);
}

/* The sound comes last, so that where it is, all is. */
static nr_status finish_files(publish_files *f, const publish_result *result, nr_error *err)
{
    nr_output_set with = {0};
    nr_status s = NR_OK;
    if (f->job->beside)
        s = f->job->beside(f->job->beside_ctx, result, &with, err);
    for (size_t i = 0; i < f->count && !s; i++)
        s = finish_file(&f->all[i], &with, err);
    if (!s)
        s = nr_output_set_place(&with, err);
    for (size_t i = 0; i < f->count && !s; i++)
        if (f->all[i].task.driver->own_output && (s = f->all[i].task.driver->finish(&f->all[i].task, err)))
            nr_output_set_undo(&with);
    nr_output_set_close(&with);
    return s;
}

nr_status publish_files_write(publish_files *f, const recording *sound, const publish_result *result, double from,
                              const volatile int *cancel, nr_error *err)
{
    nr_status s = NR_OK;
    size_t pieces = 0;
    f->from = from;
    f->caller = pthread_self();
    for (size_t i = 0; i < f->count && !s; i++) {
        s = begin_file(&f->all[i], sound, &result->times, cancel, err);
        pieces += f->all[i].task.pieces;
        atomic_fetch_add(&f->to_read, f->all[i].task.frames + 1);
    }
    if (!s)
        s = parallel_run(parallel_threads(f->job->voice.jobs), pieces, work_on_piece, f, cancel, err);
    return s ? s : finish_files(f, result, err);
}

static void close_file(making *a)
{
    encode_task *t = &a->task;
    t->driver->close(t);
    for (size_t i = 0; a->done && i < t->pieces; i++)
        nr_buffer_free(&a->done[i]);
    free(a->done);
    free(a->whole);
    nr_output_close(&a->spooled);
    recording_close(&a->spool);
    if (!t->driver->own_output)
        nr_output_close(&t->output);
    pthread_mutex_destroy(&a->lock);
}

void publish_files_close(publish_files *f)
{
    if (!f)
        return;
    for (size_t i = 0; f->all && i < f->count; i++)
        close_file(&f->all[i]);
    picture_free(&f->cover);
    free(f->all);
    free(f);
}
