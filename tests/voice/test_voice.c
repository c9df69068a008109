/* The drivers as voice.h promises them, each utterance said in a child of a process that never speaks; and the wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "voice/voice.h"
#include "voice/wire.h"

static void *espeak; /* open from its first test to the end */
static int voice_rate;

enum { FRAMES_MAX = 22050 * 60, WORDS = 64, EDGE_MS = 10 };

static struct sound {
    nr_status status;
    size_t frames, marks;
    struct {
        uint32_t word;
        uint64_t frame;
    } mark[WORDS];
    int16_t samples[FRAMES_MAX];
} *heard; /* shared with the children */

static nr_status take_pcm(void *ctx, const int16_t *samples, size_t frames)
{
    struct sound *s = ctx;
    if (frames > FRAMES_MAX - s->frames)
        return NR_ELIMIT;
    memcpy(s->samples + s->frames, samples, frames * sizeof *samples);
    s->frames += frames;
    return NR_OK;
}

static nr_status take_mark(void *ctx, uint32_t word, uint64_t frame)
{
    struct sound *s = ctx;
    if (s->marks == WORDS)
        return NR_ELIMIT;
    s->mark[s->marks].word = word;
    s->mark[s->marks++].frame = frame;
    return NR_OK;
}

/* Words parted by spaces; one that begins with '=' is to be spelled. The words' places go into `words`. */
static nr_speech speech_of(char *text, nr_spoken_word words[WORDS])
{
    nr_speech speech = {.say = nr_view_of(text), .words = words, .rate = 100};
    for (char *p = text; *p; p += *p == ' ') {
        nr_spoken_word *w = &words[speech.word_count++];
        *w = (nr_spoken_word){0};
        if (*p == '=') {
            w->flags = NR_WORD_LETTERS;
            *p++ = ' ';
        }
        w->start = (uint32_t)(p - text);
        p += strcspn(p, " ");
        w->end = (uint32_t)(p - text);
        if (strchr(",.?", text[w->end - 1]))
            w->end--;
    }
    return speech;
}

