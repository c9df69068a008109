/* narrate-voice: the voice server. Started by the library with a socket (wire.h); opens a voice, never speaks itself, and
 * forks a child for each job. So every job's sound is that of a fresh process, and a crash costs one job.
 *
 *   narrate-voice serve VOICE LANGUAGE WPM PITCH VOLUME QUOTE-VOICE    ("" where there is no such voice or LANGUAGE)
 *   narrate-voice list                                            a voice a line on standard output */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "voice/confine.h"
#include "voice/wire.h"

enum { WORDS_MAX = 20000, CPU_SECONDS = 60 };

typedef struct server {
    const nr_voice_driver *driver;
    void *voice;
    struct {
        pid_t pid;
        uint32_t id;
    } children[NR_WIRE_CHILDREN_MAX];
    size_t child_count;
} server;

/* ---------------------------------------------------------------- the child */

static void write_record(int fd, uint32_t kind, const void *payload, size_t n)
{
    nr_wire_record head = {kind, (uint32_t)n};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)(uintptr_t)payload, n}};
    size_t left = sizeof head + n;
    struct iovec *part = parts;
    while (left) {
        ssize_t done = writev(fd, part, (int)(parts + 2 - part));
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            _exit(1); /* nobody listens any more */
        left -= (size_t)done;
        while (part < parts + 2 && (size_t)done >= part->iov_len)
            done -= (ssize_t)(part++)->iov_len;
        if (part < parts + 2) {
            part->iov_base = (char *)part->iov_base + done;
            part->iov_len -= (size_t)done;
        }
    }
}

/* Sound collects to large records; an utterance is of use only when it is complete. */
typedef struct outlet {
    int fd;
    size_t n;
    int16_t samples[NR_WIRE_RECORD_MAX / sizeof(int16_t)];
} outlet;

enum { RECORD_FRAMES = NR_WIRE_RECORD_MAX / sizeof(int16_t) };

static void flush_pcm(outlet *out)
{
    if (out->n)
        write_record(out->fd, NR_RECORD_PCM, out->samples, out->n * sizeof *out->samples);
    out->n = 0;
}

static nr_status emit_pcm(void *ctx, const int16_t *samples, size_t frames)
{
    outlet *out = ctx;
    while (frames) {
        size_t n = frames < RECORD_FRAMES - out->n ? frames : RECORD_FRAMES - out->n;
        memcpy(out->samples + out->n, samples, n * sizeof *samples);
        out->n += n;
        samples += n;
        frames -= n;
        if (out->n == RECORD_FRAMES)
            flush_pcm(out);
    }
    return NR_OK;
}

static nr_status emit_mark(void *ctx, uint32_t index, uint64_t frame)
{
    nr_wire_mark mark = {index, (uint32_t)frame};
    write_record(((outlet *)ctx)->fd, NR_RECORD_MARK, &mark, sizeof mark);
    return NR_OK;
}

static void limit(int resource, rlim_t value)
{
    struct rlimit r = {value, value};
    setrlimit(resource, &r);
}

static void speak_job(const server *sv, nr_view job, uint32_t count, int fd)
{
    static nr_spoken_word words[WORDS_MAX];
    static outlet out;
    out.fd = fd;
    nr_emitter emit = {&out, emit_pcm, emit_mark};
    while (count--) {
        nr_speech speech;
        nr_error err = {0};
        if (!nr_wire_take_speech(&job, &speech, words, WORDS_MAX))
            _exit(2);
        nr_status s = sv->driver->speak(sv->voice, &speech, &emit, &err);
        flush_pcm(&out);
        if (s)
            write_record(fd, NR_RECORD_FAILED, err.msg, strlen(err.msg));
        else
            write_record(fd, NR_RECORD_SPOKEN, NULL, 0);
    }
    write_record(fd, NR_RECORD_DONE, NULL, 0);
    _exit(0);
}

/* ---------------------------------------------------------------- the server */

static void start_child(server *sv, const nr_wire_request *request, nr_view job, int fd)
{
    pid_t server_pid = getpid();
    pid_t pid = sv->child_count < NR_WIRE_CHILDREN_MAX ? fork() : -1;
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != server_pid)
            _exit(1);
        close(NR_WIRE_FD);
        limit(RLIMIT_CPU, CPU_SECONDS);
        speak_job(sv, job, request->utterances, fd);
    }
    if (pid > 0) {
        sv->children[sv->child_count].pid = pid;
        sv->children[sv->child_count++].id = request->id;
    }
}

static void reap(server *sv)
{
    pid_t pid;
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
        for (size_t i = 0; i < sv->child_count; i++)
            if (sv->children[i].pid == pid)
                sv->children[i--] = sv->children[--sv->child_count];
}

static void kill_child(server *sv, uint32_t id)
{
    for (size_t i = 0; i < sv->child_count; i++)
        if (sv->children[i].id == id)
            kill(sv->children[i].pid, SIGKILL);
}

