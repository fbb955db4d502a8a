"""Tables by mappings: Kore.ai's widgets, Samespace's insights and reports."""

import datetime
import pathlib
import re
import tempfile

import vendors
from harness.agent import ROOT, Agent, run, write_config, write_secret
from harness.case import EndToEndCase
from harness.exposition import labels
from promtool import check_metrics
from vendors import samespace
from vendors.base import Answer

DAY = datetime.timedelta(days=1)
INTENTS = {"metric": "kore_intents", "help": "Intents by outcome.",
           "labels": {"outcome": "metricType"}}
# The vendor's sample.
SAMPLE = ["successintents", "successtasks", "successintents",
          "successintents", "successtasks", "failedintents"]


def kinds(names):
    return [{"metricType": name} for name in names]


class Tables(EndToEndCase):

    def series(self, scrape, target, name, expected, kind="gauge"):
        """Series by a dictionary's keys: tuples of (label, value)."""
        self.assert_series(scrape, name, {
            labels(target=target, **dict(key)): value
            for key, value in expected.items()}, kind)

    def config(self, *targets):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return f"--config.file={write_config(folder.name, targets)}"

    def valid(self, agent):
        """Nothing that promtool or the client library would refuse."""
        self.assertEqual(check_metrics(agent.scrape().text), "")
        agent.scrape(openmetrics=True)


class Example(Tables):

    def test_what_is_commented_out_is_valid(self):
        """The example's comments about these endpoints can be taken in."""
        lines, is_taken = [], False
        for line in (ROOT / "config.yaml").read_text("utf-8").splitlines():
            match = re.fullmatch(r"( +)# ( *[-\w].*)", line)
            if match and re.match(r"(reports|widgets|api_version|realtime"
                                  r"\w*|[0-9a-f]{24}):", match.group(2)):
                is_taken = True
            if not match:
                is_taken = False
            if is_taken:
                line = match.group(1) + match.group(2)
            lines.append(line)
        text = "\n".join(lines) + "\n"
        for key in ("reports", "widgets", "realtime", "api_version"):
            self.assertRegex(text, rf"(?m)^    {key}:")
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "config.yaml")
            path.write_text(text, "utf-8")
            pathlib.Path(folder, "secrets").mkdir(0o700)
            for name in ("experia.key", "samespace.key", "rocketchat.token",
                         "kore.secret"):
                write_secret(f"{folder}/secrets", name, "a-secret-of-a-test")
            done = run("check", f"--config.file={path}")
        self.assertIn("reports every 5m", done.stdout)
        self.assertIn("widgets every 5m", done.stdout)
        self.assertIn("live endpoints", done.stdout)
        # Nothing is wrong but that Rocket.Chat's two departments ask much.
        self.assertNotIn("config.yaml:", done.stderr)


