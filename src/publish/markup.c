#include "publish/markup.h"

#include <unicode/uloc.h>

#include "base/utf8.h"

static bool is_xml(uint32_t code)
{
    return code >= ' ' ? code != 0xFFFE && code != 0xFFFF && code != 0x7F : code == '\t' || code == '\n' || code == '\r';
}

static nr_status put(nr_buffer *out, nr_view text, bool quoted)
{
    int length;
    for (const char *p = text.p, *end = text.p + text.n; p < end; p += length) {
        uint32_t code = nr_utf8_decode(p, end, &length);
        switch (code) {
        case '&': nr_buffer_put_string(out, "&amp;"); break;
        case '<': nr_buffer_put_string(out, "&lt;"); break;
        case '>': nr_buffer_put_string(out, "&gt;"); break;
        default:
            if (code == '"' && quoted)
                nr_buffer_put_string(out, "&quot;");
            else if (is_xml(code))
                nr_buffer_put_code(out, code); /* bytes that are no UTF-8 are not passed on */
        }
    }
    return out->failed;
}

nr_status markup_text(nr_buffer *out, nr_view text) { return put(out, text, false); }

nr_status markup_attribute(nr_buffer *out, const char *name, nr_view value)
{
    nr_buffer_printf(out, " %s=\"", name);
    put(out, value, true);
    return nr_buffer_put_char(out, '"');
}

nr_status markup_clock(nr_buffer *out, double seconds, char point)
{
    unsigned long long ms = (unsigned long long)(seconds * 1000 + 0.5);
    return nr_buffer_printf(out, "%02llu:%02llu:%02llu%c%03llu", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, point, ms % 1000);
}

bool markup_is_tag(nr_view language)
{
    for (size_t i = 0; i < language.n; i++)
        if (!nr_ascii_alpha(language.p[i]) && !nr_ascii_digit(language.p[i]) && language.p[i] != '-')
            return false;
    return language.n >= 2 && language.n < 36 && nr_ascii_alpha(language.p[0]) && language.p[language.n - 1] != '-';
}

bool markup_is_rtl(const char *language) { return language && uloc_isRightToLeft(language); }
