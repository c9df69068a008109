#include "read/lines.h"

#include <unicode/uchar.h>

#include "base/utf8.h"

char nr_line_ending(nr_view text)
{
    nr_view head = {text.p, text.n < (1u << 20) ? text.n : (1u << 20)};
    if (nr_view_find_byte(head, '\n') || !nr_view_find_byte(head, '\r'))
        return '\n';
    return nr_view_find_byte(text, '\n') ? '\n' : '\r';
}

static bool is_space_at(const char *p, const char *end, int *length)
{
    if ((unsigned char)*p < 0x80) {
        *length = 1;
        return nr_ascii_space(*p);
    }
    return nr_code_is_space(nr_utf8_decode(p, end, length));
}

nr_line nr_line_at(nr_view text, uint32_t at, char ending)
{
    const char *p = text.p + at, *stop = text.p + text.n;
    const char *found = memchr(p, ending, (size_t)(stop - p));
    const char *end = found ? found : stop;
    nr_line line = {.next = (uint32_t)((found ? found + 1 : stop) - text.p)};
    int length;
    const char *start = p;
    while (start < end && is_space_at(start, end, &length))
        start += length;
    while (end > start) {
        const char *last = text.p + nr_utf8_before(text.p, (size_t)(end - text.p));
        if (last < start || !is_space_at(last, end, &length))
            break;
        end = last;
    }
    line.start = (uint32_t)(start - text.p);
    line.end = (uint32_t)(end - text.p);
    line.indent = line.start - at;
    return line;
}

size_t nr_line_item(nr_view v, uint32_t *number)
{
    *number = 0;
    if (v.n > 2 && memchr("-*+", v.p[0], 3) && v.p[1] == ' ')
        return v.p[2] == ' ' ? 3 : 2;
    static const char *const bullets[] = {"\xE2\x80\xA2", "\xE2\x80\xA3", "\xE2\x97\xA6", "\xC2\xB7"};
    for (size_t i = 0; i < 4; i++) {
        size_t n = strlen(bullets[i]);
        if (v.n > n + 1 && memcmp(v.p, bullets[i], n) == 0) {
            while (n < v.n && (v.p[n] == ' ' || v.p[n] == '\t'))
                n++;
            return n;
        }
    }
    size_t i = 0;
    uint32_t n = 0;
    for (; i < v.n && i < 3 && nr_ascii_digit(v.p[i]); i++)
        n = n * 10 + (uint32_t)(v.p[i] - '0');
    if (i == 0 || i + 2 >= v.n || (v.p[i] != '.' && v.p[i] != ')') || v.p[i + 1] != ' ')
        return 0;
    *number = n;
    return n ? i + 2 : 0;
}

bool nr_line_is_rule(nr_view v)
{
    size_t signs = 0;
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] == ' ' || v.p[i] == '\t')
            continue;
        if (!strchr("*-_=~#", v.p[i]))
            return false;
        signs++;
    }
    return signs >= 3;
}

bool nr_line_ends_sentence(nr_view v)
{
    while (v.n) {
        size_t at = nr_utf8_before(v.p, v.n);
        int length;
        uint32_t c = nr_utf8_decode(v.p + at, v.p + v.n, &length);
        if (c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xFF01 || c == 0xFF1F)
            return true;
        bool closing = c == '"' || c == '\'' || c == ')' || c == ']' || c == '*' || c == '_' || c == 0x201D ||
                       c == 0x2019 || c == 0xBB || c == 0x201C || nr_code_is_space(c);
        if (!closing)
            return false;
        v.n = at;
    }
    return false;
}

size_t nr_line_words(nr_view v)
{
    size_t words = 0;
    for (size_t i = 0; i < v.n; i++)
        words += !nr_ascii_space(v.p[i]) && (i == 0 || nr_ascii_space(v.p[i - 1]));
    return words;
}

/* "CHAPTER IV." and "II." are headings though they end with a stop. */
static bool is_chapter(nr_view v)
{
    static const char *const words[] = {"chapter ", "part ",  "book ",    "canto ",
                                        "act ",     "scene ", "kapitel ", "chapitre "};
    if (v.n > 40)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (nr_view_starts_nocase(v, nr_view_of(words[i])))
            return nr_line_words(v) <= 4;
    for (size_t i = 0; i + 1 < v.n; i++)
        if (!strchr("IVXLC", v.p[i]))
            return false;
    return v.n > 1 && v.n < 9 && v.p[v.n - 1] == '.';
}

bool nr_line_is_heading(nr_view v)
{
    if (v.n == 0 || v.n > 120)
        return false;
    if (is_chapter(v))
        return true;
    char last = v.p[v.n - 1];
    if (strchr(".,;:-", last) || (unsigned char)last == 0xA6 /* an ellipsis' end */)
        return false;
    int length;
    uint32_t c = nr_utf8_decode(v.p, v.p + v.n, &length);
    if (u_islower((UChar32)c) || c == '>' || c == '(' || c == '[')
        return false;
    if ((last == '?' || last == '!' || last == '"' || (unsigned char)last == 0x9D) && nr_line_words(v) > 10)
        return false;
    return nr_line_words(v) <= 16;
}

static bool is_particle(nr_view word)
{
    static const char *const particles[] = {"van", "von", "de",  "der", "den", "di",  "da",  "la",
                                            "le",  "du",  "del", "bin", "al",  "and", "ter", "dos"};
    for (size_t i = 0; i < sizeof particles / sizeof *particles; i++)
        if (nr_view_is(word, particles[i]))
            return true;
    return false;
}

bool nr_line_is_name(nr_view v)
{
    size_t names = 0;
    if (v.n > 60 || v.n < 4)
        return false;
    const char *p = v.p, *end = v.p + v.n;
    while (p < end) {
        const char *space = memchr(p, ' ', (size_t)(end - p));
        nr_view word = {p, (size_t)((space ? space : end) - p)};
        p = space ? space + 1 : end;
        if (!word.n || is_particle(word))
            continue;
        int length;
        uint32_t c = nr_utf8_decode(word.p, word.p + word.n, &length);
        if (!u_isupper((UChar32)c))
            return false;
        for (size_t i = 0; i < word.n; i++)
            if (nr_ascii_digit(word.p[i]) || strchr("?!:;\"/()", word.p[i]) || (word.p[i] == '.' && word.n > 4))
                return false;
        names++;
    }
    return names >= 2 && names <= 4;
}
