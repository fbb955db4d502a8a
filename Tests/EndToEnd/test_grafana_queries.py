"""Every query of every dashboard and alert against a real Prometheus that
scrapes the demo: none may fail, and none may find nothing."""

import math
import re
import time
import unittest

from harness import grafana, history, waiting
from harness.agent import OPENMETRICS, Agent
from harness.prometheus import Prometheus
from harness.shift import ShiftedClock, build

JOB = "cx"
PROBES = "cx-targets"
SCRAPE = 1                # seconds
VENDORS = ("experia", "samespace", "rocketchat", "kore")
# Before the vendors' days have had traffic, averages are rightly missing.
QUIET = ((20 * 3600 + 3000, 86400), (0, 4 * 3600))
MORNING = 8 * 3600
# An alert that fires, so that what lists alerts has one to list.
WATCHDOG = """\
groups:
  - name: watchdog
    rules:
      - alert: CXWatchdog
        expr: max by (job, instance, target, sla) (experia_sla_compliance_ratio) >= 0
        labels: {severity: info}
"""
# Served only with --storage.path, which the demo has not.
CONDITIONAL = {"cx_exporter_storage_errors_total"}
FAMILY = re.compile(r"\b(?:up|(?:cx|cx_exporter|experia|samespace|rocketchat|"
                    r"kore)[_:][a-z\d_:]+)\b")
ABSENT = re.compile(r"\babsent(_over_time)?\(")
COMPARISON = re.compile(r"(?<![=!<>~])(==|!=|<=|>=|<|>)(?![=~])(?! bool)")
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
FIELD = re.compile(r"\$\{__field\.labels\.(\w+)\}")


def morning():
    """Seconds to set the demo's clock on by: 0 where the days have traffic."""
    at = time.time() % 86400
    quiet = any(start <= at < end for start, end in QUIET)
    return math.ceil((MORNING - at) % 86400) if quiet else 0


def legend(text, labels):
    """A series' name as Grafana makes it; no text leaves all labels."""
    if not text:
        return str(sorted(labels.items()))
    return PLACEHOLDER.sub(lambda match: labels.get(match[1], ""), text)


