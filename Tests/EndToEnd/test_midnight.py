"""The end of a day, with the exporter's clock set to just before it.

A preloaded library shifts the wall clock of the exporter's process alone; the
vendors' servers have clocks of their own, one of them late.
"""

import datetime
import tempfile
import time

import vendors
from harness import shift, waiting
from harness.agent import Agent
from harness.case import EndToEndCase
from harness.planned import needs
from vendors.clock import Clock, days, epoch

BEFORE = 200     # seconds from the start to the exporter's midnight
NEAR = 10        # where the clocks are set on to, seconds before midnight
LATE = 8         # by how much one vendor's clock is behind
AFTER = 15       # how long everything is watched after midnight
DOUBT = 130      # until the day before is closed: then the clocks go on
DAY = datetime.timedelta(days=1)

MESSAGES = "rocketchat_omnichannel_messages_total"
USERS = "kore_engagement_hourly_users_total"
SESSIONS = "experia_sessions_total"
COUNTERS = {"chat": MESSAGES, "bot": USERS, "exact": SESSIONS,
            "late": SESSIONS}


@needs("closing values")
class Midnight(EndToEndCase):

    def setUp(self):
        waiting.away_from_the_hour()
        self.today = Clock().today()
        self.next = self.today + DAY
        self.offset = round(epoch(self.next) - time.time() - BEFORE)
        clock = self.clock = Clock(self.offset)
        self.exact = self.server(vendors.ExperiaServer, key="exact-key",
                                 clock=clock)
        self.late = self.server(vendors.ExperiaServer, key="late-key",
                                clock=Clock(self.offset - LATE))
        self.chat = self.server(vendors.RocketChatServer, clock=clock)
        self.bot = self.server(vendors.KoreServer, clock=clock)
        self.hour = datetime.datetime.combine(self.today, datetime.time(23))
        # Whatever was before is no news and must not be counted.
        for day in days(self.today - 40 * DAY, self.today - DAY):
            self.set(day, 900, 800, 700)

    def set(self, day, sessions, messages, users):
        """What has come on a day; the users are those of its last hour,
        or of the first for the day that begins."""
        for server in (self.exact, self.late):
            server.set(day, totalSessions=sessions)
        self.chat.set("Total_messages", messages, day)
        hour = 0 if day == self.next else 23
        self.bot.set_hour(users, datetime.datetime.combine(
            day, datetime.time(hour)))

    def start(self):
        library = shift.build()
        if library is None:
            self.skipTest("no C compiler for the library that shifts a clock")
        file = tempfile.NamedTemporaryFile(prefix="cx-e2e-clock-")
        self.addCleanup(file.close)
        self.process_clock = shift.ShiftedClock(file.name, library)
        self.process_clock.set(self.offset)
        agent = Agent(
            [self.exact.target("exact", timezone_offset="+00:00"),
             self.late.target("late", timezone_offset="+00:00"),
             self.chat.target("chat", charts=["Total_messages"]),
             self.bot.target("bot")],
            env=self.process_clock.environment)
        self.addCleanup(agent.close)
        agent.start()
        return agent

    def set_on(self, seconds):
        """Everybody's clock jumps ahead, as after a machine's sleep."""
        self.offset += seconds
        self.process_clock.set(self.offset)
        self.clock.offset = self.offset
        self.late.clock.offset = self.offset - LATE

    def counted(self, agent):
        scrape = agent.scrape()
        return {target: scrape.value(name, target=target)
                for target, name in COUNTERS.items()}

    def test_nothing_is_lost_and_nothing_counts_twice(self):
        self.set(self.today, 100, 20, 10)
        agent = self.start()
        agent.up(*COUNTERS)
        self.assertEqual(self.counted(agent), dict.fromkeys(COUNTERS, 0))
        self.set(self.today, 105, 25, 16)
        before = {"exact": 5, "late": 5, "chat": 5, "bot": 6}
        waiting.until(lambda: self.agree(self.counted(agent), before), 15,
                      "what came before midnight")
        left = epoch(self.next) - self.clock.time()
        self.assertGreater(left, NEAR, "this machine is too slow")
        self.set_on(int(left) - NEAR)

        waiting.until(lambda: self.clock.time() >= epoch(self.next),
                      NEAR + 5, "midnight")
        # What came between the last poll and midnight, and since.
        self.set(self.today, 109, 27, 18)
        self.set(self.next, 2, 3, 4)
        after = {"exact": 11, "late": 11, "chat": 10, "bot": 12}

        def never_too_many():
            now = self.counted(agent)
            for target, most in after.items():
                if now[target] > most:
                    self.fail_now(target, now[target], most)
            return now

        end = epoch(self.next) + AFTER
        waiting.until(lambda: never_too_many() and self.clock.time() > end,
                      AFTER + 10, "the watch after midnight")
        self.set_on(DOUBT)
        waiting.until(lambda: self.agree(never_too_many(), after), 40,
                      "what came around midnight")
        self.stays(agent, after)
        self.check_gauges(agent.scrape())

    def agree(self, counted, expected):
        """Equal, with both sides in the message if time runs out."""
        self.assertEqual(counted, expected)
        return True

    def fail_now(self, target, value, most):
        """An overcount does not go away: no need to wait any longer."""
        raise RuntimeError(f"{COUNTERS[target]} of {target} is {value}, "
                           f"more than the {most} there were")

    def stays(self, agent, expected):
        polls = agent.scrape().value("cx_exporter_polls_total",
                                     target="exact")

        def over():
            self.assertEqual(self.counted(agent), expected)
            return agent.scrape().value("cx_exporter_polls_total",
                                        target="exact") >= polls + 3
        waiting.until(over, 30, "three more polls")

    def check_gauges(self, scrape):
        for target in ("exact", "late"):
            self.assertEqual(scrape.value(
                "experia_period_sessions", target=target), 2)
            self.assertEqual(scrape.value(
                "experia_period_start_timestamp_seconds", target=target),
                epoch(self.next))
        self.assertEqual(scrape.value(
            "rocketchat_omnichannel_period_messages"), 3)
        self.assertEqual(scrape.value(
            "kore_engagement_last_hour_users"), 18)
        self.assertEqual(scrape.value(
            "kore_engagement_current_hour_users"), 4)
        self.assertEqual(scrape.value(
            "kore_engagement_last_hour_start_timestamp_seconds"),
            epoch(self.hour))
