#include "narrate/chunk.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "voice/wire.h"

enum { FIRST_BYTES = 1, FULL_BYTES = 1000 };

/* 1 (so: one utterance), 125, 250, 500, 1000, 1000, ... */
static size_t size_of(size_t index)
{
    if (index == 0)
        return FIRST_BYTES;
    return index < 4 ? (size_t)FULL_BYTES >> (4 - index) : FULL_BYTES;
}

static bool copy_utterance(nr_chunk *chunk, const nr_utterance *u)
{
    nr_utterance *all = nr_arena_grow(&chunk->arena, chunk->utterances, &chunk->cap, chunk->count + 1, sizeof *all);
    if (!all)
        return false;
    chunk->utterances = all;
    nr_utterance *copy = &all[chunk->count];
    *copy = *u;
    nr_said_word *words = nr_arena_calloc(&chunk->arena, u->word_count, sizeof *words);
    copy->say = nr_arena_copy(&chunk->arena, u->say);
    if (!words || !copy->say.p)
        return false;
    if (u->word_count)
        memcpy(words, u->words, u->word_count * sizeof *words);
    copy->words = words;
    chunk->count++;
    return true;
}

nr_status nr_chunk_fill(nr_chunk *chunk, nr_script *script, size_t index, nr_error *err)
{
    nr_chunk_reset(chunk);
    size_t bytes = 0, wanted = size_of(index);
    while (bytes < wanted) {
        const nr_utterance *u;
        nr_status s = nr_script_next(script, &u, err);
        if (s)
            return s;
        if (!u)
            break;
        if (!copy_utterance(chunk, u))
            return nr_fail_memory(err);
        bytes += u->say.n + 1;
    }
    return NR_OK;
}

static nr_status put_utterance(const nr_utterance *u, nr_buffer *job)
{
    nr_spoken_word *words = malloc((u->word_count + 1) * sizeof *words);
    if (!words)
        return job->failed = NR_ENOMEM;
    for (size_t i = 0; i < u->word_count; i++)
        words[i] = (nr_spoken_word){u->words[i].start, u->words[i].end, u->words[i].flags};
    nr_speech speech = {.say = u->say,
                        .words = words,
                        .word_count = u->word_count,
                        .rate = u->rate,
                        .pitch = u->pitch,
                        .flags = u->flags};
    if (u->flags & NR_UTT_FOREIGN)
        snprintf(speech.lang, sizeof speech.lang, "%s", u->lang);
    nr_status s = nr_wire_put_speech(job, &speech);
    free(words);
    return s;
}

nr_status nr_chunk_write_job(const nr_chunk *chunk, size_t first, size_t count, nr_buffer *job)
{
    nr_wire_request head = {0};
    nr_buffer_truncate(job, 0);
    nr_buffer_put(job, &head, sizeof head);
    for (size_t i = first; i < first + count && !job->failed; i++)
        put_utterance(&chunk->utterances[i], job);
    return job->failed;
}

void nr_chunk_reset(nr_chunk *chunk)
{
    nr_arena_reset(&chunk->arena);
    if (chunk->pipe >= 0)
        close(chunk->pipe);
    nr_buffer_truncate(&chunk->bytes, 0);
    nr_buffer_truncate(&chunk->sound, 0);
    *chunk = (nr_chunk){.arena = chunk->arena,
                        .pipe = -1,
                        .bytes = chunk->bytes,
                        .sound = chunk->sound,
                        .frames = chunk->frames,
                        .frames_cap = chunk->frames_cap};
}

void nr_chunk_free(nr_chunk *chunk)
{
    nr_chunk_reset(chunk);
    nr_arena_free(&chunk->arena);
    nr_buffer_free(&chunk->bytes);
    nr_buffer_free(&chunk->sound);
    free(chunk->frames);
    chunk->frames = NULL;
}
