#include "publish/ocf.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <zip.h>

#include "base/error.h"
#include "base/library.h"
#include "base/output.h"

#define FUNCTIONS(X)                                                                                                   \
    X(zip_error_init) X(zip_error_fini) X(zip_error_set) X(zip_error_to_data) X(zip_source_buffer_create)              \
    X(zip_source_function_create) X(zip_source_filep_create) X(zip_source_zip) X(zip_source_free)                      \
    X(zip_open_from_source) X(zip_close) X(zip_discard) X(zip_get_num_entries) X(zip_get_name) X(zip_name_locate)      \
    X(zip_stat_index) X(zip_fopen_index) X(zip_fread) X(zip_fclose) X(zip_file_add) X(zip_set_file_compression)        \
    X(zip_file_set_dostime) X(zip_source_make_command_bitmap) X(zip_get_error) X(zip_error_code_zip) X(zip_error_code_system)

NR_LIBRARY(FUNCTIONS, NR_LIBZIP)

static void load(void) { lib.loaded = find_functions(); }

static nr_status need_library(nr_error *err)
{
    pthread_once(&once, load);
    return lib.loaded ? NR_OK : nr_fail(err, NR_EIO, 0, "cannot open an EPUB: there is no libzip (" NR_LIBZIP "); install the package libzip4");
}

/* ---------------------------------------------------------------- reading */

nr_status ocf_open(ocf_reader *r, const char *name, nr_view bytes, size_t limit, nr_error *err)
{
    *r = (ocf_reader){.name = name, .left = limit};
    nr_status s = need_library(err);
    if (s)
        return s;
    zip_error_t error;
    lib.zip_error_init(&error);
    zip_source_t *source = lib.zip_source_buffer_create(bytes.p, bytes.n, 0, &error);
    if (source)
        r->archive = lib.zip_open_from_source(source, ZIP_RDONLY, &error);
    if (source && !r->archive)
        lib.zip_source_free(source);
    lib.zip_error_fini(&error);
    if (!r->archive)
        return nr_fail(err, NR_EFORMAT, 0, "cannot read '%s': its archive is damaged or cut off; fetch or save it again", name);
    r->count = (size_t)lib.zip_get_num_entries(r->archive, 0);
    return r->count <= OCF_ENTRIES ? NR_OK : nr_fail(err, NR_ELIMIT, 0, "cannot read '%s': it has more than %d parts", name, OCF_ENTRIES);
}

void ocf_close(ocf_reader *r)
{
    if (r->archive)
        lib.zip_discard(r->archive);
    r->archive = NULL;
}

const char *ocf_name(const ocf_reader *r, size_t index) { return lib.zip_get_name(r->archive, index, ZIP_FL_ENC_RAW); }

size_t ocf_find(const ocf_reader *r, const char *name)
{
    zip_int64_t index = lib.zip_name_locate(r->archive, name, 0);
    return index < 0 ? SIZE_MAX : (size_t)index;
}

nr_status ocf_read(ocf_reader *r, size_t index, nr_buffer *out, nr_error *err)
{
    char part[1 << 14];
    zip_int64_t n = 0;
    nr_buffer_truncate(out, 0);
    zip_file_t *file = lib.zip_fopen_index(r->archive, index, 0);
    while (file && (n = lib.zip_fread(file, part, sizeof part)) > 0) {
        if ((size_t)n > r->left || out->n + (size_t)n > OCF_ENTRY || nr_buffer_put(out, part, (size_t)n))
            break;
        r->left -= (size_t)n;
    }
    if (file)
        lib.zip_fclose(file);
    if (out->failed == NR_ENOMEM)
        return nr_fail_memory(err);
    if (n > 0)
        return nr_fail(err, NR_ELIMIT, 0, "cannot read '%s': its part '%s' unfolds to too much", r->name, ocf_name(r, index));
    return file && n == 0 ? NR_OK : nr_fail(err, NR_EFORMAT, 0, "cannot read '%s': its part '%s' is damaged or locked", r->name, ocf_name(r, index));
}

size_t ocf_peek(ocf_reader *r, size_t index, char *head, size_t n)
{
    zip_file_t *file = lib.zip_fopen_index(r->archive, index, 0);
    zip_int64_t got = file ? lib.zip_fread(file, head, n) : 0;
    if (file)
        lib.zip_fclose(file);
    return got > 0 ? (size_t)got : 0;
}

