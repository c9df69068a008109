#include "cli/signals.h"

#include <signal.h>
#include <stdlib.h>

volatile int signals_caught;
static nr_narrator *volatile at_work;

static void on_signal(int number)
{
    signals_caught = number;
    if (at_work)
        nr_narrator_cancel(at_work);
}

void signals_watch(void)
{
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
    const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction old;
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(numbers[i], &act, NULL);
    }
}

void signals_cancel(nr_narrator *narrator) { at_work = narrator; }

void signals_raise(void)
{
    if (!signals_caught)
        return;
    signal(signals_caught, SIG_DFL);
    raise(signals_caught);
}
