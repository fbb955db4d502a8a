"""The benchmark of scrapes: see `run`, which prepares what this needs."""

import argparse
import contextlib
import json
import pathlib
import statistics
import subprocess
import os
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "EndToEnd"))
sys.path.insert(0, str(HERE))

import feed  # noqa: E402
import load  # noqa: E402
import tables  # noqa: E402
from harness import waiting  # noqa: E402
from servers import (  # noqa: E402
    Agent, Cores, Nginx, Promhttp, PythonClient, lines, write_families)
from soak import soak  # noqa: E402

CODINGS = ("identity", "gzip")
BEGIN = "<!-- benchmark: made by Tests/Benchmarks/http/run --readme -->"
END = "<!-- benchmark: end -->"


def arguments():
    parser = argparse.ArgumentParser(prog="Tests/Benchmarks/http/run")
    parser.add_argument("--quick", action="store_true",
                        help="three runs of a second each")
    parser.add_argument("--series", metavar="N,N",
                        help="default: 100,1000,10000,100000")
    parser.add_argument("--codings", default="identity,gzip")
    parser.add_argument("--servers", metavar="NAME,NAME",
                        help="only these beside cx_exporter: nginx, "
                             "client_golang, prometheus_client")
    parser.add_argument("--runs", type=int, help="default: 7")
    parser.add_argument("--seconds", type=int, help="default: 3")
    parser.add_argument("--readme", action="store_true",
                        help="put the tables into README.md as well")
    parser.add_argument("--soak", nargs="?", type=int, metavar="SCRAPES",
                        const=1_000_000, help="only the long run")
    given = parser.parse_args()
    given.series = [int(n) for n in (
        given.series or "100,1000,10000,100000").split(",")]
    given.codings = given.codings.split(",")
    given.servers = (given.servers or ",".join(tables.OTHERS)).split(",")
    given.runs = given.runs or (3 if given.quick else 7)
    given.seconds = given.seconds or (1 if given.quick else 3)
    return given


def say(text):
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def serving(count, cores, names):
    """The servers, each with the exposition of `count` series."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="cx-bench-"))
        vendor = stack.enter_context(feed.table(count))
        agent = Agent(folder, cores.server,
                      [feed.table_target(vendor, count)])
        stack.callback(agent.stop)
        agent.start()
        waiting.until(lambda: lines(agent.get(), "identity") >= count, 60,
                      f"{count} series of the agent")
        # What the vendor's server held is of no more use.
        vendor.cards.clear()
        servers = [agent, *others(folder, cores, agent, names)]
        for server in servers[1:]:
            stack.callback(server.stop)
            server.start()
        for server in servers[1:]:
            server.await_answer()
        yield servers


def others(folder, cores, agent, names):
    """The servers beside the agent."""
    text = agent.get()
    write_families(folder, text)
    made = [Nginx(folder, cores.server, text, agent.get("gzip")),
            Promhttp(folder, cores.server), PythonClient(folder, cores.server)]
    return [server for server in made if server.name in names]


def scrapes(given, cores):
    """{(series, coding, server): [Run]}, {(series, server): bytes}."""
    runs, sizes, memory = {}, {}, {}
    for count in given.series:
        with serving(count, cores, given.servers) as servers:
            agent = servers[0]
            for coding in given.codings:
                sizes[count, coding] = len(agent.get(coding))
                seconds = {}
                for server in servers:
                    say(f"{count} series, {coding}: {server.name}")
                    check_same(agent, server, coding)
                    seconds[server] = load.long_enough(
                        server, coding, given.seconds)
                    # That scrape has warmed up a server that is slow.
                    if seconds[server] == given.seconds:
                        load.scrape(server.port, 1,
                                    [f"Accept-Encoding: {coding}"])
                for turn in range(given.runs):
                    # Each server begins a round as often as the others.
                    for place in range(len(servers)):
                        server = servers[(turn + place) % len(servers)]
                        run = load.measure(server, coding, seconds[server])
                        runs.setdefault((count, coding, server.name),
                                        []).append(run)
            for server in servers:
                memory[count, server.name] = (
                    server.memory(), server.memory("VmHWM"))
    return runs, sizes, memory


def check_same(agent, server, coding):
    """All servers must serve the same series."""
    mine, theirs = (lines(s.get(coding), coding) for s in (agent, server))
    if mine != theirs:
        raise AssertionError(f"{server.name} serves {theirs} samples where "
                             f"the agent serves {mine}")


def starts(given, cores):
    """{server: [seconds from the start to the first answer]}."""
    found = {}
    rounds = max(5, given.runs)
    with serving(100, cores, given.servers) as servers, \
            tempfile.TemporaryDirectory(prefix="cx-bench-") as folder, \
            contextlib.ExitStack() as stack:
        four = [stack.enter_context(vendor) for vendor in feed.four()]
        agent = Agent(folder, cores.server, feed.four_targets(four, "1h"))
        for server in servers:
            server.stop()
        for _ in range(rounds):
            for server in (agent, *servers[1:]):
                stack.callback(server.stop)
                found.setdefault(server.name, []).append(
                    server.first_answer())
                server.stop()
    return found


def four_targets_memory(cores):
    """Resident bytes with four targets after 10,000 scrapes."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="cx-bench-"))
        four = [stack.enter_context(vendor) for vendor in feed.four()]
        agent = Agent(folder, cores.server, feed.four_targets(four))
        stack.callback(agent.stop)
        feed.await_targets(agent.start(), len(four))
        scraped = turns = 0
        # Some polls as well, each second one of every target.
        while scraped < 10_000 or turns < 4:
            for coding in CODINGS:
                scraped += load.scrape(
                    agent.port, 1, [f"Accept-Encoding: {coding}"])[0]
            turns += 1
        return agent.memory()


def encoders(cores):
    """{server: MB/s of the encoder alone}, with 10,000 series."""
    if "CX_ENCODER" not in os.environ:
        say("encoders: not measured, CX_ENCODER is not set")
        return {}
    with serving(10_000, cores, ()) as [agent]:
        families = agent.folder / "families.json"
        write_families(agent.folder, agent.get())
        commands = {
            "cx_exporter": [os.environ["CX_ENCODER"], families],
            "client_golang": [os.environ["CX_PROMHTTP"], families, "--encode"],
            "prometheus_client": [sys.executable, HERE / "client_python.py",
                                  families, "--encode"]}
        found = {}
        for _ in range(5):
            for name, command in commands.items():
                done = subprocess.run(
                    list(map(str, command)), capture_output=True, text=True,
                    check=True)
                found.setdefault(name, []).append(float(done.stdout))
        return {name: statistics.median(all_) for name, all_ in found.items()}


def into_readme(text):
    """Put the tables between the marks that README.md has for them."""
    path = HERE.parents[2] / "README.md"
    before, begin, rest = path.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        sys.exit(f"{path}: the marks {BEGIN} and {END} are missing")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")


def main():
    given = arguments()
    cores = Cores()
    say(f"agent: {os.environ['CX_EXPORTER']}")
    if given.soak:
        return soak(given.soak, cores)
    first = starts(given, cores)
    resident = four_targets_memory(cores)
    speeds = encoders(cores)
    runs, sizes, memory = scrapes(given, cores)
    text = tables.report(given, runs, sizes, memory, first, resident, speeds)
    print(text)
    if given.readme:
        into_readme(text)
    missed = tables.missed(runs, memory, first, resident)
    for line in missed:
        say(f"missed: {line}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
