/* Live sound, by PortAudio's blocking writes: they put no silence in front and set the pace by themselves. */
#include "sink/sink.h"

#include "base/error.h"

#if NR_HAVE_SPEAKER

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <portaudio.h>

#include "base/library.h"
#include "sink/scan.h"

#define FUNCTIONS(X)                                                                                                   \
    X(Pa_AbortStream) X(Pa_CloseStream) X(Pa_GetDefaultOutputDevice) X(Pa_GetDeviceCount) X(Pa_GetDeviceInfo)          \
    X(Pa_GetErrorText) X(Pa_GetHostApiInfo) X(Pa_GetStreamInfo) X(Pa_GetStreamWriteAvailable) X(Pa_Initialize)         \
    X(Pa_IsStreamActive) X(Pa_IsStreamStopped) X(Pa_OpenStream) X(Pa_StartStream) X(Pa_StopStream)                     \
    X(Pa_Terminate) X(Pa_WriteStream)

NR_LIBRARY(FUNCTIONS, NR_LIBPORTAUDIO)

static void load(void) { lib.loaded = find_functions(); }

typedef struct speaker {
    char *device;
    PaStream *stream;
    signed long room; /* frames that fit into the device's buffer */
    double latency;   /* seconds beyond that buffer */
    int sample_rate;
    atomic_bool paused, dropped;
    bool fresh; /* nothing was written since the stream started */
    atomic_ullong delay, underruns;
    pthread_mutex_t lock;
    pthread_cond_t resumed;
} speaker;

/* Seconds that the device holds: enough not to run dry on a busy machine, and a pause is still heard at once. What devices
 * themselves propose ranges from a few milliseconds to half a second. */
#define LATENCY 0.1

#define NO_DEVICE "there is no sound device here; write a file instead: narrate ARTICLE -o talk.wav"

/* ---------------------------------------------------------------- PortAudio and its noise */

static void hush(const char *file, int line, const char *function, int code, const char *format, ...)
{
    (void)file, (void)line, (void)function, (void)code, (void)format;
}

static void hush_jack(const char *message) { (void)message; }

/* A function of a library that is loaded already; NULL when it is not. */
static void *find_loaded(const char *library, const char *function)
{
    void *handle = dlopen(library, RTLD_NOW | RTLD_NOLOAD);
    return handle ? dlsym(handle, function) : NULL;
}

/* ALSA and JACK print what they try; they offer to be told not to, for the whole process but for themselves only. */
static void silence_libraries(void)
{
    void (*alsa)(void (*)(const char *, int, const char *, int, const char *, ...));
    void (*jack)(void (*)(const char *));
    *(void **)&alsa = find_loaded(NR_LIBASOUND, "snd_lib_error_set_handler");
    if (alsa)
        alsa(hush);
    *(void **)&jack = find_loaded(NR_LIBJACK, "jack_set_error_function");
    if (jack)
        jack(hush_jack);
    *(void **)&jack = find_loaded(NR_LIBJACK, "jack_set_info_function");
    if (jack)
        jack(hush_jack);
}

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#else
static void __lsan_disable(void) {}
static void __lsan_enable(void) {}
#endif

/* While PortAudio looks for devices, plug-ins of ALSA are loaded that leak and are unloaded again: no fault of ours. */
static PaError look_for_devices(bool all)
{
    __lsan_disable();
    bool shortened = !all && scan_shorten();
    PaError e = lib.Pa_Initialize();
    if (shortened)
        scan_restore();
    if (shortened && !e && lib.Pa_GetDefaultOutputDevice() == paNoDevice) {
        lib.Pa_Terminate();
        e = lib.Pa_Initialize();
    }
    __lsan_enable();
    return e;
}

/* all: not just the default device. */
static nr_status start_portaudio(bool all, nr_error *err)
{
    pthread_once(&once, load);
    if (!lib.loaded)
        return nr_fail(err, NR_EDEVICE, 0, "cannot start the sound system: there is no PortAudio (" NR_LIBPORTAUDIO "); install the package libportaudio2");
    silence_libraries();
    PaError e = look_for_devices(all);
    return e ? nr_fail(err, NR_EDEVICE, 0, "cannot start the sound system: %s", lib.Pa_GetErrorText(e)) : NR_OK;
}

/* ---------------------------------------------------------------- devices */

static bool plays(const PaDeviceInfo *info) { return info && info->maxOutputChannels > 0; }

