#include "publish/chapters.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/output.h"

enum { TEXT_MOST = 1 << 26 };

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text && *text)
        json_object_set_new(object, key, json_string(text));
}

/* Milliseconds are what players keep. */
static json_t *seconds(const timeline *t, uint64_t frame) { return json_real(round(timeline_seconds(t, frame) * 1000) / 1000); }

static json_t *make(const timeline *t, const publish_tags *tags)
{
    json_t *root = json_object(), *list = json_array();
    json_object_set_new(root, "version", json_string("1.2.0"));
    if (tags) {
        set_text(root, "title", tags->title);
        set_text(root, "author", tags->author);
        set_text(root, "podcastName", tags->album);
        set_text(root, "description", tags->comment);
    }
    for (size_t i = 0; i < t->chapter_count; i++) {
        const timeline_chapter *c = &t->chapters[i];
        json_t *row = json_object();
        json_object_set_new(row, "startTime", seconds(t, c->start));
        json_object_set_new(row, "endTime", seconds(t, c->end));
        set_text(row, "title", c->title);
        json_array_append_new(list, row);
    }
    json_object_set_new(root, "chapters", list);
    return root;
}

nr_status chapters_text(nr_buffer *out, const timeline *times, const publish_tags *tags, nr_error *err)
{
    json_t *root = make(times, tags);
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    nr_status s = text ? nr_buffer_put_string(out, text) : NR_ENOMEM;
    if (!s)
        s = nr_buffer_put_char(out, '\n');
    free(text);
    json_decref(root);
    return s ? nr_fail_memory(err) : NR_OK;
}

nr_status chapters_write(const char *path, bool overwrite, nr_output_set *with, const timeline *times, const publish_tags *tags,
                         nr_error *err)
{
    nr_buffer text = NR_BUFFER_INIT(TEXT_MOST);
    nr_status s = chapters_text(&text, times, tags, err);
    if (!s)
        s = nr_output_write_file_with(with, path, nr_buffer_view(&text), overwrite, err);
    nr_buffer_free(&text);
    return s;
}
