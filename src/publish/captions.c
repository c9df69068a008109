#include "publish/captions.h"

#include <stdio.h>
#include <strings.h>
#include <unicode/uchar.h>

#include "base/error.h"
#include "base/mark_line.h"
#include "base/utf8.h"
#include "base/writer.h"
#include "publish/markup.h"
#include "publish/transcript.h"

typedef struct captioner {
    const timeline *times;
    beside_kind kind;
    const caption_options *opt;
    const phrase_passage *passage;
    nr_buffer *out;
    size_t count, fast; /* cues; those that are spoken faster than one reads */
    double fastest;
    uint64_t last_end;
} captioner;

static double seconds(const captioner *c, uint64_t frame) { return timeline_seconds(c->times, frame); }

static nr_view title_of(const captioner *c)
{
    const char *first = c->times->part_count ? nr_document_metadata(c->times->parts[0].doc)->title : NULL;
    return nr_view_of(c->opt->title ? c->opt->title : first);
}

static const char *language_of(const captioner *c)
{
    const char *language = c->times->part_count ? nr_document_metadata(c->times->parts[0].doc)->language : NULL;
    return language ? language : "und";
}

/* ---------------------------------------------------------------- a line */

/* A line whose first letter runs the other way than its language needs to be told which way it runs. */
static void put_direction(captioner *c, nr_view line)
{
    bool rtl = markup_is_rtl(c->passage->language);
    int length;
    for (const char *p = line.p, *end = p + line.n; p < end; p += length) {
        int way = u_charDirection((UChar32)nr_utf8_decode(p, end, &length));
        bool right = way == U_RIGHT_TO_LEFT || way == U_RIGHT_TO_LEFT_ARABIC;
        if (right || way == U_LEFT_TO_RIGHT) {
            if (right != rtl)
                nr_buffer_put_code(c->out, rtl ? 0x200F : 0x200E);
            return;
        }
    }
}

/* mm:ss.xx, as lyrics have it. */
static void put_lyric_time(captioner *c, char open, uint64_t frame, char close)
{
    unsigned long long cs = (unsigned long long)(seconds(c, frame) * 100 + 0.5);
    nr_buffer_printf(c->out, "%c%02llu:%02llu.%02llu%c", open, cs / 6000, cs / 100 % 60, cs % 100, close);
}

static void put_stamp(captioner *c, uint64_t frame)
{
    if (c->kind == BESIDE_LRC) {
        put_lyric_time(c, '<', frame, '>');
        return;
    }
    nr_buffer_put_char(c->out, '<');
    markup_clock(c->out, seconds(c, frame), '.');
    nr_buffer_put_char(c->out, '>');
}

static void put_text(captioner *c, nr_view text)
{
    if (c->kind == BESIDE_VTT || c->kind == BESIDE_TTML)
        markup_text(c->out, text);
    else
        nr_buffer_put_view(c->out, text);
}

/* A piece with its own time; in TTML relative to its caption's. */
static void put_timed(captioner *c, const cue *q, const phrase_piece *p, nr_view text)
{
    bool span = c->kind == BESIDE_TTML;
    if (span) {
        nr_buffer_put_string(c->out, "<span begin=\"");
        markup_clock(c->out, seconds(c, p->start - q->start), '.');
        nr_buffer_put_string(c->out, "\">");
    } else {
        put_stamp(c, p->start);
    }
    put_text(c, text);
    if (span)
        nr_buffer_put_string(c->out, "</span>");
}

static void put_line(captioner *c, const cue *q, size_t from, size_t to)
{
    const phrase_piece *p = c->passage->pieces;
    const char *text = c->passage->text.p;
    put_direction(c, nr_view_sub(text, p[from].at, p[to - 1].at + p[to - 1].n));
    for (size_t i = from; i < to; i++) {
        nr_view piece = {text + p[i].at, p[i].n};
        if (i > from && p[i].space)
            nr_buffer_put_char(c->out, ' ');
        bool later = p[i].start > q->start || c->kind == BESIDE_LRC;
        if (c->opt->words && p[i].timed && later && c->kind != BESIDE_SRT)
            put_timed(c, q, &p[i], piece);
        else
            put_text(c, piece);
    }
}

