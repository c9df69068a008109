/* Any sound and tags into a file of any format: it is written whole, or refused with a message; what is lossless is read
 * back as it was. */
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sink/sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { RATE = 22050, TAG = 24 };

static void read_back(const char *path, const int16_t *samples, size_t frames)
{
    SF_INFO info = {0};
    SNDFILE *f = sf_open(path, SFM_READ, &info);
    int16_t *back = malloc((frames + 1) * sizeof *back);
    if (!f || (size_t)sf_readf_short(f, back, (sf_count_t)frames + 1) != frames ||
        memcmp(back, samples, frames * sizeof *back) != 0)
        abort();
    free(back);
    sf_close(f);
}

static void write_parts(nr_sink *sink, const int16_t *samples, size_t frames, size_t part, const char *path, bool lossless)
{
    nr_error err = {0};
    nr_status s = sink->driver->open(sink->self, RATE, &err);
    for (size_t at = 0; at < frames && !s; at += part)
        s = sink->driver->write(sink->self, samples + at, part < frames - at ? part : frames - at, &err);
    if (!s)
        s = sink->driver->finish(sink->self, &err);
    if (s && !err.msg[0])
        abort();
    if (!s && lossless && frames)
        read_back(path, samples, frames);
    if (s && access(path, F_OK) == 0)
        abort(); /* half a file */
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const formats[] = {"wav", "flac", "ogg", "opus", "mp3", "raw"};
    static char path[64];
    if (n < 2 + 2 * TAG)
        return 0;
    if (!path[0])
        snprintf(path, sizeof path, "/tmp/narrate-fuzz-sink-%ld", (long)getpid());
    char title[TAG + 1] = "", comment[TAG + 1] = "";
    memcpy(title, bytes + 2, TAG);
    memcpy(comment, bytes + 2 + TAG, TAG);
    size_t frames = (n - 2 - 2 * TAG) / sizeof(int16_t);
    int16_t *samples = malloc((frames + 1) * sizeof *samples);
    memcpy(samples, bytes + 2 + 2 * TAG, frames * sizeof *samples);
    unsigned format = bytes[0] % 6;
    nr_file_options how = {.format = formats[format], .overwrite = true, .title = title, .comment = comment, .date = title};
    nr_sink *sink = NULL;
    unlink(path);
    if (nr_sink_file(&sink, path, &how, NULL))
        abort();
    write_parts(sink, samples, frames, 1u + bytes[1], path, format < 2);
    nr_sink_free(sink);
    unlink(path);
    free(samples);
    return 0;
}
