/* buffer.h - a growable byte buffer that demands a maximum.
 *
 * Invariants: n <= cap <= max; p is NULL until something was put; p[n] is '\0' when p is not NULL.
 * Once a put fails (out of memory, or past max) `failed` holds the status and every later put is a no-op that
 * returns it, so a run of puts may be checked once at its end. */
#ifndef NR_BASE_BUFFER_H
#define NR_BASE_BUFFER_H

#include "base/view.h"

typedef struct nr_buffer {
    char *p;
    size_t n, cap, max;
    nr_status failed;
} nr_buffer;

#define NR_BUFFER_INIT(limit) ((nr_buffer){NULL, 0, 0, (limit), NR_OK})

nr_status nr_buffer_put(nr_buffer *b, const void *bytes, size_t n);
nr_status nr_buffer_put_view(nr_buffer *b, nr_view v);
nr_status nr_buffer_put_string(nr_buffer *b, const char *s);
nr_status nr_buffer_put_char(nr_buffer *b, char c);
/* A code point as UTF-8; what is no scalar value is put as U+FFFD. */
nr_status nr_buffer_put_code(nr_buffer *b, uint32_t code);
nr_status nr_buffer_printf(nr_buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for n more bytes at b->p + b->n; the caller adds to b->n what it wrote. */
nr_status nr_buffer_reserve(nr_buffer *b, size_t n);
void nr_buffer_truncate(nr_buffer *b, size_t n);
/* The bytes become the caller's (free()); the buffer is empty again. NULL only when failed. */
char *nr_buffer_detach(nr_buffer *b, size_t *n);
void nr_buffer_free(nr_buffer *b);

static inline nr_view nr_buffer_view(const nr_buffer *b) { return (nr_view){b->p ? b->p : "", b->n}; }

#endif
