/* publish_options.h - the options of commands that make finished files: loudness, jingles, tags. */
#ifndef NR_CLI_PUBLISH_OPTIONS_H
#define NR_CLI_PUBLISH_OPTIONS_H

#include "publish/produce.h"

/* What each option is at home in is the command line's business; these are their numbers. */
enum {
    PUBLISH_OPTION_FIRST = 1100,
    OPT_LOUDNESS = PUBLISH_OPTION_FIRST,
    OPT_TRUE_PEAK,
    OPT_MASTER,
    OPT_LEAD,
    OPT_TAIL,
    OPT_INTRO,
    OPT_OUTRO,
    OPT_BETWEEN,
    OPT_JOIN,
    OPT_SAMPLE_RATE,
    OPT_BITRATE,
    OPT_COVER,
    OPT_TITLE,
    OPT_AUTHOR,
    OPT_ALBUM,
    OPT_DATE,
    OPT_PUBLISHER,
    OPT_TRACK,
    OPT_COMMENT,
    OPT_CHAPTERS,
    PUBLISH_OPTION_END
};

typedef struct publish_options {
    const char *preset, *intro, *outro, *between;
    double loudness, true_peak, lead_ms, tail_ms; /* what was asked for: see given */
    bool loudness_given, true_peak_given, lead_given, tail_given;
    bool join;
    int sample_rate, bitrate;
    publish_tags tags;
    const char *chapters; /* a file for them, or NULL */
    bool any; /* one of these was given */
} publish_options;

/* NULL, or what the argument should have been. */
const char *publish_options_take(publish_options *o, int value, const char *arg);
/* Into a job whose files are known: their sample rate and bitrate, tags, jingles, and the mastering that was asked for over
 * that of the preset, or that which is usual for the first file. */
void publish_options_apply(const publish_options *o, publish_job *job, publish_file *files);

#endif
