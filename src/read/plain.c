/* Plain text. Its canonical text is the decoded file itself; blocks are laid over it.
 *
 * Runs of lines between blank lines are paragraphs, wrapped or not. When the text was copied from a news page (that
 * shows by the page's furniture, see page.c) single lines are judged one by one; else nothing is left out. */
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "read/lines.h"
#include "read/page.h"
#include "read/reflow.h"
#include "read/reader.h"

typedef struct layout {
    nr_document *doc;
    nr_view text;
    char ending;
    nr_page *page; /* NULL: ordinary text */
    const nr_furniture *furniture;
    size_t runs;
    uint32_t item; /* the number of the last ordered item */
    bool titled;
    bool cuts; /* words are cut at the lines' ends, and spellings was filled */
    nr_spellings spellings;
    nr_status failed;
} layout;

typedef struct run {
    uint32_t start, end; /* whole lines; end is the start of the line behind it */
    uint32_t widest;     /* bytes of the longest line */
    uint32_t narrowest;  /* of the shortest but for the last */
    uint32_t lines;
    uint32_t stops; /* lines that end with punctuation */
    bool indented;  /* some lines are indented by two or more, and some are not */
    bool last;
} run;

static void join_words(layout *l, uint32_t start, uint32_t end);

static void add(layout *l, nr_block_kind kind, uint8_t level, uint32_t number, uint32_t start, uint32_t end)
{
    nr_block b = {.span = {start, end}, .kind = (uint8_t)kind, .level = level, .number = number};
    if (start < end || kind == NR_BLOCK_BREAK)
        l->failed = l->failed ? l->failed : nr_document_add_block(l->doc, b);
    if (l->cuts && kind != NR_BLOCK_CODE && !l->failed)
        join_words(l, start, end);
}

/* A word that was cut at a line's end is said whole: the canonical text stays as it is, and the two pieces are laid
 * under what they stand for. */
static void join_words(layout *l, uint32_t start, uint32_t end)
{
    for (uint32_t at = start; at < end;) {
        nr_line line = nr_line_at(l->text, at, l->ending);
        nr_line next = line.next < end ? nr_line_at(l->text, line.next, l->ending) : line;
        nr_view first, second;
        size_t mark;
        at = line.next;
        if (next.next == line.next || next.start == next.end ||
            !nr_line_cut(nr_line_view(l->text, line), nr_line_view(l->text, next), &first, &second, &mark))
            continue;
        char word[256];
        bool join = mark > 1 || nr_spellings_join(&l->spellings, first, second);
        int n = snprintf(word, sizeof word, "%.*s%s%.*s", (int)first.n, first.p, join ? "" : "-", (int)second.n, second.p);
        if (n <= 0 || (size_t)n >= sizeof word)
            continue;
        nr_inline whole = {{(uint32_t)(first.p - l->text.p), next.start + (uint32_t)second.n}, NR_INLINE_ABBR,
                           nr_arena_copy(&l->doc->arena, (nr_view){word, (size_t)n})};
        if (!whole.value.p)
            l->failed = NR_ENOMEM;
        l->failed = l->failed ? l->failed : nr_document_add_inline(l->doc, whole);
    }
}

static bool is_punctuation(char c) { return strchr(".,;:!?\"')-", c) || (unsigned char)c >= 0x80; }

/* The next run of lines that are not blank; false at the end. */
static bool next_run(const layout *l, uint32_t *at, run *r)
{
    nr_line line = {0};
    do {
        if (*at >= l->text.n)
            return false;
        line = nr_line_at(l->text, *at, l->ending);
        if (line.start == line.end)
            *at = line.next;
    } while (line.start == line.end);
    *r = (run){.start = *at, .narrowest = UINT32_MAX};
    uint32_t indented = 0, before = UINT32_MAX;
    while (*at < l->text.n) {
        line = nr_line_at(l->text, *at, l->ending);
        if (line.start == line.end)
            break;
        uint32_t width = line.end - line.start;
        r->widest = width > r->widest ? width : r->widest;
        r->narrowest = before < r->narrowest ? before : r->narrowest;
        before = width;
        r->lines++;
        r->stops += is_punctuation(l->text.p[line.end - 1]);
        indented += line.indent >= 2;
        *at = line.next;
    }
    r->end = *at;
    r->indented = indented && indented < r->lines;
    uint32_t rest = *at;
    while (rest < l->text.n && nr_ascii_space(l->text.p[rest]))
        rest++;
    r->last = rest >= l->text.n;
    return true;
}

