"""Grafana-managed alert rules from Prometheus' rules.

An alert of Prometheus fires for every series that its expression gives. In
Grafana that takes three steps, those which Grafana's own import of Prometheus
rules makes: the query, 1 for whatever it gives, and whether that is above 0.
"""

import collections
import re

import yaml

DATASOURCE = "cx-prometheus"
FOLDER = "cx_exporter"
INTERVAL = "1m"
EXPRESSION = "__expr__"
# What templates may call: known to Prometheus and to Grafana.
FUNCTIONS = {"humanize", "humanizeDuration", "humanizePercentage", "printf"}
RULE_KEYS = {"alert", "expr", "for", "keep_firing_for", "labels",
             "annotations"}
GROUP_KEYS = {"name", "interval", "rules"}
TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)

HEADER = """\
# Made by dashboards/grafana/build.py from dashboards/prometheus: do not edit.
#
# The same alerts as in Prometheus' rules, for a Grafana that evaluates and sends them itself.
# Prometheus loads its rule files all the same, for the recording rules; let one of the two send.
"""


class Unsupported(ValueError):
    """A rule that Grafana cannot evaluate as Prometheus does."""


def read(paths):
    """The groups of rule files that have alerts: (file's name, group)."""
    result = []
    for path in sorted(paths):
        for group in yaml.safe_load(path.read_text("utf-8"))["groups"]:
            if any("alert" in rule for rule in group["rules"]):
                result.append((path.name, group))
    return result


def provisioning(paths):
    """The provisioning document of the alerts in Prometheus' rule files."""
    groups = read(paths)
    names = collections.Counter(
        rule["alert"] for _, group in groups for rule in group["rules"]
        if "alert" in rule)
    return {"apiVersion": 1, "groups": [
        converted_group(file, group, names) for file, group in groups]}


def converted_group(file, group, names):
    known(group, GROUP_KEYS, f"{file}: group {group['name']}")
    return {
        "orgId": 1, "name": group["name"], "folder": FOLDER,
        "interval": str(group.get("interval", INTERVAL)),
        "rules": [converted(rule, names[rule["alert"]] > 1,
                            f"{file}: {rule['alert']}")
                  for rule in group["rules"] if "alert" in rule]}


def converted(rule, ambiguous, place):
    """A rule; `ambiguous` where another has the same name.

    Titles are unique in a folder of Grafana: the severity tells them apart.
    """
    known(rule, RULE_KEYS, place)
    severity = rule["labels"]["severity"]
    title = f"{rule['alert']} ({severity})" if ambiguous else rule["alert"]
    labels = {name: str(value) for name, value in rule["labels"].items()}
    if any("$" in value or "{{" in value for value in labels.values()):
        raise Unsupported(f"{place}: a label with a template")
    result = {"uid": uid(title), "title": title, "condition": "threshold",
              "data": steps(rule["expr"].strip()), "noDataState": "OK",
              "execErrState": "Error", "for": str(rule.get("for", "0s"))}
    if "keep_firing_for" in rule:
        result["keepFiringFor"] = str(rule["keep_firing_for"])
    # As in Prometheus an alert ends when its series is gone.
    result["missing_series_evals_to_resolve"] = 1
    result["annotations"] = {
        name: template(str(text), f"{place}: {name}")
        for name, text in rule["annotations"].items()}
    result["labels"] = labels
    return result


def known(section, keys, place):
    unknown = section.keys() - keys
    if unknown:
        raise Unsupported(f"{place}: {', '.join(sorted(unknown))} has no "
                          "counterpart in Grafana")


def uid(title):
    """`CXDataStale` as `cx-data-stale`: at most 40 characters."""
    words = re.findall(r"^CX|[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z0-9]+", title)
    result = "-".join(words).lower()
    if len(result) > 40:
        raise Unsupported(f"{title}: the uid {result} is too long")
    return result


class Flow(dict):
    """A mapping that is written on one line."""


def steps(expr):
    return [
        {"refId": "query", "datasourceUid": DATASOURCE,
         "relativeTimeRange": Flow({"from": 600, "to": 0}),
         "model": {"refId": "query", "expr": expr, "instant": True,
                   "range": False}},
        expression("any_value", type="math", expression="is_number($query) || "
                   "is_nan($query) || is_inf($query)"),
        expression("threshold", type="threshold", expression="any_value",
                   conditions=[{"evaluator": {"type": "gt", "params": [0]}}])]


def expression(ref, **model):
    """A step that Grafana computes by itself."""
    return {"refId": ref, "datasourceUid": EXPRESSION,
            "relativeTimeRange": Flow({"from": 0, "to": 0}),
            "model": Flow({"refId": ref, **model})}


def template(text, place):
    """A template in Grafana's words: its `$value` is a text, not a number."""
    for inside in TEMPLATE.findall(text):
        called = set(re.findall(r"(?<![\w$.\"])[A-Za-z]\w*",
                                re.sub(r'"[^"]*"', "", inside)))
        if called - FUNCTIONS:
            raise Unsupported(f"{place}: {', '.join(sorted(called - FUNCTIONS))}"
                              " may not exist in Grafana's templates")
    return re.sub(r"\$value\b", "$values.query.Value", text)


class Dumper(yaml.SafeDumper):
    """Block YAML in which several lines stay several lines."""

    def ignore_aliases(self, data):
        return True


def string(dumper, text):
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def flow(dumper, mapping):
    return dumper.represent_mapping("tag:yaml.org,2002:map", mapping,
                                    flow_style=True)


Dumper.add_representer(str, string)
Dumper.add_representer(Flow, flow)


def to_yaml(document):
    return HEADER + yaml.dump(document, Dumper=Dumper, sort_keys=False,
                              allow_unicode=True, width=120)
