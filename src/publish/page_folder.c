#include "publish/page_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/output.h"

#define STAMP ".narrate.json"

static char *join(const char *folder, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

static nr_status fail_write(const page_folder *f, const char *name, int sys, nr_error *err)
{
    return nr_fail(err, NR_EIO, sys, "cannot write '%s%s%s': %s", f->path, name ? "/" : "", name ? name : "",
                   sys == ENOSPC || sys == EDQUOT ? "no space left on device" : strerror(sys));
}

/* A name in the folder, and not a way out of it. */
static bool is_plain(const char *name) { return *name && *name != '.' && !strchr(name, '/'); }

/* ---------------------------------------------------------------- the run before */

static json_t *read_stamp(const char *path)
{
    char *name = join(path, STAMP);
    json_t *stamp = name ? json_load_file(name, JSON_REJECT_DUPLICATES, NULL) : NULL;
    free(name);
    if (json_is_object(stamp) && json_is_object(json_object_get(stamp, "files")))
        return stamp;
    json_decref(stamp);
    return NULL;
}

nr_status page_folder_open(page_folder *f, const char *path, bool overwrite, nr_error *err)
{
    *f = (page_folder){.path = strdup(path), .overwrite = overwrite, .files = json_object()};
    if (!f->path || !f->files)
        return nr_fail_memory(err);
    for (size_t n = strlen(f->path); n > 1 && f->path[n - 1] == '/'; n--)
        f->path[n - 1] = '\0';
    struct stat st;
    if (stat(f->path, &st) == 0) {
        if (!S_ISDIR(st.st_mode))
            return nr_fail(err, NR_EEXIST, ENOTDIR, "'%s' is a file, not a directory; name another", f->path);
        f->stamp = read_stamp(f->path);
        return NR_OK;
    }
    f->is_new = errno == ENOENT;
    return f->is_new ? NR_OK : fail_write(f, NULL, errno, err);
}

static bool was_ours(const page_folder *f, const char *name)
{
    return json_object_get(json_object_get(f->stamp, "files"), name) != NULL;
}

nr_status page_folder_check(const page_folder *f, const char *name, nr_error *err)
{
    struct stat st;
    char *path = join(f->path, name);
    if (!path)
        return nr_fail_memory(err);
    bool there = lstat(path, &st) == 0;
    free(path);
    if (there && S_ISDIR(st.st_mode))
        return nr_fail(err, NR_EEXIST, EISDIR, "'%s/%s' is a directory where a file would be written", f->path, name);
    if (there && !f->overwrite && !was_ours(f, name))
        return nr_fail(err, NR_EEXIST, EEXIST, "'%s/%s' exists already; --overwrite replaces it", f->path, name);
    return NR_OK;
}

bool page_folder_has(const page_folder *f, const char *name)
{
    struct stat st;
    char *path = join(f->path, name);
    json_t *size = json_object_get(json_object_get(f->stamp, "files"), name);
    bool there = path && size && stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == (off_t)json_integer_value(size);
    free(path);
    return there;
}

const char *page_folder_fact(const page_folder *f, const char *key) { return json_string_value(json_object_get(f->stamp, key)); }
double page_folder_number(const page_folder *f, const char *key) { return json_number_value(json_object_get(f->stamp, key)); }

/* ---------------------------------------------------------------- making */

static nr_status begin(page_folder *f, nr_error *err)
{
    if (f->stage)
        return NR_OK;
    const char *slash = strrchr(f->path, '/');
    int n = f->is_new ? (slash ? (int)(slash - f->path) + 1 : 0) : (int)strlen(f->path);
    char *stage = NULL;
    if (asprintf(&stage, "%.*s%s.narrate-XXXXXX", n, f->path, f->is_new || !n ? "" : "/") < 0)
        return nr_fail_memory(err);
    if (mkdtemp(stage)) {
        f->stage = stage;
        return NR_OK;
    }
    int sys = errno;
    free(stage);
    if (f->is_new && sys == ENOENT)
        return nr_fail(err, NR_EIO, sys, "cannot write '%s': there is no directory '%.*s'; make it first", f->path, n - 1, f->path);
    return fail_write(f, NULL, sys, err);
}

char *page_folder_stage(page_folder *f, const char *name, nr_error *err)
{
    if (begin(f, err))
        return NULL;
    char *path = join(f->stage, name);
    if (!path)
        nr_fail_memory(err);
    return path;
}

static nr_status note_file(page_folder *f, const char *name, uint64_t bytes, nr_error *err)
{
    return json_object_set_new(f->files, name, json_integer((json_int_t)bytes)) ? nr_fail_memory(err) : NR_OK;
}

nr_status page_folder_take(page_folder *f, const char *name, uint64_t *bytes, nr_error *err)
{
    struct stat st;
    char *path = page_folder_stage(f, name, err);
    if (!path)
        return NR_ENOMEM;
    int sys = stat(path, &st) < 0 ? errno : 0;
    free(path);
    if (sys)
        return fail_write(f, name, sys, err);
    *bytes = (uint64_t)st.st_size;
    f->changed = true;
    return note_file(f, name, *bytes, err);
}

nr_status page_folder_keep(page_folder *f, const char *name)
{
    json_t *size = json_object_get(json_object_get(f->stamp, "files"), name);
    return size && json_object_set(f->files, name, size) == 0 ? NR_OK : NR_ENOMEM;
}

static bool holds(const page_folder *f, const char *name, nr_view bytes)
{
    struct stat st;
    nr_buffer old = NR_BUFFER_INIT(bytes.n + 1);
    char *path = join(f->path, name);
    bool same = path && lstat(path, &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size == bytes.n &&
                nr_file_read(path, &old, NULL) == NR_OK && nr_view_eq(nr_buffer_view(&old), bytes);
    nr_buffer_free(&old);
    free(path);
    return same;
}

nr_status page_folder_write(page_folder *f, const char *name, nr_view bytes, nr_error *err)
{
    nr_status s = note_file(f, name, bytes.n, err);
    if (s || holds(f, name, bytes))
        return s;
    nr_error why = {0};
    char *path = page_folder_stage(f, name, err);
    if (!path)
        return err ? err->status : NR_EIO;
    s = nr_output_write_file(path, bytes, true, &why);
    free(path);
    f->changed = true;
    return s == NR_EIO ? fail_write(f, name, why.sys ? why.sys : EIO, err) : s ? nr_fail(err, s, 0, "%s", why.msg) : NR_OK;
}

/* ---------------------------------------------------------------- moving */

static nr_status move_one(const page_folder *f, const char *name, nr_error *err)
{
    char *from = join(f->stage, name), *to = join(f->path, name);
    nr_status s = from && to ? NR_OK : nr_fail_memory(err);
    if (!s && rename(from, to) < 0 && errno != ENOENT) /* not there: its bytes were the same */
        s = fail_write(f, name, errno, err);
    free(from);
    free(to);
    return s;
}

static void remove_in(const char *folder, const char *name)
{
    char *path = join(folder, name);
    if (path)
        unlink(path);
    free(path);
}

static void remove_stale(const page_folder *f)
{
    const char *name;
    json_t *size;
    json_object_foreach(json_object_get(f->stamp, "files"), name, size) {
        if (is_plain(name) && !json_object_get(f->files, name))
            remove_in(f->path, name);
    }
}

static nr_status write_stamp(page_folder *f, json_t *facts, nr_error *err)
{
    json_t *files = json_deep_copy(f->files);
    if (!facts || json_object_set(facts, "files", f->files))
        return nr_fail_memory(err);
    char *text = json_dumps(facts, JSON_INDENT(1) | JSON_SORT_KEYS);
    nr_status s = text ? page_folder_write(f, STAMP, nr_view_of(text), err) : nr_fail_memory(err);
    free(text);
    json_decref(f->files);
    f->files = files; /* the stamp does not list itself */
    return s;
}

/* Pages are moved after what they are made of. */
static nr_status move_all(page_folder *f, nr_error *err)
{
    const char *name;
    json_t *size;
    nr_status s = NR_OK;
    json_object_foreach(f->files, name, size) {
        if (!s && !nr_view_ends(nr_view_of(name), NR_LIT(".html")))
            s = move_one(f, name, err);
    }
    json_object_foreach(f->files, name, size) {
        if (!s && nr_view_ends(nr_view_of(name), NR_LIT(".html")))
            s = move_one(f, name, err);
    }
    return s ? s : move_one(f, STAMP, err);
}

static nr_status move_folder(page_folder *f, nr_error *err)
{
    mode_t mask = umask(0);
    umask(mask);
    chmod(f->stage, 0777 & ~mask);
    if (rename(f->stage, f->path) < 0)
        return fail_write(f, NULL, errno, err);
    free(f->stage);
    f->stage = NULL;
    return NR_OK;
}

nr_status page_folder_finish(page_folder *f, json_t *facts, nr_error *err)
{
    nr_status s = facts ? write_stamp(f, facts, err) : NR_OK;
    json_decref(facts);
    if (s || !f->stage)
        return s;
    if (f->is_new)
        return move_folder(f, err);
    s = move_all(f, err);
    if (!s && facts)
        remove_stale(f);
    return s;
}

void page_folder_close(page_folder *f)
{
    DIR *dir = f->stage ? opendir(f->stage) : NULL;
    for (struct dirent *e; dir && (e = readdir(dir));)
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
            remove_in(f->stage, e->d_name);
    if (dir)
        closedir(dir);
    if (f->stage)
        rmdir(f->stage);
    json_decref(f->stamp);
    json_decref(f->files);
    free(f->stage);
    free(f->path);
    *f = (page_folder){0};
}

/* ---------------------------------------------------------------- names */

enum { LETTERS = 60, UNITS = 1200 };

/* To ASCII from any script, in small letters. */
static int32_t to_ascii(UChar *units, int32_t n)
{
    static const UChar how[] = u"Any-Latin; Latin-ASCII; Lower";
    UErrorCode status = U_ZERO_ERROR;
    UTransliterator *t = utrans_openU(how, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    int32_t limit = n;
    if (U_SUCCESS(status))
        utrans_transUChars(t, units, &n, UNITS, 0, &limit, &status);
    utrans_close(t);
    return U_SUCCESS(status) ? n : 0;
}

void page_slug(char slug[64], const char *title)
{
    UChar units[UNITS];
    UErrorCode status = U_ZERO_ERROR;
    int32_t count = 0;
    size_t length = strlen(title) < 300 ? strlen(title) : 300, n = 0, word = 0;
    u_strFromUTF8WithSub(units, UNITS, &count, title, (int32_t)length, 0xFFFD, NULL, &status);
    count = U_SUCCESS(status) ? to_ascii(units, count) : 0;
    bool gap = false;
    for (int32_t i = 0; i < count; i++) {
        UChar c = units[i];
        if (c == '\'' || c == 0x2019) /* "it's" is one word */
            continue;
        if (c >= 128 || !(nr_ascii_digit((char)c) || nr_ascii_alpha((char)c))) {
            gap = n > 0;
            continue;
        }
        if (gap)
            word = n;
        if (n + gap >= LETTERS) {
            n = word ? word : n;
            break;
        }
        if (gap)
            slug[n++] = '-';
        slug[n++] = nr_ascii_lower((char)c);
        gap = false;
    }
    slug[n] = '\0';
    if (!n)
        strcpy(slug, "article");
}
