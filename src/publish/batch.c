#include "publish/batch.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"

enum { JOBS_MOST = 256, SAID_MOST = 1 << 16, TICK_MS = 200 };

/* One narrate at work. */
typedef struct job {
    pid_t pid; /* 0: free */
    size_t index;
    int out, err, lock;
    char *lock_path;
    nr_buffer said, complained;
} job;

typedef struct batch {
    const worklist *list;
    const batch_options *opt;
    const volatile int *cancel;
    batch_result *result;
    job jobs[JOBS_MOST];
    size_t room, busy, next, done;
    size_t *elsewhere; /* a ring of the articles that another batch is at, as long as the list */
    size_t elsewhere_first, elsewhere_count;
    nr_error *err;
} batch;

static void finish(batch *b, size_t index, batch_state state, const char *error)
{
    batch_article *a = &b->result->articles[index];
    a->state = state;
    a->error = error ? strdup(error) : NULL;
    b->result->counts[state]++;
    b->done++;
    if (b->opt->report)
        b->opt->report(b->opt->ctx, &b->list->items[index], a, b->done);
}

/* ---------------------------------------------------------------- folders and locks */

static nr_status fail_folder(const char *path, int sys, nr_error *err)
{
    return nr_fail(err, NR_EIO, sys, "cannot make the folder '%s': %s", path, strerror(sys));
}

