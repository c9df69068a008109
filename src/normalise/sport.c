/* Results as each sport writes them: odds, runs and wickets, sets, goals and points, furlongs. */
#include "normalise/figure.h"

/* A word of results within a few words before, or right behind: "lost to Leeds 1-3", "a 3-4 defeat". */
bool nr_near_result(const nr_run *r, uint32_t start, uint32_t end)
{
    if (nr_kinds_after(r, end) & NR_KIND_RESULT)
        return true;
    for (int i = 0; i < 4; i++) {
        nr_view word = nr_previous_word(r, start);
        if (!word.n)
            return false;
        if (nr_kinds(r, word) & NR_KIND_RESULT)
            return true;
        start = (uint32_t)(word.p - r->text);
    }
    return false;
}

static bool is_whole(const nr_run *r, nr_span s) { return nr_digits_end(r, s.start) == s.end; }

/* ---------------------------------------------------------------- odds */

/* "odds of 5-1", "a 7/2 favourite", "a 100-1 shot" */
static bool is_odds(const nr_run *r, uint32_t start, uint32_t end)
{
    nr_view before = nr_previous_word(r, start);
    if (nr_in_list(nr_next_word(r, end), "favourite favourites favorite favorites shot shots outsider outsiders underdog underdogs odds fav favs jt"))
        return true;
    nr_view earlier = before;
    for (int i = 0; i < 2 && earlier.n; i++) { /* "the favourite at 11/8", "favourite was 7/2" */
        if (nr_in_list(earlier, "favourite favourites favorite outsider outsiders priced backed bookmaker bookmakers"))
            return true;
        earlier = nr_previous_word(r, (uint32_t)(earlier.p - r->text));
    }
    if (nr_view_is(before, "SP")) /* the starting price */
        return true;
    if (!nr_in_list(before, "odds of at"))
        return false;
    return nr_in_list(before, "odds") || nr_in_list(nr_previous_word(r, (uint32_t)(before.p - r->text)), "odds");
}

/* What went before in the sentence is about bets, and the figures may be such. */
static bool among_bets(const nr_run *r, nr_span a, nr_span b, uint32_t end)
{
    enum { FAR = 12 };
    if (r->norm->style.us || nr_number(r, a) > 500 || !nr_in_list(nr_part(r, b), "1 2 4 5 6 8 9 11 13 30 40") || nr_near_result(r, a.start, end))
        return false;
    for (size_t i = 1; i <= FAR && i <= r->count; i++) {
        const nr_token *t = &r->tokens[r->count - i];
        if ((t->class == NR_CLASS_RATIO && strcmp(t->rule, "odds") == 0) ||
            (t->class == NR_CLASS_WORD && nr_in_list(nr_part(r, t->span), "odds bookmaker bookmakers bookies punters jockey furlong furlongs")))
            return true;
    }
    return false;
}

static bool odds(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span a = m->part[0], b = m->part[1];
    bool favourite = !r->norm->style.us && nr_at(r, m->end) == 'f' && nr_ends_word(r, m->end + 1); /* "8/11f" */
    if (!(favourite || nr_ends_word(r, m->end)) || !is_whole(r, a) || !is_whole(r, b) || nr_length(a) > 4 || nr_length(b) > 3)
        return false;
    if (!favourite && !is_odds(r, a.start, m->end) && (nr_at(r, a.start) == '0' || !among_bets(r, a, b, m->end)))
        return false;
    nr_say_figure_part(r, a);
    nr_say_s(r, "to", a.end, b.start);
    nr_say_figure_part(r, b);
    if (favourite)
        nr_say_s(r, "favourite", m->end, m->end + 1);
    return nr_make(r, at, m->end + favourite, NR_CLASS_RATIO, "odds");
}

/* "2m4f", "3m 1f", "1m 2f 75y", "7f": miles, furlongs and yards of a race of horses. */
static bool furlongs(nr_run *r, uint32_t *at, const nr_match *m)
{
    static const struct {
        char letter;
        const char *one, *more;
    } units[] = {{'m', "mile", "miles"}, {'f', "furlong", "furlongs"}, {'y', "yard", "yards"}};
    nr_span figure[3] = {{0, 0}};
    if (m->shape == NR_SHAPE_VULGAR && nr_at(r, m->end) == 'm' && nr_in_list(nr_next_word(r, m->end + 1), "hurdle chase handicap novice novices")) { /* "2½m hurdle" */
        nr_say_quantity(r, m);
        nr_say_s(r, "mile", m->end, m->end + 1);
        return nr_make(r, at, m->end + 1, NR_CLASS_MEASURE, "furlongs");
    }
    uint32_t p = *at, end = p, count = 0;
    size_t first = 3, unit = 0;
    for (; unit < 3; unit++) {
        uint32_t from = count ? nr_skip_blank(r, p) : p, digits = nr_digits_end(r, from);
        if (digits == from || digits > from + 3 || nr_at(r, digits) != units[unit].letter || nr_letter_at(r, digits + 1))
            continue;
        figure[unit] = (nr_span){from, digits};
        first = count++ ? first : unit;
        end = p = digits + 1;
    }
    bool alone = first == 1 && count == 1 && nr_number(r, figure[1]) >= 5 && nr_number(r, figure[1]) <= 16 && !(*at > r->start && strchr("/-.,", r->text[*at - 1]));
    if (m->shape != NR_SHAPE_FIGURE || !nr_ends_word(r, end) || !(alone || (first == 0 && count > 1 && figure[1].end)))
        return false;
    bool adjective = nr_is_adjective(r, *at, end);
    p = *at;
    for (unit = first; count; unit++) {
        uint32_t from = nr_skip_blank(r, p), digits = nr_digits_end(r, from);
        if (digits == from || nr_at(r, digits) != units[unit].letter)
            continue;
        nr_say_number(r, NR_FORM_CARDINAL, nr_number(r, (nr_span){from, digits}), from, digits);
        nr_say_s(r, adjective || nr_number(r, (nr_span){from, digits}) == 1 ? units[unit].one : units[unit].more, digits, digits + 1);
        p = digits + 1;
        count--;
    }
    return nr_make(r, at, end, NR_CLASS_MEASURE, "furlongs");
}

