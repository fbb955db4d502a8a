"""The wire between the exporter and a vendor: whose answer, when, and what.

An answer belongs to its request, a repeat is safe only if nothing was
answered, a wait is counted by the answer's own clock, and a diagnosis names
what really happened.
"""

import gzip
import tempfile
import time
import zlib

import vendors
from harness import waiting
from harness.case import EndToEndCase
from vendors import faults, wire
from vendors.base import Answer
from vendors.clock import Clock

UP = "cx_exporter_target_up"
FAILURES = "cx_exporter_poll_failures_total"
REQUESTS = "cx_exporter_vendor_requests_total"
PAGE = ("<!DOCTYPE html><html><head><title>Just a moment...</title></head>"
        "<body>Checking your browser</body></html>")


def failures(scrape, target):
    """The failed polls of a target by reason."""
    return {s.labels["reason"]: s.value
            for s in scrape.samples(FAILURES, target=target) if s.value}


def requests(scrape, target):
    """The requests of a target by code."""
    return {s.labels["code"]: s.value
            for s in scrape.samples(REQUESTS, target=target) if s.value}


class Unasked(EndToEndCase):
    """What comes on an idle connection is the answer to no request."""

    STRANGER = wire.message("200 OK", b'{"status":"SUCCESS","totalSessions":'
                            b'999990,"totalMsg":999990}')

    def check(self, extra, together=False, **options):
        """Two views, whose figures must never change places."""
        server = self.server(vendors.ExperiaServer)
        front = options.pop("front", None)
        if front:
            front = front(server)
            options.update(url=front.url,
                           tls_config={"ca_file": front.certificate})
        for group, sessions in (("g-1", 11), ("g-2", 22)):
            server.set(groups=[group], totalSessions=sessions, totalMsg=sessions)
        # Behind the poll's last answer: the next request comes a second later.
        server.fault = wire.unasked(
            extra, together, lambda request: "g-2" in request.json["groupsID"])
        agent = self.start_agent([server.target(
            "support", views=[{"name": "one", "groups": ["g-1"]},
                              {"name": "two", "groups": ["g-2"]}], **options)])
        waiting.until(lambda: len(server.requests) >= 10, 30, "ten requests")
        server.fault = None
        scrape = agent.scrape()
        for view, sessions in (("one", 11), ("two", 22)):
            for name in ("experia_period_sessions", "experia_period_messages"):
                self.assertEqual(scrape.value(
                    name, target="support", view=view, period="daily"), sessions,
                    name)
        self.assertEqual(failures(scrape, "support"), {})
        # The idle connection was left before anything was sent on it, so
        # that no request was sent twice.
        self.assertEqual(set(requests(scrape, "support")), {"200"})
        self.assertIn(len(server.requests) - sum(requests(
            agent.scrape(), "support").values()), (0, 1, 2))

    def test_a_timeout_of_the_gateway(self):
        self.check(wire.HAPROXY_408)

    def test_the_answer_to_nothing(self):
        self.check(self.STRANGER)

    def test_in_the_same_segment(self):
        self.check(self.STRANGER, together=True)

    def test_a_few_bytes(self):
        self.check(b"\r\n\r\n")

    def test_through_a_proxy(self):
        server = self.server(vendors.ExperiaServer)
        # A proxy gets the absolute form: the vendor's server is its own.
        answer = server.answer
        server.answer = lambda request: answer(request._replace(
            path=request.path.removeprefix("http://vendor.invalid")))
        server.fault = wire.unasked(self.STRANGER)
        agent = self.start_agent([server.target(
            "support", url="http://vendor.invalid", proxy_url=server.url,
            periods=["daily"])])
        waiting.until(lambda: len(server.requests) >= 5, 30, "five requests")
        scrape = agent.scrape()
        self.assertEqual(scrape.value(
            "experia_period_sessions", target="support", period="daily", view="all"),
            458)
        self.assertEqual(failures(scrape, "support"), {})

    def test_under_tls(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)

        def front(server):
            result = wire.TLSFront(server, folder.name)
            self.addCleanup(result.close)
            return result
        self.check(self.STRANGER, front=front)

    def test_a_quiet_connection_is_kept(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        server = self.server(vendors.ExperiaServer)
        front = wire.TLSFront(server, folder.name)
        self.addCleanup(front.close)
        self.start_agent([server.target(
            "support", url=front.url,
            tls_config={"ca_file": front.certificate})])
        waiting.until(lambda: len(server.requests) >= 6, 30, "six requests")
        self.assertEqual(front.accepted, 1)


class Repeats(EndToEndCase):
    """Once more, on a connection of its own, and counted."""

    def check(self, fault, code, answered=True):
        server = self.server(vendors.ExperiaServer)
        # The first of every three requests goes wrong.
        server.fault = wire.sometimes(fault, lambda number: number % 3 == 0)
        agent = self.start_agent([server.target("support")])
        scrape = agent.scrape_when(
            lambda s: requests(s, "support").get("200", 0) >= 4, 30,
            "four answers")
        counted = requests(scrape, "support")
        if answered:
            self.assertEqual(failures(scrape, "support"), {})
        else:
            self.assertTrue(failures(scrape, "support"))
        self.assertGreaterEqual(counted[code], 2)
        self.assertIn(len(server.requests) - sum(counted.values()), (0, 1, 2))

    def test_haproxys_timeout(self):
        self.check(wire.raw(wire.HAPROXY_408), "408")

    def test_a_close_before_any_byte(self):
        self.check(wire.close(), "connection")

    def test_a_reset_before_any_byte(self):
        self.check(faults.reset(), "connection")

    def test_what_was_begun_is_not_repeated(self):
        self.check(faults.cut_body(), "connection", answered=False)

    def test_at_most_one(self):
        server = self.server(vendors.ExperiaServer)
        server.fault = wire.close()
        agent = self.start_agent([server.target("support", interval="2s")])
        scrape = agent.scrape_when(lambda s: failures(s, "support"))
        self.assertEqual(requests(scrape, "support"), {"connection": 2})
        self.assertEqual(len(server.requests), 2)

    def test_the_budget_is_kept(self):
        server = self.server(vendors.ExperiaServer)
        server.fault = wire.close()
        agent = self.start_agent([server.target(
            "support", rate_limit=[{"requests": 3, "per": "1h"}])])
        agent.scrape_when(lambda s: failures(s, "support").get(
            "connection", 0) >= 1)
        waiting.throughout(lambda: len(server.requests) <= 3, 5,
                           "at most 3 requests in an hour")


class Waits(EndToEndCase):
    """When to ask again, whatever the server's clock says."""

    def backoff(self, kind, fault, reason, **options):
        """Seconds from the refusal to the time at which the target asks."""
        server = self.server(kind)
        server.fault = fault
        agent = self.start_agent([server.target("slow", **options)])
        scrape = agent.scrape_when(
            lambda s: failures(s, "slow").get(reason, 0) >= 1)
        seen = len(server.requests)
        self.assertEqual(seen, 1)
        until = scrape.value(
            "cx_exporter_backoff_until_timestamp_seconds", target="slow")
        waiting.throughout(lambda: len(server.requests) == seen, 3,
                           "no request while the vendor asked to wait")
        return until - server.requests[-1].time

    def test_a_clock_that_is_off(self):
        for ahead in (3600, -3600):
            for kind, status, form, reason in (
                    (vendors.RocketChatServer, 429, "reset", "rate_limited"),
                    (vendors.KoreServer, 429, "date", "rate_limited"),
                    (vendors.ExperiaServer, 503, "date", "http_status")):
                with self.subTest(ahead=ahead, vendor=kind.vendor):
                    wait = self.backoff(
                        kind, wire.later(status, 30, form, ahead), reason)
                    self.assertGreater(wait, 28)
                    self.assertLess(wait, 33)

    def test_never_longer_than_the_widest_window(self):
        def fault(handler, request):
            handler.send(Answer(429, b"{}", {"X-RateLimit-Reset": str(int(
                (time.time() + 3630) * 1000))}))
        wait = self.backoff(vendors.RocketChatServer, fault, "rate_limited")
        self.assertGreater(wait, 57)
        self.assertLess(wait, 63)

    def test_a_server_that_is_not_available(self):
        for status in (503, 502, 500):
            with self.subTest(status=status):
                wait = self.backoff(
                    vendors.ExperiaServer, wire.later(status, 120, "seconds"),
                    "http_status", periods=["daily", "weekly", "monthly"])
                self.assertGreater(wait, 118)
                self.assertLess(wait, 125)


class Diagnoses(EndToEndCase):
    """What is reported is what happened."""

    def outcome(self, fault, kind=vendors.ExperiaServer, **options):
        """The reasons of a target whose every request goes wrong."""
        server = self.server(kind)
        server.fault = fault
        agent = self.start_agent([server.target("support", **options)])
        scrape = agent.scrape_when(
            lambda s: failures(s, "support") or s.value(
                UP, target="support") == 1)
        return failures(scrape, "support"), agent

    def test_a_page_is_no_refusal_of_the_key(self):
        for kind in vendors.ALL:
            for status in (403, 406, 503):
                with self.subTest(vendor=kind.vendor, status=status):
                    reasons, agent = self.outcome(
                        faults.status(status, PAGE, content_type="text/html"),
                        kind)
                    self.assertEqual(set(reasons), {"http_status"})
                    self.assertIn("proxy or firewall", agent.log)
                    self.assertNotIn("check the target's credentials",
                                     agent.log)

    def test_a_401_is_about_the_key_whatever_it_looks_like(self):
        """RFC 9110, section 15.5.2: many servers send it with a page."""
        for kind in vendors.ALL:
            with self.subTest(vendor=kind.vendor):
                reasons, agent = self.outcome(
                    faults.status(401, PAGE, content_type="text/html"), kind)
                self.assertEqual(set(reasons), {"auth"})
                self.assertIn("check the target's credentials", agent.log)

    def test_json_is_json_whatever_it_is_called(self):
        for kind in vendors.ALL:
            for media in ("text/html", "text/plain", "application/xhtml+xml"):
                with self.subTest(vendor=kind.vendor, type=media):
                    reasons, _ = self.outcome(wire.retyped(media), kind)
                    self.assertEqual(reasons, {})

    def test_codings_that_are_read(self):
        for name, coding, code in (
                ("two members", "gzip", wire.two_members),
                ("one", "x-gzip", gzip.compress),
                ("zlib", "deflate", zlib.compress),
                ("raw", "deflate", wire.raw_deflate),
                ("identity", "identity", bytes),
                ("twice", "gzip, gzip",
                 lambda body: gzip.compress(gzip.compress(body)))):
            with self.subTest(coding=name):
                reasons, _ = self.outcome(wire.coded(coding, code))
                self.assertEqual(reasons, {})

    def test_codings_that_are_not(self):
        for coding, code, words in (
                ("gzip", lambda body: gzip.compress(body)[:-5],
                 "gzip data ends too early"),
                ("gzip", lambda body: gzip.compress(body) + b"garbage",
                 "gzip data is followed by other bytes"),
                ("gzip", bytes, "the answer is not gzip"),
                ("gzip", lambda body: b"", "with an empty body"),
                ("br", bytes, "content coding \\\"br\\\"")):
            with self.subTest(words=words):
                reasons, agent = self.outcome(wire.coded(coding, code))
                self.assertEqual(set(reasons), {"decode"})
                self.assertIn(words, agent.log)
                self.assertNotIn("to disk", agent.log)

    def test_redirects_within_the_vendor(self):
        for location in ("?v=2", "dashboard", "./dashboard", "../v2/dashboard",
                         "#f", "", "//{host}/v2/dashboard", "/v2/./dashboard",
                         "http://{host}/x/../v2/dashboard"):
            with self.subTest(location=location):
                server = self.server(vendors.ExperiaServer)
                server.moved = {}
                server.fault = wire.moved_once(
                    lambda request, to=location: to.format(
                        host=server.url.removeprefix("http://")))
                agent = self.start_agent([server.target("support")])
                scrape = agent.up("support")
                self.assertEqual(failures(scrape, "support"), {})
                self.assertGreaterEqual(requests(scrape, "support")["307"], 1)

    def test_a_refusal_with_200(self):
        """One rule for all vendors, whatever the status."""
        bodies = {
            "auth": {
                "experia": {"status": "FAILED", "message": "Unauthorized"},
                "samespace": {"success": False,
                              "message": "Cant make call! Not logged In"},
                "rocketchat": {"success": False, "error":
                               "You must be logged in to do this."},
                "kore": {"errors": [{"msg": "Invalid SDK credentials",
                                     "code": 4002}]}},
            "rate_limited": {
                "experia": {"status": "FAILED",
                            "message": "Too many requests"},
                "samespace": {"errors": [{"message": "no", "extensions":
                                          {"code": "RATE_LIMITED"}}]},
                "rocketchat": {"success": False, "error": "Error, too many "
                               "requests. [error-too-many-requests]"},
                "kore": {"errors": [{"msg": "Rate limit for this API has been "
                                     "reached."}]}}}
        for reason, by_vendor in bodies.items():
            for kind in vendors.ALL:
                for status in (200, 400):
                    with self.subTest(reason=reason, vendor=kind.vendor,
                                      status=status):
                        reasons, _ = self.outcome(faults.status(
                            status, by_vendor_body(by_vendor, kind)), kind)
                        self.assertEqual(set(reasons), {reason})


class Secrets(EndToEndCase):
    """Only a secret is hidden, and never in an answer."""

    def test_what_a_header_says_is_no_secret(self):
        server = self.server(vendors.ExperiaServer)
        server.set(totalMsg=123456, totalSessions=1234567)
        server.cards["CARDTAGS"] = [{"tag": "whatsapp", "count": 123456},
                                    {"tag": "123456", "count": 1}]
        agent = self.start_agent([server.target(
            "support",
            http_headers={"X-Account-Id": {"values": ["123456"]},
                          "X-Channel": "whatsapp"},
            cards=[{"card": "CARDTAGS", "interval": "1s", "mapping": {
                "metric": "experia_tag_uses", "help": "Uses.", "value": "count",
                "labels": {"tag": "tag"}}}])])
        scrape = agent.scrape_when(
            lambda s: s.samples("experia_tag_uses", tag="whatsapp"))
        self.assertEqual(scrape.value(
            "experia_period_messages", target="support", period="daily", view="all"),
            123456)
        self.assertEqual(
            {s.labels["tag"]: s.value for s in
             scrape.samples("experia_tag_uses")}["whatsapp"], 123456)
        self.assertNotIn("<secret>", agent.get("/metrics").text)

    def test_an_echoed_key_is_in_no_label(self):
        server = self.server(vendors.ExperiaServer, key="experia-k3y-5f1d9")
        server.cards["CARDTAGS"] = [
            {"tag": f"key {server.key}!", "count": 7},
            {"tag": "other", "count": 5}]
        agent = self.start_agent([server.target(
            "support", cards=[{"card": "CARDTAGS", "interval": "1s",
                               "mapping": {
                                   "metric": "experia_tag_uses",
                                   "help": "Uses.",
                                   "value": "count",
                                   "labels": {"tag": "tag"}}}])])
        agent.scrape_when(lambda s: s.samples("experia_tag_uses", tag="other"))
        for text in (agent.get("/metrics").text, agent.get("/").text,
                     agent.log):
            self.assertNotIn(server.key, text)


class IssuedInThePast(EndToEndCase):

    def test_a_verifier_whose_clock_is_behind(self):
        for offset in (-5, -55, 240):
            with self.subTest(offset=offset):
                server = self.server(vendors.KoreServer,
                                     clock=Clock(offset))
                agent = self.start_agent([server.target("bots")])
                self.assertEqual(failures(agent.up("bots"), "bots"), {})


def by_vendor_body(bodies, kind):
    return Answer(200, bodies[kind.vendor]).body
