#include "publish/probe.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#if NR_HAVE_MASTER
#include <ebur128.h>
#endif
#include <sndfile.h>

#include "base/error.h"

enum { BLOCK = 4096, ENTRIES_MOST = 100000 };

/* ---------------------------------------------------------------- loudness */

typedef struct probe_meter {
#if NR_HAVE_MASTER
    ebur128_state *state;
#endif
    int channels, rate;
} probe_meter;

bool probe_meter_add(probe_meter *m, const float *samples, size_t frames, int channels, int rate)
{
#if NR_HAVE_MASTER
    if (!m->state) {
        m->channels = channels;
        m->rate = rate;
        m->state = ebur128_init((unsigned)channels, (unsigned long)rate, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK);
    }
    return m->state && m->channels == channels && m->rate == rate && ebur128_add_frames_float(m->state, samples, frames) == EBUR128_SUCCESS;
#else
    (void)m;
    (void)samples;
    (void)frames;
    (void)channels;
    (void)rate;
    return true;
#endif
}

static void read_meter(probe_meter *m, probe *p)
{
    p->loudness = p->true_peak = NAN;
#if NR_HAVE_MASTER
    double most = 0, one;
    if (!m->state)
        return;
    ebur128_loudness_global(m->state, &p->loudness);
    for (int i = 0; i < m->channels; i++)
        if (ebur128_true_peak(m->state, (unsigned)i, &one) == EBUR128_SUCCESS && one > most)
            most = one;
    p->true_peak = 20 * log10(most);
    ebur128_destroy(&m->state);
#else
    (void)m;
#endif
}

/* ---------------------------------------------------------------- what is found */

static void *one_more(void *array, size_t count, size_t size)
{
    if (count >= ENTRIES_MOST)
        return NULL;
    return count & (count - 1) ? array : realloc(array, (count ? count * 2 : 1) * size);
}

bool probe_add_tag(probe *p, const char *name, const char *value)
{
    probe_tag *tags = one_more(p->tags, p->tag_count, sizeof *tags);
    if (!tags)
        return false;
    p->tags = tags;
    tags[p->tag_count] = (probe_tag){strdup(name), strdup(value)};
    return tags[p->tag_count].name && tags[p->tag_count++].value;
}

bool probe_add_chapter(probe *p, double start, double end, const char *title)
{
    probe_chapter *chapters = one_more(p->chapters, p->chapter_count, sizeof *chapters);
    if (!chapters)
        return false;
    p->chapters = chapters;
    chapters[p->chapter_count++] = (probe_chapter){start, end, title ? strdup(title) : NULL};
    return true;
}

void probe_free(probe *p)
{
    for (size_t i = 0; i < p->tag_count; i++) {
        free(p->tags[i].name);
        free(p->tags[i].value);
    }
    for (size_t i = 0; i < p->chapter_count; i++)
        free(p->chapters[i].title);
    free(p->tags);
    free(p->chapters);
    *p = (probe){0};
}

/* ---------------------------------------------------------------- libsndfile */

static void name_format(probe *p, int format)
{
    static const struct {
        int bits, mask;
        const char *name, *codec;
    } names[] = {{SF_FORMAT_OGG | SF_FORMAT_OPUS, ~0, "ogg", "opus"}, {SF_FORMAT_OGG, SF_FORMAT_TYPEMASK, "ogg", "vorbis"},
                 {SF_FORMAT_FLAC, SF_FORMAT_TYPEMASK, "flac", "flac"}, {SF_FORMAT_MPEG, SF_FORMAT_TYPEMASK, "mp3", "mp3"},
                 {SF_FORMAT_WAV, SF_FORMAT_TYPEMASK, "wav", "pcm"},   {SF_FORMAT_WAVEX, SF_FORMAT_TYPEMASK, "wav", "pcm"},
                 {SF_FORMAT_RF64, SF_FORMAT_TYPEMASK, "wav", "pcm"}};
    snprintf(p->format, sizeof p->format, "other");
    snprintf(p->codec, sizeof p->codec, "other");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if ((format & names[i].mask) == names[i].bits) {
            snprintf(p->format, sizeof p->format, "%s", names[i].name);
            snprintf(p->codec, sizeof p->codec, "%s", names[i].codec);
            return;
        }
    }
}

