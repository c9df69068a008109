/* Addresses of the web, of mail, and what people write after @ and #. */
#include "normalise/engine.h"

static bool web_byte(char c)
{
    return nr_ascii_alpha(c) || nr_ascii_digit(c) || (c && strchr("._-~/?#&=%+@:!$'*,;()[]", c) != NULL);
}

/* What is looked at before it is clear that this is an address: longer names there are none, and no text is scanned
 * again and again. */
enum { NAME_MOST = 320 };

/* The end of the run of such characters, at most `most` bytes on, without the punctuation that closes a sentence. */
static uint32_t run_end(const nr_run *r, uint32_t at, uint32_t most)
{
    uint32_t end = at;
    while (end - at < most && web_byte(nr_at(r, end)))
        end++;
    while (end > at && strchr(".,;:!?'()[]*", r->text[end - 1]))
        end--;
    return end;
}

static bool known_ending(nr_view v)
{
    return nr_in_list(v, "com org net edu gov mil int info biz tv fm uk us eu de fr es it nl ie ca au nz jp cn ru ch at be se no dk fi pl in br za io co me ai app dev example news blog");
}

/* A host name in [from, to): dots between names, the last one known. */
static bool is_host(const nr_run *r, uint32_t from, uint32_t to)
{
    uint32_t dot = 0;
    for (uint32_t i = from; i < to; i++) {
        char c = r->text[i];
        if (!nr_ascii_alpha(c) && !nr_ascii_digit(c) && c != '-' && c != '.')
            return false;
        if (c == '.') {
            if (i == from || i + 1 == to || r->text[i + 1] == '.')
                return false;
            dot = i;
        }
    }
    nr_view last = nr_text(r, dot + 1, to);
    return dot > from && last.n >= 2 && known_ending(last) && !(nr_ascii_upper(last.p[0]) && last.p[last.n - 1] > 'Z');
}

/* Names between the dots; short ones without vowels are spelled. */
static void say_name(nr_run *r, uint32_t from, uint32_t to)
{
    nr_view v = nr_text(r, from, to);
    bool vowel = false;
    for (size_t i = 0; i < v.n; i++)
        vowel = vowel || strchr("aeiouyAEIOUY", v.p[i]);
    if ((nr_in_list(v, "uk us eu tv bbc cnn nhs fm ai io id de fr es nl ie nz au") || (!vowel && v.n <= 5)) && v.n) {
        char upper[8];
        for (size_t i = 0; i < v.n; i++)
            upper[i] = (char)(v.p[i] & ~32);
        nr_say_letters(r, (nr_view){upper, v.n}, from, to);
    } else {
        nr_say(r, v, from, to);
    }
}

static void say_parts(nr_run *r, uint32_t from, uint32_t to)
{
    for (uint32_t p = from; p < to;) {
        char c = r->text[p];
        uint32_t q = p + 1;
        if (nr_ascii_digit(c)) {
            q = nr_digits_end(r, p);
            q = q < to ? q : to;
            nr_say_digits(r, nr_text(r, p, q), false, p, q);
        } else if (nr_ascii_alpha(c)) {
            q = nr_letters_end(r, p);
            q = q < to ? q : to;
            say_name(r, p, q);
        } else {
            nr_say_s(r, c == '.' ? "dot" : c == '@' ? "at" : c == '-' ? "dash" : c == '_' ? "underscore" : c == '/' ? "slash" : "", p, q);
        }
        p = q;
    }
}

static bool put(nr_run *r, uint32_t *at, uint32_t end, const char *rule)
{
    if (!r->word_count)
        nr_say_s(r, "link", *at, end);
    nr_make(r, NR_CLASS_ELECTRONIC, rule, *at, end);
    *at = end;
    return true;
}

