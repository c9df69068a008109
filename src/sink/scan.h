/* scan.h - shortens PortAudio's look for sound devices.
 *
 * PortAudio opens every PCM that ALSA's configuration names, twice, to see what it can do. Debian's names some that load a
 * whole codec library, or wait for a JACK server, only to fail: 40 of the 45 ms that starting takes. Who plays on the default
 * device needs none of them. */
#ifndef NR_SINK_SCAN_H
#define NR_SINK_SCAN_H

#include <stdbool.h>

/* Takes out of ALSA's configuration, as this process sees it, the PCMs that nothing refers to, but for the default. False,
 * and nothing done, when somebody in this process uses ALSA already. */
bool scan_shorten(void);
/* ALSA's configuration is whole again. To be called after scan_shorten() was true and PortAudio has looked. */
void scan_restore(void);

#endif
