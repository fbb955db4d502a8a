"""A million scrapes: memory must not grow."""

import contextlib
import sys
import tempfile

import feed
import load
from harness.exposition import OPENMETRICS, TEXT
from servers import Agent

# In every form, and with a connection for each scrape as well.
VARIANTS = [[f"Accept: {accept}", f"Accept-Encoding: {coding}"]
            for accept in (TEXT, OPENMETRICS)
            for coding in ("identity", "gzip")]
# What a few more polls may change: a page of an allocator's, a stack.
SLACK = 256 * 1024


def soak(scrapes, cores):
    """Scrape so often, print what memory does, return the exit status."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="cx-bench-"))
        four = [stack.enter_context(vendor) for vendor in feed.four()]
        agent = Agent(folder, cores.server, feed.four_targets(four))
        stack.callback(agent.stop)
        feed.await_targets(agent.start(), len(four))
        print("scrapes | resident, kB | its own, kB", flush=True)
        done, step, warm = 0, max(scrapes // 20, 1), None
        told = 0
        while done < scrapes:
            done += load.scrape(agent.port, 2, *VARIANTS)[0]
            done += load.scrape(agent.port, 1, ["Connection: close"])[0]
            # The vendors' servers keep every request that they had.
            for vendor in four:
                vendor.requests.clear()
            if done >= told + step or done >= scrapes:
                told = done
                resident = agent.memory()
                print(f"{done} | {resident // 1000} | "
                      f"{agent.memory('RssAnon') // 1000}", flush=True)
            if warm is None and done >= scrapes // 4:
                warm = agent.memory("RssAnon")
        # The rest of what is resident are the program's own pages, which
        # come and go with what is used of it.
        growth = agent.memory("RssAnon") - warm
    print(f"growth over the last three quarters: {growth // 1000} kB")
    if growth > SLACK:
        print(f"missed: at most {SLACK // 1000} kB", file=sys.stderr)
        return 1
    return 0
