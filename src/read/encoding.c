#include "read/encoding.h"

#include <stdio.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include "base/error.h"
#include "base/utf8.h"

/* ---------------------------------------------------------------- what is no text */

typedef struct magic {
    const char *bytes;
    uint8_t n, at;
    const char *name, *advice;
} magic;

static const char unpack[] = "unpack it first";
static const char to_text[] = "turn it into text first, for example with pdftotext";
static const char save_as[] = "save it as HTML or plain text first";

static const magic signatures[] = {
    {"\x89PNG\r\n\x1a\n", 8, 0, "a PNG picture", NULL},
    {"\xFF\xD8\xFF", 3, 0, "a JPEG picture", NULL},
    {"GIF8", 4, 0, "a GIF picture", NULL},
    {"%PDF-", 5, 0, "a PDF", to_text},
    {"%!PS-", 5, 0, "a PostScript file", to_text},
    {"PK\x03\x04", 4, 0, "a ZIP archive (as EPUB, DOCX and ODT files are)", save_as},
    {"\x1F\x8B", 2, 0, "a gzip archive", unpack},
    {"BZh", 3, 0, "a bzip2 archive", unpack},
    {"\xFD"
     "7zXZ",
     5, 0, "an xz archive", unpack},
    {"7z\xBC\xAF", 4, 0, "a 7-Zip archive", unpack},
    {"\x28\xB5\x2F\xFD", 4, 0, "a Zstandard archive", unpack},
    {"\x7F"
     "ELF",
     4, 0, "a program", NULL},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, 0, "an old Office document", save_as},
    {"{\\rtf", 5, 0, "an RTF document", save_as},
    {"OggS", 4, 0, "an Ogg sound file", NULL},
    {"fLaC", 4, 0, "a FLAC sound file", NULL},
    {"ID3", 3, 0, "an MP3 sound file", NULL},
    {"WAVE", 4, 8, "a WAV sound file", NULL},
    {"WEBP", 4, 8, "a WebP picture", NULL},
    {"ftyp", 4, 4, "an MP4 file", NULL},
    {"\x1A\x45\xDF\xA3", 4, 0, "a Matroska or WebM file", NULL},
    {"SQLite format 3", 15, 0, "an SQLite database", NULL},
};

enum { HEAD = 4096 };

static const char *utf16_by_nuls(nr_view v);

static bool has_utf16_mark(nr_view v)
{
    return v.n >= 2 && (memcmp(v.p, "\xFF\xFE", 2) == 0 || memcmp(v.p, "\xFE\xFF", 2) == 0);
}

/* Controls that no text holds, apart from a stray few. */
static bool many_controls(nr_view v)
{
    size_t count = 0, n = v.n < HEAD ? v.n : HEAD;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        count += c == 0x7F || (c < 0x20 && !(c >= '\b' && c <= '\r') && c != 0x1B);
    }
    return count >= 4 && count * 33 > n;
}

const char *nr_binary_name(nr_view v, const char **advice)
{
    *advice = NULL;
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        const magic *m = &signatures[i];
        if (v.n >= (size_t)m->at + m->n && memcmp(v.p + m->at, m->bytes, m->n) == 0) {
            *advice = m->advice;
            return m->name;
        }
    }
    if (has_utf16_mark(v) || utf16_by_nuls(v))
        return NULL;
    return many_controls(v) ? "binary data" : NULL;
}

/* ---------------------------------------------------------------- which charset */

/* UTF-16 without a mark: text in Latin letters has a NUL in most pairs, always on the same side. */
static const char *utf16_by_nuls(nr_view v)
{
    size_t nul[2] = {0, 0}, n = v.n < HEAD ? v.n : HEAD;
    if (n < 4)
        return NULL;
    for (size_t i = 0; i < n; i++)
        nul[i & 1] += v.p[i] == 0;
    size_t pairs = n / 2;
    if (nul[1] * 10 > pairs * 4 && nul[0] * 20 < nul[1])
        return "UTF-16LE";
    if (nul[0] * 10 > pairs * 4 && nul[1] * 20 < nul[0])
        return "UTF-16BE";
    return NULL;
}

