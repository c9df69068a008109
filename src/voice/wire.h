/* wire.h - what the narrator and a voice server say to each other. Both are built together and run on one machine, so
 * integers are native; but a child that went wrong may write anything, so every length is checked on arrival.
 *
 * The server is started with a SOCK_SEQPACKET socket as descriptor NR_WIRE_FD and answers with one nr_wire_hello. Then it
 * takes requests: a job comes with the descriptor of a pipe (SCM_RIGHTS) to which a child of its own writes records;
 * the pipe ends with a NR_RECORD_DONE, or early when the child died. Closing the socket ends the server and its
 * children. */
#ifndef NR_VOICE_WIRE_H
#define NR_VOICE_WIRE_H

#include "base/buffer.h"
#include "voice/voice.h"

enum {
    NR_WIRE_FD = 3,
    NR_WIRE_JOB_MAX = 60000,      /* bytes of a request */
    NR_WIRE_RECORD_MAX = 1 << 16, /* bytes of a record's payload */
    NR_WIRE_CHILDREN_MAX = 128
};

typedef struct nr_wire_hello {
    uint32_t status; /* nr_status; msg tells why it is not NR_OK */
    int32_t sample_rate;
    char voice[64]; /* "espeak:en-gb" */
    char msg[400];
} nr_wire_hello;

enum { NR_REQUEST_JOB = 1, NR_REQUEST_KILL = 2 };

typedef struct nr_wire_request {
    uint32_t kind;
    uint32_t id;
    uint32_t utterances; /* that follow, in a job */
} nr_wire_request;

/* Appends an utterance to a job. */
nr_status nr_wire_put_speech(nr_buffer *job, const nr_speech *speech);
/* Takes one off the front of *rest. words has room for max_words. False when the bytes are not well-formed. */
bool nr_wire_take_speech(nr_view *rest, nr_speech *speech, nr_spoken_word *words, size_t max_words);

enum {
    NR_RECORD_PCM = 1,   /* 16-bit samples */
    NR_RECORD_MARK = 2,  /* nr_wire_mark */
    NR_RECORD_SPOKEN = 3, /* an utterance is complete; no payload */
    NR_RECORD_FAILED = 4, /* an utterance could not be said; the payload is why */
    NR_RECORD_DONE = 5   /* the job is complete; no payload */
};

typedef struct nr_wire_record {
    uint32_t kind, size;
} nr_wire_record;

typedef struct nr_wire_mark {
    uint32_t word;
    uint32_t frame;
} nr_wire_mark;

/* The first record of bytes: 0 when it is not there in full yet, else its size with the header; -1 when this is no
 * record. payload views into bytes. */
ptrdiff_t nr_wire_take_record(nr_view bytes, nr_wire_record *record, nr_view *payload);

#endif
