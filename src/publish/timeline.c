#include "publish/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

void timeline_init(timeline *t, int rate) { *t = (timeline){.rate = rate}; }

static void free_chapters(timeline *t)
{
    for (size_t i = 0; i < t->chapter_count; i++)
        free((char *)t->chapters[i].title);
    free(t->chapters);
    t->chapters = NULL;
    t->chapter_count = 0;
}

void timeline_free(timeline *t)
{
    free_chapters(t);
    free(t->words);
    free(t->sentences);
    free(t->parts);
    *t = (timeline){0};
}

/* One more element of an array; NULL when out of memory. */
static void *more(timeline *t, void **array, size_t *count, size_t *room, size_t size)
{
    if (*count == *room) {
        size_t wanted = *room ? *room * 2 : 64;
        void *grown = realloc(*array, wanted * size);
        if (!grown) {
            t->failed = true;
            return NULL;
        }
        *array = grown;
        *room = wanted;
    }
    return memset((char *)*array + (*count)++ * size, 0, size);
}
#define MORE(t, array, count, room) more(t, (void **)&(t)->array, &(t)->count, &(t)->room, sizeof *(t)->array)

static timeline_part *part_in_hand(timeline *t) { return &t->parts[t->part_count - 1]; }

nr_status timeline_begin_part(timeline *t, const nr_document *doc, uint64_t frame, nr_error *err)
{
    timeline_part *p = MORE(t, parts, part_count, part_room);
    if (!p)
        return nr_fail_memory(err);
    *p = (timeline_part){.doc = doc, .start = frame, .end = frame, .first = t->sentence_count};
    return NR_OK;
}

/* The last word, and the sentence in hand, last until this frame. */
static void end_words(timeline *t, uint64_t frame)
{
    timeline_part *p = part_in_hand(t);
    if (t->sentence_count <= p->first)
        return;
    timeline_sentence *s = &t->sentences[t->sentence_count - 1];
    if (s->count && t->words[t->word_count - 1].end == 0)
        t->words[t->word_count - 1].end = frame;
    if (s->end < frame)
        s->end = frame;
}

int timeline_note_utterance(timeline *t, const nr_utterance *u, uint64_t frame)
{
    timeline_part *p = part_in_hand(t);
    timeline_sentence *last = t->sentence_count > p->first ? &t->sentences[t->sentence_count - 1] : NULL;
    if (last && last->block == u->block && last->span.start == u->sentence.start && last->span.end == u->sentence.end)
        return 0;
    timeline_sentence *s = MORE(t, sentences, sentence_count, sentence_room);
    if (!s)
        return 1;
    *s = (timeline_sentence){.start = p->start + frame, .end = p->start + frame, .span = u->sentence, .block = u->block,
                             .part = (uint32_t)(t->part_count - 1), .first = t->word_count};
    p = part_in_hand(t);
    p->count++;
    return 0;
}

int timeline_note_utterance_end(timeline *t, uint64_t frame)
{
    end_words(t, part_in_hand(t)->start + frame);
    return 0;
}

int timeline_note_mark(timeline *t, const nr_mark *mark)
{
    if (mark->kind != NR_MARK_WORD || t->sentence_count == 0)
        return 0;
    uint64_t frame = part_in_hand(t)->start + mark->frame;
    end_words(t, frame);
    timeline_word *w = MORE(t, words, word_count, word_room);
    if (!w)
        return 1;
    *w = (timeline_word){.start = frame, .span = mark->span};
    t->sentences[t->sentence_count - 1].count++;
    return 0;
}

nr_status timeline_end_part(timeline *t, uint64_t frame, nr_error *err)
{
    part_in_hand(t)->end = frame;
    t->frames = frame;
    return t->failed ? nr_fail_memory(err) : NR_OK;
}

typedef uint64_t change_fn(uint64_t frame, int64_t by, int64_t per);

static void change_all(timeline *t, change_fn *change, int64_t by, int64_t per)
{
    t->frames = change(t->frames, by, per);
#define CHANGE(array, count)                                                                                           \
    for (size_t i = 0; i < t->count; i++) {                                                                            \
        t->array[i].start = change(t->array[i].start, by, per);                                                        \
        t->array[i].end = change(t->array[i].end, by, per);                                                            \
    }
    CHANGE(words, word_count)
    CHANGE(sentences, sentence_count)
    CHANGE(parts, part_count)
    CHANGE(chapters, chapter_count)
#undef CHANGE
}

