#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

nr_status nr_buffer_reserve(nr_buffer *b, size_t n)
{
    if (b->failed)
        return b->failed;
    if (n > b->max || b->n > b->max - n)
        return b->failed = NR_ELIMIT;
    size_t need = b->n + n;
    if (need <= b->cap && b->p)
        return NR_OK;
    size_t cap = b->cap ? b->cap + b->cap / 2 : 64;
    if (cap < need)
        cap = need;
    if (cap > b->max)
        cap = b->max;
    char *p = realloc(b->p, cap + 1);
    if (!p)
        return b->failed = NR_ENOMEM;
    if (!b->p)
        *p = '\0';
    b->p = p;
    b->cap = cap;
    return NR_OK;
}

nr_status nr_buffer_put(nr_buffer *b, const void *bytes, size_t n)
{
    if (nr_buffer_reserve(b, n))
        return b->failed;
    if (n)
        memcpy(b->p + b->n, bytes, n);
    b->n += n;
    b->p[b->n] = '\0';
    return NR_OK;
}

nr_status nr_buffer_put_view(nr_buffer *b, nr_view v) { return nr_buffer_put(b, v.p, v.n); }

nr_status nr_buffer_put_string(nr_buffer *b, const char *s) { return nr_buffer_put(b, s, strlen(s)); }

nr_status nr_buffer_put_char(nr_buffer *b, char c) { return nr_buffer_put(b, &c, 1); }

nr_status nr_buffer_put_code(nr_buffer *b, uint32_t code)
{
    char bytes[4];
    return nr_buffer_put(b, bytes, nr_utf8_encode(bytes, code));
}

nr_status nr_buffer_printf(nr_buffer *b, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    if (n < 0)
        return b->failed = NR_EINVAL;
    if (nr_buffer_reserve(b, (size_t)n))
        return b->failed;
    va_start(ap, format);
    vsnprintf(b->p + b->n, (size_t)n + 1, format, ap);
    va_end(ap);
    b->n += (size_t)n;
    return NR_OK;
}

void nr_buffer_truncate(nr_buffer *b, size_t n)
{
    if (n < b->n) {
        b->n = n;
        b->p[n] = '\0';
    }
}

char *nr_buffer_detach(nr_buffer *b, size_t *n)
{
    if (b->failed || nr_buffer_reserve(b, 0))
        return NULL;
    char *p = b->p;
    if (n)
        *n = b->n;
    *b = NR_BUFFER_INIT(b->max);
    return p;
}

void nr_buffer_free(nr_buffer *b)
{
    free(b->p);
    *b = NR_BUFFER_INIT(b->max);
}
