/* engine_parts.h - what engine.c, teller.c and feeder.c share, and nobody else. */
#ifndef NR_PLAYER_ENGINE_PARTS_H
#define NR_PLAYER_ENGINE_PARTS_H

#include <pthread.h>

#include "player/cues.h"
#include "player/engine.h"

enum {
    RING = 1 << 18,   /* frames: about 12 s */
    EVENTS_MOST = 512 /* past half of it the feeder waits for the owner */
};

/* What is to be told; a new generation makes the teller and the feeder drop what they have. */
typedef struct order {
    const nr_document *doc;
    nr_script_options script;
    char locale[32], voice[96];
    uint32_t from, until;
    bool chime;
    unsigned document, voice_number; /* counts, so that the teller sees what changed */
} order;

struct engine {
    engine_options options;
    char device[128];
    pthread_t teller, feeder;
    bool teller_runs, feeder_runs;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int event_fd;
    bool quit;

    unsigned generation; /* of the order */
    order order;
    nr_narrator *narrator; /* the teller's; others may cancel it while `telling` */
    bool telling;
    char voice[96];

    /* the ring, of ring_generation */
    int16_t *ring;
    uint64_t head, tail;
    cues coming;
    unsigned ring_generation;
    bool told;  /* nothing will follow */
    bool midway; /* the ring's sound begins inside an utterance */
    int rate;

    /* the feeder's, seen by the owner */
    double speed;
    int volume;
    bool paused, lost, ended;
    cues leaving;
    cue heard;
    nr_span told_sentence; /* of the last ENGINE_SENTENCE */
    bool sounding;         /* the device plays */
    uint64_t written, heard_frames;
    double heard_at;       /* engine_clock() when heard_frames were */
    uint64_t underruns_before;
    nr_sink *sink;

    engine_event *events;
    size_t event_first, event_count;
    engine_times first;
};

void *engine_run_teller(void *e);
void *engine_run_feeder(void *e);

/* The rest with the lock held. */
void engine_event_put(engine *e, engine_event_kind kind, nr_span span, const char *text);
/* Sets a time that is still 0. */
void engine_stamp(double *first);
double engine_clock(void); /* milliseconds */
uint64_t engine_heard(const engine *e);
/* What has been heard by now becomes the word in hand, and its sentence is told. */
void engine_advance(engine *e);
/* Where to go on from: the word in hand, or where we were sent and have not been heard yet. */
uint32_t engine_place(const engine *e);
/* A new order, from a place: teller and feeder drop what they have. */
void engine_renew(engine *e, uint32_t from);

#endif
