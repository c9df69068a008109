/* Sinks: every format read back, files whole or not at all, streams, tees, marks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/output.h"
#include "sink/sink.h"

enum { RATE = 22050, FRAMES = 3 * RATE };

static char folder[64];
static int16_t tone[FRAMES];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/narrate-sink-XXXXXX");
    for (int i = 0; i < FRAMES; i++)
        tone[i] = (int16_t)lrint(8000 * sin(i * 440.0 * 2 * 3.14159265358979 / RATE));
    return mkdtemp(folder) ? 0 : -1;
}

static int entries(void)
{
    int n = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e; (e = readdir(d));)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(d);
    return n;
}

static int empty_folder(void **state)
{
    (void)state;
    char path[400];
    DIR *d = opendir(folder);
    for (struct dirent *e; (e = readdir(d));) {
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        remove(path);
    }
    closedir(d);
    return 0;
}

static int remove_folder(void **state)
{
    empty_folder(state);
    return rmdir(folder);
}

static const char *in_folder(const char *name)
{
    static char path[400];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static nr_status fill(nr_sink *sink, const int16_t *samples, size_t frames, nr_error *err)
{
    nr_status s = sink->driver->open(sink->self, RATE, err);
    for (size_t at = 0; !s && at < frames; at += 1000)
        s = sink->driver->write(sink->self, samples + at, frames - at < 1000 ? frames - at : 1000, err);
    return s ? s : sink->driver->finish(sink->self, err);
}

static void write_file(const char *path, const nr_file_options *opt)
{
    nr_sink *sink = NULL;
    nr_error err = {0};
    if (nr_sink_file(&sink, path, opt, &err) || fill(sink, tone, FRAMES, &err))
        fail_msg("%s: %s", path, err.msg);
    nr_sink_free(sink);
}

static double loudness(const int16_t *samples, size_t n) /* root mean square */
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)samples[i] * samples[i];
    return sqrt(sum / (double)n);
}

static void every_format_reads_back(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int rate;
        int slack; /* frames that a lossy codec may add */
        bool exact;
    } formats[] = {{"a.wav", RATE, 0, true}, {"a.flac", RATE, 0, true}, {"a.ogg", RATE, 0, false},
                   {"a.opus", 24000, 1, false}, {"a.mp3", RATE, 2400, false}};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        nr_file_options opt = {.title = "A title", .author = "An author", .comment = "https://news.example/a"};
        write_file(in_folder(formats[i].name), &opt);
        SF_INFO info = {0};
        SNDFILE *f = sf_open(in_folder(formats[i].name), SFM_READ, &info);
        assert_non_null(f);
        assert_int_equal(info.channels, 1);
        assert_int_equal(info.samplerate, formats[i].rate);
        double expected = (double)FRAMES * formats[i].rate / RATE;
        assert_true(fabs((double)info.frames - expected) <= formats[i].slack);
        int16_t *back = calloc((size_t)info.frames, sizeof *back);
        assert_int_equal(sf_readf_short(f, back, info.frames), info.frames);
        if (formats[i].exact)
            assert_memory_equal(back, tone, sizeof tone);
        assert_true(fabs(loudness(back, (size_t)info.frames) - loudness(tone, FRAMES)) < 300);
        assert_string_equal(sf_get_string(f, SF_STR_TITLE), "A title");
        assert_string_equal(sf_get_string(f, SF_STR_ARTIST), "An author");
        sf_close(f);
        free(back);
    }
    assert_int_equal(entries(), 5);
}

static void a_small_wav_is_plain_wav(void **state)
{
    (void)state;
    nr_buffer b = NR_BUFFER_INIT(1 << 20);
    write_file(in_folder("a.wav"), NULL);
    assert_int_equal(nr_file_read(in_folder("a.wav"), &b, NULL), NR_OK);
    assert_memory_equal(b.p, "RIFF", 4);
    uint32_t size;
    memcpy(&size, b.p + 4, 4);
    assert_int_equal(size, b.n - 8);
    nr_buffer_free(&b);
}

static void the_same_sound_gives_the_same_bytes(void **state)
{
    (void)state;
    static const char *const names[] = {"a.wav", "a.flac", "a.ogg", "a.opus", "a.mp3"};
    for (size_t i = 0; i < 5; i++) {
        nr_buffer first = NR_BUFFER_INIT(1 << 20), second = NR_BUFFER_INIT(1 << 20);
        nr_file_options again = {.overwrite = true};
        write_file(in_folder(names[i]), &again);
        assert_int_equal(nr_file_read(in_folder(names[i]), &first, NULL), NR_OK);
        sleep(1); /* another second on the clock */
        write_file(in_folder(names[i]), &again);
        assert_int_equal(nr_file_read(in_folder(names[i]), &second, NULL), NR_OK);
        assert_int_equal(first.n, second.n);
        assert_memory_equal(first.p, second.p, first.n);
        nr_buffer_free(&first);
        nr_buffer_free(&second);
    }
}

