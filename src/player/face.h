/* face.h - what a listener sees, and where keys come from. A face is told what happens; keys() reads the terminal and
 * gives the session commands. All on the session's thread.
 *
 * Mandatory: open, close and the four tellings. The others may be NULL where a face has no use for them. */
#ifndef NR_PLAYER_FACE_H
#define NR_PLAYER_FACE_H

#include <stdio.h>

#include "player/session.h"

typedef struct face_options {
    session *session;
    int terminal; /* descriptor that keys come from; -1: none */
    bool quiet;
    FILE *errors; /* where problems go; standard error itself may be silenced */
} face_options;

typedef struct face {
    /* NULL: this terminal cannot, try a simpler face. */
    void *(*open)(const face_options *opt);
    void (*close)(void *self);
    void (*article)(void *self);
    void (*sentence)(void *self, nr_span span);
    void (*message)(void *self, const char *text);
    void (*problem)(void *self, const char *text);
    void (*keys)(void *self);
    void (*draw)(void *self);    /* often, while it plays */
    void (*resize)(void *self);
    void (*suspend)(void *self); /* the terminal as it was before */
    void (*resume)(void *self);
    void (*crash)(void *self);   /* the same from a signal handler: async-signal-safe calls only */
} face;

extern const face face_lines;
#if NR_HAVE_SCREEN
extern const face face_screen;
#endif

/* "playing, 12%, 1:10 of 9:31, speed 1.2, volume 100%, espeak:en-gb" */
void face_status(session *s, char *out, size_t size);
/* m:ss or h:mm:ss */
void face_time(double seconds, char *out, size_t size);

#endif
