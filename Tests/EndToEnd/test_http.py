"""The HTTP interface."""

import gzip
import json
import signal
import threading

import vendors
from harness import waiting
from harness.agent import OPENMETRICS, TEXT, Agent, write_config
from harness.case import EndToEndCase
from harness.exposition import Exposition
from harness.planned import is_planned, needs

PROMETHEUS_3 = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "application/openmetrics-text;version=0.0.1;q=0.5,"
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2")
PROMETHEUS_3_PROTOBUF = (
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
    "encoding=delimited;q=0.7," + PROMETHEUS_3)
PROMETHEUS_2 = (
    "application/openmetrics-text;version=1.0.0,"
    "application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
IS_TEXT = ("text/plain", "0.0.4")
IS_OPENMETRICS = ("application/openmetrics-text", "1.0.0")


def media(header):
    """(type, version, charset) of a Content-Type."""
    kind, *parameters = [p.strip() for p in header.split(";")]
    fields = dict(p.split("=", 1) for p in parameters)
    return kind, fields.get("version"), fields.get("charset")


class Interface(EndToEndCase):

    @classmethod
    def setUpClass(cls):
        cls.server = vendors.ExperiaServer()
        cls.addClassCleanup(cls.server.close)
        cls.other = vendors.RocketChatServer()
        cls.addClassCleanup(cls.other.close)
        cls.agent = Agent([
            cls.server.target("support", labels={"brand": "acme"}),
            cls.other.target("chat")]).start()
        cls.addClassCleanup(cls.agent.close)
        cls.agent.up("support", "chat")

    def test_content_negotiation(self):
        for accept, expected in (
                (None, IS_TEXT), ("*/*", IS_TEXT), (TEXT, IS_TEXT),
                ("text/html,application/xhtml+xml,*/*;q=0.8", IS_TEXT),
                (OPENMETRICS, IS_OPENMETRICS),
                (PROMETHEUS_2, IS_OPENMETRICS),
                (PROMETHEUS_3, IS_OPENMETRICS),
                (PROMETHEUS_3_PROTOBUF, IS_OPENMETRICS),
                (f"{OPENMETRICS};q=0.1,text/plain;version=0.0.4", IS_TEXT),
                (f"{OPENMETRICS};q=0, text/plain", IS_TEXT)):
            with self.subTest(accept=accept):
                answer = self.agent.request(
                    "GET", "/metrics", {"Accept": accept} if accept else {})
                kind, version, charset = media(answer.headers["Content-Type"])
                self.assertEqual((kind, version), expected)
                self.assertEqual(charset, "utf-8")
                Exposition(answer.text, expected == IS_OPENMETRICS)

    def test_headers(self):
        answer = self.agent.get("/metrics")
        varies = {v.strip().lower()
                  for v in answer.headers["Vary"].split(",")}
        self.assertEqual(varies, {"accept", "accept-encoding"})
        self.assertEqual(int(answer.headers["Content-Length"]),
                         len(answer.body))
        self.assertIsNone(answer.headers["Content-Encoding"])

    def test_gzip(self):
        for coding, zipped in (("gzip", True), ("deflate, gzip;q=0.5", True),
                               ("*", True), ("gzip;q=0", False),
                               ("identity", False), ("br", False)):
            with self.subTest(coding=coding):
                answer = self.agent.get("/metrics", Accept_Encoding=coding)
                found = answer.headers["Content-Encoding"] == "gzip"
                if coding != "*":
                    self.assertEqual(found, zipped)
                body = gzip.decompress(answer.body) if found else answer.body
                self.assertEqual(int(answer.headers["Content-Length"]),
                                 len(answer.body))
                self.assertIn(b"experia_period_sessions", body)

    def test_head(self):
        for path in ("/metrics", "/", "/sd", "/-/healthy", "/-/ready",
                     "/probe?target=chat", "/config"):
            if is_planned(path):
                continue
            with self.subTest(path=path):
                head = self.agent.request("HEAD", path)
                full = self.agent.get(path)
                self.assertEqual((head.status, full.status), (200, 200))
                self.assertEqual(head.body, b"")
                self.assertEqual(head.headers["Content-Type"],
                                 full.headers["Content-Type"])
                self.assertGreater(int(head.headers["Content-Length"]), 0)

    def test_head_sends_no_body(self):
        got = self.agent.raw("HEAD /metrics HTTP/1.1\r\nHost: a\r\n"
                             "Connection: close\r\n\r\n")
        head, _, body = got.partition(b"\r\n\r\n")
        self.assertTrue(head.startswith(b"HTTP/1.1 200"), head[:80])
        self.assertEqual(body, b"")

    def test_not_found(self):
        for path in ("/nothing", "/metrics/", "/metricsx", "/-/nothing",
                     "/metrics?target=nobody", "/probe?target=nobody",
                     "/metrics?target=chat&target=nobody"):
            with self.subTest(path=path):
                answer = self.agent.get(path)
                self.assertEqual(answer.status, 404)
                self.assertTrue(answer.text.strip())
                self.assertLess(len(answer.text), 500)

    def test_wrong_methods(self):
        for method, path in (("POST", "/metrics"), ("PUT", "/metrics"),
                             ("DELETE", "/"), ("POST", "/-/healthy"),
                             ("PATCH", "/sd"), ("OPTIONS", "/metrics")):
            if is_planned(path):
                continue
            with self.subTest(method=method, path=path):
                answer = self.agent.request(method, path)
                allowed = {m.strip() for m in
                           (answer.headers["Allow"] or "").split(",")}
                self.assertEqual(answer.status, 405)
                self.assertEqual(allowed, {"GET", "HEAD"})

    @needs("/-/reload")
    def test_reload_is_for_post(self):
        answer = self.agent.get("/-/reload")
        self.assertEqual(answer.status, 405)
        self.assertIn("POST", answer.headers["Allow"])

    def test_malformed_requests(self):
        host = "Host: a\r\n"
        for text, status in (
                ("nonsense\r\n\r\n", 400),
                ("GET /metrics HTTP/1.1\r\n\r\n", 400),
                (f"GET /metrics HTTP/1.1\r\n{host}Bad Name: x\r\n\r\n", 400),
                (f"GET /metrics HTTP/1.1\r\n{host}{host}\r\n", 400),
                (f"GET /metrics HTTP/2.0\r\n{host}\r\n", 505),
                (f"GET /{'a' * 70000} HTTP/1.1\r\n{host}\r\n", 414),
                (f"GET / HTTP/1.1\r\n{host}X: {'a' * 200000}\r\n\r\n", 431)):
            with self.subTest(status=status, text=text[:40]):
                try:
                    got = self.agent.raw(text)
                except ConnectionError:
                    # Closed with our bytes unread: no answer to look at.
                    self.assertIn(status, (414, 431))
                    continue
                self.assertTrue(got.startswith(b"HTTP/1.1 %d " % status),
                                got[:80])
        self.assertEqual(self.agent.get("/-/healthy").status, 200)

    def test_http_1_0_closes(self):
        got = self.agent.raw("GET /-/healthy HTTP/1.0\r\n\r\n")
        self.assertIn(b" 200 ", got[:20])

    @needs("/probe?target=chat")
    def test_probe(self):
        probe = self.agent.scrape(path="/probe?target=chat")
        self.assertTrue(probe.samples(
            "rocketchat_omnichannel_period_messages", target="chat"))
        self.assertIsNone(probe.family("experia_period_sessions"))
        self.assertIsNone(probe.family("process_open_fds"))

    def test_one_target(self):
        chosen = self.agent.scrape(path="/metrics?target=support")
        self.assertTrue(chosen.samples("experia_period_sessions"))
        self.assertIsNone(
            chosen.family("rocketchat_omnichannel_period_messages"))
        self.assertTrue(chosen.samples("cx_exporter_build_info"))

    @needs("/sd")
    def test_service_discovery(self):
        answer = self.agent.get("/sd")
        self.assertEqual(media(answer.headers["Content-Type"])[0],
                         "application/json")
        found = {g["labels"]["__param_target"]: g["labels"]
                 for g in json.loads(answer.text)}
        self.assertEqual(set(found), {"support", "chat"})
        self.assertEqual(found["support"]["brand"], "acme")
        self.assertEqual([found[n]["vendor"] for n in ("support", "chat")],
                         ["experia", "rocketchat"])
        for group in json.loads(answer.text):
            self.assertTrue(group["targets"])

    def test_status_page(self):
        page = self.agent.get("/")
        self.assertEqual(media(page.headers["Content-Type"])[0], "text/html")
        for text in ("support", "chat", "/metrics"):
            self.assertIn(text, page.text)
        self.assertNotIn("<script src", page.text)

    @needs("/config")
    def test_configuration_page(self):
        text = self.agent.get("/config").text
        self.assertIn("<secret>", text.replace("&lt;", "<").replace(
            "&gt;", ">"))
        self.assertIn("support", text)

    def test_scrapes_do_not_ask_the_vendor(self):
        slow = vendors.ExperiaServer()
        self.addCleanup(slow.close)
        agent = self.start_agent([slow.target("slow", interval="10m")])
        # The first polls are spread over the interval, so there may be none.
        before = len(slow.requests)
        crowd = [threading.Thread(target=agent.scrape) for _ in range(20)]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()
        self.assertLessEqual(len(slow.requests) - before, 2)

    @needs("/-/reload")
    def test_reload_needs_lifecycle(self):
        self.assertEqual(self.agent.request("POST", "/-/reload").status, 403)


@needs("--web.enable-lifecycle")
class Reload(EndToEndCase):

    def setUp(self):
        self.one = self.server(vendors.ExperiaServer)
        self.two = self.server(vendors.ExperiaServer, key="second-key-1a")
        self.running = self.start_agent(
            [self.one.target("one")], "--web.enable-lifecycle")
        self.running.up("one")

    def write(self, *targets):
        write_config(self.running.folder, targets, Agent.FAST)

    def test_post_brings_a_target_and_takes_another(self):
        self.write(self.two.target("two"))
        self.assertEqual(
            self.running.request("POST", "/-/reload").status, 200)
        scrape = self.running.up("two")
        self.assertEqual(scrape.samples("cx_exporter_target_up",
                                        target="one"), [])

    def test_a_wrong_configuration_keeps_the_old(self):
        self.write({**self.two.target("two"), "perriods": ["daily"]})
        answer = self.running.request("POST", "/-/reload")
        self.assertEqual(answer.status, 400)
        self.assertIn("perriods", answer.text)
        scrape = self.running.up("one")
        self.assertEqual(
            scrape.value("cx_exporter_config_last_reload_successful"), 0)
        self.write(self.one.target("one"))
        self.running.process.send_signal(signal.SIGHUP)
        waiting.until(lambda: self.running.scrape().value(
            "cx_exporter_config_last_reload_successful") == 1, 10,
            "the reload by SIGHUP")
