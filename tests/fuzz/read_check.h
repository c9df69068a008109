/* What must hold for every document, whatever it was read from. */
#ifndef NR_TESTS_FUZZ_READ_CHECK_H
#define NR_TESTS_FUZZ_READ_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "narrate.h"

#define MUST(condition)                                                                                                \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

static inline bool on_border(nr_view text, uint32_t at)
{
    return at == text.n || (at < text.n && ((unsigned char)text.p[at] & 0xC0) != 0x80);
}

static inline void check_string(const char *s)
{
    if (s)
        MUST(*s && nr_utf8_valid(s, strlen(s)) == strlen(s));
}

static inline void check_document(const nr_document *doc)
{
    nr_view text = nr_document_text(doc);
    MUST(nr_utf8_valid(text.p, text.n) == text.n && !memchr(text.p, 0, text.n));
    size_t blocks, inlines, b = 0;
    const nr_block *block = nr_document_blocks(doc, &blocks);
    const nr_inline *in = nr_document_inlines(doc, &inlines);
    uint32_t at = 0;
    MUST(blocks > 0);
    for (size_t i = 0; i < blocks; i++) {
        nr_span s = block[i].span;
        MUST(s.start >= at && s.start <= s.end && s.end <= text.n);
        MUST(s.start < s.end || block[i].kind == NR_BLOCK_BREAK);
        MUST(on_border(text, s.start) && on_border(text, s.end));
        MUST(block[i].kind <= NR_BLOCK_LINK);
        MUST(block[i].lang == 0 || nr_document_language(doc, block[i].lang));
        if (s.start < s.end)
            MUST(!nr_ascii_space(text.p[s.start]) && !nr_ascii_space(text.p[s.end - 1]));
        at = s.end;
    }
    at = 0;
    for (size_t i = 0; i < inlines; i++) {
        nr_span s = in[i].span;
        MUST(s.start >= at && s.start < s.end && s.end <= text.n);
        MUST(on_border(text, s.start) && on_border(text, s.end));
        while (b < blocks && block[b].span.end <= s.start)
            b++;
        MUST(b < blocks && s.start >= block[b].span.start && s.end <= block[b].span.end);
        at = s.start;
    }
    const nr_metadata *m = nr_document_metadata(doc);
    const char *fields[] = {m->title,     m->author,   m->date, m->date_iso,    m->modified,
                            m->publisher, m->language, m->url,  m->description, m->image};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        check_string(fields[i]);
    MUST(nr_document_format(doc) && *nr_document_charset(doc));
}

static inline int check_reading(const uint8_t *bytes, size_t n, const char *format)
{
    nr_read_options opt = {.format = format};
    nr_document *doc = NULL;
    nr_error err = {0};
    nr_status s = nr_document_read(&doc, bytes, n, &opt, &err);
    MUST((s == NR_OK) == (doc != NULL));
    if (doc)
        check_document(doc);
    else
        MUST(s == err.status && err.msg[0] && (s == NR_ENOTEXT || s == NR_EFORMAT || s == NR_ELIMIT));
    nr_document_free(doc);
    return 0;
}

#endif
