/* Letters: dotted, in capitals, with digits; and capitals that are said as words. */
#include "normalise/engine.h"

enum { CAPITALS_MAX = 30, WORD_LETTERS = 40 };

/* ---------------------------------------------------------------- dotted */

/* The letters of [from, to) in capitals, without what stands between them. */
static nr_view gather(nr_run *r, uint32_t from, uint32_t to, const char *suffix)
{
    char *p = nr_arena_alloc(r->arena, to - from + strlen(suffix) + 1);
    size_t n = 0;
    if (!p) {
        r->failed = NR_ENOMEM;
        return NR_LIT("X");
    }
    for (uint32_t i = from; i < to; i++)
        if (nr_ascii_alpha(r->text[i]))
            p[n++] = (char)(r->text[i] & ~32);
    memcpy(p + n, suffix, strlen(suffix));
    return (nr_view){p, n + strlen(suffix)};
}

/* A full stop that ends both an abbreviation and the sentence is left to be the sentence's. */
static uint32_t without_last_stop(const nr_run *r, uint32_t end)
{
    bool last = nr_at(r, end - 1) == '.' && (nr_ends_sentence(r, end) || nr_starts_sentence(r, nr_next_word(r, end)));
    return last ? end - 1 : end;
}

/* "U.S.", "J.K.", "a.m.", "J. K." and "J. Smith"; a scanner's window may end within a long one, whose rest is a token of
 * its own. */
static bool dotted(nr_run *r, uint32_t *at, const nr_match *m)
{
    uint32_t end = m->end;
    bool goes_on = nr_at(r, end - 1) == '.' && nr_ascii_alpha(nr_at(r, end)) && nr_at(r, end + 1) == '.';
    if (!nr_ends_word(r, end) && !goes_on)
        return false;
    if (m->shape == NR_SHAPE_INITIALS) {
        nr_view next = nr_next_word(r, end);
        bool single = end == *at + 2, name = nr_skip_blank(r, end) > end && nr_starts_upper(next);
        if (single && (!name || nr_starts_sentence(r, next) || nr_kinds_before(r, *at) & (NR_KIND_LETTERED | (strchr("IVX", r->text[*at]) ? NR_KIND_PART : 0)))) /* "Plan B. Ann", "ACT I. SCENE" */
            return false;
        if (nr_at(r, *at) == 'I' && (single ? nr_starts_lower(nr_previous_word(r, *at)) : nr_starts_sentence(r, next)))
            return false; /* "she and I. So" */
    }
    bool plural = nr_at(r, end - 1) == 's' && nr_at(r, end - 2) == '.' && nr_ascii_upper(nr_at(r, end - 3)); /* "M.P.s" */
    bool suffix = nr_length(m->part[1]) || plural;
    if (!suffix)
        end = without_last_stop(r, end);
    nr_view letters = gather(r, *at, plural ? end - 1 : suffix ? m->part[0].end : end, suffix ? "'s" : "");
    if (!letters.n)
        return false;
    nr_say_letters(r, letters, *at, end);
    return nr_make(r, at, end, NR_CLASS_LETTERS, m->shape == NR_SHAPE_INITIALS ? "initials" : "dotted letters");
}

/* ---------------------------------------------------------------- capitals */

/* Whether a word in capitals is short or hard to say. */
static bool is_hard_to_say(nr_view word) { return word.n <= 3 || nr_is_unpronounceable(word); }

/* "NATO": said as a word, "Nato", which no voice spells. */
static void say_as_word(nr_run *r, nr_view word, const char *suffix, uint32_t from, uint32_t to)
{
    char text[WORD_LETTERS];
    size_t n = word.n < sizeof text ? word.n : sizeof text;
    for (size_t i = 0; i < n; i++)
        text[i] = i ? nr_ascii_lower(word.p[i]) : word.p[i];
    nr_say_suffixed(r, (nr_view){text, n}, suffix, false, from, to);
}

