/* save: articles into a finished file, by way of publish_produce(). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/start.h"
#include "publish/chapters.h"

typedef struct saving {
    const options *opt;
    nr_document **docs;
    progress shown;
    double seconds;
    bool complained;
} saving;

/* ---------------------------------------------------------------- which way */

static bool streams(const options *opt)
{
    struct stat st;
    return strcmp(opt->output, "-") == 0 || (stat(opt->output, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode));
}

static bool is_one_of(const options *opt, const char *endings)
{
    const char *slash = strrchr(opt->output, '/'), *dot = strrchr(slash ? slash : opt->output, '.');
    char word[16];
    int n = snprintf(word, sizeof word, " %s ", opt->format ? opt->format : dot ? dot + 1 : "");
    return n < (int)sizeof word && strcasestr(endings, word);
}

bool save_streams(const options *opt)
{
    if (streams(opt) || is_one_of(opt, " raw pcm "))
        return true;
    return !opt->publish.any && !opt->beside.count && opt->operand_count == 1 && is_one_of(opt, " wav wave flac ");
}

bool save_refuses(const options *opt)
{
    if (!save_streams(opt) || (!opt->publish.any && opt->operand_count == 1))
        return false;
    complain("%s is written as it is said: loudness, jingles, tags and several articles want a file in wav, flac, mp3 or the like",
             streams(opt) ? "what is no file" : "raw sound");
    return true;
}

/* ---------------------------------------------------------------- meanwhile */

static void on_progress(void *ctx, double share)
{
    saving *s = ctx;
    progress_show(&s->shown, share, s->seconds);
}

static void on_said(void *ctx, double seconds) { ((saving *)ctx)->seconds = seconds; }

static void on_warning(void *ctx, const char *message)
{
    saving *s = ctx;
    progress_clear(&s->shown);
    complain("%s", message);
}

static void on_narrating(void *ctx, nr_narrator *narrator)
{
    (void)ctx;
    signals_cancel(narrator);
}

/* ---------------------------------------------------------------- the whole */

/* Marks, chapters, captions and transcripts, at the times of the finished sound. */
static bool write_beside(const options *opt, const timeline *t, const nr_metadata *m, nr_output_set *with)
{
    nr_error err;
    publish_tags said_of = opt->publish.tags;
    said_of.title = said_of.title ? said_of.title : m->title;
    said_of.author = said_of.author ? said_of.author : m->author;
    caption_options how = {.with = with};
    if (opt->marks && captions_write(t, BESIDE_MARKS, opt->marks, &how, opt->overwrite, &err)) {
        failed(&err);
        return false;
    }
    if (opt->publish.chapters && chapters_write(opt->publish.chapters, opt->overwrite, with, t, &said_of, &err)) {
        failed(&err);
        return false;
    }
    return beside_write(&opt->beside, t, opt->output, opt->overwrite, opt->quiet, with);
}

static nr_status on_beside(void *ctx, const publish_result *result, nr_output_set *with, nr_error *err)
{
    saving *s = ctx;
    (void)err;
    progress_clear(&s->shown);
    s->complained = !write_beside(s->opt, &result->times, nr_document_metadata(s->docs[0]), with);
    return s->complained ? NR_EIO : NR_OK;
}

static bool ready(const options *opt)
{
    nr_error err;
    if (opt->marks && beside_check(opt->marks, opt->overwrite, &err)) {
        failed(&err);
        return false;
    }
    if (opt->publish.chapters && beside_check(opt->publish.chapters, opt->overwrite, &err)) {
        failed(&err);
        return false;
    }
    return beside_ready(&opt->beside, opt->output, opt->overwrite);
}

static int produce(saving *s, publish_job *job)
{
    publish_result result = {0};
    nr_error err;
    if (!ready(s->opt))
        return EXIT_FAILED;
    progress_init(&s->shown, s->opt);
    signals_watch();
    nr_status st = publish_produce(job, &signals_caught, &result, &err);
    progress_clear(&s->shown);
    if (st == NR_CANCELLED || s->complained)
        return EXIT_FAILED;
    if (st)
        return failed(&err);
    progress_report(s->opt, timeline_seconds(&result.times, result.times.frames), result.words, result.left_out);
    timeline_free(&result.times);
    return finish_output();
}

static int save_documents(saving *s)
{
    const options *opt = s->opt;
    publish_file file = {.path = opt->output, .format = opt->format};
    publish_job job;
    publish_job_init(&job);
    job.docs = (const nr_document *const *)s->docs;
    job.doc_count = opt->operand_count;
    job.locale = opt->script.locale;
    job.voice = opt->voice;
    job.script = opt->script;
    job.files = &file;
    job.file_count = 1;
    job.overwrite = opt->overwrite;
    publish_options_apply(&opt->publish, &job, &file);
    job.tags.article = opt->operands[0];
    job.ctx = s;
    job.progress = on_progress;
    job.said = on_said;
    job.warning = on_warning;
    job.narrating = on_narrating;
    job.beside_ctx = s;
    job.beside = on_beside;
    return start_at(opt, s->docs[0], &job.from) ? produce(s, &job) : EXIT_FAILED;
}

int save_articles(const options *opt)
{
    saving s = {.opt = opt, .docs = calloc(opt->operand_count + 1, sizeof(nr_document *))};
    int code = EXIT_FAILED;
    size_t count = 0;
    if (!s.docs)
        complain("out of memory");
    while (s.docs && count < opt->operand_count) {
        options one = *opt;
        one.article = opt->operands[count];
        if (!(s.docs[count] = open_article(&one)))
            break;
        count++;
    }
    if (s.docs && count == opt->operand_count)
        code = save_documents(&s);
    while (count-- > 0)
        nr_document_free(s.docs[count]);
    free(s.docs);
    if (code == EXIT_FAILED)
        signals_raise();
    return code;
}
