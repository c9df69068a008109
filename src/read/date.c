#include "read/date.h"

#include <stdio.h>

#include "base/utf8.h"
#include "read/date_zone.h"

static bool take_number(nr_view *v, size_t digits, int *out)
{
    int n = 0;
    if (v->n < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (!nr_ascii_digit(v->p[i]))
            return false;
        n = n * 10 + (v->p[i] - '0');
    }
    v->p += digits;
    v->n -= digits;
    *out = n;
    return true;
}

static bool take_char(nr_view *v, const char *set)
{
    if (!v->n || !*v->p || !strchr(set, *v->p))
        return false;
    v->p++;
    v->n--;
    return true;
}

static bool valid_day(const nr_date *d)
{
    return d->year >= 1500 && d->year <= 2200 && d->month >= 1 && d->month <= 12 && d->day >= 0 && d->day <= 31;
}

/* "01:00", "0100", "01", and "1" where a name stands before; -1 for what is no offset. */
static int take_offset(nr_view v, bool named)
{
    int hours, minutes = 0;
    if (!take_number(&v, 2, &hours) && !(named && take_number(&v, 1, &hours)))
        return -1;
    if (take_char(&v, ":") || (v.n && nr_ascii_digit(*v.p)))
        if (!take_number(&v, 2, &minutes))
            return -1;
    return hours <= 14 && minutes < 60 && !(v.n && nr_ascii_digit(*v.p)) ? hours * 60 + minutes : -1;
}

static bool is_zulu(nr_view v) { return nr_view_eq_nocase(v, NR_LIT("z")); }

/* Behind a time: "+01:00", "Z", "BST", "GMT+1". */
static void take_zone(nr_view v, nr_date *d)
{
    size_t letters = 0;
    if (!v.n)
        return;
    while (letters < v.n && nr_ascii_alpha(v.p[letters]))
        letters++;
    const nr_zone *zone = nr_zone_find((nr_view){v.p, letters});
    if (is_zulu((nr_view){v.p, letters}))
        snprintf(d->zone, sizeof d->zone, "Z");
    if (letters && (!zone || (zone->by_date && !d->day)))
        return;
    int minutes = zone ? nr_zone_offset(zone, d->year, d->month, d->day) : 0;
    v.p += letters, v.n -= letters;
    if (v.n >= 2 && (*v.p == '+' || *v.p == '-')) {
        int offset = take_offset((nr_view){v.p + 1, v.n - 1}, zone);
        if (offset < 0 && !zone)
            return;
        minutes += offset < 0 ? 0 : *v.p == '-' ? -offset : offset;
    } else if (!zone) {
        return;
    }
    nr_zone_write(minutes, d->zone);
}

bool nr_date_from_iso(nr_view text, nr_date *date)
{
    nr_view v = nr_view_trim(text);
    nr_date d = {.hour = -1, .said = v};
    if (!take_number(&v, 4, &d.year))
        return false;
    bool dashes = take_char(&v, "-/");
    if (!take_number(&v, 2, &d.month))
        return false;
    if (dashes ? take_char(&v, "-/") : true)
        if (!take_number(&v, 2, &d.day))
            return false;
    if (!valid_day(&d) || (!dashes && v.n && !strchr("T ", *v.p)))
        return false;
    if (take_char(&v, "Tt ")) {
        nr_view time = v;
        if (take_number(&time, 2, &d.hour) && (take_char(&time, ":") || d.hour < 24) &&
            take_number(&time, 2, &d.minute) && d.hour < 24 && d.minute < 60) {
            while (time.n && (nr_ascii_digit(*time.p) || *time.p == ':' || *time.p == '.' || *time.p == ' '))
                time.p++, time.n--;
            take_zone(time, &d);
        } else {
            d.hour = -1;
        }
    }
    *date = d;
    return true;
}

/* ---------------------------------------------------------------- a line that is a date */

