/* What must hold of the HTML and JSON that are written for a document, whatever it is: parsed again, they hold nothing but
 * what a page may. */
#ifndef NR_TESTS_FUZZ_PAGE_CHECK_H
#define NR_TESTS_FUZZ_PAGE_CHECK_H

#include <ctype.h>
#include <jansson.h>

#include "publish/page_html.h"
#include "publish/page_json.h"
#include "read/html_parser.h"
#include "read_check.h"

static inline bool is_one_of(const char *words, const char *word)
{
    char spaced[80];
    snprintf(spaced, sizeof spaced, " %s ", word);
    return strstr(words, spaced) != NULL;
}

static inline void check_link(nr_view to)
{
    MUST(nr_view_starts_nocase(to, NR_LIT("http://")) || nr_view_starts_nocase(to, NR_LIT("https://")) ||
         nr_view_starts_nocase(to, NR_LIT("mailto:")) || nr_view_starts(to, NR_LIT("#note-")) || nr_view_starts(to, NR_LIT("#mark-")));
    for (size_t i = 0; i < to.n; i++)
        MUST(to.p[i] > ' ' && to.p[i] < 0x7F);
}

static inline void check_element(const nr_html_node *n)
{
    static const uint16_t allowed[] = {NR_HTML_html, NR_HTML_head, NR_HTML_body, NR_HTML_h1, NR_HTML_h2, NR_HTML_h3, NR_HTML_h4, NR_HTML_h5,
                                       NR_HTML_h6, NR_HTML_p, NR_HTML_time, NR_HTML_span, NR_HTML_em, NR_HTML_a, NR_HTML_abbr, NR_HTML_sub,
                                       NR_HTML_sup, NR_HTML_code, NR_HTML_pre, NR_HTML_ol, NR_HTML_ul, NR_HTML_li, NR_HTML_blockquote,
                                       NR_HTML_figure, NR_HTML_figcaption, NR_HTML_hr, NR_HTML_div, NR_HTML_table, NR_HTML_thead,
                                       NR_HTML_tbody, NR_HTML_tr, NR_HTML_th, NR_HTML_td, NR_HTML_section};
    bool good = false;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        good = good || allowed[i] == n->tag;
    MUST(good);
    for (uint16_t i = 0; i < n->attribute_count; i++) {
        const nr_html_attribute *a = &n->attributes[i];
        MUST(is_one_of(" class id href rel lang dir title datetime start value role tabindex scope aria-label aria-labelledby"
                       " data-narrate-block ", a->name));
        if (strcmp(a->name, "href") == 0) {
            MUST(n->tag == NR_HTML_a);
            check_link(a->value);
        }
    }
}

/* Written so that a parser adds, moves and drops nothing: it finds as many elements as there are start tags. */
static inline void check_markup(nr_view body)
{
    nr_buffer page = NR_BUFFER_INIT(1 << 28);
    nr_html_tree tree;
    uint32_t elements = 0, tags = 3;
    nr_buffer_put_string(&page, "<!DOCTYPE html><html><head></head><body>");
    nr_buffer_put_view(&page, body);
    nr_buffer_put_string(&page, "</body></html>");
    MUST(!page.failed && nr_utf8_valid(body.p, body.n) == body.n);
    MUST(nr_html_parse(&tree, nr_buffer_view(&page), NULL) == NR_OK);
    for (uint32_t i = 0; i < tree.count; i++) {
        if (tree.nodes[i].tag == NR_HTML_TEXT)
            continue;
        check_element(&tree.nodes[i]);
        for (uint32_t up = tree.nodes[i].parent; tree.nodes[i].tag == NR_HTML_a && up; up = tree.nodes[up].parent)
            MUST(tree.nodes[up].tag != NR_HTML_a);
        elements++;
    }
    for (size_t i = 0; i + 1 < body.n; i++)
        tags += body.p[i] == '<' && body.p[i + 1] != '/';
    MUST(tags == elements);
    nr_html_tree_free(&tree);
    nr_buffer_free(&page);
}

