/* Where a sentence is cut: the cheapest way, by dynamic programming. Each utterance costs something, a cut costs by its
 * place, and passing a limit costs more than any cut but one inside a token. */
#include "segment/items.h"

enum {
    FIRST_CHARS = 60, /* of the first utterance of all, where a place to breathe allows */
    PER_UTTERANCE = 35,
    SCRAP = 45,       /* an utterance of one or two words beside others */
    BALANCE = 20,     /* of an utterance at its limit: halves are better than a whole and a rest */
    PASSED = 1000     /* a limit */
};

static const int place_costs[] = {
    [NR_PLACE_INSIDE] = 20000, [NR_PLACE_JOINED] = 3000, [NR_PLACE_LEANING] = 500, [NR_PLACE_ANY] = 200, [NR_PLACE_WEAK] = 80,
    [NR_PLACE_FAIR] = 60,      [NR_PLACE_GOOD] = 40,     [NR_PLACE_COMMA] = 20,    [NR_PLACE_CLAUSE] = -45, [NR_PLACE_BORDER] = -400,
};

typedef struct plan {
    double cost;
    size_t from; /* where the utterance that ends here begins */
} plan;

/* The cost of items [from, to) as an utterance of so many characters. */
static double cost_of(const nr_items *it, const nr_cutting *how, size_t from, size_t to, size_t chars)
{
    size_t words = to - from;
    double fill = (double)chars / how->max_chars, cost = PER_UTTERANCE + BALANCE * fill * fill;
    if (to < it->n)
        cost += place_costs[it->p[to - 1].same_token ? NR_PLACE_INSIDE : it->p[to - 1].place];
    if (words < 3 && words < it->n)
        cost += SCRAP;
    if (chars > how->max_chars)
        cost += PASSED + 10.0 * (double)(chars - how->max_chars);
    if (words > how->max_words)
        cost += PASSED + 50.0 * (double)(words - how->max_words);
    if (from == 0 && how->first_of_script && chars > FIRST_CHARS)
        cost += (double)(chars - FIRST_CHARS);
    return cost;
}

size_t nr_items_cut(const nr_items *it, const nr_cutting *how, size_t **ends)
{
    plan *plans = nr_arena_alloc(it->arena, (it->n + 1) * sizeof *plans);
    if (!plans)
        return 0;
    plans[0] = (plan){0, 0};
    for (size_t to = 1; to <= it->n; to++) {
        plans[to] = (plan){1e300, to - 1};
        size_t chars = 0;
        for (size_t from = to; from-- > 0;) {
            chars += it->p[from].say.n + 1 + (it->p[from].mark != 0);
            if (from + 1 < to && (chars > 2 * (size_t)how->max_chars || to - from > 2 * (size_t)how->max_words))
                break;
            double cost = plans[from].cost + cost_of(it, how, from, to, chars);
            if (cost < plans[to].cost)
                plans[to] = (plan){cost, from};
        }
    }
    size_t count = 0;
    for (size_t at = it->n; at > 0; at = plans[at].from)
        count++;
    *ends = nr_arena_alloc(it->arena, (count + 1) * sizeof **ends);
    if (!*ends)
        return 0;
    size_t i = count;
    for (size_t at = it->n; at > 0; at = plans[at].from)
        (*ends)[--i] = at;
    return count;
}
