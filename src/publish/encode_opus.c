/* Opus in Ogg (RFC 6716, 7845).
 *
 * Opus is two codecs. From 28 kbit/s on speech is coded by its transform part (CELT) at a constant bit rate: an encoder
 * of it that begins later makes, after at most 50 packets or so, the same bytes as one that began with the sound, so that
 * pieces may be encoded apart. The speech part (SILK), and rate control over time, never forget: two encoders that once
 * differed stay different for minutes. So below 28 kbit/s, where SILK sounds better, the sound is one piece. */
#include <opus/opus.h>
#include <stdlib.h>

#include "base/error.h"
#include "publish/comments.h"
#include "publish/ogg_pages.h"

enum { WARM = 150, PIECE = 1500, PACKET_MAX = 1500, PAGE = 50, CUT_FROM = 28000, COMPLEXITY = 5, HEAD_MAX = 32 << 20 };

typedef struct opus {
    int packet_samples, skip; /* skip: the encoder's look-ahead */
    uint64_t packets, put;
    bool cut;
    ogg_stream_state stream;
    bool streaming;
} opus;

/* 24 kHz: speech of the voices at hand ends below 12 kHz, and the splice is exact. */
static nr_status opus_open(encode_task *t, nr_error *err)
{
    static const int rates[] = {8000, 12000, 16000, 24000, 48000, 0};
    t->rate = t->rate ? t->rate : publish_has_jingles(t->job) ? 48000 : 24000;
    t->bitrate = t->bitrate ? t->bitrate : 32000;
    nr_status s = encode_check_rate(t, rates, err);
    return s ? s : encode_check_bitrate(t, 6000, 256000, err);
}

static OpusEncoder *open_encoder(const encode_task *t, bool cut)
{
    OpusEncoder *e = opus_encoder_create(t->rate, 1, cut ? OPUS_APPLICATION_RESTRICTED_LOWDELAY : OPUS_APPLICATION_VOIP, NULL);
    if (!e)
        return NULL;
    opus_encoder_ctl(e, OPUS_SET_BITRATE(t->bitrate));
    opus_encoder_ctl(e, OPUS_SET_VBR(!cut));
    opus_encoder_ctl(e, OPUS_SET_COMPLEXITY(COMPLEXITY));
    if (cut) /* chosen once, so that it does not depend on what was before */
        opus_encoder_ctl(e, OPUS_SET_BANDWIDTH(t->rate >= 48000   ? OPUS_BANDWIDTH_FULLBAND
                                               : t->rate >= 24000 ? OPUS_BANDWIDTH_SUPERWIDEBAND
                                               : t->rate >= 12000 ? OPUS_BANDWIDTH_WIDEBAND
                                                                  : OPUS_BANDWIDTH_NARROWBAND));
    return e;
}

/* ---------------------------------------------------------------- Ogg */

static nr_status put_header(encode_task *t, void *bytes, size_t n, int number, nr_error *err)
{
    opus *o = t->self;
    ogg_packet packet = {.packet = bytes, .bytes = (long)n, .b_o_s = number == 0, .packetno = number};
    return ogg_stream_packetin(&o->stream, &packet) ? nr_fail_memory(err) : ogg_put_pages(t, &o->stream, true, err);
}

static nr_status put_headers(encode_task *t, nr_error *err)
{
    const opus *o = t->self;
    unsigned rate = (unsigned)t->sound->rate, skip = (unsigned)(o->skip * (48000 / t->rate));
    unsigned char head[19] = {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 1, (unsigned char)skip, (unsigned char)(skip >> 8),
                              (unsigned char)rate, (unsigned char)(rate >> 8), (unsigned char)(rate >> 16)};
    nr_buffer tags = NR_BUFFER_INIT(HEAD_MAX);
    nr_status s = put_header(t, head, sizeof head, 0, err);
    nr_buffer_put(&tags, "OpusTags", 8);
    if (!s)
        s = comments_write(&tags, t, opus_get_version_string(), true, err);
    if (!s)
        s = put_header(t, tags.p, tags.n, 1, err);
    nr_buffer_free(&tags);
    return s;
}

