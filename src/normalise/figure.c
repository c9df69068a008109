/* What begins with a digit: which rules are tried for which shape, and plain figures. */
#include "normalise/figure.h"

/* "an 1,800-seat hall": the article tells that its writer says eighteen hundred. */
static bool eleven_hundred(nr_run *r, const nr_match *m)
{
    nr_span s = m->part[0];
    uint64_t v = nr_number(r, s);
    if ((v != 1100 && v != 1800) || m->shape != NR_SHAPE_FIGURE || memchr(r->text + s.start, '.', nr_length(s)) || !nr_in_list(nr_previous_word(r, s.start), "an"))
        return false;
    nr_say_number(r, NR_FORM_CARDINAL, v / 100, s.start, s.end);
    nr_say_s(r, "hundred", s.start, s.end);
    return true;
}

void nr_say_quantity(nr_run *r, const nr_match *m)
{
    nr_span joint = {m->part[0].end, m->part[1].start};
    switch (m->shape) {
    case NR_SHAPE_DASH2:
    case NR_SHAPE_WIDE_DASH2:
    case NR_SHAPE_BY:
        nr_say_figure_part(r, m->part[0]);
        nr_say_s(r, m->shape == NR_SHAPE_BY ? "by" : "to", joint.start, joint.end);
        nr_say_figure_part(r, m->part[1]);
        return;
    case NR_SHAPE_VULGAR:
        nr_say_figure_part(r, m->part[0]);
        nr_say_s(r, "and", m->part[1].start, m->part[1].end);
        nr_say_s(r, nr_vulgar(r, m->part[1], true), m->part[1].start, m->part[1].end);
        return;
    case NR_SHAPE_MIXED:
        nr_say_figure_part(r, m->part[0]);
        nr_say_s(r, "and", m->part[1].start, m->part[1].end);
        nr_say_mixed(r, nr_number(r, m->part[1]), nr_number(r, m->part[2]), (nr_span){m->part[1].start, m->part[2].end});
        return;
    case NR_SHAPE_SLASH2:
        nr_say_fraction(r, nr_number(r, m->part[0]), nr_number(r, m->part[1]), (nr_span){m->part[0].start, m->part[1].end});
        return;
    default:
        if (nr_view_is(nr_part(r, m->part[0]), "1500") && nr_at(r, m->end) == 'm' && nr_ends_word(r, m->end + 1)) { /* the 1500m, a race */
            nr_say_s(r, "fifteen hundred", m->part[0].start, m->part[0].end);
            return;
        }
        if (!eleven_hundred(r, m))
            nr_say_figure_part(r, m->part[0]);
    }
}

bool nr_is_fraction(const nr_run *r, const nr_match *m)
{
    return m->shape == NR_SHAPE_SLASH2 && nr_number(r, m->part[0]) < nr_number(r, m->part[1]);
}

/* "1st", "21st", "103rd", "11th"; but 11st is eleven stone. */
static bool ordinal(nr_run *r, uint32_t *at, const nr_match *m)
{
    uint64_t v = nr_number(r, m->part[0]);
    nr_view suffix = nr_part(r, m->part[1]);
    bool teen = v % 100 / 10 == 1;
    const char *right = teen ? "th" : v % 10 == 1 ? "st" : v % 10 == 2 ? "nd" : v % 10 == 3 ? "rd" : "th";
    if (!nr_ends_word(r, m->end) || (!nr_in_list(suffix, right) && nr_view_is(suffix, "st") && v > 2 && v < 50))
        return false;
    nr_view day = nr_previous_word(r, *at);
    bool dated = v <= 31 && nr_starts_upper(day) && nr_in_list(day, "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Weds Thu Thur Thurs Fri Sat Sun");
    if (dated && !nr_starts_upper(nr_next_word(r, m->end)) && !nr_dash_at(r, m->end)) /* "Friday 13th" */
        nr_say_s(r, "the", *at, m->part[1].end);
    nr_say_number(r, NR_FORM_ORDINAL, v, *at, m->part[1].end);
    if (m->end > m->part[1].end)
        nr_inflect(r, "s", m->end);
    return nr_make(r, at, m->end, NR_CLASS_ORDINAL, "ordinal");
}

