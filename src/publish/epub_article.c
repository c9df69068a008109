/* An article as a book of one chapter. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/table.h"
#include "publish/cover.h"
#include "publish/epub.h"
#include "publish/markup.h"
#include "publish/ocf.h"
#include "publish/overlay.h"
#include "publish/render.h"

enum { TEXT_MAX = 1 << 30 };

static const char style[] =
    "body { margin: 1em; line-height: 1.5; }\n"
    "h1, h2, h3 { line-height: 1.2; }\n"
    ".byline, .date, .alt, .footnote, figcaption { color: #555; }\n"
    "pre { white-space: pre-wrap; }\n"
    ".-epub-media-overlay-active { background-color: #fe9; color: #000; }\n";

/* ---------------------------------------------------------------- the sound */

const char *epub_sound_ending(const epub_options *opt)
{
    const char *format = opt->job->file_count ? opt->job->files[0].format : NULL;
    return format && strcmp(format, "m4a") == 0 ? "m4a" : "mp3";
}

const char *epub_sound_type(const epub_options *opt) { return strcmp(epub_sound_ending(opt), "m4a") == 0 ? "audio/mp4" : "audio/mpeg"; }

static void folder_beside(const char *path, char *folder, size_t room)
{
    const char *slash = strrchr(path, '/');
    snprintf(folder, room, "%.*s.narrate-XXXXXX", slash ? (int)(slash + 1 - path) : 0, path);
}

nr_status epub_say(const nr_document *doc, const char *near, const epub_options *opt, bool skip_opening, const volatile int *cancel,
                   FILE **audio, publish_result *said, nr_error *err)
{
    char folder[4096], path[4200];
    folder_beside(near, folder, sizeof folder);
    if (!mkdtemp(folder))
        return nr_fail(err, NR_EIO, errno, "cannot make a folder for the sound beside '%s': %s", near, strerror(errno));
    snprintf(path, sizeof path, "%s/sound.%s", folder, epub_sound_ending(opt));
    publish_job job = *opt->job;
    publish_file file = {.path = path};
    if (opt->job->file_count) { /* its rates */
        file.sample_rate = opt->job->files[0].sample_rate;
        file.bitrate = opt->job->files[0].bitrate;
    }
    job.docs = &doc;
    job.doc_count = 1;
    job.tags.no_cover = true; /* the book has its own */
    job.tags.cover = NULL;
    job.files = &file;
    job.file_count = 1;
    job.script.skip_opening = skip_opening || job.script.skip_opening;
    nr_status s = publish_produce(&job, cancel, said, err);
    *audio = s ? NULL : fopen(path, "rbe");
    if (!s && !*audio) {
        s = nr_fail(err, NR_EIO, errno, "cannot read the sound again: %s", strerror(errno));
        timeline_free(&said->times);
    }
    unlink(path);
    rmdir(folder);
    return s;
}

/* ---------------------------------------------------------------- what the book says of itself */

typedef struct book {
    const nr_document *doc;
    const nr_metadata *meta;
    const timeline *times;
    const epub_options *opt;
    ocf_writer *out;
    picture cover;           /* no bytes: a plain one is drawn */
    char language[40], modified[32];
    bool *sentences, *words; /* that have an id */
    unsigned long long ms;   /* of the overlay */
} book;

static const char *title_of(const book *b)
{
    return b->opt->job->tags.title ? b->opt->job->tags.title : b->meta->title ? b->meta->title : "Untitled";
}

static void take_language(book *b)
{
    const char *language = b->opt->job->tags.language ? b->opt->job->tags.language : b->meta->language;
    language = language ? language : b->opt->job->script.locale;
    bool good = language && markup_is_tag(nr_view_of(language));
    strcpy(b->language, good ? language : "en");
}

