#include "player/control.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "player/session.h"

enum { SOURCES = 20, LINE_MOST = 1024, PATH_BYTES = sizeof((struct sockaddr_un *)0)->sun_path, ANSWER_SECONDS = 10 };

/* A listening socket, a connection, or a FIFO. */
typedef struct source {
    int fd; /* -1: free */
    bool listens, answers;
    char path[PATH_BYTES]; /* of a listening one, to be removed */
    char line[LINE_MOST];
    size_t count;
    bool too_long;
} source;

struct control {
    source sources[SOURCES];
    control_run *run;
    void (*problem)(void *ctx, const char *text);
    void *ctx;
};

/* The folder of the players' sockets; made where it is missing. False when it is not this user's alone. */
static bool folder(char *out, size_t size)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    struct stat st;
    int n = runtime && *runtime == '/' ? snprintf(out, size, "%s/narrate", runtime)
                                       : snprintf(out, size, "/tmp/narrate-%lu", (unsigned long)getuid());
    if (n < 0 || (size_t)n + 24 > size)
        return false;
    mkdir(out, 0700);
    return lstat(out, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == getuid() && (st.st_mode & 077) == 0;
}

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    return address;
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = address_of(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        fd = -1;
    }
    return fd;
}

/* ---------------------------------------------------------------- the player's side */

static source *free_source(control *c)
{
    for (size_t i = 0; i < SOURCES; i++)
        if (c->sources[i].fd < 0)
            return &c->sources[i];
    return NULL;
}

static void remove_socket(const char *path)
{
    struct stat st;
    if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
        unlink(path);
}

/* A socket that listens by the time its name is there, for those who wait for the name. Replaces no file. */
static bool listen_as(int fd, const char *path)
{
    char beside[PATH_BYTES];
    int n = snprintf(beside, sizeof beside, "%s.new", path);
    bool fits = n > 0 && (size_t)n < sizeof beside;
    if (fits)
        remove_socket(beside);
    fits = fits && access(beside, F_OK) < 0;
    struct sockaddr_un address = address_of(fits ? beside : path);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
        return false;
    bool good = listen(fd, 8) == 0 && (!fits || renameat2(AT_FDCWD, beside, AT_FDCWD, path, RENAME_NOREPLACE) == 0);
    int saved = errno;
    if (!good)
        unlink(address.sun_path);
    errno = saved;
    return good;
}

static bool listen_at(control *c, const char *path)
{
    source *s = free_source(c);
    if (!s || strlen(path) >= PATH_BYTES) {
        errno = ENAMETOOLONG;
        return false;
    }
    int old = connect_to(path);
    if (old >= 0) { /* somebody lives there */
        close(old);
        errno = EADDRINUSE;
        return false;
    }
    if (errno == ECONNREFUSED)
        remove_socket(path); /* of one that died */
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t mask = umask(077);
    bool good = fd >= 0 && listen_as(fd, path);
    umask(mask);
    if (!good) {
        int saved = errno;
        if (fd >= 0)
            close(fd);
        errno = saved;
        return false;
    }
    *s = (source){.fd = fd, .listens = true};
    snprintf(s->path, sizeof s->path, "%s", path);
    return true;
}

static bool open_path(control *c, const char *path)
{
    struct stat st;
    if (stat(path, &st) < 0 || !S_ISFIFO(st.st_mode))
        return listen_at(c, path);
    source *s = free_source(c);
    /* For writing too, so that it does not end when the last writer goes. */
    int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    *s = (source){.fd = fd};
    return true;
}

control *control_open(const char *path, control_run *run, void (*problem)(void *, const char *), void *ctx)
{
    control *c = calloc(1, sizeof *c);
    char usual[PATH_BYTES];
    if (!c)
        return NULL;
    c->run = run;
    c->problem = problem;
    c->ctx = ctx;
    for (size_t i = 0; i < SOURCES; i++)
        c->sources[i].fd = -1;
    if (path && !open_path(c, path)) {
        char text[300];
        snprintf(text, sizeof text, "cannot be steered from '%.200s': %s", path, strerror(errno));
        problem(ctx, text);
    }
    if (folder(usual, sizeof usual)) {
        snprintf(usual + strlen(usual), 24, "/%ld.sock", (long)getpid());
        listen_at(c, usual);
    }
    return c;
}

size_t control_polls(const control *c, struct pollfd *polls, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; c && i < SOURCES && n < most; i++)
        if (c->sources[i].fd >= 0)
            polls[n++] = (struct pollfd){c->sources[i].fd, POLLIN, 0};
    return n;
}

static void drop(source *s)
{
    close(s->fd);
    if (s->listens)
        unlink(s->path);
    s->fd = -1;
}

static void take_connection(control *c, const source *listener)
{
    int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    source *s = free_source(c);
    if (fd >= 0 && !s)
        close(fd);
    else if (fd >= 0)
        *s = (source){.fd = fd, .answers = true};
}

/* An answer that does not fit into the socket's buffer goes to someone who does not listen. */
static bool send_all(int fd, const char *text, size_t n)
{
    return send(fd, text, n, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)n;
}

