"""Every family that a summary endpoint feeds: value, type and labels."""

import datetime
import re

import vendors
from harness.agent import Agent, write_secret
from harness.case import EndToEndCase
from harness.exposition import labels
from promtool import check_metrics
from vendors import rocketchat, samespace
from vendors.clock import epoch

EMAIL = "agent.of.ours@example.com"
STATIC = {"brand": "acme", "region": "EMEA"}
VIEWS = {"all": {},
         "whatsapp": {"channels": ["wa-1", "wa-2"], "groups": ["g-1"],
                      "email": EMAIL}}
PERIODS = ("daily", "weekly", "monthly", "yearly")

# field: (gauge, vendor's value, gauge's value)
PLAIN = {
    "totalSessions": "sessions", "totalClosedSessions": "closed_sessions",
    "totalTransferred": "transferred_sessions", "totalMsg": "messages",
    "totalTags": "tags", "totalTemplateUsage": "template_uses",
    "totalPredefinedMessages": "predefined_messages",
    "totalClient": "clients"}
CONVERTED = {
    "agentTotalTimeOnline": ("period_agent_online_seconds",
                             "12 03:04:05", 1047845),
    "averageWaitingTime": ("waiting_time_average_seconds", "00 00:00:20", 20),
    "averageResponseTime": ("response_time_average_seconds",
                            "00 00:17:25", 1045),
    "averageServiceTime": ("service_time_average_seconds",
                           "00 15:49:32", 56972),
    "minServiceTime": ("service_time_min_seconds", "00 00:00:05", 5),
    "maxServiceTime": ("service_time_max_seconds", "123 00:00:01", 10627201),
    "CSAT": ("csat_ratio", 62.5, 0.625),
    "FCR": ("fcr_ratio", 0, 0),
    "NPS": ("nps_score", -12.5, -12.5),
    "totalTagsPercent": ("tags_ratio", 10.7, 0.107),
    "peakTime": ("peak_time_of_day_seconds", "10:00", 36000),
    "weakTime": ("weak_time_of_day_seconds", "03:30", 12600)}
COUNTERS = ("sessions", "closed_sessions", "transferred_sessions", "messages",
            "tags", "template_uses", "predefined_messages",
            "agent_online_seconds")
CHARTS = {
    "Total_conversations": ("period_conversations", 42),
    "Total_messages": ("period_messages", 311),
    "Avg_chat_duration": ("chat_duration_average_seconds", 615.25),
    "Avg_first_response_time": ("first_response_time_average_seconds", 12.34),
    "Best_first_response_time": ("first_response_time_best_seconds", 0.75),
    "Avg_response_time": ("response_time_average_seconds", 33.1),
    "Avg_reaction_time": ("reaction_time_average_seconds", 4.05)}
DEPARTMENTS = {"all": None, "sales": "64181a0728384134ed600dcc"}
CHANNELS = ("rtm", "msteams")