void epub_put_moment(const char *iso, char out[32])
{
    struct tm t = {.tm_mday = 1};
    int month = 1, hours = 0, minutes = 0, n = 0;
    char sign = '+';
    int got = iso ? sscanf(iso, "%4d-%2d-%2dT%2d:%2d:%2d", &t.tm_year, &month, &t.tm_mday, &t.tm_hour, &t.tm_min, &t.tm_sec) : 0;
    const char *clock = iso ? strchr(iso, 'T') : NULL, *zone = clock ? strpbrk(clock, "+-") : NULL;
    if (zone)
        n = sscanf(zone, "%c%2d:%2d", &sign, &hours, &minutes);
    t.tm_year -= 1900;
    t.tm_mon = month - 1;
    time_t at = got >= 1 && t.tm_year >= -900 && t.tm_year < 1100 ? timegm(&t) : 315532800;
    if (n >= 2)
        at -= (sign == '-' ? -60 : 60) * (hours * 60 + minutes);
    gmtime_r(&at, &t);
    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &t);
}

static void put_element(nr_buffer *out, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    nr_buffer_printf(out, "<%s>", name);
    markup_text(out, nr_view_of(text));
    nr_buffer_printf(out, "</%s>\n", name);
}

/* A UUID (RFC 9562, version 8) of the text. */
static void put_identifier(nr_buffer *out, const book *b)
{
    nr_view text = nr_document_text(b->doc);
    uint64_t high = nr_table_hash(text), low = nr_table_hash(nr_view_of(title_of(b))) ^ high * 0x9E3779B97F4A7C15u ^ text.n;
    nr_buffer_printf(out, "<dc:identifier id=\"id\">urn:uuid:%08x-%04x-8%03x-%04x-%012llx</dc:identifier>\n", (unsigned)(high >> 32),
                     (unsigned)(high >> 16 & 0xFFFF), (unsigned)(high & 0xFFF), (unsigned)(low >> 48 & 0x3FFF) | 0x8000,
                     (unsigned long long)(low & 0xFFFFFFFFFFFF));
}

static void put_duration(nr_buffer *out, const book *b, const char *refines)
{
    nr_buffer_printf(out, "<meta property=\"media:duration\"%s>", refines);
    overlay_clock(out, b->ms);
    nr_buffer_put_string(out, "</meta>\n");
}

static const char *cover_name(const book *b)
{
    return !b->cover.bytes.n ? "cover.svg" : strcmp(b->cover.mime, "image/png") == 0 ? "cover.png" : "cover.jpg";
}

static nr_status add_package(book *b, nr_error *err)
{
    const publish_tags *t = &b->opt->job->tags;
    nr_buffer out = NR_BUFFER_INIT(1 << 20);
    nr_buffer_printf(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\""
                           " unique-identifier=\"id\" xml:lang=\"%s\">\n<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n", b->language);
    put_identifier(&out, b);
    put_element(&out, "dc:title", title_of(b));
    put_element(&out, "dc:language", b->language);
    put_element(&out, "dc:creator", t->author ? t->author : b->meta->author);
    put_element(&out, "dc:publisher", t->publisher ? t->publisher : b->meta->publisher);
    put_element(&out, "dc:date", t->date ? t->date : b->meta->date_iso);
    put_element(&out, "dc:source", t->url ? t->url : b->meta->url);
    put_element(&out, "dc:description", b->meta->description);
    nr_buffer_printf(&out, "<meta property=\"dcterms:modified\">%s</meta>\n", b->modified);
    put_duration(&out, b, " refines=\"#overlay\"");
    put_duration(&out, b, "");
    nr_buffer_put_string(&out, "<meta property=\"media:active-class\">-epub-media-overlay-active</meta>\n</metadata>\n<manifest>\n"
        "<item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\n");
    nr_buffer_printf(&out, "<item id=\"cover\" href=\"%s\" media-type=\"%s\" properties=\"cover-image\"/>\n", cover_name(b),
                     b->cover.bytes.n ? b->cover.mime : "image/svg+xml");
    nr_buffer_put_string(&out,
        "<item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n"
        "<item id=\"article\" href=\"article.xhtml\" media-type=\"application/xhtml+xml\" media-overlay=\"overlay\"/>\n"
        "<item id=\"overlay\" href=\"article.smil\" media-type=\"application/smil+xml\"/>\n");
    nr_buffer_printf(&out, "<item id=\"sound\" href=\"article.%s\" media-type=\"%s\"/>\n</manifest>\n", epub_sound_ending(b->opt),
                     epub_sound_type(b->opt));
    nr_buffer_put_string(&out, "<spine>\n<itemref idref=\"article\"/>\n</spine>\n</package>\n");
    return ocf_add(b->out, "EPUB/package.opf", &out, err);
}

