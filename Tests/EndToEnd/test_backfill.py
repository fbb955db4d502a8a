"""The vendors' history as OpenMetrics, into blocks by promtool."""

import datetime
import os
import subprocess

import vendors
from harness.agent import Agent, run, write_config
from harness.case import EndToEndCase
from harness.exposition import Exposition
from harness.planned import needs
from promtool import promtool
from vendors.clock import days, epoch

DAY = datetime.timedelta(days=1)


@needs("backfill")
class Backfill(EndToEndCase):

    def setUp(self):
        holder = Agent([])
        self.addCleanup(holder.close)
        self.folder = holder.folder
        self.servers = [self.server(kind) for kind in
                        (vendors.ExperiaServer, vendors.RocketChatServer,
                         vendors.KoreServer)]
        experia, chat, bot = self.servers
        self.last = chat.clock.today() - 2 * DAY
        self.first = self.last - 3 * DAY
        for n, day in enumerate(days(self.first, self.last), 1):
            experia.set(day, totalSessions=10 * n)
            chat.set("Total_conversations", n, day)
            bot.set_day(n, day)
        self.config = "--config.file=%s" % write_config(
            self.folder, [s.target(s.vendor) for s in self.servers])

    def backfill(self, *arguments):
        return run("backfill", self.config, f"--from={self.first}",
                   f"--to={self.last}", *arguments)

    def test_promtool_makes_blocks_of_it(self):
        path = os.path.join(self.folder, "history.om")
        done = self.backfill(f"--output={path}", "--label=job=cx")
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertTrue(text.endswith("# EOF\n"))
        blocks = os.path.join(self.folder, "blocks")
        made = subprocess.run(
            [promtool(), "tsdb", "create-blocks-from", "openmetrics", path,
             blocks], capture_output=True, text=True, check=False)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        self.assertTrue(os.listdir(blocks))

    def test_one_target_on_standard_output(self):
        done = self.backfill("--target=rocketchat", "--label=job=cx")
        self.assertEqual(done.returncode, 0, done.stderr)
        scrape = Exposition(done.stdout, openmetrics=True)
        names = [name for name in scrape.families
                 if scrape.families[name].samples]
        self.assertTrue(names)
        earliest, latest = epoch(self.first), epoch(self.last + 2 * DAY)
        for name in names:
            self.assertTrue(name.startswith("rocketchat_"), name)
            for sample in scrape.families[name].samples:
                self.assertEqual(sample.labels["job"], "cx")
                self.assertGreaterEqual(float(sample.timestamp), earliest)
                self.assertLessEqual(float(sample.timestamp), latest)
        values = {s.value for s in scrape.samples(
            "rocketchat_omnichannel_period_conversations")}
        counted = [s.value for s in scrape.samples(
            "rocketchat_omnichannel_conversations_total")]
        self.assertTrue({1, 2, 3, 4} <= values or (
            counted and max(counted) - min(counted) in (9, 10)),
            (values, counted))

    def test_wrong_usage(self):
        for arguments in (["--from=2026-13-01", "--to=2026-01-02"],
                          ["--from=2026-01-05", "--to=2026-01-02"],
                          ["--to=2026-01-02"],
                          ["--from=2026-01-01", "--to=2026-01-02",
                           "--label=nothing"],
                          ["--from=2026-01-01", "--to=2026-01-02",
                           "--target=nobody"]):
            with self.subTest(arguments=arguments):
                done = run("backfill", self.config, *arguments)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertTrue(done.stderr.strip())
