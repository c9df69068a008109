#include "publish/cue.h"

#include <stdlib.h>

#include "base/error.h"

enum {
    PER_CUE = 30,
    SECOND_LINE = 5,
    LEANS = 2,            /* a bad place costs so many times less between lines than between cues; a fair one, three times */
    ACROSS = 25,          /* a sentence's end inside a cue */
    ACROSS_BLOCK = 120,   /* two list items in one cue */
    SCRAP = 60,           /* one or two words of a longer sentence by themselves */
    TAIL = 30,            /* its last ones with the next sentence */
    DANGLING = 200,       /* its first ones with the sentence before */
    TOO_SHORT = 120,      /* at all */
    SHORTER = 500,        /* for each second that is missing */
    TOO_LONG = 250,       /* at all */
    LONGER = 100,         /* for each second too many */
    TOO_FAST = 400,       /* at all: dearer than any break but inside a name or what leans on the next word */
    FASTER = 600,         /* for each time as fast again */
    EARLY = 2,            /* a cue before its words, in silence */
    EARLY_IN_SPEECH = 200 /* and for each second that the words before still last */
};

/* How early a cue may come: not at all, by a third, two thirds, all of what its place allows. */
enum { LEADS = 4 };

static const int place_costs[] = {
    [PLACE_BLOCK] = 0, [PLACE_SENTENCE] = 0, [PLACE_CLAUSE] = 8,     [PLACE_COMMA] = 14,  [PLACE_GOOD] = 24,     [PLACE_FAIR] = 32,
    [PLACE_WEAK] = 45, [PLACE_ANY] = 90,     [PLACE_LEANING] = 260, [PLACE_NAME] = 240, [PLACE_JOINED] = 1500, [PLACE_INSIDE] = 1200,
};

typedef struct cue_plan {
    double cost;
    size_t from, second; /* of the cue that ends here */
    uint8_t lead;        /* its own */
} cue_plan;

typedef struct maker {
    const phrase_passage *g;
    const cue_limits *limits;
    double rate, speed; /* frames, characters a second */
    bool hopeless;      /* the passage as a whole is too fast */
    uint64_t since;
} maker;

/* Width of a line of the pieces [from, to) given what precedes. */
static unsigned width_with(const phrase_piece *p, unsigned width) { return width + (width ? p->space * PHRASE_LETTER : 0u) + p->width; }

/* Characters to be read. */
static unsigned load_of(const phrase_passage *g, size_t from, size_t to)
{
    unsigned load = 0;
    for (size_t i = from; i < to; i++)
        load += (i > from && g->pieces[i].space) + g->pieces[i].load;
    return load;
}

static double seconds(const maker *m, uint64_t from, uint64_t to) { return to > from ? (double)(to - from) / m->rate : 0; }

/* ---------------------------------------------------------------- when a cue begins */

/* The earliest frame for a cue that begins with a piece: while no more than half of the word before is to come. */
static uint64_t earliest(const maker *m, size_t piece)
{
    const phrase_piece *p = &m->g->pieces[piece];
    uint64_t lead = (uint64_t)(m->limits->lead * m->rate), limit = m->since;
    if (piece)
        limit = p[-1].start + (p[-1].end - p[-1].start) / 2;
    if (!p->timed || (piece && !p[-1].timed) || limit > p->start)
        return p->start;
    return p->start - limit < lead ? limit : p->start - lead;
}

/* Where the cue begins, the passage's end being the last one's. */
static uint64_t begin_of(const maker *m, size_t piece, unsigned lead)
{
    if (piece == m->g->count)
        return m->g->until;
    uint64_t start = m->g->pieces[piece].start;
    return lead ? start - (start - earliest(m, piece)) * lead / (LEADS - 1) : start;
}

static double lead_cost(const maker *m, size_t piece, unsigned lead)
{
    uint64_t silent = piece ? m->g->pieces[piece - 1].end : m->since;
    return lead ? EARLY * lead + EARLY_IN_SPEECH * seconds(m, begin_of(m, piece, lead), silent) : 0;
}

/* ---------------------------------------------------------------- what a cue costs */

