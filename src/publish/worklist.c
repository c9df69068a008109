#include "publish/worklist.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"

enum { NAME_MOST = 200, LIST_BYTES = 1 << 30 };

/* What a folder's articles are known by. */
static const char *const endings[] = {".html", ".htm", ".xhtml", ".txt", ".text", ".md", ".markdown",
                                      ".epub", ".docx", ".odt", ".pdf", ".ssml"};

static nr_status add(worklist *list, nr_view source, nr_view name, nr_error *err)
{
    if (list->count == WORKLIST_MOST)
        return nr_fail(err, NR_ELIMIT, 0, "cannot take more than %d articles: split the list", WORKLIST_MOST);
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 256;
        work_item *grown = realloc(list->items, room * sizeof *grown);
        if (!grown)
            return nr_fail_memory(err);
        list->items = grown;
        list->room = room;
    }
    work_item item = {strndup(source.p, source.n), name.n ? strndup(name.p, name.n) : NULL};
    if (!item.source || (name.n && !item.name)) {
        free(item.source);
        free(item.name);
        return nr_fail_memory(err);
    }
    list->items[list->count++] = item;
    return NR_OK;
}

void worklist_free(worklist *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].source);
        free(list->items[i].name);
    }
    free(list->items);
    *list = (worklist){0};
}

/* ---------------------------------------------------------------- reading */

/* A name of the user's own must stay inside the folder and be sayable to the system. */
static bool name_is_safe(nr_view name)
{
    if (name.n == 0 || name.p[0] == '/' || name.p[name.n - 1] == '/' || memchr(name.p, '\0', name.n))
        return false;
    for (size_t at = 0; at < name.n;) {
        const char *slash = memchr(name.p + at, '/', name.n - at);
        size_t end = slash ? (size_t)(slash - name.p) : name.n;
        nr_view part = {name.p + at, end - at};
        if (part.n == 0 || part.n > NAME_MOST || nr_view_is(part, ".") || nr_view_is(part, ".."))
            return false;
        at = end + 1;
    }
    return true;
}

static nr_status take_line(worklist *list, nr_view line, size_t number, nr_error *err)
{
    while (line.n && nr_ascii_space(line.p[line.n - 1]))
        line.n--;
    if (line.n == 0 || line.p[0] == '#')
        return NR_OK;
    const char *tab = nr_view_find_byte(line, '\t');
    nr_view source = {line.p, tab ? (size_t)(tab - line.p) : line.n};
    nr_view name = {tab ? tab + 1 : "", tab ? line.n - source.n - 1 : 0};
    if (memchr(line.p, '\0', line.n))
        return nr_fail(err, NR_EDATA, 0, "cannot read the list: line %zu holds a NUL byte; --zero reads lists that have them", number);
    if (tab && !name_is_safe(name))
        return nr_fail(err, NR_EDATA, 0, "cannot read the list: line %zu has the name '%.*s', which is not one inside a folder", number,
                       (int)(name.n < 200 ? name.n : 200), name.p);
    return source.n ? add(list, source, name, err) : NR_OK;
}

static nr_status read_list(worklist *list, const char *path, bool zero, nr_error *err)
{
    nr_buffer bytes = NR_BUFFER_INIT(LIST_BYTES);
    nr_status s = nr_file_read(path, &bytes, err);
    nr_view left = nr_buffer_view(&bytes);
    for (size_t number = 1; left.n && !s; number++) {
        const char *stop = nr_view_find_byte(left, zero ? '\0' : '\n');
        nr_view item = {left.p, stop ? (size_t)(stop - left.p) : left.n};
        s = !zero ? take_line(list, item, number, err) : item.n ? add(list, item, (nr_view){"", 0}, err) : NR_OK;
        left = stop ? nr_view_sub(left.p, item.n + 1, left.n) : (nr_view){"", 0};
    }
    nr_buffer_free(&bytes);
    return s;
}

