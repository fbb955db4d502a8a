"""Backfills that are interrupted, refused, or run out of room."""

import datetime
import json
import os
import pathlib
import resource
import signal
import subprocess
import time

import vendors
from harness import tools, waiting
from harness.agent import Agent, binary, environment, run, write_config
from harness.case import EndToEndCase
from harness.exposition import Exposition
from vendors import faults
from vendors.clock import days

DAY = datetime.timedelta(days=1)


class BackfillCase(EndToEndCase):
    """Experia's days, one request each, with 10, 20, 30 … sessions."""

    LENGTH = 12

    def setUp(self):
        holder = Agent([])
        self.addCleanup(holder.close)
        self.folder = holder.folder
        self.experia = self.server(vendors.ExperiaServer)
        self.last = self.experia.clock.today(3) - 2 * DAY
        self.first = self.last - (self.LENGTH - 1) * DAY
        for n, day in enumerate(days(self.first, self.last), 1):
            self.experia.set(day, totalSessions=10 * n)
        self.output = os.path.join(self.folder, "history.om")
        self.configure()

    def configure(self, **options):
        write_config(self.folder, [
            self.experia.target("support", **options)])

    def command(self, *more, first=None, output=True):
        return ["backfill", f"--config.file={self.folder}/config.yaml",
                f"--from={first or self.first}", f"--to={self.last}",
                *([f"--output={self.output}"] if output else []), *more]

    def backfill(self, *more, **options):
        return run(*self.command(*more, **options))

    def begin(self, *more, after=5, **options):
        """A process whose requests the vendor has seen so many of."""
        count = len(self.experia.requests)
        process = subprocess.Popen(
            [binary(), *self.command(*more, **options)], text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment())
        self.addCleanup(process.kill)
        waiting.until(lambda: len(self.experia.requests) >= count + after,
                      20, f"{after} requests")
        return process

    def counted(self, text=None):
        """The days' sessions as the history has them."""
        if text is None:
            text = pathlib.Path(self.output).read_text("utf-8")
        return [s.value for s in Exposition(text, openmetrics=True).samples(
            "experia_period_sessions")]

    def asked(self, start=0):
        """The days that were asked for, in order."""
        return [r.json["filter"][:10] for r in self.experia.requests[start:]]

    WHOLE = [10 * n for n in range(1, LENGTH + 1)]


