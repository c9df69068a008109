/* German and French numbers: the rules that they share. */
#include "normalise/continental.h"
#include "normalise/cldr.h"
#include "base/utf8.h"

/* ---------------------------------------------------------------- figures */

/* Three digits, and no fourth, behind a separator of thousands at `at`: their end, else 0. */
static uint32_t group_end(const nr_run *r, uint32_t at)
{
    uint32_t n = nr_at(r, at) == '.' || nr_at(r, at) == ' ' ? 1 : nr_stands(r, at, "\xC2\xA0") ? 2
               : nr_stands(r, at, "\xE2\x80\xAF") || nr_stands(r, at, "\xE2\x80\x89")            ? 3
                                                                                                 : 0;
    uint32_t from = at + n;
    return n && nr_digit_at(r, from) && nr_digit_at(r, from + 1) && nr_digit_at(r, from + 2) && !nr_digit_at(r, from + 3) ? from + 3 : 0;
}

bool nr_cfigure_at(const nr_run *r, uint32_t at, nr_cfigure *f)
{
    enum { MOST = 15 };
    uint32_t end = at, next;
    while (end - at <= MOST && nr_digit_at(r, end))
        end++;
    *f = (nr_cfigure){{at, end}, {at, end}, {end, end}, 0, false};
    if (end == at || end - at > MOST)
        return false;
    while (end - at <= 3 + 16 && nr_at(r, at) != '0' && (f->grouped || end - at <= 3) && (next = group_end(r, end)) > 0) {
        end = next;
        f->grouped = true;
    }
    f->whole.end = f->all.end = end;
    f->value = nr_number(r, f->whole);
    if (nr_at(r, end) == ',' && nr_digit_at(r, end + 1)) {
        f->fraction = (nr_span){end + 1, end + 1};
        while (nr_length(f->fraction) < MOST && nr_digit_at(r, f->fraction.end))
            f->fraction.end++;
        f->all.end = f->fraction.end;
    }
    return true;
}

static void say_figure(nr_run *r, const nr_cfigure *f, nr_form form, const nr_continent *c)
{
    nr_say_number(r, nr_length(f->fraction) ? NR_FORM_CARDINAL : form, f->value, f->whole.start, f->whole.end);
    if (!nr_length(f->fraction))
        return;
    nr_say_s(r, c->comma, f->whole.end, f->fraction.start);
    if (c->fraction_as_number && nr_length(f->fraction) <= 3 && nr_at(r, f->fraction.start) != '0')
        nr_say_part(r, NR_FORM_CARDINAL, f->fraction);
    else
        nr_say_digits(r, nr_part(r, f->fraction), false, f->fraction.start, f->fraction.end);
}

/* ---------------------------------------------------------------- dates */

int nr_month_at(nr_run *r, uint32_t at, uint32_t *end)
{
    nr_view word = nr_next_word(r, at);
    if (word.n < 3 || word.p != r->text + at)
        return 0;
    for (int m = 1; m <= 12; m++) {
        nr_view full = nr_view_of(nr_cldr_month(r->norm->cldr, m, false)), brief = nr_view_of(nr_cldr_month(r->norm->cldr, m, true));
        *end = at + (uint32_t)word.n;
        if (nr_view_eq_nocase(word, full))
            return m;
        if (brief.n && brief.p[brief.n - 1] == '.')
            brief.n--;
        if (!nr_view_eq_nocase(word, brief) && !(nr_view_starts_nocase(full, word) && nr_at(r, *end) == '.'))
            continue;
        *end += nr_at(r, *end) == '.' && !nr_ends_sentence(r, *end + 1);
        return m;
    }
    return 0;
}

void nr_say_month(nr_run *r, int month, uint32_t from, uint32_t to)
{
    nr_say(r, nr_view_of(nr_cldr_month(r->norm->cldr, month, false)), from, to);
}