/* ---------------------------------------------------------------- writing */

struct ocf_writer {
    nr_output output;
    zip_t *archive;
    zip_error_t error; /* of the source below */
    uint64_t at;       /* next byte to be written */
    bool written;
};

static zip_int64_t seek_to(ocf_writer *w, const zip_source_args_seek_t *how)
{
    off_t end = lseek(w->output.fd, 0, SEEK_END);
    if (end < 0)
        return -1;
    int64_t to = how->offset + (how->whence == SEEK_SET ? 0 : how->whence == SEEK_CUR ? (int64_t)w->at : (int64_t)end);
    if (to < 0)
        return -1;
    w->at = (uint64_t)to;
    return 0;
}

static zip_int64_t write_at(ocf_writer *w, const char *p, zip_uint64_t n)
{
    for (zip_uint64_t done = 0; done < n;) {
        ssize_t put = pwrite(w->output.fd, p + done, n - done, (off_t)(w->at + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            lib.zip_error_set(&w->error, ZIP_ER_WRITE, put < 0 ? errno : ENOSPC);
            return -1;
        }
        done += (zip_uint64_t)put;
    }
    w->at += n;
    return (zip_int64_t)n;
}

/* libzip's view of the file to come: empty so far, written in any order, never read. */
static zip_int64_t drive(void *ctx, void *data, zip_uint64_t n, zip_source_cmd_t command)
{
    ocf_writer *w = ctx;
    switch (command) {
    case ZIP_SOURCE_SUPPORTS:
        return lib.zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
                                              ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_BEGIN_WRITE,
                                              ZIP_SOURCE_COMMIT_WRITE, ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_WRITE, ZIP_SOURCE_SEEK_WRITE,
                                              ZIP_SOURCE_TELL_WRITE, ZIP_SOURCE_REMOVE, -1);
    case ZIP_SOURCE_STAT: {
        zip_stat_t st = {.valid = w->written ? ZIP_STAT_SIZE : 0, .size = w->at};
        memcpy(data, &st, sizeof st);
        if (!w->written)
            lib.zip_error_set(&w->error, ZIP_ER_READ, ENOENT);
        return w->written ? (zip_int64_t)sizeof st : -1;
    }
    case ZIP_SOURCE_ERROR: return lib.zip_error_to_data(&w->error, data, n);
    case ZIP_SOURCE_WRITE: return write_at(w, data, n);
    case ZIP_SOURCE_SEEK_WRITE: return n < sizeof(zip_source_args_seek_t) ? -1 : seek_to(w, data);
    case ZIP_SOURCE_TELL_WRITE: return (zip_int64_t)w->at;
    case ZIP_SOURCE_BEGIN_WRITE: w->at = 0; return 0;
    case ZIP_SOURCE_COMMIT_WRITE: w->written = true; return 0;
    case ZIP_SOURCE_ROLLBACK_WRITE:
    case ZIP_SOURCE_REMOVE:
    case ZIP_SOURCE_FREE: return 0;
    default: return -1;
    }
}

static nr_status fail_zip(ocf_writer *w, nr_error *err)
{
    zip_error_t *error = lib.zip_get_error(w->archive);
    int sys = lib.zip_error_code_system(&w->error) ? lib.zip_error_code_system(&w->error) : lib.zip_error_code_system(error);
    if (lib.zip_error_code_zip(error) == ZIP_ER_MEMORY)
        return nr_fail_memory(err);
    return nr_fail(err, NR_EIO, sys, "cannot write '%s': %s", w->output.path,
                   sys == ENOSPC ? "no space left on device" : sys ? strerror(sys) : "its archive cannot be made");
}

static nr_status set_entry(ocf_writer *w, zip_int64_t index, bool stored, nr_error *err)
{
    enum { MIDNIGHT = 0, FIRST_DAY = 1 << 5 | 1 }; /* 1 January 1980, the first that ZIP knows */
    if (index < 0 || lib.zip_file_set_dostime(w->archive, (zip_uint64_t)index, MIDNIGHT, FIRST_DAY, 0) ||
        (stored && lib.zip_set_file_compression(w->archive, (zip_uint64_t)index, ZIP_CM_STORE, 0)))
        return fail_zip(w, err);
    return NR_OK;
}

