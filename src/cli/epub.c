/* epub: an article, or a book, as a talking book. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "publish/epub.h"

#if NR_HAVE_BOOKS

static volatile int caught;

static void on_signal(int number) { caught = number; }

static void watch_signals(void)
{
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction old;
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) /* as nohup set it */
            sigaction(numbers[i], &act, NULL);
    }
}

static void on_warning(void *ctx, const char *message)
{
    (void)ctx;
    complain("%s", message);
}

static void report(const options *opt, const epub_result *r)
{
    unsigned seconds = (unsigned)(r->seconds + 0.5);
    if (!opt->quiet && r->unspoken)
        complain("%zu of %zu sentences are not found in the book's files as they are said, and are not heard in its overlays",
                 r->unspoken, r->sentences);
    if (!opt->quiet)
        fprintf(stderr, "narrate: wrote '%s': %u:%02u:%02u, %zu words\n", opt->output, seconds / 3600, seconds / 60 % 60, seconds % 60, r->words);
}

int make_epub(const options *opt)
{
    publish_job job;
    publish_job_init(&job);
    job.voice = opt->voice;
    job.script = opt->script;
    job.locale = opt->script.locale;
    job.warning = on_warning;
    publish_master_usual(&job.master, NULL, "mp3");
    const epub_options how = {.job = &job, .words = opt->overlay_words, .overwrite = opt->overwrite};
    epub_result result;
    nr_error err;
    nr_status s;
    if (epub_is_book(opt->article)) {
        watch_signals();
        s = epub_from_book(opt->article, opt->output, &how, &caught, &result, &err);
    } else {
        nr_document *doc = open_article(opt);
        if (!doc)
            return EXIT_FAILED;
        watch_signals();
        s = epub_from_article(doc, opt->output, &how, &caught, &result, &err);
        nr_document_free(doc);
    }
    if (caught) {
        signal(caught, SIG_DFL); /* so that a shell sees why we ended */
        raise(caught);
    }
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
