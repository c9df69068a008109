/* Files made in pieces against files made in one: the very same bytes of sound, for any number of threads; the right
 * number of samples. The sound is a made-up voice with pauses, so that encoders meet loud, soft and silent places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "publish/files.h"

enum { RATE = 22050, SECONDS = 71 };

static char folder[] = "/tmp/narrate-encode-XXXXXX";
static recording sound = {.fd = -1};
static timeline times;
static nr_document *doc;

static const char *path(const char *name)
{
    static char paths[4][300];
    static int next;
    next = (next + 1) % 4;
    snprintf(paths[next], sizeof paths[next], "%s/%s", folder, name);
    return paths[next];
}

/* A voice of harmonics whose pitch and loudness wander, in syllables; noise for consonants. */
static int16_t voice(size_t i)
{
    static double phase;
    static uint32_t noise = 1;
    double t = (double)i / RATE, pitch = 110 + 30 * sin(t * 1.7) + 12 * sin(t * 5.3);
    phase += pitch / RATE;
    noise = noise * 1664525u + 1013904223u;
    double syllable = sin(t * 2 * M_PI * 3.1), breath = fmod(t, 4.3) < 3.8 ? 1 : 0, v = 0;
    for (int k = 1; k < 30; k++)
        v += sin(2 * M_PI * phase * k) / k * (1 + cos(k * pitch / 700 + t)) / 2;
    double hiss = (double)(int32_t)noise / 2147483648.0;
    v = syllable > 0 ? v * syllable : hiss * -syllable * 0.2;
    return (int16_t)lrint(v * breath * 7000);
}

static int set_up(void **state)
{
    (void)state;
    static const char text[] = "A caf\xC3\xA9\n\nBy Ann Lee\n\nThe harbour was quiet.\n";
    nr_read_options how = {.format = "plain"};
    static int16_t block[RATE];
    assert_non_null(mkdtemp(folder));
    assert_int_equal(nr_document_read(&doc, text, sizeof text - 1, &how, NULL), NR_OK);
    assert_int_equal(recording_open(&sound, path("x"), RATE, NULL), NR_OK);
    for (size_t s = 0; s < SECONDS; s++) {
        for (size_t i = 0; i < RATE; i++)
            block[i] = voice(s * RATE + i);
        assert_int_equal(recording_write(&sound, block, s + 1 < SECONDS ? RATE : RATE / 3, NULL), NR_OK);
    }
    static timeline_chapter chapters[] = {{0, RATE * 60, "First \xE2\x80\x93 one", 1}, {RATE * 60, 0, "Second", 1}};
    timeline_init(&times, RATE);
    times.frames = chapters[1].end = sound.frames;
    times.chapters = chapters;
    times.chapter_count = 2;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    recording_close(&sound);
    nr_document_free(doc);
    return rmdir(folder);
}

static nr_status make(const char *name, int bitrate, int rate, int threads, const publish_tags *tags, nr_error *err)
{
    publish_file file = {.path = name, .bitrate = bitrate, .sample_rate = rate};
    publish_files *files = NULL;
    publish_job job;
    publish_job_init(&job);
    job.docs = (const nr_document *const *)&doc;
    job.doc_count = 1;
    job.files = &file;
    job.file_count = 1;
    job.voice.jobs = threads;
    if (tags)
        job.tags = *tags;
    nr_status s = publish_files_open(&files, &job, err);
    if (!s)
        s = publish_files_write(files, &sound, &(publish_result){.times = times}, 0, NULL, err);
    publish_files_close(files);
    return s;
}

static nr_buffer slurp(const char *name)
{
    nr_buffer b = NR_BUFFER_INIT(64 << 20);
    assert_int_equal(nr_file_read(name, &b, NULL), NR_OK);
    return b;
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    static const char *const names[] = {"a.wav", "a.flac", "a.ogg", "a.opus", "a.mp3",
#if NR_HAVE_AAC
                                        "a.m4a", "a.m4b",
#endif
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        nr_error err = {0};
        nr_buffer made[2];
        for (int threads = 1; threads <= 3; threads += 2) {
            if (make(path(names[i]), 0, 0, threads, NULL, &err))
                fail_msg("%s: %s", names[i], err.msg);
            made[threads / 2] = slurp(path(names[i]));
            assert_int_equal(unlink(path(names[i])), 0);
        }
        assert_int_equal(made[1].n, made[0].n);
        assert_memory_equal(made[1].p, made[0].p, made[0].n);
        nr_buffer_free(&made[0]);
        nr_buffer_free(&made[1]);
    }
}

