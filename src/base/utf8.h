/* utf8.h - UTF-8 as RFC 3629 has it: no surrogates, nothing above U+10FFFF, shortest forms only. */
#ifndef NR_BASE_UTF8_H
#define NR_BASE_UTF8_H

#include "base/view.h"

#define NR_REPLACEMENT 0xFFFDu

/* The code point at p (p < end) and in *length its bytes, 1-4. What is not UTF-8 gives NR_REPLACEMENT and the length of
 * its maximal bad part (Unicode, "substitution of maximal subparts"), at least 1. */
uint32_t nr_utf8_decode(const char *p, const char *end, int *length);
/* Writes 1-4 bytes; what is no scalar value is written as U+FFFD. */
size_t nr_utf8_encode(char out[4], uint32_t code);
/* The number of leading bytes that are valid UTF-8; n when all are. Fast on ASCII. */
size_t nr_utf8_valid(const char *p, size_t n);
/* The start of the code point before `at` (at > 0), in valid UTF-8. */
size_t nr_utf8_before(const char *text, size_t at);
/* Code points in valid UTF-8. */
size_t nr_utf8_count(const char *p, size_t n);

/* Unicode White_Space, and the zero-width U+FEFF. */
bool nr_code_is_space(uint32_t code);

#endif
