"""Samespace: a dashboard's own range, values as texts, and days of counters."""

import datetime
import tempfile
import time
import zoneinfo

import vendors
from harness import shift, waiting
from harness.agent import Agent
from harness.case import EndToEndCase
from vendors import samespace
from vendors.base import Answer

SKIPPED = "cx_exporter_rows_skipped_total"
VALUE = "samespace_stat_value"
PREVIOUS = "samespace_stat_previous_value"
DAY = datetime.timedelta(days=1)


class Case(EndToEndCase):

    def setUp(self):
        self.vendor = self.server(vendors.SamespaceServer)
        self.insights = self.vendor.dashboards[samespace.DASHBOARD]

    def asked(self, operation="GetInsightData"):
        return [r.json["variables"] for r in self.vendor.requests
                if r.json["operationName"] == operation]

    def polls(self, agent, more):
        """A scrape after so many polls that begin from now on."""
        name = "cx_exporter_polls_total"
        before = agent.scrape().value(name, target="voice")
        return agent.scrape_when(
            lambda s: s.value(name, target="voice") > before + more)


class Ranges(Case):

    # The page shows no `Date`: texts and numbers come back as they are.
    ENDS = (("2026-01-01", "2026-01-31T23:59:59+05:45"),
            ("2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"),
            (1767205800000, 1769884199999), (1767205800, 1769884199.5),
            ("1767205800000", "Sat Jan 31 2026"), (1767225600000, None),
            (None, "2026-01-31"))

    def test_a_dashboards_own_range(self):
        self.insights[1]["timeRange"] = None
        self.insights.append(
            samespace.insight("7" * 24, "Teams", None, kind="TABLE"))
        self.vendor.rows["7" * 24] = [{"team": "Sales"}]
        target = self.vendor.target("voice", dashboards=[{
            "id": samespace.DASHBOARD, "insights": {"7" * 24: {"mapping": {
                "metric": "samespace_teams", "help": "Teams."}}}}])
        for start, end in self.ENDS:
            with self.subTest(start=start, end=end):
                self.vendor.times = {"timeRange": None, "startTime": start,
                                     "endTime": end}
                self.vendor.requests.clear()
                with Agent([target]) as agent:
                    scrape = agent.up("voice")
                    asked = {v["insightId"]: v for v in self.asked()}
                    for identifier in (samespace.OUTBOUND, "7" * 24):
                        found = asked[identifier]
                        self.assertIn("timeRange", found)
                        self.assertEqual(
                            [found["timeRange"], found["startTime"],
                             found["endTime"]], [None, start, end])
                        # 1767205800000 is not 1767205800000.0.
                        self.assertEqual(
                            [type(found["startTime"]), type(found["endTime"])],
                            [type(start), type(end)])
                    own = asked[samespace.INBOUND]
                    self.assertEqual(own["timeRange"], "PAST_HOUR")
                    self.assertNotIn("startTime", own)
                    self.assertEqual(
                        {s.labels["insight"]: s.labels["time_range"]
                         for s in scrape.samples(VALUE)},
                        {samespace.INBOUND: "PAST_HOUR",
                         samespace.OUTBOUND: "custom"})
                    self.assertEqual(scrape.value(VALUE, time_range="custom"),
                                     117)
                    self.assert_no_complaints(self.vendor)

    def test_the_configuration_goes_first(self):
        self.insights[1]["timeRange"] = None
        self.vendor.times = {"timeRange": None, "startTime": "2026-01-01",
                             "endTime": "2026-01-31"}
        scrape = self.start_agent([self.vendor.target("voice", dashboards=[{
            "id": samespace.DASHBOARD, "time_range": "PAST_30_DAYS"}])]).up(
                "voice")
        self.assertEqual({s.labels["time_range"]
                          for s in scrape.samples(VALUE)}, {"PAST_30_DAYS"})
        self.assertEqual({v["timeRange"] for v in self.asked()},
                         {"PAST_30_DAYS"})

    def test_no_range_anywhere_is_said_once(self):
        self.insights[1]["timeRange"] = None
        self.vendor.times["timeRange"] = None
        agent = self.start_agent([self.vendor.target(
            "voice", discovery_interval="1s")])
        scrape = self.polls(agent, 2)
        self.assertEqual(scrape.value(
            VALUE, insight=samespace.OUTBOUND, time_range=""), 117)
        self.assertEqual(agent.log.count("the vendor chooses one"), 1)
        self.assertGreater(len(self.asked("GetDashboard")), 1)
        self.assertEqual(scrape.value(SKIPPED, target="voice"), 0)

    def test_the_dashboards_timezone(self):
        for insight in self.insights:
            insight["timezone"] = None
        target = self.vendor.target("voice")
        del target["timezone"]
        self.start_agent([target]).up("voice")
        self.assertEqual({v["timezone"] for v in self.asked()},
                         {"Asia/Calcutta"})

    def test_an_answer_about_another_dashboard(self):
        def override(request):
            if request.json["operationName"] != "GetDashboard":
                return None
            return Answer(200, {"data": {"dashboard": {
                "id": "0" * 24, "insights": self.insights}}})
        self.vendor.override = override
        agent = self.start_agent([self.vendor.target("voice")])
        self.assertEqual(self.fails(agent, "voice", "decode").samples(VALUE),
                         [])
        self.assertIn("about another dashboard", agent.log)


