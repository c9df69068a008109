/* HTML: parsed by the adapter, judged by html_content.c, described by html_meta.c, written by html_write.c. */
#include <stdlib.h>

#include "base/error.h"
#include "read/compose.h"
#include "read/html_flatten.h"
#include "read/html_page.h"
#include "read/html_stub.h"
#include "read/html_trim.h"
#include "read/reader.h"

static void free_page(nr_html_page *page)
{
    nr_html_tree_free(&page->tree);
    nr_table_free(page->classes);
    nr_arena_free(&page->arena);
    free(page->dead);
    free(page->marks);
    free(page->inside);
    free(page->runs);
    free(page->roots);
}

static bool take_memory(nr_html_page *page)
{
    size_t count = page->tree.count;
    page->dead = calloc(count, 1);
    page->marks = calloc(count, sizeof *page->marks);
    page->inside = calloc(count, sizeof *page->inside);
    return page->dead && page->marks && page->inside;
}

static nr_status read_page(nr_html_page *page)
{
    if (!take_memory(page))
        return NR_ENOMEM;
    nr_composer out;
    nr_status s = nr_html_content(page);
    s = s ? s : nr_html_metadata(page);
    if (s)
        return s;
    nr_compose_init(&out, page->doc);
    nr_compose_opening(&out);
    s = nr_html_write(page, &out);
    nr_status finished = nr_compose_finish(&out);
    return s ? s : finished;
}

static nr_status parse(nr_html_page *page, nr_buffer *html, nr_error *err)
{
    html->n = nr_html_trim(html->p, html->n);
    nr_html_flatten(html->p, html->n);
    return nr_html_parse(&page->tree, nr_buffer_view(html), err);
}

nr_status nr_html_fragment(nr_composer *out, const nr_furniture *f, nr_buffer *html, bool all, nr_error *err)
{
    nr_html_page page = {.doc = out->doc, .furniture = f, .all = all};
    nr_status s = parse(&page, html, err);
    if (!s) {
        s = take_memory(&page) ? nr_html_whole(&page) : NR_ENOMEM;
        s = s ? s : nr_html_write(&page, out);
        if (s == NR_ELIMIT)
            nr_fail(err, s, 0, "cannot read HTML with so much text");
        else if (s)
            nr_fail_memory(err);
    }
    free_page(&page);
    return s;
}

static nr_status read_html(nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    nr_furniture *furniture = NULL;
    nr_status s = nr_furniture_open(&furniture, err);
    if (s)
        return s;
    nr_buffer source = doc->text; /* the tree refers to it until the page is written */
    doc->text = NR_BUFFER_INIT(UINT32_MAX - 1);
    nr_html_page page = {.doc = doc, .furniture = furniture, .links = opt->links};
    const char *stub = NULL;
    s = parse(&page, &source, err);
    if (!s) {
        s = read_page(&page);
        if (s == NR_ELIMIT)
            nr_fail(err, s, 0, "cannot read a page with so much text");
        else if (s)
            nr_fail_memory(err);
        else
            stub = nr_html_stub(&page);
    }
    free_page(&page);
    nr_furniture_close(furniture);
    nr_buffer_free(&source);
    if (!s && stub)
        return nr_fail(err, NR_ENOTEXT, 0, "there is nothing to read in '%s': %s", opt->name ? opt->name : "the page",
                       stub);
    return s;
}

/* ---------------------------------------------------------------- recognising it */

static bool holds(nr_view head, const char *what)
{
    nr_view w = nr_view_of(what);
    for (size_t i = 0; i + w.n <= head.n; i++)
        if (head.p[i] == '<' && nr_view_eq_nocase((nr_view){head.p + i, w.n}, w))
            return true;
    return false;
}

static int probe(nr_view head)
{
    nr_view v = nr_read_markup(head);
    if (!v.n)
        return 0;
    static const char *const sure[] = {"<!doctype html", "<html", "<head", "<body", "<meta ", "<title"};
    for (size_t i = 0; i < sizeof sure / sizeof *sure; i++)
        if (holds(v, sure[i]))
            return 95;
    static const char *const likely[] = {"<p>", "<div", "<h1", "<article", "<br", "<table", "<span"};
    for (size_t i = 0; i < sizeof likely / sizeof *likely; i++)
        if (holds(v, likely[i]))
            return 70;
    return 0;
}

/* <meta charset="..."> and <meta http-equiv content="text/html; charset=...">: what stands behind "charset=" in a meta
 * tag, as browsers' prescan has it. */
static const char *declared_charset(nr_view head, char space[32])
{
    for (size_t i = 0; i + 5 < head.n; i++) {
        if (head.p[i] != '<' || !nr_view_eq_nocase((nr_view){head.p + i, 5}, NR_LIT("<meta")))
            continue;
        const char *end = memchr(head.p + i, '>', head.n - i);
        end = end ? end : head.p + head.n;
        for (const char *p = head.p + i; p + 8 < end; p++) {
            if (!nr_view_eq_nocase((nr_view){p, 7}, NR_LIT("charset")))
                continue;
            p += 7;
            while (p < end && (nr_ascii_space(*p) || *p == '=' || *p == '"' || *p == '\''))
                p++;
            size_t n = 0;
            while (p + n < end && n < 31 && !nr_ascii_space(p[n]) && !strchr("\"';/>", p[n]))
                n++;
            memcpy(space, p, n);
            space[n] = '\0';
            return n ? space : NULL;
        }
    }
    return NULL;
}

static const char *const extensions[] = {".html", ".htm", ".xhtml", ".shtml", NULL};

const nr_reader nr_reader_html = {"html", extensions, probe, declared_charset, read_html};