class Interrupted(BackfillCase):

    def setUp(self):
        super().setUp()
        self.slow = [{"requests": 5, "per": "2s"}]
        self.configure(rate_limit=self.slow)

    def test_the_same_command_goes_on(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            with self.subTest(signal=number):
                start = len(self.experia.requests)
                process = self.begin()
                process.send_signal(number)
                _, said = process.communicate(timeout=20)
                if number != signal.SIGKILL:
                    self.assertEqual(process.returncode, 1, said)
                    self.assertIn("the same command goes on", said)
                self.assertFalse(os.path.exists(self.output))
                done = self.backfill()
                self.assertEqual(done.returncode, 0, done.stderr)
                asked = self.asked(start)
                # What was on its way when the signal came is asked again.
                self.assertLessEqual(len(asked), self.LENGTH + 1)
                self.assertEqual(sorted(set(asked)),
                                 [str(d) for d in days(self.first, self.last)])
                self.assertEqual(self.counted(), self.WHOLE)
                self.assertFalse(os.path.exists(self.output + ".work"))
                os.remove(self.output)

    def test_another_command_is_told(self):
        process = self.begin()
        busy = self.backfill()
        self.assertEqual(busy.returncode, 1)
        self.assertIn("another backfill is at work", busy.stderr)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        other = self.backfill(first=self.first + DAY)
        self.assertEqual(other.returncode, 2)
        self.assertIn(self.output + ".work", other.stderr)
        self.assertIn(f"--from={self.first}", other.stderr)
        self.configure(rate_limit=self.slow, periods=["daily", "weekly"])
        self.assertEqual(self.backfill().returncode, 2)
        self.configure(rate_limit=self.slow, api_key="new-key")
        self.experia.key = "new-key"
        done = self.backfill()
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_standard_output_goes_on_as_well(self):
        process = self.begin(output=False)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
        self.assertEqual(out, "")
        start = len(self.experia.requests)
        done = self.backfill(output=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(len(self.asked(start)), self.LENGTH)
        self.assertEqual(self.counted(done.stdout), self.WHOLE)

    def test_the_rate_limit_is_kept(self):
        done = self.backfill()
        self.assertEqual(done.returncode, 0, done.stderr)
        times = [r.time for r in self.experia.requests]
        for first, sixth in zip(times, times[5:]):
            self.assertGreater(sixth - first, 2)

    def test_what_the_polls_need_is_left_to_a_running_agent(self):
        """Two of five requests in two seconds, at an interval of a second."""
        self.configure(rate_limit=self.slow, interval="1s")
        done = self.backfill()
        self.assertEqual(done.returncode, 0, done.stderr)
        times = [r.time for r in self.experia.requests]
        for first, fourth in zip(times, times[3:]):
            self.assertGreater(fourth - first, 2)


class Refused(BackfillCase):

    def test_a_day_that_fails_is_a_gap_and_can_be_fetched_later(self):
        bad = str(self.first + 3 * DAY)
        self.experia.override = lambda request: (
            vendors.experia.failed(400, "no such day")
            if bad in request.json["filter"] else None)
        done = self.backfill(f"--storage.path={self.folder}/ledger")
        self.assertEqual(done.returncode, 1)
        self.assertIn("1 request of support failed", done.stderr)
        self.assertIn("no such day", done.stderr)
        self.assertIn(bad, done.stderr)
        for path in pathlib.Path(self.output + ".work").iterdir():
            self.assertNotIn(self.experia.key.encode(), path.read_bytes())
        without = [v for v in self.WHOLE if v != 40]
        self.assertEqual(self.counted(), without)
        self.experia.override = None
        start = len(self.experia.requests)
        again = self.backfill(f"--storage.path={self.folder}/ledger")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(self.asked(start), [bad])
        self.assertEqual(self.counted(), self.WHOLE)
        self.assertEqual(
            [s.value for s in Exposition(
                pathlib.Path(self.output).read_text("utf-8"),
                openmetrics=True).samples("experia_sessions_total")][-1],
            sum(self.WHOLE))

    def test_refused_rates_are_waited_out(self):
        count = len(self.experia.requests)

        def override(request):
            if len(self.experia.requests) == count + 3:
                return vendors.base.Answer(429, {"message": "slow down"},
                                           {"Retry-After": "3"})
            return None
        self.experia.override = override
        done = self.backfill()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.counted(), self.WHOLE)
        third, fourth = self.experia.requests[count + 2:count + 4]
        self.assertGreaterEqual(fourth.time - third.time, 2.9)

    def test_a_wrong_key_ends_it(self):
        self.configure(api_key="wrong-secret-99")
        done = self.backfill()
        self.assertEqual(done.returncode, 1)
        self.assertLessEqual(len(self.experia.requests), 2)
        self.assertIn("check the target's credentials", done.stderr)
        self.assertFalse(os.path.exists(self.output))
        self.assertFalse(os.path.exists(self.output + ".work"))
        self.assertNotIn("wrong-secret-99", done.stderr)

    def test_what_came_to_nothing_is_in_nobodys_way(self):
        self.experia.fault = faults.status(503, b"<html>")
        process = self.begin(after=1)
        process.kill()
        process.communicate()
        self.experia.fault = None
        self.assertEqual(self.backfill(first=self.last).returncode, 0)
        self.assertEqual(self.counted(), self.WHOLE[-1:])

    def test_an_error_passes(self):
        self.experia.fault = faults.status(503, b"<html>")
        process = self.begin(after=1)
        self.experia.fault = None
        _, said = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, said)
        self.assertIn("asking again", said)
        self.assertEqual(self.counted(), self.WHOLE)


