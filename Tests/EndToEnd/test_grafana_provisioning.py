"""Grafana's provisioning files: alerts, data source, dashboards; and whether
the README puts them where they belong."""

import pathlib
import re
import subprocess
import tempfile
import unittest

from harness import grafana
from harness.agent import ROOT


class Alerts(unittest.TestCase):
    """The Grafana-managed alerts are those of Prometheus' rules."""

    @classmethod
    def setUpClass(cls):
        cls.groups = grafana.provisioned("alerting")["groups"]
        cls.rules = [(group, rule) for group in cls.groups
                     for rule in group["rules"]]

    def test_the_same_alerts_in_the_same_order(self):
        def told(rule):
            return (rule["expr"].strip(), str(rule.get("for", "0s")),
                    rule["labels"], rule["annotations"].keys())
        wanted = [(group["name"], rule["alert"], *told(rule))
                  for group in grafana.prometheus_groups()
                  for rule in group["rules"] if "alert" in rule]
        found = [(group["name"], rule["title"].split(" ")[0],
                  grafana.alert_expression(rule), rule["for"],
                  rule["labels"], rule["annotations"].keys())
                 for group, rule in self.rules]
        self.assertEqual(found, wanted)
        self.assertTrue(found)

    def test_names(self):
        for key in ("uid", "title"):
            values = [rule[key] for _, rule in self.rules]
            self.assertEqual(len(values), len(set(values)), values)
        for _, rule in self.rules:
            with self.subTest(alert=rule["title"]):
                self.assertRegex(rule["uid"], r"^[a-z0-9-]{1,40}$")
                self.assertEqual(rule["title"].split(" ")[1:],
                                 [f"({rule['labels']['severity']})"]
                                 if " " in rule["title"] else [])

    def test_form(self):
        """As Grafana's documents of file provisioning have it."""
        for group in self.groups:
            self.assertEqual((group["orgId"], group["folder"]),
                             (1, "cx_exporter"))
            # The scheduler's base interval is ten seconds.
            self.assertEqual(grafana.seconds(group["interval"]) % 10, 0)
        for _, rule in self.rules:
            with self.subTest(alert=rule["title"]):
                steps = {step["refId"]: step for step in rule["data"]}
                self.assertIn(rule["condition"], steps)
                self.assertEqual(
                    [step["datasourceUid"] for step in rule["data"]],
                    ["cx-prometheus", "__expr__", "__expr__"])
                for ref, step in steps.items():
                    self.assertEqual(step["model"]["refId"], ref)
                    self.assertGreaterEqual(
                        step["relativeTimeRange"]["from"],
                        step["relativeTimeRange"]["to"])
                self.assertTrue(steps["query"]["model"]["instant"])
                self.assertIn("$query", steps["any_value"]["model"][
                    "expression"])
                self.assertEqual(steps["threshold"]["model"]["expression"],
                                 "any_value")
                self.assertEqual((rule["noDataState"], rule["execErrState"]),
                                 ("OK", "Error"))

    def test_templates(self):
        """In Grafana `$value` is a text with everything in it."""
        for _, rule in self.rules:
            with self.subTest(alert=rule["title"]):
                for text in rule["annotations"].values():
                    self.assertNotRegex(text, r"\$value\b")
                    for used in re.findall(r"\$\w+(?:\.\w+)?", text):
                        self.assertRegex(
                            used, r"^\$(labels\.\w+|values\.query)$")
                for value in rule["labels"].values():
                    # Grafana puts environment variables into labels.
                    self.assertNotIn("$", value)


class Provisioning(unittest.TestCase):

    readme = (ROOT / "README.md").read_text("utf-8")

    def test_data_source(self):
        document = grafana.provisioned("datasources")
        self.assertEqual(document["apiVersion"], 1)
        [source] = document["datasources"]
        self.assertEqual((source["type"], source["access"]),
                         ("prometheus", "proxy"))
        # The dashboards choose it by themselves where it is provisioned.
        for dashboard in grafana.dashboards():
            self.assertEqual(dashboard.variables["datasource"]["current"],
                             {"text": source["name"],
                              "value": source["uid"]})

    def test_dashboards(self):
        document = grafana.provisioned("dashboards")
        self.assertEqual(document["apiVersion"], 1)
        [provider] = document["providers"]
        self.assertEqual(provider["type"], "file")
        path = provider["options"]["path"]
        self.assertTrue(path in self.readme, f"{path} is not in the README")

    def test_readme_puts_everything_in_place(self):
        """Its commands, with another folder for Grafana's."""
        [block] = re.findall(r"```sh\n(cd dashboards/grafana\n.*?)```",
                             self.readme, re.DOTALL)
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                ["sh", "-euc", block.replace("/etc/grafana", folder)],
                cwd=ROOT, check=True, timeout=60)
            placed = {str(path.relative_to(folder)) for path in
                      pathlib.Path(folder).rglob("*") if path.is_file()}
        self.assertEqual(placed, {
            "provisioning/dashboards/cx_exporter.yaml",
            "provisioning/datasources/cx_exporter.yaml",
            *(f"dashboards/cx_exporter/{uid}.json" for uid in grafana.UIDS)})

    def test_readme_mounts_what_there_is(self):
        mounts = re.findall(r'-v "\$PWD/([^:"]+):(/etc/grafana/[^:"]+):ro"',
                            self.readme)
        self.assertEqual(len(mounts), 3)
        for source, target in mounts:
            self.assertTrue((ROOT / source).is_dir(), source)
            name = pathlib.PurePath(source).name
            self.assertTrue(name in target, f"{source} at {target}")

    def test_readme_lists_the_dashboards(self):
        rows = re.findall(r"^\| `(cx-[a-z]+)` \| ([^|]+) \|", self.readme,
                          re.M)
        self.assertEqual(
            sorted(rows),
            sorted((d.uid, d.json["title"]) for d in grafana.dashboards()))
