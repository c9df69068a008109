#include "publish/jingle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sndfile.h>

#include "base/error.h"
#include "publish/resample.h"

enum { BLOCK = 4096, MOST_CHANNELS = 64, LEAST_RATE = 1000, MOST_RATE = 768000 };

typedef struct jingle {
    const char *path;
    SNDFILE *file;
    SF_INFO info;
    resample resampler;
    float *frames; /* as they are in the file */
    nr_error *err;
} jingle;

static nr_status open_file(jingle *j)
{
    struct stat st;
    int fd = open(j->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        int sys = fd < 0 ? errno : S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
        if (fd >= 0)
            close(fd);
        return nr_fail(j->err, NR_EIO, sys, "cannot read the sound '%s': %s", j->path,
                       sys == EINVAL ? "it is not a regular file" : strerror(sys));
    }
    j->file = sf_open_fd(fd, SFM_READ, &j->info, SF_TRUE);
    return j->file ? NR_OK
                   : nr_fail(j->err, NR_EFORMAT, 0, "cannot read the sound '%s': %s; use WAV, FLAC, Ogg, Opus, MP3 or AIFF",
                             j->path, sf_strerror(NULL));
}

static nr_status check(const jingle *j)
{
    const SF_INFO *i = &j->info;
    if (i->channels < 1 || i->channels > MOST_CHANNELS || i->samplerate < LEAST_RATE || i->samplerate > MOST_RATE)
        return nr_fail(j->err, NR_EFORMAT, 0, "cannot use the sound '%s': %d channels at %d Hz", j->path, i->channels, i->samplerate);
    if (i->frames <= 0)
        return nr_fail(j->err, NR_EFORMAT, 0, "there is no sound in '%s'", j->path);
    if (i->frames / i->samplerate >= JINGLE_MOST)
        return nr_fail(j->err, NR_ELIMIT, 0, "the sound '%s' is longer than %d minutes; name a shorter one", j->path,
                       JINGLE_MOST / 60);
    return NR_OK;
}

/* Frames of many channels to one, in place. What is no number is silence. */
static void mix(float *frames, size_t n, int channels)
{
    for (size_t i = 0; i < n; i++) {
        float sum = 0;
        for (int c = 0; c < channels; c++)
            sum += frames[i * (size_t)channels + (size_t)c];
        sum /= (float)channels;
        frames[i] = sum > -8 && sum < 8 ? sum : 0;
    }
}

static nr_status copy(jingle *j, const recording *out)
{
    sf_count_t most = (sf_count_t)JINGLE_MOST * j->info.samplerate, got; /* whatever the header says */
    nr_status s = NR_OK;
    while (!s && most > 0 && (got = sf_readf_float(j->file, j->frames, BLOCK)) > 0) {
        mix(j->frames, (size_t)got, j->info.channels);
        s = resample_put(&j->resampler, j->frames, (size_t)got, j->err);
        most -= got;
    }
    if (!s)
        s = resample_put(&j->resampler, NULL, 0, j->err);
    if (!s && out->frames == 0)
        s = nr_fail(j->err, NR_EFORMAT, 0, "there is no sound in '%s'", j->path);
    return s;
}

nr_status jingle_read(recording *out, const char *path, const char *beside, int rate, nr_error *err)
{
    jingle j = {.path = path, .err = err};
    *out = (recording){.fd = -1};
    nr_status s = open_file(&j);
    if (!s)
        s = check(&j);
    if (!s)
        s = recording_open(out, beside, rate, err);
    if (!s)
        s = resample_open(&j.resampler, out, j.info.samplerate, err);
    if (!s) {
        j.frames = malloc(BLOCK * (size_t)j.info.channels * sizeof *j.frames);
        s = j.frames ? copy(&j, out) : nr_fail_memory(err);
    }
    resample_close(&j.resampler);
    free(j.frames);
    if (j.file)
        sf_close(j.file);
    return s;
}
