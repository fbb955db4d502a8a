"""What was measured, as Markdown, and which targets were missed."""

import os
import pathlib
import statistics
import subprocess

AGENT = "cx_exporter"
OTHERS = ("nginx", "client_golang", "prometheus_client")
TITLES = {"nginx": "nginx", "client_golang": "client_golang",
          "prometheus_client": "prometheus_client (Python)"}

# The targets.
RATE_RATIO = 1.1            # at least, of nginx's requests/s
RATE_SERIES = (100, 1_000, 10_000)
CPU_OF_NGINX = 1            # at most
CPU_OF_GOLANG = 1 / 20      # at most, from so many series on
CPU_GOLANG_SERIES = 1_000
FIRST_ANSWER = 0.050        # seconds
RESIDENT = 20e6             # bytes, four targets
PER_SERIES = 1_200          # bytes, at so many series
PER_SERIES_AT = 100_000


def middle(runs, field):
    """The median of a field over runs."""
    return statistics.median(getattr(run, field) for run in runs)


def ratio(mine, theirs, field):
    """The median of the rounds' ratios: each compares neighbours in time."""
    return statistics.median(
        getattr(a, field) / getattr(b, field) for a, b in zip(mine, theirs))


def shown(number):
    """Three digits, and thousands apart."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.3g}" if number >= 1 else f"{number:.2g}"


def times(seconds):
    """A length of time with its unit."""
    for unit, scale in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1:
            break
    return f"{shown(seconds * scale)} {unit}"


def table(head, rows):
    """A Markdown table; the first two columns are text."""
    rule = ["---", "---", *["---:"] * (len(head) - 2)]
    return "\n".join(f"| {' | '.join(map(str, row))} |"
                     for row in (head, rule, *rows))


def by_cell(runs):
    """{(series, coding): {server: [Run]}} in the order of the runs."""
    cells = {}
    for (count, coding, server), found in runs.items():
        cells.setdefault((count, coding), {})[server] = found
    return cells


def compared(runs, title, field, text):
    """A column for each server, and a ratio beside each but the agent's."""
    cells = by_cell(runs)
    names = [n for n in OTHERS if any(n in cell for cell in cells.values())]
    head = ["series", "coding", f"{AGENT}, {title}"]
    for name in names:
        head += [TITLES[name], "ratio"]
    rows = []
    for (count, coding), cell in cells.items():
        row = [f"{count:,}", coding, text(middle(cell[AGENT], field))]
        for name in names:
            row += [text(middle(cell[name], field)),
                    shown(ratio(cell[AGENT], cell[name], field))]
        rows.append(row)
    return table(head, rows)


def latencies(runs):
    """p50 and p99 of every server."""
    cells = by_cell(runs)
    names = [n for n in (AGENT, *OTHERS)
             if any(n in cell for cell in cells.values())]
    rows = []
    for (count, coding), cell in cells.items():
        rows.append([f"{count:,}", coding] + [
            f"{times(middle(cell[n], 'p50'))} / "
            f"{times(middle(cell[n], 'p99'))}" for n in names])
    return table(["series", "coding",
                  *(f"{TITLES.get(n, n)}, p50 / p99" for n in names)], rows)


def memories(memory, sizes):
    """Resident memory behind all runs of a size."""
    counts = sorted({count for count, _ in memory})
    names = [n for n in (AGENT, *OTHERS) if any(n == m for _, m in memory)]
    rows = []
    for count in counts:
        resident, peak = memory[count, AGENT]
        answer = sizes.get((count, "identity"), 0)
        rows.append([f"{count:,}", f"{answer / 1e6:.2f} MB"] + [
            f"{memory[count, n][0] / 1e6:.1f} MB" for n in names] + [
            f"{peak / 1e6:.1f} MB",
            # Of few series it would say what the program itself takes.
            f"{resident / count:,.0f} B" if count >= 10_000 else ""])
    return table(["series", "answer", *(TITLES.get(n, n) for n in names),
                  f"{AGENT}, peak", f"{AGENT}, a series"], rows)


