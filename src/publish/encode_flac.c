/* FLAC by libFLAC, in one piece: it is fast enough. */
#include <FLAC/metadata.h>
#include <FLAC/stream_encoder.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "publish/comments.h"

enum { BLOCK = 4096, LEVEL = 5, BLOCKS = 4, COMMENTS_MAX = 16 << 20 };

typedef struct flac {
    FLAC__StreamEncoder *encoder;
    FLAC__StreamMetadata *blocks[BLOCKS];
    unsigned count;
    uint64_t at;
    encode_task *task;
    nr_error error; /* the first of the output */
} flac;

static FLAC__StreamEncoderWriteStatus write_bytes(const FLAC__StreamEncoder *e, const FLAC__byte *bytes, size_t n, uint32_t samples,
                                                  uint32_t number, void *self)
{
    flac *f = self;
    (void)e;
    (void)samples;
    (void)number;
    nr_status s = f->error.status;
    if (!s)
        s = f->at < f->task->length ? encode_patch(f->task, f->at, bytes, n, &f->error) : encode_put(f->task, bytes, n, &f->error);
    f->at += n;
    return s ? FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR : FLAC__STREAM_ENCODER_WRITE_STATUS_OK;
}

static FLAC__StreamEncoderSeekStatus seek_bytes(const FLAC__StreamEncoder *e, FLAC__uint64 offset, void *self)
{
    (void)e;
    ((flac *)self)->at = offset;
    return FLAC__STREAM_ENCODER_SEEK_STATUS_OK;
}

static FLAC__StreamEncoderTellStatus tell_bytes(const FLAC__StreamEncoder *e, FLAC__uint64 *offset, void *self)
{
    (void)e;
    *offset = ((flac *)self)->at;
    return FLAC__STREAM_ENCODER_TELL_STATUS_OK;
}

static nr_status fail_flac(const encode_task *t, const char *doing, nr_error *err)
{
    const flac *f = t->self;
    if (f->error.status) {
        if (err)
            *err = f->error;
        return f->error.status;
    }
    return nr_fail(err, NR_EFORMAT, 0, "libFLAC cannot %s '%s': %s", doing, t->file->path,
                   FLAC__stream_encoder_get_resolved_state_string(f->encoder));
}

static nr_status flac_open(encode_task *t, nr_error *err)
{
    if (t->bitrate)
        return nr_fail(err, NR_EINVAL, 0, "the flac of '%s' takes no bit rate", t->file->path);
    if (t->rate && (t->rate < 4000 || t->rate > 192000))
        return nr_fail(err, NR_EINVAL, 0, "cannot write '%s' at %d Hz: flac takes 4000 to 192000 Hz", t->file->path, t->rate);
    return NR_OK;
}

/* ---------------------------------------------------------------- what stands in front */

static FLAC__StreamMetadata *add_block(flac *f, FLAC__MetadataType type)
{
    FLAC__StreamMetadata *b = FLAC__metadata_object_new(type);
    if (b)
        f->blocks[f->count++] = b;
    return b;
}

static unsigned little(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return b[0] | (unsigned)b[1] << 8 | (unsigned)b[2] << 16 | (unsigned)b[3] << 24;
}

/* The comments as they are in Ogg, taken apart again. */
static bool add_comments(flac *f, const encode_task *t)
{
    nr_buffer body = NR_BUFFER_INIT(COMMENTS_MAX);
    FLAC__StreamMetadata *b = add_block(f, FLAC__METADATA_TYPE_VORBIS_COMMENT);
    bool good = b && comments_write(&body, t, "", false, NULL) == NR_OK;
    unsigned count = good ? little(body.p + 4) : 0;
    for (size_t at = 8; count && good; count--) {
        FLAC__StreamMetadata_VorbisComment_Entry entry = {.length = little(body.p + at), .entry = (FLAC__byte *)body.p + at + 4};
        good = FLAC__metadata_object_vorbiscomment_append_comment(b, entry, true);
        at += 4 + entry.length;
    }
    nr_buffer_free(&body);
    return good;
}

