/* cover.h - the picture that a job's files get. */
#ifndef NR_PUBLISH_COVER_H
#define NR_PUBLISH_COVER_H

#include "publish/picture.h"
#include "publish/produce.h"

/* What was asked for must be there. Without it, the first article's own is tried, on the web too; what is wrong with that is a
 * warning. *out has no bytes where there is none. */
nr_status cover_find(picture *out, const publish_job *job, nr_error *err);

#endif