static void put_lines(captioner *c, const cue *q, const char *between)
{
    put_line(c, q, q->first, q->second);
    if (q->second < q->last) {
        nr_buffer_put_string(c->out, between);
        put_line(c, q, q->second, q->last);
    }
}

/* ---------------------------------------------------------------- a caption */

static void put_span(captioner *c, const cue *q, const char *between, char point)
{
    markup_clock(c->out, seconds(c, q->start), point);
    nr_buffer_put_string(c->out, between);
    markup_clock(c->out, seconds(c, q->end), point);
}

static void put_vtt(captioner *c, const cue *q)
{
    nr_buffer_put_char(c->out, '\n');
    put_span(c, q, " --> ", '.');
    nr_buffer_put_char(c->out, '\n');
    put_lines(c, q, "\n");
    nr_buffer_put_char(c->out, '\n');
}

static void put_srt(captioner *c, const cue *q)
{
    nr_buffer_printf(c->out, "%s%zu\n", c->count > 1 ? "\n" : "", c->count);
    put_span(c, q, " --> ", ',');
    nr_buffer_put_char(c->out, '\n');
    put_lines(c, q, "\n");
    nr_buffer_put_char(c->out, '\n');
}

/* A line without words ends the one before where silence follows. */
static void put_silence(captioner *c, uint64_t until)
{
    if (c->count > 0 && until > c->last_end) {
        put_lyric_time(c, '[', c->last_end, ']');
        nr_buffer_put_char(c->out, '\n');
    }
}

static void put_lyric(captioner *c, const cue *q, uint64_t start, size_t from, size_t to)
{
    put_lyric_time(c, '[', start, ']');
    put_line(c, q, from, to);
}

/* A line a caption, but for list items that share one: those have lines of their own. */
static void put_lrc(captioner *c, const cue *q)
{
    const phrase_piece *second = q->second < q->last ? &c->passage->pieces[q->second] : NULL;
    c->count--;
    put_silence(c, q->start);
    c->count++;
    put_lyric(c, q, q->start, q->first, q->second);
    if (second && second->place == PLACE_BLOCK) {
        nr_buffer_put_char(c->out, '\n');
        put_lyric(c, q, second->start, q->second, q->last);
    } else if (second) {
        nr_buffer_put_char(c->out, ' ');
        put_line(c, q, q->second, q->last);
    }
    nr_buffer_put_char(c->out, '\n');
}

static void put_ttml(captioner *c, const cue *q)
{
    nr_buffer_printf(c->out, "<p xml:id=\"c%zu\" begin=\"", c->count);
    put_span(c, q, "\" end=\"", '.');
    nr_buffer_put_char(c->out, '"');
    if (c->passage->language && strcmp(c->passage->language, language_of(c)) != 0)
        markup_attribute(c->out, "xml:lang", nr_view_of(c->passage->language));
    nr_buffer_put_char(c->out, '>');
    put_lines(c, q, "<br/>");
    nr_buffer_put_string(c->out, "</p>\n");
}

static void put_cue(captioner *c, const cue *q)
{
    double rate = seconds(c, q->end - q->start) > 0 ? q->load / seconds(c, q->end - q->start) : 999;
    c->count++;
    if (rate > cue_limits_usual().speed * 1.005)
        c->fast++;
    c->fastest = rate > c->fastest ? rate : c->fastest;
    switch (c->kind) {
    case BESIDE_VTT: put_vtt(c, q); break;
    case BESIDE_SRT: put_srt(c, q); break;
    case BESIDE_LRC: put_lrc(c, q); break;
    default: put_ttml(c, q);
    }
    c->last_end = q->end;
}

/* ---------------------------------------------------------------- a file */

