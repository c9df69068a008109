#include "cli/publish_options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool number(const char *arg, double low, double high, double *out)
{
    char *end;
    errno = 0;
    *out = strtod(arg, &end);
    return end != arg && !*end && !errno && *out >= low && *out <= high;
}

static const char *take_loudness(publish_options *o, const char *arg)
{
    o->loudness_given = true;
    if (strcmp(arg, "off") == 0)
        o->loudness = NAN;
    else if (!number(arg, -50, -5, &o->loudness))
        return "LUFS from -50 to -5, or off";
    return NULL;
}

/* "0.5", "0.5s", "500ms" */
static const char *take_time(const char *arg, double *ms, bool *given)
{
    char *unit;
    double v = strtod(arg, &unit);
    double factor = !*unit || strcmp(unit, "s") == 0 ? 1000 : strcmp(unit, "ms") == 0 ? 1 : 0;
    *ms = v * factor;
    *given = true;
    return unit != arg && factor > 0 && *ms >= 0 && *ms <= 60000 ? NULL : "a time up to a minute, as 0.5 or 500ms";
}

static const char *take_bitrate(const char *arg, int *out)
{
    char *unit;
    double v = strtod(arg, &unit);
    if (unit != arg && (strcmp(unit, "k") == 0 || strcmp(unit, "K") == 0))
        v *= 1000;
    else if (unit == arg || *unit)
        v = 0;
    *out = v >= 6000 && v <= 512000 ? (int)v : 0;
    return *out ? NULL : "bits a second from 6k to 512k, as 64k";
}

static const char *take_whole(const char *arg, double low, double high, double *out, const char *wanted)
{
    return number(arg, low, high, out) && *out == floor(*out) ? NULL : wanted;
}

static const char *take_file(const char *arg, const char **out)
{
    *out = arg;
    return *arg ? NULL : "a file name";
}

static const char *take_text(const char *arg, const char **out)
{
    *out = arg;
    return NULL;
}

const char *publish_options_take(publish_options *o, int value, const char *arg)
{
    double v;
    const char *wanted;
    o->any = true;
    switch (value) {
    case OPT_LOUDNESS: return take_loudness(o, arg);
    case OPT_TRUE_PEAK:
        o->true_peak_given = true;
        return number(arg, -20, 0, &o->true_peak) ? NULL : "dBTP from -20 to 0";
    case OPT_MASTER: {
        publish_master known;
        o->preset = arg;
        return publish_master_preset(&known, arg) ? NULL : "podcast, audiobook or none";
    }
    case OPT_LEAD: return take_time(arg, &o->lead_ms, &o->lead_given);
    case OPT_TAIL: return take_time(arg, &o->tail_ms, &o->tail_given);
    case OPT_INTRO: return take_file(arg, &o->intro);
    case OPT_OUTRO: return take_file(arg, &o->outro);
    case OPT_BETWEEN: return take_file(arg, &o->between);
    case OPT_JOIN: o->join = true; return NULL;
    case OPT_SAMPLE_RATE:
        wanted = take_whole(arg, 8000, 192000, &v, "hertz from 8000 to 192000, as 44100");
        o->sample_rate = wanted ? 0 : (int)v;
        return wanted;
    case OPT_BITRATE: return take_bitrate(arg, &o->bitrate);
    case OPT_COVER: return take_file(arg, &o->tags.cover);
    case OPT_CHAPTERS: return take_file(arg, &o->chapters);
    case OPT_TITLE: return take_text(arg, &o->tags.title);
    case OPT_AUTHOR: return take_text(arg, &o->tags.author);
    case OPT_ALBUM: return take_text(arg, &o->tags.album);
    case OPT_DATE: return take_text(arg, &o->tags.date);
    case OPT_PUBLISHER: return take_text(arg, &o->tags.publisher);
    case OPT_COMMENT: return take_text(arg, &o->tags.comment);
    case OPT_TRACK:
        wanted = take_whole(arg, 1, 9999, &v, "a number from 1 to 9999");
        o->tags.track = wanted ? 0 : (unsigned)v;
        return wanted;
    default: return NULL;
    }
}

void publish_options_apply(const publish_options *o, publish_job *job, publish_file *files)
{
    if (o->preset)
        publish_master_preset(&job->master, o->preset);
    else
        publish_master_usual(&job->master, job->file_count ? files[0].path : NULL, job->file_count ? files[0].format : NULL);
    if (o->loudness_given)
        job->master.loudness = o->loudness;
    if (o->true_peak_given)
        job->master.true_peak = o->true_peak;
    if (o->lead_given)
        job->master.lead_ms = o->lead_ms;
    if (o->tail_given)
        job->master.tail_ms = o->tail_ms;
    job->intro = o->intro;
    job->outro = o->outro;
    job->between = o->between;
    job->tags = o->tags;
    for (size_t i = 0; i < job->file_count; i++) {
        files[i].sample_rate = o->sample_rate;
        files[i].bitrate = o->bitrate;
    }
}
