#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

nr_status nr_fail(nr_error *err, nr_status status, int sys, const char *format, ...)
{
    if (!err)
        return status;
    va_list ap;
    va_start(ap, format);
    vsnprintf(err->msg, sizeof err->msg, format, ap);
    va_end(ap);
    for (char *c = err->msg; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = '?';
    err->status = status;
    err->sys = sys;
    err->at = 0;
    return status;
}

nr_status nr_fail_memory(nr_error *err) { return nr_fail(err, NR_ENOMEM, 0, "out of memory"); }

const char *nr_version(void) { return NR_VERSION; }

const char *nr_status_name(nr_status status)
{
    static const char *const names[] = {"NR_OK",     "NR_EINVAL", "NR_ENOMEM",  "NR_EIO",    "NR_EEXIST", "NR_ELIMIT",
                                        "NR_EFORMAT", "NR_ENOTEXT", "NR_EVOICE", "NR_EDEVICE", "NR_EDATA", "NR_CANCELLED"};
    return (size_t)status < sizeof names / sizeof *names ? names[status] : "NR_?";
}
