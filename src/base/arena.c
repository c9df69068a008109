#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

enum { FIRST = 4096, LARGEST = 65536 };

struct nr_arena_block {
    nr_arena_block *older;
    size_t size;
    alignas(max_align_t) char bytes[];
};

static size_t round_up(size_t n) { return (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1); }

static bool add_block(nr_arena *a, size_t need)
{
    size_t size = a->head ? a->head->size * 2 : FIRST;
    if (size > LARGEST)
        size = LARGEST;
    if (size < need)
        size = need;
    nr_arena_block *b = malloc(sizeof *b + size);
    if (!b)
        return false;
    b->older = a->head;
    b->size = size;
    a->head = b;
    a->at = b->bytes;
    a->end = b->bytes + size;
    return true;
}

void *nr_arena_alloc(nr_arena *a, size_t n)
{
    if (n > SIZE_MAX / 2)
        return NULL;
    n = round_up(n);
    if ((!a->head || n > (size_t)(a->end - a->at)) && !add_block(a, n))
        return NULL;
    void *p = a->at;
    a->at += n;
    return p;
}

void *nr_arena_calloc(nr_arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    void *p = nr_arena_alloc(a, count * size);
    return p ? memset(p, 0, count * size) : NULL;
}

nr_view nr_arena_copy(nr_arena *a, nr_view v)
{
    char *p = v.n < SIZE_MAX / 4 ? nr_arena_alloc(a, v.n + 1) : NULL;
    if (!p)
        return (nr_view){NULL, 0};
    if (v.n)
        memcpy(p, v.p, v.n);
    p[v.n] = '\0';
    return (nr_view){p, v.n};
}

char *nr_arena_string(nr_arena *a, nr_view v) { return (char *)nr_arena_copy(a, v).p; }

void *nr_arena_grow(nr_arena *a, void *array, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap)
        return array;
    size_t more = *cap ? *cap * 2 : 16;
    if (more < need)
        more = need;
    if (more > SIZE_MAX / 2 / size)
        return NULL;
    void *p = nr_arena_alloc(a, more * size);
    if (!p)
        return NULL;
    if (*cap)
        memcpy(p, array, *cap * size);
    *cap = more;
    return p;
}

void nr_arena_reset(nr_arena *a)
{
    while (a->head && a->head->older) {
        nr_arena_block *older = a->head->older;
        free(a->head);
        a->head = older;
    }
    if (a->head) {
        a->at = a->head->bytes;
        a->end = a->at + a->head->size;
    }
}

void nr_arena_free(nr_arena *a)
{
    while (a->head) {
        nr_arena_block *older = a->head->older;
        free(a->head);
        a->head = older;
    }
    *a = NR_ARENA_INIT;
}
