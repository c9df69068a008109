#include "publish/json_text.h"

#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum { TEXT_MOST = 1 << 28 };

static bool xml_has(uint32_t c) { return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF); }

json_t *json_text(const char *s)
{
    nr_buffer b = NR_BUFFER_INIT(TEXT_MOST);
    nr_buffer_put_string(&b, "");
    for (const char *end = s + strlen(s); s < end;) {
        int length;
        uint32_t c = nr_utf8_decode(s, end, &length);
        if (xml_has(c))
            nr_buffer_put_code(&b, c);
        s += length;
    }
    json_t *value = b.failed ? NULL : json_stringn(b.p ? b.p : "", b.n);
    nr_buffer_free(&b);
    return value;
}
