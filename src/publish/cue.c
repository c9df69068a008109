#include "publish/cue.h"

#include <stdlib.h>

#include "base/error.h"

enum {
    PER_CUE = 30,
    SECOND_LINE = 5,
    ACROSS = 25,    /* a sentence's end inside a cue */
    SCRAP = 60,     /* one or two words of a longer sentence by themselves */
    TOO_SHORT = 500, /* for each second that is missing */
    TOO_LONG = 100, /* for each second too many */
    TOO_FAST = 200, /* at all: dearer than any break but inside a name or what leans on the next word */
    FASTER = 600    /* for each time as fast again */
};

static const int place_costs[] = {
    [PLACE_SENTENCE] = 0, [PLACE_CLAUSE] = 8,     [PLACE_COMMA] = 14,  [PLACE_GOOD] = 24,     [PLACE_FAIR] = 32,    [PLACE_WEAK] = 45,
    [PLACE_ANY] = 90,     [PLACE_LEANING] = 260, [PLACE_NAME] = 240, [PLACE_JOINED] = 1500, [PLACE_INSIDE] = 1200,
};

typedef struct cue_plan {
    double cost;
    size_t from, second; /* of the cue that ends here */
} cue_plan;

typedef struct maker {
    const phrase_passage *g;
    const cue_limits *limits;
    double rate;
} maker;

/* Columns of a line of the pieces [from, to) given what precedes. */
static unsigned width_with(const phrase_piece *p, unsigned width) { return width + (width ? p->space : 0u) + p->width; }

static double seconds(const maker *m, uint64_t from, uint64_t to) { return to > from ? (double)(to - from) / m->rate : 0; }

static uint64_t start_of(const phrase_passage *g, size_t piece) { return piece < g->count ? g->pieces[piece].start : g->until; }

/* What it costs that a cue stands so long for so many characters. */
static double time_cost(const maker *m, size_t from, size_t to, unsigned width)
{
    const phrase_passage *g = m->g;
    double room = seconds(m, g->pieces[from].start, start_of(g, to));
    double said = seconds(m, g->pieces[from].start, g->pieces[to - 1].end);
    double fast = room > 0 ? width / room / m->limits->speed : 10, cost = 0;
    if (room < m->limits->shortest)
        cost += TOO_SHORT * (m->limits->shortest - room);
    if (said > m->limits->longest)
        cost += TOO_LONG * (said - m->limits->longest);
    if (fast > 1)
        cost += TOO_FAST + FASTER * (fast < 10 ? fast - 1 : 9);
    return cost;
}

/* A few words of a sentence that goes on before or behind. */
static bool is_scrap(const phrase_passage *g, size_t from, size_t to)
{
    return to - from <= 2 && (g->pieces[from].place != PLACE_SENTENCE || (to < g->count && g->pieces[to].place != PLACE_SENTENCE));
}

/* Where the second line of a cue begins: the best place that keeps both lines within the limit. */
static bool break_line(const maker *m, size_t from, size_t to, unsigned width, size_t *second, double *cost)
{
    const phrase_piece *p = m->g->pieces;
    unsigned most = m->limits->columns, first = 0;
    *second = to;
    *cost = 0;
    if (width <= most)
        return true;
    *cost = 1e9;
    for (size_t i = from; m->limits->lines > 1 && i + 1 < to; i++) {
        first = width_with(&p[i], first);
        unsigned rest = width - first - p[i + 1].space;
        if (first > most)
            break;
        double uneven = first > rest ? 1.4 * (first - rest) : rest - first;
        double c = SECOND_LINE + place_costs[p[i + 1].place] / 3.0 + uneven / 3;
        if (rest <= most && c < *cost) {
            *cost = c;
            *second = i + 1;
        }
    }
    return *second < to;
}

/* The best last cue of what ends before `to`. */
static cue_plan best_last(const maker *m, const cue_plan *plans, size_t to)
{
    const phrase_piece *p = m->g->pieces;
    cue_plan best = {.cost = 1e300, .from = to - 1, .second = to};
    unsigned width = 0, most = m->limits->columns * m->limits->lines + 1;
    double across = 0;
    for (size_t from = to; from-- > 0;) {
        width += p[from].width + (from + 1 < to ? p[from + 1].space : 0);
        if (width > most && from + 1 < to)
            break;
        size_t second;
        double line, cost = plans[from].cost + PER_CUE + across;
        if (break_line(m, from, to, width, &second, &line)) {
            cost += line + time_cost(m, from, to, width) + (from ? place_costs[p[from].place] : 0) + (is_scrap(m->g, from, to) ? SCRAP : 0);
            if (cost < best.cost)
                best = (cue_plan){cost, from, second};
        }
        across += p[from].place == PLACE_SENTENCE ? ACROSS : 0;
    }
    return best;
}

/* It stands while it is said, longer where the silence behind allows and reading asks for it; short gaps are closed. */
static uint64_t end_of(const maker *m, const cue *c)
{
    const phrase_passage *g = m->g;
    uint64_t limit = start_of(g, c->last), end = g->pieces[c->last - 1].end;
    double wanted = c->width / m->limits->speed;
    wanted = wanted < m->limits->shortest ? m->limits->shortest : wanted;
    if (seconds(m, c->start, end) < wanted)
        end = c->start + (uint64_t)(wanted * m->rate + 1);
    if (end > limit || seconds(m, end, limit) < m->limits->gap)
        end = limit;
    return end > c->start ? end : c->start;
}

static unsigned width_of(const phrase_passage *g, size_t from, size_t to)
{
    unsigned width = 0;
    for (size_t i = from; i < to; i++)
        width = width_with(&g->pieces[i], width);
    return width;
}

static nr_status make_room(cue_list *list, size_t count)
{
    if (list->plan_room < count + 1) {
        free(list->plans);
        list->plans = malloc((count + 1) * sizeof *list->plans);
        list->plan_room = list->plans ? count + 1 : 0;
    }
    if (list->room < count) {
        free(list->cues);
        list->cues = malloc(count * sizeof *list->cues);
        list->room = list->cues ? count : 0;
    }
    return list->plans && list->cues ? NR_OK : NR_ENOMEM;
}

nr_status cue_list_make(cue_list *list, const phrase_passage *passage, const cue_limits *limits, int rate, nr_error *err)
{
    maker m = {passage, limits, rate};
    list->count = 0;
    if (make_room(list, passage->count ? passage->count : 1))
        return nr_fail_memory(err);
    list->plans[0] = (cue_plan){0};
    for (size_t to = 1; to <= passage->count; to++)
        list->plans[to] = best_last(&m, list->plans, to);
    size_t n = 0;
    for (size_t to = passage->count; to; to = list->plans[to].from)
        n++;
    list->count = n;
    for (size_t to = passage->count; to; to = list->plans[to].from) {
        cue *c = &list->cues[--n];
        *c = (cue){.start = passage->pieces[list->plans[to].from].start, .first = list->plans[to].from,
                   .second = list->plans[to].second, .last = to};
        c->width = width_of(passage, c->first, c->last);
        c->end = end_of(&m, c);
    }
    return NR_OK;
}

void cue_list_free(cue_list *list)
{
    free(list->cues);
    free(list->plans);
    *list = (cue_list){0};
}
