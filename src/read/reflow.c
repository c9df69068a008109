#include "read/reflow.h"

#include <stdlib.h>
#include <unicode/uchar.h>

#include "base/utf8.h"
#include "read/lines.h"

enum { EDGE = 2, WORD = 60, HEADING = 90 };

/* ---------------------------------------------------------------- spellings */

static uint64_t hash_more(uint64_t hash, nr_view v)
{
    for (size_t i = 0; i < v.n; i++)
        hash = (hash ^ (unsigned char)nr_ascii_lower(v.p[i])) * 1099511628211u;
    return hash;
}

static const uint64_t EMPTY_HASH = 1469598103934665603u;

static size_t slot_of(const nr_spellings *s, uint64_t hash)
{
    size_t at = hash & (s->cap - 1);
    while (s->seen[at] && s->seen[at] != hash)
        at = (at + 1) & (s->cap - 1);
    return at;
}

static bool has(const nr_spellings *s, uint64_t hash) { return s->cap && s->seen[slot_of(s, hash | 1)] != 0; }

static bool add(nr_spellings *s, uint64_t hash)
{
    if (s->count * 2 >= s->cap) {
        nr_spellings bigger = {s->furniture, NULL, 0, s->cap ? s->cap * 2 : 4096};
        bigger.seen = calloc(bigger.cap, sizeof *bigger.seen);
        if (!bigger.seen)
            return false;
        for (size_t i = 0; i < s->cap; i++)
            if (s->seen[i])
                bigger.seen[slot_of(&bigger, s->seen[i])] = s->seen[i];
        bigger.count = s->count;
        free(s->seen);
        *s = bigger;
    }
    size_t at = slot_of(s, hash | 1);
    s->count += s->seen[at] == 0;
    s->seen[at] = hash | 1;
    return true;
}

static bool is_letter(unsigned char c) { return nr_ascii_alpha((char)c) || c >= 0x80 || c == '\''; }

nr_status nr_spellings_read(nr_spellings *s, const nr_furniture *f, nr_view text)
{
    *s = (nr_spellings){.furniture = f};
    for (size_t i = 0; i < text.n;) {
        if (!is_letter((unsigned char)text.p[i])) {
            i++;
            continue;
        }
        size_t start = i;
        bool cut = start > 0 && text.p[start - 1] == '-';
        while (i < text.n && (is_letter((unsigned char)text.p[i]) ||
                              (text.p[i] == '-' && i + 1 < text.n && is_letter((unsigned char)text.p[i + 1]))))
            i++;
        cut = cut || (i < text.n && text.p[i] == '-');
        if (!cut && i - start < WORD && !add(s, hash_more(EMPTY_HASH, (nr_view){text.p + start, i - start})))
            return NR_ENOMEM;
    }
    return NR_OK;
}

void nr_spellings_free(nr_spellings *s)
{
    free(s->seen);
    *s = (nr_spellings){.furniture = NULL};
}

bool nr_spellings_join(const nr_spellings *s, nr_view first, nr_view second)
{
    uint64_t joined = hash_more(hash_more(EMPTY_HASH, first), second);
    uint64_t apart = hash_more(hash_more(hash_more(EMPTY_HASH, first), NR_LIT("-")), second);
    if (has(s, joined))
        return true;
    char space[NR_FURNITURE_LINE];
    if (has(s, apart) ||
        (s->furniture && nr_furniture_find(s->furniture, nr_furniture_fold(first, space), NULL) & NR_PHRASE_COMPOUND))
        return false;
    /* Two words that both stand alone elsewhere, the first not short: a compound. */
    return !(first.n >= 4 && second.n >= 4 && has(s, hash_more(EMPTY_HASH, first)) &&
             has(s, hash_more(EMPTY_HASH, second)));
}

bool nr_line_cut(nr_view line, nr_view next, nr_view *first, nr_view *second, size_t *mark)
{
    *mark = nr_view_ends(line, NR_LIT("\xC2\xAD")) ? 2 : nr_view_ends(line, NR_LIT("\xE2\x80\x90")) ? 3 : 0;
    *mark = *mark ? *mark : nr_view_ends(line, NR_LIT("-")) ? 1 : 0;
    if (!*mark)
        return false;
    size_t end = line.n - *mark, start = end, n = 0;
    while (start > 0 && is_letter((unsigned char)line.p[start - 1]))
        start--;
    while (n < next.n && is_letter((unsigned char)next.p[n]))
        n++;
    int length = 0;
    uint32_t c = next.n ? nr_utf8_decode(next.p, next.p + next.n, &length) : 0;
    *first = (nr_view){line.p + start, end - start};
    *second = (nr_view){next.p, n};
    return end - start >= 2 && n >= 2 && u_islower((UChar32)c) && !(start > 0 && line.p[start - 1] == '-');
}