nr_status probe_by_sndfile(probe *p, const char *path, probe_meter *meter, nr_error *err)
{
    static const struct {
        int kind;
        const char *name;
    } tags[] = {{SF_STR_TITLE, "title"}, {SF_STR_ARTIST, "artist"}, {SF_STR_ALBUM, "album"}, {SF_STR_DATE, "date"},
                {SF_STR_COMMENT, "comment"}, {SF_STR_TRACKNUMBER, "track"}};
    SF_INFO info = {0};
    SNDFILE *f = sf_open(path, SFM_READ, &info);
    if (!f)
        return nr_fail(err, NR_EFORMAT, 0, "cannot read '%s' as sound: %s", path, sf_strerror(NULL));
    float *block = info.channels > 0 && info.channels <= 64 ? malloc(sizeof *block * BLOCK * (size_t)info.channels) : NULL;
    snprintf(p->decoder, sizeof p->decoder, "libsndfile");
    name_format(p, info.format & (SF_FORMAT_TYPEMASK | SF_FORMAT_SUBMASK));
    p->rate = info.samplerate;
    p->channels = info.channels;
    p->header_seconds = info.frames > 0 && info.frames < INT64_MAX / 2 ? (double)info.frames / info.samplerate : NAN;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (sf_get_string(f, tags[i].kind))
            probe_add_tag(p, tags[i].name, sf_get_string(f, tags[i].kind));
    for (sf_count_t n; block && (n = sf_readf_float(f, block, BLOCK)) > 0; p->frames += (uint64_t)n)
        p->damaged |= !probe_meter_add(meter, block, (size_t)n, info.channels, info.samplerate);
    p->damaged |= sf_error(f) != SF_ERR_NO_ERROR;
    free(block);
    sf_close(f);
    return block ? NR_OK : nr_fail(err, NR_EFORMAT, 0, "cannot read '%s': it has too many channels", path);
}

/* ---------------------------------------------------------------- opening */

