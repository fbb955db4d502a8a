"""Counters and budgets on the disk: killed agents, days of downtime, a full
disk, a shifted clock."""

import datetime
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

import vendors
from harness import shift, waiting
from harness.agent import Agent, write_config
from harness.case import EndToEndCase
from vendors import faults
from vendors.clock import Clock, days, epoch

DAY = datetime.timedelta(days=1)
SESSIONS = "experia_sessions_total"
MESSAGES = "rocketchat_omnichannel_messages_total"
USERS = "kore_engagement_hourly_users_total"
KILLS = 200


class Storage(EndToEndCase):
    """An agent whose folder outlives it."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="cx-e2e-storage-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def agent(self, targets, state=None, **options):
        state = state or f"{self.folder}/state"
        agent = Agent(targets, f"--storage.path={state}", folder=self.folder,
                      **options)
        self.addCleanup(agent.close)
        return agent

    @staticmethod
    def kill(agent):
        agent.process.send_signal(signal.SIGKILL)
        agent.process.wait()

    @staticmethod
    def counters(agent):
        scrape = agent.scrape()
        return {(name, *sorted(s.labels.items())): s.value
                for name in (SESSIONS, MESSAGES, USERS)
                for s in scrape.samples(name)}

    def assert_none_fell(self, before, after):
        for series, value in before.items():
            self.assertGreaterEqual(after.get(series, -1), value, series)


class Traffic(threading.Thread):
    """Totals that rise all the time, and what they have come to."""

    def __init__(self, experia, chat, bot):
        super().__init__(daemon=True)
        self.servers = experia, chat, bot
        self.total = 1000
        self.ended = threading.Event()
        self.hour = datetime.datetime.utcnow().replace(
            minute=0, second=0, microsecond=0)
        self.step()

    def step(self):
        self.total += 1
        experia, chat, bot = self.servers
        for channels in ((), ("wa-1",)):
            experia.set(channels=channels, totalSessions=self.total)
        chat.set("Total_messages", self.total)
        bot.set_hour(self.total, self.hour)

    def run(self):
        while not self.ended.wait(0.005):
            self.step()

    def end(self):
        self.ended.set()
        self.join()


class Killed(Storage):

    def test_killed_at_200_moments(self):
        waiting.away_from_the_hour(400)
        experia = self.server(vendors.ExperiaServer)
        chat = self.server(vendors.RocketChatServer)
        bot = self.server(vendors.KoreServer)
        traffic = Traffic(experia, chat, bot)
        targets = [
            experia.target("support", views=[
                {"name": "all"}, {"name": "wa", "channels": ["wa-1"]}]),
            chat.target("chat", charts=["Total_messages"]),
            bot.target("bot")]
        seed = random.randrange(1 << 32)
        dice = random.Random(seed)

        agent = self.agent(targets).start()
        agent.up("support", "chat", "bot")
        # The baselines, read before anything has risen.
        base = traffic.total
        self.assertEqual(set(self.counters(agent).values()), {0.0})
        self.assertEqual(len(self.counters(agent)), 4)
        traffic.start()
        self.addCleanup(traffic.end)
        seen = self.counters(agent)
        with self.subTest(seed=seed):
            for _ in range(KILLS):
                moment = time.monotonic() + dice.random() * 0.4
                while time.monotonic() < moment:
                    now = self.counters(agent)
                    self.assert_none_fell(seen, now)
                    seen = now
                self.kill(agent)
                agent = self.agent(targets).start()
                now = self.counters(agent)
                # All of them are there at once, before any poll.
                self.assert_none_fell(seen, now)
                seen = now
            traffic.end()
            rise = float(traffic.total - base)
            waiting.until(
                lambda: set(self.counters(agent).values()) == {rise}, 30,
                f"counters at {rise}, which are {self.counters(agent)}")
        self.assertNotIn("damaged", agent.log)


class Down(Storage):
    """Three days without an agent."""

    AWAY = 3

    def test_three_days_down(self):
        library = shift.build()
        if library is None:
            self.skipTest("no C compiler for the library that shifts a clock")
        start = Clock().today() + 10 * DAY
        noon = epoch(start) + 12 * 3600
        clock = Clock(round(noon - time.time()))
        file = tempfile.NamedTemporaryFile(prefix="cx-e2e-clock-")
        self.addCleanup(file.close)
        process = shift.ShiftedClock(file.name, library)
        process.set(clock.offset)
        experia = self.server(vendors.ExperiaServer, clock=clock)
        chat = self.server(vendors.RocketChatServer, clock=clock)
        bot = self.server(vendors.KoreServer, clock=clock)

        def told(day, total):
            experia.set(day, totalSessions=total)
            chat.set("Total_messages", total, day)
            bot.set_hour(total, datetime.datetime.combine(
                day, datetime.time(10)))

        for day in days(start - 40 * DAY, start - DAY):
            told(day, 7000)
        told(start, 100)
        targets = [experia.target("support", timezone_offset="+00:00"),
                   chat.target("chat", charts=["Total_messages"]),
                   bot.target("bot")]
        agent = self.agent(targets, env=process.environment).start()
        agent.up("support", "chat", "bot")
        self.assertEqual(set(self.counters(agent).values()), {0.0})
        told(start, 110)
        waiting.until(lambda: set(self.counters(agent).values()) == {10.0},
                      15, "what came before the outage")
        self.kill(agent)

        told(start, 150)
        told(start + DAY, 1000)
        told(start + 2 * DAY, 2000)
        told(start + 3 * DAY, 30)
        clock.offset += self.AWAY * 86400
        process.set(clock.offset)
        agent = self.agent(targets, env=process.environment).start()
        # The rest of the first day, two whole days, and the new one.
        expected = 10.0 + 40 + 1000 + 2000 + 30
        waiting.until(
            lambda: set(self.counters(agent).values()) == {expected}, 40,
            f"{expected}, but they are {self.counters(agent)}")
        # And nothing more: the next polls find nothing to add.
        polls = agent.scrape().value("cx_exporter_polls_total", target="bot")
        agent.scrape_when(lambda s: s.value(
            "cx_exporter_polls_total", target="bot") >= polls + 3)
        self.assertEqual(set(self.counters(agent).values()), {expected})

    def test_missed_days_come_behind_live_polls_and_oldest_first(self):
        library = shift.build()
        if library is None:
            self.skipTest("no C compiler for the library that shifts a clock")
        start = Clock().today() + 10 * DAY
        clock = Clock(round(epoch(start) + 12 * 3600 - time.time()))
        file = tempfile.NamedTemporaryFile(prefix="cx-e2e-clock-")
        self.addCleanup(file.close)
        process = shift.ShiftedClock(file.name, library)
        process.set(clock.offset)
        experia = self.server(vendors.ExperiaServer, clock=clock)
        targets = [experia.target("support", timezone_offset="+00:00")]
        agent = self.agent(targets, env=process.environment).start()
        agent.up("support")
        self.kill(agent)
        clock.offset += 4 * 86400
        process.set(clock.offset)
        first = len(experia.requests)
        agent = self.agent(targets, env=process.environment).start()
        expected = [f"{day} to {day}" for day in days(start, start + 3 * DAY)]

        def filters():
            return [r.json["filter"] for r in experia.requests[first:]]

        live = f"{start + 4 * DAY} to {start + 4 * DAY}"
        waiting.until(lambda: [f for f in filters() if f != live]
                      == expected, 30, "every missed day, once and in order")
        self.assertEqual(filters()[0], live)
        asked = filters()
        for index, name in enumerate(asked):
            if name != live:
                self.assertEqual(asked[index - 1], live,
                                 "one missed day behind each live poll")


class Removed(Storage):

    def test_a_target_that_comes_back_goes_on(self):
        experia = self.server(vendors.ExperiaServer)
        experia.set(totalSessions=100)
        both = [experia.target("support"), experia.target("sales")]
        agent = self.agent(both).start()
        agent.up("support", "sales")
        experia.set(totalSessions=110)
        agent.scrape_when(lambda s: s.value(SESSIONS, target="sales") == 10)
        write_config(self.folder, both[:1], Agent.FAST)
        agent.process.send_signal(signal.SIGHUP)
        agent.scrape_when(
            lambda s: not s.samples(SESSIONS, target="sales"))
        experia.set(totalSessions=115)
        self.kill(agent)
        agent = self.agent(both[:1]).start()
        agent.up("support")
        self.assertEqual(agent.scrape().samples(SESSIONS, target="sales"), [])
        write_config(self.folder, both, Agent.FAST)
        agent.process.send_signal(signal.SIGHUP)
        agent.scrape_when(lambda s: s.value(SESSIONS, target="sales") == 15)
        # Under another name it is another target.
        write_config(self.folder, both[:1] + [experia.target("vendite")],
                     Agent.FAST)
        agent.process.send_signal(signal.SIGHUP)
        agent.scrape_when(
            lambda s: s.value(SESSIONS, target="vendite") == 0)


class Budget(Storage):

    def test_a_restart_does_not_refill_the_budget(self):
        experia = self.server(vendors.ExperiaServer)
        target = experia.target("support")
        target["rate_limit"] = [{"requests": 6, "per": "10m"}]
        for _ in range(4):
            agent = self.agent([target], defaults={"interval": "1s"}).start()
            agent.scrape_when(lambda s: s.value(
                "cx_exporter_polls_total", target="support") >= 1, 20,
                "a poll, or a refusal of the budget")
            waiting.throughout(lambda: len(experia.requests) <= 6, 1,
                               "at most 6 requests")
            self.kill(agent)
        self.assertGreaterEqual(len(experia.requests), 4)
        self.assertLessEqual(len(experia.requests), 6)
        files = list(pathlib.Path(self.folder, "state").glob("budget-*"))
        self.assertEqual(len(files), 1)
        self.assertNotIn(experia.key.encode(), files[0].read_bytes())
        self.assertNotIn(experia.key, files[0].name)

    def test_a_vendors_pause_outlives_a_restart(self):
        experia = self.server(vendors.ExperiaServer)
        agent = self.agent([experia.target("support")]).start()
        agent.up("support")
        experia.fault = faults.retry_after(600)
        agent.up("support", value=0)
        experia.fault = None
        asked = len(experia.requests)
        self.kill(agent)
        agent = self.agent([experia.target("support")]).start()
        scrape = agent.scrape_when(lambda s: s.value(
            "cx_exporter_poll_failures_total", target="support",
            reason="budget") >= 1)
        self.assertEqual(scrape.value(
            "cx_exporter_rate_limit_remaining_requests", vendor="experia"), 0)
        self.assertEqual(len(experia.requests), asked)


class FullDisk(Storage):
    """A file system of its own that has no room left."""

    def setUp(self):
        super().setUp()
        self.disk = pathlib.Path(self.folder, "disk")
        self.disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs",
             str(self.disk)], capture_output=True, text=True, check=False)
        if mounted.returncode:
            self.skipTest("no file system can be mounted here: "
                          + mounted.stderr.strip())
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.disk)],
                        check=False)

    def fill(self):
        ballast = self.disk / "ballast"
        with open(ballast, "ab", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 512)
            except OSError:
                return ballast

    def test_polling_goes_on_and_nothing_stored_is_lost(self):
        experia = self.server(vendors.ExperiaServer)
        experia.set(totalSessions=100)
        state = str(self.disk / "state")
        agent = self.agent([experia.target("support")], state).start()
        agent.up("support")
        experia.set(totalSessions=110)
        agent.scrape_when(lambda s: s.value(SESSIONS) == 10)
        ballast = self.fill()
        experia.set(totalSessions=125)
        scrape = agent.scrape_when(lambda s: s.value(SESSIONS) == 25)
        self.assertGreaterEqual(
            scrape.value("cx_exporter_storage_errors_total"), 1)
        self.assertEqual(agent.log.count("storage failed"), 1)
        self.assertIn("No space left on device", agent.log)
        # Killed now, it has what was stored before the disk was full.
        self.kill(agent)
        agent = self.agent([experia.target("support")], state).start()
        self.assertGreaterEqual(agent.scrape().value(SESSIONS), 10)
        agent.scrape_when(lambda s: s.value(SESSIONS) == 25)
        # With room again everything is stored.
        ballast.unlink()
        experia.set(totalSessions=130)
        agent.scrape_when(lambda s: s.value(SESSIONS) == 30)
        self.assertEqual(agent.stop(), 0)
        agent = self.agent([experia.target("support")], state).start()
        self.assertEqual(agent.scrape().value(SESSIONS), 30)


class FakedTime(Storage):
    """A real midnight, with the clock that Debian's faketime gives."""

    LIBRARIES = (
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
        "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1")

    def test_sessions_of_the_last_second(self):
        library = next(
            (l for l in self.LIBRARIES if pathlib.Path(l).exists()), None)
        self.assertIsNotNone(library, "faketime is not installed")
        today = Clock().today()
        midnight = epoch(today + DAY)
        clock = Clock(round(midnight - time.time()) - 15)
        experia = self.server(vendors.ExperiaServer, clock=clock)
        experia.set(today, totalSessions=100)
        experia.set(today + DAY, totalSessions=0)
        file = pathlib.Path(self.folder, "faketime")
        file.write_text(f"+{clock.offset}s\n")
        environment = {
            "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1"}
        clock.offset -= 300
        file.write_text(f"+{clock.offset}s\n")
        agent = self.agent([experia.target("support", timezone_offset="+00:00")],
                           env=environment).start()
        agent.up("support")
        experia.set(today, totalSessions=110)
        agent.scrape_when(lambda s: s.value(SESSIONS) == 10)
        clock.offset = round(midnight - time.time()) - 6
        file.write_text(f"+{clock.offset}s\n")
        waiting.until(lambda: midnight - 1 <= clock.time(), 10,
                      "the last second of the day", every=0.01)
        self.assertLess(clock.time(), midnight)
        experia.set(today, totalSessions=117)
        waiting.until(lambda: clock.time() > midnight + 2, 10, "midnight")
        experia.set(today + DAY, totalSessions=4)
        # The day is closed once no vendor's clock can still be in it.
        clock.offset += 160
        file.write_text(f"+{clock.offset}s\n")
        agent.scrape_when(lambda s: s.value(SESSIONS) == 21, 30,
                          "the sessions of the last second and of the new day")


if __name__ == "__main__":
    unittest.main()