/* Says the texts one after the other in one child; what is heard is the last one's. The number of its words. */
static size_t say(const nr_voice_driver *driver, void *voice, const char *const *texts, size_t count)
{
    nr_spoken_word words[WORDS];
    char text[4000];
    size_t word_count = 0;
    memset(heard, 0, offsetof(struct sound, samples));
    for (size_t i = 0; i < count; i++) {
        snprintf(text, sizeof text, "%s", texts[i]);
        word_count = speech_of(text, words).word_count;
    }
    pid_t pid = fork();
    if (pid == 0) {
        nr_emitter emit = {heard, take_pcm, take_mark};
        for (size_t i = 0; i < count; i++) {
            heard->frames = heard->marks = 0;
            snprintf(text, sizeof text, "%s", texts[i]);
            nr_speech speech = speech_of(text, words);
            heard->status = driver->speak(voice, &speech, &emit, NULL);
        }
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(heard->status, NR_OK);
    return word_count;
}

static size_t say_one(const nr_voice_driver *driver, void *voice, const char *text)
{
    return say(driver, voice, (const char *const[]){text}, 1);
}

static void *open_voice(const nr_voice_driver *driver, const char *name, double wpm, int *rate)
{
    void *voice = NULL;
    nr_error err = {0};
    nr_voice_params params = {.voice = name, .wpm = wpm, .volume = 100};
    if (driver->open(&voice, &params, rate, &err))
        fail_msg("%s", err.msg);
    return voice;
}

/* The voice stays open. */
static void *check_contract(const nr_voice_driver *driver, const char *name)
{
    int rate = 0;
    void *voice = open_voice(driver, name, 0, &rate);
    voice_rate = rate;
    size_t words = say_one(driver, voice, "The harbour was quiet, and =BBC reporters slept until nine.");
    size_t frames = heard->frames;
    assert_int_equal(words, 10);
    assert_true(frames > (size_t)rate / 2 && frames < (size_t)rate * 20);
    assert_true(heard->marks >= words / 2);
    for (size_t i = 0; i < heard->marks; i++) {
        assert_true(heard->mark[i].word < words && heard->mark[i].frame <= frames);
        assert_true(i == 0 || (heard->mark[i].word > heard->mark[i - 1].word && heard->mark[i].frame >= heard->mark[i - 1].frame));
    }
    int16_t *first = malloc(frames * sizeof *first);
    memcpy(first, heard->samples, frames * sizeof *first);
    say_one(driver, voice, "The harbour was quiet, and =BBC reporters slept until nine.");
    assert_int_equal(heard->frames, frames);
    assert_memory_equal(heard->samples, first, frames * sizeof *first);
    free(first);
    return voice;
}

/* ---------------------------------------------------------------- drivers */


static int set_up(void **state)
{
    (void)state;
    heard = mmap(NULL, sizeof *heard, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return heard == MAP_FAILED ? -1 : 0;
}

static void null_keeps_the_contract(void **state)
{
    (void)state;
    nr_voice_null.close(check_contract(&nr_voice_null, NULL));
}

static void espeak_keeps_the_contract(void **state)
{
    (void)state;
    espeak = check_contract(&nr_voice_espeak, "en");
}

static size_t silent_from(bool end)
{
    size_t n = 0;
    while (n < heard->frames && abs(heard->samples[end ? heard->frames - 1 - n : n]) <= 24)
        n++;
    return n;
}

static void pauses_are_left_to_the_narrator(void **state)
{
    (void)state;
    const char *const texts[] = {"A first sentence.", "Hello there, you.", "Who is it?", "Nobody"};
    for (size_t i = 0; i < 4; i++) {
        say(&nr_voice_espeak, espeak, texts, i + 1);
        assert_true(silent_from(false) <= (size_t)voice_rate * EDGE_MS / 1000);
        assert_true(silent_from(true) <= (size_t)voice_rate * EDGE_MS / 1000);
    }
}

static void letters_are_named_in_runs_of_any_length(void **state)
{
    (void)state;
    char text[1000] = "=";
    say_one(&nr_voice_espeak, espeak, "=A");
    size_t one = heard->frames;
    for (int i = 0; i < 300; i++)
        strcat(text, "A");
    say_one(&nr_voice_espeak, espeak, text);
    assert_true(heard->frames > 100 * one / 2);
    say_one(&nr_voice_espeak, espeak, "=MP");
    size_t singular = heard->frames;
    say_one(&nr_voice_espeak, espeak, "=MPs");
    assert_true(heard->frames > singular);
}

/* Taken for the article, the A would be said with a "dot" behind it, which takes a quarter of a second. */
static void a_first_letter_is_no_article(void **state)
{
    (void)state;
    static const char *const before[] = {"at", "for", "not", "of", "than", "that", "was", "Of", "on"};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        char text[40];
        snprintf(text, sizeof text, "see %s =JBC now", before[i]);
        say_one(&nr_voice_espeak, espeak, text);
        size_t other = heard->frames;
        snprintf(text, sizeof text, "see %s =ABC now", before[i]);
        say_one(&nr_voice_espeak, espeak, text);
        assert_true(heard->frames < other + (size_t)voice_rate / 20);
    }
}

/* Were a word taken for phonemes or mark-up, it would sound as no word of these letters does. */
static void words_are_never_phonemes_or_markup(void **state)
{
    (void)state;
    say_one(&nr_voice_espeak, espeak, "we saw h@loU there");
    size_t plain = heard->frames;
    say_one(&nr_voice_espeak, espeak, "we saw [[h@loU]] there");
    assert_int_equal(heard->frames, plain);
    say_one(&nr_voice_espeak, espeak, "one break two");
    plain = heard->frames;
    say_one(&nr_voice_espeak, espeak, "one <break> two");
    assert_int_equal(heard->frames, plain);
}

static void a_voice_that_is_not_there_is_named_with_its_neighbours(void **state)
{
    (void)state;
    void *voice = NULL;
    int rate;
    nr_error err = {0};
    nr_voice_params params = {.voice = "en-uss", .volume = 100};
    assert_int_equal(nr_voice_espeak.open(&voice, &params, &rate, &err), NR_EVOICE);
    assert_non_null(strstr(err.msg, "'en-uss'"));
    assert_non_null(strstr(err.msg, "en-us,"));
}

static size_t listed;

static void take_voice(void *ctx, const nr_voice_info *info)
{
    (void)ctx;
    listed++;
    assert_true(strncmp(info->name, "espeak:", 7) == 0 && info->name[7]);
    for (const char *p = info->language; *p; p++)
        assert_true((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '-');
}

static void every_voice_is_listed_with_its_language(void **state)
{
    (void)state;
    assert_int_equal(nr_voice_espeak.list(take_voice, NULL, NULL), NR_OK);
    assert_true(listed > 50);
}

/* ---------------------------------------------------------------- the wire */

static void speech_survives_the_wire(void **state)
{
    (void)state;
    char text[] = "Two words.";
    nr_spoken_word words[WORDS], back_words[WORDS];
    nr_speech speech = speech_of(text, words), back;
    speech.pitch = -3;
    speech.flags = NR_UTT_QUESTION;
    nr_buffer job = NR_BUFFER_INIT(NR_WIRE_JOB_MAX);
    assert_int_equal(nr_wire_put_speech(&job, &speech), NR_OK);
    assert_int_equal(nr_wire_put_speech(&job, &speech), NR_OK);
    nr_view rest = nr_buffer_view(&job);
    for (int i = 0; i < 2; i++) {
        assert_true(nr_wire_take_speech(&rest, &back, back_words, WORDS));
        assert_true(nr_view_is(back.say, "Two words."));
        assert_int_equal(back.word_count, 2);
        assert_int_equal(back.words[1].end, 9);
        assert_int_equal(back.pitch, -3);
        assert_int_equal(back.flags, NR_UTT_QUESTION);
    }
    assert_int_equal(rest.n, 0);
    for (size_t n = 0; n < job.n / 2; n++) { /* cut anywhere */
        rest = (nr_view){job.p, n};
        assert_false(nr_wire_take_speech(&rest, &back, back_words, WORDS));
    }
    rest = nr_buffer_view(&job);
    assert_false(nr_wire_take_speech(&rest, &back, back_words, 1)); /* more words than there is room for */
    nr_buffer_free(&job);
}

static void records_are_checked(void **state)
{
    (void)state;
    struct {
        nr_wire_record head;
        nr_wire_mark mark;
    } bytes = {{NR_RECORD_MARK, sizeof(nr_wire_mark)}, {7, 99}};
    nr_wire_record record;
    nr_view payload, all = {(const char *)&bytes, sizeof bytes};
    for (size_t n = 0; n < sizeof bytes; n++)
        assert_int_equal(nr_wire_take_record((nr_view){all.p, n}, &record, &payload), 0);
    assert_int_equal(nr_wire_take_record(all, &record, &payload), sizeof bytes);
    assert_int_equal(payload.n, sizeof bytes.mark);
    const nr_wire_record wrong[] = {{0, 0}, {99, 0}, {NR_RECORD_PCM, 3}, {NR_RECORD_PCM, NR_WIRE_RECORD_MAX + 2}, {NR_RECORD_MARK, 4}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(nr_wire_take_record((nr_view){(const char *)&wrong[i], sizeof wrong[i]}, &record, &payload), -1);
}

static int tear_down(void **state)
{
    (void)state;
    nr_voice_espeak.close(espeak);
    return munmap(heard, sizeof *heard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_keeps_the_contract),
        cmocka_unit_test(espeak_keeps_the_contract),
        cmocka_unit_test(pauses_are_left_to_the_narrator),
        cmocka_unit_test(letters_are_named_in_runs_of_any_length),
        cmocka_unit_test(a_first_letter_is_no_article),
        cmocka_unit_test(words_are_never_phonemes_or_markup),
        cmocka_unit_test(every_voice_is_listed_with_its_language),
        cmocka_unit_test(a_voice_that_is_not_there_is_named_with_its_neighbours),
        cmocka_unit_test(speech_survives_the_wire),
        cmocka_unit_test(records_are_checked),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
