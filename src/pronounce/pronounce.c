#include "pronounce/pronounce.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/table.h"

struct nr_pronouncer {
    nr_table *table;
};

nr_status nr_pronouncer_open(nr_pronouncer **out, const char *locale, nr_error *err)
{
    nr_pronouncer *p = calloc(1, sizeof *p);
    if (!p)
        return nr_fail_memory(err);
    nr_status s = nr_table_new(&p->table, err);
    if (!s && nr_view_starts_nocase(nr_view_of(locale), NR_LIT("en")))
        s = nr_table_add_builtin(p->table, "en/pronunciation.tsv", 2, NULL, err);
    if (s) {
        nr_pronouncer_close(p);
        return s;
    }
    *out = p;
    return NR_OK;
}

void nr_pronouncer_close(nr_pronouncer *p)
{
    if (!p)
        return;
    nr_table_free(p->table);
    free(p);
}

nr_view nr_pronounce_word(const nr_pronouncer *p, nr_view word, uint16_t flags)
{
    if ((flags & NR_WORD_LETTERS) || word.n < 2)
        return word;
    const nr_row *row = nr_table_find(p->table, word);
    bool possessive = !row && word.n > 3 && nr_view_ends(word, NR_LIT("'s"));
    if (possessive)
        row = nr_table_find(p->table, (nr_view){word.p, word.n - 2});
    if (!row)
        return word;
    return possessive ? (row->count > 1 ? row->column[1] : word) : row->column[0];
}
