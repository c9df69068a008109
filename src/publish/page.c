#include "publish/chapters.h"
#include "publish/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "publish/captions.h"
#include "publish/page_folder.h"
#include "publish/page_lead.h"
#include "publish/page_shell.h"
#include "publish/page_text.h"

enum { FORM = 1, LARGEST = 1 << 30 }; /* FORM changes when what was narrated before is to be narrated again */

typedef struct article {
    const page_source *source;
    const nr_document *doc;
    const char *language;
    char slug[80];
    char *target; /* the page's folder, or the file of a single page */
    char made[24];
    double seconds;
    page_folder folder; /* where its files go */
    page_words words;
    page_lead lead;
    nr_buffer json;
    page_sound sounds[2];
    char sound_names[2][96];
    char captions[96], transcript[96], chapters[96];
    bool anew;
} article;

typedef struct maker {
    const page_job *job;
    const volatile int *cancel;
    nr_error *err;
    article *articles;
    page_folder root; /* for what pages share; not used for single pages */
    bool several, feed, made_root;
    size_t at;
} maker;

static const char *const kinds[2] = {"opus", "mp3"};
static const char *const types[2] = {"audio/ogg; codecs=opus", "audio/mpeg"};

/* ---------------------------------------------------------------- what a page is made from */

static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
    return nr_hash(nr_hash(h, bytes, n), &n, sizeof n);
}

static uint64_t mix_string(uint64_t h, const char *s) { return s ? mix(h, s, strlen(s)) : mix(h, "", 0); }

static uint64_t mix_number(uint64_t h, double n) { return mix(h, &n, sizeof n); }

static uint64_t mix_document(uint64_t h, const nr_document *doc)
{
    const nr_metadata *m = nr_document_metadata(doc);
    const char *const strings[] = {m->title, m->author, m->date, m->date_iso, m->publisher, m->language, m->url, m->description, m->image};
    size_t blocks, inlines;
    const nr_block *b = nr_document_blocks(doc, &blocks);
    const nr_inline *in = nr_document_inlines(doc, &inlines);
    nr_view text = nr_document_text(doc);
    h = mix(h, text.p, text.n);
    for (size_t i = 0; i < blocks; i++) {
        const uint32_t facts[] = {b[i].span.start, b[i].span.end, b[i].kind, b[i].level, b[i].flags, b[i].number};
        h = mix_string(mix(h, facts, sizeof facts), nr_document_language(doc, b[i].lang));
    }
    for (size_t i = 0; i < inlines; i++) {
        const uint32_t facts[] = {in[i].span.start, in[i].span.end, (uint32_t)in[i].kind};
        h = mix(mix(h, facts, sizeof facts), in[i].value.p, in[i].value.n);
    }
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        h = mix_string(h, strings[i]);
    return h;
}

static uint64_t mix_options(uint64_t h, const page_job *job)
{
    const nr_voice_options *v = &job->voice;
    const nr_script_options *s = &job->script;
    const publish_master *m = &job->master;
    const char *const strings[] = {job->locale, v->voice, v->quote_voice, s->locale, s->style, s->lexicon, m->preset};
    const double numbers[] = {v->wpm, v->pitch, v->volume, s->skip_opening, s->include, s->exclude, s->max_chars, s->max_words,
                              s->split_quotes, m->loudness, m->true_peak, m->lead_ms, m->tail_ms, job->single};
    nr_buffer lexicon = NR_BUFFER_INIT(LARGEST);
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        h = mix_string(h, strings[i]);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        h = mix_number(h, numbers[i] == numbers[i] ? numbers[i] : -1e9); /* any NAN is the same */
    if (s->lexicon && nr_file_read(s->lexicon, &lexicon, NULL) == NR_OK)
        h = mix(h, lexicon.p, lexicon.n);
    nr_buffer_free(&lexicon);
    return h;
}

