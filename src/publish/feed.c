#include "publish/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/output.h"
#include "publish/captions.h"
#include "publish/chapters.h"
#include "publish/feed_show.h"
#include "publish/worklist.h"

enum { DESCRIPTION_MOST = 3900, XML_MOST = 1 << 28 };

typedef struct feed {
    const feed_job *job;
    const volatile int *cancel;
    feed_state state;
    feed_result *result;
    int lock;
    bool made; /* the folder */
    picture image; /* the show's, where it was given */
    nr_error *err;
} feed;

/* One article on its way to being an episode. */
typedef struct candidate {
    const nr_document *doc;
    const char *source;  /* for people */
    const char *key;
    const char *listed;  /* what a feed says of it, or NULL */
    const char *date;    /* ISO, or NULL: the document's own */
    const char *title;   /* where the document has none */
} candidate;

static void report(feed *f, feed_event event, const char *source, double seconds, const char *error)
{
    f->result->counts[event]++;
    if (f->job->report)
        f->job->report(f->job->ctx, event, source, seconds, error);
}

static uint64_t hash_text(uint64_t h, const char *text)
{
    return text ? nr_hash(nr_hash(h, text, strlen(text)), "", 1) : nr_hash(h, "\1", 1);
}

/* ---------------------------------------------------------------- one episode */

/* "the-harbour-bridge-1a2b3c4d": what is in an address without escaping, and no other episode's. */
static void name_episode(char name[96], const char *title, const char *key)
{
    size_t n = 0;
    for (const char *p = title; *p && n < 60; p++) {
        char c = nr_ascii_lower(*p);
        if (nr_ascii_alpha(c) || nr_ascii_digit(c))
            name[n++] = c;
        else if (n && name[n - 1] != '-' && *p != '\'')
            name[n++] = '-';
    }
    while (n && name[n - 1] == '-')
        n--;
    snprintf(name + n, 96 - n, "%s%08x", n ? "-" : "episode-", (unsigned)hash_text(NR_HASH_START, key));
}

/* The author's description, else how the article begins; cut between words. */
static char *describe(const nr_document *doc)
{
    const char *said = nr_document_metadata(doc)->description;
    nr_view v = {said ? said : "", said ? strlen(said) : 0};
    size_t count;
    const nr_block *blocks = nr_document_blocks(doc, &count);
    for (size_t i = 0; v.n == 0 && i < count; i++)
        if (blocks[i].kind == NR_BLOCK_PARAGRAPH && !(blocks[i].flags & (NR_BLOCK_SILENT | NR_BLOCK_NAME)))
            v = (nr_view){nr_document_text(doc).p + blocks[i].span.start, blocks[i].span.end - blocks[i].span.start};
    bool cut = v.n > DESCRIPTION_MOST;
    if (cut) {
        v.n = DESCRIPTION_MOST;
        while (v.n && v.p[v.n] != ' ')
            v.n--;
    }
    char *text = NULL;
    return asprintf(&text, "%.*s%s", (int)v.n, v.p, cut ? " \xE2\x80\xA6" : "") < 0 ? NULL : text;
}

static const char *type_of(const feed_job *job) { return strcmp(job->file.format, "m4a") == 0 ? "audio/mp4" : "audio/mpeg"; }

static nr_status set_facts(feed *f, json_t *e, const candidate *c, const char *digest)
{
    const nr_metadata *m = nr_document_metadata(c->doc);
    const char *title = m->title && *m->title ? m->title : c->title ? c->title : c->source;
    char name[96], guid[32];
    char *about = describe(c->doc);
    bool fresh = !feed_text(e, "guid");
    name_episode(name, title, c->key);
    snprintf(guid, sizeof guid, "narrate-%016llx", (unsigned long long)hash_text(NR_HASH_START, c->key));
    nr_status s = about && json_object_set_new(e, "key", feed_key(c->key)) == 0 ? NR_OK : NR_ENOMEM;
    if (!s && fresh) /* these never change: players know an episode by them */
        s = feed_set(e, "guid", guid) ? NR_ENOMEM : feed_set(e, "name", name);
    const char *const facts[][2] = {{"digest", digest}, {"listed", c->listed}, {"title", title}, {"author", m->author},
                                    {"description", about}, {"date", c->date}, {"language", m->language}, {"url", m->url},
                                    {"type", type_of(f->job)}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts && !s; i++)
        s = feed_set(e, facts[i][0], facts[i][1]);
    free(about);
    return s ? nr_fail_memory(f->err) : NR_OK;
}

