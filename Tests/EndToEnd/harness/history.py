"""A past for a Prometheus that has just been started.

Panels and alerts that compare with last week have nothing to compare with in
a new database. What is scraped now is written once more, as if it had been
scraped then, into blocks that Prometheus is started with.
"""

import pathlib
import time

from . import tools

NOT_SERIES = ("# EOF",)


def openmetrics(text, labels, times):
    """The exposition with more labels, each sample at each of the times."""
    extra = ",".join(f'{name}="{value}"' for name, value in labels.items())
    lines = []
    for line in text.splitlines():
        if line.startswith("#"):
            if line not in NOT_SERIES:
                lines.append(line)
            continue
        series, value = line.rsplit(" ", 1)
        name, brace, rest = series.partition("{")
        full = f"{name}{{{extra}{',' + rest if brace else '}'}"
        lines += [f"{full} {value} {at}" for at in times]
    return "\n".join([*lines, "# EOF", ""])


def write(folder, text, labels, times):
    """Blocks in a Prometheus' data folder."""
    path = pathlib.Path(folder, "history.om")
    path.write_text(openmetrics(text, labels, times), "utf-8")
    status, said = tools.promtool(
        "tsdb", "create-blocks-from", "openmetrics", "--quiet", path,
        pathlib.Path(folder, "data"))
    assert status == 0, f"promtool: {said}"
    path.unlink()


def closing_figures(scrape):
    """What the recording rules note at a day's end, for the figures of now.

    They need a midnight to pass, which a test has no time for.
    """
    lines = []

    def add(name, labels, value):
        told = ",".join(f'{key}="{text}"' for key, text in labels.items()
                        if key != "period")
        lines.append(f"{name}{{{told}}} {value}")
    for sample in scrape.samples("experia_sla_compliance_ratio",
                                 period="daily"):
        add("experia:sla_sessions:closing", sample.labels, 100)
        add("experia:sla_sessions_met:closing", sample.labels,
            100 * sample.value)
    for sample in scrape.samples(
            "rocketchat_omnichannel_sla_threshold_seconds"):
        add("rocketchat:sla_day_met:closing", sample.labels, 1)
    # A family's samples come together.
    return "\n".join(sorted(lines))


def days_ago(now=None, days=28):
    """Once a day, the oldest first.

    Half a day away from `week_ago`: an older Prometheus refuses blocks that
    overlap.
    """
    last = int(now or time.time()) - 129600
    return range(last - (days - 1) * 86400, last + 1, 86400)


def week_ago(now=None, before=7200, after=1800, step=240):
    """Times from two hours before to half an hour after, a week ago."""
    then = int(now or time.time()) - 7 * 86400
    return range(then - before, then + after, step)