/* ---------------------------------------------------------------- its files */

static void put_page_head(nr_buffer *out, const book *b)
{
    nr_buffer_printf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\""
                          " xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"%s\" xml:lang=\"%s\" dir=\"%s\">\n<head>\n<title>",
                     b->language, b->language, markup_is_rtl(b->language) ? "rtl" : "ltr");
    markup_text(out, nr_view_of(title_of(b)));
    nr_buffer_put_string(out, "</title>\n<link rel=\"stylesheet\" type=\"text/css\" href=\"style.css\"/>\n</head>\n<body>\n");
}

static nr_status add_article(book *b, nr_error *err)
{
    nr_buffer out = NR_BUFFER_INIT(TEXT_MAX);
    const render_options how = {.words = b->opt->words, .silent = true, .shown_sentences = b->sentences, .shown_words = b->words};
    put_page_head(&out, b);
    nr_buffer_put_string(&out, "<section epub:type=\"chapter\" role=\"doc-chapter\">\n");
    render_part(b->times, 0, &how, &out);
    nr_buffer_put_string(&out, "</section>\n</body>\n</html>\n");
    return ocf_add(b->out, "EPUB/article.xhtml", &out, err);
}

static void put_clips(const book *b, overlay *o, const timeline_sentence *s)
{
    char id[40];
    if (!b->opt->words) {
        snprintf(id, sizeof id, "s%zu", (size_t)(s - b->times->sentences) + 1);
        overlay_clip(o, id, timeline_seconds(b->times, s->start));
        return;
    }
    for (size_t k = s->first; k < s->first + s->count; k++) {
        snprintf(id, sizeof id, "w%zu", k + 1);
        if (b->words[k])
            overlay_clip(o, id, timeline_seconds(b->times, b->times->words[k].start));
    }
}

static nr_status add_overlay(book *b, nr_error *err)
{
    overlay o;
    char sound[32];
    snprintf(sound, sizeof sound, "article.%s", epub_sound_ending(b->opt));
    overlay_begin(&o, "article.xhtml", sound);
    for (size_t i = 0; i < b->times->sentence_count; i++)
        if (b->sentences[i])
            put_clips(b, &o, &b->times->sentences[i]);
    overlay_end(&o, timeline_seconds(b->times, b->times->frames));
    b->ms = o.ms;
    return ocf_add(b->out, "EPUB/article.smil", &o.text, err);
}

static nr_status add_nav(book *b, nr_error *err)
{
    size_t count, inner = 0;
    const nr_block *blocks = nr_document_blocks(b->doc, &count);
    nr_view text = nr_document_text(b->doc);
    nr_buffer out = NR_BUFFER_INIT(1 << 26);
    put_page_head(&out, b);
    nr_buffer_put_string(&out, "<nav epub:type=\"toc\" role=\"doc-toc\">\n<ol>\n<li><a href=\"article.xhtml\">");
    markup_text(&out, nr_view_of(title_of(b)));
    nr_buffer_put_string(&out, "</a>");
    for (size_t i = 0; i < b->times->sentence_count; i++) {
        const timeline_sentence *s = &b->times->sentences[i];
        const nr_block *block = &blocks[s->block];
        if (!b->sentences[i] || block->kind != NR_BLOCK_HEADING || (i && s[-1].block == s->block))
            continue;
        nr_buffer_printf(&out, "%s<li><a href=\"article.xhtml#s%zu\">", inner++ ? "" : "\n<ol>\n", i + 1);
        markup_text(&out, nr_view_sub(text.p, block->span.start, block->span.end));
        nr_buffer_put_string(&out, "</a></li>\n");
    }
    nr_buffer_printf(&out, "%s</li>\n</ol>\n</nav>\n</body>\n</html>\n", inner ? "</ol>\n" : "");
    return ocf_add(b->out, "EPUB/nav.xhtml", &out, err);
}

