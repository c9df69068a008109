/* epub_two.h - an EPUB 2 becomes an EPUB 3, which the rest then gives its sound.
 *
 * The package is made anew: version 3.0, metadata with refines instead of opf: attributes, a navigation document out of the
 * NCX and the guide. Content documents are parsed, made valid XHTML5 that says and looks the same, and written; pictures,
 * fonts and the like are copied as they are. Nothing is fetched, no DTD is read, no script is kept. Same input, same bytes. */
#ifndef NR_PUBLISH_EPUB_TWO_H
#define NR_PUBLISH_EPUB_TWO_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/inside.h"
#include "base/xml.h"
#include "publish/ocf.h"

/* bytes: the book; near: a path beside which a file of no name may be. *out: an empty buffer, the EPUB 3 afterwards.
 * warning, which may be NULL, is told which content documents were not well-formed. */
nr_status epub_two_convert(const char *name, nr_view bytes, const char *near, bool overwrite, void (*warning)(void *ctx, const char *message),
                           void *ctx, nr_buffer *out, nr_error *err);

/* ---------------------------------------------------------------- internal: the book in hand */

enum { TWO_ITEMS = 5000, TWO_POINTS = 20000, TWO_CONTENT = 256 << 20 }; /* items; entries of a list; bytes of all content documents */

enum { TWO_SVG = 1, TWO_MATHML = 2, TWO_REMOTE = 4, TWO_COVER = 8 }; /* properties of an item */

typedef struct two_item {
    const char *id;   /* in the new package: a name, and no other's */
    const char *path; /* in the old archive */
    const char *file; /* in the new one */
    const char *type;
    const char *was, *fallback; /* ids in the old package, or NULL */
    size_t entry;
    unsigned properties;
    bool page;   /* a content document */
    bool sheet;  /* a style sheet */
    bool spine, linear;
    bool linked; /* from a content document or the navigation */
    const char *heading; /* the first of a content document, or its title, or NULL */
} two_item;

/* An entry of the table of contents, the list of pages or the landmarks. */
typedef struct two_point {
    const char *label;    /* never NULL */
    two_item *item;       /* NULL: leads nowhere */
    const char *fragment; /* or NULL */
    const char *type;     /* of a landmark or a page */
    int level;            /* from 1 */
} two_point;

typedef struct two_list {
    two_point *points;
    size_t count, room;
} two_list;

typedef struct two_book {
    const char *name, *folder, *package_path; /* folder: of the package, "" or ending in '/' */
    ocf_reader in;
    ocf_writer *out;
    nr_arena arena;
    nr_buffer entry;
    xmlDoc *package;
    two_item *items;
    size_t item_count;
    size_t *spine; /* indexes of items */
    size_t spine_count;
    two_item *ncx; /* or NULL */
    two_list toc, pages, landmarks;
    const char *title, *language, *identifier, *nav; /* nav: its file name */
    uint64_t *anchors; /* hashes of the file and id of every element that has one, sorted */
    size_t anchor_count, anchor_room;
    void (*warning)(void *ctx, const char *message);
    void *ctx;
    nr_error *err;
} two_book;

/* A text of the arena, white space at its ends aside; NULL for none. */
const char *two_keep(two_book *b, nr_view v);
/* The text of an element as one line; NULL for none. */
const char *two_text(two_book *b, const xmlNode *node);
/* What a reference in a file leads to; NULL: nothing of the book. *fragment: of the arena, NULL for none that is there. */
two_item *two_follow(two_book *b, const char *from, nr_view reference, const char **fragment);
/* A content document is led to: EPUB 3 wants it in the spine. */
void two_link_to(two_book *b, two_item *page);
/* How `file` is reached from the file `from`, as a reference. */
void two_reach(const char *from, const char *file, const char *fragment, nr_buffer *out);
/* An id that XML takes; the same for the same. */
void two_put_id(nr_view id, nr_buffer *out);
bool two_has_anchor(const two_book *b, const two_item *item, const char *id);

/* epub_two_package.c */
nr_status two_read_package(two_book *b);
nr_status two_write_package(two_book *b);
/* epub_two_contents.c */
nr_status two_read_contents(two_book *b);
nr_status two_write_contents(two_book *b);
/* epub_two_page.c: a content document. */
xmlDoc *two_parse(nr_view bytes, bool *mended);
void two_make_page(two_book *b, two_item *item, xmlDoc *doc);
nr_status two_put_page(const two_book *b, xmlDoc *doc, nr_buffer *out);
/* epub_two_look.c: attributes of old become style. */
void two_look(xmlNode *node);
/* epub_two_shape.c: elements where XHTML5 wants them. */
void two_shape(xmlNode *body);
/* epub_two_links.c */
void two_links(two_book *b, two_item *item, xmlNode *root);
/* epub_two_style.c: a style sheet as CSS that EPUB 3 takes, or the declarations of one rule; what cannot be read is left out.
 * Without a book, declarations with addresses are too. False: an address led nowhere. */
nr_status two_sheet(two_book *b, const two_item *item, nr_view css, nr_buffer *out);
bool two_declarations(two_book *b, const two_item *item, nr_view css, nr_buffer *out);

#endif
