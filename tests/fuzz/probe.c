/* Any bytes as a sound file to be looked at: what is found makes sense, or it is refused with a message that names the file. */
#include <math.h>
#include <string.h>

#include "publish/probe.h"
#include "sound_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_probe(const probe *p, size_t n)
{
    probe_rule rule;
    size_t rules = 0;
    check(p->rate > 0 && p->channels > 0 && p->frames > 0 && p->seconds > 0 && p->bytes == n && p->bitrate >= 0);
    for (size_t i = 0; i < p->tag_count; i++)
        check(p->tags[i].name && p->tags[i].value);
    for (size_t i = 0; i < p->chapter_count; i++)
        check(!p->chapters[i].title || strlen(p->chapters[i].title) <= n * 4);
    while (probe_judge(p, rules, &rule))
        check(rule.service && rule.name && rule.wanted && *rule.value && rules++ < 100);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *path = sound_file(bytes, n);
    probe found;
    nr_error err = {0};
    nr_status s = probe_open(&found, path, &err);
    check(s == NR_OK || strstr(err.msg, path));
    if (!s) {
        check_probe(&found, n);
        probe_free(&found);
    }
    return 0;
}