/* The folders that a path leads through. */
static nr_status make_folders(const char *path, nr_error *err)
{
    char *copy = strdup(path);
    nr_status s = copy ? NR_OK : nr_fail_memory(err);
    for (char *slash = copy; !s && (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        if (mkdir(copy, 0777) < 0 && errno != EEXIST)
            s = fail_folder(copy, errno, err);
        *slash = '/';
    }
    free(copy);
    return s;
}

typedef enum claim { CLAIMED, CLAIMED_AGAIN, TAKEN, CLAIM_FAILED } claim;

/* CLAIMED_AGAIN: somebody began it and was stopped. */
static claim claim_article(const char *path, int *fd)
{
    for (int tries = 0; tries < 100; tries++) {
        bool fresh = true;
        *fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
        if (*fd < 0 && errno == EEXIST) {
            fresh = false;
            *fd = open(path, O_RDWR | O_CLOEXEC);
        }
        if (*fd < 0 && errno == ENOENT)
            continue; /* it went meanwhile */
        if (*fd < 0)
            return CLAIM_FAILED;
        struct stat here, there;
        if (flock(*fd, LOCK_EX | LOCK_NB) < 0) {
            close(*fd);
            return errno == EWOULDBLOCK ? TAKEN : CLAIM_FAILED;
        }
        if (stat(path, &there) == 0 && fstat(*fd, &here) == 0 && here.st_ino == there.st_ino && here.st_dev == there.st_dev)
            return fresh ? CLAIMED : CLAIMED_AGAIN;
        close(*fd);
    }
    errno = EBUSY;
    return CLAIM_FAILED;
}

static char *lock_of(const char *output)
{
    const char *slash = strrchr(output, '/');
    char *path = NULL;
    return asprintf(&path, "%.*s/.%s.lock", (int)(slash - output), output, slash + 1) < 0 ? NULL : path;
}

static void release(job *j)
{
    if (j->lock_path)
        unlink(j->lock_path);
    if (j->lock >= 0)
        close(j->lock);
    free(j->lock_path);
    j->lock_path = NULL;
    j->lock = -1;
}

static bool newer(const struct stat *a, const struct stat *b)
{
    return a->st_mtim.tv_sec != b->st_mtim.tv_sec ? a->st_mtim.tv_sec > b->st_mtim.tv_sec : a->st_mtim.tv_nsec > b->st_mtim.tv_nsec;
}

/* Whether what belongs beside a sound is there. stopped: somebody was, while at this article; since the sound is put in its
 * place last, what is beside it may then be of another run, and newer. */
static bool has_beside(const batch *b, const char *output, const struct stat *sound, bool stopped)
{
    size_t stem = strlen(output) - strlen(b->opt->format);
    bool whole = true;
    for (size_t i = 0; i < b->opt->beside_count && whole; i++) {
        char *path = NULL;
        struct stat st;
        if (asprintf(&path, "%.*s%s", (int)stem, output, b->opt->beside[i]) < 0)
            return false;
        whole = stat(path, &st) == 0 && !(stopped && newer(&st, sound));
        free(path);
    }
    return whole;
}

/* What is to be done about an article's files. */
static batch_state look(const batch *b, size_t index, bool stopped)
{
    struct stat output, source;
    const char *path = b->result->articles[index].output;
    if (b->opt->overwrite || stat(path, &output) < 0)
        return BATCH_WAITING;
    if (stat(b->list->items[index].source, &source) == 0 && newer(&source, &output))
        return b->opt->update ? BATCH_WAITING : BATCH_STALE;
    return has_beside(b, path, &output, stopped) ? BATCH_THERE : BATCH_WAITING;
}

/* ---------------------------------------------------------------- a narrate at work */

static void become_narrate(const batch *b, size_t index, bool overwrite, pid_t parent, int out, int err)
{
    const batch_options *opt = b->opt;
    const char **argv = calloc(opt->argument_count + 12, sizeof *argv);
    size_t n = 0;
    if (!argv)
        _exit(1);
    argv[n++] = "narrate";
    argv[n++] = "save";
    argv[n++] = "--json";
    argv[n++] = "--plain";
    argv[n++] = "--jobs=1";
    for (size_t i = 0; i < opt->argument_count; i++)
        argv[n++] = opt->arguments[i];
    if (overwrite)
        argv[n++] = "--overwrite";
    argv[n++] = "-o";
    argv[n++] = b->result->articles[index].output;
    argv[n++] = "--";
    argv[n++] = b->list->items[index].source;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    const int ours[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        signal(ours[i], SIG_DFL);
    setpgid(0, 0); /* the batch alone hears the terminal's signals and passes them on */
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a batch that is killed leaves nobody at work */
    if (getppid() != parent)
        _exit(1);
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    execv(opt->program, (char *const *)argv);
    _exit(127);
}

static nr_status start(batch *b, job *j, size_t index, bool overwrite)
{
    int out[2] = {-1, -1}, err[2] = {-1, -1};
    pid_t parent = getpid();
    j->pid = -1;
    if (pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0)
        j->pid = fork();
    if (j->pid == 0)
        become_narrate(b, index, overwrite, parent, out[1], err[1]);
    int why = errno;
    if (out[1] >= 0)
        close(out[1]);
    if (err[1] >= 0)
        close(err[1]);
    if (j->pid < 0) {
        if (out[0] >= 0)
            close(out[0]);
        if (err[0] >= 0)
            close(err[0]);
        j->pid = 0;
        release(j);
        return nr_fail(b->err, NR_EIO, why, "cannot start a narrate for '%s': %s; try fewer --jobs", b->list->items[index].source,
                       strerror(why));
    }
    j->index = index;
    j->out = out[0];
    j->err = err[0];
    fcntl(j->out, F_SETFL, O_NONBLOCK);
    fcntl(j->err, F_SETFL, O_NONBLOCK);
    nr_buffer_truncate(&j->said, 0);
    nr_buffer_truncate(&j->complained, 0);
    b->busy++;
    return NR_OK;
}

/* Reads what is there; what goes past the buffer's maximum is not kept. False at the end. */
static bool drain(int fd, nr_buffer *into)
{
    char bytes[4096];
    for (;;) {
        ssize_t got = read(fd, bytes, sizeof bytes);
        if (got == 0)
            return false;
        if (got < 0)
            return errno == EAGAIN || errno == EINTR;
        if (into->n + (size_t)got < into->max)
            nr_buffer_put(into, bytes, (size_t)got);
    }
}

/* The last line that it complained with, without its name. */
static void last_words(const job *j, int status, char *out, size_t room)
{
    nr_view v = nr_buffer_view(&j->complained);
    while (v.n && nr_ascii_space(v.p[v.n - 1]))
        v.n--;
    const char *line = v.n ? memrchr(v.p, '\n', v.n) : NULL;
    if (line)
        v = nr_view_sub(line, 1, (size_t)(v.p + v.n - line));
    if (nr_view_starts(v, NR_LIT("narrate: ")))
        v = nr_view_sub(v.p, 9, v.n);
    if (WIFSIGNALED(status))
        snprintf(out, room, "narrate was stopped by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else if (v.n == 0)
        snprintf(out, room, "narrate failed without a word (exit code %d)", WEXITSTATUS(status));
    else
        snprintf(out, room, "%.*s", (int)(v.n < room ? v.n : room - 1), v.p);
}

static void take_length(batch *b, const job *j)
{
    batch_article *a = &b->result->articles[j->index];
    json_t *said = json_loadb(j->said.p ? j->said.p : "", j->said.n, JSON_DISABLE_EOF_CHECK, NULL);
    a->seconds = json_number_value(json_object_get(said, "seconds"));
    a->words = (size_t)json_integer_value(json_object_get(said, "words"));
    b->result->seconds += a->seconds;
    b->result->words += a->words;
    json_decref(said);
}

static void reap(batch *b, job *j)
{
    int status = 0;
    char why[600];
    while (waitpid(j->pid, &status, 0) < 0 && errno == EINTR)
        ;
    bool whole = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (whole)
        take_length(b, j);
    else
        last_words(j, status, why, sizeof why);
    j->pid = 0;
    b->busy--;
    release(j);
    finish(b, j->index, whole ? BATCH_WRITTEN : BATCH_FAILED, whole ? NULL : why);
}

/* ---------------------------------------------------------------- the order of work */

/* Claims an article for the job; where that cannot be, it is left for later, or found done or failed. */
static bool take_lock(batch *b, job *j, size_t index, char *lock, batch_state found, bool *again)
{
    char why[600];
    claim got = claim_article(lock, &j->lock);
    *again = got == CLAIMED_AGAIN;
    if (got == CLAIMED || got == CLAIMED_AGAIN) {
        j->lock_path = lock;
        return true;
    }
    snprintf(why, sizeof why, "cannot make '%s': %s", lock, strerror(errno));
    free(lock);
    j->lock = -1;
    if (got == TAKEN)
        b->elsewhere[(b->elsewhere_first + b->elsewhere_count++) % b->list->count] = index;
    else if (found != BATCH_WAITING)
        finish(b, index, found, NULL);
    else
        finish(b, index, BATCH_FAILED, why);
    return false;
}

/* An article that nobody is at is begun, or found done. A lock that is there and held by nobody is of a batch that was
 * killed. */
static nr_status take_article(batch *b, job *j, size_t index)
{
    const char *output = b->result->articles[index].output;
    nr_error err;
    struct stat st;
    bool again;
    char *lock = lock_of(output);
    if (!lock)
        return nr_fail_memory(b->err);
    batch_state found = look(b, index, false);
    if (found != BATCH_WAITING && access(lock, F_OK) < 0) {
        finish(b, index, found, NULL);
    } else if (found == BATCH_WAITING && make_folders(output, &err)) {
        finish(b, index, BATCH_FAILED, err.msg);
    } else if (take_lock(b, j, index, lock, found, &again)) {
        found = look(b, index, again); /* the other may have finished just now */
        if (found == BATCH_WAITING)
            return start(b, j, index, b->opt->overwrite || again || stat(output, &st) == 0);
        release(j);
        finish(b, index, found, NULL);
        return NR_OK;
    } else {
        return NR_OK;
    }
    free(lock);
    return NR_OK;
}

static job *free_job(batch *b)
{
    for (size_t i = 0; i < b->room; i++)
        if (!b->jobs[i].pid)
            return &b->jobs[i];
    return NULL;
}

static nr_status start_articles(batch *b)
{
    nr_status s = NR_OK;
    while (!s && b->busy < b->room && b->next < b->list->count && !(b->cancel && *b->cancel)) {
        s = take_article(b, free_job(b), b->next++);
        if (b->opt->tick && b->next % 1024 == 0)
            b->opt->tick(b->opt->ctx, b->done);
    }
    /* Then, once a turn, what another batch was at: it may have been stopped. */
    size_t again = b->next < b->list->count ? 0 : b->elsewhere_count;
    for (; !s && again && b->busy < b->room && !(b->cancel && *b->cancel); again--) {
        size_t index = b->elsewhere[b->elsewhere_first];
        b->elsewhere_first = (b->elsewhere_first + 1) % b->list->count;
        b->elsewhere_count--;
        s = take_article(b, free_job(b), index);
    }
    return s;
}

static void wait_a_little(batch *b)
{
    struct pollfd events[2 * JOBS_MOST];
    size_t n = 0;
    for (size_t i = 0; i < b->room; i++) {
        if (!b->jobs[i].pid)
            continue;
        events[n++] = (struct pollfd){b->jobs[i].out, POLLIN, 0};
        events[n++] = (struct pollfd){b->jobs[i].err, POLLIN, 0};
    }
    poll(events, n, TICK_MS);
    for (size_t i = 0; i < b->room; i++) {
        job *j = &b->jobs[i];
        if (!j->pid)
            continue;
        if (j->out >= 0 && !drain(j->out, &j->said)) {
            close(j->out);
            j->out = -1;
        }
        if (j->err >= 0 && !drain(j->err, &j->complained)) {
            close(j->err);
            j->err = -1;
        }
        if (j->out < 0 && j->err < 0)
            reap(b, j);
    }
    if (b->opt->tick)
        b->opt->tick(b->opt->ctx, b->done);
}

/* What is at work ends and leaves nothing. */
static void stop_all(batch *b)
{
    for (size_t i = 0; i < b->room; i++)
        if (b->jobs[i].pid)
            kill(b->jobs[i].pid, SIGTERM);
    for (size_t i = 0; i < b->room; i++) {
        job *j = &b->jobs[i];
        if (!j->pid)
            continue;
        if (j->out >= 0)
            close(j->out);
        if (j->err >= 0)
            close(j->err);
        while (waitpid(j->pid, NULL, 0) < 0 && errno == EINTR)
            ;
        j->pid = 0;
        release(j);
    }
}

static nr_status name_outputs(batch *b)
{
    const batch_options *opt = b->opt;
    for (size_t i = 0; i < b->list->count; i++)
        if (asprintf(&b->result->articles[i].output, "%s/%s.%s", opt->folder, b->list->items[i].name, opt->format) < 0) {
            b->result->articles[i].output = NULL;
            return nr_fail_memory(b->err);
        }
    return NR_OK;
}

static nr_status prepare(batch *b)
{
    b->result->articles = calloc(b->list->count, sizeof *b->result->articles);
    b->elsewhere = calloc(b->list->count, sizeof *b->elsewhere);
    if (!b->result->articles || !b->elsewhere)
        return nr_fail_memory(b->err);
    b->result->count = b->list->count;
    if (mkdir(b->opt->folder, 0777) < 0 && errno != EEXIST)
        return fail_folder(b->opt->folder, errno, b->err);
    return name_outputs(b);
}

nr_status batch_run(const worklist *list, const batch_options *opt, const volatile int *cancel, batch_result *result, nr_error *err)
{
    *result = (batch_result){0};
    batch *b = calloc(1, sizeof *b);
    if (!b)
        return nr_fail_memory(err);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *b = (batch){.list = list, .opt = opt, .cancel = cancel, .result = result, .err = err};
    b->room = opt->jobs > 0 ? (size_t)opt->jobs : processors > 0 ? (size_t)processors : 1;
    b->room = b->room < JOBS_MOST ? b->room : JOBS_MOST;
    for (size_t i = 0; i < b->room; i++)
        b->jobs[i] = (job){.out = -1, .err = -1, .lock = -1, .said = NR_BUFFER_INIT(SAID_MOST), .complained = NR_BUFFER_INIT(SAID_MOST)};
    nr_status s = prepare(b);
    while (!s && b->done < list->count) {
        s = start_articles(b);
        if (!s && cancel && *cancel)
            s = nr_fail(err, NR_CANCELLED, 0, "stopped");
        if (!s && b->done < list->count)
            wait_a_little(b);
    }
    stop_all(b);
    result->counts[BATCH_WAITING] = list->count - b->done;
    for (size_t i = 0; i < b->room; i++) {
        nr_buffer_free(&b->jobs[i].said);
        nr_buffer_free(&b->jobs[i].complained);
    }
    free(b->elsewhere);
    free(b);
    return s;
}

void batch_result_free(batch_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        free(result->articles[i].output);
        free(result->articles[i].error);
    }
    free(result->articles);
    *result = (batch_result){0};
}
