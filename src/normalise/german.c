/* German: dates, times and ordinals; the rest is in continental.c. */
#include "normalise/continental.h"

/* How an ordinal ends, by the word before it: "der dritte", "am dritten", "dritter Mai". */
static nr_form ordinal_form(const nr_run *r, uint32_t at)
{
    nr_view before = nr_previous_word(r, at);
    if (nr_in_list(before, "der die das eine jede diese"))
        return NR_FORM_ORDINAL;
    if (nr_in_list(before, "am dem den des vom im zum zur beim bis seit ab einem einen einer eines nach vor und oder jedem jeden seinem ihrem seiner ihrer"))
        return NR_FORM_OBLIQUE;
    return NR_FORM_STRONG;
}

/* "3. Mai 2023", "3.-5. Mai", "03.04.2023" */
static bool date(nr_run *r, uint32_t *at, const nr_cfigure *f)
{
    nr_span d, m, y;
    uint32_t end;
    nr_form form = ordinal_form(r, *at);
    if (nr_numeric_date(r, *at, &d, &m, &y)) {
        nr_say_part(r, form, d);
        nr_say_month(r, (int)nr_number(r, m), m.start, m.end);
        uint64_t year = nr_number(r, y);
        nr_say_number(r, NR_FORM_YEAR, nr_length(y) == 2 ? year + (year < 40 ? 2000 : 1900) : year, y.start, y.end);
        end = d.end > y.end ? d.end : y.end;
        return nr_make(r, at, end, NR_CLASS_DATE, "numeric date");
    }
    if (f->value < 1 || f->value > 31 || nr_at(r, f->all.end) != '.')
        return false;
    nr_cfigure second;
    uint32_t dash = nr_dash_at(r, f->all.end + 1), from = nr_skip_blank(r, f->all.end + 1);
    bool range = dash && nr_cfigure_at(r, f->all.end + 1 + dash, &second) && nr_at(r, second.all.end) == '.';
    if (range)
        from = nr_skip_blank(r, second.all.end + 1);
    int month = nr_month_at(r, from, &end);
    if (!month)
        return false;
    nr_say_number(r, range && form == NR_FORM_STRONG ? NR_FORM_OBLIQUE : form, f->value, f->all.start, f->all.end + 1);
    if (range) {
        nr_say_s(r, "bis", f->all.end + 1, second.all.start);
        nr_say_number(r, NR_FORM_OBLIQUE, second.value, second.all.start, second.all.end + 1);
    }
    nr_say_month(r, month, from, end);
    return nr_make(r, at, nr_say_year_behind(r, end, NR_FORM_YEAR), NR_CLASS_DATE, "day month");
}

/* "20:15", "20.15 Uhr", "8 Uhr" */
static bool time_of_day(nr_run *r, uint32_t *at, const nr_cfigure *f)
{
    uint32_t h_end = nr_digits_end(r, *at), m = h_end + 1, m_end = nr_digits_end(r, m);
    bool minutes = (nr_at(r, h_end) == ':' || nr_at(r, h_end) == '.') && m_end == m + 2 && nr_value(nr_text(r, m, m_end)) < 60;
    uint64_t hour = nr_value(nr_text(r, *at, h_end));
    uint32_t end = minutes ? m_end : h_end, word = nr_skip_blank(r, end);
    bool said = nr_stands(r, word, "Uhr") && nr_ends_word(r, word + 3);
    if (h_end - *at > 2 || hour > 24 || (!said && !(minutes && nr_at(r, h_end) == ':' && nr_ends_word(r, end))) || f->grouped)
        return false;
    nr_say_number(r, NR_FORM_COUNTING, hour, *at, h_end);
    nr_say_s(r, "Uhr", h_end, said ? word + 3 : end);
    if (minutes && nr_value(nr_text(r, m, m_end)))
        nr_say_number(r, NR_FORM_CARDINAL, nr_value(nr_text(r, m, m_end)), m, m_end);
    return nr_make(r, at, said ? word + 3 : end, NR_CLASS_TIME, "hour and minute");
}

/* "der 3. Platz", "im 19. Jahrhundert": a stop that ends no sentence, before a noun. */
static bool ordinal(nr_run *r, uint32_t *at, const nr_cfigure *f)
{
    uint32_t end = f->all.end + 1;
    nr_form form = ordinal_form(r, *at);
    nr_view next = nr_next_word(r, end);
    bool plain = !f->grouped && !nr_length(f->fraction) && f->value < 1000;
    if (!plain || nr_at(r, f->all.end) != '.' || nr_skip_blank(r, end) == end || nr_ends_sentence(r, end) || form == NR_FORM_STRONG || !next.n)
        return false;
    nr_say_number(r, form, f->value, *at, end);
    return nr_make(r, at, end, NR_CLASS_ORDINAL, "ordinal");
}

static const nr_continent german = {"Komma", "bis", "minus", NR_FORM_YEAR, false, date, time_of_day, ordinal};

static bool number(nr_run *r, uint32_t *at) { return nr_continental_number(r, at, &german); }
static bool sign(nr_run *r, uint32_t *at) { return nr_continental_sign(r, at, &german); }

const nr_language nr_german = {"de", number, nr_continental_word, sign, "und"};
