#include "publish/transcript.h"

#include "publish/markup.h"
#include "publish/phrase.h"
#include "publish/render.h"

static nr_status write_plain(const timeline *t, nr_writer *w, nr_error *err)
{
    const phrase_options whole = {.columns = UINT16_MAX};
    phrase_reader *reader = NULL;
    const phrase_passage *g = NULL;
    nr_status s = phrase_reader_new(&reader, t, &whole, err);
    for (bool first = true; !s; first = false) {
        s = phrase_reader_next(reader, &g, err);
        if (s || !g)
            break;
        unsigned long at = (unsigned long)timeline_seconds(t, g->pieces[0].start);
        nr_buffer_printf(&w->text, "%s[%02lu:%02lu:%02lu] ", first ? "" : "\n", at / 3600, at / 60 % 60, at % 60);
        nr_buffer_put(&w->text, g->text.p, g->text.n);
        nr_buffer_put_char(&w->text, '\n');
        s = nr_writer_flush(w, err);
    }
    phrase_reader_free(reader);
    return s;
}

static void put_language(nr_buffer *out, const char *tag, const char *language)
{
    nr_buffer_printf(out, "<%s", tag);
    markup_attribute(out, "lang", nr_view_of(language));
    nr_buffer_printf(out, " dir=\"%s\">\n", markup_is_rtl(language) ? "rtl" : "ltr");
}

static const char *language_of(const timeline *t, size_t part)
{
    const char *language = part < t->part_count ? nr_document_metadata(t->parts[part].doc)->language : NULL;
    return language ? language : "";
}

static nr_status write_html(const timeline *t, bool words, nr_writer *w, nr_error *err)
{
    const render_options how = {.words = words, .times = true};
    const char *title = t->part_count ? nr_document_metadata(t->parts[0].doc)->title : NULL;
    nr_buffer_put_string(&w->text, "<!DOCTYPE html>\n");
    put_language(&w->text, "html", language_of(t, 0));
    nr_buffer_put_string(&w->text, "<head>\n<meta charset=\"utf-8\">\n<title>");
    markup_text(&w->text, nr_view_of(title ? title : "Transcript"));
    nr_buffer_put_string(&w->text, "</title>\n</head>\n<body>\n");
    nr_status s = NR_OK;
    for (size_t i = 0; i < t->part_count && !s; i++) {
        put_language(&w->text, "article", language_of(t, i));
        render_part(t, i, &how, &w->text);
        nr_buffer_put_string(&w->text, "</article>\n");
        s = nr_writer_flush(w, err);
    }
    nr_buffer_put_string(&w->text, "</body>\n</html>\n");
    return s;
}

nr_status transcript_write(const timeline *t, bool html, bool words, nr_writer *w, nr_error *err)
{
    return html ? write_html(t, words, w, err) : write_plain(t, w, err);
}
