"""Rocket.Chat at given dates, in workspaces of several zones.

A preloaded library shifts the exporter's wall clock; the vendor's server has
the same clock and counts rooms as the source of Rocket.Chat does.
"""

import datetime
import tempfile
import time

import vendors
from harness import agent as agents
from harness import shift, waiting
from harness.case import EndToEndCase
from vendors import rocketchat
from vendors.base import Answer
from vendors.clock import Clock, epoch
from vendors.rocketchat_rooms import Room, Workspace

OMNI = "rocketchat_omnichannel_"
ABANDONED = OMNI + "abandoned_chats_total"
SKIPPED = "cx_exporter_rows_skipped_total"
DAY = datetime.timedelta(days=1)
DATE = datetime.date(2026, 3, 10)   # the week in which New York's DST began
MINUTE = 60


def at(text, date=DATE):
    """Unix seconds of a UTC time of day."""
    return epoch(datetime.datetime.combine(
        date, datetime.time.fromisoformat(text)))


class ShiftedCase(EndToEndCase):
    """Agent and servers at a moment that the test sets."""

    def setUp(self):
        library = shift.build()
        if library is None:
            self.skipTest("no C compiler for the library that shifts a clock")
        file = tempfile.NamedTemporaryFile(prefix="cx-e2e-clock-")
        self.addCleanup(file.close)
        self.process_clock = shift.ShiftedClock(file.name, library)
        self.clock = Clock()
        waiting.away_from_the_hour()

    def set_to(self, moment):
        self.clock.offset = round(moment - time.time())
        self.process_clock.set(self.clock.offset)

    def workspace(self, zone="UTC", rooms=()):
        server = self.server(vendors.RocketChatServer, clock=self.clock)
        server.workspace = Workspace(self.clock, zone, rooms)
        server.set_state(rocketchat.AGENTS, {
            "_id": None, "offline": 0, "away": 0, "busy": 0, "available": 1})
        return server

    def run_agent(self, targets, folder=None):
        flags = [f"--storage.path={folder}"] if folder else []
        return self.start_agent(targets, *flags,
                                env=self.process_clock.environment)

    def options(self, **more):
        return {"charts": ["Total_conversations"], "realtime": True, **more}


