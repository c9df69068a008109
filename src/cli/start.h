/* start.h - a script that begins where the options want it to. */
#ifndef NR_CLI_START_H
#define NR_CLI_START_H

#include "cli/cli.h"

/* Where the options want to begin, a byte of the text; false: it has complained. */
bool start_at(const options *opt, const nr_document *doc, uint32_t *at);
/* NULL: it has complained. */
nr_script *start_script(const options *opt, const nr_document *doc);

#endif