static char *path_of(const feed *f, const char *name, const char *ending)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s%s", f->job->folder, name, ending) < 0 ? NULL : path;
}

/* An episode while its sound is made. */
typedef struct rendering {
    feed *feed;
    json_t *episode;
} rendering;

/* One of the files beside the sound; the episode is marked as having it. */
static nr_status write_beside(feed *f, json_t *e, const timeline *times, beside_kind kind, const char *flag, nr_output_set *with)
{
    char ending[16];
    caption_options how = {.title = feed_text(e, "title"), .author = feed_text(e, "author"), .with = with};
    snprintf(ending, sizeof ending, ".%s", beside_ending(kind));
    char *path = path_of(f, feed_text(e, "name"), ending);
    nr_status s = path ? captions_write(times, kind, path, &how, true, f->err) : nr_fail_memory(f->err);
    free(path);
    return !s && json_object_set_new(e, flag, json_true()) ? nr_fail_memory(f->err) : s;
}

static nr_status write_chapters(feed *f, json_t *e, const timeline *times, nr_output_set *with)
{
    publish_tags tags = {.title = feed_text(e, "title"), .author = feed_text(e, "author"), .album = feed_text(f->state.show, "title")};
    json_object_del(e, "chapters");
    if (times->chapter_count == 0)
        return NR_OK;
    char *path = path_of(f, feed_text(e, "name"), ".chapters.json");
    nr_status s = path ? chapters_write(path, true, with, times, &tags, f->err) : nr_fail_memory(f->err);
    free(path);
    return !s && json_object_set_new(e, "chapters", json_true()) ? nr_fail_memory(f->err) : s;
}

static nr_status write_all_beside(void *ctx, const publish_result *said, nr_output_set *with, nr_error *err)
{
    rendering *r = ctx;
    (void)err; /* the feed's own */
    nr_status s = write_beside(r->feed, r->episode, &said->times, BESIDE_VTT, "captions", with);
    if (!s)
        s = write_beside(r->feed, r->episode, &said->times, BESIDE_HTML, "transcript", with);
    return s ? s : write_chapters(r->feed, r->episode, &said->times, with);
}

static const char *ending_of(const char *type) { return strcmp(type, "audio/mp4") == 0 ? ".m4a" : ".mp3"; }

/* Says it; the episode gets the sound's length. */
static nr_status render(feed *f, json_t *e, const candidate *c)
{
    char *sound = path_of(f, feed_text(e, "name"), ending_of(feed_text(e, "type")));
    if (!sound)
        return nr_fail_memory(f->err);
    rendering now = {f, e};
    publish_file file = f->job->file;
    file.path = sound;
    publish_job job = f->job->sound;
    publish_result said;
    job.docs = &c->doc;
    job.doc_count = 1;
    job.files = &file;
    job.file_count = 1;
    job.overwrite = true;
    job.tags.title = feed_text(e, "title");
    job.tags.album = feed_text(f->state.show, "title");
    job.tags.date = c->date;
    job.tags.article = c->source;
    job.beside_ctx = &now;
    job.beside = write_all_beside;
    nr_status s = publish_produce(&job, f->cancel, &said, f->err);
    struct stat st;
    if (!s && stat(sound, &st) < 0)
        s = nr_fail(f->err, NR_EIO, errno, "cannot find '%s' again: %s", sound, strerror(errno));
    if (!s && (json_object_set_new(e, "bytes", json_integer(st.st_size)) ||
               json_object_set_new(e, "seconds", json_real(timeline_seconds(&said.times, said.times.frames)))))
        s = nr_fail_memory(f->err);
    timeline_free(&said.times);
    free(sound);
    return s;
}

