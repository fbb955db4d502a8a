"""What the vendors' services really do, beside their documents."""

import datetime
import tempfile
import time

import vendors
from harness import waiting
from harness.agent import Agent, run, write_config
from harness.case import EndToEndCase
from harness.exposition import labels
from vendors import faults, jwt, rocketchat, samespace
from vendors.base import Answer

UP = "cx_exporter_target_up"
FAILURES = "cx_exporter_poll_failures_total"
OMNI = "rocketchat_omnichannel_"
DAY = datetime.timedelta(days=1)


class QuirkCase(EndToEndCase):

    def fails(self, agent, target, reason=None):
        """A failure of this target, and no other reason than this one."""
        scrape = agent.scrape_when(
            lambda s: sum(x.value for x in s.samples(
                FAILURES, target=target)) >= 1, 20, "a failed poll")
        self.assertEqual(scrape.value(UP, target=target), 0)
        reasons = {x.labels["reason"] for x in
                   scrape.samples(FAILURES, target=target) if x.value}
        if reason:
            self.assertEqual(reasons, {reason})
        return scrape


class RocketChat(QuirkCase):

    def setUp(self):
        self.vendor = self.server(vendors.RocketChatServer)
        self.today = self.vendor.clock.today()
        self.vendor.set("Total_conversations", 8)
        self.vendor.set("Avg_response_time", 12.34)

    def test_one_label_more_than_days(self):
        self.vendor.set("Total_conversations", 3, self.today - DAY)
        self.vendor.set("Total_conversations", 2, self.today - 2 * DAY)
        for zone in ("utc", "east", "west"):
            with self.subTest(zone=zone):
                self.vendor.zone = zone
                with Agent([self.vendor.target("chat")]) as agent:
                    scrape = agent.up("chat")
                    self.assertEqual(scrape.value(
                        OMNI + "period_conversations"), 8)
                    self.assertEqual(scrape.value(
                        OMNI + "response_time_average_seconds"), 12.34)

    def test_both_days_are_asked_in_one_request(self):
        self.start_agent([self.vendor.target("chat")]).up("chat")
        self.assertEqual(
            {(r.query["start"][0], r.query["end"][0])
             for r in self.vendor.requests},
            {(str(self.today - DAY), str(self.today))})
        self.assertEqual({r.query["chartName"][0]
                          for r in self.vendor.requests},
                         set(rocketchat.CHARTS))

    def test_24_hours_instead_of_days(self):
        """A 24-point answer has no label of a day: no day may be made up."""
        def hourly(request):
            points = self.vendor.hours("Total_conversations", None,
                                       self.today)
            return Answer(200, {
                "chartLabel": request.query["chartName"][0],
                "dataLabels": points[0], "dataPoints": points[1],
                "success": True})
        self.vendor.override = hourly
        agent = self.start_agent([self.vendor.target("chat")])
        scrape = agent.scrape_when(lambda s: s.value(
            "cx_exporter_polls_total", target="chat") >= 1)
        for sample in scrape.samples(OMNI + "period_conversations"):
            self.assertEqual(sample.value, 8)
        for name in ("response_time_average_seconds",
                     "chat_duration_average_seconds"):
            self.assertEqual(scrape.samples(OMNI + name), [])

    def test_doubled_path_is_found_and_remembered(self):
        self.vendor.paths = {rocketchat.DOUBLED}
        agent = self.start_agent([self.vendor.target("chat")])
        agent.up("chat")
        polls = agent.scrape().value("cx_exporter_polls_total",
                                     target="chat")
        tried = len([r for r in self.vendor.requests
                     if r.path == rocketchat.SINGLE])
        self.assertGreaterEqual(tried, 1)
        self.assertLessEqual(tried, len(rocketchat.CHARTS))
        agent.scrape_when(lambda s: s.value(
            "cx_exporter_polls_total", target="chat") >= polls + 3)
        again = len([r for r in self.vendor.requests
                     if r.path == rocketchat.SINGLE])
        self.assertEqual(again, tried)
        self.assertEqual(agent.scrape().value(
            OMNI + "period_conversations"), 8)

    def test_the_single_path_needs_no_other(self):
        self.start_agent([self.vendor.target("chat")]).up("chat")
        self.assertEqual({r.path for r in self.vendor.requests},
                         {rocketchat.SINGLE})

    def test_empty_arrays_are_a_failure_not_zero(self):
        self.vendor.override = lambda request: Answer(200, {
            "chartLabel": request.query["chartName"][0], "dataLabels": [],
            "dataPoints": [], "success": True})
        scrape = self.fails(self.start_agent([self.vendor.target("chat")]),
                            "chat")
        self.assertEqual(scrape.samples(OMNI + "period_conversations"), [])
        self.assertEqual(scrape.samples(OMNI + "conversations_total"), [])

    def test_arrays_of_different_length_are_a_failure(self):
        self.vendor.override = lambda request: Answer(200, {
            "chartLabel": request.query["chartName"][0],
            "dataLabels": [f"{self.today.month}/{self.today.day}"],
            "dataPoints": [], "success": True})
        self.fails(self.start_agent([self.vendor.target("chat")]), "chat")

    def test_zero_is_no_sample_for_times_but_is_for_counts(self):
        self.vendor.set("Avg_response_time", 0)
        self.vendor.set("Total_conversations", 0)
        scrape = self.start_agent([self.vendor.target("chat")]).up("chat")
        for name in ("chat_duration_average_seconds",
                     "first_response_time_average_seconds",
                     "first_response_time_best_seconds",
                     "response_time_average_seconds",
                     "reaction_time_average_seconds"):
            self.assertEqual(scrape.samples(OMNI + name), [], name)
        self.assertEqual(scrape.value(OMNI + "period_conversations"), 0)

    def test_only_the_configured_charts_are_asked(self):
        agent = self.start_agent([self.vendor.target(
            "chat", charts=["Total_conversations"])])
        scrape = agent.up("chat")
        self.assertEqual({r.query["chartName"][0]
                          for r in self.vendor.requests},
                         {"Total_conversations"})
        self.assertEqual(scrape.samples(OMNI + "period_messages"), [])

    def test_a_path_in_the_url_is_kept(self):
        self.vendor.paths = {"/proxy" + rocketchat.SINGLE}
        target = self.vendor.target("chat")
        target["url"] += "/proxy"
        self.start_agent([target]).up("chat")


