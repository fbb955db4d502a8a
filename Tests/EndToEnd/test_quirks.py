"""What Samespace and Experia really do, beside their documents."""

import vendors
from harness import waiting
from harness.agent import Agent
from harness.case import EndToEndCase
from vendors import faults, samespace
from vendors.base import Answer


class Samespace(EndToEndCase):

    def setUp(self):
        self.vendor = self.server(vendors.SamespaceServer)
        self.insights = self.vendor.dashboards[samespace.DASHBOARD]

    def data(self, rows):
        """Answer GetInsightData of the inbound insight with these rows."""
        def override(request):
            variables = request.json.get("variables") or {}
            if variables.get("insightId") != samespace.INBOUND:
                return None
            return Answer(200, {"data": {"getInsightData": {"data": rows}}})
        self.vendor.override = override

    def inbound(self, scrape, name="samespace_stat_value"):
        return [s.value for s in
                scrape.samples(name, insight=samespace.INBOUND)]

    def test_errors_with_200(self):
        for body, reason in (
                (self.vendor.envelope(), "vendor_error"),
                ({"data": None, "errors": [{"message": "no"}]},
                 "vendor_error"),
                ({"success": False, "message": "Not logged In"}, "auth")):
            with self.subTest(body=body):
                self.vendor.override = lambda _: Answer(200, body)
                with Agent([self.vendor.target("voice")]) as agent:
                    self.fails(agent, "voice", reason)

    def test_unknown_dashboard(self):
        self.fails(self.start_agent([self.vendor.target(
            "voice", dashboards=[{"id": "0" * 24}])]), "voice",
            "vendor_error")

    def test_values_that_are_not_there(self):
        for rows, value, previous in (
                ([{"value": None, "title": "A", "previousValue": 4}],
                 [], [4]),
                ([{"value": 3, "title": "A", "previousValue": None}],
                 [3], []),
                ([{"value": 3}], [3], []),
                ([{"title": "A"}], [], [])):
            with self.subTest(rows=rows):
                self.data(rows)
                with Agent([self.vendor.target("voice")]) as agent:
                    scrape = agent.scrape_when(lambda s: s.samples(
                        "samespace_stat_value", insight=samespace.OUTBOUND))
                    self.assertEqual(self.inbound(scrape), value)
                    self.assertEqual(self.inbound(
                        scrape, "samespace_stat_previous_value"), previous)

    def test_a_boolean_is_no_number(self):
        self.data([{"value": True, "title": "A", "previousValue": 1}])
        agent = self.start_agent([self.vendor.target("voice")])
        scrape = agent.up("voice")
        self.assertEqual(self.inbound(scrape), [])
        self.assertEqual(
            self.inbound(scrape, "samespace_stat_previous_value"), [1])
        self.assertGreaterEqual(scrape.value(
            "cx_exporter_rows_skipped_total", target="voice"), 1)

    def test_a_vanished_insight(self):
        agent = self.start_agent([self.vendor.target(
            "voice", discovery_interval="1s")])
        agent.up("voice")
        del self.insights[0]
        scrape = agent.scrape_when(lambda s: not self.inbound(s), 20,
                                   "the series' going away")
        self.assertEqual(len(scrape.samples("samespace_stat_value")), 1)
        agent.up("voice")

    def test_answers_with_the_same_title(self):
        for identifier, value in ((samespace.INBOUND, 1),
                                  (samespace.OUTBOUND, 2)):
            self.vendor.set(identifier, value, 0, title="Answered")
        scrape = self.start_agent([self.vendor.target("voice")]).up("voice")
        found = {(s.labels["title"], s.value) for s in
                 scrape.samples("samespace_stat_value")}
        self.assertEqual(found, {("Answered (Inbound)", 1),
                                 ("Answered (Outbound)", 2)})

    def test_two_insights_with_the_same_title(self):
        self.insights[1]["title"] = self.insights[0]["title"]
        scrape = self.start_agent([self.vendor.target("voice")]).up("voice")
        self.assertEqual(len(scrape.series("samespace_stat_value")), 2)

    def test_time_range_of_the_configuration(self):
        agent = self.start_agent([self.vendor.target("voice", dashboards=[
            {"id": samespace.DASHBOARD, "time_range": "PAST_30_DAYS"}])])
        scrape = agent.up("voice")
        asked = {r.json["variables"].get("timeRange")
                 for r in self.vendor.requests
                 if "insightId" in (r.json.get("variables") or {})}
        self.assertEqual(asked, {"PAST_30_DAYS"})
        self.assertEqual({s.labels["time_range"] for s in
                          scrape.samples("samespace_stat_value")},
                         {"PAST_30_DAYS"})
        self.assert_no_complaints(self.vendor)

    def test_the_dashboard_is_not_asked_at_every_poll(self):
        agent = self.start_agent([self.vendor.target("voice")])
        agent.scrape_when(lambda s: s.value(
            "cx_exporter_polls_total", target="voice") >= 4)
        asked = [r for r in self.vendor.requests
                 if "insightId" not in (r.json.get("variables") or {})]
        self.assertEqual(len(asked), 1)


