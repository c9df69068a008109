/* Which language a text plainly is, and when nothing is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "read/language.h"

static const char english[] =
    "The goats of the harbour have been counted again, and there are more of them than there were in the spring. "
    "It is not known who let them in, but the keeper said that he was at home when it happened, with his sister. ";
static const char german[] =
    "Die Ziegen am Hafen sind wieder gezählt worden, und es sind mehr als im Frühling. Wer sie hereingelassen hat, "
    "ist nicht bekannt, aber der Wärter sagte, dass er zu Hause war, als es geschah, und dass auch seine Schwester "
    "es bestätigen kann, wenn man sie nach der Uhrzeit fragt. Nun soll ein Zaun um den Platz gebaut werden. ";
static const char russian[] =
    "Козы у причала снова пересчитаны, и теперь их больше, чем было весной. Кто их впустил, неизвестно, но сторож "
    "сказал, что он был дома, когда это случилось, и что сестра может это подтвердить. ";
static const char japanese[] =
    "港のヤギがまた数えられ、春よりも増えていることがわかった。誰が入れたのかは知られていないが、番人はそのとき家にいたと"
    "話した。妹もそれを確かめられるという。これから広場のまわりに柵が作られる予定である。";

static const char *other(const char *text, const char *declared)
{
    nr_language_tally *t;
    assert_int_equal(nr_language_tally_new(&t, NULL), NR_OK);
    nr_language_tally_add(t, nr_view_of(text));
    const char *found = nr_language_other(t, declared);
    nr_language_tally_free(t);
    return found ? found : "";
}

static void plain(void **state)
{
    (void)state;
    assert_string_equal(other(german, "en"), "de");
    assert_string_equal(other(german, "en-US"), "de");
    assert_string_equal(other(german, NULL), "de");
    assert_string_equal(other(english, "de"), "en");
    assert_string_equal(other(russian, "en"), "ru");
    assert_string_equal(other(japanese, "en"), "ja");
}

static void believed(void **state)
{
    (void)state;
    assert_string_equal(other(german, "de-AT"), "");
    assert_string_equal(other(english, "en"), "");
    assert_string_equal(other(english, "sco"), ""); /* no table: who knows */
    assert_string_equal(other("Bitte warten.", "en"), "");
    assert_string_equal(other("", NULL), "");
    char both[1200];
    snprintf(both, sizeof both, "%s%s", english, german);
    assert_string_equal(other(both, "en"), "");
    assert_string_equal(other(both, "de"), "");
}

static void enough(void **state)
{
    (void)state;
    nr_language_tally *t;
    assert_int_equal(nr_language_tally_new(&t, NULL), NR_OK);
    bool more = true;
    for (int i = 0; i < 30 && more; i++)
        more = nr_language_tally_add(t, nr_view_of(german));
    assert_false(more);
    nr_language_tally_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain), cmocka_unit_test(believed), cmocka_unit_test(enough)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
