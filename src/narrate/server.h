/* server.h - the narrator's side of a voice server: starting the program, giving it jobs. Used by one thread. */
#ifndef NR_NARRATE_SERVER_H
#define NR_NARRATE_SERVER_H

#include <sys/types.h>

#include "voice/wire.h"

typedef struct nr_server {
    int socket; /* -1: not running */
    pid_t pid;
    uint32_t next_id;
    nr_wire_hello hello;
} nr_server;

/* Starts narrate-voice for a voice ("espeak:en-us", "en-us", "null", NULL) and waits until it is ready to speak.
 * NR_EVOICE when there is no such voice or the program or its data is missing. */
nr_status nr_server_start(nr_server *server, const nr_voice_options *opt, const char *locale, nr_error *err);
/* Hands over a job (bytes of nr_wire_put_speech behind a nr_wire_request, which this fills in). *pipe is where its
 * records come from, *id its name for nr_server_kill. False when the server is gone. */
bool nr_server_send(nr_server *server, nr_buffer *job, uint32_t utterances, int *pipe, uint32_t *id);
void nr_server_kill(nr_server *server, uint32_t id);
/* Ends it and waits for it. */
void nr_server_stop(nr_server *server);

/* Runs `narrate-voice list`. */
nr_status nr_server_list(nr_buffer *out, nr_error *err);

#endif
