#include "voice/wire.h"

typedef struct speech_head {
    uint32_t say_bytes, words;
    int32_t rate, pitch;
    uint32_t flags;
    char lang[16];
} speech_head;

nr_status nr_wire_put_speech(nr_buffer *job, const nr_speech *s)
{
    speech_head head = {(uint32_t)s->say.n, (uint32_t)s->word_count, s->rate, s->pitch, s->flags, {0}};
    memcpy(head.lang, s->lang, sizeof head.lang);
    nr_buffer_put(job, &head, sizeof head);
    nr_buffer_put(job, s->words, s->word_count * sizeof *s->words);
    return nr_buffer_put_view(job, s->say);
}

static bool take(nr_view *rest, void *out, size_t n)
{
    if (rest->n < n)
        return false;
    if (n)
        memcpy(out, rest->p, n);
    rest->p += n;
    rest->n -= n;
    return true;
}

bool nr_wire_take_speech(nr_view *rest, nr_speech *speech, nr_spoken_word *words, size_t max_words)
{
    speech_head head;
    if (!take(rest, &head, sizeof head) || head.words > max_words ||
        !take(rest, words, head.words * sizeof *words) || rest->n < head.say_bytes)
        return false;
    *speech = (nr_speech){.say = {rest->p, head.say_bytes},
                          .words = words,
                          .word_count = head.words,
                          .rate = head.rate,
                          .pitch = head.pitch,
                          .flags = (uint8_t)head.flags};
    memcpy(speech->lang, head.lang, sizeof head.lang);
    speech->lang[sizeof head.lang - 1] = '\0';
    rest->p += head.say_bytes;
    rest->n -= head.say_bytes;
    uint32_t at = 0;
    for (uint32_t i = 0; i < head.words; i++) {
        if (words[i].start < at || words[i].end < words[i].start || words[i].end > head.say_bytes)
            return false;
        at = words[i].end;
    }
    return true;
}

ptrdiff_t nr_wire_take_record(nr_view bytes, nr_wire_record *record, nr_view *payload)
{
    if (bytes.n < sizeof *record)
        return 0;
    memcpy(record, bytes.p, sizeof *record);
    if (record->kind < NR_RECORD_PCM || record->kind > NR_RECORD_DONE || record->size > NR_WIRE_RECORD_MAX ||
        (record->kind == NR_RECORD_PCM && record->size % sizeof(int16_t)) ||
        (record->kind == NR_RECORD_MARK && record->size != sizeof(nr_wire_mark)))
        return -1;
    if (bytes.n - sizeof *record < record->size)
        return 0;
    *payload = (nr_view){bytes.p + sizeof *record, record->size};
    return (ptrdiff_t)(sizeof *record + record->size);
}
