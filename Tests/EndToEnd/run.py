#!/usr/bin/python3
"""The end-to-end tests: the built executable against stand-ins of the vendors.

    python3 Tests/EndToEnd/run.py [-v] [pattern …]

CX_EXPORTER=/path/to/cx_exporter names the executable; without it
`.build/debug/cx_exporter` is used, then `.build/release/cx_exporter`. A
pattern is a part of a test's name (`failures`, `RocketChat`, `test_servers`);
`test_servers` needs no executable. The last line is `N passed, N failed` (and
`, N skipped`), and the exit status is 0 if nothing failed.

What the tests need is installed by `Tests/run --setup`: Debian's packages,
among them a browser for the status page (Ubuntu has none as a package, there
it is skipped). Prometheus, Alertmanager, promtool, amtool and slowhttptest are
unpacked (see `harness/tools.py`) and a small library that shifts a process's
clock is compiled, all into `.build/tools`; no service is installed or left
running.

The servers in `vendors/` and every expectation are written from the vendors'
documents, the metric catalogue and the interface, not from the exporter's
code. All sockets are on loopback, on ports the kernel chooses; every process
that is started is ended by its own id, also after a failure.
"""

import pathlib
import signal
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent


class Result(unittest.TextTestResult):
    """Counts every case of a table as a test of its own."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.cases = 0
        self.subtests = {}

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        self.subtests[test] = self.subtests.get(test, 0) + 1

    def addSuccess(self, test):
        super().addSuccess(test)
        self.count(test)

    def count(self, test):
        # A table whose rows were counted is no case besides.
        self.cases += 0 if self.subtests.get(test) else 1

    def totals(self):
        failed = len(self.failures) + len(self.errors) + len(
            self.unexpectedSuccesses)
        bad_rows = sum(isinstance(test, unittest.case._SubTest)
                       for test, _ in self.failures + self.errors)
        passed = self.cases + sum(self.subtests.values()) - bad_rows
        return passed, failed


def main(arguments):
    verbose = "-v" in arguments
    patterns = [a for a in arguments if not a.startswith("-")]
    # A signal ends the run through the usual cleanups; unittest would take
    # any other exception for a failed test and go on.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.path.insert(0, str(HERE))
    loader = unittest.TestLoader()
    if patterns:
        loader.testNamePatterns = [f"*{pattern}*" for pattern in patterns]
    suite = loader.discover(str(HERE), "test_*.py", str(HERE))
    runner = unittest.TextTestRunner(
        stream=sys.stderr, verbosity=2 if verbose else 1, resultclass=Result)
    started = time.monotonic()
    result = runner.run(suite)
    passed, failed = result.totals()
    if not passed and not failed:
        print("no test matches", *patterns, file=sys.stderr)
        failed = 1
    sys.stderr.flush()
    for test, reason in result.skipped:
        print(f"skipped: {test}: {reason}")
    print(f"{time.monotonic() - started:.0f} s")
    skipped = f", {len(result.skipped)} skipped" if result.skipped else ""
    print(f"{passed} passed, {failed} failed{skipped}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("interrupted")
