/* engine.h - what the rules of the normaliser share.
 *
 * At every place of the text the scanners of scan.re say what shape begins there. For each shape there are rules, tried
 * in order: a rule looks at the shape's parts and at the words around it, and where it knows what is meant it says words,
 * makes one token and moves on; else it leaves everything as it was and returns false. The rules of a class stand in one
 * file. Facts about words (which name kings, what counts, what stands before a year) are in voices/LANG/context.tsv. */
#ifndef NR_NORMALISE_ENGINE_H
#define NR_NORMALISE_ENGINE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/table.h"
#include "normalise/normalise.h"
#include "normalise/scan.h"
#include "normalise/style.h"

typedef struct nr_numbers nr_numbers;
typedef struct nr_run nr_run;

/* True when it made a token and moved *at. */
typedef bool nr_rule(nr_run *r, uint32_t *at);

/* What differs from language to language and is no table. */
typedef struct nr_language {
    const char *tag; /* "en": its tables are in voices/en */
    nr_rule *number; /* what begins with a digit, or a point or sign before one */
    nr_rule *word;   /* what begins with a letter */
    nr_rule *sign;   /* all the rest; takes any character */
    const char *conjunction; /* what "&" between letters is */
} nr_language;

extern const nr_language nr_english, nr_german, nr_french;

struct nr_norm {
    const nr_language *language;
    nr_style style;
    nr_table *abbreviations, *acronyms, *everyday, *units, *currencies, *context, *starters, *signs, *clues;
    uint32_t *kinds; /* by the rows of context */
    uint32_t small_abbreviations[26][26]; /* a bit a length, by the first letter and the last: which small letters may be one */
    nr_numbers *numbers;
    struct nr_cldr *cldr; /* names from CLDR, for languages that have no tables of them */
    int balance; /* of the clues so far, when the locale is guessed */
};

struct nr_run {
    nr_norm *norm;
    const char *text;
    uint32_t start, end; /* the span; text outside is context */
    nr_arena *arena;
    nr_token *tokens;
    size_t count, cap;
    nr_word *words; /* of the token in the making */
    size_t word_count, word_cap;
    bool headline; /* the span is written in capitals */
    nr_status failed;
};

/* ---------------------------------------------------------------- looking (look.c) */

/* The byte at `at`, NUL at or past the end of the span. */
static inline char nr_at(const nr_run *r, uint32_t at) { return at < r->end ? r->text[at] : '\0'; }
static inline bool nr_digit_at(const nr_run *r, uint32_t at) { return nr_ascii_digit(nr_at(r, at)); }
/* A letter: ASCII, or the beginning of a character beyond, but for U+2000-2FFF (punctuation and signs) and the planes
 * of emoji. */
static inline bool nr_letter_at(const nr_run *r, uint32_t at)
{
    unsigned char c = (unsigned char)nr_at(r, at);
    return nr_ascii_alpha((char)c) || (c >= 0xC3 && c != 0xE2 && c < 0xF0);
}
/* Whether the literal stands at `at`. */
bool nr_stands(const nr_run *r, uint32_t at, const char *literal);
/* Past spaces, tabs and no-break spaces, but no line's end. */
uint32_t nr_skip_blank(const nr_run *r, uint32_t at);
uint32_t nr_digits_end(const nr_run *r, uint32_t at);
uint32_t nr_letters_end(const nr_run *r, uint32_t at); /* ASCII letters */
uint32_t nr_thin_blank_at(const nr_run *r, uint32_t at); /* a no-break or thin space: its length, else 0 */
/* Behind digits and groups of three, with thin blanks between them or, if wanted, any: "12 500". */
uint32_t nr_groups_end(const nr_run *r, uint32_t at, bool blanks);
/* A figure with thousands' commas and a decimal point; its end, or `at` when there is none. */
uint32_t nr_figure_end(const nr_run *r, uint32_t at);
static inline nr_view nr_text(const nr_run *r, uint32_t from, uint32_t to) { return nr_view_sub(r->text, from, to); }
static inline nr_view nr_part(const nr_run *r, nr_span s) { return nr_view_sub(r->text, s.start, s.end); }
static inline uint32_t nr_length(nr_span s) { return s.end - s.start; }
/* Hyphen, en dash or minus at `at`: its length, else 0. */
uint32_t nr_dash_at(const nr_run *r, uint32_t at);
uint32_t nr_apostrophe_at(const nr_run *r, uint32_t at); /* the same */
/* Not in the middle of a word or number: the end or a character that is neither letter nor digit. */
bool nr_ends_word(const nr_run *r, uint32_t at);
bool nr_begins_word(const nr_run *r, uint32_t at);
/* Nothing but punctuation stands behind: a full stop here ends the sentence, whatever else it does. */
bool nr_ends_sentence(const nr_run *r, uint32_t at);
/* The word before the place, across blanks, and the one after; empty at a border of the sentence's parts. */
nr_view nr_previous_word(const nr_run *r, uint32_t at);
nr_view nr_next_word(const nr_run *r, uint32_t at);
/* What names the number at `at`: the word before, but for "number" and "No." between: "serial No. C2766"; of an
 * abbreviation what it is short for, which is not in the text: "Hwy. 101". */
