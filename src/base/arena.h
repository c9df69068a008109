/* arena.h - memory that is freed all at once.
 *
 * Blocks of growing size, up to 64 kB unless one allocation needs more. An allocation that fails returns NULL and
 * leaves the arena as it was. nr_arena_reset keeps the first block, so a loop that resets does not allocate. */
#ifndef NR_BASE_ARENA_H
#define NR_BASE_ARENA_H

#include "base/view.h"

typedef struct nr_arena_block nr_arena_block;

typedef struct nr_arena {
    nr_arena_block *head; /* the block in use; older ones behind it */
    char *at, *end;
} nr_arena;

#define NR_ARENA_INIT ((nr_arena){NULL, NULL, NULL})

/* n bytes, aligned for any type, not cleared. n = 0 gives a valid pointer. */
void *nr_arena_alloc(nr_arena *a, size_t n);
/* Cleared; NULL when count * size overflows. */
void *nr_arena_calloc(nr_arena *a, size_t count, size_t size);
/* A copy with a NUL behind it; {NULL, 0} when out of memory. */
nr_view nr_arena_copy(nr_arena *a, nr_view v);
char *nr_arena_string(nr_arena *a, nr_view v); /* the same as a C string */
/* Makes an array of *cap elements hold at least need; grown by doubling, old contents copied. NULL: out of memory. */
void *nr_arena_grow(nr_arena *a, void *array, size_t *cap, size_t need, size_t size);
void nr_arena_reset(nr_arena *a);
void nr_arena_free(nr_arena *a);

#endif
