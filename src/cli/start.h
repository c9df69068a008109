/* start.h - a script that begins where the options want it to. */
#ifndef NR_CLI_START_H
#define NR_CLI_START_H

#include "cli/cli.h"

/* NULL: it has complained. */
nr_script *start_script(const options *opt, const nr_document *doc);

#endif
