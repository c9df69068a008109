#include "voice/voice.h"

const nr_voice_driver *const nr_voice_drivers[] = {
    &nr_voice_espeak,
    &nr_voice_null,
    NULL,
};
