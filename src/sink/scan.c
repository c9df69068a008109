#include "sink/scan.h"

#if NR_HAVE_SPEAKER

#include <ctype.h>
#include <string.h>

#include <alsa/asoundlib.h>

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

/* Whether a string below `node` names the PCM, but for those of the PCM itself. What kind a PCM is of ("type pulse") names no
 * PCM. */
static bool refers(snd_config_t *node, const char *name, const snd_config_t *itself)
{
    const char *id, *text;
    snd_config_iterator_t i, next;
    if (node == itself || (snd_config_get_id(node, &id) == 0 && id && strcmp(id, "type") == 0))
        return false;
    if (snd_config_get_type(node) == SND_CONFIG_TYPE_STRING)
        return snd_config_get_string(node, &text) == 0 && text && mentions(text, name);
    if (snd_config_get_type(node) != SND_CONFIG_TYPE_COMPOUND)
        return false;
    snd_config_for_each(i, next, node)
        if (refers(snd_config_iterator_entry(i), name, itself))
            return true;
    return false;
}

bool scan_shorten(void)
{
    snd_config_t *pcms;
    snd_config_iterator_t i, next;
    if (snd_config || snd_config_update() < 0 || snd_config_search(snd_config, "pcm", &pcms) < 0)
        return false;
    snd_config_for_each(i, next, pcms) {
        snd_config_t *one = snd_config_iterator_entry(i);
        const char *id;
        if (snd_config_get_id(one, &id) == 0 && strcmp(id, "default") != 0 && !refers(snd_config, id, one))
            snd_config_delete(one);
    }
    return true;
}

void scan_restore(void) { snd_config_update_free_global(); }

#endif