class Kore(Tables):

    def setUp(self):
        self.vendor = self.server(vendors.KoreServer)

    def start(self, *widgets, **options):
        return self.start_agent(
            [self.vendor.target("bot", widgets=list(widgets), **options)])

    def test_the_documented_table(self):
        self.vendor.widgets["Operations", "Intents"] = kinds(SAMPLE)
        agent = self.start({"dashboard": "Operations", "widget": "Intents",
                            "mapping": INTENTS})
        self.series(agent.up("bot"), "bot", "kore_intents", {
            (("outcome", "successintents"),): 3,
            (("outcome", "successtasks"),): 2,
            (("outcome", "failedintents"),): 1})
        asked = [r for r in self.vendor.requests if "/widget/" in r.path]
        today = str(self.vendor.clock.today())
        self.assertEqual({r.method for r in asked}, {"GET"})
        self.assertEqual(asked[0].query, {
            "startDate": [today], "endDate": [today], "limit": ["50"]})
        self.assert_no_complaints(self.vendor)
        self.valid(agent)

    def test_filters_make_a_post(self):
        filters = [{"filterSource": "userType", "fieldName": "user",
                    "values": ["newuser"]}]
        asked = []

        def rows(first, last, given):
            asked.append((first, last, given))
            return kinds(SAMPLE[:2])
        self.vendor.widgets["Operations", "Intents"] = rows
        agent = self.start({"dashboard": "Operations", "widget": "Intents",
                            "range": "7d", "filters": filters,
                            "mapping": INTENTS})
        agent.up("bot")
        today = self.vendor.clock.today()
        self.assertEqual(asked[0], (today - 6 * DAY, today, filters))
        self.assert_no_complaints(self.vendor)

    def test_names_and_pages(self):
        name = ("Q&A / Sales 50% #1?", "Ünïts/日本 +;=")
        self.vendor.widgets[name] = kinds(
            f"kind{n % 3}" for n in range(250))
        agent = self.start({"dashboard": name[0], "widget": name[1],
                            "mapping": INTENTS})
        self.series(agent.up("bot"), "bot", "kore_intents", {
            (("outcome", "kind0"),): 84, (("outcome", "kind1"),): 83,
            (("outcome", "kind2"),): 83})
        skips = [r.query.get("skip", ["0"])[0] for r in self.vendor.requests
                 if "/widget/" in r.path][:6]
        self.assertEqual(skips, ["0", "50", "100", "150", "200", "250"])
        self.assert_no_complaints(self.vendor)

    def test_too_many_rows_are_a_failure(self):
        self.vendor.widgets["Operations", "Intents"] = kinds(["a"] * 501)
        agent = self.start({"dashboard": "Operations", "widget": "Intents",
                            "mapping": INTENTS})
        scrape = self.fails(agent, "bot", "too_large")
        self.assertEqual(scrape.samples("kore_intents"), [])
        self.assertIn("more than 500 rows", agent.log)

    def test_ten_thousand_odd_rows(self):
        """Duplicates, nulls, mixed types, odd case, Unicode: 200 pages."""
        odd = ("a", 'q"u\\o\nte', "naïve 😀", "", None, 3, True, ["x"],
               {"y": 1}, "b" * 5000)
        keys = ("metricType", "metrictype", "METRICTYPE")
        self.vendor.widgets["D", "W"] = [
            {keys[n % 3]: odd[n % 10], "N": (n, str(n), None, "many")[n % 4]}
            for n in range(10_000)]
        agent = self.start(
            {"dashboard": "D", "widget": "W", "max_rows": 10_000, "mappings": [
                {**INTENTS, "value": "n"},
                {"metric": "kore_rows", "help": "Rows."}]},
            timeout="30s")
        scrape = agent.up("bot", seconds=60)
        self.assertEqual(scrape.value("kore_rows"), 10_000)
        values = [n for n in range(10_000) if n % 4 < 2]

        def total(*places):
            return sum(n for n in values if n % 10 in places)
        long = next(s.labels["outcome"] for s in scrape.samples("kore_intents")
                    if s.labels.get("outcome", "").startswith("bbb"))
        self.assertLess(len(long), 300)
        # What is no text, number or truth value is no label.
        self.series(scrape, "bot", "kore_intents", {
            (("outcome", "a"),): total(0),
            (("outcome", 'q"u\\o\nte'),): total(1),
            (("outcome", "naïve 😀"),): total(2),
            (("outcome", "3"),): total(5), (("outcome", "true"),): total(6),
            (("outcome", long),): total(9), (): total(3, 4, 7, 8)})
        # "many" is no number; null is no value, which is normal.
        self.assertEqual(scrape.value(
            "cx_exporter_rows_skipped_total", target="bot") % 2500, 0)
        self.valid(agent)

    def skips(self):
        return [r.query.get("skip", ["0"])[0] for r in self.vendor.requests
                if "/widget/" in r.path]

    def test_a_server_that_ignores_skip(self):
        """The same page again ends the paging, and its rows count once."""
        self.vendor.widgets["D", "W"] = [
            {"metricType": f"kind {n}", "N": n} for n in range(50)]
        self.vendor.ignores_skip = True
        agent = self.start({"dashboard": "D", "widget": "W", "mappings": [
            INTENTS, {"metric": "kore_rows", "help": "Rows."}]})
        scrape = agent.scrape_when(lambda s: s.value(
            "cx_exporter_polls_total", target="bot") >= 3)
        self.assertEqual(scrape.value("kore_rows"), 50)
        self.assertEqual(len(scrape.samples("kore_intents")), 50)
        self.assertEqual({x.value for x in scrape.samples("kore_intents")},
                         {1})
        self.assertEqual(self.skips()[:6], ["0", "50"] * 3)
        self.assertEqual(scrape.value(
            "cx_exporter_rows_skipped_total", target="bot"), 0)
        # That there may be more rows than these is logged, once.
        self.assertEqual(agent.log.count("ignores skip"), 1)
        self.assert_no_complaints(self.vendor)

    def test_a_server_that_ignores_skip_and_limit(self):
        for rows, expected in ((120, ["0"]), (150, ["0", "150"])):
            with self.subTest(rows=rows):
                self.vendor.widgets["D", "W"] = kinds(
                    f"kind {n}" for n in range(rows))
                self.vendor.ignores_skip = self.vendor.ignores_limit = True
                self.vendor.requests.clear()
                with Agent([self.vendor.target("bot", widgets=[
                        {"dashboard": "D", "widget": "W", "mapping": {
                            "metric": "kore_rows", "help": "Rows."}}])]) as a:
                    self.assertEqual(a.up("bot").value("kore_rows"), rows)
                self.assertEqual(self.skips()[:len(expected)], expected)

    def test_pages_that_are_equal_in_truth(self):
        """120 rows of one kind are 120, and 50 are 50."""
        for ignores, rows in ((False, 120), (True, 50)):
            with self.subTest(ignores=ignores):
                self.vendor.widgets["D", "W"] = kinds(
                    ["successintents"] * 120)
                self.vendor.ignores_skip = ignores
                with Agent([self.vendor.target("bot", widgets=[
                        {"dashboard": "D", "widget": "W",
                         "mapping": INTENTS}])]) as agent:
                    self.series(agent.up("bot"), "bot", "kore_intents", {
                        (("outcome", "successintents"),): rows})
                    self.assertEqual(agent.log.count("ignores skip"),
                                     int(ignores))

    def test_the_requests_are_the_samples(self):
        self.vendor.widgets["D", "W"] = kinds(SAMPLE)
        filters = [{"filterSource": "userType", "fieldName": "user",
                    "values": ["newuser"]}]
        self.start(
            {"dashboard": "D", "widget": "W", "mapping": INTENTS},
            {"dashboard": "D", "widget": "W", "filters": filters,
             "mapping": {**INTENTS, "metric": "kore_new"}}).up("bot")
        self.assertEqual(
            {(r.method, r.headers.get("content-type"), bool(r.body))
             for r in self.vendor.requests},
            {("GET", "application/json", False),
             ("POST", "application/json", True)})
        self.assert_no_complaints(self.vendor)

    def test_names_with_numbers(self):
        """A year in a name is no identifier."""
        names = ["customer-care-2024", "Level-2 2025/26", "Ramadan 1447",
                 "Q3-2026", "SLA-120-300", "line 4477", "رمضان ١٤٤٧",
                 "campaign_20260115"]
        self.vendor.widgets["D", "W"] = [{"queue": n} for n in names]
        agent = self.start({"dashboard": "D", "widget": "W", "mapping": {
            "metric": "kore_requests", "help": "Requests.",
            "labels": {"queue": "queue"}}})
        scrape = agent.up("bot")
        self.series(scrape, "bot", "kore_requests",
                    {(("queue", name),): 1 for name in names})
        self.assertEqual(scrape.value(
            "cx_exporter_rows_skipped_total", target="bot"), 0)
        self.valid(agent)

    def test_what_is_refused_is_reported_with_its_shape(self):
        """Once, at first sight, and counted with every poll."""
        for value, shape in (("+966501234567", "+999999999999"),
                             ("jane7@example.com", "aaaa9@aaaaaaa.aaa"),
                             ("050 123-4567", "999 999-9999")):
            with self.subTest(shape=shape):
                self.vendor.widgets["D", "W"] = [{"queue": value}] * 3
                with Agent([self.vendor.target("bot", widgets=[
                        {"dashboard": "D", "widget": "W", "mapping": {
                            "metric": "kore_requests", "help": "Requests.",
                            "labels": {"queue": "queue"}}}])]) as agent:
                    scrape = agent.scrape_when(lambda s: s.value(
                        "cx_exporter_polls_total", target="bot") >= 3)
                    self.assertEqual(scrape.samples("kore_requests"), [])
                    self.assertGreaterEqual(scrape.value(
                        "cx_exporter_rows_skipped_total", target="bot"), 9)
                    self.assertEqual(agent.log.count(f"({shape})"), 1)
                    self.assertNotIn(value, agent.log + scrape.text)

    def test_one_stray_identifier(self):
        self.vendor.widgets["D", "W"] = [
            {"queue": "+966501234567" if n == 7 else "sales"}
            for n in range(30)]
        agent = self.start({"dashboard": "D", "widget": "W", "mapping": {
            "metric": "kore_requests", "help": "Requests.",
            "labels": {"queue": "queue"}}})
        scrape = agent.scrape_when(lambda s: s.value(
            "cx_exporter_polls_total", target="bot") >= 3)
        self.series(scrape, "bot", "kore_requests", {
            (("queue", "sales"),): 29, (("queue", "other"),): 1})
        self.assertEqual(agent.log.count("(+999999999999)"), 1)
        self.assertGreaterEqual(scrape.value(
            "cx_exporter_series_folded_total", target="bot"), 3)

    def test_numbers_in_labels_are_as_written(self):
        body = ('{"queryResponse": {"queryResponse": [{"l": 1e3}, {"l": 1.0},'
                ' {"l": "007"}, {"l": 12345678901234567890.0}, {"l": 1.50}]}}')
        self.vendor.widgets["D", "W"] = []
        self.vendor.override = lambda request: (
            Answer(200, body) if "/widget/" in request.path else None)
        agent = self.start({"dashboard": "D", "widget": "W", "mapping": {
            "metric": "kore_levels", "help": "Levels.",
            "labels": {"level": "l"}, "allow_identifiers": True}})
        self.series(agent.up("bot"), "bot", "kore_levels", {
            (("level", text),): 1 for text in (
                "1e3", "1.0", "007", "12345678901234567890.0", "1.50")})

    def test_what_is_no_table(self):
        """`{}` and null have no rows; a scalar is a failure."""
        mapping = {"metric": "kore_rows", "help": "Rows."}
        for content in ({}, None, []):
            for body in ({"queryResponse": {"queryResponse": content}},
                         {"queryResponse": content or {}}):
                with self.subTest(body=body):
                    self.vendor.override = lambda request: (
                        Answer(200, body) if "/widget/" in request.path
                        else None)
                    with Agent([self.vendor.target("bot", widgets=[
                            {"dashboard": "D", "widget": "W",
                             "mapping": mapping}])]) as agent:
                        self.assertEqual(
                            agent.up("bot").value("kore_rows"), 0)
        for content, seen in (("none", '"none"'), (False, "false"),
                              (5, "the number 5")):
            with self.subTest(content=content):
                self.vendor.override = lambda request: (
                    Answer(200, {"queryResponse": {
                        "queryResponse": content}})
                    if "/widget/" in request.path else None)
                with Agent([self.vendor.target("bot", widgets=[
                        {"dashboard": "D", "widget": "W",
                         "mapping": mapping}])]) as agent:
                    scrape = self.fails(agent, "bot", "decode")
                    self.assertEqual(scrape.samples("kore_rows"), [])
                    self.assertIn(f"is {seen}, not a list of rows",
                                  agent.log.replace('\\"', '"'))

    def test_a_table_of_which_nothing_can_be_read(self):
        for rows, seen in (([{"a": 1}, {"a": 2}], "no row has a column"),
                           ([{"v": "x"}, {"v": None}], "no other row has")):
            with self.subTest(seen=seen):
                self.vendor.widgets["D", "W"] = rows
                with Agent([self.vendor.target("bot", widgets=[
                        {"dashboard": "D", "widget": "W", "mapping": {
                            "metric": "kore_amount", "help": "Sum.",
                            "value": "v"}}])]) as agent:
                    self.fails(agent, "bot", "decode")
                    self.assertIn(seen, agent.log)

    def test_a_normal_table_skips_nothing(self):
        """No value, no label and no row are normal."""
        self.vendor.widgets["D", "W"] = [
            {"l": "a", "v": 1}, {"l": "a", "v": None}, {"l": "", "v": 2},
            {"v": "3"}, {"l": "a"}, {"l": None, "v": "-"}]
        self.vendor.widgets["D", "Empty"] = []
        agent = self.start(
            {"dashboard": "D", "widget": "W", "mapping": {
                "metric": "kore_amount", "help": "Sum.", "value": "v",
                "labels": {"l": "l"}}},
            {"dashboard": "D", "widget": "Empty", "mapping": {
                "metric": "kore_rows", "help": "Rows.", "value": "v"}})
        scrape = agent.up("bot")
        self.series(scrape, "bot", "kore_amount", {(("l", "a"),): 1, (): 5})
        self.assertEqual(scrape.value("kore_rows"), 0)
        self.assertEqual(scrape.value(
            "cx_exporter_rows_skipped_total", target="bot"), 0)

    def test_series_are_capped(self):
        self.vendor.widgets["D", "W"] = kinds(f"word {n}" for n in range(40))
        agent = self.start({"dashboard": "D", "widget": "W", "mapping": {
            **INTENTS, "max_series": 10}})
        scrape = agent.up("bot")
        self.assertEqual(len(scrape.samples("kore_intents")), 11)
        self.assertEqual(scrape.value("kore_intents", outcome="other"), 30)
        self.assertGreaterEqual(scrape.value(
            "cx_exporter_series_folded_total", target="bot"), 30)

    def test_no_personal_data(self):
        self.vendor.widgets["D", "W"] = [
            {"who": f"jane{n}@example.com"} for n in range(30)]
        agent = self.start({"dashboard": "D", "widget": "W", "mapping": {
            "metric": "kore_requests", "help": "Requests.",
            "labels": {"who": "who"}}})
        scrape = agent.up("bot")
        self.assertEqual(scrape.samples("kore_requests"), [])
        self.assertNotIn("@example.com", scrape.text + agent.log)

    def test_a_counter(self):
        counts = {"incoming": 100}
        self.vendor.widgets["D", "W"] = lambda first, last, filters: [
            {"messagetype": key, "count(messageId)": str(value)}
            for key, value in counts.items()]
        agent = self.start({"dashboard": "D", "widget": "W", "mapping": {
            "metric": "kore_messages_total", "help": "Messages.",
            "type": "counter", "labels": {"direction": "messagetype"},
            "value": "count(messageId)"}})
        agent.up("bot")
        self.assertEqual(agent.scrape().value("kore_messages_total"), 0)
        for value, expected in ((107, 7), (90, 7), (110, 10)):
            counts["incoming"] = value
            agent.scrape_when(lambda s: s.value(
                "kore_messages_total") == expected, what=f"{value}")

    def test_check_tells_what_is_wrong(self):
        widget = {"dashboard": "D", "widget": "W", "mapping": {
            **INTENTS, "metric": "intents"}}
        config = self.config(self.vendor.target("bot", widgets=[widget]))
        done = run("check", config)
        self.assertEqual(done.returncode, 2)
        self.assertIn('"intents" must start with "kore_"', done.stderr)

    def test_check_counts_widgets(self):
        widget = {"dashboard": "D", "widget": "W", "mapping": INTENTS}
        config = self.config(self.vendor.target("bot", widgets=[widget]))
        done = run("check", config)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("at least 3 requests (2 channels, hourly and daily, "
                      "1 widgets)", done.stdout)

    def test_an_interval_of_its_own(self):
        self.vendor.widgets["D", "W"] = kinds(SAMPLE)
        widget = {"dashboard": "D", "widget": "W", "interval": "1h",
                  "mapping": INTENTS}
        agent = self.start(widget)
        scrape = agent.scrape_when(lambda s: s.value(
            "cx_exporter_polls_total", target="bot") >= 4)
        self.assertEqual(len([r for r in self.vendor.requests
                              if "/widget/" in r.path]), 1)
        self.assertEqual(len(scrape.samples("kore_intents")), 3)
        done = run("check", self.config(
            self.vendor.target("bot", widgets=[widget])))
        self.assertIn("1 widgets every 1h", done.stdout)

    def test_explore(self):
        self.vendor.widgets["Operations", "Tasks / Q&A"] = [
            {"metricType": kind, "TotalTasks": str(n), "agent": f"a{n}@b.example"}
            for n, kind in enumerate(SAMPLE)]
        config = self.config(self.vendor.target("bot"))
        done = run("explore", config, "--target=bot",
                   "--widget=Operations/Tasks / Q&A")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("6 rows, 3 columns", done.stdout)
        self.assertNotIn("@b.example", done.stdout)
        # The suggestion is one that can be pasted.
        pasted = done.stdout.partition("A mapping to begin with:\n\n")[2]
        pasted = pasted.partition("\n\n")[0]
        path = config.partition("=")[2]
        with open(path, "a", encoding="utf-8") as file:
            file.write(pasted + "\n")
        checked = run("check", config)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))
        with Agent(None, config) as agent:
            scrape = agent.up("bot")
            names = [n for n in scrape.families if n.startswith("kore_tasks")]
            self.assertEqual(len(names), 1)
            self.assertEqual(sum(
                x.value for x in scrape.samples(names[0])), 15)

    def test_explore_says_what_it_cannot(self):
        config = self.config(self.vendor.target("bot"))
        for flag, text in (("--widget=Operations/None", "Invalid dashboard"),
                           ("--report=r1", "has no --report")):
            done = run("explore", config, "--target=bot", flag)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(text, done.stderr)