/* Samples that a decoder gives, as libsndfile counts them. */
static void lengths_are_exact(void **state)
{
    (void)state;
    static const char *const names[] = {"a.wav", "a.flac", "a.ogg", "a.opus"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        nr_error err = {0};
        if (make(path(names[i]), 0, 0, 2, NULL, &err))
            fail_msg("%s: %s", names[i], err.msg);
        SF_INFO info = {0};
        SNDFILE *f = sf_open(path(names[i]), SFM_READ, &info);
        assert_non_null(f);
        double seconds = (double)info.frames / info.samplerate, wanted = (double)sound.frames / RATE;
        if (fabs(seconds - wanted) > 2.0 / 48000)
            fail_msg("%s: %f seconds and not %f", names[i], seconds, wanted);
        sf_close(f);
        unlink(path(names[i]));
    }
}

static void wrong_wishes_are_told_before(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int bitrate, rate;
        nr_status status;
        const char *says;
    } cases[] = {{"a.opus", 0, 22050, NR_EINVAL, "24000"},   {"a.opus", 1000, 0, NR_EINVAL, "kbit/s"},
                 {"a.mp3", 65000, 0, NR_EINVAL, "64, 80"},   {"a.mp3", 0, 7000, NR_EINVAL, "44100"},
                 {"a.wav", 64000, 0, NR_EINVAL, "bit rate"}, {"a.xyz", 0, 0, NR_EINVAL, "xyz"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
#if !NR_HAVE_CODECS
        if (i < 4)
            continue;
#endif
        nr_error err = {0};
        assert_int_equal(make(path(cases[i].name), cases[i].bitrate, cases[i].rate, 1, NULL, &err), cases[i].status);
        if (!strstr(err.msg, cases[i].says))
            fail_msg("'%s' does not say '%s'", err.msg, cases[i].says);
        assert_int_not_equal(access(path(cases[i].name), F_OK), 0);
    }
}