static void obey(control *c, source *s)
{
    static char reply[SESSION_REPLY + 32];
    bool good = false;
    c->run(c->ctx, s->line, reply, SESSION_REPLY, &good);
    if (!s->answers) {
        if (!good)
            c->problem(c->ctx, reply);
        return;
    }
    char last[SESSION_REPLY + 32];
    int n = good ? snprintf(last, sizeof last, "%s%sok\n", reply, *reply ? "\n" : "") : snprintf(last, sizeof last, "error: %s\n", reply);
    if (!send_all(s->fd, last, (size_t)n))
        drop(s);
}

static void take_bytes(control *c, source *s)
{
    char bytes[512];
    ssize_t n = read(s->fd, bytes, sizeof bytes);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        drop(s);
    for (ssize_t i = 0; i < n && s->fd >= 0; i++) {
        if (bytes[i] != '\n') {
            s->too_long = s->too_long || s->count + 1 == LINE_MOST;
            if (!s->too_long)
                s->line[s->count++] = bytes[i];
            continue;
        }
        s->line[s->count] = '\0';
        if (s->too_long)
            snprintf(s->line, sizeof s->line, "too-long");
        if (s->line[0])
            obey(c, s);
        s->count = 0;
        s->too_long = false;
    }
}

void control_step(control *c, const struct pollfd *polls, size_t count)
{
    for (size_t k = 0; c && k < count; k++) {
        for (size_t i = 0; polls[k].revents && i < SOURCES; i++) {
            source *s = &c->sources[i];
            if (s->fd != polls[k].fd)
                continue;
            if (s->listens)
                take_connection(c, s);
            else
                take_bytes(c, s);
            break;
        }
    }
}

void control_close(control *c)
{
    for (size_t i = 0; c && i < SOURCES; i++)
        if (c->sources[i].fd >= 0)
            drop(&c->sources[i]);
    free(c);
}

/* ---------------------------------------------------------------- the other side */

/* A socket that does not answer may be one that is about to: only that of a process which is no more is removed. */
static void remove_dead(const char *path, const char *name)
{
    char *end;
    long pid = strtol(name, &end, 10);
    if (pid > 0 && strcmp(end, ".sock") == 0 && kill((pid_t)pid, 0) < 0 && errno == ESRCH)
        unlink(path);
}

/* A connection to the player that was started last; the sockets of dead ones are removed. */
static int find_player(void)
{
    char path[PATH_BYTES + 264], best[PATH_BYTES + 264] = "";
    struct timespec latest = {0, 0};
    if (!folder(path, PATH_BYTES))
        return -1;
    size_t n = strlen(path);
    DIR *d = opendir(path);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        struct stat st;
        const char *ending = strrchr(entry->d_name, '.');
        if (!ending || strcmp(ending, ".sock") != 0)
            continue;
        snprintf(path + n, sizeof path - n, "/%s", entry->d_name);
        if (strlen(path) >= PATH_BYTES || lstat(path, &st) < 0 || !S_ISSOCK(st.st_mode))
            continue;
        int fd = connect_to(path);
        if (fd < 0) {
            if (errno == ECONNREFUSED)
                remove_dead(path, entry->d_name);
            continue;
        }
        close(fd);
        if (!best[0] || st.st_mtim.tv_sec > latest.tv_sec ||
            (st.st_mtim.tv_sec == latest.tv_sec && st.st_mtim.tv_nsec > latest.tv_nsec)) {
            latest = st.st_mtim;
            snprintf(best, sizeof best, "%s", path);
        }
    }
    if (d)
        closedir(d);
    return best[0] ? connect_to(best) : -1;
}

/* Prints the answer's lines but the last, which tells how it went. */
static int print_answer(FILE *answer, char *error, size_t size)
{
    char *line = NULL, *last = NULL;
    size_t cap = 0, last_cap = 0;
    while (getline(&line, &cap, answer) > 0) {
        if (last)
            fputs(last, stdout);
        char *swap = last;
        last = line;
        line = swap;
        size_t swap_cap = last_cap;
        last_cap = cap;
        cap = swap_cap;
    }
    int code = 1;
    if (last && strcmp(last, "ok\n") == 0)
        code = 0;
    else if (last && strncmp(last, "error: ", 7) == 0)
        snprintf(error, size, "%.*s", (int)strcspn(last + 7, "\n"), last + 7);
    else
        snprintf(error, size, "the player did not answer");
    free(line);
    free(last);
    return code;
}

int control_send(const char *path, const char *line, char *error, size_t size)
{
    int fd = path ? connect_to(path) : find_player();
    if (fd < 0) {
        if (path)
            snprintf(error, size, "cannot reach a player at '%.200s': %s", path, strerror(errno));
        else
            snprintf(error, size, "no narrate is playing");
        return 1;
    }
    struct timeval limit = {ANSWER_SECONDS, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    char text[LINE_MOST + 2];
    int n = snprintf(text, sizeof text, "%.1000s\n", line);
    FILE *answer = fdopen(fd, "r");
    int code = 1;
    if (answer && send_all(fd, text, (size_t)n) && shutdown(fd, SHUT_WR) == 0)
        code = print_answer(answer, error, size);
    else
        snprintf(error, size, "the player went away");
    if (answer)
        fclose(answer);
    else
        close(fd);
    return code;
}