class Now(ShiftedCase):
    """The chats that are open now, whatever day the workspace has."""

    # At 00:30 UTC the west is still in the day before; at 22:45 the east is
    # in the next one.
    MOMENTS = {"00:30": ("America/New_York", "Pacific/Pago_Pago", "UTC"),
               "22:45": ("Asia/Kolkata", "Asia/Riyadh", "Asia/Kathmandu",
                         "Pacific/Kiritimati", "UTC")}

    def rooms(self, now):
        hour = 60 * MINUTE
        return [
            Room(now - 10 * MINUTE), Room(now - 20 * MINUTE),
            Room(now - 3 * hour), Room(now - MINUTE, served=False),
            Room(now - 5 * MINUTE, served=False),
            Room(now - hour, on_hold=True),
            Room(now - 2 * hour, closed=now - hour, first_response=40),
            # Longer ago than realtime_window.
            Room(now - 30 * hour)]

    def test_open_chats_in_every_zone(self):
        for clock, zones in self.MOMENTS.items():
            now = at(clock)
            self.set_to(now)
            targets = []
            for zone in zones:
                server = self.workspace(zone, self.rooms(now))
                server.workspace.visitors = [
                    (at("00:05"), 1), (at("00:20"), 2),
                    (at("23:50", DATE - DAY), 3)]
                name = zone.rpartition("/")[2].lower()
                targets.append((server, zone, server.target(
                    name, **self.options())))
            agent = self.run_agent([target for *_, target in targets])
            agent.up(*(target["name"] for *_, target in targets))
            scrape = agent.scrape()
            today = len([r for r in self.rooms(now)
                         if r.began >= epoch(DATE)])
            for server, zone, target in targets:
                with self.subTest(clock=clock, zone=zone):
                    name = target["name"]

                    def value(family, **more):
                        return scrape.value(OMNI + family, target=name, **more)
                    self.assertEqual(value("open_conversations"), 5)
                    self.assertEqual(value("on_hold_conversations"), 1)
                    self.assertEqual(value("chats", state="open"), 3)
                    self.assertEqual(value("chats", state="queued"), 2)
                    self.assertEqual(value("chats", state="closed"), 1)
                    self.assertEqual(value("period_visitors"), 2)
                    self.assertEqual(value("period_conversations"), today)
                    self.assertEqual(
                        value("period_start_timestamp_seconds"), epoch(DATE))
                    self.assertFalse(scrape.value(SKIPPED, target=name))
                    self.assert_no_complaints(server)
            agent.close()

    def test_what_the_overview_says_is_another_day(self):
        """The model does what the source does: without that the test above
        would show nothing."""
        now = at("00:30")
        self.set_to(now)
        server = self.workspace("America/New_York", self.rooms(now))
        span = (f"{DATE}T00:00:00.000Z", f"{DATE}T23:59:59.999Z")
        said = server.workspace.conversations(span, 0, 1, None)
        self.assertEqual((said["Open_conversations"],
                          said["On_Hold_conversations"]), (0, 0))

    def test_an_average_of_departments_is_no_share(self):
        """1 of 100 chats, alone in one of two departments: the vendor says
        50%, which is no family."""
        now = at("12:00")
        self.set_to(now)
        rooms = [Room(now - 3600, now - 1800, first_response=30)
                 for _ in range(99)]
        rooms.append(Room(now - 3600, now - 1800, "a", abandoned=True,
                          first_response=90))
        server = self.workspace("UTC", rooms)
        said = server.workspace.abandonment(epoch(DATE), now, None)
        self.assertEqual(said["Avg_of_abandoned_chats"], "50%")
        scrape = self.run_agent(
            [server.target("chat", **self.options())]).up("chat")
        self.assertIsNone(scrape.family(OMNI + "abandoned_chats_ratio"))
        self.assertEqual(scrape.value(OMNI + "period_abandoned_chats"), 1)
        self.assertEqual(scrape.value(OMNI + "period_conversations"), 100)
        # The mean of 30 and 90, though 99 of 100 chats waited 30 seconds.
        name = OMNI + "waiting_time_average_seconds"
        self.assertEqual(scrape.value(name), 60)
        self.assertIn(f"# HELP {name} Mean of the departments' average times",
                      scrape.text)