static void bad_covers_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        const char *says;
    } covers[] = {{"Not a picture.", 14, "neither"}, {"", 0, "neither"}, {"\xFF\xD8\xFF\xE0\0\x10JFIF", 10, "broken"},
                  {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1", 20, "broken"}};
    for (size_t i = 0; i < sizeof covers / sizeof *covers; i++) {
        FILE *f = fopen(path("cover"), "wb");
        fwrite(covers[i].bytes, 1, covers[i].n, f);
        fclose(f);
        nr_error err = {0};
        publish_tags tags = {.cover = path("cover")};
        assert_int_equal(make(path("a.wav"), 0, 0, 1, &tags, &err), NR_EFORMAT);
        if (!strstr(err.msg, covers[i].says) || !strstr(err.msg, "cover"))
            fail_msg("'%s' does not say '%s'", err.msg, covers[i].says);
    }
    unlink(path("cover"));
    nr_error err = {0};
    publish_tags tags = {.cover = path("missing.png")};
    assert_int_equal(make(path("a.wav"), 0, 0, 1, &tags, &err), NR_EIO);
}

#if NR_HAVE_AAC
#include "publish/picture.h"
#include "publish/probe.h"

/* A square of one grey pixel. */
static const unsigned char png[] = {
    0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3A, 0x7E, 0x9B,
    0x55, 0, 0, 0, 10, 'I', 'D', 'A', 'T', 0x78, 0x9C, 0x63, 0x68, 0, 0, 0, 0x82, 0, 0x81, 0x77, 0xCD, 0x72, 0xB6, 0, 0, 0, 0, 'I', 'E', 'N',
    'D', 0xAE, 0x42, 0x60, 0x82};

static const char *tag_of(const probe *p, const char *name)
{
    for (size_t i = 0; i < p->tag_count; i++)
        if (strcasecmp(p->tags[i].name, name) == 0)
            return p->tags[i].value;
    return "";
}

static void check_file(const char *name, bool chapters)
{
    nr_error err = {0};
    publish_tags tags = {.cover = chapters ? path("c.png") : NULL, .album = "Nachrichten \xC3\xBC" "ber Meer", .track = 7,
                         .url = "https://example.org/?a=1&b=2", .date = "2023-08-30"};
    if (make(path(name), 0, 0, 2, &tags, &err))
        fail_msg("%s: %s", name, err.msg);
    probe p;
    if (probe_open(&p, path(name), &err))
        fail_msg("%s: %s", name, err.msg);
    double wanted = (double)sound.frames / RATE;
    assert_false(p.damaged);
    if (fabs(p.seconds - wanted) > 2.0 / 48000)
        fail_msg("%s: %f seconds and not %f", name, p.seconds, wanted);
    /* libavformat counts in what encoders put before and behind: in MP3 up to three frames. */
    if (fabs(p.header_seconds - wanted) > (strcmp(p.codec, "mp3") == 0 ? 3 * 1152 / 44100.0 : 0.02))
        fail_msg("%s says it has %f seconds and not %f", name, p.header_seconds, wanted);
    assert_string_equal(tag_of(&p, "title"), "A caf\xC3\xA9");
    assert_string_equal(tag_of(&p, "artist"), "Ann Lee");
    assert_string_equal(tag_of(&p, "album"), tags.album);
    assert_string_equal(tag_of(&p, "track"), "7");
    assert_string_equal(tag_of(&p, "date"), tags.date);
    assert_string_equal(tag_of(&p, "comment"), tags.url);
    if (chapters) {
        assert_int_equal(p.chapter_count, 2);
        assert_string_equal(p.chapters[0].title, "First \xE2\x80\x93 one");
        assert_string_equal(p.chapters[1].title, "Second");
        assert_true(fabs(p.chapters[0].start) < 0.002 && fabs(p.chapters[1].start - 60) < 0.002);
        assert_true(fabs(p.chapters[0].end - 60) < 0.002 && fabs(p.chapters[1].end - wanted) < 0.03);
        assert_string_equal(p.cover, "image/png");
        assert_int_equal(p.cover_width, 1);
        assert_int_equal(p.cover_bytes, sizeof png);
    }
    probe_free(&p);
    unlink(path(name));
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    FILE *f = fopen(path("c.png"), "wb");
    fwrite(png, 1, sizeof png, f);
    fclose(f);
    check_file("a.mp3", true);
    check_file("a.opus", true);
    check_file("a.ogg", true);
    check_file("a.flac", true);
    check_file("a.m4a", true);
    check_file("a.m4b", true);
    check_file("a.wav", false);
    unlink(path("c.png"));
}

static void an_article_brings_its_picture(void **state)
{
    (void)state;
    static const char embedded[] = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";
    picture p;
    assert_int_equal(picture_of_article(&p, embedded, NULL, NULL), NR_OK);
    assert_int_equal(p.bytes.n, sizeof png);
    assert_memory_equal(p.bytes.p, png, sizeof png);
    picture_free(&p);
    FILE *f = fopen(path("c.png"), "wb");
    fwrite(png, 1, sizeof png, f);
    fclose(f);
    assert_int_equal(picture_of_article(&p, "c.png", path("a.html"), NULL), NR_OK);
    assert_int_equal(p.width, 1);
    picture_free(&p);
    static const char *const none[] = {NULL, "", "https://example.org/c.png", "/etc/passwd", "../c.png", "a/../../c.png"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(picture_of_article(&p, none[i], path("a.html"), NULL), NR_OK);
        assert_int_equal(p.bytes.n, 0);
    }
    static const char *const broken[] = {"missing.png", "data:image/png;base64,AAAA", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAE="};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_int_not_equal(picture_of_article(&p, broken[i], path("a.html"), NULL), NR_OK);
    unlink(path("c.png"));
}

static void what_is_no_sound_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
    } files[] = {{"Some words, and no sound.\n", 26}, {"", 0}, {"RIFF\xFF\xFF\xFF\xFFWAVEfmt \xFF\xFF\xFF\xFF", 20},
                 {"ID3\4\0\0\x7F\x7F\x7F\x7F", 10}, {"#EXTM3U\nhttp://127.0.0.1/x.mp3\n", 32},
                 {"ffconcat version 1.0\nfile /etc/passwd\n", 39}, {"fLaC\x80\0\0\x22", 8}, {"OggS\0\2\0\0\0\0\0\0\0\0", 14}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        FILE *f = fopen(path("x"), "wb");
        fwrite(files[i].bytes, 1, files[i].n, f);
        fclose(f);
        probe p;
        nr_error err = {0};
        assert_int_equal(probe_open(&p, path("x"), &err), NR_EFORMAT);
        assert_non_null(strstr(err.msg, "/x'"));
    }
    unlink(path("x"));
}
#endif

