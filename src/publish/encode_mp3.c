/* MP3 by LAME, constant bit rate.
 *
 * Without the bit reservoir every frame stands on its own, so that pieces may be encoded apart: an encoder that begins
 * some frames before its piece makes, after a few of them (27 at most were seen), the very bytes of one that began with the
 * sound. Lengths of frames follow a pattern of 49 frames at most, so that pieces begin at multiples of 49.
 *
 * The frame in front tells players the length, where to seek, and how many samples encoder and decoder put before and
 * behind the sound (the "Info" frame with LAME's extension, as of LAME 3.100). Players that read those show the sound's own
 * length (Chromium 156: to the sample). ffprobe of FFmpeg 5.1 multiplies the frames instead and shows 1105 to 2256 samples
 * more, 50 to 76 ms at 22.05 kHz. No header helps: LAME's delay and the decoder's are 1105 samples, and a smaller number of
 * frames would be untrue and make others cut the end. */
#include <lame/lame.h>
#include <stdlib.h>

#include "base/error.h"
#include "publish/encode.h"
#include "publish/id3.h"
#include "publish/master.h"

enum {
    PATTERN = 49,
    WARM = PATTERN,
    PIECE_44 = 24 * PATTERN, /* frames: half a minute at 44.1 kHz */
    DECODER_DELAY = 529,     /* samples that every decoder puts in front */
    SPEED = 7,               /* LAME's quality, 0 best, 9 fastest: bits abound, and 3 or 5 leave more noise in speech */
    FRAME_MAX = 2881,
    INFO_LEAST = 200
};

typedef struct mp3 {
    int frame_samples, delay; /* delay: the encoder's */
    bool mpeg1;
    float scale; /* what undoes LAME's own: at most bit rates it makes everything some half a decibel quieter */
    uint64_t frames, info_at;
    int info_size;
    uint64_t bytes; /* of frames */
    uint16_t crc;   /* of them */
    uint16_t crc_of[256]; /* of each byte */
} mp3;

/* ---------------------------------------------------------------- frames (ISO 11172-3, 13818-3) */

static const short rates1[] = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
static const short rates2[] = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};

static size_t frame_size(const mp3 *m, int kbit, int rate, int padding)
{
    return (size_t)((m->mpeg1 ? 144 : 72) * kbit * 1000 / rate + padding);
}

static size_t size_of_frame(const mp3 *m, int rate, const unsigned char *p)
{
    return frame_size(m, (m->mpeg1 ? rates1 : rates2)[p[2] >> 4], rate, p[2] >> 1 & 1);
}

static void make_crc_table(mp3 *m)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        unsigned crc = byte;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xA001 : crc >> 1;
        m->crc_of[byte] = (uint16_t)crc;
    }
}

static uint16_t crc16(const mp3 *m, uint16_t crc, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    while (n--)
        crc = (uint16_t)(crc >> 8 ^ m->crc_of[(crc ^ *p++) & 0xFF]);
    return crc;
}

/* ---------------------------------------------------------------- opening */

static nr_status check_kbit(const encode_task *t, bool mpeg1, nr_error *err)
{
    nr_buffer list = NR_BUFFER_INIT(200);
    const short *rates = mpeg1 ? rates1 : rates2;
    int most = t->rate <= 12000 ? 8 : 14; /* LAME: no more in MPEG 2.5 */
    for (int i = 1; i <= most; i++) {
        if (rates[i] * 1000 == t->bitrate) {
            nr_buffer_free(&list);
            return NR_OK;
        }
        nr_buffer_printf(&list, "%s%d", i == 1 ? "" : ", ", rates[i]);
    }
    nr_status s = nr_fail(err, NR_EINVAL, 0, "cannot write '%s' at %g kbit/s: mp3 at %d Hz takes %s", t->file->path,
                          t->bitrate / 1e3, t->rate, nr_buffer_view(&list).p);
    nr_buffer_free(&list);
    return s;
}

/* Speech needs no more than its voice has: 22 kHz, but for those who ask for more, music, and bit rates that only 44 has. */
static nr_status mp3_open(encode_task *t, nr_error *err)
{
    static const int rates[] = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 0};
    const master_preset *preset = master_preset_find(t->job->master.preset);
    t->bitrate = t->bitrate ? t->bitrate : preset && preset->mp3_bitrate ? preset->mp3_bitrate : 64000;
    t->rate = t->rate ? t->rate : preset && preset->rate ? preset->rate : t->bitrate > 160000 || publish_has_jingles(t->job) ? 44100 : 22050;
    nr_status s = encode_check_rate(t, rates, err);
    if (!s)
        s = check_kbit(t, t->rate >= 32000, err);
    mp3 *m = s ? NULL : calloc(1, sizeof *m);
    t->self = m;
    if (!s && !m)
        return nr_fail_memory(err);
    if (m) {
        m->mpeg1 = t->rate >= 32000;
        make_crc_table(m);
    }
    return s;
}

