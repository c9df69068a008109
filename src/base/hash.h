/* hash.h - FNV-1a (draft-eastlake-fnv), 64 bits: for names and tables, not against anybody who means harm. */
#ifndef NR_BASE_HASH_H
#define NR_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define NR_HASH_START 14695981039346656037u

/* Of what was hashed before, NR_HASH_START at first, and these bytes behind it. */
static inline uint64_t nr_hash(uint64_t before, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++)
        before = (before ^ p[i]) * 1099511628211u;
    return before;
}

#endif
