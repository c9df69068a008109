/* Opening an article: bytes to text, and text to the reader of its format. */
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"
#include "read/encoding.h"
#include "read/fetch.h"
#include "read/reader.h"

static const nr_reader *const readers[] = {
#if NR_HAVE_XML
    &nr_reader_ssml,
#endif
#if NR_HAVE_HTML
    &nr_reader_html,
#endif
#if NR_HAVE_BOOKS
    &nr_reader_epub,
    &nr_reader_feed,
    &nr_reader_docx,
    &nr_reader_odt,
#endif
#if NR_HAVE_PDF
    &nr_reader_pdf,
#endif
#if NR_HAVE_MARKDOWN
    &nr_reader_markdown,
#endif
    &nr_reader_plain,
    NULL,
};

enum { HEAD = 4096, FULL_ENTRY = 3000 };

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

nr_view nr_read_markup(nr_view head)
{
    nr_view v = nr_view_trim(head);
    if (nr_view_starts(v, NR_LIT("\xEF\xBB\xBF")))
        v.p += 3, v.n -= 3;
    v = nr_view_trim(v);
    return v.n && v.p[0] == '<' ? v : (nr_view){NULL, 0};
}

const char *nr_read_name(const nr_read_options *opt)
{
    if (!opt->name)
        return "the text";
    return strcmp(opt->name, "-") == 0 ? "standard input" : opt->name;
}

static nr_status fail_binary(const nr_read_options *opt, const char *what, const char *advice, nr_error *err)
{
    return nr_fail(err, NR_EFORMAT, 0, "cannot read '%s': it is %s, not text; %s", nr_read_name(opt), what,
                   advice ? advice : "give a text, Markdown or HTML file");
}

static bool only_space(nr_view v);

static nr_status run(const nr_reader *reader, nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    doc->format = reader->name;
    nr_status s = reader->read(doc, opt, err);
    return s == NR_ENOMEM ? nr_fail_memory(err) : s;
}

/* doc->text holds the raw bytes. */
static nr_status read_bytes(nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    const nr_reader *reader = NULL;
    if (opt->format && !(reader = by_format(opt->format)))
        return fail_format(opt->format, err);
    nr_view head = head_of(nr_buffer_view(&doc->text));
    const nr_reader *seen = by_content(head);
    if (!reader && seen->binary)
        reader = seen; /* whatever it is called */
    if (reader && reader->binary) {
        snprintf(doc->charset, sizeof doc->charset, "UTF-8");
        return run(reader, doc, opt, err);
    }
    const char *advice, *what = nr_binary_name(nr_buffer_view(&doc->text), &advice);
    if (what)
        return fail_binary(opt, what, advice, err);
    if (!reader)
        reader = by_name(opt->name);
    if (reader && reader->binary)
        reader = NULL;
    bool decided = reader != NULL;
    if (!decided)
        reader = seen;
    char space[32];
    const char *declared = reader->charset ? reader->charset(head, space) : NULL;
    nr_status s = nr_decode(&doc->text, opt->charset, declared, doc->charset, &doc->replaced, err);
    if (s)
        return s;
    if (!decided)
        reader = by_content(head_of(nr_buffer_view(&doc->text)));
    if (doc->text.n == 0 || only_space(nr_buffer_view(&doc->text)))
        return nr_fail(err, NR_ENOTEXT, 0, "there is nothing to read in '%s': it %s", nr_read_name(opt),
                       doc->text.n ? "holds only white space" : "is empty");
    return run(reader, doc, opt, err);
}

static bool is_list(const nr_document *doc, const nr_read_options *opt)
{
    const nr_reader *reader = opt->format ? by_format(opt->format) : by_content(head_of(nr_buffer_view(&doc->text)));
    return !opt->item && reader && strcmp(reader->name, "feed") == 0;
}

