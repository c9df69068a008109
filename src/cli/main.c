#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "cli/cli.h"

/* Names of files and titles of the web may hold line ends, what a terminal obeys, and what is no text: each such byte is shown
 * as '?'. */
static void put_line(const char *start, const char *format, va_list ap)
{
    char *line = NULL;
    int n = vasprintf(&line, format, ap);
    unsigned char *p = (unsigned char *)line;
    for (size_t at = 0, good; n > 0 && (good = nr_utf8_valid(line + at, (size_t)n - at)) < (size_t)n - at; at += good + 1)
        line[at + good] = '?';
    for (int i = 0; i < n; i++) {
        bool c1 = p[i] == 0xC2 && p[i + 1] >= 0x80 && p[i + 1] < 0xA0;
        if (p[i] < ' ' || p[i] == 0x7F)
            p[i] = '?';
        else if (c1)
            p[i] = p[i + 1] = '?';
    }
    fflush(stdout);
    fprintf(stderr, "%s%s\n", start, n < 0 ? "out of memory" : line);
    if (n >= 0)
        free(line);
}

void complain(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    put_line("narrate: ", format, ap);
    va_end(ap);
}

void say_line(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    put_line("", format, ap);
    va_end(ap);
}

int failed(const nr_error *err)
{
    complain("%s", err->msg);
    return EXIT_FAILED;
}

int finish_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_DONE;
    complain("cannot write to standard output: %s", strerror(errno ? errno : EIO));
    return EXIT_FAILED;
}

nr_document *open_article(const options *opt)
{
    nr_read_options how = {.format = opt->input_format, .name = opt->article, .max_bytes = opt->max_size,
                           .item = opt->item, .links = opt->script.include >> NR_BLOCK_LINK & 1, .timeout = opt->timeout};
    nr_document *doc = NULL;
    nr_error err;
    if (nr_document_open(&doc, opt->article, &how, &err)) {
        failed(&err);
        return NULL;
    }
    size_t replaced = nr_document_replaced(doc);
    if (replaced && !opt->quiet)
        complain("'%s': %zu place%s could not be decoded as %s and %s replaced", opt->article, replaced,
                 replaced == 1 ? "" : "s", nr_document_charset(doc), replaced == 1 ? "was" : "were");
    for (size_t i = 0; !opt->quiet && nr_document_note(doc, i); i++)
        complain("'%s': %s", opt->article, nr_document_note(doc, i));
    return doc;
}

int main(int argc, char **argv)
{
    options opt;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double began = (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
    int leave = options_parse(&opt, argc, argv);
    if (leave >= 0)
        return leave;
    switch (opt.command) {
    case CMD_PLAY: return opt.marks ? narrate_article(&opt) : play_articles(&opt, began);
    case CMD_SAVE:
        if (save_refuses(&opt))
            return EXIT_USAGE;
        return save_streams(&opt) ? narrate_article(&opt) : save_articles(&opt);
    case CMD_BATCH: return narrate_batch(&opt);
    case CMD_FEED: return narrate_feed(&opt);
    case CMD_PAGE: return make_pages(&opt);
    case CMD_SERVE_PAGE: return serve_pages(&opt);
    case CMD_EPUB: return make_epub(&opt);
    case CMD_READ: return show_document(&opt);
    case CMD_SPOKEN: return show_spoken(&opt);
    case CMD_INFO: return show_info(&opt);
    case CMD_SSML: return show_ssml(&opt);
    case CMD_NORMALISE: return normalise_lines(&opt);
    case CMD_SEGMENT: return segment_texts(&opt);
    case CMD_VOICES: return show_voices(&opt);
    case CMD_DEVICES: return show_devices(&opt);
    case CMD_PAUSE:
    case CMD_TOGGLE:
    case CMD_NEXT:
    case CMD_PREVIOUS:
    case CMD_STATUS:
    case CMD_TELL: return steer_player(&opt);
    }
    return EXIT_USAGE;
}
