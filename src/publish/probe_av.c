/* Any sound file that libavformat knows, by it and libavcodec, loaded when needed. Only kinds of files that hold their
 * sound themselves: play lists and the like would lead elsewhere. */
#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/library.h"
#include "publish/picture.h"
#include "publish/probe.h"

#define FUNCTIONS(X)                                                                                                   \
    X(avformat_open_input) X(avformat_find_stream_info) X(avformat_close_input) X(av_find_best_stream) X(av_read_frame) \
    X(avcodec_find_decoder) X(avcodec_alloc_context3) X(avcodec_free_context) X(avcodec_parameters_to_context)          \
    X(avcodec_open2) X(avcodec_send_packet) X(avcodec_receive_frame) X(avcodec_get_name) X(av_packet_alloc)             \
    X(av_packet_free) X(av_packet_unref) X(av_frame_alloc) X(av_frame_free) X(av_dict_set) X(av_dict_get) X(av_dict_free) \
    X(av_strerror) X(av_log_set_level) X(av_get_bytes_per_sample)

NR_LIBRARY(FUNCTIONS, NR_LIBAVFORMAT)

static void load(void)
{
    lib.loaded = find_functions();
    if (lib.loaded)
        lib.av_log_set_level(AV_LOG_QUIET);
}

enum { CHANNELS_MOST = 64 };

typedef struct listening {
    probe *out;
    struct probe_meter *meter;
    AVFormatContext *format;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;
    int stream;
    float *samples; /* interleaved */
    size_t room;
} listening;

/* ---------------------------------------------------------------- what it says of itself */

static void name_format(listening *l)
{
    static const char *const names[][2] = {{"mov,mp4,m4a,3gp,3g2,mj2", "mp4"}, {"matroska,webm", "matroska"}};
    const char *name = l->format->iformat->name;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i][0]) == 0)
            name = names[i][1];
    snprintf(l->out->format, sizeof l->out->format, "%s", name);
    snprintf(l->out->codec, sizeof l->out->codec, "%s", lib.avcodec_get_name(l->codec->codec_id));
    snprintf(l->out->decoder, sizeof l->out->decoder, "libavcodec");
}

static void take_tags(listening *l, const AVDictionary *tags)
{
    const AVDictionaryEntry *e = NULL;
    while ((e = lib.av_dict_get(tags, "", e, AV_DICT_IGNORE_SUFFIX)) && probe_add_tag(l->out, e->key, e->value))
        ;
}

static void take_chapters(listening *l)
{
    for (unsigned i = 0; i < l->format->nb_chapters; i++) {
        const AVChapter *c = l->format->chapters[i];
        const AVDictionaryEntry *title = lib.av_dict_get(c->metadata, "title", NULL, 0);
        double unit = c->time_base.den ? (double)c->time_base.num / c->time_base.den : 0;
        if (!probe_add_chapter(l->out, (double)c->start * unit, (double)c->end * unit, title ? title->value : NULL))
            return;
    }
}

static void take_cover(listening *l)
{
    for (unsigned i = 0; i < l->format->nb_streams; i++) {
        const AVStream *s = l->format->streams[i];
        if (!(s->disposition & AV_DISPOSITION_ATTACHED_PIC) || s->attached_pic.size <= 0)
            continue;
        nr_buffer bytes = NR_BUFFER_INIT(PICTURE_MAX * 4u);
        picture p;
        nr_buffer_put(&bytes, s->attached_pic.data, (size_t)s->attached_pic.size);
        l->out->cover_bytes = (uint64_t)s->attached_pic.size;
        bool good = picture_take(&p, &bytes, "cover", NULL) == NR_OK;
        snprintf(l->out->cover, sizeof l->out->cover, "%s", good ? p.mime : "not JPEG or PNG");
        l->out->cover_width = good ? (int)p.width : 0;
        l->out->cover_height = good ? (int)p.height : 0;
        picture_free(&p);
        return;
    }
}

/* ---------------------------------------------------------------- samples */

static float sample_at(const uint8_t *p, enum AVSampleFormat format)
{
    switch (format) {
    case AV_SAMPLE_FMT_U8:
    case AV_SAMPLE_FMT_U8P: return ((float)*p - 128) / 128;
    case AV_SAMPLE_FMT_S16:
    case AV_SAMPLE_FMT_S16P: return (float)*(const int16_t *)(const void *)p / 32768;
    case AV_SAMPLE_FMT_S32:
    case AV_SAMPLE_FMT_S32P: return (float)*(const int32_t *)(const void *)p / 2147483648.0f;
    case AV_SAMPLE_FMT_DBL:
    case AV_SAMPLE_FMT_DBLP: return (float)*(const double *)(const void *)p;
    case AV_SAMPLE_FMT_FLT:
    case AV_SAMPLE_FMT_FLTP: return *(const float *)(const void *)p;
    default: return 0;
    }
}