class Values(EndToEndCase):
    """One agent with all four vendors for the whole class."""

    @classmethod
    def setUpClass(cls):
        cls.servers = [kind() for kind in vendors.ALL]
        for server in cls.servers:
            cls.addClassCleanup(server.close)
        cls.experia, cls.samespace, cls.chat, cls.kore = cls.servers
        cls.agent = Agent([])
        cls.addClassCleanup(cls.agent.close)
        cls.fill()
        cls.agent = Agent(cls.targets(), folder=cls.agent.folder)
        cls.addClassCleanup(cls.agent.stop)
        cls.agent.start()
        cls.agent.up("support", "voice", "chat", "bot")
        cls.text = cls.agent.scrape()
        cls.openmetrics = cls.agent.scrape(openmetrics=True)

    @classmethod
    def fill(cls):
        for v, view in enumerate(VIEWS.values()):
            for p, period in enumerate(PERIODS):
                fields = {field: 100 * p + 1000 * v + n
                          for n, field in enumerate(PLAIN, 1)}
                fields.update((f, c[1]) for f, c in CONVERTED.items())
                cls.experia.set(period, **view, **fields)
        cls.samespace.dashboards[samespace.DASHBOARD].append(
            samespace.insight("5" * 24, "Abandoned", value_format="PERCENT"))
        cls.samespace.dashboards[samespace.DASHBOARD].append(
            samespace.insight("6" * 24, "A table", kind="TABLE"))
        cls.samespace.set("5" * 24, 12.5, 0)
        today = cls.chat.clock.today()
        day = datetime.timedelta(days=1)
        for n, department in enumerate(DEPARTMENTS.values()):
            for chart, (_, value) in CHARTS.items():
                cls.chat.set(chart, value + n, today, department)
                cls.chat.set(chart, 9000 + n, today - day, department)
        cls.hour = cls.kore.clock.now().replace(minute=0, second=0,
                                                microsecond=0)
        for n, channel in enumerate(CHANNELS):
            cls.kore.set_day(70 + n, channel=channel)
            cls.kore.set_day(80 + n, today - day, channel)
            cls.kore.set_hour(7 + n, cls.hour, channel)
            cls.kore.set_hour(15 + n, cls.hour - day / 24, channel)

    @classmethod
    def targets(cls):
        def secret(name, text):
            return write_secret(cls.agent.folder, name, text)
        experia = cls.experia.target(
            "support", labels=STATIC, timezone_offset="+03:00",
            periods=list(PERIODS),
            sla={"response": {"threshold": "30s", "objective": 0.90},
                 "waiting": {"threshold": "2m", "objective": 0.95},
                 "service": {"threshold": "1m", "objective": 0.80}},
            views=[{"name": "all"},
                   {"name": "whatsapp", "channels": ["wa-1", "wa-2"],
                    "groups": ["g-1"], "agent_email": EMAIL}],
            api_key_file=secret("experia.key", cls.experia.key))
        voice = cls.samespace.target(
            "voice", labels={"brand": "acme"},
            dashboards=[{"id": samespace.DASHBOARD, "insights": {
                samespace.OUTBOUND: {
                    "metric": "samespace_answered_calls",
                    "help": "Answered outbound calls in the past hour."}}}],
            api_key_file=secret("samespace.key", cls.samespace.key))
        chat = cls.chat.target(
            "chat", labels={"site": "eu"}, charts=list(CHARTS),
            departments=[{"name": n, **({"id": i} if i else {})}
                         for n, i in DEPARTMENTS.items()],
            sla={"first_response": {"threshold": "1m"},
                 "response": {"threshold": "2m"},
                 "reaction": {"threshold": "30s"}},
            auth_token_file=secret("chat.token", cls.chat.token))
        bot = cls.kore.target("bot", labels={"site": "us"},
                              channels=list(CHANNELS))
        bot["jwt"] = {"client_id": cls.kore.client, "client_secret_file":
                      secret("kore.secret", cls.kore.secret)}
        for target in (experia, voice, chat):
            target.pop("api_key", None)
            target.pop("auth_token", None)
        return [experia, voice, chat, bot]

    def both(self):
        """Each format in turn."""
        return ("text", self.text), ("OpenMetrics", self.openmetrics)

    def test_experia_gauges(self):
        expected = {}
        for v, view in enumerate(VIEWS):
            for p, period in enumerate(PERIODS):
                key = labels(target="support", view=view, period=period,
                             **STATIC)
                for n, gauge in enumerate(PLAIN.values(), 1):
                    expected.setdefault("experia_period_" + gauge, {})[
                        key] = 100 * p + 1000 * v + n
                for gauge, _, value in CONVERTED.values():
                    expected.setdefault("experia_" + gauge, {})[key] = value
        for form, scrape in self.both():
            for name, series in expected.items():
                with self.subTest(format=form, family=name):
                    self.assert_series(scrape, name, series)

    def test_experia_counters_start_at_zero(self):
        for form, scrape in self.both():
            for name in COUNTERS:
                with self.subTest(format=form, family=name):
                    self.assert_series(
                        scrape, f"experia_{name}_total",
                        {labels(target="support", view=view, **STATIC): 0
                         for view in VIEWS}, "counter")
        self.assertIsNone(self.text.family("experia_clients_total"))

    def test_experia_sla(self):
        compliance = {"response": 0.855, "waiting": 0.923, "service": 0.782}
        threshold = {"response": 30, "waiting": 120, "service": 60}
        objective = {"response": 0.9, "waiting": 0.95, "service": 0.8}
        for form, scrape in self.both():
            with self.subTest(format=form):
                self.assert_series(scrape, "experia_sla_compliance_ratio", {
                    labels(target="support", view=view, period=period,
                           sla=sla, **STATIC): value
                    for view in VIEWS for period in PERIODS
                    for sla, value in compliance.items()})
                for name, values in (
                        ("threshold_seconds", threshold),
                        ("objective_ratio", objective)):
                    self.assert_series(scrape, f"experia_sla_{name}", {
                        labels(target="support", view=view, sla=sla,
                               **STATIC): value
                        for view in VIEWS for sla, value in values.items()})

    def test_experia_period_start(self):
        """Midnight at +03:00; the week's first day is not documented."""
        today = self.experia.clock.today(3)
        starts = {"daily": today, "monthly": today.replace(day=1),
                  "yearly": today.replace(month=1, day=1)}
        name = "experia_period_start_timestamp_seconds"
        for form, scrape in self.both():
            with self.subTest(format=form):
                for period, day in starts.items():
                    for view in VIEWS:
                        self.assertEqual(
                            scrape.value(name, period=period, view=view),
                            epoch(day) - 3 * 3600, (period, view))
                for sample in scrape.samples(name, period="weekly"):
                    self.assertIn(
                        (epoch(today) - 3 * 3600 - sample.value) / 86400,
                        range(7))

    def test_experia_requests(self):
        bodies = [r.json for r in self.experia.requests]
        for body in bodies:
            self.assertLessEqual(body.keys(), {
                "filter", "channels", "groupsID", "email", "timezoneOffset",
                "sla"})
            self.assertEqual(body["sla"], {
                "service": 60, "response": 30, "waiting": 120})
            self.assertEqual(body["timezoneOffset"], "+03:00")
        views = {(tuple(b.get("channels") or ()),
                  tuple(b.get("groupsID") or ()), b.get("email") or "")
                 for b in bodies}
        self.assertEqual(views, {
            ((), (), ""), (("wa-1", "wa-2"), ("g-1",), EMAIL)})

    def test_samespace(self):
        def key(insight, title, value_format):
            return labels(target="voice", brand="acme", title=title,
                          dashboard=samespace.DASHBOARD, insight=insight,
                          time_range="PAST_HOUR", format=value_format)
        inbound = key(samespace.INBOUND, "Answered (Inbound)", "number")
        abandoned = key("5" * 24, "Abandoned", "percent")
        for form, scrape in self.both():
            with self.subTest(format=form):
                self.assert_series(scrape, "samespace_stat_value",
                                   {inbound: 2824, abandoned: 12.5})
                self.assert_series(scrape, "samespace_stat_previous_value",
                                   {inbound: 3189, abandoned: 0})
                name = "samespace_answered_calls"
                self.assertEqual(scrape.type(name), "gauge")
                self.assertEqual(scrape.value(name, target="voice",
                                              brand="acme"), 117)

    def test_rocketchat(self):
        for form, scrape in self.both():
            for gauge, value in CHARTS.values():
                with self.subTest(format=form, family=gauge):
                    self.assert_series(
                        scrape, f"rocketchat_omnichannel_{gauge}",
                        {labels(target="chat", site="eu", department=name):
                         value + n for n, name in enumerate(DEPARTMENTS)})
            for counter in ("conversations", "messages"):
                with self.subTest(format=form, family=counter):
                    self.assert_series(
                        scrape, f"rocketchat_omnichannel_{counter}_total",
                        {labels(target="chat", site="eu", department=name): 0
                         for name in DEPARTMENTS}, "counter")

    def test_rocketchat_configuration_and_period(self):
        """Whether these carry `department` is left open by the catalogue."""
        thresholds = {"first_response": 60, "response": 120, "reaction": 30}
        start = epoch(self.chat.clock.today())
        prefix = "rocketchat_omnichannel_"
        for form, scrape in self.both():
            with self.subTest(format=form):
                name = prefix + "sla_threshold_seconds"
                self.assertEqual(scrape.type(name), "gauge")
                found = {(s.labels["target"], s.labels["site"],
                          s.labels["sla"]): s.value
                         for s in scrape.samples(name)}
                self.assertEqual(found, {("chat", "eu", sla): value for
                                         sla, value in thresholds.items()})
                name = prefix + "period_start_timestamp_seconds"
                self.assertEqual({s.value for s in scrape.samples(
                    name, target="chat", site="eu")}, {start})

    def test_kore(self):
        previous = epoch(self.hour) - 3600
        expected = {"last_hour_users": 15, "current_hour_users": 7,
                    "current_day_users": 70, "previous_day_users": 80}
        for form, scrape in self.both():
            for name, value in expected.items():
                with self.subTest(format=form, family=name):
                    self.assert_series(
                        scrape, f"kore_engagement_{name}",
                        {labels(target="bot", site="us", channel=channel):
                         value + n for n, channel in enumerate(CHANNELS)})
            with self.subTest(format=form):
                self.assert_series(
                    scrape, "kore_engagement_last_hour_start_timestamp_"
                    "seconds", {labels(target="bot", site="us", channel=c):
                                previous for c in CHANNELS})
                self.assert_series(
                    scrape, "kore_engagement_hourly_users_total",
                    {labels(target="bot", site="us", channel=c): 0
                     for c in CHANNELS}, "counter")

    def test_promtool_is_silent(self):
        self.assertEqual(check_metrics(self.text.text), "")

    def test_no_timestamps(self):
        for form, scrape in self.both():
            with self.subTest(format=form):
                self.assertEqual([s for f in scrape.families.values()
                                  for s in f.samples if s.timestamp], [])

    def test_vendors_were_asked_as_documented(self):
        self.assert_no_complaints(*self.servers)

    def test_nothing_secret_gets_out(self):
        pages = "".join(
            self.agent.get(path).text
            for path in ("/metrics", "/", "/sd", "/config",
                         "/probe?target=bot", "/metrics?target=voice"))
        metrics = self.text.text + self.openmetrics.text
        for secret in [s for v in self.servers for s in v.secrets()]:
            self.assertNotIn(secret, pages + metrics + self.agent.log)
        self.assertNotIn("eyJ", pages + metrics + self.agent.log)
        self.assertNotIn(EMAIL, metrics + self.agent.log)
        self.assertEqual(
            re.findall(r"[\w.+-]+@[\w-]+\.\w+|\+\d{8,}", metrics), [])
        self.assertNotIn(self.chat.user, metrics)

    def test_all_charts_are_known(self):
        self.assertEqual(set(CHARTS), set(rocketchat.CHARTS))
