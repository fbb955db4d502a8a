"""Panels of Grafana's classic schema, without a place yet.

Each function takes the title, a description for whoever is woken by the panel,
the unit and the queries; the layout gives the panel its id and its place.
"""

import string

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
PLUGIN_VERSION = "11.0.0"

# Threshold steps: where a colour begins. The first one has no beginning.
NEUTRAL = [("blue", None)]
GOOD = [("green", None)]
ZERO_IS_GOOD = [("green", None), ("red", 1)]
ONE_IS_GOOD = [("red", None), ("green", 1)]
# The distance to an exported objective: below 0 it is missed.
MARGIN = [("red", None), ("yellow", 0), ("green", 0.02)]
# A time as a share of its exported threshold: from 1 on it is missed.
SHARE = [("green", None), ("yellow", 0.8), ("red", 1)]
# What is left of an error budget: below 0 the objective is missed.
ERROR_BUDGET = [("red", None), ("yellow", 0), ("green", 0.25)]
BUDGET = [("red", None), ("yellow", 0.1), ("green", 0.25)]


class Query:
    """A PromQL query of a panel."""

    def __init__(self, expr, legend="", *, instant=False, step=None):
        self.expr = expr
        self.legend = legend
        self.instant = instant
        self.step = step

    def target(self, ref, *, table=False):
        result = {"refId": ref, "datasource": DATASOURCE,
                  "editorMode": "code", "expr": self.expr}
        if table:
            result["format"] = "table"
        else:
            result["legendFormat"] = self.legend
        instant = table or self.instant
        result.update(instant=instant, range=not instant)
        if self.step:
            result["interval"] = self.step
        return result


def thresholds(steps):
    return {"mode": "absolute",
            "steps": [{"color": color, "value": value}
                      for color, value in steps]}


def value_map(**texts):
    """Mappings of numbers: `_0=("missed", "red")`."""
    return [{"type": "value", "options": {
        name.lstrip("_"): {"index": index, "text": text, "color": color}
        for index, (name, (text, color)) in enumerate(texts.items())}}]


UP_OR_FAILING = value_map(_0=("failing", "red"), _1=("up", "green"))
MET_OR_MISSED = value_map(_0=("missed", "red"), _1=("met", "green"))


def panel(kind, title, description, unit, queries, *, steps, width, height,
          options, color="thresholds", custom=None, overrides=(),
          decimals=None, low=None, high=None, mappings=(), no_value=None,
          links=(), transformations=(), table=False):
    defaults = {"unit": unit, "color": {"mode": color},
                "thresholds": thresholds(steps)}
    for key, value in (("decimals", decimals), ("min", low), ("max", high),
                       ("mappings", list(mappings) or None),
                       ("noValue", no_value), ("links", list(links) or None),
                       ("custom", custom)):
        if value is not None:
            defaults[key] = value
    result = {
        "type": kind, "title": title, "description": description,
        "gridPos": {"w": width, "h": height}, "datasource": DATASOURCE,
        "pluginVersion": PLUGIN_VERSION,
        "fieldConfig": {"defaults": defaults, "overrides": list(overrides)},
        "options": options}
    if transformations:
        result["transformations"] = list(transformations)
    result["targets"] = [
        query.target(ref, table=table)
        for ref, query in zip(string.ascii_uppercase, queries)]
    return result


def stat(title, description, unit, queries, *, steps=NEUTRAL, width=4,
         height=4, names=False, only_names=False, links=(), **options):
    """Big numbers: one a series.

    Instant queries: over a range the last value of what is gone since would
    stand there as if it were now's.
    """
    for query in queries:
        query.instant = True
    return panel(
        "stat", title, description, unit, queries, steps=steps, width=width,
        height=height, links=links, **options,
        options={
            "colorMode": "background" if len(steps) > 1 else "value",
            "graphMode": "none",
            "justifyMode": "auto", "orientation": "auto",
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "",
                              "values": False},
            "showPercentChange": False,
            "textMode": "name" if only_names else
            "value_and_name" if names else "value",
            "wideLayout": True})