/* "the 2d Regiment", "the 42d Highlanders", "the 3d inst.": as Americans wrote, and all in the nineteenth century. */
static bool old_ordinal(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0];
    uint64_t v = nr_number(r, s);
    nr_view next = nr_next_word(r, s.end + 1), before = nr_previous_word(r, *at);
    bool told = nr_starts_upper(next) || nr_in_list(next, "inst ult prox of day regiment infantry cavalry battalion brigade division army");
    if (nr_digits_end(r, *at) != s.end || nr_at(r, s.end) != 'd' || !nr_ends_word(r, s.end + 1) || (v % 10 != 2 && v % 10 != 3) || v % 100 / 10 == 1 || v > 200 ||
        !told || !nr_in_list(before, "the") || nr_at(r, nr_skip_blank(r, s.end + 1)) == '.')
        return false;
    nr_say_number(r, NR_FORM_ORDINAL, v, *at, s.end + 1);
    return nr_make(r, at, s.end + 1, NR_CLASS_ORDINAL, "ordinal");
}

/* "4to", "8vo", "12mo": how often a sheet is folded for a book. */
static bool book_format(nr_run *r, uint32_t *at, const nr_match *m)
{
    static const char *const names[][2] = {{"4to", "quarto"}, {"8vo", "octavo"}, {"12mo", "duodecimo"}, {"16mo", "sextodecimo"}, {"18mo", "octodecimo"}};
    uint32_t end = nr_letters_end(r, m->part[0].end);
    bool behind_blank = end > m->part[0].end && nr_ends_word(r, end) && !nr_digit_at(r, nr_skip_blank(r, end));
    for (size_t i = 0; behind_blank && i < sizeof names / sizeof *names; i++)
        if (nr_view_is(nr_text(r, *at, end), names[i][0])) {
            nr_say_s(r, names[i][1], *at, end);
            return nr_make(r, at, end, NR_CLASS_MEASURE, "format of a book");
        }
    return false;
}

/* 2.5e10, 10^6 */
static bool power(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span p = m->part[1];
    bool minus = nr_at(r, p.start) == '-', model = nr_at(r, m->part[0].end) == 'E' && nr_digits_end(r, *at) == m->part[0].end && nr_length(m->part[0]) > 1;
    if (!nr_ends_word(r, m->end) || model) /* "Bf 109E-4" */
        return false;
    nr_say_figure_part(r, m->part[0]);
    nr_say_s(r, m->shape == NR_SHAPE_E ? "times ten to the" : "to the", m->part[0].end, p.start);
    if (minus)
        nr_say_s(r, "minus", p.start, p.start + 1);
    nr_say_number(r, NR_FORM_CARDINAL, nr_number(r, p), p.start, p.end);
    return nr_make(r, at, nr_say_unit_behind_power(r, m->end), NR_CLASS_MEASURE, "power of ten");
}

/* "4x4", "1920x1080", "5 × 3 = 15", "3.2 × 10^5" */
static bool by(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span a = m->part[0], b = m->part[1];
    if (r->text[a.end] == ' ' && r->text[b.start - 1] == 'x') /* "PCIe 4.0 x16" */
        return false;
    uint32_t dash = nr_dash_at(r, m->end), exponent = nr_digits_end(r, m->end + dash);
    if (dash && exponent > m->end + dash && exponent <= m->end + dash + 3 && nr_view_is(nr_part(r, b), "10") && memchr(r->text + a.start, '.', nr_length(a)) && nr_ends_word(r, exponent)) { /* "1.6 x 10-19", its figures no longer raised */
        nr_say_figure_part(r, a);
        nr_say_s(r, "times ten to the minus", a.end, m->end + dash);
        nr_say_figure(r, nr_text(r, m->end + dash, exponent), m->end + dash, exponent);
        return nr_make(r, at, nr_say_unit_behind_power(r, exponent), NR_CLASS_MEASURE, "power of ten");
    }
    bool power = nr_at(r, m->end) == '^' || nr_superscript_at(r, m->end), sum = nr_at(r, nr_skip_blank(r, m->end)) == '=';
    if (power || sum) {
        nr_say_figure_part(r, a);
        nr_say_s(r, "times", a.end, b.start);
        return nr_make(r, at, b.start, NR_CLASS_RATIO, "times");
    }
    bool picture = nr_digits_end(r, a.start) == a.end && nr_digits_end(r, b.start) == b.end && nr_length(a) == 4 && nr_length(b) >= 3;
    if (picture) {
        nr_say_code(r, a);
        nr_say_s(r, "by", a.end, b.start);
        nr_say_code(r, b);
    } else {
        nr_say_quantity(r, m);
    }
    bool more = nr_at(r, m->end) == 's' && nr_ends_word(r, m->end + 1); /* 2x4s */
    if (more)
        nr_inflect(r, "s", m->end + 1);
    nr_make(r, at, m->end + more, NR_CLASS_RATIO, "by");
    uint32_t to = *at;
    if (!more && dash && exponent > m->end + dash && nr_number(r, b) < nr_value(nr_text(r, m->end + dash, exponent))) { /* "3 x 10-15 reps" */
        nr_say_s(r, "to", to, to + dash);
        nr_make(r, &to, to + dash, NR_CLASS_RANGE, "dash behind by");
        *at = to;
    }
    nr_say_by_behind(r, at);
    return true;
}

