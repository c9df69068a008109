/* Markdown, parsed by cmark (CommonMark), with YAML front matter as metadata and footnotes as they are commonly
 * written:
 * "[^1]" in the text, "[^1]: ..." for the note. */
#include <cmark.h>
#include <stdlib.h>

#include "base/error.h"
#include "read/compose.h"
#include "read/date.h"
#include "read/lines.h"
#include "read/reader.h"

enum { LEVELS = 200 };

typedef struct level {
    bool ordered;
    uint32_t next;
} level;

typedef struct writer {
    nr_document *doc;
    nr_composer out;
    level lists[LEVELS];
    size_t list_depth, quote_depth;
    bool item_pending; /* the next paragraph begins an item */
    bool titled;       /* the title's block was written */
    cmark_node *title; /* the heading that is the title, written already */
    size_t image_depth;
} writer;

/* ---------------------------------------------------------------- front matter */

static nr_view unquote(nr_view v)
{
    v = nr_view_trim(v);
    if (v.n >= 2 && (v.p[0] == '"' || v.p[0] == '\'') && v.p[v.n - 1] == v.p[0])
        return (nr_view){v.p + 1, v.n - 2};
    return v;
}

/* Copies a value; '' in single quotes is an apostrophe, so two of them in a row are one. */
static void set(nr_document *doc, const char **field, nr_view v)
{
    if (*field || !v.n || v.n >= 1000)
        return;
    char *copy = nr_arena_string(&doc->arena, v);
    *field = copy;
    for (char *p = copy; p && (p = strstr(p, "''")) != NULL; p++)
        memmove(p, p + 1, strlen(p));
}

static void set_date(nr_document *doc, nr_view v)
{
    nr_date date;
    char iso[40], text[64];
    if (!nr_date_from_iso(v, &date)) {
        set(doc, &doc->metadata.date, v);
        return;
    }
    nr_date_write_iso(&date, iso);
    nr_date_write_human(&date, doc->metadata.language, text);
    set(doc, &doc->metadata.date, nr_view_of(text));
    set(doc, &doc->metadata.date_iso, nr_view_of(iso));
}

static void take_field(nr_document *doc, nr_view key, nr_view value)
{
    nr_metadata *m = &doc->metadata;
    if (nr_view_eq_nocase(key, NR_LIT("title")))
        set(doc, &m->title, value);
    else if (nr_view_eq_nocase(key, NR_LIT("author")) || nr_view_eq_nocase(key, NR_LIT("authors")))
        set(doc, &m->author, value);
    else if (nr_view_eq_nocase(key, NR_LIT("lang")) || nr_view_eq_nocase(key, NR_LIT("language")))
        set(doc, &m->language, value);
    else if (nr_view_eq_nocase(key, NR_LIT("description")) || nr_view_eq_nocase(key, NR_LIT("summary")))
        set(doc, &m->description, value);
    else if (nr_view_eq_nocase(key, NR_LIT("publisher")))
        set(doc, &m->publisher, value);
    else if (nr_view_eq_nocase(key, NR_LIT("url")) || nr_view_eq_nocase(key, NR_LIT("canonical")))
        set(doc, &m->url, value);
    else if (nr_view_eq_nocase(key, NR_LIT("image")))
        set(doc, &m->image, value);
}

/* "[Ann Lee, Bo Ek]" and a list of "- Ann Lee" lines are names; both become "Ann Lee and Bo Ek". */
static nr_view join(nr_document *doc, nr_view list, char separator)
{
    nr_buffer b = NR_BUFFER_INIT(900);
    while (list.n) {
        const char *at = nr_view_find_byte(list, separator);
        size_t n = at ? (size_t)(at - list.p) : list.n;
        nr_view name = nr_view_trim((nr_view){list.p, n});
        if (name.n > 1 && name.p[0] == '-')
            name = nr_view_trim((nr_view){name.p + 1, name.n - 1});
        name = unquote(name);
        list.p += n + (at ? 1 : 0);
        list.n -= n + (at ? 1 : 0);
        if (!name.n)
            continue;
        if (b.n)
            nr_buffer_put_string(&b, nr_view_trim(list).n ? ", " : " and ");
        nr_buffer_put_view(&b, name);
    }
    nr_view joined = b.failed ? (nr_view){NULL, 0} : nr_arena_copy(&doc->arena, nr_buffer_view(&b));
    nr_buffer_free(&b);
    return joined;
}

