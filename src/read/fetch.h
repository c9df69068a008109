/* fetch.h - an article from the web, for one reader at a time.
 *
 * Redirects are followed one by one. Private, loopback and link-local addresses are reached only when the user typed
 * the address: what a server redirects to, or a feed links to, is looked at again when the connection is made, after
 * its name was resolved. */
#ifndef NR_READ_FETCH_H
#define NR_READ_FETCH_H

#include "base/buffer.h"

typedef struct nr_fetched {
    char charset[32]; /* of the Content-Type, "" for none */
    char type[64];    /* "text/html", lower case, "" for none */
    char *url;        /* where it was in the end; malloc */
} nr_fetched;

bool nr_is_web_address(const char *name); /* http:// or https:// */
/* Appends what the address holds to body, whose maximum is the limit. seconds: for all of it, 0 for 60. typed: the user
 * wrote the address. fetched->url is to be freed, in any case. */
nr_status nr_fetch(const char *url, bool typed, double seconds, nr_buffer *body, nr_fetched *fetched, nr_error *err);

/* The address that a page at base means by a link; to be freed. NULL: it is none of the web. */
char *nr_fetch_join(const char *base, const char *link);
/* Whether two addresses have the same scheme, host and port. */
bool nr_same_server(const char *a, const char *b);

#endif
