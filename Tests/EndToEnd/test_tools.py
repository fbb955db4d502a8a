"""Prometheus and its relatives start, answer and end."""

from harness import tools, waiting
from harness.case import EndToEndCase
from harness.prometheus import Alertmanager, Prometheus


class Tools(EndToEndCase):

    def start(self, service):
        self.addCleanup(service.close)
        return service.start()

    def test_each_says_its_version(self):
        for name in tools.NAMES:
            with self.subTest(tool=name):
                # slowhttptest names it in its help, which is an error to it.
                flag, expected = (("-h", 1) if name == "slowhttptest" else
                                  ("--version", 0))
                status, text = tools.said(name, flag)
                self.assertEqual(status, expected, text)
                self.assertRegex(text, r"version \d+\.\d+")

    def test_prometheus_scrapes_itself(self):
        prometheus = self.start(Prometheus({
            "global": {"scrape_interval": "1s"}}))
        self.assertEqual(prometheus.value("1 + 1"), 2)
        self.assertEqual(prometheus.query("up"), [])
        prometheus.write({
            "global": {"scrape_interval": "1s"}, "scrape_configs": [{
                "job_name": "self", "static_configs": [
                    {"targets": [f"127.0.0.1:{prometheus.port}"]}]}]})
        prometheus.reload()
        waiting.until(lambda: prometheus.query("up == 1"), 15, "an up")
        self.assertEqual([t["health"] for t in prometheus.targets()], ["up"])
        with self.assertRaisesRegex(AssertionError, "parse error"):
            prometheus.query("rate(")
        self.assertEqual(prometheus.stop(), 0)

    def test_alertmanager(self):
        alertmanager = self.start(Alertmanager(
            {"route": {"receiver": "none"}, "receivers": [{"name": "none"}]}))
        self.assertEqual(alertmanager.get("/api/v2/status").status, 200)
        self.assertEqual(alertmanager.stop(), 0)

    def test_a_wrong_configuration_is_told(self):
        with self.assertRaisesRegex(RuntimeError,
                                    "(?s)prometheus: exit.*nonsense"):
            self.start(Prometheus("nonsense: 1"))