static void put_lrc_tag(captioner *c, const char *tag, const char *value)
{
    if (!value || !*value)
        return;
    nr_buffer_printf(c->out, "[%s:", tag);
    for (; *value; value++)
        nr_buffer_put_char(c->out, (unsigned char)*value < ' ' ? ' ' : *value);
    nr_buffer_put_string(c->out, "]\n");
}

static void put_lrc_head(captioner *c)
{
    const nr_metadata *m = c->times->part_count ? nr_document_metadata(c->times->parts[0].doc) : NULL;
    unsigned long length = (unsigned long)(seconds(c, c->times->frames) + 0.5);
    put_lrc_tag(c, "ti", title_of(c).p);
    put_lrc_tag(c, "ar", c->opt->author ? c->opt->author : m ? m->author : NULL);
    nr_buffer_printf(c->out, "[length:%lu:%02lu]\n", length / 60, length % 60);
}

static void put_ttml_head(captioner *c)
{
    const char *language = language_of(c);
    nr_buffer_put_string(c->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tt xmlns=\"http://www.w3.org/ns/ttml\""
                                 " xmlns:ttm=\"http://www.w3.org/ns/ttml#metadata\" xmlns:ttp=\"http://www.w3.org/ns/ttml#parameter\""
                                 " xmlns:tts=\"http://www.w3.org/ns/ttml#styling\" ttp:contentProfiles=\"http://www.w3.org/ns/ttml/profile/imsc1.1/text\"");
    markup_attribute(c->out, "xml:lang", nr_view_of(strcmp(language, "und") ? language : ""));
    nr_buffer_put_string(c->out, ">\n<head>\n<metadata><ttm:title>");
    markup_text(c->out, title_of(c));
    nr_buffer_printf(c->out, "</ttm:title></metadata>\n<styling><style xml:id=\"text\" tts:textAlign=\"center\" tts:direction=\"%s\"/></styling>\n",
                     markup_is_rtl(language) ? "rtl" : "ltr");
    nr_buffer_put_string(c->out, "<layout><region xml:id=\"bottom\" tts:origin=\"10% 80%\" tts:extent=\"80% 15%\" tts:displayAlign=\"after\"/></layout>\n"
                                 "</head>\n<body style=\"text\" region=\"bottom\">\n<div>\n");
}

static void put_head(captioner *c)
{
    switch (c->kind) {
    case BESIDE_VTT: nr_buffer_put_string(c->out, "WEBVTT\n"); break;
    case BESIDE_LRC: put_lrc_head(c); break;
    case BESIDE_TTML: put_ttml_head(c); break;
    default: break;
    }
}

static void put_tail(captioner *c)
{
    if (c->kind == BESIDE_LRC)
        put_silence(c, c->times->frames);
    if (c->kind == BESIDE_TTML)
        nr_buffer_put_string(c->out, "</div>\n</body>\n</tt>\n");
}

static void warn(const captioner *c)
{
    char message[200];
    if (!c->fast || !c->opt->warning)
        return;
    snprintf(message, sizeof message,
             "%zu of %zu captions are spoken faster than %.0f characters a second (up to %.0f); a lower --rate makes them easier to read",
             c->fast, c->count, cue_limits_usual().speed, c->fastest);
    c->opt->warning(c->opt->ctx, message);
}

/* A passage's captions, when it is known where the next begins. */
static nr_status put_passage(captioner *c, const phrase_passage *g, cue_list *list, uint64_t next, nr_writer *w, nr_error *err)
{
    const cue_limits limits = cue_limits_usual();
    nr_status s = NR_OK;
    c->passage = g;
    cue_list_close(list, &limits, c->times->rate, next);
    for (size_t i = 0; i < list->count && !s; i++) {
        put_cue(c, &list->cues[i]);
        s = nr_writer_flush(w, err);
    }
    return s;
}

