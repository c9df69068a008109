/* What rules need to look at the text. */
#include "normalise/engine.h"

enum { LOOK = 40 }; /* bytes of a neighbouring word that are looked at */

bool nr_stands(const nr_run *r, uint32_t at, const char *literal)
{
    size_t n = strlen(literal);
    return at <= r->end && r->end - at >= n && memcmp(r->text + at, literal, n) == 0;
}

/* The length of a blank at `at` in [.., end): space, tab, no-break and thin spaces. */
static uint32_t blank_at(const char *text, uint32_t at, uint32_t end)
{
    const unsigned char *p = (const unsigned char *)text + at;
    if (at >= end)
        return 0;
    if (*p == ' ' || *p == '\t')
        return 1;
    if (*p == 0xC2)
        return end - at >= 2 && p[1] == 0xA0 ? 2 : 0;
    return *p == 0xE2 && end - at >= 3 && p[1] == 0x80 && (p[2] == 0xAF || p[2] == 0x89) ? 3 : 0;
}

uint32_t nr_skip_blank(const nr_run *r, uint32_t at)
{
    for (uint32_t n; (n = blank_at(r->text, at, r->end)) > 0;)
        at += n;
    return at;
}

uint32_t nr_digits_end(const nr_run *r, uint32_t at)
{
    while (nr_digit_at(r, at))
        at++;
    return at;
}

uint32_t nr_letters_end(const nr_run *r, uint32_t at)
{
    while (nr_ascii_alpha(nr_at(r, at)))
        at++;
    return at;
}

uint32_t nr_thin_blank_at(const nr_run *r, uint32_t at)
{
    return nr_stands(r, at, "\xC2\xA0") ? 2 : nr_stands(r, at, "\xE2\x80\xAF") || nr_stands(r, at, "\xE2\x80\x89") ? 3 : 0;
}

uint32_t nr_groups_end(const nr_run *r, uint32_t at, bool blanks)
{
    uint32_t end = nr_digits_end(r, at), first = end - at;
    while (first >= 1 && first <= 3 && r->text[at] != '0') {
        uint32_t gap = blanks && nr_at(r, end) == ' ' ? 1 : nr_thin_blank_at(r, end);
        if (!gap || nr_digits_end(r, end + gap) != end + gap + 3)
            break;
        end += gap + 3;
    }
    return end;
}

uint32_t nr_figure_end(const nr_run *r, uint32_t at)
{
    uint32_t end = nr_digits_end(r, at), lakhs = end;
    bool grouped = false;
    while (end > at && end - at <= 2 && nr_at(r, lakhs) == ',' && nr_digit_at(r, lakhs + 1) && nr_digit_at(r, lakhs + 2) && nr_at(r, lakhs + 3) == ',')
        lakhs += 3;
    if (lakhs > end && nr_digits_end(r, lakhs + 1) == lakhs + 4) /* 10,00,000 in India */
        end = lakhs, grouped = true;
    while (end > at && (grouped || end - at <= 3) && nr_at(r, end) == ',' && nr_digit_at(r, end + 1) && nr_digit_at(r, end + 2) &&
           nr_digit_at(r, end + 3) && !nr_digit_at(r, end + 4)) {
        end += 4;
        grouped = true;
    }
    if (!grouped)
        end = nr_groups_end(r, at, false);
    if (nr_at(r, end) == '.' && nr_digit_at(r, end + 1))
        end = nr_digits_end(r, end + 1);
    return end;
}

uint32_t nr_dash_at(const nr_run *r, uint32_t at)
{
    if (nr_at(r, at) == '-')
        return 1;
    if ((unsigned char)nr_at(r, at) != 0xE2)
        return 0;
    /* U+2010-2013 hyphens, figure dash and en dash, U+2212 minus; between two digits also U+2014, the em dash */
    bool dash = nr_stands(r, at, "\xE2\x80\x90") || nr_stands(r, at, "\xE2\x80\x91") || nr_stands(r, at, "\xE2\x80\x92") ||
                nr_stands(r, at, "\xE2\x80\x93") || nr_stands(r, at, "\xE2\x88\x92");
    bool between = at > r->start && nr_ascii_digit(r->text[at - 1]) && nr_stands(r, at, "\xE2\x80\x94") && nr_digit_at(r, at + 3);
    return dash || between ? 3 : 0;
}

