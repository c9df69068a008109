/* master.h - recordings in, one finished sound out: put together, compressed, brought to a loudness, its peaks limited.
 *
 * Works in pieces of a set length on all cores, in two temporary files' room and a few megabytes a thread; the result does
 * not depend on the number of threads. Gain is found on a sample of the sound, with what the limiter takes off, then
 * checked on all of it while it is written, and the writing done again where that was too far off. */
#ifndef NR_PUBLISH_MASTER_H
#define NR_PUBLISH_MASTER_H

#include "publish/recording.h"

/* A stretch of the sound to be made. */
typedef struct master_clip {
    const recording *sound; /* NULL: silence */
    uint64_t from, frames;
    double gain;            /* a factor */
    uint32_t fade_in, fade_out; /* frames, together at most `frames` */
} master_clip;

typedef struct master_plan {
    const master_clip *clips; /* whose gains bring them to `loudness`, each on its own */
    size_t clip_count;
    double loudness;   /* LUFS, NAN: as it comes, nothing is limited */
    double true_peak;  /* dBTP */
    double compress;   /* NAN: no compressor; else the loudness (LUFS) of what it gets */
    int threads;       /* 0: as many as there are processors */
    const volatile int *cancel;
    void *ctx;
    void (*progress)(void *ctx, double share); /* or NULL; on the caller's thread */
} master_plan;

/* A preset's settings. */
typedef struct master_preset {
    const char *name;
    double highpass;          /* Hz; 0: none */
    bool compress;
    double loudness, true_peak; /* where nothing else is asked for; NAN: as it comes, or -1 dBTP */
    double lead_ms, tail_ms;  /* < 0: as it comes */
    int rate, mp3_bitrate, aac_bitrate; /* of files where nothing else is asked for; 0: what is usual for speech */
} master_preset;
/* NULL is "none"; NULL is returned for a name that is none. */
const master_preset *master_preset_find(const char *name);

/* out is open and empty. *loudness is measured on what was written; NAN where the plan has none. */
nr_status master_run(const master_plan *plan, recording *out, double *loudness, nr_error *err);

#endif