static void work_out_made(const maker *m, article *a)
{
    uint64_t h = mix_number(NR_HASH_START, FORM);
    h = mix_document(mix_options(mix_string(h, nr_version()), m->job), a->doc);
    for (int i = 0; i < PAGE_FILES && m->job->single; i++) /* a single page holds these, too */
        h = mix(h, page_file(page_file_names[i]).p, page_file(page_file_names[i]).n);
    if (m->job->single)
        h = mix(h, a->lead.bytes.p, a->lead.bytes.n);
    snprintf(a->made, sizeof a->made, "%016llx", (unsigned long long)h);
}

/* ---------------------------------------------------------------- names */

static char *join(const char *folder, const char *name, const char *ending)
{
    char *path = NULL;
    return asprintf(&path, "%s%s%s%s", folder, *folder && folder[strlen(folder) - 1] != '/' ? "/" : "", name, ending) < 0 ? NULL : path;
}

/* What an article is known by when it is made again: its address, or its file's name. */
static const char *identity(const article *a)
{
    const char *url = nr_document_metadata(a->doc)->url, *slash = strrchr(a->source->name, '/');
    return url ? url : slash ? slash + 1 : a->source->name;
}

static bool is_taken(const maker *m, size_t until, const char *slug)
{
    for (size_t i = 0; i < until; i++)
        if (strcmp(m->articles[i].slug, slug) == 0)
            return true;
    return false;
}

/* Of articles with one title, the first has the plain name, the others one with a number made of what they are known by. */
static void name_article(maker *m, size_t i)
{
    article *a = &m->articles[i];
    nr_buffer title = NR_BUFFER_INIT(1 << 20);
    page_put_title(&title, a->doc);
    page_slug(a->slug, title.p ? title.p : "");
    nr_buffer_free(&title);
    uint64_t h = mix_string(NR_HASH_START, identity(a));
    char plain[sizeof a->slug - 8];
    snprintf(plain, sizeof plain, "%.*s", (int)sizeof plain - 1, a->slug);
    for (; is_taken(m, i, a->slug); h++)
        snprintf(a->slug, sizeof a->slug, "%s-%06x", plain, (unsigned)(h >> 20 & 0xFFFFFF));
}

static bool is_html_name(const char *path)
{
    return nr_view_ends(nr_view_of(path), NR_LIT(".html")) || nr_view_ends(nr_view_of(path), NR_LIT(".htm"));
}

static bool names_a_file(const page_job *job) { return job->single && job->count == 1 && is_html_name(job->folder); }

static nr_status name_target(const maker *m, article *a)
{
    const page_job *job = m->job;
    if (names_a_file(job))
        a->target = strdup(job->folder);
    else if (job->single)
        a->target = join(job->folder, a->slug, ".html");
    else
        a->target = m->several ? join(job->folder, a->slug, "") : strdup(job->folder);
    return a->target ? NR_OK : nr_fail_memory(m->err);
}

static void name_files(article *a)
{
    for (int i = 0; i < 2; i++) {
        snprintf(a->sound_names[i], sizeof a->sound_names[i], "%s.%s", a->slug, kinds[i]);
        a->sounds[i] = (page_sound){.address = a->sound_names[i], .type = types[i]};
    }
    snprintf(a->captions, sizeof a->captions, "%s.vtt", a->slug);
    snprintf(a->transcript, sizeof a->transcript, "%s.txt", a->slug);
    snprintf(a->chapters, sizeof a->chapters, "%s.chapters.json", a->slug);
}

/* ---------------------------------------------------------------- what may be written */

/* A single page says itself what it was made from. */
static bool single_is_ours(const char *path, const char *made)
{
    char head[2000] = "", wanted[80];
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(head, 1, sizeof head - 1, f) : 0;
    if (f)
        fclose(f);
    head[n] = '\0';
    snprintf(wanted, sizeof wanted, "<meta name=\"narrate-made\" content=\"%s", made);
    return strstr(head, wanted) != NULL;
}

static nr_status check_single(const maker *m, const char *path)
{
    FILE *f = m->job->overwrite ? NULL : fopen(path, "r");
    if (f)
        fclose(f);
    if (f && !single_is_ours(path, ""))
        return nr_fail(m->err, NR_EEXIST, 0, "'%s' exists already; --overwrite replaces it", path);
    return NR_OK;
}

