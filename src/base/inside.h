/* inside.h - names within an archive. */
#ifndef NR_BASE_INSIDE_H
#define NR_BASE_INSIDE_H

#include "base/view.h"

enum { NR_INSIDE = 1024 }; /* bytes of a name, its end included */

/* folder ("" or ending in '/') + reference without its fragment, "%20" and ".." resolved. False for one that is empty, too
 * long, an address, or leads out of the archive; out is then not to be read. */
bool nr_inside(const char *folder, nr_view reference, char out[NR_INSIDE]);

#endif