static lame_t open_lame(const encode_task *t, float scale)
{
    lame_t lame = lame_init();
    if (!lame)
        return NULL;
    lame_set_num_channels(lame, 1);
    lame_set_mode(lame, MONO);
    lame_set_in_samplerate(lame, t->rate);
    lame_set_out_samplerate(lame, t->rate);
    lame_set_brate(lame, t->bitrate / 1000);
    lame_set_VBR(lame, vbr_off);
    lame_set_disable_reservoir(lame, 1);
    lame_set_bWriteVbrTag(lame, 0);
    lame_set_write_id3tag_automatic(lame, 0);
    lame_set_quality(lame, SPEED);
    lame_set_scale(lame, scale);
    if (lame_init_params(lame) < 0) {
        lame_close(lame);
        return NULL;
    }
    return lame;
}

/* ---------------------------------------------------------------- pieces */

static size_t frames_of_piece(const mp3 *m, size_t index)
{
    uint64_t first = (uint64_t)index * PIECE_44;
    return m->frames - first < PIECE_44 ? (size_t)(m->frames - first) : PIECE_44;
}

/* Of the sound's own bit rate, by which simple programs work out the length; of the next that holds what is to be told, if
 * that one does not. */
static int info_size(const mp3 *m, const encode_task *t)
{
    const short *rates = m->mpeg1 ? rates1 : rates2;
    for (int i = 1; i < 14; i++) {
        size_t size = frame_size(m, rates[i], t->rate, 0);
        if (rates[i] * 1000 >= t->bitrate && size >= INFO_LEAST)
            return (int)size;
    }
    return (int)frame_size(m, rates[14], t->rate, 0);
}

static nr_status mp3_begin(encode_task *t, nr_error *err)
{
    mp3 *m = t->self;
    lame_t lame = open_lame(t, 1); /* its tables are made here, by one thread */
    if (!lame)
        return nr_fail(err, NR_EFORMAT, 0, "LAME cannot encode '%s' at %d Hz and %d kbit/s", t->file->path, t->rate,
                       t->bitrate / 1000);
    m->frame_samples = lame_get_framesize(lame);
    m->delay = lame_get_encoder_delay(lame);
    m->scale = lame_get_scale(lame) > 0.5f ? 1 / lame_get_scale(lame) : 1;
    lame_close(lame);
    uint64_t samples = t->frames + (uint64_t)(m->delay + DECODER_DELAY);
    m->frames = (samples + (uint64_t)m->frame_samples - 1) / (uint64_t)m->frame_samples;
    t->pieces = (size_t)((m->frames + PIECE_44 - 1) / PIECE_44);
    nr_buffer head = NR_BUFFER_INIT(PICTURE_MAX * 4u);
    nr_status s = id3_write(&head, t, err);
    m->info_at = head.n;
    m->info_size = info_size(m, t);
    static const char nothing[FRAME_MAX];
    if (!s && !(s = nr_buffer_put(&head, nothing, (size_t)m->info_size)))
        s = encode_put(t, head.p, head.n, err);
    nr_buffer_free(&head);
    return s;
}

/* Drops whole frames in front and what is behind the wanted ones; false while there are not so many. */
static bool cut_frames(const encode_task *t, nr_buffer *out, size_t drop, size_t keep)
{
    const mp3 *m = t->self;
    size_t at = 0, start = 0;
    for (size_t i = 0; i < drop + keep; i++) {
        if (i == drop)
            start = at;
        if (at + 4 > out->n || at + size_of_frame(m, t->rate, (unsigned char *)out->p + at) > out->n)
            return false;
        at += size_of_frame(m, t->rate, (unsigned char *)out->p + at);
    }
    memmove(out->p, out->p + start, at - start);
    nr_buffer_truncate(out, at - start);
    return true;
}

static nr_status encode_frames_of(const encode_task *t, lame_t lame, size_t drop, size_t keep, encode_source *from, nr_buffer *out,
                                  nr_error *err)
{
    const mp3 *m = t->self;
    float block[1152];
    /* LAME looks two frames ahead. */
    for (size_t fed = 0; fed < drop + keep + 8; fed++) {
        nr_status s = encode_source_read(from, block, (size_t)m->frame_samples, err);
        if (!s)
            s = nr_buffer_reserve(out, FRAME_MAX * 4);
        if (s)
            return s;
        int made = lame_encode_buffer_ieee_float(lame, block, block, m->frame_samples, (unsigned char *)out->p + out->n,
                                                 FRAME_MAX * 4);
        if (made < 0)
            return nr_fail(err, NR_EFORMAT, 0, "LAME failed on '%s' (%d)", t->file->path, made);
        out->n += (size_t)made;
        if (fed >= drop + keep && cut_frames(t, out, drop, keep))
            return NR_OK;
    }
    return nr_fail(err, NR_EFORMAT, 0, "LAME gave too few frames for '%s'", t->file->path);
}