static nr_status open_folder(maker *m, page_folder *f, const char *path) { return page_folder_open(f, path, m->job->overwrite, m->err); }

static nr_status open_single_folder(maker *m, article *a)
{
    const char *slash = strrchr(a->target, '/');
    char *path = slash ? strndup(a->target, slash == a->target ? 1 : (size_t)(slash - a->target)) : strdup(".");
    nr_status s = path ? open_folder(m, &a->folder, path) : nr_fail_memory(m->err);
    free(path);
    return s ? s : check_single(m, a->target);
}

static nr_status check_article(maker *m, article *a)
{
    if (m->job->single)
        return open_single_folder(m, a);
    nr_status s = open_folder(m, &a->folder, a->target);
    for (int i = 0; i < 2 && !s; i++)
        s = page_folder_check(&a->folder, a->sound_names[i], m->err);
    const char *const others[] = {"article.json", a->captions, a->transcript, a->chapters};
    for (size_t i = 0; i < sizeof others / sizeof *others && !s; i++)
        s = page_folder_check(&a->folder, others[i], m->err);
    if (!s && a->lead.bytes.n)
        s = page_folder_check(&a->folder, a->lead.name, m->err);
    return s ? s : page_folder_check(&a->folder, "index.html", m->err);
}

static nr_status check_root(maker *m)
{
    const page_job *job = m->job;
    if (job->single) {
        char *index = m->several ? join(job->folder, "index", ".html") : NULL;
        nr_status s = index ? check_single(m, index) : NR_OK;
        free(index);
        return s;
    }
    page_folder *root = m->several ? &m->root : &m->articles[0].folder;
    nr_status s = m->several ? open_folder(m, root, job->folder) : NR_OK;
    for (int i = 0; i < PAGE_FILES && !s; i++)
        s = page_folder_check(root, page_file_names[i], m->err);
    if (!s && m->several)
        s = page_folder_check(root, "index.html", m->err);
    return s;
}

/* A podcast's feed beside the pages. */
static bool has_feed(const char *folder)
{
    char *path = join(folder, "feed", ".xml");
    FILE *f = path ? fopen(path, "r") : NULL;
    if (f)
        fclose(f);
    free(path);
    return f != NULL;
}

/* ---------------------------------------------------------------- sound */

static void on_progress(void *ctx, double share)
{
    maker *m = ctx;
    if (m->job->progress)
        m->job->progress(m->job->ctx, m->at, share);
}

static void on_warning(void *ctx, const char *message)
{
    maker *m = ctx;
    if (m->job->warning)
        m->job->warning(m->job->ctx, message);
}

static void on_narrating(void *ctx, nr_narrator *narrator)
{
    maker *m = ctx;
    if (m->job->narrating)
        m->job->narrating(m->job->ctx, narrator);
}

static page_beside beside_of(const maker *m, const article *a)
{
    page_beside b = {.sounds = a->sounds, .sound_count = 2, .image = a->lead.bytes.n ? a->lead.name : NULL, .language = a->language};
    if (m->job->single)
        return b;
    b.captions = a->captions;
    b.transcript = a->transcript;
    b.chapters = json_object_get(a->folder.files, a->chapters) ? a->chapters : NULL;
    if (m->feed)
        b.feed = m->several ? "../feed.xml" : "feed.xml";
    return b;
}

/* Messages tell of the place where a file will be. */
static nr_status told_of(const article *a, nr_status s, nr_error *err)
{
    char before[sizeof err->msg];
    const char *at = s && err && a->folder.stage ? strstr(err->msg, a->folder.stage) : NULL;
    if (!at)
        return s;
    snprintf(before, sizeof before, "%s", err->msg);
    snprintf(err->msg, sizeof err->msg, "%.*s%s%s", (int)(at - err->msg), before, a->folder.path,
             before + (at - err->msg) + strlen(a->folder.stage));
    return s;
}

