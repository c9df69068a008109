/* Scripts as SSML: valid by the schema ssml.rng, whatever the article; and read back, the same is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <libxml/relaxng.h>

#include "base/buffer.h"
#include "articles.h"
#include "property.h"

static xmlRelaxNG *schema;

static int load_schema(void **state)
{
    (void)state;
    xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewParserCtxt(NR_TEST_DIR "/ssml.rng");
    schema = xmlRelaxNGParse(parser);
    xmlRelaxNGFreeParserCtxt(parser);
    return schema ? 0 : 1;
}

static int free_schema(void **state)
{
    (void)state;
    xmlRelaxNGFree(schema);
    xmlCleanupParser();
    return 0;
}

static bool valid(nr_view ssml)
{
    xmlDoc *doc = xmlReadMemory(ssml.p, (int)ssml.n, NULL, NULL, XML_PARSE_NONET);
    if (!doc)
        return false;
    xmlRelaxNGValidCtxt *ctx = xmlRelaxNGNewValidCtxt(schema);
    int wrong = xmlRelaxNGValidateDoc(ctx, doc);
    xmlRelaxNGFreeValidCtxt(ctx);
    xmlFreeDoc(doc);
    return wrong == 0;
}

static int append(void *ctx, const char *bytes, size_t n) { return nr_buffer_put(ctx, bytes, n) != NR_OK; }

static nr_document *open_text(const char *text, size_t n, const char *format)
{
    nr_document *doc = NULL;
    nr_error err;
    nr_read_options opt = {.format = format};
    if (nr_document_read(&doc, text, n, &opt, &err))
        fail_msg("%s", err.msg);
    return doc;
}

static void write_ssml(const nr_document *doc, const char *quote_voice, nr_buffer *out)
{
    nr_script *script = NULL;
    nr_script_options opt = {.split_quotes = quote_voice != NULL, .include = ~0u};
    nr_error err;
    assert_int_equal(nr_script_new(&script, doc, &opt, &err), NR_OK);
    assert_int_equal(nr_script_write_ssml(script, quote_voice, append, out, &err), NR_OK);
    nr_script_free(script);
}

/* All that is said, without marks and case: quotations, breaths and the article's own abbreviations do not matter. */
static void write_words(const nr_document *doc, nr_buffer *out)
{
    nr_script *script = NULL;
    const nr_utterance *u;
    assert_int_equal(nr_script_new(&script, doc, NULL, NULL), NR_OK);
    while (nr_script_next(script, &u, NULL) == NR_OK && u)
        for (size_t i = 0; i < u->word_count; i++) {
            nr_buffer_put(out, u->say.p + u->words[i].start, u->words[i].end - u->words[i].start);
            nr_buffer_put_char(out, ' ');
        }
    nr_script_free(script);
}

static void articles_are_valid(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARTICLES; i++) {
        char path[400];
        snprintf(path, sizeof path, "%s/articles/%s", NR_ASSETS, article_names[i]);
        nr_document *doc = NULL;
        assert_int_equal(nr_document_open(&doc, path, NULL, NULL), NR_OK);
        nr_buffer out = NR_BUFFER_INIT(1 << 24);
        write_ssml(doc, i ? "en+f3" : NULL, &out);
        if (!valid(nr_buffer_view(&out)))
            fail_msg("%s: %.*s", article_names[i], (int)out.n, out.p);
        assert_non_null(strstr(out.p, "<break time="));
        assert_non_null(strstr(out.p, "<sub alias="));
        assert_non_null(strstr(out.p, "<say-as interpret-as=\"characters\""));
        assert_non_null(strstr(out.p, "<prosody "));
        nr_buffer_free(&out);
        nr_document_free(doc);
    }
}

static void odd_texts_are_valid(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "A <b> & \"c\" ]]> d.", "\x01\x02 control \x1b characters \x7f here", "\xEF\xBF\xBE not a character \xEF\xBF\xBF", "\xED\x95\x9C\xEA\xB5\xAD\xEC\x96\xB4",
        "\xF0\x9F\x98\x80 smiles, 50% of \xC2\xA3""3 & more", "<speak><break time='x'/></speak>", "&amp; &#1; &nosuch;",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        nr_document *doc = open_text(texts[i], strlen(texts[i]), "plain");
        nr_buffer out = NR_BUFFER_INIT(1 << 20);
        write_ssml(doc, NULL, &out);
        if (!valid(nr_buffer_view(&out)))
            fail_msg("'%s': %.*s", texts[i], (int)out.n, out.p);
        nr_buffer_free(&out);
        nr_document_free(doc);
    }
}

