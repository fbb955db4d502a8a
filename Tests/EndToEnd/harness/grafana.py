"""Grafana's dashboards as they stand in their files, and what Grafana makes of
their queries before a data source sees them."""

import json
import pathlib
import re

import yaml

from .agent import ROOT

FOLDER = ROOT / "dashboards" / "grafana"
RULES = ROOT / "dashboards" / "prometheus"
UIDS = {"cx-overview", "cx-experia", "cx-samespace", "cx-rocketchat",
        "cx-kore", "cx-agent"}
BUILTIN = {"__rate_interval", "__interval", "__range"}
VARIABLE = re.compile(r"\$(?:\{(\w+)(?::\w+)?\}|(\w+))")
LABEL_VALUES = re.compile(r"label_values\((.*), (\w+)\)", re.DOTALL)


class Dashboard:
    """A dashboard's JSON and what is in it."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.json = json.loads(self.path.read_text("utf-8"),
                               object_pairs_hook=unique_keys)

    @property
    def uid(self):
        return self.json["uid"]

    @property
    def all_panels(self):
        return self.json["panels"]

    @property
    def panels(self):
        """The panels that are no rows."""
        return [p for p in self.all_panels if p["type"] != "row"]

    @property
    def variables(self):
        return {v["name"]: v for v in self.json["templating"]["list"]}

    def queries(self):
        """(panel, target) of every query."""
        return [(panel, target) for panel in self.panels
                for target in panel.get("targets", ())]


def dashboards():
    """Every dashboard that is committed."""
    return [Dashboard(path) for path in
            sorted((FOLDER / "dashboards").glob("*.json"))]


def provisioned(kind):
    """A provisioning file."""
    path = FOLDER / "provisioning" / kind / "cx_exporter.yaml"
    return yaml.safe_load(path.read_text("utf-8"))


def rule_files():
    """Prometheus' rule files."""
    return sorted(RULES.glob("*.yml"))


def prometheus_groups():
    """The groups of Prometheus' rules, in the order of their files."""
    return [group for path in rule_files() for group in
            yaml.safe_load(path.read_text("utf-8"))["groups"]]


def alert_expression(rule):
    """The PromQL of a Grafana-managed rule."""
    [query] = [step for step in rule["data"] if step["refId"] == "query"]
    return query["model"]["expr"]


def unique_keys(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError(f"a key comes twice in {[k for k, _ in pairs]}")
    return result


def references(text):
    """The names of the variables that a text uses."""
    return {a or b for a, b in VARIABLE.findall(text)}


def values_inside(value, path=()):
    """(path, leaf or container) of everything in a JSON value."""
    yield path, value
    items = (value.items() if isinstance(value, dict)
             else enumerate(value) if isinstance(value, list) else ())
    for key, item in items:
        yield from values_inside(item, (*path, key))


class Interpolation:
    """The variables' values, looked up as Grafana does, and put into texts.

    Each has its default, or with `one` the first value that there is.
    """

    def __init__(self, prometheus, dashboard, scrape_seconds, one=False):
        self.one = one
        self.scrape_seconds = scrape_seconds
        self.prometheus = prometheus
        self.values = {}
        self.options = {}
        for name, variable in dashboard.variables.items():
            if variable["type"] == "query":
                self.values[name] = self._look_up(name, variable)

    def _look_up(self, name, variable):
        match = LABEL_VALUES.fullmatch(variable["query"]["query"])
        assert match, f"variable {name}: not label_values(selector, label)"
        source, label = match.groups()
        found = self.prometheus.api(
            f"label/{label}/values", **{"match[]": self.apply(source)})
        assert found, f"variable {name}: no value in {source}"
        self.options[name] = found
        current = variable["current"]["value"]
        if self.one:
            return re.escape(found[0])
        if current == ["$__all"]:
            alternatives = "|".join(re.escape(v) for v in found)
            return variable.get("allValue") or f"({alternatives})"
        assert current in found, f"variable {name}: {current} not in {found}"
        return current

    def apply(self, text, step=60):
        """The text with every variable's value, for points `step` apart."""
        # As Grafana's documentation of $__rate_interval says.
        rate = max(step + self.scrape_seconds, 4 * self.scrape_seconds)
        values = {**self.values, "__interval": f"{step}s",
                  "__rate_interval": f"{rate}s", "__range": "86400s"}

        def value(match):
            name = match[1] or match[2]
            assert name in values, f"unknown variable {match[0]} in {text}"
            # In a PromQL string a backslash stands for two.
            return values[name].replace("\\", "\\\\")
        return VARIABLE.sub(value, text)


def seconds(duration):
    """The seconds of `5m`, `1h`."""
    amount, unit = int(duration[:-1]), duration[-1]
    return amount * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]