/* Captions or a transcript, whose name stays if the page has it. */
static nr_status write_one_beside(maker *m, article *a, const timeline *times, beside_kind kind, const char *name)
{
    uint64_t bytes;
    char *path = page_folder_stage(&a->folder, name, m->err);
    nr_status s = path ? told_of(a, captions_write(times, kind, path, NULL, true, m->err), m->err) : m->err->status;
    free(path);
    return s ? s : page_folder_take(&a->folder, name, &bytes, m->err);
}

static nr_status write_beside(maker *m, article *a, const timeline *times)
{
    nr_buffer json = NR_BUFFER_INIT(LARGEST);
    nr_status s = write_one_beside(m, a, times, BESIDE_VTT, a->captions);
    if (!s)
        s = write_one_beside(m, a, times, BESIDE_TEXT, a->transcript);
    if (!s && times->chapter_count)
        s = chapters_text(&json, times, NULL, m->err);
    if (!s && json.n)
        s = page_folder_write(&a->folder, a->chapters, nr_buffer_view(&json), m->err);
    nr_buffer_free(&json);
    return s;
}

static nr_status narrate(maker *m, article *a, publish_result *result)
{
    const page_job *job = m->job;
    publish_file files[2] = {{0}};
    publish_job how;
    nr_status s = NR_OK;
    for (int i = 0; i < 2 && !s; i++) {
        files[i].path = page_folder_stage(&a->folder, a->sound_names[i], m->err);
        s = files[i].path ? NR_OK : m->err->status;
    }
    publish_job_init(&how);
    how.docs = &a->doc;
    how.doc_count = 1;
    how.tags.article = a->source->name;
    how.tags.no_cover = true; /* the page shows it */
    how.locale = job->locale;
    how.voice = job->voice;
    how.script = job->script;
    how.master = job->master;
    how.files = files;
    how.file_count = 2;
    how.ctx = m;
    how.progress = on_progress;
    how.warning = on_warning;
    how.narrating = on_narrating;
    if (!s)
        s = told_of(a, publish_produce(&how, m->cancel, result, m->err), m->err);
    for (int i = 0; i < 2; i++)
        free((char *)files[i].path);
    return s;
}

static nr_status write_article_json(maker *m, article *a, const timeline *times, const page_beside *beside)
{
    a->seconds = timeline_seconds(times, times->frames);
    nr_buffer_truncate(&a->json, 0);
    return page_write_json(&a->json, times, beside, m->err);
}

static nr_status narrate_anew(maker *m, article *a)
{
    publish_result result;
    nr_status s = narrate(m, a, &result);
    if (s)
        return s;
    for (int i = 0; i < 2 && !s; i++)
        s = page_folder_take(&a->folder, a->sound_names[i], &a->sounds[i].bytes, m->err);
    if (!s)
        s = write_beside(m, a, &result.times);
    page_beside beside = beside_of(m, a);
    if (!s)
        s = write_article_json(m, a, &result.times, &beside);
    if (!s)
        s = page_folder_write(&a->folder, "article.json", nr_buffer_view(&a->json), m->err);
    a->anew = true;
    timeline_free(&result.times);
    return s;
}

/* ---------------------------------------------------------------- pages */

static bool same_feed(const maker *m, const article *a)
{
    const char *feed = page_folder_fact(&a->folder, "feed");
    return feed && (strcmp(feed, "yes") == 0) == m->feed;
}

static bool is_up_to_date(const maker *m, const article *a)
{
    const char *made = page_folder_fact(&a->folder, "made");
    bool up = !m->job->overwrite && made && strcmp(made, a->made) == 0 && same_feed(m, a) && page_folder_has(&a->folder, "article.json");
    for (int i = 0; i < 2; i++)
        up = up && page_folder_has(&a->folder, a->sound_names[i]);
    up = up && page_folder_has(&a->folder, a->captions) && page_folder_has(&a->folder, a->transcript);
    return up && (a->lead.bytes.n == 0) == (page_folder_fact(&a->folder, "image") == NULL);
}

