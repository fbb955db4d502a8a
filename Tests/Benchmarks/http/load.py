"""Scrapes as fast as a server answers: wrk on a core of its own."""

import dataclasses
import os
import pathlib
import subprocess
import sys
import time

from servers import ACCEPT

HERE = pathlib.Path(__file__).resolve().parent
CONNECTIONS = 8
# Longer than any answer takes.
PATIENCE = 60


@dataclasses.dataclass
class Run:
    """What one run of wrk saw, and what it cost the server."""

    requests: int
    seconds: float
    p50: float          # seconds
    p99: float          # seconds
    cpu: float          # seconds of CPU a scrape
    memory: int         # bytes, right after the run
    busy: float         # the share of the time that the server computed

    @property
    def rate(self):
        return self.requests / self.seconds


def wrk(port, seconds, *headers, variants=(), connections=CONNECTIONS):
    """Run wrk for so long: requests, seconds, p50 and p99 in seconds."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s",
               f"--timeout={PATIENCE}s", f"-s{HERE / 'report.lua'}"]
    for header in headers:
        command += ["-H", header]
    command.append(f"http://127.0.0.1:{port}/metrics")
    done = subprocess.run(
        command, capture_output=True, text=True, check=False,
        env={**os.environ, "CX_VARIANTS": "\n".join(variants)})
    words = done.stdout.rpartition("\nresult ")[2].split()
    if done.returncode or len(words) != 7:
        sys.exit(f"wrk: {done.stderr}{done.stdout}")
    requests, micros, _, bad, failed = map(int, words[:5])
    if bad or failed or not requests:
        raise AssertionError(
            f"of {requests} scrapes {bad} were refused and {failed} failed")
    return requests, micros / 1e6, *(float(word) / 1e6 for word in words[5:])


def measure(server, coding, seconds):
    """One run against a server."""
    before = server.cpu()
    requests, took, p50, p99 = wrk(
        server.port, seconds, f"Accept: {ACCEPT}",
        f"Accept-Encoding: {coding}")
    during = server.cpu() - before
    memory = server.memory()
    settle(server)
    # Each connection had one more request under way when wrk ended.
    cpu = (server.cpu() - before) / (requests + CONNECTIONS)
    return Run(requests, took, p50, p99, cpu, memory, during / took)


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