/* Words of a line: letters and digits apart, so that "7.30pm" and "30th" come to pieces. */
typedef struct piece {
    nr_view text;
    int number;  /* -1: letters */
    char before; /* the separator before it, ' ' for white space, 0 at the start or between digit and letter */
} piece;

enum { MAX_PIECES = 28 };

static bool is_letter(const char *p) { return nr_ascii_alpha(*p) || (unsigned char)*p >= 0xC3; }

static size_t letters_at(const char *p, const char *end)
{
    const char *start = p;
    while (p < end && (is_letter(p) || (unsigned char)*p >= 0x80 || (*p == '\'' && p > start))) {
        int length;
        uint32_t c = nr_utf8_decode(p, end, &length);
        if (nr_code_is_space(c) || c == 0xB7 || c == 0x2022 || c == 0x2013 || c == 0x2014 || c == 0x7C)
            break;
        p += length;
    }
    return (size_t)(p - start);
}

/* The number of pieces, or -1 when the line cannot be a date. */
static int split(nr_view line, piece out[MAX_PIECES])
{
    int count = 0;
    char before = 0;
    const char *p = line.p, *end = line.p + line.n;
    while (p < end) {
        size_t n = 0;
        int number = -1;
        if (nr_ascii_digit(*p)) {
            for (number = 0; p + n < end && nr_ascii_digit(p[n]) && n < 5; n++)
                number = number * 10 + (p[n] - '0');
            if (n > 4)
                return -1;
        } else {
            n = letters_at(p, end);
        }
        if (n == 0) {
            int length;
            uint32_t c = nr_utf8_decode(p, end, &length);
            if (c < 0x80 && !nr_ascii_space((char)c) && !strchr(".,:/-|()+*", (int)c))
                return -1;
            before = c < 0x80 && !nr_ascii_space((char)c) ? (char)c : before ? before : ' ';
            if (nr_ascii_space((char)c) && before == '.')
                before = ' ';
            p += length;
            continue;
        }
        if (count == MAX_PIECES)
            return -1;
        out[count++] = (piece){{p, n}, number, before};
        before = 0;
        p += n;
    }
    return count;
}

typedef struct line_parser {
    const nr_furniture *f;
    piece *at;
    int count;
    nr_date date;
    bool done; /* the first date is whole; more may follow and does not count */
    bool month_named;
    nr_view zone; /* "BST", "+01:00", with what follows it */
} line_parser;

/* What the tables say of `words` pieces from i. */
static unsigned phrase_class(const line_parser *p, int i, int words, int *value)
{
    char space[NR_FURNITURE_LINE];
    const char *start = p->at[i].text.p;
    nr_view last = p->at[i + words - 1].text, folded = {NULL, 0};
    if (last.p + last.n - start < 60)
        folded = nr_furniture_fold((nr_view){start, (size_t)(last.p + last.n - start)}, space);
    return folded.p ? nr_furniture_find(p->f, folded, value) : 0;
}

static unsigned word_class(const line_parser *p, int i, int *value) { return phrase_class(p, i, 1, value); }

/* "mis à jour": the words of a phrase that comes before a date; 0 for none. */
static int take_phrase(line_parser *p, int i)
{
    for (int words = 4; words > 1; words--) {
        unsigned bits = i + words <= p->count ? phrase_class(p, i, words, NULL) : 0;
        if (!(bits & (NR_PHRASE_CHANGED | NR_PHRASE_DATED)))
            continue;
        if (bits & NR_PHRASE_CHANGED && p->date.year)
            p->done = true;
        else if (bits & NR_PHRASE_CHANGED)
            p->date.changed = true;
        return words;
    }
    return 0;
}

