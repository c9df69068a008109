/* Whether capitals make a word that can be said, "NATO", or none, "AKDTYK". The letters are ASCII capitals. */
#include "normalise/engine.h"

bool nr_is_vowel(char c) { return c && strchr("AEIOUaeiou", c) != NULL; }

/* ---------------------------------------------------------------- short words */

/* Pairs of consonants that no English syllable begins with, and so on, would fill tables; these few tell most acronyms
 * from words: how a word may begin, and how it may end. */
static bool may_begin(const char *p, size_t n)
{
    static const char *const two = " BL BR CH CL CR DR DW FL FR GL GR GN KH KL KN KR PH PL PR QU SC SH SK SL SM SN SP ST SW TH TR TW WH WR ZH ";
    char pair[5] = {' ', 0, 0, ' ', 0};
    if (n < 2 || nr_is_vowel(p[0]) || nr_is_vowel(p[1]) || p[1] == 'Y')
        return true;
    if (n > 2 && !nr_is_vowel(p[2]) && p[2] != 'Y' && !(p[0] == 'S' && strchr("RL", p[2])) && !(p[1] == 'H' && p[2] == 'R'))
        return false;
    pair[1] = p[0], pair[2] = p[1];
    return strstr(two, pair) != NULL;
}

static bool may_end(const char *p, size_t n)
{
    static const char *const two = " CH CK CT FF FT GH HN HT LD LF LK LL LM LP LS LT MP MS ND NG NK NN NS NT NX PH PS PT RD RE RK RL RM RN RP RS RT SH SK SM SP SS ST TH TS TT TZ WL WN WS XT ZZ KS DS GS BS CS VS ";
    char pair[5] = {' ', 0, 0, ' ', 0};
    if (n < 2 || nr_is_vowel(p[n - 1]) || nr_is_vowel(p[n - 2]) || p[n - 2] == 'Y' || p[n - 1] == 'Y')
        return true;
    if (n > 2 && !nr_is_vowel(p[n - 3]) && p[n - 3] != 'Y' && p[n - 1] != 'S' && p[n - 1] != 'T' && p[n - 1] != 'H')
        return false;
    pair[1] = p[n - 2], pair[2] = p[n - 1];
    return strstr(two, pair) != NULL;
}

/* Whether a consonant may stand behind another inside a word: J, Q, V, X and Z hardly, and three in a row want an easy one. */
static bool may_follow(const char *p, size_t i)
{
    if (i == 0 || nr_is_vowel(p[i - 1]) || p[i - 1] == 'Y')
        return true;
    bool easy = strchr("SRLNMH", p[i]) || strchr("SRLNMH", p[i - 1]);
    if (i > 1 && !nr_is_vowel(p[i - 2]) && p[i - 2] != 'Y' && !easy && !strchr("SRLNMH", p[i - 2]))
        return false;
    return easy || p[i] == p[i - 1] || !strchr("JQVXZ", p[i]);
}

bool nr_is_unpronounceable(nr_view word)
{
    size_t vowels = 0, run = 0, double_vowels = 0;
    bool brief = word.n == 4, lengthy = word.n > 9; /* the longer, the likelier a word */
    for (size_t i = 0; i < word.n; i++) {
        bool v = nr_is_vowel(word.p[i]) || (i && word.p[i] == 'Y');
        bool digraph = run && word.p[i] == 'H' && strchr("CPSTW", word.p[i - 1]); /* BIRTHPLACE */
        vowels += v;
        run = v ? 0 : run + !digraph;
        if (i > 1 && word.p[i] == word.p[i - 1] && word.p[i] == word.p[i - 2]) /* OHHHH */
            return false;
        double_vowels += i && word.p[i] == word.p[i - 1] && strchr("AIU", word.p[i]) != NULL;
        if ((run > 4 && !lengthy) || (run > 3 && vowels == 0) || (brief && run && !may_follow(word.p, i)))
            return true;
    }
    if (vowels == 0 || word.n > 5)
        return vowels == 0;
    return vowels == word.n || double_vowels || !may_begin(word.p, word.n) || !may_end(word.p, word.n);
}

/* ---------------------------------------------------------------- long words */

static bool is_one_of(char c, const char *letters) { return c && strchr(letters, c) != NULL; }

/* The pair is in a list of pairs separated by blanks. */
static bool is_pair(const char *p, const char *list)
{
    for (; *list; list += 3)
        if (list[0] == p[0] && list[1] == p[1])
            return true;
    return false;
}

/* Whether a syllable, in names of any people, may begin with these consonants. */
static bool may_open(const char *p, size_t n)
{
    if (n < 2)
        return true;
    if (n == 2)
        return p[0] == p[1] || p[0] == 'S' || is_one_of(p[1], "LRWHNMVY") || (is_one_of(p[0], "MN") && is_one_of(p[1], "BDGKJTPZCS")) ||
               is_pair(p, "PS PT PF TS DZ CZ ZD ZB KS TK TZ DJ TJ FJ BJ HJ KJ LJ ");
    bool szcz = p[0] == 'S' && p[1] == 'Z', mc = p[0] == 'M' && p[1] == 'C';
    return szcz || mc || memchr(p, 'H', n) || (n == 3 && is_one_of(p[2], "LRWV"));
}

/* Whether one may end with them. */
static bool may_close(const char *p, size_t n)
{
    if (n < 2 || p[n - 1] == p[n - 2])
        return true;
    if (n == 2)
        return is_one_of(p[0], "LRNMSWHZ") || is_one_of(p[1], "STHZ") || is_pair(p, "CK DG GN GM DK KL DL TL TN DN PN ");
    if (memchr(p, 'H', n) || is_one_of(p[n - 1], "STZ"))
        return true;
    return n == 3 && is_one_of(p[0], "RLNM") && (is_one_of(p[1], "LNMKSTD") || is_one_of(p[2], "LDK"));
}

/* Consonants between two vowels: some end the one syllable, the others begin the next. */
static bool may_part(const char *p, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (may_close(p, i) && may_open(p + i, n - i))
            return true;
    return n < 3;
}

bool nr_is_unsayable(nr_view word)
{
    if (word.n < 5)
        return false;
    for (size_t i = 0, end; i < word.n; i = end) {
        bool voiced = nr_is_vowel(word.p[i]) || (i && word.p[i] == 'Y');
        end = i + 1;
        if (voiced)
            continue;
        while (end < word.n && !nr_is_vowel(word.p[end]) && word.p[end] != 'Y')
            end++;
        const char *run = word.p + i;
        size_t n = end - i;
        bool thrice = n == 3 && end < word.n && i && run[0] == run[1] && run[1] == run[2]; /* OBBBA */
        if (thrice || !(i == 0 ? may_open(run, n) : end == word.n ? may_close(run, n) : may_part(run, n)))
            return true;
    }
    return false;
}
