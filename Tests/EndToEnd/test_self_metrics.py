"""The exporter's own families, and the form of the whole exposition."""

import re

import vendors
from harness import waiting
from harness.agent import OPENMETRICS, TEXT, Agent
from harness.case import CORRECTIONS, EndToEndCase
from vendors import faults

REASONS = {"auth", "rate_limited", "timeout", "connection", "tls",
           "http_status", "decode", "vendor_error", "too_large", "budget"}
TARGET = {"vendor", "target"}
WINDOW = {"vendor", "budget", "window"}
P = "cx_exporter_"
# name: (type, labels); the type `info` exists in OpenMetrics only.
ALWAYS = {
    P + "build_info": ("info", {"version", "revision", "swift_version"}),
    P + "config_last_reload_successful": ("gauge", set()),
    P + "config_last_reload_success_timestamp_seconds": ("gauge", set()),
    P + "target_up": ("gauge", TARGET),
    P + "polls_total": ("counter", TARGET),
    P + "poll_failures_total": ("counter", TARGET | {"reason"}),
    CORRECTIONS: ("counter", TARGET),
    P + "rows_skipped_total": ("counter", TARGET),
    P + "series_folded_total": ("counter", TARGET),
    P + "http_requests_total": ("counter", {"handler", "code"}),
    P + "http_connections": ("gauge", set()),
    "process_cpu_seconds_total": ("counter", set()),
    "process_resident_memory_bytes": ("gauge", set()),
    "process_virtual_memory_bytes": ("gauge", set()),
    "process_open_fds": ("gauge", set()),
    "process_max_fds": ("gauge", set()),
    "process_start_time_seconds": ("gauge", set())}
AFTER_A_POLL = {
    P + "target_last_poll_timestamp_seconds": ("gauge", TARGET),
    P + "target_last_success_timestamp_seconds": ("gauge", TARGET),
    P + "target_stale_after_seconds": ("gauge", TARGET),
    P + "target_poll_duration_seconds": ("gauge", TARGET),
    P + "target_samples": ("gauge", TARGET),
    P + "vendor_requests_total": ("counter", TARGET | {"code"}),
    P + "rate_limit_requests": ("gauge", WINDOW),
    P + "rate_limit_remaining_requests": ("gauge", WINDOW),
    P + "rate_limit_planned_requests": ("gauge", WINDOW)}
# Known only once there is a reset or a backoff to tell of.
SOMETIMES = {
    P + "rate_limit_reset_timestamp_seconds": ("gauge", WINDOW),
    P + "backoff_until_timestamp_seconds": ("gauge", TARGET)}
NAMES = {"experia": "support", "samespace": "voice", "rocketchat": "chat",
         "kore": "bot"}


