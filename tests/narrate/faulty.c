/* A voice for tests, linked into a voice server of their own: like the null voice, but some words go wrong. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "voice/voice.h"
#include "voice/wire.h"

enum { RATE = 22050, WORD_FRAMES = 400, PIPE = NR_WIRE_FD + 2 /* the server has one more of its own */ };

static nr_status faulty_open(void **self, const nr_voice_params *params, int *sample_rate, nr_error *err)
{
    if (params->voice && nr_view_is(nr_view_of(params->voice), "none"))
        return nr_fail(err, NR_EVOICE, 0, "there is no such voice");
    *self = NULL;
    *sample_rate = RATE;
    return NR_OK;
}

static nr_status go_wrong(nr_view word, nr_error *err)
{
    if (nr_view_is(word, "crash"))
        abort();
    if (nr_view_is(word, "vanish"))
        _exit(0);
    if (nr_view_is(word, "goodbye")) { /* all is said, but the job's end is not */
        const nr_wire_record spoken = {NR_RECORD_SPOKEN, 0};
        _exit(write(PIPE, &spoken, sizeof spoken) < 0);
    }
    if (nr_view_is(word, "nonsense"))
        _exit(write(PIPE, "this is no record at all", 24) < 0);
    while (nr_view_is(word, "hang"))
        pause();
    if (nr_view_is(word, "fail"))
        return nr_fail(err, NR_EVOICE, 0, "it will not");
    return NR_OK;
}

static nr_status faulty_speak(void *self, const nr_speech *speech, const nr_emitter *emit, nr_error *err)
{
    (void)self;
    for (size_t i = 0; i < speech->word_count; i++) {
        int16_t samples[WORD_FRAMES];
        nr_view word = nr_view_sub(speech->say.p, speech->words[i].start, speech->words[i].end);
        nr_status s = go_wrong(word, err);
        for (size_t k = 0; k < WORD_FRAMES; k++)
            samples[k] = (int16_t)(100 * (i + 1) + word.n);
        if (!s && i % 3 != 1) /* some words are never announced */
            s = emit->mark(emit->ctx, (uint32_t)i, i * WORD_FRAMES);
        if (!s)
            s = emit->pcm(emit->ctx, samples, WORD_FRAMES);
        if (s)
            return s;
    }
    return NR_OK;
}

static void faulty_close(void *self) { (void)self; }

static nr_status faulty_list(void (*add)(void *ctx, const nr_voice_info *info), void *ctx, nr_error *err)
{
    (void)err;
    nr_voice_info info = {"faulty:one", "faulty", "en-GB", "a voice that goes wrong", 'f'};
    add(ctx, &info);
    return NR_OK;
}

static const nr_voice_driver faulty = {"faulty", "goes wrong", faulty_open, faulty_speak, faulty_close, faulty_list};

const nr_voice_driver *const nr_voice_drivers[] = {&faulty, &nr_voice_null, NULL};
