"""What a queue alert needs: Rocket.Chat's live state, and Kore.ai's newcomers."""

import datetime

import vendors
from harness.case import EndToEndCase
from harness.exposition import labels
from promtool import check_metrics
from vendors import rocketchat
from vendors.base import Answer

OMNI = "rocketchat_omnichannel_"
SALES = "64181a0728384134ed600dcc"
DAY = datetime.timedelta(days=1)


class RocketChat(EndToEndCase):

    def setUp(self):
        self.vendor = self.server(vendors.RocketChatServer)
        self.vendor.set("Total_conversations", 8)
        for n, department in enumerate((None, SALES)):
            self.vendor.set_state(rocketchat.CHATS, {
                "open": 3 + n, "closed": 20, "queued": 5, "onhold": 1},
                department=department)
            self.vendor.set_state(rocketchat.AGENTS, {
                "_id": None, "offline": 2, "away": 1, "busy": 3,
                "available": 4 + n}, department=department)
            self.vendor.set_state(rocketchat.CONVERSATIONS, {
                "Total_conversations": 29, "Open_conversations": 8,
                "On_Hold_conversations": 1, "Total_messages": 60,
                "Total_visitors": 21 + n}, department=department)
            self.vendor.set_state(rocketchat.ABANDONMENT, {
                "Total_abandoned_chats": 3,
                "Avg_of_abandoned_chats": "10.344827586206897%",
                "Avg_of_chat_duration_time": "00:08:20"},
                department=department)
            self.vendor.set_state(rocketchat.PRODUCTIVITY, {
                "Avg_response_time": "00:00:33",
                "Avg_first_response_time": "00:00:60",
                "Avg_reaction_time": "00:00:11",
                "Avg_of_waiting_time": "100:01:60"}, department=department)

    def target(self, **options):
        return self.vendor.target(
            "chat", charts=["Total_conversations"], realtime=True, **options)

    def series(self, scrape, name, expected):
        self.assert_series(scrape, OMNI + name, {
            labels(target="chat", **dict(key)): value
            for key, value in expected.items()})

    def test_every_family(self):
        agent = self.start_agent([self.target(departments=[
            {"name": "all"}, {"name": "sales", "id": SALES}])])
        scrape = agent.up("chat")

        def key(**values):
            return tuple(values.items())
        for n, name in enumerate(("all", "sales")):
            for state, value in (("open", 3 + n), ("closed", 20),
                                 ("queued", 5), ("on_hold", 1)):
                self.assertEqual(scrape.value(
                    OMNI + "chats", department=name, state=state), value)
            for status, value in (("offline", 2), ("away", 1), ("busy", 3),
                                  ("available", 4 + n)):
                self.assertEqual(scrape.value(
                    OMNI + "agents", department=name, status=status), value)
        self.assertEqual(len(scrape.samples(OMNI + "chats")), 8)
        self.assertEqual(len(scrape.samples(OMNI + "agents")), 8)
        both = (key(department="all"), key(department="sales"))
        # Those with an agent and those in the queue, from charts/chats.
        self.series(scrape, "open_conversations", {both[0]: 8, both[1]: 9})
        self.series(scrape, "on_hold_conversations", dict.fromkeys(both, 1))
        self.series(scrape, "period_visitors", {both[0]: 21, both[1]: 22})
        self.series(scrape, "period_abandoned_chats", dict.fromkeys(both, 3))
        # A mean of the departments' percentages is no share of the chats.
        self.assertIsNone(scrape.family(OMNI + "abandoned_chats_ratio"))
        # Hours go past 99, and each part is rounded on its own.
        self.series(scrape, "waiting_time_average_seconds",
                    dict.fromkeys(both, 360120))
        self.assertEqual(scrape.type(OMNI + "abandoned_chats_total"),
                         "counter")
        self.assert_no_complaints(self.vendor)
        self.assertEqual(check_metrics(scrape.text), "")

    def test_off_by_default(self):
        self.start_agent([self.vendor.target("chat")]).up("chat")
        self.assertEqual({r.path for r in self.vendor.requests},
                         {rocketchat.SINGLE})

    def test_abandoned_chats_are_counted(self):
        agent = self.start_agent([self.target()])
        agent.up("chat")
        name = OMNI + "abandoned_chats_total"
        self.assertEqual(agent.scrape().value(name), 0)
        for value, expected in ((5, 2), (4, 2), (6, 3)):
            self.vendor.set_state(rocketchat.ABANDONMENT, {
                "Total_abandoned_chats": value,
                "Avg_of_abandoned_chats": "11%"})
            gauge = OMNI + "period_abandoned_chats"
            scrape = agent.scrape_when(lambda s: s.value(gauge) == value)
            self.assertEqual(scrape.value(name), expected)

    def test_yesterday_is_asked_once(self):
        """By two counts: those since it began less those since today did."""
        agent = self.start_agent([self.target()])
        agent.scrape_when(lambda s: s.value(
            "cx_exporter_polls_total", target="chat") >= 3)
        yesterday = self.vendor.clock.today() - DAY
        asked = [r for r in self.vendor.requests
                 if r.query.get("start") == [f"{yesterday}T00:00:00.000Z"]]
        self.assertEqual([r.path for r in asked],
                         [rocketchat.LIVE + rocketchat.ABANDONMENT])
        since = [r.query["start"][0][:10] for r in self.vendor.requests
                 if r.query.get("end") == asked[0].query["end"]
                 and r.path == asked[0].path]
        # The next poll may ask about today in the second that was asked for.
        place = since.index(str(yesterday))
        self.assertEqual(since[place:place + 2],
                         [str(yesterday), str(yesterday + DAY)])

    def test_no_value_is_no_sample(self):
        self.vendor.set_state(rocketchat.PRODUCTIVITY, {
            "Avg_of_waiting_time": "00:00:00"})
        self.vendor.set_state(rocketchat.CONVERSATIONS, {
            "Open_conversations": "-", "On_Hold_conversations": "",
            "Total_visitors": 0})
        self.vendor.set_state(rocketchat.CHATS, {
            "open": None, "closed": 0, "queued": 0, "onhold": "-"})
        # A workspace without agents.
        self.vendor.set_state(rocketchat.AGENTS, {})
        scrape = self.start_agent([self.target()]).up("chat")
        for name in ("waiting_time_average_seconds", "open_conversations",
                     "on_hold_conversations", "agents"):
            self.assertEqual(scrape.samples(OMNI + name), [], name)
        self.assertEqual(scrape.value(OMNI + "period_visitors"), 0)

    def test_a_live_endpoint_that_fails_leaves_the_others(self):
        self.vendor.override = lambda request: Answer(
            500, {"success": False, "error": "Internal server error"}
        ) if request.path.endswith(rocketchat.CHATS) else None
        scrape = self.fails(self.start_agent([self.target()]), "chat",
                            "http_status")
        self.assertEqual(scrape.samples(OMNI + "chats"), [])
        self.assertEqual(scrape.value(
            OMNI + "agents", status="available"), 4)
        self.assertEqual(scrape.value(OMNI + "period_conversations"), 8)


