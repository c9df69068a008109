/* The narrator: chunks of the script go to the voice server's children, and their sound comes back in order.
 *
 * One thread waits on the pipes of all running jobs. The oldest chunk's utterances go to the sink as soon as each is
 * complete; the others collect in memory up to a limit, past which their pipes fill and their children wait. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "narrate/chunk.h"
#include "narrate/server.h"
#include "sink/sink.h"

enum {
    JOBS_MAX = 64,
    AHEAD = 1,                 /* chunks kept rendered beyond the running ones */
    AHEAD_BYTES = 4 << 20,     /* of records that a chunk which is not its turn may collect */
    UTTERANCE_BYTES = 1 << 28, /* of sound; far beyond what any utterance takes */
    READ_BYTES = 1 << 18,
    HANG_MS = 8000,            /* a child from which nothing came for so long hangs */
    TRIES = 8,                 /* of a whole chunk, then utterance by utterance: that sounds a little different */
    RESTARTS = 20,             /* of the server in one narration */
    SLICE = 2205,              /* frames between looks at the cancel flag, where they take their time to play */
    LARGE_SLICE = 1 << 16,     /* the same where they do not */
    END_PAUSE_MS = 250,
    NORMAL_WPM = 175
};

struct nr_narrator {
    nr_server server;
    nr_voice_options options;
    char voice[96], voice_name[64], quote_voice[64], locale[64];
    int sample_rate, jobs;
    atomic_bool cancelled;
    int wake[2]; /* a pipe, so that a cancel ends a poll */
    nr_chunk chunks[JOBS_MAX + AHEAD];
};

typedef struct narration {
    nr_narrator *narrator;
    nr_script *script;
    nr_sink *sink;
    const nr_watch *watch;
    nr_error *err;
    nr_result result;
    size_t first, count;  /* chunks in flight: a ring in narrator->chunks */
    size_t next_index;    /* of the next chunk to be filled */
    bool script_ended;
    int restarts;
    double pause_ms;      /* owed before the next utterance */
    nr_buffer job;
    nr_span sentence;     /* last one marked */
    bool sentence_marked;
} narration;

static uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static nr_status fail_cancelled(nr_error *err) { return nr_fail(err, NR_CANCELLED, 0, "narration was stopped"); }

/* ---------------------------------------------------------------- what reaches the sink */

static nr_status write_frames(narration *n, const int16_t *samples, size_t frames)
{
    size_t most = n->sink->driver->delay ? SLICE : LARGE_SLICE;
    while (frames) {
        size_t slice = frames < most ? frames : most;
        if (atomic_load(&n->narrator->cancelled))
            return fail_cancelled(n->err);
        nr_status s = n->sink->driver->write(n->sink->self, samples, slice, n->err);
        if (s)
            return s;
        samples += slice;
        frames -= slice;
        n->result.frames += slice;
    }
    return NR_OK;
}

static nr_status write_pause(narration *n, double ms)
{
    static const int16_t silence[SLICE];
    double wpm = n->narrator->options.wpm > 0 ? n->narrator->options.wpm : NORMAL_WPM;
    size_t frames = (size_t)(ms * NORMAL_WPM / wpm * n->narrator->sample_rate / 1000 + 0.5);
    nr_status s = NR_OK;
    while (frames && !s) {
        size_t slice = frames < SLICE ? frames : SLICE;
        s = write_frames(n, silence, slice);
        frames -= slice;
    }
    return s;
}

static nr_status give_mark(narration *n, int kind, uint64_t frame, nr_span span)
{
    nr_mark mark = {.frame = frame, .time_ms = (double)frame * 1000 / n->narrator->sample_rate, .span = span};
    mark.kind = kind == NR_MARK_WORD ? NR_MARK_WORD : NR_MARK_SENTENCE;
    if (n->sink->driver->mark) {
        nr_status s = n->sink->driver->mark(n->sink->self, &mark, n->err);
        if (s)
            return s;
    }
    if (n->watch && n->watch->mark && n->watch->mark(n->watch->ctx, &mark))
        return fail_cancelled(n->err);
    return NR_OK;
}

