#include "player/cues.h"

#include <stdlib.h>
#include <string.h>

bool cues_put(cues *c, cue one)
{
    if (c->first && c->first + c->count == c->cap) {
        memmove(c->all, c->all + c->first, c->count * sizeof *c->all);
        c->first = 0;
    }
    if (c->first + c->count == c->cap) {
        size_t cap = c->cap ? c->cap * 2 : 256;
        cue *all = realloc(c->all, cap * sizeof *all);
        if (!all)
            return false;
        c->all = all;
        c->cap = cap;
    }
    c->all[c->first + c->count++] = one;
    return true;
}

const cue *cues_peek(const cues *c) { return c->count ? &c->all[c->first] : NULL; }

cue cues_pop(cues *c)
{
    c->count--;
    return c->all[c->first++];
}

void cues_clear(cues *c) { c->first = c->count = 0; }
