/* page_notes.h - which mark of a text leads to which of its footnotes. */
#ifndef NR_PUBLISH_PAGE_NOTES_H
#define NR_PUBLISH_PAGE_NOTES_H

#include "base/view.h"

enum { PAGE_NOTES = 4000 };

typedef struct page_notes {
    nr_view *labels; /* of the marks that were met, by note; {"", 0}: none yet */
    nr_view *own;    /* of the notes that carry one: "1" of "[1] ..." */
    unsigned count;
} page_notes;

typedef struct page_mark {
    nr_view label; /* as it is shown where it leads nowhere */
    unsigned note; /* from 1; 0: none */
    bool first;    /* the first mark of its note */
} page_mark;

bool page_notes_open(page_notes *n, const nr_document *doc); /* false: out of memory */
void page_notes_close(page_notes *n);
/* What a part of the text that is not for the ear says. False: it is not for the eye either, as the "> " of a quoted line. */
bool page_notes_mark(page_notes *n, nr_view silent, page_mark *mark);
void page_notes_forget(page_notes *n, unsigned note); /* its mark is not shown as one */
bool page_notes_marked(const page_notes *n, unsigned note);
/* How many bytes of a note are its label, with the space behind it. */
size_t page_notes_label(nr_view note);

#endif