/* A plain cover: the title in a few lines, the author below. */
static nr_status draw_cover(book *b, nr_error *err)
{
    enum { COLUMNS = 18, LINES = 8 };
    nr_buffer out = NR_BUFFER_INIT(1 << 16);
    nr_buffer_put_string(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 600 800\""
                               " width=\"600\" height=\"800\" font-family=\"serif\" text-anchor=\"middle\">\n<rect width=\"600\" height=\"800\" fill=\"#234\"/>\n");
    const char *p = title_of(b);
    for (int line = 0; line < LINES && *p; line++) {
        size_t n = strlen(p), whole = 0;
        for (size_t i = 0, letters = 0; i < n && letters <= COLUMNS; i++) {
            letters += ((unsigned char)p[i] & 0xC0) != 0x80;
            whole = p[i] == ' ' ? i : whole;
            if (i + 1 == n)
                whole = n;
        }
        whole = whole ? whole : strcspn(p, " ");
        nr_buffer_printf(&out, "<text x=\"300\" y=\"%d\" font-size=\"52\" fill=\"#fff\">", 180 + line * 64);
        markup_text(&out, (nr_view){p, whole});
        nr_buffer_put_string(&out, "</text>\n");
        p += whole + strspn(p + whole, " ");
    }
    const char *author = b->opt->job->tags.author ? b->opt->job->tags.author : b->meta->author;
    nr_buffer_put_string(&out, "<text x=\"300\" y=\"740\" font-size=\"30\" fill=\"#cde\">");
    markup_text(&out, nr_view_of(author ? author : ""));
    nr_buffer_put_string(&out, "</text>\n</svg>\n");
    return ocf_add(b->out, "EPUB/cover.svg", &out, err);
}

static nr_status add_cover(book *b, nr_error *err)
{
    char name[40];
    snprintf(name, sizeof name, "EPUB/%s", cover_name(b));
    return b->cover.bytes.n ? ocf_add(b->out, name, &b->cover.bytes, err) : draw_cover(b, err);
}

static nr_status add_plain(book *b, const char *name, const char *text, nr_error *err)
{
    nr_buffer out = NR_BUFFER_INIT(1 << 16);
    nr_buffer_put_string(&out, text);
    return ocf_add(b->out, name, &out, err);
}

static nr_status add_all(book *b, FILE *audio, nr_error *err)
{
    static const char container[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\" version=\"1.0\">\n"
                                    "<rootfiles>\n<rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/>\n</rootfiles>\n</container>\n";
    b->sentences = calloc(b->times->sentence_count + 1, sizeof *b->sentences);
    b->words = calloc(b->times->word_count + 1, sizeof *b->words);
    char sound[32];
    snprintf(sound, sizeof sound, "EPUB/article.%s", epub_sound_ending(b->opt));
    nr_status s = ocf_add_file(b->out, sound, audio, err);
    s = s ? s : b->sentences && b->words ? NR_OK : nr_fail_memory(err);
    s = s ? s : add_plain(b, "META-INF/container.xml", container, err);
    s = s ? s : add_article(b, err);
    s = s ? s : add_overlay(b, err);
    s = s ? s : add_nav(b, err);
    s = s ? s : add_plain(b, "EPUB/style.css", style, err);
    s = s ? s : add_package(b, err);
    s = s ? s : add_cover(b, err);
    free(b->sentences);
    free(b->words);
    return s ? s : ocf_finish(b->out, err);
}

nr_status epub_from_article(const nr_document *doc, const char *path, const epub_options *opt, const volatile int *cancel,
                            epub_result *result, nr_error *err)
{
    book b = {.doc = doc, .meta = nr_document_metadata(doc), .opt = opt, .cover = {.bytes = NR_BUFFER_INIT(0)}};
    publish_job about = *opt->job;
    publish_result said;
    FILE *audio = NULL;
    *result = (epub_result){0};
    nr_status s = ocf_create(&b.out, path, opt->overwrite, err);
    if (s)
        return s;
    about.docs = &doc;
    s = cover_find(&b.cover, &about, err);
    s = s ? s : epub_say(doc, path, opt, false, cancel, &audio, &said, err);
    if (!s) {
        b.times = &said.times;
        take_language(&b);
        epub_put_moment(b.meta->modified ? b.meta->modified : b.meta->date_iso ? b.meta->date_iso : opt->job->tags.date, b.modified);
        *result = (epub_result){timeline_seconds(b.times, b.times->frames), said.words, b.times->sentence_count, 0};
        s = add_all(&b, audio, err);
        timeline_free(&said.times);
    }
    picture_free(&b.cover);
    ocf_free(b.out);
    return s;
}
