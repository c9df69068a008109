/* view.h - a view of bytes that somebody else owns: {pointer, length}, no NUL promised. */
#ifndef NR_BASE_VIEW_H
#define NR_BASE_VIEW_H

#include <string.h>

#include "narrate.h"

#define NR_LIT(s) ((nr_view){"" s, sizeof(s) - 1})

static inline nr_view nr_view_of(const char *s) { return (nr_view){s, s ? strlen(s) : 0}; }

static inline nr_view nr_view_sub(const char *text, size_t start, size_t end)
{
    return (nr_view){text + start, end - start};
}

static inline bool nr_view_eq(nr_view a, nr_view b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool nr_view_is(nr_view a, const char *s) { return nr_view_eq(a, nr_view_of(s)); }

static inline char nr_ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }
static inline bool nr_ascii_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool nr_ascii_upper(char c) { return c >= 'A' && c <= 'Z'; }
static inline bool nr_ascii_alpha(char c) { return nr_ascii_lower(c) >= 'a' && nr_ascii_lower(c) <= 'z'; }
/* White space of ASCII; for all of Unicode see utf8.h. */
static inline bool nr_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* Equal but for the case of ASCII letters. */
static inline bool nr_view_eq_nocase(nr_view a, nr_view b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (nr_ascii_lower(a.p[i]) != nr_ascii_lower(b.p[i]))
            return false;
    return true;
}

static inline bool nr_view_starts(nr_view a, nr_view prefix)
{
    return a.n >= prefix.n && (prefix.n == 0 || memcmp(a.p, prefix.p, prefix.n) == 0);
}

static inline bool nr_view_starts_nocase(nr_view a, nr_view prefix)
{
    return a.n >= prefix.n && nr_view_eq_nocase((nr_view){a.p, prefix.n}, prefix);
}

static inline bool nr_view_ends(nr_view a, nr_view suffix)
{
    return a.n >= suffix.n && memcmp(a.p + a.n - suffix.n, suffix.p, suffix.n) == 0;
}

/* Where the byte or the part first stands, NULL when it does not. In nothing, there is nothing. */
static inline const char *nr_view_find_byte(nr_view v, char c) { return v.n ? memchr(v.p, c, v.n) : NULL; }
static inline const char *nr_view_find(nr_view v, nr_view part) { return v.n ? memmem(v.p, v.n, part.p, part.n) : NULL; }

static inline nr_view nr_view_trim(nr_view v)
{
    while (v.n && nr_ascii_space(v.p[0]))
        v.p++, v.n--;
    while (v.n && nr_ascii_space(v.p[v.n - 1]))
        v.n--;
    return v;
}

#endif
