/* voice.h - what a voice driver is.
 *
 * A driver turns utterances into mono 16-bit sound and says at which frame each word begins. It runs inside a voice
 * server process (worker.c): `open` is called once in the server, which never speaks; `speak` is called in a short-lived
 * child forked from it, on its only thread, for a few utterances one after the other; `close` only where the server
 * ends in an orderly way. A driver may crash, hang or leak in `speak` without harm to anyone else, but its output must
 * depend on nothing but what it was opened with and what it was given to speak since the fork.
 *
 * Mandatory: name, list, open, sample rate, speak, close. What must not happen: reading or writing anything but the
 * emitter in `speak` (the process is confined), printing, calling exit().
 *
 * null.c is the template to read first. */
#ifndef NR_VOICE_VOICE_H
#define NR_VOICE_VOICE_H

#include "base/view.h"
#include "narrate.h"

/* Where a driver pushes what it makes, in order. Any status but NR_OK must be returned from speak() at once. */
typedef struct nr_emitter {
    void *ctx;
    nr_status (*pcm)(void *ctx, const int16_t *samples, size_t frames);
    /* Word `index` of the utterance begins at `frame` of the utterance's sound. Before or after its samples; frames
     * never go back; words may be left out (the narrator places them between their neighbours). */
    nr_status (*mark)(void *ctx, uint32_t index, uint64_t frame);
} nr_emitter;

typedef struct nr_voice_params {
    const char *voice; /* the driver's own name for it, "en-us"; NULL: one for `language` */
    const char *quote_voice; /* for speech with NR_UTT_QUOTED; NULL: the same */
    const char *language; /* BCP 47 */
    double wpm;        /* 0: its own */
    double pitch;      /* -100 ... 100 */
    double volume;     /* percent, 0-200 */
} nr_voice_params;

/* One utterance as the driver sees it: nr_utterance without what concerns the document. */
typedef struct nr_spoken_word {
    uint32_t start, end; /* bytes of say */
    uint16_t flags;      /* NR_WORD_LETTERS, NR_WORD_EMPHASIS */
} nr_spoken_word;

typedef struct nr_speech {
    nr_view say;
    const nr_spoken_word *words;
    size_t word_count;
    int rate;  /* percent */
    int pitch; /* added */
    uint8_t flags; /* NR_UTT_QUESTION, NR_UTT_QUOTED ... */
    char lang[16]; /* BCP 47, for NR_UTT_FOREIGN; "" for the voice's own */
} nr_speech;

typedef struct nr_voice_driver {
    const char *name;  /* "espeak" */
    const char *about; /* one line */
    nr_status (*open)(void **self, const nr_voice_params *params, int *sample_rate, nr_error *err);
    /* Leading and trailing silence is cut to at most 10 ms: pauses are the narrator's. Synchronous. */
    nr_status (*speak)(void *self, const nr_speech *speech, const nr_emitter *emit, nr_error *err);
    void (*close)(void *self);
    /* Calls add for each voice, without opening one. */
    nr_status (*list)(void (*add)(void *ctx, const nr_voice_info *info), void *ctx, nr_error *err);
    /* Its own name for the voice that open took, such as `list` gives it. Optional. */
    const char *(*called)(void *self);
} nr_voice_driver;

extern const nr_voice_driver *const nr_voice_drivers[]; /* ends with NULL; the first is the default */
extern const nr_voice_driver nr_voice_espeak, nr_voice_null;

#endif
