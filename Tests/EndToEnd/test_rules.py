"""The Prometheus rules by themselves: promtool, the runbook, the README."""

import concurrent.futures
import os
import re
import unittest

import yaml

from harness import dashboards, rule_order, tools

README = dashboards.ROOT / "README.md"
RUNBOOK_URL = "https://example.com/cx_exporter/dashboards/RUNBOOK.md#"
SECONDS = {"s": 1, "m": 60, "h": 3600}
DEFAULT_POLL = 60
# promtool takes a file's groups in random order.
RUNS = 20


def seconds(text):
    number, unit = re.fullmatch(r"(\d+)([smh])", text).groups()
    return int(number) * SECONDS[unit]


class Rules(unittest.TestCase):

    def test_promtool_has_nothing_to_say(self):
        for path in dashboards.RULES:
            with self.subTest(file=path.name):
                status, text = tools.promtool(
                    "check", "rules", "--lint=all", "--lint-fatal", path)
                self.assertEqual(status, 0, text)
                self.assertNotIn("FAILED", text)

    def test_promtools_unit_tests(self):
        self.assertEqual([p.name for p in dashboards.RULE_TESTS],
                         [p.name for p in dashboards.RULES])
        # One thread a process, and memory for time: there are many of them.
        env = {**os.environ, "GOMAXPROCS": "1", "GOGC": "400"}
        tools.tool("promtool")
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            runs = [(path, pool.submit(tools.promtool, "test", "rules", path,
                                       env=env))
                    for path in dashboards.RULE_TESTS for _ in range(RUNS)]
            for path, run in runs:
                with self.subTest(file=path.name):
                    status, text = run.result()
                    self.assertEqual(status, 0, text)

    def test_every_alert_fires_does_not_yet_and_is_suppressed_in_a_test(self):
        """By the names of the cases, and by what they then expect."""
        cases = []
        for path in dashboards.RULE_TESTS:
            for case in yaml.safe_load(path.read_text("utf-8"))["tests"]:
                cases.append((case["name"], [
                    (rule["alertname"], {alert["exp_labels"]["severity"]
                                         for alert in rule["exp_alerts"]})
                    for rule in case.get("alert_rule_test", ())]))
        for rule in dashboards.alerts():
            severity = rule["labels"]["severity"]
            mine = [(name.partition(":")[0], expected)
                    for name, expected in cases
                    if name.startswith(rule["alert"] + " ")
                    and severity in name.partition(":")[0].split()]
            for word, fires in (("fires", True), ("not yet", False),
                                ("suppressed", False)):
                with self.subTest(alert=rule["alert"], severity=severity,
                                  case=word):
                    self.assertTrue([
                        name for name, expected in mine
                        if re.search(rf"\b{word}\b", name)
                        and any(alert == rule["alert"]
                                and (severity in severities) == fires
                                for alert, severities in expected)])

    def test_the_craft(self):
        for rule in dashboards.alerts():
            with self.subTest(alert=rule["alert"], **rule["labels"]):
                self.assertGreaterEqual(seconds(rule["for"]),
                                        2 * DEFAULT_POLL)
                self.assertIn(rule["labels"]["severity"],
                              ("warning", "critical"))
                notes = rule["annotations"]
                self.assertEqual(set(notes),
                                 {"summary", "description", "runbook_url"})
                self.assertNotIn("{{", notes["summary"])
                if rule["alert"] != "CXAgentAbsent":  # it has no labels
                    self.assertIn("{{ $labels.", notes["description"])
                self.assertEqual(notes["runbook_url"],
                                 RUNBOOK_URL + rule["alert"].lower())

    def test_alerts_of_a_name_and_severity_are_one(self):
        both = [(r["alert"], r["labels"]["severity"])
                for r in dashboards.alerts()]
        self.assertEqual(sorted(both), sorted(set(both)))

    def test_the_runbook_has_a_section_for_each_alert_and_no_other(self):
        text = dashboards.RUNBOOK.read_text("utf-8")
        sections = re.split(r"^### (\w+)$", text, flags=re.MULTILINE)[1:]
        told = dict(zip(sections[::2], sections[1::2]))
        self.assertEqual(set(told), {r["alert"] for r in dashboards.alerts()})
        for alert, section in told.items():
            with self.subTest(alert=alert):
                for heading in ("**Means**", "**Look**", "**Do**"):
                    self.assertIn(heading, section)

    def test_every_family_of_a_rule_is_in_the_readme(self):
        """Whose tables `test_readme` holds against what is served."""
        told = set(re.findall(r"`([a-z_]+)[`{]", README.read_text("utf-8")))
        for rule in dashboards.rules():
            name = rule.get("alert") or rule["record"]
            used = set(re.findall(
                r"\b(?:experia|samespace|rocketchat|kore|cx_exporter)_[a-z_]+",
                rule["expr"]))
            with self.subTest(rule=name):
                self.assertEqual(used - told, set())

    def test_every_record_that_is_used_is_recorded(self):
        recorded = {r["record"] for r in dashboards.rules() if "record" in r}
        used = {name for r in dashboards.rules()
                for name in re.findall(r"\b[a-z_]+:\w+:\w+", r["expr"])}
        self.assertEqual(used - recorded, set())

    def test_the_readmes_table(self):
        text = README.read_text("utf-8")
        section = re.search(r"^## Alerts$(.*?)^## ", text,
                            re.MULTILINE | re.DOTALL)[1]
        rows = re.findall(
            r"^\| \[(\w+)\]\((\S+)\) \| (\w+) \| (\w+) \| (.*) \|$",
            section, re.MULTILINE)
        expected = [
            (r["alert"], f"dashboards/RUNBOOK.md#{r['alert'].lower()}",
             r["labels"]["severity"], r["for"], r["annotations"]["summary"])
            for r in dashboards.alerts()]
        self.assertEqual(sorted(rows), sorted(expected))


