/* What kinds of word stand around a number or a letter: facts from voices/LANG/context.tsv, and what follows from them. */
#include "normalise/engine.h"

enum { WORD_MOST = 24 };

const char *const nr_kind_names[] = {"name", "rank", "part", "lettered", "coded", "spelled", "dial", "article", "function", "dating",
                                     "near-date", "amount", "counted", "uncounted", "result", "street", "length", "weapon",
                                     "clock", "zone", "speaker", "month", "k-distance", "gauged", "crowd", "feminine", NULL};

/* The row of a word in a table whose keys are in lower case. */
static const nr_row *row_of(const nr_table *t, nr_view word)
{
    char lower[WORD_MOST];
    if (!word.n || word.n > sizeof lower || !t)
        return NULL;
    for (size_t i = 0; i < word.n; i++)
        lower[i] = nr_ascii_lower(word.p[i]);
    return nr_table_find(t, (nr_view){lower, word.n});
}

uint32_t nr_kinds(const nr_run *r, nr_view word)
{
    const nr_row *row = row_of(r->norm->context, word);
    return row ? r->norm->kinds[row - nr_table_row(r->norm->context, 0)] : 0;
}

bool nr_starts_sentence(const nr_run *r, nr_view word)
{
    const nr_row *row = nr_starts_upper(word) ? row_of(r->norm->starters, word) : NULL;
    return row && (nr_view_starts(row->column[0], NR_LIT("start")) || nr_view_starts(row->column[0], NR_LIT("front")));
}

bool nr_counts(const nr_run *r, uint32_t end)
{
    nr_view next = nr_next_word(r, end);
    if (nr_skip_blank(r, end) == end || next.n < 3 || !nr_starts_lower(next))
        return false;
    uint32_t kinds = nr_kinds(r, next);
    if (kinds & NR_KIND_COUNTED)
        return true;
    return next.p[next.n - 1] == 's' && !nr_view_ends(next, NR_LIT("wards")) && next.p[next.n - 2] != 's' && !(kinds & (NR_KIND_UNCOUNTED | NR_KIND_FUNCTION));
}

bool nr_is_adjective(const nr_run *r, uint32_t start, uint32_t end)
{
    enum { BRACKET_MOST = 20 };
    if (nr_stands(r, end, " (") && nr_digit_at(r, end + 2)) { /* "a 15cm (6in) blade" */
        uint32_t close = end + 2;
        while (close - end < BRACKET_MOST && nr_at(r, close) && nr_at(r, close) != ')')
            close++;
        end = nr_at(r, close) == ')' && nr_letter_at(r, close - 1) ? close + 1 : end;
    } else if (start > r->start && r->text[start - 1] == '(' && nr_at(r, end) == ')' && r->count > 1 && r->tokens[r->count - 2].class == NR_CLASS_MEASURE) {
        start = r->tokens[r->count - 2].span.start;
        end++;
    }
    if (nr_at(r, end) == '-' && nr_letter_at(r, end + 1)) /* but "£1m-plus" */
        return !nr_in_list(nr_text(r, end + 1, nr_letters_end(r, end + 1)), "plus odd ish or to and");
    nr_view next = nr_next_word(r, end), before = nr_previous_word(r, start);
    uint32_t kinds = nr_kinds(r, before);
    if (start > r->start + 3 && memcmp(r->text + start - 4, "sub-", 4) == 0) /* "a sub-2hr run" */
        return nr_skip_blank(r, end) > end && nr_starts_lower(next) && !(nr_kinds(r, next) & NR_KIND_FUNCTION);
    if (nr_skip_blank(r, end) == end || next.n < 3 || nr_kinds(r, next) & NR_KIND_FUNCTION)
        return false;
    if (nr_kinds(r, next) & NR_KIND_GAUGED && nr_starts_lower(next)) /* "signs $9bn order", "in lieu of $5,000 bail", "100m freestyle" */
        return true;
    if (kinds & NR_KIND_ARTICLE || nr_view_ends(before, NR_LIT("'s")))
        return nr_starts_lower(next) || nr_starts_upper(next);
    if (!nr_starts_lower(next))
        return false;
    if (nr_starts_lower(before) && nr_counts(r, end)) /* "two $100 bills", "sent 5kg bags" */
        return true;
    /* "a new £10m deal" */
    return nr_starts_lower(before) && !(kinds & NR_KIND_FUNCTION) && nr_kinds_before(r, (uint32_t)(before.p - r->text)) & NR_KIND_ARTICLE;
}
