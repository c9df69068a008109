#include "publish/markings.h"

#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

/* ---------------------------------------------------------------- tags */

/* Behind "<!-- ... -->" and its like; the end when it does not end. */
static size_t behind(nr_view xml, size_t at, const char *end)
{
    const char *found = nr_view_find((nr_view){xml.p + at, xml.n - at}, nr_view_of(end));
    return found ? (size_t)(found - xml.p) + strlen(end) : xml.n;
}

static size_t behind_tag(nr_view xml, size_t at)
{
    char quote = 0;
    for (; at < xml.n && (quote || xml.p[at] != '>'); at++)
        if (quote ? xml.p[at] == quote : xml.p[at] == '"' || xml.p[at] == '\'')
            quote = quote ? 0 : xml.p[at];
    return at < xml.n ? at + 1 : at;
}

/* "<!DOCTYPE html [ <!ENTITY ...> ]>" */
static size_t behind_declaration(nr_view xml, size_t at)
{
    for (int depth = 0; at < xml.n; at++) {
        depth += xml.p[at] == '[' ? 1 : xml.p[at] == ']' ? -1 : 0;
        if (xml.p[at] == '>' && depth <= 0)
            return at + 1;
    }
    return at;
}

/* What begins with a '<' at `at`: where it ends, and whether it is a tag. */
static size_t pass(nr_view xml, size_t at, bool *is_tag)
{
    nr_view rest = {xml.p + at, xml.n - at};
    *is_tag = false;
    if (nr_view_starts(rest, NR_LIT("<!--")))
        return behind(xml, at + 4, "-->");
    if (nr_view_starts(rest, NR_LIT("<![CDATA[")))
        return behind(xml, at + 9, "]]>");
    if (nr_view_starts(rest, NR_LIT("<?")))
        return behind(xml, at + 2, "?>");
    if (nr_view_starts(rest, NR_LIT("<!")))
        return behind_declaration(xml, at + 2);
    *is_tag = true;
    return behind_tag(xml, at + 1);
}

static void read_tag(nr_view xml, markup_tag *tag)
{
    size_t p = tag->start + 1, end = tag->end > tag->start + 1 && xml.p[tag->end - 1] == '>' ? tag->end - 1 : tag->end;
    tag->closing = p < end && xml.p[p] == '/';
    p += tag->closing;
    tag->empty = end > p && xml.p[end - 1] == '/';
    end -= tag->empty;
    size_t n = p;
    while (n < end && !nr_ascii_space(xml.p[n]))
        n++;
    tag->name = nr_view_sub(xml.p, p, n);
    tag->attributes = nr_view_sub(xml.p, n, end > n ? end : n);
}

bool markup_next_tag(nr_view xml, size_t *at, markup_tag *tag)
{
    while (*at < xml.n) {
        const char *open = memchr(xml.p + *at, '<', xml.n - *at);
        if (!open)
            break;
        bool is_tag;
        size_t start = (size_t)(open - xml.p);
        *at = pass(xml, start, &is_tag);
        if (is_tag) {
            *tag = (markup_tag){.start = start, .end = *at};
            read_tag(xml, tag);
            return true;
        }
    }
    *at = xml.n;
    return false;
}

nr_view markup_local_name(nr_view name)
{
    const char *colon = nr_view_find_byte(name, ':');
    return colon ? (nr_view){colon + 1, name.n - (size_t)(colon + 1 - name.p)} : name;
}

nr_view markup_attribute_of(const markup_tag *tag, const char *name)
{
    nr_view v = tag->attributes;
    size_t at = 0;
    while (at < v.n) {
        while (at < v.n && nr_ascii_space(v.p[at]))
            at++;
        size_t start = at;
        while (at < v.n && v.p[at] != '=' && !nr_ascii_space(v.p[at]))
            at++;
        nr_view key = nr_view_sub(v.p, start, at);
        while (at < v.n && v.p[at] != '"' && v.p[at] != '\'')
            at++;
        if (at >= v.n)
            break;
        const char *end = memchr(v.p + at + 1, v.p[at], v.n - at - 1);
        if (!end)
            break;
        if (nr_view_is(key, name))
            return (nr_view){v.p + at + 1, (size_t)(end - (v.p + at + 1))};
        at = (size_t)(end - v.p) + 1;
    }
    return (nr_view){NULL, 0};
}

static bool is_one_of(nr_view name, const char *list)
{
    char word[24];
    if (name.n + 3 > sizeof word)
        return false;
    snprintf(word, sizeof word, " %.*s ", (int)name.n, name.p);
    return strstr(list, word) != NULL;
}

/* Elements that may stand inside a span. */
static bool is_inline(nr_view name)
{
    return is_one_of(name, " a abbr b bdi bdo br cite code data del dfn em i img ins kbd mark q rp rt ruby s samp small span strong sub sup "
                           "time u var wbr ");
}

