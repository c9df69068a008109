/* Sound files, by libsndfile over our own output. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ogg/ogg.h>
#include <sndfile.h>
#include <soxr.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/output.h"
#include "base/utf8.h"
#include "sink/sink.h"

enum { HEAD_MAX = 1 << 20, PAGE_MAX = 1 << 17, OGG_SERIAL = 0x6E617272, BLOCK = 8192 };

#define WAV_MOST ((sf_count_t)UINT32_MAX - (1 << 20)) /* bytes; what is written behind the sound is far smaller */

typedef struct file_format {
    const char *name, *endings; /* endings separated by spaces */
    int sndfile;                /* 0: no header, no library */
    int rate;                   /* that the codec wants; 0: any */
} file_format;

/* Speech of the voices at hand ends below 12 kHz, so Opus at 24 kHz (its super-wideband) loses nothing and encodes
 * faster than at 48. */
static const file_format formats[] = {
    {"wav", "wav wave", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 0},
    {"flac", "flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 0},
    {"ogg", "ogg oga", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 0},
    {"opus", "opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, 24000},
    {"mp3", "mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 0},
    {"raw", "raw pcm", 0, 0},
};
enum { FORMATS = sizeof formats / sizeof *formats };
#define FORMAT_NAMES "wav, flac, ogg, opus, mp3, raw"

typedef struct file_sink {
    nr_output output;
    const file_format *format;
    char *title, *author, *date, *comment, *album, *track;
    SNDFILE *sound;
    soxr_t resampler;
    int rate;  /* of the file */
    bool rf64; /* a WAV that has outgrown RIFF */
    bool finished;
    /* Virtual I/O: where libsndfile believes it is, and how far it has written. */
    sf_count_t at, length;
    bool streaming;  /* the output cannot go back */
    bool head_held;  /* streaming: the header is still being rewritten in `head` */
    nr_buffer head;
    nr_buffer page;  /* of Ogg, until it is whole */
    nr_error error;  /* the first one of the output */
} file_sink;

/* ---------------------------------------------------------------- virtual I/O */

static sf_count_t io_length(void *self) { return ((file_sink *)self)->length; }

static sf_count_t io_tell(void *self) { return ((file_sink *)self)->at; }

static sf_count_t io_read(void *bytes, sf_count_t n, void *self)
{
    file_sink *f = self;
    if (f->streaming || f->at >= f->length)
        return 0;
    ssize_t got = pread(f->output.fd, bytes, (size_t)n, f->at);
    if (got > 0)
        f->at += got;
    return got > 0 ? got : 0;
}

static sf_count_t io_seek(sf_count_t offset, int whence, void *self)
{
    file_sink *f = self;
    f->at = whence == SEEK_SET ? offset : whence == SEEK_CUR ? f->at + offset : f->length + offset;
    return f->at;
}

static bool put_out(file_sink *f, const void *bytes, size_t n)
{
    return !f->error.status && nr_output_write(&f->output, bytes, n, &f->error) == NR_OK;
}

/* The header of a stream: libsndfile writes it again when tags have come, until the first sample. */
static bool hold_head(file_sink *f, const void *bytes, size_t n)
{
    size_t end = (size_t)f->at + n;
    if (end > f->head.n) {
        if (nr_buffer_reserve(&f->head, end - f->head.n))
            return false;
        f->head.n = end;
    }
    memcpy(f->head.p + f->at, bytes, n);
    return true;
}

/* libsndfile numbers Ogg streams by chance. A stream of ours is always the same, so its number is too. Pages come header
 * first, then body. */
static bool put_page(file_sink *f, const void *bytes, size_t n)
{
    if (nr_buffer_put(&f->page, bytes, n))
        return false;
    unsigned char *p = (unsigned char *)f->page.p;
    while (f->page.n >= 27 && f->page.n >= 27u + p[26]) {
        size_t head = 27u + p[26], body = 0;
        for (size_t i = 27; i < head; i++)
            body += p[i];
        if (f->page.n < head + body)
            break;
        ogg_page page = {p, (long)head, p + head, (long)body};
        for (int i = 0; i < 4; i++)
            p[14 + i] = (unsigned char)((unsigned)OGG_SERIAL >> (8 * i));
        ogg_page_checksum_set(&page);
        if (!put_out(f, p, head + body))
            return false;
        memmove(p, p + head + body, f->page.n - head - body);
        nr_buffer_truncate(&f->page, f->page.n - head - body);
    }
    return true;
}

static bool is_ogg(const file_sink *f) { return (f->format->sndfile & SF_FORMAT_TYPEMASK) == SF_FORMAT_OGG; }

static bool write_at(file_sink *f, const void *bytes, size_t n)
{
    if (f->head_held)
        return hold_head(f, bytes, n);
    if (f->at == f->length)
        return is_ogg(f) ? put_page(f, bytes, n) : put_out(f, bytes, n);
    if (f->streaming)
        return true; /* the sizes in a header that is long gone */
    if (f->error.status || lseek(f->output.fd, f->at, SEEK_SET) < 0 || !put_out(f, bytes, n))
        return false;
    return lseek(f->output.fd, 0, SEEK_END) >= 0;
}

static sf_count_t io_write(const void *bytes, sf_count_t n, void *self)
{
    file_sink *f = self;
    /* libsndfile is told that all went well, and the error kept: on a failed write it leaks. */
    if (!write_at(f, bytes, (size_t)n) && !f->error.status)
        nr_fail_memory(&f->error);
    f->at += n;
    if (f->at > f->length)
        f->length = f->at;
    return n;
}

/* The stream's first bytes, with sizes that mean "to the end", as players expect of a WAV that comes through a pipe. */
static bool release_head(file_sink *f)
{
    f->head_held = false;
    unsigned char *p = (unsigned char *)f->head.p;
    if (f->head.n >= 12 && memcmp(p, "RIFF", 4) == 0) {
        memset(p + 4, 0xFF, 4);
        for (size_t i = 12; i + 8 <= f->head.n;) {
            uint32_t size = p[i + 4] | p[i + 5] << 8 | p[i + 6] << 16 | (uint32_t)p[i + 7] << 24;
            if (memcmp(p + i, "data", 4) == 0) {
                memset(p + i + 4, 0xFF, 4);
                break;
            }
            i += 8 + (size_t)size + (size & 1);
        }
    }
    bool good = f->head.n == 0 || put_out(f, f->head.p, f->head.n);
    nr_buffer_free(&f->head);
    return good;
}

/* ---------------------------------------------------------------- the driver */

static nr_status fail_sound(file_sink *f, const char *what, nr_error *err)
{
    if (f->error.status) {
        if (err)
            *err = f->error;
        return f->error.status;
    }
    return nr_fail(err, NR_EFORMAT, 0, "cannot %s '%s' as %s: %s", what, f->output.path, f->format->name,
                   sf_strerror(f->sound));
}

static void set_tags(file_sink *f)
{
    const struct {
        int kind;
        const char *value;
    } tags[] = {{SF_STR_TITLE, f->title}, {SF_STR_ARTIST, f->author}, {SF_STR_DATE, f->date}, {SF_STR_COMMENT, f->comment},
                {SF_STR_ALBUM, f->album},  {SF_STR_TRACKNUMBER, f->track}};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (tags[i].value && *tags[i].value)
            sf_set_string(f->sound, tags[i].kind, tags[i].value);
}

static nr_status start_sound(file_sink *f, int kind, int rate, nr_error *err)
{
    SF_INFO info = {.samplerate = rate, .channels = 1, .format = kind};
    SF_VIRTUAL_IO io = {io_length, io_seek, io_read, io_write, io_tell};
    f->at = f->length = 0;
    f->rate = rate;
    f->sound = sf_open_virtual(&io, SFM_WRITE, &info, f);
    if (!f->sound || f->error.status)
        return fail_sound(f, "start", err);
    set_tags(f);
    return NR_OK;
}

static nr_status file_open(void *self, int sample_rate, nr_error *err)
{
    file_sink *f = self;
    if (f->finished || f->sound)
        return nr_fail(err, NR_EINVAL, 0, "'%s' cannot be written twice", f->output.path);
    if (!f->format->sndfile)
        return NR_OK;
    f->streaming = !f->output.seekable;
    f->head_held = f->streaming && !is_ogg(f);
    int rate = f->format->rate ? f->format->rate : sample_rate;
    nr_status s = start_sound(f, f->format->sndfile, rate, err);
    if (s)
        return s;
    if (rate != sample_rate) {
        soxr_io_spec_t samples = soxr_io_spec(SOXR_INT16_I, SOXR_INT16_I);
        samples.flags = SOXR_NO_DITHER; /* it is seeded by chance */
        f->resampler = soxr_create(sample_rate, rate, 1, NULL, &samples, NULL, NULL);
        if (!f->resampler)
            return nr_fail_memory(err);
    }
    return NR_OK;
}

static nr_status copy_sound(file_sink *f, SNDFILE *from, nr_error *err)
{
    int16_t samples[BLOCK];
    for (sf_count_t n; (n = sf_readf_short(from, samples, BLOCK)) > 0;)
        if (sf_writef_short(f->sound, samples, n) != n || f->error.status)
            return fail_sound(f, "write", err);
    return NR_OK;
}

/* RIFF ends at 4 GiB. What does not fit becomes RF64, by copying it once; all other files stay the WAV that every
 * program reads. */
static nr_status outgrow_wav(file_sink *f, nr_error *err)
{
    nr_output small = f->output, large;
    int failed = sf_close(f->sound);
    f->sound = NULL;
    if (failed || f->error.status)
        return fail_sound(f, "write", err);
    nr_status s = nr_output_open_again(&large, &small, err);
    if (s)
        return s;
    f->output = large;
    f->rf64 = true;
    SF_INFO info = {0};
    SNDFILE *from = lseek(small.fd, 0, SEEK_SET) == 0 ? sf_open_fd(small.fd, SFM_READ, &info, SF_FALSE) : NULL;
    s = from ? start_sound(f, SF_FORMAT_RF64 | SF_FORMAT_PCM_16, f->rate, err)
             : nr_fail(err, NR_EIO, errno, "cannot read back '%s', which has grown past 4 GiB", f->output.path);
    if (!s)
        s = copy_sound(f, from, err);
    if (from)
        sf_close(from);
    nr_output_close(&small);
    return s;
}

static bool outgrows_wav(const file_sink *f, size_t frames)
{
    return !f->rf64 && !f->streaming && (f->format->sndfile & SF_FORMAT_TYPEMASK) == SF_FORMAT_WAV &&
           f->length + (sf_count_t)(frames * sizeof(int16_t)) > WAV_MOST;
}

static nr_status encode(file_sink *f, const int16_t *samples, size_t frames, nr_error *err)
{
    nr_status s = outgrows_wav(f, frames) ? outgrow_wav(f, err) : NR_OK;
    if (s)
        return s;
    if (frames && sf_writef_short(f->sound, samples, (sf_count_t)frames) != (sf_count_t)frames)
        return fail_sound(f, "write", err);
    if (f->head_held && !release_head(f))
        return fail_sound(f, "write", err);
    return f->error.status ? fail_sound(f, "write", err) : NR_OK;
}

/* samples NULL: what the resampler still holds. */
static nr_status resample(file_sink *f, const int16_t *samples, size_t frames, nr_error *err)
{
    int16_t out[BLOCK];
    for (;;) {
        size_t used = 0, made = 0;
        if (soxr_process(f->resampler, samples, frames, &used, out, BLOCK, &made))
            return nr_fail(err, NR_EFORMAT, 0, "cannot resample the sound of '%s'", f->output.path);
        nr_status s = encode(f, out, made, err);
        if (s)
            return s;
        if (samples) {
            samples += used;
            frames -= used;
        }
        if (samples ? frames == 0 : made == 0)
            return NR_OK;
    }
}

static nr_status file_write(void *self, const int16_t *samples, size_t frames, nr_error *err)
{
    file_sink *f = self;
    if (!f->format->sndfile)
        return nr_output_write(&f->output, samples, frames * sizeof *samples, err);
    return f->resampler ? resample(f, samples, frames, err) : encode(f, samples, frames, err);
}

static nr_status file_finish(void *self, nr_error *err)
{
    file_sink *f = self;
    nr_status s = f->resampler ? resample(f, NULL, 0, err) : NR_OK;
    f->finished = true;
    if (!s && f->head_held)
        s = encode(f, NULL, 0, err);
    if (f->sound) {
        int failed = sf_close(f->sound);
        f->sound = NULL;
        if (!s && f->error.status)
            s = fail_sound(f, "write", err);
        else if (!s && failed)
            s = nr_fail(err, NR_EFORMAT, 0, "cannot finish '%s': %s", f->output.path, sf_error_number(failed));
    }
    return s ? s : nr_output_commit(&f->output, err);
}

static void file_hold(void *self, nr_output_set *set) { nr_output_hold(&((file_sink *)self)->output, set); }

static void file_close(void *self)
{
    file_sink *f = self;
    if (f->sound)
        sf_close(f->sound);
    soxr_delete(f->resampler);
    nr_output_close(&f->output);
    nr_buffer_free(&f->head);
    nr_buffer_free(&f->page);
    free(f->title);
    free(f->author);
    free(f->date);
    free(f->comment);
    free(f->album);
    free(f->track);
    free(f);
}

static const nr_sink_driver driver = {
    .name = "file",
    .open = file_open,
    .write = file_write,
    .finish = file_finish,
    .close = file_close,
    .hold = file_hold,
};

/* ---------------------------------------------------------------- making one */

static bool has_word(const char *words, nr_view word)
{
    for (const char *p = words; *p; p += strcspn(p, " "), p += *p == ' ')
        if (nr_view_eq_nocase((nr_view){p, strcspn(p, " ")}, word))
            return true;
    return false;
}

static const file_format *find_format(nr_view name)
{
    for (int i = 0; i < FORMATS; i++)
        if (name.n && has_word(formats[i].endings, name))
            return &formats[i];
    return NULL;
}

static nr_status choose_format(const file_format **out, const char *path, const char *wanted, nr_error *err)
{
    if (wanted) {
        *out = find_format(nr_view_of(wanted));
        return *out ? NR_OK : nr_fail(err, NR_EINVAL, 0, "there is no format '%s'; there are " FORMAT_NAMES, wanted);
    }
    if (strcmp(path, "-") == 0)
        return nr_fail(err, NR_EINVAL, 0, "standard output has no ending: name the format with --format (" FORMAT_NAMES ")");
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
    *out = dot ? find_format(nr_view_of(dot + 1)) : NULL;
    return *out ? NR_OK
                : nr_fail(err, NR_EINVAL, 0, "the ending of '%s' names no format: use one of " FORMAT_NAMES ", or --format", path);
}

/* In valid UTF-8: libsndfile reads stray memory when libFLAC refuses a tag. */
static char *copy(const char *s)
{
    size_t n = s ? strlen(s) : 0, to = 0;
    char *out = s ? malloc(3 * n + 1) : NULL; /* a bad byte becomes the three of U+FFFD */
    if (!out)
        return NULL;
    for (const char *p = s, *end = s + n; p < end;) {
        int length;
        to += nr_utf8_encode(out + to, nr_utf8_decode(p, end, &length));
        p += length;
    }
    out[to] = '\0';
    return out;
}

nr_status nr_sink_file(nr_sink **out, const char *path, const nr_file_options *opt, nr_error *err)
{
    nr_file_options usual = {0};
    if (!opt)
        opt = &usual;
    const file_format *format;
    nr_status s = choose_format(&format, path, opt->format, err);
    if (s)
        return s;
    file_sink *f = calloc(1, sizeof *f);
    if (!f)
        return nr_fail_memory(err);
    f->format = format;
    f->head = NR_BUFFER_INIT(HEAD_MAX);
    f->page = NR_BUFFER_INIT(PAGE_MAX);
    s = nr_output_open(&f->output, path, opt->overwrite, err);
    if (s) {
        free(f);
        return s;
    }
    f->title = copy(opt->title);
    f->author = copy(opt->author);
    f->date = copy(opt->date);
    f->comment = copy(opt->comment);
    f->album = copy(opt->album);
    f->track = copy(opt->track);
    return nr_sink_wrap(out, &driver, f, err);
}