/* ".45 calibre", a ".22 pistol" */
static bool calibre(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = {*at + 1, m->end};
    nr_view next = nr_next_word(r, m->end);
    if (nr_at(r, *at) != '.' || nr_length(s) > 3)
        return false;
    if (!(nr_kinds(r, next) & NR_KIND_WEAPON) && !(nr_at(r, m->end) == '-' && nr_kinds_after(r, m->end + 1) & NR_KIND_WEAPON))
        return false;
    nr_say_code(r, s);
    return nr_make(r, at, m->end, NR_CLASS_CARDINAL, "calibre");
}

/* "dial 911, 999 or 112", "text HOME to 741741" */
static bool is_dialled(const nr_run *r, nr_span s, uint32_t kinds)
{
    size_t n = nr_length(s), i = r->count;
    if (kinds & NR_KIND_DIAL && (n == 3 || ((n == 5 || n == 6) && nr_number(r, s) % 1000 && !nr_counts(r, s.end))))
        return true;
    nr_view to = nr_previous_word(r, s.start);
    if (n >= 5 && n <= 6 && nr_in_list(to, "to")) {
        nr_view what = nr_previous_word(r, (uint32_t)(to.p - r->text));
        return nr_kinds_before(r, (uint32_t)(what.p - r->text)) & NR_KIND_DIAL;
    }
    while (i && n == 3 && (r->tokens[i - 1].class == NR_CLASS_PUNCTUATION || nr_in_list(nr_part(r, r->tokens[i - 1].span), "or and")))
        i--;
    return i && i < r->count && r->count - i <= 2 && r->tokens[i - 1].class == NR_CLASS_DIGITS && nr_length(r->tokens[i - 1].span) == n;
}

