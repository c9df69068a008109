/* Vorbis in Ogg by libvorbisenc, in one piece: its block switching and rate control look back too far to be cut. */
#include <stdlib.h>
#include <vorbis/vorbisenc.h>

#include "base/error.h"
#include "publish/comments.h"
#include "publish/ogg_pages.h"

enum { BLOCK = 4096, HEAD_MAX = 32 << 20 };

typedef struct vorbis {
    vorbis_info info;
    vorbis_dsp_state state;
    vorbis_block block;
    ogg_stream_state stream;
    bool started;
    encode_task *task;
} vorbis;

/* libvorbis' own word for good: quality 4, about 50 kbit/s of speech. A bit rate asked for is the mean. */
static int set_up(vorbis *v, const encode_task *t)
{
    vorbis_info_init(&v->info);
    return t->bitrate ? vorbis_encode_init(&v->info, 1, t->rate, -1, t->bitrate, -1)
                      : vorbis_encode_init_vbr(&v->info, 1, t->rate, 0.4f);
}

static nr_status ogg_open(encode_task *t, nr_error *err)
{
    encode_task tried = *t;
    vorbis v;
    tried.rate = t->rate ? t->rate : 22050;
    if (tried.rate < 8000 || tried.rate > 192000)
        return nr_fail(err, NR_EINVAL, 0, "cannot write '%s' at %d Hz: ogg takes 8000 to 192000 Hz", t->file->path, t->rate);
    int code = set_up(&v, &tried);
    vorbis_info_clear(&v.info);
    return code ? nr_fail(err, NR_EINVAL, 0, "cannot write '%s' at %g kbit/s: Vorbis at %d Hz does not take that; 32k to 96k is usual",
                          t->file->path, t->bitrate / 1e3, tried.rate)
                : NR_OK;
}

static nr_status put_headers(encode_task *t, nr_error *err)
{
    vorbis *v = t->self;
    vorbis_comment none;
    ogg_packet head, comments, books;
    nr_buffer tags = NR_BUFFER_INIT(HEAD_MAX);
    vorbis_comment_init(&none);
    vorbis_analysis_headerout(&v->state, &none, &head, &comments, &books);
    nr_buffer_put(&tags, "\3vorbis", 7);
    nr_status s = comments_write(&tags, t, vorbis_version_string(), true, err);
    nr_buffer_put_char(&tags, 1);
    comments.packet = (unsigned char *)tags.p;
    comments.bytes = (long)tags.n;
    if (!s && (tags.failed || ogg_stream_packetin(&v->stream, &head)))
        s = nr_fail_memory(err);
    if (!s)
        s = ogg_put_pages(t, &v->stream, true, err);
    if (!s && (ogg_stream_packetin(&v->stream, &comments) || ogg_stream_packetin(&v->stream, &books)))
        s = nr_fail_memory(err);
    if (!s)
        s = ogg_put_pages(t, &v->stream, true, err);
    vorbis_comment_clear(&none);
    nr_buffer_free(&tags);
    return s;
}

static nr_status ogg_begin(encode_task *t, nr_error *err)
{
    vorbis *v = calloc(1, sizeof *v);
    t->self = v;
    t->pieces = 1;
    if (!v)
        return nr_fail_memory(err);
    v->task = t;
    if (set_up(v, t)) {
        vorbis_info_clear(&v->info);
        return nr_fail(err, NR_EINVAL, 0, "cannot write '%s': Vorbis does not take this bit rate at %d Hz", t->file->path, t->rate);
    }
    vorbis_analysis_init(&v->state, &v->info);
    vorbis_block_init(&v->state, &v->block);
    v->started = true;
    return ogg_stream_init(&v->stream, OGG_PAGES_SERIAL) ? nr_fail_memory(err) : put_headers(t, err);
}

static nr_status take_packets(encode_task *t, nr_error *err)
{
    vorbis *v = t->self;
    ogg_packet packet;
    nr_status s = NR_OK;
    while (!s && vorbis_analysis_blockout(&v->state, &v->block) == 1) {
        vorbis_analysis(&v->block, NULL);
        vorbis_bitrate_addblock(&v->block);
        while (!s && vorbis_bitrate_flushpacket(&v->state, &packet)) {
            if (ogg_stream_packetin(&v->stream, &packet))
                return nr_fail_memory(err);
            s = ogg_put_pages(t, &v->stream, false, err);
        }
    }
    return s;
}

static nr_status ogg_piece(const encode_task *t, size_t index, nr_buffer *out, nr_error *err)
{
    vorbis *v = t->self;
    (void)index;
    (void)out;
    encode_source from;
    nr_status s = encode_source_open(&from, t, 0, err);
    for (uint64_t at = 0; at < t->frames && !s; at += BLOCK) {
        size_t n = t->frames - at < BLOCK ? (size_t)(t->frames - at) : BLOCK;
        float *room = vorbis_analysis_buffer(&v->state, BLOCK)[0];
        s = encode_source_read(&from, room, n, err);
        vorbis_analysis_wrote(&v->state, (int)n);
        if (!s)
            s = take_packets(v->task, err); /* the only piece: nobody else puts */
    }
    encode_source_close(&from);
    return s;
}

static nr_status ogg_finish(encode_task *t, nr_error *err)
{
    vorbis *v = t->self;
    vorbis_analysis_wrote(&v->state, 0);
    nr_status s = take_packets(t, err);
    return s ? s : ogg_put_pages(t, &v->stream, true, err);
}

static void ogg_close(encode_task *t)
{
    vorbis *v = t->self;
    if (v && v->started) {
        ogg_stream_clear(&v->stream);
        vorbis_block_clear(&v->block);
        vorbis_dsp_clear(&v->state);
        vorbis_info_clear(&v->info);
    }
    free(v);
}

const encode_driver encode_ogg = {
    .name = "ogg",
    .endings = "ogg oga",
    .open = ogg_open,
    .begin = ogg_begin,
    .piece = ogg_piece,
    .finish = ogg_finish,
    .close = ogg_close,
};
