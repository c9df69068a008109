/* chunk.h - a few utterances that one child speaks.
 *
 * Where chunks begin and end depends on the script alone, never on the workers: the first is one utterance, so that sound
 * starts at once, and they grow to about a kilobyte, which is a minute of sound and makes the cost of a fork vanish. */
#ifndef NR_NARRATE_CHUNK_H
#define NR_NARRATE_CHUNK_H

#include "base/arena.h"
#include "base/buffer.h"
#include "narrate.h"

typedef struct nr_chunk {
    nr_arena arena;
    nr_utterance *utterances; /* copies: a script's utterance lives only until the next */
    size_t count, cap;
    /* The state of its rendering, the narrator's. */
    size_t done;       /* utterances delivered or left out */
    size_t job_first;  /* the utterance that the running job began with */
    size_t job_count;
    int failures;      /* of the job in hand */
    bool one_by_one;
    int pipe;          /* -1: no job is running */
    uint32_t id;
    bool ended;        /* the job said that it is complete */
    size_t next;       /* the utterance whose records come next */
    nr_buffer bytes;   /* records not taken yet */
    size_t taken;      /* of bytes */
    nr_buffer sound;   /* of the utterance in hand */
    uint32_t *frames;  /* where its words begin; NO_FRAME where nobody said */
    size_t frames_cap;
    uint64_t heard_at; /* milliseconds: when something last came */
} nr_chunk;

#define NR_NO_FRAME UINT32_MAX

/* Takes the script's next utterances as chunk number `index`. count is 0 at the script's end. */
nr_status nr_chunk_fill(nr_chunk *chunk, nr_script *script, size_t index, nr_error *err);
/* The request for utterances [first, first + count), with room for the nr_wire_request in front. */
nr_status nr_chunk_write_job(const nr_chunk *chunk, size_t first, size_t count, nr_buffer *job);
/* Empties it, keeping its memory for the next use. */
void nr_chunk_reset(nr_chunk *chunk);
void nr_chunk_free(nr_chunk *chunk);

#endif
