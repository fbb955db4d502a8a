"""Experia's cards: rows, mappings, histograms, and `explore`."""

import collections
import random
import re
import tempfile

from harness import waiting
from harness.agent import Agent, run, write_config
from harness.case import EndToEndCase
from harness.exposition import labels
from promtool import check_metrics
from vendors.base import Answer
from vendors.experia import CARDS, SESSION, ExperiaServer

CLOSED = "CARDTOTALCLOSEDSESSIONS"
ALL = {"target": "support", "view": "all"}
FOLDED = "cx_exporter_series_folded_total"
SKIPPED = "cx_exporter_rows_skipped_total"


def session(created, waiting, handling, **fields):
    """A session that began so many seconds into the morning of the sample."""
    def at(seconds):
        return "2026-01-15T{:02}:{:02}:{:02}.{:06}Z".format(
            10 + int(seconds) // 3600, int(seconds) // 60 % 60,
            int(seconds) % 60, round(seconds % 1 * 1e6))
    return {**SESSION, "created_date": at(created),
            "taken_date": at(created + waiting),
            "ended_date": at(created + waiting + handling), **fields}


class Cards(EndToEndCase):

    def setUp(self):
        self.experia = self.server(ExperiaServer)

    def agent(self, *cards, **options):
        agent = self.start_agent(
            [self.experia.target("support", cards=list(cards), **options)])
        return agent

    def scrape(self, agent):
        scrape = agent.up("support")
        check_metrics(scrape.text)
        agent.scrape(openmetrics=True)
        self.assert_no_complaints(self.experia)
        return scrape

    def test_every_card_by_name(self):
        """Lists, objects, null and an object without members."""
        contents = [[{"a": 1}] * 3, {"total": 5, "by": {"chat": "2"}},
                    None, {}, []]
        for number, card in enumerate(CARDS):
            self.experia.cards[card] = contents[number % len(contents)]
        scrape = self.scrape(self.agent(*({"card": c} for c in CARDS)))
        rows, values = {}, {}
        for number, card in enumerate(CARDS):
            key = {**ALL, "card": card}
            kind = number % len(contents)
            if kind != 1:
                rows[labels(**key)] = 3 if kind == 0 else 0
            if kind == 1:
                values[labels(**key, field="total")] = 5
                values[labels(**key, field="by.chat")] = 2
        self.assert_series(scrape, "experia_card_rows", rows)
        self.assert_series(scrape, "experia_card_value", values)

    def test_content_that_is_no_table(self):
        """And an answer of a card that was not asked for."""
        for content in (62.5, "62.5", False, True, 0, "", Answer(200, {
                "status": "SUCCESS", "cardName": "CARDCSAT",
                "cardContent": [{"a": 1}]})):
            with self.subTest(content=content):
                self.experia.cards["CARDNPS"] = content
                with Agent([self.experia.target(
                        "support", cards=[{"card": "CARDNPS"}])]) as agent:
                    scrape = self.fails(agent, "support", "decode")
                    self.assertIsNone(scrape.family("experia_card_rows"))
                    self.assertIsNone(scrape.family("experia_card_value"))
                    self.assertEqual(
                        scrape.value("experia_period_sessions"), 458)

    def test_an_objects_values(self):
        """The summary's forms are read; what looks like a number and cannot
        be read is counted; names, dates and nothing are neither."""
        self.experia.cards["CARDCSAT"] = {
            "score": "62.5%", "average": "00 00:00:20.5", "peak": "10:00",
            "asked": "1,250", "name": "Support", "day": "2026-01-15",
            "none": None, "open": True}
        scrape = self.scrape(self.agent(
            {"card": "CARDCSAT", "interval": "1h"}))
        key = {**ALL, "card": "CARDCSAT"}
        self.assert_series(scrape, "experia_card_value", {
            labels(**key, field="score"): 62.5,
            labels(**key, field="average"): 20.5,
            labels(**key, field="peak"): 36000})
        self.assertEqual(scrape.value(SKIPPED, target="support"), 1)

    def test_sessions_that_nobody_took(self):
        """They are normal: the alert for skipped rows must not fire."""
        untaken = "experia_untaken_sessions_total"
        first = [session(0, 3, 30), session(0, 3, 30, taken_date=None)]
        self.experia.cards[CLOSED] = first
        agent = self.agent({"card": CLOSED, "interval": "1s"})
        agent.scrape_when(lambda s: s.samples(untaken), 20, "the counter")
        self.experia.cards[CLOSED] = first + [
            session(1, 3, 30, taken_date=None),
            session(2, 3, 30, taken_date="", type="webchat")]
        scrape = agent.scrape_when(
            lambda s: s.value(untaken, channel="whatsapp") == 1, 20, "one")
        self.assert_series(scrape, untaken, {
            labels(**ALL, channel="whatsapp"): 1,
            labels(**ALL, channel="webchat"): 0}, "counter")
        self.assertEqual(scrape.value(
            "experia_closed_session_waiting_seconds_count",
            channel="whatsapp"), 0)
        self.assertEqual(scrape.value(SKIPPED, target="support"), 0)
        check_metrics(scrape.text)

    def test_ten_thousand_rows(self):
        """Duplicates, nulls, mixed types, odd case, Unicode; a reckoning of
        our own must come to the same series."""
        pick = random.Random(7)
        kinds = ["whatsapp", "чат", 'a "b"\\\n', "", None, 7, 2.5, True]
        amounts = [1, "2", 0.25, " 4 ", -1, None, "x", "", True, [1], {"a": 1},
                   "1e2", "nan", "0x10"]
        worth = {0: 1, 1: 2, 2: 0.25, 3: 4, 4: -1, 11: 100}
        names = ["type", "Type", "TYPE"]
        sums, counts = collections.Counter(), collections.Counter()
        rows, skipped = [], 0
        for number in range(10_000):
            kind = pick.choice(kinds)
            which = pick.randrange(len(amounts))
            row = {"id": number, pick.choice(names): kind,
                   "nested": {"amount": amounts[which]}}
            if pick.random() < 0.1:
                del row[next(k for k in row if k.lower() == "type")]
                kind = None
            rows.append(row)
            text = {"": None, 7: "7"}.get(kind, kind)
            if text is True:
                text = "true"
            shown = {} if text is None else {"kind": str(text)}
            counts[labels(**ALL, **shown)] += 1
            if which in worth:
                sums[labels(**ALL, **shown)] += worth[which]
            elif amounts[which] not in (None, ""):
                skipped += 1
        self.experia.cards["CARDTAGS"] = rows
        scrape = self.scrape(self.agent({
            "card": "CARDTAGS", "interval": "1h", "mappings": [
                {"metric": "experia_rows_by_kind", "help": "Rows.",
                 "labels": {"kind": "tYpE"}},
                {"metric": "experia_amount", "help": "Amounts.",
                 "labels": {"kind": "type"}, "value": "Nested.Amount"}]}))
        self.assert_series(scrape, "experia_rows_by_kind", counts)
        self.assert_series(scrape, "experia_amount", sums)
        self.assertEqual(scrape.value(SKIPPED, target="support"), skipped)
        self.assertEqual(scrape.value(FOLDED, target="support"), 0)

    def test_more_series_than_wanted(self):
        self.experia.cards["CARDTAGS"] = [
            {"tag": f"tag {n % 50}", "n": n} for n in range(1000)]
        scrape = self.scrape(self.agent({
            "card": "CARDTAGS", "interval": "1h", "mapping": {
                "metric": "experia_tags_used", "help": "Tags.",
                "labels": {"tag": "tag"}, "max_series": 10}}))
        expected = {labels(**ALL, tag=f"tag {n}"): 20 for n in range(10)}
        expected[labels(**ALL, tag="other")] = 800
        self.assert_series(scrape, "experia_tags_used", expected)
        self.assertEqual(scrape.value(FOLDED, target="support"), 40)

    def test_histograms(self):
        """What is there at first is the beginning; what comes is counted."""
        first = [session(0, 3, 30), session(0, 70, 400, type="webchat")]
        more = [session(9, 5, 60), session(9, 5.000001, 60.000001),
                session(9, 600, 0), session(9, 0, 7200, type="webchat"),
                session(9, 1, 1, taken_date=None),
                session(9, 1, 1, taken_date="2026-01-15T09:00:00Z"),
                session(9, 1, 1, ended_date="tomorrow")]
        self.experia.cards[CLOSED] = first
        agent = self.agent({
            "card": CLOSED, "interval": "1s",
            "buckets": {"waiting": ["5s", "1m"], "handling": ["1m", "1h"]}})
        name = "experia_closed_session_waiting_seconds"
        other = "experia_closed_session_handling_seconds"
        scrape = agent.scrape_when(
            lambda s: s.samples(name + "_count"), 20, "the histogram")
        self.assertEqual({s.value for s in scrape.samples(name + "_count")},
                         {0})
        self.experia.cards[CLOSED] = first + more
        scrape = agent.scrape_when(
            lambda s: s.value(name + "_count", channel="whatsapp") == 3, 20,
            "three sessions more")
        self.assertEqual(scrape.type(name), "histogram")
        for family, channel, buckets, total in (
                (name, "whatsapp", {"5": 1, "60": 2, "+Inf": 3}, 610.000001),
                (name, "webchat", {"5": 1, "60": 1, "+Inf": 1}, 0),
                (other, "whatsapp", {"60": 2, "3600": 3, "+Inf": 3},
                 120.000001),
                (other, "webchat", {"60": 0, "3600": 0, "+Inf": 1}, 7200)):
            with self.subTest(family=family, channel=channel):
                self.assertEqual({
                    s.labels["le"]: s.value for s in scrape.samples(
                        family + "_bucket", channel=channel)}, buckets)
                self.assertAlmostEqual(scrape.value(
                    family + "_sum", channel=channel), total, 6)
        check_metrics(scrape.text)
        agent.scrape(openmetrics=True)
        self.assertGreaterEqual(scrape.value(SKIPPED, target="support"), 2)
        self.assertEqual(scrape.value("experia_untaken_sessions_total",
                                      channel="whatsapp"), 1)

    def test_histograms_survive_a_restart(self):
        self.experia.cards[CLOSED] = [session(0, 3, 30)]
        name = "experia_closed_session_waiting_seconds"
        card = {"card": CLOSED, "interval": "1s"}
        agent = Agent([self.experia.target("support", cards=[card])])
        self.addCleanup(agent.close)
        agent.flags.append(f"--storage.path={agent.folder}/storage")
        agent.start()
        agent.scrape_when(lambda s: s.samples(name + "_count"), 20, "rows")
        self.experia.cards[CLOSED] = [session(0, 3, 30), session(1, 4, 30)]
        agent.scrape_when(lambda s: s.value(name + "_count") == 1, 20, "one")
        agent.process.kill()
        agent.process.wait()
        self.experia.cards[CLOSED].append(session(2, 7, 30))
        agent.start()
        scrape = agent.scrape_when(
            lambda s: s.samples(name + "_count")
            and s.value(name + "_count") == 2, 20, "two")
        self.assertEqual(scrape.value(name + "_sum"), 11)
        self.assertEqual(scrape.value(name + "_bucket", le="5"), 1)

    def test_nothing_personal_is_shown(self):
        self.experia.cards[CLOSED] = [
            {**SESSION, "who": f"agent{n}@example.com", "from": f"+96650{n}"}
            for n in range(100000, 100040)]
        agent = self.agent({
            "card": CLOSED, "interval": "1h", "mappings": [
                {"metric": "experia_by_who", "help": "Who.",
                 "labels": {"agent": "who"}},
                {"metric": "experia_by_from", "help": "From.",
                 "labels": {"caller": "from"}}]})
        scrape = self.scrape(agent)
        for said in (scrape.text, agent.log):
            self.assertNotIn("@example.com", said)
            self.assertNotIn("96650", said)
        self.assertIsNone(scrape.family("experia_by_who"))
        self.assertRegex(agent.log, "allow_identifiers")
        self.assertEqual(scrape.value(SKIPPED, target="support"), 80)

    def test_a_card_has_its_own_interval(self):
        """Polled once, served on, and back when it succeeds."""
        self.experia.cards["CARDTAGS"] = [{"a": 1}]
        agent = self.agent({"card": "CARDTAGS", "interval": "1h"},
                           stale_after="2s")
        agent.scrape_when(
            lambda s: s.value("cx_exporter_polls_total", target="support")
            >= 5, 20, "five polls")
        scrape = self.scrape(agent)
        self.assertEqual(scrape.value("experia_card_rows"), 1)
        asked = [r for r in self.experia.requests
                 if r.path.endswith("/CARDTAGS")]
        self.assertEqual(len(asked), 1)

    def test_a_card_is_served_for_three_of_its_intervals(self):
        """The summary for `stale_after`; page, probe and metrics agree."""
        self.experia.cards["CARDTAGS"] = [{"a": 1}]
        agent = self.agent({"card": "CARDTAGS", "interval": "4s"},
                           stale_after="2s")
        self.scrape(agent)

        def agree():
            """What is served, by each of those who say so."""
            scrape = agent.scrape()
            there = {family for family in (
                "experia_period_sessions", "experia_card_rows")
                if scrape.samples(family)}
            probe = agent.get("/probe?target=support").text
            page = agent.get("/").text
            # Between two answers something may turn stale: look again.
            if agent.scrape().value("cx_exporter_target_samples") \
                    != scrape.value("cx_exporter_target_samples"):
                return None
            for family in ("experia_period_sessions", "experia_card_rows"):
                self.assertEqual(f"\n{family}{{" in probe, family in there)
            self.assertEqual(">Sessions</bdi>" in page
                             and "no value" not in page,
                             "experia_period_sessions" in there)
            if scrape.value("cx_exporter_target_up") == 0:
                self.assertEqual("</i> failing</strong>" in page, bool(there))
                self.assertEqual("</i> down</strong>" in page, not there)
                self.assertEqual("The last values are served for" in page,
                                 bool(there))
            [series] = re.findall(
                r'data-name="Series"><div>(\d+)</div>', page)
            self.assertEqual(int(series),
                             scrape.value("cx_exporter_target_samples"))
            return there

        self.assertEqual(agree(), {"experia_period_sessions",
                                   "experia_card_rows"})
        self.experia.refuse()
        waiting.until(lambda: agree() == {"experia_card_rows"}, 20,
                      "the summary's end before the card's")
        waiting.until(lambda: agree() == set(), 20, "the card's end")

    def test_a_failing_card_leaves_the_summary_alone(self):
        """It is asked again later and later; the target is not up."""
        self.experia.cards["CARDTAGS"] = Answer(
            500, {"status": "ERROR", "message": "Bad tags"})
        agent = self.agent({"card": "CARDTAGS", "interval": "1h"},
                           {"card": "CARDNPS", "interval": "1h"})
        scrape = agent.scrape_when(
            lambda s: s.value("cx_exporter_polls_total", target="support")
            >= 7, 20, "seven polls")
        self.assertEqual(scrape.value("experia_period_sessions"), 458)
        self.assertEqual(scrape.value("experia_card_rows", card="CARDNPS"), 0)
        self.assertEqual(scrape.value("cx_exporter_target_up",
                                      target="support"), 0)
        asked = [r for r in self.experia.requests
                 if r.path.endswith("/CARDTAGS")]
        self.assertIn(len(asked), (3, 4))
        self.assertEqual(scrape.value(
            "cx_exporter_poll_failures_total", target="support",
            reason="http_status"), len(asked))
        self.assertIn("Bad tags", agent.log)
        self.experia.cards["CARDTAGS"] = [{"a": 1}]
        scrape = agent.up("support")
        self.assertEqual(scrape.value("experia_card_rows", card="CARDTAGS"), 1)

    def test_check_counts_the_cards(self):
        target = {**self.experia.target("support", cards=[
            {"card": "CARDTAGS", "interval": "15m"},
            {"card": "CARDCSAT", "interval": "30m", "views": ["a"]}],
            views=[{"name": "a"}, {"name": "b"}], interval="2m"),
            "rate_limit": [{"requests": 70, "per": "1h"}]}
        with tempfile.TemporaryDirectory() as folder:
            path = write_config(folder, [target])
            done = run("check", f"--config.file={path}")
            self.assertEqual(done.returncode, 0, done.stderr)
            # 60 of the summary, 8 of the tags, 2 of CSAT.
            self.assertIn("70 of 70 requests in 1h: ok", done.stdout)
            self.assertIn("2 cards every 15m, 1 cards every 30m", done.stdout)
            self.assertEqual(done.stderr, "")


