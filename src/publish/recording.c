#include "publish/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

static nr_status fail_spool(const char *doing, int sys, nr_error *err)
{
    return nr_fail(err, NR_EIO, sys, "cannot %s the temporary sound file: %s", doing,
                   sys == ENOSPC ? "no space left on device" : strerror(sys));
}

/* A limit on the size of files is an error like a full disk, and not a signal. */
static ssize_t write_at(int fd, const void *bytes, size_t n, off_t at)
{
    sigset_t one, before, pending;
    sigemptyset(&one);
    sigaddset(&one, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &one, &before);
    sigpending(&pending);
    ssize_t put = pwrite(fd, bytes, n, at);
    int saved = errno;
    if (put < 0 && saved == EFBIG && !sigismember(&pending, SIGXFSZ))
        sigtimedwait(&one, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = saved;
    return put;
}

static void folder_of(const char *beside, char *folder, size_t room)
{
    const char *slash = beside ? strrchr(beside, '/') : NULL;
    const char *temporary = getenv("TMPDIR");
    if (!beside || strcmp(beside, "-") == 0)
        snprintf(folder, room, "%s", temporary && *temporary ? temporary : "/tmp");
    else if (!slash)
        snprintf(folder, room, ".");
    else
        snprintf(folder, room, "%.*s", slash == beside ? 1 : (int)(slash - beside), beside);
}

nr_status recording_open(recording *r, const char *beside, int rate, nr_error *err)
{
    char folder[4096], name[4200];
    folder_of(beside, folder, sizeof folder);
    *r = (recording){.fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), .rate = rate};
    if (r->fd < 0) { /* not every file system has nameless files */
        snprintf(name, sizeof name, "%s/.narrate-XXXXXX", folder);
        r->fd = mkostemp(name, O_CLOEXEC);
        if (r->fd >= 0)
            unlink(name);
    }
    return r->fd < 0 ? fail_spool("make", errno, err) : NR_OK;
}

void recording_close(recording *r)
{
    if (r->fd >= 0)
        close(r->fd);
    r->fd = -1;
}

nr_status recording_write_at(const recording *r, uint64_t from, const int16_t *samples, size_t frames, nr_error *err)
{
    const char *p = (const char *)samples;
    size_t n = frames * sizeof *samples;
    off_t at = (off_t)(from * sizeof *samples);
    while (n) {
        ssize_t put = write_at(r->fd, p, n, at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return fail_spool("write", put < 0 ? errno : ENOSPC, err);
        p += put;
        at += put;
        n -= (size_t)put;
    }
    return NR_OK;
}

nr_status recording_write(recording *r, const int16_t *samples, size_t frames, nr_error *err)
{
    nr_status s = recording_write_at(r, r->frames, samples, frames, err);
    if (!s)
        r->frames += frames;
    return s;
}

nr_status recording_read(const recording *r, uint64_t from, int16_t *samples, size_t n, size_t *got, nr_error *err)
{
    char *p = (char *)samples;
    off_t at = (off_t)(from * sizeof *samples);
    if (from >= r->frames)
        n = 0;
    else if (n > r->frames - from)
        n = (size_t)(r->frames - from);
    for (size_t left = n * sizeof *samples; left;) {
        ssize_t read = pread(r->fd, p, left, at);
        if (read < 0 && errno == EINTR)
            continue;
        if (read <= 0)
            return fail_spool("read", read < 0 ? errno : EIO, err);
        p += read;
        at += read;
        left -= (size_t)read;
    }
    *got = n;
    return NR_OK;
}
