#include "publish/feed_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/output.h"
#include "publish/json_text.h"

enum { STATE_MOST = 1 << 28 };

static char *path_in(const char *folder, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

static nr_status fresh(feed_state *state, nr_error *err)
{
    state->root = json_pack("{s:i, s:{}, s:[]}", "narrate-feed", 1, "show", "episodes");
    return state->root ? NR_OK : nr_fail_memory(err);
}

/* Every episode must have what the feed is made from, so that nothing later need ask. */
static bool is_sound(const json_t *root)
{
    size_t i;
    json_t *e;
    const json_t *episodes = json_object_get(root, "episodes");
    if (json_integer_value(json_object_get(root, "narrate-feed")) != 1 || !json_is_object(json_object_get(root, "show")) ||
        !json_is_array(episodes))
        return false;
    json_array_foreach(episodes, i, e)
    {
        static const char *const needed[] = {"key", "guid", "digest", "title", "date", "name", "type"};
        for (size_t k = 0; k < sizeof needed / sizeof *needed; k++)
            if (!feed_text(e, needed[k]))
                return false;
        int64_t time;
        if (!feed_time_of(feed_text(e, "date"), &time) || !json_is_integer(json_object_get(e, "bytes")) ||
            !json_is_number(json_object_get(e, "seconds")) || strpbrk(feed_text(e, "name"), "/\\") || feed_text(e, "name")[0] == '.')
            return false;
    }
    return true;
}

static nr_status make_index(feed_state *state, nr_error *err)
{
    size_t i;
    json_t *e;
    state->index = json_object();
    json_array_foreach(state->episodes, i, e)
        if (json_object_set(state->index, feed_text(e, "key"), e))
            return nr_fail_memory(err);
    return state->index ? NR_OK : nr_fail_memory(err);
}

nr_status feed_state_open(feed_state *state, const char *folder, nr_error *err)
{
    *state = (feed_state){0};
    char *path = path_in(folder, FEED_STATE_FILE);
    if (!path)
        return nr_fail_memory(err);
    nr_status s = NR_OK;
    nr_buffer bytes = NR_BUFFER_INIT(STATE_MOST);
    if (access(path, F_OK) < 0 && errno == ENOENT) {
        s = fresh(state, err);
    } else {
        s = nr_file_read(path, &bytes, err);
        state->root = s ? NULL : json_loadb(bytes.p ? bytes.p : "", bytes.n, JSON_REJECT_DUPLICATES, NULL);
        if (!s && !is_sound(state->root))
            s = nr_fail(err, NR_EFORMAT, 0, "cannot go on with the feed in '%s': '%s' is damaged; put a copy of it back, or remove it and "
                        "all is made anew", folder, path);
    }
    state->show = json_object_get(state->root, "show");
    state->episodes = json_object_get(state->root, "episodes");
    nr_buffer_free(&bytes);
    free(path);
    if (!s)
        s = make_index(state, err);
    if (s)
        feed_state_close(state);
    return s;
}

nr_status feed_state_save(const feed_state *state, const char *folder, nr_error *err)
{
    nr_buffer line = NR_BUFFER_INIT(STATE_MOST);
    char *path = path_in(folder, FEED_STATE_FILE);
    char *text = json_dumps(state->root, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    nr_status s = !path || !text || nr_buffer_printf(&line, "%s\n", text) ? nr_fail_memory(err)
                                                                         : nr_output_write_file(path, nr_buffer_view(&line), true, err);
    nr_buffer_free(&line);
    free(text);
    free(path);
    return s;
}

void feed_state_close(feed_state *state)
{
    json_decref(state->root);
    json_decref(state->index);
    *state = (feed_state){0};
}

json_t *feed_key(const char *key)
{
    json_t *text = json_text(key);
    if (!text || strcmp(json_string_value(text), key) == 0)
        return text;
    json_t *longer = json_sprintf("%s %016llx", json_string_value(text), (unsigned long long)nr_hash(NR_HASH_START, key, strlen(key)));
    json_decref(text);
    return longer;
}

json_t *feed_state_find(const feed_state *state, const char *key)
{
    json_t *text = feed_key(key), *found = json_object_get(state->index, json_string_value(text));
    json_decref(text);
    return found;
}

const char *feed_text(const json_t *object, const char *name) { return json_string_value(json_object_get(object, name)); }

nr_status feed_set(json_t *object, const char *name, const char *text)
{
    if (!text) {
        json_object_del(object, name);
        return NR_OK;
    }
    return json_object_set_new(object, name, json_text(text)) == 0 ? NR_OK : NR_ENOMEM;
}

nr_status feed_state_add(feed_state *state, json_t *episode)
{
    const char *key = feed_text(episode, "key");
    if (json_object_set(state->index, key, episode) || json_array_append_new(state->episodes, episode))
        return NR_ENOMEM;
    return NR_OK;
}

/* ---------------------------------------------------------------- dates */

bool feed_time_of(const char *iso, int64_t *seconds)
{
    int year, month, day, hour = 0, minute = 0, second = 0, used = 0, zone_hour = 0, zone_minute = 0;
    if (!iso || sscanf(iso, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || year < 1 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    const char *rest = iso + used;
    if ((*rest == 'T' || *rest == ' ') && sscanf(rest + 1, "%2d:%2d%n", &hour, &minute, &used) == 2) {
        rest += 1 + used;
        if (*rest == ':' && sscanf(rest + 1, "%2d%n", &second, &used) == 1)
            rest += 1 + used;
        if (*rest == '.')
            rest += 1 + strspn(rest + 1, "0123456789");
    }
    if ((*rest == '+' || *rest == '-') && sscanf(rest + 1, "%2d%*[:]%2d", &zone_hour, &zone_minute) < 2)
        sscanf(rest + 1, "%2d%2d", &zone_hour, &zone_minute);
    if (hour > 24 || minute > 59 || second > 60 || hour < 0 || minute < 0 || second < 0 || zone_hour > 24 || zone_minute > 59)
        return false;
    int64_t zone = zone_hour * 3600 + zone_minute * 60;
    struct tm t = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour, .tm_min = minute, .tm_sec = second};
    *seconds = (int64_t)timegm(&t) - (*rest == '-' ? -zone : zone);
    return true;
}

void feed_date_text(int64_t seconds, char out[40])
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}; /* in English whatever the locale */
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t time = (time_t)seconds;
    struct tm t = {0};
    char day[4], hours[16];
    gmtime_r(&time, &t);
    strftime(day, sizeof day, "%d", &t);
    strftime(hours, sizeof hours, "%Y %H:%M:%S", &t);
    snprintf(out, 40, "%s, %.2s %s %.14s +0000", days[t.tm_wday], day, months[t.tm_mon], hours);
}