/* That it stands so long for so much. */
static double time_cost(const maker *m, double room, double said, unsigned load)
{
    double fast = room > 0 ? load / room / m->speed : 10, cost = 0;
    if (room < m->limits->shortest)
        cost += TOO_SHORT + SHORTER * (m->limits->shortest - room);
    if (said > m->limits->longest)
        cost += TOO_LONG + LONGER * (said - m->limits->longest);
    if (fast > 1)
        cost += (m->hopeless ? 0 : TOO_FAST) + FASTER * (fast < 10 ? fast - 1 : 9);
    return cost;
}

static bool ends_sentence(const phrase_passage *g, size_t to) { return to == g->count || g->pieces[to].place <= PLACE_SENTENCE; }

/* One or two words of a sentence that goes on before or behind: by themselves, or with another sentence, the first and last
 * of which begin at `first` and `last` in the cue. */
static int ragged(const phrase_passage *g, size_t from, size_t to, size_t first, size_t last)
{
    bool begins = g->pieces[from].place <= PLACE_SENTENCE, ends = ends_sentence(g, to);
    if (!last)
        return to - from <= 2 && !(begins && ends) ? SCRAP : 0;
    return (to - last <= 2 && !ends ? DANGLING : 0) + (first - from <= 2 && !begins ? TAIL : 0);
}

/* Where the second line of a cue begins: the best place that keeps both lines within the limit; where another block does, if
 * one does. */
static bool break_line(const maker *m, size_t from, size_t to, size_t block, unsigned width, size_t *second, double *cost)
{
    const phrase_piece *p = m->g->pieces;
    unsigned most = m->limits->columns * PHRASE_LETTER, first = 0;
    *second = to;
    *cost = 0;
    if (width <= most && block == to)
        return true;
    *cost = 1e9;
    for (size_t i = from; m->limits->lines > 1 && i + 1 < to; i++) {
        first = width_with(&p[i], first);
        unsigned rest = width - first - p[i + 1].space * PHRASE_LETTER;
        if (first > most)
            break;
        double uneven = (first > rest ? 1.4 * (first - rest) : rest - first) / PHRASE_LETTER;
        double c = SECOND_LINE + place_costs[p[i + 1].place] / (p[i + 1].place < PLACE_LEANING ? 3.0 : LEANS) + uneven / 3;
        if (rest <= most && c < *cost && (block == to || block == i + 1)) {
            *cost = c;
            *second = i + 1;
        }
    }
    return *second < to;
}

/* Puts what is cheaper so into the plans of a passage up to `to`; cost is that of the cue without its times. */
static void try_leads(const maker *m, cue_plan *plans, size_t from, size_t to, size_t second, unsigned load, double cost)
{
    double said = seconds(m, m->g->pieces[from].start, m->g->pieces[to - 1].end);
    for (unsigned lead = 0; lead < LEADS; lead++) {
        double before = plans[from * LEADS + lead].cost + lead_cost(m, from, lead) + cost;
        for (unsigned next = 0; next < (to < m->g->count ? LEADS : 1u); next++) {
            double room = seconds(m, begin_of(m, from, lead), begin_of(m, to, next));
            double whole = before + time_cost(m, room, said, load);
            if (whole < plans[to * LEADS + next].cost)
                plans[to * LEADS + next] = (cue_plan){whole, from, second, (uint8_t)lead};
        }
    }
}

/* The best last cues of what ends before `to`. */
static void plan_last(const maker *m, cue_plan *plans, size_t to)
{
    const phrase_piece *p = m->g->pieces;
    unsigned width = 0, load = 0, most = (m->limits->columns * m->limits->lines + 1) * PHRASE_LETTER;
    double across = 0;
    size_t block = to;           /* where another one begins in the cue */
    size_t first = to, last = 0; /* and where sentences do */
    for (unsigned lead = 0; lead < LEADS; lead++)
        plans[to * LEADS + lead] = (cue_plan){.cost = 1e300, .from = to - 1, .second = to};
    for (size_t from = to; from-- > 0;) {
        unsigned space = from + 1 < to && p[from + 1].space;
        width += p[from].width + space * PHRASE_LETTER;
        load += p[from].load + space;
        if (width > most && from + 1 < to)
            break;
        size_t second;
        double line;
        if (break_line(m, from, to, block, width, &second, &line))
            try_leads(m, plans, from, to, second, load,
                      PER_CUE + across + line + ragged(m->g, from, to, first, last) + (from ? place_costs[p[from].place] : 0));
        if (p[from].place == PLACE_BLOCK && block < to)
            break;
        if (p[from].place == PLACE_BLOCK)
            block = from;
        if (p[from].place <= PLACE_SENTENCE) {
            first = from;
            last = last ? last : from;
        }
        across += p[from].place == PLACE_SENTENCE ? ACROSS : p[from].place == PLACE_BLOCK ? ACROSS_BLOCK : 0;
    }
}