class Values(Case):

    def test_texts(self):
        for text, value, configured in (
                ("87.25%", 0.8725, {}), ("92.3 %", 0.923, {}),
                ("0%", 0, {}), ("00:05:30", 330, {}),
                ("01 00:00:20", 86420, {}), ("2824", 2824, {}),
                ("87.25", 0.8725, {"format": "percent"}),
                (87.25, 0.8725, {"format": "percent"}),
                ("00:05:30", 330, {"format": "duration"})):
            with self.subTest(text=text, **configured):
                self.vendor.set(samespace.INBOUND, text, text)
                target = self.vendor.target("voice", dashboards=[{
                    "id": samespace.DASHBOARD, **({"insights": {
                        samespace.INBOUND: configured}} if configured
                        else {})}])
                with Agent([target]) as agent:
                    scrape = agent.up("voice")
                    for name in (VALUE, PREVIOUS):
                        self.assertEqual(scrape.value(
                            name, insight=samespace.INBOUND), value)
                    self.assertEqual(scrape.value(SKIPPED, target="voice"), 0)

    def test_a_text_that_may_be_two_numbers(self):
        for text in ("2,824", "05:30", "1.5K", "87,25%"):
            with self.subTest(text=text):
                self.vendor.set(samespace.INBOUND, text, 5)
                with Agent([self.vendor.target("voice")]) as agent:
                    scrape = self.polls(agent, 2)
                    self.assertEqual(scrape.samples(
                        VALUE, insight=samespace.INBOUND), [])
                    self.assertEqual(scrape.value(
                        PREVIOUS, insight=samespace.INBOUND), 5)
                    # Counted with every poll, and logged once.
                    self.assertGreaterEqual(
                        scrape.value(SKIPPED, target="voice"), 3)
                    self.assertEqual(agent.log.count("not plainly a number"),
                                     1)
                    self.assertIn(text, agent.log)

    def test_normal_answers_count_nothing(self):
        answers = (
            [{"value": 7, "title": "A"}, {"value": 8}, {"value": "x"}],
            [{"value": "--", "previousValue": "-"}], [],
            [{"value": None, "previousValue": None}], [{"value": ""}])
        for rows in answers:
            with self.subTest(rows=rows):
                self.vendor.rows[samespace.INBOUND] = rows
                with Agent([self.vendor.target("voice")]) as agent:
                    scrape = self.polls(agent, 2)
                    self.assertEqual(
                        [s.value for s in scrape.samples(
                            VALUE, insight=samespace.INBOUND)],
                        [7] if len(rows) == 3 else [])
                    self.assertEqual(scrape.value(
                        "cx_exporter_target_up", target="voice"), 1)
                    self.assertEqual(scrape.value(SKIPPED, target="voice"), 0)
                    self.assertEqual(
                        agent.log.count("the first is the figure"),
                        1 if len(rows) == 3 else 0)


