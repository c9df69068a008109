/* Addresses of the web, of mail, files, and what people write after @ and #. */
#include "normalise/engine.h"

enum { PATH_MOST = 24 }; /* a longer first part of a path is for machines */

static bool web_byte(char c) { return nr_ascii_alpha(c) || nr_ascii_digit(c) || (c && strchr("._-~/?#&=%+@:!$'*,;()[]", c) != NULL); }

/* The end of an address that the scanner's window may have cut, without the punctuation that closes a sentence. */
static uint32_t whole_end(const nr_run *r, const nr_match *m)
{
    uint32_t end = m->end;
    if (nr_length(m->part[2]))
        while (web_byte(nr_at(r, end)))
            end++;
    while (end > m->part[1].end && strchr(".,;:!?'()[]*", r->text[end - 1]))
        end--;
    return end;
}

static nr_view last_label(nr_view host)
{
    size_t at = host.n;
    while (at && host.p[at - 1] != '.' && host.p[at - 1] != ':')
        at--;
    return (nr_view){host.p + at, host.n - at};
}

static bool known_ending(nr_view v)
{
    bool sentence = nr_ascii_upper(v.p[0]) && v.n > 1 && !nr_ascii_upper(v.p[1]); /* "the end.In May" */
    return !sentence && nr_in_list(v, "com org net edu gov mil int info biz tv fm uk us eu de fr es it nl ie ca au nz jp cn ru ch at be se no "
                                      "dk fi pl in br za io co me cz ro gr hu tr ua kr mx ar cl vn sg hk ph il ae ng ke pk lk ir sk hr rs bg ee lv lt kz nyc xyz media live store tech club world ai app dev example ly gg news blog museum shop online site scot wales london gl");
}

/* Names between the dots; short ones that nobody could say, and those known for it, are spelled. */
static void say_name(nr_run *r, uint32_t from, uint32_t to)
{
    enum { SHORT = 5, BRIEF = 4, NAME = 64 };
    nr_view v = nr_text(r, from, to);
    char upper[NAME], lower[NAME];
    for (size_t i = 0; i < v.n && v.n <= NAME; i++) {
        upper[i] = (char)(v.p[i] & ~32);
        lower[i] = (char)(v.p[i] | 32);
    }
    const nr_row *known = v.n <= SHORT ? nr_table_find(r->norm->acronyms, (nr_view){upper, v.n}) : NULL;
    bool pair = v.n == 2 && (strchr("AEIOUY", upper[0]) || strchr("AEIOUY", upper[1]));
    bool word = pair || (v.n > 2 && v.n <= NAME && known_ending((nr_view){lower, v.n})) || (v.n <= BRIEF && nr_table_find(r->norm->everyday, (nr_view){upper, v.n}));
    bool spelled = known ? nr_view_is(known->column[0], "*") : v.n == 1 || (v.n <= BRIEF && !word && nr_is_unpronounceable((nr_view){upper, v.n}));
    if (known && !spelled && known->column[0].n)
        nr_say_fixed(r, known->column[0], from, to);
    else if (v.n <= SHORT && (spelled || nr_in_list(v, "de fr es nl ie nz au id ru ch etc")))
        nr_say_letters(r, (nr_view){upper, v.n}, from, to);
    else if (v.n <= NAME && nr_ascii_upper(v.p[0]) && nr_ascii_upper(v.p[v.n - 1])) /* "IBM.COM" */
        nr_say(r, (nr_view){lower, v.n}, from, to);
    else
        nr_say(r, v, from, to);
}

static const char *name_of(char c)
{
    switch (c) {
    case '.': return "dot";
    case '@': return "at";
    case '-': return "dash";
    case '_': return "underscore";
    case '/': return "slash";
    case ':': return "colon";
    case '\\': return "backslash";
    case '~': return "tilde";
    case '?': return "question mark";
    case '=': return "equals";
    case '&': return "and";
    case '+': return "plus";
    case '%': return "percent";
    case '#': return "hash";
    default: return "";
    }
}

void nr_say_web_parts(nr_run *r, uint32_t from, uint32_t to)
{
    for (uint32_t p = from; p < to;) {
        char c = r->text[p];
        uint32_t q = nr_ascii_digit(c) ? nr_digits_end(r, p) : nr_ascii_alpha(c) ? nr_letters_end(r, p) : p + 1;
        q = q < to ? q : to;
        if (nr_ascii_digit(c))
            nr_say_digits(r, nr_text(r, p, q), false, p, q);
        else if (nr_ascii_alpha(c))
            say_name(r, p, q);
        else
            nr_say_s(r, name_of(c), p, q);
        p = q;
    }
}

static bool put(nr_run *r, uint32_t *at, uint32_t end, const char *rule)
{
    if (!r->word_count)
        nr_say_s(r, "link", *at, end);
    return nr_make(r, at, end, NR_CLASS_ELECTRONIC, rule);
}

/* Words and figures, not the code of a shortened link: "xQ7bR2". */
static bool is_for_people(nr_view path)
{
    for (size_t i = 1; i < path.n; i++) {
        char a = path.p[i - 1], b = path.p[i];
        if ((nr_ascii_digit(a) != nr_ascii_digit(b) && a != '-' && b != '-') || (nr_ascii_upper(b) && a >= 'a'))
            return false;
    }
    return true;
}

