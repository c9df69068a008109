/* The voice without a voice: a tick at each word's start, as long as the word should take, and nothing else. Its timing
 * depends on nothing but the text and the rate, which is what tests want; it is also the template for a driver. */
#include <stdlib.h>

#include "base/error.h"
#include "voice/voice.h"

enum { SAMPLE_RATE = 22050, TICK = 64, NORMAL_WPM = 175 };

typedef struct null_voice {
    double wpm;
    int16_t loudness;
} null_voice;

static nr_status null_open(void **self, const nr_voice_params *params, int *sample_rate, nr_error *err)
{
    null_voice *v = malloc(sizeof *v);
    if (!v)
        return nr_fail_memory(err);
    v->wpm = params->wpm > 0 ? params->wpm : NORMAL_WPM;
    v->loudness = (int16_t)(8000 * params->volume / 100);
    *sample_rate = SAMPLE_RATE;
    *self = v;
    return NR_OK;
}

/* The tick, then silence to the word's end. */
static nr_status say_word(const null_voice *v, size_t frames, const nr_emitter *emit)
{
    int16_t samples[1024] = {0};
    for (size_t done = 0; done < frames;) {
        size_t n = frames - done < 1024 ? frames - done : 1024;
        for (size_t i = 0; i < n && i < TICK; i++)
            samples[i] = done ? 0 : (int16_t)(i % 16 < 8 ? v->loudness : -v->loudness);
        nr_status s = emit->pcm(emit->ctx, samples, n);
        if (s)
            return s;
        done += n;
    }
    return NR_OK;
}

static nr_status null_speak(void *self, const nr_speech *speech, const nr_emitter *emit, nr_error *err)
{
    (void)err;
    const null_voice *v = self;
    size_t word_frames = (size_t)(SAMPLE_RATE * 60 / (v->wpm * speech->rate / 100));
    for (size_t i = 0; i < speech->word_count; i++) {
        nr_status s = emit->mark(emit->ctx, (uint32_t)i, i * word_frames);
        if (!s)
            s = say_word(v, word_frames, emit);
        if (s)
            return s;
    }
    return NR_OK;
}

static void null_close(void *self) { free(self); }

static nr_status null_list(void (*add)(void *ctx, const nr_voice_info *info), void *ctx, nr_error *err)
{
    (void)err;
    nr_voice_info info = {"null", "null", "mul", "a tick for each word, for tests", '?'};
    add(ctx, &info);
    return NR_OK;
}

const nr_voice_driver nr_voice_null = {
    .name = "null",
    .about = "a tick for each word",
    .open = null_open,
    .speak = null_speak,
    .close = null_close,
    .list = null_list,
};