static nr_status mp3_piece(const encode_task *t, size_t index, nr_buffer *out, nr_error *err)
{
    const mp3 *m = t->self;
    encode_source from;
    size_t drop = index ? WARM : 0;
    int64_t start = ((int64_t)index * PIECE_44 - (int64_t)drop) * m->frame_samples;
    lame_t lame = open_lame(t, m->scale);
    if (!lame)
        return nr_fail_memory(err);
    nr_status s = encode_source_open(&from, t, start, err);
    if (!s)
        s = encode_frames_of(t, lame, drop, frames_of_piece(m, index), &from, out, err);
    encode_source_close(&from);
    lame_close(lame);
    return s;
}

static nr_status mp3_put(encode_task *t, size_t index, nr_view piece, nr_error *err)
{
    mp3 *m = t->self;
    (void)index;
    m->crc = crc16(m, m->crc, piece.p, piece.n);
    m->bytes += piece.n;
    return encode_put(t, piece.p, piece.n, err);
}

/* ---------------------------------------------------------------- the frame in front */

static unsigned char *big(unsigned char *p, uint64_t v, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        *p++ = (unsigned char)(v >> (8 * i));
    return p;
}

static unsigned char *put_header(unsigned char *p, const encode_task *t)
{
    static const int rates[] = {44100, 48000, 32000};
    const mp3 *m = t->self;
    int rate = 0, kbit = 1, half = m->mpeg1 ? 1 : t->rate >= 16000 ? 2 : 4;
    while (rates[rate] != t->rate * half)
        rate++;
    while ((int)frame_size(m, (m->mpeg1 ? rates1 : rates2)[kbit], t->rate, 0) != m->info_size)
        kbit++;
    *p++ = 0xFF;
    *p++ = half == 1 ? 0xFB : half == 2 ? 0xF3 : 0xE3; /* layer III, no CRC */
    *p++ = (unsigned char)(kbit << 4 | rate << 2);
    *p++ = 0xC4; /* mono, original */
    return p + (m->mpeg1 ? 17 : 9); /* no side information */
}

static nr_status mp3_finish(encode_task *t, nr_error *err)
{
    mp3 *m = t->self;
    unsigned char frame[FRAME_MAX] = {0}, *p = put_header(frame, t);
    uint64_t padding = m->frames * (uint64_t)m->frame_samples - t->frames - (uint64_t)m->delay;
    uint64_t bytes = m->bytes + (uint64_t)m->info_size;
    memcpy(p, "Info\0\0\0\17", 8);
    p = big(p + 8, m->frames, 4);
    p = big(p, bytes, 4);
    for (int i = 0; i < 100; i++)
        *p++ = (unsigned char)(i * 256 / 100);
    p = big(p, 100 - SPEED * 10, 4); /* quality, of 100 */
    memcpy(p, "LAME", 4);
    memcpy(p + 4, get_lame_short_version(), strnlen(get_lame_short_version(), 5));
    p += 9;
    *p++ = 1;  /* revision 0, constant bit rate */
    *p++ = 0;  /* lowpass: not told */
    p += 4 + 2 + 2; /* peak and gains: not told */
    *p++ = 0;
    *p++ = (unsigned char)(t->bitrate > 255000 ? 255 : t->bitrate / 1000);
    p = big(p, (uint64_t)m->delay << 12 | padding, 3);
    *p++ = t->rate <= 32000 ? 0x00 : t->rate == 44100 ? 0x40 : 0x80; /* mono; the source's rate */
    *p++ = 0;
    p = big(p, 0, 2);
    p = big(p, bytes, 4);
    p = big(p, m->crc, 2);
    big(p, crc16(m, 0, frame, (size_t)(p - frame)), 2);
    return encode_patch(t, m->info_at, frame, (size_t)m->info_size, err);
}

static void mp3_close(encode_task *t) { free(t->self); }

const encode_driver encode_mp3 = {
    .name = "mp3",
    .endings = "mp3",
    .open = mp3_open,
    .begin = mp3_begin,
    .piece = mp3_piece,
    .put = mp3_put,
    .finish = mp3_finish,
    .close = mp3_close,
};
