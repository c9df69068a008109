/* What stands for serve.c in a build without libmicrohttpd. */
#include "base/error.h"
#include "publish/serve.h"

nr_status serve_open(serve_server **out, const char *folder, unsigned port, nr_error *err)
{
    (void)port;
    *out = NULL;
    return nr_fail(err, NR_EINVAL, 0, "cannot serve '%s': this narrate was built without libmicrohttpd", folder);
}

unsigned serve_port(const serve_server *server)
{
    (void)server;
    return 0;
}

void serve_close(serve_server *server) { (void)server; }
