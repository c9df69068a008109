#include "player/article.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "player/find.h"

#define SECONDS_PER_BYTE 0.066 /* of said text at the voice's usual 175 words a minute, pauses counted */

static void make_key(article *a)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < a->text.n; i++)
        hash = (hash ^ (unsigned char)a->text.p[i]) * 1099511628211u;
    snprintf(a->key, sizeof a->key, "%016llx", (unsigned long long)hash);
}

static nr_status count_said(article *a, nr_error *err)
{
    a->said_before = malloc((a->block_count + 1) * sizeof *a->said_before);
    if (!a->said_before) {
        *err = (nr_error){.status = NR_ENOMEM, .msg = "out of memory"};
        return NR_ENOMEM;
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < a->block_count; i++) {
        a->said_before[i] = sum;
        if (article_says(a, i))
            sum += a->blocks[i].span.end - a->blocks[i].span.start;
    }
    a->said_before[a->block_count] = sum;
    return NR_OK;
}

nr_status article_open(article **out, const char *path, const article_options *opt, nr_error *err)
{
    nr_read_options how = opt->read;
    how.name = path;
    article *a = calloc(1, sizeof *a);
    if (!a) {
        *err = (nr_error){.status = NR_ENOMEM, .msg = "out of memory"};
        return NR_ENOMEM;
    }
    a->path = path;
    a->script = opt->script;
    a->seconds_per_byte = SECONDS_PER_BYTE * 175 / (opt->wpm > 0 ? opt->wpm : 175);
    nr_status s = nr_document_open(&a->doc, path, &how, err);
    if (!s) {
        const char *language = nr_document_metadata(a->doc)->language;
        a->text = nr_document_text(a->doc);
        a->blocks = nr_document_blocks(a->doc, &a->block_count);
        snprintf(a->locale, sizeof a->locale, "%s", opt->script.locale ? opt->script.locale : language ? language : "");
        make_key(a);
        s = count_said(a, err);
    }
    if (s) {
        article_close(a);
        return s;
    }
    *out = a;
    return NR_OK;
}

void article_close(article *a)
{
    if (!a)
        return;
    nr_script_free(a->walker);
    nr_document_free(a->doc);
    free(a->said_before);
    free(a);
}

const char *article_title(const article *a)
{
    const char *title = nr_document_metadata(a->doc)->title;
    const char *slash = strrchr(a->path, '/');
    return title && *title ? title : slash && slash[1] ? slash + 1 : a->path;
}

