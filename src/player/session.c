#include "player/session.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "player/find.h"
#include "player/tempo.h"

#define SAVE_SECONDS 3.0   /* between savings of the place */
#define FADE_SECONDS 8.0   /* before it sleeps */
enum { VOICE_BYTES = 96 };

static double seconds_now(void)
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

static void keep_place(session *s, bool finished)
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
    s->saved_time = seconds_now();
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

static uint32_t end_of_listening(const session *s, uint32_t from)
{
    return s->until_heading ? article_next_heading(s->now, from) : UINT32_MAX;
}

static void play_from(session *s, uint32_t from, bool chime)
{
    s->until_at = end_of_listening(s, from);
    engine_play(s->engine, s->now->doc, &s->now->script, s->now->locale, from, s->until_at, chime);
    s->saved_at = from;
    s->saved_time = seconds_now();
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

static bool known_voice(const char *name)
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
        if (s->place.voice[0] && !s->options.engine.voice.voice && known_voice(s->place.voice)) {
            engine_voice(s->engine, s->place.voice);
            snprintf(s->voice, sizeof s->voice, "%s", s->place.voice);
        }
        tell(s->view.message, s->view.ctx, "going on at %d%%", (int)(100.0 * *from / (double)s->now->text.n));
    }
    return true;
}

/* Reads article `index` and begins with it; on a failure the one in hand stays. */
static bool go_to_article(session *s, size_t index, bool chime)
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
        keep_place(s, false);
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
        if (go_to_article(s, index, true))
            return true;
        s->exit_code = 1;
    }
    if (s->loop)
        play_from(s, 0, true);
    return s->loop;
}

static void at_the_end(session *s)
{
    keep_place(s, s->until_at == UINT32_MAX);
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
    s->sleep_until = opt->sleep > 0 ? seconds_now() + opt->sleep : 0;
    if (engine_open(&s->engine, &opt->engine, &err)) {
        tell(view->problem, view->ctx, "%s", err.msg);
        return false;
    }
    double start = seconds_now();
    bool good = go_to_article(s, 0, false);
    s->read_seconds = seconds_now() - start;
    while (!good && !opt->start_at && s->index + 1 < opt->path_count) {
        s->exit_code = 1;
        good = go_to_article(s, ++s->index, false);
    }
    return good;
}

void session_close(session *s)
{
    if (s->engine && s->now && !s->heard_all)
        keep_place(s, false);
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
    double left = s->sleep_until - seconds_now();
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
    const char *saved = saver_done(s->saver);
    if (saved)
        tell(s->view.message, s->view.ctx, "%s", saved);
    s->saver_told = s->saver_told || saved;
    if (seconds_now() - s->saved_time > SAVE_SECONDS && engine_now(s->engine).word.start != s->saved_at)
        keep_place(s, false);
}

/* ---------------------------------------------------------------- commands */

typedef struct answer {
    char *text;
    size_t size, n;
} answer;

