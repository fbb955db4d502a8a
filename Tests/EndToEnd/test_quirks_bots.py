"""What Rocket.Chat and Kore.ai really do, beside their documents."""

import datetime
import tempfile
import time

import vendors
from harness.agent import Agent, run, write_config
from harness.case import EndToEndCase
from harness.exposition import labels
from vendors import faults, jwt, rocketchat
from vendors.base import Answer

OMNI = "rocketchat_omnichannel_"
DAY = datetime.timedelta(days=1)


class RocketChat(EndToEndCase):

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


class Kore(EndToEndCase):

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

    def results(self, *rows):
        """Both trends answer with these rows."""
        self.vendor.override = lambda request: Answer(200, {
            "results": list(rows), "totalResults": len(rows)})

    def test_an_answer_of_which_nothing_can_be_read(self):
        today = self.vendor.row("Daily", None, self.vendor.clock.today())
        hours = self.vendor.row("Hourly", None, self.vendor.clock.today())
        del hours["date"]
        for row, cause in (
                ({**today, **hours, "date": "06.08.2020"}, "no date of"),
                ({**today, **hours, "date": 1596672000}, "no date of"),
                ({**today, **hours, "date": "Aug 06 2020"}, "as asked for"),
                ({"date": today["date"], "0h": 1}, "have no"),
                ({key: value if key == "date" else "n/a" for key, value in
                  {**today, **hours}.items()}, "no number of")):
            with self.subTest(row=row):
                self.results(row, row)
                with Agent([self.vendor.target("bot")]) as agent:
                    scrape = self.fails(agent, "bot", "decode")
                    self.assertEqual([n for n in scrape.families
                                      if n.startswith("kore_")], [])
                    self.assertIn(cause, agent.log)

    def test_one_unreadable_row_is_counted_and_logged_once(self):
        today = self.vendor.row("Daily", None, self.vendor.clock.today())
        hours = self.vendor.row("Hourly", None, self.vendor.clock.today())
        self.results({**today, **hours}, {**hours, "date": "yesterday"})
        agent = self.start_agent([self.vendor.target("bot")])
        scrape = agent.scrape_when(lambda s: s.value(
            "cx_exporter_polls_total", target="bot") >= 3)
        self.assertEqual(scrape.value("cx_exporter_target_up"), 1)
        self.assertEqual(scrape.value(
            "kore_engagement_current_day_users"), 70)
        self.assertGreaterEqual(scrape.value(
            "cx_exporter_rows_skipped_total", target="bot"), 6)
        # The row is in two answers, the days' and the hours'.
        self.assertEqual(agent.log.count("yesterday"), 2)

    def test_a_normal_answer_skips_nothing(self):
        """null, an empty text and "-" are no value; no users, no row."""
        today = self.vendor.row("Daily", None, self.vendor.clock.today())
        hours = self.vendor.row("Hourly", None, self.vendor.clock.today())
        hours.update({"0 - 1": None, "1 - 2": "", "2 - 3": "-"})
        for rows in ([{**today, **hours}], [{**hours, "users": None}], []):
            with self.subTest(rows=rows):
                self.results(*rows)
                with Agent([self.vendor.target("bot")]) as agent:
                    scrape = agent.up("bot")
                    self.assertEqual(scrape.value(
                        "cx_exporter_rows_skipped_total", target="bot"), 0)

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
