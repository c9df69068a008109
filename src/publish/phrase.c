#include "publish/phrase.h"

#include <stdlib.h>
#include <unicode/uchar.h>

#include "base/error.h"
#include "base/utf8.h"
#include "publish/phrase_cut.h"
#include "publish/phrase_place.h"

enum { TEXT_MAX = 1 << 30, LANGUAGE = 40, UNSAID = 8 /* characters that are worth leaving out */ };

struct phrase_reader {
    const timeline *times;
    phrase_options opt;
    size_t sentence; /* the next one */
    phrase_passage passages[2], *passage; /* this one and the one before */
    /* of the language in hand */
    char language[LANGUAGE];
    phrase_cutter cutter;
    place_words places;
    /* of the part in hand */
    uint32_t part, block;
    size_t inline_at;
    uint32_t hidden_until;
    /* where each byte of the passage comes from */
    uint32_t *source;
    size_t source_room;
};

size_t phrase_token(const timeline *t, size_t word, size_t last, nr_span *span)
{
    size_t n = 1;
    *span = t->words[word].span;
    for (; word + n < last && t->words[word + n].span.start < span->end; n++) {
        nr_span more = t->words[word + n].span;
        span->start = more.start < span->start ? more.start : span->start;
        span->end = more.end > span->end ? more.end : span->end;
    }
    return n;
}

/* ---------------------------------------------------------------- a language */

static void close_language(phrase_reader *r)
{
    place_words_free(&r->places);
    phrase_cutter_close(&r->cutter);
    r->language[0] = '\0';
}

static nr_status open_language(phrase_reader *r, const char *language, nr_error *err)
{
    language = language && *language && strlen(language) < LANGUAGE ? language : "en";
    if (strcmp(language, r->language) == 0)
        return NR_OK;
    close_language(r);
    nr_status s = phrase_cutter_open(&r->cutter, language, r->opt.columns * PHRASE_LETTER, err);
    s = s ? s : place_words_open(&r->places, language, err);
    if (!s)
        strcpy(r->language, language);
    return s;
}

/* ---------------------------------------------------------------- tokens */

typedef struct token {
    nr_span span;
    uint64_t start, end;
} token;

static bool next_token(const timeline *t, size_t *word, size_t last, token *k)
{
    if (*word >= last)
        return false;
    size_t n = phrase_token(t, *word, last, &k->span);
    k->start = t->words[*word].start;
    k->end = t->words[*word + n - 1].end;
    *word += n;
    return true;
}

/* ---------------------------------------------------------------- text */

static nr_status put_byte(phrase_reader *r, char c, uint32_t from)
{
    nr_buffer *text = &r->passage->text;
    if (text->n >= r->source_room) {
        size_t room = r->source_room ? r->source_room * 2 : 4096;
        uint32_t *grown = realloc(r->source, room * sizeof *grown);
        if (!grown)
            return NR_ENOMEM;
        r->source = grown;
        r->source_room = room;
    }
    r->source[text->n] = from;
    return nr_buffer_put_char(text, c);
}

/* Whether a word that is said stands there: then it is shown too. */
static bool is_said(const timeline *t, const timeline_sentence *s, nr_span span)
{
    for (size_t i = s->first; i < s->first + s->count; i++)
        if (t->words[i].span.start >= span.start && t->words[i].span.end <= span.end)
            return true;
    return false;
}

/* Moves past the inlines that begin here; what is hidden by them lasts until hidden_until. */
static bool is_hidden(phrase_reader *r, const timeline_sentence *s, uint32_t at)
{
    size_t count;
    const nr_inline *in = nr_document_inlines(r->times->parts[s->part].doc, &count);
    for (; r->inline_at < count && in[r->inline_at].span.start <= at; r->inline_at++) {
        const nr_inline *i = &in[r->inline_at];
        if (i->kind == NR_INLINE_SILENT && i->span.end > at && i->span.end > r->hidden_until && !is_said(r->times, s, i->span))
            r->hidden_until = i->span.end;
    }
    return at < r->hidden_until;
}