/* The number of a room, flight, box: read as a name. */
static bool coded(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0];
    if (nr_digits_end(r, s.start) != s.end || !nr_ends_word(r, m->end))
        return false;
    nr_view before = nr_named_by(r, *at);
    uint32_t kinds = nr_kinds(r, before);
    bool carrier = before.n == 2 && nr_ascii_upper(before.p[0]) && nr_ascii_upper(before.p[1]); /* "flight UA 328" */
    if (carrier && nr_view_is(before, "US")) /* a road; "gave us 101" has none */
        kinds |= NR_KIND_CODED;
    if (carrier && !(kinds & NR_KIND_CODED))
        kinds = nr_kinds_before(r, (uint32_t)(before.p - r->text));
    uint32_t pairs = nr_stands(r, s.end, " ") && nr_view_is(nr_part(r, s), "13") ? s.end + 1 : 0; /* "call 13 11 14" of Australia */
    if (pairs && !r->norm->style.us && nr_digits_end(r, pairs) == pairs + 2 && nr_at(r, pairs + 2) == ' ' && nr_digits_end(r, pairs + 3) == pairs + 5 && nr_ends_word(r, pairs + 5) &&
        (kinds & NR_KIND_DIAL || nr_in_list(before, "on lifeline phone ring contact police"))) {
        s.end = pairs + 5;
        nr_say_digits(r, nr_part(r, s), true, s.start, s.end);
        return nr_make(r, at, s.end, NR_CLASS_DIGITS, "helpline");
    }
    bool free = (nr_view_is(nr_part(r, s), "1300") || nr_view_is(nr_part(r, s), "1800")) && nr_at(r, s.end) == ' ' && nr_digits_end(r, s.end + 1) == s.end + 3 &&
                nr_at(r, s.end + 3) == ' ' && nr_digits_end(r, s.end + 4) == s.end + 8 && nr_ends_word(r, s.end + 8); /* "1800 55 1800" */
    if (free && !r->norm->style.us) {
        s.end += 8;
        nr_say_digits(r, nr_part(r, s), true, s.start, s.end);
        return nr_make(r, at, s.end, NR_CLASS_DIGITS, "helpline");
    }
    bool european = nr_view_is(nr_part(r, s), "116") && (nr_stands(r, s.end, " 123") || nr_stands(r, s.end, " 111") || nr_stands(r, s.end, " 000")) && nr_ends_word(r, s.end + 4);
    if (european || (nr_view_is(nr_part(r, s), "111") && nr_in_list(before, "nhs"))) { /* "116 123", "NHS 111": helplines */
        s.end += european ? 4 : 0;
        nr_say_digits(r, nr_part(r, s), true, s.start, s.end);
        return nr_make(r, at, s.end, NR_CLASS_DIGITS, "helpline");
    }
    const nr_token *last = r->count ? &r->tokens[r->count - 1] : NULL;
    bool bill = last && last->class == NR_CLASS_LETTERS && nr_view_is(nr_part(r, last->span), "H.R.") && nr_length(s) >= 3; /* "H.R. 5371" of Congress */
    kinds |= bill ? NR_KIND_CODED : 0;
    bool hash = s.start > r->start && r->text[s.start - 1] == '#', alone = nr_value(nr_part(r, s)) % 100000 && !nr_counts(r, s.end);
    if (kinds & NR_KIND_SPELLED || is_dialled(r, s, kinds) || (nr_length(s) >= (hash ? 5 : 10) && alone)) { /* nobody counts 2125550123 */
        nr_say_digits(r, nr_part(r, s), nr_length(s) <= 10 || kinds & NR_KIND_SPELLED, s.start, s.end);
        return nr_make(r, at, s.end, NR_CLASS_DIGITS, "read digit by digit");
    }
    nr_span times;
    bool jet = nr_length(s) == 3 && r->text[s.start] == '7' && r->text[s.start + 2] == '7' && /* 737 MAX, the 777 */
               (nr_in_list(nr_next_word(r, s.end), "max jet jets airliner aircraft plane planes dreamliner") ||
                (nr_in_list(before, "a an the its their new") && !nr_counts(r, s.end) && !nr_magnitude_at(r, s.end, true, &times)));
    bool emergency = nr_length(s) == 3 && nr_in_list(nr_part(r, s), "911 999 112 111 988 000") && /* 911 calls */
                     nr_in_list(nr_next_word(r, s.end), "lifeline hotline suicide crisis emergency call calls caller callers operator operators dispatcher dispatchers");
    if (emergency) {
        nr_say_digits(r, nr_part(r, s), true, s.start, s.end);
        return nr_make(r, at, s.end, NR_CLASS_DIGITS, "emergency number");
    }
    bool failure = nr_length(s) == 3 && strchr("45", r->text[s.start]) && nr_in_list(nr_next_word(r, s.end), nr_view_is(nr_part(r, s), "404") ? "error errors page pages" : "error errors"); /* a 404 page */
    bool joined = nr_length(s) == 3 && s.start > 1 && r->text[s.start - 1] == '-' && nr_starts_upper(nr_previous_word(r, s.start - 1)); /* Blink-182 */
    uint32_t dash = nr_dash_at(r, s.end);
    if (dash && nr_ascii_upper(nr_at(r, s.end + dash)) && nr_ends_word(r, s.end + dash + 1)) /* "Exhibit 133-A" */
        return false;
    if (hash && nr_length(s) == 4)
        kinds |= NR_KIND_CODED;
    if (!jet && !joined && !failure && !(kinds & NR_KIND_CODED && (nr_length(s) == 3 || nr_length(s) == 4)))
        return false;
    if (nr_counts(r, s.end) && !jet && !failure)
        return false;
    nr_say_code(r, s);
    return nr_make(r, at, s.end, NR_CLASS_DIGITS, "number that names");
}