static void say(answer *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(answer *a, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(a->text + a->n, a->size - a->n, format, ap);
    va_end(ap);
    a->n = n < 0 ? a->n : a->n + (size_t)n < a->size ? a->n + (size_t)n : a->size - 1;
}

/* A document's characters on one line. */
static void say_text(answer *a, nr_view text, nr_span span)
{
    for (uint32_t i = span.start; i < span.end && i < text.n; i++) {
        char c = text.p[i];
        say(a, "%c", (unsigned char)c < ' ' || c == 127 ? ' ' : c);
    }
}

static uint32_t here(const session *s) { return engine_now(s->engine).word.start; }

static bool go(session *s, uint32_t at)
{
    if (s->until_heading) { /* the end moves with the beginning */
        s->until_at = end_of_listening(s, at);
        engine_until(s->engine, s->until_at);
    }
    engine_seek(s->engine, at);
    return true;
}

static bool do_step(session *s, const char *arg, answer *a, uint32_t (*move)(article *, uint32_t, int))
{
    char *end;
    long n = strtol(arg, &end, 10);
    if (end == arg || *end || labs(n) > 100000) {
        say(a, "wants a number of steps, such as 1 or -1");
        return false;
    }
    return go(s, move(s->now, here(s), (int)n));
}

static bool do_sentence(session *s, const char *arg, answer *a) { return do_step(s, arg, a, article_move_sentences); }
static bool do_paragraph(session *s, const char *arg, answer *a) { return do_step(s, arg, a, article_move_paragraphs); }
static bool do_heading(session *s, const char *arg, answer *a) { return do_step(s, arg, a, article_move_headings); }
static bool do_word(session *s, const char *arg, answer *a) { return do_step(s, arg, a, article_move_words); }

static bool do_pause(session *s, const char *arg, answer *a)
{
    (void)arg, (void)a;
    engine_pause(s->engine, true);
    keep_place(s, false);
    return true;
}

static bool do_play(session *s, const char *arg, answer *a)
{
    (void)arg, (void)a;
    engine_pause(s->engine, false);
    return true;
}

static bool do_toggle(session *s, const char *arg, answer *a)
{
    return engine_now(s->engine).paused ? do_play(s, arg, a) : do_pause(s, arg, a);
}

static bool do_next(session *s, const char *arg, answer *a)
{
    (void)arg;
    if (s->index + 1 < s->options.path_count)
        return go_to_article(s, s->index + 1, false);
    say(a, "this is the last article");
    return false;
}

static bool do_previous(session *s, const char *arg, answer *a)
{
    (void)arg;
    if (s->index > 0)
        return go_to_article(s, s->index - 1, false);
    say(a, "this is the first article");
    return false;
}

static bool do_quit(session *s, const char *arg, answer *a)
{
    (void)arg, (void)a;
    s->quit = true;
    return true;
}

static bool do_seek(session *s, const char *arg, answer *a)
{
    char *end;
    double n = strtod(arg, &end);
    if (end == arg || *end || !(fabs(n) < 1e9)) {
        say(a, "wants seconds, such as 10 or -10");
        return false;
    }
    double to = article_seconds(s->now, here(s)) + n;
    return go(s, article_move_words(s->now, article_at_seconds(s->now, to), 0));
}

static bool do_goto(session *s, const char *arg, answer *a)
{
    uint32_t at;
    if (article_place(s->now, arg, 0, &at))
        return go(s, article_move_words(s->now, at, 0));
    say(a, "the article does not hold '%s'", arg);
    return false;
}

static bool do_at(session *s, const char *arg, answer *a)
{
    char *end;
    unsigned long n = strtoul(arg, &end, 10);
    if (end == arg || *end || n > s->now->text.n) {
        say(a, "wants a byte of the article's text, 0 to %zu", s->now->text.n);
        return false;
    }
    return go(s, (uint32_t)n);
}

static bool do_again(session *s, const char *arg, answer *a)
{
    uint32_t at;
    (void)arg;
    if (!s->found[0] || !(find_text(s->now->text, (size_t)here(s) + 1, s->found, &at) || find_text(s->now->text, 0, s->found, &at))) {
        say(a, "the article does not hold '%s'", s->found);
        return false;
    }
    return go(s, at);
}

static bool do_find(session *s, const char *arg, answer *a)
{
    snprintf(s->found, sizeof s->found, "%s", arg);
    return do_again(s, arg, a);
}

static bool do_speed(session *s, const char *arg, answer *a)
{
    double now = engine_now(s->engine).speed, to;
    char *end;
    if (strcmp(arg, "+") == 0 || strcmp(arg, "-") == 0)
        to = (floor(now * 10 + 0.5) + (*arg == '+' ? 1 : -1)) / 10;
    else if ((to = strtod(arg, &end)), end == arg || (*end && strcmp(end, "x") != 0) || !(to >= TEMPO_MIN && to <= TEMPO_MAX)) {
        say(a, "wants a speed from 0.5 to 4");
        return false;
    }
    to = to < TEMPO_MIN ? TEMPO_MIN : to > TEMPO_MAX ? TEMPO_MAX : to;
    if (!engine_speed(s->engine, to)) {
        say(a, "this narrate was built without libsonic and cannot change the speed while it plays");
        return false;
    }
    say(a, "speed %.1f", to);
    return true;
}

static bool do_volume(session *s, const char *arg, answer *a)
{
    int now = engine_now(s->engine).volume;
    char *end;
    long n = strtol(arg, &end, 10);
    long to = *arg == '+' || *arg == '-' ? now + n : n;
    if (end == arg || *end || labs(n) > 200) {
        say(a, "wants a volume from 0 to 200, or a step");
        return false;
    }
    to = to < 0 ? 0 : to > 200 ? 200 : to;
    engine_volume(s->engine, (int)to);
    s->fading = false;
    say(a, "volume %ld%%", to);
    return true;
}

static bool do_voice(session *s, const char *arg, answer *a)
{
    if (strlen(arg) >= VOICE_BYTES || !known_voice(arg)) {
        say(a, "there is no voice '%.90s'; 'narrate voices' lists them", arg);
        return false;
    }
    engine_voice(s->engine, arg);
    snprintf(s->voice, sizeof s->voice, "%s", arg);
    say(a, "voice %s", arg);
    return true;
}

static bool do_bookmark(session *s, const char *arg, answer *a)
{
    (void)arg;
    place *p = &s->place;
    uint32_t at = here(s);
    if (p->bookmark_count == STATE_BOOKMARKS) {
        say(a, "there are %d bookmarks already", STATE_BOOKMARKS);
        return false;
    }
    size_t i = p->bookmark_count;
    while (i > 0 && p->bookmarks[i - 1] > at)
        i--;
    if (i > 0 && p->bookmarks[i - 1] == at) {
        say(a, "it has a bookmark");
        return true;
    }
    memmove(p->bookmarks + i + 1, p->bookmarks + i, (p->bookmark_count - i) * sizeof *p->bookmarks);
    p->bookmarks[i] = at;
    p->bookmark_count++;
    keep_place(s, false);
    say(a, "bookmark %zu", i + 1);
    return true;
}

static bool do_bookmarks(session *s, const char *arg, answer *a)
{
    (void)arg;
    for (size_t i = 0; i < s->place.bookmark_count; i++) {
        uint32_t at = s->place.bookmarks[i];
        nr_span line = {at, at + 60};
        while (line.end < s->now->text.n && ((unsigned char)s->now->text.p[line.end] & 0xC0) == 0x80)
            line.end--;
        say(a, "%s%u\t%d%%\t", i ? "\n" : "", at, (int)(100.0 * at / (double)s->now->text.n));
        say_text(a, s->now->text, line);
    }
    if (!s->place.bookmark_count)
        say(a, "no bookmarks yet");
    return true;
}

static bool do_save(session *s, const char *arg, answer *a)
{
    nr_error err;
    if (s->saver && !s->saver_told) {
        say(a, "it is still writing the file before");
        return false;
    }
    saver_end(s->saver);
    s->saver = NULL;
    nr_voice_options voice = s->options.engine.voice;
    char name[VOICE_BYTES];
    snprintf(name, sizeof name, "%s", *s->voice ? s->voice : engine_now(s->engine).voice);
    voice.voice = *name ? name : NULL;
    if (saver_begin(&s->saver, s->now->doc, &s->now->script, &voice, s->now->locale, here(s), arg, &err)) {
        say(a, "%s", err.msg);
        return false;
    }
    s->saver_told = false;
    say(a, "writing '%s'", arg);
    return true;
}

bool session_seconds(const char *text, double *seconds)
{
    char *end;
    double n = strtod(text, &end);
    double unit = *end == 'h' ? 3600 : *end == 'm' ? 60 : 1;
    if (end == text || !(n > 0 && n < 1e6) || (*end && (!strchr("hms", *end) || end[1])))
        return false;
    *seconds = n * (*end ? unit : 60);
    return true;
}

static bool do_sleep(session *s, const char *arg, answer *a)
{
    double n;
    if (strcmp(arg, "never") == 0) {
        s->sleep_until = 0;
        if (s->fading)
            engine_volume(s->engine, s->volume_before_sleep);
        s->fading = false;
        return true;
    }
    if (!session_seconds(arg, &n)) {
        say(a, "wants a time such as 20m, 90s or 1h, or never");
        return false;
    }
    s->sleep_until = seconds_now() + n;
    say(a, "sleeping in %.0f s", n);
    return true;
}

static bool do_until(session *s, const char *arg, answer *a)
{
    bool heading = strcmp(arg, "heading") == 0, whole = strcmp(arg, "article") == 0;
    if (!heading && !whole && strcmp(arg, "never") != 0) {
        say(a, "wants heading, article or never");
        return false;
    }
    s->until_heading = heading;
    s->until_article = heading || whole;
    s->until_at = end_of_listening(s, here(s));
    engine_until(s->engine, s->until_at);
    return go(s, here(s)); /* what was made ahead may go beyond */
}

static bool do_loop(session *s, const char *arg, answer *a)
{
    if (strcmp(arg, "yes") != 0 && strcmp(arg, "no") != 0) {
        say(a, "wants yes or no");
        return false;
    }
    s->loop = *arg == 'y';
    return true;
}

static bool do_why(session *s, const char *arg, answer *a)
{
    (void)arg;
    nr_error err;
    nr_normaliser *nz;
    nr_view out;
    nr_span sentence = article_sentence(s->now, here(s));
    if (nr_normaliser_new(&nz, *s->now->locale ? s->now->locale : NULL, s->now->script.style, s->now->script.lexicon, &err)) {
        say(a, "%s", err.msg);
        return false;
    }
    if (nr_normaliser_explain(nz, s->now->text.p + sentence.start, sentence.end - sentence.start, &out, &err))
        say(a, "%s", err.msg);
    else
        say(a, "%.*s", (int)(out.n < 15000 ? out.n : 15000), out.p);
    while (a->n > 0 && a->text[a->n - 1] == '\n')
        a->text[--a->n] = '\0';
    nr_normaliser_free(nz);
    return true;
}

/* The word or sentence as JSON wants it. */
static json_t *text_of(const session *s, nr_span span)
{
    json_t *j = json_stringn(s->now->text.p + span.start, span.end - span.start);
    return j ? j : json_string("");
}

static bool do_status(session *s, const char *arg, answer *a)
{
    (void)arg;
    engine_state e = engine_now(s->engine);
    double length = article_length(s->now), at = article_seconds(s->now, e.word.start);
    json_t *title = json_string(article_title(s->now)), *path = json_string(s->now->path);
    json_t *j = json_pack("{s:s, s:o, s:o, s:i, s:i, s:f, s:f, s:f, s:i, s:s, s:I, s:I, s:o, s:o, s:I, s:b}", "state",
                          e.lost ? "lost" : e.paused ? "paused" : "playing", "title", title ? title : json_string(""),
                          "article", path ? path : json_string(""), "number", (int)s->index + 1, "articles",
                          (int)s->options.path_count, "seconds", round(at * 10) / 10, "length", round(length * 10) / 10,
                          "speed", e.speed, "volume", e.volume, "voice", e.voice, "at", (json_int_t)e.word.start, "bytes",
                          (json_int_t)s->now->text.n, "word", text_of(s, e.word), "sentence", text_of(s, e.sentence),
                          "underruns", (json_int_t)e.underruns, "started", e.started);
    char *text = j ? json_dumps(j, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
    if (text)
        say(a, "%s", text);
    free(text);
    json_decref(j);
    return text != NULL;
}

static const struct command_row {
    const char *name;
    bool argument;
    bool (*run)(session *s, const char *arg, answer *a);
} commands[] = {
    {"pause", false, do_pause},       {"play", false, do_play},           {"toggle", false, do_toggle},
    {"next", false, do_next},         {"previous", false, do_previous},   {"quit", false, do_quit},
    {"sentence", true, do_sentence},  {"paragraph", true, do_paragraph},  {"heading", true, do_heading},
    {"word", true, do_word},          {"seek", true, do_seek},            {"goto", true, do_goto},
    {"at", true, do_at},              {"find", true, do_find},            {"again", false, do_again},
    {"speed", true, do_speed},        {"volume", true, do_volume},        {"voice", true, do_voice},
    {"bookmark", false, do_bookmark}, {"bookmarks", false, do_bookmarks}, {"save", true, do_save},
    {"sleep", true, do_sleep},        {"until", true, do_until},          {"loop", true, do_loop},
    {"why", false, do_why},           {"status", false, do_status},
};

bool session_command(session *s, const char *line, char *reply, size_t size)
{
    answer a = {reply, size, 0};
    char name[32];
    size_t n = strcspn(line, " ");
    const char *arg = line + n + strspn(line + n, " ");
    *reply = '\0';
    snprintf(name, sizeof name, "%.*s", (int)(n < 31 ? n : 31), line);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(name, commands[i].name) != 0)
            continue;
        if (commands[i].argument != (*arg != '\0')) {
            say(&a, "'%s' takes %s argument", name, commands[i].argument ? "an" : "no");
            return false;
        }
        return commands[i].run(s, arg, &a);
    }
    say(&a, "there is no command '%s'", name);
    return false;
}