class Experia(EndToEndCase):

    def setUp(self):
        self.vendor = self.server(vendors.ExperiaServer)

    def test_status_failed_with_200(self):
        for body in ({"status": "FAILED"}, {**vendors.experia.SUMMARY,
                                            "status": "FAILED"}):
            with self.subTest(body=sorted(body)):
                self.vendor.override = lambda _: Answer(200, body)
                with Agent([self.vendor.target("support")]) as agent:
                    scrape = self.fails(agent, "support", "vendor_error")
                    self.assertEqual(scrape.samples(
                        "experia_period_sessions"), [])

    def test_odd_but_right_values(self):
        for field, value, family, expected in (
                ("maxServiceTime", "01 00:00:00",
                 "experia_service_time_max_seconds", 86400),
                ("agentTotalTimeOnline", "1234 23:59:59",
                 "experia_period_agent_online_seconds", 106703999),
                ("NPS", -100, "experia_nps_score", -100),
                ("CSAT", 100, "experia_csat_ratio", 1),
                ("totalSessions", 0, "experia_period_sessions", 0),
                ("averageWaitingTime", "00 00:00:20.5",
                 "experia_waiting_time_average_seconds", 20.5),
                ("totalTagsPercent", "10.7%", "experia_tags_ratio", 0.107),
                ("peakTime", "00:00", "experia_peak_time_of_day_seconds", 0),
                ("weakTime", "23:59", "experia_weak_time_of_day_seconds",
                 86340)):
            self.vendor.set(**{field: value})
            with self.subTest(field=field, value=value):
                with Agent([self.vendor.target("support")]) as agent:
                    self.assertEqual(agent.up("support").value(family),
                                     expected)

    def test_null_and_missing_fields_are_left_out(self):
        summary = {**vendors.experia.SUMMARY, "CSAT": None, "sla": None,
                   "averageWaitingTime": None}
        del summary["totalTags"]
        self.vendor.override = lambda _: Answer(200, summary)
        scrape = self.start_agent([self.vendor.target("support")]).up(
            "support")
        for name in ("experia_csat_ratio", "experia_sla_compliance_ratio",
                     "experia_waiting_time_average_seconds",
                     "experia_period_tags", "experia_tags_total"):
            self.assertEqual(scrape.samples(name), [], name)
        self.assertEqual(scrape.value("experia_period_sessions"), 458)
        self.assertEqual(scrape.value("experia_nps_score"), 0)

    def test_values_that_are_wrong_are_counted(self):
        for field, value, family in (
                ("totalMsg", "1,250", "experia_period_messages"),
                ("CSAT", "100.1%", "experia_csat_ratio"),
                ("NPS", 101, "experia_nps_score"),
                ("totalTags", -1, "experia_period_tags"),
                ("sla", {"response": 100.1},
                 "experia_sla_compliance_ratio"),
                ("sla", {"response": -1}, "experia_sla_compliance_ratio"),
                ("sla", {"response": None}, "experia_sla_compliance_ratio"),
                ("sla", {}, "experia_sla_compliance_ratio"),
                ("sla", None, "experia_sla_compliance_ratio"),
                ("sla", "none", "experia_sla_compliance_ratio")):
            self.vendor.set(**{field: value})
            with self.subTest(field=field, value=value):
                with Agent([self.vendor.target("support", sla={
                        "response": {"threshold": "30s"}})]) as agent:
                    scrape = agent.up("support")
                    self.assertEqual(scrape.samples(family), [])
                    polls = scrape.value("cx_exporter_polls_total",
                                         target="support")
                    self.assertEqual(scrape.value(
                        "cx_exporter_rows_skipped_total", target="support"),
                        polls)
                    self.assertIn(field, agent.log)

    def test_thresholds_of_zero_are_sent(self):
        """As the page's sample of a card does; a vendor who takes them for
        none leaves the level out, which is no reason for an alert."""
        self.vendor.set(sla={"response": 85.5})
        agent = self.start_agent([self.vendor.target("support", sla={
            "response": {"threshold": "0s"}, "waiting": {"threshold": "0"}})])
        scrape = agent.up("support")
        self.assertEqual(self.vendor.requests[0].json["sla"],
                         {"response": 0, "waiting": 0})
        self.assertEqual(scrape.value("experia_sla_compliance_ratio"), 0.855)
        self.assertEqual({s.value for s in scrape.samples(
            "experia_sla_threshold_seconds")}, {0})
        self.assertEqual(scrape.value(
            "cx_exporter_rows_skipped_total", target="support"), 0)
        self.assertIn("sla.waiting is missing", agent.log)

    def test_an_answer_without_a_figure_is_a_failure(self):
        for body in ({"status": "SUCCESS"}, {
                name: [] for name in vendors.experia.SUMMARY} | {
                    "status": "SUCCESS"}):
            self.vendor.override = lambda _: Answer(200, body)
            with self.subTest(fields=len(body)):
                with Agent([self.vendor.target("support")]) as agent:
                    self.fails(agent, "support", "decode")

    def test_every_documented_filter_value(self):
        periods = ["TODAY", "WEEK", "MONTH", "YEAR",
                   "2026-01-01 to 2026-01-31"]
        scrape = self.start_agent([self.vendor.target(
            "support", periods=periods)]).up("support")
        self.assertEqual(
            [s.labels["period"] for s in scrape.samples(
                "experia_period_sessions")],
            ["daily", "weekly", "monthly", "yearly",
             "2026-01-01 to 2026-01-31"])
        self.assert_no_complaints(self.vendor)

    def test_compressed_answers(self):
        def override(request):
            if "gzip" not in request.headers.get("Accept-Encoding", ""):
                return None
            return faults.gzipped(self.vendor.answer(request))
        self.vendor.override = override
        self.start_agent([self.vendor.target("support")]).up("support")

    def test_requests_are_spread_and_one_poll_is_in_flight(self):
        self.vendor.fault = faults.hang()
        agent = self.start_agent([self.vendor.target("support",
                                                     timeout="4s")])
        waiting.until(lambda: self.vendor.requests, 20, "the first request")
        # One poll may consist of several requests, but they go out together.
        first = self.vendor.requests[0].time
        waiting.throughout(lambda: not self.vendor.since(first + 0.5), 3,
                           "one poll in flight")
        self.assertTrue(agent.alive())