/* Words whose beginning the voice did not tell are placed between their neighbours by their length. */
static void place_words(nr_chunk *c, const nr_utterance *u, size_t frames)
{
    size_t i = 0;
    uint32_t from = 0; /* the last known frame */
    while (i < u->word_count) {
        if (c->frames[i] != NR_NO_FRAME) {
            if (c->frames[i] < from)
                c->frames[i] = from;
            if (c->frames[i] > frames)
                c->frames[i] = (uint32_t)frames;
            from = c->frames[i++];
            continue;
        }
        size_t known = i, first = i ? i - 1 : 0;
        while (known < u->word_count && c->frames[known] == NR_NO_FRAME)
            known++;
        uint64_t to = known < u->word_count && c->frames[known] < frames ? c->frames[known] : frames;
        if (to < from)
            to = from;
        double letters = 0, before = 0;
        for (size_t k = first; k < known; k++)
            letters += u->words[k].end - u->words[k].start + 1;
        for (size_t k = first; k < known; k++) {
            if (k >= i)
                c->frames[k] = from + (uint32_t)((double)(to - from) * before / letters);
            before += u->words[k].end - u->words[k].start + 1;
        }
        from = c->frames[known - 1];
        i = known;
    }
}

static nr_status give_marks(narration *n, nr_chunk *c, const nr_utterance *u, size_t frames)
{
    uint64_t base = n->result.frames;
    nr_status s = NR_OK;
    if (!n->sentence_marked || u->sentence.start != n->sentence.start || u->sentence.end != n->sentence.end)
        s = give_mark(n, NR_MARK_SENTENCE, base, u->sentence);
    n->sentence = u->sentence;
    n->sentence_marked = true;
    place_words(c, u, frames);
    for (size_t i = 0; i < u->word_count && !s; i++)
        s = give_mark(n, NR_MARK_WORD, base + c->frames[i], u->words[i].span);
    return s;
}

/* The utterance in hand is complete: its pause, its marks, its sound. */
static nr_status deliver(narration *n, nr_chunk *c)
{
    const nr_utterance *u = &c->utterances[c->done];
    size_t frames = c->sound.n / sizeof(int16_t);
    nr_status s = write_pause(n, n->pause_ms);
    if (s)
        return s;
    n->pause_ms = u->pause_ms;
    if (n->watch && n->watch->utterance && n->watch->utterance(n->watch->ctx, u, n->result.frames))
        return fail_cancelled(n->err);
    s = give_marks(n, c, u, frames);
    if (!s)
        s = write_frames(n, (const int16_t *)(const void *)c->sound.p, frames);
    if (!s && n->watch && n->watch->utterance_end && n->watch->utterance_end(n->watch->ctx, n->result.frames))
        s = fail_cancelled(n->err);
    n->result.words += u->word_count;
    n->result.utterances++;
    c->done++;
    return s;
}

static void leave_out(narration *n, nr_chunk *c, const char *why)
{
    const nr_utterance *u = &c->utterances[c->done];
    char message[400];
    size_t most = u->say.n < 80 ? u->say.n : 80;
    while (most < u->say.n && most > 0 && ((unsigned char)u->say.p[most] & 0xC0) == 0x80)
        most--;
    snprintf(message, sizeof message, "left out what the voice cannot say (%.120s): '%.*s%s'", why, (int)most, u->say.p,
             most < u->say.n ? "..." : "");
    if (n->watch && n->watch->warning)
        n->watch->warning(n->watch->ctx, message);
    n->result.left_out++;
    c->done++;
}

/* ---------------------------------------------------------------- jobs */

static nr_status restart_server(narration *n)
{
    nr_narrator *nr = n->narrator;
    if (++n->restarts > RESTARTS)
        return nr_fail(n->err, NR_EVOICE, 0, "cannot go on: the voice program ended %d times", RESTARTS);
    nr_server_stop(&nr->server);
    return nr_server_start(&nr->server, &nr->options, nr->locale[0] ? nr->locale : NULL, n->err);
}

