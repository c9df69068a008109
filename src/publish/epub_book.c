/* An existing book gets sound: an EPUB 2 becomes an EPUB 3 first; its chapters are read as any book's, said one by one, and found again in its files. */
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"
#include "base/inside.h"
#include "base/utf8.h"
#include "publish/epub.h"
#include "publish/epub_two.h"
#include "publish/markings.h"
#include "publish/markup.h"
#include "publish/ocf.h"
#include "publish/overlay.h"
#include "publish/phrase.h"

enum { ITEMS = 5000, BOOK_MAX = 1 << 30, LETTERS_MAX = 1 << 26, WINDOW = 30000, PARTS_MAX = 800 };

/* A file of the spine. */
typedef struct chapter {
    marked_file file;
    size_t entry;       /* of the archive */
    size_t tag_name;    /* of its item in the package: where an attribute can be put */
    const char *id;     /* of its item, as written */
    char *href;         /* from the package, as written */
    overlay smil;
    char sound[48];
    unsigned part;      /* whose sound it has; 0: none */
    bool open;          /* its overlay is being written */
} chapter;

typedef struct talking {
    const char *name;
    const epub_options *opt;
    nr_buffer bytes, package;
    ocf_reader in;
    ocf_writer *out;
    char folder[NR_INSIDE];          /* of the package, "" or ending in '/' */
    size_t package_entry, metadata_end, manifest_end;
    char prefix[32];            /* of the package's own elements, with its colon */
    chapter *chapters;
    size_t chapter_count, at;   /* chapter in which was found last */
    size_t letter;              /* next in it */
    const timeline *times;
    unsigned part, number;      /* number: of ids */
    uint32_t *wanted;           /* letters of a sentence */
    size_t wanted_room;
    uint64_t clip_start, clip_end; /* of the unit in hand, frames */
    size_t unit_from, unit_to;
    nr_buffer scratch;
    char **strings;             /* to be freed */
    size_t string_count;
    nr_error *err;
} talking;

bool epub_is_book(const char *path)
{
    enum { HEAD = 4096, TAIL = 1 << 19 }; /* the table of an archive's contents is at its end */
    char *bytes = malloc(TAIL);
    FILE *file = bytes && strcmp(path, "-") != 0 ? fopen(path, "rbe") : NULL;
    nr_view v = {bytes, file ? fread(bytes, 1, HEAD, file) : 0};
    bool archive = nr_view_starts(v, NR_LIT("PK\3\4")), is = archive && nr_view_find(v, NR_LIT("application/epub+zip"));
    if (archive && !is) {
        if (fseek(file, -(long)TAIL, SEEK_END) != 0)
            rewind(file);
        v.n = fread(bytes, 1, TAIL, file);
        is = nr_view_find(v, NR_LIT("META-INF/container.xml"));
    }
    if (file)
        fclose(file);
    free(bytes);
    return is;
}

static nr_status refuse(talking *b, const char *why) { return nr_fail(b->err, NR_EFORMAT, 0, "cannot make '%s' talk: %s", b->name, why); }

/* ---------------------------------------------------------------- names */

static char *keep(talking *b, nr_view v)
{
    char **grown = realloc(b->strings, (b->string_count + 1) * sizeof *grown);
    char *s = grown ? strndup(v.n ? v.p : "", v.n) : NULL;
    b->strings = grown ? grown : b->strings;
    if (s)
        b->strings[b->string_count++] = s;
    return s;
}

/* A reference as it is written in the package. */
static bool resolve(const char *folder, nr_view reference, char out[NR_INSIDE])
{
    char plain[NR_INSIDE];
    size_t n = 0;
    for (size_t i = 0; i < reference.n && n < sizeof plain; i++) {
        plain[n++] = reference.p[i];
        if (nr_view_starts((nr_view){reference.p + i, reference.n - i}, NR_LIT("&amp;")))
            i += 4;
    }
    return nr_inside(folder, (nr_view){plain, n}, out);
}