bool nr_numeric_date(const nr_run *r, uint32_t at, nr_span *d, nr_span *m, nr_span *y)
{
    nr_match match;
    if (!nr_scan_number(r->text, at, r->end, &match) || (match.shape != NR_SHAPE_DOTS3 && match.shape != NR_SHAPE_SLASH3 && match.shape != NR_SHAPE_DASH3))
        return false;
    if (!nr_begins_word(r, at) || (at > r->start && r->text[at - 1] == '-') || nr_in_list(nr_previous_word(r, at), "version release kernel"))
        return false;
    bool iso = nr_length(match.part[0]) == 4;
    *d = match.part[iso ? 2 : 0], *m = match.part[1], *y = match.part[iso ? 0 : 2];
    uint64_t day = nr_number(r, *d), month = nr_number(r, *m);
    return nr_length(*d) <= 2 && nr_length(*m) <= 2 && (nr_length(*y) == 4 || nr_length(*y) == 2) && day >= 1 && day <= 31 && month >= 1 && month <= 12 &&
           nr_ends_word(r, match.end);
}

uint32_t nr_say_year_behind(nr_run *r, uint32_t at, nr_form form)
{
    nr_span s = {nr_skip_blank(r, at), 0};
    s.end = nr_digits_end(r, s.start);
    uint64_t v = nr_number(r, s);
    if (s.start == at || nr_length(s) != 4 || v < 1000 || v > 2999 || !nr_ends_word(r, s.end))
        return at;
    nr_say_part(r, form, s);
    return s.end;
}

/* ---------------------------------------------------------------- amounts */

/* A magnitude of the table's class "magnitude" behind a figure: "Mio.", "Mrd.", "millions d'". */
static const nr_row *magnitude_at(const nr_run *r, uint32_t at, nr_span *s)
{
    s->start = nr_skip_blank(r, at);
    nr_view word = nr_text(r, s->start, nr_letters_end(r, s->start));
    const nr_row *row = word.n && !nr_letter_at(r, s->start + (uint32_t)word.n) ? nr_table_find(r->norm->units, word) : NULL;
    if (!row || !nr_view_is(row->column[0], "magnitude"))
        return NULL;
    s->end = s->start + (uint32_t)word.n;
    s->end += nr_at(r, s->end) == '.' && !nr_ends_sentence(r, s->end + 1);
    return row;
}

/* The longest key of a table at `at`, past a blank, that a word's end follows. */
static const nr_row *key_at(const nr_run *r, const nr_table *t, uint32_t at, nr_span *s)
{
    enum { MOST = 10 };
    s->start = nr_skip_blank(r, at);
    for (uint32_t n = MOST; n >= 1; n--) {
        s->end = s->start + n;
        if (s->end > r->end || ((unsigned char)nr_at(r, s->end) & 0xC0) == 0x80 || (nr_ascii_alpha(r->text[s->end - 1]) && !nr_ends_word(r, s->end)))
            continue;
        const nr_row *row = nr_table_find(t, nr_part(r, *s));
        if (row && !nr_view_is(row->column[0], "magnitude"))
            return row;
    }
    return NULL;
}

/* Names stand in the table where people say another than CLDR's; columns: ISO code or CLDR's unit, one, more. */
static void say_name(nr_run *r, const nr_row *row, bool currency, bool plural, const char *joint, nr_span s)
{
    nr_view name = row->column[plural ? 2 : 1];
    if (!name.n && !(currency ? nr_cldr_currency : nr_cldr_unit)(r->norm->cldr, row->column[0], plural, r->arena, &name))
        name = nr_part(r, s);
    nr_buffer b = NR_BUFFER_INIT(UINT32_MAX); /* "millions de dollars", "millions d'euros" */
    if (*joint && strchr("aeiouAEIOU", name.p[0]))
        nr_buffer_printf(&b, "%c'", joint[0]);
    else if (*joint)
        nr_buffer_printf(&b, "%s ", joint);
    nr_buffer_put_view(&b, name);
    r->failed = b.failed ? b.failed : r->failed;
    nr_say(r, nr_buffer_view(&b), s.start, s.end);
    nr_buffer_free(&b);
}