/* The value of "key:" when it stands on indented lines or items below; *rest is moved behind them. */
static nr_view value_below(nr_view *rest)
{
    nr_view below = {rest->p, 0};
    while (rest->n && strchr(" -\t", *rest->p) && !nr_view_starts(*rest, NR_LIT("---"))) {
        const char *nl = nr_view_find_byte(*rest, '\n');
        size_t n = nl ? (size_t)(nl - rest->p) + 1 : rest->n;
        below.n += n;
        rest->p += n;
        rest->n -= n;
    }
    return below;
}

static bool is_field_line(nr_view line)
{
    const char *colon = nr_view_find_byte(line, ':');
    if (!colon || colon == line.p || !nr_ascii_alpha(line.p[0]))
        return false;
    for (const char *p = line.p; p < colon; p++)
        if (!nr_ascii_alpha(*p) && !nr_ascii_digit(*p) && !strchr("_-. ", *p))
            return false;
    return true;
}

/* The bytes of the front matter: "---", fields, "---" or "..."; 0 when there is none. */
static size_t front_matter(nr_view text, nr_view *inside)
{
    nr_view v = text;
    if (!nr_view_starts(v, NR_LIT("---")))
        return 0;
    const char *nl = nr_view_find_byte(v, '\n');
    if (!nl || nr_view_trim((nr_view){v.p + 3, (size_t)(nl - v.p) - 3}).n)
        return 0;
    const char *start = nl + 1, *end = v.p + v.n;
    bool fields = false;
    for (const char *p = start; p < end; p = nl + 1) {
        nl = memchr(p, '\n', (size_t)(end - p));
        nr_view line = nr_view_trim((nr_view){p, (size_t)((nl ? nl : end) - p)});
        if (nr_view_is(line, "---") || nr_view_is(line, "...")) {
            *inside = (nr_view){start, (size_t)(p - start)};
            return fields ? (size_t)((nl ? nl + 1 : end) - v.p) : 0;
        }
        fields = fields || is_field_line(line);
        if (!nl)
            break;
    }
    return 0;
}

static size_t take_front_matter(nr_document *doc)
{
    nr_view rest, date = {NULL, 0}, changed = {NULL, 0};
    size_t length = front_matter(nr_buffer_view(&doc->text), &rest);
    while (length && rest.n) {
        const char *nl = nr_view_find_byte(rest, '\n');
        nr_view line = {rest.p, nl ? (size_t)(nl - rest.p) : rest.n};
        rest.p += line.n + (nl ? 1 : 0);
        rest.n -= line.n + (nl ? 1 : 0);
        if (!is_field_line(line))
            continue;
        const char *colon = nr_view_find_byte(line, ':');
        nr_view key = nr_view_trim((nr_view){line.p, (size_t)(colon - line.p)});
        nr_view value = unquote((nr_view){colon + 1, line.n - (size_t)(colon + 1 - line.p)});
        bool folded =
            nr_view_is(value, ">") || nr_view_is(value, "|") || nr_view_is(value, ">-") || nr_view_is(value, "|-");
        if (!value.n || folded) {
            nr_view below = value_below(&rest);
            value = folded ? nr_view_trim(below) : join(doc, below, '\n');
        }
        if (value.n > 2 && value.p[0] == '[' && value.p[value.n - 1] == ']')
            value = join(doc, (nr_view){value.p + 1, value.n - 2}, ',');
        if (nr_view_eq_nocase(key, NR_LIT("date")) || nr_view_eq_nocase(key, NR_LIT("published")))
            date = value;
        else if (nr_view_eq_nocase(key, NR_LIT("modified")) || nr_view_eq_nocase(key, NR_LIT("updated")))
            changed = value;
        else
            take_field(doc, key, value);
    }
    if (date.n)
        set_date(doc, date);
    set(doc, &doc->metadata.modified, changed);
    return length;
}