class Samespace(Tables):

    def setUp(self):
        self.vendor = self.server(vendors.SamespaceServer)

    def variables(self, operation):
        return [r.json["variables"] for r in self.vendor.requests
                if r.json["operationName"] == operation]

    def test_the_documented_report(self):
        self.vendor.reports["r1"] = [samespace.CALL]
        filters = [{"metricId": "5ea18a6b465b4d80736a76e9",
                    "operation": "nin", "type": "ATTRIBUTE", "values": []}]
        target = self.vendor.target("voice", reports=[{
            "id": "r1", "time_range": "PAST_3_MONTHS", "limit": 50,
            "filters": filters, "mappings": [
                {"metric": "samespace_calls", "help": "Calls.", "labels": {
                    "direction": "5e6f5fc04767c68072ee031d"}},
                {"metric": "samespace_talk_seconds", "help": "Seconds.",
                 "value": "5e6f5fc04767c68072ee0320", "aggregate": "avg"}]}])
        agent = self.start_agent([target])
        scrape = agent.up("voice")
        self.series(scrape, "voice", "samespace_calls",
                    {(("direction", "in"),): 1})
        self.series(scrape, "voice", "samespace_talk_seconds", {(): 31})
        self.assertEqual(self.variables("GetReportData")[0], {
            "reportId": "r1", "timeRange": "PAST_3_MONTHS", "skip": 0,
            "limit": 50, "filters": filters, "timezone": "Asia/Kolkata"})
        self.assert_no_complaints(self.vendor)
        self.valid(agent)

    def test_pages_also_where_the_server_has_a_limit_of_its_own(self):
        self.vendor.reports["r1"] = [
            {"d": ("in", "out")[n % 2]} for n in range(1234)]
        for cap, limit in ((10_000, 500), (100, 1000)):
            with self.subTest(cap=cap):
                self.vendor.cap = cap
                self.vendor.requests.clear()
                agent = self.start_agent([self.vendor.target(
                    "voice", dashboards=[{"id": samespace.DASHBOARD}],
                    reports=[{"id": "r1", "limit": limit, "mapping": {
                        "metric": "samespace_calls", "help": "Calls.",
                        "labels": {"direction": "D"}}}])])
                self.series(agent.up("voice"), "voice", "samespace_calls", {
                    (("direction", "in"),): 617, (("direction", "out"),): 617})
                self.assert_no_complaints(self.vendor)
                agent.stop()

    def test_the_day_so_far_is_counted(self):
        rows = [{"d": "in"}] * 5
        self.vendor.reports["r1"] = lambda variables: rows
        agent = self.start_agent([self.vendor.target("voice", reports=[{
            "id": "r1", "start_time": "today", "sort_id": "m",
            "sort_order": -1, "mapping": {
                "metric": "samespace_calls_total", "help": "Calls.",
                "type": "counter", "labels": {"direction": "d"}}}])])
        agent.up("voice")
        self.assertEqual(agent.scrape().value("samespace_calls_total"), 0)
        rows.extend([{"d": "in"}] * 3)
        agent.scrape_when(
            lambda s: s.value("samespace_calls_total") == 3, 20, "3 more")
        asked = self.variables("GetReportData")[0]
        # Midnight in Kolkata.
        self.assertTrue(asked["startTime"].endswith("T18:30:00.000Z"), asked)
        self.assertIsNone(asked["timeRange"])
        self.assertEqual((asked["sortId"], asked["sortOrder"]), ("m", -1))
        self.assert_no_complaints(self.vendor)

    def test_insights_of_other_types(self):
        self.vendor.dashboards[samespace.DASHBOARD] += [
            samespace.insight("7" * 24, "Teams", kind="TABLE"),
            samespace.insight("8" * 24, "Channels", kind="PIE_DONUT"),
            samespace.insight("9" * 24, "Not mapped", kind="LINE_AREA_BAR")]
        self.vendor.rows["7" * 24] = [
            {"team": "Sales", "calls": 12}, {"TEAM": "Sales", "Calls": "3"},
            {"team": None, "calls": 4}, {"team": "Ünï", "calls": "n/a"}]
        self.vendor.rows["8" * 24] = {
            "total": 7, "parts": [{"label": "Web", "value": 4},
                                  {"label": "PSTN", "value": 3}]}
        agent = self.start_agent([self.vendor.target("voice", dashboards=[{
            "id": samespace.DASHBOARD, "insights": {
                "7" * 24: {"mapping": {
                    "metric": "samespace_team_calls", "help": "Calls.",
                    "labels": {"team": "team"}, "value": "calls"}},
                "8" * 24: {"mapping": {
                    "metric": "samespace_channel_calls", "help": "Calls.",
                    "labels": {"medium": "label"}, "value": "value"}}}}])])
        scrape = agent.up("voice")
        self.series(scrape, "voice", "samespace_team_calls",
                    {(("team", "Sales"),): 15, (): 4})
        self.series(scrape, "voice", "samespace_channel_calls",
                    {(("medium", "Web"),): 4, (("medium", "PSTN"),): 3})
        self.assertEqual(len(scrape.samples("samespace_stat_value")), 2)
        self.assertNotIn("9" * 24, {
            v["insightId"] for v in self.variables("GetInsightData")})
        self.assertGreaterEqual(scrape.value(
            "cx_exporter_rows_skipped_total", target="voice"), 1)
        self.assert_no_complaints(self.vendor)
        self.valid(agent)

    def test_ranges_and_filters_of_insights(self):
        agent = self.start_agent([self.vendor.target("voice", dashboards=[{
            "id": samespace.DASHBOARD, "start_time": "2026-01-01",
            "end_time": "2026-02-01", "insights": {samespace.OUTBOUND: {
                "time_range": "PAST_HOUR", "filters": [
                    {"metricId": "m", "operation": "gt", "type": "MEASURE",
                     "value": 5}]}}}])])
        scrape = agent.up("voice")
        asked = {v["insightId"]: v for v in self.variables("GetInsightData")}
        self.assertEqual(asked[samespace.INBOUND]["startTime"],
                         "2025-12-31T18:30:00.000Z")
        self.assertEqual(asked[samespace.INBOUND]["endTime"],
                         "2026-01-31T18:30:00.000Z")
        self.assertEqual(asked[samespace.OUTBOUND]["timeRange"], "PAST_HOUR")
        self.assertEqual(asked[samespace.OUTBOUND]["filters"], [
            {"metricId": "m", "operation": "gt", "type": "MEASURE",
             "value": 5}])
        self.assertEqual(
            {s.labels["time_range"]
             for s in scrape.samples("samespace_stat_value")},
            {"2026-01-01/2026-02-01", "PAST_HOUR"})
        self.assert_no_complaints(self.vendor)

    def test_an_unknown_report_leaves_the_others(self):
        self.vendor.reports["r2"] = [{"d": "in"}]

        def report(name):
            return {"id": name, "mapping": {
                "metric": f"samespace_{name}", "help": "Rows."}}
        agent = self.start_agent([self.vendor.target(
            "voice", reports=[report("r1"), report("r2")])])
        scrape = self.fails(agent, "voice", "http_status")
        self.assertEqual(scrape.value("samespace_r2"), 1)
        self.assertEqual(len(scrape.samples("samespace_stat_value")), 2)
        self.assertIn("Report not found", agent.log)

    def test_explore(self):
        self.vendor.reports["r1"] = [samespace.CALL] * 3
        self.vendor.dashboards[samespace.DASHBOARD].append(
            samespace.insight("7" * 24, 'Teams "$A"', kind="TABLE"))
        self.vendor.rows["7" * 24] = [{"team": "Sales", "calls": 12},
                                      {"team": "Support", "calls": 30}]
        target = self.vendor.target("voice")
        del target["dashboards"]
        target["reports"] = [{"id": "r2", "mapping": {
            "metric": "samespace_r2", "help": "R2."}}]
        config = self.config(target)
        done = run("explore", config, "--target=voice", "--report=r1")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("3 rows, 10 columns", done.stdout)
        self.assertNotIn("+14077016752", done.stdout)
        done = run("explore", config, "--target=voice",
                   f"--dashboard={samespace.DASHBOARD}")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("2 rows, 2 columns", done.stdout)
        pasted = done.stdout.partition("A mapping to begin with:\n\n")[2]
        with open(config.partition("=")[2], "a", encoding="utf-8") as file:
            file.write(pasted.partition("\n\n")[0] + "\n")
        checked = run("check", config)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))
