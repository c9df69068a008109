/* Style sheets: what is no CSS is left out, as every reader would, and addresses are those of the new book. */
#include "base/utf8.h"
#include "publish/epub_two.h"

enum { NESTED = 4 };

/* Behind the string, the brackets or the one byte that begins at `at`. */
static size_t behind(nr_view v, size_t at)
{
    char c = v.p[at++];
    if (c == '\\')
        return at < v.n ? at + 1 : at;
    if (c != '"' && c != '\'')
        return at;
    for (; at < v.n && v.p[at] != c && v.p[at] != '\n'; at++)
        at += v.p[at] == '\\' && at + 1 < v.n;
    return at < v.n ? at + 1 : v.n;
}

/* The first of these bytes that is in no string and no brackets; the end for none. */
static size_t find_any(nr_view v, size_t at, const char *bytes)
{
    for (int depth = 0; at < v.n; at = behind(v, at)) {
        if (depth <= 0 && strchr(bytes, v.p[at]))
            return at;
        depth += v.p[at] == '(' || v.p[at] == '[' ? 1 : v.p[at] == ')' || v.p[at] == ']' ? -1 : 0;
        if (v.p[at] == '}' || v.p[at] == '{') /* brackets that were never closed */
            depth = 0;
        if (depth <= 0 && strchr(bytes, v.p[at]) && v.p[at] != ')')
            return at;
    }
    return v.n;
}

static nr_view unquoted(nr_view v)
{
    v = nr_view_trim(v);
    bool quoted = v.n >= 2 && (v.p[0] == '"' || v.p[0] == '\'') && v.p[v.n - 1] == v.p[0];
    return quoted ? nr_view_trim((nr_view){v.p + 1, v.n - 2}) : v;
}

/* url("...") for a file of the book. */
static bool put_address(two_book *b, const two_item *item, nr_view address, nr_buffer *out)
{
    const char *fragment;
    address = unquoted(address);
    two_item *to = b && address.n && address.p[0] != '#' ? two_follow(b, item->path, address, &fragment) : NULL;
    if (!to || to->page)
        return false;
    nr_buffer_put_string(out, "url(\"");
    two_reach(item->file, to->file, NULL, out);
    nr_buffer_put_string(out, "\")");
    return true;
}

/* A value with its addresses as they are now; false for one that cannot be kept. */
static bool put_value(two_book *b, const two_item *item, nr_view v, nr_buffer *out)
{
    int depth = 0;
    for (size_t i = 0, next; i < v.n; i = next) {
        next = behind(v, i);
        if (nr_view_starts_nocase((nr_view){v.p + i, v.n - i}, NR_LIT("url("))) {
            const char *close = memchr(v.p + i, ')', v.n - i);
            if (!close || !put_address(b, item, nr_view_sub(v.p, i + 4, (size_t)(close - v.p)), out))
                return false;
            next = (size_t)(close - v.p) + 1;
            continue;
        }
        bool string = v.p[i] == '"' || v.p[i] == '\'';
        if (string ? next - i < 2 || v.p[next - 1] != v.p[i] : strchr("{}<>\\@=;:", v.p[i]) != NULL)
            return false;
        depth += v.p[i] == '(' ? 1 : v.p[i] == ')' ? -1 : 0;
        if (depth < 0)
            return false;
        nr_buffer_put(out, v.p + i, next - i);
    }
    return depth == 0;
}

static bool is_name(nr_view v)
{
    for (size_t i = 0; i < v.n; i++)
        if (!nr_ascii_alpha(v.p[i]) && v.p[i] != '-' && (!i || !nr_ascii_digit(v.p[i])))
            return false;
    return v.n > 0;
}

bool two_declarations(two_book *b, const two_item *item, nr_view css, nr_buffer *out)
{
    bool all = true;
    for (size_t i = 0; i < css.n;) {
        size_t end = find_any(css, i, ";");
        nr_view one = nr_view_trim(nr_view_sub(css.p, i, end));
        const char *colon = nr_view_find_byte(one, ':');
        nr_view name = nr_view_trim((nr_view){one.p, colon ? (size_t)(colon - one.p) : 0});
        nr_view value = colon ? nr_view_trim((nr_view){colon + 1, one.n - (size_t)(colon + 1 - one.p)}) : (nr_view){NULL, 0};
        /* EPUB wants the direction of text in the markup, and nowhere else. */
        bool barred = nr_view_eq_nocase(name, NR_LIT("direction")) || nr_view_eq_nocase(name, NR_LIT("unicode-bidi"));
        nr_buffer put = NR_BUFFER_INIT(out->max);
        if (value.n && is_name(name) && !barred) {
            if (put_value(b, item, value, &put))
                nr_buffer_printf(out, "%.*s: %.*s; ", (int)name.n, name.p, (int)put.n, put.n ? put.p : "");
            else
                all = all && !nr_view_find(value, NR_LIT("url("));
        }
        nr_buffer_free(&put);
        i = end + 1;
    }
    return all;
}