static nr_status opus_begin(encode_task *t, nr_error *err)
{
    opus *o = calloc(1, sizeof *o);
    t->self = o;
    if (!o || ogg_stream_init(&o->stream, OGG_PAGES_SERIAL))
        return nr_fail_memory(err);
    o->streaming = true;
    o->cut = t->bitrate >= CUT_FROM;
    o->packet_samples = t->rate / 50;
    OpusEncoder *e = open_encoder(t, o->cut);
    if (!e)
        return nr_fail_memory(err);
    opus_encoder_ctl(e, OPUS_GET_LOOKAHEAD(&o->skip));
    opus_encoder_destroy(e);
    o->packets = (t->frames + (uint64_t)o->skip + (uint64_t)o->packet_samples - 1) / (uint64_t)o->packet_samples;
    t->pieces = o->cut ? (size_t)((o->packets + PIECE - 1) / PIECE) : 1;
    return put_headers(t, err);
}

/* ---------------------------------------------------------------- pieces */

/* Packets, each behind its length in two bytes. */
static nr_status encode_packets(const encode_task *t, OpusEncoder *e, encode_source *from, uint64_t drop, uint64_t keep,
                                nr_buffer *out, nr_error *err)
{
    const opus *o = t->self;
    float block[960];
    unsigned char packet[PACKET_MAX];
    for (uint64_t i = 0; i < drop + keep; i++) {
        nr_status s = encode_source_read(from, block, (size_t)o->packet_samples, err);
        if (s)
            return s;
        int n = opus_encode_float(e, block, o->packet_samples, packet, sizeof packet);
        if (n <= 0)
            return nr_fail(err, NR_EFORMAT, 0, "libopus failed on '%s': %s", t->file->path, opus_strerror(n));
        if (i < drop)
            continue;
        nr_buffer_put_char(out, (char)n);
        nr_buffer_put_char(out, (char)(n >> 8));
        nr_buffer_put(out, packet, (size_t)n);
        if ((s = encode_hand_over(t, out, err)))
            return s;
    }
    return NR_OK;
}

static nr_status opus_piece(const encode_task *t, size_t index, nr_buffer *out, nr_error *err)
{
    const opus *o = t->self;
    encode_source from;
    uint64_t first = (uint64_t)index * PIECE, keep = o->packets - first, drop = index ? WARM : 0;
    if (o->cut && keep > PIECE)
        keep = PIECE;
    OpusEncoder *e = open_encoder(t, o->cut);
    if (!e)
        return nr_fail_memory(err);
    nr_status s = encode_source_open(&from, t, (int64_t)(first - drop) * o->packet_samples, err);
    if (!s)
        s = encode_packets(t, e, &from, drop, keep, out, err);
    encode_source_close(&from);
    opus_encoder_destroy(e);
    return s;
}

/* The last packet's position says where the sound ends, in samples of 48 kHz. */
static nr_status opus_put(encode_task *t, size_t index, nr_view piece, nr_error *err)
{
    opus *o = t->self;
    (void)index;
    const uint64_t scale = (uint64_t)(48000 / t->rate);
    for (size_t at = 0; at + 2 <= piece.n;) {
        const unsigned char *p = (const unsigned char *)piece.p + at;
        size_t n = p[0] | (size_t)p[1] << 8;
        bool last = ++o->put == o->packets;
        uint64_t end = last ? t->frames + (uint64_t)o->skip : o->put * (uint64_t)o->packet_samples;
        ogg_packet packet = {.packet = (unsigned char *)p + 2, .bytes = (long)n, .e_o_s = last,
                             .granulepos = (ogg_int64_t)(end * scale), .packetno = (ogg_int64_t)o->put + 1};
        if (ogg_stream_packetin(&o->stream, &packet))
            return nr_fail_memory(err);
        nr_status s = last || o->put % PAGE == 0 ? ogg_put_pages(t, &o->stream, true, err) : NR_OK;
        if (s)
            return s;
        at += 2 + n;
    }
    return NR_OK;
}

static nr_status opus_finish(encode_task *t, nr_error *err) { return ogg_put_pages(t, &((opus *)t->self)->stream, true, err); }

static void opus_close(encode_task *t)
{
    opus *o = t->self;
    if (o && o->streaming)
        ogg_stream_clear(&o->stream);
    free(o);
}

const encode_driver encode_opus = {
    .name = "opus",
    .endings = "opus",
    .open = opus_open,
    .begin = opus_begin,
    .piece = opus_piece,
    .put = opus_put,
    .finish = opus_finish,
    .close = opus_close,
};
