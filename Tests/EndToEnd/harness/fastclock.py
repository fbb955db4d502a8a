"""A day in half a minute: a process whose clocks and sleeps run fast.

A preloaded library lets CLOCK_REALTIME and CLOCK_BOOTTIME run so many times as
fast from a given moment on, and shortens what waits for them alike: timers, and
`poll` in the thread named alarm-clock, which wakes the exporter's sleepers.
The monotonic clock, which the time limits of requests go by, stays as it is.
The library is compiled into `.build/tools` at its first use.
"""

import time

from vendors.clock import Clock

from . import preload

SOURCE = r"""
#define _GNU_SOURCE
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define TABLE 4096
static double factor = 1, ahead;
static struct timespec start[16];
static clockid_t clocks[TABLE];

static double seconds(struct timespec t) { return t.tv_sec + t.tv_nsec / 1e9; }

static struct timespec timespec_of(double s) {
    struct timespec t = {(time_t)s, (long)((s - (double)(time_t)s) * 1e9)};
    return t;
}

static int is_fast(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE
        || clock == CLOCK_BOOTTIME;
}

static double shift(clockid_t clock) {
    return clock == CLOCK_BOOTTIME ? 0 : ahead;
}

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("CX_E2E_FAST");
    if (text) {
        char *rest;
        factor = strtod(text, &rest);
        double origin = strtod(rest, &rest);    /* this process's seconds 0 */
        ahead = strtod(rest, 0);
        struct timespec now;
        syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
        double past = seconds(now) - origin;
        clockid_t all[] = {CLOCK_REALTIME, CLOCK_REALTIME_COARSE,
                           CLOCK_BOOTTIME};
        for (int i = 0; i < 3; i++) {
            syscall(SYS_clock_gettime, all[i], &now);
            start[all[i]] = timespec_of(seconds(now) - past);
        }
    }
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    int result = (int)syscall(SYS_clock_gettime, clock, at);
    if (result == 0 && factor != 1 && is_fast(clock)) {
        double from = seconds(start[clock]);
        *at = timespec_of(from + (seconds(*at) - from) * factor
                          + shift(clock));
    }
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

/* Only the thread that sleeps for all others: a shortened wait elsewhere would
   turn waiting for an answer into a busy loop. */
int poll(struct pollfd *files, nfds_t count, int timeout) {
    char name[16] = "";
    if (timeout > 0 && factor != 1) prctl(PR_GET_NAME, name);
    double wait = timeout / 1e3;
    if (strcmp(name, "alarm-clock") == 0) wait /= factor;
    struct timespec time = timespec_of(wait);
    return (int)syscall(SYS_ppoll, files, count, timeout < 0 ? 0 : &time,
                        (void *)0, 8);
}

int timerfd_create(int clock, int flags) {
    int file = (int)syscall(SYS_timerfd_create, clock, flags);
    if (file >= 0 && file < TABLE) clocks[file] = clock;
    return file;
}

int timerfd_settime(int file, int flags, const struct itimerspec *wanted,
                    struct itimerspec *old) {
    struct itimerspec real = *wanted;
    clockid_t clock = file < TABLE ? clocks[file] : CLOCK_MONOTONIC;
    double value = seconds(wanted->it_value);
    if (value > 0 && factor != 1 && is_fast(clock)) {
        double from = flags & TFD_TIMER_ABSTIME ? seconds(start[clock]) : 0;
        double behind = flags & TFD_TIMER_ABSTIME ? shift(clock) : 0;
        double when = from + (value - behind - from) / factor;
        real.it_value = timespec_of(when > 1e-9 ? when : 1e-9);
    }
    return (int)syscall(SYS_timerfd_settime, file, flags, &real, old);
}
"""


def build():
    """The path of the library; None where there is no C compiler."""
    return preload.build("fast-clock", SOURCE)


class FastClock(Clock):
    """The vendors' and the process's common clock: it runs `factor` times as
    fast from `start`, a time in Unix seconds, on."""

    def __init__(self, factor, start):
        super().__init__()
        self.factor = factor
        self.start = start
        self.origin = time.time()

    def time(self):
        return self.start + (time.time() - self.origin) * self.factor

    def environment(self, library):
        """What the process is to be started with."""
        return {"LD_PRELOAD": library,
                "CX_E2E_FAST": f"{self.factor} {self.origin:.6f} "
                               f"{self.start - self.origin:.6f}"}