/* "the under-21s", "747s", "100s of people": figures in the plural. */
static bool plural(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0];
    bool game = nr_in_list(nr_previous_word(r, s.start), "rugby beach from hit made attempted"); /* "rugby 7s", "shot from 3s" */
    bool alone = nr_length(s) == 1 && !game && !(s.start > r->start && nr_dash_at(r, s.start - 1)); /* "iPhone 5s", but "under-5s" */
    if (nr_at(r, s.end) != 's' || !nr_ends_word(r, s.end + 1) || memchr(r->text + s.start, '.', nr_length(s)) || alone)
        return false;
    uint64_t v = nr_number(r, s);
    if (v == 100 || v == 1000 || v == 1000000)
        nr_say_s(r, v == 100 ? "hundred" : v == 1000 ? "thousand" : "million", s.start, s.end);
    else if (nr_length(s) == 3)
        nr_say_code(r, s);
    else
        nr_say_part(r, NR_FORM_CARDINAL, s);
    nr_inflect(r, "s", s.end + 1);
    return nr_make(r, at, s.end + 1, NR_CLASS_CARDINAL, "figure in the plural");
}

/* "49ers", "76ers" */
static bool players(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0];
    uint32_t end = nr_letters_end(r, s.end);
    if (nr_digits_end(r, s.start) != s.end || !nr_in_list(nr_text(r, s.end, end), "er ers") || !nr_ends_word(r, end))
        return false;
    nr_say_part(r, NR_FORM_CARDINAL, s);
    nr_view last = r->word_count ? r->words[r->word_count - 1].say : NR_LIT("");
    bool e = nr_view_ends(last, NR_LIT("e")), more = end - s.end == 3;
    nr_inflect(r, more ? (e ? "rs" : "ers") : e ? "r" : "er", end);
    return nr_make(r, at, end, NR_CLASS_CARDINAL, "players");
}

/* "rated 4.5/5" */
static bool decimal_mark(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0], of = {s.end + 1, nr_digits_end(r, s.end + 1)};
    if (nr_at(r, s.end) != '/' || !memchr(r->text + s.start, '.', nr_length(s)) || !nr_in_list(nr_part(r, of), "4 5 10 100") || !nr_ends_word(r, of.end))
        return false;
    nr_say_figure_part(r, s);
    nr_say_s(r, "out of", s.end, of.start);
    nr_say_figure_part(r, of);
    return nr_make(r, at, of.end, NR_CLASS_RATIO, "mark");
}

/* "2.39:1", "1.85:1" */
static bool decimal_ratio(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0], to = {s.end + 1, nr_figure_end(r, s.end + 1)};
    if (nr_at(r, s.end) != ':' || to.end == to.start || !memchr(r->text + s.start, '.', nr_length(s)) || !nr_ends_word(r, to.end) || nr_length(to) > 4)
        return false;
    nr_say_figure_part(r, s);
    nr_say_s(r, "to", s.end, to.start);
    nr_say_figure_part(r, to);
    return nr_make(r, at, to.end, NR_CLASS_RATIO, "ratio");
}

/* "1984-present": what is no figure behind a year's dash. */
static void say_dash_to_present(nr_run *r, uint32_t *at)
{
    uint32_t dash = nr_dash_at(r, *at), from = *at;
    if (!dash || !nr_in_list(nr_text(r, *at + dash, nr_letters_end(r, *at + dash)), "present now today date"))
        return;
    nr_say_s(r, "to", *at, *at + dash);
    nr_make(r, &from, *at + dash, NR_CLASS_RANGE, "dash to the present");
    *at = from;
}