/* Of a list of articles the bytes are kept: by the time that an article of it is asked for, it may have changed. */
static nr_status read_opened(nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    doc->source = NR_BUFFER_INIT(UINT32_MAX - 1);
    if (is_list(doc, opt) && nr_buffer_put(&doc->source, doc->text.p, doc->text.n))
        return nr_fail_memory(err);
    nr_status s = read_bytes(doc, opt, err);
    if (doc->format && strcmp(doc->format, "feed") != 0)
        nr_buffer_free(&doc->source);
    return s;
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

size_t nr_read_limit(const nr_read_options *opt)
{
    size_t max = opt->max_bytes ? opt->max_bytes : (size_t)1 << 30;
    return max > UINT32_MAX - 1 ? UINT32_MAX - 1 : max;
}

nr_status nr_fail_too_large(const char *name, size_t limit, nr_error *err)
{
    return nr_fail(err, NR_ELIMIT, 0, "cannot read '%s': it is larger than the limit of %zu bytes; --max-size raises it", name, limit);
}

nr_status nr_document_must_speak(const nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    for (size_t i = 0; i < doc->block_count; i++)
        if (doc->blocks[i].kind > NR_BLOCK_DATE && !(doc->blocks[i].flags & NR_BLOCK_SILENT))
            return NR_OK;
    return nr_fail(err, NR_ENOTEXT, 0, "there is nothing to read in '%s': it holds no text", nr_read_name(opt));
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
    if (n > nr_read_limit(opt))
        return nr_fail(err, NR_ELIMIT, 0, "cannot read '%s': it is larger than the limit of %zu bytes", nr_read_name(opt),
                       nr_read_limit(opt));
    nr_document *doc = calloc(1, sizeof *doc);
    if (!doc)
        return nr_fail_memory(err);
    doc->text = NR_BUFFER_INIT(UINT32_MAX - 1);
    nr_status s = nr_buffer_put(&doc->text, bytes, n);
    return finish(out, doc, s ? nr_fail_memory(err) : read_bytes(doc, opt, err));
}

static nr_status new_document(nr_document **out, size_t limit, nr_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return nr_fail_memory(err);
    (*out)->text = NR_BUFFER_INIT(limit);
    return NR_OK;
}

#if NR_HAVE_FETCH
/* What a server calls it, where that says more than the bytes do. */
static const char *format_of(const char *type)
{
    static const char *const types[][2] = {{"text/markdown", "markdown"}, {"text/plain", "plain"}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(type, types[i][0]) == 0 && by_format(types[i][1]))
            return types[i][1];
    return NULL;
}

static nr_status open_address(nr_document **out, const char *url, const nr_read_options *opt, bool typed, nr_error *err)
{
    nr_document *doc;
    nr_fetched fetched;
    nr_read_options how = *opt;
    nr_status s = new_document(&doc, nr_read_limit(opt), err);
    if (s)
        return s;
    s = nr_fetch(url, typed, opt->timeout, &doc->text, &fetched, err);
    doc->text.max = UINT32_MAX - 1;
    if (!s) {
        how.name = fetched.url;
        how.charset = how.charset || !fetched.charset[0] ? how.charset : fetched.charset;
        const char *format = format_of(fetched.type);
        /* "text/plain" is what servers say of anything; a page that begins as HTML is HTML. */
        if (!how.format && format && by_content(head_of(nr_buffer_view(&doc->text))) == &nr_reader_plain)
            how.format = format;
        s = nr_buffer_reserve(&doc->text, 0) ? nr_fail_memory(err) : read_opened(doc, &how, err);
        doc->address = nr_arena_string(&doc->arena, nr_view_of(fetched.url));
        doc->typed = typed && nr_same_server(url, fetched.url);
        if (!s && !doc->metadata.url)
            doc->metadata.url = doc->address;
    }
    free(fetched.url);
    return finish(out, doc, s);
}

/* A feed of the web gives its article from the page that it links to; what the feed itself has is the second best. */
static void follow_entry(nr_document **out, const nr_read_options *opt)
{
    const nr_document *doc = *out;
    size_t body = 0;
    if (!opt->item || strcmp(doc->format, "feed") != 0 || !nr_is_web_address(doc->metadata.url))
        return;
    for (size_t i = 0; i < doc->block_count; i++)
        body += doc->blocks[i].kind > NR_BLOCK_DATE ? doc->blocks[i].span.end - doc->blocks[i].span.start : 0;
    nr_document *page;
    nr_read_options plain = *opt;
    plain.item = 0;
    if (body < FULL_ENTRY && open_address(&page, doc->metadata.url, &plain, false, NULL) == NR_OK) {
        nr_document_free(*out);
        *out = page;
    }
}

static nr_status open_web(nr_document **out, const char *url, const nr_read_options *opt, nr_error *err)
{
    nr_status s = open_address(out, url, opt, true, err);
    if (!s)
        follow_entry(out, opt);
    return s;
}

static char *absolute(const nr_document *doc)
{
    const char *image = doc->metadata.image;
    return image && doc->address ? nr_fetch_join(doc->address, image) : NULL;
}

nr_status nr_document_picture(const nr_document *doc, size_t max, double seconds, void **bytes, size_t *n, nr_error *err)
{
    nr_fetched fetched = {0};
    nr_buffer body = NR_BUFFER_INIT(max);
    char *url = absolute(doc);
    *bytes = NULL;
    *n = 0;
    if (!url)
        return NR_OK;
    nr_status s = nr_fetch(url, doc->typed && nr_same_server(url, doc->address), seconds, &body, &fetched, err);
    if (!s) {
        *bytes = body.p;
        *n = body.n;
    } else {
        nr_buffer_free(&body);
    }
    free(fetched.url);
    free(url);
    return s;
}
#else
bool nr_is_web_address(const char *name) { return name && (strncmp(name, "http", 4) == 0) && strstr(name, "://"); }

static nr_status open_web(nr_document **out, const char *url, const nr_read_options *opt, nr_error *err)
{
    (void)out;
    (void)opt;
    return nr_fail(err, NR_EIO, 0, "cannot read '%s': this narrate was built without access to the web", url);
}

static void follow_entry(nr_document **out, const nr_read_options *opt)
{
    (void)out;
    (void)opt;
}

nr_status nr_document_picture(const nr_document *doc, size_t max, double seconds, void **bytes, size_t *n, nr_error *err)
{
    (void)doc;
    (void)max;
    (void)seconds;
    (void)err;
    *bytes = NULL;
    *n = 0;
    return NR_OK;
}
#endif

nr_status nr_document_open(nr_document **out, const char *path, const nr_read_options *opt, nr_error *err)
{
    *out = NULL;
    if (!path)
        return nr_fail(err, NR_EINVAL, 0, "cannot open an article without a name: path is NULL");
    nr_read_options how = opt ? *opt : (nr_read_options){0};
    if (!how.name)
        how.name = path;
    if (nr_is_web_address(path))
        return open_web(out, path, &how, err);
    nr_document *doc;
    nr_status s = new_document(&doc, nr_read_limit(&how), err);
    if (s)
        return s;
    s = nr_file_read(path, &doc->text, err);
    if (s == NR_ELIMIT)
        s = nr_fail_too_large(path, doc->text.max, err);
    doc->text.max = UINT32_MAX - 1; /* the limit is for what was read; decoding may lengthen it */
    if (!s)
        s = nr_buffer_reserve(&doc->text, 0) ? nr_fail_memory(err) : read_opened(doc, &how, err);
    return finish(out, doc, s);
}

nr_status nr_document_open_entry(nr_document **out, const nr_document *list, uint32_t number, const nr_read_options *opt, nr_error *err)
{
    *out = NULL;
    nr_read_options how = opt ? *opt : (nr_read_options){0};
    if (!list->source.n || number == 0)
        return nr_fail(err, NR_EINVAL, 0, "cannot read an article of '%s': it was not opened as a list of them", nr_read_name(&how));
    how.item = number;
    how.format = list->format;
    how.charset = list->charset;
    if (list->address)
        how.name = list->address;
    nr_status s = nr_document_read(out, list->source.p, list->source.n, &how, err);
    if (!s && list->address) {
        how.format = how.charset = how.name = NULL;
        follow_entry(out, &how);
    }
    return s;
}