/* How a file of the package's folder is reached from another file of the archive. */
static void reach(const talking *b, const char *from, const char *name, nr_buffer *out)
{
    size_t common = 0;
    for (size_t i = 0; b->folder[i] && b->folder[i] == from[i]; i++)
        if (from[i] == '/')
            common = i + 1;
    for (const char *p = from + common; (p = strchr(p, '/')); p++)
        nr_buffer_put_string(out, "../");
    nr_buffer_printf(out, "%s%s", b->folder + common, name);
}

/* ---------------------------------------------------------------- the package */

typedef struct package_item {
    nr_view id, href;
    size_t tag_name;
    bool page, nav;
} package_item;

static nr_status read_entry(talking *b, const char *name, nr_buffer *out, size_t *entry)
{
    size_t index = ocf_find(&b->in, name);
    if (entry)
        *entry = index;
    return index == SIZE_MAX ? nr_fail(b->err, NR_EFORMAT, 0, "cannot read '%s': its part '%s' is missing", b->name, name)
                             : ocf_read(&b->in, index, out, b->err);
}

static nr_status open_package(talking *b)
{
    markup_tag tag;
    size_t at = 0;
    char path[NR_INSIDE] = "";
    nr_status s = read_entry(b, "META-INF/container.xml", &b->scratch, NULL);
    if (s)
        return s;
    while (!*path && markup_next_tag(nr_buffer_view(&b->scratch), &at, &tag))
        if (nr_view_is(markup_local_name(tag.name), "rootfile") && !resolve("", markup_attribute_of(&tag, "full-path"), path))
            *path = '\0';
    if (!*path)
        return refuse(b, "it does not say where its contents are");
    const char *slash = strrchr(path, '/');
    snprintf(b->folder, sizeof b->folder, "%.*s", slash ? (int)(slash + 1 - path) : 0, path);
    return read_entry(b, path, &b->package, &b->package_entry);
}

static bool is_three(const talking *b)
{
    markup_tag tag;
    for (size_t at = 0; markup_next_tag(nr_buffer_view(&b->package), &at, &tag);)
        if (nr_view_is(markup_local_name(tag.name), "package"))
            return nr_view_starts(markup_attribute_of(&tag, "version"), NR_LIT("3"));
    return false;
}

/* The EPUB 2 in hand becomes an EPUB 3. */
static nr_status make_three(talking *b, const char *path)
{
    nr_buffer three = NR_BUFFER_INIT(BOOK_MAX);
    nr_status s = epub_two_convert(b->name, nr_buffer_view(&b->bytes), path, b->opt->overwrite, b->opt->job->warning, b->opt->job->ctx, &three, b->err);
    ocf_close(&b->in);
    nr_buffer_free(&b->bytes);
    b->bytes = three;
    s = s ? s : ocf_open(&b->in, b->name, nr_buffer_view(&b->bytes), BOOK_MAX, b->err);
    return s ? s : open_package(b);
}

static nr_status take_tag(talking *b, const markup_tag *tag, package_item *items, size_t *count, size_t *spine, size_t *spine_count)
{
    nr_view name = markup_local_name(tag->name);
    if (tag->closing && nr_view_is(name, "metadata"))
        b->metadata_end = tag->start;
    if (tag->closing && nr_view_is(name, "manifest")) {
        b->manifest_end = tag->start;
        snprintf(b->prefix, sizeof b->prefix, "%.*s", (int)(tag->name.n - name.n), tag->name.p);
    }
    if (nr_view_is(name, "item") && *count < ITEMS) {
        nr_view properties = markup_attribute_of(tag, "properties");
        if (markup_attribute_of(tag, "media-overlay").n)
            return refuse(b, "it talks already: it has media overlays");
        items[(*count)++] = (package_item){markup_attribute_of(tag, "id"), markup_attribute_of(tag, "href"),
                                           (size_t)(tag->name.p + tag->name.n - b->package.p),
                                           nr_view_is(markup_attribute_of(tag, "media-type"), "application/xhtml+xml"),
                                           nr_view_find(properties, NR_LIT("nav")) != NULL};
    }
    if (nr_view_is(name, "itemref") && !nr_view_is(markup_attribute_of(tag, "linear"), "no")) {
        nr_view id = markup_attribute_of(tag, "idref");
        for (size_t i = 0; i < *count && *spine_count < ITEMS; i++)
            if (nr_view_eq(items[i].id, id) && id.n && items[i].page && !items[i].nav) {
                spine[(*spine_count)++] = i;
                items[i].page = false; /* once */
            }
    }
    return NR_OK;
}