static void hear(listening *l)
{
    const AVFrame *f = l->frame;
    int channels = f->ch_layout.nb_channels, size = lib.av_get_bytes_per_sample(f->format);
    bool planar = f->format >= AV_SAMPLE_FMT_U8P && f->format != AV_SAMPLE_FMT_S64;
    size_t n = (size_t)f->nb_samples, wanted = n * (size_t)channels;
    if (channels < 1 || channels > CHANNELS_MOST || size < 1 || f->sample_rate < 1) {
        l->out->damaged = true;
        return;
    }
    if (wanted > l->room) {
        float *grown = realloc(l->samples, wanted * sizeof *grown);
        if (!grown)
            return;
        l->samples = grown;
        l->room = wanted;
    }
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < channels; c++) {
            size_t at = planar ? i : i * (size_t)channels + (size_t)c;
            l->samples[i * (size_t)channels + (size_t)c] = sample_at(f->extended_data[planar ? c : 0] + at * (size_t)size, f->format);
        }
    l->out->rate = f->sample_rate;
    l->out->channels = channels;
    l->out->frames += n;
    l->out->damaged |= !probe_meter_add(l->meter, l->samples, n, channels, f->sample_rate);
}

/* packet NULL: what the decoder still holds. */
static void decode(listening *l, const AVPacket *packet)
{
    l->out->damaged |= lib.avcodec_send_packet(l->codec, packet) < 0;
    while (lib.avcodec_receive_frame(l->codec, l->frame) == 0)
        hear(l);
}

static void decode_all(listening *l)
{
    int code;
    while ((code = lib.av_read_frame(l->format, l->packet)) >= 0) {
        if (l->packet->stream_index == l->stream)
            decode(l, l->packet);
        lib.av_packet_unref(l->packet);
    }
    l->out->damaged |= code != AVERROR_EOF;
    decode(l, NULL);
}

/* ---------------------------------------------------------------- the file */

static nr_status open_sound(listening *l, const char *path, nr_error *err)
{
    char why[100], url[5000];
    AVDictionary *how = NULL;
    snprintf(url, sizeof url, "file:%s", path);
    lib.av_dict_set(&how, "format_whitelist",
                    "mp3,mov,mp4,m4a,3gp,3g2,mj2,ogg,flac,wav,w64,aiff,au,caf,aac,matroska,webm", 0);
    lib.av_dict_set(&how, "protocol_whitelist", "file", 0);
    int code = lib.avformat_open_input(&l->format, url, NULL, &how);
    lib.av_dict_free(&how);
    if (code >= 0)
        code = lib.avformat_find_stream_info(l->format, NULL);
    const AVCodec *decoder = NULL;
    if (code >= 0)
        code = l->stream = lib.av_find_best_stream(l->format, AVMEDIA_TYPE_AUDIO, -1, -1, &decoder, 0);
    if (code < 0) {
        lib.av_strerror(code, why, sizeof why);
        if (code == AVERROR(EINVAL) || code == AVERROR_INVALIDDATA || code == AVERROR_STREAM_NOT_FOUND)
            snprintf(why, sizeof why, "it is in no format of sound files");
        return nr_fail(err, NR_EFORMAT, 0, "cannot read '%s' as sound: %s", path, why);
    }
    AVStream *stream = l->format->streams[l->stream];
    l->codec = lib.avcodec_alloc_context3(decoder);
    if (!l->codec || lib.avcodec_parameters_to_context(l->codec, stream->codecpar) < 0)
        return nr_fail_memory(err);
    l->codec->pkt_timebase = stream->time_base;
    l->codec->thread_count = 1;
    code = lib.avcodec_open2(l->codec, decoder, NULL);
    return code < 0 ? nr_fail(err, NR_EFORMAT, 0, "cannot decode '%s'", path) : NR_OK;
}

static void describe(listening *l)
{
    const AVStream *stream = l->format->streams[l->stream];
    name_format(l);
    l->out->bitrate = stream->codecpar->bit_rate > 0 && stream->codecpar->bit_rate < INT32_MAX ? (int)stream->codecpar->bit_rate : 0;
    if (l->format->duration > 0)
        l->out->header_seconds = (double)l->format->duration / AV_TIME_BASE;
    take_tags(l, l->format->metadata);
    take_tags(l, stream->metadata);
    take_chapters(l);
    take_cover(l);
}

nr_status probe_by_av(probe *p, const char *path, struct probe_meter *meter, bool *can, nr_error *err)
{
    listening l = {.out = p, .meter = meter};
    pthread_once(&once, load);
    *can = lib.loaded;
    if (!lib.loaded)
        return NR_OK;
    l.packet = lib.av_packet_alloc();
    l.frame = lib.av_frame_alloc();
    nr_status s = l.packet && l.frame ? open_sound(&l, path, err) : nr_fail_memory(err);
    if (!s) {
        describe(&l);
        decode_all(&l);
    }
    lib.av_packet_free(&l.packet);
    lib.av_frame_free(&l.frame);
    lib.avcodec_free_context(&l.codec);
    lib.avformat_close_input(&l.format);
    free(l.samples);
    return s;
}