/* No word of the next utterance has a frame yet. Called once for each utterance and job, before any of its records: marks
 * may come long before sound. */
static nr_status begin_words(nr_chunk *c, nr_error *err)
{
    size_t words = c->utterances[c->next].word_count;
    if (words > c->frames_cap) {
        uint32_t *frames = realloc(c->frames, words * sizeof *frames);
        if (!frames)
            return nr_fail_memory(err);
        c->frames = frames;
        c->frames_cap = words;
    }
    for (size_t i = 0; i < words; i++)
        c->frames[i] = NR_NO_FRAME;
    nr_buffer_truncate(&c->sound, 0);
    return NR_OK;
}

/* Starts a job for the chunk. All of it, also when it is tried again and its beginning was delivered: how the voice says
 * an utterance depends on what it said before. */
static nr_status start_job(narration *n, nr_chunk *c)
{
    c->job_first = c->next = c->one_by_one ? c->done : 0;
    c->job_count = c->one_by_one ? 1 : c->count;
    c->ended = false;
    c->taken = 0;
    nr_buffer_truncate(&c->bytes, 0);
    nr_buffer_truncate(&c->sound, 0);
    nr_status s = begin_words(c, n->err);
    if (s)
        return s;
    s = nr_chunk_write_job(c, c->job_first, c->job_count, &n->job);
    if (s)
        return nr_fail(n->err, s, 0, "cannot hand %zu utterances to the voice: they are too long", c->job_count);
    while (!nr_server_send(&n->narrator->server, &n->job, (uint32_t)c->job_count, &c->pipe, &c->id)) {
        s = restart_server(n);
        if (s)
            return s;
    }
    c->heard_at = now_ms();
    return NR_OK;
}

/* The job in hand ended early. A whole chunk is tried a few times, for the child may have been killed by somebody; a
 * child that hung or keeps crashing says what is left one by one. */
static nr_status retry(narration *n, nr_chunk *c, bool hung)
{
    if (c->pipe >= 0)
        close(c->pipe);
    c->pipe = -1;
    if (c->done == c->count) { /* it died when all was said */
        c->ended = true;
        return NR_OK;
    }
    c->failures++;
    if (c->one_by_one && (hung || c->failures >= 2)) {
        leave_out(n, c, hung ? "it does not end" : "it crashes the voice");
        c->failures = 0;
    } else if (hung || c->failures >= TRIES) {
        c->one_by_one = true;
        c->failures = 0;
    }
    return c->done < c->count ? start_job(n, c) : NR_OK;
}

/* ---------------------------------------------------------------- records */

static void take_mark(nr_chunk *c, nr_view payload)
{
    nr_wire_mark mark;
    memcpy(&mark, payload.p, sizeof mark);
    if (mark.word < c->utterances[c->next].word_count && c->frames[mark.word] == NR_NO_FRAME)
        c->frames[mark.word] = mark.frame;
}

/* An utterance ended. One that was delivered before the job had to be tried again is dropped. */
static nr_status end_utterance(narration *n, nr_chunk *c, const nr_wire_record *r, nr_view payload)
{
    char why[160];
    nr_status s = NR_OK;
    if (c->next++ < c->done)
        return NR_OK;
    if (r->kind == NR_RECORD_SPOKEN) {
        s = deliver(n, c);
    } else {
        snprintf(why, sizeof why, "%.*s", (int)(payload.n < 150 ? payload.n : 150), payload.p);
        leave_out(n, c, why);
    }
    c->failures = 0;
    return s;
}

static nr_status take_record(narration *n, nr_chunk *c, const nr_wire_record *r, nr_view payload, bool *nonsense)
{
    if (r->kind == NR_RECORD_DONE) {
        c->ended = c->next == c->job_first + c->job_count;
        *nonsense = !c->ended;
        return NR_OK;
    }
    if (c->next == c->job_first + c->job_count) {
        *nonsense = true;
        return NR_OK;
    }
    switch (r->kind) {
    case NR_RECORD_PCM:
        if (nr_buffer_put_view(&c->sound, payload))
            return nr_fail(n->err, c->sound.failed, 0, "cannot hold the sound of one utterance: it is too long");
        return NR_OK;
    case NR_RECORD_MARK: take_mark(c, payload); return NR_OK;
    default: break;
    }
    nr_status s = end_utterance(n, c, r, payload);
    if (!s && c->next < c->job_first + c->job_count)
        s = begin_words(c, n->err);
    return s;
}

