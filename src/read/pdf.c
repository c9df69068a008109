/* PDF, by poppler's pdftotext in a process of its own, limited in time and memory before it sees a byte. Its layout is
 * put together again: lines to paragraphs, words that were cut, and what stands on every page is left out. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/utf8.h"
#include "read/compose.h"
#include "read/date.h"
#include "read/lines.h"
#include "read/reflow.h"
#include "read/confine.h"
#include "read/reader.h"

enum { SECONDS = 60, TEXT = 256 << 20 };
static const rlim_t MEMORY = (rlim_t)1 << 30;

/* ---------------------------------------------------------------- the child */

typedef struct child {
    pid_t pid;
    int in, out; /* ours: to its standard input, from its standard output */
} child;

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void limit(void)
{
    const struct rlimit cpu = {SECONDS, SECONDS}, memory = {MEMORY, MEMORY}, file = {0, 0};
    setrlimit(RLIMIT_CPU, &cpu);
    setrlimit(RLIMIT_AS, &memory);
    setrlimit(RLIMIT_FSIZE, &file);
    setrlimit(RLIMIT_CORE, &file);
}

/* In the child, where the host's threads are gone and only calls that are safe in a signal handler may be made. */
_Noreturn static void run(int in, int out, int report)
{
    static char program[] = "pdftotext", html[] = "-htmlmeta", encoding[] = "-enc", utf8[] = "UTF-8", dash[] = "-";
    char *argv[] = {program, html, encoding, utf8, dash, dash, NULL};
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(nowhere, 2) == 2) {
        limit();
        nr_confine_before_exec();
        execvp(program, argv);
    }
    int failure = errno;
    if (write(report, &failure, sizeof failure) < 0)
        _exit(126);
    _exit(127);
}

/* The errno of the child's exec, 0 when it went well: then the pipe is closed unwritten. */
static int failure_of(int report)
{
    int failure = 0;
    ssize_t n;
    do
        n = read(report, &failure, sizeof failure);
    while (n < 0 && errno == EINTR);
    return n == sizeof failure ? failure : 0;
}

static int start(child *c)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1}, report[2] = {-1, -1}, failure = 0;
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(report, O_CLOEXEC) || (c->pid = fork()) < 0)
        failure = errno;
    else if (c->pid == 0)
        run(in[0], out[1], report[1]);
    close_fd(&in[0]);
    close_fd(&out[1]);
    close_fd(&report[1]);
    c->in = in[1];
    c->out = out[0];
    if (!failure && (failure = failure_of(report[0])) != 0)
        waitpid(c->pid, NULL, 0);
    close_fd(&report[0]);
    if (failure) {
        close_fd(&c->in);
        close_fd(&c->out);
    }
    return failure;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Writes without a SIGPIPE, which is the host program's business. -1: it does not read on. */
