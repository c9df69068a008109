#include "read/fetch.h"
#include "read/reader.h"

/* libcurl is loaded when the first address is read: with it come some thirty libraries, and starting them takes longer
 * than reading a page. */
#define CURL_DISABLE_TYPECHECK
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/library.h"

#undef curl_easy_setopt
#undef curl_easy_getinfo
#define FUNCTIONS(X)                                                                                                   \
    X(curl_global_init) X(curl_easy_init) X(curl_easy_reset) X(curl_easy_setopt) X(curl_easy_perform)                  \
    X(curl_easy_getinfo) X(curl_easy_strerror) X(curl_easy_cleanup)        \
    X(curl_free) X(curl_url) X(curl_url_cleanup) X(curl_url_set) X(curl_url_get)

NR_LIBRARY(FUNCTIONS, NR_LIBCURL)

static void load(void) { lib.loaded = find_functions() && lib.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK; }

enum { REDIRECTS = 10, CONNECT_SECONDS = 15, SLOW_SECONDS = 20, SLOW_BYTES = 50 };

typedef struct request {
    CURL *curl;
    nr_buffer *body;
    bool open;    /* private addresses may be reached */
    bool refused; /* one was not */
    bool full;    /* the body is larger than the limit */
} request;

bool nr_is_web_address(const char *name)
{
    nr_view v = nr_view_of(name);
    return nr_view_starts_nocase(v, NR_LIT("http://")) || nr_view_starts_nocase(v, NR_LIT("https://"));
}

/* ---------------------------------------------------------------- addresses */

/* RFC 6890: everything that is not the public internet. */
static bool is_private_4(uint32_t a)
{
    static const struct {
        uint32_t net;
        int bits;
    } nets[] = {{0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10}, {0x7F000000, 8},  {0xA9FE0000, 16},
                {0xAC100000, 12}, {0xC0000000, 24}, {0xC0000200, 24}, {0xC0A80000, 16}, {0xC6120000, 15},
                {0xC6336400, 24}, {0xCB007100, 24}, {0xE0000000, 4},  {0xF0000000, 4}};
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++)
        if ((a ^ nets[i].net) >> (32 - nets[i].bits) == 0)
            return true;
    return false;
}

static bool is_private_6(const unsigned char *a)
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, none[12] = {0};
    uint32_t last = (uint32_t)a[12] << 24 | (uint32_t)a[13] << 16 | (uint32_t)a[14] << 8 | a[15];
    if (memcmp(a, mapped, 12) == 0 || memcmp(a, none, 12) == 0) /* also :: and ::1 */
        return is_private_4(last) || memcmp(a, none, 12) == 0;
    if (a[0] == 0 && a[1] == 0x64 && a[2] == 0xFF && a[3] == 0x9B) /* 64:ff9b::, IPv4 behind it */
        return is_private_4(last);
    if (a[0] == 0x20 && a[1] == 0x02) /* 6to4 */
        return is_private_4((uint32_t)a[2] << 24 | (uint32_t)a[3] << 16 | (uint32_t)a[4] << 8 | a[5]);
    return (a[0] & 0xFE) == 0xFC || (a[0] == 0xFE && a[1] >= 0x80) || a[0] == 0xFF ||
           (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0D && a[3] == 0xB8);
}