class Kore(EndToEndCase):

    def test_the_second_version(self):
        vendor = self.server(vendors.KoreServer)
        today = vendor.clock.today()
        hour = vendor.clock.now().hour
        for users, n in ((vendor.daily, 70), (vendor.new, 20),
                         (vendor.returning, 50)):
            users[None, today] = n
            users[None, today - DAY] = n + 1
        for users, n in ((vendor.hourly, 7), (vendor.new, 2),
                         (vendor.returning, 5)):
            users[None, today, hour] = n
        agent = self.start_agent([vendor.target("bot", api_version=2)])
        scrape = agent.up("bot")
        for kind, n, hourly in (("", 70, 7), ("new_", 20, 2),
                                ("returning_", 50, 5)):
            for period, value in (("current_day", n), ("previous_day", n + 1),
                                  ("current_hour", hourly)):
                name = f"kore_engagement_{period}_{kind}users"
                self.assert_series(scrape, name, {
                    labels(target="bot", channel="all"): value})
        self.assertEqual(scrape.value("kore_engagement_new_users_total"), 0)
        vendor.new[None, today] = 23
        agent.scrape_when(lambda s: s.value(
            "kore_engagement_new_users_total") == 3)
        self.assertEqual(
            {r.path.rpartition("/bot/")[2].partition("/")[2]
             for r in vendor.requests}, {"v2/userEngagementTrend"})
        self.assertEqual({r.query["timeZoneOffset"][0]
                          for r in vendor.requests}, {"Etc/UTC"})
        self.assert_no_complaints(vendor)
