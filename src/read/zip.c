#include "read/zip.h"

/* libzip is loaded when the first archive is read: with it comes OpenSSL, and starting it takes longer than reading a
 * page. */
#include <zip.h>

#include "base/error.h"
#include "base/library.h"

#define FUNCTIONS(X)                                                                                                   \
    X(zip_error_init) X(zip_error_fini) X(zip_error_code_zip) X(zip_source_buffer_create) X(zip_source_free)           \
    X(zip_open_from_source) X(zip_discard) X(zip_name_locate) X(zip_fopen_index) X(zip_fread) X(zip_fclose)

NR_LIBRARY(FUNCTIONS, NR_LIBZIP)

static void load(void) { lib.loaded = find_functions(); }

nr_status nr_zip_open(nr_zip *z, const char *name, nr_view bytes, size_t limit, nr_error *err)
{
    *z = (nr_zip){.name = name, .left = limit};
    pthread_once(&once, load);
    if (!lib.loaded)
        return nr_fail(err, NR_EIO, 0, "cannot read '%s': there is no libzip (" NR_LIBZIP "); install the package libzip4",
                       name);
    zip_error_t error;
    lib.zip_error_init(&error);
    zip_source_t *source = lib.zip_source_buffer_create(bytes.p, bytes.n, 0, &error);
    if (source)
        z->archive = lib.zip_open_from_source(source, ZIP_RDONLY, &error);
    if (!z->archive) {
        bool memory = lib.zip_error_code_zip(&error) == ZIP_ER_MEMORY;
        lib.zip_source_free(source);
        lib.zip_error_fini(&error);
        return memory ? nr_fail_memory(err)
                      : nr_fail(err, NR_EFORMAT, 0,
                                "cannot read '%s': its archive is damaged or cut off; fetch or save it again", name);
    }
    lib.zip_error_fini(&error);
    return NR_OK;
}

void nr_zip_close(nr_zip *z)
{
    if (z->archive)
        lib.zip_discard(z->archive);
    z->archive = NULL;
}

bool nr_zip_has(const nr_zip *z, const char *name) { return lib.zip_name_locate(z->archive, name, 0) >= 0; }

static nr_status unfold(nr_zip *z, zip_file_t *file, const char *name, nr_buffer *out, nr_error *err)
{
    char part[1 << 14];
    zip_int64_t n;
    while ((n = lib.zip_fread(file, part, sizeof part)) > 0) {
        if ((size_t)n > z->left || out->n + (size_t)n > NR_ZIP_ENTRY)
            return nr_fail(err, NR_ELIMIT, 0, "cannot read '%s': its part '%s' unfolds to too much", z->name, name);
        z->left -= (size_t)n;
        if (nr_buffer_put(out, part, (size_t)n))
            return nr_fail_memory(err);
    }
    return n < 0 ? nr_fail(err, NR_EFORMAT, 0, "cannot read '%s': its part '%s' is damaged", z->name, name) : NR_OK;
}

nr_status nr_zip_read(nr_zip *z, const char *name, nr_buffer *out, nr_error *err)
{
    nr_buffer_truncate(out, 0);
    zip_int64_t index = lib.zip_name_locate(z->archive, name, 0);
    if (index < 0)
        return nr_fail(err, NR_EDATA, 0, "cannot read '%s': its part '%s' is missing", z->name, name);
    zip_file_t *file = lib.zip_fopen_index(z->archive, (zip_uint64_t)index, 0);
    if (!file)
        return nr_fail(err, NR_EFORMAT, 0, "cannot read '%s': its part '%s' is damaged or locked", z->name, name);
    nr_status s = unfold(z, file, name, out, err);
    lib.zip_fclose(file);
    return s;
}
