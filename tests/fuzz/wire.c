/* Any bytes as a job that reaches a voice server, and as the records that come back: what is taken is well-formed. */
#include <stdlib.h>

#include "voice/wire.h"

enum { WORDS = 300 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void take_speeches(nr_view rest)
{
    nr_spoken_word words[WORDS];
    nr_speech speech;
    while (nr_wire_take_speech(&rest, &speech, words, WORDS)) {
        uint32_t at = 0;
        if (speech.word_count > WORDS)
            abort();
        for (size_t i = 0; i < speech.word_count; i++) {
            if (words[i].start < at || words[i].end > speech.say.n)
                abort();
            at = words[i].end;
        }
    }
}

static void take_records(nr_view rest)
{
    nr_wire_record record;
    nr_view payload;
    for (ptrdiff_t size; (size = nr_wire_take_record(rest, &record, &payload)) > 0;) {
        if ((size_t)size > rest.n || payload.n != record.size || payload.p + payload.n > rest.p + rest.n)
            abort();
        rest.p += size;
        rest.n -= (size_t)size;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n == 0)
        return 0;
    nr_view rest = {(const char *)bytes + 1, n - 1};
    (bytes[0] & 1 ? take_speeches : take_records)(rest);
    return 0;
}
