#include "publish/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/library.h"

#define FUNCTIONS(X)                                                                                                   \
    X(MHD_add_response_header) X(MHD_create_response_from_buffer) X(MHD_create_response_from_fd_at_offset64)           \
    X(MHD_destroy_response) X(MHD_get_daemon_info) X(MHD_lookup_connection_value) X(MHD_queue_response)                \
    X(MHD_start_daemon) X(MHD_stop_daemon)

NR_LIBRARY(FUNCTIONS, NR_LIBMICROHTTPD)

static void load(void) { lib.loaded = find_functions(); }

enum { CONNECTIONS = 64, TIMEOUT = 30, NAME = 255, LARGEST_PAGE = 256 << 20, PORT = 8080 };

struct serve_server {
    struct MHD_Daemon *daemon;
    int folder; /* descriptor */
    unsigned port;
};

/* Given to every page that is served, so that it shows itself anew when its file has changed. */
static const char reload_path[] = "/.narrate/reload.js";
static const char reload_tag[] = "<script src=\"/.narrate/reload.js\" defer></script>\n";
static const char reload_script[] =
    "(() => {\n"
    "  let last;\n"
    "  const look = async () => {\n"
    "    try {\n"
    "      const answer = await fetch(location.pathname, {method: 'HEAD', cache: 'no-store'});\n"
    "      const now = answer.ok && answer.headers.get('ETag');\n"
    "      if (last && now && now !== last) location.reload();\n"
    "      last = now || last;\n"
    "    } catch { /* the server is not there: later */ }\n"
    "    setTimeout(look, 1000);\n"
    "  };\n"
    "  look();\n"
    "})();\n";

/* ---------------------------------------------------------------- answers */

static enum MHD_Result answer(struct MHD_Connection *c, unsigned status, struct MHD_Response *r)
{
    if (!r)
        return MHD_NO;
    lib.MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    lib.MHD_add_response_header(r, "Cross-Origin-Resource-Policy", "same-origin");
    lib.MHD_add_response_header(r, "Referrer-Policy", "no-referrer");
    enum MHD_Result sent = lib.MHD_queue_response(c, status, r);
    lib.MHD_destroy_response(r);
    return sent;
}

static enum MHD_Result say(struct MHD_Connection *c, unsigned status, const char *words)
{
    struct MHD_Response *r = lib.MHD_create_response_from_buffer(strlen(words), (void *)words, MHD_RESPMEM_MUST_COPY);
    if (r)
        lib.MHD_add_response_header(r, "Content-Type", "text/plain; charset=utf-8");
    if (r && status == MHD_HTTP_METHOD_NOT_ALLOWED)
        lib.MHD_add_response_header(r, "Allow", "GET, HEAD");
    return answer(c, status, r);
}

static enum MHD_Result redirect(struct MHD_Connection *c, const char *path)
{
    char to[4096];
    size_t n = 0;
    for (; *path && n + 8 < sizeof to; path++)
        n += (size_t)snprintf(to + n, sizeof to - n, nr_ascii_alpha(*path) || strchr("/-._0123456789", *path) ? "%c" : "%%%02X",
                              (unsigned char)*path);
    snprintf(to + n, sizeof to - n, "/");
    struct MHD_Response *r = lib.MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (r)
        lib.MHD_add_response_header(r, "Location", to);
    return answer(c, MHD_HTTP_MOVED_PERMANENTLY, r);
}

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"}, {".css", "text/css; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
        {".json", "application/json"}, {".opus", "audio/ogg"}, {".ogg", "audio/ogg"}, {".mp3", "audio/mpeg"}, {".m4a", "audio/mp4"},
        {".wav", "audio/wav"}, {".flac", "audio/flac"}, {".vtt", "text/vtt; charset=utf-8"}, {".srt", "text/plain; charset=utf-8"},
        {".txt", "text/plain; charset=utf-8"}, {".xml", "application/xml"}, {".jpg", "image/jpeg"}, {".png", "image/png"},
        {".gif", "image/gif"}, {".webp", "image/webp"}, {".epub", "application/epub+zip"}, {".htm", "text/html; charset=utf-8"}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (nr_view_ends(nr_view_of(name), nr_view_of(types[i][0])))
            return types[i][1];
    return "application/octet-stream";
}

