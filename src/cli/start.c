#include "cli/start.h"

#include <stdlib.h>
#include <string.h>

#include "player/find.h"

/* "40%" of the text. */
static bool is_percentage(const char *from, double *percent)
{
    char *end;
    *percent = strtod(from, &end);
    return end != from && strcmp(end, "%") == 0;
}

static bool find_start(const options *opt, const nr_document *doc, uint32_t *at)
{
    nr_view text = nr_document_text(doc);
    double percent;
    if (!is_percentage(opt->from, &percent)) {
        if (find_text(text, 0, opt->from, at))
            return true;
        complain("cannot start at '%s': the article does not hold these words; 'narrate read' shows what it holds",
                 opt->from);
        return false;
    }
    if (!(percent >= 0 && percent <= 100)) {
        complain("cannot start at %s: a percentage is from 0%% to 100%%", opt->from);
        return false;
    }
    *at = (uint32_t)((double)text.n * percent / 100);
    return true;
}

bool start_at(const options *opt, const nr_document *doc, uint32_t *at)
{
    *at = 0;
    return !opt->from || find_start(opt, doc, at);
}

nr_script *start_script(const options *opt, const nr_document *doc)
{
    nr_script *script = NULL;
    nr_error err;
    uint32_t at;
    if (!start_at(opt, doc, &at))
        return NULL;
    nr_status s = nr_script_new(&script, doc, &opt->script, &err);
    if (!s && opt->from)
        s = nr_script_seek(script, at, &err);
    if (s) {
        failed(&err);
        nr_script_free(script);
        return NULL;
    }
    return script;
}
