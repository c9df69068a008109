/* control.h - a player steered from outside, by the session's commands as lines.
 *
 * A player listens at a socket in $XDG_RUNTIME_DIR/narrate (or /tmp/narrate-UID, which must be the user's own), named by
 * its process. --control adds one at a path of the user's, or reads a FIFO that is there. On a socket each command is
 * answered by lines, the last of which is "ok" or begins with "error: "; a FIFO answers nothing. */
#ifndef NR_PLAYER_CONTROL_H
#define NR_PLAYER_CONTROL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct control control;

typedef void control_run(void *ctx, const char *line, char *reply, size_t size, bool *good);

/* NULL when nothing can be listened at; problem() then told why, if path was given. */
control *control_open(const char *path, control_run *run, void (*problem)(void *ctx, const char *text), void *ctx);
/* Fills in what to wait for and gives their number, at most `most`; control_step() takes them back. */
size_t control_polls(const control *c, struct pollfd *polls, size_t most);
void control_step(control *c, const struct pollfd *polls, size_t count);
/* Removes its sockets. */
void control_close(control *c);

/* Sends a line to the player at a path, or to the one that was started last (NULL), and prints its answer. Returns an
 * exit code; with `error` filled in where there is something to complain of. */
int control_send(const char *path, const char *line, char *error, size_t size);

#endif