class Samespace(QuirkCase):

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
        for body in (self.vendor.envelope(),
                     {"data": None, "errors": [{"message": "no"}]},
                     {"success": False, "message": "Not logged In"}):
            with self.subTest(body=body):
                self.vendor.override = lambda _: Answer(200, body)
                with Agent([self.vendor.target("voice")]) as agent:
                    self.fails(agent, "voice", "vendor_error")

    def test_unknown_dashboard(self):
        self.fails(self.start_agent([self.vendor.target(
            "voice", dashboards=[{"id": "0" * 24}])]), "voice")

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
        scrape = agent.scrape_when(lambda s: s.value(
            "cx_exporter_polls_total", target="voice") >= 1)
        self.assertEqual(self.inbound(scrape), [])

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


class Kore(QuirkCase):

    def setUp(self):
        self.vendor = self.server(vendors.KoreServer)
        self.vendor.set_day(70)

    def test_users_as_text(self):
        self.vendor.strings = True
        self.vendor.set_hour(9, self.vendor.clock.now())
        scrape = self.start_agent([self.vendor.target("bot")]).up("bot")
        self.assert_series(scrape, "kore_engagement_current_day_users",
                           {labels(target="bot", channel="all"): 70})
        self.assert_series(scrape, "kore_engagement_current_hour_users",
                           {labels(target="bot", channel="all"): 9})

    def test_errors_with_200(self):
        self.vendor.fault = faults.envelope()
        self.fails(self.start_agent([self.vendor.target("bot")]), "bot",
                   "vendor_error")

    def test_rate_limit_by_its_text(self):
        text = ("You've exceeded the per-minute rate limit. Please wait for "
                "sometime before retrying.")
        for status in (400, 429):
            with self.subTest(status=status):
                self.vendor.fault = faults.status(
                    status, {"errors": [{"msg": text, "code": 400}]})
                with Agent([self.vendor.target("bot")]) as agent:
                    self.fails(agent, "bot", "rate_limited")

    def test_code_4002_is_a_matter_of_credentials(self):
        self.vendor.secret = "another"
        target = {**self.vendor.target("bot"), "jwt": {
            "client_id": self.vendor.client, "client_secret": "mine"}}
        scrape = self.fails(self.start_agent([target]), "bot", "auth")
        self.assertGreaterEqual(scrape.value(
            "cx_exporter_vendor_requests_total", target="bot", code="401"), 1)

    def test_a_fresh_jti_for_each_request(self):
        agent = self.start_agent([self.vendor.target("bot")])
        agent.scrape_when(lambda s: s.value(
            "cx_exporter_polls_total", target="bot") >= 3)
        self.assertGreaterEqual(len(self.vendor.identifiers), 6)
        self.assertEqual(len(self.vendor.identifiers),
                         len(set(self.vendor.identifiers)))
        self.assert_no_complaints(self.vendor)

    def test_a_ready_token(self):
        now = int(time.time())
        token = jwt.sign({"appId": "cs-1", "iat": now, "exp": now + 600},
                         "elsewhere")
        self.vendor.ready_token = token
        target = self.vendor.target("bot")
        del target["jwt"]
        # The interface does not say whether `token` is a key of the target
        # or of `jwt`.
        forms = {**target, "token": token}, {**target, "jwt": {
            "token": token}}
        with tempfile.TemporaryDirectory() as folder:
            accepted = [form for form in forms if run(
                "check", f"--config.file={write_config(folder, [form])}"
            ).returncode == 0]
        self.assertEqual(len(accepted), 1)
        agent = self.start_agent(accepted)
        agent.up("bot")
        self.assertNotIn(token, agent.log + agent.get("/config").text)

    def test_a_day_that_is_not_in_the_answer(self):
        def override(request):
            if request.query.get("aggregation_type") == ["Daily"]:
                return Answer(200, {"results": [], "totalResults": 0})
            return None
        self.vendor.override = override
        agent = self.start_agent([self.vendor.target("bot")])
        scrape = agent.scrape_when(lambda s: s.value(
            "cx_exporter_polls_total", target="bot") >= 1)
        self.assertEqual(scrape.samples(
            "kore_engagement_current_day_users"), [])


class Experia(QuirkCase):

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