/* Where browsers mean something else than the label says (WHATWG Encoding, "names and labels"). */
static const char *const meant[][2] = {
    {"utf-8", "UTF-8"},
    {"utf8", "UTF-8"},
    {"unicode-1-1-utf-8", "UTF-8"},
    {"iso-8859-1", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"iso_8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"l1", "windows-1252"},
    {"latin-1", "windows-1252"},
    {"ascii", "windows-1252"},
    {"us-ascii", "windows-1252"},
    {"cp1252", "windows-1252"},
    {"x-cp1252", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"latin5", "windows-1254"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"x-gbk", "gb18030"},
    {"shift_jis", "windows-31j"},
    {"shift-jis", "windows-31j"},
    {"sjis", "windows-31j"},
    {"euc-kr", "windows-949"},
    {"ks_c_5601-1987", "windows-949"},
    {"tis-620", "windows-874"},
    {"iso-8859-11", "windows-874"},
    {"cp1250", "windows-1250"},
    {"cp1251", "windows-1251"},
    {"utf-16", "UTF-16LE"},
};

static const char *meaning(const char *label)
{
    for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
        if (nr_view_eq_nocase(nr_view_of(label), nr_view_of(meant[i][0])))
            return meant[i][1];
    return label;
}

static bool known(const char *label)
{
    UErrorCode code = U_ZERO_ERROR;
    UConverter *c = label && *label && strlen(label) < 32 ? ucnv_open(label, &code) : NULL;
    if (!c)
        return false;
    ucnv_close(c);
    return U_SUCCESS(code);
}

static bool is_utf8(const char *label) { return nr_view_eq_nocase(nr_view_of(label), NR_LIT("UTF-8")); }

static bool is_utf16(const char *label) { return nr_view_starts_nocase(nr_view_of(label), NR_LIT("UTF-16")); }

/* Sequences of several bytes against places that are not UTF-8, in the head. */
static void count_utf8(nr_view v, size_t *good, size_t *bad)
{
    *good = *bad = 0;
    const char *p = v.p, *end = v.p + (v.n < (1u << 20) ? v.n : (1u << 20));
    while (p < end) {
        int length = 1;
        if ((unsigned char)*p >= 0x80) {
            if (nr_utf8_decode(p, end, &length) == NR_REPLACEMENT && length < 3)
                ++*bad;
            else
                ++*good;
        }
        p += length;
    }
}

static void detect(nr_view v, char charset[32])
{
    snprintf(charset, 32, "windows-1252");
    UErrorCode code = U_ZERO_ERROR;
    UCharsetDetector *d = ucsdet_open(&code);
    if (U_FAILURE(code))
        return;
    ucsdet_setText(d, v.p, (int32_t)(v.n < (1u << 16) ? v.n : (1u << 16)), &code);
    const UCharsetMatch *m = ucsdet_detect(d, &code);
    const char *name = U_SUCCESS(code) && m ? ucsdet_getName(m, &code) : NULL;
    int confidence = name && U_SUCCESS(code) ? ucsdet_getConfidence(m, &code) : 0;
    if (U_SUCCESS(code) && confidence >= 30 && name && !is_utf8(name) &&
        !nr_view_starts(nr_view_of(name), NR_LIT("UTF-")))
        snprintf(charset, 32, "%s", meaning(name));
    ucsdet_close(d);
}

/* Without any label. */
static void guess(nr_view v, char charset[32])
{
    const char *wide = utf16_by_nuls(v);
    size_t good, bad;
    count_utf8(v, &good, &bad);
    if (wide)
        snprintf(charset, 32, "%s", wide);
    else if (bad == 0 || good >= bad * 2)
        snprintf(charset, 32, "UTF-8");
    else
        detect(v, charset);
}

/* A page that calls itself Latin and is valid UTF-8 beyond ASCII is UTF-8: chance does not do that. */
static bool truly_utf8(nr_view v)
{
    size_t good, bad;
    count_utf8(v, &good, &bad);
    return good > 0 && bad == 0;
}

static void choose(nr_view v, const char *outside, const char *declared, char charset[32])
{
    outside = outside ? meaning(outside) : NULL;
    declared = declared ? meaning(declared) : NULL;
    if (outside && known(outside))
        snprintf(charset, 32, "%s", outside);
    else if (declared && is_utf16(declared)) /* the label was read as ASCII, so it cannot be true */
        snprintf(charset, 32, "UTF-8");
    else if (declared && known(declared) && (is_utf8(declared) || !truly_utf8(v)))
        snprintf(charset, 32, "%s", declared);
    else
        guess(v, charset);
}

/* Cuts a byte order mark off; true when there was one. */
static bool take_mark(nr_buffer *text, char charset[32])
{
    size_t cut = 0;
    const char *name = NULL;
    if (text->n >= 3 && memcmp(text->p, "\xEF\xBB\xBF", 3) == 0)
        name = "UTF-8", cut = 3;
    else if (text->n >= 2 && memcmp(text->p, "\xFF\xFE", 2) == 0)
        name = "UTF-16LE", cut = 2;
    else if (text->n >= 2 && memcmp(text->p, "\xFE\xFF", 2) == 0)
        name = "UTF-16BE", cut = 2;
    if (!name)
        return false;
    snprintf(charset, 32, "%s", name);
    memmove(text->p, text->p + cut, text->n - cut);
    nr_buffer_truncate(text, text->n - cut);
    return true;
}

/* ---------------------------------------------------------------- decoding */

/* NUL and what is not UTF-8 becomes U+FFFD. */
static nr_status mend_utf8(nr_buffer *text, size_t *replaced)
{
    const char *p = text->p, *end = p + text->n;
    size_t whole = nr_utf8_valid(p, text->n);
    if (whole == text->n && (text->n == 0 || !memchr(p, 0, text->n)))
        return NR_OK;
    nr_buffer out = NR_BUFFER_INIT(text->max);
    nr_buffer_reserve(&out, text->n + 2 <= text->max ? text->n + 2 : text->n);
    while (p < end && !out.failed) {
        const char *nul = memchr(p, 0, whole);
        size_t n = nul ? (size_t)(nul - p) : whole;
        nr_buffer_put(&out, p, n);
        p += n;
        whole -= n;
        if (p == end)
            break;
        int length = 1;
        if (!nul)
            nr_utf8_decode(p, end, &length);
        nr_buffer_put_code(&out, NR_REPLACEMENT);
        ++*replaced;
        p += length;
        whole = nul ? whole - 1 : nr_utf8_valid(p, (size_t)(end - p));
    }
    nr_status s = out.failed;
    if (s) {
        nr_buffer_free(&out);
        return s;
    }
    nr_buffer_free(text);
    *text = out;
    return NR_OK;
}

static size_t count_replacements(nr_view v)
{
    size_t count = 0;
    for (const char *p = v.p, *end = v.p + v.n; p && (p = memmem(p, (size_t)(end - p), "\xEF\xBF\xBD", 3)); p += 3)
        count++;
    return count;
}

static nr_status convert(nr_buffer *text, const char *charset, size_t *replaced)
{
    UErrorCode code = U_ZERO_ERROR;
    UConverter *from = ucnv_open(charset, &code), *to = ucnv_open("UTF-8", &code);
    nr_buffer out = NR_BUFFER_INIT(text->max);
    UChar pivot[2048], *ps = pivot, *pt = pivot;
    const char *source = text->p, *limit = text->p + text->n;
    bool first = true;
    while (U_SUCCESS(code) && !out.failed) {
        size_t room = text->n / 2 + 4096;
        if (room > out.max - out.n)
            room = out.max - out.n ? out.max - out.n : 1; /* the 1 makes the buffer say NR_ELIMIT */
        if (nr_buffer_reserve(&out, room))
            break;
        char *target = out.p + out.n;
        ucnv_convertEx(to, from, &target, out.p + out.cap, &source, limit, pivot, &ps, &pt, pivot + 2048, first, 1,
                       &code);
        first = false;
        out.n = (size_t)(target - out.p);
        if (code != U_BUFFER_OVERFLOW_ERROR)
            break;
        code = U_ZERO_ERROR;
    }
    if (from)
        ucnv_close(from);
    if (to)
        ucnv_close(to);
    if (out.failed || U_FAILURE(code)) {
        nr_status s = out.failed ? out.failed : code == U_MEMORY_ALLOCATION_ERROR ? NR_ENOMEM : NR_EFORMAT;
        nr_buffer_free(&out);
        return s;
    }
    nr_buffer_put(&out, "", 0);
    nr_buffer_free(text);
    *text = out;
    *replaced += count_replacements(nr_buffer_view(text));
    return NR_OK;
}

nr_status nr_decode(nr_buffer *text, const char *outside, const char *declared, char charset[32], size_t *replaced,
                    nr_error *err)
{
    *replaced = 0;
    if (!take_mark(text, charset)) {
        if (!outside && !(declared && !is_utf8(meaning(declared))) && nr_utf8_valid(text->p, text->n) == text->n &&
            !utf16_by_nuls(nr_buffer_view(text)))
            snprintf(charset, 32, "UTF-8");
        else
            choose(nr_buffer_view(text), outside, declared, charset);
    }
    nr_status s = text->n && !is_utf8(charset) ? convert(text, charset, replaced) : NR_OK;
    if (!s)
        s = mend_utf8(text, replaced);
    if (s == NR_ENOMEM)
        return nr_fail_memory(err);
    if (s == NR_ELIMIT)
        return nr_fail(err, s, 0, "cannot decode the text from %s: it becomes larger than the limit of %zu bytes",
                       charset, text->max);
    return s ? nr_fail(err, s, 0, "cannot decode the text from %s", charset) : NR_OK;
}