/* "R&D", "AT&T": letters and "and". */
static void say_ampersand(nr_run *r, nr_span s, const char *suffix, uint32_t end)
{
    for (uint32_t p = s.start; p < s.end;) {
        uint32_t q = p;
        while (q < s.end && r->text[q] != '&')
            q++;
        nr_say_suffixed(r, nr_text(r, p, q), q == s.end ? suffix : "", true, p, q == s.end ? end : q);
        if (q < s.end)
            nr_say_s(r, r->norm->language->conjunction, q, q + 1);
        p = q + 1;
    }
}

enum { AS_LETTERS, AS_WORD, AS_TABLE };

static bool is_capitals(nr_view word)
{
    for (size_t i = 0; i < word.n; i++)
        if (!nr_ascii_upper(word.p[i]))
            return false;
    return word.n > 1;
}

static bool is_everyday(const nr_run *r, nr_view word) { return nr_table_find(r->norm->everyday, word) != NULL; }

/* Whether a neighbour in capitals is a common word: then these capitals shout, and name nobody. */
static bool is_shouted(const nr_run *r, nr_view neighbour)
{
    return is_capitals(neighbour) && (is_everyday(r, neighbour) || nr_kinds(r, neighbour) & (NR_KIND_FUNCTION | NR_KIND_SPEAKER));
}

/* A neighbour that is a word, though in capitals: common, or long. */
static bool is_loud(const nr_run *r, nr_view neighbour)
{
    return is_shouted(r, neighbour) || (neighbour.n > 4 && is_capitals(neighbour) && !is_hard_to_say(neighbour) &&
                                        !nr_table_find(r->norm->acronyms, neighbour));
}

/* The same word stands near by as names are written: "Egan". */
static bool is_written_as_name(const nr_run *r, nr_view word)
{
    enum { FAR = 1000 };
    uint32_t at = (uint32_t)(word.p - r->text), from = at > r->start + FAR ? at - FAR : r->start, to = at + FAR < r->end ? at + FAR : r->end;
    for (const char *p = r->text + from, *end = r->text + to; (size_t)(end - p) >= word.n && (p = memchr(p, word.p[0], (size_t)(end - p))); p++) {
        size_t i = 1;
        while (i < word.n && p + i < end && p[i] == nr_ascii_lower(word.p[i]))
            i++;
        uint32_t place = (uint32_t)(p - r->text);
        if (i == word.n && nr_begins_word(r, place) && nr_ends_word(r, place + (uint32_t)i))
            return true;
    }
    return false;
}

/* Four letters that might be a word are a name among other words in capitals, behind a first name or a title, before a
 * colon that gives somebody the word, or where they stand in small letters as well. */
static bool is_name(const nr_run *r, nr_view word)
{
    uint32_t at = (uint32_t)(word.p - r->text), end = at + (uint32_t)word.n;
    nr_view before = nr_previous_word(r, at);
    bool titled = nr_starts_upper(before) && (nr_kinds(r, before) & NR_KIND_NAME || nr_in_list(before, "Mr Mrs Ms Miss Dr Sir Dame Lord Lady"));
    return r->headline || titled || (at == r->start && nr_at(r, end) == ':') || is_loud(r, before) ||
           is_loud(r, nr_next_word(r, end)) || is_written_as_name(r, word);
}

/* Whether an unknown word in capitals is better spelled. Most of four letters are, and longer ones that no mouth can say;
 * where the language has no table of everyday words, those are that are hard to say. */
static bool looks_spelled(const nr_run *r, nr_view word)
{
    if (is_hard_to_say(word))
        return true;
    return nr_table_count(r->norm->everyday) && (word.n == 4 || nr_is_unsayable(word)) && !is_name(r, word);
}

/* IT, US and WHO are names and words: "DO IT NOW", "JOIN US TODAY", "THE MAN WHO FELL". */
static bool is_pronoun(const nr_run *r, nr_view word)
{
    uint32_t at = (uint32_t)(word.p - r->text);
    nr_view before = nr_previous_word(r, at), next = nr_next_word(r, at + (uint32_t)word.n);
    bool run = r->headline || (is_capitals(before) && is_capitals(next));
    if (nr_view_is(word, "IT"))
        return run || is_shouted(r, before) || is_shouted(r, next);
    if (nr_view_is(word, "US"))
        return (run || is_shouted(r, before)) && nr_in_list(before, "of for with to about let tell tells told give gives gave join help helps show shows is was makes made from between among");
    return nr_view_is(word, "WHO") && run && is_capitals(before) && !(nr_kinds(r, before) & NR_KIND_FUNCTION);
}

