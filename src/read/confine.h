/* confine.h - a program of others that is given hostile bytes may compute and write to its output, and nothing else. */
#ifndef NR_READ_CONFINE_H
#define NR_READ_CONFINE_H

/* Between fork() and exec(), where only what POSIX calls async-signal-safe may be done: no new privileges, and from here
 * on no sockets, no opening of files for writing, no changes to the file system (seccomp). Where the kernel knows none of
 * this, nothing happens. */
void nr_confine_before_exec(void);

#endif
