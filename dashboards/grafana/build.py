#!/usr/bin/env python3
"""Writes the dashboards and the Grafana-managed alert rules.

    python3 dashboards/grafana/build.py           write the files
    python3 dashboards/grafana/build.py --check   exit 1 if a file is not what would be written

The dashboards are made of `generator/`, the alert rules of Prometheus' in
`dashboards/prometheus`. Needed: PyYAML (`python3-yaml`).
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

try:
    from generator import (agent, alerts, experia, kore,  # noqa: E402
                           overview, rocketchat, samespace)
except ModuleNotFoundError as missing:
    sys.exit(f"{missing}: apt-get install python3-yaml")
from generator.text import to_json  # noqa: E402

RULES = HERE.parent / "prometheus"
ALERTS = HERE / "provisioning" / "alerting" / "cx_exporter.yaml"
DASHBOARDS = (overview, experia, samespace, rocketchat, kore, agent)


def files():
    """Every generated file with its text."""
    result = {}
    for module in DASHBOARDS:
        built = module.build()
        path = HERE / "dashboards" / f"{built['uid']}.json"
        result[path] = to_json(built) + "\n"
    result[ALERTS] = alerts.to_yaml(alerts.provisioning(RULES.glob("*.yml")))
    return result


def differences():
    """The files that are not what this script writes."""
    wanted = files()
    present = set((HERE / "dashboards").glob("*.json"))
    return sorted(
        str(path.relative_to(HERE)) for path in present | wanted.keys()
        if path not in wanted or not path.exists()
        or path.read_text("utf-8") != wanted[path])


def main(arguments):
    if arguments == ["--check"]:
        stale = differences()
        for name in stale:
            print(f"{name} is not what build.py writes: run it", file=sys.stderr)
        return 1 if stale else 0
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        written = files()
    except alerts.Unsupported as problem:
        print(problem, file=sys.stderr)
        return 1
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
