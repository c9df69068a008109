/* worklist.h - which articles a batch makes, and what their files are called.
 *
 * A list is a file with one article a line (a path or an address; a tab and a name of one's own may follow; empty lines and
 * lines that begin with # are passed over), or items that each end with a NUL byte, or a folder, of which all articles are
 * taken, in subfolders too. Order and names depend on the list alone, so that every machine that reads it agrees. */
#ifndef NR_PUBLISH_WORKLIST_H
#define NR_PUBLISH_WORKLIST_H

#include "narrate.h"

typedef struct work_item {
    char *source; /* path or address, as it stands in the list */
    char *name;   /* of its file, without ending: relative, by '/', never outside the folder it is put in */
} work_item;

typedef struct worklist {
    work_item *items;
    size_t count, room;
} worklist;

enum { WORKLIST_MOST = 10000000 };

/* path "-" is standard input. zero: items end with a NUL byte. skip, or NULL: a folder that is not looked into. What is
 * listed twice is taken once. Names that two items would share get a part of their own, made from the source. */
nr_status worklist_read(worklist *list, const char *path, bool zero, const char *skip, nr_error *err);
/* Keeps every shards-th item, beginning with the shard-th: 1 <= shard <= shards. */
void worklist_keep_shard(worklist *list, unsigned shard, unsigned shards);
void worklist_free(worklist *list);

#endif
