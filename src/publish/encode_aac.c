/* AAC in MP4 (M4A, and M4B for audiobooks) by libavcodec and libavformat, which are loaded when they are first needed:
 * with them come some hundred libraries.
 *
 * In one piece: how finely libavcodec quantises depends on all that it has encoded so far, and encoders that began at
 * different places stay some 30 dB apart. */
#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "publish/encode.h"
#include "publish/id3.h"
#include "publish/master.h"
#include "base/library.h"

#define FUNCTIONS(X)                                                                                                   \
    X(avcodec_find_encoder) X(avcodec_alloc_context3) X(avcodec_free_context) X(avcodec_open2) X(avcodec_send_frame)   \
    X(avcodec_receive_packet) X(avcodec_parameters_from_context) X(avformat_alloc_output_context2) X(avformat_new_stream) \
    X(avformat_write_header) X(av_write_frame) X(av_write_trailer) X(avformat_free_context) X(avio_alloc_context)      \
    X(avio_context_free) X(avio_flush) X(av_packet_alloc) X(av_packet_free) X(av_packet_unref) X(av_frame_alloc)       \
    X(av_frame_free) X(av_frame_get_buffer) X(av_frame_make_writable) X(av_malloc) X(av_mallocz) X(av_realloc) X(av_freep) \
    X(av_dict_set) X(av_dict_free) X(av_strerror) X(av_channel_layout_default) X(av_opt_set) X(av_log_set_level)
int av_opt_set(void *obj, const char *name, const char *val, int search_flags);

NR_LIBRARY(FUNCTIONS, NR_LIBAVFORMAT)

static void load(void)
{
    lib.loaded = find_functions();
    if (lib.loaded)
        lib.av_log_set_level(AV_LOG_QUIET);
}

enum { FRAME = 1024, IO_BLOCK = 1 << 16 };

typedef struct aac {
    AVFormatContext *format;
    AVPacket *packet;
    uint64_t packets, put;
    int lead;           /* silence put in front, so that the sound ends with a packet: few decoders cut the last one */
    int delay;          /* samples in front that are not the sound's: the encoder's, and the lead */
    encode_task *task;  /* for the input and output below */
    uint64_t at, read_at;
    nr_error error;     /* the first of the output */
} aac;

static nr_status fail_av(const encode_task *t, const char *doing, int code, nr_error *err)
{
    char why[100] = "out of memory";
    const aac *a = t->self;
    if (a && a->error.status) {
        if (err)
            *err = a->error;
        return a->error.status;
    }
    if (code)
        lib.av_strerror(code, why, sizeof why);
    return nr_fail(err, code == AVERROR(ENOMEM) || !code ? NR_ENOMEM : NR_EFORMAT, 0, "cannot %s '%s': %s", doing, t->file->path, why);
}

/* ---------------------------------------------------------------- the encoder */

static nr_status aac_open(encode_task *t, nr_error *err)
{
    static const int rates[] = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 0};
    const master_preset *preset = master_preset_find(t->job->master.preset);
    t->bitrate = t->bitrate ? t->bitrate : preset && preset->aac_bitrate ? preset->aac_bitrate : 64000;
    t->rate = t->rate ? t->rate : preset && preset->rate ? preset->rate : t->bitrate > 6 * 22050 || publish_has_jingles(t->job) ? 44100 : 22050;
    nr_status s = encode_check_rate(t, rates, err);
    if (!s)
        s = encode_check_bitrate(t, 16000, t->rate * 6 > 256000 ? 256000 : t->rate * 6, err);
    if (s)
        return s;
    pthread_once(&once, load);
    if (!lib.loaded || !lib.avcodec_find_encoder(AV_CODEC_ID_AAC))
        return nr_fail(err, NR_EFORMAT, 0, "cannot write '%s': AAC needs %s, which is not installed; install the package "
                                           "libavformat59, or use mp3 or opus", t->file->path, NR_LIBAVFORMAT);
    return NR_OK;
}

