#include "read/html_speech.h"

#include <jansson.h>
#include <stdio.h>

#include "read/prosody.h"

typedef struct hints {
    const nr_html_page *page;
    const nr_html_node *node;
    json_t *ssml; /* data-ssml, or NULL */
    nr_html_hint *p;
    int n;
} hints;

static nr_html_hint *add(hints *h, nr_inline_kind kind)
{
    static nr_html_hint spare; /* never read: there is room for a hint of each kind */
    nr_html_hint *hint = h->n < NR_HTML_HINTS ? &h->p[h->n++] : &spare;
    hint->kind = kind;
    hint->value[0] = '\0';
    return hint;
}

/* What is asked of one of SSML's elements, by data-ssml='{"sub":{"alias":"x"}}' or data-ssml-sub-alias="x". */
static nr_view asked(const hints *h, const char *element, const char *attribute)
{
    char name[64];
    json_t *value = json_object_get(json_object_get(h->ssml, element), attribute);
    if (json_is_string(value))
        return (nr_view){json_string_value(value), json_string_length(value)};
    snprintf(name, sizeof name, "data-ssml-%s-%s", element, attribute);
    nr_view v = nr_html_attribute_of(h->node, name);
    return v.p ? v : (nr_view){"", 0};
}

static bool is_text_element(uint16_t tag)
{
    switch (tag) {
    case NR_HTML_span:
    case NR_HTML_abbr:
    case NR_HTML_b:
    case NR_HTML_cite:
    case NR_HTML_code:
    case NR_HTML_em:
    case NR_HTML_i:
    case NR_HTML_s:
    case NR_HTML_small:
    case NR_HTML_strong:
    case NR_HTML_sub:
    case NR_HTML_sup:
    case NR_HTML_time:
    case NR_HTML_u:
    case NR_HTML_var:
    case NR_HTML_UNKNOWN: /* <data>, <mark> */
        return true;
    default:
        return false;
    }
}

static bool keep(nr_html_hint *hint, nr_view v)
{
    if (v.n == 0 || v.n >= NR_HTML_HINT_VALUE)
        return false;
    memcpy(hint->value, v.p, v.n);
    hint->value[v.n] = '\0';
    return true;
}

/* "3/4/23" with datetime="2023-04-03": only the author knows which is the month. */
static bool dated(const hints *h, uint32_t i, nr_html_hint *hint)
{
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    const char *language = h->page->doc->metadata.language;
    nr_view when = nr_html_attribute_of(h->node, "datetime");
    if (h->node->tag != NR_HTML_time || when.n < 10 || h->node->end != i + 2 ||
        (language && !nr_view_starts_nocase(nr_view_of(language), NR_LIT("en"))))
        return false;
    nr_view text = nr_view_trim(h->page->tree.nodes[i + 1].text);
    int marks = 0, year = 0, month = 0, day = 0;
    for (size_t k = 0; k < text.n; k++) {
        if (!nr_ascii_digit(text.p[k]) && !strchr("/.-", text.p[k]))
            return false;
        marks += !nr_ascii_digit(text.p[k]);
    }
    char iso[11] = {0};
    memcpy(iso, when.p, 10);
    if (marks != 2 || text.n > 10 || sscanf(iso, "%4d-%2d-%2d", &year, &month, &day) != 3 || month < 1 || month > 12)
        return false;
    snprintf(hint->value, sizeof hint->value, "%d %s %d", day, months[month - 1], year);
    return true;
}

static void find_alias(hints *h, uint32_t i)
{
    nr_html_hint hint = {NR_INLINE_ABBR, {0}};
    if (keep(&hint, asked(h, "sub", "alias")) || dated(h, i, &hint) ||
        (is_text_element(h->node->tag) && keep(&hint, nr_view_trim(nr_html_attribute_of(h->node, "aria-label")))))
        *add(h, NR_INLINE_ABBR) = hint;
}

static void find_manner(hints *h)
{
    nr_view rate = asked(h, "prosody", "rate"), pitch = asked(h, "prosody", "pitch");
    double r = 100, p = 0;
    bool known = nr_prosody_rate(rate, &r);
    known = nr_prosody_pitch(pitch, &p) || known;
    if (known)
        nr_prosody_manner(&r, &p, add(h, NR_INLINE_PROSODY)->value);
    nr_view level = asked(h, "emphasis", "level");
    if (nr_view_is(level, "strong") || nr_view_is(level, "moderate"))
        add(h, NR_INLINE_EMPHASIS);
}

static void find_words(hints *h)
{
    nr_view as = asked(h, "say-as", "interpret-as"), ph = asked(h, "phoneme", "ph"), alphabet = asked(h, "phoneme", "alphabet");
    if (!as.n)
        as = nr_html_attribute_of(h->node, "data-ssml-say-as");
    if (nr_view_is(as, "characters") || nr_view_is(as, "spell-out"))
        add(h, NR_INLINE_LETTERS);
    if (ph.n && ph.n + alphabet.n < 200)
        snprintf(add(h, NR_INLINE_PHONEME)->value, NR_HTML_HINT_VALUE, "%.*s:%.*s", alphabet.n ? (int)alphabet.n : 3,
                 alphabet.n ? alphabet.p : "ipa", (int)ph.n, ph.p);
    char pause[NR_PROSODY_VALUE] = "";
    nr_view time = asked(h, "break", "time"), strength = asked(h, "break", "strength");
    if (time.n || strength.n)
        nr_prosody_break(time, strength, pause);
    if (*pause)
        keep(add(h, NR_INLINE_PAUSE), nr_view_of(pause));
}

int nr_html_hints(const nr_html_page *page, uint32_t i, nr_html_hint out[NR_HTML_HINTS])
{
    hints h = {.page = page, .node = &page->tree.nodes[i], .p = out};
    bool any = h.node->tag == NR_HTML_time;
    for (uint16_t k = 0; k < h.node->attribute_count && !any; k++)
        any = strncmp(h.node->attributes[k].name, "data-ssml", 9) == 0 || strcmp(h.node->attributes[k].name, "aria-label") == 0;
    if (!any)
        return 0;
    nr_view json = nr_html_attribute_of(h.node, "data-ssml");
    if (json.n && json.n < 4096)
        h.ssml = json_loadb(json.p, json.n, 0, NULL);
    find_alias(&h, i);
    find_manner(&h);
    find_words(&h);
    json_decref(h.ssml);
    return h.n;
}
