/* Spans put into XHTML that may be anything: without them every byte is as it was. The first byte chooses how long they are. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "publish/markings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void count_span(void *ctx, const char *id, size_t letter)
{
    (void)id;
    (void)letter;
    ++*(size_t *)ctx;
}

static void check(const marked_file *f, size_t spans)
{
    nr_buffer out = NR_BUFFER_INIT(1 << 26), bare = NR_BUFFER_INIT(1 << 26);
    if (marked_file_write(f, NULL, &out))
        abort();
    size_t found = 0;
    char open[32];
    snprintf(open, sizeof open, "<span id=\"%s", f->prefix);
    for (size_t i = 0, e = 0; i < out.n;) { /* the edits are undone in order */
        bool here = e < f->edit_count && bare.n == f->edits[e].at;
        if (here && f->edits[e].part) {
            if (strncmp(out.p + i, open, strlen(open)) != 0)
                abort();
            i = (size_t)((char *)memchr(out.p + i, '>', out.n - i) + 1 - out.p);
            found++, e++;
        } else if (here) {
            if (strncmp(out.p + i, "</span>", 7) != 0)
                abort();
            i += 7, e++;
        } else {
            nr_buffer_put_char(&bare, out.p[i++]);
        }
    }
    if (found != spans || !nr_view_eq(nr_buffer_view(&bare), nr_buffer_view(&f->bytes)))
        abort();
    nr_buffer_free(&out);
    nr_buffer_free(&bare);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (!n || n > 1 << 16)
        return 0;
    marked_file f = {.bytes = NR_BUFFER_INIT(1 << 20)};
    nr_buffer_put(&f.bytes, data + 1, n - 1);
    size_t spans = 0, step = data[0] % 40 + 1;
    if (f.bytes.n && marked_file_scan(&f) == NR_OK) {
        for (size_t at = 0; at < f.count; at += step)
            marked_file_mark(&f, at, at + step < f.count ? at + step : f.count, (unsigned)at, count_span, &spans);
        check(&f, spans);
    }
    marked_file_free(&f);
    return 0;
}
