/* French: dates, times and ordinals; the rest is in continental.c. */
#include "normalise/continental.h"

static void say_day(nr_run *r, uint64_t day, nr_span s)
{
    nr_say_number(r, day == 1 ? NR_FORM_ORDINAL : NR_FORM_CARDINAL, day, s.start, s.end); /* premier, deux, trois */
}

/* "3 mai 2023", "1er mai", "03/04/2023" */
static bool date(nr_run *r, uint32_t *at, const nr_cfigure *f)
{
    nr_span d, m, y;
    uint32_t end;
    if (nr_numeric_date(r, *at, &d, &m, &y)) {
        uint64_t year = nr_number(r, y);
        say_day(r, nr_number(r, d), d);
        nr_say_month(r, (int)nr_number(r, m), m.start, m.end);
        nr_say_number(r, NR_FORM_CARDINAL, nr_length(y) == 2 ? year + (year < 40 ? 2000 : 1900) : year, y.start, y.end);
        return nr_make(r, at, d.end > y.end ? d.end : y.end, NR_CLASS_DATE, "numeric date");
    }
    uint32_t digits = nr_digits_end(r, *at), suffix = digits + (nr_stands(r, digits, "er") ? 2 : 0), from = nr_skip_blank(r, suffix);
    uint64_t day = nr_value(nr_text(r, *at, digits));
    int month = day >= 1 && day <= 31 && !f->grouped && from > suffix ? nr_month_at(r, from, &end) : 0;
    if (!month)
        return false;
    say_day(r, day, (nr_span){*at, suffix});
    nr_say_month(r, month, from, end);
    return nr_make(r, at, nr_say_year_behind(r, end, NR_FORM_CARDINAL), NR_CLASS_DATE, "day month");
}

/* "20 h 15", "20h15", "9h", "20:15" */
static bool time_of_day(nr_run *r, uint32_t *at, const nr_cfigure *f)
{
    uint32_t h_end = nr_digits_end(r, *at), h = nr_skip_blank(r, h_end);
    uint64_t hour = nr_value(nr_text(r, *at, h_end));
    bool colon = nr_at(r, h_end) == ':', letter = nr_at(r, h) == 'h' && !nr_letter_at(r, h + 1);
    uint32_t m = colon ? h_end + 1 : nr_skip_blank(r, h + 1), m_end = nr_digits_end(r, m);
    bool minutes = m_end == m + 2 && nr_value(nr_text(r, m, m_end)) < 60;
    if (h_end - *at > 2 || hour > 24 || f->grouped || !(letter || (colon && minutes && nr_ends_word(r, m_end))))
        return false;
    uint32_t end = minutes ? m_end : h + 1;
    nr_say_number(r, NR_FORM_FEMININE, hour, *at, h_end);
    nr_say_s(r, hour < 2 ? "heure" : "heures", h_end, minutes ? m : end);
    if (minutes && nr_value(nr_text(r, m, m_end)))
        nr_say_number(r, NR_FORM_CARDINAL, nr_value(nr_text(r, m, m_end)), m, m_end);
    return nr_make(r, at, end, NR_CLASS_TIME, "hour and minute");
}

/* "1er", "1re", "2e", "19ème", "2nd", "2nde" */
static bool ordinal(nr_run *r, uint32_t *at, const nr_cfigure *f)
{
    static const struct {
        const char *suffix;
        nr_form form;
    } all[] = {{"er", NR_FORM_ORDINAL}, {"re", NR_FORM_OBLIQUE}, {"\xC3\xA8re", NR_FORM_OBLIQUE}, {"\xC3\xA8me", NR_FORM_ORDINAL},
               {"eme", NR_FORM_ORDINAL}, {"nde", NR_FORM_OBLIQUE}, {"nd", NR_FORM_ORDINAL}, {"e", NR_FORM_ORDINAL}};
    uint32_t from = f->all.end;
    for (size_t i = 0; i < sizeof all / sizeof *all && !nr_length(f->fraction); i++) {
        uint32_t end = from + (uint32_t)strlen(all[i].suffix);
        if (!nr_stands(r, from, all[i].suffix) || (nr_letter_at(r, end) && !(nr_at(r, end) == 's' && nr_ends_word(r, end + 1))))
            continue;
        nr_say_number(r, all[i].form, f->value, *at, end);
        return nr_make(r, at, end + (nr_at(r, end) == 's'), NR_CLASS_ORDINAL, "ordinal");
    }
    return false;
}

/* "deux tiers", "un quart", "deux et demi" */
static void fraction(nr_run *r, uint64_t whole, uint64_t above, uint64_t below, nr_span s)
{
    static const char *const names[][2] = {{"demi", "demis"}, {"tiers", "tiers"}, {"quart", "quarts"}};
    if (whole) {
        nr_say_number(r, NR_FORM_CARDINAL, whole, s.start, s.end);
        nr_say_s(r, "et", s.start, s.end);
    }
    if (!(whole && below == 2))
        nr_say_number(r, NR_FORM_CARDINAL, above, s.start, s.end);
    if (below >= 2 && below <= 4) {
        nr_say_s(r, names[below - 2][above > 1], s.start, s.end);
        return;
    }
    nr_say_number(r, NR_FORM_ORDINAL, below, s.start, s.end);
    if (above > 1)
        nr_inflect(r, "s", s.end);
}

