/* A script as SSML 1.1 (W3C Recommendation, 7 September 2010), by libxml2's writer. What is said differently from how it
 * is written stands as <sub alias>, so that the text is the article's; pauses are breaks. */
#include "base/buffer.h"
#include "base/error.h"
#include "base/utf8.h"
#include "segment/script.h"

#if NR_HAVE_XML

#include <libxml/xmlwriter.h>

#define SSML "http://www.w3.org/2001/10/synthesis"

typedef struct ssml {
    xmlTextWriterPtr xml;
    nr_document const *doc;
    nr_view text;
    const char *locale, *quote_voice, *lang; /* lang: of the open <p> */
    const nr_inline *inlines;
    size_t inline_count, next_inline;
    nr_buffer scratch;
    bool in_block, in_sentence, failed;
    nr_write_fn *write;
    void *ctx;
    bool stopped;
} ssml;

/* ---------------------------------------------------------------- pieces */

static void check(ssml *x, int result) { x->failed = x->failed || result < 0; }

static void open_element(ssml *x, const char *name) { check(x, xmlTextWriterStartElement(x->xml, (const xmlChar *)name)); }
static void close_element(ssml *x) { check(x, xmlTextWriterEndElement(x->xml)); }

static bool xml_code(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
}

/* The bytes as a C string of what XML allows, white space single; valid until the next call. */
static const xmlChar *xml_text(ssml *x, nr_view v)
{
    bool space = false;
    nr_buffer_truncate(&x->scratch, 0);
    nr_buffer_put(&x->scratch, "", 0);
    for (size_t i = 0; i < v.n;) {
        int length;
        uint32_t code = nr_utf8_decode(v.p + i, v.p + v.n, &length);
        if (nr_code_is_space(code)) {
            space = x->scratch.n > 0;
        } else if (xml_code(code)) {
            if (space)
                nr_buffer_put_char(&x->scratch, ' ');
            space = false;
            nr_buffer_put_code(&x->scratch, code);
        }
        i += (size_t)length;
    }
    x->failed = x->failed || x->scratch.failed;
    return (const xmlChar *)(x->scratch.p ? x->scratch.p : "");
}

static void put_text(ssml *x, nr_view v) { check(x, xmlTextWriterWriteString(x->xml, xml_text(x, v))); }

static void put_attribute(ssml *x, const char *name, nr_view value)
{
    check(x, xmlTextWriterWriteAttribute(x->xml, (const xmlChar *)name, xml_text(x, value)));
}

static void put_number(ssml *x, const char *name, const char *format, int value)
{
    check(x, xmlTextWriterWriteFormatAttribute(x->xml, (const xmlChar *)name, format, value));
}

/* A language tag (BCP 47) that a schema accepts, or "und". */
static const char *language_tag(const char *tag)
{
    size_t part = 0;
    for (const char *c = tag; tag && *c; c++) {
        if (*c == '-' ? part == 0 : !nr_ascii_alpha(*c) && !nr_ascii_digit(*c))
            return "und";
        part = *c == '-' ? 0 : part + 1;
        if (part > 8)
            return "und";
    }
    return tag && part ? tag : "und";
}

static void put_language(ssml *x, const char *tag)
{
    check(x, xmlTextWriterWriteAttribute(x->xml, (const xmlChar *)"xml:lang", (const xmlChar *)language_tag(tag)));
}

static void put_break(ssml *x, uint32_t ms)
{
    open_element(x, "break");
    put_number(x, "time", "%dms", (int)ms);
    close_element(x);
}

/* ---------------------------------------------------------------- words */

static nr_view said(const nr_utterance *u, size_t i)
{
    return nr_view_sub(u->say.p, u->words[i].start, u->words[i].end);
}

static bool apostrophe(nr_view v, size_t i) { return v.n - i >= 3 && memcmp(v.p + i, "\xE2\x80\x99", 3) == 0; }

/* Said as written, but for typographic apostrophes. */
static bool as_written(nr_view say, nr_view written)
{
    size_t i = 0, k = 0;
    while (i < say.n && k < written.n) {
        bool typographic = say.p[i] == '\'' && apostrophe(written, k);
        if (!typographic && say.p[i] != written.p[k])
            return false;
        i++;
        k += typographic ? 3 : 1;
    }
    return i == say.n && k == written.n;
}