class Abandoned(ShiftedCase):
    """A chat over midnight is counted once, under the day it began on."""

    def rooms(self):
        tomorrow = DATE + DAY
        return [
            Room(at("10:00"), at("10:30"), abandoned=True),
            Room(at("23:55"), at("00:20", tomorrow), abandoned=True),
            Room(at("00:05", tomorrow), at("00:15", tomorrow),
                 abandoned=True),
            Room(at("11:00"), at("11:10")),
            Room(at("23:58"))]

    def begin(self, zone="UTC", rooms=None):
        self.set_to(at("09:00"))
        self.vendor = self.workspace(zone, rooms or self.rooms())
        self.folder = tempfile.TemporaryDirectory(prefix="cx-e2e-")
        self.addCleanup(self.folder.cleanup)
        self.targets = [self.vendor.target("chat", **self.options())]
        agent = self.run_agent(self.targets, self.folder.name)
        agent.up("chat")
        self.assertEqual(agent.scrape().value(ABANDONED), 0)
        return agent

    def go_to(self, agent, moment, expected):
        """The counter after whole polls at that moment."""
        self.set_to(moment)
        polls = "cx_exporter_polls_total"
        before = agent.scrape().value(polls, target="chat")
        scrape = agent.scrape_when(lambda s: s.value(
            polls, target="chat") >= before + 3)
        self.assertEqual(scrape.value(ABANDONED), expected)
        self.assertEqual(scrape.value(
            "cx_exporter_target_up", target="chat"), 1)

    def test_three_chats_in_every_zone(self):
        for zone in ("America/New_York", "Asia/Riyadh", "Asia/Kolkata",
                     "Asia/Kathmandu"):
            with self.subTest(zone=zone):
                agent = self.begin(zone)
                self.go_to(agent, at("12:00"), 1)
                self.go_to(agent, at("23:50"), 1)
                self.go_to(agent, at("00:25", DATE + DAY), 3)
                self.go_to(agent, at("12:00", DATE + DAY), 3)
                self.go_to(agent, at("00:10", DATE + 2 * DAY), 3)
                self.assert_no_complaints(self.vendor)
                agent.close()

    def test_polls_around_midnight(self):
        """The first look at yesterday comes too early; the next one finds
        the chat that ended since."""
        agent = self.begin()
        # Whether the server has passed midnight is in doubt.
        self.go_to(agent, at("23:59:30"), 0)
        self.go_to(agent, at("00:01", DATE + DAY), 1)
        self.go_to(agent, at("00:10", DATE + DAY), 1)
        self.go_to(agent, at("01:15", DATE + DAY), 3)

    def test_a_restart_in_between(self):
        agent = self.begin()
        self.go_to(agent, at("23:57"), 1)
        agent.stop()
        self.set_to(at("00:30", DATE + DAY))
        agent = self.run_agent(self.targets, self.folder.name)
        agent.up("chat")
        agent.scrape_when(lambda s: s.value(ABANDONED) == 3)
        self.go_to(agent, at("12:00", DATE + DAY), 3)

    def test_days_that_were_missed(self):
        rooms = self.rooms() + [
            # Over the second midnight of the downtime, and one still open
            # when its day has ended twice.
            Room(at("23:50", DATE + DAY), at("00:40", DATE + 2 * DAY),
                 abandoned=True),
            Room(at("23:59:58", DATE + 2 * DAY), at("02:00", DATE + 3 * DAY),
                 abandoned=True)]
        agent = self.begin(rooms=rooms)
        self.go_to(agent, at("12:00"), 1)
        agent.stop()
        self.set_to(at("09:00", DATE + 4 * DAY))
        agent = self.run_agent(self.targets, self.folder.name)
        agent.scrape_when(lambda s: s.value(ABANDONED) == 5)
        self.go_to(agent, at("12:00", DATE + 4 * DAY), 5)

    def test_a_chat_that_ends_late_on_the_next_day(self):
        """The day's last look is when the day after it is over."""
        rooms = [Room(at("23:55"), at("23:40", DATE + DAY), abandoned=True)]
        agent = self.begin(rooms=rooms)
        self.go_to(agent, at("23:10", DATE + DAY), 0)
        self.go_to(agent, at("00:05", DATE + 2 * DAY), 1)


