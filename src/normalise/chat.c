/* What people type when they chat: faces, hearts, words with figures in them, keys to press. */
#include "normalise/engine.h"

enum { TEXTING_MOST = 8 };

static bool begins(const nr_run *r, uint32_t at) { return at == r->start || nr_ascii_space(r->text[at - 1]); }

/* A blank, the end, or what closes a sentence or bracket. */
static bool closes(const nr_run *r, uint32_t at)
{
    char c = nr_at(r, at);
    return !c || nr_ascii_space(c) || strchr(".,!?)\"'", c) || (unsigned char)c >= 0x80;
}

/* ":-)", ";P", ":D", "=(": a face says nothing. */
static bool face(nr_run *r, uint32_t *at)
{
    uint32_t p = *at + 1;
    if (!strchr(":;=", nr_at(r, *at)) || !begins(r, *at))
        return false;
    p += nr_at(r, p) == '\'';
    p += nr_at(r, p) == '-' || nr_at(r, p) == 'o' || nr_at(r, p) == '^';
    char mouth = nr_at(r, p);
    if (!mouth || !strchr(")(][DPpOo3|/\\*", mouth))
        return false;
    while (nr_at(r, p + 1) == mouth && strchr(")(D", mouth)) /* ":)))" */
        p++;
    return closes(r, p + 1) && nr_make(r, at, p + 1, NR_CLASS_SILENT, "face");
}

/* "I <3 you", "love this <3": a heart; but "in <3 days", "a score <3". */
static bool heart(nr_run *r, uint32_t *at)
{
    nr_view before = nr_previous_word(r, *at), next = nr_next_word(r, *at + 2);
    if (!nr_stands(r, *at, "<3") || !begins(r, *at) || !closes(r, *at + 2))
        return false;
    bool object = nr_in_list(next, "you u ya this that it my your our his her him them these those the all");
    if (nr_in_list(before, "I we they") && (object || (next.n && !nr_counts(r, *at + 2))))
        nr_say_s(r, "love", *at, *at + 2);
    else if (object || nr_in_list(before, "you u ya all guys it this everyone everybody them much mum mom dad bye night thanks xx xo"))
        nr_say_s(r, "heart", *at, *at + 2);
    else
        return false;
    return nr_make(r, at, *at + 2, NR_CLASS_SYMBOL, "heart");
}

/* "press #", "hit the * key": signs on the keys of a telephone. */
static bool key(nr_run *r, uint32_t *at)
{
    char c = nr_at(r, *at);
    uint32_t mark = *at > r->start && strchr("'\"", r->text[*at - 1]) ? *at - 1 : *at;
    if ((c != '#' && c != '*') || !begins(r, mark) || nr_letter_at(r, *at + 1) || nr_at(r, *at + 1) == c)
        return false;
    nr_view before = nr_previous_word(r, mark), next = nr_next_word(r, *at + 1);
    bool pressed = nr_in_list(before, "press pressing dial dialling dialing hit pound hash star") || nr_in_list(next, "key button");
    const nr_token *last = r->count > 1 ? &r->tokens[r->count - 2] : NULL; /* "press # or *" */
    pressed = pressed || (last && nr_in_list(before, "or and then") && strcmp(last->rule, "key of a telephone") == 0);
    if (c == '#' && !pressed && nr_view_is(next, "of")) { /* "# of items" */
        nr_say_s(r, "number", *at, *at + 1);
        return nr_make(r, at, *at + 1, NR_CLASS_SYMBOL, "number of");
    }
    if (!pressed)
        return false;
    nr_say_s(r, c == '*' ? "star" : r->norm->style.us ? "pound" : "hash", *at, *at + 1);
    uint32_t end = *at + 1, digits = nr_digits_end(r, end); /* "*67", "*#06#" */
    if (nr_at(r, end) == '#') {
        nr_say_s(r, r->norm->style.us ? "pound" : "hash", end, end + 1);
        digits = nr_digits_end(r, ++end);
    }
    if (digits > end)
        nr_say_digits(r, nr_text(r, end, digits), false, end, digits);
    if (digits > end && nr_at(r, digits) == '#') {
        nr_say_s(r, r->norm->style.us ? "pound" : "hash", digits, digits + 1);
        digits++;
    }
    return nr_make(r, at, digits, NR_CLASS_SYMBOL, "key of a telephone");
}

