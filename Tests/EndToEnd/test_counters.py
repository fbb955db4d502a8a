"""Counters made from totals that start again with every day."""

import datetime
import os
import pathlib
import signal

import vendors
from harness import waiting
from harness.agent import Agent
from harness.case import CORRECTIONS, EndToEndCase
from harness.planned import needs

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


class CounterCase(EndToEndCase):

    def reaches(self, agent, name, value, **labels):
        """Wait until the counter has this value."""
        return agent.scrape_when(
            lambda s: s.value(name, **labels) == value, 20,
            f"{name}{labels} = {value} (now "
            f"{agent.scrape().samples(name, **labels)})")

    def stays(self, agent, name, value, target, polls=2, **labels):
        """The counter has this value and keeps it for more polls."""
        def count():
            return agent.scrape().value("cx_exporter_polls_total",
                                        target=target)
        end = count() + polls

        def over():
            scrape = agent.scrape()
            self.assertEqual(scrape.value(name, target=target, **labels),
                             value)
            return scrape.value("cx_exporter_polls_total",
                                target=target) >= end
        waiting.until(over, 20, f"{name} {value} through {polls} polls")


class Counters(CounterCase):

    def test_experia(self):
        server = self.server(vendors.ExperiaServer)
        server.set(totalSessions=100, agentTotalTimeOnline="00 01:00:00")
        agent = self.start_agent([server.target("support")])
        sessions, gauge = "experia_sessions_total", "experia_period_sessions"
        scrape = agent.up("support")
        self.assertEqual(scrape.value(sessions), 0)
        self.assertEqual(scrape.value(gauge), 100)
        corrected = scrape.value(CORRECTIONS, target="support")
        self.assertEqual(corrected, 0)

        server.set(totalSessions=107, agentTotalTimeOnline="00 01:00:30")
        self.reaches(agent, sessions, 7, target="support")
        self.reaches(agent, "experia_agent_online_seconds_total", 30)

        server.set(totalSessions=103, agentTotalTimeOnline="00 01:00:30")
        agent.scrape_when(lambda s: s.value(gauge) == 103)
        self.stays(agent, sessions, 7, "support")
        waiting.until(lambda: agent.scrape().value(
            CORRECTIONS, target="support") >= 1, 10, "a counted correction")

        server.set(totalSessions=107, agentTotalTimeOnline="00 01:00:30")
        agent.scrape_when(lambda s: s.value(gauge) == 107)
        self.stays(agent, sessions, 7, "support")

        server.set(totalSessions=110, agentTotalTimeOnline="00 01:00:30")
        self.reaches(agent, sessions, 10, target="support")
        self.assertEqual(agent.scrape().value(
            "experia_agent_online_seconds_total"), 30)

    def test_only_the_daily_period_feeds_the_counter(self):
        server = self.server(vendors.ExperiaServer)
        for period, total in (("daily", 10), ("monthly", 1000)):
            server.set(period, totalMsg=total)
        agent = self.start_agent([server.target(
            "support", periods=["daily", "monthly"])])
        agent.up("support")
        server.set("monthly", totalMsg=1500)
        agent.scrape_when(lambda s: s.value(
            "experia_period_messages", period="monthly") == 1500)
        self.stays(agent, "experia_messages_total", 0, "support")

    def test_rocketchat_over_two_days(self):
        server = self.server(vendors.RocketChatServer)
        today = server.clock.today()
        chart, name = "Total_messages", "rocketchat_omnichannel_messages_total"
        server.set(chart, 500, today - DAY)
        server.set(chart, 20, today)
        agent = self.start_agent([server.target("chat")])
        self.assertEqual(agent.up("chat").value(name), 0)

        server.set(chart, 507, today - DAY)
        server.set(chart, 25, today)
        self.reaches(agent, name, 12, target="chat")

        server.set(chart, 490, today - DAY)
        server.set(chart, 28, today)
        self.reaches(agent, name, 15, target="chat")
        self.stays(agent, name, 15, "chat")
        self.assertGreaterEqual(agent.scrape().value(
            CORRECTIONS, target="chat"), 1)

        server.set(chart, 508, today - DAY)
        self.reaches(agent, name, 16, target="chat")
        self.assertEqual(agent.scrape().value(
            "rocketchat_omnichannel_period_messages"), 28)
        self.assert_no_complaints(server)

    def test_rocketchat_does_not_count_the_extra_day_of_a_zone(self):
        """The UTC day is found by its label, wherever the workspace is."""
        for zone in ("east", "west"):
            with self.subTest(zone=zone):
                server = self.server(vendors.RocketChatServer)
                server.zone = zone
                today = server.clock.today()
                server.set("Total_conversations", 3, today - 2 * DAY)
                server.set("Total_conversations", 5, today - DAY)
                server.set("Total_conversations", 8, today)
                server.set("Total_conversations", 0, today + DAY)
                agent = self.start_agent([server.target("chat")])
                scrape = agent.up("chat")
                self.assertEqual(scrape.value(
                    "rocketchat_omnichannel_period_conversations"), 8)
                server.set("Total_conversations", 9, today)
                self.reaches(agent,
                             "rocketchat_omnichannel_conversations_total", 1)

    def test_kore_over_two_days(self):
        server = self.server(vendors.KoreServer)
        now = server.clock.now().replace(minute=0, second=0, microsecond=0)
        late = now.replace(hour=23) - DAY
        name = "kore_engagement_hourly_users_total"
        for hour, users in ((late, 40), (now - HOUR, 30), (now, 10)):
            server.set_hour(users, hour)
        agent = self.start_agent([server.target("bot")])
        scrape = agent.up("bot")
        self.assertEqual(scrape.value(name, channel="all"), 0)

        # At 00:xx the hour before is yesterday's 23 - 0 itself.
        grown = {late: 41, now: 16} if late == now - HOUR else {
            late: 41, now - HOUR: 33, now: 16}
        expected = 11 + 6 if late == now - HOUR else 1 + 3 + 6
        for hour, users in grown.items():
            server.set_hour(users, hour)
        self.reaches(agent, name, expected, channel="all")

        server.set_hour(12, now)
        agent.scrape_when(lambda s: s.value(
            "kore_engagement_current_hour_users") == 12)
        self.stays(agent, name, expected, "bot")
        server.set_hour(18, now)
        self.reaches(agent, name, expected + 2, channel="all")
        self.assert_no_complaints(server)

    def test_a_counter_stays_when_the_gauges_are_stale(self):
        server = self.server(vendors.ExperiaServer)
        server.set(totalSessions=100)
        agent = self.start_agent([server.target("support", stale_after="3s")])
        agent.up("support")
        server.set(totalSessions=104)
        self.reaches(agent, "experia_sessions_total", 4)
        server.refuse()
        scrape = agent.scrape_when(
            lambda s: not s.samples("experia_period_sessions"), 20,
            "the gauges' going away")
        self.assertEqual(scrape.value("experia_sessions_total"), 4)
        self.assertEqual(scrape.value("cx_exporter_target_up",
                                      target="support"), 0)
        server.set(totalSessions=109)
        server.listen()
        self.reaches(agent, "experia_sessions_total", 9)


