#!/usr/bin/python3
"""How long an agent with many counters takes to start.

    Tests/Benchmarks/storage/run.py [series]        100000 unless told

A card of Experia's becomes a counter for each of its rows. The agent counts
them, is killed, and started again on what the disk holds. Needed: a release
build,

    swift build -c release --static-swift-stdlib --product cx_exporter --scratch-path .build-static
"""

import json
import os
import pathlib
import shutil
import signal
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "Tests" / "EndToEnd"))
os.environ.setdefault(
    "CX_EXPORTER", str(ROOT / ".build-static" / "release" / "cx_exporter"))

from harness import waiting  # noqa: E402
from harness.agent import Agent  # noqa: E402
from vendors.base import Answer, VendorServer  # noqa: E402
from vendors.experia import SUMMARY  # noqa: E402

SERIES = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
RUNS = 5
FAMILY = "experia_rows_total"


class Rows(VendorServer):
    """Experia with a card of so many rows."""

    vendor = "experia"
    endpoint = "/v2/dashboard"

    def answer(self, request):
        if request.path == self.endpoint:
            return Answer(200, SUMMARY)
        rows = [{"n": f"row-{n}", "v": n} for n in range(SERIES)]
        return Answer(200, json.dumps(
            {"cardContent": rows, "status": "SUCCESS"}))


def main():
    server = Rows()
    folder = tempfile.mkdtemp(prefix="cx-storage-")
    target = {
        "name": "rows", "vendor": "experia", "url": server.url,
        "api_key": "k", "max_response_size": "64MiB",
        "rate_limit": [{"requests": 100000, "per": "1m"}],
        "cards": [{
            "card": "CARDTAGS", "interval": "1s",
            "mapping": {
                "metric": FAMILY, "help": "Rows.", "type": "counter",
                "labels": {"n": "n"}, "value": "v", "max_series": SERIES,
                "allow_identifiers": True}}]}

    def start():
        agent = Agent([target], f"--storage.path={folder}/state",
                      folder=folder, defaults={"timeout": "60s"})
        begun = time.monotonic()
        agent.start()
        return agent, time.monotonic() - begun

    def count(agent):
        return agent.get("/metrics").text.count(f"\n{FAMILY}{{")

    def size():
        return {path.suffix: path.stat().st_size
                for path in pathlib.Path(folder, "state").glob("ledger-*")}

    try:
        agent, _ = start()
        waiting.until(lambda: count(agent) == SERIES, 120, "all series")
        times = []
        for _ in range(RUNS):
            agent.process.send_signal(signal.SIGKILL)
            agent.process.wait()
            agent, seconds = start()
            assert count(agent) == SERIES, "a series is missing"
            times.append(seconds)
        files = ", ".join(f"{ending[1:]} {bytes} bytes"
                          for ending, bytes in sorted(size().items()))
        print(f"{SERIES} series: first answer {statistics.median(times):.2f} "
              f"s after the start (best {min(times):.2f}, worst "
              f"{max(times):.2f}), from {files}")
        agent.stop()
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