size_t article_block(const article *a, uint32_t at)
{
    size_t low = 0, high = a->block_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (a->blocks[middle].span.end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low < a->block_count ? low : a->block_count ? a->block_count - 1 : 0;
}

/* As scripts do. */
bool article_says(const article *a, size_t i)
{
    const nr_block *b = &a->blocks[i];
    uint32_t bit = 1u << b->kind;
    if ((a->script.exclude & bit) || (a->script.skip_opening && b->kind <= NR_BLOCK_DATE))
        return false;
    return b->span.end > b->span.start && (!(b->flags & NR_BLOCK_SILENT) || (a->script.include & bit));
}

/* ---------------------------------------------------------------- sentences and words */

static const nr_utterance *utterance_at(article *a, uint32_t at)
{
    const nr_utterance *u = NULL;
    nr_error err;
    if (!a->walker && nr_script_new(&a->walker, a->doc, &a->script, &err))
        return NULL;
    if (nr_script_seek(a->walker, at, &err) || nr_script_next(a->walker, &u, &err))
        return NULL;
    return u;
}

nr_span article_sentence(article *a, uint32_t at)
{
    const nr_utterance *u = utterance_at(a, at);
    return u ? u->sentence : (nr_span){(uint32_t)a->text.n, (uint32_t)a->text.n};
}

/* The last character before an offset that is not white space; 0 when there is none. */
static uint32_t before(const article *a, uint32_t at)
{
    while (at > 0 && (unsigned char)a->text.p[at - 1] <= ' ')
        at--;
    return at > 0 ? at - 1 : 0;
}

static nr_span sentence_before(article *a, nr_span sentence)
{
    uint32_t at = sentence.start;
    while (at > 0) {
        uint32_t probe = before(a, at);
        nr_span found = article_sentence(a, probe);
        if (found.start < sentence.start)
            return found;
        /* In something that is not said: what is before it? */
        uint32_t start = a->block_count ? a->blocks[article_block(a, probe)].span.start : 0;
        at = start < at ? start : probe;
    }
    return article_sentence(a, 0);
}

uint32_t article_move_sentences(article *a, uint32_t at, int steps)
{
    enum { BEGUN = 20 }; /* bytes of a sentence after which going back means its beginning */
    nr_span s = article_sentence(a, at);
    if (steps < 0 && s.end > s.start && at > s.start + BEGUN)
        steps++;
    for (; steps < 0 && s.start > 0; steps++)
        s = sentence_before(a, s);
    for (; steps > 0 && s.end > s.start; steps--)
        s = article_sentence(a, s.end);
    return s.start;
}

nr_span article_word(article *a, uint32_t at)
{
    const nr_utterance *u = utterance_at(a, at);
    for (size_t i = 0; u && i < u->word_count; i++)
        if (u->words[i].span.end > at)
            return u->words[i].span;
    return u ? (nr_span){u->span.end, u->span.end} : (nr_span){(uint32_t)a->text.n, (uint32_t)a->text.n};
}

uint32_t article_move_words(article *a, uint32_t at, int steps)
{
    nr_span w = article_word(a, at);
    for (; steps > 0 && w.end < a->text.n; steps--)
        w = article_word(a, w.end > w.start ? w.end : w.end + 1);
    for (; steps < 0 && w.start > 0; steps++) {
        uint32_t probe = before(a, w.start);
        while (probe > 0 && (unsigned char)a->text.p[probe - 1] > ' ')
            probe--;
        w = article_word(a, probe);
    }
    return w.start;
}

/* ---------------------------------------------------------------- blocks */

static bool any_block(const article *a, size_t i) { return article_says(a, i); }

static bool heading_block(const article *a, size_t i)
{
    int kind = a->blocks[i].kind;
    return article_says(a, i) && (kind == NR_BLOCK_HEADING || kind == NR_BLOCK_TITLE);
}

static uint32_t move_blocks(article *a, uint32_t at, int steps, bool (*wanted)(const article *, size_t))
{
    enum { BEGUN = 40 };
    if (!a->block_count)
        return 0;
    size_t i = article_block(a, at);
    while (steps > 0) {
        size_t next = i + 1;
        while (next < a->block_count && !wanted(a, next))
            next++;
        if (next == a->block_count)
            return at;
        i = next;
        steps--;
        at = a->blocks[i].span.start;
    }
    while (steps < 0) {
        if (!(wanted(a, i) && at > a->blocks[i].span.start + BEGUN)) {
            while (i > 0 && !wanted(a, --i))
                ;
        }
        at = a->blocks[i].span.start;
        steps++;
    }
    return at;
}

uint32_t article_move_paragraphs(article *a, uint32_t at, int steps) { return move_blocks(a, at, steps, any_block); }

uint32_t article_move_headings(article *a, uint32_t at, int steps) { return move_blocks(a, at, steps, heading_block); }

uint32_t article_next_heading(const article *a, uint32_t at)
{
    for (size_t i = article_block(a, at); i < a->block_count; i++)
        if (a->blocks[i].span.start > at && a->blocks[i].kind == NR_BLOCK_HEADING && article_says(a, i))
            return a->blocks[i].span.start;
    return UINT32_MAX;
}

/* ---------------------------------------------------------------- times and places */

double article_seconds(const article *a, uint32_t at)
{
    if (!a->block_count)
        return 0;
    size_t i = article_block(a, at);
    uint64_t bytes = a->said_before[i];
    const nr_span s = a->blocks[i].span;
    if (article_says(a, i) && at > s.start)
        bytes += (at < s.end ? at : s.end) - s.start;
    return (double)bytes * a->seconds_per_byte;
}

double article_length(const article *a) { return (double)a->said_before[a->block_count] * a->seconds_per_byte; }

uint32_t article_at_seconds(const article *a, double seconds)
{
    double bytes = seconds > 0 ? seconds / a->seconds_per_byte : 0;
    size_t low = 0, high = a->block_count;
    while (low < high) { /* the block in which so much has been said */
        size_t middle = (low + high) / 2;
        if ((double)a->said_before[middle + 1] <= bytes)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == a->block_count)
        return (uint32_t)a->text.n;
    return a->blocks[low].span.start + (uint32_t)(bytes - (double)a->said_before[low]);
}

/* h:mm:ss or m:ss */
static bool parse_time(const char *s, double *seconds)
{
    double parts[3];
    int n = 0;
    for (char *end; n < 3; s = end + 1) {
        if (*s < '0' || *s > '9')
            return false;
        parts[n++] = (double)strtoul(s, &end, 10);
        if (*end == '\0')
            break;
        if (*end != ':' || n == 3)
            return false;
    }
    *seconds = n == 3 ? parts[0] * 3600 + parts[1] * 60 + parts[2] : n == 2 ? parts[0] * 60 + parts[1] : 0;
    return n > 1;
}

bool article_place(const article *a, const char *where, uint32_t from, uint32_t *at)
{
    char *end;
    double n = strtod(where, &end);
    if (end != where && strcmp(end, "%") == 0) {
        *at = (uint32_t)((double)a->text.n * (n < 0 ? 0 : n > 100 ? 1 : n / 100));
        return true;
    }
    if (parse_time(where, &n)) {
        *at = article_at_seconds(a, n);
        return true;
    }
    return *where && (find_text(a->text, from, where, at) || find_text(a->text, 0, where, at));
}
