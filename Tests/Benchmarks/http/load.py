"""Scrapes as fast as a server answers: load.c on a core of its own."""

import dataclasses
import os
import subprocess
import sys
import time

from servers import ACCEPT

CONNECTIONS = 8
# Longer than any answer takes.
PATIENCE = 60


@dataclasses.dataclass
class Run:
    """What one run saw, and what it cost the server."""

    requests: int
    seconds: float
    p50: float          # seconds
    p99: float          # seconds
    cpu: float          # seconds of CPU a scrape
    memory: int         # bytes, right after the run
    busy: float         # the share of the time that the server computed
    load: float         # and the one who asked

    @property
    def rate(self):
        return self.requests / self.seconds


def scrape(port, seconds, *asked):
    """Run load.c for so long, each request with other fields in turn.

    Requests, seconds, p50 and p99 in seconds, the share of its core.
    """
    requests = "".join(
        "\r\n".join(["GET /metrics HTTP/1.1", f"Host: 127.0.0.1:{port}",
                     *fields, "", ""]) for fields in asked)
    done = subprocess.run(
        [os.environ["CX_LOAD"], str(port), str(seconds), str(CONNECTIONS)],
        input=requests, capture_output=True, text=True, check=False)
    words = done.stdout.split()
    if done.returncode or len(words) != 8:
        sys.exit(f"load: {done.stderr}{done.stdout}")
    scrapes, micros, _, bad, failed = map(int, words[:5])
    if bad or failed or not scrapes:
        raise AssertionError(
            f"of {scrapes} scrapes {bad} were refused and {failed} failed")
    p50, p99 = (float(word) / 1e6 for word in words[5:7])
    return scrapes, micros / 1e6, p50, p99, float(words[7])


def measure(server, coding, seconds):
    """One run against a server."""
    before = server.cpu()
    requests, took, p50, p99, load = scrape(
        server.port, seconds,
        [f"Accept: {ACCEPT}", f"Accept-Encoding: {coding}"])
    during = server.cpu() - before
    memory = server.memory()
    settle(server)
    # Each connection had one more request under way at the end.
    cpu = (server.cpu() - before) / (requests + CONNECTIONS)
    return Run(requests, took, p50, p99, cpu, memory, during / took, load)


def settle(server):
    """Wait until the server has nothing left to do."""
    spent = server.cpu()
    while True:
        time.sleep(0.1)
        now = server.cpu()
        if now - spent < 0.05:
            return
        spent = now


def long_enough(server, coding, seconds):
    """The length of a run in which slow servers answer often enough."""
    begin = time.perf_counter()
    server.get(coding)
    once = time.perf_counter() - begin
    return min(max(seconds, 2 * CONNECTIONS * once), PATIENCE / 3)
