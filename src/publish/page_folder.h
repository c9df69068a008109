/* page_folder.h - a folder of files that appear together: written in a hidden folder beside or inside, then moved.
 *
 * What narrate wrote is listed in the folder's ".narrate.json", so that a later run may replace and remove it, and touches
 * nothing else. */
#ifndef NR_PUBLISH_PAGE_FOLDER_H
#define NR_PUBLISH_PAGE_FOLDER_H

#include <jansson.h>

#include "base/buffer.h"

typedef struct page_folder {
    char *path, *stage; /* where it will be, and where it is made; stage NULL: not begun */
    bool is_new;        /* the whole folder will be moved */
    bool overwrite;     /* files of others may be replaced */
    json_t *stamp;      /* of the run before; NULL: none */
    json_t *files;      /* of this run: name to size */
    bool changed;       /* something was written */
} page_folder;

/* Reads the list; makes nothing yet. */
nr_status page_folder_open(page_folder *f, const char *path, bool overwrite, nr_error *err);
void page_folder_close(page_folder *f); /* what was not moved is gone */
/* NR_EEXIST if there is a file of that name that is not narrate's. */
nr_status page_folder_check(const page_folder *f, const char *name, nr_error *err);
/* A file of the run before that is there as it was left. */
bool page_folder_has(const page_folder *f, const char *name);
const char *page_folder_fact(const page_folder *f, const char *key); /* a string of the stamp; NULL: none */
double page_folder_number(const page_folder *f, const char *key);

/* A path in the hidden folder, to be freed, for a file that somebody else writes; then page_folder_take(). */
char *page_folder_stage(page_folder *f, const char *name, nr_error *err);
nr_status page_folder_take(page_folder *f, const char *name, uint64_t *bytes, nr_error *err);
nr_status page_folder_keep(page_folder *f, const char *name); /* a file of the run before stays */
/* Nothing is done if the file holds these bytes already. */
nr_status page_folder_write(page_folder *f, const char *name, nr_view bytes, nr_error *err);
/* Moves all, removes what the run before had more. facts, strings and numbers for the next run's stamp, is taken over;
 * NULL: there is no stamp. */
nr_status page_folder_finish(page_folder *f, json_t *facts, nr_error *err);

/* "a-quiet-morning": from any script, at most 60 letters. Never empty. */
void page_slug(char slug[64], const char *title);

#endif
