#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void progress_init(progress *p, const options *opt)
{
    bool terminal = isatty(STDERR_FILENO);
    *p = (progress){.wanted = opt->command == CMD_SAVE && !opt->quiet && !opt->plain && terminal, .last = -1};
}

void progress_show(progress *p, double share, double seconds)
{
    int percent = (int)(100 * share);
    unsigned s = (unsigned)seconds;
    if (!p->wanted || percent == p->last)
        return;
    p->last = percent;
    fprintf(stderr, "\r%3d%%  %u:%02u:%02u ", percent, s / 3600, s / 60 % 60, s % 60);
    p->shown = true;
}

void progress_clear(progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}

void progress_report(const options *opt, double seconds, size_t words, size_t left_out)
{
    unsigned s = (unsigned)(seconds + 0.5);
    if (opt->command != CMD_SAVE)
        return;
    if (opt->json) {
        printf("{\"seconds\": %.3f, \"words\": %zu, \"left_out\": %zu}\n", seconds, words, left_out);
        return;
    }
    if (opt->quiet)
        return;
    complain("wrote '%s': %u:%02u:%02u, %zu words",
             strcmp(opt->output, "-") == 0 ? "standard output" : opt->output, s / 3600, s / 60 % 60, s % 60, words);
}
