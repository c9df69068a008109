/* serve.h - a folder of pages, for a browser on this computer: no other can reach it.
 *
 * Files of the folder and below it, whole or in part (Range), with validators; never one outside, behind a symbolic link, or
 * with a name that begins with a stop. A page reloads itself when its file changes. Optional: NR_WITH_SERVER. */
#ifndef NR_PUBLISH_SERVE_H
#define NR_PUBLISH_SERVE_H

#include "narrate.h"

enum { SERVE_USUAL_PORT = 65536 }; /* 8080, or any if that is taken */

typedef struct serve_server serve_server;
/* port 0: any that is free. Serves from a thread of its own until it is closed. NR_EINVAL when built without. */
nr_status serve_open(serve_server **out, const char *folder, unsigned port, nr_error *err);
unsigned serve_port(const serve_server *server);
void serve_close(serve_server *server); /* NULL is fine */

#endif