/* ---------------------------------------------------------------- lines and pages */

typedef struct line {
    nr_view text;
    uint32_t page;
    bool after_blank, dropped;
} line;

typedef struct reflow {
    nr_composer *out;
    line *lines;
    size_t count, cap;
    uint32_t pages;
    nr_spellings spellings;
    uint64_t *edges; /* hashes of lines at the pages' edges, sorted */
    size_t edge_count;
    bool open; /* a paragraph is being written */
} reflow;

static bool add_line(reflow *r, line l)
{
    if (r->count == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 1024;
        line *p = realloc(r->lines, cap * sizeof *p);
        if (!p)
            return false;
        r->lines = p;
        r->cap = cap;
    }
    r->lines[r->count++] = l;
    return true;
}

static bool split(reflow *r, nr_view text)
{
    bool blank = true;
    for (size_t i = 0; i < text.n;) {
        size_t n = 0;
        while (i + n < text.n && text.p[i + n] != '\n' && text.p[i + n] != '\f')
            n++;
        nr_view v = nr_view_trim((nr_view){text.p + i, n});
        if (v.n && !add_line(r, (line){v, r->pages, blank, false}))
            return false;
        blank = v.n == 0;
        i += n;
        if (i < text.n && text.p[i] == '\f')
            r->pages++, blank = true;
        i++;
    }
    r->pages++;
    return true;
}

/* A line's letters with figures as one sign: what running heads have in common. */
static uint64_t edge_hash(nr_view v)
{
    uint64_t hash = EMPTY_HASH;
    for (size_t i = 0; i < v.n; i++) {
        char c = nr_ascii_digit(v.p[i]) ? '0' : v.p[i];
        if (!nr_ascii_space(c) && !(c == '0' && i > 0 && nr_ascii_digit(v.p[i - 1])))
            hash = hash_more(hash, (nr_view){&c, 1});
    }
    return hash;
}

/* "12", "- 12 -", "Page 3 of 10", "xiv". */
static bool is_page_number(nr_view v)
{
    size_t figures = 0, letters = 0, roman = 0;
    for (size_t i = 0; i < v.n; i++) {
        figures += nr_ascii_digit(v.p[i]);
        letters += nr_ascii_alpha(v.p[i]) || (unsigned char)v.p[i] >= 0x80;
        roman += strchr("ivxlc", v.p[i]) != NULL;
    }
    if (v.n <= 8 && !figures && letters && roman == letters)
        return true;
    bool page = nr_view_starts_nocase(v, NR_LIT("page ")) || nr_view_starts_nocase(v, NR_LIT("seite ")) ||
                nr_view_starts_nocase(v, NR_LIT("p. "));
    return figures && ((v.n <= 12 && letters == 0 && figures <= 5) || (page && v.n < 24));
}

