#include "publish/overlay.h"

#include "publish/markup.h"

enum { TEXT_MAX = 1 << 28 };

nr_status overlay_clock(nr_buffer *out, unsigned long long ms)
{
    return nr_buffer_printf(out, "%llu:%02llu:%02llu.%03llu", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

void overlay_begin(overlay *o, const char *content, const char *audio)
{
    *o = (overlay){.text = NR_BUFFER_INIT(TEXT_MAX), .content = content, .audio = audio};
    nr_buffer_put_string(&o->text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<smil xmlns=\"http://www.w3.org/ns/SMIL\" version=\"3.0\">\n<body>\n");
}

static void end_clip(overlay *o, unsigned long long at)
{
    if (!o->heard)
        return;
    o->heard = false;
    at = at > o->start ? at : o->start + 1; /* a clip of no length is none */
    nr_buffer_put_string(&o->text, " clipEnd=\"");
    overlay_clock(&o->text, at);
    nr_buffer_put_string(&o->text, "\"/></par>\n");
    o->ms += at - o->start;
    o->start = at;
}

void overlay_clip(overlay *o, const char *id, double seconds)
{
    unsigned long long at = (unsigned long long)(seconds * 1000 + 0.5);
    end_clip(o, at);
    o->start = at > o->start ? at : o->start;
    o->heard = true;
    nr_buffer_printf(&o->text, "<par id=\"p%zu\"><text", ++o->clips);
    nr_buffer src = NR_BUFFER_INIT(1 << 14);
    nr_buffer_printf(&src, "%s#%s", o->content, id);
    markup_attribute(&o->text, "src", nr_buffer_view(&src));
    nr_buffer_free(&src);
    nr_buffer_put_string(&o->text, "/><audio");
    markup_attribute(&o->text, "src", nr_view_of(o->audio));
    nr_buffer_put_string(&o->text, " clipBegin=\"");
    overlay_clock(&o->text, o->start);
    nr_buffer_put_char(&o->text, '"');
}

void overlay_rest(overlay *o, double seconds) { end_clip(o, (unsigned long long)(seconds * 1000 + 0.5)); }

nr_status overlay_end(overlay *o, double seconds)
{
    end_clip(o, (unsigned long long)(seconds * 1000));
    return nr_buffer_put_string(&o->text, "</body>\n</smil>\n");
}