class NoRoom(BackfillCase):

    def test_a_full_disk(self):
        """As far as a limit of the file size can imitate one."""
        for limit in (300, 3000, 20000):
            with self.subTest(limit=limit):
                def small():
                    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
                done = subprocess.run(
                    [binary(), *self.command()], capture_output=True,
                    text=True, timeout=30, check=False, env=environment(),
                    stdin=subprocess.DEVNULL, preexec_fn=small)
                self.assertEqual(done.returncode, 1, done.stderr)
                last = done.stderr.splitlines()[-1]
                self.assertIn("cannot write", last)
                self.assertIn("File too large; make room", last)
                self.assertFalse(os.path.exists(self.output))
        again = self.backfill()
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(self.counted(), self.WHOLE)

    def test_no_room_behind_standard_output(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [binary(), *self.command(output=False)], stdout=full,
                stderr=subprocess.PIPE, text=True, timeout=30, check=False,
                stdin=subprocess.DEVNULL, env=environment())
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot write standard output: No space left",
                      done.stderr)
        self.assertEqual(self.backfill(output=False).returncode, 0)

    def test_nowhere_to_write(self):
        done = run(*self.command(output=False),
                   f"--output={self.folder}/none/history.om")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/none/history.om.work", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        done = run(*self.command(output=False), "--output=/dev/stdout")
        self.assertEqual(done.returncode, 2)


class Joined(BackfillCase):
    """The ledger and the history."""

    def ledger(self):
        return f"--storage.path={self.folder}/ledger"

    def counter(self, scrape):
        return scrape.value("experia_sessions_total", view="all")

    def test_a_fresh_ledger_goes_on(self):
        done = self.backfill(self.ledger())
        self.assertEqual(done.returncode, 0, done.stderr)
        today = self.experia.clock.today(3)
        self.experia.set(today - DAY, totalSessions=0)
        self.experia.set(today, totalSessions=7)
        agent = self.start_agent(
            [self.experia.target("support")], self.ledger())
        scrape = agent.up("support")
        self.assertEqual(self.counter(scrape), sum(self.WHOLE) + 7)
        self.experia.set(today, totalSessions=9)
        agent.scrape_when(
            lambda s: self.counter(s) == sum(self.WHOLE) + 9,
            20, "two sessions more")

    def test_days_behind_the_history_are_caught_up(self):
        """The history ends two days ago; the agent asks for yesterday."""
        self.backfill(self.ledger())
        today = self.experia.clock.today(3)
        self.experia.set(today - DAY, totalSessions=5)
        self.experia.set(today, totalSessions=7)
        agent = self.start_agent(
            [self.experia.target("support")], self.ledger())
        agent.scrape_when(
            lambda s: self.counter(s) == sum(self.WHOLE) + 12,
            20, "yesterday and today")

    def test_what_a_backfill_sends_counts_for_the_agent(self):
        limit = [{"requests": self.LENGTH, "per": "1h"}]
        self.configure(rate_limit=limit)
        done = self.backfill(self.ledger())
        self.assertEqual(done.returncode, 0, done.stderr)
        agent = self.start_agent(
            [self.experia.target("support", rate_limit=limit)], self.ledger())
        self.assertEqual(agent.scrape().value(
            "cx_exporter_rate_limit_remaining_requests", budget="support"), 0)
        self.assertEqual(len(self.experia.requests), self.LENGTH)

    def test_a_running_agent_is_left_alone(self):
        today = self.experia.clock.today(3)
        self.experia.set(today, totalSessions=40)
        agent = self.start_agent(
            [self.experia.target("support")], self.ledger())
        agent.up("support")
        files = sorted(os.listdir(f"{self.folder}/ledger"))
        done = self.backfill(self.ledger())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("is in use by another agent", done.stderr)
        self.assertEqual(sorted(os.listdir(f"{self.folder}/ledger")), files)
        self.assertEqual(self.counter(agent.scrape()), 0)
        self.assertEqual(self.counted(), self.WHOLE)

    def test_a_second_backfill_of_earlier_days_fits_in(self):
        """Its counters end where the first one's begin, at 0."""
        later = self.first + 4 * DAY
        self.assertEqual(
            self.backfill(self.ledger(), first=later).returncode, 0)
        os.rename(self.output, self.output + ".1")
        done = self.backfill(self.ledger())
        self.assertEqual(done.returncode, 0, done.stderr)
        values = {}
        for path in (self.output, self.output + ".1"):
            text = pathlib.Path(path).read_text("utf-8")
            for s in Exposition(text, openmetrics=True).samples(
                    "experia_sessions_total"):
                self.assertNotIn(float(s.timestamp), values)
                values[float(s.timestamp)] = s.value
        series = [values[at] for at in sorted(values)]
        grown = sum(b - a if b >= a else b
                    for a, b in zip(series, series[1:]))
        self.assertEqual(grown, sum(self.WHOLE))

    def test_the_same_again_leaves_the_counters_out_and_says_so(self):
        self.backfill(self.ledger())
        done = self.backfill(self.ledger())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("counters left out", done.stderr)
        self.assertEqual(self.counted(), self.WHOLE)

    def test_another_users_folder_is_not_touched(self):
        if os.geteuid() != 0:
            self.skipTest("only root can make a folder another user's")
        os.mkdir(f"{self.folder}/ledger")
        os.chown(f"{self.folder}/ledger", 65534, 65534)
        done = self.backfill(self.ledger())
        self.assertEqual(done.returncode, 1)
        self.assertIn("belongs to the user with the id 65534", done.stderr)
        self.assertEqual(os.listdir(f"{self.folder}/ledger"), [])


