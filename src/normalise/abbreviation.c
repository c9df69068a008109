/* Abbreviations: the tables say what they mean and where; this decides whether they stand there. */
#include "normalise/engine.h"

enum { ABBREVIATION_MAX = 32, LIST_MAX = 400 };

static bool starts_digit(nr_view v) { return v.n && nr_ascii_digit(v.p[0]); }

/* "St" and "Dr" are streets behind a name or an ordinal, titles before one. With names on both sides a possessive, a
 * house's number or the beginning of a sentence behind tell. */
static bool is_street(const nr_run *r, uint32_t at, uint32_t end, bool stop)
{
    nr_view before = nr_previous_word(r, at), next = nr_next_word(r, end);
    bool name = nr_starts_upper(before) || (starts_digit(before) && nr_ascii_alpha(before.p[before.n - 1]));
    if (!name)
        return false;
    if (!nr_starts_upper(next) || nr_skip_blank(r, end) == end)
        return true;
    uint32_t next_end = (uint32_t)(next.p - r->text) + (uint32_t)next.n;
    if (nr_in_list(next, "NW NE SW SE N S E W") && !nr_letter_at(r, nr_skip_blank(r, next_end))) /* "1st St. NW" */
        return true;
    nr_view earlier = nr_previous_word(r, (uint32_t)(before.p - r->text));
    return nr_view_ends(before, NR_LIT("s")) ? stop || nr_view_ends(before, NR_LIT("'s")) || starts_digit(earlier)
                                             : (stop && nr_starts_sentence(r, next)) || starts_digit(earlier);
}

/* ", Calif.", ", NY 10001", ", Pa": states stand behind a comma. */
static bool is_state(const nr_run *r, uint32_t at, uint32_t end)
{
    uint32_t p = nr_skip_blank(r, end);
    if (nr_dash_at(r, end) || nr_at(r, end) == '/') /* AK-47 */
        return false;
    bool capitals = end - at == 2 && nr_ascii_upper(r->text[at + 1]);
    if (at > 2 && r->text[at - 1] == '-' && strchr("DRI", r->text[at - 2]) && nr_begins_word(r, at - 2)) /* "(R-TX)" */
        return true;
    if (nr_digit_at(r, p) && p > end && nr_digits_end(r, p) == p + 5 && nr_ends_word(r, p + 5)) /* a ZIP code */
        return true;
    if (capitals && nr_at(r, end) == ',' && nr_in_list(nr_next_word(r, end + 1), "PhD MBA MPH MSc JD RN FACS FACP FRCP MPhil")) /* "Ann Roe, MD, PhD" */
        return false;
    if (capitals && !r->norm->style.us) /* in Britain ", QC," and ", SC," stand behind people */
        return false;
    bool comma = at > 1 && r->text[at - 1] == ' ' && r->text[at - 2] == ',';
    bool unlike_words = capitals && !nr_in_list(nr_text(r, at, end), "IN OR ME OK HI OH PA MA LA AL ID CO DE");
    if (comma && unlike_words && nr_starts_lower(nr_next_word(r, end)) && nr_starts_upper(nr_previous_word(r, at - 2))) /* "Bend, CA for a show" */
        return true;
    return comma && (nr_ends_sentence(r, end) || !nr_next_word(r, end).n || nr_kinds_after(r, end) & NR_KIND_MONTH);
}

/* "1211 E Arques Ave": a quarter of the heavens between a house and its street. */
static bool is_direction(const nr_run *r, uint32_t at, uint32_t end)
{
    nr_view before = nr_previous_word(r, at), next = nr_next_word(r, end);
    if (nr_in_list(before, "wind winds") && nr_letters_end(r, at) == at + 2) /* "winds NE 25mph" */
        return true;
    if (starts_digit(next) && next.n > 3 && r->norm->style.us && nr_skip_blank(r, end) > end && nr_in_list((nr_view){next.p + next.n - 2, 2}, "st nd rd th")) /* "on E. 67th St." */
        return true;
    if (at > 2 && r->norm->style.us && nr_letters_end(r, at) == at + 2) { /* "1600 Pennsylvania Ave. NW" */
        nr_view street = nr_previous_word(r, r->text[at - 2] == '.' ? at - 2 : at);
        if (nr_starts_upper(street) && nr_kinds(r, street) & NR_KIND_STREET && !nr_starts_upper(next))
            return true;
    }
    for (size_t i = 1; nr_in_list(next, "of") && i <= 6 && i <= r->count; i++) /* "34km W of", "34km (21 miles) W of" */
        if (r->tokens[r->count - i].class == NR_CLASS_MEASURE)
            return true;
    return starts_digit(before) && nr_skip_blank(r, end) > end && (nr_starts_upper(next) || (starts_digit(next) && nr_ascii_alpha(next.p[next.n - 1])));
}