static bool is_private(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return is_private_4(ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr));
    if (address->sa_family == AF_INET6)
        return is_private_6(((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr);
    return true;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    request *r = context;
    (void)purpose;
    if (!r->open && is_private(&address->addr)) {
        r->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* A proxy makes the connections, so that only names can be looked at. */
static bool behind_proxy(void)
{
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (getenv(names[i]) && *getenv(names[i]))
            return true;
    return false;
}

/* A private address as such, or a name without a dot, as hosts of a network at home have. */
static bool is_private_name(const char *url)
{
    char host[256];
    struct in_addr four;
    struct in6_addr six;
    const char *start = strstr(url, "://") + 3, *at = start + strcspn(start, "/?#");
    for (const char *p = start; p < at; p++)
        if (*p == '@')
            start = p + 1;
    bool bracket = *start == '[';
    start += bracket;
    size_t n = strcspn(start, bracket ? "]" : ":/?#");
    if (n >= sizeof host)
        return true;
    memcpy(host, start, n);
    host[n] = '\0';
    if (bracket)
        return inet_pton(AF_INET6, host, &six) != 1 || is_private_6(six.s6_addr);
    if (inet_pton(AF_INET, host, &four) == 1)
        return is_private_4(ntohl(four.s_addr));
    return !strchr(host, '.') || strspn(host, "0123456789.xX") == n;
}

/* ---------------------------------------------------------------- one request */

static size_t take(char *p, size_t size, size_t n, void *context)
{
    request *r = context;
    if (nr_buffer_put(r->body, p, size * n)) {
        r->full = r->body->failed == NR_ELIMIT;
        return 0;
    }
    return size * n;
}

static bool set_options(request *r, const char *url, double seconds)
{
    CURL *c = r->curl;
    bool bad = false;
    bad |= lib.curl_easy_setopt(c, CURLOPT_URL, url) != CURLE_OK;
    bad |= lib.curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") != CURLE_OK;
    bad |= lib.curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) != CURLE_OK;
    bad |= lib.curl_easy_setopt(c, CURLOPT_USERAGENT, "narrate/" NR_VERSION " (reads an article aloud for one person)") !=
           CURLE_OK;
    bad |= lib.curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "") != CURLE_OK; /* all that libcurl can undo */
    bad |= lib.curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take) != CURLE_OK;
    bad |= lib.curl_easy_setopt(c, CURLOPT_WRITEDATA, r) != CURLE_OK;
    bad |= lib.curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket) != CURLE_OK;
    bad |= lib.curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, r) != CURLE_OK;
    bad |= lib.curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L) != CURLE_OK; /* every hop is looked at */
    bad |= lib.curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) != CURLE_OK;
    bad |= lib.curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(seconds * 1000)) != CURLE_OK;
    bad |= lib.curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS) != CURLE_OK;
    bad |= lib.curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES) != CURLE_OK;
    bad |= lib.curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS) != CURLE_OK;
    return !bad;
}

static nr_status fail_transfer(const request *r, CURLcode code, const char *url, nr_error *err)
{
    if (r->refused)
        return nr_fail(err, NR_EIO, 0,
                       "cannot read '%s': it leads into a private network, which only an address that you type may",
                       url);
    if (r->full)
        return nr_fail_too_large(url, r->body->max, err);
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return nr_fail(err, NR_EIO, 0, "cannot read '%s': the server takes too long to answer", url);
    case CURLE_COULDNT_RESOLVE_HOST:
        return nr_fail(err, NR_EIO, 0, "cannot read '%s': no server of that name was found", url);
    case CURLE_OUT_OF_MEMORY:
        return nr_fail_memory(err);
    default:
        return nr_fail(err, NR_EIO, 0, "cannot read '%s': %s", url, lib.curl_easy_strerror(code));
    }
}

static nr_status fail_answer(long answer, const char *url, nr_error *err)
{
    const char *what = answer == 404 || answer == 410 ? "there is no such page"
                       : answer == 401 || answer == 407 ? "it wants a login; save the page in a browser and read the file"
                       : answer == 402 || answer == 403 || answer == 451
                           ? "the server refuses it; save the page in a browser and read the file"
                       : answer == 429 ? "the server is asked too often; try again later"
                       : answer >= 500 ? "the server has a fault; try again later"
                                       : "the server gives no page";
    return nr_fail(err, NR_EIO, 0, "cannot read '%s': %s (answer %ld)", url, what, answer);
}

/* "text/html; charset=utf-8". */
static void take_type(const char *header, nr_fetched *f)
{
    f->type[0] = f->charset[0] = '\0';
    if (!header)
        return;
    size_t n = 0;
    for (; header[n] && header[n] != ';' && !nr_ascii_space(header[n]) && n < sizeof f->type - 1; n++)
        f->type[n] = nr_ascii_lower(header[n]);
    f->type[n] = '\0';
    const char *at = header + n;
    while (*at && !nr_view_starts_nocase(nr_view_of(at), NR_LIT("charset=")))
        at++;
    if (!*at)
        return;
    at += 8 + (at[8] == '"');
    for (n = 0; n < sizeof f->charset - 1; n++) {
        if (!nr_ascii_alpha(at[n]) && !nr_ascii_digit(at[n]) && !(at[n] && strchr("-_:.", at[n])))
            break;
        f->charset[n] = at[n];
    }
    f->charset[n] = '\0';
}

