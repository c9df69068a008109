/* jingle.h - a sound file of the user's own, as a recording: an intro, an outro, what stands between articles. */
#ifndef NR_PUBLISH_JINGLE_H
#define NR_PUBLISH_JINGLE_H

#include "publish/recording.h"

enum { JINGLE_MOST = 15 * 60 }; /* seconds */

/* Reads what libsndfile reads, mixes it to one channel and resamples it. Anything else, and a sound of no length or of more
 * than JINGLE_MOST seconds, is an error that names the file. beside: as for recording_open(). *out is to be closed by the
 * caller in any case. */
nr_status jingle_read(recording *out, const char *path, const char *beside, int rate, nr_error *err);

#endif
