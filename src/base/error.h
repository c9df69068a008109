/* error.h - filling an nr_error where the fault is found. */
#ifndef NR_BASE_ERROR_H
#define NR_BASE_ERROR_H

#include "narrate.h"

/* Fills *err (which may be NULL) and returns status, so that a function can `return nr_fail(err, ...)`. sys is an errno
 * value or 0; its text is not added by itself. The message follows the house's form: what was being done, to what, why
 * it failed, what to do; no program name, no trailing stop; control characters in arguments are shown as '?'. */
nr_status nr_fail(nr_error *err, nr_status status, int sys, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The usual out-of-memory failure. */
nr_status nr_fail_memory(nr_error *err);

#endif