/* Same scheme, host and port: the same server. */
bool nr_same_server(const char *a, const char *b)
{
    size_t n = strcspn(a, ":") + 3;
    if (strlen(a) < n || strlen(b) < n)
        return false;
    n += strcspn(a + n, "/?#");
    return nr_view_starts_nocase(nr_view_of(b), (nr_view){a, n}) && (b[n] == '\0' || strchr("/?#", b[n]));
}

/* *next is the address of a redirect, to be freed, or NULL for the end. */
static nr_status one_request(request *r, const char *url, double seconds, nr_fetched *f, char **next, nr_error *err)
{
    *next = NULL;
    nr_buffer_truncate(r->body, 0);
    lib.curl_easy_reset(r->curl);
    if (!set_options(r, url, seconds))
        return nr_fail(err, NR_EINVAL, 0, "cannot read '%s': libcurl does not understand it", url);
    if (!r->open && behind_proxy()) {
        r->refused = is_private_name(url);
        r->open = !r->refused;
    }
    CURLcode code = r->refused ? CURLE_COULDNT_CONNECT : lib.curl_easy_perform(r->curl);
    if (code != CURLE_OK)
        return fail_transfer(r, code, url, err);
    long answer = 0;
    char *target = NULL, *type = NULL;
    lib.curl_easy_getinfo(r->curl, CURLINFO_RESPONSE_CODE, &answer);
    lib.curl_easy_getinfo(r->curl, CURLINFO_REDIRECT_URL, &target);
    lib.curl_easy_getinfo(r->curl, CURLINFO_CONTENT_TYPE, &type);
    take_type(type, f);
    if (answer >= 300 && answer < 400 && target) {
        if (!nr_is_web_address(target))
            return nr_fail(err, NR_EIO, 0, "cannot read '%s': it leads to '%.200s', which is no web page", url, target);
        *next = strdup(target);
        return *next ? NR_OK : nr_fail_memory(err);
    }
    return answer >= 200 && answer < 300 ? NR_OK : fail_answer(answer, url, err);
}

nr_status nr_fetch(const char *url, bool typed, double seconds, nr_buffer *body, nr_fetched *f, nr_error *err)
{
    pthread_once(&once, load);
    *f = (nr_fetched){.url = strdup(url)};
    if (!lib.loaded)
        return nr_fail(err, NR_EIO, 0, "cannot read '%s': there is no libcurl (" NR_LIBCURL "); install the package "
                       "libcurl4", url);
    request r = {.curl = lib.curl_easy_init(), .body = body};
    nr_status s = f->url && r.curl ? NR_OK : nr_fail_memory(err);
    bool done = false;
    for (int hop = 0; !s && !done; hop++) {
        char *next;
        if (hop > REDIRECTS) {
            s = nr_fail(err, NR_EIO, 0, "cannot read '%s': it leads on and on, without an end", url);
            break;
        }
        r.open = typed && (hop == 0 || nr_same_server(url, f->url));
        s = one_request(&r, f->url, seconds > 0 ? seconds : 60, f, &next, err);
        done = !next;
        if (next) {
            free(f->url);
            f->url = next;
        }
    }
    lib.curl_easy_cleanup(r.curl);
    return s;
}

char *nr_fetch_join(const char *base, const char *link)
{
    pthread_once(&once, load);
    if (!lib.loaded)
        return NULL;
    CURLU *u = lib.curl_url();
    char *joined = NULL, *copy = NULL;
    if (u && lib.curl_url_set(u, CURLUPART_URL, base, 0) == CURLUE_OK &&
        lib.curl_url_set(u, CURLUPART_URL, link, CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
        lib.curl_url_get(u, CURLUPART_URL, &joined, 0) == CURLUE_OK && nr_is_web_address(joined))
        copy = strdup(joined);
    lib.curl_free(joined);
    lib.curl_url_cleanup(u);
    return copy;
}