/* "c. 1850", "c. 40 BC", "c. 12th century": years and centuries, no other figures. */
static bool is_circa(const nr_run *r, uint32_t figure)
{
    uint32_t end = nr_digits_end(r, figure);
    nr_view suffix = nr_text(r, end, nr_letters_end(r, end));
    return (end - figure >= 3 && end - figure <= 4) || (end > figure && (nr_in_list(suffix, "st nd rd th") || nr_in_list(nr_next_word(r, end), "BC BCE AD CE")));
}

/* "Sec. of State", "Sgt. 1st Class", "Gen. (ret.) Roe", "Col (Retd) Roe", "Maj.-Gen. Roe", "Lt-Col Roe", "Mr. & Mrs. Roe",
 * "Chief (Mrs.) Roe": what may stand between a title and a name. */
static bool is_office(const nr_run *r, uint32_t at, uint32_t end, uint32_t next, bool stop)
{
    nr_view word = nr_next_word(r, end);
    bool retired = next > end && (nr_stands(r, next, "(ret") || nr_stands(r, next, "(Ret") || nr_stands(r, next, "(rtd") || nr_stands(r, next, "(Rtd"));
    bool bracketed = at > r->start && r->text[at - 1] == '(' && nr_at(r, end) == ')';
    bool couple = next > end && (nr_stands(r, next, "& ") || nr_view_is(word, "and")) && nr_in_list(nr_next_word(r, (nr_at(r, next) == '&' ? next + 1 : next + 3)), "Mr Mrs Ms Dr");
    bool rank = nr_at(r, end) == '-' && nr_in_list(nr_text(r, end + 1, nr_letters_end(r, end + 1)), "Gen Col Cdr Cmdr General Colonel Commander Adm Admiral");
    return retired || bracketed || couple || rank ||
           (stop && ((next > end && (nr_view_is(word, "of") || nr_view_is(word, "1st"))) || (nr_at(r, end) == '-' && nr_ascii_upper(nr_at(r, end + 1)))));
}

/* "b. 7 Sept. 1533", "d. 24 March" */
static bool is_birthday(const nr_run *r, uint32_t at, uint32_t figure)
{
    uint32_t end = nr_digits_end(r, figure);
    return strchr("bd", nr_at(r, at)) && end > figure && end <= figure + 2 && nr_kinds_after(r, end) & NR_KIND_MONTH;
}

/* "c. 1,500 jobs", "c. £30k" */
static bool is_round_about(const nr_run *r, uint32_t figure)
{
    uint32_t sign = nr_at(r, figure) == '$' ? 1 : nr_stands(r, figure, "\xC2\xA3") ? 2 : nr_stands(r, figure, "\xE2\x82\xAC") ? 3 : 0;
    uint32_t end = nr_figure_end(r, figure + sign);
    return end > figure + sign && (sign || memchr(r->text + figure, ',', end - figure));
}

