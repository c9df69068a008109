/* player.h - listening live: a session with a face, steered by keys, a control socket and D-Bus. */
#ifndef NR_PLAYER_PLAYER_H
#define NR_PLAYER_PLAYER_H

#include "player/session.h"

typedef struct player_options {
    session_options session;
    bool quiet, plain, stats;
    int resume;          /* 1: yes, 0: no, -1: where there is a terminal */
    const char *control; /* a FIFO that is there, or a socket to be made; NULL: the usual socket only */
    double began;        /* milliseconds of the monotonic clock when the program started, for --stats */
} player_options;

/* Plays until the end, "quit" or a signal. Returns an exit code, or minus the signal that ended it. */
int player_run(const player_options *opt);

/* Prints the articles that were begun and not finished. Returns an exit code. */
int player_list(void);

#endif
