/* One file of an EPUB 2 is anything, the first byte says which: the book becomes one whose files are XML, or is refused. */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xml.h"
#include "publish/epub_two.h"

#include <libxml/parser.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const names[] = {"a.html", "b.opf", "toc.ncx", "a.css"};
static const char *const plain[] = {
    "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>A</title><link rel='stylesheet' href='a.css'/></head><body><p id='x'>A goat.</p></body></html>",
    "<package version='2.0' unique-identifier='i'><metadata><title>A</title><identifier id='i'>1</identifier></metadata><manifest>"
    "<item id='a' href='a.html' media-type='application/xhtml+xml'/><item id='c' href='a.css' media-type='text/css'/>"
    "<item id='n' href='toc.ncx' media-type='application/x-dtbncx+xml'/></manifest><spine toc='n'><itemref idref='a'/></spine></package>",
    "<ncx><navMap><navPoint><navLabel><text>A</text></navLabel><content src='a.html#x'/></navPoint></navMap></ncx>", "p { color: red }"};

static void put(ocf_writer *w, const char *name, nr_view v)
{
    nr_error err;
    nr_buffer bytes = NR_BUFFER_INIT(1 << 20);
    nr_buffer_put_view(&bytes, v);
    nr_buffer_reserve(&bytes, 1);
    if (ocf_add(w, name, &bytes, &err))
        abort();
}

static void check(nr_view book)
{
    ocf_reader r;
    nr_error err;
    nr_buffer entry = NR_BUFFER_INIT(OCF_ENTRY);
    if (ocf_open(&r, "book", book, 1 << 28, &err))
        abort();
    for (size_t i = 0; i < r.count; i++) {
        nr_view name = nr_view_of(ocf_name(&r, i));
        if (nr_view_ends(name, NR_LIT(".css")) || nr_view_is(name, "mimetype"))
            continue;
        if (ocf_read(&r, i, &entry, &err))
            abort();
        xmlDoc *xml = xmlReadMemory(entry.p, (int)entry.n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE);
        if (!xml)
            abort();
        xmlFreeDoc(xml);
    }
    nr_buffer_free(&entry);
    ocf_close(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    ocf_writer *w;
    nr_error err;
    char path[64];
    snprintf(path, sizeof path, "/tmp/narrate-fuzz-%d.epub", (int)getpid());
    nr_buffer old = NR_BUFFER_INIT(1 << 22), new = NR_BUFFER_INIT(1 << 24);
    if (!n || n > 1 << 16 || ocf_create(&w, path, true, &err))
        return 0;
    put(w, "META-INF/container.xml", NR_LIT("<container><rootfiles><rootfile full-path='b.opf'/></rootfiles></container>"));
    for (size_t i = 0; i < 4; i++)
        put(w, names[i], i == data[0] % 4 ? (nr_view){(const char *)data + 1, n - 1} : nr_view_of(plain[i]));
    if (ocf_finish_into(w, &old, &err))
        abort();
    ocf_free(w);
    if (!epub_two_convert("book", nr_buffer_view(&old), path, true, NULL, NULL, &new, &err))
        check(nr_buffer_view(&new));
    nr_buffer_free(&old);
    nr_buffer_free(&new);
    return 0;
}
