/* session.h - a queue of articles being listened to, and the commands that steer it. No screen, no keys: those, the
 * control socket and D-Bus all give commands as text, so that they mean the same everywhere.
 *
 *   pause | play | toggle             next | previous             quit
 *   sentence N | paragraph N | heading N | word N                 steps on or back
 *   seek SECONDS                      on or back, at normal speed
 *   goto N% | goto N | goto M:SS | goto WORDS   a place; a bare number is a percentage too
 *   at OFFSET                         a byte of the article's text
 *   find WORDS | again                the next place that holds them
 *   speed X | speed + | speed -       0.5 to 4, in steps of 0.1
 *   volume N | volume +N | volume -N  percent, 0 to 200
 *   voice NAME                        from `narrate voices`
 *   bookmark | bookmarks              remember the place; list
 *   save FILE                         what is left, while playing goes on
 *   sleep 20m | sleep never           stop after a time
 *   until heading | article | never
 *   loop yes | no
 *   why                               the sentence, token by token
 *   status                            JSON
 *
 * All on one thread. */
#ifndef NR_PLAYER_SESSION_H
#define NR_PLAYER_SESSION_H

#include "player/article.h"
#include "player/engine.h"
#include "player/save.h"
#include "player/state.h"

typedef struct session_options {
    char **paths;
    size_t path_count;
    article_options article;
    engine_options engine;
    const char *start_at; /* article_place() of the first article, or NULL */
    bool resume;          /* begin where the article was left */
    bool remember;        /* keep the place */
    const char *until;    /* "heading", "article" or NULL */
    double sleep;         /* seconds, 0: never */
    bool loop;
    bool quiet;           /* no warnings of what was read */
} session_options;

/* What a session tells its view; all may be NULL. */
typedef struct session_view {
    void *ctx;
    void (*article)(void *ctx);              /* another article is in hand */
    void (*sentence)(void *ctx, nr_span span);
    void (*message)(void *ctx, const char *text);
    void (*problem)(void *ctx, const char *text); /* a warning or an error */
} session_view;

typedef struct session {
    session_options options;
    session_view view;
    engine *engine;
    article *now;
    size_t index;       /* of the article in hand */
    place place;        /* of it */
    uint32_t saved_at;
    double saved_time, sleep_until; /* monotonic seconds */
    int volume_before_sleep;
    bool fading;
    char voice[96];     /* that the listener chose, now or when the article was left; "": none */
    bool until_heading, until_article, loop;
    uint32_t until_at;  /* where this article's listening ends; UINT32_MAX: at its end */
    bool heard_all;     /* the article in hand is through; its place has been kept */
    bool quit;
    int exit_code;
    char found[256];    /* what was searched for last */
    saver *saver;
    bool saver_told;
    double read_seconds; /* that the first article took to read */
} session;

/* False with a message through the view when the first article cannot be read. */
bool session_open(session *s, const session_options *opt, const session_view *view);
/* Remembers the place and stops. */
void session_close(session *s);
/* To be called when engine_fd() is readable, and at least once a second. */
void session_step(session *s);
/* Carries out a line; the answer (possibly of several lines, without a last line end) goes to reply. False when it
 * cannot: reply tells why. */
bool session_command(session *s, const char *line, char *reply, size_t size);

enum { SESSION_REPLY = 16384 };

/* "20m", "90s", "1h"; a bare number is minutes. */
bool session_seconds(const char *text, double *seconds);

#endif