class Days(Case):
    """A vendor whose TODAY is a cached yesterday's, at given dates."""

    # The local date that ends; New York's clocks change on 2026-03-08, so
    # that the day which begins has 23 hours.
    ZONES = (("America/New_York", datetime.date(2026, 3, 7)),
             ("Asia/Riyadh", datetime.date(2026, 2, 28)),
             ("Asia/Kolkata", datetime.date(2025, 12, 31)),
             ("Asia/Kathmandu", datetime.date(2026, 1, 14)))
    COUNTERS = ("samespace_stat_calls_total", "samespace_rows_total",
                "samespace_report_calls_total")

    def midnight(self, day, zone):
        moment = datetime.datetime.combine(
            day, datetime.time(), zoneinfo.ZoneInfo(zone))
        return moment.astimezone(datetime.timezone.utc)

    def total(self, arguments):
        """The calls of the range that is asked for: its start names the day,
        and a name gets what was kept of the day before."""
        start = arguments.get("startTime")
        if start is None:
            return self.cached
        assert arguments["timeRange"] is None
        return self.totals[start]

    def vendor_counts(self):
        self.insights.append(
            samespace.insight("7" * 24, "Teams", "TODAY", kind="TABLE"))
        self.vendor.rows[samespace.INBOUND] = lambda arguments: [
            {"value": self.total(arguments), "previousValue": None}]
        self.vendor.rows["7" * 24] = self.vendor.reports["r1"] = (
            lambda arguments: [{"n": self.total(arguments)}])

    def target(self, zone):
        def mapping(metric):
            return {"metric": metric, "help": "Calls.", "type": "counter",
                    "value": "n"}
        stat, rows, report = self.COUNTERS
        return self.vendor.target("voice", timezone=zone, dashboards=[{
            "id": samespace.DASHBOARD, "time_range": "TODAY", "insights": {
                samespace.INBOUND: {"metric": stat, "help": "Calls.",
                                    "type": "counter"},
                "7" * 24: {"mapping": mapping(rows)}}}],
            reports=[{"id": "r1", "time_range": "TODAY",
                      "mapping": mapping(report)}])

    def test_a_cached_day_is_not_counted_again(self):
        library = shift.build()
        self.assertIsNotNone(library, "no C compiler for the shifted clock")
        self.vendor_counts()
        for zone, day in self.ZONES:
            with self.subTest(zone=zone):
                self.over_midnight(library, zone, day)

    def over_midnight(self, library, zone, day):
        starts = [f"{self.midnight(day + n * DAY, zone):%FT%T}.000Z"
                  for n in (-1, 0, 1)]
        end = self.midnight(day + DAY, zone).timestamp()
        self.vendor.requests.clear()
        self.totals = dict(zip(starts, (900, 137, 0)))
        self.cached = 137

        def counts(value):
            """Every counter has this value, and never more."""
            def attempt():
                scrape = agent.scrape()
                found = [scrape.value(name) for name in self.COUNTERS]
                if max(found) > value:
                    raise RuntimeError(f"{found}, more than {value}")
                return found == [value] * 3
            waiting.until(attempt, 20, f"{value} calls")

        with tempfile.NamedTemporaryFile(prefix="cx-e2e-clock-") as file:
            clock = shift.ShiftedClock(file.name, library)
            clock.set(int(end - 30 - time.time()))
            agent = Agent([self.target(zone)], env=clock.environment)
            self.addCleanup(agent.close)
            agent.start()
            agent.up("voice")
            counts(0)
            # Half a minute before midnight: no day is in doubt.
            self.totals[starts[1]] = self.cached = 140
            counts(3)
            # A cache that answers for the new day with the old one's total.
            self.totals[starts[2]] = 140
            clock.set(int(end + 1 - time.time()))
            counts(3)
            waiting.until(lambda: any(
                v.get("startTime") == starts[2] for v in self.asked()), 20,
                "a question about the new day")
            self.polls(agent, 2)
            counts(3)
            # Three calls of the new day, and one that came just before it.
            self.totals[starts[1]] = 141
            self.totals[starts[2]] = 3
            counts(6)
            # The day that is over is asked for an hour later.
            clock.set(int(end + 3700 - time.time()))
            counts(7)
            scrape = self.polls(agent, 2)
            counts(7)
            self.assertEqual(scrape.value(
                "cx_exporter_target_up", target="voice"), 1)
            agent.stop()
        mine = self.asked("GetReportData") + [
            v for v in self.asked() if v["insightId"] != samespace.OUTBOUND]
        self.assertEqual({v["startTime"] for v in mine}, set(starts))
        self.assertEqual(
            {v["endTime"] for v in mine if v["startTime"] == starts[0]},
            {starts[1]})
        self.assertIn(starts[2], {v["endTime"] for v in mine
                                  if v["startTime"] == starts[1]})
        self.assertEqual({v["timezone"] for v in mine}, {zone})
        # A gauge over TODAY is still the vendor's own TODAY.
        self.assertEqual({v["timeRange"] for v in self.asked()
                          if v["insightId"] == samespace.OUTBOUND}, {"TODAY"})
        self.assert_no_complaints(self.vendor)
