#!/usr/bin/python3
"""Random requests against the agent: none may crash it, leak or stay behind.

    python3 Tests/Benchmarks/hostile/random_requests.py [requests] [processes]

Ten million by default, two processes. CX_EXPORTER names the executable, as for
the end-to-end tests. Each request is one of the fuzzer's (Tests/Fuzz/Corpus),
whole or with some bytes changed, lost, doubled or cut off, up to four of them on
a connection, in pieces of random sizes; a connection ends as it pleases the
agent, after the requests, in their midst or with a reset. Afterwards the agent
must have no connection but the one that asks, no more open files than before,
hardly more memory than after the first hundredth, and a scrape as before.
"""

import multiprocessing
import os
import pathlib
import random
import re
import socket
import struct
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parents[1]
sys.path.insert(0, str(TESTS / "EndToEnd"))

import vendors  # noqa: E402
from harness import waiting  # noqa: E402
from harness.agent import Agent  # noqa: E402
from harness.slow import Scraper, connections, refusals  # noqa: E402

PATHS = (b"/metrics", b"/", b"/sd", b"/config", b"/-/ready", b"/probe?target=a")
# What may be lost to a malloc that has seen every size of request.
MORE_MEMORY = 16 << 20


def main(arguments):
    count = int(arguments[0]) if arguments else 10_000_000
    processes = int(arguments[1]) if len(arguments) > 1 else 2
    server = vendors.ExperiaServer()
    agent = Agent([server.target("a")], "--log.level=error")
    try:
        agent.start()
        agent.up("a")
        families = set(agent.scrape().families)
        files = open_files(agent)
        flood(agent.port, max(1, count // 100), processes, seed=0)
        memory = settle(agent)
        started = time.monotonic()
        flood(agent.port, count - count // 100, processes, seed=1)
        seconds = time.monotonic() - started
        after = settle(agent)
        text = agent.get("/metrics").text
        # What stands behind a refused request on its connection is dropped.
        print(f"{count} requests, the last {count - count // 100} in "
              f"{seconds:.0f} s; {answers(text)} answers, of them refusals "
              f"{refusals(text)}; {memory >> 10} KiB "
              f"before and {after >> 10} KiB after; {files} and "
              f"{open_files(agent)} open files")
        faults = []
        if after > memory + MORE_MEMORY:
            faults.append("the memory grew")
        try:
            # A poll or a scrape that is under way has files of its own for a
            # moment.
            waiting.until(lambda: open_files(agent) <= files, 15, "no file")
        except waiting.Timeout:
            faults.append(f"{open_files(agent) - files} files stayed open")
        if set(agent.scrape().families) != families:
            faults.append("a scrape is not what it was")
        if agent.log.strip():
            faults.append(f"the log says {agent.log[:500]}")
        print(f"FAILED: {', '.join(faults)}" if faults else "ok")
        return 1 if faults else 0
    finally:
        agent.close()
        server.close()


def answers(text):
    """All of `cx_exporter_http_requests_total`."""
    return sum(int(number) for number in re.findall(
        r"^cx_exporter_http_requests_total\{.*\} (\d+)$", text, re.M))


def settle(agent):
    """Resident bytes once no connection is left but the one that asks."""
    if not agent.alive():
        raise SystemExit(f"FAILED: the agent has ended: {agent.log[-2000:]}")

    def alone():
        scraper = Scraper(agent.port)
        try:
            return connections(scraper.scrape()[1]) == 0
        finally:
            scraper.close()
    waiting.until(alone, 30, "an agent without connections", every=0.5)
    return agent.memory("VmRSS")


def open_files(agent):
    return len(os.listdir(f"/proc/{agent.process.pid}/fd"))


def flood(port, count, processes, seed):
    workers = [
        multiprocessing.Process(target=send, args=(
            port, count // processes + 1, seed * 1000 + number))
        for number in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise SystemExit("FAILED: the agent took no connection or gave no end")


def send(port, count, seed):
    """So many requests, from one process."""
    chance = random.Random(seed)
    folder = TESTS / "Fuzz" / "Corpus" / "request"
    seeds = [path.read_bytes() for path in sorted(folder.iterdir())]
    seeds = [text for text in seeds if len(text) < 2000]
    seeds += [b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n"
              for path in PATHS] * 5
    while count > 0:
        batch = [chance.choice(seeds) if chance.random() < 0.6 else
                 changed(chance, chance.choice(seeds))
                 for _ in range(min(count, chance.randint(1, 4)))]
        count -= len(batch)
        converse(port, chance, b"".join(batch))


def changed(chance, text):
    """A request with a few faults."""
    text = bytearray(text)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(text) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            text[place:place + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del text[place:place + chance.randint(1, 8)]
        elif kind == 2:
            text[place:place] = chance.choice(
                (b"\r\n", b"\0", b" ", b"\n", b":", b"%", b"\xff" * 9))
        elif kind == 3:
            text[place:place] = text[place:place + 20] * chance.randint(1, 5)
        else:
            del text[place:]
    return bytes(text)


def converse(port, chance, text):
    """One connection; the agent must end it, or answer, within 20 seconds."""
    with socket.create_connection(("127.0.0.1", port), 20) as peer:
        try:
            if chance.random() < 0.1:
                for start in range(0, len(text), 97):
                    peer.sendall(text[start:start + 97])
            else:
                peer.sendall(text)
            end = chance.random()
            if end < 0.1:
                # A client that crashes: a reset, whatever it was sent.
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                struct.pack("ii", 1, 0))
                return
            peer.shutdown(socket.SHUT_WR)
            while peer.recv(1 << 20):
                pass
        except (ConnectionResetError, BrokenPipeError):
            # The agent has refused and does not read on.
            pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