#if NR_HAVE_CODECS
#include <lame/lame.h>
#include <ogg/ogg.h>
#include <opus/opus.h>

/* All frames of the file but the first, which is silent and tells lengths. */
static void mp3_of_pieces_is_that_of_one(void **state)
{
    (void)state;
    nr_error err = {0};
    if (make(path("a.mp3"), 64000, RATE, 2, NULL, &err))
        fail_msg("%s", err.msg);
    nr_buffer file = slurp(path("a.mp3"));
    unlink(path("a.mp3"));
    lame_t lame = lame_init();
    lame_set_num_channels(lame, 1);
    lame_set_mode(lame, MONO);
    lame_set_in_samplerate(lame, RATE);
    lame_set_out_samplerate(lame, RATE);
    lame_set_brate(lame, 64);
    lame_set_disable_reservoir(lame, 1);
    lame_set_bWriteVbrTag(lame, 0);
    lame_set_quality(lame, 7);
    lame_set_scale(lame, 1 / 0.95f); /* which is what LAME multiplies with at 64 kbit/s */
    assert_true(lame_init_params(lame) >= 0);
    size_t room = (size_t)sound.frames * 2 + 100000, n = 0;
    int16_t *samples = malloc((size_t)sound.frames * 2);
    unsigned char *whole = malloc(room);
    assert_int_equal(recording_read(&sound, 0, samples, (size_t)sound.frames, &n, NULL), NR_OK);
    float *floats = malloc((size_t)sound.frames * sizeof *floats);
    for (size_t i = 0; i < n; i++)
        floats[i] = (float)samples[i] / 32768;
    size_t made = (size_t)lame_encode_buffer_ieee_float(lame, floats, floats, (int)n, whole, (int)room);
    made += (size_t)lame_encode_flush(lame, whole + made, (int)(room - made));
    const char *begins = memmem(file.p, file.n, whole, 100);
    assert_non_null(begins);
    size_t rest = file.n - (size_t)(begins - file.p);
    assert_true(rest <= made && made - rest < 1000); /* LAME's flush gives a frame too many */
    assert_memory_equal(begins, whole, rest);
    lame_close(lame);
    free(samples);
    free(floats);
    free(whole);
    nr_buffer_free(&file);
}

