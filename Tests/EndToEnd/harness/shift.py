"""A wall clock that is ahead, for one process: a preloaded library.

Only readings of the real-time clock are shifted; timers, sleeps and the
monotonic clock stay as they are, which general tools for the purpose do not
manage. The shift is read from a mapped file. The library is compiled into
`.build/tools` at its first use.
"""

import os
import struct

from . import preload

SOURCE = r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile const long *seconds;

__attribute__((constructor)) static void map_shift(void) {
    const char *path = getenv("CX_E2E_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *page = file < 0 ? MAP_FAILED
        : mmap(NULL, sizeof *seconds, PROT_READ, MAP_SHARED, file, 0);
    if (file >= 0) close(file);
    if (page != MAP_FAILED) seconds = page;
}

static long shift(void) { return seconds ? *seconds : 0; }

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


def build():
    """The path of the library; None where there is no C compiler."""
    return preload.build("shifted-clock", SOURCE)


class ShiftedClock:
    """The clock of a process that can be set on while the process runs."""

    def __init__(self, path, library):
        self.path = path
        self.environment = {"LD_PRELOAD": library, "CX_E2E_CLOCK": path}

    def set(self, seconds):
        """So many whole seconds ahead of the machine's clock."""
        raw = struct.pack("l", seconds)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.pwrite(descriptor, raw, 0)
        finally:
            os.close(descriptor)