/* Takes what has come for the oldest chunk. */
static nr_status take_records(narration *n, nr_chunk *c, bool *nonsense)
{
    nr_status s = NR_OK;
    while (!s && !c->ended && !*nonsense) {
        nr_wire_record r;
        nr_view payload;
        nr_view rest = {c->bytes.p + c->taken, c->bytes.n - c->taken};
        ptrdiff_t size = rest.n ? nr_wire_take_record(rest, &r, &payload) : 0;
        if (size <= 0) {
            *nonsense = size < 0;
            break;
        }
        s = take_record(n, c, &r, payload, nonsense);
        c->taken += (size_t)size;
    }
    size_t rest = c->bytes.n - c->taken;
    if (rest)
        memmove(c->bytes.p, c->bytes.p + c->taken, rest);
    nr_buffer_truncate(&c->bytes, rest);
    c->taken = 0;
    return s;
}

/* ---------------------------------------------------------------- waiting */

static nr_chunk *chunk_at(narration *n, size_t i)
{
    return &n->narrator->chunks[(n->first + i) % (size_t)(n->narrator->jobs + AHEAD)];
}

static size_t running(narration *n)
{
    size_t count = 0;
    for (size_t i = 0; i < n->count; i++)
        count += chunk_at(n, i)->pipe >= 0;
    return count;
}

static nr_status start_chunks(narration *n)
{
    size_t most = (size_t)n->narrator->jobs;
    while (!n->script_ended && running(n) < most && n->count < most + AHEAD) {
        nr_chunk *c = chunk_at(n, n->count);
        nr_status s = nr_chunk_fill(c, n->script, n->next_index, n->err);
        if (s)
            return s;
        if (c->count == 0) {
            n->script_ended = true;
            break;
        }
        n->count++;
        n->next_index++;
        s = start_job(n, c);
        if (s)
            return s;
    }
    return NR_OK;
}

/* Reads what is there. False at the pipe's end. */
static bool read_pipe(nr_chunk *c)
{
    for (;;) {
        if (nr_buffer_reserve(&c->bytes, READ_BYTES))
            return true;
        ssize_t got = read(c->pipe, c->bytes.p + c->bytes.n, READ_BYTES);
        if (got > 0) {
            c->bytes.n += (size_t)got;
            c->heard_at = now_ms();
            return true;
        }
        if (got == 0)
            return false;
        if (errno != EINTR)
            return errno == EAGAIN;
    }
}

static bool wants_more(const narration *n, const nr_chunk *c, size_t i)
{
    (void)n;
    return c->pipe >= 0 && (i == 0 || c->bytes.n < AHEAD_BYTES);
}

/* Whether the records of a chunk end with the job's last word, so that its pipe's end is in order. */
static bool complete(const nr_chunk *c)
{
    nr_wire_record last;
    if (c->ended)
        return true;
    if (c->bytes.n < sizeof last)
        return false;
    memcpy(&last, c->bytes.p + c->bytes.n - sizeof last, sizeof last);
    return last.kind == NR_RECORD_DONE && last.size == 0;
}

static nr_status take_events(narration *n, const struct pollfd *events, const size_t *which, size_t count)
{
    uint64_t now = now_ms();
    for (size_t k = 0; k < count; k++) {
        nr_chunk *c = chunk_at(n, which[k]);
        nr_status s = NR_OK;
        if (events[k].revents && !read_pipe(c)) {
            close(c->pipe);
            c->pipe = -1;
            if (which[k] > 0 && !complete(c))
                s = retry(n, c, false); /* its records are dropped: nothing of them was delivered */
        } else if (!events[k].revents && now - c->heard_at > HANG_MS) {
            nr_server_kill(&n->narrator->server, c->id);
            s = retry(n, c, true);
        }
        if (s)
            return s;
    }
    return NR_OK;
}

