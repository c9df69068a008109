/* tempo.h - sound at another speed with its pitch kept, by libsonic, and where in the original it is.
 *
 * At speed 1 from the start the sound passes through untouched. One thread. Without NR_HAVE_SONIC the speed stays 1. */
#ifndef NR_PLAYER_TEMPO_H
#define NR_PLAYER_TEMPO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEMPO_MIN 0.5
#define TEMPO_MAX 4.0
enum { TEMPO_GIVE = 2048 }; /* frames that may be given at once */

typedef struct tempo {
    struct sonicStreamStruct *sonic; /* NULL: passes through */
    int sample_rate;
    double speed;
    uint64_t fed;    /* frames of the original given */
    double position; /* frame of the original that the next sample out comes from */
    int16_t through[TEMPO_GIVE];
    size_t waiting;  /* of through */
} tempo;

void tempo_open(tempo *t, int sample_rate, double speed);
void tempo_close(tempo *t);
/* Forgets what is inside; the next sample is frame 0 again. */
void tempo_reset(tempo *t);
/* Acts on the next sample out. False where it cannot be had. */
bool tempo_set(tempo *t, double speed);
/* Original frames to be given next for about `frames` out. */
size_t tempo_wants(const tempo *t, size_t frames);
/* At most TEMPO_GIVE frames, when tempo_take() has nothing more. False when out of memory. */
bool tempo_give(tempo *t, const int16_t *samples, size_t frames);
/* No more will be given: what is inside comes out. */
void tempo_end(tempo *t);
/* At most `most` frames; 0: give more. */
size_t tempo_take(tempo *t, int16_t *samples, size_t most);

#endif
