/* From articles to files and times. The null voice ticks once a word, so where words are is known exactly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "publish/produce.h"

static const char article[] = "The first sentence has seven words here. The second one, too.\n\nAnother paragraph.\n";

static nr_document *document(const char *text)
{
    nr_document *doc = NULL;
    nr_read_options how = {.format = "plain"};
    assert_int_equal(nr_document_read(&doc, text, strlen(text), &how, NULL), NR_OK);
    return doc;
}

static void words_follow_each_other(void **state)
{
    (void)state;
    char folder[] = "/tmp/narrate-publish-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/talk.wav", folder);
    nr_document *docs[] = {document(article), document(article)};
    publish_file file = {.path = path};
    publish_job job;
    publish_job_init(&job);
    job.docs = (const nr_document *const *)docs;
    job.doc_count = 2;
    job.files = &file;
    job.file_count = 1;
    job.voice.voice = "null";
    publish_result result;
    nr_error err = {0};
    if (publish_produce(&job, NULL, &result, &err))
        fail_msg("%s", err.msg);
    const timeline *t = &result.times;
    assert_int_equal(t->part_count, 2);
    assert_int_equal(t->sentence_count, 6);
    assert_int_equal(t->word_count, 26);
    assert_int_equal(result.words, 26);
    uint64_t last = 0;
    for (size_t i = 0; i < t->sentence_count; i++) {
        const timeline_sentence *s = &t->sentences[i];
        assert_int_equal(s->part, i / 3);
        assert_true(s->start >= last && s->end > s->start);
        last = s->end;
        for (size_t k = s->first; k < s->first + s->count; k++) {
            assert_true(t->words[k].start >= s->start && t->words[k].end > t->words[k].start && t->words[k].end <= s->end);
            assert_true(t->words[k].span.start >= s->span.start && t->words[k].span.end <= s->span.end);
        }
    }
    assert_true(t->sentences[3].start == t->parts[1].start && t->parts[1].end == t->frames && last <= t->frames);
    assert_int_equal(t->chapter_count, 2);
    assert_int_equal(t->chapters[0].end, t->chapters[1].start);
    timeline_shift(&result.times, -(int64_t)t->frames);
    assert_int_equal(t->words[0].start, 0);
    timeline_free(&result.times);
    assert_int_equal(publish_produce(&job, NULL, &result, &err), NR_EEXIST);
    unlink(path);
    rmdir(folder);
    nr_document_free(docs[0]);
    nr_document_free(docs[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_follow_each_other)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