static nr_status wait_for_sound(narration *n)
{
    struct pollfd events[JOBS_MAX + AHEAD + 1];
    size_t which[JOBS_MAX + AHEAD], count = 0;
    for (size_t i = 0; i < n->count; i++) {
        nr_chunk *c = chunk_at(n, i);
        if (!wants_more(n, c, i))
            continue;
        which[count] = i;
        events[count++] = (struct pollfd){c->pipe, POLLIN, 0};
    }
    events[count] = (struct pollfd){n->narrator->wake[0], POLLIN, 0};
    int ready = poll(events, count + 1, HANG_MS / 4);
    if (ready < 0 && errno != EINTR)
        return nr_fail(n->err, NR_EIO, errno, "cannot wait for the voice");
    if (atomic_load(&n->narrator->cancelled))
        return fail_cancelled(n->err);
    return ready < 0 ? NR_OK : take_events(n, events, which, count);
}

/* The oldest chunk: deliver what has come; when it is through, the next one's turn. */
static nr_status advance(narration *n)
{
    while (n->count) {
        nr_chunk *c = chunk_at(n, 0);
        bool nonsense = false;
        nr_status s = take_records(n, c, &nonsense);
        if (s)
            return s;
        if (!c->ended && (nonsense || c->pipe < 0))
            s = retry(n, c, false);
        if (s || !c->ended)
            return s;
        if (c->pipe >= 0)
            close(c->pipe);
        c->pipe = -1;
        if (c->done < c->count)
            return start_job(n, c); /* one by one */
        nr_chunk_reset(c);
        n->first++;
        n->count--;
    }
    return NR_OK;
}

static nr_status run(narration *n)
{
    nr_status s = n->sink->driver->open(n->sink->self, n->narrator->sample_rate, n->err);
    while (!s) {
        s = start_chunks(n);
        if (s || n->count == 0)
            break;
        s = wait_for_sound(n);
        if (!s)
            s = advance(n);
    }
    if (!s && n->result.utterances + n->result.left_out == 0)
        s = nr_fail(n->err, NR_ENOTEXT, 0, "there is nothing to say");
    if (!s)
        s = write_pause(n, n->pause_ms < END_PAUSE_MS ? n->pause_ms : END_PAUSE_MS);
    return s ? s : n->sink->driver->finish(n->sink->self, n->err);
}

nr_status nr_narrate(nr_narrator *narrator, nr_script *script, nr_sink *sink, const nr_watch *watch, nr_result *result,
                     nr_error *err)
{
    narration n = {.narrator = narrator,
                   .script = script,
                   .sink = sink,
                   .watch = watch,
                   .err = err,
                   .result.sample_rate = narrator->sample_rate,
                   .job = NR_BUFFER_INIT(NR_WIRE_JOB_MAX)};
    nr_status s = run(&n);
    for (size_t i = 0; i < n.count; i++) {
        nr_chunk *c = chunk_at(&n, i);
        if (c->pipe >= 0)
            nr_server_kill(&narrator->server, c->id);
    }
    for (int i = 0; i < narrator->jobs + AHEAD; i++)
        nr_chunk_reset(&narrator->chunks[i]);
    nr_buffer_free(&n.job);
    if (s == NR_CANCELLED && sink->driver->reset)
        sink->driver->reset(sink->self);
    char byte[64];
    while (read(narrator->wake[0], byte, sizeof byte) > 0)
        ;
    atomic_store(&narrator->cancelled, false);
    if (result)
        *result = n.result;
    return s;
}

/* ---------------------------------------------------------------- the handle */