class Order(unittest.TestCase):
    """No rule depends on when another is evaluated: `harness/rule_order`."""

    def test_the_rules(self):
        groups = dashboards.groups()
        self.assertEqual(len({g["name"] for g in groups}), len(groups))
        self.assertEqual(rule_order.problems(groups), [])

    # What the third rule of group b reads; the first and second of b record
    # b:1 and b:2, the fourth b:4, group a records a:1.
    ALLOWED = [
        "b:1", "sum(b:1{x=\"a:1\"}) / b:2", "last_over_time(b:2[1d])",
        "last_over_time(b:2[1d] offset 1s)", "b:1 offset 1h",
        "raw_total offset 1s", "sum by (job) (rate(raw_total[5m]))",
        "a:1 offset 1w >= 5", "max_over_time(a:1{x=\"}\"}[1h] offset 1d12h)",
        "label_replace(raw_total, \"x\", \"b:4\", \"\", \"\") # not a:1",
        "a:1_total", "other:a:1"]
    REFUSED = [
        ("a:1", "a:1"), ("raw_total + a:1", "a:1"), ("b:4", "b:4"),
        ("b:3", "b:3"), ("b:4 offset 1w", "b:4"), ("b:3[1d]", "b:3"),
        ("last_over_time(a:1[30d])", "a:1"), ("a:1{x=\"y\"}", "a:1"),
        ("a:1 offset 1m", "a:1"), ("a:1 offset 59m59s", "a:1"),
        ("a:1 offset -1w", "a:1"), ("a:1 @ 1000", "a:1"),
        ("a:1 offset 1w @ end()", "a:1"), ("b:1 offset -5m", "b:1"),
        ("sum_over_time(a:1[1w:1d])", "a:1"),
        ("sum_over_time((a:1 > 0)[1w:1d] offset 1d)", "a:1"),
        ("a:1 offset 1w and a:1", "a:1"), ("{__name__=~\"a:.*\"}", "__name__"),
        ("ALERTS{alertname=\"x\"}", "ALERTS"),
        ("x # a comment\n + a:1", "a:1")]

    def found(self, expression):
        def rule(name, expr="raw_total"):
            return {"record": name, "expr": expr}
        return rule_order.problems([
            {"name": "a", "rules": [rule("a:1")]},
            {"name": "b", "rules": [rule("b:1"), rule("b:2"),
                                    rule("b:3", expression), rule("b:4")]}])

    def test_what_is_allowed(self):
        for expression in self.ALLOWED:
            with self.subTest(expression):
                self.assertEqual(self.found(expression), [])

    def test_what_is_refused(self):
        for expression, name in self.REFUSED:
            with self.subTest(expression):
                [problem] = self.found(expression)
                self.assertTrue(problem.startswith(f"b: b:3 reads {name}, "),
                                problem)


class Alertmanager(unittest.TestCase):

    # What fires, and who is told.
    ROUTES = [
        ({"alertname": "CXDataStale", "severity": "critical",
          "target": "voice"}, "voice-pager"),
        ({"alertname": "CXDataStale", "severity": "critical",
          "target": "support"}, "pager"),
        ({"alertname": "CXAgentDown", "severity": "critical"}, "pager"),
        ({"alertname": "CXEngagementDrop", "severity": "warning",
          "target": "bot-eu"}, "bot-team"),
        ({"alertname": "CXCSATLow", "severity": "warning",
          "target": "support"}, "tickets"),
        ({"alertname": "CXTargetFailing", "severity": "warning",
          "target": "voice"}, "tickets"),
        ({"alertname": "Another", "severity": "critical",
          "target": "voice"}, "tickets")]

    def test_amtool_accepts_it(self):
        status, text = tools.amtool("check-config", dashboards.ALERTMANAGER)
        self.assertEqual(status, 0, text)
        self.assertIn("SUCCESS", text)

    def test_routes(self):
        for labels, receiver in self.ROUTES:
            with self.subTest(**labels):
                status, text = tools.amtool(
                    "config", "routes", "test",
                    f"--config.file={dashboards.ALERTMANAGER}",
                    f"--verify.receivers={receiver}",
                    *(f"{name}={value}" for name, value in labels.items()))
                self.assertEqual(status, 0, text)

    def test_no_alert_is_named_that_is_not_there(self):
        text = dashboards.ALERTMANAGER.read_text("utf-8")
        names = {r["alert"] for r in dashboards.alerts()}
        for pattern in set(re.findall(r'alertname=~?"([^"]+)"', text)):
            with self.subTest(pattern=pattern):
                self.assertTrue([n for n in names
                                 if re.fullmatch(pattern, n)])


class Hurried(unittest.TestCase):
    """The substitution that makes minutes seconds for `test_alerts`."""

    def test_what_changes(self):
        for text, expected in (
                ("x[5m]) > y[1h]", "x[5000ms]) > y[60000ms]"),
                ("        for: 15m\n", "        for: 15000ms\n"),
                ("  group_wait: 30s\n", "  group_wait: 500ms\n"),
                ("x[1w] y[30d] offset 1w", "x[1w] y[30d] offset 1w"),
                ("> 20\n  < 86280\n", "> 20\n  < 86280\n"),
                ("cx:traffic:increase1h == 0", "cx:traffic:increase1h == 0")):
            with self.subTest(text=text):
                self.assertEqual(dashboards.hurried(text), expected)


if __name__ == "__main__":
    unittest.main()
