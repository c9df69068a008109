/* Names that machines give: 00:1A:2B:3C:4D:5E, 550e8400-e29b-41d4-a716-446655440000, fe80::1, 0xFF, sums of bytes. They
 * are read character by character. */
#include <ctype.h>

#include "normalise/engine.h"

enum { GROUP_MOST = 12, CHECKSUM_LEAST = 16, CHECKSUM_MOST = 128, COLOUR = 6 };

static bool is_hex(char c) { return c && isxdigit((unsigned char)c); }

static uint32_t hex_end(const nr_run *r, uint32_t at, uint32_t most)
{
    uint32_t end = at;
    while (end - at < most && is_hex(nr_at(r, end)))
        end++;
    return end;
}

/* Figures and letters by name; `between`: what a colon is, NULL where it is silent. */
static void say_characters(nr_run *r, uint32_t from, uint32_t to, const char *between)
{
    for (uint32_t p = from; p < to; p++) {
        char c = r->text[p];
        if (nr_ascii_digit(c))
            nr_say_digits(r, nr_text(r, p, p + 1), false, p, p + 1);
        else if (nr_ascii_alpha(c))
            nr_say_letters(r, nr_text(r, p, p + 1), p, p + 1);
        else if (c == ':' && between)
            nr_say_s(r, between, p, p + 1);
    }
}

/* Groups of so many characters, the separator between them: the end, or 0. *mixed: figures and letters are in it. */
static uint32_t groups_end(const nr_run *r, uint32_t at, const uint8_t *lengths, int count, char separator, bool *mixed)
{
    bool figures = false, letters = false;
    for (int i = 0; i < count; i++) {
        if (i && nr_at(r, at++) != separator)
            return 0;
        uint32_t end = hex_end(r, at, lengths[i] + 1u);
        if (end - at != lengths[i])
            return 0;
        for (; at < end; at++)
            *(nr_digit_at(r, at) ? &figures : &letters) = true;
    }
    *mixed = figures && letters;
    return nr_ends_word(r, at) && nr_at(r, at) != separator ? at : 0;
}

/* The network card's address, its forms by maker, and the long number that is given to one thing alone. */
static uint32_t grouped_end(const nr_run *r, uint32_t at)
{
    static const uint8_t pairs[] = {2, 2, 2, 2, 2, 2}, fours[] = {4, 4, 4}, unique[] = {8, 4, 4, 4, 12};
    bool mixed;
    uint32_t end = groups_end(r, at, pairs, 6, ':', &mixed);
    if (end)
        return end;
    if ((end = groups_end(r, at, pairs, 6, '-', &mixed)) && mixed)
        return end;
    if ((end = groups_end(r, at, fours, 3, '.', &mixed)) && mixed)
        return end;
    return groups_end(r, at, unique, 5, '-', &mixed);
}

/* "fe80::1", "2001:db8:85a3:0:0:8a2e:370:7334": eight groups, or fewer with a gap. */
static uint32_t network_end(const nr_run *r, uint32_t at)
{
    uint32_t p = at;
    int groups = 0, gaps = 0;
    bool figures = false;
    for (;;) {
        uint32_t end = hex_end(r, p, 5);
        if (end - p > 4)
            return 0;
        for (uint32_t q = p; q < end; q++)
            figures = figures || nr_digit_at(r, q);
        groups += end > p;
        p = end;
        if (nr_stands(r, p, "::")) {
            gaps++;
            p += 2;
        } else if (end > at && nr_at(r, p) == ':' && is_hex(nr_at(r, p + 1))) {
            p++;
        } else {
            break;
        }
        if (groups > 8 || gaps > 1)
            return 0;
    }
    return figures && nr_ends_word(r, p) && (gaps == 1 ? groups < 8 : groups == 8) ? p : 0;
}

/* "0x1F", "0b1010" of programmers */
static bool prefixed(nr_run *r, uint32_t *at)
{
    enum { MOST = 34 };
    char kind = nr_at(r, *at + 1);
    if (nr_at(r, *at) != '0' || (kind != 'x' && kind != 'b'))
        return false;
    uint32_t end = hex_end(r, *at + 2, MOST);
    for (uint32_t p = *at + 2; kind == 'b' && p < end; p++)
        if (nr_at(r, p) > '1')
            return false;
    if (end == *at + 2 || !nr_ends_word(r, end))
        return false;
    nr_say_s(r, "zero", *at, *at + 1);
    nr_say_letters(r, kind == 'x' ? NR_LIT("X") : NR_LIT("B"), *at + 1, *at + 2);
    say_characters(r, *at + 2, end, NULL);
    return nr_make(r, at, end, NR_CLASS_DIGITS, kind == 'x' ? "hexadecimal" : "binary");
}

