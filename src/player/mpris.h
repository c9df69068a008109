/* mpris.h - a player on the session's D-Bus, as MPRIS 2.2 has it (https://specifications.freedesktop.org/mpris-spec/), so
 * that media keys, desktops and playerctl steer it. Without NR_HAVE_MPRIS, or without a bus, nothing happens. */
#ifndef NR_PLAYER_MPRIS_H
#define NR_PLAYER_MPRIS_H

#include <poll.h>

#include "player/session.h"

typedef struct mpris mpris;

/* NULL where there is no bus; all other calls then do nothing. */
mpris *mpris_open(session *s);
void mpris_close(mpris *m);
/* Fills in one entry and gives 1, or gives 0; may shorten the timeout (milliseconds). */
nfds_t mpris_poll(mpris *m, struct pollfd *entry, int *timeout);
void mpris_step(mpris *m);
/* Tells the bus what is different now. */
void mpris_changed(mpris *m);

#endif
