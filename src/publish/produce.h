/* produce.h - from articles to finished sound files, and what was said when in them.
 *
 *   documents --narrate--> recording (a temporary file) --master--> recording --encode--> files, all at once
 *
 * The one way to a file for everything that publishes: narrate -o, page, epub, feed, batch. */
#ifndef NR_PUBLISH_PRODUCE_H
#define NR_PUBLISH_PRODUCE_H

#include "base/output.h"
#include "narrate.h"
#include "publish/timeline.h"

/* What listeners and players see. NULL: from the first document's metadata. Strings are the caller's. */
typedef struct publish_tags {
    const char *title, *author, *album, *date, *publisher, *language, *comment, *url;
    unsigned track;    /* 0: none */
    const char *cover; /* a JPEG or PNG file; NULL: the first article's picture, where it is embedded in it, lies beside it, or
                        * both are on the web */
    bool no_cover;     /* not even the article's */
    const char *article; /* the file that the first article is in, for that; NULL: none */
} publish_tags;

typedef struct publish_file {
    const char *path;
    const char *format;  /* as in nr_file_options, and "m4a", "m4b"; NULL: by the path's ending */
    int sample_rate;     /* Hz; 0: the format's usual for speech */
    int bitrate;         /* bits a second; 0: the format's usual for speech */
} publish_file;

/* Loudness and what is done for it. With a preset, compressor and high-pass are the preset's; publish_master_preset() gives
 * its usual figures. */
typedef struct publish_master {
    const char *preset;  /* "podcast", "audiobook", "none"; NULL: "none" */
    double loudness;     /* integrated, LUFS; NAN: leave it as it comes */
    double true_peak;    /* at most, dBTP, after decoding; only with loudness. NAN: -1 */
    double lead_ms, tail_ms; /* silence before and behind; < 0: leave it as it comes */
} publish_master;

typedef struct publish_result {
    timeline times;   /* of the finished sound; timeline_free() by the caller */
    size_t words, left_out;
    double loudness;  /* LUFS, of the finished sound; NAN: it was not measured */
} publish_result;

typedef struct publish_job {
    const nr_document *const *docs;
    size_t doc_count;
    const char *locale;               /* chooses the voice where voice.voice is NULL; NULL: the first document's */
    uint32_t from;                    /* byte of the first document's text to begin at */
    nr_voice_options voice;
    nr_script_options script;
    publish_master master;
    publish_tags tags;
    const publish_file *files;
    size_t file_count;
    const char *intro, *outro, *between; /* sound files, or NULL; mp3, m4a and opus are at 44.1 or 48 kHz with them */
    bool overwrite;
    /* Optional, called on the thread that runs publish_produce(). share: of the whole job, 0 to 1. */
    void *ctx;
    void (*progress)(void *ctx, double share);
    void (*warning)(void *ctx, const char *message);
    void (*said)(void *ctx, double seconds); /* so much sound is there by now */
    /* When all sound is made and none has appeared: what belongs to it is written here, and handed over to `with`, which appears
     * right before the sound, or not at all. */
    void *beside_ctx;
    nr_status (*beside)(void *ctx, const publish_result *result, nr_output_set *with, nr_error *err);
    /* The narrator at work, for a signal handler to cancel; NULL: it is gone. */
    void (*narrating)(void *ctx, nr_narrator *narrator);
} publish_job;

/* Other sounds than voices are in it. */
static inline bool publish_has_jingles(const publish_job *job) { return job->intro || job->outro || (job->between && job->doc_count > 1); }

/* Fills a job with defaults: no mastering, the usual voice. */
void publish_job_init(publish_job *job);
/* How a file is mastered where nothing else is asked for: formats for listeners (mp3, opus, ogg, m4a, m4b) to -16 LUFS and
 * -1 dBTP, others not at all. path NULL: by the format's name alone. */
void publish_master_usual(publish_master *master, const char *path, const char *format);
/* "podcast": -16 LUFS, -1 dBTP, 250 ms of silence before and 500 ms behind; mp3 and m4a at 96 kbit/s and 44.1 kHz.
 * "audiobook": -20 LUFS, -3 dBTP, 750 ms and 2 s, so that ACX's figures are met (RMS -23 to -18 dB, peak at most -3 dB); mp3 at
 * 192 kbit/s and 44.1 kHz. "none": as it comes. false: there is no such preset. */
bool publish_master_preset(publish_master *master, const char *name);
/* All files appear whole, or none of those not yet finished. Existing files are NR_EEXIST without overwrite, told before
 * anything is said. *cancel, which may be NULL, is set by a signal handler: NR_CANCELLED soon after. */
nr_status publish_produce(const publish_job *job, const volatile int *cancel, publish_result *result, nr_error *err);

#endif
