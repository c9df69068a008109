/* assemble.h - the sounds of one production: narration, intro, outro, what stands between articles; measured as they come,
 * then put one after the other and mastered. */
#ifndef NR_PUBLISH_ASSEMBLE_H
#define NR_PUBLISH_ASSEMBLE_H

#include "publish/dynamics.h"
#include "publish/loudness.h"
#include "publish/master.h"
#include "publish/produce.h"

enum { JINGLE_INTRO, JINGLE_BETWEEN, JINGLE_OUTRO, JINGLES };

typedef struct assembly {
    const publish_job *job;
    const master_preset *preset;
    recording narration;
    uint64_t *starts;   /* of each article, frames of the narration */
    recording jingles[JINGLES]; /* at the finished sound's rate */
    int rate;           /* of the finished sound: with jingles the files', so that music keeps what is above the voice */
    double jingle_lufs[JINGLES];
    highpass highpass;
    loudness_meter meter;
    bool needed;        /* there is more to do than to write the narration as it is */
    bool measures;
} assembly;

/* Reads the jingles. voice_rate: the narration's; file_rate: the highest of the files', or 0. *a is to be closed by the caller
 * in any case. */
nr_status assembly_open(assembly *a, const publish_job *job, int voice_rate, int file_rate, nr_error *err);
void assembly_close(assembly *a);

/* The narration's sound, in order. An article begins where the last one ended, after a pause or the sound between articles;
 * *frame is where in frames of the narration, the sound between articles counted in, trimming and intro not. */
nr_status assembly_begin(assembly *a, size_t article, uint64_t *frame, nr_error *err);
nr_status assembly_write(assembly *a, const int16_t *samples, size_t frames, nr_error *err);
uint64_t assembly_frame(const assembly *a, size_t article);

/* Masters; a->narration is the finished sound then, and *moved how much later things are in it, in its frames. headroom: dB that peaks are to
 * stay below job->master.true_peak. */
nr_status assembly_finish(assembly *a, double headroom, const volatile int *cancel, void (*progress)(void *, double), void *ctx,
                          int64_t *moved, double *loudness, nr_error *err);

#endif
