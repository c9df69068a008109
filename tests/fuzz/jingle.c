/* Any bytes as a sound of the user's own: it is read to one channel at the rate that was asked for, or refused with a message
 * that names it. */
#include <string.h>

#include "publish/jingle.h"
#include "sound_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *path = sound_file(bytes, n);
    recording sound;
    nr_error err = {0};
    int16_t block[100];
    size_t got = 0;
    nr_status s = jingle_read(&sound, path, NULL, 22050, &err);
    check(s ? strstr(err.msg, path) || strstr(err.msg, "resample") : sound.rate == 22050 && sound.frames > 0);
    if (!s) {
        check(sound.frames <= (uint64_t)(JINGLE_MOST + 1) * 22050);
        check(recording_read(&sound, sound.frames - 1, block, 100, &got, NULL) == NR_OK && got == 1);
    }
    recording_close(&sound);
    return 0;
}
