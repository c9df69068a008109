#include "read/html_scan.h"

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && is_space(*p))
        p++;
    return p;
}

static const char *find(const char *p, const char *end, char c)
{
    const char *found = p < end ? memchr(p, c, (size_t)(end - p)) : NULL;
    return found ? found : end;
}

bool nr_html_is_named(nr_view name, const nr_view *list)
{
    for (; list->n; list++)
        if (nr_view_eq_nocase(name, *list))
            return true;
    return false;
}

bool nr_html_begins_tag(const char *p, const char *end)
{
    size_t room = (size_t)(end - p);
    return (room > 1 && nr_ascii_alpha(p[1])) || (room > 2 && p[1] == '/' && nr_ascii_alpha(p[2]));
}

nr_html_scan nr_html_scan_tag(const char *p, const char *end)
{
    nr_html_scan s = {.end = end, .closing = p[1] == '/'};
    const char *q = p + 1 + s.closing;
    s.name.p = q;
    while (q < end && !is_space(*q) && *q != '/' && *q != '>')
        q++;
    s.name.n = (size_t)(q - s.name.p);
    s.at = q;
    return s;
}

static nr_view scan_value(nr_html_scan *s, const char *p)
{
    const char *from = p;
    if (p < s->end && (*p == '"' || *p == '\'')) {
        const char *close = find(p + 1, s->end, *p);
        s->at = close < s->end ? close + 1 : close;
        return (nr_view){p + 1, (size_t)(close - p) - 1};
    }
    while (p < s->end && !is_space(*p) && *p != '>')
        p++;
    s->at = p;
    return (nr_view){from, (size_t)(p - from)};
}

bool nr_html_scan_attribute(nr_html_scan *s, nr_html_scanned *out)
{
    const char *p = s->at, *end = s->end;
    bool slash = false;
    for (; p < end && (is_space(*p) || *p == '/'); p++)
        slash = slash || *p == '/';
    s->at = p;
    if (p == end)
        return false;
    if (*p == '>') {
        s->whole = true;
        s->empty = slash && p[-1] == '/';
        s->slashed |= slash && !s->empty;
        s->at = p + 1;
        return false;
    }
    s->slashed |= slash;
    const char *name = p++;
    while (p < end && !is_space(*p) && *p != '/' && *p != '>' && *p != '=')
        p++;
    out->name = (nr_view){name, (size_t)(p - name)};
    out->value = (nr_view){p, 0};
    s->at = p;
    p = skip_space(p, end);
    if (p < end && *p == '=')
        out->value = scan_value(s, skip_space(p + 1, end));
    out->whole = (nr_view){name, (size_t)(s->at - name)};
    return true;
}

void nr_html_scan_rest(nr_html_scan *s)
{
    nr_html_scanned a;
    while (nr_html_scan_attribute(s, &a))
        continue;
}

/* A comment ends at "-->" or "--!>", and at once as "<!-->" or "<!--->". p is behind its "<!--". */
static const char *scan_comment(const char *p, const char *end)
{
    size_t room = (size_t)(end - p);
    if (room >= 1 && p[0] == '>')
        return p + 1;
    if (room >= 2 && p[0] == '-' && p[1] == '>')
        return p + 2;
    while ((p = find(p, end, '-')) < end) {
        room = (size_t)(end - p);
        if (room >= 3 && p[1] == '-' && p[2] == '>')
            return p + 3;
        if (room >= 4 && p[1] == '-' && p[2] == '!' && p[3] == '>')
            return p + 4;
        p++;
    }
    return NULL;
}

const char *nr_html_scan_markup(const char *p, const char *end)
{
    if (end - p >= 4 && memcmp(p, "<!--", 4) == 0)
        return scan_comment(p + 4, end);
    p = find(p, end, '>');
    return p < end ? p + 1 : NULL;
}

/* "<tag" or "</tag" stands at p, and the name ends there. */
static bool names(const char *p, const char *end, bool closing, nr_view tag)
{
    size_t skip = 1 + closing, room = (size_t)(end - p);
    if (room <= skip + tag.n || (closing && p[1] != '/') ||
        !nr_view_eq_nocase((nr_view){p + skip, tag.n}, tag))
        return false;
    char c = p[skip + tag.n];
    return is_space(c) || c == '/' || c == '>';
}

/* In a script, what is between "<!--" and "-->" may hold a whole script element, end tag and all. */
static const char *scan_script(const char *p, const char *end)
{
    nr_view script = NR_LIT("script");
    bool escaped = false, twice = false;
    for (; p < end; p++) {
        size_t room = (size_t)(end - p);
        if (!escaped) {
            p = find(p, end, '<');
            room = (size_t)(end - p);
            if (room == 0)
                return NULL;
            if (names(p, end, true, script))
                return p;
            escaped = room >= 4 && memcmp(p, "<!--", 4) == 0;
            p += escaped; /* its dashes may be those of the end: "<!-->" */
        } else if (*p == '-' && room >= 3 && p[1] == '-' && p[2] == '>') {
            escaped = twice = false;
        } else if (*p == '<' && names(p, end, true, script)) {
            if (!twice)
                return p;
            twice = false;
        } else if (*p == '<' && names(p, end, false, script)) {
            twice = true;
        }
    }
    return NULL;
}

const char *nr_html_scan_raw(const char *p, const char *end, nr_view tag)
{
    if (nr_view_eq_nocase(tag, NR_LIT("script")))
        return scan_script(p, end);
    for (p = find(p, end, '<'); p < end; p = find(p + 1, end, '<'))
        if (names(p, end, true, tag))
            return p;
    return NULL;
}
