#include "read/prosody.h"

#include <stdio.h>

enum { RATE_LOW = 30, RATE_HIGH = 300 };

/* A decimal number and what follows it; no locale has a say. */
static bool number(nr_view v, double *out, nr_view *unit)
{
    size_t i = 0, digits = 0;
    double sign = v.n && v.p[0] == '-' ? -1 : 1, value = 0, place = 1;
    bool point = false;
    if (v.n && (v.p[0] == '-' || v.p[0] == '+'))
        i++;
    for (; i < v.n && (nr_ascii_digit(v.p[i]) || (v.p[i] == '.' && !point)); i++) {
        point = point || v.p[i] == '.';
        if (v.p[i] == '.')
            continue;
        value = value * 10 + (v.p[i] - '0');
        place *= point ? 10 : 1;
        digits++;
    }
    *out = sign * value / place;
    *unit = nr_view_sub(v.p, i, v.n);
    return digits > 0 && digits < 10;
}

static bool word(nr_view v, const char *const *names, const double *values, double *out)
{
    for (size_t i = 0; names[i]; i++)
        if (nr_view_is(v, names[i])) {
            *out = values[i];
            return true;
        }
    return false;
}

bool nr_prosody_rate(nr_view v, double *out)
{
    static const char *const names[] = {"x-slow", "slow", "medium", "fast", "x-fast", "default", NULL};
    static const double values[] = {60, 80, 100, 125, 160, 100};
    nr_view unit;
    double n;
    if (word(v, names, values, out))
        return true;
    if (!number(v, &n, &unit))
        return false;
    bool relative = v.p[0] == '+' || v.p[0] == '-';
    if (nr_view_is(unit, "%"))
        *out = relative ? 100 + n : n;
    else if (unit.n == 0) /* SSML 1.0: a factor */
        *out = relative ? 100 + n : n * 100;
    else
        return false;
    return *out > 0;
}

bool nr_prosody_pitch(nr_view v, double *out)
{
    static const char *const names[] = {"x-low", "low", "medium", "high", "x-high", "default", NULL};
    static const double values[] = {-40, -20, 0, 20, 40, 0};
    nr_view unit;
    double n;
    if (word(v, names, values, out))
        return true;
    if (!number(v, &n, &unit) || (v.p[0] != '+' && v.p[0] != '-'))
        return false;
    *out = nr_view_is(unit, "st") ? n * 6 : n;
    return nr_view_is(unit, "%") || nr_view_is(unit, "st");
}

void nr_prosody_break(nr_view time, nr_view strength, char out[NR_PROSODY_VALUE])
{
    static const char *const strengths[][2] = {{"none", "0"},          {"x-weak", "breath"}, {"weak", "comma"}, {"medium", "sentence"},
                                               {"strong", "paragraph"}, {"x-strong", "break"}, {"", "sentence"}};
    nr_view unit;
    double v;
    *out = '\0';
    if (time.n) {
        if (number(time, &v, &unit) && v >= 0 && (nr_view_is(unit, "s") || nr_view_is(unit, "ms"))) {
            double ms = nr_view_is(unit, "s") ? v * 1000 : v;
            snprintf(out, NR_PROSODY_VALUE, "%d", (int)(ms > 10000 ? 10000 : ms));
        }
        return;
    }
    for (size_t i = 0; i < sizeof strengths / sizeof *strengths; i++)
        if (nr_view_is(strength, strengths[i][0]))
            snprintf(out, NR_PROSODY_VALUE, "%s", strengths[i][1]);
}

void nr_prosody_manner(double *rate, double *pitch, char out[NR_PROSODY_VALUE])
{
    *rate = *rate < RATE_LOW ? RATE_LOW : *rate > RATE_HIGH ? RATE_HIGH : *rate;
    *pitch = *pitch < -100 ? -100 : *pitch > 100 ? 100 : *pitch;
    snprintf(out, NR_PROSODY_VALUE, "%d %d", (int)(*rate + 0.5), (int)*pitch);
}