static void put_rules(two_book *b, const two_item *item, nr_view css, int depth, nr_buffer *out);

static void put_block(two_book *b, const two_item *item, nr_view head, nr_view body, int depth, nr_buffer *out)
{
    nr_buffer inside = NR_BUFFER_INIT(out->max);
    bool whole = true, nested = nr_view_find_byte(body, '{') != NULL, at = head.n && head.p[0] == '@';
    if (nested && at && depth < NESTED)
        put_rules(b, item, body, depth + 1, &inside);
    else if (!nested)
        whole = two_declarations(b, item, body, &inside);
    bool font = nr_view_starts_nocase(head, NR_LIT("@font-face"));
    bool odd = !head.n || (nested && !at) || (font && (!whole || !inside.n)) || nr_view_find_byte(head, '\\') || nr_view_find_byte(head, '<') ||
               (nested && nr_view_starts_nocase(head, NR_LIT("@page")));
    for (size_t i = 0; i < head.n && !at; i++)
        odd = odd || strchr("@;!$%&/?^`|{}", head.p[i]);
    odd = odd || (!at && (strchr(",>+~", head.p[head.n - 1]) || strchr(",>+~", head.p[0]) || nr_ascii_digit(head.p[0])));
    if (!odd)
        nr_buffer_printf(out, "%.*s { %.*s}\n", (int)head.n, head.p, (int)inside.n, inside.n ? inside.p : "");
    nr_buffer_free(&inside);
}

static void put_import(two_book *b, const two_item *item, nr_view head, nr_buffer *out)
{
    head = nr_view_trim((nr_view){head.p + 7, head.n - 7});
    bool url = nr_view_starts_nocase(head, NR_LIT("url("));
    const char *close = url ? nr_view_find_byte(head, ')') : NULL;
    size_t end = url ? (close ? (size_t)(close - head.p) : head.n) : head.n ? behind(head, 0) : 0;
    nr_buffer put = NR_BUFFER_INIT(1 << 14);
    if (put_address(b, item, nr_view_sub(head.p, url ? 4 : 0, end), &put))
        nr_buffer_printf(out, "@import %.*s;\n", (int)put.n, put.p);
    nr_buffer_free(&put);
}

static void put_rules(two_book *b, const two_item *item, nr_view css, int depth, nr_buffer *out)
{
    for (size_t i = 0; i < css.n && !out->failed;) {
        if (nr_ascii_space(css.p[i]) || css.p[i] == '}' || css.p[i] == ';') {
            i++;
            continue;
        }
        size_t end = find_any(css, i, "{;}");
        nr_view head = nr_view_trim(nr_view_sub(css.p, i, end));
        i = end + 1;
        if (end >= css.n)
            break;
        if (css.p[end] == ';' && nr_view_starts_nocase(head, NR_LIT("@import")))
            put_import(b, item, head, out);
        if (css.p[end] != '{')
            continue;
        size_t open = 1, stop = end + 1;
        for (; stop < css.n; stop = behind(css, stop)) {
            open += css.p[stop] == '{' ? 1 : 0;
            if (css.p[stop] == '}' && --open == 0)
                break;
        }
        put_block(b, item, head, nr_view_sub(css.p, end + 1, stop < css.n ? stop : css.n), depth, out);
        i = stop + 1;
    }
}

/* UTF-8, without comments. Bytes that are not UTF-8 are taken for Latin-1. */
static void put_plain(nr_view css, nr_buffer *out)
{
    bool utf8 = nr_utf8_valid(css.p, css.n) == css.n;
    for (size_t i = nr_view_starts(css, NR_LIT("\xEF\xBB\xBF")) ? 3 : 0; i < css.n;) {
        nr_view rest = {css.p + i, css.n - i};
        if (nr_view_starts(rest, NR_LIT("/*"))) {
            const char *end = nr_view_find((nr_view){rest.p + 2, rest.n - 2}, NR_LIT("*/"));
            i = end ? (size_t)(end + 2 - css.p) : css.n;
            nr_buffer_put_char(out, ' ');
        } else if (nr_view_starts(rest, NR_LIT("<!--")) || nr_view_starts(rest, NR_LIT("-->"))) {
            i += *rest.p == '<' ? 4 : 3;
        } else {
            size_t next = *rest.p == '"' || *rest.p == '\'' ? behind(css, i) : i + 1;
            for (; i < next; i++)
                if (!utf8 && (unsigned char)css.p[i] >= 0x80)
                    nr_buffer_put_code(out, (unsigned char)css.p[i]);
                else if (css.p[i])
                    nr_buffer_put_char(out, css.p[i]);
        }
    }
}

nr_status two_sheet(two_book *b, const two_item *item, nr_view css, nr_buffer *out)
{
    nr_buffer plain = NR_BUFFER_INIT(2u * OCF_ENTRY);
    put_plain(css, &plain);
    put_rules(b, item, nr_buffer_view(&plain), 0, out);
    nr_status s = plain.failed ? plain.failed : out->failed;
    nr_buffer_free(&plain);
    return s;
}