def timeseries(title, description, unit, queries, *, steps=GOOD, width=12,
               height=8, bars=False, stacked=False, objective=None,
               past=None, threshold_lines=False, calcs=("lastNotNull", "mean", "max"),
               overrides=(), soft_min=None, soft_max=None, **options):
    """Lines, or bars where each point is a sum; never joined over a gap.

    `objective` is the letter of the query whose line is a limit, `past` that
    of the query whose line is only there to compare with.
    """
    custom = {
        "drawStyle": "bars" if bars else "line",
        "lineInterpolation": "linear", "lineWidth": 1 if bars else 2,
        "fillOpacity": 60 if bars else 8, "gradientMode": "none",
        "showPoints": "auto", "pointSize": 4,
        "spanNulls": False, "insertNulls": False,
        "axisPlacement": "auto",
        "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
        "thresholdsStyle": {"mode": "line" if threshold_lines else "off"}}
    if soft_min is not None:
        custom["axisSoftMin"] = soft_min
    if soft_max is not None:
        custom["axisSoftMax"] = soft_max
    if objective:
        overrides = [*overrides, dashed_line(objective, "red")]
    if past:
        overrides = [*overrides, dashed_line(past, "text")]
    return panel(
        "timeseries", title, description, unit, queries, steps=steps,
        width=width, height=height, color="palette-classic", custom=custom,
        overrides=overrides, **options,
        options={
            "legend": {"showLegend": True, "displayMode": "table",
                       "placement": "bottom", "calcs": list(calcs)},
            "tooltip": {"mode": "multi", "sort": "desc"}})


def dashed_line(ref, color):
    """A dashed line without an area."""
    return {"matcher": {"id": "byFrameRefID", "options": ref},
            "properties": [
                {"id": "color",
                 "value": {"mode": "fixed", "fixedColor": color}},
                {"id": "custom.lineStyle",
                 "value": {"fill": "dash", "dash": [8, 8]}},
                {"id": "custom.lineWidth", "value": 1},
                {"id": "custom.fillOpacity", "value": 0},
                {"id": "custom.showPoints", "value": "never"}]}


def timeline(title, description, unit, queries, *, steps, mappings, width=24,
             height=8, links=()):
    """A state a row over time."""
    return panel(
        "state-timeline", title, description, unit, queries, steps=steps,
        width=width, height=height, mappings=mappings, links=links,
        custom={"fillOpacity": 80, "lineWidth": 0, "spanNulls": False,
                "insertNulls": False},
        options={
            "alignValue": "left", "mergeValues": True, "rowHeight": 0.85,
            "showValue": "never",
            "legend": {"showLegend": True, "displayMode": "list",
                       "placement": "bottom"},
            "tooltip": {"mode": "single", "sort": "none"}})


class Column:
    """A column of a table: a label or the value of a query."""

    def __init__(self, name, *, label=None, query=None, unit=None, steps=None,
                 mappings=(), links=(), decimals=None):
        self.name = name
        self.label = label
        self.query = query
        self.properties = []
        if unit:
            self.properties.append({"id": "unit", "value": unit})
        if decimals is not None:
            self.properties.append({"id": "decimals", "value": decimals})
        if mappings:
            self.properties.append({"id": "mappings", "value": mappings})
        if links:
            self.properties.append({"id": "links", "value": list(links)})
        if steps:
            self.properties += [
                {"id": "thresholds", "value": thresholds(steps)},
                {"id": "custom.cellOptions",
                 "value": {"type": "color-background", "mode": "basic"}}]

    def override(self):
        return {"matcher": {"id": "byName", "options": self.name},
                "properties": self.properties}


def table(title, description, unit, columns, *, width=12, height=9, sort=None,
          descending=False, steps=NEUTRAL, no_value=None):
    """The queries of the columns side by side, joined on their labels."""
    queries = [c.query for c in columns if c.query]
    refs = iter(string.ascii_uppercase)
    many = len(queries) > 1
    rename, index = {}, {}
    for place, column in enumerate(columns):
        field = column.label or (f"Value #{next(refs)}" if many else "Value")
        rename[field] = column.name
        index[field] = place
    transformations = [{"id": "merge", "options": {}}] if many else []
    transformations.append({"id": "organize", "options": {
        "excludeByName": {"Time": True, **({} if many else {
            "__name__": True})},
        "indexByName": index, "renameByName": rename}})
    return panel(
        "table", title, description, unit, queries, steps=steps, width=width,
        height=height, table=True, no_value=no_value,
        custom={"align": "auto", "cellOptions": {"type": "auto"},
                "inspect": False, "filterable": False},
        overrides=[c.override() for c in columns if c.properties],
        transformations=transformations,
        options={
            "showHeader": True, "cellHeight": "sm",
            "footer": {"show": False, "reducer": ["sum"], "countRows": False,
                       "fields": ""},
            "sortBy": [{"displayName": sort, "desc": descending}]
            if sort else []})


def alert_list(title, description, *, width=12, height=9, instances=""):
    """The alerts of Grafana itself and of its data sources."""
    return {
        "type": "alertlist", "title": title, "description": description,
        "gridPos": {"w": width, "h": height},
        "pluginVersion": PLUGIN_VERSION,
        "options": {
            "viewMode": "list", "groupMode": "default", "groupBy": [],
            "maxItems": 50, "sortOrder": 3, "dashboardAlerts": False,
            "alertName": "", "alertInstanceLabelFilter": instances,
            "stateFilter": {"firing": True, "pending": True, "noData": True,
                            "error": True, "normal": False}}}