/* White space at which a line may end. */
static bool is_blank(uint32_t code) { return nr_code_is_space(code) && code != 0xA0 && code != 0x2007 && code != 0x202F && code != 0xFEFF; }

static bool is_nothing(uint32_t code) { return code < ' ' || (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0xFEFF; }

/* Ends of sentences and brackets belong to the sentence, whatever they stand behind. */
static bool may_end(uint32_t code) { return place_is_closing(code) || (code < 0x80 && strchr(".,;:!?", (int)code)); }

/* Where a run of characters that are not said ends, that begins behind a word and before the next space or word; `from`
 * where it is too short to be left out. */
static uint32_t unsaid_end(nr_view text, uint32_t from, uint32_t limit)
{
    const char *p = text.p + from, *end = text.p + limit;
    uint32_t count = 0, last = from, n = 0; /* up to the last character that is more than a sentence's end */
    int length;
    for (uint32_t code; p < end && !is_blank(code = nr_utf8_decode(p, end, &length)); p += length) {
        n++;
        if (!may_end(code) || p + length == text.p + limit) {
            last = (uint32_t)(p + length - text.p);
            count = n;
        }
    }
    return count >= UNSAID ? last : from;
}

/* An address's path that is not said becomes "/...", a row of dots one. Where the text goes on. */
static nr_status abridge(phrase_reader *r, uint32_t from, uint32_t limit, uint32_t *next)
{
    nr_view text = nr_document_text(r->times->parts[r->part].doc);
    nr_status s = NR_OK;
    *next = unsaid_end(text, from, limit);
    if (*next > from && text.p[from] == '/')
        s = put_byte(r, '/', from);
    for (const char *dots = "\u2026"; *next > from && *dots && !s; dots++)
        s = put_byte(r, *dots, from);
    return s;
}

static nr_status add_text(phrase_reader *r, const timeline_sentence *s)
{
    nr_view text = nr_document_text(r->times->parts[s->part].doc);
    nr_buffer *out = &r->passage->text;
    const char *end = text.p + s->span.end;
    nr_status failed = NR_OK;
    size_t word = s->first, last = s->first + s->count;
    token k = {0}, next = {0};
    bool more = next_token(r->times, &word, last, &next);
    int length;
    for (const char *p = text.p + s->span.start; p < end && !failed; p += length) {
        uint32_t code = nr_utf8_decode(p, end, &length), at = (uint32_t)(p - text.p), on = at;
        while (more && next.span.start <= at) {
            k = next;
            more = next_token(r->times, &word, last, &next);
        }
        if (is_hidden(r, s, at))
            continue;
        if (r->opt.abridge && at > s->span.start && at == k.span.end)
            failed = abridge(r, at, more ? next.span.start : s->span.end, &on);
        if (on > at) {
            length = (int)(on - at);
        } else if (is_blank(code)) {
            if (out->n && out->p[out->n - 1] != ' ')
                failed = put_byte(r, ' ', at);
        } else if (!is_nothing(code)) {
            for (int i = 0; i < length && !failed; i++)
                failed = put_byte(r, p[i], at);
        }
    }
    return failed;
}

/* ---------------------------------------------------------------- times */

/* A place behind a word's first character: by how far it is on the way to the next word's. */
static uint64_t within(const token *k, uint32_t next, uint32_t at)
{
    uint32_t length = next > k->span.start ? next - k->span.start : 1, in = at - k->span.start;
    return k->start + (k->end - k->start) * (in < length ? in : length) / length;
}

/* What has no word of its own (a dash by itself) joins the piece before, if a line holds both. */
static bool join(phrase_reader *r, size_t into, size_t first, const phrase_piece *p)
{
    phrase_piece *before = &r->passage->pieces[into - (into > first)];
    unsigned width = before->width + p->space * PHRASE_LETTER + p->width;
    if (into == first || width > r->cutter.most)
        return false;
    before->width = width;
    before->load += p->space + p->load;
    before->n = p->at + p->n - before->at;
    return true;
}

/* Gives the pieces from first on their times. */
static void time_pieces(phrase_reader *r, const timeline_sentence *s, size_t first)
{
    phrase_passage *g = r->passage;
    size_t word = s->first, last = s->first + s->count, out = first;
    token k = {0}, next = {0};
    next_token(r->times, &word, last, &k);
    bool more = next_token(r->times, &word, last, &next);
    for (size_t i = first; i < g->count; i++) {
        phrase_piece p = g->pieces[i];
        uint32_t from = r->source[p.at], to = r->source[p.at + p.n - 1] + 1;
        p.timed = out == first;
        p.start = k.start;
        while (more && next.span.start < to) {
            k = next;
            more = next_token(r->times, &word, last, &next);
            p.start = p.timed ? p.start : k.start;
            p.timed = true;
        }
        bool inside = !p.timed && from < k.span.end;
        if (!p.timed && !inside && join(r, out, first, &p))
            continue;
        if (!p.timed)
            p.start = within(&k, more ? next.span.start : s->span.end, from);
        p.end = k.end;
        p.place = out == first ? PLACE_SENTENCE : inside || !p.space ? PLACE_INSIDE : PLACE_ANY;
        g->pieces[out++] = p;
    }
    g->count = out;
    for (size_t i = first; i < g->count; i++) {
        phrase_piece *p = &g->pieces[i];
        uint64_t limit = i + 1 < g->count ? p[1].start : s->end;
        if (p->end > limit || i + 1 == g->count || !p[1].timed)
            p->end = limit;
    }
}

/* ---------------------------------------------------------------- places */

static void judge_places(phrase_reader *r, size_t first)
{
    phrase_passage *g = r->passage;
    for (size_t i = first + 1; i < g->count; i++) {
        phrase_piece *p = &g->pieces[i], *q = &g->pieces[i - 1];
        nr_view before = {g->text.p + q->at, q->n}, behind = {g->text.p + p->at, p->n};
        if (p->place == PLACE_ANY)
            p->place = (uint8_t)place_judge(&r->places, before, behind, i == first + 1);
        else if (p->timed || p->width == PHRASE_WIDE * (unsigned)nr_utf8_count(behind.p, behind.n))
            p->place = (uint8_t)place_judge_close(before, behind);
    }
}

/* ---------------------------------------------------------------- reading */

nr_status phrase_reader_new(phrase_reader **out, const timeline *t, const phrase_options *opt, nr_error *err)
{
    phrase_reader *r = calloc(1, sizeof *r);
    if (!r)
        return nr_fail_memory(err);
    r->times = t;
    r->opt = *opt;
    r->part = UINT32_MAX;
    r->passage = r->passages;
    r->passages[0].text = r->passages[1].text = NR_BUFFER_INIT(TEXT_MAX);
    *out = r;
    return NR_OK;
}

void phrase_reader_free(phrase_reader *r)
{
    if (!r)
        return;
    close_language(r);
    for (int i = 0; i < 2; i++) {
        nr_buffer_free(&r->passages[i].text);
        free(r->passages[i].pieces);
    }
    free(r->source);
    free(r);
}

static const char *language_of(const phrase_reader *r, const timeline_sentence *s)
{
    const nr_document *doc = r->times->parts[s->part].doc;
    size_t blocks;
    const nr_block *block = nr_document_blocks(doc, &blocks);
    const char *own = s->block < blocks && block[s->block].lang ? nr_document_language(doc, block[s->block].lang) : NULL;
    return own ? own : nr_document_metadata(doc)->language;
}

static nr_status begin_passage(phrase_reader *r, const timeline_sentence *s, nr_error *err)
{
    r->passage = &r->passages[r->passage == r->passages];
    if (s->part != r->part)
        r->inline_at = r->hidden_until = 0;
    r->part = s->part;
    nr_buffer_truncate(&r->passage->text, 0);
    r->passage->count = 0;
    r->passage->first = r->sentence;
    r->passage->language = language_of(r, s);
    return open_language(r, r->passage->language, err);
}

/* The first sentence behind the block of a sentence. */
static size_t block_end(const timeline *t, size_t sentence)
{
    const timeline_sentence *s = &t->sentences[sentence];
    while (sentence < t->sentence_count && t->sentences[sentence].part == s->part && t->sentences[sentence].block == s->block)
        sentence++;
    return sentence;
}

static bool is_short(const phrase_reader *r, size_t from, size_t to)
{
    const timeline *t = r->times;
    uint64_t end = to < t->sentence_count ? t->sentences[to].start : t->frames;
    return timeline_seconds(t, end - t->sentences[from].start) < r->opt.together;
}

/* Whether the block [from, to) and the next are read together. */
static bool goes_on(const phrase_reader *r, size_t from, size_t to)
{
    const timeline *t = r->times;
    if (to == t->sentence_count || t->sentences[to].part != t->sentences[from].part)
        return false;
    if (!is_short(r, from, to) && !is_short(r, to, block_end(t, to)))
        return false;
    const char *one = language_of(r, &t->sentences[from]), *other = language_of(r, &t->sentences[to]);
    return one == other || (one && other && strcmp(one, other) == 0);
}

/* Whether white space stands between two sentences. */
static bool apart(nr_view text, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to && i < text.n; i++)
        if (nr_ascii_space(text.p[i]))
            return true;
    return false;
}

