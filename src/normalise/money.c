/* Money: a currency's sign before or behind a figure. */
#include "normalise/cldr.h"
#include "normalise/engine.h"

enum { SINGULAR, PLURAL, MINOR, MINORS, NOTE, SIGN_MOST = 5 };

typedef struct amount {
    nr_span figure, magnitude;
    nr_span minor; /* the hundredths behind a comma, as the continent writes them: "3,50" */
    const char *times; /* "million", or NULL */
} amount;

static bool amount_at(const nr_run *r, uint32_t at, amount *a)
{
    bool starts = nr_digit_at(r, at) || (nr_at(r, at) == '.' && nr_digit_at(r, at + 1));
    *a = (amount){.figure = {at, starts ? nr_figure_end(r, at) : at}};
    if (!starts)
        return false;
    uint32_t end = nr_digits_end(r, at);
    while (end - at <= 3 + 4 * 3 && nr_at(r, end) == '.' && nr_digits_end(r, end + 1) == end + 4)
        end += 4;
    if (nr_at(r, end) == ',' && nr_digits_end(r, end + 1) == end + 3 && nr_ends_word(r, end + 3) && !nr_counts(r, end + 3) && !((nr_at(r, end + 3) == ',' || nr_at(r, end + 3) == '.') && nr_digit_at(r, end + 4))) { /* "€1.234,50" */
        a->minor = (nr_span){end + 1, end + 3};
        a->figure.end = end + 3;
    }
    while (nr_at(r, a->figure.end) == '\'' && nr_digits_end(r, a->figure.end + 1) == a->figure.end + 4) /* "CHF 1'000" */
        a->figure.end += 4;
    uint32_t group = nr_digits_end(r, at) == a->figure.end ? nr_groups_end(r, at, true) : at;
    bool sign = at > r->start && (strchr("R$", r->text[at - 1]) || (unsigned char)r->text[at - 1] >= 0x80);
    bool several = group > a->figure.end + 4, zeros = several || (group > a->figure.end && nr_stands(r, group - 3, "000"));
    if (group > a->figure.end && (sign || zeros) && nr_ends_word(r, group) && nr_at(r, group) != '-') /* "R15 250", "€20 000" */
        a->figure.end = group;
    if (memchr(r->text + at, '\'', nr_length(a->figure)) && !memchr(r->text + at, '.', nr_length(a->figure)) && nr_at(r, a->figure.end) == '.' && nr_digit_at(r, a->figure.end + 1)) /* "1'500.50" */
        a->figure.end = nr_digits_end(r, a->figure.end + 1);
    a->times = nr_magnitude_at(r, a->figure.end, true, &a->magnitude);
    if (!a->times)
        a->magnitude = (nr_span){a->figure.end, a->figure.end};
    return true;
}

/* "R2,000", "N5bn", "R18.45", "a fine of R500": a letter that is a currency's sign, and no code's, by the look of the
 * figure or the word before. */
static bool letter_is_sign(const nr_run *r, uint32_t at, uint32_t figure)
{
    amount a;
    if (figure > at + 1 || !amount_at(r, figure, &a) || !nr_ends_word(r, a.magnitude.end))
        return false;
    nr_view digits = nr_part(r, a.figure);
    const char *point = memchr(digits.p, '.', digits.n);
    if (a.times || memchr(digits.p, ',', digits.n) || (point && digits.p + digits.n - point == 3) || digits.n > 4)
        return true;
    nr_view before = nr_previous_word(r, at);
    bool bill = nr_in_list(nr_next_word(r, a.figure.end), "grant grants fine fines fee fees note notes bail bill voucher vouchers fare"); /* "the R350 grant" */
    bool each = nr_at(r, a.figure.end) == '/' && nr_ascii_alpha(nr_at(r, a.figure.end + 1));                                           /* "N617/litre" */
    return (bill || each || (digits.n >= 3 && (nr_kinds(r, before) & NR_KIND_AMOUNT || nr_in_list(before, "of for worth cost costs costing pay pays paid paying earn earns earning fined spent"))));
}

