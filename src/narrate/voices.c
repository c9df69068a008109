#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "narrate/server.h"

enum { MAX_LIST = 1 << 20 };

/* Copies the text up to the next tab, or the line's end, and moves past it. */
static void take_field(const char **p, const char *end, char *out, size_t size)
{
    const char *tab = memchr(*p, '\t', (size_t)(end - *p));
    size_t n = (size_t)((tab ? tab : end) - *p);
    snprintf(out, size, "%.*s", (int)(n < size ? n : size - 1), *p);
    *p += n + (tab != NULL);
}

static nr_status take_line(nr_voice_info *v, const char *p, const char *end, nr_error *err)
{
    char gender[2];
    if (*p == '!') /* a driver's failure: "!\tmessage" */
        return nr_fail(err, NR_EVOICE, 0, "%.*s", (int)(end - p > 2 ? end - p - 2 : 0), p + 2);
    take_field(&p, end, v->name, sizeof v->name);
    take_field(&p, end, v->driver, sizeof v->driver);
    take_field(&p, end, v->language, sizeof v->language);
    take_field(&p, end, gender, sizeof gender);
    take_field(&p, end, v->label, sizeof v->label);
    v->gender = gender[0] ? gender[0] : '?';
    return NR_OK;
}

nr_status nr_voices(nr_voice_info **out, size_t *count, nr_error *err)
{
    nr_buffer list = NR_BUFFER_INIT(MAX_LIST);
    nr_voice_info *voices = NULL;
    size_t lines = 0, n = 0;
    nr_status s = nr_server_list(&list, err);
    for (size_t i = 0; i < list.n; i++)
        lines += list.p[i] == '\n';
    if (!s && !(voices = calloc(lines + 1, sizeof *voices)))
        s = nr_fail_memory(err);
    for (const char *p = list.p, *end = list.p + list.n; !s && p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        if (!nl)
            break;
        s = take_line(&voices[n++], p, nl, err);
        p = nl + 1;
    }
    nr_buffer_free(&list);
    if (s) {
        free(voices);
        return s;
    }
    *out = voices;
    *count = n;
    return NR_OK;
}

void nr_free(void *p) { free(p); }
