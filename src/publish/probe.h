/* probe.h - what a sound file holds: decoded to its end by libavcodec where that is installed, else by libsndfile. */
#ifndef NR_PUBLISH_PROBE_H
#define NR_PUBLISH_PROBE_H

#include "narrate.h"

struct probe_meter;

typedef struct probe_tag {
    char *name, *value;
} probe_tag;

typedef struct probe_chapter {
    double start, end; /* seconds */
    char *title;       /* NULL: none */
} probe_chapter;

typedef struct probe {
    char format[32], codec[32], decoder[32];
    int rate, channels, bitrate; /* bits a second, of the sound, or of the whole file where it does not tell */
    uint64_t frames, bytes;
    double seconds;              /* decoded */
    double header_seconds;       /* NAN: it does not tell */
    double loudness, true_peak;  /* LUFS, dBTP; NAN: not measured, -INFINITY: silence */
    bool damaged;                /* something could not be decoded */
    probe_tag *tags;
    size_t tag_count;
    probe_chapter *chapters;
    size_t chapter_count;
    char cover[32]; /* "image/jpeg"; "": none */
    int cover_width, cover_height;
    uint64_t cover_bytes;
} probe;

/* NR_EFORMAT for what is no sound. */
nr_status probe_open(probe *out, const char *path, nr_error *err);
void probe_free(probe *p);

/* What a service asks of an episode, as it is known here, and whether the file meets it. false past the last. */
typedef struct probe_rule {
    const char *service, *name, *wanted; /* "Spotify", "bit rate", "96 to 320 kbit/s" */
    bool advice; /* it takes other files, too */
    char value[64];
    enum { PROBE_MET, PROBE_NOT_MET, PROBE_UNKNOWN } state;
} probe_rule;
bool probe_judge(const probe *p, size_t index, probe_rule *out);

/* ---------------------------------------------------------------- for the decoders */

nr_status probe_by_av(probe *p, const char *path, struct probe_meter *meter, bool *can, nr_error *err);
nr_status probe_by_sndfile(probe *p, const char *path, struct probe_meter *meter, nr_error *err);
bool probe_add_tag(probe *p, const char *name, const char *value);
bool probe_add_chapter(probe *p, double start, double end, const char *title);
/* Interleaved samples. */
bool probe_meter_add(struct probe_meter *m, const float *samples, size_t frames, int channels, int rate);

#endif