static ssize_t write_quietly(int fd, const char *p, size_t n)
{
    sigset_t pipe_set, before, pending;
    sigemptyset(&pipe_set);
    sigaddset(&pipe_set, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe_set, &before);
    ssize_t written = write(fd, p, n);
    if (written < 0 && errno == EPIPE && !sigismember(&pending, SIGPIPE)) {
        static const struct timespec none = {0, 0};
        while (sigtimedwait(&pipe_set, NULL, &none) < 0 && errno == EINTR)
            ;
        errno = EPIPE;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return written;
}

/* Feeds it and collects what it says. False: out of time or room. */
static bool exchange(child *c, nr_view bytes, nr_buffer *out)
{
    double end = now() + SECONDS;
    char part[1 << 15];
    fcntl(c->in, F_SETFL, O_NONBLOCK);
    for (;;) {
        struct pollfd fds[2] = {{c->out, POLLIN, 0}, {c->in, POLLOUT, 0}};
        int left = (int)((end - now()) * 1000);
        if (left <= 0 || poll(fds, c->in >= 0 ? 2 : 1, left) == 0)
            return false;
        if (c->in >= 0 && fds[1].revents) {
            ssize_t n = bytes.n ? write_quietly(c->in, bytes.p, bytes.n < sizeof part ? bytes.n : sizeof part) : 0;
            if (n > 0)
                bytes.p += n, bytes.n -= (size_t)n;
            if (bytes.n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
                close_fd(&c->in);
        }
        if (!fds[0].revents)
            continue;
        ssize_t n = read(c->out, part, sizeof part);
        if (n == 0)
            return true;
        if (n > 0 && nr_buffer_put(out, part, (size_t)n))
            return false;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return false;
    }
}

static nr_status convert(const char *name, nr_view bytes, nr_buffer *out, nr_error *err)
{
    child c = {-1, -1, -1};
    int failure = start(&c), state = 0;
    if (failure == ENOENT)
        return nr_fail(err, NR_EIO, failure, "cannot read the PDF '%s' without pdftotext: install the package poppler-utils", name);
    if (failure)
        return nr_fail(err, NR_EIO, failure, "cannot start pdftotext");
    bool good = exchange(&c, bytes, out);
    close_fd(&c.in);
    close_fd(&c.out);
    if (!good)
        kill(c.pid, SIGKILL);
    while (waitpid(c.pid, &state, 0) < 0 && errno == EINTR)
        ;
    if (!good)
        return nr_fail(err, NR_ELIMIT, 0, "cannot read the PDF '%s': it takes too long, or holds too much", name);
    bool done = WIFEXITED(state) && WEXITSTATUS(state) == 0;
    if (WIFEXITED(state) && WEXITSTATUS(state) == 127)
        return nr_fail(err, NR_EIO, 0, "cannot read the PDF '%s' without pdftotext: install the package poppler-utils", name);
    return done || out->n > 600 ? NR_OK
                                : nr_fail(err, NR_EFORMAT, 0, "cannot read the PDF '%s': it is damaged, cut off or locked", name);
}

/* ---------------------------------------------------------------- what it says */

/* Character references of the five kinds that pdftotext writes. In place. */
static nr_view unescape(char *p, size_t n)
{
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    static const char signs[] = "&<>\"'";
    size_t out = 0;
    for (size_t i = 0; i < n;) {
        size_t skip = 0;
        for (size_t k = 0; p[i] == '&' && k < 5 && !skip; k++)
            if (nr_view_starts((nr_view){p + i, n - i}, nr_view_of(names[k]))) {
                p[out++] = signs[k];
                skip = strlen(names[k]);
            }
        if (!skip)
            p[out++] = p[i], skip = 1;
        i += skip;
    }
    return (nr_view){p, out};
}

static const char *keep(nr_document *doc, nr_view v)
{
    v = nr_view_trim(v);
    char *copy = v.n && v.n < 1000 && nr_utf8_valid(v.p, v.n) == v.n ? nr_arena_string(&doc->arena, v) : NULL;
    return copy ? unescape(copy, strlen(copy)).p : NULL;
}

/* What stands between two marks in the head; empty for nothing. */
static nr_view between(nr_view head, const char *before, const char *after)
{
    const char *start = nr_view_find(head, nr_view_of(before));
    if (!start)
        return (nr_view){"", 0};
    start += strlen(before);
    const char *end = memmem(start, (size_t)(head.p + head.n - start), after, strlen(after));
    return end ? (nr_view){start, (size_t)(end - start)} : (nr_view){"", 0};
}

static bool ends_as_file(nr_view v)
{
    static const char *const endings[] = {".doc", ".docx", ".pdf", ".indd", ".tex", ".dvi", ".qxd", ".odt"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (nr_view_ends(v, nr_view_of(endings[i])))
            return true;
    return false;
}

static void take_head(nr_document *doc, nr_view head)
{
    nr_metadata *m = &doc->metadata;
    nr_view title = between(head, "<title>", "</title>");
    if (!ends_as_file(title) && !nr_view_starts(title, NR_LIT("Microsoft ")) && title.n > 3)
        m->title = keep(doc, title);
    nr_view author = between(head, "name=\"Author\" content=\"", "\"");
    if (memchr(author.p, ' ', author.n)) /* not the name of an account */
        m->author = keep(doc, author);
    nr_date d;
    char iso[40], human[64];
    nr_view date = between(head, "name=\"CreationDate\" content=\"", "\"");
    if (date.n < 8 || !nr_date_from_iso(date, &d))
        return;
    d.hour = -1;
    nr_date_write_iso(&d, iso);
    nr_date_write_human(&d, NULL, human);
    m->date_iso = keep(doc, nr_view_of(iso));
    m->date = keep(doc, nr_view_of(human));
}

static nr_status write_text(nr_document *doc, nr_view text, nr_error *err)
{
    nr_furniture *f;
    nr_status s = nr_furniture_open(&f, err);
    if (s)
        return s;
    nr_composer out;
    nr_compose_init(&out, doc);
    nr_compose_opening(&out);
    nr_status reflowed = nr_reflow(&out, f, text), composed = nr_compose_finish(&out);
    nr_furniture_close(f);
    return reflowed || composed ? nr_fail_memory(err) : NR_OK;
}

static nr_status read_pdf(nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    nr_buffer bytes = doc->text, html = NR_BUFFER_INIT(TEXT);
    doc->text = NR_BUFFER_INIT(UINT32_MAX - 1);
    nr_status s = convert(nr_read_name(opt), nr_buffer_view(&bytes), &html, err);
    nr_buffer_free(&bytes);
    if (!s) {
        nr_view all = nr_buffer_view(&html), text = between(all, "<pre>", "</pre>");
        if (!text.n) /* cut off, but not empty */
            text = all.n ? between(all, "<pre>", "\f") : text;
        take_head(doc, (nr_view){all.p, text.n ? (size_t)(text.p - all.p) : all.n});
        text = text.n ? unescape((char *)(uintptr_t)text.p, text.n) : text;
        s = write_text(doc, text, err);
    }
    nr_buffer_free(&html);
    if (!s && nr_document_must_speak(doc, opt, NULL))
        s = nr_fail(err, NR_ENOTEXT, 0, "there is nothing to read in '%s': its pages are pictures; it needs text "
                    "recognition first (ocrmypdf)", nr_read_name(opt));
    return s;
}

static int probe(nr_view head)
{
    return nr_view_find((nr_view){head.p, head.n < 1024 ? head.n : 1024}, NR_LIT("%PDF-")) ? 99 : 0;
}

static const char *const extensions[] = {".pdf", NULL};

const nr_reader nr_reader_pdf = {"pdf", extensions, probe, NULL, read_pdf, .binary = true};
