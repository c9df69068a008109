#include "cli/beside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static bool is_wanted(beside_kind kind, int option)
{
    bool transcript = kind == BESIDE_TEXT || kind == BESIDE_HTML;
    return kind != BESIDE_MARKS && transcript == (option == OPT_TRANSCRIPT);
}

static int kind_named(const char *name, size_t n, int option)
{
    for (int i = 0; i < BESIDE_KINDS; i++)
        if (is_wanted(i, option) && strlen(beside_ending(i)) == n && strncmp(beside_ending(i), name, n) == 0)
            return i;
    return -1;
}

static bool add(beside_options *b, const char *path, beside_kind kind)
{
    if (b->count == BESIDE_MAX)
        return false;
    b->files[b->count].path = path;
    b->files[b->count++].kind = kind;
    return true;
}

/* "vtt,srt": nothing but names of formats. */
static bool take_list(beside_options *b, int option, const char *arg)
{
    unsigned before = b->count;
    for (const char *at = arg;; at++) {
        size_t n = strcspn(at, ",");
        int kind = kind_named(at, n, option);
        if (kind < 0 || !add(b, NULL, (beside_kind)kind)) {
            b->count = before;
            return false;
        }
        at += n;
        if (!*at)
            return true;
    }
}

const char *beside_options_take(beside_options *b, int option, const char *arg)
{
    if (option == OPT_CAPTION_WORDS) {
        b->words = true;
        return NULL;
    }
    if (take_list(b, option, arg))
        return NULL;
    int kind = beside_kind_of(arg);
    if (kind >= 0 && is_wanted((beside_kind)kind, option) && add(b, arg, (beside_kind)kind))
        return NULL;
    return option == OPT_CAPTIONS ? "a file that ends in .vtt, .srt, .lrc or .ttml, or a list such as vtt,srt"
                                  : "a file that ends in .txt or .html, or one of these names";
}

/* talk.mp3 gives talk.vtt; by a copy that the caller frees. NULL: it has complained. */
static char *path_of(const beside_options *b, unsigned i, const char *sound)
{
    char *path = NULL;
    if (b->files[i].path) {
        path = strdup(b->files[i].path);
    } else if (strcmp(sound, "-") == 0) {
        complain("'%s' beside what? The sound goes to standard output; name a file", beside_ending(b->files[i].kind));
        return NULL;
    } else {
        const char *slash = strrchr(sound, '/'), *dot = strrchr(slash ? slash : sound, '.');
        size_t stem = dot && dot > (slash ? slash + 1 : sound) ? (size_t)(dot - sound) : strlen(sound);
        if (asprintf(&path, "%.*s.%s", (int)stem, sound, beside_ending(b->files[i].kind)) < 0)
            path = NULL;
    }
    if (!path)
        complain("out of memory");
    return path;
}

bool beside_ready(const beside_options *b, const char *sound, bool overwrite)
{
    for (unsigned i = 0; i < b->count; i++) {
        nr_error err;
        char *path = path_of(b, i, sound);
        bool good = path && beside_check(path, overwrite, &err) == NR_OK;
        if (path && !good)
            failed(&err);
        free(path);
        if (!good)
            return false;
    }
    return true;
}

static void on_warning(void *ctx, const char *message)
{
    (void)ctx;
    complain("%s", message);
}

bool beside_write(const beside_options *b, const timeline *t, const char *sound, bool overwrite, bool quiet, nr_output_set *with)
{
    caption_options how = {.words = b->words, .with = with, .warning = quiet ? NULL : on_warning};
    for (unsigned i = 0; i < b->count; i++) {
        nr_error err;
        char *path = path_of(b, i, sound);
        bool good = path && captions_write(t, b->files[i].kind, path, &how, overwrite, &err) == NR_OK;
        if (path && !good)
            failed(&err);
        if (good && b->files[i].kind < BESIDE_MARKS)
            how.warning = NULL; /* once for all captions */
        free(path);
        if (!good)
            return false;
    }
    return true;
}
