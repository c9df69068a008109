/* The voice of eSpeak NG. All of its state is global, which is why this is the one file with variables of its own and
 * why it only runs in the processes of a voice server. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/utf8.h"
#include "voice/voice.h"

enum {
    BUFFER_MS = 200,
    NORMAL_WPM = 175,
    SLOWEST = 80, /* eSpeak NG's own lower end; below it only gets stranger */
    FASTEST = 900,
    NORMAL_PITCH = 50,
    MAX_TEXT = 1 << 16,
    LETTER_RUN = 16, /* dotted letters in one go: eSpeak NG 1.51 aborts on 85 */
    SILENCE = 24,    /* samples up to this are silence: its pauses are not quite zero */
    KEEP_MS = 8      /* of the silence at either end */
};

typedef struct espeak_voice {
    double wpm, pitch, volume;
    int sample_rate;
    char main[200], quote[200]; /* names for espeak_ng_SetVoiceByName(); quote is "" for none */
    char set[200];              /* the one that is set */
} espeak_voice;

/* What the callback of eSpeak NG needs to know of the utterance in hand. */
static struct utterance {
    const nr_emitter *emit;
    uint32_t *word_starts; /* code points of the text given to eSpeak NG */
    size_t words, next_word;
    uint64_t taken;        /* frames that came from eSpeak NG */
    uint64_t skipped;      /* of them, silence cut from the start */
    bool sounding;         /* past the silence at the start */
    nr_buffer held;        /* silence that may be the end */
    size_t keep;
    int silence;
    nr_status status;
} now;

/* ---------------------------------------------------------------- voices by name */

/* Calls fn for each (language tag, priority) of a voice until it returns true. */
static bool each_language(const espeak_VOICE *v, bool (*fn)(const char *tag, int priority, void *ctx), void *ctx)
{
    for (const char *p = v->languages; p && *p; p += 1 + strlen(p + 1) + 1)
        if (fn(p + 1, *p, ctx))
            return true;
    return false;
}

typedef struct wanted {
    const char *tag;
    int best;
    bool hit;
} wanted;

static bool match_tag(const char *tag, int priority, void *ctx)
{
    wanted *w = ctx;
    if (strcasecmp(tag, w->tag) == 0 && priority < w->best) {
        w->best = priority;
        w->hit = true;
    }
    return false;
}

static const char *last_part(const char *identifier)
{
    const char *slash = strrchr(identifier, '/');
    return slash ? slash + 1 : identifier;
}

/* The voice of a list that is best for a tag, or called by it; NULL when there is none. The list lives until eSpeak NG
 * is asked for another. */
static const espeak_VOICE *find_in(const espeak_VOICE **all, const char *name)
{
    const espeak_VOICE *found = NULL;
    wanted w = {name, 1000, false};
    for (size_t i = 0; all[i]; i++) {
        w.hit = false;
        each_language(all[i], match_tag, &w);
        if (w.hit)
            found = all[i];
    }
    for (size_t i = 0; all[i] && !found; i++)
        if (strcasecmp(all[i]->identifier, name) == 0 || strcasecmp(last_part(all[i]->identifier), name) == 0 ||
            strcasecmp(all[i]->name, name) == 0)
            found = all[i];
    return found;
}

/* A folder's entry of that name, whatever its case. */
static bool find_entry(const char *folder, const char *name, char *found, size_t size)
{
    DIR *d = opendir(folder);
    bool hit = false;
    for (struct dirent *e; d && !hit && (e = readdir(d));)
        if ((hit = strcasecmp(e->d_name, name) == 0))
            snprintf(found, size, "%.63s", e->d_name);
    if (d)
        closedir(d);
    return hit;
}

/* The voice whose file is called like the tag, "gmw/en-US", which saves the list of voices: for that, eSpeak NG opens
 * every one of its hundreds of files. British English is in the file of all English. */
static bool find_file(const char *tag, char *identifier, size_t size)
{
    const char *data = NULL, *name = strcasecmp(tag, "en-GB") == 0 ? "en" : tag;
    char folder[400], entry[64];
    espeak_Info(&data);
    if (!data || !*name || strpbrk(name, "/.!"))
        return false;
    snprintf(folder, sizeof folder, "%s/lang", data);
    DIR *d = opendir(folder);
    bool hit = false;
    for (struct dirent *e; d && !hit && (e = readdir(d));) {
        snprintf(folder, sizeof folder, "%s/lang/%.80s", data, e->d_name);
        hit = e->d_name[0] != '.' && find_entry(folder, name, entry, sizeof entry);
        if (hit)
            snprintf(identifier, size, "%.63s/%.63s", e->d_name, entry);
    }
    if (d)
        closedir(d);
    return hit;
}

