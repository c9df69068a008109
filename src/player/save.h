/* save.h - writes what is left of an article to a sound file, on a thread and with a voice of its own. */
#ifndef NR_PLAYER_SAVE_H
#define NR_PLAYER_SAVE_H

#include "narrate.h"

typedef struct saver saver;

/* The document must live until saver_end(). Fails at once where the file cannot be. */
nr_status saver_begin(saver **out, const nr_document *doc, const nr_script_options *script, const nr_voice_options *voice,
                      const char *locale, uint32_t from, const char *path, nr_error *err);
/* NULL while it works; then a message, once. */
const char *saver_done(saver *s, bool *failed);
/* Stops it where it is still at work; nothing half-written stays. */
void saver_end(saver *s);

#endif