@needs("--storage.path")
class Ledger(CounterCase):
    """The ledger on disk."""

    def start(self, server, *flags):
        agent = Agent([server.target("support")], f"--storage.path="
                      f"{self.folder}/data", *flags, folder=self.folder)
        self.addCleanup(agent.stop)
        return agent.start()

    def setUp(self):
        self.kept = Agent([])
        self.addCleanup(self.kept.close)
        self.folder = self.kept.folder
        os.mkdir(f"{self.folder}/data", 0o700)
        self.vendor = self.server(vendors.ExperiaServer)
        self.vendor.set(totalSessions=100)
        self.first = self.start(self.vendor)
        self.first.up("support")
        self.vendor.set(totalSessions=107)
        self.reaches(self.first, "experia_sessions_total", 7)

    def test_survives_kill_9(self):
        self.first.process.send_signal(signal.SIGKILL)
        self.first.stop()
        self.vendor.set(totalSessions=115)
        again = self.start(self.vendor)
        again.up("support")
        self.reaches(again, "experia_sessions_total", 15)

    def test_survives_a_restart(self):
        self.assertEqual(self.first.stop(), 0)
        again = self.start(self.vendor)
        again.up("support")
        self.assertEqual(again.scrape().value("experia_sessions_total"), 7)

    def test_a_damaged_file_is_set_aside(self):
        self.first.stop()
        files = [path for path in pathlib.Path(self.folder, "data").rglob("*")
                 if path.is_file()]
        self.assertTrue(files, "the ledger is nowhere on disk")
        for path in files:
            raw = bytearray(path.read_bytes())
            for at in range(len(raw) // 3, len(raw), 7):
                raw[at] ^= 0x5A
            path.write_bytes(raw)
        logged = len(self.first.log)
        again = self.start(self.vendor)
        scrape = again.up("support")
        self.assertEqual(scrape.value("experia_sessions_total"), 0)
        self.assertRegex(again.log[logged:], r"(?i)level=(warn|error)")
        self.assertIn(f"{self.folder}/data", again.log[logged:])
        kept = [path for path in pathlib.Path(self.folder, "data").rglob("*")
                if path.is_file()]
        self.assertGreater(len(kept), 0)
