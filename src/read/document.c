#include "read/document.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"

static nr_status grow(void **array, size_t *cap, size_t count, size_t size)
{
    if (count < *cap)
        return NR_OK;
    size_t wanted = *cap ? *cap + *cap / 2 : 32;
    if (wanted > UINT32_MAX)
        return NR_ELIMIT;
    void *p = realloc(*array, wanted * size);
    if (!p)
        return NR_ENOMEM;
    *array = p;
    *cap = wanted;
    return NR_OK;
}

nr_status nr_document_add_block(nr_document *doc, nr_block block)
{
    nr_status s = grow((void **)&doc->blocks, &doc->block_cap, doc->block_count, sizeof block);
    if (!s)
        doc->blocks[doc->block_count++] = block;
    return s;
}

nr_status nr_document_add_inline(nr_document *doc, nr_inline piece)
{
    nr_status s = grow((void **)&doc->inlines, &doc->inline_cap, doc->inline_count, sizeof piece);
    if (!s)
        doc->inlines[doc->inline_count++] = piece;
    return s;
}

nr_status nr_document_add_entry(nr_document *doc, nr_entry part)
{
    nr_status s = grow((void **)&doc->parts, &doc->part_cap, doc->part_count, sizeof part);
    if (!s)
        doc->parts[doc->part_count++] = part;
    return s;
}

uint8_t nr_document_add_language(nr_document *doc, const char *tag)
{
    if (!tag || !*tag)
        return 0;
    for (size_t i = 0; i < doc->language_count; i++)
        if (doc->languages[i] && nr_view_eq_nocase(nr_view_of(doc->languages[i]), nr_view_of(tag)))
            return (uint8_t)i;
    if (doc->language_count == 0)
        doc->language_count = 1; /* [0] is the document's own, even while unknown */
    if (doc->language_count == 256)
        return 0;
    const char *copy = nr_arena_string(&doc->arena, nr_view_of(tag));
    if (!copy)
        return 0;
    doc->languages[doc->language_count] = copy;
    return (uint8_t)doc->language_count++;
}

void nr_document_add_note(nr_document *doc, const char *format, ...)
{
    char line[300];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    for (size_t i = 0; i < doc->note_count; i++)
        if (strcmp(doc->notes[i], line) == 0)
            return;
    const char *copy = doc->note_count < 32 ? nr_arena_string(&doc->arena, nr_view_of(line)) : NULL;
    if (copy)
        doc->notes[doc->note_count++] = copy;
}

const char *nr_document_note(const nr_document *doc, size_t index) { return index < doc->note_count ? doc->notes[index] : NULL; }

void nr_document_free(nr_document *doc)
{
    if (!doc)
        return;
    nr_arena_free(&doc->arena);
    nr_buffer_free(&doc->text);
    nr_buffer_free(&doc->source);
    free(doc->blocks);
    free(doc->inlines);
    free(doc->parts);
    free(doc);
}

nr_view nr_document_text(const nr_document *doc) { return nr_buffer_view(&doc->text); }

const char *nr_document_format(const nr_document *doc) { return doc->format; }

const char *nr_document_charset(const nr_document *doc) { return doc->charset; }

size_t nr_document_replaced(const nr_document *doc) { return doc->replaced; }

const nr_metadata *nr_document_metadata(const nr_document *doc) { return &doc->metadata; }

const nr_block *nr_document_blocks(const nr_document *doc, size_t *count)
{
    *count = doc->block_count;
    return doc->blocks;
}

const nr_inline *nr_document_inlines(const nr_document *doc, size_t *count)
{
    *count = doc->inline_count;
    return doc->inlines;
}

const nr_entry *nr_document_entries(const nr_document *doc, size_t *count)
{
    *count = doc->part_count;
    return doc->parts;
}

const char *nr_document_language(const nr_document *doc, uint8_t index)
{
    if (index == 0)
        return doc->metadata.language;
    return index < doc->language_count ? doc->languages[index] : NULL;
}