static nr_status load_chapter(talking *b, const package_item *item, size_t *letters)
{
    chapter *c = &b->chapters[b->chapter_count];
    char path[NR_INSIDE];
    if (!resolve(b->folder, item->href, path) || (c->entry = ocf_find(&b->in, path)) == SIZE_MAX)
        return NR_OK; /* what is not there is not heard */
    c->file.bytes = NR_BUFFER_INIT(OCF_ENTRY);
    c->tag_name = item->tag_name;
    c->href = keep(b, item->href);
    c->id = keep(b, item->id);
    b->chapter_count++;
    nr_status s = c->href && c->id ? ocf_read(&b->in, c->entry, &c->file.bytes, b->err) : nr_fail_memory(b->err);
    if (!s && marked_file_scan(&c->file) == NR_ENOMEM)
        s = nr_fail_memory(b->err);
    *letters += c->file.count;
    return s || *letters <= LETTERS_MAX ? s : nr_fail(b->err, NR_ELIMIT, 0, "cannot make '%s' talk: it holds too much text", b->name);
}

static nr_status read_package(talking *b)
{
    package_item *items = calloc(ITEMS, sizeof *items);
    size_t *spine = calloc(ITEMS, sizeof *spine), count = 0, spine_count = 0, at = 0, letters = 0;
    b->chapters = calloc(ITEMS, sizeof *b->chapters);
    markup_tag tag;
    nr_status s = items && spine && b->chapters ? NR_OK : nr_fail_memory(b->err);
    while (!s && markup_next_tag(nr_buffer_view(&b->package), &at, &tag))
        s = take_tag(b, &tag, items, &count, spine, &spine_count);
    if (!s && (!b->metadata_end || !b->manifest_end))
        s = refuse(b, "its package has no metadata or no manifest");
    for (size_t i = 0; i < spine_count && !s; i++)
        s = load_chapter(b, &items[spine[i]], &letters);
    free(items);
    free(spine);
    return s;
}

/* ---------------------------------------------------------------- finding what is said */

/* The letters of a span of the document, into b->wanted. */
static size_t letters_of(talking *b, nr_view text, nr_span span)
{
    size_t n = 0;
    int length;
    if (b->wanted_room < span.end - span.start) {
        free(b->wanted);
        b->wanted_room = span.end - span.start;
        b->wanted = malloc(b->wanted_room * sizeof *b->wanted);
    }
    for (const char *p = text.p + span.start, *end = text.p + span.end; b->wanted && p < end; p += length) {
        uint32_t code = nr_utf8_decode(p, end, &length);
        if (marked_letter_counts(code))
            b->wanted[n++] = code;
    }
    b->wanted_room = b->wanted ? b->wanted_room : 0;
    return n;
}

/* Where a sentence is in this chapter or one behind it that has no other part's sound. */
static size_t find(talking *b, size_t n, size_t *in)
{
    size_t left = WINDOW;
    for (size_t i = b->at; i < b->chapter_count; i++) {
        const chapter *c = &b->chapters[i];
        size_t from = i == b->at ? b->letter : 0, found = SIZE_MAX;
        if (!c->part || c->part == b->part)
            found = marked_file_find(&c->file, b->wanted, n, from, left);
        *in = i;
        if (found != SIZE_MAX)
            return found;
        size_t rest = c->file.count > from ? c->file.count - from : 0;
        if (rest >= left)
            break;
        left -= rest;
    }
    return SIZE_MAX;
}

static void close_overlay(talking *b, uint64_t frame)
{
    chapter *c = b->chapter_count ? &b->chapters[b->at] : NULL;
    if (c && c->open)
        overlay_end(&c->smil, timeline_seconds(b->times, frame));
    if (c)
        c->open = false;
}

static void open_overlay(talking *b, size_t index)
{
    chapter *c = &b->chapters[index];
    if (c->open)
        return;
    snprintf(c->sound, sizeof c->sound, "narrate-sound-%u.%s", b->part, epub_sound_ending(b->opt));
    overlay_begin(&c->smil, c->href, c->sound);
    c->part = b->part;
    c->open = true;
}