static void a_file_appears_whole_or_not_at_all(void **state)
{
    (void)state;
    nr_sink *sink = NULL;
    nr_error err = {0};
    assert_int_equal(nr_sink_file(&sink, in_folder("a.flac"), NULL, &err), NR_OK);
    assert_int_equal(sink->driver->open(sink->self, RATE, &err), NR_OK);
    assert_int_equal(sink->driver->write(sink->self, tone, FRAMES, &err), NR_OK);
    assert_int_equal(access(in_folder("a.flac"), F_OK), -1);
    nr_sink_free(sink); /* not finished */
    assert_int_equal(entries(), 0);
}

static void existing_files_are_kept_unless_asked(void **state)
{
    (void)state;
    nr_sink *sink = NULL;
    nr_error err = {0};
    write_file(in_folder("a.wav"), NULL);
    assert_int_equal(nr_sink_file(&sink, in_folder("a.wav"), NULL, &err), NR_EEXIST);
    assert_non_null(strstr(err.msg, "--overwrite"));
    /* One that came in between is kept as well. */
    assert_int_equal(nr_sink_file(&sink, in_folder("b.wav"), NULL, &err), NR_OK);
    int fd = open(in_folder("b.wav"), O_CREAT | O_WRONLY, 0600);
    assert_int_equal(write(fd, "precious", 8), 8);
    close(fd);
    assert_int_equal(fill(sink, tone, FRAMES, &err), NR_EEXIST);
    nr_sink_free(sink);
    struct stat st;
    assert_int_equal(stat(in_folder("b.wav"), &st), 0);
    assert_int_equal(st.st_size, 8);
    /* Overwriting follows a symbolic link and leaves it one. */
    assert_int_equal(symlink("b.wav", in_folder("link.wav")), 0);
    nr_file_options opt = {.overwrite = true};
    write_file(in_folder("link.wav"), &opt);
    assert_int_equal(lstat(in_folder("link.wav"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(stat(in_folder("b.wav"), &st), 0);
    assert_true(st.st_size > FRAMES);
    assert_int_equal(entries(), 3);
}

static void targets_are_checked_at_once(void **state)
{
    (void)state;
    nr_sink *sink = NULL;
    nr_error err = {0};
    assert_int_equal(nr_sink_file(&sink, in_folder("none/a.wav"), NULL, &err), NR_EIO);
    assert_non_null(strstr(err.msg, "there is no directory"));
    assert_int_equal(nr_sink_file(&sink, folder, &(nr_file_options){.format = "wav"}, &err), NR_EIO);
    assert_int_equal(nr_sink_file(&sink, in_folder("a.xyz"), NULL, &err), NR_EINVAL);
    assert_int_equal(nr_sink_file(&sink, in_folder("wav"), NULL, &err), NR_EINVAL);
    assert_int_equal(nr_sink_file(&sink, "-", NULL, &err), NR_EINVAL);
    assert_int_equal(nr_sink_file(&sink, in_folder("a"), &(nr_file_options){.format = "xyz"}, &err), NR_EINVAL);
    assert_non_null(strstr(err.msg, "flac"));
    assert_int_equal(entries(), 0);
}

static void a_full_disk_is_named(void **state)
{
    (void)state;
    static const char *const formats[] = {"wav", "flac", "ogg", "opus", "mp3", "raw"};
    for (size_t i = 0; i < 6; i++) {
        nr_sink *sink = NULL;
        nr_error err = {0};
        nr_file_options opt = {.format = formats[i]};
        assert_int_equal(nr_sink_file(&sink, "/dev/full", &opt, &err), NR_OK);
        assert_int_equal(fill(sink, tone, FRAMES, &err), NR_EIO);
        assert_string_equal(err.msg, "cannot write '/dev/full': no space left on device");
        nr_sink_free(sink);
    }
}

/* Reads a pipe to its end. */
static void *drain(void *fd)
{
    nr_buffer *b = malloc(sizeof *b);
    char bytes[4096];
    *b = NR_BUFFER_INIT(1 << 24);
    for (ssize_t n; (n = read(*(int *)fd, bytes, sizeof bytes)) > 0;)
        nr_buffer_put(b, bytes, (size_t)n);
    return b;
}

static void every_format_streams_into_a_pipe(void **state)
{
    (void)state;
    static const char *const formats[] = {"wav", "flac", "ogg", "opus", "mp3", "raw"};
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
        int fd = open(in_folder("pipe"), O_RDONLY | O_NONBLOCK);
        assert_true(fd >= 0);
        fcntl(fd, F_SETFL, 0);
        nr_sink *sink = NULL;
        nr_error err = {0};
        pthread_t thread;
        void *result;
        nr_file_options opt = {.format = formats[i], .title = "A title"};
        assert_int_equal(nr_sink_file(&sink, in_folder("pipe"), &opt, &err), NR_OK);
        assert_int_equal(pthread_create(&thread, NULL, drain, &fd), 0);
        if (fill(sink, tone, FRAMES, &err))
            fail_msg("%s: %s", formats[i], err.msg);
        nr_sink_free(sink);
        pthread_join(thread, &result);
        nr_buffer *b = result;
        if (i == 0) { /* sizes that mean "to the end", the samples behind the header */
            assert_memory_equal(b->p + 4, "\xFF\xFF\xFF\xFF", 4);
            assert_memory_equal(b->p + b->n - sizeof tone, tone, sizeof tone);
            assert_memory_equal(b->p + b->n - sizeof tone - 8, "data\xFF\xFF\xFF\xFF", 8);
        }
        if (i == 5) {
            assert_int_equal(b->n, sizeof tone);
            assert_memory_equal(b->p, tone, sizeof tone);
        }
        assert_true(b->n > 2000);
        nr_buffer_free(b);
        free(b);
        close(fd);
        unlink(in_folder("pipe"));
    }
}

static void a_closed_pipe_is_an_error_not_a_signal(void **state)
{
    (void)state;
    int ends[2];
    nr_sink *sink = NULL;
    nr_error err = {0};
    signal(SIGPIPE, SIG_DFL);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(nr_sink_raw(&sink, ends[1], &err), NR_OK);
    assert_int_equal(fill(sink, tone, FRAMES, &err), NR_EIO);
    assert_int_equal(err.sys, EPIPE);
    assert_non_null(strstr(err.msg, "its reader has gone"));
    nr_sink_free(sink);
    close(ends[1]);
}

/* Written for real: the size is the point. */
static void beyond_4_gib_a_wav_becomes_rf64(void **state)
{
    (void)state;
    nr_sink *sink = NULL;
    nr_error err = {0};
    size_t block = 1 << 24;
    int16_t *silence = calloc(block, sizeof *silence);
    assert_int_equal(nr_sink_file(&sink, in_folder("big.wav"), NULL, &err), NR_OK);
    assert_int_equal(sink->driver->open(sink->self, RATE, &err), NR_OK);
    for (int i = 0; i < 129; i++)
        if (sink->driver->write(sink->self, silence, block, &err))
            fail_msg("%s", err.msg);
    assert_int_equal(sink->driver->finish(sink->self, &err), NR_OK);
    nr_sink_free(sink);
    free(silence);
    SF_INFO info = {0};
    SNDFILE *f = sf_open(in_folder("big.wav"), SFM_READ, &info);
    assert_non_null(f);
    assert_int_equal(info.format & SF_FORMAT_TYPEMASK, SF_FORMAT_RF64);
    assert_int_equal(info.frames, 129 * (int64_t)block);
    sf_close(f);
}

static void a_tee_gives_to_both_and_memory_keeps(void **state)
{
    (void)state;
    nr_sink *a = NULL, *b = NULL, *tee = NULL;
    nr_error err = {0};
    assert_int_equal(nr_sink_memory(&a, sizeof tone, &err), NR_OK);
    assert_int_equal(nr_sink_memory(&b, sizeof tone / 2, &err), NR_OK);
    assert_int_equal(nr_sink_tee(&tee, a, b, &err), NR_OK);
    assert_int_equal(fill(tee, tone, FRAMES / 2, &err), NR_OK);
    size_t frames;
    int rate;
    assert_memory_equal(nr_sink_memory_samples(b, &frames, &rate), tone, sizeof tone / 2);
    assert_int_equal(frames, FRAMES / 2);
    assert_int_equal(rate, RATE);
    assert_int_equal(fill(tee, tone, FRAMES, &err), NR_ELIMIT); /* the second is too small */
    assert_null(nr_sink_memory_samples(tee, &frames, NULL));
    nr_sink_free(tee);
    nr_sink_free(a);
    nr_sink_free(b);
}

static void marks_are_json_lines(void **state)
{
    (void)state;
    nr_sink *sink = NULL;
    nr_error err = {0};
    nr_view text = NR_LIT("Say \"na\xC3\xAFve\"\n!");
    assert_int_equal(nr_sink_marks(&sink, in_folder("m.jsonl"), false, text, &err), NR_OK);
    assert_int_equal(sink->driver->open(sink->self, RATE, &err), NR_OK);
    nr_mark marks[] = {{NR_MARK_SENTENCE, 0, 0, {0, 14}}, {NR_MARK_WORD, 11025, 500, {5, 11}}};
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(sink->driver->mark(sink->self, &marks[i], &err), NR_OK);
    assert_int_equal(sink->driver->finish(sink->self, &err), NR_OK);
    nr_sink_free(sink);
    nr_buffer b = NR_BUFFER_INIT(10000);
    assert_int_equal(nr_file_read(in_folder("m.jsonl"), &b, NULL), NR_OK);
    assert_string_equal(b.p,
                        "{\"time\":0,\"type\":\"sentence\",\"start\":0,\"end\":14,\"value\":\"Say \\\"na\xC3\xAFve\\\"\\u000A!\",\"frame\":0}\n"
                        "{\"time\":500,\"type\":\"word\",\"start\":5,\"end\":11,\"value\":\"na\xC3\xAFve\",\"frame\":11025}\n");
    nr_buffer_free(&b);
}

typedef struct kept {
    size_t frames, marks, opened, finished;
} kept;

static nr_status keep_open(void *ctx, int sample_rate, nr_error *err)
{
    (void)err;
    ((kept *)ctx)->opened += sample_rate == RATE;
    return NR_OK;
}

static nr_status keep_write(void *ctx, const int16_t *samples, size_t frames, nr_error *err)
{
    (void)samples, (void)err;
    kept *k = ctx;
    k->frames += frames;
    return k->frames > FRAMES ? NR_CANCELLED : NR_OK;
}

static nr_status keep_mark(void *ctx, const nr_mark *mark, nr_error *err)
{
    (void)mark, (void)err;
    ((kept *)ctx)->marks++;
    return NR_OK;
}

static nr_status keep_finish(void *ctx, nr_error *err)
{
    (void)err;
    ((kept *)ctx)->finished++;
    return NR_OK;
}

static void a_sink_of_the_callers_own(void **state)
{
    (void)state;
    kept k = {0};
    nr_sink *sink;
    nr_error err;
    const nr_mark mark = {0};
    assert_int_equal(nr_sink_custom(&sink, &(nr_sink_functions){&k, keep_open, keep_write, keep_mark, keep_finish}, &err), NR_OK);
    assert_int_equal(nr_sink_open(sink, RATE, &err), NR_OK);
    assert_int_equal(nr_sink_write(sink, tone, FRAMES, &err), NR_OK);
    assert_int_equal(sink->driver->mark(sink->self, &mark, &err), NR_OK);
    assert_int_equal(nr_sink_finish(sink, &err), NR_OK);
    assert_int_equal(nr_sink_write(sink, tone, 1, &err), NR_CANCELLED);
    assert_int_equal(nr_sink_underruns(sink), 0);
    nr_sink_free(sink);
    assert_true(k.opened == 1 && k.finished == 1 && k.marks == 1 && k.frames == FRAMES + 1);
    assert_int_equal(nr_sink_custom(&sink, &(nr_sink_functions){&k, keep_open, keep_write, NULL, keep_finish}, &err), NR_OK);
    assert_int_equal(sink->driver->mark(sink->self, &mark, &err), NR_OK);
    nr_sink_free(sink);
}

#define TEST(f) cmocka_unit_test_setup(f, empty_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_format_reads_back),
        TEST(a_small_wav_is_plain_wav),
        TEST(the_same_sound_gives_the_same_bytes),
        TEST(a_file_appears_whole_or_not_at_all),
        TEST(existing_files_are_kept_unless_asked),
        TEST(targets_are_checked_at_once),
        TEST(a_full_disk_is_named),
        TEST(every_format_streams_into_a_pipe),
        TEST(a_closed_pipe_is_an_error_not_a_signal),
        TEST(beyond_4_gib_a_wav_becomes_rf64),
        TEST(a_tee_gives_to_both_and_memory_keeps),
        TEST(a_sink_of_the_callers_own),
        TEST(marks_are_json_lines),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
