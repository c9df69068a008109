#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"

static nr_status fail_write(const nr_output *out, int sys, nr_error *err)
{
    char why[80];
    if (sys == ENOSPC || sys == EDQUOT)
        snprintf(why, sizeof why, "no space left on device");
    else if (sys == EPIPE)
        snprintf(why, sizeof why, "its reader has gone");
    else if (sys == EFBIG)
        snprintf(why, sizeof why, "it would be larger than files may be here");
    else
        snprintf(why, sizeof why, "%s", strerror(sys));
    return nr_fail(err, NR_EIO, sys, "cannot write '%s': %s", out->path, why);
}

/* ---------------------------------------------------------------- opening */

/* The target's folder, by a copy that the caller frees. */
static char *folder_of(const char *target)
{
    const char *slash = strrchr(target, '/');
    if (!slash)
        return strdup(".");
    return slash == target ? strdup("/") : strndup(target, (size_t)(slash - target));
}

static nr_status fail_folder(const nr_output *out, const char *folder, int sys, nr_error *err)
{
    if (sys == ENOENT || sys == ENOTDIR)
        return nr_fail(err, NR_EIO, sys, "cannot write '%s': there is no directory '%s'; make it first", out->path, folder);
    return fail_write(out, sys, err);
}

static char *name_temporary(const char *folder, unsigned try)
{
    char *name = NULL;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    unsigned long some = (unsigned long)t.tv_nsec ^ (unsigned long)getpid() << 12 ^ try;
    return asprintf(&name, "%s/.narrate-%lx", folder, some) < 0 ? NULL : name;
}

/* A file without a name where the file system has such, so that not even a kill leaves anything; else one beside. */
static nr_status open_temporary(nr_output *out, nr_error *err)
{
    char *folder = folder_of(out->target);
    if (!folder)
        return nr_fail_memory(err);
    out->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    for (unsigned try = 0; out->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EEXIST) && try < 100; try++) {
        free(out->temporary);
        out->temporary = name_temporary(folder, try);
        if (!out->temporary)
            break;
        out->fd = open(out->temporary, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0666);
    }
    nr_status s = NR_OK;
    if (out->fd < 0) {
        s = fail_folder(out, folder, errno, err);
        free(out->temporary);
        out->temporary = NULL;
    }
    free(folder);
    return s;
}

static nr_status open_existing(nr_output *out, const struct stat *st, nr_error *err)
{
    if (S_ISDIR(st->st_mode))
        return nr_fail(err, NR_EIO, EISDIR, "cannot write '%s': it is a directory; name a file in it", out->path);
    if (!S_ISREG(st->st_mode)) {
        out->fd = open(out->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        return out->fd < 0 ? fail_write(out, errno, err) : NR_OK;
    }
    if (!out->overwrite)
        return nr_fail(err, NR_EEXIST, EEXIST, "'%s' exists already; --overwrite replaces it", out->path);
    if (access(out->path, W_OK) < 0)
        return fail_write(out, errno, err);
    out->target = realpath(out->path, NULL); /* a symbolic link stays one */
    return out->target ? open_temporary(out, err) : fail_write(out, errno, err);
}

nr_status nr_output_open(nr_output *out, const char *path, bool overwrite, nr_error *err)
{
    bool standard = strcmp(path, "-") == 0;
    *out = (nr_output){.fd = -1, .path = strdup(standard ? "standard output" : path), .overwrite = overwrite, .closes = true};
    nr_status s = out->path ? NR_OK : nr_fail_memory(err);
    struct stat st;
    if (s) {
        /* nothing more */
    } else if (standard) {
        out->fd = STDOUT_FILENO;
        out->closes = false;
    } else if (stat(path, &st) == 0) {
        s = open_existing(out, &st, err);
    } else if (errno != ENOENT) {
        s = fail_folder(out, path, errno == ENOTDIR ? EACCES : errno, err);
    } else {
        out->target = strdup(path);
        s = out->target ? open_temporary(out, err) : nr_fail_memory(err);
    }
    if (s)
        nr_output_close(out);
    else
        out->seekable = fstat(out->fd, &st) == 0 && S_ISREG(st.st_mode) && !(fcntl(out->fd, F_GETFL) & O_APPEND) &&
                        lseek(out->fd, 0, SEEK_CUR) == 0;
    return s;
}

nr_status nr_output_open_again(nr_output *out, const nr_output *first, nr_error *err)
{
    nr_status s = nr_output_open(out, first->target ? first->target : first->path, first->overwrite, err);
    if (!s && strcmp(out->path, first->path) != 0) { /* messages name it as it was named */
        char *path = strdup(first->path);
        if (path) {
            free(out->path);
            out->path = path;
        }
    }
    return s;
}

void nr_output_borrow(nr_output *out, int fd, const char *name) { *out = (nr_output){.fd = fd, .path = strdup(name)}; }

/* ---------------------------------------------------------------- writing */

/* SIGPIPE and SIGXFSZ go to the thread that writes: it takes them back if they are its own doing. They come with a short
 * write, too: the reader may go in the middle of one. */
static void take_back(int number, const sigset_t *before)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, number);
    if (!sigismember(before, number))
        while (sigtimedwait(&one, NULL, &(struct timespec){0}) < 0 && errno == EINTR)
            ;
}

