#include "player/mpris.h"

#if NR_HAVE_MPRIS

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <systemd/sd-bus.h>

#include "player/tempo.h"

#define OBJECT "/org/mpris/MediaPlayer2"
#define ROOT "org.mpris.MediaPlayer2"
#define PLAYER "org.mpris.MediaPlayer2.Player"

struct mpris {
    session *session;
    sd_bus *bus;
    /* what the bus was told last */
    bool paused;
    double speed;
    int volume;
    const article *now;
    uint32_t at;
};

static int64_t microseconds(const session *s, uint32_t at) { return (int64_t)(article_seconds(s->now, at) * 1e6); }

static int do_command(sd_bus_message *message, mpris *m, const char *command)
{
    char reply[SESSION_REPLY];
    session_command(m->session, command, reply, sizeof reply);
    mpris_changed(m);
    return sd_bus_reply_method_return(message, NULL);
}

#define METHOD(name, command)                                                                                            \
    static int name(sd_bus_message *message, void *ctx, sd_bus_error *error)                                            \
    {                                                                                                                    \
        (void)error;                                                                                                     \
        return do_command(message, ctx, command);                                                                        \
    }
METHOD(call_quit, "quit")
METHOD(call_next, "next")
METHOD(call_previous, "previous")
METHOD(call_pause, "pause")
METHOD(call_toggle, "toggle")
METHOD(call_play, "play")

static int call_nothing(sd_bus_message *message, void *ctx, sd_bus_error *error)
{
    (void)ctx, (void)error;
    return sd_bus_reply_method_return(message, NULL);
}

static void tell_seeked(mpris *m, uint32_t at)
{
    sd_bus_emit_signal(m->bus, OBJECT, PLAYER, "Seeked", "x", microseconds(m->session, at));
}

/* To a time, in microseconds at normal speed; beyond the end is the next article, as the specification has it. */
static void go_to_time(mpris *m, int64_t to)
{
    char command[64], reply[SESSION_REPLY];
    session *s = m->session;
    if (to > (int64_t)(article_length(s->now) * 1e6)) {
        session_command(s, "next", reply, sizeof reply);
        return;
    }
    uint32_t at = article_move_words(s->now, article_at_seconds(s->now, (double)(to < 0 ? 0 : to) / 1e6), 0);
    snprintf(command, sizeof command, "at %u", at);
    session_command(s, command, reply, sizeof reply);
    tell_seeked(m, at);
}

static int call_seek(sd_bus_message *message, void *ctx, sd_bus_error *error)
{
    mpris *m = ctx;
    int64_t by;
    (void)error;
    int r = sd_bus_message_read(message, "x", &by);
    if (r < 0)
        return r;
    go_to_time(m, microseconds(m->session, engine_now(m->session->engine).word.start) + by);
    return sd_bus_reply_method_return(message, NULL);
}

static void track_name(const mpris *m, char *out, size_t size)
{
    snprintf(out, size, "/org/narrate/article/%zu", m->session->index);
}

static int call_set_position(sd_bus_message *message, void *ctx, sd_bus_error *error)
{
    mpris *m = ctx;
    const char *track;
    char name[64];
    int64_t to;
    (void)error;
    int r = sd_bus_message_read(message, "ox", &track, &to);
    if (r < 0)
        return r;
    track_name(m, name, sizeof name);
    if (strcmp(track, name) == 0 && to >= 0 && to <= (int64_t)(article_length(m->session->now) * 1e6))
        go_to_time(m, to);
    return sd_bus_reply_method_return(message, NULL);
}

/* ---------------------------------------------------------------- properties */

static int get_true(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                    void *ctx, sd_bus_error *error)
{
    (void)bus, (void)path, (void)interface, (void)ctx, (void)error;
    return sd_bus_message_append(reply, "b", strcmp(property, "CanRaise") != 0 && strcmp(property, "HasTrackList") != 0);
}

static int get_text(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                    void *ctx, sd_bus_error *error)
{
    mpris *m = ctx;
    (void)bus, (void)path, (void)interface, (void)error;
    if (strcmp(property, "Identity") == 0)
        return sd_bus_message_append(reply, "s", "narrate");
    return sd_bus_message_append(reply, "s", engine_now(m->session->engine).paused ? "Paused" : "Playing");
}

static int get_list(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                    void *ctx, sd_bus_error *error)
{
    (void)bus, (void)path, (void)interface, (void)property, (void)ctx, (void)error;
    return sd_bus_message_append(reply, "as", 0);
}

