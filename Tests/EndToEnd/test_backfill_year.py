"""A year of all four vendors in Prometheus, and where it meets live data."""

import datetime
import os
import re
import time

from harness import tools
from harness.agent import Agent, listening_ports, run
from harness.case import EndToEndCase
from harness.exposition import Exposition
from harness.prometheus import Prometheus

HOUR = 3600
DAY = 24 * HOUR
YEAR = datetime.timedelta(days=365)
JOB = {"job": "cx", "instance": "agent"}
# The span of a range selector that holds all of it.
ALL = "400d"


def targets(url):
    """The demo's simulator, as the demo itself is configured."""
    return [
        {"name": "support", "vendor": "experia", "url": url,
         "api_key": "demo-experia-key", "labels": {"brand": "acme"},
         "timezone_offset": "+03:00",
         "sla": {"response": {"threshold": "30s", "objective": 0.9}},
         "views": [{"name": "all"},
                   {"name": "whatsapp", "channels": ["wa-1"]}],
         "rate_limit": [{"requests": 20000, "per": "1h"}]},
        {"name": "voice", "vendor": "samespace", "url": url,
         "api_key": "demo-samespace-key", "timezone": "Asia/Kolkata",
         "dashboards": [{"id": "64708408b289a50051bd6781"}]},
        {"name": "chat", "vendor": "rocketchat", "url": url,
         "user_id": "demo-user", "auth_token": "demo-rocketchat-token",
         "departments": [{"name": "all"},
                         {"name": "sales", "id": "64181a0728384134ed600dcc"}],
         "rate_limit": [{"requests": 1000, "per": "1m"}]},
        {"name": "bot", "vendor": "kore", "url": url,
         "bot_id": "st-00000000-0000-0000-0000-000000000000",
         "jwt": {"client_id": "cs-0000",
                 "client_secret": "demo-kore-secret"},
         "rate_limit": [{"requests": 1000, "per": "1m"}]}]