/* More than one, as the language counts: in French 1,9 is singular. */
static bool is_plural(const nr_run *r, const nr_cfigure *f)
{
    bool french = nr_view_is(nr_view_of(r->norm->language->tag), "fr");
    return french ? f->value >= 2 : f->value != 1 || nr_length(f->fraction);
}

static void say_money(nr_run *r, const nr_cfigure *f, const nr_row *money, nr_span sign, const nr_continent *c)
{
    nr_cfigure whole = *f;
    bool cents = nr_length(f->fraction) == 2;
    if (cents)
        whole.fraction.end = whole.fraction.start;
    say_figure(r, &whole, NR_FORM_COUNTING, c);
    say_name(r, money, true, is_plural(r, &whole), "", sign);
    if (cents && nr_number(r, f->fraction))
        nr_say_part(r, NR_FORM_CARDINAL, f->fraction);
}

/* "10-20": the second figure; what is said is the first and "to". */
static bool say_range(nr_run *r, nr_cfigure *f, const nr_continent *c)
{
    uint32_t dash = nr_dash_at(r, f->all.end);
    nr_cfigure second;
    if (!dash || !nr_cfigure_at(r, f->all.end + dash, &second) || second.value <= f->value || nr_dash_at(r, second.all.end))
        return false;
    bool year = nr_length(f->whole) == 4 && !f->grouped && f->value > 1000 && f->value < 2100;
    say_figure(r, f, year ? c->years : NR_FORM_CARDINAL, c);
    nr_say_s(r, c->to, f->all.end, f->all.end + dash);
    *f = second;
    return true;
}

/* "1,66 €/kg": what stands behind a stroke. Its end, or `at`. */
static uint32_t say_per(nr_run *r, uint32_t at, const nr_continent *c)
{
    nr_span s;
    const nr_row *unit = nr_at(r, at) == '/' && nr_letter_at(r, at + 1) ? key_at(r, r->norm->units, at + 1, &s) : NULL;
    if (!unit || s.start != at + 1)
        return at;
    nr_say_s(r, c->per, at, at + 1);
    say_name(r, unit, false, false, "", s);
    return s.end;
}

static bool amount(nr_run *r, uint32_t *at, const nr_cfigure *first, const nr_continent *c)
{
    nr_cfigure f = *first;
    nr_span times, s;
    bool range = say_range(r, &f, c);
    const nr_row *magnitude = magnitude_at(r, f.all.end, &times);
    uint32_t end = magnitude ? times.end : f.all.end;
    const nr_row *money = key_at(r, r->norm->currencies, end, &s), *unit = money ? NULL : key_at(r, r->norm->units, end, &s);
    if (magnitude) {
        say_figure(r, &f, NR_FORM_FEMININE, c);
        nr_say_fixed(r, magnitude->column[is_plural(r, &f) ? 2 : 1], times.start, times.end);
    }
    const char *joint = magnitude && magnitude->column[3].n ? "de" : "";
    if (money && magnitude)
        say_name(r, money, true, true, joint, s);
    else if (money)
        say_money(r, &f, money, s, c);
    else if (unit) {
        if (!magnitude)
            say_figure(r, &f, NR_FORM_COUNTING, c);
        say_name(r, unit, false, is_plural(r, &f) || magnitude, joint, s);
    }
    if (!money && !unit && !magnitude && !range)
        return false;
    if (!money && !unit && !magnitude) {
        bool year = nr_length(f.whole) == 4 && !f.grouped && f.value > 1000 && f.value < 2100;
        say_figure(r, &f, year ? c->years : NR_FORM_CARDINAL, c);
    }
    bool percent = unit && nr_view_is(unit->column[0], "percent");
    nr_class class = money ? NR_CLASS_MONEY : percent ? NR_CLASS_PERCENT : unit ? NR_CLASS_MEASURE : magnitude ? NR_CLASS_CARDINAL : NR_CLASS_RANGE;
    return nr_make(r, at, money || unit ? say_per(r, s.end, c) : magnitude ? end : f.all.end, class, "figure and what follows");
}

