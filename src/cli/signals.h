/* signals.h - SIGINT, SIGTERM and SIGHUP end a narration cleanly; then they are raised again, so that a shell sees why. */
#ifndef NR_CLI_SIGNALS_H
#define NR_CLI_SIGNALS_H

#include "narrate.h"

/* Set to the signal's number once one came; 0 until then. */
extern volatile int signals_caught;

/* From now on a signal is noted and cancels the narrator at work; a second one ends the program at once. Those that
 * are ignored, as nohup has it, stay so. */
void signals_watch(void);
/* The narrator that a signal cancels; NULL: none. */
void signals_cancel(nr_narrator *narrator);
/* Ends the program by the signal that was caught, if one was. */
void signals_raise(void);

#endif
