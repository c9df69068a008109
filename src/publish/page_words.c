#include "publish/page_words.h"

#include <stdio.h>

#include "publish/page_text.h"

static bool words_for(const char *lang, char path[32])
{
    size_t n = strcspn(lang, "-");
    snprintf(path, 32, "%.*s/page.tsv", (int)(n < 9 ? n : 8), lang);
    for (char *p = path; *p; p++)
        *p = nr_ascii_lower(*p);
    return nr_data_find(path).p != NULL;
}

nr_status page_words_open(page_words *w, const char *lang, nr_error *err)
{
    char path[32];
    *w = (page_words){.page = lang, .lang = lang};
    nr_status s = nr_table_new(&w->table, err);
    if (!s)
        s = nr_table_add_builtin(w->table, "en/page.tsv", 2, NULL, err);
    if (!words_for(lang, path))
        w->lang = "en";
    else if (!s)
        s = nr_table_add_builtin(w->table, path, 2, NULL, err);
    return s;
}

void page_words_close(page_words *w)
{
    nr_table_free(w->table);
    w->table = NULL;
}

nr_view page_word(const page_words *w, const char *key)
{
    const nr_row *row = nr_table_find(w->table, nr_view_of(key));
    return row ? row->column[0] : nr_view_of(key);
}

void page_put_word(nr_buffer *out, const page_words *w, const char *key, unsigned number)
{
    nr_view v = page_word(w, key);
    const char *place = nr_view_find(v, NR_LIT("{}"));
    if (!place) {
        page_put_text(out, v);
        return;
    }
    size_t before = (size_t)(place - v.p);
    page_flow flow = {.out = out, .raw = true};
    page_flow_put(&flow, (nr_view){v.p, before});
    nr_buffer_printf(out, "%u", number);
    page_flow_put(&flow, (nr_view){place + 2, v.n - before - 2});
}
