#include "normalise/engine.h"
static bool number(nr_run *r, uint32_t *at) { return nr_rule_figure(r, at); }
static bool word(nr_run *r, uint32_t *at) { return nr_rule_plain_word(r, at) || nr_rule_symbol(r, at); }
const nr_language nr_french = {"fr", number, word, nr_rule_symbol};