def singles(first, resident, speeds):
    """What is one number a server."""
    names = [n for n in (AGENT, *OTHERS) if n in first]

    def cells(values, text):
        return [text(values[n]) if n in values else "" for n in names]
    medians = {n: statistics.median(found) for n, found in first.items()}
    rows = [["start to first answer", "", *cells(medians, times)],
            ["encoder, 10,000 series", "MB/s", *cells(speeds, shown)],
            ["resident, four targets, 10,000 scrapes", "",
             f"{resident / 1e6:.1f} MB", *[""] * (len(names) - 1)]]
    return table(["", "", *(TITLES.get(n, n) for n in names)], rows)


def machine():
    """Where it was measured."""
    model = next((line.split(":")[1].strip() for line in pathlib.Path(
        "/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")), "unknown processor")
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"],
                          capture_output=True, text=True, check=False)
    versions = [f"Linux {os.uname().release}", *(
        f"{name} {version(package)}" for name, package in (
            ("nginx", "nginx"),
            ("client_golang", "golang-github-prometheus-client-golang-dev"),
            ("Go", "golang-go"),
            ("prometheus_client", "python3-prometheus-client")))]
    return (f"{model}, {len(os.sched_getaffinity(os.getppid()))} cores; "
            f"{', '.join(versions)}; commit {done.stdout.strip() or '?'}")


def version(package):
    """The version of a package, of the distribution's where not installed."""
    done = subprocess.run(["apt-cache", "show", "--no-all-versions", package],
                          capture_output=True, text=True, check=False)
    found = [line.split()[1] for line in done.stdout.splitlines()
             if line.startswith("Version:")]
    return found[0] if found else "?"


def report(given, runs, sizes, memory, first, resident, speeds):
    """Everything, as the README has it."""
    return "\n\n".join([
        f"{machine()}. Medians of {given.runs} interleaved runs of "
        f"{given.seconds} s (longer where an answer is slow), each server on "
        "one core, the load with 8 connections on another, of which it used "
        f"{busiest(runs):.0%} at the most; a ratio is the median of the "
        "rounds'.",
        singles(first, resident, speeds),
        compared(runs, "scrapes/s", "rate", shown),
        compared(runs, "CPU a scrape", "cpu", times),
        latencies(runs), memories(memory, sizes)])


def busiest(runs):
    """The largest share of its core that the load took in a cell."""
    return max(statistics.median(run.load for run in found)
               for found in runs.values())


def missed(runs, memory, first, resident):
    """The targets that were not reached, in words."""
    lines = []
    for (count, coding), cell in by_cell(runs).items():
        where = f"{count:,} series, {coding}"
        mine = cell[AGENT]
        if "nginx" in cell:
            # With more it is a matter of who copies out of main memory: nginx
            # leaves that to its client, and answers half as often.
            if count in RATE_SERIES:
                check(lines, f"{where}: scrapes/s of nginx's",
                      ratio(mine, cell["nginx"], "rate"), RATE_RATIO, False)
                check(lines, f"{where}: CPU a scrape of nginx's",
                      ratio(mine, cell["nginx"], "cpu"), CPU_OF_NGINX)
        if "client_golang" in cell and count >= CPU_GOLANG_SERIES:
            check(lines, f"{where}: CPU a scrape of client_golang's",
                  ratio(mine, cell["client_golang"], "cpu"), CPU_OF_GOLANG)
    if (PER_SERIES_AT, AGENT) in memory:
        check(lines, f"bytes a series at {PER_SERIES_AT:,} series",
              memory[PER_SERIES_AT, AGENT][0] / PER_SERIES_AT, PER_SERIES)
    check(lines, "seconds from the start to the first answer",
          statistics.median(first[AGENT]), FIRST_ANSWER)
    check(lines, "MB resident with four targets", resident / 1e6,
          RESIDENT / 1e6)
    return lines


def check(lines, what, value, bound, most=True):
    """Note a value on the wrong side of its bound."""
    if (value > bound) if most else (value < bound):
        lines.append(f"{what}: {value:.3g}, wanted at "
                     f"{'most' if most else 'least'} {bound:.3g}")