/* "am", "p.m.": how many pieces, 0 for none. */
static int take_meridiem(const line_parser *p, int i, bool *pm)
{
    nr_view v = i < p->count ? p->at[i].text : (nr_view){NULL, 0};
    *pm = v.n && nr_ascii_lower(v.p[0]) == 'p';
    if (nr_view_eq_nocase(v, NR_LIT("am")) || nr_view_eq_nocase(v, NR_LIT("pm")))
        return 1;
    return v.n == 1 && (*pm || nr_ascii_lower(v.p[0]) == 'a') && i + 1 < p->count && p->at[i + 1].before == '.' &&
                   nr_view_eq_nocase(p->at[i + 1].text, NR_LIT("m"))
               ? 2
               : 0;
}

/* 20:16, 20.16, 7.30pm, 20h16, 7 pm. Returns the pieces taken, 0 for none. */
static int take_time(line_parser *p, int i)
{
    int hour = p->at[i].number, minute = 0, taken = 1;
    bool pm, clock = false;
    if (hour < 0 || hour > 24)
        return 0;
    if (i + 1 < p->count && p->at[i + 1].number >= 0 && p->at[i + 1].text.n == 2 && strchr(":.", p->at[i + 1].before) &&
        p->at[i + 1].before && p->at[i + 1].number < 60) {
        clock = p->at[i + 1].before == ':' || take_meridiem(p, i + 2, &pm) ||
                (p->date.year && p->date.month);
        minute = p->at[i + 1].number;
        taken = 2;
        if (i + 2 < p->count && p->at[i + 2].number >= 0 && p->at[i + 2].before == ':')
            taken = 3;
    } else if (i + 2 < p->count && nr_view_eq_nocase(p->at[i + 1].text, NR_LIT("h")) && p->at[i + 2].number >= 0) {
        minute = p->at[i + 2].number;
        clock = minute < 60;
        taken = 3;
    }
    int meridiem = take_meridiem(p, i + taken, &pm);
    if (meridiem && hour <= 12 && hour > 0) {
        hour = hour % 12 + (pm ? 12 : 0);
        clock = true;
        taken += meridiem;
    }
    if (!clock)
        return 0;
    if (p->date.hour < 0) {
        p->date.hour = hour % 24;
        p->date.minute = minute;
    }
    return taken;
}

/* 30/08/2023, 30.8.2023, 2023-08-30. Day first, unless that cannot be. */
static int take_numeric(line_parser *p, int i)
{
    if (i + 2 >= p->count)
        return 0;
    const piece *a = &p->at[i], *b = a + 1, *c = a + 2;
    if (a->number < 0 || b->number < 0 || c->number < 0 || !b->before || !strchr("/.-", b->before) ||
        b->before != c->before)
        return 0;
    nr_date d = {.hour = -1};
    if (a->text.n == 4)
        d.year = a->number, d.month = b->number, d.day = c->number;
    else if (c->text.n == 4 || (c->text.n == 2 && b->before != '.'))
        d.day = a->number, d.month = b->number, d.year = c->text.n == 2 ? 2000 + c->number : c->number;
    if (d.month > 12 && d.day <= 12) {
        int swap = d.month;
        d.month = d.day;
        d.day = swap;
    }
    if (!valid_day(&d) || !d.day)
        return 0;
    if (!p->done) {
        p->date.year = d.year, p->date.month = d.month, p->date.day = d.day;
    }
    return 3;
}

/* 2023年8月30日 */
static int take_east_asian(line_parser *p, int i)
{
    static const char *const signs[] = {"\xE5\xB9\xB4", "\xE6\x9C\x88", "\xE6\x97\xA5"};
    const piece *at = &p->at[i];
    if (i + 6 > p->count)
        return 0;
    for (int k = 0; k < 3; k++)
        if (at[2 * k].number < 0 || !nr_view_is(at[2 * k + 1].text, signs[k]))
            return 0;
    nr_date d = {.year = at[0].number, .month = at[2].number, .day = at[4].number, .hour = -1};
    if (!valid_day(&d) || !d.day)
        return 0;
    if (!p->done)
        p->date.year = d.year, p->date.month = d.month, p->date.day = d.day;
    return 6;
}