/* The longest currency sign that stands at `at` with a figure behind it; *figure is where that begins. */
static const nr_row *currency_at(const nr_run *r, uint32_t at, uint32_t *figure)
{
    char c = nr_at(r, at);
    if (c != '$' && !nr_ascii_upper(c) && (unsigned char)c < 0xC2)
        return NULL;
    if (nr_at(r, at + 3) == '$' && nr_at(r, at + 2) == ' ' && nr_letters_end(r, at) == at + 2) { /* "NZ $26" */
        char key[3] = {c, r->text[at + 1], '$'};
        const nr_row *row = nr_table_find(r->norm->currencies, (nr_view){key, 3});
        *figure = nr_skip_blank(r, at + 4);
        return nr_digit_at(r, *figure) ? row : NULL;
    }
    for (uint32_t n = SIGN_MOST; n >= 1; n--) {
        if (at + n > r->end)
            continue;
        uint32_t next = nr_skip_blank(r, at + n);
        if (!nr_digit_at(r, next) && !(nr_at(r, next) == '.' && nr_digit_at(r, next + 1)))
            continue;
        const nr_row *row = nr_table_find(r->norm->currencies, nr_text(r, at, at + n));
        if (row && (!nr_view_is(row->column[NOTE], "letter") || letter_is_sign(r, at, next))) {
            *figure = next;
            return row;
        }
    }
    return NULL;
}

/* The hundredths of "2.50", where the currency has such and no magnitude follows: digits behind the point, else empty.
 * "$2.00" and "$0.5" have them too; "$2.5" and "$1.234" are decimals. */
static nr_span minor_of(const nr_run *r, const amount *a, const nr_row *money)
{
    nr_span s = a->figure;
    if (nr_length(a->minor))
        return a->minor;
    const char *point = memchr(r->text + s.start, '.', nr_length(s));
    if (!point || a->times || !money->column[MINOR].n)
        return (nr_span){s.end, s.end};
    uint32_t digits = (uint32_t)(point - r->text) + 1;
    bool zeros = nr_value(nr_text(r, digits, s.end)) == 0, none = nr_value(nr_text(r, s.start, digits)) == 0;
    return s.end - digits == 2 || zeros || (s.end - digits == 1 && none) ? (nr_span){digits, s.end} : (nr_span){s.end, s.end};
}

static void say_name(nr_run *r, const nr_row *money, int column, nr_span s)
{
    nr_view name = money->column[column];
    if (column <= PLURAL && nr_view_is(money->column[SINGULAR], "*") && !nr_cldr_currency(r->norm->cldr, money->key, column == PLURAL, r->arena, &name))
        name = money->key;
    nr_say_fixed(r, name, s.start, s.end);
}

static void say_minor(nr_run *r, const nr_row *money, nr_span s, bool with_name, bool adjective)
{
    uint64_t v = nr_number(r, s) * (nr_length(s) == 1 ? 10 : 1);
    nr_say_number(r, NR_FORM_CARDINAL, v, s.start, s.end);
    if (with_name)
        say_name(r, money, v == 1 || adjective ? MINOR : MINORS, s);
}

static void say_amount(nr_run *r, const nr_row *money, const amount *a, nr_span sign, bool adjective)
{
    nr_span minor = minor_of(r, a, money), whole = a->figure;
    uint64_t cents = nr_number(r, minor);
    if (nr_length(minor))
        whole.end = minor.start - 1;
    if (cents && nr_number(r, whole) == 0 && money->column[MINOR].n && !a->times) { /* £0.50: fifty pence */
        say_minor(r, money, minor, true, adjective);
        return;
    }
    if (nr_length(a->minor))
        nr_say_part(r, NR_FORM_CARDINAL, whole);
    else
        nr_say_figure_part(r, whole);
    if (cents && (a->times || !money->column[MINOR].n)) { /* "1,25 Mrd. €": no hundredths */
        nr_say_s(r, "point", minor.start - 1, minor.start);
        nr_say_digits(r, nr_part(r, minor), false, minor.start, minor.end);
        cents = 0;
    }
    if (a->times)
        nr_say_s(r, a->times, a->magnitude.start, a->magnitude.end);
    bool one = nr_is_one(nr_part(r, whole)) && !a->times;
    say_name(r, money, one || adjective ? SINGULAR : PLURAL, sign);
    if (cents) /* Britons say "two pounds fifty" */
        say_minor(r, money, minor, (r->norm->style.us || cents < 10) && !adjective, false);
}