/* ---------------------------------------------------------------- the opening */

/* The first block, when it is a heading of the first level; and the only one of its level or no title is known. */
static cmark_node *title_heading(cmark_node *root)
{
    cmark_node *first = cmark_node_first_child(root);
    bool heading =
        first && cmark_node_get_type(first) == CMARK_NODE_HEADING && cmark_node_get_heading_level(first) == 1;
    return heading ? first : NULL;
}

static nr_view plain_text(writer *w, cmark_node *node)
{
    nr_buffer b = NR_BUFFER_INIT(2000);
    cmark_iter *iter = cmark_iter_new(node);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *n = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(n);
        if (event != CMARK_EVENT_ENTER)
            continue;
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
            nr_buffer_put_string(&b, cmark_node_get_literal(n));
        else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
            nr_buffer_put_char(&b, ' ');
    }
    cmark_iter_free(iter);
    nr_view v = b.n && !b.failed ? nr_arena_copy(&w->doc->arena, nr_buffer_view(&b)) : (nr_view){NULL, 0};
    nr_buffer_free(&b);
    return v;
}

static void write_opening(writer *w, cmark_node *root)
{
    nr_metadata *m = &w->doc->metadata;
    cmark_node *heading = title_heading(root);
    nr_view text = heading ? plain_text(w, heading) : (nr_view){NULL, 0};
    if (heading && (!m->title || nr_view_eq_nocase(text, nr_view_of(m->title)))) {
        set(w->doc, &m->title, text);
        w->title = heading;
    }
    if (m->title)
        nr_compose_block(&w->out, NR_BLOCK_TITLE, 0, nr_view_of(m->title));
    if (m->author) {
        nr_compose_begin(&w->out, (nr_block){.kind = NR_BLOCK_BYLINE});
        nr_compose_text(&w->out, NR_LIT("By "));
        nr_compose_text(&w->out, nr_view_of(m->author));
        nr_compose_end(&w->out);
    }
    if (m->date)
        nr_compose_block(&w->out, NR_BLOCK_DATE, 0, nr_view_of(m->date));
}

/* ---------------------------------------------------------------- inlines */

/* The bytes of a footnote mark, "[^name]", at v, or 0. */
static size_t note_mark(nr_view v)
{
    if (!nr_view_starts(v, NR_LIT("[^")))
        return 0;
    for (size_t i = 2; i < v.n && i < 40; i++) {
        if (v.p[i] == ']')
            return i > 2 ? i + 1 : 0;
        if (nr_ascii_space(v.p[i]) || v.p[i] == '[')
            return 0;
    }
    return 0;
}

static void write_text(writer *w, nr_view v)
{
    while (v.n) {
        const char *mark = nr_view_find(v, NR_LIT("[^"));
        size_t n = mark ? (size_t)(mark - v.p) : v.n;
        nr_compose_text(&w->out, (nr_view){v.p, n});
        v.p += n;
        v.n -= n;
        size_t length = v.n ? note_mark(v) : 0;
        if (length) {
            nr_compose_open(&w->out, NR_INLINE_SILENT, (nr_view){NULL, 0});
            nr_compose_text(&w->out, (nr_view){v.p, length});
            nr_compose_close(&w->out);
        } else if (v.n) {
            length = 2;
            nr_compose_text(&w->out, (nr_view){v.p, length});
        }
        v.p += length;
        v.n -= length;
    }
}