/* "the Civil Aeronautics Board (CAB)": three letters in brackets that are the initials of what they stand for are
 * spelled, even where they make a word. */
static bool is_initials(const nr_run *r, nr_view word)
{
    uint32_t at = (uint32_t)(word.p - r->text);
    if (word.n != 3 || at < r->start + 8 || r->text[at - 1] != '(' || nr_at(r, at + 3) != ')')
        return false;
    uint32_t before = at - 1;
    for (size_t i = word.n; i-- > 0;) {
        nr_view name = nr_previous_word(r, before);
        while (name.n && nr_starts_lower(name) && name.n < 4) { /* "of", "and" */
            before = (uint32_t)(name.p - r->text);
            name = nr_previous_word(r, before);
        }
        if (!name.n || (name.p[0] & ~32) != word.p[i])
            return false;
        before = (uint32_t)(name.p - r->text);
    }
    return true;
}

/* "in UP, Bihar and MP", "IS fighters": an Indian state, and those who called themselves a state, not the words. */
static bool is_place_or_group(const nr_run *r, nr_view word)
{
    uint32_t at = (uint32_t)(word.p - r->text), end = at + (uint32_t)word.n;
    if (r->headline || is_shouted(r, nr_previous_word(r, at)) || is_shouted(r, nr_next_word(r, end)))
        return false;
    if (nr_view_is(word, "UP"))
        return nr_in_list(nr_previous_word(r, at), "of in from across western eastern");
    return nr_view_is(word, "IS") && nr_in_list(nr_next_word(r, end), "fighters fighter militants militant group jihadists terrorists terrorist caliphate members cell cells affiliate");
}

/* The table knows: "*" is spelled, nothing is a word, anything else is what is said. */
static int manner_of(const nr_run *r, nr_view word, nr_view *said)
{
    const nr_row *known = nr_table_find(r->norm->acronyms, word);
    if (known && nr_view_is(known->column[0], "*"))
        return is_pronoun(r, word) ? AS_WORD : AS_LETTERS;
    if (known && known->column[0].n) {
        *said = known->column[0];
        return AS_TABLE;
    }
    if (word.n == 1)
        return AS_LETTERS;
    if (!known && nr_kinds(r, word) & NR_KIND_PART && nr_roman_value(nr_next_word(r, (uint32_t)(word.p - r->text) + (uint32_t)word.n))) /* "ACT II" */
        return AS_WORD;
    if (!known && (is_initials(r, word) || is_place_or_group(r, word)))
        return AS_LETTERS;
    if (known || is_everyday(r, word) || (r->headline && word.n <= 3 && !nr_is_unpronounceable(word) && (nr_is_vowel(word.p[0]) || nr_is_vowel(word.p[1]))))
        return AS_WORD;
    return looks_spelled(r, word) ? AS_LETTERS : AS_WORD;
}

bool nr_letter_before_mark(const nr_run *r, uint32_t at)
{
    char mark = nr_at(r, at + 1), next = nr_at(r, at + 2);
    return (r->text[at] | 32) == 'a' && nr_begins_word(r, at) && mark && strchr(",.:;)]?!", mark) && !(mark == ',' && r->text[at] == 'a') && next != '.' && next != '\xE2' && !nr_letter_at(r, at + 2) &&
           !(at > r->start && (r->text[at - 1] == '\'' || r->text[at - 1] == '-' || (unsigned char)r->text[at - 1] >= 0x80));
}