/* ---------------------------------------------------------------- when it ends */

/* It stands while it is said, longer where the silence behind allows and reading asks for it; short gaps are closed, the
 * last one's when it is known what follows. */
static uint64_t end_of(const maker *m, const cue *c, uint64_t limit)
{
    const phrase_passage *g = m->g;
    uint64_t end = g->pieces[c->last - 1].end;
    double wanted = c->load / m->limits->speed;
    wanted = wanted < m->limits->shortest ? m->limits->shortest : wanted;
    if (seconds(m, c->start, end) < wanted)
        end = c->start + (uint64_t)(wanted * m->rate + 1);
    if (end > limit || (c->last < g->count && seconds(m, end, limit) < m->limits->gap && seconds(m, c->start, limit) <= m->limits->longest))
        end = limit;
    return end > c->start ? end : c->start;
}

void cue_list_close(cue_list *list, const cue_limits *limits, int rate, uint64_t next)
{
    cue *last = list->count ? &list->cues[list->count - 1] : NULL;
    if (last && next > last->end && (double)(next - last->end) / rate < limits->gap && (double)(next - last->start) / rate <= limits->longest)
        last->end = next;
}

/* ---------------------------------------------------------------- a list */

static nr_status make_room(cue_list *list, size_t count)
{
    if (list->plan_room < count + 1) {
        free(list->plans);
        list->plans = calloc(count + 1, LEADS * sizeof *list->plans);
        list->plan_room = list->plans ? count + 1 : 0;
    }
    if (list->room < count) {
        free(list->cues);
        list->cues = malloc(count * sizeof *list->cues);
        list->room = list->cues ? count : 0;
    }
    return list->plans && list->cues ? NR_OK : NR_ENOMEM;
}

/* What is faster as a whole than the limit is followed at its own pace. */
static double speed_of(const maker *m)
{
    const phrase_passage *g = m->g;
    double least = m->limits->speed, room = g->count ? seconds(m, earliest(m, 0), g->until) : 0;
    double pace = room > 0 ? load_of(g, 0, g->count) / room : 0;
    return pace > least ? pace : least;
}

nr_status cue_list_make(cue_list *list, const phrase_passage *passage, const cue_limits *limits, int rate, uint64_t since, nr_error *err)
{
    maker m = {.g = passage, .limits = limits, .rate = rate, .since = since};
    m.speed = speed_of(&m);
    m.hopeless = m.speed > limits->speed;
    list->count = 0;
    if (make_room(list, passage->count ? passage->count : 1))
        return nr_fail_memory(err);
    cue_plan *plans = list->plans;
    for (unsigned lead = 0; lead < LEADS; lead++)
        plans[lead] = (cue_plan){0};
    for (size_t to = 1; to <= passage->count; to++)
        plan_last(&m, plans, to);
    size_t n = 0;
    unsigned lead = 0;
    for (size_t to = passage->count; to; n++) {
        const cue_plan *p = &plans[to * LEADS + lead];
        lead = p->lead, to = p->from;
    }
    list->count = n;
    lead = 0;
    for (size_t to = passage->count; to;) {
        const cue_plan *p = &plans[to * LEADS + lead];
        uint64_t limit = begin_of(&m, to, lead);
        cue *c = &list->cues[--n];
        *c = (cue){.start = begin_of(&m, p->from, p->lead), .first = p->from, .second = p->second, .last = to};
        c->load = load_of(passage, c->first, c->last);
        c->end = end_of(&m, c, limit);
        lead = p->lead, to = p->from;
    }
    return NR_OK;
}

void cue_list_free(cue_list *list)
{
    free(list->cues);
    free(list->plans);
    *list = (cue_list){0};
}