/* Every sentence's words are within it, and times in order. */
static inline void check_sentence(const json_t *sentence, size_t blocks)
{
    const char *text = json_string_value(json_object_get(sentence, "text"));
    const json_t *words = json_object_get(sentence, "words");
    json_int_t units = 0, start = json_integer_value(json_object_get(sentence, "start"));
    MUST(text && (size_t)json_integer_value(json_object_get(sentence, "block")) < blocks);
    for (const char *p = text; *p; p++)
        units += ((unsigned char)*p & 0xC0) != 0x80 ? ((unsigned char)*p >= 0xF0 ? 2 : 1) : 0;
    MUST(json_array_size(words) % 4 == 0);
    for (size_t i = 0; i < json_array_size(words); i += 4) {
        json_int_t w[4];
        for (size_t k = 0; k < 4; k++)
            w[k] = json_integer_value(json_array_get(words, i + k));
        MUST(w[0] >= 0 && w[0] < w[1] && w[1] <= units && w[2] >= start && w[2] <= w[3]);
        start = w[2];
    }
    MUST(json_integer_value(json_object_get(sentence, "end")) >= start);
}

/* A timeline as if each utterance took a second and each of its words as long as the next. */
static inline void check_json(const nr_document *doc, const char *lang)
{
    timeline t;
    nr_script *script = NULL;
    const nr_utterance *u;
    uint64_t frame = 0;
    timeline_init(&t, 1000);
    MUST(timeline_begin_part(&t, doc, 0, NULL) == NR_OK && nr_script_new(&script, doc, NULL, NULL) == NR_OK);
    while (nr_script_next(script, &u, NULL) == NR_OK && u) {
        timeline_note_utterance(&t, u, frame);
        for (size_t i = 0; i < u->word_count; i++) {
            nr_mark mark = {.kind = NR_MARK_WORD, .frame = frame + i * 1000 / u->word_count, .span = u->words[i].span};
            timeline_note_mark(&t, &mark);
        }
        timeline_note_utterance_end(&t, frame += 1000);
    }
    MUST(timeline_end_part(&t, frame, NULL) == NR_OK && timeline_make_chapters(&t, NULL) == NR_OK);
    page_beside beside = {.language = lang};
    nr_buffer json = NR_BUFFER_INIT(1 << 28);
    MUST(page_write_json(&json, &t, &beside, NULL) == NR_OK && !memchr(json.p, '<', json.n));
    json_t *o = json_loadb(json.p, json.n, 0, NULL);
    size_t blocks = json_array_size(json_object_get(o, "blocks"));
    const json_t *sentences = json_object_get(o, "sentences");
    MUST(json_array_size(sentences) == t.sentence_count && json_string_value(json_object_get(o, "title")));
    for (size_t i = 0; i < json_array_size(sentences); i++)
        check_sentence(json_array_get(sentences, i), blocks);
    json_decref(o);
    nr_buffer_free(&json);
    nr_script_free(script);
    timeline_free(&t);
}

static inline void check_page(const nr_document *doc)
{
    page_words words;
    nr_buffer html = NR_BUFFER_INIT(1 << 28);
    const char *lang = page_language_of(doc, NULL);
    MUST(page_words_open(&words, lang, NULL) == NR_OK);
    MUST(page_write_opening(&html, doc, &words) == NR_OK && page_write_body(&html, doc, &words) == NR_OK);
    check_markup(nr_buffer_view(&html));
    nr_buffer_truncate(&html, 0);
    page_beside beside = {.language = lang};
    MUST(page_write_linked_data(&html, doc, &beside, 1, NULL) == NR_OK && !memchr(html.p, '<', html.n));
    nr_buffer_free(&html);
    page_words_close(&words);
    check_json(doc, lang);
}

#endif