/* Whether an abbreviation of this kind means itself here. `stop`: it has its full stop. */
static bool fits(const nr_run *r, nr_view kind, const char *list, uint32_t at, uint32_t end, bool stop)
{
    nr_view next = nr_next_word(r, end), before = nr_previous_word(r, at);
    uint32_t p = nr_skip_blank(r, end);
    if (nr_view_is(kind, "title") && next.n == 1 && nr_view_is(nr_text(r, at, nr_letters_end(r, at)), "Gen")) /* Gen Z */
        return false;
    if (nr_view_is(kind, "title") && !stop && !r->headline && nr_ascii_upper(r->text[at + 1]) && !nr_starts_lower(nr_text(r, at + 2, end))) /* DR Congo, but RAdm Roe */
        return false;
    if (nr_view_is(kind, "stopped")) /* "Cat. 4" */
        return stop && nr_digit_at(r, p);
    if (nr_view_is(kind, "verse")) { /* "Matt. 5:3" */
        uint32_t colon = nr_digits_end(r, p), numeral = nr_letters_end(r, p);
        if (numeral > p && strspn(r->text + p, "ivxlc") >= numeral - p && (nr_at(r, numeral) == '.' || nr_at(r, numeral) == ',')) /* "Rom. viii. 28" */
            return nr_digit_at(r, nr_skip_blank(r, numeral + 1));
        return colon > p && nr_at(r, colon) == ':' && nr_digit_at(r, colon + 1);
    }
    if (nr_view_is(kind, "before")) /* "Co Durham" */
        return p > end && next.n && nr_in_list(next, list) && (!nr_starts_upper(before) || nr_kinds(r, before) & NR_KIND_FUNCTION || (r->count && r->tokens[r->count - 1].class == NR_CLASS_ABBREVIATION));
    if (nr_view_is(kind, "title")) /* "Rev." alone, "Gen 3" is no general */
        return (nr_starts_upper(next) && p > end) || is_office(r, at, end, p, stop) || (stop && !before.n && nr_ends_sentence(r, end));
    if (nr_view_is(kind, "credit")) /* "feat. Drake" */
        return stop && p > end && nr_starts_upper(next);
    if (nr_view_is(kind, "number") && stop && p > end && nr_view_is(next, "of")) /* "No. of cases" */
        return nr_in_list(nr_text(r, at, nr_letters_end(r, at)), "no");
    if (nr_view_is(kind, "number")) /* "No 5", "p. 5", "No. C2766" */
        return ((nr_digit_at(r, p) || (nr_at(r, p) == '#' && nr_digit_at(r, p + 1))) && (p > end || stop || nr_stands(r, at, "No"))) || (stop && p > end && nr_ascii_upper(nr_at(r, p)) && nr_digit_at(r, p + 1));
    if (nr_view_is(kind, "year"))
        return (stop || (p > end && (nr_at(r, at) | 32) == 'c')) && (is_circa(r, p) || is_birthday(r, at, p) || (stop && nr_at(r, at) == 'c' && is_round_about(r, p)));
    if (nr_view_is(kind, "ordinal")) /* "5th c. BC" */
        return stop && r->count && r->tokens[r->count - 1].class == NR_CLASS_ORDINAL;
    if (nr_view_is(kind, "roman")) /* "vol XV" too */
        return nr_digit_at(r, p) || (p > end && next.n && (strspn(next.p, "IVXLC") >= next.n || (stop && strspn(next.p, "ivxlc") >= next.n)));
    if (nr_view_is(kind, "street") && !before.n && at > 2 && r->text[at - 2] == '.') /* "King Jr. Blvd" */
        before = nr_previous_word(r, at - 2);
    if (nr_view_is(kind, "street") && nr_digit_at(r, p) && nr_in_list(nr_text(r, at, nr_letters_end(r, at)), "hwy")) /* "Hwy. 101" */
        return true;
    if (nr_view_is(kind, "street"))
        return (stop || p == end || !nr_starts_upper(next) || nr_in_list(next, "NW NE SW SE")) &&
               (nr_starts_upper(before) || (starts_digit(before) && nr_ascii_alpha(before.p[before.n - 1])));
    if (nr_view_is(kind, "place"))
        return stop || (at > 1 && r->text[at - 2] == ',');
    if (nr_view_is(kind, "state"))
        return is_state(r, at, end);
    if (nr_view_is(kind, "direction"))
        return is_direction(r, at, end);
    if (nr_view_is(kind, "suffix")) /* "John Smith Jr" */
        return nr_starts_upper(before) || (at > 1 && r->text[at - 2] == ',');
    return !(nr_view_is(kind, "dotted") || nr_view_is(kind, "edition")) || stop;
}

/* "11th ed.", "2 ed.", "rev. ed.": an edition; "Ann Lee, ed." is an editor. */
static bool is_edition(const nr_run *r, uint32_t at)
{
    uint32_t p = at;
    while (p && (r->text[p - 1] == ' ' || r->text[p - 1] == '.'))
        p--;
    nr_view before = nr_previous_word(r, p);
    return starts_digit(before) || nr_in_list(before, "first second third fourth fifth sixth seventh eighth ninth tenth rev revised new enlarged");
}

/* "z. B.", "v. Chr.", "av. J.-C.": short parts with stops and blanks or hyphens, in the table without the blanks. The
 * longest that is there. */
static const nr_row *spaced_row_at(const nr_run *r, uint32_t at, uint32_t *end)
{
    enum { PART = 4 };
    char key[ABBREVIATION_MAX];
    size_t n = 0, part = 0;
    const nr_row *found = NULL;
    bool joined = false;
    for (uint32_t p = at; n < sizeof key; p++) {
        char c = nr_at(r, p);
        if (nr_letter_at(r, p) || (n && ((unsigned char)c & 0xC0) == 0x80))
            part++;
        else if (c == '.' && part)
            part = 0;
        else if (c == '-' && n && (key[n - 1] == '.' || joined)) /* "c.-à-d." */
            joined = true, part = 0;
        else
            break;
        if (part > PART)
            break;
        if (c == '.' && joined) {
            const nr_row *row = nr_table_find(r->norm->abbreviations, (nr_view){key, n});
            found = row ? row : found;
            *end = row ? p : *end;
        }
        key[n++] = c;
        uint32_t next = nr_skip_blank(r, p + 1);
        if (c == '.' && next > p + 1) {
            joined = true;
            p = next - 1;
        }
    }
    return found;
}

