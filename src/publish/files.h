/* files.h - a finished recording into all the files of a job. */
#ifndef NR_PUBLISH_FILES_H
#define NR_PUBLISH_FILES_H

#include "publish/produce.h"
#include "publish/recording.h"

typedef struct publish_files publish_files;

/* Checks every path, format and cover, before anything is said. job must outlive it. */
nr_status publish_files_open(publish_files **out, const publish_job *job, nr_error *err);
/* The highest sample rate of them that is settled before anything is said; 0: they all follow the sound's. */
int publish_files_rate(const publish_files *files);
/* Calls job->progress with shares from `from` to 1, then job->beside. */
nr_status publish_files_write(publish_files *files, const recording *sound, const publish_result *result, double from,
                              const volatile int *cancel, nr_error *err);
/* Also after a failure: what was not finished is gone. NULL is fine. */
void publish_files_close(publish_files *files);

#endif