/* "vitamin A", "Plan A", "A-level": a letter; elsewhere it is the article. */
static bool lone_letter(nr_run *r, uint32_t *at, const nr_match *m)
{
    if (r->text[*at] == 'A' && nr_at(r, *at + 1) == '*' && nr_begins_word(r, *at) && (nr_ends_word(r, *at + 2) || strchr("sABCDE", nr_at(r, *at + 2))) && nr_at(r, *at + 2) != '*') {
        nr_say_letters(r, NR_LIT("A"), *at, *at + 1); /* the best of grades in Britain */
        nr_say_s(r, "star", *at + 1, *at + 2);
        if (nr_at(r, *at + 2) == 's' && nr_ends_word(r, *at + 3))
            nr_inflect(r, "s", *at + 3);
        return nr_make(r, at, r->words[r->word_count - 1].span.end, NR_CLASS_LETTERS, "grade");
    }
    if (nr_letter_before_mark(r, *at)) {
        nr_say_letters(r, nr_text(r, *at, *at + 1), *at, *at + 1);
        return nr_make(r, at, *at + 1, NR_CLASS_LETTERS, "letter before a mark");
    }
    nr_view before = nr_previous_word(r, *at);
    bool lettered = nr_kinds(r, before) & NR_KIND_LETTERED && !(before.n == 1);
    bool hyphen = nr_dash_at(r, m->end) && nr_letter_at(r, m->end + nr_dash_at(r, m->end));
    bool grade = hyphen && nr_in_list(nr_text(r, m->end + 1, nr_letters_end(r, m->end + 1)), "level levels list lister listers team road bomb minus plus");
    if (r->text[*at] != 'A' || m->end != *at + 1 || (!lettered && !grade))
        return false;
    nr_say_letters(r, NR_LIT("A"), *at, m->end);
    return nr_make(r, at, m->end, NR_CLASS_LETTERS, "letter that tells apart");
}

/* "V I Lenin", "A A Milne", and behind a first name "Terry A Anderson": initials without their stops. */
static bool open_initials(nr_run *r, uint32_t *at)
{
    uint32_t p = *at, end = *at, count = 0;
    while (nr_ascii_upper(nr_at(r, p)) && nr_at(r, p + 1) == ' ' && count < CAPITALS_MAX) {
        end = p + 1;
        p += 2;
        count++;
    }
    nr_view name = nr_text(r, p, nr_letters_end(r, p));
    bool named = name.n > 1 && nr_starts_upper(name) && !nr_ascii_upper(name.p[1]) && !nr_starts_sentence(r, name);
    bool middle = count == 1 && r->text[*at] == 'A' && nr_kinds_before(r, *at) & NR_KIND_NAME && nr_starts_upper(nr_previous_word(r, *at));
    if (!named || !(count > 1 || middle))
        return false;
    nr_say_letters(r, gather(r, *at, end, ""), *at, end);
    return nr_make(r, at, end, NR_CLASS_LETTERS, "initials without stops");
}

void nr_say_capitals(nr_run *r, uint32_t from, uint32_t to)
{
    nr_view word = nr_text(r, from, to), said;
    int manner = manner_of(r, word, &said);
    if (manner == AS_TABLE)
        nr_say_fixed(r, said, from, to);
    else if (manner == AS_WORD)
        say_as_word(r, word, "", from, to);
    else
        nr_say_letters(r, word, from, to);
}

/* "IT'S", "DON'T", "O'BRIEN": capitals on both sides of an apostrophe are a word. */
static bool contraction(nr_run *r, uint32_t *at, uint32_t mark_at, uint32_t end)
{
    char text[WORD_LETTERS];
    size_t n = 0, length = nr_apostrophe_at(r, mark_at);
    if (end - *at > sizeof text)
        return false;
    bool name = mark_at - *at <= 2 && end - mark_at - length > 2;
    for (uint32_t p = *at; p < end; p++) {
        bool upper = p == *at || (name && p == mark_at + length);
        if (p == mark_at) {
            text[n++] = '\'';
            p += (uint32_t)length - 1;
        } else {
            text[n++] = upper ? r->text[p] : nr_ascii_lower(r->text[p]);
        }
    }
    nr_say(r, (nr_view){text, n}, *at, end);
    return nr_make(r, at, end, NR_CLASS_WORD, "capitals with an apostrophe");
}