/* What eSpeak NG calls the voice that is best for a tag, or called by it; false when there is none. */
static bool identify(const char *name, char *identifier, size_t size)
{
    if (find_file(name, identifier, size))
        return true;
    const espeak_VOICE *v = find_in(espeak_ListVoices(NULL), name);
    if (v)
        snprintf(identifier, size, "%s", v->identifier);
    return v != NULL;
}

/* The same for a language: en-AU takes en when there is no en-AU. */
static bool identify_language(const char *tag, char *identifier, size_t size)
{
    char shorter[64];
    snprintf(shorter, sizeof shorter, "%s", tag);
    while (!identify(shorter, identifier, size)) {
        char *dash = strrchr(shorter, '-');
        if (!dash)
            return false;
        *dash = '\0';
    }
    return true;
}

/* Levenshtein's distance, cut off at 64 characters. */
static size_t distance(const char *a, const char *b)
{
    size_t row[65], m = strnlen(b, 64);
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] && i <= 64; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t change = diagonal + (tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]));
            size_t step = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < step ? change : step;
        }
    }
    return row[m];
}

static nr_status fail_no_voice(const char *name, nr_error *err)
{
    const espeak_VOICE **all = espeak_ListVoices(NULL);
    const char *near[3] = {0};
    size_t score[3] = {99, 99, 99};
    for (size_t i = 0; all[i]; i++) {
        const char *tag = all[i]->languages + 1;
        size_t d = distance(name, tag);
        for (int k = 0; k < 3; k++) {
            if (d >= score[k])
                continue;
            for (int j = 2; j > k; j--)
                score[j] = score[j - 1], near[j] = near[j - 1];
            score[k] = d;
            near[k] = tag;
            break;
        }
    }
    return nr_fail(err, NR_EVOICE, 0, "eSpeak NG has no voice '%s'; near it are %s, %s and %s; see 'narrate voices'", name,
                   near[0] ? near[0] : "none", near[1] ? near[1] : "none", near[2] ? near[2] : "none");
}

/* Sets a voice; identifier, of 200 bytes, is what it is called then. */
static nr_status choose_voice(const char *name, const char *language, char *identifier, nr_error *err)
{
    char base[64];
    snprintf(base, sizeof base, "%s", name ? name : "");
    char *variant = strchr(base, '+'); /* "en+f3" */
    char suffix[64] = "";
    if (variant) {
        snprintf(suffix, sizeof suffix, "%s", variant);
        *variant = '\0';
    }
    char file[130];
    if (!(name ? identify(base, file, sizeof file)
               : identify_language(language ? language : "en", file, sizeof file) || identify("en", file, sizeof file)))
        return fail_no_voice(name ? name : "en", err); /* what nobody speaks is read in English */
    snprintf(identifier, 200, "%s%s", file, suffix);
    if (espeak_ng_SetVoiceByName(identifier) != ENS_OK)
        return fail_no_voice(name ? name : identifier, err);
    return NR_OK;
}

/* ---------------------------------------------------------------- opening */

/* eSpeak NG opens a sound device even where it only gives its sound back: a connection to PulseAudio, a thread, the
 * configuration of ALSA. This stands in for the function of pcaudiolib that does so; without a device, all others do
 * nothing. */
struct audio_object;
__attribute__((visibility("default"))) struct audio_object *create_audio_device_object(const char *device, const char *name,
                                                                                       const char *about);
struct audio_object *create_audio_device_object(const char *device, const char *name, const char *about)
{
    (void)device, (void)name, (void)about;
    return NULL;
}

static nr_status start_espeak(nr_error *err)
{
    espeak_ng_ERROR_CONTEXT context = NULL;
    espeak_ng_InitializePath(NULL);
    espeak_ng_STATUS s = espeak_ng_Initialize(&context);
    if (s == ENS_OK)
        s = espeak_ng_InitializeOutput(ENOUTPUT_MODE_SYNCHRONOUS, BUFFER_MS, NULL);
    if (s == ENS_OK && espeak_ng_GetSampleRate() > 0)
        return NR_OK;
    char why[200];
    espeak_ng_GetStatusCodeMessage(s, why, sizeof why);
    espeak_ng_ClearErrorContext(&context);
    return nr_fail(err, NR_EVOICE, 0,
                   "cannot start eSpeak NG: %s; its data may be missing: install the package espeak-ng-data, or correct "
                   "ESPEAK_DATA_PATH", why);
}