static uint64_t moved(uint64_t frame, int64_t by, int64_t per)
{
    (void)per;
    if (by < 0 && frame < (uint64_t)-by)
        return 0;
    return by < 0 ? frame - (uint64_t)-by : frame + (uint64_t)by;
}

void timeline_shift(timeline *t, int64_t by) { change_all(t, moved, by, 0); }

static uint64_t scaled(uint64_t frame, int64_t by, int64_t per) { return (frame * (uint64_t)by + (uint64_t)per / 2) / (uint64_t)per; }

void timeline_set_rate(timeline *t, int rate)
{
    if (rate != t->rate)
        change_all(t, scaled, rate, t->rate);
    t->rate = rate;
}

static void clamp(uint64_t *frame, uint64_t most)
{
    if (*frame > most)
        *frame = most;
}

void timeline_fit(timeline *t, uint64_t frames)
{
    t->frames = frames;
    for (size_t i = t->word_count; i-- > 0 && t->words[i].end > frames;)
        clamp(&t->words[i].end, frames);
    for (size_t i = t->sentence_count; i-- > 0 && t->sentences[i].end > frames;)
        clamp(&t->sentences[i].end, frames);
    for (size_t i = 0; i < t->part_count; i++)
        clamp(&t->parts[i].end, frames);
}

/* ---------------------------------------------------------------- chapters */

/* A heading's or title's text on one line. */
static char *one_line(nr_view text)
{
    char *line = malloc(text.n + 1);
    size_t n = 0;
    for (size_t i = 0; line && i < text.n; i++) {
        bool space = (unsigned char)text.p[i] <= ' ';
        if (!space || (n && line[n - 1] != ' '))
            line[n++] = space ? ' ' : text.p[i];
    }
    while (line && n && line[n - 1] == ' ')
        n--;
    if (line)
        line[n] = '\0';
    return line;
}

static nr_status add_chapter(timeline *t, uint64_t start, uint8_t level, nr_view title, nr_error *err)
{
    timeline_chapter *grown = realloc(t->chapters, (t->chapter_count + 1) * sizeof *grown);
    if (!grown)
        return nr_fail_memory(err);
    t->chapters = grown;
    char *line = one_line(title);
    if (!line)
        return nr_fail_memory(err);
    t->chapters[t->chapter_count++] = (timeline_chapter){.start = start, .title = line, .level = level};
    return NR_OK;
}

static nr_status chapters_of_part(timeline *t, size_t index, nr_error *err)
{
    const timeline_part *p = &t->parts[index];
    size_t blocks;
    const nr_block *block = nr_document_blocks(p->doc, &blocks);
    nr_view text = nr_document_text(p->doc);
    const char *title = nr_document_metadata(p->doc)->title;
    nr_view first = {title ? title : "", title ? strlen(title) : 0};
    nr_status s = add_chapter(t, p->start, 0, first, err);
    for (size_t i = p->first; i < p->first + p->count && !s; i++) {
        const timeline_sentence *said = &t->sentences[i];
        const nr_block *b = &block[said->block];
        if (b->kind == NR_BLOCK_HEADING && (i == p->first || t->sentences[i - 1].block != said->block))
            s = add_chapter(t, said->start, b->level, (nr_view){text.p + b->span.start, b->span.end - b->span.start}, err);
    }
    return s;
}

nr_status timeline_make_chapters(timeline *t, nr_error *err)
{
    free_chapters(t);
    nr_status s = NR_OK;
    for (size_t i = 0; i < t->part_count && !s; i++)
        s = chapters_of_part(t, i, err);
    if (s || t->chapter_count < 2) {
        free_chapters(t);
        return s;
    }
    t->chapters[0].start = 0;
    for (size_t i = 0; i < t->chapter_count; i++)
        t->chapters[i].end = i + 1 < t->chapter_count ? t->chapters[i + 1].start : t->frames;
    return NR_OK;
}