/* Takes over what the run before has narrated. */
static nr_status keep_sound(maker *m, article *a)
{
    nr_status s = page_folder_keep(&a->folder, "article.json");
    if (!s)
        s = page_folder_keep(&a->folder, a->captions);
    if (!s)
        s = page_folder_keep(&a->folder, a->transcript);
    if (!s && page_folder_has(&a->folder, a->chapters))
        s = page_folder_keep(&a->folder, a->chapters);
    for (int i = 0; i < 2 && !s; i++) {
        s = page_folder_keep(&a->folder, a->sound_names[i]);
        a->sounds[i].bytes = (uint64_t)json_integer_value(json_object_get(a->folder.files, a->sound_names[i]));
    }
    a->seconds = page_folder_number(&a->folder, "seconds");
    char *path = join(a->folder.path, "article", ".json");
    if (s || !path)
        s = nr_fail_memory(m->err);
    else
        s = nr_file_read(path, &a->json, m->err);
    free(path);
    return s;
}

static page_shell shell_of(const maker *m, const article *a, const page_beside *beside)
{
    return (page_shell){.doc = a->doc, .words = &a->words, .beside = beside, .json = nr_buffer_view(&a->json), .seconds = a->seconds,
                        .made = a->made, .root = m->several && !m->job->single ? "../" : "", .indexed = m->several,
                        .single = m->job->single, .plain = beside->sounds, .plain_count = beside->sound_count,
                        .width = a->lead.width, .height = a->lead.height};
}

static nr_status write_html(maker *m, article *a, const char *name, const page_shell *shell)
{
    nr_buffer html = NR_BUFFER_INIT(LARGEST);
    nr_status s = page_write_page(&html, shell, m->err);
    if (!s)
        s = page_folder_write(&a->folder, name, nr_buffer_view(&html), m->err);
    nr_buffer_free(&html);
    return s;
}

static nr_status write_shared(maker *m, page_folder *f)
{
    nr_status s = NR_OK;
    for (int i = 0; i < PAGE_FILES && !s; i++)
        s = page_folder_write(f, page_file_names[i], page_file(page_file_names[i]), m->err);
    return s;
}

static json_t *facts_of(const maker *m, const article *a)
{
    json_t *o = json_pack("{s:i, s:s, s:s, s:s, s:f}", "narrate", 1, "made", a->made, "source", identity(a), "feed", m->feed ? "yes" : "no",
                          "seconds", a->seconds);
    if (a->lead.bytes.n)
        json_object_set_new(o, "image", json_string(a->lead.name));
    return o;
}

static nr_status make_page(maker *m, article *a)
{
    nr_status s = is_up_to_date(m, a) ? keep_sound(m, a) : narrate_anew(m, a);
    page_beside beside = beside_of(m, a);
    page_shell shell = shell_of(m, a, &beside);
    if (!s && a->lead.bytes.n)
        s = page_folder_write(&a->folder, a->lead.name, nr_buffer_view(&a->lead.bytes), m->err);
    if (!s && !m->several)
        s = write_shared(m, &a->folder);
    if (!s)
        s = write_html(m, a, "index.html", &shell);
    if (!s)
        s = page_folder_finish(&a->folder, facts_of(m, a), m->err);
    return s;
}

/* ---------------------------------------------------------------- single pages */

/* "data:audio/mpeg;base64,..." */
static void put_data(nr_buffer *out, const char *type, nr_view bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    nr_buffer_printf(out, "data:%s;base64,", type);
    if (nr_buffer_reserve(out, bytes.n / 3 * 4 + 8))
        return;
    for (size_t i = 0; i < bytes.n; i += 3) {
        unsigned n = (unsigned)(unsigned char)bytes.p[i] << 16;
        n |= i + 1 < bytes.n ? (unsigned)(unsigned char)bytes.p[i + 1] << 8 : 0;
        n |= i + 2 < bytes.n ? (unsigned char)bytes.p[i + 2] : 0;
        out->p[out->n++] = digits[n >> 18];
        out->p[out->n++] = digits[n >> 12 & 63];
        out->p[out->n++] = i + 1 < bytes.n ? digits[n >> 6 & 63] : '=';
        out->p[out->n++] = i + 2 < bytes.n ? digits[n & 63] : '=';
    }
    out->p[out->n] = '\0';
}

