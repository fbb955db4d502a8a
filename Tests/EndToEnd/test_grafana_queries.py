"""Every query of every dashboard against a real Prometheus that scrapes the
demo: none may fail, and none may find nothing."""

import math
import re
import time
import unittest

from harness import grafana, history, waiting
from harness.agent import OPENMETRICS, Agent
from harness.prometheus import Prometheus
from harness.shift import ShiftedClock, build

JOB = "cx"
SCRAPE = 1                # seconds
VENDORS = ("experia", "samespace", "rocketchat", "kore")
RULES = grafana.ROOT / "dashboards" / "prometheus"
# Before the vendors' days have had traffic, averages are rightly missing.
QUIET = ((20 * 3600 + 3000, 86400), (0, 4 * 3600))
MORNING = 8 * 3600
# An alert that fires, so that what lists alerts has one to list.
WATCHDOG = """\
groups:
  - name: watchdog
    rules:
      - alert: Watchdog
        expr: max by (job, instance, target, sla) (experia_sla_compliance_ratio) >= 0
        labels: {severity: info}
"""
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
FIELD = re.compile(r"\$\{__field\.labels\.(\w+)\}")


def morning():
    """Seconds to set the demo's clock on by: 0 where the days have traffic."""
    at = time.time() % 86400
    quiet = any(start <= at < end for start, end in QUIET)
    return math.ceil((MORNING - at) % 86400) if quiet else 0


class Queries(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.agent = Agent(None, command=["demo"])
        cls.addClassCleanup(cls.agent.close)
        cls.set_clock()
        cls.agent.start()
        scrape = cls.agent.scrape_when(
            lambda s: len([x for x in s.samples("cx_exporter_target_up")
                           if x.value == 1]) == len(VENDORS), 60,
            "all four vendors up")
        assert {x.labels["vendor"] for x in
                scrape.samples("cx_exporter_target_up")} == set(VENDORS)
        cls.prometheus = Prometheus(
            cls.configuration(), "--storage.tsdb.retention.time=60d")
        cls.addClassCleanup(cls.prometheus.close)
        cls.write_files()
        cls.prometheus.start()
        cls.wait()

    @classmethod
    def set_clock(cls):
        ahead = morning()
        if not ahead:
            return
        library = build()
        if not library:
            raise unittest.SkipTest("no C compiler, and the vendors' days "
                                    "have just begun")
        clock = ShiftedClock(f"{cls.agent.folder}/clock", library)
        clock.set(ahead)
        cls.agent.env.update(clock.environment)

    @classmethod
    def address(cls):
        return f"127.0.0.1:{cls.agent.port}"

    @classmethod
    def configuration(cls):
        return {
            "global": {"scrape_interval": f"{SCRAPE}s",
                       "scrape_timeout": f"{SCRAPE}s",
                       "evaluation_interval": f"{SCRAPE}s"},
            "rule_files": ["watchdog.yml",
                           *map(str, sorted(RULES.glob("*.rules.yml")))],
            "scrape_configs": [{
                "job_name": JOB,
                "static_configs": [{"targets": [cls.address()]}]}]}

    @classmethod
    def write_files(cls):
        folder = cls.prometheus.folder
        with open(f"{folder}/watchdog.yml", "w", encoding="utf-8") as file:
            file.write(WATCHDOG)
        text = cls.agent.get("/metrics", Accept=OPENMETRICS).text
        history.write(folder, text, {"job": JOB, "instance": cls.address()},
                      history.week_ago())

    @classmethod
    def wait(cls):
        """Until every target was polled and scraped often enough for a rate,
        and the rules have been evaluated."""
        requests = "cx_exporter_vendor_request_duration_seconds_count"
        waiting.until(
            lambda: len(cls.prometheus.query(f"rate({requests}[1m]) > 0"))
            == len(VENDORS), 60, "a rate of each vendor's requests", 0.5)
        waiting.until(lambda: cls.prometheus.alerts(alertname="Watchdog"), 20,
                      "an alert that fires", 0.5)

    def results(self, target, expr):
        """The series of an answer: (labels, values)."""
        now = time.time()
        if target["instant"]:
            data = self.prometheus.api("query", query=expr, time=now)
        else:
            data = self.prometheus.api("query_range", query=expr, step=5,
                                       start=now - 20, end=now)
        return [(series["metric"], [float(v) for _, v in series.get(
            "values", [series.get("value")])]) for series in data["result"]]

    def test_every_query_has_an_answer(self):
        count = 0
        for dashboard in grafana.dashboards():
            with self.subTest(dashboard=dashboard.uid):
                chosen = grafana.Interpolation(self.prometheus, dashboard,
                                               SCRAPE)
                for panel, target in dashboard.queries():
                    count += 1
                    with self.subTest(panel=panel["title"],
                                      query=target["refId"]):
                        self.check(chosen, panel, target)
        self.assertGreater(count, 0)

    def check(self, chosen, panel, target):
        step = grafana.seconds(target.get("interval", "1m"))
        expr = chosen.apply(target["expr"], step)
        found = self.results(target, expr)
        self.assertTrue(found, f"no answer: {expr}")
        values = [value for _, series in found for value in series]
        self.assertTrue(any(map(math.isfinite, values)),
                        f"no number: {expr}")
        labels = set().union(*(metric for metric, _ in found))
        wanted = set(PLACEHOLDER.findall(target.get("legendFormat", "")))
        wanted |= set(FIELD.findall(str(panel)))
        if target.get("format") == "table":
            wanted |= self.columns(panel)
        self.assertEqual(wanted - labels, set(), f"no such label: {expr}")
        if panel["fieldConfig"]["defaults"]["unit"] == "percentunit" and (
                target.get("format") != "table"):
            self.assertTrue(all(-1 <= v <= 10 for v in values
                                if math.isfinite(v)), f"no ratio: {values}")

    @staticmethod
    def columns(panel):
        """The labels that a table has as columns."""
        [organize] = [t for t in panel["transformations"]
                      if t["id"] == "organize"]
        return {name for name in organize["options"]["renameByName"]
                if not name.startswith("Value")}

    def test_all_is_every_value(self):
        for dashboard in grafana.dashboards():
            with self.subTest(dashboard=dashboard.uid):
                chosen = grafana.Interpolation(self.prometheus, dashboard,
                                               SCRAPE)
                self.assertEqual(chosen.options["job"], [JOB])
                self.assertEqual(chosen.options["instance"],
                                 [self.address()])

    def test_annotations(self):
        for dashboard in grafana.dashboards():
            chosen = grafana.Interpolation(self.prometheus, dashboard, SCRAPE)
            for annotation in dashboard.json["annotations"]["list"]:
                with self.subTest(dashboard=dashboard.uid):
                    self.assertTrue(self.prometheus.query(
                        chosen.apply(annotation["expr"])))