/* Elements whose text is not the reader's, or that hold no span. */
static bool is_opaque(nr_view name)
{
    return is_one_of(name, " head script style svg math template audio video select textarea iframe object rt rp m:math svg:svg ");
}

/* ---------------------------------------------------------------- letters */

bool marked_letter_counts(uint32_t code)
{
    return !nr_code_is_space(code) && code > ' ' && code != 0xAD && code != 0xFEFF && !(code >= 0x200B && code <= 0x200F) && code != 0x2060;
}

/* "&amp;", "&#x2019;", "&nbsp;": its code and length; a lone & stands for itself. */
static uint32_t entity(const char *p, const char *end, int *length)
{
    const char *stop = memchr(p, ';', (size_t)(end - p < 12 ? end - p : 12));
    char name[12] = "";
    *length = 1;
    if (!stop || stop - p < 2)
        return '&';
    memcpy(name, p + 1, (size_t)(stop - p) - 1);
    *length = (int)(stop + 1 - p);
    if (name[0] == '#') {
        bool hex = name[1] == 'x' || name[1] == 'X';
        unsigned long code = strtoul(name + (hex ? 2 : 1), NULL, hex ? 16 : 10);
        return code && code < 0x110000 ? (uint32_t)code : NR_REPLACEMENT;
    }
    if (strcmp(name, "apos") == 0)
        return '\'';
    const htmlEntityDesc *known = htmlEntityLookup((const xmlChar *)name);
    return known ? known->value : NR_REPLACEMENT;
}

static void add_letter(marked_file *f, marked_letter letter)
{
    if (f->count == f->room) {
        size_t room = f->room ? f->room * 2 : 4096;
        marked_letter *grown = realloc(f->letters, room * sizeof *grown);
        if (!grown) {
            f->failed = NR_ENOMEM;
            return;
        }
        f->letters = grown;
        f->room = room;
    }
    f->letters[f->count++] = letter;
}

/* The text between two tags; *lead is where opening tags directly before it begin. */
static void add_text(marked_file *f, size_t from, size_t to, size_t *lead)
{
    const char *text = f->bytes.p, *end = text + to;
    int length;
    bool is_tag;
    for (const char *p = text + from; p < end && !f->failed; p += length) {
        if (*p == '<') { /* a comment or the like */
            length = (int)(pass((nr_view){text, to}, (size_t)(p - text), &is_tag) - (size_t)(p - text));
            *lead = SIZE_MAX;
            continue;
        }
        uint32_t code = *p == '&' ? entity(p, end, &length) : nr_utf8_decode(p, end, &length);
        size_t at = (size_t)(p - text);
        if (marked_letter_counts(code))
            add_letter(f, (marked_letter){code, (uint32_t)at, (uint32_t)(at + (size_t)length), (uint32_t)(*lead < at ? *lead : at)});
        *lead = SIZE_MAX;
    }
}

static void choose_prefix(marked_file *f)
{
    nr_view all = nr_buffer_view(&f->bytes);
    strcpy(f->prefix, "nr");
    while (strlen(f->prefix) + 2 < sizeof f->prefix) {
        char used[24];
        snprintf(used, sizeof used, "\"%s", f->prefix);
        if (!nr_view_find(all, nr_view_of(used)))
            return;
        strcat(f->prefix, "x");
    }
}

nr_status marked_file_scan(marked_file *f)
{
    nr_view all = nr_buffer_view(&f->bytes);
    if (nr_utf8_valid(all.p, all.n) != all.n || all.n > UINT32_MAX - 1)
        return NR_EFORMAT;
    choose_prefix(f);
    markup_tag tag;
    nr_view opaque = {NULL, 0};
    size_t at = 0, text = 0, lead = SIZE_MAX, depth = 0;
    while (!f->failed && markup_next_tag(all, &at, &tag)) {
        nr_view name = markup_local_name(tag.name);
        if (!depth && text < tag.start)
            add_text(f, text, tag.start, &lead);
        text = tag.end;
        if (tag.closing && nr_view_is(name, "head") && !f->head && !f->count)
            f->head = tag.start;
        if (depth) {
            if (nr_view_eq(name, opaque) && !tag.empty)
                depth += tag.closing ? (size_t)-1 : 1;
        } else if (!tag.closing && !tag.empty && is_opaque(name)) {
            opaque = name;
            depth = 1;
        }
        bool leads = !tag.closing && !tag.empty && is_inline(name);
        lead = !leads ? SIZE_MAX : lead == SIZE_MAX ? tag.start : lead;
    }
    return f->failed;
}