static void write_inline(writer *w, cmark_node *n, bool enter)
{
    nr_view none = {NULL, 0};
    switch (cmark_node_get_type(n)) {
    case CMARK_NODE_TEXT:
        write_text(w, nr_view_of(cmark_node_get_literal(n)));
        break;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
        nr_compose_text(&w->out, NR_LIT(" "));
        break;
    case CMARK_NODE_CODE:
        nr_compose_open(&w->out, NR_INLINE_CODE, none);
        nr_compose_text(&w->out, nr_view_of(cmark_node_get_literal(n)));
        nr_compose_close(&w->out);
        break;
    case CMARK_NODE_EMPH:
    case CMARK_NODE_STRONG:
        if (enter)
            nr_compose_open(&w->out, NR_INLINE_EMPHASIS, none);
        else
            nr_compose_close(&w->out);
        break;
    case CMARK_NODE_LINK:
        if (enter)
            nr_compose_open(&w->out, NR_INLINE_LINK, nr_view_of(cmark_node_get_url(n)));
        else
            nr_compose_close(&w->out);
        break;
    default:
        break; /* inline HTML is mark-up */
    }
}

/* ---------------------------------------------------------------- blocks */

static bool is_only_image(cmark_node *paragraph)
{
    cmark_node *child = cmark_node_first_child(paragraph);
    return child && !cmark_node_next(child) && cmark_node_get_type(child) == CMARK_NODE_IMAGE;
}

/* "[^1]: The note." begins with its mark. */
static bool is_note(cmark_node *paragraph)
{
    cmark_node *child = cmark_node_first_child(paragraph);
    nr_buffer b = NR_BUFFER_INIT(256);
    for (; child && cmark_node_get_type(child) == CMARK_NODE_TEXT && b.n < 60; child = cmark_node_next(child))
        nr_buffer_put_string(&b, cmark_node_get_literal(child));
    size_t length = b.n ? note_mark(nr_buffer_view(&b)) : 0;
    bool note = length && length < b.n && b.p[length] == ':';
    nr_buffer_free(&b);
    return note;
}

static void begin_paragraph(writer *w, cmark_node *n)
{
    nr_block b = {.kind = NR_BLOCK_PARAGRAPH};
    level *list = w->list_depth && w->list_depth <= LEVELS ? &w->lists[w->list_depth - 1] : NULL;
    if (is_only_image(n)) {
        b.kind = NR_BLOCK_CAPTION;
        b.flags = NR_BLOCK_SILENT;
    } else if (is_note(n)) {
        b.kind = NR_BLOCK_FOOTNOTE;
        b.flags = NR_BLOCK_SILENT;
    } else if (w->item_pending && list) {
        b.kind = NR_BLOCK_ITEM;
        b.level = (uint8_t)(w->list_depth < 255 ? w->list_depth : 255);
        b.number = list->ordered ? list->next - 1 : 0;
        w->item_pending = false;
    } else if (w->quote_depth) {
        b.kind = NR_BLOCK_QUOTE;
    }
    nr_compose_begin(&w->out, b);
}

static void write_code(writer *w, cmark_node *n)
{
    nr_compose_left_out(&w->out, NR_BLOCK_CODE, 0);
    nr_compose_begin(&w->out, (nr_block){.kind = NR_BLOCK_CODE, .flags = NR_BLOCK_SILENT});
    nr_compose_raw(&w->out, nr_view_of(cmark_node_get_literal(n)));
    nr_compose_end(&w->out);
}

static void enter_list(writer *w, cmark_node *n)
{
    if (w->list_depth < LEVELS) {
        int start = cmark_node_get_list_start(n);
        w->lists[w->list_depth] =
            (level){cmark_node_get_list_type(n) == CMARK_ORDERED_LIST, start > 0 ? (uint32_t)start : 1};
    }
    w->list_depth++;
}

static void enter_item(writer *w)
{
    w->item_pending = true;
    if (w->list_depth && w->list_depth <= LEVELS)
        w->lists[w->list_depth - 1].next++;
}