/* A sound in the hidden folder becomes an address; the file goes. */
static nr_status read_sound(maker *m, article *a, int i, nr_buffer *address)
{
    nr_buffer bytes = NR_BUFFER_INIT(LARGEST / 2);
    char *path = page_folder_stage(&a->folder, a->sound_names[i], m->err);
    nr_status s = path ? nr_file_read(path, &bytes, m->err) : m->err->status;
    if (!s) {
        put_data(address, i ? types[i] : "audio/ogg", nr_buffer_view(&bytes));
        a->sounds[i].bytes = bytes.n;
        a->sounds[i].address = address->p;
        remove(path);
    }
    if (!s && address->failed)
        s = nr_fail(m->err, NR_ELIMIT, 0, "'%s' is too long for a single page", a->source->name);
    nr_buffer_free(&bytes);
    free(path);
    return s;
}

/* The player has the MP3, which every browser plays; what remains without scripts is the smaller Opus. Each is held once. */
static nr_status write_single(maker *m, article *a, const timeline *times)
{
    const char *slash = strrchr(a->target, '/');
    nr_buffer sounds[2] = {NR_BUFFER_INIT(LARGEST), NR_BUFFER_INIT(LARGEST)}, image = NR_BUFFER_INIT(LARGEST);
    nr_status s = read_sound(m, a, 0, &sounds[0]);
    if (!s)
        s = read_sound(m, a, 1, &sounds[1]);
    page_beside beside = beside_of(m, a);
    beside.sounds++;
    beside.sound_count = 1;
    beside.image = NULL;
    if (!s)
        s = write_article_json(m, a, times, &beside);
    if (a->lead.bytes.n) {
        put_data(&image, a->lead.type, nr_buffer_view(&a->lead.bytes));
        beside.image = image.p;
    }
    page_shell shell = shell_of(m, a, &beside);
    shell.plain = a->sounds;
    shell.plain_count = 1;
    if (!s)
        s = write_html(m, a, slash ? slash + 1 : a->target, &shell);
    nr_buffer_free(&sounds[0]);
    nr_buffer_free(&sounds[1]);
    nr_buffer_free(&image);
    return s;
}

/* How long the sound of a page that is there already is, from its article.json. */
static double single_seconds(const char *path)
{
    static const char key[] = "\"duration\":";
    double seconds = 0;
    char *line = NULL;
    size_t room = 0;
    FILE *f = fopen(path, "r");
    while (f && !seconds && getline(&line, &room, f) > 0) {
        const char *at = strstr(line, "application/json") ? strstr(line, key) : NULL;
        seconds = at ? strtod(at + strlen(key), NULL) : 0;
    }
    if (f)
        fclose(f);
    free(line);
    return seconds;
}

static nr_status make_single(maker *m, article *a)
{
    if (!m->job->overwrite && single_is_ours(a->target, a->made)) {
        a->seconds = single_seconds(a->target);
        return NR_OK;
    }
    publish_result result;
    nr_status s = narrate(m, a, &result);
    if (s)
        return s;
    a->anew = true;
    s = write_single(m, a, &result.times);
    timeline_free(&result.times);
    return s ? s : page_folder_finish(&a->folder, NULL, m->err);
}

/* ---------------------------------------------------------------- the whole */

static nr_status write_index_file(maker *m, nr_view html)
{
    if (!m->job->single) {
        nr_status s = write_shared(m, &m->root);
        if (!s)
            s = page_folder_write(&m->root, "index.html", html, m->err);
        return s ? s : page_folder_finish(&m->root, json_pack("{s:i}", "narrate", 1), m->err);
    }
    page_folder folder;
    nr_status s = open_folder(m, &folder, m->job->folder);
    if (!s)
        s = page_folder_write(&folder, "index.html", html, m->err);
    if (!s)
        s = page_folder_finish(&folder, NULL, m->err);
    page_folder_close(&folder);
    return s;
}

