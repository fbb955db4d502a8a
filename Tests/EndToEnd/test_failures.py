"""Every way to fail, for every vendor: what is told and how it ends.

One agent polls a target of its own for each pair of vendor and fault, all at
the same time, and one sound target of each vendor besides.
"""

import re
import time

import vendors
from harness import waiting
from harness.agent import Agent
from harness.case import EndToEndCase
from vendors import faults

UP = "cx_exporter_target_up"
FAILURES = "cx_exporter_poll_failures_total"
MEBIBYTE = 1 << 20

# name: (fault, reason)
FAULTS = {
    "refused": (None, "connection"),
    "reset": (faults.reset(), "connection"),
    "cutbody": (faults.cut_body(), "connection"),
    "hang": (faults.hang(), "timeout"),
    "drip": (faults.drip(), "timeout"),
    "s401": (faults.status(401, "{}"), "auth"),
    "s403": (faults.status(403, "{}"), "auth"),
    "s500": (faults.status(500, "{}"), "http_status"),
    "s502": (faults.html(502), "http_status"),
    "retry": (faults.retry_after(2), "rate_limited"),
    "html": (faults.html(), "decode"),
    "cutjson": (faults.cut_json(), "decode"),
    "notjson": (faults.not_json(), "decode"),
    "empty": (faults.empty(), "decode"),
    "envelope": (faults.envelope(), "vendor_error")}


class Failures(EndToEndCase):
    """All faults at once; each test looks at one side of it."""

    @classmethod
    def setUpClass(cls):
        cls.servers, cls.sound, targets = {}, [], []
        for number, kind in enumerate(vendors.ALL):
            healthy = kind(**credential(kind, f"sound-{number}"))
            cls.addClassCleanup(healthy.close)
            cls.sound.append(f"{healthy.vendor}-sound")
            targets.append(healthy.target(cls.sound[-1]))
            for fault in FAULTS:
                server = kind(**credential(kind, f"{fault}-{number}"))
                cls.addClassCleanup(server.close)
                name = f"{server.vendor}-{fault}"
                cls.servers[name] = server
                target = server.target(name, stale_after="3s")
                if server.vendor == "rocketchat":
                    target["charts"] = ["Total_messages", "Avg_response_time"]
                targets.append(target)
        cls.agent = Agent(targets, defaults={"timeout": "3s"}).start()
        cls.addClassCleanup(cls.agent.close)
        cls.agent.up(*cls.servers, *cls.sound, seconds=60)
        for name, server in cls.servers.items():
            server.fault = FAULTS[name.split("-")[1]][0]
            if not server.fault:
                server.refuse()
        try:
            # A target may be stale, and so down, before its poll has failed.
            cls.agent.scrape_when(
                lambda s: all(s.value(UP, target=name) == 0 and sum(
                    x.value for x in s.samples(FAILURES, target=name)) >= 1
                    for name in cls.servers), 40, "every target's failure")
        except waiting.Timeout:
            pass  # Which of them are still up is what the test tells.
        cls.down = cls.agent.scrape()
        cls.log = cls.agent.log
        cls.memory = cls.agent.memory("VmHWM")
        for server in cls.servers.values():
            server.fault = None
            if server._listener is None:
                server.listen()

    def each(self):
        return [(name, server, FAULTS[name.split("-")[1]][1])
                for name, server in self.servers.items()]

    def test_the_target_is_down(self):
        for name, server, _ in self.each():
            with self.subTest(target=name):
                self.assertEqual(self.down.value(
                    UP, target=name, vendor=server.vendor), 0)

    def test_the_reason_is_counted(self):
        for name, _, reason in self.each():
            with self.subTest(target=name):
                counted = {s.labels["reason"]: s.value for s in
                           self.down.samples(FAILURES, target=name) if s.value}
                self.assertGreaterEqual(counted.pop(reason, 0), 1, counted)
                # The moment in which the fault was set may have cut an answer.
                counted.pop("connection", 0)
                self.assertEqual(counted, {})

    def test_the_log_names_target_and_endpoint(self):
        for name, server, _ in self.each():
            with self.subTest(target=name):
                lines = [line for line in self.log.splitlines()
                         if name in line]
                told = [line for line in lines if server.endpoint in line
                        and re.search(r"(?i)level=(warn|error)", line)]
                self.assertTrue(told, lines[-3:] or "no line at all")

    def test_no_secret_in_the_log(self):
        for name, server, _ in self.each():
            with self.subTest(target=name):
                for secret in server.secrets():
                    self.assertNotIn(secret, self.agent.log)
        self.assertNotIn("eyJ", self.agent.log)

    def test_sound_targets_stay_up(self):
        for name in self.sound:
            with self.subTest(target=name):
                self.assertEqual(self.down.value(UP, target=name), 1)
                self.assertEqual(sum(s.value for s in self.down.samples(
                    FAILURES, target=name)), 0)

    def test_memory_is_bounded(self):
        self.assertLess(self.memory, 100 * MEBIBYTE)

    def test_recovery_at_the_next_good_answer(self):
        self.agent.up(*self.servers, *self.sound, seconds=60)


