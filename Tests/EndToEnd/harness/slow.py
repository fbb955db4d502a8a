"""Slow clients by slowhttptest, and scrapes beside them.

    slowhttptest -H   heads that never end (Slowloris)
    slowhttptest -B   bodies that never end
    slowhttptest -X   answers that are read a few bytes at a time
"""

import pathlib
import re
import resource
import socket
import statistics
import subprocess
import time

from .tools import tool

# What the listener allows (ListenerLimits): a head 10 s from the accept, a
# body 30 s from its head, an idle connection 120 s, and an answer 30 s without
# progress or at less than 4096 bytes a second.
HEAD, BODY, IDLE, STALL, RATE = 10, 30, 120, 30, 4096


class Attack:
    """What came of one run of slowhttptest."""

    def __init__(self):
        # When each look was, from the start, and how many were open then.
        self.open = []
        # Of each scrape beside it, in seconds.
        self.scrapes = []
        # What the listener answered by itself: status and how often.
        self.refusals = {}

    @property
    def most(self):
        return max((count for _, count in self.open), default=0)

    @property
    def gone_after(self):
        """Seconds until none was left, counted from the start."""
        began = next((t for t, count in self.open if count), None)
        return began and next((t for t, count in self.open
                               if t > began and not count), None)

    @property
    def median(self):
        return statistics.median(self.scrapes)

    def __str__(self):
        ordered = sorted(self.scrapes)
        gone = self.gone_after
        return (f"{self.most} open at most, "
                + (f"none after {gone:.1f} s" if gone else "some stayed")
                + f"; {len(ordered)} scrapes beside them: median "
                f"{self.median * 1e3:.1f} ms, 99 % "
                f"{ordered[len(ordered) * 99 // 100] * 1e3:.1f} ms, slowest "
                f"{ordered[-1] * 1e3:.1f} ms; refused: {self.refusals}")


class Scraper:
    """Scrapes over one connection, as a Prometheus does."""

    def __init__(self, port, path="/metrics"):
        self.peer = socket.create_connection(("127.0.0.1", port), 10)
        self.peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request = f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
        self.reader = self.peer.makefile("rb")

    def scrape(self):
        """Seconds and body of one scrape."""
        started = time.monotonic()
        self.peer.sendall(self.request)
        status = self.reader.readline()
        length = None
        while (line := self.reader.readline().strip()):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = self.reader.read(length)
        assert status.startswith(b"HTTP/1.1 200"), status
        return time.monotonic() - started, body.decode("utf-8")

    def close(self):
        self.reader.close()
        self.peer.close()


def connections(text):
    """`cx_exporter_http_connections` without the scraper's own."""
    for line in text.splitlines():
        if line.startswith("cx_exporter_http_connections "):
            return int(line.split()[1]) - 1
    raise AssertionError("no cx_exporter_http_connections")


def refusals(text):
    """Status and number of `cx_exporter_http_requests_total` that no handler
    saw."""
    return {int(code): int(count) for code, count in re.findall(
        r'^cx_exporter_http_requests_total\{handler="listener",'
        r'code="(\d+)"\} (\d+)', text, re.M)}


def attack(agent, mode, count, seconds, path="/metrics", more=()):
    """Run slowhttptest for so many seconds, or until nothing is left open."""
    result = Attack()
    scraper = Scraper(agent.port)
    started = time.monotonic()
    log = pathlib.Path(agent.folder, f"slowhttptest{mode}")
    with open(log, "wb") as out:
        process = subprocess.Popen(
            [tool("slowhttptest"), mode, "-c", str(count), "-r", str(count),
             "-l", str(seconds), "-i", "1", "-p", "5",
             "-u", f"http://127.0.0.1:{agent.port}{path}", *more],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            preexec_fn=many_files)
    try:
        while time.monotonic() - started < seconds:
            took, text = scraper.scrape()
            now = time.monotonic() - started
            result.scrapes.append(took)
            result.open.append((now, connections(text)))
            result.refusals = refusals(text)
            if result.gone_after and now - result.gone_after > 1:
                break
            time.sleep(0.02)
    finally:
        process.terminate()
        process.wait(10)
        scraper.close()
    said = log.read_text("utf-8", "replace")
    assert result.most, f"slowhttptest opened nothing: {said[-2000:]}"
    return result


def many_files():
    """In the child: as many open files as the machine allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