/* What joins two amounts of which only the second says of what: "£5-£10m", "£5-10m", "between $5 and $10 million". */
static bool joined_amount(const nr_run *r, uint32_t start, const amount *a, amount *b, nr_span *joint, const char **said, bool *own_sign)
{
    uint32_t end = a->magnitude.end, dash = nr_dash_at(r, end), p = nr_skip_blank(r, end), second;
    *said = "to";
    if (dash) {
        *joint = (nr_span){end, end + dash};
        p = end + dash;
    } else if (nr_in_list(nr_previous_word(r, start), "between") && nr_stands(r, p, "and ") && !a->times) {
        *joint = (nr_span){p, p + 3};
        *said = "and";
        p = nr_skip_blank(r, p + 3);
    } else {
        return false;
    }
    *own_sign = currency_at(r, p, &second) != NULL;
    if (*own_sign)
        p = second;
    else if (!dash)
        return false;
    return amount_at(r, p, b) && (dash || b->times);
}

/* A currency's sign, alone or with a one behind it; *end is where it ends. */
static const nr_row *sign_at(const nr_run *r, uint32_t at, uint32_t *end)
{
    for (uint32_t n = SIGN_MOST; n >= 1; n--) {
        const nr_row *row = at + n <= r->end && !nr_ascii_alpha(r->text[at + n - 1]) ? nr_table_find(r->norm->currencies, nr_text(r, at, at + n)) : NULL;
        uint32_t one = at + n + (nr_at(r, at + n) == '1');
        if (row && nr_ends_word(r, one) && !(nr_at(r, one) == '.' && nr_digit_at(r, one + 1))) {
            *end = one;
            return row;
        }
    }
    return NULL;
}

/* "$20/mo", "£10/hr", "€5/kg": per what. The end of it, or `at`. */
static uint32_t say_per(nr_run *r, uint32_t at)
{
    static const char *const forms[][2] = {{"mo", "month"}, {"wk", "week"}, {"yr", "year"}, {"hr", "hour"}, {"h", "hour"},
                                           {"d", "day"},    {"pp", "person"}, {"lb", "pound"}};
    static const char *const rates[][2] = {{"ph", "an hour"}, {"pw", "a week"}, {"pa", "a year"}, {"pp", "per person"}, {"pn", "per night"}, {"pppn", "per person per night"}};
    uint32_t stroke = nr_skip_blank(r, at), from = stroke == at ? at + 1 : nr_skip_blank(r, stroke + 1), end = nr_letters_end(r, from); /* "$5 / month" */
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) { /* "£30ph", "£500 pw" */
        uint32_t to = nr_letters_end(r, stroke);
        if (nr_view_is(nr_text(r, stroke, to), rates[i][0]) && nr_ends_word(r, to)) {
            nr_say_s(r, rates[i][1], stroke, to);
            return to;
        }
    }
    const nr_row *other = nr_at(r, stroke) == '/' ? sign_at(r, from, &end) : NULL;
    if (other) { /* "₹83.50/$", "N1,600/$1" */
        nr_say_s(r, "to the", stroke, from);
        say_name(r, other, SINGULAR, (nr_span){from, end});
        return end;
    }
    if (nr_at(r, stroke) != '/' || end == from || !nr_ends_word(r, end) || (stroke > at && !nr_starts_lower(nr_text(r, from, end))))
        return at;
    nr_view word = nr_text(r, from, end);
    uint32_t second = nr_letters_end(r, end + 1);
    if (nr_at(r, end) == ' ' && nr_in_list(word, "sq cu fl") && nr_table_find(r->norm->units, nr_text(r, from, second))) { /* "$450/sq ft" */
        end = second;
        word = nr_text(r, from, end);
    }
    const nr_row *unit = nr_table_find(r->norm->units, word);
    nr_say_s(r, "per", stroke, stroke + 1);
    if (unit)
        word = unit->column[0];
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (nr_view_is(word, forms[i][0]))
            word = nr_view_of(forms[i][1]);
    nr_say(r, word, from, end);
    return end;
}

