/* script.h - what the other files of this folder may know of a script. */
#ifndef NR_SEGMENT_SCRIPT_H
#define NR_SEGMENT_SCRIPT_H

#include "narrate.h"

const nr_document *nr_script_document(const nr_script *script);
const char *nr_script_locale(const nr_script *script); /* BCP 47, as long as the script */

#endif
