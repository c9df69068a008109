/* engine.h - what the rules of the normaliser share.
 *
 * A rule is tried at a place in the text where its kind of thing could begin. It looks at the characters, and where it
 * knows them it says words and makes one token; else it leaves everything as it was and returns false. The rules of a
 * family stand in one file, the order in which they are tried in normalise.c. */
#ifndef NR_NORMALISE_ENGINE_H
#define NR_NORMALISE_ENGINE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/table.h"
#include "normalise/normalise.h"

typedef struct nr_numbers nr_numbers;

struct nr_norm {
    bool us; /* else British */
    nr_table *abbreviations, *acronyms, *units, *currencies;
    nr_numbers *numbers;
};

typedef struct nr_run {
    nr_norm *norm;
    const char *text;
    uint32_t start, end; /* the span; text outside is context */
    uint32_t text_end;
    nr_arena *arena;
    nr_token *tokens;
    size_t count, cap;
    nr_word *words; /* of the token in the making */
    size_t word_count, word_cap;
    bool headline; /* the span is written in capitals */
    nr_status failed;
} nr_run;

/* ---------------------------------------------------------------- reading (normalise.c) */

/* The byte at `at`, NUL at or past the end of the span. */
static inline char nr_at(const nr_run *r, uint32_t at) { return at < r->end ? r->text[at] : '\0'; }
static inline bool nr_digit_at(const nr_run *r, uint32_t at) { return nr_ascii_digit(nr_at(r, at)); }
/* A letter: ASCII, or the beginning or inside of a character beyond. */
static inline bool nr_letter_at(const nr_run *r, uint32_t at)
{
    char c = nr_at(r, at);
    return nr_ascii_alpha(c) || (unsigned char)c >= 0xC3;
}
/* Whether the literal stands at `at`. */
bool nr_stands(const nr_run *r, uint32_t at, const char *literal);
/* Past spaces, tabs and no-break spaces, but no line's end. */
uint32_t nr_skip_blank(const nr_run *r, uint32_t at);
/* The end of a run of digits. */
uint32_t nr_digits_end(const nr_run *r, uint32_t at);
/* The end of a run of ASCII letters. */
uint32_t nr_letters_end(const nr_run *r, uint32_t at);
static inline nr_view nr_text(const nr_run *r, uint32_t from, uint32_t to) { return nr_view_sub(r->text, from, to); }
/* Hyphen, en dash or minus at `at`: its length, else 0. */
uint32_t nr_dash_at(const nr_run *r, uint32_t at);
/* Not in the middle of a word or number: the end or a character that is neither letter nor digit. */
bool nr_ends_word(const nr_run *r, uint32_t at);
/* The word before the place, across blanks, and the one after; empty at a sentence's border. */
nr_view nr_previous_word(const nr_run *r, uint32_t at);
nr_view nr_next_word(const nr_run *r, uint32_t at);
/* Whether the word is in a list of words separated by spaces, whatever its case. */
bool nr_in_list(nr_view word, const char *list);
uint64_t nr_value(nr_view digits); /* commas are skipped; UINT64_MAX when it does not fit */

/* ---------------------------------------------------------------- saying (normalise.c) */

/* Adds the words of a phrase (separated by spaces) for text [from, to). The phrase is copied. */
void nr_say(nr_run *r, nr_view phrase, uint32_t from, uint32_t to);
void nr_say_s(nr_run *r, const char *phrase, uint32_t from, uint32_t to);
/* Letters to be named. */
void nr_say_letters(nr_run *r, nr_view letters, uint32_t from, uint32_t to);
/* Makes the token of what was said. */
void nr_make(nr_run *r, nr_class class, const char *rule, uint32_t from, uint32_t to);
/* Forgets what was said since the last token. */
void nr_unsay(nr_run *r);

/* ---------------------------------------------------------------- numbers (number.c) */

typedef enum nr_form {
    NR_FORM_CARDINAL,
    NR_FORM_ORDINAL,
    NR_FORM_YEAR
} nr_form;

nr_status nr_numbers_new(nr_numbers **out, bool us, nr_error *err);
void nr_numbers_free(nr_numbers *n);
void nr_say_number(nr_run *r, nr_form form, uint64_t value, uint32_t from, uint32_t to);
/* "12", "1,250", "3.5", ".5": as it is read; too long for a number, digit by digit. */
void nr_say_figure(nr_run *r, nr_view figure, uint32_t from, uint32_t to);
/* Digit by digit; zero is "oh" or "zero". Anything but digits is skipped. */
void nr_say_digits(nr_run *r, nr_view digits, bool oh, uint32_t from, uint32_t to);
void nr_say_decade(nr_run *r, uint64_t year, uint32_t from, uint32_t to); /* 1990: "nineteen nineties" */
/* Figure at `at`: digits with thousands' commas and a decimal point. Its end, or `at` when there is none. */
uint32_t nr_figure_end(const nr_run *r, uint32_t at);
bool nr_is_one(nr_view figure); /* "1", which takes the singular */

/* ---------------------------------------------------------------- rules: true when they made a token and moved *at */

bool nr_rule_date(nr_run *r, uint32_t *at);     /* date.c */
bool nr_rule_month(nr_run *r, uint32_t *at);    /* date.c: begins with a month's name */
bool nr_rule_time(nr_run *r, uint32_t *at);     /* date.c */
bool nr_rule_money(nr_run *r, uint32_t *at);    /* measure.c: begins with a currency's sign */
bool nr_rule_measure(nr_run *r, uint32_t *at);  /* measure.c */
bool nr_rule_ordinal(nr_run *r, uint32_t *at);  /* figure.c */
bool nr_rule_figure(nr_run *r, uint32_t *at);   /* figure.c: all other things that begin with a digit */
bool nr_rule_web(nr_run *r, uint32_t *at);      /* web.c */
bool nr_rule_word(nr_run *r, uint32_t *at);     /* word.c: things that begin with a letter */
bool nr_rule_symbol(nr_run *r, uint32_t *at);   /* symbol.c */

#endif