/* ---------------------------------------------------------------- cricket */

static bool after_innings(const nr_run *r)
{
    enum { FAR = 20 };
    for (size_t i = 1; i <= FAR && i <= r->count; i++)
        if (strcmp(r->tokens[r->count - i].rule, "runs and wickets") == 0)
            return true;
    return false;
}

/* "215-6 at lunch", "& 98-3", "254-6 dec", "189/4 (20 overs)": the runs of a side, and its wickets; *end takes in that it declared. */
static bool is_innings(const nr_run *r, const nr_match *m, uint32_t *end)
{
    nr_span a = m->part[0], b = m->part[1];
    nr_view before = nr_previous_word(r, a.start), next = nr_next_word(r, b.end);
    if (nr_length(a) < 2 || nr_length(a) > 3 || nr_length(b) != 1 || nr_at(r, b.start) == '0' || nr_at(r, a.start) == '0')
        return false;
    bool declared = nr_at(r, b.end) == 'd' && nr_ends_word(r, b.end + 1);
    if (declared || nr_in_list(next, "dec decl declared")) {
        *end = declared ? b.end + 1 : (uint32_t)(next.p - r->text) + (uint32_t)next.n;
        *end += nr_at(r, *end) == '.' && !nr_ends_sentence(r, *end);
        return true;
    }
    if (!nr_ends_word(r, b.end) || nr_counts(r, m->end) || nr_kinds(r, nr_named_by(r, a.start)) & (NR_KIND_CODED | NR_KIND_PART | NR_KIND_SPELLED))
        return false;
    bool second = a.start > r->start + 1 && r->text[a.start - 2] == '&'; /* "210 & 98-3" */
    bool overs = nr_in_list(next, "in after off at") || nr_stands(r, b.end, " (");
    if (m->shape == NR_SHAPE_SLASH2) /* but 100/1 is odds */
        return second || (after_innings(r) && !nr_view_is(nr_text(r, a.start, b.end), "24/7")) || (nr_number(r, a) >= (overs ? 34u : 101u) && (overs || nr_at(r, b.start) > '1') && nr_number(r, a) % 100 && nr_number(r, a) != 747);
    return !r->norm->style.us && (second || (nr_length(a) == 3 && !nr_in_list(before, "by vote votes voted") && !nr_near_result(r, a.start, m->end)));
}

/* "took 5-23", "figures of 4/32", "Broad 6-45": wickets, and the runs they cost. */
static bool is_bowling(const nr_run *r, const nr_match *m)
{
    nr_span a = m->part[0], b = m->part[1];
    nr_view before = nr_previous_word(r, a.start);
    if (nr_number(r, a) > 10 || nr_length(b) < 2 || nr_length(b) > 3 || !nr_ends_word(r, m->end) || nr_counts(r, m->end) || nr_at(r, a.start) == '0')
        return false;
    if (nr_in_list(before, "took takes taking claimed"))
        return m->shape == NR_SHAPE_SLASH2 || !r->norm->style.us;
    bool figures = nr_in_list(before, "of") && nr_in_list(nr_previous_word(r, (uint32_t)(before.p - r->text)), "figures haul");
    return figures || (nr_starts_upper(before) && before.n > 2 && nr_number(r, b) >= 10 && after_innings(r));
}

static bool cricket(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span a = m->part[0], b = m->part[1];
    uint32_t end = b.end;
    if (!is_whole(r, a) || !is_whole(r, b) || (nr_length(a) > 2 && nr_length(b) > 2) || !(is_innings(r, m, &end) || is_bowling(r, m)))
        return false;
    nr_say_figure_part(r, a);
    nr_say_s(r, "for", a.end, b.start);
    nr_say_figure_part(r, b);
    if (end > b.end)
        nr_say_s(r, "declared", b.end, end);
    return nr_make(r, at, end, NR_CLASS_SCORE, "runs and wickets");
}

/* ---------------------------------------------------------------- other games */