static bool has(const feed *f, const json_t *e, const char *ending)
{
    char *path = path_of(f, feed_text(e, "name"), ending);
    bool is = path && access(path, F_OK) == 0;
    free(path);
    return is;
}

/* The episode's files are all there. */
static bool there(const feed *f, const json_t *e)
{
    static const char *const beside[][2] = {{"captions", ".vtt"}, {"transcript", ".html"}, {"chapters", ".chapters.json"}};
    bool whole = has(f, e, ending_of(feed_text(e, "type")));
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        whole = whole && (!json_is_true(json_object_get(e, beside[i][0])) || has(f, e, beside[i][1]));
    return whole;
}

static void digest_of(const feed *f, const candidate *c, char out[20])
{
    const nr_metadata *m = nr_document_metadata(c->doc);
    nr_view text = nr_document_text(c->doc);
    uint64_t h = nr_hash(NR_HASH_START, text.p, text.n);
    const char *const facts[] = {m->title, m->author, m->language, m->url, m->description, c->date, f->job->file.format, f->job->habits};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        h = hash_text(h, facts[i]);
    snprintf(out, 20, "%016llx", (unsigned long long)h);
}

/* The article becomes an episode, or is found to be one, unchanged. Only what would stop all the others is an error. */
static nr_status take(feed *f, const candidate *c)
{
    char digest[20];
    digest_of(f, c, digest);
    json_t *old = feed_state_find(&f->state, c->key);
    if (old && strcmp(feed_text(old, "digest"), digest) == 0 && there(f, old)) {
        feed_set(old, "listed", c->listed);
        report(f, FEED_KEPT, c->source, 0, NULL);
        return NR_OK;
    }
    json_t *e = old ? json_deep_copy(old) : json_object();
    if (!e)
        return nr_fail_memory(f->err);
    nr_status s = set_facts(f, e, c, digest);
    if (!s)
        s = render(f, e, c);
    if (s == NR_ENOTEXT || s == NR_EVOICE) { /* this one's own fault */
        report(f, FEED_FAILED, c->source, 0, f->err->msg);
        json_decref(e);
        return NR_OK;
    }
    if (!s) {
        double seconds = json_number_value(json_object_get(e, "seconds"));
        s = old ? (json_object_update(old, e) ? NR_ENOMEM : NR_OK) : feed_state_add(&f->state, json_incref(e));
        s = s ? nr_fail_memory(f->err) : feed_state_save(&f->state, f->job->folder, f->err);
        if (!s)
            report(f, old ? FEED_CHANGED : FEED_NEW, c->source, seconds, NULL);
    }
    json_decref(e);
    return s;
}

/* ---------------------------------------------------------------- sources */

/* A file's own date, for an article that has none. */
static bool file_date(const char *path, char out[32])
{
    struct stat st;
    struct tm t;
    return stat(path, &st) == 0 && gmtime_r(&st.st_mtime, &t) && strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &t) > 0;
}

/* The article's date in full, else its file's, else what was found the last time; at worst the day it was found. */
static const char *date_of(const feed *f, const candidate *c, char out[32])
{
    int64_t seconds;
    const nr_metadata *m = nr_document_metadata(c->doc);
    if (feed_time_of(m->date_iso, &seconds))
        return m->date_iso;
    if (c->date && feed_time_of(c->date, &seconds))
        return c->date;
    if (file_date(c->source, out))
        return out;
    const json_t *old = feed_state_find(&f->state, c->key);
    if (old)
        return feed_text(old, "date");
    time_t now = time(NULL); /* the one thing that a feed cannot know otherwise; it is kept */
    struct tm t;
    gmtime_r(&now, &t);
    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &t);
    return out;
}

