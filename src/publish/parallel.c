#include "publish/parallel.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/error.h"

enum { MOST_THREADS = 64 };

typedef struct crowd {
    parallel_fn *work;
    void *ctx;
    size_t pieces;
    const volatile int *cancel;
    atomic_size_t next;
    atomic_bool stop;
    pthread_mutex_t lock; /* of what follows */
    nr_status status;
    size_t failed;
    nr_error err;
} crowd;

typedef struct worker {
    crowd *crowd;
    int number;
} worker;

int parallel_threads(int wanted)
{
    long n = wanted > 0 ? wanted : sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : (int)n;
}

static void note_failure(crowd *c, nr_status s, size_t piece, const nr_error *err)
{
    pthread_mutex_lock(&c->lock);
    if (!c->status || piece < c->failed) {
        c->status = s;
        c->failed = piece;
        c->err = *err;
    }
    pthread_mutex_unlock(&c->lock);
    atomic_store(&c->stop, true);
}

static void *work_on(void *self)
{
    worker *w = self;
    crowd *c = w->crowd;
    while (!atomic_load(&c->stop)) {
        nr_error err = {0};
        size_t piece = atomic_fetch_add(&c->next, 1);
        if (piece >= c->pieces)
            break;
        nr_status s = c->cancel && *c->cancel ? nr_fail(&err, NR_CANCELLED, 0, "stopped")
                                              : c->work(c->ctx, w->number, piece, &err);
        if (s)
            note_failure(c, s, piece, &err);
    }
    return NULL;
}

nr_status parallel_run(int threads, size_t pieces, parallel_fn *work, void *ctx, const volatile int *cancel, nr_error *err)
{
    crowd c = {.work = work, .ctx = ctx, .pieces = pieces, .cancel = cancel, .lock = PTHREAD_MUTEX_INITIALIZER};
    worker workers[MOST_THREADS];
    pthread_t ids[MOST_THREADS];
    sigset_t all, before;
    if ((size_t)threads > pieces)
        threads = pieces ? (int)pieces : 1;
    if (threads > MOST_THREADS)
        threads = MOST_THREADS;
    int started = 1;
    sigfillset(&all); /* signals are the caller's thread's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (int i = 0; i < threads; i++)
        workers[i] = (worker){&c, i};
    while (started < threads && pthread_create(&ids[started], NULL, work_on, &workers[started]) == 0)
        started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    work_on(&workers[0]);
    for (int i = 1; i < started; i++)
        pthread_join(ids[i], NULL);
    if (c.status && err)
        *err = c.err;
    return c.status;
}
