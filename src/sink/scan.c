#include "sink/scan.h"

#if NR_HAVE_SPEAKER

#include <ctype.h>
#include <string.h>

#include <alsa/asoundlib.h>

#include "base/library.h"

#define FUNCTIONS(X)                                                                                                   \
    X(snd_config) X(snd_config_delete) X(snd_config_get_id) X(snd_config_get_string) X(snd_config_get_type)            \
    X(snd_config_iterator_end) X(snd_config_iterator_entry) X(snd_config_iterator_first) X(snd_config_iterator_next)   \
    X(snd_config_search) X(snd_config_update) X(snd_config_update_free_global)

NR_LIBRARY(FUNCTIONS, NR_LIBASOUND)

static void load(void) { lib.loaded = find_functions(); }

static bool in_name(char c) { return isalnum((unsigned char)c) || c == '_' || c == '-'; }

/* "plug:'dmix:0'" mentions plug and dmix. */
static bool mentions(const char *text, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = text; (p = strstr(p, name)); p++)
        if ((p == text || !in_name(p[-1])) && !in_name(p[n]))
            return true;
    return false;
}

static snd_config_iterator_t first(snd_config_t *node) { return lib.snd_config_iterator_first(node); }

static snd_config_iterator_t end(snd_config_t *node) { return lib.snd_config_iterator_end(node); }

/* Whether a string below `node` names the PCM, but for those of the PCM itself. What kind a PCM is of ("type pulse") names no
 * PCM. */
static bool refers(snd_config_t *node, const char *name, const snd_config_t *itself)
{
    const char *id, *text;
    if (node == itself || (lib.snd_config_get_id(node, &id) == 0 && id && strcmp(id, "type") == 0))
        return false;
    if (lib.snd_config_get_type(node) == SND_CONFIG_TYPE_STRING)
        return lib.snd_config_get_string(node, &text) == 0 && text && mentions(text, name);
    if (lib.snd_config_get_type(node) != SND_CONFIG_TYPE_COMPOUND)
        return false;
    for (snd_config_iterator_t i = first(node); i != end(node); i = lib.snd_config_iterator_next(i))
        if (refers(lib.snd_config_iterator_entry(i), name, itself))
            return true;
    return false;
}

bool scan_shorten(void)
{
    snd_config_t *pcms;
    pthread_once(&once, load);
    if (!lib.loaded || *lib.snd_config || lib.snd_config_update() < 0 || lib.snd_config_search(*lib.snd_config, "pcm", &pcms) < 0)
        return false;
    for (snd_config_iterator_t next, i = first(pcms); i != end(pcms); i = next) {
        next = lib.snd_config_iterator_next(i);
        snd_config_t *one = lib.snd_config_iterator_entry(i);
        const char *id;
        if (lib.snd_config_get_id(one, &id) == 0 && strcmp(id, "default") != 0 && !refers(*lib.snd_config, id, one))
            lib.snd_config_delete(one);
    }
    return true;
}

void scan_restore(void) { lib.snd_config_update_free_global(); }

#endif