/* Takes one request; false when the narrator is gone. */
static bool take_request(server *sv)
{
    static char bytes[NR_WIRE_JOB_MAX];
    union {
        struct cmsghdr head;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {bytes, sizeof bytes};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t n = recvmsg(NR_WIRE_FD, &message, MSG_CMSG_CLOEXEC);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (n <= 0)
        return false;
    int fd = -1;
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
        memcpy(&fd, CMSG_DATA(c), sizeof fd);
    nr_wire_request request;
    if ((size_t)n >= sizeof request) {
        memcpy(&request, bytes, sizeof request);
        if (request.kind == NR_REQUEST_KILL)
            kill_child(sv, request.id);
        else if (request.kind == NR_REQUEST_JOB && fd >= 0)
            start_child(sv, &request, (nr_view){bytes + sizeof request, (size_t)n - sizeof request}, fd);
    }
    if (fd >= 0)
        close(fd);
    return true;
}

static void end_children(server *sv)
{
    for (size_t i = 0; i < sv->child_count; i++)
        kill(sv->children[i].pid, SIGKILL);
    while (waitpid(-1, NULL, 0) > 0)
        ;
}

static int serve(server *sv)
{
    sigset_t ended;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    sigprocmask(SIG_BLOCK, &ended, NULL);
    struct pollfd from[2] = {{NR_WIRE_FD, POLLIN, 0}, {signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK), POLLIN, 0}};
    bool alive = true;
    while (alive) {
        if (poll(from, 2, -1) < 0 && errno != EINTR)
            break;
        struct signalfd_siginfo info;
        while (read(from[1].fd, &info, sizeof info) > 0)
            ;
        reap(sv);
        if (from[0].revents)
            alive = take_request(sv);
    }
    end_children(sv);
    return 0;
}

/* "espeak:en-us" is a driver and its voice, "null" a driver, "en-us" a voice of the first driver. */
static const nr_voice_driver *find_driver(const char *voice, const char **name)
{
    size_t n = strcspn(voice, ":");
    *name = voice[n] ? voice + n + 1 : NULL;
    for (size_t i = 0; nr_voice_drivers[i]; i++)
        if (nr_view_is((nr_view){voice, n}, nr_voice_drivers[i]->name))
            return nr_voice_drivers[i];
    if (voice[n])
        return NULL;
    *name = *voice ? voice : NULL;
    return nr_voice_drivers[0];
}

static int open_and_serve(char **args)
{
    static server sv;
    nr_voice_params params = {.language = *args[1] ? args[1] : NULL,
                              .wpm = strtod(args[2], NULL),
                              .pitch = strtod(args[3], NULL),
                              .volume = strtod(args[4], NULL)};
    nr_error err = {0};
    int rate = 0;
    sv.driver = find_driver(args[0], &params.voice);
    nr_status s = NR_OK;
    if (*args[5] && find_driver(args[5], &params.quote_voice) != sv.driver)
        s = nr_fail(&err, NR_EVOICE, 0, "there is no voice '%s' of the kind of the first voice; see 'narrate voices'", args[5]);
    if (!s)
        s = sv.driver ? sv.driver->open(&sv.voice, &params, &rate, &err)
                      : nr_fail(&err, NR_EVOICE, 0, "there is no voice '%s'; see 'narrate voices'", args[0]);
    nr_wire_hello hello = {.status = (uint32_t)s, .sample_rate = rate};
    snprintf(hello.msg, sizeof hello.msg, "%.399s", err.msg);
    if (!s) {
        const char *called = params.voice ? params.voice : sv.driver->called ? sv.driver->called(sv.voice) : "";
        snprintf(hello.voice, sizeof hello.voice, "%s%s%s", sv.driver->name, *called ? ":" : "", called);
    }
    limit(RLIMIT_CORE, 0);
    if (!s)
        nr_confine();
    if (send(NR_WIRE_FD, &hello, sizeof hello, MSG_NOSIGNAL) != (ssize_t)sizeof hello || s)
        return 1;
    return serve(&sv);
}

static void print_voice(void *ctx, const nr_voice_info *v)
{
    (void)ctx;
    printf("%s\t%s\t%s\t%c\t%s\n", v->name, v->driver, v->language, v->gender, v->label);
}

static int list_voices(void)
{
    int code = 0;
    for (size_t i = 0; nr_voice_drivers[i]; i++) {
        nr_error err;
        if (nr_voice_drivers[i]->list(print_voice, NULL, &err)) {
            printf("!\t%s\n", err.msg);
            code = 1;
        }
    }
    return fflush(stdout) ? 1 : code;
}

int main(int argc, char **argv)
{
    if (argc == 8 && strcmp(argv[1], "serve") == 0)
        _exit(open_and_serve(argv + 2)); /* the voice's threads must not see an orderly exit */
    if (argc == 2 && strcmp(argv[1], "list") == 0)
        _exit(list_voices());
    fputs("narrate-voice is started by narrate; see narrate(1)\n", stderr);
    return 2;
}