static bool is_zone(nr_view v)
{
    bool upper = v.n >= 1 && v.n <= 4;
    for (size_t i = 0; i < v.n && upper; i++)
        upper = nr_ascii_upper(v.p[i]);
    return upper;
}

static bool is_ordinal_ending(const line_parser *p, int i)
{
    nr_view v = p->at[i].text;
    return i > 0 && p->at[i - 1].number >= 0 && p->at[i].before == 0 && v.n == 2 &&
           (nr_view_eq_nocase(v, NR_LIT("st")) || nr_view_eq_nocase(v, NR_LIT("nd")) ||
            nr_view_eq_nocase(v, NR_LIT("rd")) || nr_view_eq_nocase(v, NR_LIT("th")) ||
            nr_view_eq_nocase(v, NR_LIT("er")));
}

/* The first zone behind a time, which may stand before its day. */
static void note_zone(line_parser *p, const char *at)
{
    const piece *last = &p->at[p->count - 1];
    if (!p->done && !p->zone.n)
        p->zone = (nr_view){at, (size_t)(last->text.p + last->text.n - at)};
}

static int take_word(line_parser *p, int i)
{
    int value = 0;
    if (p->date.hour >= 0 && (nr_zone_find(p->at[i].text) || is_zulu(p->at[i].text)))
        note_zone(p, p->at[i].text.p);
    unsigned bits = word_class(p, i, &value);
    if (bits & NR_PHRASE_MONTH) {
        if (!p->done && !p->date.month) {
            p->date.month = value;
            p->month_named = true;
        }
        return 1;
    }
    if (bits & NR_PHRASE_CHANGED) {
        if (p->date.year)
            p->done = true;
        else
            p->date.changed = true;
        return 1;
    }
    if (bits & (NR_PHRASE_WEEKDAY | NR_PHRASE_AMONG | NR_PHRASE_DATED))
        return 1;
    bool pm;
    int meridiem = take_meridiem(p, i, &pm);
    if (meridiem)
        return meridiem;
    return is_ordinal_ending(p, i) ||
                   (p->date.hour >= 0 && is_zone(p->at[i].text)) ||
                   (nr_view_eq_nocase(p->at[i].text, NR_LIT("last")) && i == 0)
               ? 1
               : 0;
}

/* "+0000", "-0500", "+01:00" behind a time, the "+1" of "GMT+1": how many pieces, 0 for none. "20:16 - 21:00" and
 * "20:16-21:00" are two times. */
static int take_line_offset(line_parser *p, int i)
{
    const piece *at = &p->at[i];
    const char *sign = at->text.p - 1;
    if (p->date.hour < 0 || i == 0 || (at->before != '+' && at->before != '-') || *sign != at->before)
        return 0;
    bool named = nr_zone_find(at[-1].text), apart = nr_ascii_space(sign[-1]);
    int pieces = i + 1 < p->count && at[1].number >= 0 && at[1].before == ':' && at[1].text.n == 2 ? 2 : 1;
    if ((at->before == '-' && !named && !apart) || (!named && pieces == 1 && at->text.n != 4))
        return 0;
    nr_view text = {at->text.p, (size_t)(at[pieces - 1].text.p + at[pieces - 1].text.n - at->text.p)};
    if (take_offset(text, named) < 0)
        return 0;
    note_zone(p, sign);
    return pieces;
}

static int take_plain_number(line_parser *p, int i)
{
    int n = p->at[i].number;
    if (p->at[i].text.n == 4 && n >= 1900 && n <= 2199) {
        if (!p->done && !p->date.year)
            p->date.year = n;
        return 1;
    }
    if (n >= 1 && n <= 31 && p->at[i].text.n <= 2) {
        if (!p->done && !p->date.day)
            p->date.day = n;
        return 1;
    }
    return 0;
}

