#include "base/mark_line.h"

nr_status nr_json_string(nr_buffer *out, nr_view v)
{
    nr_buffer_put_char(out, '"');
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] == '"' || v.p[i] == '\\')
            nr_buffer_put_char(out, '\\');
        if ((unsigned char)v.p[i] < ' ')
            nr_buffer_printf(out, "\\u%04X", (unsigned)v.p[i]);
        else
            nr_buffer_put_char(out, v.p[i]);
    }
    return nr_buffer_put_char(out, '"');
}

nr_status nr_mark_line(nr_buffer *out, const nr_mark *mark, double duration_ms, size_t article, nr_view text)
{
    nr_buffer_printf(out, "{\"time\":%llu,\"type\":\"%s\",\"start\":%u,\"end\":%u,\"value\":",
                     (unsigned long long)(mark->time_ms + 0.5), mark->kind == NR_MARK_WORD ? "word" : "sentence",
                     mark->span.start, mark->span.end);
    nr_json_string(out, nr_view_sub(text.p, mark->span.start, mark->span.end));
    nr_buffer_printf(out, ",\"frame\":%llu", (unsigned long long)mark->frame);
    if (duration_ms >= 0)
        nr_buffer_printf(out, ",\"duration\":%llu", (unsigned long long)(duration_ms + 0.5));
    if (article)
        nr_buffer_printf(out, ",\"article\":%zu", article);
    return nr_buffer_put_string(out, "}\n");
}