static nr_status check_options(const nr_voice_options *opt, nr_error *err)
{
    if (opt->wpm != 0 && !(opt->wpm >= 40 && opt->wpm <= 900))
        return nr_fail(err, NR_EINVAL, 0, "a rate of %g words a minute is out of range: 40 to 900", opt->wpm);
    if (!(opt->pitch >= -100 && opt->pitch <= 100))
        return nr_fail(err, NR_EINVAL, 0, "a pitch of %g is out of range: -100 to 100", opt->pitch);
    if (opt->volume > 200)
        return nr_fail(err, NR_EINVAL, 0, "a volume of %g percent is out of range: 0 to 200", opt->volume);
    if (opt->jobs < 0 || opt->jobs > JOBS_MAX)
        return nr_fail(err, NR_EINVAL, 0, "%d jobs are out of range: 1 to %d", opt->jobs, JOBS_MAX);
    size_t most = sizeof((nr_narrator *)0)->voice_name;
    if ((opt->voice && strlen(opt->voice) >= most) || (opt->quote_voice && strlen(opt->quote_voice) >= most))
        return nr_fail(err, NR_EVOICE, 0, "there is no voice of so long a name; see 'narrate voices'");
    return NR_OK;
}

static int usual_jobs(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 1 ? 1 : processors > JOBS_MAX ? JOBS_MAX : (int)processors;
}

void nr_voice_options_init(nr_voice_options *opt) { *opt = (nr_voice_options){.volume = 100}; }

nr_status nr_narrator_new(nr_narrator **out, const nr_voice_options *opt, const char *locale, nr_error *err)
{
    nr_voice_options usual;
    nr_voice_options_init(&usual);
    nr_status s = check_options(opt ? opt : &usual, err);
    if (s)
        return s;
    nr_narrator *n = calloc(1, sizeof *n);
    if (!n)
        return nr_fail_memory(err);
    n->options = opt ? *opt : usual;
    if (!(n->options.volume >= 0))
        n->options.volume = 100;
    if (n->options.voice) {
        snprintf(n->voice_name, sizeof n->voice_name, "%s", n->options.voice);
        n->options.voice = n->voice_name;
    }
    if (n->options.quote_voice) {
        snprintf(n->quote_voice, sizeof n->quote_voice, "%s", n->options.quote_voice);
        n->options.quote_voice = n->quote_voice;
    }
    snprintf(n->locale, sizeof n->locale, "%s", locale ? locale : "");
    n->jobs = n->options.jobs ? n->options.jobs : usual_jobs();
    n->wake[0] = n->wake[1] = -1;
    n->server.socket = -1;
    for (int i = 0; i < JOBS_MAX + AHEAD; i++)
        n->chunks[i] = (nr_chunk){.pipe = -1, .bytes = NR_BUFFER_INIT(UTTERANCE_BYTES), .sound = NR_BUFFER_INIT(UTTERANCE_BYTES)};
    if (pipe2(n->wake, O_CLOEXEC | O_NONBLOCK) < 0)
        s = nr_fail(err, NR_EIO, errno, "cannot start a narrator: no pipe is to be had");
    if (!s)
        s = nr_server_start(&n->server, &n->options, n->locale[0] ? n->locale : NULL, err);
    if (s) {
        nr_narrator_free(n);
        return s;
    }
    n->sample_rate = n->server.hello.sample_rate;
    snprintf(n->voice, sizeof n->voice, "%.63s", n->server.hello.voice);
    *out = n;
    return NR_OK;
}

void nr_narrator_free(nr_narrator *n)
{
    if (!n)
        return;
    nr_server_stop(&n->server);
    for (int i = 0; i < JOBS_MAX + AHEAD; i++)
        nr_chunk_free(&n->chunks[i]);
    for (int i = 0; i < 2; i++)
        if (n->wake[i] >= 0)
            close(n->wake[i]);
    free(n);
}

int nr_narrator_sample_rate(const nr_narrator *n) { return n->sample_rate; }

const char *nr_narrator_voice(const nr_narrator *n) { return n->voice; }

void nr_narrator_cancel(nr_narrator *n)
{
    int saved = errno;
    atomic_store(&n->cancelled, true);
    ssize_t ignored = write(n->wake[1], "", 1); /* full: it is awake already */
    (void)ignored;
    errno = saved;
}