/* "▲ 3%", "↓ 12": up or down by a figure. */
static bool mover(nr_run *r, uint32_t *at)
{
    static const char *const up[] = {"\xE2\x86\x91", "\xE2\x96\xB2", "\xE2\xAC\x86"}, *const down[] = {"\xE2\x86\x93", "\xE2\x96\xBC", "\xE2\xAC\x87"};
    const char *said = NULL;
    for (int i = 0; i < 3; i++)
        said = nr_stands(r, *at, up[i]) ? "up" : nr_stands(r, *at, down[i]) ? "down" : said;
    uint32_t next = nr_skip_blank(r, *at + 3);
    if (!said || !(nr_digit_at(r, next) || nr_at(r, next) == '$' || nr_stands(r, next, "\xC2\xA3") || nr_stands(r, next, "\xE2\x82\xAC")))
        return false;
    if (nr_in_list(nr_previous_word(r, *at), "up down rose fell gained lost"))
        return nr_make(r, at, *at + 3, NR_CLASS_SILENT, "up or down again");
    nr_say_s(r, said, *at, *at + 3);
    return nr_make(r, at, *at + 3, NR_CLASS_SYMBOL, "up or down");
}

/* "Copyright © 2020": said once; "(c) 2024". */
static bool copyright(nr_run *r, uint32_t *at)
{
    if (nr_stands(r, *at, "\xC2\xA9") && nr_in_list(nr_previous_word(r, *at), "copyright"))
        return nr_make(r, at, *at + 2, NR_CLASS_SILENT, "copyright again");
    uint32_t year = nr_skip_blank(r, *at + 3);
    if (!(nr_stands(r, *at, "(c)") || nr_stands(r, *at, "(C)")) || nr_digits_end(r, year) != year + 4 || nr_counts(r, year + 4) ||
        nr_kinds_before(r, *at) & (NR_KIND_PART | NR_KIND_LETTERED))
        return false;
    if (nr_in_list(nr_previous_word(r, *at), "copyright"))
        return nr_make(r, at, *at + 3, NR_CLASS_SILENT, "copyright again");
    nr_say_s(r, "copyright", *at, *at + 3);
    return nr_make(r, at, *at + 3, NR_CLASS_SYMBOL, "copyright");
}

bool nr_rule_chat_sign(nr_run *r, uint32_t *at)
{
    unsigned char c = (unsigned char)nr_at(r, *at);
    if (!c || (c < 0x80 && !strchr("<#*:;=(", c)) || r->norm->style.verbatim || r->norm->style.punctuation != 'n')
        return false;
    if (c == 0xE2)
        return mover(r, at);
    if (c == 0xC2 || c == '(')
        return copyright(r, at);
    return (c == '<' && heart(r, at)) || ((c == '#' || c == '*') && key(r, at)) || face(r, at);
}

/* "gr8", "2nite": words with figures in them, in the table of abbreviations. */
bool nr_rule_texting(nr_run *r, uint32_t *at)
{
    uint32_t end = *at;
    bool figure = false, letter = false;
    for (; end - *at < TEXTING_MOST && (nr_digit_at(r, end) || nr_ascii_alpha(nr_at(r, end))); end++)
        *(nr_digit_at(r, end) ? &figure : &letter) = true;
    if (!figure || !letter || !nr_ends_word(r, end))
        return false;
    const nr_row *row = nr_table_find(r->norm->abbreviations, nr_text(r, *at, end));
    if (!row)
        return false;
    nr_say_fixed(r, row->column[0], *at, end);
    return nr_make(r, at, end, NR_CLASS_ABBREVIATION, "word with a figure");
}

/* "q4h": how often a medicine is taken. */
bool nr_rule_dose_time(nr_run *r, uint32_t *at)
{
    nr_span hours = {*at + 1, nr_digits_end(r, *at + 1)};
    if (nr_at(r, *at) != 'q' || !nr_length(hours) || nr_length(hours) > 2 || (nr_at(r, hours.end) | 32) != 'h' || !nr_ends_word(r, hours.end + 1))
        return false;
    nr_say_s(r, "every", *at, *at + 1);
    nr_say_part(r, NR_FORM_CARDINAL, hours);
    nr_say_s(r, "hours", hours.end, hours.end + 1);
    return nr_make(r, at, hours.end + 1, NR_CLASS_TIME, "every so many hours");
}
