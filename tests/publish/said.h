/* said.h - a timeline without a voice: every word of the script takes the same time, pauses are kept. */
#ifndef NR_TESTS_SAID_H
#define NR_TESTS_SAID_H

#include <string.h>

#include "publish/timeline.h"

enum { SAID_RATE = 22050 };

static inline nr_document *said_document(const char *text, size_t n, const char *format)
{
    nr_document *doc = NULL;
    nr_read_options how = {.format = format};
    return nr_document_read(&doc, text, n, &how, NULL) ? NULL : doc;
}

/* ms: of a word. */
static inline bool said_part(timeline *t, const nr_document *doc, unsigned ms, const char *locale)
{
    nr_script_options how = {.locale = locale};
    nr_script *script = NULL;
    const nr_utterance *u = NULL;
    uint64_t at = 0, word = (uint64_t)SAID_RATE * ms / 1000, start = t->frames;
    if (timeline_begin_part(t, doc, start, NULL) || nr_script_new(&script, doc, &how, NULL))
        return false;
    while (nr_script_next(script, &u, NULL) == NR_OK && u) {
        timeline_note_utterance(t, u, at);
        for (size_t i = 0; i < u->word_count; i++, at += word) {
            nr_mark mark = {.kind = NR_MARK_WORD, .frame = at, .span = u->words[i].span};
            timeline_note_mark(t, &mark);
        }
        timeline_note_utterance_end(t, at);
        at += (uint64_t)SAID_RATE * u->pause_ms / 1000;
    }
    nr_script_free(script);
    return timeline_end_part(t, start + at, NULL) == NR_OK;
}

#endif