static nr_status add_sentence(phrase_reader *r, const timeline_sentence *s)
{
    phrase_passage *g = r->passage;
    size_t from = g->text.n, first = g->count;
    const timeline_sentence *before = r->sentence > g->first ? s - 1 : NULL;
    bool other_block = before && before->block != s->block;
    nr_status failed = NR_OK;
    if (from && (other_block || apart(nr_document_text(r->times->parts[s->part].doc), before->span.end, s->span.start)))
        failed = put_byte(r, ' ', s->span.start);
    from = g->text.n;
    failed = failed ? failed : add_text(r, s);
    if (!failed && g->text.n > from)
        failed = phrase_cut(&r->cutter, g, from);
    if (failed)
        return failed;
    time_pieces(r, s, first);
    judge_places(r, first);
    if (first && first < g->count && s->block != r->block)
        g->pieces[first].place = PLACE_BLOCK;
    r->block = g->count > first ? s->block : r->block;
    return NR_OK;
}

static nr_status add_block(phrase_reader *r, size_t end)
{
    nr_status failed = NR_OK;
    for (; r->sentence < end && !failed; r->sentence++)
        if (r->times->sentences[r->sentence].count)
            failed = add_sentence(r, &r->times->sentences[r->sentence]);
    return failed;
}

nr_status phrase_reader_next(phrase_reader *r, const phrase_passage **out, nr_error *err)
{
    const timeline *t = r->times;
    *out = NULL;
    while (r->sentence < t->sentence_count) {
        nr_status failed = begin_passage(r, &t->sentences[r->sentence], err);
        if (failed)
            return failed;
        phrase_passage *g = r->passage;
        bool more = true;
        while (more) {
            size_t from = r->sentence, end = block_end(t, from);
            if (add_block(r, end))
                return nr_fail_memory(err);
            more = goes_on(r, from, end);
        }
        g->sentences = r->sentence - g->first;
        g->until = r->sentence < t->sentence_count ? t->sentences[r->sentence].start : t->frames;
        if (g->count) {
            *out = g;
            return NR_OK;
        }
    }
    return NR_OK;
}