/* The end of capitals behind an apostrophe at `at`, else 0. */
static uint32_t capitals_behind(const nr_run *r, uint32_t at)
{
    uint32_t from = at + nr_apostrophe_at(r, at), to = from;
    while (nr_ascii_upper(nr_at(r, to)))
        to++;
    return from > at && to > from && nr_ends_word(r, to) ? to : 0;
}

static bool capitals(nr_run *r, uint32_t *at, const nr_match *match)
{
    nr_match changed = *match, *m = &changed;
    nr_span s = m->part[0];
    uint32_t behind = capitals_behind(r, s.end);
    if (behind && (nr_at(r, behind - 1) != 'S' || nr_ascii_upper(nr_at(r, behind - 2)) ||
                   nr_in_list(nr_part(r, s), "it he she that what who there here where how let")))
        return contraction(r, at, s.end, behind);
    if (behind) { /* "BBC'S" */
        m->part[1] = (nr_span){s.end, behind};
        m->end = behind;
    }
    nr_view word = nr_part(r, s), said = {NULL, 0};
    if (!nr_ends_word(r, m->end) || word.n > CAPITALS_MAX)
        return false;
    if (word.n == 1)
        return lone_letter(r, at, m);
    bool formula = nr_stands(r, m->end, "\xE2\x82") || nr_stands(r, m->end, "\xE2\x81\xBB") || nr_stands(r, m->end, "\xE2\x81\xBA"); /* "SO₄", "OH⁻" */
    const char *suffix = !nr_length(m->part[1]) ? "" : nr_length(m->part[1]) == 1 ? "s" : "'s";
    int manner = formula ? AS_LETTERS : manner_of(r, word, &said);
    if (manner == AS_TABLE) {
        nr_say_fixed(r, said, *at, m->end);
        if (*suffix)
            nr_inflect(r, suffix, m->end);
        return nr_make(r, at, m->end, NR_CLASS_ABBREVIATION, "known acronym");
    }
    if (memchr(word.p, '&', word.n)) {
        say_ampersand(r, s, suffix, m->end);
        return nr_make(r, at, m->end, NR_CLASS_LETTERS, "letters and letters");
    }
    if (manner == AS_WORD) {
        say_as_word(r, word, suffix, *at, m->end);
        return nr_make(r, at, m->end, NR_CLASS_ABBREVIATION, "capitals as a word");
    }
    nr_say_suffixed(r, word, suffix, true, *at, m->end);
    return nr_make(r, at, m->end, NR_CLASS_LETTERS, "capitals");
}

/* "GoI", "AfD", "MoHFW": capitals with the small letter of "of" or "for" between them; "NoSQL" is no such thing. */
static bool of_between(nr_run *r, uint32_t *at)
{
    uint32_t end = *at + 2;
    bool inside = *at > r->start && r->text[*at - 1] == '-'; /* SARS-CoV-2 */
    if (inside || !nr_ascii_upper(nr_at(r, *at)) || (nr_at(r, *at + 1) != 'o' && nr_at(r, *at + 1) != 'f'))
        return false;
    while (end - *at < 5 && nr_ascii_upper(nr_at(r, end)))
        end++;
    uint32_t mark = nr_apostrophe_at(r, end), own = end + mark;
    bool s = nr_at(r, own) == 's' && nr_ends_word(r, own + 1);
    if (end == *at + 2 || !(s || nr_ends_word(r, end)) || (s && mark == 0 && end > *at + 3) || nr_stands(r, *at, "NoSQL"))
        return false;
    nr_say_letters(r, gather(r, *at, end, s ? (mark ? "'s" : "s") : ""), *at, s ? own + 1 : end);
    return nr_make(r, at, s ? own + 1 : end, NR_CLASS_LETTERS, "letters and \"of\"");
}

/* "RTÉ", "CIÉ", "LÉ": Irish letters with an accent, as names of theirs are spelled. */
static bool irish(nr_run *r, uint32_t *at)
{
    uint32_t end = nr_letters_end(r, *at), mark = end + 2;
    if (!nr_stands(r, end, "\xC3\x89") || nr_letter_at(r, mark) || !nr_begins_word(r, *at) || !(nr_view_is(nr_text(r, *at, end), "RT") || nr_view_is(nr_text(r, *at, end), "CI") || nr_view_is(nr_text(r, *at, end), "L")))
        return false;
    uint32_t own = mark + nr_apostrophe_at(r, mark);
    bool s = own > mark && nr_at(r, own) == 's' && nr_ends_word(r, own + 1);
    nr_say_letters(r, gather(r, *at, end, s ? "E's" : "E"), *at, s ? own + 1 : mark);
    return nr_make(r, at, s ? own + 1 : mark, NR_CLASS_LETTERS, "letters with an accent");
}