static nr_status add_source(ocf_writer *w, const char *name, zip_source_t *source, bool stored, nr_error *err)
{
    if (!source)
        return nr_fail_memory(err);
    zip_int64_t index = lib.zip_file_add(w->archive, name, source, 0);
    if (index < 0)
        lib.zip_source_free(source);
    return set_entry(w, index, stored, err);
}

nr_status ocf_create(ocf_writer **out, const char *path, bool overwrite, nr_error *err)
{
    static const char mimetype[] = "application/epub+zip";
    nr_status s = need_library(err);
    if (!s && strcmp(path, "-") == 0)
        s = nr_fail(err, NR_EINVAL, 0, "an EPUB is not written to standard output; name a file");
    ocf_writer *w = s ? NULL : calloc(1, sizeof *w);
    if (!w)
        return s ? s : nr_fail_memory(err);
    lib.zip_error_init(&w->error);
    s = nr_output_open(&w->output, path, overwrite, err);
    if (s) {
        free(w);
        return s;
    }
    zip_source_t *file = lib.zip_source_function_create(drive, w, NULL);
    if (file)
        w->archive = lib.zip_open_from_source(file, ZIP_CREATE, NULL);
    if (file && !w->archive)
        lib.zip_source_free(file);
    s = w->archive ? add_source(w, "mimetype", lib.zip_source_buffer_create(mimetype, sizeof mimetype - 1, 0, NULL), true, err)
                   : nr_fail(err, NR_EIO, 0, "cannot write '%s': its archive cannot be begun", path);
    if (s) {
        ocf_free(w);
        return s;
    }
    *out = w;
    return NR_OK;
}

nr_status ocf_add(ocf_writer *w, const char *name, nr_buffer *content, nr_error *err)
{
    size_t n;
    if (content->failed)
        return nr_fail_memory(err);
    char *bytes = nr_buffer_detach(content, &n);
    zip_source_t *source = bytes ? lib.zip_source_buffer_create(n ? bytes : NULL, n, 1, NULL) : NULL;
    if (!source || !n) /* libzip does not free what has no bytes */
        free(bytes);
    return add_source(w, name, source, false, err);
}

nr_status ocf_add_file(ocf_writer *w, const char *name, FILE *file, nr_error *err)
{
    zip_source_t *source = lib.zip_source_filep_create(file, 0, -1, NULL);
    if (!source)
        fclose(file);
    return add_source(w, name, source, true, err);
}

nr_status ocf_copy_as(ocf_writer *w, const char *name, ocf_reader *from, size_t index, nr_error *err)
{
    zip_source_t *source = lib.zip_source_zip(w->archive, from->archive, index, ZIP_FL_COMPRESSED, 0, -1);
    return source ? add_source(w, name, source, false, err) : fail_zip(w, err);
}

nr_status ocf_copy(ocf_writer *w, ocf_reader *from, size_t index, nr_error *err)
{
    return ocf_copy_as(w, ocf_name(from, index), from, index, err);
}

nr_status ocf_finish(ocf_writer *w, nr_error *err)
{
    if (lib.zip_close(w->archive))
        return fail_zip(w, err);
    w->archive = NULL;
    return nr_output_commit(&w->output, err);
}

nr_status ocf_finish_into(ocf_writer *w, nr_buffer *out, nr_error *err)
{
    if (lib.zip_close(w->archive))
        return fail_zip(w, err);
    w->archive = NULL;
    off_t size = lseek(w->output.fd, 0, SEEK_END);
    if (size < 0 || (uint64_t)size > out->max)
        return nr_fail(err, NR_ELIMIT, 0, "cannot write '%s': the book becomes too large", w->output.path);
    if (nr_buffer_reserve(out, (size_t)size))
        return nr_fail_memory(err);
    while (out->n < (size_t)size) {
        ssize_t got = pread(w->output.fd, out->p + out->n, (size_t)size - out->n, (off_t)out->n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return nr_fail(err, NR_EIO, errno, "cannot read again what was written beside '%s'", w->output.path);
        out->n += (size_t)got;
    }
    return NR_OK;
}

void ocf_free(ocf_writer *w)
{
    if (!w)
        return;
    if (w->archive)
        lib.zip_discard(w->archive);
    nr_output_close(&w->output);
    lib.zip_error_fini(&w->error);
    free(w);
}
