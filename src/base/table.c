#include "base/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/utf8.h"

enum { MAX_FILE = 64 << 20 };

struct nr_table {
    nr_arena arena;
    nr_row *rows;
    size_t count, cap;
    uint32_t *slots; /* row index + 1, 0 is free; open addressing, at most half full */
    size_t slot_count;
};

uint64_t nr_table_hash(nr_view v)
{
    uint64_t h = nr_hash(NR_HASH_START, v.p, v.n);
    return h ^ h >> 29;
}

static size_t find_slot(const nr_table *t, nr_view key, uint64_t hash)
{
    size_t i = hash & (t->slot_count - 1);
    while (t->slots[i] && !nr_view_eq(t->rows[t->slots[i] - 1].key, key))
        i = (i + 1) & (t->slot_count - 1);
    return i;
}

static bool grow_slots(nr_table *t)
{
    size_t count = t->slot_count ? t->slot_count * 2 : 64;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    free(t->slots);
    t->slots = slots;
    t->slot_count = count;
    for (size_t r = 0; r < t->count; r++)
        slots[find_slot(t, t->rows[r].key, nr_table_hash(t->rows[r].key))] = (uint32_t)r + 1;
    return true;
}

nr_status nr_table_new(nr_table **out, nr_error *err)
{
    nr_table *t = calloc(1, sizeof *t);
    if (!t || !grow_slots(t)) {
        free(t);
        return nr_fail_memory(err);
    }
    *out = t;
    return NR_OK;
}

static bool put_row(nr_table *t, const nr_row *row)
{
    size_t slot = find_slot(t, row->key, nr_table_hash(row->key));
    if (t->slots[slot]) {
        t->rows[t->slots[slot] - 1] = *row;
        return true;
    }
    if (t->count == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 64;
        nr_row *rows = realloc(t->rows, cap * sizeof *rows);
        if (!rows)
            return false;
        t->rows = rows;
        t->cap = cap;
    }
    t->rows[t->count++] = *row;
    t->slots[slot] = (uint32_t)t->count;
    return t->count * 2 <= t->slot_count || grow_slots(t);
}

/* Splits a line into a row; returns what is wrong with it, or NULL. */
static const char *parse_line(nr_view line, int min_columns, nr_row *row)
{
    *row = (nr_row){.count = -1};
    for (int i = 0; i < NR_TABLE_COLUMNS; i++)
        row->column[i] = NR_LIT("");
    if (nr_utf8_valid(line.p, line.n) != line.n)
        return "it is not UTF-8";
    if (memchr(line.p, 0, line.n))
        return "it holds a NUL byte";
    const char *p = line.p, *end = line.p + line.n;
    for (;;) {
        const char *tab = memchr(p, '\t', (size_t)(end - p));
        nr_view v = {p, (size_t)((tab ? tab : end) - p)};
        if (row->count == NR_TABLE_COLUMNS)
            return "it has too many columns";
        if (row->count < 0)
            row->key = v;
        else
            row->column[row->count] = v;
        row->count++;
        if (!tab)
            break;
        p = tab + 1;
    }
    if (row->key.n == 0)
        return "its first column is empty";
    return row->count + 1 < min_columns ? "it has too few columns (they are separated by tabs)" : NULL;
}

nr_status nr_table_add(nr_table *t, nr_view text, const char *name, int min_columns, nr_row_check *check, nr_error *err)
{
    nr_view all = nr_arena_copy(&t->arena, text);
    if (!all.p)
        return nr_fail_memory(err);
    size_t number = 0;
    for (const char *p = all.p, *end = all.p + all.n; p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        nr_view line = {p, (size_t)((nl ? nl : end) - p)};
        p = nl ? nl + 1 : end;
        number++;
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (number == 1 && nr_view_starts(line, NR_LIT("\xEF\xBB\xBF")))
            line.p += 3, line.n -= 3;
        if (line.n == 0 || line.p[0] == '#')
            continue;
        nr_row row;
        const char *wrong = parse_line(line, min_columns, &row);
        if (!wrong && check)
            wrong = check(&row);
        if (wrong) {
            nr_fail(err, NR_EDATA, 0, "%s:%zu: cannot use this line: %s", name, number, wrong);
            if (err)
                err->at = number;
            return NR_EDATA;
        }
        if (!put_row(t, &row))
            return nr_fail_memory(err);
    }
    return NR_OK;
}

nr_status nr_table_add_builtin(nr_table *t, const char *path, int min_columns, nr_row_check *check, nr_error *err)
{
    nr_view v = nr_data_find(path);
    if (!v.p)
        return nr_fail(err, NR_EDATA, 0, "there is no built-in table '%s'", path);
    return nr_table_add(t, v, path, min_columns, check, err);
}

nr_status nr_table_add_file(nr_table *t, const char *path, int min_columns, nr_row_check *check, nr_error *err)
{
    nr_buffer b = NR_BUFFER_INIT(MAX_FILE);
    nr_status s = nr_file_read(path, &b, err);
    if (!s)
        s = nr_table_add(t, nr_buffer_view(&b), path, min_columns, check, err);
    nr_buffer_free(&b);
    return s;
}

const nr_row *nr_table_find(const nr_table *t, nr_view key) { return nr_table_find_hashed(t, key, nr_table_hash(key)); }

const nr_row *nr_table_find_hashed(const nr_table *t, nr_view key, uint64_t hash)
{
    size_t slot = find_slot(t, key, hash);
    return t->slots[slot] ? &t->rows[t->slots[slot] - 1] : NULL;
}

size_t nr_table_count(const nr_table *t) { return t->count; }

const nr_row *nr_table_row(const nr_table *t, size_t index) { return &t->rows[index]; }

void nr_table_free(nr_table *t)
{
    if (!t)
        return;
    free(t->rows);
    free(t->slots);
    nr_arena_free(&t->arena);
    free(t);
}

nr_view nr_data_find(const char *path)
{
    for (size_t i = 0; i < nr_data_file_count; i++)
        if (strcmp(nr_data_files[i].path, path) == 0)
            return (nr_view){(const char *)nr_data_files[i].bytes, nr_data_files[i].n};
    return (nr_view){NULL, 0};
}

void nr_language_table(char *out, const char *locale, const char *name)
{
    size_t n = strcspn(locale ? locale : "", "-_");
    snprintf(out, 64, "%.*s/%s", n > 0 && n < 9 ? (int)n : 2, n > 0 && n < 9 ? locale : "en", name);
    for (char *c = out; *c; c++)
        *c = nr_ascii_lower(*c);
    if (!nr_data_find(out).p)
        snprintf(out, 64, "en/%s", name);
}