/* A span was made at a letter: it is heard from the moment that letter has in the unit. */
static void on_span(void *ctx, const char *id, size_t letter)
{
    talking *b = ctx;
    uint64_t length = b->clip_end > b->clip_start ? b->clip_end - b->clip_start : 0;
    uint64_t at = b->clip_start + length * (letter - b->unit_from) / (b->unit_to - b->unit_from);
    overlay_clip(&b->chapters[b->at].smil, id, timeline_seconds(b->times, at));
}

static nr_status mark(talking *b, size_t from, size_t to, uint64_t start, uint64_t end)
{
    b->unit_from = from, b->unit_to = to;
    b->clip_start = start, b->clip_end = end;
    return marked_file_mark(&b->chapters[b->at].file, from, to, ++b->number, on_span, b) ? nr_fail_memory(b->err) : NR_OK;
}

/* Words by how many letters stand before them in the sentence. */
static nr_status mark_words(talking *b, const timeline_sentence *s, nr_view text, size_t from)
{
    nr_status failed = NR_OK;
    uint32_t at = s->span.start;
    size_t letter = from;
    for (size_t k = s->first, last = s->first + s->count; k < last && !failed;) {
        nr_span span;
        size_t n = phrase_token(b->times, k, last, &span);
        if (span.start >= at && span.end <= s->span.end) {
            letter += letters_of(b, text, (nr_span){at, span.start});
            size_t to = letter + letters_of(b, text, span);
            if (to > letter)
                failed = mark(b, letter, to, b->times->words[k].start, b->times->words[k + n - 1].end);
            letter = to;
            at = span.end;
        }
        k += n;
    }
    return failed;
}

static nr_status place_sentence(talking *b, const timeline_sentence *s, nr_view text, epub_result *result)
{
    size_t in, n = letters_of(b, text, s->span);
    size_t from = n && s->count ? find(b, n, &in) : SIZE_MAX;
    result->sentences++;
    if (from == SIZE_MAX) {
        result->unspoken++;
        if (b->chapter_count && b->chapters[b->at].open)
            overlay_rest(&b->chapters[b->at].smil, timeline_seconds(b->times, s->start));
        return NR_OK;
    }
    if (in != b->at)
        close_overlay(b, s->start);
    b->at = in;
    b->letter = from + n;
    open_overlay(b, in);
    return b->opt->words ? mark_words(b, s, text, from) : mark(b, from, from + n, s->start, s->end);
}

/* ---------------------------------------------------------------- parts of the book */

static nr_status say_part(talking *b, const nr_document *doc, const char *path, const volatile int *cancel, epub_result *result)
{
    publish_result said;
    FILE *audio;
    char name[NR_INSIDE + 64];
    nr_status s = epub_say(doc, path, b->opt, true, cancel, &audio, &said, b->err);
    if (s)
        return s;
    b->times = &said.times;
    for (size_t i = 0; i < said.times.sentence_count && !s; i++)
        s = place_sentence(b, &said.times.sentences[i], nr_document_text(doc), result);
    close_overlay(b, said.times.frames);
    result->words += said.words;
    result->seconds += timeline_seconds(&said.times, said.times.frames);
    bool used = false;
    for (size_t i = 0; i < b->chapter_count; i++)
        used = used || b->chapters[i].part == b->part;
    snprintf(name, sizeof name, "%snarrate-sound-%u.%s", b->folder, b->part, epub_sound_ending(b->opt));
    if (s || !used)
        fclose(audio);
    else
        s = ocf_add_file(b->out, name, audio, b->err);
    b->times = NULL;
    timeline_free(&said.times);
    return s;
}

