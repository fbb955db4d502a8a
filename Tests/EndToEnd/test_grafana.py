"""The form of Grafana's dashboards.

Grafana itself is not at hand: these are the rules of its classic dashboard
schema, and ours, that a file can be held against. What the queries answer is
`test_grafana_queries`.
"""

import itertools
import re
import subprocess
import sys
import unittest

from harness import grafana

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
KINDS = {"stat", "table", "timeseries", "state-timeline", "alertlist"}
# Of Grafana's unit ids, those that our values have.
UNITS = {"s", "percentunit", "short", "reqps", "ops", "bytes", "clocks",
         "dateTimeFromNow", "dateTimeAsIso"}
CALCS = {"lastNotNull", "min", "mean", "max"}
SELECTOR = re.compile(r"([a-zA-Z_:][\w:]*)?\{([^{}]*)\}")
VENDOR = re.compile(r"(experia|samespace|rocketchat|kore)[_:]")
RANGE = re.compile(r"\b(rate|increase)\([^\[\]]*\[([^\]]+)\]")
LINK = re.compile(r"/d/([\w-]+)(?:\?(.*))?")
# What the agent exports to compare with: a panel has both or neither.
OBJECTIVES = {
    "experia_sla_compliance_ratio": "experia_sla_objective_ratio",
    "samespace_sla_value": "samespace_sla_objective_value",
    **{f"rocketchat_omnichannel_{kind}_time_average_seconds":
       "rocketchat_omnichannel_sla_threshold_seconds"
       for kind in ("first_response", "response", "reaction")}}
TREND = {"Waiting"}    # two vendors' averages side by side
# Of the agent or of a budget: some of our labels are missing.
ALERTS = {"ALERTS", "ALERTS_FOR_STATE"}
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
GROUPING = re.compile(r"\b(by|without|on|ignoring|group_left|group_right)"
                      r"\s*\([^()]*\)")
WORDS = {"and", "or", "unless", "bool", "offset"}


def bare(expr):
    """The metric names of an expression that have no matchers."""
    text = GROUPING.sub(" ", QUOTED.sub('""', expr))
    return set(re.findall(r"(?<![\w$:.])[a-zA-Z_:][\w:]*(?![\w:]|\s*[({])",
                          re.sub(r"\{[^{}]*\}|\[[^\[\]]*\]", "{}", text))) - WORDS