class Huge(EndToEndCase):
    """A body of 1 GiB is cut off; nothing near it is kept in memory."""

    def run_huge(self, fault):
        targets, servers = [], []
        for number, kind in enumerate(vendors.ALL):
            server = self.server(kind, **credential(kind, f"huge-{number}"))
            server.fault = fault
            servers.append(server)
            # One of them has the default limit of 8 MiB.
            limit = {"max_response_size": "1MiB"} if number else {}
            targets.append(server.target(f"{server.vendor}-huge",
                                         timeout="8s", **limit))
        healthy = self.server(vendors.ExperiaServer, key="healthy-key")
        agent = self.start_agent([*targets, healthy.target("sound")])
        names = [target["name"] for target in targets]
        agent.scrape_when(
            lambda s: all(s.value(FAILURES, target=name,
                                  reason="too_large") >= 2 for name in names),
            40, "two too_large failures of every vendor")
        agent.up("sound")
        self.assertLess(agent.memory("VmHWM"), 60 * MEBIBYTE)
        for server in servers:
            with self.subTest(vendor=server.vendor):
                polls = max(1, len(server.requests))
                self.assertLess(server.bytes_sent / polls, 64 * MEBIBYTE)
            server.fault = None
        agent.up(*names, seconds=40)

    def test_announced_length(self):
        self.run_huge(faults.huge(announced=True))

    def test_chunks(self):
        self.run_huge(faults.huge(announced=False))

    def test_gzip_bomb(self):
        self.run_huge(faults.gzip_bomb())


class Redirects(EndToEndCase):

    def test_another_host_is_never_asked(self):
        targets, elsewhere = [], {}
        for kind in vendors.ALL:
            for code in (301, 302, 307, 308):
                name = f"{kind.vendor}-{code}"
                server = self.server(kind, **credential(kind, name))
                other = self.server(kind, host="127.0.0.2")
                server.fault = faults.redirect(
                    f"{other.url}{other.endpoint}", code)
                targets.append(server.target(name))
                elsewhere[name] = other
        agent = self.start_agent(targets)
        scrape = agent.scrape_when(
            lambda s: all(sum(x.value for x in s.samples(
                FAILURES, target=name)) >= 1 for name in elsewhere), 30,
            "a failure of every target")
        for name, other in elsewhere.items():
            with self.subTest(target=name):
                self.assertEqual(scrape.value(UP, target=name), 0)
                self.assertEqual(other.requests, [])


class Staleness(EndToEndCase):

    def test_gauges_are_kept_until_they_are_stale(self):
        server = self.server(vendors.SamespaceServer)
        agent = self.start_agent([server.target("voice", stale_after="1h")])
        agent.up("voice")
        server.fault = faults.status(500, "{}")
        scrape = agent.scrape_when(lambda s: s.value(
            FAILURES, target="voice", reason="http_status") >= 2)
        self.assertEqual(len(scrape.samples("samespace_stat_value")), 2)

    def test_gauges_go_away_when_stale(self):
        server = self.server(vendors.SamespaceServer)
        agent = self.start_agent([server.target("voice", stale_after="3s")])
        agent.up("voice")
        server.fault = faults.status(500, "{}")
        scrape = agent.scrape_when(
            lambda s: not s.samples("samespace_stat_value"), 20,
            "the gauges' going away")
        self.assertEqual(scrape.value(UP, target="voice"), 0)