void marked_file_free(marked_file *f)
{
    nr_buffer_free(&f->bytes);
    free(f->letters);
    free(f->edits);
    *f = (marked_file){0};
}

size_t marked_file_find(const marked_file *f, const uint32_t *letters, size_t n, size_t from, size_t window)
{
    for (size_t at = from; n && at + n <= f->count && at - from <= window; at++) {
        size_t same = 0;
        while (same < n && f->letters[at + same].code == letters[same])
            same++;
        if (same == n)
            return at;
    }
    return SIZE_MAX;
}

/* ---------------------------------------------------------------- spans */

static void add_edit(marked_file *f, size_t at, unsigned number, unsigned part)
{
    if (f->edit_count == f->edit_room) {
        size_t room = f->edit_room ? f->edit_room * 2 : 256;
        struct marked_edit *grown = realloc(f->edits, room * sizeof *grown);
        if (!grown) {
            f->failed = NR_ENOMEM;
            return;
        }
        f->edits = grown;
        f->edit_room = room;
    }
    f->edits[f->edit_count++] = (struct marked_edit){at, number, part};
}

static void put_id(const marked_file *f, unsigned number, unsigned part, char id[40])
{
    if (part > 1)
        snprintf(id, 40, "%s%u-%u", f->prefix, number, part);
    else
        snprintf(id, 40, "%s%u", f->prefix, number);
}

/* How deep tags go below and above where they begin, in bytes [from, to); false when a span cannot hold one of them. */
static bool weigh(nr_view all, size_t from, size_t to, int *lowest, int *last)
{
    markup_tag tag;
    *lowest = *last = 0;
    for (size_t at = from; markup_next_tag(all, &at, &tag) && tag.start < to;) {
        if (!is_inline(markup_local_name(tag.name)))
            return false;
        *last += tag.empty ? 0 : tag.closing ? -1 : 1;
        *lowest = *last < *lowest ? *last : *lowest;
    }
    return true;
}

/* Bytes around letters that a single span may hold: the tags that are open at one end only are taken in where they stand
 * directly beside it. */
static bool hold(const marked_file *f, size_t from, size_t to, size_t *start, size_t *end)
{
    nr_view all = nr_buffer_view(&f->bytes);
    int lowest, last;
    *start = f->letters[from].start;
    *end = f->letters[to - 1].end;
    if (!weigh(all, *start, *end, &lowest, &last))
        return false;
    size_t leads = 0, at = f->letters[from].lead, wanted = (size_t)-lowest;
    markup_tag tag;
    while (markup_next_tag(all, &at, &tag) && tag.end <= *start)
        leads++;
    if (wanted > leads)
        return false;
    at = f->letters[from].lead;
    for (size_t skip = leads - wanted; wanted && markup_next_tag(all, &at, &tag); skip--)
        if (skip == 0) {
            *start = tag.start;
            break;
        }
    for (int open = last - lowest; open > 0; open--) {
        at = *end;
        if (!markup_next_tag(all, &at, &tag) || tag.start != *end || !tag.closing)
            return false;
        *end = tag.end;
    }
    return true;
}

nr_status marked_file_mark(marked_file *f, size_t from, size_t to, unsigned number, void (*made)(void *ctx, const char *id, size_t letter), void *ctx)
{
    char id[40];
    size_t start, end;
    unsigned part = 1;
    if (hold(f, from, to, &start, &end)) {
        add_edit(f, start, number, part);
        add_edit(f, end, number, 0);
        put_id(f, number, part, id);
        made(ctx, id, from);
        return f->failed;
    }
    for (size_t a = from, z; a < to; a = z, part++) {
        for (z = a + 1; z < to && !memchr(f->bytes.p + f->letters[z - 1].end, '<', f->letters[z].start - f->letters[z - 1].end);)
            z++;
        add_edit(f, f->letters[a].start, number, part);
        add_edit(f, f->letters[z - 1].end, number, 0);
        put_id(f, number, part, id);
        made(ctx, id, a);
    }
    return f->failed;
}

nr_status marked_file_write(const marked_file *f, const char *head, nr_buffer *out)
{
    size_t done = 0;
    char id[40];
    if (f->head) {
        nr_buffer_put(out, f->bytes.p, f->head);
        nr_buffer_put_string(out, head ? head : "");
        done = f->head;
    }
    for (size_t i = 0; i < f->edit_count; i++) {
        const struct marked_edit *e = &f->edits[i];
        nr_buffer_put(out, f->bytes.p + done, e->at - done);
        done = e->at;
        put_id(f, e->number, e->part, id);
        if (e->part)
            nr_buffer_printf(out, "<span id=\"%s\">", id);
        else
            nr_buffer_put_string(out, "</span>");
    }
    return nr_buffer_put(out, f->bytes.p + done, f->bytes.n - done);
}
