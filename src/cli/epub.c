/* epub: an article, or a book, as a talking book. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/signals.h"
#include "publish/epub.h"

#if NR_HAVE_BOOKS

static void on_warning(void *ctx, const char *message)
{
    (void)ctx;
    complain("%s", message);
}

static void on_narrating(void *ctx, nr_narrator *narrator)
{
    (void)ctx;
    signals_cancel(narrator);
}

static void report(const options *opt, const epub_result *r)
{
    unsigned seconds = (unsigned)(r->seconds + 0.5);
    if (!opt->quiet && r->unspoken)
        complain("%zu of %zu sentences are not found in the book's files as they are said, and are not heard in its overlays",
                 r->unspoken, r->sentences);
    if (!opt->quiet)
        complain("wrote '%s': %u:%02u:%02u, %zu words", opt->output, seconds / 3600, seconds / 60 % 60, seconds % 60, r->words);
}

int make_epub(const options *opt)
{
    publish_job job;
    publish_job_init(&job);
    job.voice = opt->voice;
    job.script = opt->script;
    job.locale = opt->script.locale;
    job.warning = on_warning;
    job.narrating = on_narrating;
    publish_file file = {.format = opt->format ? opt->format : "mp3"};
    if (strcmp(file.format, "mp3") != 0 && strcmp(file.format, "m4a") != 0) {
        complain("a talking book's sound is mp3 or m4a, not '%s': readers of EPUB 3.2 take no other", file.format);
        return EXIT_USAGE;
    }
    job.files = &file;
    job.file_count = 1;
    publish_options_apply(&opt->publish, &job, &file);
    job.tags.article = opt->article;
    const epub_options how = {.job = &job, .words = opt->overlay_words, .overwrite = opt->overwrite};
    epub_result result;
    nr_error err;
    nr_status s;
    if (epub_is_book(opt->article) && opt->publish.tags.cover) {
        complain("'%s' is a book with a cover of its own; --cover is for articles", opt->article);
        return EXIT_USAGE;
    }
    if (epub_is_book(opt->article)) {
        signals_watch();
        s = epub_from_book(opt->article, opt->output, &how, &signals_caught, &result, &err);
    } else {
        nr_document *doc = open_article(opt);
        if (!doc)
            return EXIT_FAILED;
        signals_watch();
        s = epub_from_article(doc, opt->output, &how, &signals_caught, &result, &err);
        nr_document_free(doc);
    }
    signals_raise();
    if (s)
        return failed(&err);
    report(opt, &result);
    return EXIT_DONE;
}

#else

int make_epub(const options *opt)
{
    (void)opt;
    complain("this narrate was built without EPUB (NR_WITH_BOOKS)");
    return EXIT_FAILED;
}

#endif
