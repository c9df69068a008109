/* page_shell.h - whole HTML files: a page with its player, and an index of pages. */
#ifndef NR_PUBLISH_PAGE_SHELL_H
#define NR_PUBLISH_PAGE_SHELL_H

#include "publish/page_html.h"
#include "publish/page_json.h"

typedef struct page_shell {
    const nr_document *doc;
    const page_words *words;
    const page_beside *beside;
    nr_view json;        /* article.json */
    double seconds;      /* of the sound */
    const char *made;    /* what the page was made from, as hexadecimal digits */
    const char *root;    /* where page.css, the script and the index are: "" or "../" */
    bool indexed;        /* there is an index */
    bool single;         /* style and script inside; sound and picture are data: addresses */
    const page_sound *plain; /* sounds for browsers without scripts, plain_count of them */
    size_t plain_count;
    unsigned width, height; /* of beside->image; 0: unknown */
} page_shell;
nr_status page_write_page(nr_buffer *out, const page_shell *shell, nr_error *err);

typedef struct page_entry {
    const char *address; /* of the page, relative to the index */
    const nr_document *doc;
    const char *language;
    double seconds;
} page_entry;
/* Newest first, those without a date last, else by title. feed: NULL where there is none. */
nr_status page_write_index(nr_buffer *out, page_entry *entries, size_t count, const page_words *words, const char *feed, bool single,
                           nr_error *err);

/* The files that pages use, built in: "page.css", "icon.svg", "narrate-player.js". {NULL, 0} for any other name. */
nr_view page_file(const char *name);
enum { PAGE_FILES = 3 };
extern const char *const page_file_names[PAGE_FILES];

#endif
