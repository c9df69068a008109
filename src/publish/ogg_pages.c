#include "publish/ogg_pages.h"

nr_status ogg_put_pages(encode_task *t, ogg_stream_state *stream, bool flush, nr_error *err)
{
    ogg_page page;
    nr_status s = NR_OK;
    while (!s && (flush ? ogg_stream_flush(stream, &page) : ogg_stream_pageout(stream, &page))) {
        s = encode_put(t, page.header, (size_t)page.header_len, err);
        if (!s)
            s = encode_put(t, page.body, (size_t)page.body_len, err);
    }
    return s;
}