static void opus_of_pieces_is_that_of_one(void **state)
{
    (void)state;
    nr_error err = {0};
    sound.rate = 24000; /* said a little faster: no resampling */
    nr_status s = make(path("a.opus"), 0, 0, 2, NULL, &err);
    sound.rate = RATE;
    if (s)
        fail_msg("%s", err.msg);
    nr_buffer file = slurp(path("a.opus"));
    unlink(path("a.opus"));
    OpusEncoder *e = opus_encoder_create(24000, 1, OPUS_APPLICATION_RESTRICTED_LOWDELAY, NULL);
    opus_encoder_ctl(e, OPUS_SET_BITRATE(32000));
    opus_encoder_ctl(e, OPUS_SET_VBR(0));
    opus_encoder_ctl(e, OPUS_SET_COMPLEXITY(5));
    opus_encoder_ctl(e, OPUS_SET_BANDWIDTH(OPUS_BANDWIDTH_SUPERWIDEBAND));
    ogg_sync_state sync;
    ogg_stream_state stream;
    ogg_page page;
    ogg_packet packet;
    ogg_sync_init(&sync);
    memcpy(ogg_sync_buffer(&sync, (long)file.n), file.p, file.n);
    ogg_sync_wrote(&sync, (long)file.n);
    uint64_t number = 0;
    for (bool begun = false; ogg_sync_pageout(&sync, &page) == 1; begun = true) {
        if (!begun)
            ogg_stream_init(&stream, ogg_page_serialno(&page));
        assert_int_equal(ogg_stream_pagein(&stream, &page), 0);
        while (ogg_stream_packetout(&stream, &packet) == 1) {
            if (number++ < 2)
                continue;
            int16_t samples[480] = {0};
            unsigned char one[1500];
            size_t n;
            assert_int_equal(recording_read(&sound, (number - 3) * 480, samples, 480, &n, NULL), NR_OK);
            float floats[480];
            for (int i = 0; i < 480; i++)
                floats[i] = (float)samples[i] / 32768;
            int made = opus_encode_float(e, floats, 480, one, sizeof one);
            if (made != packet.bytes || memcmp(one, packet.packet, (size_t)made) != 0)
                fail_msg("packet %llu differs", (unsigned long long)number - 3);
        }
    }
    assert_true((number - 2) * 480 >= sound.frames && (number - 4) * 480 < sound.frames + 480);
    ogg_stream_clear(&stream);
    ogg_sync_clear(&sync);
    opus_encoder_destroy(e);
    nr_buffer_free(&file);
}

#include "publish/encode.h"

/* What a piece is resampled from does not show. */
static void resampling_may_begin_anywhere(void **state)
{
    (void)state;
    static const int rates[] = {24000, 44100, 16000};
    static const int64_t places[] = {-500, 0, 1, 777, 100003, 1500 * 480};
    publish_job job;
    publish_file file = {.path = "x"};
    publish_files *files = NULL;
    publish_job_init(&job);
    job.docs = (const nr_document *const *)&doc;
    job.doc_count = 1;
    assert_int_equal(publish_files_open(&files, &job, NULL), NR_OK);
    for (size_t r = 0; r < 3; r++) {
        encode_task t = {.file = &file, .rate = rates[r], .sound = &sound, .files = files, .frames = encode_frames(&sound, rates[r])};
        float *whole = malloc((size_t)t.frames * sizeof *whole), part[3000];
        encode_source s;
        assert_int_equal(encode_source_open(&s, &t, 0, NULL), NR_OK);
        assert_int_equal(encode_source_read(&s, whole, (size_t)t.frames, NULL), NR_OK);
        encode_source_close(&s);
        for (size_t k = 0; k < 6; k++) {
            assert_int_equal(encode_source_open(&s, &t, places[k], NULL), NR_OK);
            assert_int_equal(encode_source_read(&s, part, 3000, NULL), NR_OK);
            encode_source_close(&s);
            for (int64_t i = 0; i < 3000; i++)
                assert_true(fabsf(part[i] - (places[k] + i < 0 ? 0 : whole[places[k] + i])) < 1.0f / 65536);
        }
        free(whole);
    }
    publish_files_close(files);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_matter),       cmocka_unit_test(lengths_are_exact),
        cmocka_unit_test(wrong_wishes_are_told_before), cmocka_unit_test(bad_covers_are_told),
#if NR_HAVE_AAC
        cmocka_unit_test(what_is_written_is_read_back), cmocka_unit_test(what_is_no_sound_is_told),
        cmocka_unit_test(an_article_brings_its_picture),
#endif
#if NR_HAVE_CODECS
        cmocka_unit_test(mp3_of_pieces_is_that_of_one), cmocka_unit_test(opus_of_pieces_is_that_of_one),
        cmocka_unit_test(resampling_may_begin_anywhere),
#endif
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
