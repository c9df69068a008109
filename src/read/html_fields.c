#include "read/html_fields.h"

#include "base/utf8.h"
#include "read/lines.h"

enum { FIELD = 1000 };

/* Data in scripts is often escaped once more, as if it were mark-up: "&amp;", "&#39;", "&#x27;". Returns the bytes of
 * the reference at v, 0 when there is none. */
static size_t reference_at(nr_view v, uint32_t *code)
{
    static const struct {
        const char *name;
        uint32_t code;
    } names[] = {{"&amp;", '&'},      {"&quot;", '"'},     {"&apos;", '\''},    {"&lt;", '<'},
                 {"&gt;", '>'},       {"&nbsp;", ' '},     {"&rsquo;", 0x2019}, {"&lsquo;", 0x2018},
                 {"&rdquo;", 0x201D}, {"&ldquo;", 0x201C}, {"&ndash;", 0x2013}, {"&mdash;", 0x2014},
                 {"&hellip;", 0x2026}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nr_view_starts(v, nr_view_of(names[i].name))) {
            *code = names[i].code;
            return strlen(names[i].name);
        }
    if (!nr_view_starts(v, NR_LIT("&#")))
        return 0;
    size_t i = 2;
    bool hex = i < v.n && nr_ascii_lower(v.p[i]) == 'x';
    i += hex;
    size_t digits = i;
    for (*code = 0; i < v.n && i < digits + 7; i++) {
        char c = nr_ascii_lower(v.p[i]);
        uint32_t d = nr_ascii_digit(c)             ? (uint32_t)(c - '0')
                     : hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                                                   : 99;
        if (d == 99)
            break;
        *code = *code * (hex ? 16 : 10) + d;
    }
    return i > digits && i < v.n && v.p[i] == ';' && *code >= ' ' ? i + 1 : 0;
}

const char *nr_fields_keep(nr_html_fields *f, nr_view v)
{
    v = nr_view_trim(v);
    if (v.n == 0 || v.n > FIELD)
        return NULL;
    nr_buffer flat = NR_BUFFER_INIT(FIELD * 2);
    bool space = false;
    for (const char *p = v.p, *end = v.p + v.n; p < end;) {
        int length;
        uint32_t c = nr_utf8_decode(p, end, &length);
        size_t reference = c == '&' ? reference_at((nr_view){p, (size_t)(end - p)}, &c) : 0;
        length = reference ? (int)reference : length;
        bool blank = nr_code_is_space(c) || c < ' ';
        if (!blank && space)
            nr_buffer_put_char(&flat, ' ');
        if (!blank)
            nr_buffer_put_code(&flat, c);
        space = blank && flat.n;
        p += length;
    }
    const char *s = flat.n ? nr_arena_string(&f->page->doc->arena, nr_buffer_view(&flat)) : NULL;
    f->failed = f->failed || (flat.n && !s);
    nr_buffer_free(&flat);
    return s;
}

void nr_fields_set(nr_html_fields *f, const char **field, nr_view v)
{
    if (!*field && v.n)
        *field = nr_fields_keep(f, v);
}

void nr_fields_date(nr_html_fields *f, nr_view *field, nr_view v)
{
    nr_date d;
    if (!field->n && v.n && (nr_date_from_iso(v, &d) || nr_date_from_line(f->page->furniture, v, &d)))
        *field = nr_arena_copy(&f->page->doc->arena, v);
}

/* "Ann Lee, The Quay", where that is the publisher. */
static nr_view without_house(const nr_html_fields *f, nr_view v)
{
    nr_view house = nr_view_of(f->m->publisher ? f->m->publisher : "");
    if (!house.n || v.n < house.n + 4)
        return v;
    nr_view end = {v.p + v.n - house.n, house.n}, rest = {v.p, v.n - house.n - 2};
    return nr_view_eq_nocase(end, house) && memcmp(rest.p + rest.n, ", ", 2) == 0 ? rest : v;
}