/* "1700 people": Americans count in hundreds what they write without a comma. */
static bool hundreds(nr_run *r, nr_span s)
{
    uint64_t v = nr_number(r, s);
    if (!r->norm->style.us || nr_length(s) != 4 || nr_digits_end(r, s.start) != s.end || v % 100 || v % 1000 == 0 || v < 1100)
        return false;
    nr_say_number(r, NR_FORM_CARDINAL, v / 100, s.start, s.end);
    nr_say_s(r, "hundred", s.start, s.end);
    return true;
}

/* "a 4* hotel"; behind runs of cricket the star says that the man was not out: "55* off 30 balls". */
static bool starred(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0];
    nr_view next = nr_next_word(r, s.end + 1);
    bool hotel = nr_length(s) == 1 && nr_at(r, s.start) >= '1' && nr_at(r, s.start) <= '7' && nr_in_list(next, "hotel hotels resort resorts luxury accommodation lodge spa rating rated");
    bool innings = (nr_length(s) == 2 || nr_length(s) == 3) && (nr_in_list(next, "off from") ? nr_digit_at(r, nr_skip_blank(r, (uint32_t)(next.p - r->text) + (uint32_t)next.n)) : nr_stands(r, s.end + 1, " (") && nr_digit_at(r, s.end + 3));
    if (nr_at(r, s.end) != '*' || !(hotel || innings) || nr_digits_end(r, s.start) != s.end)
        return false;
    nr_say_figure_part(r, s);
    nr_say_s(r, hotel ? "star" : "not out", s.end, s.end + 1);
    return nr_make(r, at, s.end + 1, NR_CLASS_CARDINAL, hotel ? "stars" : "not out");
}

/* "401(k)", "501(c)": paragraphs that things are called after. */
static bool paragraph(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0], letter = {s.end + 1, s.end + 2};
    bool k = nr_view_is(nr_part(r, s), "401") && nr_at(r, s.end) == 'k'; /* 401k */
    if (k && (nr_ends_word(r, s.end + 1) || (nr_at(r, s.end + 1) == 's' && nr_ends_word(r, s.end + 2)))) {
        uint32_t end = s.end + (nr_at(r, s.end + 1) == 's' ? 2 : 1);
        nr_say_code(r, s);
        nr_say_letters(r, nr_text(r, s.end, end), s.end, end);
        return nr_make(r, at, end, NR_CLASS_DIGITS, "paragraph");
    }
    if (nr_length(s) != 3 || nr_digits_end(r, s.start) != s.end || nr_at(r, s.end) != '(' || !nr_ascii_alpha(nr_at(r, letter.start)) || nr_at(r, letter.end) != ')')
        return false;
    nr_say_code(r, s);
    nr_say_letters(r, nr_part(r, letter), letter.start, letter.end);
    if (nr_at(r, letter.end + 1) == '(' && nr_digit_at(r, letter.end + 2) && nr_at(r, letter.end + 3) == ')') { /* "501(c)(3)" */
        nr_say_digits(r, nr_text(r, letter.end + 2, letter.end + 3), false, letter.end + 2, letter.end + 3);
        letter.end += 3;
    }
    if (nr_at(r, letter.end + 1) == 's' && nr_ends_word(r, letter.end + 2)) {
        nr_inflect(r, "s", letter.end + 2);
        letter.end++;
    }
    return nr_make(r, at, letter.end + 1, NR_CLASS_DIGITS, "paragraph");
}

/* "802.11ac": a standard that is named like a code. */
static bool wireless(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0], group = {s.start, s.start + 3}, number = {s.start + 4, s.end};
    if (nr_length(s) < 5 || nr_length(s) > 6 || !nr_stands(r, s.start, "802."))
        return false;
    nr_say_code(r, group);
    nr_say_s(r, "point", group.end, number.start);
    nr_say_figure_part(r, number);
    uint32_t end = nr_letters_end(r, s.end);
    if (end > s.end && end <= s.end + 2)
        nr_say_letters(r, nr_text(r, s.end, end), s.end, end);
    return nr_make(r, at, end <= s.end + 2 ? end : s.end, NR_CLASS_DIGITS, "standard");
}

