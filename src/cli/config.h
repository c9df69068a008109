/* config.h - the user's settings. */
#ifndef NR_CLI_CONFIG_H
#define NR_CLI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

/* NULL, or what was wanted instead. The strings live to the program's end. */
typedef const char *config_take(void *ctx, const char *name, const char *value);

/* Gives the lines of $XDG_CONFIG_HOME/narrate/narrate.conf (by default ~/.config/narrate/narrate.conf) to take, in order.
 * No file is no error. -1: message says what is wrong, with file and line. */
int config_read(config_take *take, void *ctx, char *message, size_t size);

#endif
