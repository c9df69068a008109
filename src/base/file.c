#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

enum { STEP = 1 << 16 };

static nr_status fail_read(nr_error *err, const char *path, int sys)
{
    const char *advice = sys == ENOENT ? "; check the name" : sys == EACCES ? "; check its permissions" : "";
    return nr_fail(err, NR_EIO, sys, "cannot read '%s': %s%s", path, strerror(sys), advice);
}

static nr_status fail_limit(nr_error *err, const char *path, size_t max)
{
    return nr_fail(err, NR_ELIMIT, 0, "cannot read '%s': it is larger than the limit of %zu bytes", path, max);
}

nr_status nr_file_read(const char *path, nr_buffer *b, nr_error *err)
{
    bool standard_input = strcmp(path, "-") == 0;
    const char *name = standard_input ? "standard input" : path;
    int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return fail_read(err, name, errno);
    nr_status s = NR_OK;
    struct stat st;
    if (fstat(fd, &st) < 0) {
        s = fail_read(err, name, errno);
        goto out;
    }
    if (S_ISDIR(st.st_mode)) {
        s = nr_fail(err, NR_EIO, EISDIR, "cannot read '%s': it is a directory; name a file in it", name);
        goto out;
    }
    if (S_ISREG(st.st_mode) && st.st_size > 0) {
        if ((uintmax_t)st.st_size > b->max - b->n) {
            s = fail_limit(err, name, b->max);
            goto out;
        }
        s = nr_buffer_reserve(b, (size_t)st.st_size);
    }
    while (!s) {
        size_t room = b->cap - b->n;
        if (room == 0) {
            char probe;
            ssize_t r = read(fd, &probe, 1); /* a file of the expected size ends here, without growing the buffer */
            if (r == 0)
                break;
            if (r < 0 && errno == EINTR)
                continue;
            if (r < 0) {
                s = fail_read(err, name, errno);
                goto out;
            }
            size_t step = b->max - b->n < STEP ? b->max - b->n : STEP;
            if (step == 0) {
                s = fail_limit(err, name, b->max);
                goto out;
            }
            s = nr_buffer_reserve(b, step);
            if (!s)
                nr_buffer_put_char(b, probe);
            continue;
        }
        ssize_t r = read(fd, b->p + b->n, room);
        if (r == 0)
            break;
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0) {
            s = fail_read(err, name, errno);
            goto out;
        }
        b->n += (size_t)r;
    }
    if (s == NR_ENOMEM)
        nr_fail_memory(err);
    else if (s)
        fail_limit(err, name, b->max);
    else if (b->p)
        b->p[b->n] = '\0';
out:
    if (!standard_input)
        close(fd);
    return s;
}
