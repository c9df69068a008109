/* feed: a podcast of articles. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/signals.h"
#include "publish/feed.h"

static void on_article(void *ctx, feed_event event, const char *source, double seconds, const char *error)
{
    const options *opt = ctx;
    unsigned s = (unsigned)(seconds + 0.5);
    if (event == FEED_FAILED)
        complain("'%s': %s", source, error);
    else if (!opt->quiet && event != FEED_KEPT)
        say_line("%s '%s'  %u:%02u", event == FEED_NEW ? "new" : "changed", source, s / 60, s % 60);
}

static void on_narrating(void *ctx, nr_narrator *narrator)
{
    (void)ctx;
    signals_cancel(narrator);
}

static void on_warning(void *ctx, const char *message)
{
    const options *opt = ctx;
    if (!opt->quiet)
        complain("%s", message);
}

/* Everything that changes the sound, as one string. NULL: out of memory. */
static char *habits(const options *opt)
{
    const nr_voice_options *v = &opt->voice;
    const nr_script_options *s = &opt->script;
    char *text = NULL;
    if (asprintf(&text, "%s|%s|%g|%g|%g|%s|%s|%s|%d|%u|%u", v->voice ? v->voice : "", v->quote_voice ? v->quote_voice : "", v->wpm,
                 v->pitch, v->volume, s->locale ? s->locale : "", s->style ? s->style : "", s->lexicon ? s->lexicon : "",
                 s->skip_opening, s->include, s->exclude) < 0)
        return NULL;
    for (size_t i = 0; i < opt->passed_count; i++) {
        char *longer = NULL;
        int n = asprintf(&longer, "%s|%s=%s", text, opt->passed[i].name, opt->passed[i].value ? opt->passed[i].value : "");
        free(text);
        if (n < 0)
            return NULL;
        text = longer;
    }
    return text;
}

static void fill(feed_job *job, const options *opt)
{
    *job = (feed_job){.sources = (const char *const *)opt->operands,
                      .source_count = opt->operand_count,
                      .folder = opt->output,
                      .show = {.title = opt->show,
                               .about = opt->about,
                               .author = opt->show_author,
                               .email = opt->email,
                               .category = opt->category,
                               .base_url = opt->base_url,
                               .image = opt->image,
                               .locked = opt->locked,
                               .is_explicit = opt->explicit},
                      .newest = opt->newest,
                      .file = {.format = opt->format ? opt->format : "mp3"},
                      .read = {.format = opt->input_format, .max_bytes = opt->max_size, .timeout = opt->timeout},
                      .ctx = (void *)opt,
                      .report = on_article};
    publish_job_init(&job->sound);
    job->sound.voice = opt->voice;
    job->sound.script = opt->script;
    job->sound.locale = opt->script.locale;
    job->sound.ctx = (void *)opt;
    job->sound.warning = on_warning;
    job->sound.narrating = on_narrating;
    job->sound.file_count = 1; /* of which each episode makes its own */
    publish_options sound = opt->publish;
#if NR_HAVE_MASTER
    sound.preset = sound.preset ? sound.preset : "podcast";
#endif
    publish_options_apply(&sound, &job->sound, &job->file);
    job->sound.file_count = 0;
}

int narrate_feed(const options *opt)
{
    feed_job job;
    feed_result result;
    nr_error err;
    fill(&job, opt);
    if (strcmp(job.file.format, "mp3") != 0 && strcmp(job.file.format, "m4a") != 0) {
        complain("a podcast is mp3 or m4a, not '%s': directories take no other", job.file.format);
        return EXIT_USAGE;
    }
    char *all = habits(opt);
    if (!all)
        return failed(&(nr_error){.msg = "out of memory"});
    job.habits = all;
    signals_watch();
    nr_status s = feed_make(&job, &signals_caught, &result, &err);
    free(all);
    if (s && s != NR_CANCELLED)
        return failed(&err);
    signals_raise();
    int n = (int)strlen(opt->output);
    while (n > 1 && opt->output[n - 1] == '/')
        n--;
    if (!opt->quiet)
        complain("'%.*s/%s' has %zu episode%s: %zu new, %zu changed, %zu as before%s", n, opt->output, FEED_FILE, result.episodes,
                 result.episodes == 1 ? "" : "s", result.counts[FEED_NEW], result.counts[FEED_CHANGED],
                 result.counts[FEED_KEPT], result.counts[FEED_FAILED] ? "; some articles failed" : "");
    return s || result.counts[FEED_FAILED] ? EXIT_FAILED : EXIT_DONE;
}
