#include "read/office.h"

#include "base/error.h"
#include "read/date.h"
#include "read/reader.h"

nr_status nr_office_open(nr_office *o, nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    *o = (nr_office){.doc = doc, .bytes = doc->text, .entry = NR_BUFFER_INIT(UINT32_MAX - 1)};
    doc->text = NR_BUFFER_INIT(UINT32_MAX - 1);
    nr_compose_init(&o->out, doc);
    return nr_zip_open(&o->zip, nr_read_name(opt), nr_buffer_view(&o->bytes), nr_read_limit(opt), err);
}

nr_status nr_office_close(nr_office *o, nr_status s, nr_error *err)
{
    nr_status composed = nr_compose_finish(&o->out);
    if (!s && composed)
        s = composed == NR_ELIMIT ? nr_fail(err, composed, 0, "cannot read '%s': it holds too much text", o->zip.name) : nr_fail_memory(err);
    nr_zip_close(&o->zip);
    nr_buffer_free(&o->entry);
    nr_buffer_free(&o->bytes);
    return s;
}

xmlDoc *nr_office_xml(nr_office *o, const char *name, nr_status *s, nr_error *err)
{
    *s = nr_zip_has(&o->zip, name) ? nr_zip_read(&o->zip, name, &o->entry, err) : NR_OK;
    return *s || !nr_zip_has(&o->zip, name) ? NULL : nr_xml_parse(nr_buffer_view(&o->entry), NULL);
}

static const char *keep(nr_office *o, nr_view v)
{
    v = nr_view_trim(v);
    return v.n ? nr_arena_string(&o->doc->arena, v) : NULL;
}

static void set(nr_office *o, const char **field, xmlNode *root, const char *name)
{
    nr_buffer text = NR_BUFFER_INIT(4000);
    xmlNode *at = nr_xml_find(root, name);
    if (at)
        nr_xml_text(at, &text, 1000);
    for (size_t i = 0; i < text.n; i++)
        text.p[i] = (unsigned char)text.p[i] < ' ' ? ' ' : text.p[i];
    if (!*field)
        *field = keep(o, nr_buffer_view(&text));
    nr_buffer_free(&text);
}

static void set_date(nr_office *o, xmlNode *root, const char *name)
{
    const char *text = NULL;
    nr_date d;
    char iso[40], human[64];
    set(o, &text, root, name);
    if (!text || o->doc->metadata.date || !nr_date_from_iso(nr_view_of(text), &d))
        return;
    nr_date_write_iso(&d, iso);
    d.hour = -1; /* when the file was begun, to the minute, is not for the ear */
    nr_date_write_human(&d, o->doc->metadata.language, human);
    o->doc->metadata.date_iso = keep(o, nr_view_of(iso));
    o->doc->metadata.date = keep(o, nr_view_of(human));
}

void nr_office_metadata(nr_office *o, xmlNode *root)
{
    nr_metadata *m = &o->doc->metadata;
    set(o, &m->language, root, "language");
    set(o, &m->title, root, "title");
    set(o, &m->author, root, "initial-creator");
    set(o, &m->author, root, "creator");
    set(o, &m->description, root, "description");
    set_date(o, root, "created");
    set_date(o, root, "creation-date");
    if (m->language && strlen(m->language) > 35)
        m->language = NULL;
}
