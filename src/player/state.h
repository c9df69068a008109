/* state.h - what is remembered of an article between sessions, by its content.
 *
 * A JSON file each in $XDG_STATE_HOME/narrate (or ~/.local/state/narrate), written beside and renamed, so that it is whole
 * at any moment. */
#ifndef NR_PLAYER_STATE_H
#define NR_PLAYER_STATE_H

#include "narrate.h"

enum { STATE_BOOKMARKS = 64 };

typedef struct place {
    char key[17];
    char path[1024], title[256], voice[96];
    uint32_t at, length; /* bytes of the text */
    double speed;
    bool finished;
    int64_t updated;     /* seconds since 1970 */
    uint32_t bookmarks[STATE_BOOKMARKS];
    size_t bookmark_count;
} place;

/* False when nothing (readable) is remembered; out is then empty but for its key. */
bool state_load(const char *key, place *out);
/* False with a message. */
bool state_save(const place *p, nr_error *err);
/* All of them, the latest first, to be freed with free(). */
place *state_list(size_t *count);

#endif