static void the_schema_refuses(void **state)
{
    (void)state;
#define SPEAK(x) "<speak version=\"1.1\" xmlns=\"http://www.w3.org/2001/10/synthesis\" xml:lang=\"en\">" x "</speak>"
    static const char *const wrong[] = {
        SPEAK("<s><p>no</p></s>"), SPEAK("<break time=\"long\"/>"), SPEAK("<sub>x</sub>"), SPEAK("<say-as>x</say-as>"), SPEAK("<q>x</q>"),
        SPEAK("<emphasis level=\"very\">x</emphasis>"), SPEAK("<lang>x</lang>"), "<speak xml:lang=\"en\">x</speak>",
    };
    assert_true(valid(NR_LIT(SPEAK("<p><s>yes</s></p>"))));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (valid(nr_view_of(wrong[i])))
            fail_msg("%s", wrong[i]);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    const char *text = "Dr. Obi paid \xC2\xA3""3.50 on 4 May 2021. The BBC (it was late) said nothing; NATO did.\n\nIs that all? It is.\n";
    nr_document *doc = open_text(text, strlen(text), "plain");
    nr_buffer ssml = NR_BUFFER_INIT(1 << 20), first = NR_BUFFER_INIT(1 << 20), second = NR_BUFFER_INIT(1 << 20);
    write_ssml(doc, NULL, &ssml);
    write_words(doc, &first);
    nr_document *again = open_text(ssml.p, ssml.n, NULL);
    assert_string_equal(nr_document_format(again), "ssml");
    write_words(again, &second);
    assert_string_equal(first.p, second.p);
    nr_document_free(again);
    nr_document_free(doc);
    nr_buffer_free(&ssml);
    nr_buffer_free(&first);
    nr_buffer_free(&second);
}

static void what_is_not_honoured_is_noted(void **state)
{
    (void)state;
    const char *text = SPEAK("<p>A <voice name=\"x\">voice</voice> <mark name=\"m\"/> <audio src=\"a.wav\">noise</audio> <say-as interpret-as=\"date\">x</say-as></p>");
    nr_document *doc = open_text(text, strlen(text), NULL);
    static const char *const words[] = {"voice 'x'", "mark", "audio 'a.wav'", "say-as 'date'"};
    for (size_t i = 0; i < 4; i++) {
        assert_non_null(nr_document_note(doc, i));
        assert_non_null(strstr(nr_document_note(doc, i), words[i]));
    }
    assert_null(nr_document_note(doc, 4));
    nr_document_free(doc);
}

static void breaks_and_prosody_reach_the_script(void **state)
{
    (void)state;
    const char *text = SPEAK("<p>It is <prosody rate=\"80%\" pitch=\"+10%\">quite slow</prosody>,<break time=\"1234ms\"/> they say.</p>");
    nr_document *doc = open_text(text, strlen(text), NULL);
    nr_script *script = NULL;
    const nr_utterance *u;
    static const struct {
        const char *say;
        unsigned pause;
        int rate, pitch;
    } expected[] = {{"It is,", 90, 100, 0}, {"quite slow,", 1234, 80, 10}, {"they say.", 650, 100, 0}};
    assert_int_equal(nr_script_new(&script, doc, NULL, NULL), NR_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(nr_script_next(script, &u, NULL), NR_OK);
        assert_non_null(u);
        assert_true(nr_view_is(u->say, expected[i].say));
        assert_int_equal(u->pause_ms, expected[i].pause);
        assert_int_equal(u->rate, expected[i].rate);
        assert_int_equal(u->pitch, expected[i].pitch);
    }
    nr_script_free(script);
    nr_document_free(doc);
}

static int refuse(void *ctx, const char *bytes, size_t n)
{
    (void)ctx, (void)bytes, (void)n;
    return 1;
}

static void a_full_disk_stops_it(void **state)
{
    (void)state;
    nr_document *doc = open_text("One. Two.", 9, "plain");
    nr_script *script = NULL;
    assert_int_equal(nr_script_new(&script, doc, NULL, NULL), NR_OK);
    assert_int_equal(nr_script_write_ssml(script, NULL, refuse, NULL, NULL), NR_CANCELLED);
    nr_script_free(script);
    nr_document_free(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(articles_are_valid),
        cmocka_unit_test(odd_texts_are_valid),
        cmocka_unit_test(the_schema_refuses),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(what_is_not_honoured_is_noted),
        cmocka_unit_test(breaks_and_prosody_reach_the_script),
        cmocka_unit_test(a_full_disk_stops_it),
    };
    return cmocka_run_group_tests(tests, load_schema, free_schema);
}