static void enter_block(writer *w, cmark_node *n)
{
    switch (cmark_node_get_type(n)) {
    case CMARK_NODE_PARAGRAPH:
        begin_paragraph(w, n);
        break;
    case CMARK_NODE_HEADING:
        nr_compose_begin(&w->out,
                         (nr_block){.kind = NR_BLOCK_HEADING, .level = (uint8_t)cmark_node_get_heading_level(n)});
        break;
    case CMARK_NODE_LIST:
        enter_list(w, n);
        break;
    case CMARK_NODE_ITEM:
        enter_item(w);
        break;
    case CMARK_NODE_BLOCK_QUOTE:
        w->quote_depth++;
        break;
    case CMARK_NODE_CODE_BLOCK:
        write_code(w, n);
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        nr_compose_begin(&w->out, (nr_block){.kind = NR_BLOCK_BREAK});
        nr_compose_end(&w->out);
        break;
    default:
        break; /* blocks of HTML are mark-up */
    }
}

static void leave_block(writer *w, cmark_node *n)
{
    switch (cmark_node_get_type(n)) {
    case CMARK_NODE_PARAGRAPH:
    case CMARK_NODE_HEADING:
        nr_compose_end(&w->out);
        break;
    case CMARK_NODE_LIST:
        w->list_depth--;
        break;
    case CMARK_NODE_ITEM:
        w->item_pending = false;
        break;
    case CMARK_NODE_BLOCK_QUOTE:
        w->quote_depth--;
        break;
    default:
        break;
    }
}

static bool is_block(cmark_node_type t) { return t >= CMARK_NODE_FIRST_BLOCK && t <= CMARK_NODE_LAST_BLOCK; }

static void write_nodes(writer *w, cmark_node *root)
{
    cmark_iter *iter = cmark_iter_new(root);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE && !w->out.failed) {
        cmark_node *n = cmark_iter_get_node(iter);
        bool enter = event == CMARK_EVENT_ENTER;
        if (n == w->title && enter) {
            cmark_iter_reset(iter, n, CMARK_EVENT_EXIT);
            continue;
        }
        if (n == w->title)
            continue;
        if (!is_block(cmark_node_get_type(n)))
            write_inline(w, n, enter);
        else if (enter)
            enter_block(w, n);
        else
            leave_block(w, n);
    }
    cmark_iter_free(iter);
}

static nr_status read_markdown(nr_document *doc, const nr_read_options *opt, nr_error *err)
{
    size_t front = take_front_matter(doc);
    cmark_node *root = cmark_parse_document(doc->text.p + front, doc->text.n - front, CMARK_OPT_DEFAULT);
    if (!root)
        return nr_fail_memory(err);
    writer w = {.doc = doc};
    nr_compose_init(&w.out, doc);
    write_opening(&w, root);
    write_nodes(&w, root);
    nr_status s = nr_compose_finish(&w.out);
    cmark_node_free(root);
    if (s)
        return s == NR_ENOMEM ? nr_fail_memory(err) : nr_fail(err, s, 0, "cannot read a text with so many paragraphs");
    if (doc->block_count == 0)
        return nr_fail(err, NR_ENOTEXT, 0, "there is nothing to read in '%s': it holds only mark-up",
                       opt->name ? opt->name : "the text");
    return NR_OK;
}

/* ---------------------------------------------------------------- recognising it */

static int probe(nr_view head)
{
    nr_view inside;
    size_t front = front_matter(head, &inside);
    int signs = front ? 3 : 0;
    char ending = nr_line_ending(head);
    for (uint32_t at = 0; at < head.n && signs < 3;) {
        nr_line line = nr_line_at(head, at, ending);
        nr_view v = nr_line_view(head, line);
        at = line.next;
        size_t marks = 0;
        while (marks < v.n && v.p[marks] == '#')
            marks++;
        bool heading = marks >= 1 && marks <= 6 && marks < v.n && v.p[marks] == ' ' && line.indent == 0;
        bool link = nr_view_find(v, NR_LIT("](http")) != NULL;
        signs += (heading ? 2 : 0) + (link ? 2 : 0) + (nr_view_starts(v, NR_LIT("```")) ? 2 : 0);
    }
    return signs >= 3 ? 60 : 0;
}

static const char *const extensions[] = {".md", ".markdown", ".mkd", ".mdown", NULL};

const nr_reader nr_reader_markdown = {"markdown", extensions, probe, NULL, read_markdown};
