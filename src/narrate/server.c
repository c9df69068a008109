#include "narrate/server.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"

enum { PATH_MAX_BYTES = 4096, PIPE_BYTES = 1 << 20, START_MS = 20000 };

extern char **environ;

/* ---------------------------------------------------------------- the program */

/* Below the folder of the library or program that this code is in: in a build folder, installed as a library, installed
 * as (part of) a program. */
static bool find_beside(char *path)
{
    static const char *const places[] = {"voice/narrate-voice", "../voice/narrate-voice", NR_FROM_LIBDIR, NR_FROM_BINDIR};
    Dl_info info;
    char real[PATH_MAX_BYTES];
    if (!dladdr((void *)(uintptr_t)&nr_version, &info) || !info.dli_fname)
        return false;
    /* For a program, dli_fname is how it was called. */
    if (!strchr(info.dli_fname, '/') || !realpath(info.dli_fname, real)) {
        ssize_t n = readlink("/proc/self/exe", real, sizeof real - 1);
        if (n <= 0)
            return false;
        real[n] = '\0';
    }
    char *slash = strrchr(real, '/');
    if (!slash)
        return false;
    *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int n = snprintf(path, PATH_MAX_BYTES, "%s/%s", real, places[i]);
        if (n > 0 && n < PATH_MAX_BYTES && access(path, X_OK) == 0)
            return true;
    }
    return false;
}

static nr_status find_program(char path[PATH_MAX_BYTES], nr_error *err)
{
    const char *wish = secure_getenv("NARRATE_VOICE_PROGRAM");
    if (wish && *wish)
        snprintf(path, PATH_MAX_BYTES, "%s", wish);
    else if (!find_beside(path))
        snprintf(path, PATH_MAX_BYTES, "%s", NR_VOICE_PROGRAM);
    if (access(path, X_OK) == 0)
        return NR_OK;
    return nr_fail(err, NR_EVOICE, errno, "cannot start the voice program '%s': %s; reinstall narrate, or name it in "
                   "NARRATE_VOICE_PROGRAM", path, strerror(errno));
}

/* Starts it with `fd` as descriptor `as`, and nothing else of ours but standard error where a sanitiser reports. */
static nr_status spawn(pid_t *pid, const char *const *argv, int fd, int as, nr_error *err)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, usual;
    sigemptyset(&none);
    sigfillset(&usual);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, fd, as);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (as != STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
#endif
    posix_spawn_file_actions_addclosefrom_np(&files, as < 3 ? 3 : as + 1);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &usual);
    posix_spawnattr_setpgroup(&attr, 0); /* the terminal's Ctrl-C is for the narrator, which ends it */
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    int failed = posix_spawn(pid, argv[0], &files, &attr, (char *const *)(uintptr_t)argv, environ);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    if (failed)
        return nr_fail(err, NR_EVOICE, failed, "cannot start the voice program '%s': %s", argv[0], strerror(failed));
    return NR_OK;
}