/* ---------------------------------------------------------------- finding the file */

/* Step by step down from the folder, through no link and no hidden name. -1, with errno: there is none. */
static int open_below(int folder, const char *path, bool *is_folder)
{
    int at = dup(folder);
    char name[NAME + 1];
    struct stat st;
    *is_folder = true;
    while (at >= 0 && *path) {
        path += strspn(path, "/");
        size_t n = strcspn(path, "/");
        if (!n)
            break;
        if (n > NAME || *path == '.') {
            close(at);
            errno = ENOENT;
            return -1;
        }
        memcpy(name, path, n);
        name[n] = '\0';
        path += n;
        int next = openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        close(at);
        at = next;
    }
    if (at >= 0 && (fstat(at, &st) < 0 || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))) {
        close(at);
        errno = ENOENT;
        return -1;
    }
    if (at >= 0)
        *is_folder = S_ISDIR(st.st_mode);
    return at;
}

/* ---------------------------------------------------------------- validators and ranges */

typedef struct file {
    int fd;
    const char *type;
    uint64_t size;
    time_t modified;
    char tag[64], date[40];
} file;

static void describe(file *f, const struct stat *st, const char *name)
{
    struct tm tm;
    f->type = type_of(name);
    f->size = (uint64_t)st->st_size;
    f->modified = st->st_mtim.tv_sec;
    snprintf(f->tag, sizeof f->tag, "\"%llx-%llx-%llx\"", (unsigned long long)st->st_ino, (unsigned long long)st->st_size,
             (unsigned long long)st->st_mtim.tv_sec * 1000000000u + (unsigned long long)st->st_mtim.tv_nsec);
    gmtime_r(&f->modified, &tm);
    /* C's own names of days and months, whatever the locale */
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    snprintf(f->date, sizeof f->date, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * tm.tm_wday, tm.tm_mday,
             months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static const char *header(struct MHD_Connection *c, const char *name) { return lib.MHD_lookup_connection_value(c, MHD_HEADER_KIND, name); }

/* A browser sends back the very date that it was given. */
static bool is_unchanged(struct MHD_Connection *c, const file *f)
{
    const char *tags = header(c, "If-None-Match"), *since = header(c, "If-Modified-Since");
    if (tags)
        return strcmp(tags, "*") == 0 || strstr(tags, f->tag) != NULL;
    return since && strcmp(since, f->date) == 0;
}

typedef enum range { WHOLE, PART, NOWHERE } range;

/* "bytes=a-b", "bytes=a-" or "bytes=-n"; anything else, as several parts, is answered with the whole. */
static range range_of(struct MHD_Connection *c, const file *f, uint64_t *from, uint64_t *length)
{
    const char *wanted = header(c, "Range"), *still = header(c, "If-Range");
    char *end;
    *from = 0;
    *length = f->size;
    if (!wanted || strncmp(wanted, "bytes=", 6) != 0 || (still && strcmp(still, f->tag) && strcmp(still, f->date)))
        return WHOLE;
    wanted += 6;
    bool tail = *wanted == '-';
    if (!nr_ascii_digit(wanted[tail]))
        return WHOLE;
    errno = 0;
    unsigned long long first = strtoull(wanted + tail, &end, 10), last = f->size ? f->size - 1 : 0;
    if (errno || (tail ? *end != '\0' : *end != '-'))
        return WHOLE;
    if (tail) {
        if (!first || !f->size)
            return NOWHERE;
        first = first < f->size ? f->size - first : 0;
    } else if (nr_ascii_digit(end[1])) {
        unsigned long long asked = strtoull(end + 1, &end, 10);
        if (errno || *end || asked < first)
            return WHOLE;
        last = asked < last ? asked : last;
    } else if (end[1]) {
        return WHOLE;
    }
    if (first >= f->size)
        return NOWHERE;
    *from = first;
    *length = last - first + 1;
    return PART;
}

static void add_facts(struct MHD_Response *r, const file *f)
{
    lib.MHD_add_response_header(r, "Content-Type", f->type);
    lib.MHD_add_response_header(r, "ETag", f->tag);
    lib.MHD_add_response_header(r, "Last-Modified", f->date);
    lib.MHD_add_response_header(r, "Cache-Control", "no-cache");
}

static enum MHD_Result send_unchanged(struct MHD_Connection *c, const file *f)
{
    struct MHD_Response *r = lib.MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (r)
        add_facts(r, f);
    return answer(c, MHD_HTTP_NOT_MODIFIED, r);
}

static enum MHD_Result send_part(struct MHD_Connection *c, file *f)
{
    uint64_t from, length;
    char where[80];
    range part = range_of(c, f, &from, &length);
    if (part == NOWHERE) {
        struct MHD_Response *r = lib.MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
        snprintf(where, sizeof where, "bytes */%llu", (unsigned long long)f->size);
        if (r)
            lib.MHD_add_response_header(r, "Content-Range", where);
        return answer(c, MHD_HTTP_RANGE_NOT_SATISFIABLE, r);
    }
    struct MHD_Response *r = lib.MHD_create_response_from_fd_at_offset64(length, f->fd, from);
    if (!r)
        return MHD_NO;
    f->fd = -1; /* the response's to close */
    add_facts(r, f);
    lib.MHD_add_response_header(r, "Accept-Ranges", "bytes");
    snprintf(where, sizeof where, "bytes %llu-%llu/%llu", (unsigned long long)from, (unsigned long long)(from + length - 1),
             (unsigned long long)f->size);
    if (part == PART)
        lib.MHD_add_response_header(r, "Content-Range", where);
    return answer(c, part == PART ? MHD_HTTP_PARTIAL_CONTENT : MHD_HTTP_OK, r);
}

/* A page, with what reloads it before its end. */
static enum MHD_Result send_page(struct MHD_Connection *c, const file *f)
{
    nr_buffer page = NR_BUFFER_INIT(LARGEST_PAGE);
    size_t at = 0;
    nr_buffer_reserve(&page, f->size + sizeof reload_tag);
    while (!page.failed && at < f->size) {
        ssize_t got = pread(f->fd, page.p + at, f->size - at, (off_t)at);
        if (got <= 0)
            break;
        at += (size_t)got;
    }
    page.n = page.failed ? 0 : at;
    const char *end = page.n ? memmem(page.p, page.n, "</body>", 7) : NULL;
    for (const char *more; end && (more = memmem(end + 1, page.n - (size_t)(end + 1 - page.p), "</body>", 7));)
        end = more;
    if (end) {
        size_t head = (size_t)(end - page.p), tag = sizeof reload_tag - 1;
        memmove(page.p + head + tag, end, page.n - head);
        memcpy(page.p + head, reload_tag, tag);
        page.n += tag;
    }
    bool failed = page.failed || !page.p;
    size_t n = page.n;
    char *bytes = failed ? NULL : nr_buffer_detach(&page, NULL);
    nr_buffer_free(&page);
    struct MHD_Response *r = bytes ? lib.MHD_create_response_from_buffer(n, bytes, MHD_RESPMEM_MUST_FREE) : NULL;
    if (!r)
        return say(c, MHD_HTTP_INTERNAL_SERVER_ERROR, "The page could not be read.\n");
    add_facts(r, f);
    return answer(c, MHD_HTTP_OK, r);
}

/* ---------------------------------------------------------------- requests */

static enum MHD_Result send_file(struct MHD_Connection *c, file *f)
{
    if (is_unchanged(c, f))
        return send_unchanged(c, f);
    return strncmp(f->type, "text/html", 9) == 0 && f->size && f->size < LARGEST_PAGE / 2 ? send_page(c, f) : send_part(c, f);
}

static enum MHD_Result serve_path(const serve_server *server, struct MHD_Connection *c, const char *path)
{
    bool is_folder;
    struct stat st;
    file f = {.fd = open_below(server->folder, path, &is_folder)};
    size_t n = strlen(path);
    if (f.fd >= 0 && is_folder && path[n - 1] != '/') {
        close(f.fd);
        return redirect(c, path);
    }
    if (f.fd >= 0 && is_folder) {
        int index = openat(f.fd, "index.html", O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
        close(f.fd);
        f.fd = index;
        path = "index.html";
    }
    if (f.fd < 0 || fstat(f.fd, &st) < 0 || !S_ISREG(st.st_mode) || (!is_folder && path[n - 1] == '/')) {
        if (f.fd >= 0)
            close(f.fd);
        return say(c, MHD_HTTP_NOT_FOUND, "There is no such page.\n");
    }
    describe(&f, &st, path);
    enum MHD_Result sent = send_file(c, &f);
    if (f.fd >= 0)
        close(f.fd);
    return sent;
}

/* Asked for under this computer's own names only, so that no web site can have its visitors' browsers read pages here. */
static bool is_own_name(const char *host)
{
    size_t n = host ? strcspn(host, ":") : 0;
    return host && ((n == 9 && strncasecmp(host, "localhost", 9) == 0) || (n == 9 && strncmp(host, "127.0.0.1", 9) == 0));
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *path, const char *method, const char *version,
                                  const char *upload, size_t *upload_size, void **state)
{
    static int begun;
    (void)version;
    (void)upload;
    if (!*state) { /* called once for the headers, then for the body */
        *state = &begun;
        return MHD_YES;
    }
    if (*upload_size) {
        *upload_size = 0;
        return MHD_YES;
    }
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return say(c, MHD_HTTP_METHOD_NOT_ALLOWED, "Pages can be read only.\n");
    if (!is_own_name(header(c, "Host")))
        return say(c, MHD_HTTP_FORBIDDEN, "Ask for this as 127.0.0.1 or localhost.\n");
    if (strcmp(path, reload_path) == 0) {
        struct MHD_Response *r = lib.MHD_create_response_from_buffer(sizeof reload_script - 1, (void *)reload_script, MHD_RESPMEM_PERSISTENT);
        if (r)
            lib.MHD_add_response_header(r, "Content-Type", "text/javascript; charset=utf-8");
        return answer(c, MHD_HTTP_OK, r);
    }
    return *path == '/' ? serve_path(ctx, c, path) : say(c, MHD_HTTP_BAD_REQUEST, "That is no path.\n");
}

/* ---------------------------------------------------------------- opening */

static struct MHD_Daemon *start(serve_server *server, unsigned port)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return lib.MHD_start_daemon(MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, (uint16_t)port, NULL, NULL, on_request, server,
                            MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT, MHD_OPTION_END);
}

nr_status serve_open(serve_server **out, const char *folder, unsigned port, nr_error *err)
{
    pthread_once(&once, load);
    if (!lib.loaded)
        return nr_fail(err, NR_EIO, 0, "cannot serve '%s': there is no libmicrohttpd (" NR_LIBMICROHTTPD "); install the package libmicrohttpd12", folder);
    serve_server *server = calloc(1, sizeof *server);
    if (!server)
        return nr_fail_memory(err);
    nr_status s = NR_OK;
    server->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (server->folder < 0)
        s = nr_fail(err, NR_EIO, errno, "cannot serve '%s': %s", folder, errno == ENOTDIR ? "it is a file; name its folder" : strerror(errno));
    errno = 0;
    if (!s)
        server->daemon = start(server, port == SERVE_USUAL_PORT ? PORT : port);
    if (!s && !server->daemon && port == SERVE_USUAL_PORT)
        server->daemon = start(server, 0);
    if (!s && !server->daemon)
        s = nr_fail(err, NR_EIO, errno, "cannot serve on port %u: %s", port, errno ? strerror(errno) : "it may be in use; try --port 0");
    if (!s)
        server->port = lib.MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    *out = server;
    if (s) {
        serve_close(server);
        *out = NULL;
    }
    return s;
}

unsigned serve_port(const serve_server *server) { return server->port; }

void serve_close(serve_server *server)
{
    if (!server)
        return;
    if (server->daemon)
        lib.MHD_stop_daemon(server->daemon);
    if (server->folder >= 0)
        close(server->folder);
    free(server);
}