class Labels(ShiftedCase):
    """An answer whose labels are not those of the days that were asked for."""

    ODD = {
        "of days before, as east of UTC after the change to date-fns":
            ("3/8", "3/9"),
        "of hours": tuple(f"{h}AM-{h + 1}AM" for h in range(1, 11)),
        "in another order of day and month": ("09/03", "10/03"),
        "of dates": ("2026-03-09", "2026-03-10")}

    def test_a_missed_day_stays_open(self):
        """Catching up: the day is asked for again until its label is there."""
        self.set_to(at("12:00"))
        server = self.workspace()
        server.workspace = None
        folder = tempfile.TemporaryDirectory(prefix="cx-e2e-")
        self.addCleanup(folder.cleanup)
        targets = [server.target("chat", charts=["Total_messages"])]
        for day, value in ((DATE - DAY, 5), (DATE, 10), (DATE + DAY, 20),
                           (DATE + 2 * DAY, 40), (DATE + 3 * DAY, 80)):
            server.set("Total_messages", value, day)
        agent = self.run_agent(targets, folder.name)
        agent.up("chat")
        agent.stop()
        self.set_to(at("12:00", DATE + 3 * DAY))
        missed = str(DATE + DAY)

        def shifted(request):
            if request.query["start"] != [missed]:
                return None
            return Answer(200, {
                "chartLabel": "Total_messages", "dataLabels":
                ["3/10", "3/11"], "dataPoints": [1000, 1000],
                "success": True})
        server.override = shifted
        agent = self.run_agent(targets, folder.name)
        name = OMNI + "messages_total"
        agent.scrape_when(lambda s: s.value(name) == 120)
        waiting.until(lambda: "closing totals failed" in agent.log, 20,
                      "the refusal in the log")
        self.assertIn('\\"3/12\\"', agent.log)
        self.assertEqual(agent.scrape().value(name), 120)
        server.override = None
        agent.scrape_when(lambda s: s.value(name) == 140)

    def test_the_part_fails_and_names_them(self):
        for what, shown in self.ODD.items():
            with self.subTest(what=what):
                self.set_to(at("12:00"))
                server = self.workspace()
                server.override = lambda request, shown=shown: Answer(200, {
                    "chartLabel": "Total_messages", "dataLabels": shown,
                    "dataPoints": [7] * len(shown), "success": True})
                agent = self.run_agent(
                    [server.target("chat", charts=["Total_messages"])])
                scrape = self.fails(agent, "chat", "decode")
                self.assertEqual(
                    scrape.samples(OMNI + "period_messages"), [])
                self.assertEqual(scrape.samples(OMNI + "messages_total"), [])
                for label in (shown[0], shown[-1]):
                    self.assertIn(f'\\"{label}\\"', agent.log)
                agent.close()


class Silence(ShiftedCase):
    """What is left out without a word, what is counted, and what fails."""

    def poll(self, state=(), points=None):
        self.set_to(at("12:00"))
        server = self.workspace()
        server.workspace = None
        server.set("Total_conversations", 8, DATE)
        for endpoint, figures in {
                rocketchat.CHATS: {"open": 3, "closed": 2, "queued": 1,
                                   "onhold": 0},
                rocketchat.CONVERSATIONS: {"Total_visitors": 4},
                rocketchat.ABANDONMENT: {"Total_abandoned_chats": 0},
                rocketchat.PRODUCTIVITY: {"Avg_of_waiting_time": "00:00:09"},
                **dict(state)}.items():
            server.set_state(endpoint, figures)
        if points:
            server.override = lambda request: Answer(200, {
                "chartLabel": "x", "dataLabels": points[0],
                "dataPoints": points[1], "success": True}
            ) if request.path == rocketchat.SINGLE else None
        agent = self.run_agent([server.target("chat", **self.options(
            charts=["Total_conversations", "Avg_response_time"]))])
        return agent.scrape_when(lambda s: s.value(
            "cx_exporter_polls_total", target="chat") >= 1)

    def test_normal_answers(self):
        days = ["3/9", "3/10"]
        for state, points in (
                ({}, None),
                # No agents, nobody waited, nothing happened.
                ({rocketchat.AGENTS: {}}, None),
                ({rocketchat.PRODUCTIVITY:
                  {"Avg_of_waiting_time": "00:00:00"}}, None),
                ({rocketchat.PRODUCTIVITY: {"Avg_of_waiting_time": "-"}},
                 None),
                # Averages without a sample; a day more for the zone.
                ({}, (days, [0, 0])),
                ({}, (["3/8", *days], [1, 2, 0])),
                ({}, ([*days, "3/11"], [1, 2, 0]))):
            with self.subTest(state=state, points=points):
                scrape = self.poll(state, points)
                self.assertEqual(scrape.value(
                    "cx_exporter_target_up", target="chat"), 1)
                self.assertFalse(scrape.value(SKIPPED, target="chat"))

    def test_skipped_and_counted(self):
        days = ["3/9", "3/10"]
        for state, points in (
                ({rocketchat.CHATS: {"open": 3, "closed": 2, "onhold": 0}},
                 None),
                ({rocketchat.CHATS: {"open": 3, "closed": None, "queued": 1,
                                     "onhold": 0}}, None),
                ({rocketchat.CHATS: {"open": -1, "closed": 2, "queued": 1,
                                     "onhold": 0}}, None),
                ({rocketchat.CONVERSATIONS: {"Total_visitors": "many"}},
                 None),
                ({rocketchat.PRODUCTIVITY: {"Avg_of_waiting_time": "long"}},
                 None),
                ({}, (days, [-1, 2])), ({}, (days, [1, True])),
                ({}, (days, [None, 2])),
                ({}, (["?", *days], [1, 2, 3])), ({}, (days[1:], [2])),
                ({}, (["3/9", *days], [1, 2, 3]))):
            with self.subTest(state=state, points=points):
                scrape = self.poll(state, points)
                self.assertEqual(scrape.value(
                    "cx_exporter_target_up", target="chat"), 1)
                self.assertGreaterEqual(scrape.value(SKIPPED, target="chat"),
                                        1)

    def test_failed(self):
        for state, points in (
                ({rocketchat.CHATS: {"message": "moved"}}, None),
                ({rocketchat.CONVERSATIONS: {}}, None),
                ({}, ([], [])), ({}, (["3/9", "3/10"], [1])),
                ({}, (["3/9"], [1])), ({}, (["3/9", "?"], [1, 2]))):
            with self.subTest(state=state, points=points):
                scrape = self.poll(state, points)
                self.assertEqual(scrape.value(
                    "cx_exporter_target_up", target="chat"), 0)