static nr_status say_parts(talking *b, const char *path, const volatile int *cancel, epub_result *result)
{
    nr_status s = NR_OK;
    size_t count = 1;
    for (b->part = 1; b->part <= count && !s; b->part++) {
        nr_read_options how = {.format = "epub", .name = b->name, .item = b->part};
        nr_document *doc = NULL;
        s = nr_document_read(&doc, b->bytes.p, b->bytes.n, &how, b->err);
        if (s == NR_ENOTEXT) { /* a chapter of pictures */
            s = NR_OK;
            if (b->part == 1)
                s = nr_document_read(&doc, b->bytes.p, b->bytes.n, &(nr_read_options){.format = "epub", .name = b->name}, b->err);
            if (!s && doc)
                nr_document_entries(doc, &count);
            nr_document_free(doc);
            continue;
        }
        if (!s && b->part == 1)
            nr_document_entries(doc, &count);
        if (!s && count > PARTS_MAX)
            s = nr_fail(b->err, NR_ELIMIT, 0, "cannot make '%s' talk: it has more than %d chapters", b->name, PARTS_MAX);
        if (!s)
            s = say_part(b, doc, path, cancel, result);
        s = s == NR_ENOTEXT ? NR_OK : s;
        nr_document_free(doc);
    }
    b->part--;
    return s;
}

/* ---------------------------------------------------------------- the new book */

static const char style[] = ".-epub-media-overlay-active { background-color: #fe9; color: #000; }\n";

static void put_metadata(const talking *b, nr_buffer *out)
{
    unsigned long long all = 0;
    for (size_t i = 0; i < b->chapter_count; i++) {
        if (!b->chapters[i].part)
            continue;
        all += b->chapters[i].smil.ms;
        nr_buffer_printf(out, "<%smeta property=\"media:duration\" refines=\"#narrate-overlay-%zu\">", b->prefix, i + 1);
        overlay_clock(out, b->chapters[i].smil.ms);
        nr_buffer_printf(out, "</%smeta>\n", b->prefix);
    }
    nr_buffer_printf(out, "<%smeta property=\"media:duration\">", b->prefix);
    overlay_clock(out, all);
    nr_buffer_printf(out, "</%smeta>\n<%smeta property=\"media:active-class\">-epub-media-overlay-active</%smeta>\n", b->prefix, b->prefix, b->prefix);
}

static void put_items(const talking *b, nr_buffer *out)
{
    unsigned last = 0;
    nr_buffer_printf(out, "<%sitem id=\"narrate-style\" href=\"narrate.css\" media-type=\"text/css\"/>\n", b->prefix);
    for (size_t i = 0; i < b->chapter_count; i++) {
        const chapter *c = &b->chapters[i];
        if (!c->part)
            continue;
        nr_buffer_printf(out, "<%sitem id=\"narrate-overlay-%zu\" href=\"narrate-overlay-%zu.smil\" media-type=\"application/smil+xml\"/>\n", b->prefix, i + 1, i + 1);
        if (c->part != last)
            nr_buffer_printf(out, "<%sitem id=\"narrate-sound-%u\" href=\"%s\" media-type=\"%s\"/>\n", b->prefix, c->part, c->sound, epub_sound_type(b->opt));
        last = c->part;
    }
}

/* The places of the package where something is put in, in order of their bytes. */
typedef struct insertion {
    size_t at, chapter; /* chapter: SIZE_MAX - 1 metadata, SIZE_MAX items */
} insertion;

static int by_place(const void *a, const void *b)
{
    size_t x = ((const insertion *)a)->at, y = ((const insertion *)b)->at;
    return x < y ? -1 : x > y;
}

static nr_status write_package(talking *b)
{
    insertion *places = malloc((b->chapter_count + 2) * sizeof *places);
    size_t n = 0, done = 0;
    nr_buffer out = NR_BUFFER_INIT(2 * OCF_ENTRY);
    if (!places)
        return nr_fail_memory(b->err);
    places[n++] = (insertion){b->metadata_end, SIZE_MAX - 1};
    places[n++] = (insertion){b->manifest_end, SIZE_MAX};
    for (size_t i = 0; i < b->chapter_count; i++)
        if (b->chapters[i].part)
            places[n++] = (insertion){b->chapters[i].tag_name, i};
    qsort(places, n, sizeof *places, by_place);
    for (size_t i = 0; i < n; i++) {
        nr_buffer_put(&out, b->package.p + done, places[i].at - done);
        done = places[i].at;
        if (places[i].chapter == SIZE_MAX)
            put_items(b, &out);
        else if (places[i].chapter == SIZE_MAX - 1)
            put_metadata(b, &out);
        else
            nr_buffer_printf(&out, " media-overlay=\"narrate-overlay-%zu\"", places[i].chapter + 1);
    }
    free(places);
    nr_buffer_put(&out, b->package.p + done, b->package.n - done);
    return ocf_add(b->out, ocf_name(&b->in, b->package_entry), &out, b->err);
}