static void wait_for_exit(pid_t pid)
{
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

/* ---------------------------------------------------------------- starting and stopping */

static nr_status hear_hello(nr_server *server, nr_error *err)
{
    struct pollfd from = {server->socket, POLLIN, 0};
    int ready;
    do
        ready = poll(&from, 1, START_MS);
    while (ready < 0 && errno == EINTR);
    ssize_t n = ready > 0 ? recv(server->socket, &server->hello, sizeof server->hello, 0) : -1;
    if (n != (ssize_t)sizeof server->hello)
        return nr_fail(err, NR_EVOICE, 0, "cannot start the voice: its program %s",
                       ready == 0 ? "did not answer in time" : "ended without a word");
    server->hello.msg[sizeof server->hello.msg - 1] = '\0';
    if (server->hello.status)
        return nr_fail(err, (nr_status)server->hello.status, 0, "%s", server->hello.msg);
    if (server->hello.sample_rate < 1000 || server->hello.sample_rate > 384000)
        return nr_fail(err, NR_EVOICE, 0, "cannot start the voice: it has an impossible sample rate");
    return NR_OK;
}

nr_status nr_server_start(nr_server *server, const nr_voice_options *opt, const char *locale, nr_error *err)
{
    char program[PATH_MAX_BYTES], wpm[32], pitch[32], volume[32];
    uint32_t next_id = server->next_id;
    *server = (nr_server){.socket = -1, .next_id = next_id};
    nr_status s = find_program(program, err);
    if (s)
        return s;
    /* Whole numbers, so that no locale's decimal comma gets in. */
    snprintf(wpm, sizeof wpm, "%ld", lround(opt->wpm));
    snprintf(pitch, sizeof pitch, "%ld", lround(opt->pitch));
    snprintf(volume, sizeof volume, "%ld", opt->volume >= 0 ? lround(opt->volume) : 100);
    const char *argv[] = {program, "serve", opt->voice ? opt->voice : "", locale ? locale : "", wpm, pitch, volume,
                          opt->quote_voice ? opt->quote_voice : "", NULL};
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return nr_fail(err, NR_EIO, errno, "cannot start the voice: %s", strerror(errno));
    s = spawn(&server->pid, argv, pair[1], NR_WIRE_FD, err);
    close(pair[1]);
    server->socket = pair[0];
    if (s) {
        close(server->socket);
        server->socket = -1;
        return s;
    }
    s = hear_hello(server, err);
    if (s)
        nr_server_stop(server);
    return s;
}

void nr_server_stop(nr_server *server)
{
    if (server->socket < 0)
        return;
    close(server->socket);
    server->socket = -1;
    wait_for_exit(server->pid);
}

/* ---------------------------------------------------------------- jobs */

static bool send_request(nr_server *server, nr_view bytes, int fd)
{
    union {
        struct cmsghdr head;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {(void *)(uintptr_t)bytes.p, bytes.n};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (fd >= 0) {
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
        struct cmsghdr *c = CMSG_FIRSTHDR(&message);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(c), &fd, sizeof fd);
    }
    ssize_t n;
    do
        n = sendmsg(server->socket, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)bytes.n;
}

bool nr_server_send(nr_server *server, nr_buffer *job, uint32_t utterances, int *pipe_end, uint32_t *id)
{
    nr_wire_request request = {NR_REQUEST_JOB, ++server->next_id, utterances};
    memcpy(job->p, &request, sizeof request);
    int ends[2];
    if (server->socket < 0 || pipe2(ends, O_CLOEXEC) < 0)
        return false;
    fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES); /* fewer wake-ups; the usual size does too */
    bool sent = send_request(server, nr_buffer_view(job), ends[1]);
    close(ends[1]);
    if (!sent) {
        close(ends[0]);
        return false;
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *pipe_end = ends[0];
    *id = request.id;
    return true;
}

void nr_server_kill(nr_server *server, uint32_t id)
{
    nr_wire_request request = {NR_REQUEST_KILL, id, 0};
    if (server->socket >= 0)
        send_request(server, (nr_view){(const char *)&request, sizeof request}, -1);
}

/* ---------------------------------------------------------------- voices */

nr_status nr_server_list(nr_buffer *out, nr_error *err)
{
    char program[PATH_MAX_BYTES];
    nr_status s = find_program(program, err);
    if (s)
        return s;
    const char *argv[] = {program, "list", NULL};
    int ends[2];
    pid_t pid;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return nr_fail(err, NR_EIO, errno, "cannot list the voices: %s", strerror(errno));
    s = spawn(&pid, argv, ends[1], STDOUT_FILENO, err);
    close(ends[1]);
    while (!s) {
        char bytes[4096];
        ssize_t n = read(ends[0], bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        s = nr_buffer_put(out, bytes, (size_t)n);
        if (s)
            nr_fail(err, s, 0, "cannot list the voices: there are too many");
    }
    close(ends[0]);
    if (s != NR_EVOICE)
        wait_for_exit(pid);
    return s;
}
