/* prosody.h - the values of SSML's prosody and break, in SSML and in the speech hints of HTML. */
#ifndef NR_READ_PROSODY_H
#define NR_READ_PROSODY_H

#include "base/view.h"

enum { NR_PROSODY_VALUE = 32 };

/* "slow", "80%", "+10%", "1.2": percent of the rate around it; false when it is no rate. */
bool nr_prosody_rate(nr_view v, double *out);
/* "low", "+10%", "-2st": what is added to the pitch, a percent being a step and a semitone six; false when it is not. */
bool nr_prosody_pitch(nr_view v, double *out);
/* The value of a NR_INLINE_PAUSE for a break, "" when it is none. */
void nr_prosody_break(nr_view time, nr_view strength, char out[NR_PROSODY_VALUE]);
/* The value of a NR_INLINE_PROSODY; both are kept in bounds. */
void nr_prosody_manner(double *rate, double *pitch, char out[NR_PROSODY_VALUE]);

#endif