def without_limits(expr):
    """The expression with comparisons that say 0 or 1 and leave nothing out.

    What was recorded about a week ago is not in the database: it is now's.
    """
    expr = COMPARISON.sub(r"\1 bool", expr)
    expr = re.sub(r"\bunless\b", "and", expr)
    return re.sub(r"\boffset (1w|16[789]h)\b", "", expr)


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
        cls.ahead = morning()
        if not cls.ahead:
            return
        library = build()
        if not library:
            raise unittest.SkipTest("no C compiler, and the vendors' days "
                                    "have just begun")
        clock = ShiftedClock(f"{cls.agent.folder}/clock", library)
        clock.set(cls.ahead)
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
                           *map(str, grafana.rule_files())],
            "scrape_configs": [
                {"job_name": JOB,
                 "static_configs": [{"targets": [cls.address()]}]},
                # The same series twice: whatever joins them must cope.
                {"job_name": PROBES,
                 "metrics_path": "/probe",
                 "http_sd_configs": [{"url": f"http://{cls.address()}/sd"}],
                 "relabel_configs": [{"source_labels": ["__param_target"],
                                      "target_label": "instance"}]}]}

    @classmethod
    def write_files(cls):
        folder = cls.prometheus.folder
        with open(f"{folder}/watchdog.yml", "w", encoding="utf-8") as file:
            file.write(WATCHDOG)
        text = cls.agent.get("/metrics", Accept=OPENMETRICS).text
        site = {"job": JOB, "instance": cls.address()}
        history.write(folder, text, site, history.week_ago())
        history.write(folder, history.closing_figures(cls.agent.scrape()),
                      site, history.days_ago())

    @classmethod
    def wait(cls):
        """Until every target was polled and scraped often enough for a rate,
        and the rules have been evaluated."""
        requests = "cx_exporter_vendor_request_duration_seconds_count"
        waiting.until(
            lambda: len(cls.prometheus.query(f"rate({requests}[1m]) > 0"))
            == 2 * len(VENDORS), 60, "a rate of each vendor's requests", 0.5)
        waiting.until(
            lambda: all(cls.is_there(name) for name in cls.records()), 60,
            "every recording rule", 0.5)
        waiting.until(lambda: cls.prometheus.alerts(alertname="CXWatchdog"), 20,
                      "an alert that fires", 0.5)

    @classmethod
    def records(cls):
        """The recorded series that dashboards and alerts look at."""
        recorded = {rule["record"] for group in grafana.prometheus_groups()
                    for rule in group["rules"] if "record" in rule}
        texts = [target["expr"] for dashboard in grafana.dashboards()
                 for _, target in dashboard.queries()]
        texts += [grafana.alert_expression(rule) for rule in cls.alerts()]
        return recorded & set(FAMILY.findall(" ".join(texts)))

    @classmethod
    def is_there(cls, family):
        """Whether there is a sample, of a day's end if it is one a day."""
        window = "[2d]" if family.endswith(":closing") else "[1m]"
        return cls.prometheus.query(
            f'last_over_time({{__name__="{family}"}}{window})')

    @classmethod
    def alerts(cls):
        """Grafana's rules."""
        return [rule for group in grafana.provisioned("alerting")["groups"]
                for rule in group["rules"]]

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
        # Again for a while: on a busy machine a scrape may have been late.
        found = waiting.until(lambda: self.results(target, expr), 5,
                              f"an answer to {expr}", 0.5)
        values = [value for _, series in found for value in series]
        self.assertTrue(any(map(math.isfinite, values)),
                        f"no number: {expr}")
        labels = set().union(*(metric for metric, _ in found))
        wanted = set(PLACEHOLDER.findall(target.get("legendFormat", "")))
        wanted |= set(FIELD.findall(str(panel)))
        if target.get("format") == "table":
            wanted |= self.columns(panel)
        self.assertEqual(wanted - labels, set(), f"no such label: {expr}")
        if target.get("format") != "table":
            names = [legend(target["legendFormat"], metric)
                     for metric, _ in found]
            self.assertEqual(len(names), len(set(names)),
                             f"a name twice: {sorted(names)}")
            # Else two targets, views, … of a site would look the same. A
            # target's or a budget's name implies the vendor.
            self.assertLessEqual(labels - {"vendor"}, wanted,
                                 "labels that the name leaves out")
        ratio = panel["fieldConfig"]["defaults"]["unit"] == "percentunit"
        # Where the demo's clock is ahead, its data is younger than new.
        if ratio and target.get("format") != "table" and not self.ahead:
            self.assertTrue(all(-1 <= v <= 10 for v in values
                                if math.isfinite(v)), f"no ratio: {values}")

    @staticmethod
    def columns(panel):
        """The labels that a table has as columns."""
        [organize] = [t for t in panel["transformations"]
                      if t["id"] == "organize"]
        return {name for name in organize["options"]["renameByName"]
                if not name.startswith("Value")}

    def test_one_value_narrows_everything_down(self):
        """Every series is of the target, view, … that was chosen."""
        for dashboard in grafana.dashboards():
            chosen = grafana.Interpolation(self.prometheus, dashboard,
                                           SCRAPE, one=True)
            only = {name: found[0] for name, found in chosen.options.items()}
            answered = 0
            for panel, target in dashboard.queries():
                with self.subTest(dashboard=dashboard.uid,
                                  panel=panel["title"],
                                  query=target["refId"]):
                    found = self.results(target,
                                         chosen.apply(target["expr"]))
                    answered += bool(found)
                    for labels, _ in found:
                        for name in only.keys() & labels.keys():
                            self.assertEqual(labels[name], only[name], name)
            # A target of one vendor leaves the others' panels empty.
            self.assertGreater(answered, 5)

    def test_all_is_every_value(self):
        for dashboard in grafana.dashboards():
            with self.subTest(dashboard=dashboard.uid):
                chosen = grafana.Interpolation(self.prometheus, dashboard,
                                               SCRAPE)
                self.assertEqual(chosen.options["job"], [JOB, PROBES])
                self.assertIn(self.address(), chosen.options["instance"])

    def test_rules_are_evaluated_without_an_error(self):
        rules = [rule for group in self.prometheus.api("rules")["groups"]
                 for rule in group["rules"]]
        self.assertTrue(rules)
        self.assertEqual([(rule["name"], rule.get("lastError"))
                          for rule in rules if rule["health"] != "ok"], [])

    def test_annotations(self):
        for dashboard in grafana.dashboards():
            chosen = grafana.Interpolation(self.prometheus, dashboard, SCRAPE)
            for annotation in dashboard.json["annotations"]["list"]:
                with self.subTest(dashboard=dashboard.uid):
                    self.assertTrue(self.prometheus.query(
                        chosen.apply(annotation["expr"])))

    def test_every_alert_can_be_evaluated(self):
        """An alert's answer is empty while all is well; what it looks at
        is not."""
        looked_at = set()
        for rule in self.alerts():
            with self.subTest(alert=rule["title"]):
                expr = grafana.alert_expression(rule)
                self.prometheus.query(expr)
                families = set(FAMILY.findall(expr))
                self.assertTrue(families)
                looked_at |= families
                for family in families - CONDITIONAL:
                    waiting.until(lambda: self.is_there(family), 5,
                                  f"a sample of {family}", 0.5)
        self.assertLessEqual(CONDITIONAL, looked_at)

    def test_every_alert_has_an_answer_without_its_limits(self):
        """The series on both sides of each operator find each other."""
        left_out = []
        for rule in self.alerts():
            with self.subTest(alert=rule["title"]):
                expr = grafana.alert_expression(rule)
                if ABSENT.search(expr) or CONDITIONAL & set(
                        FAMILY.findall(expr)):
                    left_out.append(rule["title"])
                    continue
                always = without_limits(expr)
                waiting.until(lambda: self.prometheus.query(always), 5,
                              f"an answer to {always}", 0.5)
        self.assertLess(len(left_out), 3, left_out)