static int get_can_step(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                        void *ctx, sd_bus_error *error)
{
    const session *s = ((mpris *)ctx)->session;
    (void)bus, (void)path, (void)interface, (void)error;
    bool can = strcmp(property, "CanGoNext") == 0 ? s->index + 1 < s->options.path_count : s->index > 0;
    return sd_bus_message_append(reply, "b", can);
}

static int get_number(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                      void *ctx, sd_bus_error *error)
{
    engine_state e = engine_now(((mpris *)ctx)->session->engine);
    (void)bus, (void)path, (void)interface, (void)error;
    double n = strcmp(property, "Rate") == 0          ? e.speed
               : strcmp(property, "Volume") == 0      ? e.volume / 100.0
               : strcmp(property, "MinimumRate") == 0 ? TEMPO_MIN
                                                      : TEMPO_MAX;
    return sd_bus_message_append(reply, "d", n);
}

static int set_number(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *value,
                      void *ctx, sd_bus_error *error)
{
    mpris *m = ctx;
    double n;
    char command[64], reply[SESSION_REPLY];
    (void)bus, (void)path, (void)interface, (void)error;
    int r = sd_bus_message_read(value, "d", &n);
    if (r < 0)
        return r;
    if (strcmp(property, "Volume") == 0)
        snprintf(command, sizeof command, "volume %d", (int)lround(n < 0 ? 0 : n > 2 ? 200 : n * 100));
    else if (n == 0) /* the specification's way to pause */
        snprintf(command, sizeof command, "pause");
    else
        snprintf(command, sizeof command, "speed %.2f", n < TEMPO_MIN ? TEMPO_MIN : n > TEMPO_MAX ? TEMPO_MAX : n);
    session_command(m->session, command, reply, sizeof reply);
    return 0;
}

static int get_position(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                        void *ctx, sd_bus_error *error)
{
    const session *s = ((mpris *)ctx)->session;
    (void)bus, (void)path, (void)interface, (void)property, (void)error;
    return sd_bus_message_append(reply, "x", microseconds(s, engine_now(s->engine).word.start));
}

static int put_text(sd_bus_message *reply, const char *key, const char *text)
{
    return text && *text ? sd_bus_message_append(reply, "{sv}", key, "s", text) : 0;
}

static int get_metadata(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                        void *ctx, sd_bus_error *error)
{
    const mpris *m = ctx;
    const article *a = m->session->now;
    const nr_metadata *about = nr_document_metadata(a->doc);
    char track[64];
    (void)bus, (void)path, (void)interface, (void)property, (void)error;
    track_name(m, track, sizeof track);
    int r = sd_bus_message_open_container(reply, 'a', "{sv}");
    if (r >= 0)
        r = sd_bus_message_append(reply, "{sv}", "mpris:trackid", "o", track);
    if (r >= 0)
        r = sd_bus_message_append(reply, "{sv}", "mpris:length", "x", (int64_t)(article_length(a) * 1e6));
    if (r >= 0)
        r = put_text(reply, "xesam:title", article_title(a));
    if (r >= 0 && about->author && *about->author)
        r = sd_bus_message_append(reply, "{sv}", "xesam:artist", "as", 1, about->author);
    if (r >= 0)
        r = put_text(reply, "xesam:album", about->publisher);
    if (r >= 0)
        r = put_text(reply, "xesam:url", about->url);
    return r < 0 ? r : sd_bus_message_close_container(reply);
}

static const sd_bus_vtable root_table[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Raise", "", "", call_nothing, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Quit", "", "", call_quit, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_PROPERTY("CanQuit", "b", get_true, 0, 0),
    SD_BUS_PROPERTY("CanRaise", "b", get_true, 0, 0),
    SD_BUS_PROPERTY("HasTrackList", "b", get_true, 0, 0),
    SD_BUS_PROPERTY("Identity", "s", get_text, 0, 0),
    SD_BUS_PROPERTY("SupportedUriSchemes", "as", get_list, 0, 0),
    SD_BUS_PROPERTY("SupportedMimeTypes", "as", get_list, 0, 0),
    SD_BUS_VTABLE_END,
};

