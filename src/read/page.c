#include "read/page.h"

enum { HEAD = 1 << 16, HEADER_LINES = 14, BODY = 90, HEADLINE_WORDS = 6, HEADLINE = 140 };

bool nr_page_detect(nr_page *page, nr_document *doc, const nr_furniture *f, char ending)
{
    *page = (nr_page){.doc = doc, .furniture = f, .ending = ending};
    nr_view text = nr_buffer_view(&doc->text);
    size_t furniture = 0, lines = 0;
    bool dated = false;
    for (uint32_t at = 0; at < text.n && at < HEAD && furniture < 2;) {
        nr_line line = nr_line_at(text, at, ending);
        at = line.next;
        nr_view v = nr_line_view(text, line);
        if (v.n == 0)
            continue;
        nr_date date;
        lines++;
        if (lines > 1 && lines <= HEADER_LINES)
            dated = dated || nr_date_from_line(f, v, &date);
        furniture += lines > 1 && v.n < 200 && nr_furniture_line(f, v) != NR_LINE_TEXT;
    }
    return furniture + (dated && lines > 2) >= 2 && furniture >= 1;
}

void nr_page_body(nr_page *page)
{
    page->body = true;
    page->tail = false;
    page->before = NR_PAGE_OTHER;
}

static void add(nr_page *p, nr_block_kind kind, uint8_t flags, nr_span span, nr_status *failed)
{
    nr_block b = {.span = span, .kind = (uint8_t)kind, .flags = flags, .level = kind == NR_BLOCK_HEADING ? 2 : 0};
    *failed = *failed ? *failed : nr_document_add_block(p->doc, b);
}

static const char *copy(nr_page *p, nr_view v, nr_status *failed)
{
    const char *s = nr_arena_string(&p->doc->arena, v);
    if (!s)
        *failed = NR_ENOMEM;
    return s;
}

static bool take_date(nr_page *p, nr_view v, nr_status *failed)
{
    nr_date date;
    char iso[40];
    nr_metadata *m = &p->doc->metadata;
    if (!nr_date_from_line(p->furniture, v, &date))
        return false;
    nr_date_write_iso(&date, iso);
    if (date.changed) {
        m->modified = m->modified ? m->modified : copy(p, nr_view_of(iso), failed);
    } else if (!m->date) {
        m->date = copy(p, date.said, failed);
        m->date_iso = copy(p, nr_view_of(iso), failed);
        uint32_t start = (uint32_t)(date.said.p - p->doc->text.p);
        add(p, NR_BLOCK_DATE, 0, (nr_span){start, start + (uint32_t)date.said.n}, failed);
    }
    p->before = NR_PAGE_DATE;
    return true;
}

/* A date stands among the next few lines. */
static bool date_follows(const nr_page *p, nr_line line)
{
    nr_view text = nr_buffer_view(&p->doc->text);
    int lines = 0;
    for (uint32_t at = line.next; at < text.n && lines < 3;) {
        nr_line next = nr_line_at(text, at, p->ending);
        nr_date date;
        at = next.next;
        if (next.start == next.end)
            continue;
        if (nr_date_from_line(p->furniture, nr_line_view(text, next), &date))
            return true;
        lines++;
    }
    return false;
}

static bool take_author(nr_page *p, nr_line line, nr_view v, nr_status *failed)
{
    nr_metadata *m = &p->doc->metadata;
    if (m->author)
        return false;
    nr_view author = nr_furniture_author(p->furniture, v);
    bool named = author.p && author.n < 100 && !nr_line_ends_sentence(v) && nr_line_words(author) < 12;
    /* A name without "By" stands next to the date. */
    bool beside = p->before == NR_PAGE_DATE || (p->before == NR_PAGE_TITLED && date_follows(p, line));
    if (!named && beside && nr_line_is_name(v)) {
        author = v;
        named = true;
    }
    if (!named)
        return false;
    m->author = copy(p, author, failed);
    add(p, NR_BLOCK_BYLINE, 0, (nr_span){line.start, line.end}, failed);
    p->before = NR_PAGE_BYLINE;
    return true;
}

/* "Harbour correspondent", "in Port Ellery" below the author. */
static bool is_role(const nr_page *p, nr_view v)
{
    return p->before == NR_PAGE_BYLINE && v.n < 60 && nr_line_words(v) <= 6 && !nr_line_ends_sentence(v);
}

/* Lines between the title and the article's first paragraph. */
static bool take_opening(nr_page *p, nr_line line, nr_view v, nr_status *failed)
{
    if (take_date(p, v, failed) || take_author(p, line, v, failed))
        return true;
    if (is_role(p, v)) {
        p->before = NR_PAGE_OTHER;
        return true;
    }
    return false;
}

/* A short line without a stop: what a page's link to another article looks like, if it is long for a heading. */
static bool is_headline(nr_view v)
{
    bool quoted = strchr("'\"", v.p[0]) && v.p[0] == v.p[v.n - 1]; /* a heading in the article's own words */
    quoted = quoted || (nr_view_starts(v, NR_LIT("\xE2\x80")) && (unsigned char)v.p[v.n - 3] == 0xE2);
    return !quoted && v.n <= HEADLINE && nr_line_is_heading(v) && !nr_line_ends_sentence(v) &&
           nr_line_words(v) >= HEADLINE_WORDS;
}

bool nr_page_line(nr_page *p, nr_line line, nr_status *failed)
{
    nr_view v = nr_line_view(p->doc->text.p ? nr_buffer_view(&p->doc->text) : (nr_view){"", 0}, line);
    nr_span span = {line.start, line.end};
    if (p->body && nr_furniture_tail(p->furniture, v)) {
        p->tail = true;
        return true;
    }
    switch (nr_furniture_line(p->furniture, v)) {
    case NR_LINE_FURNITURE:
        return true;
    case NR_LINE_CAPTION:
    case NR_LINE_CREDITED:
        add(p, NR_BLOCK_CAPTION, NR_BLOCK_SILENT, span, failed);
        return true;
    case NR_LINE_TEXT:
        break;
    }
    if (!p->body && take_opening(p, line, v, failed))
        return true;
    if (!p->title && v.n < 250) {
        p->title = true;
        p->before = NR_PAGE_TITLED;
        p->doc->metadata.title = copy(p, v, failed);
        add(p, NR_BLOCK_TITLE, 0, span, failed);
        return true;
    }
    uint32_t number;
    bool stop = nr_line_ends_sentence(v),
         heading = nr_line_is_heading(v) && !nr_line_item(v, &number) && !nr_line_is_rule(v);
    if (p->body && (is_headline(v) || (p->tail && heading && !stop)))
        return true;
    if (stop && v.n >= BODY)
        nr_page_body(p);
    p->before = NR_PAGE_OTHER;
    if (!heading || (stop && v.n > 40))
        return false;
    add(p, NR_BLOCK_HEADING, 0, span, failed);
    return true;
}
