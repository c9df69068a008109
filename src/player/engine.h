/* engine.h - plays a document: synthesises ahead, knows which word is heard, obeys at once. No screen, no keys.
 *
 * Two threads of its own. The teller runs nr_narrate() into a ring of a few seconds; the feeder takes from the ring,
 * changes speed and volume, and writes to the device a hundredth of a second at a time, so that whatever is asked for
 * acts as soon as what the device holds has been heard. Marks travel with the sound, and their place is counted in frames
 * given to the device; what is heard is that less the device's delay.
 *
 * All calls come from one thread, the owner's. They return at once, but for engine_play(), engine_voice() and
 * engine_close(), which wait (milliseconds) for the teller to leave the script in hand. */
#ifndef NR_PLAYER_ENGINE_H
#define NR_PLAYER_ENGINE_H

#include "narrate.h"

typedef struct engine engine;

typedef struct engine_options {
    nr_voice_options voice;
    const char *device; /* NULL: the default */
    double speed;       /* TEMPO_MIN to TEMPO_MAX */
    int volume;         /* percent, 0 to 200 */
    bool paused;        /* begin so */
    /* Where sound goes instead of a speaker, for the tests; called on the feeder's thread, also when a device is tried
     * again. */
    nr_status (*open_sink)(void *ctx, nr_sink **out, nr_error *err);
    void *ctx;
} engine_options;

typedef enum engine_event_kind {
    ENGINE_SENTENCE, /* its first word begins to be heard: span */
    ENGINE_ENDED,    /* all was heard, or what was asked for up to engine_play()'s end */
    ENGINE_LOST,     /* the device failed: text. It is tried again until it returns */
    ENGINE_BACK,     /* it returned, and the word that was interrupted is said again */
    ENGINE_WARNING,  /* something was left out: text */
    ENGINE_FAILED    /* for good: text */
} engine_event_kind;

typedef struct engine_event {
    engine_event_kind kind;
    nr_span span;
    char text[480];
} engine_event;

typedef struct engine_state {
    bool paused, lost, ended;
    bool started;      /* something of the document in hand was heard */
    nr_span word;      /* being heard, or heard last */
    nr_span sentence;
    double next_ms;    /* until the next word is heard; < 0: not known yet */
    double speed;
    int volume;
    uint64_t heard;    /* frames of the device since the start */
    uint64_t underruns;
    int sample_rate;   /* 0: not known yet */
    char voice[96];    /* "" at first */
} engine_state;

/* Milliseconds of the monotonic clock at which the first of each happened; 0: not yet. */
typedef struct engine_times {
    double voice, script, sound, device, written;
} engine_times;

nr_status engine_open(engine **out, const engine_options *opt, nr_error *err);
void engine_close(engine *e);

/* From the word at offset `from` up to the first sentence that begins at `until` or later (UINT32_MAX: to the end). The
 * document must live until the next engine_play() or engine_close(). chime: a short one before. */
void engine_play(engine *e, const nr_document *doc, const nr_script_options *script, const char *locale, uint32_t from,
                 uint32_t until, bool chime);
void engine_seek(engine *e, uint32_t from);
void engine_until(engine *e, uint32_t until);
/* Going on says the word in which it paused again. */
void engine_pause(engine *e, bool paused);
/* False where this build cannot. */
bool engine_speed(engine *e, double speed);
void engine_volume(engine *e, int volume);
/* From the word in hand on; a name that does not exist ends in ENGINE_FAILED, so give one of nr_voices(). */
void engine_voice(engine *e, const char *voice);

engine_state engine_now(engine *e);
engine_times engine_first(engine *e);
/* Readable when there are events. */
int engine_fd(const engine *e);
bool engine_next(engine *e, engine_event *out);

#endif