/* The row of what begins at `at`, and where it ends without its last full stop: "e.g", "Ph.D", "Dr". */
static const nr_row *row_at(const nr_run *r, uint32_t at, uint32_t *end)
{
    uint32_t word = nr_letters_end(r, at), inner = word;
    uint32_t figure = nr_digits_end(r, word); /* "a No8", "No10" */
    if (nr_view_is(nr_text(r, at, word), "No") && figure > word && figure <= word + 2 && nr_ends_word(r, figure)) {
        *end = word;
        return nr_table_find(r->norm->abbreviations, NR_LIT("No"));
    }
    while (inner - at < ABBREVIATION_MAX && nr_at(r, inner) == '.' && nr_ascii_alpha(nr_at(r, inner + 1)))
        inner = nr_letters_end(r, inner + 1);
    if (nr_at(r, word) == '/' && word - at <= 2) /* "w/", "w/o" */
        inner = nr_letters_end(r, word + 1);
    const nr_row *spaced = spaced_row_at(r, at, end);
    if (spaced && !nr_view_is(spaced->column[1], "place")) /* "Chapman, S. D." is no Dakota */
        return spaced;
    const nr_row *row = inner > word && inner - at <= ABBREVIATION_MAX ? nr_table_find(r->norm->abbreviations, nr_text(r, at, inner)) : NULL;
    *end = row ? inner : word;
    if (!row && word - at <= ABBREVIATION_MAX && nr_ends_word(r, word))
        row = nr_table_find(r->norm->abbreviations, nr_text(r, at, word));
    uint32_t mark = nr_apostrophe_at(r, *end);
    if (mark && nr_letter_at(r, *end + mark)) { /* "int'l", "gov't", "S'pore" */
        char key[ABBREVIATION_MAX];
        uint32_t tail = nr_letters_end(r, *end + mark);
        size_t n = *end - at, rest = tail - *end - mark;
        if (n + 1 + rest > sizeof key || rest > 5 || !nr_ends_word(r, tail))
            return NULL;
        memcpy(key, r->text + at, n);
        key[n] = '\'';
        memcpy(key + n + 1, r->text + *end + mark, rest);
        *end = tail;
        return nr_table_find(r->norm->abbreviations, (nr_view){key, n + 1 + rest});
    }
    return row;
}

/* The words of a row's last column, with a NUL. */
static void copy_list(char list[LIST_MAX], nr_view words)
{
    size_t n = words.n < LIST_MAX ? words.n : LIST_MAX - 1;
    if (n)
        memcpy(list, words.p, n);
    list[n] = '\0';
}

bool nr_rule_abbreviation(nr_run *r, uint32_t *at)
{
    uint32_t end;
    const nr_row *row = row_at(r, *at, &end);
    if (!row)
        return false;
    nr_view kind = row->column[1], said = row->column[0];
    char list[LIST_MAX];
    bool stop = nr_at(r, end) == '.', either = nr_view_is(kind, "either");
    copy_list(list, row->column[4]);
    uint32_t full = end + stop;
    if (either && is_street(r, *at, full, stop))
        said = row->column[2];
    else if (nr_view_is(kind, "edition") && stop && is_edition(r, *at))
        said = row->column[2];
    else if (!fits(r, either ? NR_LIT("title") : kind, list, *at, full, stop)) {
        if (row->column[3].n && fits(r, row->column[3], list, *at, full, stop)) /* its second meaning */
            said = row->column[2], kind = row->column[3];
        else
            return false;
    }
    if (nr_view_is(said, "North") && nr_view_is(nr_next_word(r, full), "Ireland"))
        said = NR_LIT("Northern");
    bool title = nr_view_is(kind, "title") || nr_view_is(kind, "number") || nr_view_is(kind, "roman") || (either && said.p == row->column[0].p);
    if (stop && (nr_ends_sentence(r, full) || (!title && nr_starts_sentence(r, nr_next_word(r, full)))))
        full--; /* the sentence's stop as well, and left to it */
    if (nr_view_is(kind, "letters"))
        nr_say_letters(r, said, *at, full);
    else
        nr_say_fixed(r, said, *at, full);
    return nr_make(r, at, full, NR_CLASS_ABBREVIATION, either || title ? "title" : "abbreviation");
}