/* ---------------------------------------------------------------- paragraphs in a run */

enum { WRAP = 100, SHORT = 40 };

static uint32_t first_word(nr_view v)
{
    uint32_t n = 0;
    while (n < v.n && !nr_ascii_space(v.p[n]))
        n++;
    return n;
}

/* Whether a new paragraph begins with `line`, `before` being the line in front of it. */
static bool begins_paragraph(const layout *l, const run *r, nr_line before, nr_line line)
{
    nr_view a = nr_line_view(l->text, before), b = nr_line_view(l->text, line);
    if (r->widest > WRAP) {
        /* Lines that are not wrapped; a stray long one among wrapped lines does not end in mid-sentence. */
        return a.n > WRAP || b.n > WRAP || nr_line_ends_sentence(a) || nr_line_is_heading(a);
    }
    if (r->stops == 0 && r->lines >= 3 && r->widest <= SHORT)
        return true; /* a list of short lines */
    if (r->indented && line.indent >= 2 && before.indent < 2)
        return true;
    /* The last line of a wrapped paragraph, with no blank line behind it. */
    return r->widest >= 55 && nr_line_ends_sentence(a) && a.n + first_word(b) + 1 < r->widest * 7 / 10;
}

static bool is_ordered(layout *l, nr_view line, uint32_t number, uint32_t next)
{
    if (number == 0 || number == l->item + 1)
        return true;
    if (number != 1)
        return false;
    /* "1." alone may be anything; with "2." not far behind it is a list. */
    nr_view ahead = {l->text.p + next, l->text.n - next};
    ahead.n = ahead.n < 4000 ? ahead.n : 4000;
    const char *p = ahead.p, *end = ahead.p + ahead.n;
    char mark = line.p[1];
    for (; p < end && (p = memchr(p, '2', (size_t)(end - p))) != NULL; p++) {
        const char *q = p;
        while (q > ahead.p && (q[-1] == ' ' || q[-1] == '\t'))
            q--;
        if (p + 2 < end && p[1] == mark && p[2] == ' ' && (q == ahead.p || q[-1] == l->ending))
            return true;
    }
    return false;
}

typedef struct paragraph {
    nr_block_kind kind;
    uint8_t level;
    uint32_t number, start, end;
} paragraph;

static void close_paragraph(layout *l, paragraph *p)
{
    add(l, p->kind, p->level, p->number, p->start, p->end);
    p->start = p->end = 0;
}

/* ">" marks; the bytes of all of them with their spaces. */
static uint32_t quote_mark(nr_view v)
{
    uint32_t n = 0;
    while (n < v.n && (v.p[n] == '>' || (n && nr_ascii_space(v.p[n]))))
        n++;
    return n;
}

/* A line that continues a quotation: its mark is not for the ear. */
static void silence(layout *l, uint32_t start, uint32_t end)
{
    nr_inline mark = {{start, end}, NR_INLINE_SILENT, {NULL, 0}};
    if (start < end)
        l->failed = l->failed ? l->failed : nr_document_add_inline(l->doc, mark);
}

static void add_quoted(layout *l, paragraph *p, nr_line line, uint32_t mark)
{
    bool empty = line.start + mark == line.end;
    if (p->end && (p->kind != NR_BLOCK_QUOTE || empty))
        close_paragraph(l, p);
    if (empty)
        return;
    if (p->end)
        silence(l, line.start, line.start + mark);
    else
        *p = (paragraph){.kind = NR_BLOCK_QUOTE, .start = line.start + mark};
    p->end = line.end;
}