class RateLimits(EndToEndCase):
    """How long the exporter keeps quiet after a 429."""

    def waits(self, kind, fault, seconds, slack=0.2):
        """No request for so long after the 429, then a good poll."""
        server = kind()
        self.addCleanup(server.close)
        agent = Agent([server.target("slow")])
        self.addCleanup(agent.close)
        agent.start()
        agent.up("slow")
        server.fault = fault
        agent.scrape_when(lambda s: s.value(
            FAILURES, target="slow", reason="rate_limited") >= 1)
        server.fault = None
        # Requests of the poll that was cut short may still have been on
        # their way; what counts is the wait after the last of them.
        before = [r.time for r in server.requests][-1]
        until = agent.scrape().value(
            "cx_exporter_backoff_until_timestamp_seconds", target="slow")
        self.assertGreater(until, before + seconds - 1.5)
        self.assertLess(until, before + seconds + 3)
        after = waiting.until(lambda: server.since(before), seconds + 15,
                              "the poll after the wait")
        self.assertGreaterEqual(after[0].time - before, seconds - slack)
        agent.up("slow")
        agent.close()
        server.close()

    def test_retry_after_in_seconds(self):
        for kind in vendors.ALL:
            with self.subTest(vendor=kind.vendor):
                self.waits(kind, faults.retry_after(4), 4)

    def test_retry_after_as_a_date(self):
        # The date has whole seconds, so up to one may be missing.
        self.waits(vendors.KoreServer, faults.retry_after_date(5), 5, 1.2)

    def test_rocketchat_reset_in_milliseconds(self):
        self.waits(vendors.RocketChatServer,
                   faults.rocketchat_limit(4, text=False), 4)

    def test_rocketchat_text(self):
        self.waits(vendors.RocketChatServer,
                   faults.rocketchat_limit(4, headers=False), 4)

    def test_without_a_hint(self):
        for kind in vendors.ALL:
            with self.subTest(vendor=kind.vendor):
                server = self.server(kind)
                server.fault = faults.status(429, "{}")
                agent = self.start_agent([server.target("slow")])
                scrape = agent.scrape_when(lambda s: s.value(
                    FAILURES, target="slow", reason="rate_limited") >= 1)
                self.assertGreater(scrape.value(
                    "cx_exporter_backoff_until_timestamp_seconds",
                    target="slow"), time.time() - 1)

    def test_a_budget_is_never_overspent(self):
        server = self.server(vendors.ExperiaServer)
        agent = self.start_agent([server.target(
            "tight", rate_limit=[{"requests": 3, "per": "1h"}])])
        agent.up("tight")
        waiting.throughout(lambda: len(server.requests) <= 3, 6,
                           "at most 3 requests in an hour")
        scrape = agent.scrape()
        self.assertEqual(scrape.value("cx_exporter_rate_limit_requests",
                                      vendor="experia"), 3)

    def test_a_shared_credential_shares_its_budget(self):
        server = self.server(vendors.ExperiaServer)
        limit = [{"requests": 4, "per": "1h"}]
        agent = self.start_agent([
            server.target(f"t{n}", rate_limit=limit) for n in range(3)])
        waiting.until(lambda: server.requests, 20, "the first request")
        waiting.throughout(lambda: len(server.requests) <= 4, 6,
                           "at most 4 requests in an hour")
        self.assertTrue(agent.alive())


class Backoff(EndToEndCase):

    def test_a_refused_credential_is_tried_once_an_interval(self):
        server = self.server(vendors.ExperiaServer)
        server.fault = faults.status(401, "{}")
        agent = self.start_agent([server.target("support", interval="2s")])
        waiting.until(lambda: len(server.requests) >= 3, 20,
                      "three requests")
        times = [r.time for r in server.requests]
        for earlier, later in zip(times, times[1:]):
            self.assertGreater(later - earlier, 1.5)
        self.assertTrue(agent.alive())

    def test_failures_are_polled_less_and_less(self):
        server = self.server(vendors.ExperiaServer)
        server.fault = faults.status(500, "{}")
        self.start_agent([server.target("support", interval="1s")])
        waiting.until(lambda: len(server.requests) >= 5, 50,
                      "five requests")
        times = [r.time for r in server.requests]
        # 1 + 2 + 4 + 8 seconds, less the jitter; 4 without any backoff.
        self.assertGreater(times[4] - times[0], 5.5)
        for earlier, later in zip(times, times[1:]):
            self.assertLess(later - earlier, 11)


def credential(kind, text):
    """A credential of its own, since a shared one shares its budget."""
    return {"experia": {"key": f"experia-{text}"},
            "samespace": {"key": f"same@space!{text}#"},
            "rocketchat": {"token": f"rocket-{text}", "user": f"user{text}"},
            "kore": {"secret": f"kore-{text}", "client": f"cs-{text}"},
            }[kind.vendor]
