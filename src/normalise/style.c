/* Habits of reading: switches of --style, and what a text's spelling tells of its country. */
#include "normalise/style.h"

#include <stdio.h>

#include "base/error.h"
#include "base/table.h"

static bool speaks_american(const char *locale)
{
    static const char *const countries[] = {"us", "ca", "ph", "pr"};
    nr_view v = nr_view_of(locale);
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
        if (v.n >= 5 && nr_view_starts_nocase(v, NR_LIT("en")) && (v.p[2] == '-' || v.p[2] == '_') &&
            nr_view_starts_nocase((nr_view){v.p + 3, v.n - 3}, nr_view_of(countries[i])))
            return true;
    return false;
}

typedef struct choice {
    const char *name, *values; /* separated by |, as they are in the manual */
} choice;

static const choice choices[] = {
    {"years", "twenty|thousand"},    {"and", "yes|no"},                 {"zero", "oh|zero|nought"},
    {"clock", "24|12"},              {"url", "short|full|host"},        {"symbols", "some|all|none"},
    {"level", "full|verbatim"},      {"punctuation", "none|some|all"},
};
enum { CHOICES = sizeof choices / sizeof *choices };

/* Whether the value is one of those of the choice. */
static bool is_value(const choice *c, nr_view value)
{
    for (const char *p = c->values; value.n; p++) {
        size_t n = strcspn(p, "|");
        if (nr_view_eq((nr_view){p, n}, value))
            return true;
        p += n;
        if (!*p)
            break;
    }
    return false;
}

static void apply(nr_style *s, int which, nr_view value)
{
    char first = value.p[0];
    switch (which) {
    case 0: s->long_years = value.n == 8; break;
    case 1: s->with_and = first; break;
    case 2: s->zero = first; break;
    case 3: s->clock12 = first == '1'; break;
    case 4: s->url = first; break;
    case 5: s->symbols = first; break;
    case 6: s->verbatim = first == 'v'; break;
    default: s->punctuation = first; break;
    }
}

static nr_status wrong(nr_view item, nr_error *err)
{
    char all[300];
    size_t n = 0;
    for (int i = 0; i < CHOICES; i++)
        n += (size_t)snprintf(all + n, sizeof all - n, "%s%s=%s", i ? ", " : "", choices[i].name, choices[i].values);
    return nr_fail(err, NR_EINVAL, 0, "there is no style '%.*s'; there are %s", (int)(item.n < 40 ? item.n : 40), item.p, all);
}

nr_status nr_style_parse(nr_style *style, const char *locale, const char *spec, nr_error *err)
{
    *style = (nr_style){.us = locale && speaks_american(locale), .guess = !locale, .url = 's', .symbols = 's', .punctuation = 'n'};
    for (const char *p = spec ? spec : ""; *p;) {
        nr_view item = {p, strcspn(p, ",")};
        p += item.n + (p[item.n] == ',');
        const char *equals = memchr(item.p, '=', item.n);
        nr_view name = {item.p, equals ? (size_t)(equals - item.p) : item.n};
        nr_view value = {item.p + name.n + 1, equals ? item.n - name.n - 1 : 0};
        int which = 0;
        while (which < CHOICES && !nr_view_is(name, choices[which].name))
            which++;
        if (which == CHOICES || !is_value(&choices[which], value))
            return wrong(item, err);
        apply(style, which, value);
    }
    return NR_OK;
}

/* ---------------------------------------------------------------- clues */

static bool is_month(nr_view w)
{
    static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
    for (int i = 0; i < 12 && w.n >= 3; i++)
        if (nr_view_starts(nr_view_of(months[i]), w) || (i == 8 && nr_view_is(w, "Sept")))
            return true;
    return false;
}

/* What a word's spelling tells: the table clues.tsv has beginnings of words, the longest counts. */
static int spelling(const nr_table *beginnings, nr_view w)
{
    enum { SHORTEST = 3, LONGEST = 12 };
    char lower[LONGEST];
    size_t n = w.n < LONGEST ? w.n : LONGEST;
    for (size_t i = 0; i < n; i++)
        lower[i] = nr_ascii_lower(w.p[i]);
    for (; n >= SHORTEST; n--) {
        const nr_row *row = nr_table_find(beginnings, (nr_view){lower, n});
        if (row)
            return nr_view_is(row->column[0], "us") ? 2 : nr_view_is(row->column[0], "gb") ? -2 : 0;
    }
    return 0;
}

int nr_style_clues(const nr_table *beginnings, nr_view text)
{
    enum { MOST = 16384 };
    int clues = 0;
    bool day = false, month = false; /* what stands before */
    size_t n = text.n < MOST ? text.n : MOST;
    for (size_t i = 0, from = 0; i < n; from = i) {
        char c = text.p[i++];
        if (nr_ascii_alpha(c)) {
            while (i < n && nr_ascii_alpha(text.p[i]))
                i++;
            nr_view w = {text.p + from, i - from};
            month = is_month(w);
            clues += (month && day ? -2 : 0) + spelling(beginnings, w);
            day = day && w.n == 2; /* "5th", "5 of" */
        } else if (nr_ascii_digit(c)) {
            while (i < n && nr_ascii_digit(text.p[i]))
                i++;
            day = i - from <= 2;
            clues += month && day ? 2 : 0;
            month = false;
        } else {
            clues += c == '$' ? 1 : (unsigned char)c == 0xA3 && from && (unsigned char)text.p[from - 1] == 0xC2 ? -2 : 0;
            if (c != ' ' && c != '.')
                day = month = false;
        }
    }
    return clues;
}
