#include "player/save.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct saver {
    pthread_t thread;
    nr_narrator *narrator;
    nr_script *script;
    nr_sink *sink;
    nr_voice_options voice;
    char voice_name[96], path[1024], message[600];
    atomic_bool done;
    bool failed, told;
};

static void *work(void *arg)
{
    saver *s = arg;
    nr_error err = {0};
    nr_status st = nr_narrate(s->narrator, s->script, s->sink, NULL, NULL, &err);
    s->failed = st != NR_OK;
    if (st)
        snprintf(s->message, sizeof s->message, "%s", err.msg);
    else
        snprintf(s->message, sizeof s->message, "wrote '%.500s'", s->path);
    atomic_store(&s->done, true);
    return NULL;
}

static void free_parts(saver *s)
{
    nr_sink_free(s->sink);
    nr_script_free(s->script);
    nr_narrator_free(s->narrator);
    free(s);
}

nr_status saver_begin(saver **out, const nr_document *doc, const nr_script_options *script, const nr_voice_options *voice,
                      const char *locale, uint32_t from, const char *path, nr_error *err)
{
    const nr_metadata *m = nr_document_metadata(doc);
    nr_file_options how = {.title = m->title, .author = m->author, .date = m->date_iso ? m->date_iso : m->date, .comment = m->url};
    saver *s = calloc(1, sizeof *s);
    if (!s) {
        *err = (nr_error){.status = NR_ENOMEM, .msg = "out of memory"};
        return NR_ENOMEM;
    }
    snprintf(s->path, sizeof s->path, "%s", path);
    s->voice = *voice;
    s->voice.jobs = 1; /* the listener comes first */
    nr_status st = nr_sink_file(&s->sink, path, &how, err);
    if (!st)
        st = nr_script_new(&s->script, doc, script, err);
    if (!st)
        st = nr_script_seek(s->script, from, err);
    if (!st)
        st = nr_narrator_new(&s->narrator, &s->voice, locale, err);
    if (!st && pthread_create(&s->thread, NULL, work, s)) {
        *err = (nr_error){.status = NR_ENOMEM, .msg = "cannot save: no thread is to be had"};
        st = NR_ENOMEM;
    }
    if (st) {
        free_parts(s);
        return st;
    }
    *out = s;
    return NR_OK;
}

const char *saver_done(saver *s, bool *failed)
{
    if (!s || s->told || !atomic_load(&s->done))
        return NULL;
    s->told = true;
    *failed = s->failed;
    return s->message;
}

void saver_end(saver *s)
{
    if (!s)
        return;
    if (!atomic_load(&s->done))
        nr_narrator_cancel(s->narrator);
    pthread_join(s->thread, NULL);
    free_parts(s);
}