/* Two figures of a set of tennis, one of them a six or seven. */
static bool looks_like_set(nr_view v)
{
    return v.n == 3 && nr_ascii_digit(v.p[0]) && nr_ascii_digit(v.p[2]) && v.p[1] == '-' && (strchr("67", v.p[0]) || strchr("67", v.p[2]));
}

bool nr_is_set(const nr_run *r, nr_span a, nr_span b, uint32_t end)
{
    uint64_t high = nr_number(r, a), low = nr_number(r, b);
    if (!((high == 6 && low == 0) || (high == 0 && low == 6)))
        return false;
    uint32_t next = nr_skip_blank(r, end + (nr_at(r, end) == ','));
    if (next > end && nr_digits_end(r, next) == next + 1 && looks_like_set(nr_text(r, next, next + 3 < r->end ? next + 3 : r->end)))
        return true;
    size_t i = r->count;
    if (i && r->tokens[i - 1].class == NR_CLASS_PUNCTUATION && nr_at(r, r->tokens[i - 1].span.start) == ',')
        i--;
    return i && r->tokens[i - 1].class == NR_CLASS_SCORE && looks_like_set(nr_part(r, r->tokens[i - 1].span));
}

/* Goals and points behind a name, as another's stand: "Dublin 1-20 Kerry 2-15". */
static bool gaelic(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span a = m->part[0], b = m->part[1];
    nr_view side = nr_previous_word(r, a.start), other = nr_next_word(r, m->end);
    if (m->shape != NR_SHAPE_DASH2 || nr_length(a) != 1 || nr_length(b) > 2 || !nr_ends_word(r, m->end) || (!nr_starts_upper(side) && !nr_in_list(side, "won lost by winning")) || (side.n < 3 && nr_starts_upper(side)) ||
        nr_kinds(r, side) & (NR_KIND_PART | NR_KIND_CODED | NR_KIND_MONTH) || nr_in_list(side, "Ages Grades Pages Chapters Verses Levels Years"))
        return false;
    bool won = nr_view_ends(side, NR_LIT("'s")) || nr_in_list(side, "won lost by winning"); /* "Cork's 2-12 to 1-9 win" */
    uint32_t p = m->end;
    if (won && nr_view_is(other, "to")) {
        p = (uint32_t)(other.p - r->text) + 2;
        other = (nr_view){other.p, 0};
    }
    for (int words = 0; words < 3 && nr_starts_upper(other) && other.n > 2; words++) {
        p = (uint32_t)(other.p - r->text) + (uint32_t)other.n;
        other = nr_next_word(r, p);
    }
    uint32_t from = nr_skip_blank(r, p), dash = nr_digits_end(r, from), last = nr_digits_end(r, dash + 1);
    bool first = p > m->end && dash == from + 1 && nr_at(r, dash) == '-' && last > dash + 1 && last <= dash + 3 && nr_ends_word(r, last);
    size_t i = r->count;
    while (i && r->count - i < 4 && r->tokens[i - 1].class == NR_CLASS_WORD)
        i--;
    bool second = i && i < r->count && strcmp(r->tokens[i - 1].rule, "goals and points") == 0;
    if (!first && !second)
        return false;
    for (int k = 0; k < 2; k++) {
        nr_span s = m->part[k];
        if (nr_number(r, s) == 0)
            nr_say_s(r, r->norm->style.us ? "zero" : "nil", s.start, s.end);
        else
            nr_say_figure_part(r, s);
    }
    return nr_make(r, at, m->end, NR_CLASS_SCORE, "goals and points");
}

/* "12.11 (83)": twelve goals of six points, eleven behinds, and their sum. */
static bool australian(nr_run *r, uint32_t *at, const nr_match *m)
{
    nr_span goals = {*at, nr_digits_end(r, *at)}, behinds = {goals.end + 1, m->end}, sum = {m->end + 2, nr_digits_end(r, m->end + 2)};
    if (m->shape != NR_SHAPE_FIGURE || goals.end + 1 >= m->end || nr_at(r, goals.end) != '.' || nr_length(behinds) > 2 || nr_length(goals) > 2 || nr_length(goals) == 0 || !nr_stands(r, m->end, " (") || nr_at(r, sum.end) != ')' ||
        nr_length(sum) == 0 || nr_number(r, sum) != 6 * nr_number(r, goals) + nr_number(r, behinds))
        return false;
    nr_say_part(r, NR_FORM_CARDINAL, goals);
    nr_say_part(r, NR_FORM_CARDINAL, behinds);
    return nr_make(r, at, m->end, NR_CLASS_SCORE, "goals and behinds");
}

bool nr_rule_sport(nr_run *r, uint32_t *at, const nr_match *m)
{
    if (m->shape == NR_SHAPE_FIGURE || m->shape == NR_SHAPE_VULGAR)
        return furlongs(r, at, m) || australian(r, at, m);
    return odds(r, at, m) || ((m->shape == NR_SHAPE_DASH2 || m->shape == NR_SHAPE_SLASH2) && (cricket(r, at, m) || gaelic(r, at, m)));
}