static bool plain(const ssml *x, const nr_utterance *u, size_t i)
{
    nr_span s = u->words[i].span;
    return (u->words[i].flags & (NR_WORD_LETTERS | NR_WORD_INSERTED)) || as_written(said(u, i), nr_view_sub(x->text.p, s.start, s.end));
}

/* Words that stand for one piece of text: how many from i on, and what they stand for. Those that share characters, and
 * those side by side that are said differently from how they are written. */
static size_t same_piece(const ssml *x, const nr_utterance *u, size_t i, nr_span *span)
{
    size_t n = 1;
    bool first_plain = plain(x, u, i);
    *span = u->words[i].span;
    for (; i + n < u->word_count && !(u->words[i].flags & NR_WORD_INSERTED); n++) {
        nr_span s = u->words[i + n].span;
        bool shared = s.start < span->end && s.end > span->start;
        bool beside = s.start <= span->end && s.end >= span->start && !first_plain && !plain(x, u, i + n);
        if ((!shared && !beside) || (u->words[i + n].flags ^ u->words[i].flags) & NR_WORD_EMPHASIS)
            break;
        span->start = s.start < span->start ? s.start : span->start;
        span->end = s.end > span->end ? s.end : span->end;
    }
    return n;
}

/* The author's phonemes for a span, "ipa:..." or NULL's view. */
static nr_view phonemes_of(ssml *x, nr_span span)
{
    while (x->next_inline < x->inline_count && x->inlines[x->next_inline].span.end <= span.start)
        x->next_inline++;
    for (size_t i = x->next_inline; i < x->inline_count && x->inlines[i].span.start <= span.start; i++)
        if (x->inlines[i].kind == NR_INLINE_PHONEME && x->inlines[i].span.start == span.start && x->inlines[i].span.end >= span.end)
            return x->inlines[i].value;
    return (nr_view){NULL, 0};
}

static void put_phonemes(ssml *x, nr_view value, nr_view written)
{
    const char *colon = memchr(value.p, ':', value.n);
    size_t n = colon ? (size_t)(colon - value.p) : 0;
    open_element(x, "phoneme");
    put_attribute(x, "alphabet", n ? (nr_view){value.p, n} : NR_LIT("ipa"));
    put_attribute(x, "ph", colon ? nr_view_sub(value.p, n + 1, value.n) : value);
    put_text(x, written);
    close_element(x);
}

/* The words from i on that make one piece; returns their number. */
static size_t put_piece(ssml *x, const nr_utterance *u, size_t i)
{
    nr_span span = u->words[i].span;
    bool letters = u->words[i].flags & NR_WORD_LETTERS, emphasis = u->words[i].flags & NR_WORD_EMPHASIS;
    nr_view phonemes = phonemes_of(x, span);
    size_t n = same_piece(x, u, i, &span);
    bool same = n == 1 && plain(x, u, i);
    nr_view written = nr_view_sub(x->text.p, span.start, span.end);
    if (emphasis)
        open_element(x, "emphasis");
    if (phonemes.n) {
        put_phonemes(x, phonemes, written);
    } else if (n == 1 && letters) {
        open_element(x, "say-as");
        put_attribute(x, "interpret-as", NR_LIT("characters"));
        put_text(x, said(u, i));
        close_element(x);
    } else if (same) {
        put_text(x, said(u, i));
    } else {
        open_element(x, "w");
        open_element(x, "sub");
        put_attribute(x, "alias", nr_view_sub(u->say.p, u->words[i].start, u->words[i + n - 1].end));
        put_text(x, written);
        close_element(x);
        close_element(x);
    }
    if (emphasis)
        close_element(x);
    return n;
}

static void put_words(ssml *x, const nr_utterance *u)
{
    for (size_t i = 0; i < u->word_count;) {
        size_t last = i + put_piece(x, u, i) - 1;
        uint32_t end = last + 1 < u->word_count ? u->words[last + 1].start : (uint32_t)u->say.n;
        for (uint32_t at = u->words[last].end; at < end; at++) /* marks, and the space before the next word */
            check(x, xmlTextWriterWriteFormatString(x->xml, "%c", u->say.p[at]));
        i = last + 1;
    }
}

/* ---------------------------------------------------------------- utterances */