static nr_view ending_of(nr_view name)
{
    size_t at = name.n;
    while (at > 0 && name.p[at - 1] != '.' && name.p[at - 1] != '/')
        at--;
    if (at < 2 || name.p[at - 1] != '.' || name.p[at - 2] == '/')
        return (nr_view){name.p + name.n, 0};
    return nr_view_sub(name.p, at - 1, name.n);
}

static bool is_article(nr_view name)
{
    nr_view ending = ending_of(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (nr_view_eq_nocase(ending, nr_view_of(endings[i])))
            return true;
    return false;
}

static int by_name(const FTSENT **a, const FTSENT **b) { return strcmp((*a)->fts_name, (*b)->fts_name); }

static nr_status take_entry(worklist *list, FTS *walk, FTSENT *e, size_t root, const struct stat *skip, nr_error *err)
{
    bool hidden = e->fts_level > 0 && e->fts_name[0] == '.';
    bool skipped = skip && e->fts_statp->st_dev == skip->st_dev && e->fts_statp->st_ino == skip->st_ino;
    if (e->fts_info == FTS_D && (hidden || (skipped && e->fts_level > 0)))
        fts_set(walk, e, FTS_SKIP);
    if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR)
        return nr_fail(err, NR_EIO, e->fts_errno, "cannot read the folder '%s': %s", e->fts_path, strerror(e->fts_errno));
    nr_view path = nr_view_of(e->fts_path);
    if (e->fts_info != FTS_F || hidden || !is_article(path))
        return NR_OK;
    nr_view name = nr_view_sub(path.p, root, path.n);
    while (name.n && name.p[0] == '/')
        name = nr_view_sub(name.p, 1, name.n);
    name.n -= ending_of(name).n;
    return add(list, path, name_is_safe(name) ? name : (nr_view){"", 0}, err);
}

static nr_status walk_folder(worklist *list, const char *path, const char *skip, nr_error *err)
{
    char *paths[] = {(char *)path, NULL};
    struct stat skipped;
    bool skips = skip && stat(skip, &skipped) == 0;
    FTS *walk = fts_open(paths, FTS_LOGICAL | FTS_NOCHDIR, by_name);
    if (!walk)
        return nr_fail(err, NR_EIO, errno, "cannot read the folder '%s': %s", path, strerror(errno));
    nr_status s = NR_OK;
    for (FTSENT *e; !s && (e = fts_read(walk));)
        s = take_entry(list, walk, e, strlen(path), skips ? &skipped : NULL, err);
    fts_close(walk);
    return s;
}

/* ---------------------------------------------------------------- names */

static bool is_address(const char *source) { return strncasecmp(source, "http://", 7) == 0 || strncasecmp(source, "https://", 8) == 0; }

/* The last part that says something: of a path its stem, of an address its last folder, else its host. */
static nr_view stem_of(const char *source)
{
    nr_view v = nr_view_of(source);
    if (is_address(source)) {
        v = nr_view_of(strchr(source, ':') + 3);
        v.n = strcspn(v.p, "?#");
    }
    while (v.n > 1 && v.p[v.n - 1] == '/')
        v.n--;
    const char *slash = memrchr(v.p, '/', v.n);
    if (slash)
        v = nr_view_sub(slash, 1, (size_t)(v.p + v.n - slash));
    if (slash || !is_address(source))
        v.n -= ending_of(v).n;
    return v;
}

/* Letters that a shell, a web server or a terminal might take for something else become '-'; cut between characters. */
static nr_status tidy_name(work_item *item, nr_error *err)
{
    nr_buffer b = NR_BUFFER_INIT(NAME_MOST + 40);
    nr_view v = stem_of(item->source);
    bool whole = v.n <= NAME_MOST;
    size_t n = whole ? v.n : NAME_MOST;
    while (n > 0 && n < v.n && ((unsigned char)v.p[n] & 0xC0) == 0x80)
        n--;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        nr_buffer_put_char(&b, c < ' ' || c == 127 || strchr("\\:*?\"<>|%&#", c) || (c == '.' && i == 0) ? '-' : (char)c);
    }
    if (n == 0)
        nr_buffer_put_string(&b, "article");
    if (!whole)
        nr_buffer_printf(&b, "-%08x", (unsigned)nr_hash(NR_HASH_START, item->source, strlen(item->source)));
    item->name = nr_buffer_detach(&b, NULL);
    return item->name ? NR_OK : nr_fail_memory(err);
}

