#include "player/tempo.h"

#include <string.h>

#if NR_HAVE_SONIC
#include <sonic.h>
#endif

enum { LOWEST_HZ = 65 }; /* libsonic looks for no lower pitch, so it holds back at most two periods of it */

void tempo_open(tempo *t, int sample_rate, double speed)
{
    *t = (tempo){.sample_rate = sample_rate, .speed = 1};
    tempo_set(t, speed);
}

void tempo_close(tempo *t)
{
#if NR_HAVE_SONIC
    if (t->sonic)
        sonicDestroyStream(t->sonic);
#endif
    t->sonic = NULL;
}

void tempo_reset(tempo *t)
{
    double speed = t->speed;
    tempo_close(t);
    tempo_open(t, t->sample_rate, speed);
}

#if NR_HAVE_SONIC

bool tempo_set(tempo *t, double speed)
{
    if (!t->sonic && speed != 1) {
        t->sonic = sonicCreateStream(t->sample_rate, 1);
        if (!t->sonic)
            return false;
        if (t->waiting)
            sonicWriteShortToStream(t->sonic, t->through, (int)t->waiting);
        t->waiting = 0;
    }
    if (t->sonic)
        sonicSetSpeed(t->sonic, (float)speed);
    t->speed = speed;
    return true;
}

static size_t take_changed(tempo *t, int16_t *samples, size_t most)
{
    size_t n = (size_t)sonicReadShortFromStream(t->sonic, samples, (int)most);
    double inside = 2.0 * t->sample_rate / LOWEST_HZ + sonicSamplesAvailable(t->sonic) * t->speed;
    t->position += (double)n * t->speed;
    if (t->position < (double)t->fed - inside)
        t->position = (double)t->fed - inside;
    if (t->position > (double)t->fed)
        t->position = (double)t->fed;
    return n;
}

static bool give_changed(tempo *t, const int16_t *samples, size_t frames)
{
    return sonicWriteShortToStream(t->sonic, (short *)(uintptr_t)samples, (int)frames);
}

void tempo_end(tempo *t)
{
    if (t->sonic)
        sonicFlushStream(t->sonic);
}

#else

bool tempo_set(tempo *t, double speed)
{
    t->speed = 1;
    return speed == 1;
}

static size_t take_changed(tempo *t, int16_t *samples, size_t most)
{
    (void)t, (void)samples, (void)most;
    return 0;
}

static bool give_changed(tempo *t, const int16_t *samples, size_t frames)
{
    (void)t, (void)samples, (void)frames;
    return false;
}

void tempo_end(tempo *t) { (void)t; }

#endif

size_t tempo_wants(const tempo *t, size_t frames)
{
    double n = (double)frames * t->speed;
    return n > TEMPO_GIVE ? TEMPO_GIVE : n < 1 ? 1 : (size_t)n;
}

bool tempo_give(tempo *t, const int16_t *samples, size_t frames)
{
    if (t->sonic && !give_changed(t, samples, frames))
        return false;
    if (!t->sonic) {
        memcpy(t->through + t->waiting, samples, frames * sizeof *samples);
        t->waiting += frames;
    }
    t->fed += frames;
    return true;
}

size_t tempo_take(tempo *t, int16_t *samples, size_t most)
{
    if (t->sonic)
        return take_changed(t, samples, most);
    size_t n = t->waiting < most ? t->waiting : most;
    memcpy(samples, t->through, n * sizeof *samples);
    memmove(t->through, t->through + n, (t->waiting - n) * sizeof *samples);
    t->waiting -= n;
    t->position += (double)n;
    return n;
}