static bool add_picture(flac *f, const picture *cover)
{
    FLAC__StreamMetadata *b = add_block(f, FLAC__METADATA_TYPE_PICTURE);
    if (!b)
        return false;
    b->data.picture.type = FLAC__STREAM_METADATA_PICTURE_TYPE_FRONT_COVER;
    b->data.picture.width = cover->width;
    b->data.picture.height = cover->height;
    b->data.picture.depth = cover->depth;
    return FLAC__metadata_object_picture_set_mime_type(b, (char *)cover->mime, true) &&
           FLAC__metadata_object_picture_set_data(b, (FLAC__byte *)cover->bytes.p, (FLAC__uint32)cover->bytes.n, true);
}

/* A place to seek to every ten seconds; libFLAC fills the table in. */
static bool add_seek_table(flac *f, const encode_task *t)
{
    FLAC__StreamMetadata *b = add_block(f, FLAC__METADATA_TYPE_SEEKTABLE);
    return b && FLAC__metadata_object_seektable_template_append_spaced_points_by_samples(b, (uint32_t)t->rate * 10, t->frames) &&
           FLAC__metadata_object_seektable_template_sort(b, true);
}

static nr_status flac_begin(encode_task *t, nr_error *err)
{
    flac *f = calloc(1, sizeof *f);
    t->self = f;
    if (!f || !(f->encoder = FLAC__stream_encoder_new()))
        return nr_fail_memory(err);
    f->task = t;
    t->pieces = 1;
    if ((t->frames && !add_seek_table(f, t)) || !add_comments(f, t) || (t->cover->bytes.n && !add_picture(f, t->cover)))
        return nr_fail_memory(err);
    FLAC__stream_encoder_set_channels(f->encoder, 1);
    FLAC__stream_encoder_set_bits_per_sample(f->encoder, 16);
    FLAC__stream_encoder_set_sample_rate(f->encoder, (uint32_t)t->rate);
    FLAC__stream_encoder_set_compression_level(f->encoder, LEVEL);
    FLAC__stream_encoder_set_total_samples_estimate(f->encoder, t->frames);
    FLAC__stream_encoder_set_metadata(f->encoder, f->blocks, f->count);
    if (FLAC__stream_encoder_init_stream(f->encoder, write_bytes, seek_bytes, tell_bytes, NULL, f) !=
        FLAC__STREAM_ENCODER_INIT_STATUS_OK)
        return fail_flac(t, "begin", err);
    return NR_OK;
}

static nr_status flac_piece(const encode_task *t, size_t index, nr_buffer *out, nr_error *err)
{
    flac *f = t->self;
    (void)index;
    (void)out;
    encode_source from;
    float block[BLOCK];
    FLAC__int32 samples[BLOCK];
    nr_status s = encode_source_open(&from, t, 0, err);
    for (uint64_t at = 0; at < t->frames && !s; at += BLOCK) {
        size_t n = t->frames - at < BLOCK ? (size_t)(t->frames - at) : BLOCK;
        s = encode_source_read(&from, block, n, err);
        for (size_t i = 0; i < n && !s; i++)
            samples[i] = encode_sample(block[i]);
        if (!s && !FLAC__stream_encoder_process_interleaved(f->encoder, samples, (uint32_t)n))
            s = fail_flac(t, "write", err);
    }
    encode_source_close(&from);
    return s;
}

static nr_status flac_finish(encode_task *t, nr_error *err)
{
    flac *f = t->self;
    bool good = FLAC__stream_encoder_finish(f->encoder);
    return good && !f->error.status ? NR_OK : fail_flac(t, "finish", err);
}

static void flac_close(encode_task *t)
{
    flac *f = t->self;
    if (!f)
        return;
    if (!f->error.status) /* what a stopped encoder has still to say goes nowhere */
        nr_fail(&f->error, NR_CANCELLED, 0, "stopped");
    if (f->encoder)
        FLAC__stream_encoder_delete(f->encoder);
    for (unsigned i = 0; i < f->count; i++)
        FLAC__metadata_object_delete(f->blocks[i]);
    free(f);
}

const encode_driver encode_flac = {
    .name = "flac",
    .endings = "flac",
    .open = flac_open,
    .begin = flac_begin,
    .piece = flac_piece,
    .finish = flac_finish,
    .close = flac_close,
};
