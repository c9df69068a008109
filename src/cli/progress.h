/* progress.h - the line on a terminal that tells how far a file is, and the one that tells it is done. */
#ifndef NR_CLI_PROGRESS_H
#define NR_CLI_PROGRESS_H

#include "cli/cli.h"

typedef struct progress {
    bool wanted, shown;
    int last;
} progress;

void progress_init(progress *p, const options *opt);
void progress_show(progress *p, double share, double seconds);
void progress_clear(progress *p);
/* "wrote 'talk.mp3': 0:03:20, 512 words", or the same as JSON. */
void progress_report(const options *opt, double seconds, size_t words, size_t left_out);

#endif