uint32_t nr_apostrophe_at(const nr_run *r, uint32_t at)
{
    return nr_at(r, at) == '\'' ? 1 : nr_stands(r, at, "\xE2\x80\x99") ? 3 : 0;
}

bool nr_ends_word(const nr_run *r, uint32_t at) { return !nr_digit_at(r, at) && !nr_letter_at(r, at); }

bool nr_begins_word(const nr_run *r, uint32_t at)
{
    return at == 0 || !(nr_ascii_alpha(r->text[at - 1]) || nr_ascii_digit(r->text[at - 1]));
}

static bool inner(char c) { return nr_ascii_alpha(c) || nr_ascii_digit(c) || (unsigned char)c >= 0x80; }

/* The length of a blank that ends at `to`. */
static uint32_t blank_before(const char *text, uint32_t to)
{
    for (uint32_t n = 1; n <= 3 && n <= to; n++)
        if (blank_at(text, to - n, to) == n)
            return n;
    return 0;
}

nr_view nr_previous_word(const nr_run *r, uint32_t at)
{
    uint32_t low = at > LOOK ? at - LOOK : 0, to = at;
    for (uint32_t n; to > low && (n = blank_before(r->text, to)) > 0;)
        to -= n;
    uint32_t from = to;
    while (from > low && !(from < to && blank_before(r->text, from)) &&
           (inner(r->text[from - 1]) || (r->text[from - 1] == '\'' && from < to)))
        from--;
    return nr_text(r, from, to);
}

nr_view nr_next_word(const nr_run *r, uint32_t at)
{
    uint32_t from = nr_skip_blank(r, at), to = from;
    while (to - from < LOOK && inner(nr_at(r, to)) && (nr_ascii_alpha(nr_at(r, to)) || !blank_at(r->text, to, r->end)))
        to++;
    return nr_text(r, from, to);
}

nr_view nr_named_by(const nr_run *r, uint32_t at)
{
    uint32_t to = at;
    while (to > 1 && r->text[to - 1] == ' ')
        to--;
    bool stop = to > 0 && r->text[to - 1] == '.';
    nr_view word = nr_previous_word(r, stop ? to - 1 : at);
    if (nr_in_list(word, "is was")) { /* "the PIN is 4821" */
        nr_view subject = nr_previous_word(r, (uint32_t)(word.p - r->text));
        return nr_kinds(r, subject) & NR_KIND_SPELLED ? subject : word;
    }
    if (nr_in_list(word, "number numbers no nos"))
        return nr_previous_word(r, (uint32_t)(word.p - r->text));
    const nr_token *last = r->count ? &r->tokens[r->count - 1] : NULL;
    if (stop && last && last->class == NR_CLASS_ABBREVIATION && last->word_count && last->span.end == to) /* "Hwy. 101" */
        return last->words[last->word_count - 1].say;
    return stop ? (nr_view){word.p, 0} : word;
}

bool nr_in_list(nr_view word, const char *list)
{
    for (const char *p = list; *p && word.n;) {
        size_t n = strcspn(p, " ");
        if (nr_view_eq_nocase((nr_view){p, n}, word))
            return true;
        p += n + (p[n] == ' ');
    }
    return false;
}

uint64_t nr_value(nr_view digits)
{
    uint64_t v = 0;
    for (size_t i = 0; i < digits.n; i++) {
        if (!nr_ascii_digit(digits.p[i]))
            continue;
        if (v > (UINT64_MAX - 9) / 10)
            return UINT64_MAX;
        v = v * 10 + (uint64_t)(digits.p[i] - '0');
    }
    return v;
}

bool nr_is_one(nr_view figure) { return figure.n == 1 && figure.p[0] == '1'; }

bool nr_ends_sentence(const nr_run *r, uint32_t at)
{
    enum { FAR = 16 };
    for (uint32_t end = at + FAR; at < r->end; at++) {
        if (at == end || nr_ascii_digit(r->text[at]) || nr_letter_at(r, at) || r->text[at] == ',' || r->text[at] == ';')
            return false;
    }
    return true;
}
