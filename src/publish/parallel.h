/* parallel.h - the same work on many pieces, on several threads. What a piece becomes may depend on its number alone,
 * so that results do not depend on the number of threads. */
#ifndef NR_PUBLISH_PARALLEL_H
#define NR_PUBLISH_PARALLEL_H

#include "narrate.h"

/* As many threads as asked for, or as there are processors. */
int parallel_threads(int wanted);
/* Calls work(ctx, worker, piece, err) once for each piece, in rising order, worker being 0 to threads-1 (for scratch memory)
 * and on a thread of its own; worker 0 is the caller's thread. After a failure or *cancel no new pieces begin; the error
 * is that of the first failed piece. */
typedef nr_status parallel_fn(void *ctx, int worker, size_t piece, nr_error *err);
nr_status parallel_run(int threads, size_t pieces, parallel_fn *work, void *ctx, const volatile int *cancel, nr_error *err);

#endif