static nr_status take_document(feed *f, candidate *c)
{
    char date[32];
    c->date = date_of(f, c, date);
    return take(f, c);
}

static bool is_web(const char *path) { return strncmp(path, "http", 4) == 0 && strstr(path, "://"); }

/* What a feed says of an article; where it says the same as last time, the article is not fetched again. */
static char *listing(const nr_entry *e, const char *habits)
{
    char *text = NULL;
    uint64_t h = hash_text(hash_text(hash_text(NR_HASH_START, e->title), e->date_iso), habits);
    return asprintf(&text, "%016llx", (unsigned long long)h) < 0 ? NULL : text;
}

static nr_status take_entry(feed *f, const char *path, const nr_document *list, const nr_entry *e, uint32_t number)
{
    char *listed = listing(e, f->job->habits);
    char key[40];
    snprintf(key, sizeof key, "%016llx", (unsigned long long)hash_text(hash_text(NR_HASH_START, path), e->title));
    candidate c = {.source = e->url ? e->url : e->title ? e->title : path, .key = e->url ? e->url : key, .listed = listed,
                   .date = e->date_iso, .title = e->title};
    const json_t *old = feed_state_find(&f->state, c.key);
    const char *before = old ? feed_text(old, "listed") : NULL;
    nr_document *doc = NULL;
    nr_read_options how = f->job->read;
    how.name = path;
    nr_status s = listed ? NR_OK : nr_fail_memory(f->err);
    if (!s && is_web(path) && before && strcmp(before, listed) == 0 && there(f, old)) {
        report(f, FEED_KEPT, c.source, 0, NULL);
    } else if (!s && nr_document_open_entry(&doc, list, number, &how, f->err)) {
        report(f, FEED_FAILED, c.source, 0, f->err->msg);
    } else if (!s) {
        c.doc = doc;
        s = take_document(f, &c);
    }
    nr_document_free(doc);
    free(listed);
    return s;
}

static nr_status adopt_show(feed *f, const nr_document *doc)
{
    const nr_metadata *m = nr_document_metadata(doc);
    json_t *show = f->state.show;
    nr_status s = NR_OK;
    if (m->title && !feed_text(show, "title"))
        s = feed_set(show, "title", m->title);
    if (!s && m->description && !feed_text(show, "about"))
        s = feed_set(show, "about", m->description);
    if (!s && m->language && !feed_text(show, "language"))
        s = feed_set(show, "language", m->language);
    return s ? nr_fail_memory(f->err) : NR_OK;
}

static bool stopped(const feed *f) { return f->cancel && *f->cancel; }

/* From the oldest to the newest, so that episodes come into being in their order. */
static nr_status take_feed(feed *f, const char *path, const nr_document *doc)
{
    size_t count;
    const nr_entry *entries = nr_document_entries(doc, &count);
    size_t most = f->job->newest && f->job->newest < count ? f->job->newest : count;
    nr_status s = adopt_show(f, doc);
    for (size_t i = most; i > 0 && !s; i--)
        s = stopped(f) ? nr_fail(f->err, NR_CANCELLED, 0, "stopped") : take_entry(f, path, doc, &entries[i - 1], (uint32_t)i);
    return s;
}

static nr_status take_path(feed *f, const char *path, const char *name)
{
    nr_document *doc = NULL;
    nr_read_options how = f->job->read;
    if (stopped(f))
        return nr_fail(f->err, NR_CANCELLED, 0, "stopped");
    if (nr_document_open(&doc, path, &how, f->err)) {
        report(f, FEED_FAILED, path, 0, f->err->msg);
        return NR_OK;
    }
    nr_status s;
    if (strcmp(nr_document_format(doc), "feed") == 0) {
        s = take_feed(f, path, doc);
    } else {
        const char *url = nr_document_metadata(doc)->url;
        candidate c = {.doc = doc, .source = path, .key = url ? url : name, .title = name};
        s = take_document(f, &c);
    }
    nr_document_free(doc);
    return s;
}

