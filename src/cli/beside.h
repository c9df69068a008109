/* beside.h - what is written beside the sound: captions and transcripts, as the options ask for them. */
#ifndef NR_CLI_BESIDE_H
#define NR_CLI_BESIDE_H

#include <stdbool.h>

#include "publish/captions.h"

enum { BESIDE_OPTION_FIRST = 1000, OPT_CAPTIONS = BESIDE_OPTION_FIRST, OPT_TRANSCRIPT, OPT_CAPTION_WORDS, BESIDE_OPTION_END };
enum { BESIDE_MAX = 16 };

typedef struct beside_options {
    struct {
        const char *path; /* NULL: beside the sound, by its name */
        beside_kind kind;
    } files[BESIDE_MAX];
    unsigned count;
    bool words;
} beside_options;

/* NULL, or what the argument should have been. */
const char *beside_options_take(beside_options *b, int option, const char *arg);
/* Before anything is said: every file could be written. sound: the sound's name. False: it has complained. */
bool beside_ready(const beside_options *b, const char *sound, bool overwrite);
/* Writes them all, to appear with `with` where that is not NULL. False: it has complained. */
bool beside_write(const beside_options *b, const timeline *t, const char *sound, bool overwrite, bool quiet, nr_output_set *with);

#endif
