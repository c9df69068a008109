/* encode.h - what an encoder is: a driver that makes a file of one format out of a recording.
 *
 * The sound is cut into pieces whose borders depend on its length alone. Pieces are encoded on any thread, several at
 * once, and put into the file in their order, so that the bytes do not depend on the number of threads. A format whose
 * encoder cannot be cut has one piece.
 *
 * Mandatory: name, endings, open, begin, piece, finish, close; put where there is more than one piece. open, begin,
 * finish and close are called by one thread, in that order, close also after an error and without the others. piece may
 * not change the task; put is called by one thread at a time, in order, after begin. encode_plain.c is the one to read
 * first. */
#ifndef NR_PUBLISH_ENCODE_H
#define NR_PUBLISH_ENCODE_H

#include <math.h>
#include <soxr.h>

#include "base/buffer.h"
#include "base/output.h"
#include "publish/picture.h"
#include "publish/produce.h"
#include "publish/recording.h"

/* What a file says of itself; NULL or "" where unknown. */
typedef enum encode_tag {
    TAG_TITLE,
    TAG_AUTHOR,
    TAG_ALBUM,
    TAG_DATE, /* ISO 8601, or as it was given */
    TAG_PUBLISHER,
    TAG_LANGUAGE, /* BCP 47 */
    TAG_COMMENT,
    TAG_URL,
    TAG_TRACK,
    TAGS
} encode_tag;

typedef struct encode_task {
    const struct encode_driver *driver;
    const publish_job *job;
    const publish_file *file;
    const char *const *tags; /* TAGS of them */
    const picture *cover;    /* p NULL: none */
    int rate, bitrate;       /* of the file; what was asked for, 0 where nothing was, until open has chosen */
    nr_output output;        /* opened before open is called, unless the driver has its own */
    nr_output *into;         /* where bytes go: output, or a file that is copied to it at the end */
    uint64_t length;         /* bytes put */
    /* known from begin on */
    const recording *sound;
    const timeline *times;
    const volatile int *cancel;
    uint64_t frames; /* of the sound, at `rate` */
    size_t pieces;   /* set by begin */
    struct publish_files *files;
    void *self;      /* the driver's */
} encode_task;

typedef struct encode_driver {
    const char *name, *endings; /* endings separated by spaces */
    bool own_output;            /* opens, commits and closes its file itself */
    nr_status (*open)(encode_task *t, nr_error *err); /* checks rate, bit rate and cover, before anything is said */
    nr_status (*begin)(encode_task *t, nr_error *err);
    nr_status (*piece)(const encode_task *t, size_t index, nr_buffer *out, nr_error *err);
    nr_status (*put)(encode_task *t, size_t index, nr_view piece, nr_error *err);
    nr_status (*finish)(encode_task *t, nr_error *err);
    void (*close)(encode_task *t);
} encode_driver;

extern const encode_driver encode_wav, encode_flac, encode_ogg, encode_opus, encode_mp3, encode_m4a, encode_m4b, encode_raw;

/* So many frames more have been read, by any thread; shows progress on the right one. */
void encode_progress(const encode_task *t, size_t frames);
/* Adds bytes to the file, or writes bytes that are there already again. */
nr_status encode_put(encode_task *t, const void *bytes, size_t n, nr_error *err);
nr_status encode_patch(encode_task *t, uint64_t at, const void *bytes, size_t n, nr_error *err);
/* A piece that is the file's only one puts what it has so far, now and then, so that it need not hold all of it. */
nr_status encode_hand_over(const encode_task *t, nr_buffer *piece, nr_error *err);

static inline bool encode_has(const encode_task *t, encode_tag tag) { return t->tags[tag] && *t->tags[tag]; }
/* Chapters are kept where there are any. */
static inline size_t encode_chapters(const encode_task *t) { return t->times ? t->times->chapter_count : 0; }
static inline double encode_seconds(const encode_task *t, uint64_t frame) { return (double)frame / t->sound->rate; }

/* NR_EINVAL with a message that names the format where t->rate is none of these, or the bit rate not within the limits.
 * rates end with 0. */
nr_status encode_check_rate(const encode_task *t, const int *rates, nr_error *err);
nr_status encode_check_bitrate(const encode_task *t, int low, int high, nr_error *err);

/* ---------------------------------------------------------------- the sound at the file's rate */

/* Reads the recording from a place on, resampled. Where the reading began changes samples by less than a 16-bit step. */
typedef struct encode_source {
    const encode_task *task;
    soxr_t resampler;
    uint64_t in;      /* next frame of the recording */
    int64_t at;       /* next frame that is given */
    uint64_t skip;    /* frames that the resampler gives before it */
    bool drained;
} encode_source;

uint64_t encode_frames(const recording *sound, int rate);
/* from may be before the beginning, and reading may go past the end: there is silence. */
nr_status encode_source_open(encode_source *s, const encode_task *t, int64_t from, nr_error *err);
/* Always gives n samples, -1 to 1. NR_CANCELLED soon after *cancel. */
nr_status encode_source_read(encode_source *s, float *samples, size_t n, nr_error *err);
void encode_source_close(encode_source *s);

static inline int16_t encode_sample(float v)
{
    return (int16_t)lrintf(fmaxf(-32768, fminf(32767, v * 32768)));
}

#endif
