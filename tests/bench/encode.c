/* encode IN.wav OUT [BIT RATE [SAMPLE RATE [THREADS [COVER]]]]: a mono 16-bit WAV into a file of any format, as narrate does
 * it once the sound is there, with tags and a chapter every ten seconds; prints how fast. For encode.py, and by hand. */
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "publish/files.h"

static const char article[] = "Tom & Zo\xC3\xAB's caf\xC3\xA9\n\nBy Ann Lee\n\n30 August 2023\n\nThe harbour was quiet. It was noon.\n";

static int fail(const char *what, const nr_error *err)
{
    fprintf(stderr, "encode: %s%s%s\n", what, err ? ": " : "", err ? err->msg : "");
    return 1;
}

static nr_status read_wav(const char *path, const char *beside, recording *r, nr_error *err)
{
    SF_INFO info = {0};
    SNDFILE *f = sf_open(path, SFM_READ, &info);
    static int16_t block[65536];
    nr_status s = f && info.channels == 1 ? recording_open(r, beside, info.samplerate, err) : NR_EFORMAT;
    for (sf_count_t n; f && !s && (n = sf_readf_short(f, block, 65536)) > 0;)
        s = recording_write(r, block, (size_t)n, err);
    sf_close(f);
    return s;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void make_chapters(timeline *t)
{
    size_t each = (size_t)t->rate * 10;
    t->chapter_count = (size_t)(t->frames / each);
    t->chapters = calloc(t->chapter_count + 1, sizeof *t->chapters);
    for (size_t i = 0; i < t->chapter_count; i++) {
        char title[40];
        snprintf(title, sizeof title, "Part %u \xE2\x80\x93 \xC3\xA9", (unsigned)(i + 1));
        t->chapters[i] = (timeline_chapter){.start = i * each, .end = (i + 1) * each, .title = strdup(title), .level = 1};
    }
    if (t->chapter_count)
        t->chapters[t->chapter_count - 1].end = t->frames;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return fail("usage: encode IN.wav OUT [BIT RATE [SAMPLE RATE [THREADS [COVER]]]]", NULL);
    nr_error err = {0};
    recording sound = {.fd = -1};
    nr_document *doc = NULL;
    publish_files *files = NULL;
    publish_job job;
    publish_job_init(&job);
    publish_file file = {.path = argv[2], .bitrate = argc > 3 ? atoi(argv[3]) : 0, .sample_rate = argc > 4 ? atoi(argv[4]) : 0};
    nr_read_options how = {.format = "plain"};
    if (read_wav(argv[1], argv[2], &sound, &err) || nr_document_read(&doc, article, sizeof article - 1, &how, &err))
        return fail(argv[1], &err);
    job.docs = (const nr_document *const *)&doc;
    job.doc_count = 1;
    job.files = &file;
    job.file_count = 1;
    job.overwrite = true;
    job.voice.jobs = argc > 5 ? atoi(argv[5]) : 0;
    job.tags = (publish_tags){.album = "The Harbour Post", .url = "https://example.org/a?b=1&c=2", .publisher = "Post & Son", .track = 3,
                              .date = "2023-08-30T20:16:00", .language = "en-GB", .cover = argc > 6 ? argv[6] : NULL};
    timeline times;
    timeline_init(&times, sound.rate);
    times.frames = sound.frames;
    make_chapters(&times);
    double began = now();
    nr_status s = publish_files_open(&files, &job, &err);
    if (!s)
        s = publish_files_write(files, &sound, &(publish_result){.times = times}, 0, NULL, &err);
    publish_files_close(files);
    double seconds = now() - began;
    if (!s)
        printf("%s: %.0f times real time\n", argv[2], (double)sound.frames / sound.rate / seconds);
    timeline_free(&times);
    recording_close(&sound);
    nr_document_free(doc);
    return s ? fail("cannot", &err) : 0;
}