static nr_status take_folder(feed *f, const char *path)
{
    worklist list;
    nr_status s = worklist_read(&list, path, false, f->job->folder, f->err);
    if (s == NR_ENOTEXT)
        return NR_OK; /* an empty folder adds nothing */
    for (size_t i = 0; i < list.count && !s; i++)
        s = take_path(f, list.items[i].source, list.items[i].name);
    worklist_free(&list);
    return s;
}

static nr_status take_source(feed *f, const char *source)
{
    struct stat st;
    if (stat(source, &st) == 0 && S_ISDIR(st.st_mode))
        return take_folder(f, source);
    const char *slash = strrchr(source, '/');
    bool web = strstr(source, "://") != NULL;
    return take_path(f, source, slash && slash[1] && !web ? slash + 1 : source);
}

/* ---------------------------------------------------------------- the show */

/* By what it is: "cover.jpg" or "cover.png". */
static nr_status copy_image(feed *f, const picture *p)
{
    const char *name = strcmp(p->mime, "image/png") == 0 ? "cover.png" : "cover.jpg";
    char *path = path_of(f, name, "");
    nr_status s = path ? nr_output_write_file(path, nr_buffer_view(&p->bytes), true, f->err) : nr_fail_memory(f->err);
    if (!s && feed_set(f->state.show, "image", name))
        s = nr_fail_memory(f->err);
    free(path);
    return s;
}

static nr_status set_base(feed *f, const char *url)
{
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        return nr_fail(f->err, NR_EINVAL, 0, "cannot serve a feed from '%s': an address begins with https:// or http://", url);
    char *base = NULL;
    bool slash = url[strlen(url) - 1] == '/';
    nr_status s = asprintf(&base, "%s%s", url, slash ? "" : "/") < 0 ? NR_ENOMEM : feed_set(f->state.show, "base_url", base);
    free(base);
    return s ? nr_fail_memory(f->err) : NR_OK;
}

/* What it is known by for all time. */
static nr_status give_guid(feed *f)
{
#ifdef NR_HAVE_XML
    char guid[40];
    json_t *show = f->state.show;
    if (feed_text(show, "guid"))
        return NR_OK;
    feed_show_guid(feed_text(show, "base_url"), guid);
    return guid[0] && feed_set(show, "guid", guid) ? nr_fail_memory(f->err) : NR_OK;
#else
    (void)f;
    return NR_OK;
#endif
}

static nr_status begin_show(feed *f)
{
    const feed_show *w = &f->job->show;
    json_t *show = f->state.show;
    const char *const facts[][2] = {{"title", w->title}, {"about", w->about}, {"author", w->author}, {"email", w->email},
                                    {"category", w->category}, {"language", w->language}, {"locked", w->locked}};
    nr_status s = NR_OK;
    for (size_t i = 0; i < sizeof facts / sizeof *facts && !s; i++)
        if (facts[i][1])
            s = feed_set(show, facts[i][0], facts[i][1]);
    if (s || (w->is_explicit && json_object_set_new(show, "explicit", json_true())))
        return nr_fail_memory(f->err);
    if (!w->base_url && !feed_text(show, "base_url"))
        return nr_fail(f->err, NR_EINVAL, 0, "cannot make a feed without knowing where it will be served: give --base-url https://...");
    s = w->base_url ? set_base(f, w->base_url) : NR_OK;
    if (!s && w->image)
        s = picture_open(&f->image, w->image, f->err);
    if (!s && w->image)
        s = copy_image(f, &f->image);
    return s ? s : give_guid(f);
}

/* The language of the first episode that has one, where nobody said it. */
static nr_status end_show(feed *f)
{
    json_t *show = f->state.show;
    size_t i;
    const json_t *e;
    const char *language = feed_text(show, "language");
    json_array_foreach(f->state.episodes, i, e)
        if (!language)
            language = feed_text(e, "language");
    if (!language)
        language = f->job->sound.locale ? f->job->sound.locale : "en";
    return feed_set(show, "language", language) ? nr_fail_memory(f->err) : NR_OK;
}