static const nr_continent french = {"virgule", "point", "\xC3\xA0", "\xC3\xA0", "par", "moins", NR_FORM_CARDINAL, true, true, date, time_of_day, ordinal, fraction};

/* "le XIXe siècle", "Napoléon Ier", "la IIIe République" */
static bool roman_ordinal(nr_run *r, uint32_t *at)
{
    static const struct {
        const char *suffix;
        nr_form form;
    } all[] = {{"er", NR_FORM_ORDINAL}, {"re", NR_FORM_OBLIQUE}, {"\xC3\xA8me", NR_FORM_ORDINAL}, {"\xE1\xB5\x89", NR_FORM_ORDINAL}, {"e", NR_FORM_ORDINAL}};
    uint32_t end = *at;
    while (end - *at < 8 && nr_at(r, end) && strchr("IVX", nr_at(r, end)))
        end++;
    int value = end > *at ? nr_roman_value(nr_text(r, *at, end)) : 0;
    for (size_t i = 0; i < sizeof all / sizeof *all && value; i++) {
        uint32_t behind = end + (uint32_t)strlen(all[i].suffix);
        bool first = all[i].suffix[1] == 'r' || all[i].suffix[0] == 'r'; /* "Ier", "Ire"; but "Vers" is a word */
        if ((first && value != 1) || !nr_stands(r, end, all[i].suffix) || (nr_letter_at(r, behind) && !(nr_at(r, behind) == 's' && nr_ends_word(r, behind + 1))))
            continue;
        nr_say_number(r, all[i].form, (uint64_t)value, *at, behind);
        return nr_make(r, at, behind + (nr_at(r, behind) == 's'), NR_CLASS_ROMAN, "ordinal");
    }
    return false;
}

/* "n° 7", "Nº 7" */
static bool numero(nr_run *r, uint32_t *at)
{
    uint32_t sign = *at + 1, from = nr_skip_blank(r, sign + 2);
    if ((nr_at(r, *at) | 32) != 'n' || !(nr_stands(r, sign, "\xC2\xB0") || nr_stands(r, sign, "\xC2\xBA")) || !nr_digit_at(r, from))
        return false;
    nr_say_s(r, "num\xC3\xA9ro", *at, sign + 2);
    return nr_make(r, at, sign + 2, NR_CLASS_ABBREVIATION, "number");
}

/* "l'UE", "d'EDF", "l'OTAN": capitals behind an elided word, in one breath with it. */
static bool elided(nr_run *r, uint32_t *at)
{
    uint32_t mark = *at + 1 + (nr_at(r, *at + 1) == 'u'), from = mark + nr_apostrophe_at(r, mark), end = from;
    while (nr_ascii_upper(nr_at(r, end)))
        end++;
    if (from == mark || end < from + 2 || end - from > 12 || !nr_ends_word(r, end) || !nr_in_list(nr_text(r, *at, mark), "l d j m t s n c qu"))
        return false;
    nr_say_capitals(r, from, end);
    nr_word *last = r->word_count == 1 ? &r->words[0] : NULL;
    char *said = last ? nr_arena_alloc(r->arena, mark - *at + 1 + 2 * last->say.n) : NULL;
    if (!said) {
        nr_unsay(r);
        return false;
    }
    size_t n = mark - *at;
    memcpy(said, r->text + *at, n);
    said[n++] = '\'';
    for (size_t i = 0; i < last->say.n; i++) {
        if (i && last->flags & NR_WORD_LETTERS)
            said[n++] = '.';
        said[n++] = last->say.p[i];
    }
    last->say = (nr_view){said, n};
    last->flags &= (uint16_t)~NR_WORD_LETTERS;
    last->span.start = *at;
    return nr_make(r, at, end, NR_CLASS_LETTERS, "capitals behind an elision");
}

/* "St-Étienne", "Ste-Foy" */
static bool saint(nr_run *r, uint32_t *at)
{
    uint32_t end = nr_stands(r, *at, "Ste-") ? *at + 3 : nr_stands(r, *at, "St-") ? *at + 2 : 0;
    if (!end || !nr_letter_at(r, end + 1) || nr_at(r, end + 1) >= 'a')
        return false;
    nr_say_s(r, end - *at == 3 ? "Sainte" : "Saint", *at, end);
    return nr_make(r, at, end, NR_CLASS_ABBREVIATION, "saint");
}

static bool word(nr_run *r, uint32_t *at)
{
    return (nr_begins_word(r, *at) && (saint(r, at) || roman_ordinal(r, at) || numero(r, at) || elided(r, at))) || nr_continental_word(r, at);
}
static bool number(nr_run *r, uint32_t *at) { return nr_continental_number(r, at, &french); }
static bool sign(nr_run *r, uint32_t *at) { return nr_continental_sign(r, at, &french); }

const nr_language nr_french = {"fr", number, word, sign, "et"};