/* "2:1", "1/3" are left to the figures' rules of each; a plain number, or a year. */
static bool plain(nr_run *r, uint32_t *at, const nr_cfigure *f, const nr_continent *c)
{
    bool year = nr_length(f->all) == 4 && !f->grouped && f->value >= 1100 && f->value < 2100;
    bool code = nr_length(f->all) > 1 && nr_at(r, *at) == '0' && !nr_length(f->fraction);
    if (code)
        nr_say_digits(r, nr_part(r, f->all), false, *at, f->all.end);
    else
        say_figure(r, f, year ? c->years : nr_kinds_after(r, f->all.end) & NR_KIND_FEMININE ? NR_FORM_FEMININE : NR_FORM_CARDINAL, c);
    return nr_make(r, at, f->all.end, year ? NR_CLASS_YEAR : nr_length(f->fraction) ? NR_CLASS_DECIMAL : NR_CLASS_CARDINAL, year ? "year" : "figure");
}

bool nr_continental_number(nr_run *r, uint32_t *at, const nr_continent *c)
{
    nr_cfigure f;
    if (!nr_digit_at(r, *at))
        return false;
    if (!nr_cfigure_at(r, *at, &f)) {
        uint32_t end = *at + 1;
        while (end - *at < 64 && nr_digit_at(r, end))
            end++;
        nr_say_digits(r, nr_text(r, *at, end), false, *at, end);
        return nr_make(r, at, end, NR_CLASS_DIGITS, "too long for a number");
    }
    return c->date(r, at, &f) || c->time(r, at, &f) || nr_continental_shape(r, at, c) || amount(r, at, &f, c) || c->ordinal(r, at, &f) || plain(r, at, &f, c);
}

/* ---------------------------------------------------------------- signs and words */

bool nr_continental_sign(nr_run *r, uint32_t *at, const nr_continent *c)
{
    nr_span s;
    nr_cfigure f;
    const nr_row *money = (unsigned char)nr_at(r, *at) >= 0xC2 || nr_at(r, *at) == '$' ? key_at(r, r->norm->currencies, *at, &s) : NULL;
    if (money && s.start == *at && nr_cfigure_at(r, nr_skip_blank(r, s.end), &f)) {
        say_money(r, &f, money, s, c);
        return nr_make(r, at, f.all.end, NR_CLASS_MONEY, "currency sign");
    }
    if (nr_at(r, *at) == '+' && nr_digit_at(r, *at + 1) && nr_continental_shape(r, at, c))
        return true;
    uint32_t dash = nr_dash_at(r, *at);
    bool open = *at == r->start || nr_ascii_space(r->text[*at - 1]) || r->text[*at - 1] == '(';
    if (dash && open && nr_digit_at(r, *at + dash)) {
        nr_say_s(r, c->minus, *at, *at + dash);
        return nr_make(r, at, *at + dash, NR_CLASS_SYMBOL, "minus");
    }
    return nr_continental_vulgar(r, at, c) || nr_rule_symbol(r, at);
}

bool nr_continental_word(nr_run *r, uint32_t *at)
{
    nr_match m;
    if (!nr_ascii_alpha(nr_at(r, *at)))
        return nr_rule_plain_word(r, at) || nr_rule_symbol(r, at);
    if (nr_rule_abbreviation(r, at))
        return true;
    /* letters in capitals, when there are few enough: longer ones are words or known */
    if (nr_scan_word(r->text, *at, r->end, &m) && (m.shape != NR_SHAPE_CAPITALS || nr_length(m.part[0]) > 1) && nr_rule_letters(r, at))
        return true;
    return nr_rule_plain_word(r, at) || nr_rule_symbol(r, at);
}