nr_status probe_open(probe *out, const char *path, nr_error *err)
{
    probe_meter meter = {0};
    struct stat st;
    *out = (probe){.header_seconds = NAN, .loudness = NAN, .true_peak = NAN};
    if (stat(path, &st) < 0)
        return nr_fail(err, NR_EIO, errno, "cannot read '%s': %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return nr_fail(err, NR_EIO, 0, "cannot look at '%s': it is not a file", path);
    bool can = false;
    nr_status s = NR_OK;
#if NR_HAVE_AAC
    s = probe_by_av(out, path, &meter, &can, err);
#endif
    if (!s && !can)
        s = probe_by_sndfile(out, path, &meter, err);
    read_meter(&meter, out);
    out->bytes = (uint64_t)st.st_size;
    if (!s && (!out->frames || out->rate <= 0))
        s = nr_fail(err, NR_EFORMAT, 0, "there is no sound in '%s'", path);
    if (!s) {
        out->seconds = (double)out->frames / out->rate;
        if (out->bitrate <= 0)
            out->bitrate = (int)fmin(2e9, (double)out->bytes * 8 / out->seconds);
    }
    if (s)
        probe_free(out);
    return s;
}

/* ---------------------------------------------------------------- what services ask for */

typedef enum rule_kind { FORMAT, RATE, BITRATE, LOUDNESS, PEAK, LENGTH, SIZE, COVER } rule_kind;

/* Apple: "Audio requirements" and "Artwork requirements" for podcasters. Spotify: "Podcast Delivery Specification", and what
 * its page on loudness says of the level it plays at. These pages change; the man page says so. */
static const struct rule {
    const char *service, *name, *wanted;
    rule_kind kind;
    double low, high;
    bool advice;
} rules[] = {
    {"Apple Podcasts", "codec", "MP3 or AAC", FORMAT, 0, 0, false},
    {"Apple Podcasts", "sample rate", "44.1 or 48 kHz", RATE, 44100, 48000, true},
    {"Apple Podcasts", "bit rate", "64 to 320 kbit/s, 128 or more for two channels", BITRATE, 64000, 320000, true},
    {"Apple Podcasts", "loudness", "-16 LUFS, 1 more or less", LOUDNESS, -17, -15, true},
    {"Apple Podcasts", "true peak", "at most -1 dBTP", PEAK, -INFINITY, -1, true},
    {"Apple Podcasts", "cover", "square, 1400 to 3000 pixels", COVER, 1400, 3000, false},
    {"Spotify", "codec", "MP3 or AAC", FORMAT, 0, 0, false},
    {"Spotify", "sample rate", "44.1 or 48 kHz", RATE, 44100, 48000, true},
    {"Spotify", "bit rate", "96 to 320 kbit/s", BITRATE, 96000, 320000, false},
    {"Spotify", "loudness", "at most -14 LUFS", LOUDNESS, -70, -14, true},
    {"Spotify", "true peak", "at most -1 dBTP", PEAK, -INFINITY, -1, true},
    {"Spotify", "length", "at most 12 hours", LENGTH, 0, 12 * 3600, false},
    {"Spotify", "size", "at most 200 MB", SIZE, 0, 200e6, false},
    {"Spotify", "cover", "square, 640 to 10000 pixels", COVER, 640, 10000, false},
};

static double measure(const probe *p, rule_kind kind, char *value, size_t room)
{
    switch (kind) {
    case FORMAT: snprintf(value, room, "%s", p->codec); return 0;
    case RATE: snprintf(value, room, "%g kHz", p->rate / 1e3); return p->rate;
    case BITRATE: snprintf(value, room, "%.0f kbit/s", p->bitrate / 1e3); return round(p->bitrate / 1e3) * 1e3;
    case LOUDNESS: snprintf(value, room, "%.1f LUFS", p->loudness); return p->loudness;
    case PEAK: snprintf(value, room, "%.1f dBTP", p->true_peak); return round(p->true_peak * 10) / 10;
    case LENGTH: snprintf(value, room, "%.0f s", p->seconds); return p->seconds;
    case SIZE: snprintf(value, room, "%.1f MB", (double)p->bytes / 1e6); return (double)p->bytes;
    case COVER: snprintf(value, room, "%d x %d", p->cover_width, p->cover_height); return p->cover_width;
    }
    return NAN;
}

static bool meets(const probe *p, const struct rule *r, double value)
{
    double low = r->kind == BITRATE && p->channels > 1 && r->low < 128000 ? 128000 : r->low;
    if (r->kind == FORMAT)
        return strcmp(p->codec, "mp3") == 0 || strcmp(p->codec, "aac") == 0;
    if (r->kind == RATE)
        return value == low || value == r->high;
    return value >= low && value <= r->high && (r->kind != COVER || p->cover_width == p->cover_height);
}

bool probe_judge(const probe *p, size_t index, probe_rule *out)
{
    if (index >= sizeof rules / sizeof *rules)
        return false;
    const struct rule *r = &rules[index];
    *out = (probe_rule){.service = r->service, .name = r->name, .wanted = r->wanted, .advice = r->advice};
    double value = measure(p, r->kind, out->value, sizeof out->value);
    bool unknown = isnan(value) || (r->kind == COVER && !p->cover_width);
    if (unknown)
        snprintf(out->value, sizeof out->value, r->kind == COVER ? p->cover[0] ? "of unknown size" : "not in the file" : "not measured");
    out->state = unknown ? PROBE_UNKNOWN : meets(p, r, value) ? PROBE_MET : PROBE_NOT_MET;
    return true;
}