/* "1,250", "2023", "3½", "12" */
static bool plain(nr_run *r, uint32_t *at, const nr_match *m)
{
    bool year = m->shape == NR_SHAPE_FIGURE && nr_is_year(r, m->part[0]), point = memchr(r->text + *at, '.', nr_length(m->part[0]));
    if (year)
        nr_say_maybe_year(r, m->part[0]);
    else if (m->shape != NR_SHAPE_FIGURE || !hundreds(r, m->part[0]))
        nr_say_quantity(r, m);
    nr_class class = m->shape != NR_SHAPE_FIGURE ? NR_CLASS_FRACTION : year ? NR_CLASS_YEAR : point ? NR_CLASS_DECIMAL : NR_CLASS_CARDINAL;
    nr_make(r, at, m->end, class, m->shape != NR_SHAPE_FIGURE ? "mixed fraction" : year ? "year" : "figure");
    if (year)
        say_dash_to_present(r, at);
    if (m->shape == NR_SHAPE_VULGAR) /* "8½ x 11 in." */
        nr_say_by_behind(r, at);
    return true;
}

/* "1 Corinthians 13", "2 Kings 5": books of the Bible. */
static bool numbered_book(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_view book = nr_next_word(r, m->end);
    if (nr_length(m->part[0]) != 1 || !strchr("123", r->text[*at]) || nr_skip_blank(r, m->end) == m->end || !nr_starts_upper(book) ||
        !nr_in_list(book, "Corinthians Samuel Kings Chronicles Thessalonians Timothy Peter John Maccabees Cor Sam Kgs Chr Chron Thess Tim Pet Jn"))
        return false;
    uint32_t behind = (uint32_t)(book.p - r->text) + (uint32_t)book.n;
    behind += nr_at(r, behind) == '.';
    uint32_t chapter = nr_skip_blank(r, behind), small = nr_letters_end(r, chapter); /* "2 Tim. iii. 16" */
    bool numeral = small > chapter && strspn(r->text + chapter, "ivxlc") >= small - chapter;
    if (!nr_digit_at(r, chapter) && !numeral && !nr_in_list(book, "Corinthians Chronicles Thessalonians Maccabees"))
        return false;
    nr_say_part(r, NR_FORM_ORDINAL, m->part[0]);
    return nr_make(r, at, m->end, NR_CLASS_ORDINAL, "book of the Bible");
}