static void add_line(layout *l, const run *r, paragraph *p, nr_line before, nr_line line)
{
    nr_view v = nr_line_view(l->text, line);
    uint32_t number, mark = quote_mark(v);
    if (mark) {
        add_quoted(l, p, line, mark);
        return;
    }
    size_t item = nr_line_item(v, &number);
    while (item && item < v.n && nr_ascii_space(v.p[item]))
        item++;
    if (item && item < v.n && is_ordered(l, v, number, line.next)) {
        close_paragraph(l, p);
        l->item = number;
        *p = (paragraph){NR_BLOCK_ITEM, (uint8_t)(line.indent >= 4 ? 2 : 1), number, line.start + (uint32_t)item,
                         line.end};
        return;
    }
    bool fresh = p->end == 0 || p->kind == NR_BLOCK_QUOTE ||
                 (p->kind == NR_BLOCK_ITEM ? line.indent == 0 && nr_line_ends_sentence(nr_line_view(l->text, before))
                                           : begins_paragraph(l, r, before, line));
    if (fresh) {
        close_paragraph(l, p);
        *p = (paragraph){.kind = NR_BLOCK_PARAGRAPH, .start = line.start};
    }
    p->end = line.end;
}

static void add_rule(layout *l, paragraph *p, nr_line line, uint32_t lines)
{
    bool underline = p->end && p->kind == NR_BLOCK_PARAGRAPH && lines == 1 && strchr("=-~", l->text.p[line.start]) &&
                     !memchr(l->text.p + line.start, ' ', line.end - line.start);
    if (underline) {
        p->kind = NR_BLOCK_HEADING;
        p->level = l->text.p[line.start] == '=' ? 1 : 2;
    }
    close_paragraph(l, p);
    if (!underline)
        add(l, NR_BLOCK_BREAK, 0, 0, line.start, line.start);
}

static void add_run(layout *l, const run *r)
{
    paragraph p = {0};
    nr_line before = {0};
    uint32_t lines = 0;
    for (uint32_t at = r->start; at < r->end && !l->failed;) {
        nr_line line = nr_line_at(l->text, at, l->ending);
        if (nr_line_is_rule(nr_line_view(l->text, line)))
            add_rule(l, &p, line, lines);
        else
            add_line(l, r, &p, before, line);
        before = line;
        at = line.next;
        lines++;
    }
    close_paragraph(l, &p);
}

/* ---------------------------------------------------------------- headings and the opening */

static const char *copy(layout *l, nr_view v)
{
    const char *s = nr_arena_string(&l->doc->arena, v);
    if (!s)
        l->failed = NR_ENOMEM;
    return s;
}

/* "by Ann Lee" and a date below the title. */
static bool add_opening(layout *l, nr_line line)
{
    nr_metadata *m = &l->doc->metadata;
    nr_view v = nr_line_view(l->text, line), author = nr_furniture_author(l->furniture, v);
    nr_date date;
    if (author.p && !m->author && author.n < 80 && !nr_line_ends_sentence(v) && nr_line_words(author) <= 9) {
        m->author = copy(l, author);
        add(l, NR_BLOCK_BYLINE, 0, 0, line.start, line.end);
        return true;
    }
    if (!m->date && nr_date_from_line(l->furniture, v, &date)) {
        uint32_t start = (uint32_t)(date.said.p - l->text.p);
        m->date = copy(l, date.said);
        char iso[40];
        nr_date_write_iso(&date, iso);
        m->date_iso = copy(l, nr_view_of(iso));
        add(l, NR_BLOCK_DATE, 0, 0, start, start + (uint32_t)date.said.n);
        return true;
    }
    return false;
}

/* The first run as title, perhaps with author and date in the same run. */
static bool add_title_run(layout *l, const run *r)
{
    nr_line line = nr_line_at(l->text, r->start, l->ending);
    nr_view v = nr_line_view(l->text, line);
    uint32_t number;
    if (r->last || r->lines > 3 || !nr_line_is_heading(v) || nr_line_is_rule(v) || nr_line_item(v, &number))
        return false;
    if (r->lines > 1) {
        nr_line second = nr_line_at(l->text, line.next, l->ending);
        nr_view w = nr_line_view(l->text, second);
        nr_date date;
        bool opening = nr_furniture_author(l->furniture, w).p || nr_date_from_line(l->furniture, w, &date);
        if (!opening && !(nr_line_is_rule(w) && r->lines == 2))
            return false;
    }
    l->doc->metadata.title = copy(l, v);
    add(l, NR_BLOCK_TITLE, 0, 0, line.start, line.end);
    for (uint32_t at = line.next; at < r->end;) {
        nr_line more = nr_line_at(l->text, at, l->ending);
        if (!add_opening(l, more) && !nr_line_is_rule(nr_line_view(l->text, more)))
            add(l, NR_BLOCK_PARAGRAPH, 0, 0, more.start, more.end);
        at = more.next;
    }
    return true;
}