static void put_utterance(ssml *x, const nr_utterance *u)
{
    int open = 0;
    if (x->quote_voice && (u->flags & NR_UTT_QUOTED)) {
        open_element(x, "voice");
        put_attribute(x, "name", nr_view_of(x->quote_voice));
        open++;
    }
    if (strcmp(language_tag(u->lang), language_tag(x->lang)) != 0) {
        open_element(x, "lang");
        put_language(x, u->lang);
        open++;
    }
    if (u->rate != 100 || u->pitch) {
        open_element(x, "prosody");
        if (u->rate != 100)
            put_number(x, "rate", "%d%%", u->rate);
        if (u->pitch)
            put_number(x, "pitch", "%+d%%", u->pitch);
        open++;
    }
    put_words(x, u);
    while (open--)
        close_element(x);
}

static void begin_block(ssml *x, const nr_utterance *u)
{
    open_element(x, "p");
    x->lang = u->lang;
    if (strcmp(language_tag(u->lang), language_tag(x->locale)) != 0)
        put_language(x, u->lang);
    x->in_block = true;
}

static void begin_sentence(ssml *x, const nr_utterance *u)
{
    open_element(x, "s");
    open_element(x, "mark");
    check(x, xmlTextWriterWriteFormatAttribute(x->xml, (const xmlChar *)"name", "%u-%u", u->sentence.start, u->sentence.end));
    close_element(x);
    x->in_sentence = true;
}

static void take_utterance(ssml *x, const nr_utterance *u)
{
    if (!x->in_block)
        begin_block(x, u);
    if (!x->in_sentence)
        begin_sentence(x, u);
    put_utterance(x, u);
    if (!(u->flags & NR_UTT_SENTENCE_END)) {
        put_break(x, u->pause_ms);
        return;
    }
    close_element(x);
    x->in_sentence = false;
    if (u->flags & NR_UTT_BLOCK_END) {
        close_element(x);
        x->in_block = false;
    }
    put_break(x, u->pause_ms);
}

/* ---------------------------------------------------------------- the whole */

static int write_bytes(void *ctx, const char *bytes, int n)
{
    ssml *x = ctx;
    if (!x->stopped && n > 0 && x->write(x->ctx, bytes, (size_t)n))
        x->stopped = true;
    return n; /* libxml2 would print what went wrong */
}

static nr_status open_writer(ssml *x)
{
    xmlOutputBufferPtr out = xmlOutputBufferCreateIO(write_bytes, NULL, x, NULL);
    if (!out)
        return NR_ENOMEM;
    x->xml = xmlNewTextWriter(out);
    if (!x->xml) {
        xmlOutputBufferClose(out);
        return NR_ENOMEM;
    }
    xmlTextWriterSetIndent(x->xml, 0);
    check(x, xmlTextWriterStartDocument(x->xml, NULL, "UTF-8", NULL));
    check(x, xmlTextWriterStartElementNS(x->xml, NULL, (const xmlChar *)"speak", (const xmlChar *)SSML));
    put_attribute(x, "version", NR_LIT("1.1"));
    put_language(x, x->locale);
    return NR_OK;
}

nr_status nr_script_write_ssml(nr_script *script, const char *quote_voice, nr_write_fn *write, void *ctx, nr_error *err)
{
    ssml x = {.doc = nr_script_document(script), .locale = nr_script_locale(script), .quote_voice = quote_voice, .write = write,
              .ctx = ctx, .scratch = NR_BUFFER_INIT(1 << 20)};
    x.text = nr_document_text(x.doc);
    x.inlines = nr_document_inlines(x.doc, &x.inline_count);
    nr_status s = open_writer(&x);
    if (s)
        return nr_fail_memory(err);
    const nr_utterance *u = NULL;
    while (!x.failed && !x.stopped && !(s = nr_script_next(script, &u, err)) && u)
        take_utterance(&x, u);
    if (!s)
        check(&x, xmlTextWriterEndDocument(x.xml));
    xmlFreeTextWriter(x.xml);
    nr_buffer_free(&x.scratch);
    if (x.stopped)
        return nr_fail(err, NR_CANCELLED, 0, "writing was stopped");
    return s ? s : x.failed ? nr_fail_memory(err) : NR_OK;
}

#else

nr_status nr_script_write_ssml(nr_script *script, const char *quote_voice, nr_write_fn *write, void *ctx, nr_error *err)
{
    (void)script, (void)quote_voice, (void)write, (void)ctx;
    return nr_fail(err, NR_EINVAL, 0, "cannot write SSML: this narrate was built without libxml2");
}

#endif
