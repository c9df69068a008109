/* confine.h - takes away from this process and its children what speaking does not need. */
#ifndef NR_VOICE_CONFINE_H
#define NR_VOICE_CONFINE_H

/* From here on: no network, no new programs, no file opened for writing, removed or renamed, no look into other
 * processes. Where the system has no seccomp, or the build none, nothing happens. */
void nr_confine(void);

#endif
