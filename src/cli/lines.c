/* The filters: normalise and segment. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

static int read_failed(void)
{
    complain("cannot read standard input: %s", strerror(errno));
    return EXIT_FAILED;
}

int normalise_lines(const options *opt)
{
    nr_normaliser *nz = NULL;
    nr_error err;
    if (nr_normaliser_new(&nz, opt->script.locale, opt->script.style, opt->script.lexicon, &err))
        return failed(&err);
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    int code = EXIT_DONE;
    while (code == EXIT_DONE && (n = getline(&line, &cap, stdin)) >= 0) {
        if (n && line[n - 1] == '\n')
            n--;
        if (n && line[n - 1] == '\r')
            n--;
        nr_view spoken;
        nr_status s = opt->explain ? nr_normaliser_explain(nz, line, (size_t)n, &spoken, &err)
                                   : nr_normaliser_line(nz, line, (size_t)n, &spoken, &err);
        if (s) {
            code = failed(&err);
            break;
        }
        fwrite(spoken.p, 1, spoken.n, stdout);
        if (!opt->explain || (spoken.n && spoken.p[spoken.n - 1] != '\n'))
            putchar('\n');
    }
    if (code == EXIT_DONE && ferror(stdin))
        code = read_failed();
    free(line);
    nr_normaliser_free(nz);
    return code == EXIT_DONE ? finish_output() : code;
}

/* A sentence as one line: white space inside becomes single spaces. */
static int print_sentence(void *ctx, nr_view sentence)
{
    (void)ctx;
    const char *p = sentence.p, *stop = p + sentence.n;
    while (p < stop) {
        size_t n = 0;
        while (p + n < stop && !((unsigned char)p[n] <= ' ' && p[n] != ' '))
            n++;
        fwrite(p, 1, n, stdout);
        p += n;
        if (p < stop)
            putchar(' ');
        while (p < stop && (unsigned char)*p <= ' ')
            p++;
    }
    putchar('\n');
    return ferror(stdout) ? 1 : 0;
}

/* A piece of input: with --zero each NUL ends a text, without it the whole input is one text and a NUL in it is nothing. */
static nr_status segment_piece(const options *opt, nr_segmenter *segmenter, const char *p, size_t n, bool *open, nr_error *err)
{
    nr_status s = NR_OK;
    while (n && !s) {
        const char *nul = memchr(p, '\0', n);
        size_t part = nul ? (size_t)(nul - p) : n;
        s = nr_segmenter_write(segmenter, p, part, err);
        *open = true;
        if (nul && opt->zero && !s) {
            s = nr_segmenter_end(segmenter, err);
            putchar('\0');
            *open = false;
        }
        p += part + (nul != NULL);
        n -= part + (nul != NULL);
    }
    return s;
}

int segment_texts(const options *opt)
{
    static char piece[1 << 16];
    nr_segmenter *segmenter = NULL;
    nr_error err;
    if (nr_segmenter_new(&segmenter, opt->script.locale, print_sentence, NULL, &err))
        return failed(&err);
    ssize_t n;
    bool open = false;
    nr_status s = NR_OK;
    while (!s && ((n = read(STDIN_FILENO, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR))) {
        if (n > 0)
            s = segment_piece(opt, segmenter, piece, (size_t)n, &open, &err);
        if ((size_t)n < sizeof piece)
            fflush(stdout); /* whoever writes slowly waits for an answer */
    }
    int code = !s && n < 0 ? read_failed() : EXIT_DONE;
    if (!s)
        s = nr_segmenter_end(segmenter, &err);
    if (!s && open && opt->zero)
        putchar('\0');
    nr_segmenter_free(segmenter);
    if (s && s != NR_CANCELLED)
        return failed(&err);
    return code == EXIT_DONE ? finish_output() : code;
}