/* Host and first part of the path; --style url=full says all, url=host only the host. */
static bool url(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span host = m->part[1];
    char how = r->norm->style.url;
    bool scheme = nr_length(m->part[0]);
    uint32_t end = whole_end(r, m);
    if (!scheme && !nr_stands(r, host.start, "www.") && !known_ending(last_label(nr_part(r, host))))
        return false;
    if (how == 'f') {
        nr_say_web_parts(r, *at, end);
        return put(r, at, end, "address, all of it");
    }
    if (nr_stands(r, host.start, "www.") && host.end > host.start + 4)
        host.start += 4;
    nr_say_web_parts(r, host.start, host.end);
    uint32_t path = host.end, q = path + 1;
    if (how != 'h' && nr_at(r, path) == '/' && q < end) {
        while (q < end && (nr_ascii_alpha(r->text[q]) || nr_ascii_digit(r->text[q]) || r->text[q] == '-'))
            q++;
        if (q - path <= PATH_MOST && q > path + 1 && is_for_people(nr_text(r, path + 1, q)))
            nr_say_web_parts(r, path, q);
    }
    return put(r, at, end, "address");
}

static bool mail(nr_run *r, uint32_t *at, const nr_match *m)
{
    if (nr_letter_at(r, m->end) || nr_digit_at(r, m->end))
        return false;
    nr_say_web_parts(r, *at, whole_end(r, m));
    return put(r, at, whole_end(r, m), "e-mail");
}

static bool file(nr_run *r, uint32_t *at, const nr_match *m)
{
    bool one = nr_ascii_upper(r->text[m->part[1].start]) && !nr_ascii_upper(r->text[m->end - 1]) && !nr_digit_at(r, m->end - 1);
    if (!nr_ends_word(r, m->end) || one) /* "the end.Zip it" */
        return false;
    nr_say_web_parts(r, *at, m->part[1].start);
    nr_view ending = nr_part(r, m->part[1]);
    char upper[8];
    for (size_t i = 0; i < ending.n; i++)
        upper[i] = nr_ascii_alpha(ending.p[i]) ? (char)(ending.p[i] & ~32) : ending.p[i];
    const nr_row *known = nr_table_find(r->norm->acronyms, (nr_view){upper, ending.n});
    bool digit = nr_ascii_digit(ending.p[ending.n - 1]);
    if (known && known->column[0].n && !nr_view_is(known->column[0], "*"))
        nr_say_fixed(r, known->column[0], m->part[1].start, m->end);
    else
        nr_say_letters(r, (nr_view){upper, ending.n - digit}, m->part[1].start, m->end - digit);
    if (digit)
        nr_say_digits(r, nr_text(r, m->end - 1, m->end), false, m->end - 1, m->end);
    return put(r, at, m->end, "file");
}

/* "BlackLivesMatter": where the next word of a name written in one begins. */
static uint32_t hump_end(const nr_run *r, uint32_t p, uint32_t end, bool *capitals)
{
    uint32_t q = p + 1;
    while (q < end && nr_ascii_upper(r->text[p]) && nr_ascii_upper(r->text[q]) && !(q + 1 < end && r->text[q + 1] >= 'a' && r->text[q + 1] <= 'z'))
        q++;
    *capitals = q > p + 1;
    while (!*capitals && q < end && r->text[q] != '_' && !nr_ascii_upper(r->text[q]) && !nr_ascii_digit(r->text[q]))
        q++;
    return q;
}

static bool tag(nr_run *r, uint32_t *at, const nr_match *m)
{
    char sign = nr_at(r, *at);
    uint32_t p = m->part[0].start, end = m->part[0].end;
    while (nr_letter_at(r, end) || nr_digit_at(r, end) || ((unsigned char)nr_at(r, end) & 0xC0) == 0x80) /* letters beyond ASCII */
        end++;
    nr_say_s(r, sign == '#' ? "hashtag" : "at", *at, p);
    while (p < end) {
        bool capitals = false;
        uint32_t q = nr_ascii_digit(r->text[p]) ? nr_digits_end(r, p) : r->text[p] == '_' ? p + 1 : hump_end(r, p, end, &capitals);
        if (nr_ascii_digit(r->text[p]))
            nr_say_figure(r, nr_text(r, p, q), p, q);
        else if (capitals && q - p <= 4)
            nr_say_capitals(r, p, q);
        else if (r->text[p] != '_')
            nr_say(r, nr_text(r, p, q), p, q);
        p = q;
    }
    return put(r, at, end, sign == '#' ? "hashtag" : "handle");
}

bool nr_rule_web(nr_run *r, uint32_t *at)
{
    nr_match m;
    if (!nr_scan_web(r->text, *at, r->end, &m))
        return false;
    switch (m.shape) {
    case NR_SHAPE_URL: return url(r, at, &m);
    case NR_SHAPE_MAIL: return mail(r, at, &m);
    case NR_SHAPE_FILE: return file(r, at, &m);
    case NR_SHAPE_PATH: return nr_rule_path(r, at, &m);
    case NR_SHAPE_ENDING: return nr_rule_ending(r, at, &m);
    case NR_SHAPE_TAG: return tag(r, at, &m);
    default: return false;
    }
}