static bool is_lone_heading(const layout *l, const run *r)
{
    if (r->lines != 1 || r->last)
        return false;
    nr_line line = nr_line_at(l->text, r->start, l->ending);
    nr_view v = nr_line_view(l->text, line);
    uint32_t number;
    return v.n <= 80 && nr_line_is_heading(v) && !nr_line_item(v, &number) && !nr_line_is_rule(v);
}

static void add_ordinary_run(layout *l, const run *r)
{
    nr_line line = nr_line_at(l->text, r->start, l->ending);
    if (l->runs == 0 && add_title_run(l, r)) {
        l->titled = true;
        return;
    }
    if (l->titled && l->runs <= 3 && r->lines == 1 && !r->last && add_opening(l, line))
        return;
    if (is_lone_heading(l, r))
        add(l, NR_BLOCK_HEADING, 2, 0, line.start, line.end);
    else
        add_run(l, r);
}

/* A page's lines are paragraphs of their own, unless they were wrapped. */
static void add_page_run(layout *l, const run *r)
{
    if (r->lines > 2 && r->widest <= WRAP && r->widest >= 50 && r->narrowest * 10 > r->widest * 7) {
        add_run(l, r);
        nr_page_body(l->page);
        return;
    }
    for (uint32_t at = r->start; at < r->end && !l->failed;) {
        nr_line line = nr_line_at(l->text, at, l->ending);
        if (!nr_page_line(l->page, line, &l->failed)) {
            run one = {.start = at, .end = line.next, .widest = line.end - line.start, .lines = 1};
            add_run(l, &one);
        }
        at = line.next;
    }
}

/* Some line of the text ends in a letter and a hyphen. */
static bool has_cuts(const layout *l)
{
    const char *p = l->text.p, *end = p + l->text.n;
    for (; p && (p = memchr(p, l->ending, (size_t)(end - p))) != NULL; p++) {
        const char *q = p > l->text.p && p[-1] == '\r' ? p - 1 : p;
        if (q - l->text.p > 20 && ((q[-1] == '-' && nr_ascii_alpha(q[-2])) || memcmp(q - 2, "\xC2\xAD", 2) == 0 ||
                                   memcmp(q - 3, "\xE2\x80\x90", 3) == 0))
            return true;
    }
    return false;
}

static nr_status lay_out(layout *l)
{
    run r;
    l->cuts = has_cuts(l);
    if (l->cuts)
        l->failed = nr_spellings_read(&l->spellings, l->furniture, l->text);
    for (uint32_t at = 0; !l->failed && next_run(l, &at, &r); l->runs++) {
        if (l->page)
            add_page_run(l, &r);
        else
            add_ordinary_run(l, &r);
    }
    return l->failed;
}

static nr_status read_plain(nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    (void)opt;
    nr_furniture *furniture = NULL;
    nr_status s = nr_furniture_open(&furniture, err);
    if (s)
        return s;
    layout l = {.doc = doc, .text = nr_buffer_view(&doc->text), .furniture = furniture};
    l.ending = nr_line_ending(l.text);
    nr_page page;
    if (nr_page_detect(&page, doc, furniture, l.ending))
        l.page = &page;
    s = lay_out(&l);
    nr_spellings_free(&l.spellings);
    nr_furniture_close(furniture);
    if (s)
        return s == NR_ENOMEM ? nr_fail_memory(err) : nr_fail(err, s, 0, "cannot read a text with so many paragraphs");
    if (doc->block_count == 0)
        return nr_fail(err, NR_ENOTEXT, 0, "there is nothing to read in it: no words were found");
    return NR_OK;
}

static int probe(nr_view head)
{
    (void)head;
    return 10; /* anything that is text can be read as plain text */
}

static const char *const extensions[] = {".txt", ".text", ".asc", NULL};

const nr_reader nr_reader_plain = {"plain", extensions, probe, NULL, read_plain};