class Budget(EndToEndCase):
    """The server counts by route and address: two users share a limit."""

    def setUp(self):
        self.vendor = self.server(vendors.RocketChatServer)
        self.vendor.limit = (10, 60)
        self.vendor.others = {"second-user": "second-token"}

    def targets(self, *limits):
        """Two users, and the second writes the URL in another way."""
        first, second = self.vendor.target("one"), self.vendor.target(
            "two", user_id="second-user", auth_token="second-token",
            url=self.vendor.url + "/")
        for target in (first, second):
            del target["rate_limit"]
        for target, limit in zip((first, second), limits):
            target["rate_limit"] = [{"requests": limit, "per": "1m"}]
        return [first, second]

    def test_no_request_is_refused(self):
        agent = self.start_agent(self.targets())
        agent.up("one")
        waiting.until(lambda: len(self.vendor.requests) >= 10, 20,
                      "a full window")
        waiting.throughout(lambda: len(self.vendor.requests) == 10, 3,
                           "no request beyond the server's limit")
        self.assert_no_complaints(self.vendor)
        budgets = {s.labels["budget"] for s in agent.scrape().samples(
            "cx_exporter_rate_limit_requests")}
        self.assertEqual(budgets, {"one"})

    def check(self, targets, interval="60s"):
        with tempfile.TemporaryDirectory(prefix="cx-e2e-") as folder:
            path = agents.write_config(folder, targets,
                                       {"interval": interval})
            return agents.run("check", f"--config.file={path}")

    def test_check_shows_it(self):
        done = self.check(self.targets())
        self.assertIn("budget one (rocketchat): 14 of 10 requests in 1m: "
                      "OVER BUDGET", done.stdout)
        self.assertNotIn("budget two", done.stdout)
        self.assertNotEqual(done.returncode, 0)
        # The stricter of two limits counts.
        done = self.check(self.targets(60, 20))
        self.assertIn("14 of 20 requests in 1m: ok", done.stdout)

    def test_check_shows_the_requests_for_yesterday(self):
        target = self.vendor.target("one", realtime=True, departments=[
            {"name": "all"}, {"name": "sales", "id": "d-1"}])
        done = self.check([target])
        self.assertIn("4 yesterday's abandoned chats every 1h", done.stdout)