static nr_status open_encoder(const encode_task *t, AVCodecContext **out, nr_error *err)
{
    AVCodecContext *c = *out = lib.avcodec_alloc_context3(lib.avcodec_find_encoder(AV_CODEC_ID_AAC));
    if (!c)
        return nr_fail_memory(err);
    c->sample_rate = t->rate;
    c->bit_rate = t->bitrate;
    c->sample_fmt = AV_SAMPLE_FMT_FLTP;
    c->time_base = (AVRational){1, t->rate};
    c->flags = AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
    c->thread_count = 1;
    lib.av_channel_layout_default(&c->ch_layout, 1);
    lib.av_opt_set(c->priv_data, "aac_coder", "fast", 0);
    int code = lib.avcodec_open2(c, c->codec, NULL);
    return code < 0 ? fail_av(t, "start AAC for", code, err) : NR_OK;
}

/* ---------------------------------------------------------------- output */

static int write_bytes(void *self, uint8_t *bytes, int n)
{
    aac *a = self;
    if (!a->error.status && (lseek(a->task->into->fd, (off_t)a->at, SEEK_SET) < 0 ||
                             nr_output_write(a->task->into, bytes, (size_t)n, &a->error) != NR_OK) && !a->error.status)
        nr_fail(&a->error, NR_EIO, errno, "cannot go back in '%s'", a->task->file->path);
    a->at += (uint64_t)n;
    if (a->at > a->task->length)
        a->task->length = a->at;
    return a->error.status ? AVERROR(EIO) : n;
}

static int64_t seek_bytes(void *self, int64_t offset, int whence)
{
    aac *a = self;
    if (whence == AVSEEK_SIZE)
        return (int64_t)a->task->length;
    a->at = (uint64_t)(whence == SEEK_SET ? offset : whence == SEEK_CUR ? (int64_t)a->at + offset : (int64_t)a->task->length + offset);
    return (int64_t)a->at;
}

static int read_bytes(void *self, uint8_t *bytes, int n)
{
    aac *a = self;
    ssize_t got = pread(a->task->into->fd, bytes, (size_t)n, (off_t)a->read_at);
    if (got > 0)
        a->read_at += (uint64_t)got;
    return got > 0 ? (int)got : got ? AVERROR(EIO) : AVERROR_EOF;
}

static int64_t seek_read(void *self, int64_t offset, int whence)
{
    aac *a = self;
    if (whence != SEEK_SET)
        return AVERROR(EINVAL);
    return (int64_t)(a->read_at = (uint64_t)offset);
}

static void free_io(AVIOContext **io)
{
    if (*io)
        lib.av_freep(&(*io)->buffer);
    lib.avio_context_free(io);
}

/* To move the index in front of the sound, the muxer reads the file again. */
static int open_reading(AVFormatContext *format, AVIOContext **out, const char *url, int flags, AVDictionary **options)
{
    (void)url;
    (void)options;
    uint8_t *block = flags & AVIO_FLAG_WRITE ? NULL : lib.av_malloc(IO_BLOCK);
    *out = block ? lib.avio_alloc_context(block, IO_BLOCK, 0, format->opaque, read_bytes, NULL, seek_read) : NULL;
    return *out ? 0 : AVERROR(ENOMEM);
}

static int close_reading(AVFormatContext *format, AVIOContext *io)
{
    (void)format;
    free_io(&io);
    return 0;
}

/* ---------------------------------------------------------------- what stands in front */

static bool set_chapters(const encode_task *t, AVFormatContext *f)
{
    size_t n = encode_chapters(t);
    if (n && !(f->chapters = lib.av_mallocz(n * sizeof *f->chapters)))
        return false;
    for (size_t i = 0; i < n; i++) {
        const timeline_chapter *c = &t->times->chapters[i];
        AVChapter *to = f->chapters[i] = lib.av_mallocz(sizeof *to);
        if (!to)
            return false;
        f->nb_chapters++;
        *to = (AVChapter){.id = (int64_t)i, .time_base = {1, 1000}, .start = llround(encode_seconds(t, c->start) * 1000),
                          .end = llround(encode_seconds(t, c->end) * 1000)};
        lib.av_dict_set(&to->metadata, "title", c->title, 0);
    }
    return true;
}

static void set_tags(const encode_task *t, AVFormatContext *f)
{
    static const struct {
        const char *key;
        encode_tag tag;
    } tags[] = {{"title", TAG_TITLE}, {"artist", TAG_AUTHOR}, {"album", TAG_ALBUM}, {"date", TAG_DATE},
                {"comment", TAG_COMMENT}, {"track", TAG_TRACK}, {"copyright", TAG_PUBLISHER}};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (encode_has(t, tags[i].tag))
            lib.av_dict_set(&f->metadata, tags[i].key, t->tags[tags[i].tag], 0);
}

