#include "player/session_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SAVE_SECONDS 3.0 /* between savings of the place */
#define FADE_SECONDS 8.0 /* before it sleeps */

double session_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void tell(void (*say)(void *, const char *), void *ctx, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void tell(void (*say)(void *, const char *), void *ctx, const char *format, ...)
{
    char text[700];
    va_list ap;
    if (!say)
        return;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    say(ctx, text);
}

/* ---------------------------------------------------------------- the place */

void session_keep_place(session *s, bool finished)
{
    nr_error err;
    engine_state now = engine_now(s->engine);
    place *p = &s->place;
    if (!s->options.remember || !s->now)
        return;
    p->at = finished ? 0 : now.word.start;
    p->finished = finished;
    p->length = (uint32_t)s->now->text.n;
    p->speed = now.speed;
    p->updated = (int64_t)time(NULL);
    snprintf(p->voice, sizeof p->voice, "%s", s->voice);
    s->saved_at = p->at;
    s->saved_time = session_clock();
    if (!state_save(p, &err)) {
        tell(s->view.problem, s->view.ctx, "%s", err.msg);
        s->options.remember = false; /* once is enough */
    }
}

static void describe_place(session *s)
{
    char *whole = s->now->path[0] != '-' ? realpath(s->now->path, NULL) : NULL;
    snprintf(s->place.path, sizeof s->place.path, "%s", whole ? whole : s->now->path);
    snprintf(s->place.title, sizeof s->place.title, "%s", article_title(s->now));
    free(whole);
    /* A title cut in the middle of a character would be no UTF-8. */
    size_t n = strlen(s->place.title);
    if (n + 1 == sizeof s->place.title)
        while (n > 0 && ((unsigned char)s->place.title[n - 1] & 0xC0) == 0x80)
            s->place.title[--n] = '\0';
    if (n + 1 < sizeof s->place.title && n > 0 && (unsigned char)s->place.title[n - 1] >= 0xC0)
        s->place.title[n - 1] = '\0';
}

/* ---------------------------------------------------------------- articles */

uint32_t session_end_of_listening(const session *s, uint32_t from)
{
    return s->until_heading ? article_next_heading(s->now, from) : UINT32_MAX;
}

static void play_from(session *s, uint32_t from, bool chime)
{
    s->until_at = session_end_of_listening(s, from);
    engine_play(s->engine, s->now->doc, &s->now->script, s->now->locale, from, s->until_at, chime);
    s->saved_at = from;
    s->saved_time = session_clock();
}

static void warn_of_replaced(session *s)
{
    size_t n = nr_document_replaced(s->now->doc);
    const char *note;
    for (size_t i = 0; !s->options.quiet && (note = nr_document_note(s->now->doc, i)); i++)
        tell(s->view.problem, s->view.ctx, "'%s': %s", s->now->path, note);
    if (n && !s->options.quiet)
        tell(s->view.problem, s->view.ctx, "'%s': %zu place%s could not be decoded as %s and %s replaced", s->now->path, n,
             n == 1 ? "" : "s", nr_document_charset(s->now->doc), n == 1 ? "was" : "were");
}

bool session_knows_voice(const char *name)
{
    nr_voice_info *voices;
    size_t count;
    bool found = strcmp(name, "null") == 0;
    if (nr_voices(&voices, &count, NULL))
        return false;
    for (size_t i = 0; i < count && !found; i++) {
        const char *colon = strchr(voices[i].name, ':');
        found = strcmp(voices[i].name, name) == 0 || (colon && strcmp(colon + 1, name) == 0);
    }
    nr_free(voices);
    return found;
}

/* Where the article in hand begins; false: the place asked for is not in it. */
static bool choose_start(session *s, uint32_t *from)
{
    bool known = state_load(s->now->key, &s->place);
    const char *start = s->options.start_at;
    *from = 0;
    s->options.start_at = NULL;
    if (start)
        return article_place(s->now, start, 0, from);
    if (known && s->options.resume && s->place.at > 0 && s->place.at < s->now->text.n) {
        *from = s->place.at;
        if (s->place.speed > 0)
            engine_speed(s->engine, s->place.speed);
        if (s->place.voice[0] && !s->options.engine.voice.voice && session_knows_voice(s->place.voice)) {
            engine_voice(s->engine, s->place.voice);
            snprintf(s->voice, sizeof s->voice, "%s", s->place.voice);
        }
        tell(s->view.message, s->view.ctx, "going on at %d%%", (int)(100.0 * *from / (double)s->now->text.n));
    }
    return true;
}

/* Reads article `index` and begins with it; on a failure the one in hand stays. */
bool session_go_to_article(session *s, size_t index, bool chime)
{
    nr_error err;
    article *a;
    uint32_t from;
    if (article_open(&a, s->options.paths[index], &s->options.article, &err)) {
        tell(s->view.problem, s->view.ctx, "%s", err.msg);
        return false;
    }
    article *old = s->now;
    const char *start = s->options.start_at;
    if (old && !s->heard_all)
        session_keep_place(s, false);
    s->now = a;
    s->index = index;
    if (!choose_start(s, &from)) {
        tell(s->view.problem, s->view.ctx, "cannot start at '%s': the article does not hold these words; 'narrate read' shows "
             "what it holds", start);
        from = 0;
        if (!old)
            return false;
    }
    warn_of_replaced(s);
    describe_place(s);
    if (s->view.article)
        s->view.article(s->view.ctx);
    saver_end(s->saver); /* it reads the old document */
    s->saver = NULL;
    play_from(s, from, chime);
    article_close(old);
    return true;
}

/* The next article of the queue that can be read; false when there is none. */
static bool go_to_next(session *s)
{
    for (size_t index = s->index + 1; index != s->index; index++) {
        if (index >= s->options.path_count) {
            if (!s->loop)
                return false;
            index = 0;
            if (index == s->index)
                break;
        }
        if (session_go_to_article(s, index, true))
            return true;
        s->exit_code = 1;
    }
    if (s->loop)
        play_from(s, 0, true);
    return s->loop;
}

static void at_the_end(session *s)
{
    session_keep_place(s, s->until_at == UINT32_MAX);
    if (s->until_at != UINT32_MAX && s->options.remember) {
        nr_error err;
        s->place.at = s->until_at; /* where it will go on */
        state_save(&s->place, &err);
    }
    s->heard_all = true;
    s->quit = s->until_at != UINT32_MAX || s->until_article || !go_to_next(s);
    s->heard_all = s->quit;
}

/* ---------------------------------------------------------------- opening, going on, closing */

bool session_open(session *s, const session_options *opt, const session_view *view)
{
    nr_error err;
    *s = (session){.options = *opt, .view = *view, .loop = opt->loop, .until_at = UINT32_MAX};
    snprintf(s->voice, sizeof s->voice, "%s", opt->engine.voice.voice ? opt->engine.voice.voice : "");
    s->until_heading = opt->until && strcmp(opt->until, "heading") == 0;
    s->until_article = opt->until != NULL;
    s->sleep_until = opt->sleep > 0 ? session_clock() + opt->sleep : 0;
    if (engine_open(&s->engine, &opt->engine, &err)) {
        tell(view->problem, view->ctx, "%s", err.msg);
        return false;
    }
    double start = session_clock();
    bool good = session_go_to_article(s, 0, false);
    s->read_seconds = session_clock() - start;
    while (!good && !opt->start_at && s->index + 1 < opt->path_count) {
        s->exit_code = 1;
        good = session_go_to_article(s, ++s->index, false);
    }
    return good;
}

void session_close(session *s)
{
    if (s->engine && s->now && !s->heard_all)
        session_keep_place(s, false);
    saver_end(s->saver);
    engine_close(s->engine);
    article_close(s->now);
}

static void take_event(session *s, const engine_event *v)
{
    switch (v->kind) {
    case ENGINE_SENTENCE:
        if (s->view.sentence)
            s->view.sentence(s->view.ctx, v->span);
        break;
    case ENGINE_ENDED: at_the_end(s); break;
    case ENGINE_LOST: tell(s->view.problem, s->view.ctx, "the sound device is gone (%s); waiting for it or another", v->text); break;
    case ENGINE_BACK: tell(s->view.problem, s->view.ctx, "there is a sound device again"); break;
    case ENGINE_WARNING: tell(s->view.problem, s->view.ctx, "%s", v->text); break;
    case ENGINE_FAILED:
        tell(s->view.problem, s->view.ctx, "%s", v->text);
        s->exit_code = 1;
        s->quit = true;
        break;
    }
}

/* The last seconds before sleep grow quiet. */
static void fall_asleep(session *s)
{
    double left = s->sleep_until - session_clock();
    if (!s->sleep_until || left > FADE_SECONDS)
        return;
    if (!s->fading)
        s->volume_before_sleep = engine_now(s->engine).volume;
    s->fading = true;
    engine_volume(s->engine, (int)(s->volume_before_sleep * (left > 0 ? left / FADE_SECONDS : 0)));
    if (left <= 0)
        s->quit = true;
}

void session_step(session *s)
{
    engine_event v;
    while (!s->quit && engine_next(s->engine, &v))
        take_event(s, &v);
    if (s->quit)
        return;
    fall_asleep(s);
    bool failed;
    const char *saved = saver_done(s->saver, &failed);
    if (saved)
        tell(failed ? s->view.problem : s->view.message, s->view.ctx, "%s", saved);
    s->saver_told = s->saver_told || saved;
    if (session_clock() - s->saved_time > SAVE_SECONDS && engine_now(s->engine).word.start != s->saved_at)
        session_keep_place(s, false);
}
