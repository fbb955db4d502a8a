"""From a vendor's figures to a pager: Prometheus, Alertmanager, a webhook.

The rules and Alertmanager's example are the repository's own, with a second
for every minute (see `harness/dashboards.py`).
"""

import json
import time

import vendors
from harness import dashboards, waiting
from harness.agent import Agent
from harness.case import EndToEndCase
from harness.prometheus import Alertmanager, Prometheus
from harness.webhook import Webhook
from vendors import faults

GOOD = {"response": 98, "waiting": 98, "service": 98}
BAD = {**GOOD, "response": 70}
SLA = {name: {"threshold": "30s", "objective": 0.9} for name in GOOD}
BREACH = {"alertname": "CXExperiaSLABreach", "target": "support",
          "sla": "response"}
STALE = {"alertname": "CXDataStale", "target": "support"}


class AlertCase(EndToEndCase):

    def alertmanager(self):
        self.webhook = Webhook()
        self.addCleanup(self.webhook.close)
        alertmanager = Alertmanager(
            dashboards.hurried_alertmanager(self.webhook.url))
        self.addCleanup(alertmanager.close)
        return alertmanager.start()

    def told(self, what, seconds=40, **like):
        """Wait for a notification of such an alert."""
        return waiting.until(lambda: self.webhook.alerts(**like), seconds,
                             what)


class Demo(AlertCase):
    """Every rule over what all four vendors give."""

    # Needs a day's end, or a week.
    LATER = ("closing", "ratio7d", "ratio30d")

    def test_every_rule_is_evaluated(self):
        agent = Agent(None, command=["demo"])
        self.addCleanup(agent.close)
        agent.start()
        agent.up("support", "voice", "chat", "bot", seconds=60)
        prometheus = Prometheus(None)
        self.addCleanup(prometheus.close)
        prometheus.write({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": dashboards.hurried_rules(prometheus.folder),
            "scrape_configs": [{"job_name": "cx", "static_configs": [
                {"targets": [f"127.0.0.1:{agent.port}"]}]}]})
        prometheus.start()
        records = {rule["record"] for rule in dashboards.rules()
                   if "record" in rule
                   and not rule["record"].endswith(self.LATER)}
        # Near midnight, in the zone of Experia or of Rocket.Chat, these pause.
        if not all(120 < (time.time() + hours * 3600) % 86400 < 86200
                   for hours in (0, 3)):
            records -= {r for r in records if r.endswith(":today")}
        waiting.until(lambda: all(prometheus.query(name) for name in records),
                      40, f"a sample of each of {sorted(records)}")
        groups = prometheus.api("rules")["groups"]
        found = [rule for group in groups for rule in group["rules"]]
        self.assertEqual(len(found), len(dashboards.rules()))
        for rule in found:
            with self.subTest(rule=rule["name"]):
                self.assertEqual((rule["health"], rule.get("lastError", "")),
                                 ("ok", ""))
        # A demo that is well tells of no trouble of the agent.
        agents = {rule["name"] for group in groups for rule in group["rules"]
                  if group["name"] == "cx_exporter_agent"}
        waiting.until(
            lambda: not agents.intersection(
                a["alertname"] for a in prometheus.alerts("firing")), 20,
            "an end of what fires about the agent")


