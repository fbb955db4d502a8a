#!/usr/bin/python3
"""slowhttptest against the agent: a thousand slow clients and a scrape beside
them.

    python3 Tests/Benchmarks/hostile/slow.py [connections] [mode …]

CX_EXPORTER names the executable, as for the end-to-end tests. Each mode (`-H`
heads, `-B` bodies, `-X` reading) is run twice: against an agent that has room
for all of the connections (`--web.max-connections`), and against one with its
default of 512, where those beyond get 503. Exit status 1 if a slow connection
outlives its deadline, or if a scrape beside it takes longer than 100 ms (99 %
of them: the kernel's scheduling is not the agent's).
"""

import pathlib
import resource
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "EndToEnd"))

import vendors  # noqa: E402
from harness import slow  # noqa: E402
from harness.agent import Agent  # noqa: E402

# Ten departments, so that an answer to read slowly is larger than what the
# kernel takes at once.
DEPARTMENTS = [{"name": f"d{n}", "id": f"{n:024x}"} for n in range(10)]
# Until the last is gone: a slow reader's answer may wait in the kernel, and
# then the connection is an idle one to the agent.
DEADLINES = {"-H": slow.HEAD, "-B": slow.BODY, "-X": slow.IDLE}
MORE = {"-B": ("-s", "60000"),
        "-X": ("-w", "16", "-y", "64", "-n", "1", "-z", "5", "-k", "3")}


def main(arguments):
    count = int(arguments[0]) if arguments else 1000
    modes = arguments[1:] or list(DEADLINES)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    failed = False
    for room in (count + 24, None):
        for mode in modes:
            failed |= not attack(mode, count, room)
    return 1 if failed else 0


def attack(mode, count, room):
    server = vendors.ExperiaServer()
    chat = vendors.RocketChatServer()
    flags = [f"--web.max-connections={room}"] if room else []
    agent = Agent([server.target("support"),
                   chat.target("chat", departments=DEPARTMENTS)], *flags)
    try:
        agent.start()
        agent.up("support", "chat", seconds=60)
        before = agent.memory("VmRSS")
        deadline = DEADLINES[mode]
        result = slow.attack(agent, mode, count, deadline + 30,
                             more=MORE.get(mode, ()))
        ordered = sorted(result.scrapes)
        quick = ordered[len(ordered) * 99 // 100] < 0.1
        gone = result.gone_after is not None and (
            result.gone_after < deadline + 10)
        print(f"{mode} {count} connections, limit {room or 512}: {result}; "
              f"{before >> 10} to {agent.memory('VmHWM') >> 10} KiB: "
              f"{'ok' if quick and gone else 'FAILED'}", flush=True)
        return quick and gone
    finally:
        agent.close()
        server.close()
        chat.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
