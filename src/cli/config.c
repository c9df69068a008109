/* The user's settings, narrate.conf: a line "option = value" for each option that is wanted always. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/config.h"

enum { MOST = 65536, PATH_MOST = 4096 };

/* $XDG_CONFIG_HOME/narrate/narrate.conf, or that below ~/.config. False: there is no such place. */
static int config_path(char path[PATH_MOST])
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    bool own = base && *base == '/';
    if (!own && !(home && *home == '/'))
        return 0;
    int n = snprintf(path, PATH_MOST, "%s%s/narrate/narrate.conf", own ? base : home, own ? "" : "/.config");
    return n > 0 && n < PATH_MOST;
}

/* The whole file, NUL-terminated; NULL with errno 0 when there is none. */
static char *read_all(const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f) {
        errno = errno == ENOENT || errno == ENOTDIR ? 0 : errno;
        return NULL;
    }
    char *text = calloc(1, MOST + 1);
    size_t n = text ? fread(text, 1, MOST, f) : 0;
    int why = ferror(f) ? errno : n == MOST ? EFBIG : 0;
    fclose(f);
    if (why || !text) {
        free(text);
        errno = why ? why : ENOMEM;
        return NULL;
    }
    return text;
}

static char *trim(char *s)
{
    s += strspn(s, " \t");
    for (size_t n = strlen(s); n && strchr(" \t\r", s[n - 1]);)
        s[--n] = '\0';
    return s;
}

/* A file named in the settings lies beside them unless its path is absolute. */
static const char *beside(const char *path, const char *value)
{
    static char whole[2 * PATH_MOST];
    int folder = (int)(strrchr(path, '/') - path) + 1;
    if (*value == '/' || snprintf(whole, sizeof whole, "%.*s%s", folder, path, value) >= (int)sizeof whole)
        return value;
    return whole;
}

static int take_line(char *line, const char *path, config_take *take, void *ctx, const char **wanted)
{
    char *equals = strchr(line, '=');
    line = trim(line);
    if (!*line || *line == '#')
        return 0;
    *wanted = "a line such as 'voice = en-us'";
    if (!equals)
        return -1;
    *equals = '\0';
    char *name = trim(line), *value = trim(equals + 1);
    *wanted = take(ctx, name, strcmp(name, "lexicon") == 0 ? beside(path, value) : value);
    return *wanted ? -1 : 0;
}

int config_read(config_take *take, void *ctx, char *message, size_t size)
{
    static char *text; /* the values are used to the program's end */
    static char path[PATH_MOST];
    if (!config_path(path))
        return 0;
    text = read_all(path);
    if (!text && errno)
        snprintf(message, size, "cannot read the settings '%s': %s", path, strerror(errno));
    if (!text)
        return errno ? -1 : 0;
    int number = 0;
    for (char *line = text, *next; line; line = next) {
        const char *wanted;
        number++;
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        if (!take_line(line, path, take, ctx, &wanted))
            continue;
        snprintf(message, size, "%s:%d: cannot use this line: wanted is %s", path, number, wanted);
        return -1;
    }
    return 0;
}
