/* session_parts.h - what session.c and commands.c share, and nobody else. */
#ifndef NR_PLAYER_SESSION_PARTS_H
#define NR_PLAYER_SESSION_PARTS_H

#include "player/session.h"

double session_clock(void); /* seconds */
/* Remembers where the listener is; finished: that nothing is left to hear. */
void session_keep_place(session *s, bool finished);
/* Where listening from a place ends: at the next heading if that was asked for, else UINT32_MAX. */
uint32_t session_end_of_listening(const session *s, uint32_t from);
/* Reads article `index` and begins with it; on a failure, which it tells, the one in hand stays. */
bool session_go_to_article(session *s, size_t index, bool chime);
bool session_knows_voice(const char *name);

#endif