bool nr_date_from_line(const nr_furniture *f, nr_view line, nr_date *date)
{
    line = nr_view_trim(line);
    piece pieces[MAX_PIECES];
    if (line.n < 6 || line.n > 140)
        return false;
    line_parser p = {f, pieces, split(line, pieces), {.hour = -1}, false, false, {NULL, 0}};
    if (p.count < 2)
        return false;
    const char *start = NULL, *end = NULL;
    for (int i = 0; i < p.count;) {
        int taken = 0, hour = p.date.hour;
        bool number = pieces[i].number >= 0;
        if (number) {
            taken = take_numeric(&p, i);
            taken = taken ? taken : take_east_asian(&p, i);
            taken = taken ? taken : take_line_offset(&p, i);
            taken = taken ? taken : take_time(&p, i);
            taken = taken ? taken : take_plain_number(&p, i);
        } else {
            taken = take_phrase(&p, i);
            taken = taken ? taken : take_word(&p, i);
        }
        if (!taken)
            return false;
        unsigned bits = number ? 0 : word_class(&p, i, &(int){0});
        bool said = number || bits & (NR_PHRASE_MONTH | NR_PHRASE_WEEKDAY) || (hour >= 0 && start);
        if (said && !p.done) {
            start = start ? start : pieces[i].text.p;
            end = pieces[i + taken - 1].text.p + pieces[i + taken - 1].text.n;
        }
        i += taken;
    }
    if (!valid_day(&p.date) || !p.date.day || !start)
        return false;
    take_zone(p.zone, &p.date);
    if (end < line.p + line.n && *end == ')' && memchr(start, '(', (size_t)(end - start)))
        end++;
    p.date.said = (nr_view){start, (size_t)(end - start)};
    *date = p.date;
    return true;
}

/* ---------------------------------------------------------------- writing */

void nr_date_write_iso(const nr_date *d, char out[40])
{
    int n = snprintf(out, 40, "%04d-%02d", d->year, d->month);
    if (d->day)
        n += snprintf(out + n, 40 - (size_t)n, "-%02d", d->day);
    if (d->hour >= 0)
        snprintf(out + n, 40 - (size_t)n, "T%02d:%02d:00%s", d->hour, d->minute, d->zone);
}

typedef struct months {
    const char *language;
    const char *day, *joint; /* what stands behind the day, and before the year */
    const char *name[12];
} months;

/* How a date is written out; ICU's formats need far longer to open than all the rest of reading. */
static const months calendars[] = {
    {"en", "", "",
     {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December"}},
    {"de", ".", "",
     {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
      "Dezember"}},
    {"fr", "", "",
     {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
      "décembre"}},
    {"es", " de", "de ",
     {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
      "diciembre"}},
    {"pt", " de", "de ",
     {"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
      "dezembro"}},
    {"it", "", "",
     {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
      "novembre", "dicembre"}},
    {"nl", "", "",
     {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
      "december"}},
    {"ru", "", "",
     {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
      "декабря"}},
};

void nr_date_write_human(const nr_date *d, const char *language, char out[64])
{
    const months *m = &calendars[0];
    for (size_t i = 0; language && i < sizeof calendars / sizeof *calendars; i++)
        if (nr_view_starts_nocase(nr_view_of(language), nr_view_of(calendars[i].language)))
            m = &calendars[i];
    const char *name = m->name[(d->month - 1) % 12];
    int n;
    if (!d->day)
        n = snprintf(out, 64, "%s %d", name, d->year);
    else if (language && (nr_view_starts_nocase(nr_view_of(language), NR_LIT("ja")) ||
                          nr_view_starts_nocase(nr_view_of(language), NR_LIT("zh"))))
        n = snprintf(out, 64, "%d年%d月%d日", d->year, d->month, d->day);
    else
        n = snprintf(out, 64, "%d%s %s %s%d", d->day, m->day, name, m->joint, d->year);
    if (d->hour > 0 || (d->hour == 0 && d->minute > 0))
        snprintf(out + n, 64 - (size_t)n, ", %02d:%02d", d->hour, d->minute);
}