nr_view nr_named_by(const nr_run *r, uint32_t at);
/* Whether the word is in a list of words separated by spaces, whatever its case. */
bool nr_in_list(nr_view word, const char *list);
uint64_t nr_value(nr_view digits); /* what is no digit is skipped; UINT64_MAX when it does not fit */
static inline uint64_t nr_number(const nr_run *r, nr_span s) { return nr_value(nr_part(r, s)); }
bool nr_is_one(nr_view figure); /* "1", which takes the singular */
static inline bool nr_starts_upper(nr_view v) { return v.n && nr_ascii_upper(v.p[0]); }
static inline bool nr_starts_lower(nr_view v) { return v.n && v.p[0] >= 'a' && v.p[0] <= 'z'; }

/* ---------------------------------------------------------------- what words are (context.c) */

enum {
    NR_KIND_NAME = 1 << 0,       /* first names that kings and popes have had */
    NR_KIND_RANK = 1 << 1,       /* king, queen, pope */
    NR_KIND_PART = 1 << 2,       /* part, war, act: what Roman numerals number */
    NR_KIND_LETTERED = 1 << 3,   /* vitamin, plan, group: what a capital letter tells apart */
    NR_KIND_CODED = 1 << 4,      /* room, flight, route: its number is a name */
    NR_KIND_SPELLED = 1 << 5,    /* box, serial, PIN: its number is read digit by digit */
    NR_KIND_DIAL = 1 << 6,       /* call, dial */
    NR_KIND_ARTICLE = 1 << 7,    /* a, the, his, another */
    NR_KIND_FUNCTION = 1 << 8,   /* words that are no noun: in, of, and, was */
    NR_KIND_DATING = 1 << 9,     /* in, since, early: before a year */
    NR_KIND_NEAR_DATE = 1 << 10, /* by, from, and: before a year or a number */
    NR_KIND_AMOUNT = 1 << 11,    /* nearly, over, than: before a number */
    NR_KIND_COUNTED = 1 << 12,   /* people, men, staff: plurals without an s */
    NR_KIND_UNCOUNTED = 1 << 13, /* was, this, always: end in s and are no plurals */
    NR_KIND_RESULT = 1 << 14,    /* won, beat, draw: beside a score */
    NR_KIND_STREET = 1 << 15,    /* street, avenue, st */
    NR_KIND_LENGTH = 1 << 16,    /* long, deep, sprint: behind metres */
    NR_KIND_WEAPON = 1 << 17,    /* calibre, pistol: behind .45 */
    NR_KIND_CLOCK = 1 << 18,     /* at, until: before a time of day */
    NR_KIND_ZONE = 1 << 19,      /* GMT, BST: behind one */
    NR_KIND_SPEAKER = 1 << 20,   /* think, have: what follows the pronoun I */
    NR_KIND_MONTH = 1 << 21,     /* months and their short forms */
    NR_KIND_THOUSAND = 1 << 22,  /* run, race: after 10k, which is a distance */
    NR_KIND_GAUGED = 1 << 23,    /* lens, bill: a measure or sum right before says of what size, with no article too */
    NR_KIND_CROWD = 1 << 24,     /* users, sales: what is counted in millions, "m" */
    NR_KIND_FEMININE = 1 << 25,  /* Elisabeth; heure, personne: where the language asks */
};