static int by_source(const void *a, const void *b) { return strcmp((*(work_item *const *)a)->source, (*(work_item *const *)b)->source); }
static int by_file(const void *a, const void *b) { return strcasecmp((*(work_item *const *)a)->name, (*(work_item *const *)b)->name); }

/* Of what is listed twice, the first stays. */
static void drop_twins(worklist *list, work_item **sorted)
{
    qsort(sorted, list->count, sizeof *sorted, by_source);
    for (size_t i = 0, first = 0; i + 1 < list->count; i++) {
        work_item *a = sorted[first], *b = sorted[i + 1];
        if (strcmp(a->source, b->source) != 0) {
            first = i + 1;
            continue;
        }
        work_item *later = a < b ? b : a;
        sorted[first] = a < b ? a : b;
        if (!later->name || !sorted[first]->name || strcmp(later->name, sorted[first]->name) == 0) {
            free(later->name);
            later->name = NULL;
            later->source[0] = '\0'; /* gone */
        } else {
            first = i + 1; /* two names of the user's own: both */
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].source[0])
            list->items[kept++] = list->items[i];
        else
            free(list->items[i].source);
    }
    list->count = kept;
}

/* Where two would share a name (the case of letters aside, as some file systems have it), all of them say where they come
 * from. */
static nr_status part_names(worklist *list, work_item **sorted, nr_error *err)
{
    for (size_t i = 0; i < list->count; i++)
        sorted[i] = &list->items[i];
    qsort(sorted, list->count, sizeof *sorted, by_file);
    for (size_t i = 0; i < list->count;) {
        size_t end = i + 1;
        while (end < list->count && strcasecmp(sorted[i]->name, sorted[end]->name) == 0)
            end++;
        for (size_t k = i; k < end && end - i > 1; k++) {
            char *longer = NULL;
            if (asprintf(&longer, "%s-%08x", sorted[k]->name, (unsigned)nr_hash(NR_HASH_START, sorted[k]->source, strlen(sorted[k]->source))) < 0)
                return nr_fail_memory(err);
            free(sorted[k]->name);
            sorted[k]->name = longer;
        }
        i = end;
    }
    return NR_OK;
}

static nr_status give_names(worklist *list, nr_error *err)
{
    work_item **sorted = malloc((list->count + 1) * sizeof *sorted);
    if (!sorted)
        return nr_fail_memory(err);
    for (size_t i = 0; i < list->count; i++)
        sorted[i] = &list->items[i];
    drop_twins(list, sorted);
    nr_status s = NR_OK;
    for (size_t i = 0; i < list->count && !s; i++)
        if (!list->items[i].name)
            s = tidy_name(&list->items[i], err);
    if (!s)
        s = part_names(list, sorted, err);
    free(sorted);
    return s;
}

nr_status worklist_read(worklist *list, const char *path, bool zero, const char *skip, nr_error *err)
{
    *list = (worklist){0};
    struct stat st;
    bool folder = strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    nr_status s = folder ? walk_folder(list, path, skip, err) : read_list(list, path, zero, err);
    if (!s)
        s = give_names(list, err);
    if (!s && list->count == 0)
        s = nr_fail(err, NR_ENOTEXT, 0, "there is no article in '%s'", path);
    if (s)
        worklist_free(list);
    return s;
}

void worklist_keep_shard(worklist *list, unsigned shard, unsigned shards)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        work_item *item = &list->items[i];
        if (i % shards == shard - 1) {
            list->items[kept++] = *item;
            continue;
        }
        free(item->source);
        free(item->name);
    }
    list->count = kept;
}