static const sd_bus_vtable player_table[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Next", "", "", call_next, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Previous", "", "", call_previous, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Pause", "", "", call_pause, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("PlayPause", "", "", call_toggle, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Stop", "", "", call_pause, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Play", "", "", call_play, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Seek", "x", "", call_seek, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("SetPosition", "ox", "", call_set_position, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("OpenUri", "s", "", call_nothing, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_SIGNAL("Seeked", "x", 0),
    SD_BUS_PROPERTY("PlaybackStatus", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_WRITABLE_PROPERTY("Rate", "d", get_number, set_number, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE | SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_PROPERTY("Metadata", "a{sv}", get_metadata, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_WRITABLE_PROPERTY("Volume", "d", get_number, set_number, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE | SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_PROPERTY("Position", "x", get_position, 0, 0),
    SD_BUS_PROPERTY("MinimumRate", "d", get_number, 0, 0),
    SD_BUS_PROPERTY("MaximumRate", "d", get_number, 0, 0),
    SD_BUS_PROPERTY("CanGoNext", "b", get_can_step, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("CanGoPrevious", "b", get_can_step, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("CanPlay", "b", get_true, 0, 0),
    SD_BUS_PROPERTY("CanPause", "b", get_true, 0, 0),
    SD_BUS_PROPERTY("CanSeek", "b", get_true, 0, 0),
    SD_BUS_PROPERTY("CanControl", "b", get_true, 0, 0),
    SD_BUS_VTABLE_END,
};

/* ---------------------------------------------------------------- the bus */

/* A second player takes a name of its own, as the specification has it. */
static int take_name(mpris *m)
{
    char own[80];
    int r = sd_bus_request_name(m->bus, ROOT ".narrate", 0);
    if (r >= 0)
        return r;
    snprintf(own, sizeof own, ROOT ".narrate.instance%ld", (long)getpid());
    return sd_bus_request_name(m->bus, own, 0);
}

mpris *mpris_open(session *s)
{
    mpris *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->session = s;
    m->now = s->now;
    m->speed = engine_now(s->engine).speed;
    m->volume = engine_now(s->engine).volume;
    m->paused = engine_now(s->engine).paused;
    int r = sd_bus_open_user(&m->bus);
    if (r >= 0)
        r = sd_bus_add_object_vtable(m->bus, NULL, OBJECT, ROOT, root_table, m);
    if (r >= 0)
        r = sd_bus_add_object_vtable(m->bus, NULL, OBJECT, PLAYER, player_table, m);
    if (r >= 0)
        r = take_name(m);
    if (r >= 0)
        return m;
    mpris_close(m);
    return NULL;
}

void mpris_close(mpris *m)
{
    if (!m)
        return;
    sd_bus_flush_close_unref(m->bus);
    free(m);
}

nfds_t mpris_poll(mpris *m, struct pollfd *entry, int *timeout)
{
    uint64_t until;
    if (!m || !m->bus)
        return 0;
    *entry = (struct pollfd){sd_bus_get_fd(m->bus), (short)sd_bus_get_events(m->bus), 0};
    if (sd_bus_get_timeout(m->bus, &until) > 0 && until == 0)
        *timeout = 0; /* something is waiting inside already */
    return 1;
}

void mpris_step(mpris *m)
{
    if (!m || !m->bus)
        return;
    int r;
    while ((r = sd_bus_process(m->bus, NULL)) > 0)
        ;
    if (r < 0) { /* the bus went away */
        sd_bus_close(m->bus);
        m->bus = sd_bus_unref(m->bus);
    }
}

void mpris_changed(mpris *m)
{
    if (!m || !m->bus || !m->session->now)
        return;
    engine_state e = engine_now(m->session->engine);
    if (e.paused != m->paused)
        sd_bus_emit_properties_changed(m->bus, OBJECT, PLAYER, "PlaybackStatus", NULL);
    if (e.speed != m->speed)
        sd_bus_emit_properties_changed(m->bus, OBJECT, PLAYER, "Rate", NULL);
    if (e.volume != m->volume)
        sd_bus_emit_properties_changed(m->bus, OBJECT, PLAYER, "Volume", NULL);
    if (m->session->now != m->now)
        sd_bus_emit_properties_changed(m->bus, OBJECT, PLAYER, "Metadata", "CanGoNext", "CanGoPrevious", NULL);
    else if (e.word.start < m->at || e.word.start > m->at + 400) /* no listener gets that far in one step */
        tell_seeked(m, e.word.start);
    m->paused = e.paused;
    m->speed = e.speed;
    m->volume = e.volume;
    m->now = m->session->now;
    m->at = e.word.start;
}

#else

mpris *mpris_open(session *s) { return (void)s, NULL; }
void mpris_close(mpris *m) { (void)m; }
nfds_t mpris_poll(mpris *m, struct pollfd *entry, int *timeout) { return (void)m, (void)entry, (void)timeout, 0; }
void mpris_step(mpris *m) { (void)m; }
void mpris_changed(mpris *m) { (void)m; }

#endif
