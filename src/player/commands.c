/* The commands that steer a session, as text. */
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "player/find.h"
#include "player/session_parts.h"
#include "player/tempo.h"

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

/* ---------------------------------------------------------------- going on, going elsewhere */

static uint32_t here(const session *s) { return engine_now(s->engine).word.start; }

static bool go(session *s, uint32_t at)
{
    if (s->until_heading) { /* the end moves with the beginning */
        s->until_at = session_end_of_listening(s, at);
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
    session_keep_place(s, false);
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
        return session_go_to_article(s, s->index + 1, false);
    say(a, "this is the last article");
    return false;
}

static bool do_previous(session *s, const char *arg, answer *a)
{
    (void)arg;
    if (s->index > 0)
        return session_go_to_article(s, s->index - 1, false);
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
    char percent[8];
    uint32_t at;
    size_t digits = strspn(arg, "0123456789");
    if (digits > 0 && digits <= 3 && !arg[digits] && atoi(arg) <= 100) {
        snprintf(percent, sizeof percent, "%.3s%%", arg);
        arg = percent;
    }
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

/* ---------------------------------------------------------------- how it sounds, and how long */

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
    if (strlen(arg) >= sizeof s->voice || !session_knows_voice(arg)) {
        say(a, "there is no voice '%.90s'; 'narrate voices' lists them", arg);
        return false;
    }
    engine_voice(s->engine, arg);
    snprintf(s->voice, sizeof s->voice, "%s", arg);
    say(a, "voice %s", arg);
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
    s->sleep_until = session_clock() + n;
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
    s->until_at = session_end_of_listening(s, here(s));
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

/* ---------------------------------------------------------------- what is kept, and what is told */

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
    session_keep_place(s, false);
    say(a, "bookmark %zu", i + 1);
    return true;
}

static bool do_bookmarks(session *s, const char *arg, answer *a)
{
    (void)arg;
    for (size_t i = 0; i < s->place.bookmark_count; i++) {
        uint32_t at = s->place.bookmarks[i];
        nr_span line = {at, s->now->blocks[article_block(s->now, at)].span.end};
        if (line.end > at + 60)
            line.end = at + 60;
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
    char name[sizeof s->voice];
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
