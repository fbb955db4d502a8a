"""A wall clock that is ahead, for one process: a preloaded library.

Only readings of the real-time clock are shifted; timers, sleeps and the
monotonic clock stay as they are, which general tools for the purpose do not
manage. The library is compiled into `.build/tools` at its first use.
"""

import shutil
import subprocess

from .agent import ROOT

SOURCE = r"""
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long shift(void) {
    static long seconds;
    static int known;
    if (!known) {
        const char *text = getenv("CX_E2E_CLOCK_SHIFT");
        seconds = text ? atol(text) : 0;
        known = 1;
    }
    return seconds;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    int result = (int)syscall(SYS_clock_gettime, clock, at);
    if (result == 0
        && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        at->tv_sec += shift();
    return result;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}

int timespec_get(struct timespec *at, int base) {
    return base == TIME_UTC && !clock_gettime(CLOCK_REALTIME, at) ? base : 0;
}
"""


def environment(seconds):
    """What a process needs so that its wall clock is so many seconds ahead;
    nothing where there is no C compiler."""
    compiler = shutil.which("clang") or shutil.which("cc")
    if not compiler:
        return None
    library = ROOT / ".build" / "tools" / "shifted-clock.so"
    library.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-x", "c", "-", "-o",
         str(library)], input=SOURCE, text=True, check=True, timeout=60)
    return {"LD_PRELOAD": str(library), "CX_E2E_CLOCK_SHIFT": str(seconds)}