static bool by_shape(nr_run *r, uint32_t *at, const nr_match *m)
{
    switch (m->shape) {
    case NR_SHAPE_FIGURE:
        return old_ordinal(r, at, m) || book_format(r, at, m) || nr_rule_sport(r, at, m) || nr_rule_quarter(r, at) || nr_rule_date(r, at, m) || nr_rule_time(r, at, m) || nr_year_era(r, at) || paragraph(r, at, m) || starred(r, at, m) || wireless(r, at, m) || calibre(r, at, m) ||
               numbered_book(r, at, m) || nr_rule_money_behind(r, at, m) || nr_rule_measure(r, at, m) || coded(r, at, m) || nr_rule_house(r, at, m) ||
               plural(r, at, m) || players(r, at, m) || decimal_mark(r, at, m) || decimal_ratio(r, at, m) || nr_rule_digits_letters(r, at, m) || plain(r, at, m);
    case NR_SHAPE_ORDINAL: return nr_rule_date(r, at, m) || ordinal(r, at, m);
    case NR_SHAPE_DECADE: {
        nr_match figure = {NR_SHAPE_FIGURE, m->part[0].end, {m->part[0]}}; /* "10s 6d" */
        return nr_rule_money_behind(r, at, &figure) || nr_rule_decade(r, at, m);
    }
    case NR_SHAPE_COLON2:
    case NR_SHAPE_COLON3: return nr_rule_time(r, at, m) || nr_rule_range(r, at, m);
    case NR_SHAPE_SLASH2: /* but 10/618,543 */
        return !((nr_at(r, m->end) == ',' || nr_at(r, m->end) == '.') && nr_digit_at(r, m->end + 1)) && (nr_rule_sport(r, at, m) || nr_rule_date(r, at, m) || nr_rule_mark(r, at, m) || nr_rule_fraction(r, at, m) || nr_rule_range(r, at, m));
    case NR_SHAPE_SLASH3:
    case NR_SHAPE_DOTS3:
    case NR_SHAPE_DASH3: return nr_rule_date(r, at, m) || nr_rule_code(r, at, m);
    case NR_SHAPE_MIXED: return nr_rule_fraction(r, at, m);
    case NR_SHAPE_VULGAR: return nr_rule_sport(r, at, m) || nr_rule_measure(r, at, m) || plain(r, at, m);
    case NR_SHAPE_DASH2:
    case NR_SHAPE_WIDE_DASH2:
        if (nr_vulgar(r, (nr_span){m->end, m->end}, true)) { /* "3-3½ lbs" */
            nr_say_figure_part(r, m->part[0]);
            nr_say_s(r, "to", m->part[0].end, m->part[1].start);
            return nr_make(r, at, m->part[1].start, NR_CLASS_RANGE, "range to a fraction");
        }
        return nr_rule_date(r, at, m) || nr_rule_time(r, at, m) || nr_rule_measure(r, at, m) || nr_rule_range(r, at, m);
    case NR_SHAPE_PHONE: {
        nr_span first = {m->part[0].start, nr_digits_end(r, m->part[0].start)}; /* "0900-1730" */
        nr_match hours = {NR_SHAPE_DASH2, m->end, {first, {first.end + 1, m->part[0].end}}};
        return (nr_dash_at(r, first.end) == 1 && nr_rule_time(r, at, &hours)) || nr_rule_code(r, at, m);
    }
    case NR_SHAPE_DASHES:
    case NR_SHAPE_DOTS: return nr_rule_code(r, at, m);
    case NR_SHAPE_FEET: return nr_rule_measure(r, at, m);
    case NR_SHAPE_POWER:
    case NR_SHAPE_E: return power(r, at, m);
    case NR_SHAPE_BY: return nr_rule_measure(r, at, m) || by(r, at, m);
    default: return false;
    }
}

/* Digits that go on and on are read one by one, a part at a time, so that nothing is looked at twice. */
static bool endless(nr_run *r, uint32_t *at)
{
    enum { MOST = 64 };
    uint32_t end = *at;
    while (end - *at < MOST && nr_digit_at(r, end))
        end++;
    if (end - *at < MOST)
        return false;
    nr_say_digits(r, nr_text(r, *at, end), false, *at, end);
    return nr_make(r, at, end, NR_CLASS_DIGITS, "too long for a number");
}

/* "1 250 people": groups of three with plain blanks, where what follows is counted and nothing before names the figure. */
static void take_groups(const nr_run *r, uint32_t at, nr_match *m)
{
    uint32_t end = m->shape == NR_SHAPE_FIGURE ? nr_groups_end(r, at, true) : m->end;
    bool named = nr_in_list(nr_previous_word(r, at), "page pages p pp line verse") || nr_kinds_before(r, at) & (NR_KIND_CODED | NR_KIND_PART | NR_KIND_MONTH | NR_KIND_SPELLED | NR_KIND_STREET);
    bool counted = nr_counts(r, end) || nr_stands(r, nr_skip_blank(r, end), "\xE2\x82\xAC");
    if (end <= m->end || named || !counted || !nr_ends_word(r, end) || (r->count && r->tokens[r->count - 1].class == NR_CLASS_CARDINAL))
        return;
    m->end = m->part[0].end = end;
}

/* Where no rule knows what a longer shape means, its first figure is taken alone. */
bool nr_rule_figure(nr_run *r, uint32_t *at)
{
    nr_match m;
    if (endless(r, at) || nr_rule_machine(r, at))
        return true;
    if (!nr_scan_number(r->text, *at, r->end, &m))
        return false;
    take_groups(r, *at, &m);
    if (by_shape(r, at, &m))
        return true;
    uint32_t end = nr_at(r, *at) == '.' ? nr_digits_end(r, *at + 1) : nr_figure_end(r, *at);
    if (end == *at || m.shape == NR_SHAPE_FIGURE)
        return false;
    m = (nr_match){NR_SHAPE_FIGURE, end, {{*at, end}}};
    return by_shape(r, at, &m);
}