static ssize_t write_unsignalled(int fd, const void *bytes, size_t n)
{
    sigset_t ours, before, pending;
    sigemptyset(&ours);
    sigaddset(&ours, SIGPIPE);
    sigaddset(&ours, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    sigpending(&pending);
    ssize_t done = write(fd, bytes, n);
    int saved = errno;
    if (done != (ssize_t)n) {
        take_back(SIGPIPE, &pending);
        take_back(SIGXFSZ, &pending);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = saved;
    return done;
}

nr_status nr_output_write(nr_output *out, const void *bytes, size_t n, nr_error *err)
{
    const char *p = bytes;
    while (n) {
        ssize_t done = write_unsignalled(out->fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return fail_write(out, errno, err);
        p += done;
        n -= (size_t)done;
    }
    return NR_OK;
}

/* ---------------------------------------------------------------- closing */

static int give_name(int fd, const char *name)
{
    char self[40];
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

/* Puts the file in its place: over an existing one only where that was asked for. */
static int place(nr_output *out)
{
    if (!out->overwrite) {
        if (!out->temporary)
            return give_name(out->fd, out->target);
        if (renameat2(AT_FDCWD, out->temporary, AT_FDCWD, out->target, RENAME_NOREPLACE) == 0)
            return 0;
        return errno == EINVAL && access(out->target, F_OK) < 0 ? rename(out->temporary, out->target) : -1;
    }
    char *folder = folder_of(out->target);
    for (unsigned try = 0; folder && !out->temporary && try < 100; try++) {
        out->temporary = name_temporary(folder, try);
        if (out->temporary && give_name(out->fd, out->temporary) < 0) {
            free(out->temporary);
            out->temporary = NULL;
            if (errno != EEXIST)
                break;
        }
    }
    free(folder);
    return out->temporary ? rename(out->temporary, out->target) : -1;
}

static nr_status appear(nr_output *out, nr_error *err)
{
    if (place(out) < 0) {
        if (errno == EEXIST)
            return nr_fail(err, NR_EEXIST, EEXIST, "'%s' exists by now; --overwrite replaces it", out->path);
        return fail_write(out, errno, err);
    }
    free(out->temporary);
    out->temporary = NULL;
    return NR_OK;
}

static nr_status hand_over(nr_output *out, nr_error *err)
{
    nr_output_set *set = out->set;
    nr_output *more = realloc(set->all, (set->count + 1) * sizeof *more);
    if (!more)
        return nr_fail_memory(err);
    set->all = more;
    set->all[set->count++] = *out;
    *out = (nr_output){.fd = -1};
    return NR_OK;
}

nr_status nr_output_commit(nr_output *out, nr_error *err)
{
    if (!out->target)
        return NR_OK;
    if (fsync(out->fd) < 0)
        return fail_write(out, errno, err);
    if (out->set)
        return hand_over(out, err);
    nr_status s = appear(out, err);
    if (s)
        return s;
    free(out->target);
    out->target = NULL;
    return NR_OK;
}

void nr_output_close(nr_output *out)
{
    if (out->temporary)
        unlink(out->temporary);
    if (out->fd >= 0 && out->closes)
        close(out->fd);
    free(out->temporary);
    free(out->target);
    free(out->path);
    *out = (nr_output){.fd = -1};
}

nr_status nr_output_write_file(const char *path, nr_view bytes, bool overwrite, nr_error *err)
{
    return nr_output_write_file_with(NULL, path, bytes, overwrite, err);
}

nr_status nr_output_write_file_with(nr_output_set *set, const char *path, nr_view bytes, bool overwrite, nr_error *err)
{
    nr_output out;
    nr_status s = nr_output_open(&out, path, overwrite, err);
    if (s)
        return s;
    nr_output_hold(&out, set);
    s = nr_output_write(&out, bytes.p, bytes.n, err);
    if (!s)
        s = nr_output_commit(&out, err);
    nr_output_close(&out);
    return s;
}

/* ---------------------------------------------------------------- several at once */

void nr_output_hold(nr_output *out, nr_output_set *set) { out->set = set; }

nr_status nr_output_set_place(nr_output_set *set, nr_error *err)
{
    nr_status s = NR_OK;
    while (set->placed < set->count && !s) {
        nr_output *out = &set->all[set->placed];
        out->overwrite = out->overwrite && access(out->target, F_OK) == 0; /* it replaces something */
        s = appear(out, err);
        if (!s)
            set->placed++;
    }
    if (s)
        nr_output_set_undo(set);
    return s;
}

void nr_output_set_undo(nr_output_set *set)
{
    while (set->placed > 0) {
        const nr_output *out = &set->all[--set->placed];
        if (!out->overwrite)
            unlink(out->target);
    }
}

void nr_output_set_close(nr_output_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        nr_output_close(&set->all[i]);
    free(set->all);
    *set = (nr_output_set){0};
}