static int take_sound(short *samples, int count, espeak_EVENT *events);

static nr_status espeak_open(void **self, const nr_voice_params *params, int *sample_rate, nr_error *err)
{
    nr_status s = start_espeak(err);
    espeak_voice *v = calloc(1, sizeof *v);
    if (!v)
        return nr_fail_memory(err);
    if (!s && params->quote_voice)
        s = choose_voice(params->quote_voice, NULL, v->quote, err);
    if (!s)
        s = choose_voice(params->voice, params->language, v->main, err);
    memcpy(v->set, v->main, sizeof v->set);
    if (s) {
        free(v);
        return s;
    }
    v->wpm = params->wpm > 0 ? params->wpm : NORMAL_WPM;
    v->pitch = params->pitch;
    v->volume = params->volume;
    *sample_rate = v->sample_rate = espeak_ng_GetSampleRate();
    espeak_SetSynthCallback(take_sound);
    *self = v;
    return NR_OK;
}

/* The first of its tags is what it is listed by. */
static const char *espeak_called(void *self)
{
    const espeak_VOICE *v = espeak_GetCurrentVoice();
    (void)self;
    return v && v->languages && v->languages[0] ? v->languages + 1 : "";
}

static void espeak_close(void *self) { free(self); }

static nr_status espeak_list(void (*add)(void *ctx, const nr_voice_info *info), void *ctx, nr_error *err)
{
    nr_status s = start_espeak(err);
    if (s)
        return s;
    const espeak_VOICE **all = espeak_ListVoices(NULL);
    for (size_t i = 0; all[i]; i++) {
        const char *tag = all[i]->languages + 1;
        nr_voice_info info = {.driver = "espeak",
                              .gender = all[i]->gender == 1 ? 'm' : all[i]->gender == 2 ? 'f' : '?'};
        snprintf(info.name, sizeof info.name, "espeak:%s", find_in(all, tag) == all[i] ? tag : last_part(all[i]->identifier));
        snprintf(info.language, sizeof info.language, "%s", tag);
        snprintf(info.label, sizeof info.label, "%s", all[i]->name);
        add(ctx, &info);
    }
    return NR_OK;
}

/* ---------------------------------------------------------------- what eSpeak NG is given to read */

typedef struct writing {
    nr_buffer text;
    uint32_t *word_starts;
    size_t codes; /* code points written */
} writing;

static void write_text(writing *w, nr_view v)
{
    nr_buffer_put_view(&w->text, v);
    w->codes += nr_utf8_count(v.p, v.n);
}

/* eSpeak NG takes "of a", "at a" and a few more for one word, whose A is the article, even in "of A.I". */
static bool joins_article(nr_view word)
{
    static const char *const joiners[] = {"at", "for", "not", "of", "than", "that", "was"};
    for (size_t i = 0; i < sizeof joiners / sizeof *joiners; i++)
        if (nr_view_eq_nocase(word, nr_view_of(joiners[i])))
            return true;
    return false;
}

/* Letters dotted, without a stop after the last one, which would end a clause before a capital: "B.B.C", "M.P.'s". A lone
 * A would be the article, and so would the first of several behind some words: "eigh", "of eigh-I". */
static void write_letters(writing *w, nr_view before, nr_view word)
{
    size_t suffix = word.n;
    int run = 0;
    if (suffix > 1 && word.p[suffix - 1] == 's')
        suffix--;
    if (suffix > 1 && suffix < word.n && word.p[suffix - 1] == '\'')
        suffix--;
    bool article = (word.p[0] | 32) == 'a' && (suffix == 1 || joins_article(before));
    for (size_t i = 0; i < suffix; run++) {
        int length;
        bool eigh = article && (i == 0 || (suffix == 2 && (word.p[1] | 32) == 'a'));
        nr_utf8_decode(word.p + i, word.p + suffix, &length);
        if (i)
            write_text(w, run % LETTER_RUN == 0 ? NR_LIT(" ") : article && i == 1 ? NR_LIT("-") : NR_LIT("."));
        write_text(w, eigh ? NR_LIT("eigh") : (nr_view){word.p + i, (size_t)length});
        i += (size_t)length;
    }
    if (suffix < word.n)
        write_text(w, suffix > (article ? 2u : 1u) ? NR_LIT(".'s") : NR_LIT("'s"));
}