static nr_status fail_device(const char *wanted, nr_error *err)
{
    char names[200] = "";
    for (PaDeviceIndex i = 0; i < lib.Pa_GetDeviceCount(); i++) {
        const PaDeviceInfo *info = lib.Pa_GetDeviceInfo(i);
        size_t n = strlen(names);
        if (plays(info) && n + strlen(info->name) + 3 < sizeof names) {
            strcat(names, n ? ", " : "");
            strcat(names, info->name);
        }
    }
    if (!*names)
        return nr_fail(err, NR_EDEVICE, 0, "there is no sound device '%s', nor any other here; write a file instead: narrate ARTICLE -o talk.wav", wanted);
    return nr_fail(err, NR_EDEVICE, 0, "there is no sound device '%s'; there are: %s", wanted, names);
}

static nr_status find_device(const char *wanted, PaDeviceIndex *out, nr_error *err)
{
    *out = lib.Pa_GetDefaultOutputDevice();
    if (!wanted)
        return *out == paNoDevice ? nr_fail(err, NR_EDEVICE, 0, NO_DEVICE) : NR_OK;
    PaDeviceIndex part = paNoDevice;
    for (PaDeviceIndex i = 0; i < lib.Pa_GetDeviceCount(); i++) {
        const PaDeviceInfo *info = lib.Pa_GetDeviceInfo(i);
        if (!plays(info))
            continue;
        if (strcmp(info->name, wanted) == 0) {
            *out = i;
            return NR_OK;
        }
        if (part == paNoDevice && strcasestr(info->name, wanted))
            part = i;
    }
    *out = part;
    return part == paNoDevice ? fail_device(wanted, err) : NR_OK;
}

nr_status nr_devices(nr_device **out, size_t *count, nr_error *err)
{
    nr_status s = start_portaudio(true, err);
    if (s)
        return s;
    PaDeviceIndex n = lib.Pa_GetDeviceCount(), usual = lib.Pa_GetDefaultOutputDevice();
    nr_device *devices = calloc(n > 0 ? (size_t)n : 1, sizeof *devices);
    *count = 0;
    for (PaDeviceIndex i = 0; devices && i < n; i++) {
        const PaDeviceInfo *info = lib.Pa_GetDeviceInfo(i);
        if (!plays(info))
            continue;
        nr_device *d = &devices[(*count)++];
        strncat(d->name, info->name, sizeof d->name - 1);
        strncat(d->api, lib.Pa_GetHostApiInfo(info->hostApi)->name, sizeof d->api - 1);
        d->channels = info->maxOutputChannels;
        d->sample_rate = info->defaultSampleRate;
        d->is_default = i == usual;
    }
    lib.Pa_Terminate();
    *out = devices;
    return devices ? NR_OK : nr_fail_memory(err);
}

/* ---------------------------------------------------------------- the driver */

static nr_status open_stream(speaker *s, PaDeviceIndex device, int sample_rate, nr_error *err)
{
    const PaDeviceInfo *info = lib.Pa_GetDeviceInfo(device);
    PaStreamParameters how = {.device = device,
                              .channelCount = 1,
                              .sampleFormat = paInt16,
                              .suggestedLatency = LATENCY};
    PaError e = lib.Pa_OpenStream(&s->stream, NULL, &how, sample_rate, paFramesPerBufferUnspecified, paClipOff, NULL, NULL);
    if (!e)
        e = lib.Pa_StartStream(s->stream);
    if (e)
        return nr_fail(err, NR_EDEVICE, 0, "cannot play on '%s': %s; 'narrate devices' lists others", info->name, lib.Pa_GetErrorText(e));
    s->room = lib.Pa_GetStreamWriteAvailable(s->stream);
    const PaStreamInfo *stream = lib.Pa_GetStreamInfo(s->stream);
    double buffered = s->room > 0 ? (double)s->room / sample_rate : 0;
    s->latency = stream && stream->outputLatency > buffered ? stream->outputLatency - buffered : 0;
    s->sample_rate = sample_rate;
    return NR_OK;
}

/* A stream that plays or was stopped goes on at once: opening a device takes far longer. */
static bool restart(speaker *s, int sample_rate)
{
    if (!s->stream || s->sample_rate != sample_rate)
        return false;
    return lib.Pa_IsStreamStopped(s->stream) == 1 ? lib.Pa_StartStream(s->stream) == paNoError : lib.Pa_IsStreamActive(s->stream) == 1;
}

static nr_status speaker_open(void *self, int sample_rate, nr_error *err)
{
    speaker *s = self;
    s->fresh = true;
    if (atomic_exchange(&s->dropped, false) && s->stream)
        lib.Pa_AbortStream(s->stream);
    if (restart(s, sample_rate))
        return NR_OK;
    if (s->stream)
        lib.Pa_CloseStream(s->stream);
    s->stream = NULL;
    PaDeviceIndex device;
    nr_status status = find_device(s->device, &device, err);
    return status ? status : open_stream(s, device, sample_rate, err);
}

/* True when there is something to go on for. */
static bool wait_while_paused(speaker *s)
{
    pthread_mutex_lock(&s->lock);
    while (atomic_load(&s->paused) && !atomic_load(&s->dropped))
        pthread_cond_wait(&s->resumed, &s->lock);
    pthread_mutex_unlock(&s->lock);
    return !atomic_load(&s->dropped);
}