class YearOfAllVendors(EndToEndCase):
    """History first, then the agent: the counters go on without a step."""

    @classmethod
    def setUpClass(cls):
        cls.demo = Agent(None, command=["demo"]).start()
        cls.addClassCleanup(cls.demo.close)
        [port] = [p for p in listening_ports(cls.demo.process.pid)
                  if p != cls.demo.port]
        cls.config = targets(f"http://127.0.0.1:{port}")
        cls.live = Agent(cls.config)
        cls.addClassCleanup(cls.live.close)
        cls.live.flags.append(f"--storage.path={cls.live.folder}/ledger")
        cls.output = os.path.join(cls.live.folder, "year.om")
        last = datetime.datetime.utcnow().date()
        started = time.monotonic()
        done = run(
            "backfill", *cls.live.flags, f"--from={last - YEAR}",
            f"--to={last}", f"--output={cls.output}",
            *(f"--label={name}={value}" for name, value in JOB.items()),
            timeout=300)
        cls.seconds = time.monotonic() - started
        cls.done = done
        if done.returncode:
            raise AssertionError(done.stderr)
        with open(cls.output, encoding="utf-8") as file:
            cls.history = Exposition(file.read(), openmetrics=True)
        cls.prometheus = Prometheus(
            {"global": {"scrape_interval": "1s"},
             "scrape_configs": []}, "--storage.tsdb.retention.time=10y")
        cls.addClassCleanup(cls.prometheus.close)
        cls.made = tools.promtool(
            "tsdb", "create-blocks-from", "openmetrics", "-q",
            "--max-block-duration=744h", cls.output,
            f"{cls.prometheus.folder}/data", timeout=300)
        cls.live.start()
        cls.prometheus.write(
            {"global": {"scrape_interval": "1s"},
             "scrape_configs": [{
                 "job_name": "cx",
                 "static_configs": [{
                     "targets": [f"127.0.0.1:{cls.live.port}"],
                     "labels": {"instance": "agent"}}]}]})
        cls.live.up("support", "voice", "chat", "bot", seconds=30)
        cls.prometheus.start()
        deadline = time.monotonic() + 30
        while (not cls.prometheus.query("kore_engagement_hourly_users_total")
               and time.monotonic() < deadline):
            time.sleep(0.2)

    def ends(self, name, **labels):
        """The last sample of a series of the history."""
        found = self.history.samples(name, **labels)
        self.assertTrue(found, name)
        return found[-1]

    def test_promtool_takes_it(self):
        self.assertEqual(self.made[0], 0, self.made[1])
        self.assertTrue(os.listdir(f"{self.prometheus.folder}/data"))

    def test_nothing_is_left_behind(self):
        self.assertFalse(os.path.exists(self.output + ".work"))

    def test_it_ends_three_hours_ago(self):
        latest = max(s.timestamp for f in self.history.families.values()
                     for s in f.samples)
        self.assertLess(float(latest), time.time() - 3 * HOUR)

    def test_a_series_is_written_in_one_piece_and_ascending(self):
        seen, last = set(), (None, None)
        with open(self.output, encoding="utf-8") as file:
            for line in file:
                if line.startswith("#"):
                    continue
                series, _, at = line.rstrip("\n").rsplit(" ", 2)
                if series != last[0]:
                    self.assertNotIn(series, seen)
                    seen.add(series)
                else:
                    self.assertGreater(int(at), last[1], line)
                last = (series, int(at))

    def test_names_and_labels_are_those_of_live(self):
        """Every series of the history goes on live, but for the labels that
        Prometheus gives."""
        live = self.live.scrape(openmetrics=True)
        expected = {
            (name, frozenset(s.labels.items()))
            for name, family in live.families.items()
            for s in family.samples}
        for name, family in self.history.families.items():
            self.assertEqual(family.type, live.families[name].type, name)
            for sample in family.samples:
                own = {k: v for k, v in sample.labels.items() if k not in JOB}
                self.assertLessEqual(JOB.items(), sample.labels.items())
                self.assertIn((name, frozenset(own.items())), expected)

    def test_every_day_of_the_year_is_there(self):
        for name, labels in (
                ("experia_period_sessions", {"view": "all"}),
                ("rocketchat_omnichannel_period_messages",
                 {"department": "sales"}),
                ("kore_engagement_current_day_users", {})):
            samples = self.history.samples(name, **labels)
            times = [float(s.timestamp) for s in samples]
            self.assertGreaterEqual(len(times), 364, name)
            self.assertEqual({b - a for a, b in zip(times, times[1:])}, {DAY})

    def test_the_year_of_gauges_is_the_counter(self):
        """What the days amount to, asked of Prometheus."""
        for counter, gauge, labels in (
                ("experia_sessions_total", "experia_period_sessions",
                 'view="whatsapp"'),
                ("rocketchat_omnichannel_messages_total",
                 "rocketchat_omnichannel_period_messages",
                 'department="sales"'),
                ("kore_engagement_hourly_users_total",
                 "kore_engagement_current_hour_users", "")):
            with self.subTest(counter=counter):
                name = labels.split("=", maxsplit=1)[0]
                end = self.ends(counter, **(
                    {name: labels.split('"')[1]} if name else {}))
                at = float(end.timestamp)
                self.assertEqual(
                    self.prometheus.value(f"{counter}{{{labels}}}", at),
                    end.value)
                self.assertEqual(
                    self.prometheus.value(
                        f"sum_over_time({gauge}{{{labels}}}[{ALL}])", at),
                    end.value)

    def test_no_counter_was_reset_at_the_join(self):
        found = []
        for name, family in self.history.families.items():
            if family.type == "counter":
                name = family.samples[0].name
                found += self.prometheus.query(f"resets({name}[{ALL}])")
        # Eight of each view, two of each department, one of the bot.
        self.assertEqual(len(found), 16 + 4 + 1)
        for labels, value in found:
            self.assertEqual(value, 0, labels)

    def test_live_goes_on_where_the_history_ends(self):
        """The live counter is the history's last value and what the vendor
        says of the days since."""
        for counter, gauge, labels in (
                ("experia_sessions_total", "experia_period_sessions",
                 {"view": "all"}),
                ("experia_agent_online_seconds_total",
                 "experia_period_agent_online_seconds", {"view": "whatsapp"}),
                ("rocketchat_omnichannel_conversations_total",
                 "rocketchat_omnichannel_period_conversations",
                 {"department": "all"})):
            with self.subTest(counter=counter):
                end = self.ends(counter, **labels)
                missing = time.time() - float(end.timestamp) - 1
                if missing > DAY:
                    self.skipTest("yesterday ended less than 3 h ago")
                scrape = self.live.scrape()
                self.assertEqual(
                    scrape.value(counter, **labels),
                    end.value + scrape.value(gauge, **labels))

    def test_increase_over_the_join_is_the_truth(self):
        """By samples, for increase() itself extrapolates."""
        name = "experia_sessions_total"
        end = self.ends(name, view="all")
        start = float(end.timestamp) - 5 * DAY
        scrape = self.live.scrape()
        seconds = int(time.time() - start) + 60
        [series] = self.prometheus.api(
            "query", query=f'{name}{{view="all"}}[{seconds}s]')["result"]
        values = [float(value) for _, value in series["values"]]
        grown = sum(b - a if b >= a else b
                    for a, b in zip(values, values[1:]))
        days = [s.value for s in self.history.samples(
            "experia_period_sessions", view="all")
            if float(s.timestamp) > start + 60]
        since = scrape.value(name, view="all") - end.value
        self.assertAlmostEqual(grown, sum(days) + since, delta=5)
        # Not extrapolated over a gap that is longer than the samples' own.
        increase = self.prometheus.value(
            f'increase({name}{{view="all"}}[{seconds}s])')
        self.assertLess(abs(increase - grown) / grown, 0.25)

    def test_what_it_says(self):
        self.assertIsNone(re.search("level=(ERROR|FATAL)", self.done.stderr),
                          self.done.stderr)
        for target in ("support", "voice", "chat", "bot"):
            self.assertRegex(
                self.done.stderr,
                f"fetching history.* target={target} .*percent=100")