/* "GB29 NWBK 6016 1331 9268 19": an account as banks of many countries write it, in fours or in one. The end, or 0. */
static uint32_t account_end(const nr_run *r, uint32_t at)
{
    enum { GROUP = 4, SHORTEST = 15, LONGEST = 34 };
    uint32_t p = at, count = 0, figures = 0, blanks = 0;
    if (!(nr_ascii_upper(nr_at(r, at)) && nr_ascii_upper(nr_at(r, at + 1)) && nr_digit_at(r, at + 2) && nr_digit_at(r, at + 3)))
        return 0;
    for (; count <= LONGEST; count++, p++) {
        bool next = nr_at(r, p) == ' ' && count % GROUP == 0 && blanks == count / GROUP - 1 && (nr_digit_at(r, p + 1) || (nr_ascii_upper(nr_at(r, p + 1)) && nr_ascii_upper(nr_at(r, p + 4))));
        p += next;
        blanks += next;
        if (!nr_digit_at(r, p) && !nr_ascii_upper(nr_at(r, p)))
            break;
        figures += nr_digit_at(r, p);
    }
    return count >= SHORTEST && count <= LONGEST && figures >= 8 && nr_ends_word(r, p) ? p : 0;
}

/* A checksum: many figures and letters a to f in one. */
static uint32_t checksum_end(const nr_run *r, uint32_t at)
{
    uint32_t end = hex_end(r, at, CHECKSUM_MOST);
    bool figures = false, letters = false;
    for (uint32_t p = at; p < end; p++)
        *(nr_digit_at(r, p) ? &figures : &letters) = true;
    return end - at >= CHECKSUM_LEAST && figures && letters && nr_ends_word(r, end) ? end : 0;
}

/* "#FF5733": a colour, all of its letters large or all small; one that is all figures is a number. */
static bool colour(nr_run *r, uint32_t *at)
{
    uint32_t end = hex_end(r, *at + 1, COLOUR + 1);
    bool figures = false, small = false, large = false;
    bool white = nr_stands(r, *at + 1, "FFFFFF") || nr_stands(r, *at + 1, "ffffff");
    for (uint32_t p = *at + 1; p < end; p++)
        *(nr_digit_at(r, p) ? &figures : nr_ascii_upper(r->text[p]) ? &large : &small) = true;
    if (nr_at(r, *at) != '#' || end != *at + 1 + COLOUR || !(figures || white) || small == large || !nr_ends_word(r, end))
        return false;
    nr_say_s(r, "hash", *at, *at + 1);
    say_characters(r, *at + 1, end, NULL);
    return nr_make(r, at, end, NR_CLASS_DIGITS, "colour");
}

bool nr_rule_machine(nr_run *r, uint32_t *at)
{
    char c = nr_at(r, *at);
    if (c == '#')
        return colour(r, at);
    uint32_t account = nr_ascii_upper(c) && nr_begins_word(r, *at) ? account_end(r, *at) : 0;
    if (account) {
        say_characters(r, *at, account, NULL);
        return nr_make(r, at, account, NR_CLASS_DIGITS, "account");
    }
    if (!nr_begins_word(r, *at) || !(is_hex(c) || nr_stands(r, *at, "::")))
        return false;
    if (prefixed(r, at))
        return true;
    uint32_t group = hex_end(r, *at, GROUP_MOST);
    if (group - *at < GROUP_MOST && !(nr_at(r, group) && strchr(":-.", nr_at(r, group)))) /* most words, at once */
        return false;
    uint32_t end = grouped_end(r, *at);
    if (!end)
        end = checksum_end(r, *at);
    const char *between = end ? NULL : "colon";
    if (!end)
        end = network_end(r, *at);
    if (!end)
        return false;
    say_characters(r, *at, end, between);
    return nr_make(r, at, end, NR_CLASS_DIGITS, "machine's name");
}