static nr_status add_sound(encode_task *t, nr_error *err)
{
    aac *a = t->self;
    AVCodecContext *c = NULL;
    AVStream *stream = lib.avformat_new_stream(a->format, NULL);
    nr_status s = stream ? open_encoder(t, &c, err) : nr_fail_memory(err);
    if (!s) {
        stream->time_base = c->time_base;
        a->lead = (int)((FRAME - (t->frames + (uint64_t)c->initial_padding) % FRAME) % FRAME);
        a->delay = c->initial_padding + a->lead;
        lib.avcodec_parameters_from_context(stream->codecpar, c);
        lib.av_dict_set(&stream->metadata, "language", id3_language(t->tags[TAG_LANGUAGE]), 0);
    }
    lib.avcodec_free_context(&c);
    return s;
}

static void add_cover(const encode_task *t, AVFormatContext *f)
{
    AVStream *stream = lib.avformat_new_stream(f, NULL);
    if (!stream)
        return;
    stream->disposition = AV_DISPOSITION_ATTACHED_PIC;
    stream->time_base = (AVRational){1, 90000};
    stream->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    stream->codecpar->codec_id = strcmp(t->cover->mime, "image/png") == 0 ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG;
    stream->codecpar->width = (int)t->cover->width;
    stream->codecpar->height = (int)t->cover->height;
}

static nr_status put_cover(const encode_task *t, nr_error *err)
{
    aac *a = t->self;
    AVPacket *p = a->packet;
    p->data = (uint8_t *)t->cover->bytes.p; /* without a reference: it stays ours */
    p->size = (int)t->cover->bytes.n;
    p->stream_index = 1;
    p->pts = p->dts = 0;
    p->flags = AV_PKT_FLAG_KEY;
    int code = lib.av_write_frame(a->format, p);
    lib.av_packet_unref(p);
    return code < 0 ? fail_av(t, "put the picture into", code, err) : NR_OK;
}

static nr_status open_muxer(encode_task *t, nr_error *err)
{
    aac *a = t->self;
    uint8_t *block = lib.av_malloc(IO_BLOCK);
    a->packet = lib.av_packet_alloc();
    if (!block || !a->packet || lib.avformat_alloc_output_context2(&a->format, NULL, "ipod", NULL) < 0)
        return nr_fail_memory(err);
    AVFormatContext *f = a->format;
    f->flags |= AVFMT_FLAG_BITEXACT | AVFMT_FLAG_CUSTOM_IO;
    f->opaque = a;
    f->io_open = open_reading;
    f->io_close2 = close_reading;
    f->pb = lib.avio_alloc_context(block, IO_BLOCK, 1, a, NULL, write_bytes, seek_bytes);
    if (!f->pb || !set_chapters(t, f))
        return nr_fail_memory(err);
    set_tags(t, f);
    return NR_OK;
}

static nr_status aac_begin(encode_task *t, nr_error *err)
{
    aac *a = calloc(1, sizeof *a);
    t->self = a;
    if (!a)
        return nr_fail_memory(err);
    a->task = t;
    nr_status s = open_muxer(t, err);
    if (!s)
        s = add_sound(t, err);
    if (s)
        return s;
    if (t->cover->bytes.n)
        add_cover(t, a->format);
    AVDictionary *how = NULL;
    lib.av_dict_set(&how, "movflags", "+faststart", 0);
    char scale[16]; /* so that the edit list tells the length to the sample */
    snprintf(scale, sizeof scale, "%d", t->rate);
    lib.av_dict_set(&how, "movie_timescale", scale, 0);
    lib.av_dict_set(&how, "brand", strcmp(t->driver->name, "m4b") == 0 ? "M4B " : "M4A ", 0);
    int code = lib.avformat_write_header(a->format, &how);
    lib.av_dict_free(&how);
    if (code < 0)
        return fail_av(t, "begin", code, err);
    a->packets = (t->frames + (uint64_t)a->delay) / FRAME;
    t->pieces = 1;
    return t->cover->bytes.n ? put_cover(t, err) : NR_OK;
}

/* ---------------------------------------------------------------- packets */