/* Host and first part of the path; the rest of a long address is for machines. */
static bool url(nr_run *r, uint32_t *at)
{
    uint32_t p = *at, end = run_end(r, p, nr_stands(r, nr_letters_end(r, p), "://") ? UINT32_MAX : NAME_MOST);
    if (nr_stands(r, p, "https://"))
        p += 8;
    else if (nr_stands(r, p, "http://"))
        p += 7;
    else if (nr_stands(r, p, "ftp://"))
        p += 6;
    bool scheme = p > *at;
    uint32_t host = p;
    while (host < end && !strchr("/?#:", r->text[host]))
        host++;
    if (nr_stands(r, p, "www.") && host > p + 4) {
        p += 4;
        scheme = true;
    }
    if (end <= p || host <= p || (!scheme && !is_host(r, p, host)))
        return false;
    end = run_end(r, *at, UINT32_MAX);
    say_parts(r, p, host);
    uint32_t path = host;
    if (path < end && r->text[path] == '/' && path + 1 < end) {
        uint32_t q = path + 1;
        while (q < end && (nr_ascii_alpha(r->text[q]) || nr_ascii_digit(r->text[q]) || r->text[q] == '-'))
            q++;
        if (q - path <= 24 && q > path + 1)
            say_parts(r, path, q);
    }
    return put(r, at, end, "address");
}

static bool mail(nr_run *r, uint32_t *at)
{
    uint32_t end = run_end(r, *at, NAME_MOST);
    const char *sign = memchr(r->text + *at, '@', end - *at);
    uint32_t host = sign ? (uint32_t)(sign - r->text) + 1 : 0;
    if (!sign || host <= *at + 1 || !is_host(r, host, end))
        return false;
    for (uint32_t i = *at; i + 1 < host; i++)
        if (!nr_ascii_alpha(r->text[i]) && !nr_ascii_digit(r->text[i]) && !strchr("._-+", r->text[i]))
            return false;
    say_parts(r, *at, end);
    return put(r, at, end, "e-mail");
}

/* "#BlackLivesMatter", "@some_body": split where the capitals are. */
static bool tag(nr_run *r, uint32_t *at)
{
    char sign = nr_at(r, *at);
    uint32_t p = *at + 1, end = p;
    while (nr_letter_at(r, end) || nr_digit_at(r, end) || nr_at(r, end) == '_' || ((unsigned char)nr_at(r, end) & 0xC0) == 0x80)
        end++;
    if (!nr_letter_at(r, p))
        return false;
    nr_say_s(r, sign == '#' ? "hashtag" : "at", *at, p);
    while (p < end) {
        uint32_t q = p + 1;
        if (nr_ascii_digit(r->text[p])) {
            q = nr_digits_end(r, p);
            nr_say_figure(r, nr_text(r, p, q), p, q);
        } else if (r->text[p] != '_') {
            while (q < end && nr_ascii_upper(r->text[p]) && nr_ascii_upper(r->text[q]) && !(q + 1 < end && r->text[q + 1] >= 'a' && r->text[q + 1] <= 'z'))
                q++;
            bool caps = q > p + 1;
            while (!caps && q < end && r->text[q] != '_' && !nr_ascii_upper(r->text[q]) && !nr_ascii_digit(r->text[q]))
                q++;
            if (caps)
                nr_say_letters(r, nr_text(r, p, q), p, q);
            else
                nr_say(r, nr_text(r, p, q), p, q);
        }
        p = q;
    }
    return put(r, at, end, sign == '#' ? "hashtag" : "handle");
}

bool nr_rule_web(nr_run *r, uint32_t *at)
{
    char c = nr_at(r, *at);
    if (c == '#' || c == '@')
        return tag(r, at);
    if (!nr_ascii_alpha(c) && !nr_ascii_digit(c))
        return false;
    /* Cheap: nearly all words stop at a blank before anything of this kind. */
    uint32_t p = *at;
    while (p - *at < NAME_MOST && (nr_ascii_alpha(nr_at(r, p)) || nr_ascii_digit(nr_at(r, p)) || nr_at(r, p) == '-' || nr_at(r, p) == '_'))
        p++;
    char next = nr_at(r, p);
    if (next == '@' || next == '+')
        return mail(r, at);
    if (next == ':')
        return nr_stands(r, p, "://") && url(r, at);
    return next == '.' && nr_letter_at(r, p + 1) && (mail(r, at) || url(r, at));
}
