/* signs.h - the characters that matter to sentence ends. */
#ifndef NR_SEGMENT_SIGNS_H
#define NR_SEGMENT_SIGNS_H

#include "base/view.h"

/* Signs that can end a sentence. */
static inline bool nr_is_stop(uint32_t c)
{
    return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF0E ||
           c == 0x061F || c == 0x06D4 || c == 0x203C || c == 0x2047 || c == 0x2048 || c == 0x2049 || c == 0x0964 ||
           c == 0x0965 || c == 0x1362 || c == 0x1367 || c == 0x2E2E;
}

/* Those after which no space is written. */
static inline bool nr_is_wide_stop(uint32_t c) { return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF0E; }

/* Question and exclamation marks, also together. */
static inline bool nr_is_loud(uint32_t c)
{
    return c == '!' || c == '?' || c == 0xFF01 || c == 0xFF1F || c == 0x061F || c == 0x203C || c == 0x2047 || c == 0x2048 ||
           c == 0x2049 || c == 0x2E2E;
}

static inline bool nr_is_quote(uint32_t c)
{
    return c == '"' || c == '\'' || c == 0x201C || c == 0x201D || c == 0x201E || c == 0x2018 || c == 0x2019 || c == 0xAB ||
           c == 0xBB || c == 0x2039 || c == 0x203A || (c >= 0x300C && c <= 0x300F);
}

static inline bool nr_is_closer(uint32_t c)
{
    return c == '"' || c == '\'' || c == ')' || c == ']' || c == '}' || c == 0x201D || c == 0x2019 || c == 0x201C || c == 0xBB ||
           c == 0xAB || c == 0x2039 || c == 0x203A || c == 0x300D || c == 0x300F || c == 0xFF09 || c == '*' || c == '_';
}

static inline bool nr_is_opener(uint32_t c)
{
    return c == '"' || c == '\'' || c == '(' || c == '[' || c == '{' || c == 0x201C || c == 0x201E || c == 0x2018 || c == 0x2019 ||
           c == 0xAB || c == 0xBB || c == 0x2039 || c == 0x203A || c == 0x300C || c == 0x300E || c == 0xFF08 || c == '*' || c == '_' || c == '-' || c == 0x2013 ||
           c == 0x2014 || c == 0xBF || c == 0xA1;
}

static inline bool nr_is_dash(uint32_t c) { return c == '-' || c == 0x2013 || c == 0x2014; }

static inline bool nr_is_bullet(uint32_t c)
{
    return c == 0x2022 || c == 0x2043 || c == 0x25E6 || c == 0x25AA || c == 0x2023;
}

/* Of the scripts with two cases that news is written in. */
static inline bool nr_is_lower(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7) || (c >= 0x100 && c <= 0x17F && (c & 1)) ||
           (c >= 0x430 && c <= 0x45F) || (c >= 0x3AC && c <= 0x3CE);
}

static inline bool nr_is_upper(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x100 && c <= 0x17F && !(c & 1)) ||
           (c >= 0x400 && c <= 0x42F) || (c >= 0x391 && c <= 0x3A9);
}

#endif
