/* table.h - tables of facts: tab-separated text, looked up by the first column.
 *
 * The form: UTF-8, a row a line, columns separated by tabs, `#` at a line's start opens a comment, empty lines are
 * skipped. The key is matched exactly. A key given again replaces the earlier row, so a user's file overlays ours.
 * Keys and columns are copied into the table. */
#ifndef NR_BASE_TABLE_H
#define NR_BASE_TABLE_H

#include "base/arena.h"

enum { NR_TABLE_COLUMNS = 8 };

typedef struct nr_row {
    nr_view key;
    int count;                         /* of columns, without the key */
    nr_view column[NR_TABLE_COLUMNS];  /* {"", 0} beyond count */
} nr_row;

typedef struct nr_table nr_table;

/* Decides whether a row is good: NULL, or what is wrong with it, as "unknown class 'x'". May be NULL. */
typedef const char *nr_row_check(const nr_row *row);

nr_status nr_table_new(nr_table **out, nr_error *err);
/* Adds the rows of text. name is for messages ("voices/en/units.tsv"). A line with fewer than min_columns columns
 * (the key included), more than NR_TABLE_COLUMNS + 1, bad UTF-8, or refused by check is NR_EDATA, with err->at the line
 * and the message "name:line: why". */
nr_status nr_table_add(nr_table *t, nr_view text, const char *name, int min_columns, nr_row_check *check,
                       nr_error *err);
/* One of the built-in tables by its path below voices/, "en/units.tsv"; a missing one is NR_EDATA. */
nr_status nr_table_add_builtin(nr_table *t, const char *path, int min_columns, nr_row_check *check, nr_error *err);
/* A file of the user's. */
nr_status nr_table_add_file(nr_table *t, const char *path, int min_columns, nr_row_check *check, nr_error *err);
const nr_row *nr_table_find(const nr_table *t, nr_view key); /* NULL when there is none */
/* The same for one key in several tables: its hash is worked out once. */
uint64_t nr_table_hash(nr_view key);
const nr_row *nr_table_find_hashed(const nr_table *t, nr_view key, uint64_t hash);
size_t nr_table_count(const nr_table *t);
const nr_row *nr_table_row(const nr_table *t, size_t index); /* in the order of first appearance */
void nr_table_free(nr_table *t);

/* The built-in data files, embedded by the build from voices/. */
typedef struct nr_data_file {
    const char *path;
    const unsigned char *bytes;
    size_t n;
} nr_data_file;
extern const nr_data_file nr_data_files[];
extern const size_t nr_data_file_count;
/* {NULL, 0} when there is none. */
nr_view nr_data_find(const char *path);
/* The path of a language's table, "de/pauses.tsv", or the English one where it has none. out has room for 64 bytes. */
void nr_language_table(char *out, const char *locale, const char *name);

#endif
