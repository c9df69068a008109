#include "publish/page_notes.h"

#include <stdlib.h>

enum { LABEL = 40 };

static size_t read_label(nr_view note, nr_view *label);

bool page_notes_open(page_notes *n, const nr_document *doc)
{
    size_t count;
    const nr_block *b = nr_document_blocks(doc, &count);
    nr_view text = nr_document_text(doc);
    *n = (page_notes){0};
    for (size_t i = 0; i < count && n->count < PAGE_NOTES; i++)
        n->count += b[i].kind == NR_BLOCK_FOOTNOTE;
    n->labels = calloc(n->count + 1, sizeof *n->labels);
    n->own = calloc(n->count + 1, sizeof *n->own);
    unsigned at = 0;
    for (size_t i = 0; n->own && i < count && at < n->count; i++) {
        if (b[i].kind != NR_BLOCK_FOOTNOTE)
            continue;
        nr_view note = nr_view_sub(text.p, b[i].span.start, b[i].span.end);
        at++;
        if (!read_label(note, &n->own[at - 1]))
            n->own[at - 1] = (nr_view){NULL, 0};
    }
    return n->labels && n->own;
}

void page_notes_close(page_notes *n)
{
    free(n->labels);
    free(n->own);
    *n = (page_notes){0};
}

/* What a note begins with: "[1] ", "(1) ", "1. ", "1) ", "[^little]: ". *label is what is between. */
static size_t read_label(nr_view note, nr_view *label)
{
    size_t open = note.n && (*note.p == '[' || *note.p == '(') ? 1 : 0, at = open;
    bool named = open && at < note.n && note.p[at] == '^';
    at += named;
    size_t from = at;
    while (at < note.n && at < from + LABEL && (named ? (unsigned char)note.p[at] > ' ' && note.p[at] != ']' : nr_ascii_digit(note.p[at])))
        at++;
    *label = (nr_view){note.p + from, at - from};
    if (at == from || at >= note.n || !strchr(open ? "])" : ".)", note.p[at]))
        return 0;
    at++;
    at += at < note.n && note.p[at] == ':';
    size_t end = at;
    while (at < note.n && nr_ascii_space(note.p[at]))
        at++;
    return at > end && at < note.n ? at : 0;
}

size_t page_notes_label(nr_view note)
{
    nr_view label;
    return read_label(note, &label);
}

/* "1" of "[1]", "little" of "[^little]" */
static nr_view bare(nr_view v)
{
    while (v.n && strchr("[(^ \t\r\n\v\f", *v.p))
        v.p++, v.n--;
    while (v.n && strchr("]) \t\r\n\v\f", v.p[v.n - 1]))
        v.n--;
    return v;
}

/* The note that the mark was already given, that is labelled so, that it counts to, or the next that has no mark. */
static unsigned note_of(const page_notes *n, nr_view label)
{
    unsigned number = 0;
    for (unsigned i = 0; i < n->count; i++)
        if (nr_view_eq(n->labels[i], label))
            return i + 1;
    for (unsigned i = 0; i < n->count; i++)
        if (n->own[i].n && nr_view_eq(n->own[i], label))
            return i + 1;
    for (size_t i = 0; i < label.n && i < 5; i++)
        number = nr_ascii_digit(label.p[i]) ? number * 10 + (unsigned)(label.p[i] - '0') : UINT16_MAX;
    if (number && number <= n->count && !n->labels[number - 1].n)
        return number;
    for (unsigned i = 0; i < n->count; i++)
        if (!n->labels[i].n)
            return i + 1;
    return 0;
}

bool page_notes_mark(page_notes *n, nr_view silent, page_mark *mark)
{
    nr_view label = bare(silent);
    if (!label.n || (label.n == 1 && *label.p == '>'))
        return false;
    *mark = (page_mark){.label = nr_view_trim(silent), .note = note_of(n, label)};
    if (!mark->note)
        return true;
    mark->first = n->labels[mark->note - 1].n == 0;
    n->labels[mark->note - 1] = label;
    return true;
}

bool page_notes_marked(const page_notes *n, unsigned note) { return note && note <= n->count && n->labels[note - 1].n; }

void page_notes_forget(page_notes *n, unsigned note) { n->labels[note - 1] = (nr_view){NULL, 0}; }