/* "10s", "6d." behind pounds or alone: a figure and its letter. The end, or 0. */
static uint32_t old_part(const nr_run *r, uint32_t at, char letter, uint64_t most, nr_span *figure)
{
    *figure = (nr_span){at, nr_digits_end(r, at)};
    uint32_t end = nr_skip_blank(r, figure->end) + 1; /* "4 s 4 d" of a text cut into words */
    if (!nr_length(*figure) || nr_length(*figure) > 2 || nr_number(r, *figure) > most || nr_at(r, end - 1) != letter || !nr_ends_word(r, end))
        return 0;
    return nr_at(r, end) == '.' && !nr_ends_sentence(r, end) ? end + 1 : end;
}

static void say_old_part(nr_run *r, nr_span s, const char *one, const char *more)
{
    nr_say_part(r, NR_FORM_CARDINAL, s);
    nr_say_s(r, nr_number(r, s) == 1 ? one : more, s.end, s.end + 1);
}

/* Shillings and pence as Britain had them, "£5 10s 6d", "2s. 6d." */
static bool old_money(nr_run *r, uint32_t *at, const amount *pounds, nr_span sign)
{
    nr_span shillings, pence;
    uint32_t from = pounds ? nr_skip_blank(r, pounds->figure.end) : *at, end = old_part(r, from, 's', 19, &shillings);
    uint32_t next = end ? nr_skip_blank(r, end) : from, last = old_part(r, next, 'd', 11, &pence);
    if (!(last || (pounds && end)) || (!pounds && !end) || (pounds && (from == pounds->figure.end || !nr_stands(r, sign.start, "\xC2\xA3"))))
        return false;
    if (pounds) {
        nr_say_figure_part(r, pounds->figure);
        nr_say_s(r, nr_is_one(nr_part(r, pounds->figure)) ? "pound" : "pounds", sign.start, sign.end);
    }
    if (end)
        say_old_part(r, shillings, "shilling", "shillings");
    if (last) {
        nr_say_s(r, "and", next, next);
        say_old_part(r, pence, "penny", "pence");
    }
    return nr_make(r, at, last ? last : end, NR_CLASS_MONEY, "shillings and pence");
}

bool nr_rule_money(nr_run *r, uint32_t *at)
{
    uint32_t start = *at, figure, minus = nr_dash_at(r, start);
    if (!nr_begins_word(r, start) || (minus && !nr_ends_word(r, start + minus)))
        return false;
    if (start > r->start + 3 && r->text[start - 1] == '/' && nr_ascii_upper(r->text[start - 2]) && nr_ascii_upper(nr_at(r, start))) /* USD/JPY 150 */
        return false;
    const nr_row *money = currency_at(r, start + minus, &figure);
    amount a, b;
    nr_span joint;
    const char *said;
    bool own_sign;
    if (!money || !amount_at(r, figure, &a))
        return false;
    if (nr_view_is(money->column[NOTE], "many") && nr_length(a.figure) <= 3 && nr_digits_end(r, a.figure.start) == a.figure.start + 1) /* PHP 8.2 is a language */
        return false;
    if (nr_view_is(money->key, "CAD") && nr_in_list(nr_previous_word(r, start), "quoting quote reference ref log")) /* of the police */
        return false;
    nr_span sign = {start + minus, figure};
    if (minus)
        nr_say_s(r, "minus", start, start + minus);
    uint32_t end = a.magnitude.end;
    if (joined_amount(r, start, &a, &b, &joint, &said, &own_sign)) {
        nr_span minor = minor_of(r, &a, money);
        if (nr_length(minor) && nr_number(r, minor) == 0)
            a.figure.end = minor.start - 1;
        if (own_sign && !a.times && !b.times) /* "$250-$300": each says of what */
            say_amount(r, money, &a, sign, false);
        else
            nr_say_figure_part(r, a.figure);
        if (a.times && strcmp(a.times, b.times ? b.times : "") != 0)
            nr_say_s(r, a.times, a.magnitude.start, a.magnitude.end);
        nr_say_s(r, said, joint.start, joint.end);
        end = b.magnitude.end;
        a = b;
    }
    if (nr_at(r, end) == 's' && nr_ends_word(r, end + 1) && !a.times && nr_digits_end(r, a.figure.start) == end) { /* "$20s", "in the $50s" */
        nr_say_figure_part(r, a.figure);
        nr_inflect(r, "s", end + 1);
        return nr_make(r, at, end + 1, NR_CLASS_MONEY, "notes of that worth");
    }
    if (old_money(r, at, &a, sign))
        return true;
    uint32_t code = nr_skip_blank(r, end), code_end = nr_letters_end(r, code);
    if (code_end == code + 3 && !nr_digit_at(r, nr_skip_blank(r, code_end)) && nr_ends_word(r, code_end)) { /* "$5 CAD" */
        const nr_row *exact = nr_table_find(r->norm->currencies, nr_text(r, code, code_end));
        if (exact) {
            money = exact;
            end = code_end;
        }
    }
    bool adjective = nr_is_adjective(r, start, end) && (!nr_number(r, minor_of(r, &a, money)) || !nr_counts(r, end) || nr_kinds_before(r, start) & NR_KIND_ARTICLE); /* "your order for $12.99 ships" */
    /* the words of the amount may be out of order with the text, but each has its span */
    say_amount(r, money, &a, sign, adjective);
    return nr_make(r, at, say_per(r, end), NR_CLASS_MONEY, "currency sign");
}

