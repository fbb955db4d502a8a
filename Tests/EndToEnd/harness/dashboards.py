"""The files in `dashboards/`, and how a test makes their minutes seconds."""

import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
DASHBOARDS = ROOT / "dashboards"
RULES = sorted((DASHBOARDS / "prometheus").glob("*.yml"))
RULE_TESTS = sorted((DASHBOARDS / "prometheus" / "tests").glob("*.yml"))
ALERTMANAGER = DASHBOARDS / "alertmanager" / "alertmanager.yml"
RUNBOOK = DASHBOARDS / "RUNBOOK.md"
HOOKS = "https://hooks.example.com/"
MILLISECONDS = {"s": 1000, "m": 60_000, "h": 3_600_000}


def groups():
    """Every group of every file."""
    return [group for path in RULES
            for group in yaml.safe_load(path.read_text("utf-8"))["groups"]]


def rules():
    """Every rule of every file."""
    return [rule for group in groups() for rule in group["rules"]]


def alerts():
    """Every alerting rule."""
    return [rule for rule in rules() if "alert" in rule]


def hurried(text):
    """The same with a second for every minute: `for`, windows, intervals.

    Days and weeks stay, and so do the words of annotations and the numbers
    that an expression compares with.
    """
    return re.sub(
        r"(?<=[\[ ])(\d+)([smh])(?=[\]\n])",
        lambda found: f"{int(found[1]) * MILLISECONDS[found[2]] // 60}ms",
        text)


def hurried_rules(folder):
    """Write the hurried rules into a folder; returns their paths."""
    paths = []
    for path in RULES:
        copy = pathlib.Path(folder, path.name)
        copy.write_text(hurried(path.read_text("utf-8")), "utf-8")
        paths.append(str(copy))
    return paths


def hurried_alertmanager(hooks):
    """The example of Alertmanager, hurried, with other webhooks."""
    text = hurried(ALERTMANAGER.read_text("utf-8"))
    assert HOOKS in text
    return text.replace(HOOKS, hooks)
