#include "segment/pauses.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/table.h"

struct nr_pauses {
    uint16_t ms[NR_PAUSES];
    int16_t rate[NR_MANNERS], pitch[NR_MANNERS];
    nr_table *clauses;
};

static const char *const pause_names[NR_PAUSES] = {
    "breath", "comma",   "dash",  "colon",   "semicolon", "bracket", "quote-in", "quote-out", "ellipsis",       "sentence", "question",
    "item",   "paragraph", "quote", "caption", "row",       "heading", "title",    "byline",    "date", "before-heading", "break"};

static const char *const manner_names[NR_MANNERS] = {"title-manner", "heading-manner", "bracket-manner", "quote-manner",
                                                     "caption-manner"};

static bool number(nr_view v, long low, long high, long *out)
{
    char *end;
    *out = strtol(v.p, &end, 10);
    return v.n && end == v.p + v.n && *out >= low && *out <= high;
}

static bool is_manner(nr_view key)
{
    for (int i = 0; i < NR_MANNERS; i++)
        if (nr_view_is(key, manner_names[i]))
            return true;
    return false;
}

static const char *check_pause(const nr_row *row)
{
    long v;
    if (is_manner(row->key))
        return row->count == 2 && number(row->column[0], 50, 200, &v) && number(row->column[1], -50, 50, &v)
                   ? NULL
                   : "a manner is a rate of 50 to 200 percent and a pitch of -50 to 50";
    return number(row->column[0], 0, 10000, &v) ? NULL : "a pause is 0 to 10000 ms";
}

static const char *check_clause(const nr_row *row)
{
    long v;
    return number(row->column[0], 0, 3, &v) ? NULL : "the second column is 0 to 3";
}

static nr_status take_rows(nr_pauses *p, const nr_table *table, const char *path, nr_error *err)
{
    long v;
    for (int i = 0; i < NR_PAUSES + NR_MANNERS; i++) {
        const char *name = i < NR_PAUSES ? pause_names[i] : manner_names[i - NR_PAUSES];
        const nr_row *row = nr_table_find(table, nr_view_of(name));
        if (!row)
            return nr_fail(err, NR_EDATA, 0, "%s has no row '%s'", path, name);
        number(row->column[0], 0, 10000, &v);
        if (i < NR_PAUSES) {
            p->ms[i] = (uint16_t)v;
            continue;
        }
        p->rate[i - NR_PAUSES] = (int16_t)v;
        number(row->column[1], -50, 50, &v);
        p->pitch[i - NR_PAUSES] = (int16_t)v;
    }
    return NR_OK;
}

nr_status nr_pauses_open(nr_pauses **out, const char *locale, nr_error *err)
{
    nr_pauses *p = calloc(1, sizeof *p);
    if (!p)
        return nr_fail_memory(err);
    char path[64];
    nr_table *table = NULL;
    nr_language_table(path, locale, "pauses.tsv");
    nr_status s = nr_table_new(&table, err);
    if (!s) /* a language's table may leave out what is as in English */
        s = nr_table_add_builtin(table, "en/pauses.tsv", 2, check_pause, err);
    if (!s && strcmp(path, "en/pauses.tsv") != 0)
        s = nr_table_add_builtin(table, path, 2, check_pause, err);
    if (!s)
        s = take_rows(p, table, path, err);
    nr_table_free(table);
    nr_language_table(path, locale, "clauses.tsv");
    if (!s)
        s = nr_table_new(&p->clauses, err);
    if (!s)
        s = nr_table_add_builtin(p->clauses, path, 2, check_clause, err);
    if (s) {
        nr_pauses_close(p);
        return s;
    }
    *out = p;
    return NR_OK;
}

void nr_pauses_close(nr_pauses *p)
{
    if (!p)
        return;
    nr_table_free(p->clauses);
    free(p);
}

bool nr_pause_named(const nr_pauses *p, nr_view name, uint32_t *ms)
{
    for (int i = 0; i < NR_PAUSES; i++)
        if (nr_view_is(name, pause_names[i])) {
            *ms = p->ms[i];
            return true;
        }
    return false;
}

uint32_t nr_pause_ms(const nr_pauses *p, nr_pause pause) { return p->ms[pause]; }
int16_t nr_manner_rate(const nr_pauses *p, nr_manner manner) { return p->rate[manner]; }
int16_t nr_manner_pitch(const nr_pauses *p, nr_manner manner) { return p->pitch[manner]; }

int nr_clause_rank(const nr_pauses *p, nr_view word)
{
    char lower[24];
    if (word.n == 0 || word.n > sizeof lower)
        return -1;
    for (size_t i = 0; i < word.n; i++)
        lower[i] = nr_ascii_lower(word.p[i]);
    const nr_row *row = nr_table_find(p->clauses, (nr_view){lower, word.n});
    return row ? row->column[0].p[0] - '0' : -1;
}

nr_pause nr_block_pause(const nr_block *block, int next_kind)
{
    if (next_kind == NR_BLOCK_BREAK)
        return NR_PAUSE_BREAK;
    if (next_kind == NR_BLOCK_HEADING && block->kind > NR_BLOCK_HEADING)
        return NR_PAUSE_BEFORE_HEADING;
    switch (block->kind) {
    case NR_BLOCK_TITLE: return NR_PAUSE_TITLE;
    case NR_BLOCK_BYLINE: return NR_PAUSE_BYLINE;
    case NR_BLOCK_DATE: return NR_PAUSE_DATE;
    case NR_BLOCK_HEADING: return NR_PAUSE_HEADING;
    case NR_BLOCK_ITEM: return next_kind == NR_BLOCK_ITEM ? NR_PAUSE_ITEM : NR_PAUSE_PARAGRAPH;
    case NR_BLOCK_QUOTE: return NR_PAUSE_QUOTE;
    case NR_BLOCK_CAPTION: return NR_PAUSE_CAPTION;
    case NR_BLOCK_ROW: return NR_PAUSE_ROW;
    default: return NR_PAUSE_PARAGRAPH;
    }
}