/* ---------------------------------------------------------------- with a sign */

/* "A$AP", "Ke$ha", "P!nk": names with a sign for a letter. */
static bool sign_for_letter(nr_run *r, uint32_t *at)
{
    enum { MOST = 16 };
    char name[MOST];
    uint32_t mark = nr_letters_end(r, *at), end = mark + 1;
    char sign = nr_at(r, mark);
    bool dollar = sign == '$', exclaimed = sign == '!' && mark == *at + 1 && nr_ascii_upper(nr_at(r, *at)) && nr_at(r, end) >= 'a' && nr_at(r, end) <= 'z';
    bool money = dollar && nr_at(r, end) >= 'a' && nr_table_find(r->norm->currencies, nr_text(r, *at, end)); /* "US$m" */
    end = nr_letters_end(r, end);
    if (money || !(dollar || exclaimed) || mark == *at || end == mark + 1 || end - *at > MOST || !nr_ends_word(r, end))
        return false;
    for (uint32_t p = *at; p < end; p++)
        name[p - *at] = p == mark ? (dollar ? 's' : 'i') : p == *at ? r->text[p] : nr_ascii_lower(r->text[p]);
    nr_say(r, (nr_view){name, end - *at}, *at, end);
    return nr_make(r, at, end, NR_CLASS_WORD, "sign for a letter");
}

/* "Council", "Harbour": a capital and small letters, and no sign or figure behind, as most words with a capital are. */
static bool is_usual_word(const nr_run *r, uint32_t at)
{
    uint32_t p = at + 1;
    while (nr_at(r, p) >= 'a' && nr_at(r, p) <= 'z')
        p++;
    char next = nr_at(r, p);
    return nr_ascii_upper(nr_at(r, at)) && p > at + 1 && !(p == at + 2 && r->text[at + 1] == 's') && !(p == at + 3 && nr_stands(r, at + 1, "th")) && !nr_ascii_alpha(next) && !nr_ascii_digit(next) &&
           next != '$' && next != '!' && (unsigned char)next != 0xC3;
}

bool nr_rule_letters(nr_run *r, uint32_t *at)
{
    nr_match m;
    if (is_usual_word(r, *at))
        return false;
    if (of_between(r, at) || irish(r, at) || sign_for_letter(r, at))
        return true;
    if (!nr_scan_word(r->text, *at, r->end, &m))
        return false;
    switch (m.shape) {
    case NR_SHAPE_DOTTED:
    case NR_SHAPE_INITIALS:
        if (dotted(r, at, &m))
            return true;
        m = (nr_match){NR_SHAPE_CAPITALS, *at + 1, {{*at, *at + 1}}}; /* "Charles I." */
        return nr_ascii_upper(r->text[*at]) && (nr_rule_roman(r, at, &m) || nr_rule_lineage(r, at) || lone_letter(r, at, &m));
    case NR_SHAPE_CAPITALS: return nr_rule_roman(r, at, &m) || nr_rule_lineage(r, at) || open_initials(r, at) || capitals(r, at, &m);
    case NR_SHAPE_CODE:
        if (nr_dash_at(r, m.part[0].end) && nr_in_list(nr_part(r, m.part[0]), "BC BCE AD CE")) { /* "1000 BC-500 AD" */
            m = (nr_match){NR_SHAPE_CAPITALS, m.part[0].end, {m.part[0]}};
            return capitals(r, at, &m);
        }
        return nr_rule_junction(r, at, &m) || nr_rule_lettered_code(r, at, &m);
    case NR_SHAPE_POSTCODE: return nr_rule_postcode(r, at, &m);
    default: return false;
    }
}