/* "300l. a year", "9d. a pound": pounds and pence by their old letters, which have a stop. */
static bool old_letter(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span s = m->part[0];
    char letter = nr_at(r, s.end);
    nr_view next = nr_next_word(r, s.end + 2);
    bool goes_on = nr_starts_lower(next) || nr_digit_at(r, nr_skip_blank(r, s.end + 2)) || (nr_at(r, s.end + 2) && strchr(",;:)", nr_at(r, s.end + 2)));
    if ((letter != 'l' && letter != 'd') || nr_at(r, s.end + 1) != '.' || !goes_on || (letter == 'd' && nr_number(r, s) > 11) || memchr(r->text + s.start, '.', nr_length(s)))
        return false;
    bool one = nr_is_one(nr_part(r, s));
    nr_say_figure_part(r, s);
    nr_say_s(r, letter == 'l' ? (one ? "pound" : "pounds") : one ? "penny" : "pence", s.end, s.end + 2);
    return nr_make(r, at, s.end + 2, NR_CLASS_MONEY, "old letter of money");
}

/* "10€", "20 EUR": a sign, or three capitals, behind the figure. */
bool nr_rule_money_behind(nr_run *r, uint32_t *at, const nr_match *m)
{
    amount a;
    if (m->shape == NR_SHAPE_FIGURE && nr_at(r, nr_skip_blank(r, m->end)) == 's' && old_money(r, at, NULL, (nr_span){0, 0}))
        return true;
    if (m->shape == NR_SHAPE_FIGURE && old_letter(r, at, m))
        return true;
    if (m->shape != NR_SHAPE_FIGURE || !amount_at(r, *at, &a))
        return false;
    if (m->part[0].end > a.magnitude.end) { /* "3 500 €" */
        a.figure.end = m->part[0].end;
        a.magnitude = (nr_span){a.figure.end, a.figure.end};
    }
    uint32_t from = nr_skip_blank(r, a.magnitude.end), letters = nr_letters_end(r, from);
    for (uint32_t n = letters > from + 2 ? letters - from : 3; n >= 1; n--) {
        const nr_row *row = from + n <= r->end ? nr_table_find(r->norm->currencies, nr_text(r, from, from + n)) : NULL;
        if (!row || !nr_ends_word(r, from + n) || (letters > from && n != 3 && !nr_view_is(row->key, "kr") && (unsigned char)row->key.p[n - 1] < 0x80))
            continue;
        if (nr_digit_at(r, nr_skip_blank(r, from + n)) && from > a.magnitude.end)
            return false; /* "in 2020 $5" */
        say_amount(r, row, &a, (nr_span){from, from + n}, nr_is_adjective(r, *at, from + n));
        return nr_make(r, at, from + n, NR_CLASS_MONEY, "sign behind");
    }
    return false;
}