void nr_fields_author(nr_html_fields *f, nr_view v)
{
    v = without_house(f, nr_author_clean(f->page->furniture, v));
    if (!v.n || f->m->author)
        return;
    if (f->m->publisher && nr_html_same_text(v, nr_view_of(f->m->publisher)))
        nr_fields_set(f, &f->house, v);
    else
        nr_fields_set(f, &f->m->author, v);
}

void nr_fields_fallback(nr_html_fields *f)
{
    if (!f->m->author)
        f->m->author = f->house;
}

/* ---------------------------------------------------------------- authors */

static bool is_address(nr_view v)
{
    return nr_view_starts_nocase(v, NR_LIT("http")) || nr_view_starts(v, NR_LIT("//")) ||
           nr_view_starts(v, NR_LIT("www.")) || (nr_view_find_byte(v, '@') && !nr_view_find_byte(v, ' '));
}

/* The name of an account: "jsmith-2", "site_admin". */
static bool is_login(nr_view v)
{
    bool capital = false, space = false;
    for (size_t i = 0; i < v.n; i++) {
        capital = capital || nr_ascii_upper(v.p[i]) || (unsigned char)v.p[i] >= 0x80;
        space = space || v.p[i] == ' ';
    }
    nr_view end = {v.p + (v.n > 5 ? v.n - 5 : 0), v.n > 5 ? 5 : v.n};
    return !space && (!capital || nr_view_eq_nocase(end, NR_LIT("admin")));
}

/* Bytes before what follows a name: " | The Paper", " - The Paper", a date. */
static size_t name_length(const nr_furniture *f, nr_view v)
{
    static const char *const marks[] = {" | ", " - ", " \xE2\x80\x93 ", " \xE2\x80\x94 ", " \xC2\xB7 ", " \xE2\x80\xA2 "};
    size_t n = v.n;
    for (size_t i = 0; n && i < sizeof marks / sizeof *marks; i++) {
        const char *at = memmem(v.p, n, marks[i], strlen(marks[i]));
        n = at && at > v.p + 2 ? (size_t)(at - v.p) : n;
    }
    nr_date date;
    for (size_t i = 3; i < n; i++)
        if (v.p[i - 1] == ' ' && nr_date_from_line(f, (nr_view){v.p + i, n - i}, &date))
            n = i;
    return n;
}

nr_view nr_author_clean(const nr_furniture *f, nr_view v)
{
    v = nr_view_trim(v);
    if (v.n < 2)
        return (nr_view){NULL, 0};
    nr_view inner = nr_furniture_author(f, v);
    if (inner.p)
        v = inner;
    v.n = v.n < 250 ? name_length(f, v) : v.n;
    v = nr_view_trim(v);
    while (v.n && strchr(",;|.:", v.p[v.n - 1]) && !(v.p[v.n - 1] == '.' && v.n > 2 && v.p[v.n - 3] == ' '))
        v.n--;
    if (v.n < 2 || v.n > 200 || is_address(v) || nr_view_find_byte(v, '{') || nr_ascii_digit(v.p[0]) || is_login(v))
        return (nr_view){NULL, 0};
    return v;
}

size_t nr_author_add(const nr_furniture *f, nr_view names[NR_AUTHORS], size_t count, nr_view v)
{
    v = nr_author_clean(f, v);
    for (size_t i = 0; i < count && v.p; i++)
        if (nr_view_starts_nocase(v, names[i]))
            return count;
    if (v.p && count < NR_AUTHORS)
        names[count++] = v;
    return count;
}

const char *nr_author_join(nr_html_fields *f, const nr_view *names, size_t count)
{
    nr_buffer b = NR_BUFFER_INIT(FIELD);
    for (size_t i = 0; i < count; i++) {
        if (i)
            nr_buffer_put_string(&b, i + 1 == count ? " and " : ", ");
        nr_buffer_put_view(&b, names[i]);
    }
    const char *s = b.failed || !b.n ? NULL : nr_fields_keep(f, nr_buffer_view(&b));
    nr_buffer_free(&b);
    return s;
}