/* What stands between words: only what shapes the melody. Anything else becomes a space. */
static void write_between(writing *w, nr_view v)
{
    char mark = ' ';
    for (size_t i = 0; i < v.n; i++)
        if (strchr(",.?!;:", v.p[i]) && v.p[i])
            mark = v.p[i];
    if (mark != ' ')
        write_text(w, (nr_view){&mark, 1});
    write_text(w, NR_LIT(" "));
}

/* Words that eSpeak NG could take for more than words lose what makes them so. */
static void write_word(writing *w, nr_view word)
{
    size_t dots = 0;
    for (size_t i = 0; i < word.n; i++)
        dots += word.p[i] == '.';
    for (size_t i = 0; i < word.n; i++) {
        bool drop = (unsigned char)word.p[i] < 0x20 || (strchr("<>[]{}|\\^_`\"", word.p[i]) && word.p[i]);
        bool gap = dots > LETTER_RUN && word.p[i] == '.';
        write_text(w, drop || gap ? NR_LIT(" ") : (nr_view){word.p + i, 1});
    }
}

/* eSpeak NG's own command for a stress, which no text can hold: control characters are in no word. */
static void write_emphasis(writing *w, bool on) { write_text(w, on ? NR_LIT("\0013F") : NR_LIT("\0010F")); }

static nr_status write_speech(writing *w, const nr_speech *speech)
{
    uint32_t at = 0;
    bool stressed = false;
    nr_view before = {NULL, 0};
    for (size_t i = 0; i < speech->word_count; i++) {
        const nr_spoken_word *word = &speech->words[i];
        nr_view v = nr_view_sub(speech->say.p, word->start, word->end);
        if (i)
            write_between(w, nr_view_sub(speech->say.p, at, word->start));
        w->word_starts[i] = (uint32_t)w->codes;
        if (stressed != ((word->flags & NR_WORD_EMPHASIS) != 0))
            write_emphasis(w, stressed = !stressed);
        if (word->flags & NR_WORD_LETTERS)
            write_letters(w, before, v);
        else
            write_word(w, v);
        before = v;
        at = word->end;
    }
    write_between(w, nr_view_sub(speech->say.p, at, speech->say.n));
    if (stressed)
        write_emphasis(w, false);
    return w->text.failed;
}

/* ---------------------------------------------------------------- what comes back */

static bool emit_pcm(const int16_t *samples, size_t count)
{
    if (count && !now.status)
        now.status = now.emit->pcm(now.emit->ctx, samples, count);
    return !now.status;
}

/* Word events are snapped to our words: an event belongs to the last word that begins at or before it, and each word
 * begins once. */
static void take_word(const espeak_EVENT *e)
{
    if (e->text_position < 1 || now.status)
        return;
    uint32_t code = (uint32_t)e->text_position - 1;
    size_t word = now.next_word;
    while (word < now.words && (word + 1 == now.words || now.word_starts[word + 1] <= code))
        word++;
    if (word > now.next_word && word == now.words)
        word--;
    if (word >= now.words || now.word_starts[word] > code)
        return;
    uint64_t frame = (uint64_t)e->sample;
    now.status = now.emit->mark(now.emit->ctx, (uint32_t)word, frame > now.skipped ? frame - now.skipped : 0);
    now.next_word = word + 1;
}

static bool silent(int16_t sample) { return sample <= now.silence && sample >= -now.silence; }

/* Drops the silence at the start, but for its last milliseconds. */
static void take_start(const int16_t **samples, size_t *count)
{
    size_t n = 0;
    while (n < *count && silent((*samples)[n]))
        n++;
    now.sounding = n < *count;
    nr_buffer_put(&now.held, *samples, n * sizeof **samples);
    *samples += n;
    *count -= n;
    size_t held = now.held.n / sizeof **samples;
    if (held > now.keep) {
        size_t drop = held - now.keep;
        memmove(now.held.p, now.held.p + drop * sizeof **samples, now.keep * sizeof **samples);
        nr_buffer_truncate(&now.held, now.keep * sizeof **samples);
        now.skipped += drop;
    }
}

