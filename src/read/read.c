/* Opening an article: bytes to text, and text to the reader of its format. */
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"
#include "read/encoding.h"
#include "read/reader.h"

static const nr_reader *const readers[] = {
#if NR_HAVE_XML
    &nr_reader_ssml,
#endif
#if NR_HAVE_HTML
    &nr_reader_html,
#endif
#if NR_HAVE_MARKDOWN
    &nr_reader_markdown,
#endif
    &nr_reader_plain,
    NULL,
};

enum { HEAD = 4096 };

static nr_view head_of(nr_view v) { return (nr_view){v.p, v.n < HEAD ? v.n : HEAD}; }

static nr_status fail_format(const char *format, nr_error *err)
{
    char list[128] = "";
    for (size_t i = 0, n = 0; readers[i]; i++)
        n += (size_t)snprintf(list + n, sizeof list - n, "%s%s", i ? ", " : "", readers[i]->name);
    return nr_fail(err, NR_EINVAL, 0, "cannot read the format '%s': there are %s", format, list);
}

static const nr_reader *by_format(const char *format)
{
    for (size_t i = 0; readers[i]; i++)
        if (strcmp(readers[i]->name, format) == 0)
            return readers[i];
    return NULL;
}

/* By the ending of a file name, or of the path of an address. */
static const nr_reader *by_name(const char *name)
{
    nr_view v = {name, name ? strcspn(name, "?#") : 0};
    for (size_t i = 0; name && readers[i]; i++)
        for (const char *const *e = readers[i]->extensions; *e; e++) {
            size_t n = strlen(*e);
            if (v.n > n && nr_view_eq_nocase((nr_view){v.p + v.n - n, n}, (nr_view){*e, n}))
                return readers[i];
        }
    return NULL;
}

static const nr_reader *by_content(nr_view head)
{
    const nr_reader *best = NULL;
    int sure = -1;
    for (size_t i = 0; readers[i]; i++) {
        int s = readers[i]->probe(head);
        if (s > sure)
            best = readers[i], sure = s;
    }
    return best;
}

static const char *shown_name(const nr_read_options *opt)
{
    if (!opt->name)
        return "the text";
    return strcmp(opt->name, "-") == 0 ? "standard input" : opt->name;
}

static nr_status fail_binary(const nr_read_options *opt, const char *what, const char *advice, nr_error *err)
{
    return nr_fail(err, NR_EFORMAT, 0, "cannot read '%s': it is %s, not text; %s", shown_name(opt), what,
                   advice ? advice : "give a text, Markdown or HTML file");
}

static bool only_space(nr_view v);

/* doc->text holds the raw bytes. */
static nr_status read_bytes(nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    const nr_reader *reader = NULL;
    if (opt->format && !(reader = by_format(opt->format)))
        return fail_format(opt->format, err);
    const char *advice, *what = nr_binary_name(nr_buffer_view(&doc->text), &advice);
    if (what)
        return fail_binary(opt, what, advice, err);
    if (!reader)
        reader = by_name(opt->name);
    bool decided = reader != NULL;
    nr_view head = head_of(nr_buffer_view(&doc->text));
    if (!decided)
        reader = by_content(head);
    char space[32];
    const char *declared = reader->charset ? reader->charset(head, space) : NULL;
    nr_status s = nr_decode(&doc->text, opt->charset, declared, doc->charset, &doc->replaced, err);
    if (s)
        return s;
    if (!decided)
        reader = by_content(head_of(nr_buffer_view(&doc->text)));
    doc->format = reader->name;
    if (doc->text.n == 0 || only_space(nr_buffer_view(&doc->text)))
        return nr_fail(err, NR_ENOTEXT, 0, "there is nothing to read in '%s': it %s", shown_name(opt),
                       doc->text.n ? "holds only white space" : "is empty");
    s = reader->read(doc, opt, err);
    return s == NR_ENOMEM ? nr_fail_memory(err) : s;
}

static bool only_space(nr_view v)
{
    const char *p = v.p, *end = v.p + v.n;
    while (p < end) {
        if (nr_ascii_space(*p))
            p++;
        else if (end - p >= 2 && memcmp(p, "\xC2\xA0", 2) == 0)
            p += 2;
        else if (end - p >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
            p += 3;
        else
            return false;
    }
    return true;
}

static size_t limit_of(const nr_read_options *opt)
{
    size_t max = opt->max_bytes ? opt->max_bytes : (size_t)1 << 30;
    return max > UINT32_MAX - 1 ? UINT32_MAX - 1 : max;
}

static nr_status finish(nr_document **out, nr_document *doc, nr_status s)
{
    if (s) {
        nr_document_free(doc);
        doc = NULL;
    }
    *out = doc;
    return s;
}

nr_status nr_document_read(nr_document **out, const void *bytes, size_t n, const nr_read_options *opt, nr_error *err)
{
    static const nr_read_options none = {0};
    *out = NULL;
    opt = opt ? opt : &none;
    if (n && !bytes)
        return nr_fail(err, NR_EINVAL, 0, "cannot read a text that is not there: bytes is NULL");
    if (n > limit_of(opt))
        return nr_fail(err, NR_ELIMIT, 0, "cannot read '%s': it is larger than the limit of %zu bytes", shown_name(opt),
                       limit_of(opt));
    nr_document *doc = calloc(1, sizeof *doc);
    if (!doc)
        return nr_fail_memory(err);
    doc->text = NR_BUFFER_INIT(UINT32_MAX - 1);
    nr_status s = nr_buffer_put(&doc->text, bytes, n);
    return finish(out, doc, s ? nr_fail_memory(err) : read_bytes(doc, opt, err));
}

nr_status nr_document_open(nr_document **out, const char *path, const nr_read_options *opt, nr_error *err)
{
    *out = NULL;
    if (!path)
        return nr_fail(err, NR_EINVAL, 0, "cannot open an article without a name: path is NULL");
    nr_read_options how = opt ? *opt : (nr_read_options){0};
    if (!how.name)
        how.name = path;
    nr_document *doc = calloc(1, sizeof *doc);
    if (!doc)
        return nr_fail_memory(err);
    doc->text = NR_BUFFER_INIT(limit_of(&how));
    nr_status s = nr_file_read(path, &doc->text, err);
    doc->text.max = UINT32_MAX - 1; /* the limit is for what was read; decoding may lengthen it */
    if (!s)
        s = nr_buffer_reserve(&doc->text, 0) ? nr_fail_memory(err) : read_bytes(doc, &how, err);
    return finish(out, doc, s);
}