extern const char *const nr_kind_names[]; /* as in the tables; NULL at the end */
uint32_t nr_kinds(const nr_run *r, nr_view word);
static inline uint32_t nr_kinds_before(const nr_run *r, uint32_t at) { return nr_kinds(r, nr_previous_word(r, at)); }
static inline uint32_t nr_kinds_after(const nr_run *r, uint32_t end) { return nr_kinds(r, nr_next_word(r, end)); }
/* What stands behind is a plural that the number counts. */
bool nr_counts(const nr_run *r, uint32_t end);
/* "a 10km run": the measure in [start, end) stands like an adjective before a noun, and so in the singular. */
bool nr_is_adjective(const nr_run *r, uint32_t start, uint32_t end);
/* Words with which sentences begin: after a capital they tell that a full stop was one. */
bool nr_starts_sentence(const nr_run *r, nr_view word);

/* ---------------------------------------------------------------- saying (say.c) */

/* Adds the words of a phrase (separated by spaces) for text [from, to). The phrase is copied. */
void nr_say(nr_run *r, nr_view phrase, uint32_t from, uint32_t to);
/* The same for a phrase that outlives the run: a literal, a table's. */
void nr_say_s(nr_run *r, const char *phrase, uint32_t from, uint32_t to);
void nr_say_fixed(nr_run *r, nr_view phrase, uint32_t from, uint32_t to);
/* Letters to be named. */
void nr_say_letters(nr_run *r, nr_view letters, uint32_t from, uint32_t to);
/* A word and what hangs on it: "s", "'s". */
void nr_say_suffixed(nr_run *r, nr_view word, const char *suffix, bool letters, uint32_t from, uint32_t to);
/* Hangs a suffix on the last word; a word in -y or -x changes as it must for the plural: "ninety" "nineties". */
void nr_inflect(nr_run *r, const char *suffix, uint32_t to);
/* Makes the token of what was said, moves *at behind it, and is true. */
bool nr_make(nr_run *r, uint32_t *at, uint32_t end, nr_class class, const char *rule);
/* Forgets what was said since the last token. */
void nr_unsay(nr_run *r);

/* ---------------------------------------------------------------- numbers (number.c) */

typedef enum nr_form {
    NR_FORM_CARDINAL,
    NR_FORM_ORDINAL,
    NR_FORM_YEAR,
    NR_FORM_COUNTING, /* before what is counted: "ein Euro" */
    NR_FORM_FEMININE, /* "eine Million", "une heure" */
    NR_FORM_OBLIQUE,  /* ordinals: "am dritten", "première" */
    NR_FORM_STRONG    /* ordinals: "dritter Mai" */
} nr_form;

nr_status nr_numbers_new(nr_numbers **out, const char *locale, nr_error *err);
void nr_numbers_free(nr_numbers *n);
void nr_say_number(nr_run *r, nr_form form, uint64_t value, uint32_t from, uint32_t to);
static inline void nr_say_part(nr_run *r, nr_form form, nr_span s) { nr_say_number(r, form, nr_number(r, s), s.start, s.end); }
/* "12", "1,250", "3.5", ".5": as it is read; too long for a number, digit by digit. */
void nr_say_figure(nr_run *r, nr_view figure, uint32_t from, uint32_t to);
static inline void nr_say_figure_part(nr_run *r, nr_span s) { nr_say_figure(r, nr_part(r, s), s.start, s.end); }
/* Digit by digit; zero is "oh" or "zero". Anything but digits is skipped. */
void nr_say_digits(nr_run *r, nr_view digits, bool oh, uint32_t from, uint32_t to);
/* As numbers are named: 101 "one oh one", 370 "three seventy", 2040 "twenty forty". */
void nr_say_code(nr_run *r, nr_span digits);
/* Two digits behind others, as in a year: "oh five". */
void nr_say_pair(nr_run *r, nr_span digits);

/* ---------------------------------------------------------------- rules that others ask */