static void take_samples(const int16_t *samples, size_t count)
{
    if (!now.sounding)
        take_start(&samples, &count);
    if (!now.sounding || !count)
        return;
    size_t end = count;
    while (end > 0 && silent(samples[end - 1]))
        end--;
    if (end > 0) {
        emit_pcm((const int16_t *)(const void *)now.held.p, now.held.n / sizeof *samples);
        nr_buffer_truncate(&now.held, 0);
        emit_pcm(samples, end);
    }
    nr_buffer_put(&now.held, samples + end, (count - end) * sizeof *samples);
}

/* Events come before their samples, and may stand anywhere in the block. A word's frame is known only when the silence
 * at the start has been seen, so the samples go first; the reader of marks does not mind. */
static int take_sound(short *samples, int count, espeak_EVENT *events)
{
    if (samples && count > 0) {
        take_samples(samples, (size_t)count);
        now.taken += (uint64_t)count;
    }
    for (; events->type != espeakEVENT_LIST_TERMINATED; events++)
        if (events->type == espeakEVENT_WORD)
            take_word(events);
    return now.status != NR_OK;
}

/* The quotations' voice, a language's where there is one for it, or the first voice. */
static void set_voice(espeak_voice *v, const nr_speech *speech)
{
    char name[200];
    if (!*speech->lang || !identify_language(speech->lang, name, sizeof name))
        snprintf(name, sizeof name, "%s", *v->quote && (speech->flags & NR_UTT_QUOTED) ? v->quote : v->main);
    if (strcmp(name, v->set) != 0 && espeak_ng_SetVoiceByName(name) == ENS_OK)
        memcpy(v->set, name, sizeof name);
}

static void set_prosody(espeak_voice *v, const nr_speech *speech)
{
    set_voice(v, speech);
    double wpm = v->wpm * speech->rate / 100;
    wpm = wpm < SLOWEST ? SLOWEST : wpm > FASTEST ? FASTEST : wpm;
    double pitch = NORMAL_PITCH + (v->pitch + speech->pitch) / 2;
    pitch = pitch < 0 ? 0 : pitch > 99 ? 99 : pitch;
    espeak_ng_SetParameter(espeakRATE, (int)(wpm + 0.5), 0);
    espeak_ng_SetParameter(espeakPITCH, (int)pitch, 0);
    espeak_ng_SetParameter(espeakVOLUME, (int)v->volume, 0);
}

static nr_status finish_sound(void)
{
    size_t held = now.held.n / sizeof(int16_t);
    emit_pcm((const int16_t *)(const void *)now.held.p, held < now.keep ? held : now.keep);
    return now.status ? now.status : now.held.failed;
}

static nr_status espeak_speak(void *self, const nr_speech *speech, const nr_emitter *emit, nr_error *err)
{
    espeak_voice *v = self;
    writing w = {.text = NR_BUFFER_INIT(MAX_TEXT),
                 .word_starts = malloc((speech->word_count + 1) * sizeof *w.word_starts)};
    nr_status s = w.word_starts ? write_speech(&w, speech) : NR_ENOMEM;
    if (s) {
        nr_fail(err, s, 0, "cannot hand the words to eSpeak NG: %s", s == NR_ELIMIT ? "there are too many" : "out of memory");
        goto out;
    }
    now = (struct utterance){.emit = emit,
                             .word_starts = w.word_starts,
                             .words = speech->word_count,
                             .held = NR_BUFFER_INIT(1 << 26),
                             .keep = (size_t)v->sample_rate * KEEP_MS / 1000,
                             .silence = v->volume < 1 ? -1 : (int)(SILENCE * v->volume / 100)};
    set_prosody(v, speech);
    espeak_ng_STATUS code =
        espeak_ng_Synthesize(w.text.p, w.text.n + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, NULL);
    s = finish_sound();
    if (!s && code != ENS_OK)
        s = nr_fail(err, NR_EVOICE, 0, "eSpeak NG failed with code %x", (unsigned)code);
    nr_buffer_free(&now.held);
out:
    free(w.word_starts);
    nr_buffer_free(&w.text);
    return s;
}

const nr_voice_driver nr_voice_espeak = {
    .name = "espeak",
    .about = "eSpeak NG",
    .open = espeak_open,
    .speak = espeak_speak,
    .close = espeak_close,
    .list = espeak_list,
    .called = espeak_called,
};