static nr_status make_index(maker *m)
{
    size_t count = m->job->count;
    page_entry *entries = calloc(count, sizeof *entries);
    char (*addresses)[96] = calloc(count, sizeof *addresses);
    nr_buffer html = NR_BUFFER_INIT(LARGEST);
    page_words words = {0};
    nr_status s = entries && addresses ? page_words_open(&words, m->articles[0].language, m->err) : nr_fail_memory(m->err);
    for (size_t i = 0; i < count && !s; i++) {
        const article *a = &m->articles[i];
        snprintf(addresses[i], sizeof *addresses, m->job->single ? "%s.html" : "%s/index.html", a->slug);
        entries[i] = (page_entry){.address = addresses[i], .doc = a->doc, .language = a->language, .seconds = a->seconds};
    }
    if (!s)
        s = page_write_index(&html, entries, count, &words, m->feed ? "feed.xml" : NULL, m->job->single, m->err);
    if (!s)
        s = write_index_file(m, nr_buffer_view(&html));
    page_words_close(&words);
    nr_buffer_free(&html);
    free(addresses);
    free(entries);
    return s;
}

static nr_status begin_article(maker *m, size_t i)
{
    article *a = &m->articles[i];
    a->source = &m->job->sources[i];
    a->doc = a->source->doc;
    a->json = NR_BUFFER_INIT(LARGEST);
    a->language = page_language_of(a->doc, m->job->locale);
    page_lead_find(&a->lead, a->doc, a->source->name);
    name_article(m, i);
    name_files(a);
    work_out_made(m, a);
    nr_status s = name_target(m, a);
    if (!s)
        s = page_words_open(&a->words, a->language, m->err);
    return s ? s : check_article(m, a);
}

static nr_status make_one(maker *m, size_t i)
{
    article *a = &m->articles[i];
    m->at = i;
    nr_status s = m->job->single ? make_single(m, a) : make_page(m, a);
    if (!s && m->job->made) {
        char *path = m->job->single ? strdup(a->target) : join(a->target, "index", ".html");
        m->job->made(m->job->ctx, path ? path : a->target, a->seconds, a->anew);
        free(path);
    }
    return s;
}

/* Pages of several articles go into folders of a folder that must be there. */
static nr_status make_root(maker *m)
{
    page_folder f;
    if (!m->several && !(m->job->single && !names_a_file(m->job)))
        return NR_OK;
    nr_status s = open_folder(m, &f, m->job->folder);
    if (!s && f.is_new) {
        free(page_folder_stage(&f, "", m->err));
        s = f.stage ? page_folder_finish(&f, NULL, m->err) : m->err->status;
        m->made_root = !s;
        m->root.is_new = false;
    }
    for (size_t i = 0; i < m->job->count && m->made_root && m->job->single; i++)
        m->articles[i].folder.is_new = false;
    page_folder_close(&f);
    return s;
}

static void free_article(article *a)
{
    page_folder_close(&a->folder);
    page_words_close(&a->words);
    page_lead_free(&a->lead);
    nr_buffer_free(&a->json);
    free(a->target);
}

nr_status page_make(const page_job *job, const volatile int *cancel, nr_error *err)
{
    nr_error own;
    maker m = {.job = job, .cancel = cancel, .err = err ? err : &own, .several = job->count > 1};
    m.articles = calloc(job->count, sizeof *m.articles);
    nr_status s = m.articles ? NR_OK : nr_fail_memory(m.err);
    m.feed = has_feed(job->folder);
    for (size_t i = 0; i < job->count && !s; i++)
        s = begin_article(&m, i);
    if (!s)
        s = check_root(&m);
    if (!s)
        s = make_root(&m);
    for (size_t i = 0; i < job->count && !s; i++)
        s = make_one(&m, i);
    if (!s && m.several)
        s = make_index(&m);
    for (size_t i = 0; m.articles && i < job->count; i++)
        free_article(&m.articles[i]);
    page_folder_close(&m.root);
    if (s && m.made_root)
        rmdir(job->folder); /* which it does only if there is nothing in it */
    free(m.articles);
    return s;
}
