/* Names from CLDR by ICU: months, currencies, units. */
#include <stdlib.h>

#include <unicode/ucurr.h>
#include <unicode/udat.h>
#include <unicode/unumberformatter.h>
#include <unicode/ustring.h>

#include "normalise/cldr.h"

enum { WIDE = 100 };

struct nr_cldr {
    char locale[12];
    bool have_months;
    char months[12][32], shorts[12][32];
};

nr_cldr *nr_cldr_new(const char *locale)
{
    nr_cldr *c = calloc(1, sizeof *c);
    if (c)
        strncpy(c->locale, locale, sizeof c->locale - 1);
    return c;
}

void nr_cldr_free(nr_cldr *c) { free(c); }

static void load_months(nr_cldr *c)
{
    UErrorCode e = U_ZERO_ERROR;
    UDateFormat *f = udat_open(UDAT_DEFAULT, UDAT_DEFAULT, c->locale, NULL, -1, NULL, 0, &e);
    for (int32_t m = 0; m < 12 && U_SUCCESS(e); m++) {
        UChar wide[WIDE];
        int32_t length;
        udat_getSymbols(f, UDAT_MONTHS, m, wide, WIDE, &e);
        u_strToUTF8(c->months[m], sizeof c->months[m], &length, wide, -1, &e);
        udat_getSymbols(f, UDAT_SHORT_MONTHS, m, wide, WIDE, &e);
        u_strToUTF8(c->shorts[m], sizeof c->shorts[m], &length, wide, -1, &e);
    }
    if (f)
        udat_close(f);
    c->have_months = true;
}

const char *nr_cldr_month(nr_cldr *c, int month, bool abbreviated)
{
    if (!c->have_months)
        load_months(c);
    return abbreviated ? c->shorts[month - 1] : c->months[month - 1];
}

/* UTF-16 without the figures and blanks that stand before a name. */
static bool take_name(const UChar *wide, int32_t n, nr_arena *arena, nr_view *out)
{
    UErrorCode e = U_ZERO_ERROR;
    char text[WIDE * 3];
    int32_t length = 0;
    while (n > 0 && (*wide <= ' ' || (*wide >= '0' && *wide <= '9') || *wide == 0xA0 || *wide == 0x202F))
        wide++, n--;
    u_strToUTF8(text, sizeof text, &length, wide, n, &e);
    if (U_FAILURE(e) || length <= 0)
        return false;
    *out = nr_arena_copy(arena, (nr_view){text, (size_t)length});
    return out->p != NULL;
}

bool nr_cldr_currency(nr_cldr *c, nr_view iso, bool plural, nr_arena *arena, nr_view *out)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar code[4] = {0};
    UBool choice;
    int32_t n = 0;
    if (iso.n != 3)
        return false;
    for (int i = 0; i < 3; i++)
        code[i] = (UChar)iso.p[i];
    const UChar *name = ucurr_getPluralName(code, c->locale, &choice, plural ? "other" : "one", &n, &e);
    return U_SUCCESS(e) && name && take_name(name, n, arena, out);
}

bool nr_cldr_unit(nr_cldr *c, nr_view unit, bool plural, nr_arena *arena, nr_view *out)
{
    static const char before[] = "measure-unit/", behind[] = " unit-width-full-name";
    UErrorCode e = U_ZERO_ERROR;
    UChar skeleton[WIDE], text[WIDE];
    int32_t n = 0;
    if (unit.n + sizeof before + sizeof behind > WIDE)
        return false;
    for (size_t i = 0; i < sizeof before - 1; i++)
        skeleton[n++] = (UChar)before[i];
    for (size_t i = 0; i < unit.n; i++)
        skeleton[n++] = (UChar)unit.p[i];
    for (size_t i = 0; i < sizeof behind - 1; i++)
        skeleton[n++] = (UChar)behind[i];
    UNumberFormatter *f = unumf_openForSkeletonAndLocale(skeleton, n, c->locale, &e);
    UFormattedNumber *result = unumf_openResult(&e);
    unumf_formatInt(f, plural ? 5 : 1, result, &e);
    n = U_SUCCESS(e) ? unumf_resultToString(result, text, WIDE, &e) : 0;
    unumf_closeResult(result);
    unumf_close(f);
    return U_SUCCESS(e) && take_name(text, n, arena, out);
}