static nr_status write_captions(captioner *c, nr_writer *w, nr_error *err)
{
    const cue_limits limits = cue_limits_usual();
    const phrase_options how = {.columns = limits.columns, .together = limits.shortest + limits.lead, .abridge = true};
    phrase_reader *reader = NULL;
    const phrase_passage *g = NULL, *before = NULL;
    cue_list lists[2] = {0}, *list = lists, *last = lists + 1;
    uint64_t since = 0;
    put_head(c);
    nr_status s = phrase_reader_new(&reader, c->times, &how, err);
    while (!s && !(s = phrase_reader_next(reader, &g, err)) && g) {
        s = cue_list_make(list, g, &limits, c->times->rate, since, err);
        if (!s && before)
            s = put_passage(c, before, last, list->cues[0].start, w, err);
        cue_list *other = last;
        last = list, list = other, before = g;
        since = s ? 0 : last->cues[last->count - 1].end;
    }
    if (!s && before)
        s = put_passage(c, before, last, c->times->frames, w, err);
    cue_list_free(&lists[0]);
    cue_list_free(&lists[1]);
    phrase_reader_free(reader);
    if (!s) {
        put_tail(c);
        warn(c);
    }
    return s;
}

/* ---------------------------------------------------------------- marks */

static nr_status put_mark(const timeline *t, nr_writer *w, const timeline_sentence *s, nr_mark mark, uint64_t end, nr_error *err)
{
    mark.time_ms = timeline_seconds(t, mark.frame) * 1000;
    nr_mark_line(&w->text, &mark, timeline_seconds(t, end - mark.frame) * 1000, t->part_count > 1 ? s->part + 1 : 0,
                 nr_document_text(t->parts[s->part].doc));
    return nr_writer_flush(w, err);
}

static nr_status write_marks(const timeline *t, nr_writer *w, nr_error *err)
{
    nr_status failed = NR_OK;
    for (size_t i = 0; i < t->sentence_count && !failed; i++) {
        const timeline_sentence *s = &t->sentences[i];
        failed = put_mark(t, w, s, (nr_mark){.kind = NR_MARK_SENTENCE, .frame = s->start, .span = s->span}, s->end, err);
        for (size_t k = s->first; k < s->first + s->count && !failed; k++) {
            const timeline_word *word = &t->words[k];
            failed = put_mark(t, w, s, (nr_mark){.kind = NR_MARK_WORD, .frame = word->start, .span = word->span}, word->end, err);
        }
    }
    return failed;
}

/* ---------------------------------------------------------------- files beside a sound */

static const char *const endings[BESIDE_KINDS] = {"vtt", "srt", "lrc", "ttml", "jsonl", "txt", "html"};

const char *beside_ending(beside_kind kind) { return endings[kind]; }

int beside_kind_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    for (int i = 0; dot && i < BESIDE_KINDS; i++)
        if (strcasecmp(dot + 1, endings[i]) == 0)
            return i;
    return -1;
}

nr_status beside_check(const char *path, bool overwrite, nr_error *err)
{
    nr_output out;
    nr_status s = nr_output_open(&out, path, overwrite, err);
    if (!s)
        nr_output_close(&out);
    return s;
}

nr_status captions_write(const timeline *t, beside_kind kind, const char *path, const caption_options *opt, bool overwrite, nr_error *err)
{
    const caption_options none = {0};
    nr_writer w;
    nr_status s = nr_writer_open(&w, path, overwrite, err);
    if (s)
        return s;
    nr_output_hold(&w.output, opt ? opt->with : NULL);
    captioner c = {.times = t, .kind = kind, .opt = opt ? opt : &none, .out = &w.text};
    switch (kind) {
    case BESIDE_MARKS: s = write_marks(t, &w, err); break;
    case BESIDE_TEXT:
    case BESIDE_HTML: s = transcript_write(t, kind == BESIDE_HTML, c.opt->words, &w, err); break;
    default: s = write_captions(&c, &w, err);
    }
    if (!s)
        s = nr_writer_commit(&w, err);
    nr_writer_close(&w);
    return s;
}
