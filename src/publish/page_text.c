#include "publish/page_text.h"

#include <stdlib.h>
#include <unicode/uloc.h>

#include "base/utf8.h"
#include "publish/markup.h"
#if NR_HAVE_XML
#include <libxml/uri.h>
#endif

enum { ADDRESS = 2000, TAG = 36 };

uint32_t page_shown(uint32_t code)
{
    if (code == ' ' || (code >= '\t' && code <= '\r') || code == 0x85 || code == 0x2028 || code == 0x2029)
        return ' ';
    if (code < ' ' || (code >= 0x7F && code < 0xA0))
        return 0;
    if ((code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF)
        return 0;
    if ((code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE)
        return 0;
    return code;
}

static void put_escaped(nr_buffer *out, uint32_t code)
{
    switch (code) {
    case '<': nr_buffer_put_string(out, "&lt;"); break;
    case '>': nr_buffer_put_string(out, "&gt;"); break;
    case '&': nr_buffer_put_string(out, "&amp;"); break;
    case '"': nr_buffer_put_string(out, "&quot;"); break;
    case '\'': nr_buffer_put_string(out, "&#39;"); break;
    default: nr_buffer_put_code(out, code);
    }
}

/* A run of characters that mean nothing to HTML is put at once. */
static size_t put_run(nr_buffer *out, nr_view text)
{
    size_t n = 0;
    while (n < text.n && text.p[n] > ' ' && text.p[n] < 0x7F && !strchr("<>&\"'", text.p[n]))
        n++;
    nr_buffer_put(out, text.p, n);
    return n;
}

void page_flow_put(page_flow *flow, nr_view text)
{
    const char *p = text.p, *end = text.p + text.n;
    while (p < end) {
        size_t run = put_run(flow->out, (nr_view){p, (size_t)(end - p)});
        p += run;
        flow->space = flow->space && !run;
        if (p == end)
            return;
        int length;
        uint32_t raw = nr_utf8_decode(p, end, &length), code = page_shown(raw);
        p += length;
        if (flow->raw && code == ' ' && (raw == '\n' || raw == '\t'))
            code = raw;
        else if (!code || (code == ' ' && flow->space && !flow->raw))
            continue;
        put_escaped(flow->out, code);
        flow->space = code == ' ';
    }
}

void page_put_text(nr_buffer *out, nr_view text)
{
    page_flow flow = {.out = out, .space = true};
    size_t before = out->n;
    page_flow_put(&flow, text);
    if (flow.space && out->n > before)
        nr_buffer_truncate(out, out->n - 1);
}

void page_put_attribute(nr_buffer *out, const char *name, nr_view text)
{
    if (!page_has_shown(text))
        return;
    nr_buffer_printf(out, " %s=\"", name);
    page_put_text(out, text);
    nr_buffer_put_char(out, '"');
}

void page_put_string(nr_buffer *out, const char *name, const char *text)
{
    if (text)
        page_put_attribute(out, name, nr_view_of(text));
}

void page_put_plain(nr_buffer *out, nr_view text)
{
    const char *p = text.p, *end = text.p + text.n;
    size_t before = out->n;
    for (bool space = true; p < end;) {
        int length;
        uint32_t code = page_shown(nr_utf8_decode(p, end, &length));
        p += length;
        if (!code || (code == ' ' && space))
            continue;
        nr_buffer_put_code(out, code);
        space = code == ' ';
    }
    if (out->n > before && out->p[out->n - 1] == ' ')
        nr_buffer_truncate(out, out->n - 1);
}

bool page_has_shown(nr_view text)
{
    const char *p = text.p, *end = text.p + text.n;
    while (p < end) {
        int length;
        uint32_t code = page_shown(nr_utf8_decode(p, end, &length));
        bool unseen = code <= ' ' || nr_code_is_space(code) || code == 0xAD || (code >= 0x200B && code <= 0x200F) || code == 0x2060;
        if (!unseen)
            return true;
        p += length;
    }
    return false;
}

/* ---------------------------------------------------------------- addresses */

/* As browsers do: white space and controls around it, and line ends and tabs inside, are not part of an address. */
static size_t clean_address(nr_view address, char *out)
{
    size_t n = 0;
    while (address.n && (unsigned char)address.p[0] <= ' ')
        address.p++, address.n--;
    while (address.n && (unsigned char)address.p[address.n - 1] <= ' ')
        address.n--;
    for (size_t i = 0; i < address.n; i++)
        if ((unsigned char)address.p[i] >= ' ' && address.p[i] != 0x7F)
            out[n++] = address.p[i] == '\\' ? '/' : address.p[i];
    out[n] = '\0';
    return n;
}

static bool may_follow(nr_view a)
{
    nr_view rest;
    if (nr_view_starts_nocase(a, NR_LIT("http://")))
        rest = (nr_view){a.p + 7, a.n - 7};
    else if (nr_view_starts_nocase(a, NR_LIT("https://")))
        rest = (nr_view){a.p + 8, a.n - 8};
    else
        return nr_view_starts_nocase(a, NR_LIT("mailto:")) && a.n > 7;
    return rest.n && !strchr("/?#", rest.p[0]);
}

static void percent_encode(nr_buffer *out, nr_view a)
{
    for (size_t i = 0; i < a.n; i++) {
        unsigned char c = (unsigned char)a.p[i];
        if (c <= ' ' || c >= 0x7F || strchr("\"<>\\^`{|}'", c))
            nr_buffer_printf(out, "%%%02X", c);
        else
            nr_buffer_put_char(out, (char)c);
    }
}

/* What an address that names no scheme stands for on the page that the article is from. */
static void resolve(nr_buffer *whole, nr_view relative, const char *base)
{
#if NR_HAVE_XML
    size_t scheme = strcspn(relative.p, ":/?#");
    if (!base || !may_follow(nr_view_of(base)) || !relative.n || relative.p[scheme] == ':' || *relative.p == '#')
        return;
    xmlChar *built = xmlBuildURI((const xmlChar *)relative.p, (const xmlChar *)base);
    if (built)
        percent_encode(whole, nr_view_of((const char *)built));
    xmlFree(built);
#else
    (void)whole;
    (void)relative;
    (void)base;
#endif
}

bool page_put_address(nr_buffer *out, nr_view address, const char *base)
{
    char clean[ADDRESS + 1];
    if (address.n > ADDRESS)
        return false;
    nr_view a = {clean, clean_address(address, clean)};
    nr_buffer encoded = NR_BUFFER_INIT(8 * ADDRESS), whole = NR_BUFFER_INIT(8 * ADDRESS);
    percent_encode(&encoded, a);
    if (may_follow(a))
        nr_buffer_put_view(&whole, nr_buffer_view(&encoded));
    else
        resolve(&whole, nr_buffer_view(&encoded), base);
    bool good = !encoded.failed && !whole.failed && may_follow(nr_buffer_view(&whole));
    for (size_t i = 0; good && i < whole.n; i++)
        put_escaped(out, (unsigned char)whole.p[i]);
    nr_buffer_free(&encoded);
    nr_buffer_free(&whole);
    return good;
}

/* ---------------------------------------------------------------- languages */

const char *page_language(const char *tag)
{
    if (!tag || strlen(tag) < 2 || strlen(tag) >= TAG)
        return NULL;
    for (const char *p = tag; *p; p++)
        if (!nr_ascii_alpha(*p) && !nr_ascii_digit(*p) && *p != '-')
            return NULL;
    char locale[ULOC_FULLNAME_CAPACITY];
    UErrorCode status = U_ZERO_ERROR;
    int32_t parsed = 0;
    uloc_forLanguageTag(tag, locale, sizeof locale, &parsed, &status);
    return U_SUCCESS(status) && parsed == (int32_t)strlen(tag) && *uloc_getISO3Language(locale) ? tag : NULL;
}

bool page_is_rtl(const char *tag) { return page_language(tag) && markup_is_rtl(tag); }