class Usage(BackfillCase):

    def test_flags_of_backfill_belong_to_it(self):
        for flag in ("--from=2026-01-01", "--label=a=b", "--output=x"):
            done = run("check", flag,
                       f"--config.file={self.folder}/config.yaml")
            self.assertEqual(done.returncode, 2, flag)
            self.assertIn("backfill", done.stderr)

    def test_labels_that_are_there_already(self):
        self.configure(labels={"brand": "acme"})
        done = self.backfill("--label=brand=x")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(self.experia.requests, [])
        done = self.backfill("--label=view=x")
        self.assertEqual(done.returncode, 2)
        self.assertIn("view", done.stderr)

    def test_days_that_are_not_over(self):
        today = self.experia.clock.today()
        done = run("backfill", f"--config.file={self.folder}/config.yaml",
                   f"--from={today}", f"--to={today + DAY}")
        self.assertEqual(done.returncode, 2)
        self.assertIn("ended three hours ago", done.stderr)

    def test_lines_of_json(self):
        done = self.backfill("--log.format=json")
        for line in done.stderr.splitlines():
            json.loads(line)

    def test_memory_does_not_grow_with_the_days(self):
        """A decade of days in little more memory than a fortnight."""
        peaks = []
        for start in (self.first, self.last - 3650 * DAY):
            before = time.monotonic()
            process = subprocess.Popen(
                [binary(), *self.command("--log.level=warn", first=start)],
                stdin=subprocess.DEVNULL, env=environment())
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(process.returncode, 0)
            peaks.append(usage.ru_maxrss)
            self.assertLess(time.monotonic() - before, 120)
        self.assertLess(peaks[1] - peaks[0], 12 * 1024, peaks)


class HostileTitles(EndToEndCase):
    """What a vendor lets people type ends up as data and nothing else."""

    TITLES = ['say "hi"', "back\\slash", "two\nlines", "# EOF", "x} 1 2",
              "\u202egnp.exe", "🐦" * 250, " "]

    def test_titles(self):
        server = self.server(vendors.SamespaceServer)
        server.dashboards = {vendors.samespace.DASHBOARD: [
            vendors.samespace.insight(f"i{n}", title)
            for n, title in enumerate(self.TITLES)]}
        for n in range(len(self.TITLES)):
            server.set(f"i{n}", 10 + n, n)
        holder = Agent([])
        self.addCleanup(holder.close)
        write_config(holder.folder, [server.target("voice")])
        day = server.clock.today() - 2 * DAY
        path = pathlib.Path(holder.folder, "voice.om")
        done = run("backfill", f"--config.file={holder.folder}/config.yaml",
                   f"--from={day}", f"--to={day}", f"--output={path}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_no_complaints(server)
        values = {s.labels["title"]: s.value for s in Exposition(
            path.read_text("utf-8"), openmetrics=True).samples(
                "samespace_stat_value")}
        self.assertEqual(values, {title[:200]: 10 + n for n, title
                                  in enumerate(self.TITLES)})
        status, said = tools.promtool(
            "tsdb", "create-blocks-from", "openmetrics", str(path),
            f"{holder.folder}/blocks")
        self.assertEqual(status, 0, said)