class SelfMetrics(EndToEndCase):

    @classmethod
    def setUpClass(cls):
        cls.servers = [kind() for kind in vendors.ALL]
        for server in cls.servers:
            cls.addClassCleanup(server.close)
            server.fault = faults.hang()
        cls.agent = Agent([s.target(NAMES[s.vendor]) for s in cls.servers],
                          defaults={"timeout": "5s"}).start()
        cls.addClassCleanup(cls.agent.close)
        # Nobody has answered yet: this is how it is from the start.
        cls.first = cls.agent.scrape()
        cls.ready_first = cls.agent.get("/-/ready").status
        for server in cls.servers:
            server.fault = None
        # Who hung is cut off now and polled again after the backoff.
        cls.agent.up(*NAMES.values(), seconds=30)
        cls.scrapes = {"text": cls.agent.scrape(),
                       "OpenMetrics": cls.agent.scrape(openmetrics=True)}

    def check(self, scrape, families, openmetrics):
        for name, (kind, names) in families.items():
            with self.subTest(family=name, openmetrics=openmetrics):
                self.assertIsNotNone(scrape.family(name), "missing")
                if kind == "info" and not openmetrics:
                    kind = "gauge"
                self.assertEqual(scrape.type(name), kind)
                samples = scrape.samples(name)
                self.assertTrue(samples, "no sample")
                for sample in samples:
                    self.assertEqual(set(sample.labels), names)

    def test_types_and_labels(self):
        for form, scrape in self.scrapes.items():
            self.check(scrape, {**ALWAYS, **AFTER_A_POLL},
                       form == "OpenMetrics")
            present = {name: shape for name, shape in SOMETIMES.items()
                       if scrape.samples(name)}
            self.check(scrape, present, form == "OpenMetrics")

    def test_there_from_the_start(self):
        start = {name: shape for name, shape in ALWAYS.items()
                 if name != P + "http_requests_total"}
        self.check(self.first, start, False)
        for vendor, target in NAMES.items():
            with self.subTest(target=target):
                of = {"vendor": vendor, "target": target}
                self.assertEqual(self.first.value(P + "target_up", **of), 0)
                failures = {s.labels["reason"]: s.value for s in
                            self.first.samples(
                                P + "poll_failures_total", **of)}
                self.assertEqual(failures, dict.fromkeys(REASONS, 0))
                for name in (CORRECTIONS, P + "rows_skipped_total",
                             P + "series_folded_total"):
                    self.assertEqual(self.first.value(name, **of), 0)

    def test_not_ready_before_every_target_was_polled(self):
        self.assertEqual(self.ready_first, 503)
        waiting.until(lambda: self.agent.get("/-/ready").status == 200, 10,
                      "readiness")

    def test_request_duration_histogram(self):
        name = P + "vendor_request_duration_seconds"
        for form, scrape in self.scrapes.items():
            for vendor, target in NAMES.items():
                with self.subTest(format=form, target=target):
                    self.assertEqual(scrape.type(name), "histogram")
                    of = {"vendor": vendor, "target": target}
                    count = scrape.value(name + "_count", **of)
                    buckets = [s.value for s in
                               scrape.samples(name + "_bucket", **of)]
                    self.assertGreater(count, 0)
                    self.assertEqual(scrape.value(
                        name + "_bucket", le="+Inf", **of), count)
                    self.assertEqual(buckets, sorted(buckets))
                    self.assertGreater(
                        scrape.value(name + "_sum", **of), 0)

    def test_polls_and_requests_are_counted(self):
        scrape = self.scrapes["text"]
        for vendor, target in NAMES.items():
            with self.subTest(target=target):
                of = {"vendor": vendor, "target": target}
                self.assertGreaterEqual(scrape.value(
                    P + "polls_total", **of), 1)
                self.assertGreaterEqual(scrape.value(
                    P + "vendor_requests_total", code="200", **of), 1)
                self.assertGreater(scrape.value(P + "target_samples", **of),
                                   0)
                self.assertGreaterEqual(
                    scrape.value(P + "target_last_poll_timestamp_seconds",
                                 **of),
                    scrape.value(P + "target_last_success_timestamp_seconds",
                                 **of))

    def test_budgets(self):
        scrape = self.scrapes["text"]
        limits = {(s.labels["vendor"]): s.value for s in
                  scrape.samples(P + "rate_limit_requests")}
        for vendor in ("experia", "rocketchat", "kore"):
            self.assertEqual(limits.get(vendor), 100000, vendor)
        for sample in scrape.samples(P + "rate_limit_remaining_requests"):
            self.assertLess(sample.value, 100000)

    def test_units_in_openmetrics(self):
        scrape = self.scrapes["OpenMetrics"]
        for name, family in scrape.families.items():
            unit = re.search(r"_(seconds|bytes|ratio)$", name)
            with self.subTest(family=name):
                self.assertEqual(family.unit, unit[1] if unit else "")
                self.assertNotEqual(family.documentation, "")

    def test_form(self):
        self.assertTrue(self.scrapes["OpenMetrics"].text.endswith("# EOF\n"))
        for form, scrape in self.scrapes.items():
            with self.subTest(format=form):
                kinds = re.findall(r"^# TYPE (\S+)", scrape.text, re.M)
                helps = re.findall(r"^# HELP (\S+)", scrape.text, re.M)
                self.assertEqual(len(kinds), len(set(kinds)))
                self.assertEqual(sorted(kinds), sorted(helps))
                self.assertNotIn("NaN", scrape.text)
                self.assertNotIn("_created", scrape.text)
                self.assertNotIn("\r", scrape.text)
                self.assertEqual(scrape.text[-1], "\n")

    def test_order_is_stable(self):
        def order(accept):
            text = self.agent.get("/metrics", Accept=accept).text
            return [re.sub(r" \S+$", "", line) for line in text.splitlines()]
        for accept in (TEXT, OPENMETRICS):
            with self.subTest(accept=accept):
                self.assertEqual(order(accept), order(accept))


class Flags(EndToEndCase):

    def test_exporter_metrics_can_be_left_out(self):
        server = self.server(vendors.ExperiaServer)
        agent = self.start_agent(
            [server.target("support")], "--web.disable-exporter-metrics")
        scrape = agent.up("support")
        self.assertEqual([name for name in scrape.families
                          if name.startswith("process_")
                          or name.startswith(P + "http_")], [])

    def test_created_samples_can_be_asked_for(self):
        server = self.server(vendors.ExperiaServer)
        agent = self.start_agent(
            [server.target("support")], "--openmetrics.created-samples")
        agent.up("support")
        scrape = agent.scrape(openmetrics=True)
        created = scrape.value("experia_sessions_created", target="support")
        self.assertGreater(created, 1.6e9)
        self.assertNotIn("_created", agent.scrape().text)