class Explore(EndToEndCase):

    def setUp(self):
        self.experia = self.server(ExperiaServer)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = write_config(self.folder, [self.experia.target("support")])

    def explore(self, *flags):
        return run("explore", f"--config.file={self.path}", *flags)

    def test_the_documents_card(self):
        self.experia.cards[CLOSED] = [
            SESSION, {**SESSION, "type": "webchat", "client_id": 10002}]
        done = self.explore("--target=support", f"--card={CLOSED}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("2 rows, 9 columns", done.stdout)
        for personal in ("abc123xyz", "10001", "9665", "agent@example.com"):
            self.assertNotIn(personal, done.stdout)
        rows = {line.split()[0]: line for line in done.stdout.splitlines()
                if line.split()}
        self.assertRegex(rows["type"], r"text +2 +2 +whatsapp, webchat")
        self.assertRegex(rows["created_date"], r"date +2 +1 ")
        self.assertEqual(len(self.experia.requests), 1)

        # The suggestion is pasted below the target and works.
        lines = done.stdout.splitlines()
        start = lines.index("    cards:")
        end = next(n for n in range(start, len(lines)) if not lines[n].strip())
        text = ["targets:", "  - name: support", "    vendor: experia",
                f"    url: {self.experia.url}",
                f"    api_key: {self.experia.key}", *lines[start:end]]
        with open(self.path, "w", encoding="utf-8") as file:
            file.write("\n".join(text) + "\n")
        once = run("once", f"--config.file={self.path}")
        self.assertEqual(once.returncode, 0, once.stderr)
        metric = re.search(r"metric: (\S+)", done.stdout)[1]
        self.assertRegex(once.stdout, rf"(?m)^{metric}\{{.*webchat.*\}} 1$")

    def test_what_cannot_be_explored(self):
        for flags, status, said in (
                ([], 2, "--target=NAME"),
                (["--target=support"], 2, "--card=CARD"),
                (["--target=other", "--card=CARDTAGS"], 2, "support"),
                (["--target=support", "--card=CARDTAG"], 1, "CARDTAGS"),
                (["--target=support", "--report=1"], 2, "--card=CARD"),
                (["--target=support", "--widget=x"], 2, "DASHBOARD/WIDGET"),
                (["--target=support", "--card=CARDTAGS", "--report=1"], 2,
                 "one of")):
            with self.subTest(flags=flags):
                done = self.explore(*flags)
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertIn(said, done.stderr)
                self.assertEqual(done.stdout, "")
        self.assertEqual(self.experia.requests, [])

    def test_an_empty_card_and_a_refusal(self):
        done = self.explore("--target=support", "--card=CARDTAGS")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("0 rows", done.stdout)
        self.experia.key = "another"
        done = self.explore("--target=support", "--card=CARDTAGS")
        self.assertEqual(done.returncode, 1)
        self.assertIn("POST /v2/dashboard/CARDTAGS", done.stderr)
        self.assertIn("401", done.stderr)