static nr_status speaker_write(void *self, const int16_t *samples, size_t frames, nr_error *err)
{
    speaker *s = self;
    size_t slice = (size_t)s->sample_rate / 50; /* so that a pause acts at once */
    while (frames && wait_while_paused(s)) {
        size_t n = frames < slice ? frames : slice;
        PaError e = lib.Pa_WriteStream(s->stream, samples, n);
        if (e && e != paOutputUnderflowed)
            return nr_fail(err, NR_EDEVICE, 0, "cannot go on playing: %s", lib.Pa_GetErrorText(e));
        if (e && !s->fresh)
            atomic_fetch_add(&s->underruns, 1);
        s->fresh = false;
        signed long room = lib.Pa_GetStreamWriteAvailable(s->stream);
        double waiting = (room >= 0 && s->room > room ? (double)(s->room - room) : 0) + s->latency * s->sample_rate;
        atomic_store(&s->delay, (unsigned long long)waiting);
        samples += n;
        frames -= n;
    }
    return NR_OK;
}

/* Pa_StopStream() says that it plays what is waiting, but on ALSA it drops it. */
static void play_out(const speaker *s)
{
    const long step = 5, most = 1000 * s->room / s->sample_rate + 50; /* milliseconds */
    for (long waited = 0; waited < most && !atomic_load(&s->dropped); waited += step) {
        signed long room = lib.Pa_GetStreamWriteAvailable(s->stream);
        if (room < 0 || room >= s->room)
            break;
        nanosleep(&(struct timespec){0, step * 1000000}, NULL);
    }
}

static nr_status speaker_finish(void *self, nr_error *err)
{
    speaker *s = self;
    play_out(s);
    PaError e = lib.Pa_StopStream(s->stream);
    atomic_store(&s->delay, 0);
    if (e && e != paOutputUnderflowed)
        return nr_fail(err, NR_EDEVICE, 0, "cannot play to the end: %s", lib.Pa_GetErrorText(e));
    return NR_OK;
}

static void speaker_pause(void *self, bool paused)
{
    speaker *s = self;
    pthread_mutex_lock(&s->lock);
    atomic_store(&s->paused, paused);
    pthread_cond_broadcast(&s->resumed);
    pthread_mutex_unlock(&s->lock);
}

/* Writes return at once until the next open; what waits in the device is dropped there. */
static void speaker_reset(void *self)
{
    speaker *s = self;
    pthread_mutex_lock(&s->lock);
    atomic_store(&s->dropped, true);
    pthread_cond_broadcast(&s->resumed);
    pthread_mutex_unlock(&s->lock);
}

static uint64_t speaker_delay(void *self) { return atomic_load(&((speaker *)self)->delay); }

static uint64_t speaker_underruns(void *self) { return atomic_load(&((speaker *)self)->underruns); }

static void speaker_close(void *self)
{
    speaker *s = self;
    if (s->stream)
        lib.Pa_AbortStream(s->stream);
    if (s->stream)
        lib.Pa_CloseStream(s->stream);
    lib.Pa_Terminate();
    pthread_cond_destroy(&s->resumed);
    pthread_mutex_destroy(&s->lock);
    free(s->device);
    free(s);
}

static const nr_sink_driver driver = {
    .name = "speaker",
    .open = speaker_open,
    .write = speaker_write,
    .finish = speaker_finish,
    .close = speaker_close,
    .pause = speaker_pause,
    .reset = speaker_reset,
    .delay = speaker_delay,
    .underruns = speaker_underruns,
};

nr_status nr_sink_speaker(nr_sink **out, const char *device, nr_error *err)
{
    PaDeviceIndex found;
    nr_status status = start_portaudio(device != NULL, err);
    if (status)
        return status;
    status = find_device(device, &found, err);
    speaker *s = status ? NULL : calloc(1, sizeof *s);
    if (!status && !s)
        status = nr_fail_memory(err);
    if (status) {
        lib.Pa_Terminate();
        return status;
    }
    s->device = device ? strdup(device) : NULL;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->resumed, NULL);
    return nr_sink_wrap(out, &driver, s, err);
}

#else

nr_status nr_sink_speaker(nr_sink **out, const char *device, nr_error *err)
{
    (void)out;
    return nr_fail(err, NR_EDEVICE, 0, "cannot play on %s: this narrate was built without live sound; write a file instead: narrate "
                   "ARTICLE -o talk.wav", device ? device : "the default sound device");
}

nr_status nr_devices(nr_device **out, size_t *count, nr_error *err)
{
    (void)err;
    *out = NULL;
    *count = 0;
    return NR_OK;
}

#endif