bool nr_is_year(const nr_run *r, nr_span s);            /* year.c */
void nr_say_maybe_year(nr_run *r, nr_span s);           /* year.c: a year, else a figure */
bool nr_year_era(nr_run *r, uint32_t *at);              /* year.c: "44 BC" */
bool nr_rule_decade(nr_run *r, uint32_t *at, const nr_match *m);
bool nr_rule_short_year(nr_run *r, uint32_t *at);       /* year.c: '80s, '99 */
bool nr_rule_quarter(nr_run *r, uint32_t *at);          /* year.c: Q3 2023, 3Q22, FY23 */
bool nr_rule_date(nr_run *r, uint32_t *at, const nr_match *m);  /* date.c: begins with a figure */
bool nr_rule_month(nr_run *r, uint32_t *at);            /* date.c: begins with a month's name */
bool nr_rule_weekday(nr_run *r, uint32_t *at);          /* date.c */
bool nr_rule_time(nr_run *r, uint32_t *at, const nr_match *m);  /* time.c */
bool nr_rule_money(nr_run *r, uint32_t *at);            /* money.c: begins with a currency's sign */
bool nr_rule_money_behind(nr_run *r, uint32_t *at, const nr_match *m); /* money.c: 10€ */
bool nr_rule_measure(nr_run *r, uint32_t *at, const nr_match *m); /* measure.c */
bool nr_rule_unit_behind_per(nr_run *r, uint32_t *at);  /* measure.c */
/* "of a teaspoon" behind a part that has been said, where a unit stands at `at`: its end, else `at` (measure.c). */
uint32_t nr_say_unit_of_part(nr_run *r, uint32_t at);
bool nr_rule_figure(nr_run *r, uint32_t *at);           /* figure.c: all that begins with a digit */
bool nr_rule_machine(nr_run *r, uint32_t *at);          /* machine.c: 00:1A:2B:3C:4D:5E, 0xFF */
bool nr_rule_web(nr_run *r, uint32_t *at);              /* web.c */
/* Names, figures and signs of an address or path, all of them aloud (web.c). */
void nr_say_web_parts(nr_run *r, uint32_t from, uint32_t to);
bool nr_rule_path(nr_run *r, uint32_t *at, const nr_match *m);  /* path.c */
bool nr_rule_ending(nr_run *r, uint32_t *at, const nr_match *m); /* path.c */
bool nr_rule_word(nr_run *r, uint32_t *at);             /* english.c: begins with a letter */
bool nr_rule_plain_word(nr_run *r, uint32_t *at);       /* word.c: as it is written */
bool nr_rule_abbreviation(nr_run *r, uint32_t *at);     /* abbreviation.c */
bool nr_rule_letters(nr_run *r, uint32_t *at);          /* letters.c */
bool nr_rule_lettered_code(nr_run *r, uint32_t *at, const nr_match *m); /* lettered.c: F-16, H5N1 */
bool nr_rule_junction(nr_run *r, uint32_t *at, const nr_match *m);      /* lettered.c: J10 of a motorway */
bool nr_rule_postcode(nr_run *r, uint32_t *at, const nr_match *m);      /* lettered.c */
bool nr_rule_lineage(nr_run *r, uint32_t *at);                          /* lettered.c: B.1.1.7 */
/* Capitals as letters, as a word, or as the table of acronyms has them (letters.c). */
void nr_say_capitals(nr_run *r, uint32_t from, uint32_t to);
/* Whether no English word sounds as these capitals would: "CEPR", "UMBC" (sayable.c). */
bool nr_is_unpronounceable(nr_view capitals);
bool nr_is_unsayable(nr_view capitals); /* the same of long ones, "AKDTYK", for any people's names */
bool nr_is_vowel(char c);
/* An A with a mark right behind, "vitamins A, C", "3(a)": an article has a word behind it (letters.c). */
bool nr_letter_before_mark(const nr_run *r, uint32_t at);
bool nr_rule_roman(nr_run *r, uint32_t *at, const nr_match *m); /* roman.c */
int nr_roman_value(nr_view v);                          /* roman.c: 0 when it is no well-formed numeral */
bool nr_rule_symbol(nr_run *r, uint32_t *at);           /* symbol.c */
bool nr_rule_chat_sign(nr_run *r, uint32_t *at);        /* chat.c: ":-)", "<3", "press #" */
bool nr_rule_texting(nr_run *r, uint32_t *at);          /* chat.c: "gr8" */
bool nr_rule_dose_time(nr_run *r, uint32_t *at);        /* chat.c: "q4h" */
/* Raised and lowered figures, and operators of two characters (formula.c). */
bool nr_rule_raised(nr_run *r, uint32_t *at, uint32_t code, uint32_t end);
bool nr_rule_operator(nr_run *r, uint32_t *at);
/* Whether a small raised figure or minus stands at `at` (formula.c). */
bool nr_superscript_at(const nr_run *r, uint32_t at);
/* "bn", "m", " million" behind a figure: its word and extent, NULL when there is none. money: also single letters. */
const char *nr_magnitude_at(const nr_run *r, uint32_t at, bool money, nr_span *s);

#endif