class FromTheVendorToThePager(AlertCase):

    def setUp(self):
        self.vendor = self.server(vendors.ExperiaServer)
        self.vendor.set(sla=GOOD)
        self.agent = Agent([self.vendor.target(
            "support", sla=SLA, stale_after="4s")])
        self.addCleanup(self.agent.close)
        self.agent.start()
        self.manager = self.alertmanager()
        self.prometheus = Prometheus(None)
        self.addCleanup(self.prometheus.close)
        self.prometheus.write({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": dashboards.hurried_rules(self.prometheus.folder),
            "alerting": {"alertmanagers": [{"static_configs": [
                {"targets": [f"127.0.0.1:{self.manager.port}"]}]}]},
            "scrape_configs": [{"job_name": "cx", "static_configs": [
                {"targets": [f"127.0.0.1:{self.agent.port}"]}]}]})
        self.prometheus.start()

    def firing(self, **labels):
        return self.prometheus.alerts("firing", **labels)

    def until(self, condition, what, seconds=40):
        return waiting.until(condition, seconds, what)

    def test_breach_outage_and_recovery(self):
        self.until(lambda: len(self.prometheus.query(
            "experia:sla_compliance_ratio:held == 0.98")) == 3,
            "three service levels that are kept")
        # Before its first scrape Prometheus knows of no agent.
        self.until(lambda: not self.firing(), "an end of what fires")

        # The vendor's figures break the objective.
        self.vendor.set(sla=BAD)
        [alert] = self.told("the page", receiver="pager", status="firing",
                            **BREACH)[:1]
        self.assertEqual(alert["labels"]["severity"], "critical")
        self.assertIn("70% of today's sessions of support",
                      alert["annotations"]["description"])
        self.assertTrue(self.firing(severity="warning", **BREACH))

        # The vendor fails: the last figures are old, nobody may judge by them.
        self.vendor.fault = faults.status(500, "{}")
        self.told("the page that the data is stale", receiver="pager",
                  status="firing", **STALE)
        self.until(lambda: not self.firing(alertname=BREACH["alertname"]),
                   "the end of the service level's alert")
        waiting.throughout(
            lambda: not self.firing(alertname=BREACH["alertname"])
            and self.firing(**STALE), 3, "the alert of stale data alone")
        self.told("the page's end", receiver="pager", status="resolved",
                  **BREACH)

        # It answers again, and well.
        self.vendor.set(sla=GOOD)
        self.vendor.fault = None
        self.told("the end of the stale data", receiver="pager",
                  status="resolved", **STALE)
        self.until(lambda: not self.firing(target="support"),
                   "the end of every alert")
        # A critical breach is told once, not as a warning besides.
        self.assertEqual(
            self.webhook.alerts(status="firing", severity="warning",
                                **BREACH), [])

    def test_a_dead_agent_is_told_of(self):
        self.until(lambda: self.prometheus.query("up == 1"), "a scrape")
        self.agent.stop()
        self.told("the page", receiver="pager", status="firing",
                  alertname="CXAgentDown", job="cx")


class Inhibition(AlertCase):
    """What Alertmanager makes of alerts that fire together."""

    FROM = {"job": "cx", "instance": "a:1"}
    # (what fires, what it silences)
    SILENCED = [
        ({"alertname": "CXAgentDown", **FROM},
         {"alertname": "CXDataStale", "target": "chat", **FROM}),
        ({"alertname": "CXAgentDown", "job": "x", "instance": "b:1"},
         {"alertname": "CXAgentAbsent"}),
        ({"alertname": "CXAgentAbsent"},
         {"alertname": "CXTargetFailing", "target": "late", **FROM}),
        ({"alertname": "CXRocketChatSLABreach", "severity": "critical",
          "target": "chat", "sla": "response", "department": "all"},
         {"alertname": "CXRocketChatSLABreach", "severity": "warning",
          "target": "chat", "sla": "response", "department": "all"}),
        ({"alertname": "CXAuthFailing", "target": "bot", "job": "y"},
         {"alertname": "CXTargetFailing", "target": "bot", "job": "y"})]
    HEARD = [
        {"alertname": "CXDataStale", "target": "chat", "job": "cx",
         "instance": "another:1"},
        {"alertname": "CXRocketChatSLABreach", "severity": "warning",
         "target": "chat", "sla": "reaction", "department": "all"},
        {"alertname": "CXTargetFailing", "target": "other", "job": "y"}]

    def setUp(self):
        self.manager = self.alertmanager()

    def states(self, *fire):
        """The state of everything that fires, once these do as well."""
        posted = [{"labels": labels} for labels in fire]
        answer = self.manager.post("/api/v2/alerts", posted)
        self.assertEqual(answer.status, 200, answer.text)

        def settled():
            states = {
                frozenset(alert["labels"].items()): alert["status"]["state"]
                for alert in json.loads(
                    self.manager.get("/api/v2/alerts").text)}
            there = all(frozenset(labels.items()) in states for labels in fire)
            return there and "unprocessed" not in states.values() and states
        return waiting.until(settled, 20, "every alert's state")

    def check(self, states, alerts, expected):
        for labels in alerts:
            with self.subTest(alert=labels):
                self.assertEqual(states[frozenset(labels.items())], expected)

    def test_what_is_silenced(self):
        sources = [source for source, _ in self.SILENCED]
        others = [other for _, other in self.SILENCED]
        # What is a source as well is looked at as one of the others.
        self.check(self.states(*others[:1], *others[3:]),
                   others[:1] + others[3:], "active")
        self.check(self.states(*sources, *others), others, "suppressed")

    def test_what_is_heard(self):
        sources = [source for source, _ in self.SILENCED
                   if source["alertname"] != "CXAgentAbsent"]
        self.check(self.states(*sources, *self.HEARD), self.HEARD, "active")
