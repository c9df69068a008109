/* Captions, marks and transcripts of timelines without a voice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"
#include "publish/captions.h"
#include "said.h"

static char folder[] = "/tmp/narrate-captions-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* What a file would hold. */
static nr_buffer written(const timeline *t, beside_kind kind, const caption_options *opt)
{
    char path[80];
    nr_error err = {0};
    snprintf(path, sizeof path, "%s/a.%s", folder, beside_ending(kind));
    assert_int_equal(beside_kind_of(path), kind);
    assert_int_equal(beside_check(path, false, &err), NR_OK);
    if (captions_write(t, kind, path, opt, false, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(beside_check(path, false, &err), NR_EEXIST);
    nr_buffer b = NR_BUFFER_INIT(1 << 24);
    assert_int_equal(nr_file_read(path, &b, &err), NR_OK);
    unlink(path);
    return b;
}

/* ---------------------------------------------------------------- cases: a paragraph, its captions */

static void check_case(const char *text, const char *expected, const char *where)
{
    timeline t;
    nr_buffer got = NR_BUFFER_INIT(1 << 20);
    timeline_init(&t, SAID_RATE);
    nr_document *doc = said_document(text, strlen(text), "plain");
    assert_non_null(doc);
    assert_true(said_part(&t, doc, 330, NULL));
    cue_limits limits = cue_limits_usual();
    cue_list list = {0};
    phrase_reader *reader = NULL;
    const phrase_passage *g = NULL;
    assert_int_equal(phrase_reader_new(&reader, &t, &(phrase_options){.columns = limits.columns, .abridge = true}, NULL), NR_OK);
    while (phrase_reader_next(reader, &g, NULL) == NR_OK && g) {
        assert_int_equal(cue_list_make(&list, g, &limits, t.rate, 0, NULL), NR_OK);
        for (size_t i = 0; i < list.count; i++) {
            const cue *c = &list.cues[i];
            size_t from = c->first;
            for (int line = 0; from < c->last; line++) {
                size_t to = line ? c->last : c->second;
                const phrase_piece *a = &g->pieces[from], *z = &g->pieces[to - 1];
                nr_buffer_printf(&got, "%s%.*s", line ? " | " : "", (int)(z->at + z->n - a->at), g->text.p + a->at);
                from = to;
            }
            nr_buffer_put_char(&got, '\n');
        }
    }
    nr_buffer_put_char(&got, '\0');
    if (strcmp(got.p, expected) != 0)
        fail_msg("%s\nwanted:\n%sgot:\n%s", where, expected, got.p);
    nr_buffer_free(&got);
    cue_list_free(&list);
    phrase_reader_free(reader);
    timeline_free(&t);
    nr_document_free(doc);
}

/* Text, a line with a dot, a line for each caption with | between its lines, an empty line. '#' is a comment. */
static void lines_end_where_phrases_do(void **state)
{
    (void)state;
    nr_buffer file = NR_BUFFER_INIT(1 << 20);
    nr_error err;
    if (nr_file_read(NR_TEST_DIR "/cases/captions.txt", &file, &err))
        fail_msg("%s", err.msg);
    char *rest = file.p;
    int count = 0;
    while (rest && *rest) {
        if (*rest == '#' || *rest == '\n') {
            rest = strchr(rest, '\n') + 1;
            continue;
        }
        char *dot = strstr(rest, "\n.\n"), *end = dot ? strstr(dot + 2, "\n\n") : NULL;
        assert_non_null(dot);
        dot[1] = '\0';
        if (end)
            end[1] = '\0';
        check_case(rest, dot + 3, rest);
        count++;
        rest = end ? end + 2 : NULL;
    }
    assert_true(count >= 10);
    nr_buffer_free(&file);
}

/* ---------------------------------------------------------------- what always holds */

static void check_line(const phrase_passage *g, size_t from, size_t to, const cue_limits *limits)
{
    unsigned width = 0;
    for (size_t i = from; i < to; i++)
        width += g->pieces[i].width + (i > from && g->pieces[i].space ? PHRASE_LETTER : 0);
    assert_true(width > 0 && width <= limits->columns * PHRASE_LETTER);
}

/* Every word that is said begins in exactly one caption, and while it stands. */
static void check_words(const timeline *t, const phrase_passage *g, const cue_list *list)
{
    size_t c = 0;
    for (size_t i = g->first; i < g->first + g->sentences; i++)
        for (size_t k = t->sentences[i].first; k < t->sentences[i].first + t->sentences[i].count; k++) {
            while (c + 1 < list->count && list->cues[c + 1].start <= t->words[k].start)
                c++;
            assert_true(list->cues[c].start <= t->words[k].start && t->words[k].start < list->cues[c].end);
        }
}

static void check_timeline(const timeline *t)
{
    cue_limits limits = cue_limits_usual();
    cue_list list = {0};
    phrase_reader *reader = NULL;
    const phrase_passage *g = NULL;
    uint64_t last = 0;
    size_t sentences = 0;
    assert_int_equal(phrase_reader_new(&reader, t, &(phrase_options){limits.columns, 1.25, true}, NULL), NR_OK);
    while (phrase_reader_next(reader, &g, NULL) == NR_OK && g) {
        assert_int_equal(nr_utf8_valid(g->text.p, g->text.n), g->text.n);
        assert_int_equal(cue_list_make(&list, g, &limits, t->rate, last, NULL), NR_OK);
        size_t piece = 0;
        for (size_t i = 0; i < list.count; i++) {
            const cue *c = &list.cues[i];
            assert_int_equal(c->first, piece);
            assert_true(c->last > c->first && c->second > c->first && c->second <= c->last);
            assert_true(c->start >= last && c->end > c->start && c->end <= t->frames);
            assert_true(c->start <= g->pieces[c->first].start);
            assert_true(g->pieces[c->first].start - c->start <= (uint64_t)(limits.lead * SAID_RATE));
            assert_true(c->end - c->start <= (uint64_t)(2 * 7 * SAID_RATE));
            check_line(g, c->first, c->second, &limits);
            if (c->second < c->last)
                check_line(g, c->second, c->last, &limits);
            piece = c->last;
            last = c->end;
        }
        assert_int_equal(piece, g->count);
        check_words(t, g, &list);
        sentences += g->sentences;
    }
    assert_int_equal(sentences, t->sentence_count);
    cue_list_free(&list);
    phrase_reader_free(reader);
}

static void every_word_is_in_one_caption(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "The Dr. said: \"3.5 km, i.e. 2 miles\u2014not $3,500,000.00!\" (Mrs J. R. Flett\u2019s well-known e-mail, 7.30pm.) \u2014 So there.",
        "https://example.org/a/very/long/address/that/does/not/end/before/the/line/does?and=more&of=it#here is one.",
        "Donaudampfschifffahrtselektrizit\u00E4tenhauptbetriebswerkbauunterbeamtengesellschaftsvorstand spricht.",
        "\u4ECA\u5929\u5929\u6C14\u5F88\u597D\uFF0C\u6211\u4EEC\u53BB\u516C\u56ED\u6563\u6B65\u5427\u3002\u5B69\u5B50\u4EEC\u5728\u6E56\u8FB9\u653E\u98CE\u7B5D\uFF0C\u8001\u4EBA\u4EEC\u5728\u6811\u4E0B\u4E0B\u68CB\u3002",
        "\u0642\u0627\u0644 \u0627\u0644\u0648\u0632\u064A\u0631 \u0625\u0646 \u0627\u0644\u0645\u062F\u064A\u0646\u0629 \u0633\u062A\u0628\u0646\u064A "
        "\u0645\u062F\u0631\u0633\u0629 \u062C\u062F\u064A\u062F\u0629\u060C \u0648\u0645\u0643\u062A\u0628\u0629.",
        "a\u00ADb\u00ADc \U0001F469\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466 e\u0301e\u0301 x\u200By \u00A0 z",
        "One. Two. Three! Four? Five; six: seven, eight - nine -- ten.",
    };
    timeline t;
    timeline_init(&t, SAID_RATE);
    nr_document *docs[14];
    size_t count = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (unsigned ms = 90; ms < 700; ms += 500) {
            assert_non_null(docs[count] = said_document(texts[i], strlen(texts[i]), "plain"));
            assert_true(said_part(&t, docs[count++], ms, NULL));
        }
    check_timeline(&t);
    timeline_free(&t);
    while (count)
        nr_document_free(docs[--count]);
}

static void articles_keep_the_limits(void **state)
{
    (void)state;
    nr_document *doc = NULL;
    assert_int_equal(nr_document_open(&doc, NR_ASSETS "/articles/harbour.txt", NULL, NULL), NR_OK);
    timeline t;
    timeline_init(&t, SAID_RATE);
    assert_true(said_part(&t, doc, 340, NULL));
    check_timeline(&t);
    timeline_free(&t);
    nr_document_free(doc);
}

/* ---------------------------------------------------------------- files */

static void count_warning(void *ctx, const char *message)
{
    assert_non_null(strstr(message, "20 characters a second"));
    ++*(int *)ctx;
}

static const char small[] = "Tea & <milk>\n\nMr Lee paid \u00A33.50. It was \u201Cfine\u201D.\n";

static void files_are_as_their_formats_want(void **state)
{
    (void)state;
    int warnings = 0;
    caption_options opt = {.words = true, .ctx = &warnings, .warning = count_warning};
    timeline t;
    timeline_init(&t, 1000);
    nr_document *doc = said_document(small, strlen(small), "plain");
    assert_true(said_part(&t, doc, 400, "en-GB"));
    t.rate = SAID_RATE;
    static const char *const holds[BESIDE_KINDS][4] = {
        {"WEBVTT\n\n00:00:00.000 --> ", "Tea <00:00:00.400>&amp; ", "<00:00:00.800>&lt;milk&gt;\n", "paid <"},
        {"1\n00:00:00,000 --> ", "\nTea & <milk>\n\n2\n00:00:0", "\u00A33.50. It was \u201Cfine\u201D.\n", "Mr Lee paid"},
        {"[length:0:0", "[00:00.00]<00:00.00>Tea <00:00.40>& <00:00.80><milk>\n", "\u00A33.50.", "]\n"},
        {"<p xml:id=\"c1\" begin=\"00:00:00.000\" end=\"", ">&amp;</span> <span begin=\"00:00:00.800\">&lt;milk&gt;</span></p>", "ttml", "</tt>\n"},
        {"{\"time\":0,\"type\":\"sentence\",\"start\":0,\"end\":12,\"value\":\"Tea & <milk>\",\"frame\":0,\"duration\":1200}\n",
         "\"type\":\"word\",", "\"value\":\"paid\"", "\"frame\":8820,\"duration\":400}"},
        {"[00:00:00] Tea & <milk>\n\n[00:00:0", "] Mr Lee paid \u00A33.50. It was \u201Cfine\u201D.\n", "", ""},
        {"<!DOCTYPE html>", "<span data-start=\"0.000\" data-end=\"1.200\"><span data-start=\"0.000\" data-end=\"0.400\">Tea</span>",
         "&lt;<span data-start=\"0.800\" data-end=\"1.200\">milk</span>&gt;", ">paid</span> "},
    };
    for (int kind = 0; kind < BESIDE_KINDS; kind++) {
        nr_buffer b = written(&t, (beside_kind)kind, &opt), again = written(&t, (beside_kind)kind, &opt);
        assert_true(nr_view_eq(nr_buffer_view(&b), nr_buffer_view(&again)));
        for (int i = 0; i < 4; i++)
            if (!strstr(b.p, holds[kind][i]))
                fail_msg("%s lacks %s:\n%s", beside_ending((beside_kind)kind), holds[kind][i], b.p);
        assert_int_equal(b.p[b.n - 1], '\n');
        nr_buffer_free(&b);
        nr_buffer_free(&again);
    }
    assert_int_equal(warnings, 0);
    for (size_t i = 0; i < t.word_count; i++) /* ten times as fast */
        t.words[i].start /= 10, t.words[i].end /= 10;
    for (size_t i = 0; i < t.sentence_count; i++)
        t.sentences[i].start /= 10, t.sentences[i].end /= 10;
    t.frames /= 10;
    nr_buffer b = written(&t, BESIDE_VTT, &opt);
    assert_int_equal(warnings, 1);
    nr_buffer_free(&b);
    timeline_free(&t);
    nr_document_free(doc);
}

static void an_empty_timeline_is_a_whole_file(void **state)
{
    (void)state;
    timeline t;
    timeline_init(&t, SAID_RATE);
    for (int kind = 0; kind < BESIDE_KINDS; kind++) {
        nr_buffer b = written(&t, (beside_kind)kind, NULL);
        assert_true(kind != BESIDE_VTT || strcmp(b.p, "WEBVTT\n") == 0);
        nr_buffer_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_where_phrases_do),
        cmocka_unit_test(every_word_is_in_one_caption),
        cmocka_unit_test(articles_keep_the_limits),
        cmocka_unit_test(files_are_as_their_formats_want),
        cmocka_unit_test(an_empty_timeline_is_a_whole_file),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
