/* The filters: normalise and segment. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    if (nr_normaliser_new(&nz, opt->script.locale, opt->script.lexicon, &err))
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

typedef struct printer {
    const char *text;
} printer;

/* A sentence as one line: white space inside becomes single spaces. */
static int print_sentence(void *ctx, size_t start, size_t end)
{
    const char *p = ((printer *)ctx)->text + start, *stop = ((printer *)ctx)->text + end;
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

static int segment_one(const options *opt, const char *text, size_t n)
{
    nr_error err;
    printer out = {text};
    nr_status s = nr_segment(text, n, opt->script.locale, print_sentence, &out, &err);
    if (s && s != NR_CANCELLED)
        return failed(&err);
    return EXIT_DONE;
}

int segment_texts(const options *opt)
{
    char *text = NULL;
    size_t cap = 0;
    ssize_t n;
    int code = EXIT_DONE;
    /* Without --zero the whole input is one text: there is no NUL in text, so the first one ends it. */
    while (code == EXIT_DONE && (n = getdelim(&text, &cap, '\0', stdin)) >= 0) {
        if (n && text[n - 1] == '\0')
            n--;
        code = segment_one(opt, text, (size_t)n);
        if (opt->zero)
            putchar('\0');
    }
    if (code == EXIT_DONE && ferror(stdin))
        code = read_failed();
    free(text);
    return code == EXIT_DONE ? finish_output() : code;
}
