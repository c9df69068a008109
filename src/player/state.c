#include "player/state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

/* An XDG folder must be absolute, or it is ignored. */
static bool folder(char *out)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n = -1;
    if (state && *state == '/')
        n = snprintf(out, PATH_BYTES, "%s/narrate", state);
    else if (home && *home == '/')
        n = snprintf(out, PATH_BYTES, "%s/.local/state/narrate", home);
    return n > 0 && n < PATH_BYTES - 64;
}

static void make_folders(const char *path)
{
    char part[PATH_BYTES];
    snprintf(part, sizeof part, "%s", path);
    for (char *p = part + 1; *p; p++)
        if (*p == '/') {
            *p = '\0';
            mkdir(part, 0700);
            *p = '/';
        }
    mkdir(part, 0700);
}

static void copy(char *to, size_t size, const json_t *from)
{
    const char *s = json_string_value(from);
    snprintf(to, size, "%s", s ? s : "");
}

static bool read_place(const char *path, place *p)
{
    json_t *j = json_load_file(path, 0, NULL);
    if (!json_is_object(j)) {
        json_decref(j);
        return false;
    }
    copy(p->path, sizeof p->path, json_object_get(j, "path"));
    copy(p->title, sizeof p->title, json_object_get(j, "title"));
    copy(p->voice, sizeof p->voice, json_object_get(j, "voice"));
    p->at = (uint32_t)json_integer_value(json_object_get(j, "at"));
    p->length = (uint32_t)json_integer_value(json_object_get(j, "length"));
    p->speed = json_number_value(json_object_get(j, "speed"));
    p->finished = json_is_true(json_object_get(j, "finished"));
    p->updated = json_integer_value(json_object_get(j, "updated"));
    const json_t *marks = json_object_get(j, "bookmarks"), *mark;
    size_t i;
    json_array_foreach(marks, i, mark)
        if (p->bookmark_count < STATE_BOOKMARKS)
            p->bookmarks[p->bookmark_count++] = (uint32_t)json_integer_value(mark);
    json_decref(j);
    return true;
}

bool state_load(const char *key, place *out)
{
    char path[PATH_BYTES];
    *out = (place){.speed = 0};
    snprintf(out->key, sizeof out->key, "%s", key);
    if (!folder(path))
        return false;
    snprintf(path + strlen(path), 64, "/%s.json", key);
    return read_place(path, out);
}

/* A file's name need not be UTF-8, JSON must. */
static json_t *string(const char *s)
{
    json_t *j = json_string(s);
    return j ? j : json_string("");
}

static json_t *to_json(const place *p)
{
    json_t *marks = json_array();
    for (size_t i = 0; i < p->bookmark_count; i++)
        json_array_append_new(marks, json_integer(p->bookmarks[i]));
    return json_pack("{s:o, s:o, s:o, s:I, s:I, s:f, s:b, s:I, s:o}", "path", string(p->path), "title", string(p->title), "voice", string(p->voice),
                     "at", (json_int_t)p->at, "length", (json_int_t)p->length, "speed", p->speed, "finished", p->finished,
                     "updated", (json_int_t)p->updated, "bookmarks", marks);
}

static bool fail_save(nr_error *err, const char *path)
{
    *err = (nr_error){.status = NR_EIO, .sys = errno};
    snprintf(err->msg, sizeof err->msg, "cannot remember the place in '%.300s': %s", path, strerror(errno));
    return false;
}

/* Written beside, synced, renamed. */
static bool write_whole(const char *path, const char *text, nr_error *err)
{
    char beside[PATH_BYTES + 16];
    snprintf(beside, sizeof beside, "%s.%ld", path, (long)getpid());
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t n = strlen(text);
    bool good = fd >= 0 && write(fd, text, n) == (ssize_t)n && fdatasync(fd) == 0;
    if (fd >= 0 && close(fd))
        good = false;
    good = good && rename(beside, path) == 0;
    if (!good) {
        fail_save(err, path);
        unlink(beside);
    }
    return good;
}

bool state_save(const place *p, nr_error *err)
{
    char path[PATH_BYTES];
    if (!folder(path)) {
        errno = ENOENT;
        return fail_save(err, "XDG_STATE_HOME");
    }
    make_folders(path);
    snprintf(path + strlen(path), 64, "/%s.json", p->key);
    json_t *j = to_json(p);
    char *text = j ? json_dumps(j, JSON_INDENT(1)) : NULL;
    json_decref(j);
    errno = ENOMEM;
    bool good = text ? write_whole(path, text, err) : fail_save(err, path);
    free(text);
    return good;
}

static int later_first(const void *a, const void *b)
{
    const place *x = a, *y = b;
    return (x->updated < y->updated) - (x->updated > y->updated);
}

place *state_list(size_t *count)
{
    char path[PATH_BYTES];
    place *all = NULL;
    *count = 0;
    DIR *d = folder(path) ? opendir(path) : NULL;
    size_t length = d ? strlen(path) : 0, cap = 0;
    for (struct dirent *entry; d && (entry = readdir(d));) {
        if (strlen(entry->d_name) != 21 || strcmp(entry->d_name + 16, ".json") != 0)
            continue;
        if (*count == cap) {
            place *more = realloc(all, (cap = cap ? cap * 2 : 16) * sizeof *all);
            if (!more)
                break;
            all = more;
        }
        all[*count] = (place){.speed = 0};
        memcpy(all[*count].key, entry->d_name, 16);
        snprintf(path + length, sizeof path - length, "/%s", entry->d_name);
        *count += read_place(path, &all[*count]);
    }
    if (d)
        closedir(d);
    if (*count)
        qsort(all, *count, sizeof *all, later_first);
    return all;
}