/* A show that nobody has named is called as its folder is, until somebody does. That is not remembered. */
static nr_status name_show(feed *f, bool *named)
{
    *named = feed_text(f->state.show, "title");
    if (*named)
        return NR_OK;
    char *path = realpath(f->job->folder, NULL);
    const char *slash = path ? strrchr(path, '/') : NULL;
    nr_status s = !path ? NR_ENOMEM : feed_set(f->state.show, "title", slash && slash[1] ? slash + 1 : "narrate");
    free(path);
    return s ? nr_fail_memory(f->err) : NR_OK;
}

static nr_status write_feed(feed *f)
{
    nr_buffer xml = NR_BUFFER_INIT(XML_MOST);
    char *path = path_of(f, FEED_FILE, "");
    bool named = true;
    nr_status s = path ? name_show(f, &named) : nr_fail_memory(f->err);
#ifdef NR_HAVE_XML
    if (!s)
        s = feed_write_xml(&f->state, &xml, f->err);
#endif
    if (!s)
        s = nr_output_write_file(path, nr_buffer_view(&xml), true, f->err);
#ifdef NR_HAVE_XML
    if (!s && f->job->sound.warning)
        feed_show_check(f->state.show, named, f->image.bytes.n ? &f->image : NULL, f->job->sound.warning, f->job->sound.ctx);
#endif
    nr_buffer_free(&xml);
    free(path);
    return s;
}

/* ---------------------------------------------------------------- the folder */

static nr_status open_folder(feed *f)
{
    const char *folder = f->job->folder;
    f->made = mkdir(folder, 0777) == 0;
    if (!f->made && errno != EEXIST)
        return nr_fail(f->err, NR_EIO, errno, "cannot make the folder '%s': %s", folder, strerror(errno));
    f->lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (f->lock < 0)
        return nr_fail(f->err, NR_EIO, errno, "cannot open the folder '%s': %s", folder, strerror(errno));
    if (flock(f->lock, LOCK_EX | LOCK_NB) < 0)
        return nr_fail(f->err, NR_EIO, errno, "cannot work on '%s': another narrate is at it; wait until it has finished", folder);
    char *feed_path = path_of(f, FEED_FILE, ""), *state_path = path_of(f, FEED_STATE_FILE, "");
    nr_status s = !feed_path || !state_path ? nr_fail_memory(f->err)
                  : access(feed_path, F_OK) == 0 && access(state_path, F_OK) < 0
                      ? nr_fail(f->err, NR_EEXIST, EEXIST, "'%s' is not narrate's; name another folder, or move it away", feed_path)
                      : feed_state_open(&f->state, folder, f->err);
    free(feed_path);
    free(state_path);
    return s;
}

nr_status feed_make(const feed_job *job, const volatile int *cancel, feed_result *result, nr_error *err)
{
    feed f = {.job = job, .cancel = cancel, .result = result, .lock = -1, .image = {.bytes = NR_BUFFER_INIT(0)}, .err = err};
    *result = (feed_result){0};
#ifndef NR_HAVE_XML
    return nr_fail(err, NR_EINVAL, 0, "cannot make a feed: this narrate was built without libxml2 (NR_WITH_XML)");
#endif
    nr_status s = open_folder(&f);
    if (!s)
        s = begin_show(&f);
    for (size_t i = 0; i < job->source_count && !s; i++)
        s = take_source(&f, job->sources[i]);
    result->episodes = json_array_size(f.state.episodes);
    if (!s && result->episodes == 0)
        s = nr_fail(err, NR_ENOTEXT, 0, "there is no article to make a feed of");
    if (!s)
        s = end_show(&f);
    if (!s)
        s = feed_state_save(&f.state, job->folder, err);
    if (!s)
        s = write_feed(&f);
    picture_free(&f.image);
    feed_state_close(&f.state);
    if (f.lock >= 0)
        close(f.lock);
    if (s && f.made)
        rmdir(job->folder); /* where it is empty */
    return s;
}