/* Packets, each behind its length in two bytes. */
static int take_packets(AVCodecContext *c, AVPacket *packet, uint64_t *count, nr_buffer *out)
{
    int code;
    while ((code = lib.avcodec_receive_packet(c, packet)) == 0) {
        nr_buffer_put_char(out, (char)packet->size);
        nr_buffer_put_char(out, (char)(packet->size >> 8));
        nr_buffer_put(out, packet->data, (size_t)packet->size);
        ++*count;
        lib.av_packet_unref(packet);
    }
    return code == AVERROR(EAGAIN) || code == AVERROR_EOF ? 0 : code;
}

static nr_status encode_packets(const encode_task *t, AVCodecContext *c, AVFrame *frame, encode_source *from, nr_buffer *out,
                                nr_error *err)
{
    const aac *a = t->self;
    AVPacket *packet = lib.av_packet_alloc();
    int code = 0;
    uint64_t count = 0;
    nr_status s = packet ? NR_OK : nr_fail_memory(err);
    while (count < a->packets && !s && code >= 0) {
        code = lib.av_frame_make_writable(frame);
        if (code >= 0)
            s = encode_source_read(from, (float *)(void *)frame->data[0], FRAME, err);
        if (!s && code >= 0)
            code = lib.avcodec_send_frame(c, frame);
        if (!s && code >= 0)
            code = take_packets(c, packet, &count, out);
        if (!s && code >= 0)
            s = encode_hand_over(t, out, err);
        frame->pts += FRAME;
    }
    lib.av_packet_free(&packet);
    return s || code >= 0 ? s : fail_av(t, "encode AAC for", code, err);
}

static nr_status aac_piece(const encode_task *t, size_t index, nr_buffer *out, nr_error *err)
{
    const aac *a = t->self;
    AVCodecContext *c = NULL;
    encode_source from = {0};
    AVFrame *frame = lib.av_frame_alloc();
    (void)index;
    nr_status s = frame ? open_encoder(t, &c, err) : nr_fail_memory(err);
    if (!s) {
        frame->nb_samples = FRAME;
        frame->format = AV_SAMPLE_FMT_FLTP;
        frame->sample_rate = t->rate;
        frame->pts = 0;
        lib.av_channel_layout_default(&frame->ch_layout, 1);
        s = lib.av_frame_get_buffer(frame, 0) < 0 ? nr_fail_memory(err) : NR_OK;
    }
    if (!s)
        s = encode_source_open(&from, t, -a->lead, err);
    if (!s)
        s = encode_packets(t, c, frame, &from, out, err);
    encode_source_close(&from);
    lib.av_frame_free(&frame);
    lib.avcodec_free_context(&c);
    return s;
}

static nr_status aac_put(encode_task *t, size_t index, nr_view piece, nr_error *err)
{
    aac *a = t->self;
    (void)index;
    for (size_t at = 0; at + 2 <= piece.n;) {
        const unsigned char *p = (const unsigned char *)piece.p + at;
        size_t n = p[0] | (size_t)p[1] << 8;
        AVPacket *packet = a->packet;
        packet->data = (uint8_t *)p + 2;
        packet->size = (int)n;
        packet->stream_index = 0;
        packet->pts = packet->dts = (int64_t)(a->put++ * FRAME) - a->delay;
        packet->duration = FRAME;
        packet->flags = AV_PKT_FLAG_KEY;
        int code = lib.av_write_frame(a->format, packet);
        lib.av_packet_unref(packet);
        if (code < 0 || a->error.status)
            return fail_av(t, "write", code, err);
        at += 2 + n;
    }
    return NR_OK;
}

static nr_status aac_finish(encode_task *t, nr_error *err)
{
    aac *a = t->self;
    int code = lib.av_write_trailer(a->format);
    lib.avio_flush(a->format->pb);
    if (code < 0 || a->error.status)
        return fail_av(t, "finish", code, err);
    return NR_OK;
}

static void aac_close(encode_task *t)
{
    aac *a = t->self;
    if (!a)
        return;
    if (a->format) {
        free_io(&a->format->pb);
        lib.avformat_free_context(a->format);
    }
    lib.av_packet_free(&a->packet);
    free(a);
}

#define AAC(format, ends)                                                                                              \
    const encode_driver encode_##format = {.name = #format,                                                            \
                                           .endings = ends,                                                            \
                                           .open = aac_open,                                                           \
                                           .begin = aac_begin,                                                         \
                                           .piece = aac_piece,                                                         \
                                           .put = aac_put,                                                             \
                                           .finish = aac_finish,                                                       \
                                           .close = aac_close}
AAC(m4a, "m4a mp4");
AAC(m4b, "m4b");
