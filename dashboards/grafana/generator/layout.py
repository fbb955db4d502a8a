"""Rows, places, variables and links: what makes panels a dashboard."""

from .panels import DATASOURCE

SCHEMA_VERSION = 39
TAG = "cx_exporter"
COLUMNS = 24
# The uid that the provisioned data source has; another can be chosen.
PROVISIONED = {"text": "cx_exporter Prometheus", "value": "cx-prometheus"}


class Row:
    """A titled row of panels, from left to right and then further down."""

    def __init__(self, title, *panels):
        self.title = title
        self.panels = panels


def place(rows):
    """The rows' panels with ids and places."""
    placed, top = [], 0
    for row in rows:
        placed.append({
            "type": "row", "title": row.title, "collapsed": False,
            "gridPos": {"x": 0, "y": top, "w": COLUMNS, "h": 1},
            "panels": []})
        top += 1
        left = height = 0
        for panel in row.panels:
            size = panel["gridPos"]
            if left + size["w"] > COLUMNS:
                left, top, height = 0, top + height, 0
            placed.append({**panel, "gridPos": {
                "x": left, "y": top, "w": size["w"], "h": size["h"]}})
            left += size["w"]
            height = max(height, size["h"])
        top += height
    return [{"id": number, **panel}
            for number, panel in enumerate(placed, start=1)]


def data_source_variable():
    return {"name": "datasource", "label": "Data source",
            "description": "The Prometheus that scrapes cx_exporter.",
            "type": "datasource", "query": "prometheus", "regex": "",
            "current": PROVISIONED, "options": [], "multi": False,
            "includeAll": False, "refresh": 1, "hide": 0,
            "skipUrlSync": False}


def variable(name, label, description, source, *, value=None, every=".*"):
    """The values of a label; all of them unless one is given.

    `every` is what All stands for; None: the values that there are.
    """
    definition = f"label_values({source}, {name})"
    many = value is None
    current = ({"text": ["All"], "value": ["$__all"]} if many
               else {"text": value, "value": value})
    result = {"name": name, "label": label, "description": description,
              "type": "query", "datasource": DATASOURCE,
              "definition": definition,
              "query": {"qryType": 1, "query": definition,
                        "refId": "PrometheusVariableQueryEditor"},
              "current": current, "options": [], "regex": "", "sort": 1,
              "multi": many, "includeAll": many, "refresh": 2, "hide": 0,
              "skipUrlSync": False}
    if many and every:
        result["allValue"] = every
    return result


def standard_variables(vendor=None):
    """Data source, job, instance, target: what every dashboard has."""
    only = f'vendor="{vendor}"' if vendor else ""
    matchers = [f"{{{only}}}" if only else ""]
    chosen = [only] if only else []
    for name in ("job", "instance"):
        chosen.append(f'{name}=~"${name}"')
        matchers.append("{" + ", ".join(chosen) + "}")
    family = "cx_exporter_target_up"
    return [
        data_source_variable(),
        # All of ours, not all: `up` is there for every job of the site.
        variable("job", "Job", "The scrape job.", family + matchers[0],
                 every=None),
        variable("instance", "Instance",
                 "The agent, or the target where each has a scrape of its "
                 "own.", family + matchers[1], every=None),
        variable("target", "Target", "The target's name in the agent's "
                 "configuration.", family + matchers[2])]


def dashboard_links():
    """Every other dashboard of ours, with the variables and the time."""
    return [{"type": "dashboards", "title": "cx_exporter", "tags": [TAG],
             "asDropdown": True, "includeVars": True, "keepTime": True,
             "targetBlank": False, "icon": "external link", "url": "",
             "tooltip": "The other dashboards of cx_exporter"}]


def drill_down(uid, text, /, **fields):
    """A link to another dashboard for the row or the series at hand."""
    query = ["${__url_time_range}"]
    query += [f"${{{name}:queryparam}}"
              for name in ("datasource", "job", "instance")]
    query += [f"var-{name}={value}" for name, value in fields.items()]
    return [{"title": text, "url": f"/d/{uid}?" + "&".join(query),
             "targetBlank": False}]


def restarts():
    """A mark where the agent was started."""
    return {"list": [{
        "name": "Agent started", "enable": True, "hide": False,
        "iconColor": "purple", "datasource": DATASOURCE,
        "expr": 'process_start_time_seconds{job=~"$job", '
                'instance=~"$instance"} * 1000',
        "useValueForTime": True, "step": "60s",
        "titleFormat": "Agent started", "textFormat": "{{instance}}",
        "tagKeys": "instance"}]}


def dashboard(uid, title, description, tag, rows, variables):
    """A dashboard of the classic schema that any Grafana can import."""
    return {
        "id": None, "uid": uid, "title": title, "description": description,
        "tags": [TAG, tag], "schemaVersion": SCHEMA_VERSION, "version": 1,
        "editable": True, "graphTooltip": 1, "fiscalYearStartMonth": 0,
        "liveNow": False, "preload": False, "timezone": "browser",
        "weekStart": "", "refresh": "1m",
        "time": {"from": "now-24h", "to": "now"},
        "timepicker": {"refresh_intervals": ["30s", "1m", "5m", "15m", "1h"]},
        "annotations": restarts(), "links": dashboard_links(),
        "templating": {"list": variables}, "panels": place(rows)}