class Dashboards(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.all = grafana.dashboards()
        cls.by_uid = {d.uid: d for d in cls.all}

    def each(self, check):
        """Check every dashboard, and name the one that is wrong."""
        for dashboard in self.all:
            with self.subTest(dashboard=dashboard.path.name):
                check(dashboard)

    def each_panel(self, check, *kinds):
        """Check every panel, or every one of some kinds."""
        checked = 0
        for dashboard in self.all:
            for panel in dashboard.panels:
                if not kinds or panel["type"] in kinds:
                    checked += 1
                    with self.subTest(dashboard=dashboard.uid,
                                      panel=panel["title"]):
                        check(panel)
        self.assertGreater(checked, 0)

    def test_what_there_is(self):
        self.assertEqual({d.uid for d in self.all}, grafana.UIDS)
        def check(dashboard):
            self.assertEqual(dashboard.path.stem, dashboard.uid)
        self.each(check)
        for key in ("uid", "title"):
            values = [d.json[key] for d in self.all]
            self.assertEqual(len(values), len(set(values)), values)

    def test_schema(self):
        def check(dashboard):
            top = dashboard.json
            self.assertIn("id", top)
            self.assertIsNone(top["id"])
            self.assertRegex(top["uid"], r"^[a-z0-9-]{1,40}$")
            self.assertIsInstance(top["schemaVersion"], int)
            self.assertIsInstance(top["panels"], list)
            # An export for sharing, or the newer schema.
            for key in ("__inputs", "__requires", "__elements", "apiVersion",
                        "kind", "spec", "rows"):
                self.assertNotIn(key, top)
            self.assertEqual(top["time"], {"from": "now-24h", "to": "now"})
            self.assertEqual(top["refresh"], "1m")
            self.assertIn("cx_exporter", top["tags"])
            self.assertTrue(top["description"])
        self.each(check)

    def test_panels_say_what_they_show(self):
        def check(dashboard):
            titles = [p["title"] for p in dashboard.panels]
            self.assertEqual(len(titles), len(set(titles)), titles)
        self.each(check)
        def check_panel(panel):
            self.assertIn(panel["type"], KINDS)
            self.assertTrue(panel["title"].strip())
            self.assertGreaterEqual(len(panel["description"]), 12)
            self.assertRegex(panel["description"], r"\.$")
            if panel["type"] != "alertlist":    # it shows no value
                self.assertTrue(panel["targets"])
                self.assertIn(panel["fieldConfig"]["defaults"]["unit"], UNITS)
        self.each_panel(check_panel)

    def test_thresholds(self):
        count = 0
        for dashboard in self.all:
            for path, value in grafana.values_inside(dashboard.json):
                if path[-1:] == ("steps",):
                    count += 1
                    with self.subTest(dashboard=dashboard.uid, path=path):
                        self.assertIsNone(value[0]["value"])
                        rest = [step["value"] for step in value[1:]]
                        self.assertEqual(rest, sorted(set(rest)))
                        self.assertTrue(all(s["color"] for s in value))
        self.assertGreater(count, 0)
        def check_panel(panel):
            self.assertTrue(
                panel["fieldConfig"]["defaults"]["thresholds"]["steps"])
        self.each_panel(check_panel, *KINDS - {"alertlist"})

    def test_sla_is_shown_with_what_is_to_be_attained(self):
        seen = set()
        def check_panel(panel):
            text = " ".join(t["expr"] for t in panel["targets"])
            for family, objective in OBJECTIVES.items():
                if re.search(rf"\b{family}\b", text) and (
                        panel["title"] not in TREND):
                    self.assertIn(objective, text)
                    seen.add(family)
        self.each_panel(check_panel, *KINDS - {"alertlist"})
        self.assertEqual(seen, OBJECTIVES.keys())

    def test_data_source_is_the_variable_everywhere(self):
        def check(dashboard):
            self.assertEqual(dashboard.variables["datasource"]["type"],
                             "datasource")
            found = [value for path, value in
                     grafana.values_inside(dashboard.json)
                     if path[-1:] == ("datasource",)]
            self.assertGreater(len(found), len(dashboard.panels))
            for value in found:
                self.assertEqual(value, DATASOURCE)
            for panel in dashboard.panels:
                for holder in [panel, *panel.get("targets", ())]:
                    if panel["type"] != "alertlist":
                        self.assertIn("datasource", holder)
        self.each(check)

    def test_panels_do_not_overlap(self):
        def check(dashboard):
            ids = [p["id"] for p in dashboard.all_panels]
            self.assertEqual(len(ids), len(set(ids)))
            places = [(p.get("title"), p["gridPos"])
                      for p in dashboard.all_panels]
            for title, place in places:
                self.assertGreaterEqual(min(place["x"], place["y"]), 0, title)
                self.assertGreater(min(place["w"], place["h"]), 0, title)
                self.assertLessEqual(place["x"] + place["w"], 24, title)
            for (one, a), (other, b) in itertools.combinations(places, 2):
                apart = (a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
                         or a["y"] + a["h"] <= b["y"]
                         or b["y"] + b["h"] <= a["y"])
                self.assertTrue(apart, f"{one} and {other}")
        self.each(check)

    def test_lines_of_panels_are_full_and_even(self):
        def check(dashboard):
            lines = {}
            for panel in dashboard.all_panels:
                place = panel["gridPos"]
                lines.setdefault(place["y"], []).append(place)
            for line in lines.values():
                self.assertEqual(sum(place["w"] for place in line), 24)
                self.assertEqual(len({place["h"] for place in line}), 1)
        self.each(check)

    def test_rows(self):
        def check(dashboard):
            kinds = [p["type"] for p in dashboard.all_panels]
            self.assertEqual(kinds[0], "row")
            self.assertGreater(kinds.count("row"), 1)
            for panel in dashboard.all_panels:
                if panel["type"] == "row":
                    self.assertFalse(panel["collapsed"])
                    self.assertEqual(panel["panels"], [])
        self.each(check)

    def test_lines_do_not_cross_gaps(self):
        def check_panel(panel):
            custom = panel["fieldConfig"]["defaults"]["custom"]
            self.assertIs(custom["spanNulls"], False)
            legend = panel["options"]["legend"]
            self.assertTrue(legend["showLegend"])
            self.assertLessEqual(set(legend.get("calcs", ())), CALCS)
            for target in panel["targets"]:
                self.assertTrue(
                    target["legendFormat"] or len(panel["targets"]) == 1)
        self.each_panel(check_panel, "timeseries", "state-timeline")

    def test_variables(self):
        def check(dashboard):
            names = list(dashboard.variables)
            self.assertEqual(names[:4],
                             ["datasource", "job", "instance", "target"])
            used = grafana.references(" ".join(
                target["expr"] for _, target in dashboard.queries()))
            self.assertEqual(set(names) - used, {"datasource"}, "not used")
            self.assertEqual(used - set(names) - grafana.BUILTIN, set(),
                             "not defined")
            for place, variable in enumerate(dashboard.variables.values()):
                self.assertTrue(variable["label"])
                self.assertTrue(variable["description"])
                if variable["type"] == "query":
                    self.assertEqual(variable["definition"],
                                     variable["query"]["query"])
                    self.assertLessEqual(
                        grafana.references(variable["definition"]),
                        set(names[:place]), "a variable that comes later")
        self.each(check)

    def test_every_selector_is_narrowed_down(self):
        """By job and instance: several sites may share a Prometheus."""
        for dashboard in self.all:
            for panel, target in dashboard.queries():
                with self.subTest(dashboard=dashboard.uid,
                                  panel=panel["title"]):
                    expr = target["expr"]
                    self.assertEqual(bare(expr), set(), "without matchers")
                    found = SELECTOR.findall(expr)
                    self.assertTrue(found, expr)
                    for name, matchers in found:
                        missing = "|" if name in ALERTS else ""
                        for label in ("job", "instance"):
                            self.assertIn(f'{label}=~"${label}{missing}"',
                                          matchers, name)

    def test_vendors_selectors_have_every_variable(self):
        """A panel that ignores a variable shows what was not asked for."""
        count = 0
        for dashboard in self.all:
            chosen = [name for name, variable in dashboard.variables.items()
                      if variable["type"] == "query" and variable["multi"]]
            for panel, target in dashboard.queries():
                for name, matchers in SELECTOR.findall(target["expr"]):
                    if not VENDOR.match(name) and name:
                        continue
                    count += 1
                    with self.subTest(dashboard=dashboard.uid, family=name,
                                      panel=panel["title"]):
                        for variable in chosen:
                            self.assertIn(f'{variable}=~"${variable}"',
                                          matchers)
        self.assertGreater(count, 0)

    def test_what_is_now_is_asked_for_now(self):
        """Over a range, what is gone would show its last value as now's."""
        def check(panel):
            for target in panel["targets"]:
                self.assertIs(target["instant"], True)
                self.assertIs(target["range"], False)
        self.each_panel(check, "stat", "table")

    def test_windows(self):
        """What Grafana computes, or long enough for any scrape interval."""
        found = set()
        for dashboard in self.all:
            for panel, target in dashboard.queries():
                for function, window in RANGE.findall(target["expr"]):
                    found.add(window)
                    with self.subTest(dashboard=dashboard.uid,
                                      panel=panel["title"]):
                        self.assertIn(window, {"$__rate_interval"} if
                                      function == "rate" else
                                      {"$__rate_interval", "$__range", "1h"})
        self.assertIn("$__rate_interval", found)

    def test_links(self):
        count = 0
        for dashboard in self.all:
            self.assertEqual(
                [(link["type"], link["tags"], link["keepTime"],
                  link["includeVars"]) for link in dashboard.json["links"]],
                [("dashboards", ["cx_exporter"], True, True)])
            for path, value in grafana.values_inside(dashboard.json):
                if path[-1:] != ("url",) or not value:
                    continue
                count += 1
                with self.subTest(dashboard=dashboard.uid, url=value):
                    self.check_link(dashboard, value)
        self.assertGreater(count, 0)

    def check_link(self, dashboard, url):
        match = LINK.fullmatch(url)
        self.assertTrue(match, "not a link to a dashboard")
        self.assertIn(match[1], self.by_uid, "no such dashboard")
        there = self.by_uid[match[1]].variables
        for part in (match[2] or "").split("&"):
            name, _, value = part.partition("=")
            own = re.fullmatch(r"\$\{(\w+):queryparam\}", part)
            if own:
                self.assertIn(own[1], dashboard.variables)
                self.assertIn(own[1], there)
            elif part != "${__url_time_range}":
                self.assertTrue(name.startswith("var-"), part)
                self.assertIn(name[4:], there)
                self.assertRegex(
                    value, r"^\$\{__(data\.fields|field\.labels)\.\w+\}$")

    def test_files_are_what_the_generator_writes(self):
        done = subprocess.run(
            [sys.executable, str(grafana.FOLDER / "build.py"), "--check"],
            capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
