/* What libsndfile writes, by the library's own sink: WAV, raw samples, and, where this build has no encoder of its own for
 * them, the other formats. In one piece. */
#include "base/error.h"
#include "publish/encode.h"

enum { BLOCK = 4096 };

static nr_status plain_open(encode_task *t, nr_error *err)
{
    nr_sink *sink = NULL;
    nr_file_options how = {.format = t->driver->name,
                           .overwrite = t->job->overwrite,
                           .title = t->tags[TAG_TITLE],
                           .author = t->tags[TAG_AUTHOR],
                           .date = t->tags[TAG_DATE],
                           .comment = t->tags[TAG_COMMENT],
                           .album = t->tags[TAG_ALBUM],
                           .track = t->tags[TAG_TRACK]};
    if (t->rate && (t->rate < 4000 || t->rate > 192000))
        return nr_fail(err, NR_EINVAL, 0, "cannot write '%s' at %d Hz: %s takes 4000 to 192000 Hz", t->file->path, t->rate,
                       t->driver->name);
    if (t->bitrate)
        return nr_fail(err, NR_EINVAL, 0, "the %s of '%s' takes no bit rate", t->driver->name, t->file->path);
    nr_status s = nr_sink_file(&sink, t->file->path, &how, err);
    t->self = sink;
    return s;
}

static nr_status plain_begin(encode_task *t, nr_error *err)
{
    t->pieces = 1;
    return nr_sink_open(t->self, t->rate, err);
}

static nr_status plain_piece(const encode_task *t, size_t index, nr_buffer *out, nr_error *err)
{
    (void)index;
    (void)out;
    encode_source from;
    float block[BLOCK];
    int16_t samples[BLOCK];
    nr_status s = encode_source_open(&from, t, 0, err);
    for (uint64_t at = 0; at < t->frames && !s;) {
        size_t n = t->frames - at < BLOCK ? (size_t)(t->frames - at) : BLOCK;
        s = encode_source_read(&from, block, n, err);
        for (size_t i = 0; i < n && !s; i++)
            samples[i] = encode_sample(block[i]);
        if (!s)
            s = nr_sink_write(t->self, samples, n, err);
        at += n;
    }
    encode_source_close(&from);
    return s;
}

static nr_status plain_finish(encode_task *t, nr_error *err) { return nr_sink_finish(t->self, err); }

static void plain_close(encode_task *t) { nr_sink_free(t->self); }

#define PLAIN(format, ends)                                                                                            \
    const encode_driver encode_##format = {.name = #format,                                                            \
                                           .endings = ends,                                                            \
                                           .own_output = true,                                                         \
                                           .open = plain_open,                                                         \
                                           .begin = plain_begin,                                                       \
                                           .piece = plain_piece,                                                       \
                                           .finish = plain_finish,                                                     \
                                           .close = plain_close}
PLAIN(wav, "wav wave");
PLAIN(raw, "raw pcm");
#if !NR_HAVE_CODECS
PLAIN(flac, "flac");
PLAIN(ogg, "ogg oga");
PLAIN(opus, "opus");
PLAIN(mp3, "mp3");
#endif
