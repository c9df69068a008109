/* Lines in, spoken lines out: what `narrate normalise` does, without the rest of the program. dump [LOCALE] */
#include <stdio.h>
#include <stdlib.h>

#include "narrate.h"

int main(int argc, char **argv)
{
    nr_normaliser *nz = NULL;
    nr_error err;
    if (nr_normaliser_new(&nz, argc > 1 ? argv[1] : NULL, NULL, NULL, &err)) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    while ((n = getline(&line, &cap, stdin)) >= 0) {
        nr_view out;
        if (nr_normaliser_line(nz, line, (size_t)n - (n && line[n - 1] == '\n'), &out, &err))
            return 1;
        printf("%.*s\n", (int)out.n, out.p);
    }
    free(line);
    nr_normaliser_free(nz);
    return 0;
}
