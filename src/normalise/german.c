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
    uint32_t last = nr_in_list(next, "bis und oder") ? nr_skip_blank(r, (uint32_t)(next.p - r->text) + (uint32_t)next.n) : 0;
    if (last && nr_digit_at(r, last) && nr_at(r, nr_digits_end(r, last)) == '.' && form == NR_FORM_STRONG) /* "3. bis 5. Mai" */
        form = NR_FORM_OBLIQUE;
    if (!plain || nr_at(r, f->all.end) != '.' || nr_skip_blank(r, end) == end || nr_ends_sentence(r, end) || form == NR_FORM_STRONG || !next.n)
        return false;
    nr_say_number(r, form, f->value, *at, end);
    return nr_make(r, at, end, NR_CLASS_ORDINAL, "ordinal");
}

/* "die 1980er Jahre", "ein 68er" */
static bool decade(nr_run *r, uint32_t *at, const nr_cfigure *f)
{
    uint32_t end = nr_letters_end(r, f->all.end);
    nr_view suffix = nr_text(r, f->all.end, end);
    if (f->grouped || nr_length(f->fraction) || !nr_in_list(suffix, "er ern") || !nr_ends_word(r, end))
        return false;
    nr_say_number(r, nr_length(f->all) == 4 ? NR_FORM_YEAR : NR_FORM_CARDINAL, f->value, *at, f->all.end);
    nr_inflect(r, suffix.n == 2 ? "er" : "ern", end);
    return nr_make(r, at, end, NR_CLASS_YEAR, "decade");
}

/* ", 10115 Berlin" */
static bool post_code(nr_run *r, uint32_t *at, const nr_cfigure *f)
{
    bool address = *at > r->start + 1 && r->text[*at - 1] == ' ' && r->text[*at - 2] == ',';
    if (!address || f->grouped || nr_length(f->all) != 5 || !nr_starts_upper(nr_next_word(r, f->all.end)))
        return false;
    nr_say_digits(r, nr_part(r, f->all), false, *at, f->all.end);
    return nr_make(r, at, f->all.end, NR_CLASS_ADDRESS, "post code");
}

static bool ordinal_like(nr_run *r, uint32_t *at, const nr_cfigure *f) { return decade(r, at, f) || post_code(r, at, f) || ordinal(r, at, f); }

/* "Karl V.", "Ludwigs XIV.", "Elisabeth II.": the fifth, behind the name of a ruler. */
static bool ruler(nr_run *r, uint32_t *at)
{
    uint32_t end = *at;
    while (end - *at < 8 && nr_at(r, end) && strchr("IVX", nr_at(r, end)))
        end++;
    int value = end > *at && nr_at(r, end) == '.' ? nr_roman_value(nr_text(r, *at, end)) : 0;
    nr_view name = nr_previous_word(r, *at), stem = name;
    bool genitive = name.n > 3 && name.p[name.n - 1] == 's' && !nr_kinds(r, name);
    stem.n -= genitive;
    uint32_t kinds = nr_kinds(r, stem);
    if (!value || value > 30 || !nr_starts_upper(name) || !(kinds & NR_KIND_NAME))
        return false;
    nr_view next = nr_next_word(r, end + 1), governs = nr_previous_word(r, (uint32_t)(name.p - r->text));
    bool begins = nr_ends_sentence(r, end + 1) || nr_starts_sentence(r, next), feminine = kinds & NR_KIND_FEMININE;
    if (end == *at + 1 && nr_starts_upper(next) && !begins) /* "Karl V. Roth": an initial */
        return false;
    bool dative = nr_in_list(governs, "mit von bei zu unter nach aus seit"), accusative = nr_in_list(governs, "durch gegen ohne um");
    bool oblique = genitive || dative || (accusative && !feminine);
    const char *article = feminine ? (genitive || dative ? "der" : "die") : genitive ? "des" : dative ? "dem" : accusative ? "den" : "der";
    nr_say_s(r, article, *at, end);
    nr_say_number(r, oblique ? NR_FORM_OBLIQUE : NR_FORM_ORDINAL, (uint64_t)value, *at, end);
    return nr_make(r, at, begins ? end : end + 1, NR_CLASS_ROMAN, "ruler");
}

/* "zwei Drittel", "ein Viertel", "zweieinhalb" */
static void fraction(nr_run *r, uint64_t whole, uint64_t above, uint64_t below, nr_span s)
{
    bool half = below == 2;
    if (whole)
        nr_say_number(r, half ? NR_FORM_COUNTING : NR_FORM_CARDINAL, whole, s.start, s.end);
    if (half && whole) {
        nr_inflect(r, "einhalb", s.end);
        return;
    }
    if (whole)
        nr_say_s(r, "und", s.start, s.end);
    nr_say_number(r, NR_FORM_COUNTING, above, s.start, s.end);
    if (half || below == 3 || below == 7 || below == 8) {
        nr_say_s(r, half ? "halb" : below == 3 ? "Drittel" : below == 7 ? "Siebtel" : "Achtel", s.start, s.end);
        return;
    }
    if (below == 100)
        nr_say_s(r, "hundert", s.start, s.end);
    else
        nr_say_number(r, NR_FORM_CARDINAL, below, s.start, s.end);
    nr_inflect(r, below < 20 ? "tel" : "stel", s.end);
}

static const nr_continent german = {"Komma", "Punkt", "bis", "zu", "pro", "minus", NR_FORM_YEAR, false, false, date, time_of_day, ordinal_like, fraction};

/* "Bismarckstr. 12" */
static bool street(nr_run *r, uint32_t *at)
{
    uint32_t end = *at;
    while (nr_letter_at(r, end) || (end > *at && ((unsigned char)nr_at(r, end) & 0xC0) == 0x80))
        end++;
    if (end - *at < 5 || nr_at(r, end) != '.' || memcmp(r->text + end - 3, "str", 3) != 0 || !nr_digit_at(r, nr_skip_blank(r, end + 1)))
        return false;
    nr_say(r, nr_text(r, *at, end), *at, end);
    nr_inflect(r, "a\xC3\x9F" "e", end + 1);
    return nr_make(r, at, end + 1, NR_CLASS_ABBREVIATION, "street");
}

static bool word(nr_run *r, uint32_t *at) { return (nr_begins_word(r, *at) && (ruler(r, at) || street(r, at))) || nr_continental_word(r, at); }
static bool number(nr_run *r, uint32_t *at) { return nr_continental_number(r, at, &german); }
static bool sign(nr_run *r, uint32_t *at) { return nr_continental_sign(r, at, &german); }

const nr_language nr_german = {"de", number, word, sign, "und"};