static int by_hash(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static bool at_edge(const reflow *r, size_t i)
{
    uint32_t page = r->lines[i].page;
    bool top = i < EDGE || r->lines[i - EDGE].page != page;
    bool bottom = i + EDGE >= r->count || r->lines[i + EDGE].page != page;
    return top || bottom;
}

static size_t times_seen(const reflow *r, uint64_t hash)
{
    size_t low = 0, high = r->edge_count, n = 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (r->edges[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + n < r->edge_count && r->edges[low + n] == hash && n < 1000)
        n++;
    return n;
}

static bool drop_edges(reflow *r)
{
    r->edges = malloc((r->count + 1) * sizeof *r->edges);
    if (!r->edges)
        return false;
    for (size_t i = 0; i < r->count; i++)
        if (at_edge(r, i))
            r->edges[r->edge_count++] = edge_hash(r->lines[i].text);
    qsort(r->edges, r->edge_count, sizeof *r->edges, by_hash);
    size_t often = r->pages / 5 < 3 ? 3 : r->pages / 5;
    often = often > 1000 ? 1000 : often;
    for (size_t i = 0; i < r->count; i++) {
        line *l = &r->lines[i];
        if (!at_edge(r, i))
            continue;
        l->dropped = (r->pages > 1 && is_page_number(l->text)) ||
                     (l->text.n < 120 && times_seen(r, edge_hash(l->text)) >= often);
        if (l->dropped && i + 1 < r->count)
            r->lines[i + 1].after_blank = r->lines[i + 1].after_blank || l->after_blank;
    }
    return true;
}

/* ---------------------------------------------------------------- paragraphs */

static bool begins_lower(nr_view v)
{
    int length;
    return v.n && u_islower((UChar32)nr_utf8_decode(v.p, v.p + v.n, &length));
}

static size_t bullet(nr_view v)
{
    static const char *const marks[] = {"\xE2\x80\xA2", "\xE2\x97\xA6", "\xE2\x96\xAA", "\xEF\x82\xB7", "\xE2\x97\x8F"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (nr_view_starts(v, nr_view_of(marks[i]))) {
            size_t n = strlen(marks[i]);
            while (n < v.n && nr_ascii_space(v.p[n]))
                n++;
            return n;
        }
    uint32_t number;
    size_t n = nr_line_item(v, &number);
    return number == 0 ? n : 0;
}

static const line *next_kept(const reflow *r, size_t i)
{
    for (i++; i < r->count; i++)
        if (!r->lines[i].dropped)
            return &r->lines[i];
    return NULL;
}

/* Whether a paragraph ends with line `a`, `b` being the next one and `widest` the bytes of the block's widest. */
static bool ends_paragraph(const line *a, const line *b, size_t widest)
{
    if (bullet(b->text))
        return true;
    bool stop = nr_line_ends_sentence(a->text);
    if (b->after_blank) /* a page's end, or a picture between: a sentence goes on if it is not done */
        return stop || !begins_lower(b->text);
    return stop && a->text.n * 10 < widest * 8;
}

static bool is_heading(const line *a, const line *b)
{
    return a->after_blank && b && b->after_blank && a->text.n < HEADING && nr_line_is_heading(a->text) &&
           !begins_lower(b->text) && !nr_line_ends_sentence(a->text) && !bullet(a->text);
}

/* The bytes of the block's widest line: one that has blank lines around it. */
static size_t widest_at(const reflow *r, size_t i)
{
    size_t widest = 0;
    for (size_t k = i; k < r->count && (k == i || !r->lines[k].after_blank) && k < i + 200; k++)
        widest = r->lines[k].text.n > widest ? r->lines[k].text.n : widest;
    return widest;
}

static void put_line(reflow *r, const line *a, const line *b, size_t from)
{
    nr_view first, second, v = {a->text.p + from, a->text.n - from};
    size_t mark;
    bool cut = b && nr_line_cut(v, b->text, &first, &second, &mark);
    if (!cut) {
        nr_compose_text(r->out, v);
        nr_compose_text(r->out, NR_LIT(" "));
        return;
    }
    bool joined = mark > 1 || nr_spellings_join(&r->spellings, first, second);
    nr_compose_text(r->out, (nr_view){v.p, v.n - mark});
    if (!joined)
        nr_compose_text(r->out, NR_LIT("-"));
}

static void write_lines(reflow *r)
{
    size_t widest = 0;
    const nr_metadata *m = &r->out->doc->metadata;
    for (size_t i = 0; i < r->count && !r->out->failed; i++) {
        const line *a = &r->lines[i], *b = next_kept(r, i);
        if (a->dropped)
            continue;
        if (a->after_blank || !widest)
            widest = widest_at(r, i);
        size_t item = r->open ? 0 : bullet(a->text);
        if (!r->open && is_heading(a, b)) {
            if (!(m->title && nr_view_eq_nocase(a->text, nr_view_of(m->title))))
                nr_compose_begin(r->out, (nr_block){.kind = NR_BLOCK_HEADING, .level = 2}),
                    nr_compose_text(r->out, a->text), nr_compose_end(r->out);
            continue;
        }
        if (!r->open) {
            nr_block block = {.kind = item ? NR_BLOCK_ITEM : NR_BLOCK_PARAGRAPH, .level = item ? 1 : 0};
            nr_compose_begin(r->out, block);
            r->open = true;
        }
        bool last = !b || ends_paragraph(a, b, widest);
        put_line(r, a, last ? NULL : b, item);
        if (last) {
            nr_compose_end(r->out);
            r->open = false;
        }
    }
}

nr_status nr_reflow(nr_composer *out, const nr_furniture *f, nr_view text)
{
    reflow r = {.out = out};
    nr_status s = nr_spellings_read(&r.spellings, f, text);
    if (!s)
        s = split(&r, text) && drop_edges(&r) ? NR_OK : NR_ENOMEM;
    if (!s) {
        write_lines(&r);
        s = out->failed;
    }
    nr_spellings_free(&r.spellings);
    free(r.lines);
    free(r.edges);
    return s;
}