static nr_status write_chapter(talking *b, const chapter *c)
{
    nr_buffer out = NR_BUFFER_INIT(4u * OCF_ENTRY), link = NR_BUFFER_INIT(1 << 14), href = NR_BUFFER_INIT(1 << 13);
    const char *name = ocf_name(&b->in, c->entry);
    reach(b, name, "narrate.css", &href);
    nr_buffer_put_string(&link, "<link rel=\"stylesheet\" type=\"text/css\"");
    markup_attribute(&link, "href", nr_buffer_view(&href));
    nr_buffer_put_string(&link, "/>");
    marked_file_write(&c->file, link.p, &out);
    nr_buffer_free(&link);
    nr_buffer_free(&href);
    return ocf_add(b->out, name, &out, b->err);
}

static chapter *chapter_of(talking *b, size_t entry)
{
    for (size_t i = 0; i < b->chapter_count; i++)
        if (b->chapters[i].entry == entry && b->chapters[i].part)
            return &b->chapters[i];
    return NULL;
}

static nr_status write_book(talking *b)
{
    nr_status s = NR_OK;
    for (size_t i = 0; i < b->in.count && !s; i++) {
        const char *name = ocf_name(&b->in, i);
        const chapter *c = chapter_of(b, i);
        if (!name || strcmp(name, "mimetype") == 0)
            continue;
        s = i == b->package_entry ? write_package(b) : c ? write_chapter(b, c) : ocf_copy(b->out, &b->in, i, b->err);
    }
    char name[NR_INSIDE + 64];
    for (size_t i = 0; i < b->chapter_count && !s; i++) {
        snprintf(name, sizeof name, "%snarrate-overlay-%zu.smil", b->folder, i + 1);
        if (b->chapters[i].part)
            s = ocf_add(b->out, name, &b->chapters[i].smil.text, b->err);
    }
    nr_buffer css = NR_BUFFER_INIT(1 << 12);
    nr_buffer_put_string(&css, style);
    snprintf(name, sizeof name, "%snarrate.css", b->folder);
    s = s ? s : ocf_add(b->out, name, &css, b->err);
    nr_buffer_free(&css);
    return s ? s : ocf_finish(b->out, b->err);
}

static void close_book(talking *b)
{
    ocf_free(b->out);
    for (size_t i = 0; i < b->chapter_count; i++) {
        marked_file_free(&b->chapters[i].file);
        nr_buffer_free(&b->chapters[i].smil.text);
    }
    free(b->chapters);
    while (b->string_count)
        free(b->strings[--b->string_count]);
    free(b->strings);
    free(b->wanted);
    nr_buffer_free(&b->scratch);
    nr_buffer_free(&b->package);
    ocf_close(&b->in);
    nr_buffer_free(&b->bytes);
}

nr_status epub_from_book(const char *from, const char *path, const epub_options *opt, const volatile int *cancel, epub_result *result, nr_error *err)
{
    talking b = {.name = from, .opt = opt, .err = err, .bytes = NR_BUFFER_INIT(BOOK_MAX), .package = NR_BUFFER_INIT(OCF_ENTRY),
                 .scratch = NR_BUFFER_INIT(OCF_ENTRY)};
    *result = (epub_result){0};
    nr_status s = nr_file_read(from, &b.bytes, err);
    s = s ? s : ocf_open(&b.in, from, nr_buffer_view(&b.bytes), BOOK_MAX, err);
    s = s ? s : open_package(&b);
    if (!s && !is_three(&b))
        s = make_three(&b, path);
    s = s ? s : read_package(&b);
    s = s ? s : ocf_create(&b.out, path, opt->overwrite, err);
    s = s ? s : say_parts(&b, path, cancel, result);
    if (!s && result->sentences == result->unspoken)
        s = nr_fail(err, NR_ENOTEXT, 0, "cannot make '%s' talk: nothing of what would be said is found in its files", from);
    s = s ? s : write_book(&b);
    close_book(&b);
    return s;
}
