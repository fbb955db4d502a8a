"""The stand-ins themselves, against plain sockets and urllib."""

import datetime
import json
import socket
import threading
import time
import unittest
import urllib.error
import urllib.request

import vendors
from harness import waiting, yaml
from vendors import faults, graphql, jwt, kore, rocketchat, samespace
from vendors.clock import days

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(server, method, path, body=None, timeout=5, **headers):
    """(status, headers, parsed or raw body) of one request."""
    data = json.dumps(body).encode() if body is not None else None
    fields = {k.replace("_", "-"): v for k, v in headers.items()}
    if data is not None:
        fields.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(server.url + path, data, fields,
                                     method=method)
    try:
        answer = OPENER.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        answer = error
    raw = answer.read()
    try:
        return answer.status, answer.headers, json.loads(raw)
    except ValueError:
        return answer.status, answer.headers, raw


class Experia(unittest.TestCase):

    def setUp(self):
        self.server = vendors.ExperiaServer()
        self.addCleanup(self.server.close)

    def ask(self, **body):
        return call(self.server, "POST", "/v2/dashboard", body,
                    X_API_Key=self.server.key)

    def test_sample_and_views(self):
        self.server.set(groups=["g-1"], totalSessions=7)
        self.assertEqual(self.ask(filter="daily")[2]["totalSessions"], 458)
        self.assertEqual(
            self.ask(filter="TODAY", groupsID=["g-1"])[2]["totalSessions"], 7)

    def test_a_range_means_that_day(self):
        today = self.server.clock.today(3)
        yesterday = today - datetime.timedelta(days=1)
        self.server.set(totalSessions=5)
        self.server.set(yesterday, totalSessions=6)
        tomorrow = today + datetime.timedelta(days=1)
        for day, expected in ((today, 5), (yesterday, 6), (tomorrow, 0)):
            answer = self.ask(filter=f"{day} to {day}")
            self.assertEqual(answer[2]["totalSessions"], expected)

    def test_refusals(self):
        for body, status in (
                ({}, 400), ({"filter": "hourly"}, 400),
                ({"filter": "2026-02-30 to 2026-02-30"}, 400),
                ({"filter": "daily", "channels": "wa"}, 400),
                ({"filter": "daily", "timezoneOffset": "3"}, 400),
                ({"filter": "daily", "sla": {"response": "30"}}, 400)):
            with self.subTest(body=body):
                self.assertEqual(self.ask(**body)[0], status)
        self.assertEqual(call(self.server, "POST", "/v2/dashboard",
                              {"filter": "daily"}, X_API_Key="no")[0], 401)


class Samespace(unittest.TestCase):

    def setUp(self):
        self.server = vendors.SamespaceServer()
        self.addCleanup(self.server.close)

    def ask(self, query, **variables):
        return call(self.server, "POST", "/analytics/api",
                    {"query": query, "variables": variables},
                    x_api_key=self.server.key)

    def test_documented_queries(self):
        status, _, body = self.ask(samespace.DASHBOARD_QUERY,
                                   id=samespace.DASHBOARD)
        titles = [i["title"] for i in body["data"]["dashboard"]["insights"]]
        self.assertEqual(status, 200)
        self.assertEqual(titles, ["Answered (Inbound)", "Answered (Outbound)"])
        body = self.ask(samespace.INSIGHT_QUERY, insightId=samespace.INBOUND,
                        dashboardId=samespace.DASHBOARD)[2]
        self.assertEqual(body["data"]["getInsightData"]["data"], [
            {"value": 2824, "title": "Answered", "previousValue": 3189}])

    def test_selection_is_projected(self):
        body = self.ask("query($id: String) { dashboard(id: $id) "
                        "{ insights { id template { type } } } }",
                        id=samespace.DASHBOARD)[2]
        self.assertEqual(body["data"]["dashboard"]["insights"][0], {
            "id": samespace.INBOUND, "template": {"type": "STAT"}})

    def test_unknown_dashboard_is_null(self):
        body = self.ask(samespace.DASHBOARD_QUERY, id="0" * 24)[2]
        self.assertEqual(body, {"data": {"dashboard": None}})

    def test_refused_queries(self):
        for query in (
                "", "{", "{ nothing }", "query($id: String) { dashboard }",
                "query($id: Int) { dashboard(id: $id) { id } }",
                "query($id: String) { dashboard(id: $id) { name } }",
                "query($id: String) { dashboard(id: $id) { id { x } } }",
                "query($a: ID!, $b: ID!) { getInsightData(dashboardId: $a, "
                "insightId: $b) { data } }"):
            with self.subTest(query=query):
                status, _, body = self.ask(query, id=samespace.DASHBOARD)
                self.assertEqual(status, 400)
                self.assertTrue(body["errors"][0]["message"])

    def test_parser_reads_fragments_aliases_and_comments(self):
        operation = graphql.parse(
            'query A($x: [B!] ) { # c\n a: b(c: $x, d: "e") { ... on F { g } '
            "... { h } } }")
        self.assertEqual(operation.variables, {"x": "[B!]"})
        self.assertEqual(operation.fields["a"].arguments,
                         {"c": "$x", "d": '"e"'})
        self.assertEqual(list(operation.fields["a"].fields), ["g", "h"])


class RocketChat(unittest.TestCase):

    def setUp(self):
        self.server = vendors.RocketChatServer()
        self.addCleanup(self.server.close)
        self.today = self.server.clock.today()

    def ask(self, path=rocketchat.SINGLE, first=None, last=None,
            chart="Total_messages", extra=""):
        return call(
            self.server, "GET", f"{path}?start={first or self.today}"
            f"&end={last or self.today}&chartName={chart}{extra}",
            X_Auth_Token=self.server.token, X_User_Id=self.server.user)

    def test_labels_of_each_zone(self):
        first, last = datetime.date(2025, 10, 1), datetime.date(2025, 10, 3)
        for zone, expected in (
                ("utc", ["10/1", "10/2", "10/3"]),
                ("east", ["9/30", "10/1", "10/2", "10/3"]),
                ("west", ["10/1", "10/2", "10/3", "10/4"])):
            with self.subTest(zone=zone):
                self.server.zone = zone
                body = self.ask(first=first, last=last)[2]
                self.assertEqual(body["dataLabels"], expected)
                self.assertEqual(body["dataPoints"], [0] * len(expected))

    def test_single_day_has_24_hours(self):
        self.server.set("Total_messages", 12)
        body = self.ask()[2]
        self.assertEqual((len(body["dataPoints"]), sum(body["dataPoints"])),
                         (24, 12))
        self.assertEqual(body["dataLabels"][0], "12AM-1AM")
        self.assertEqual(body["dataLabels"][23], "11PM-12AM")

    def test_quirks_and_refusals(self):
        self.assertEqual(self.ask(chart="Total")[2]["dataPoints"], [])
        self.assertEqual(self.ask(extra="&tz=UTC")[0], 400)
        self.assertEqual(self.ask(path=rocketchat.DOUBLED)[0], 404)
        self.assertEqual(call(self.server, "GET", rocketchat.SINGLE)[0], 401)


class Kore(unittest.TestCase):

    def setUp(self):
        self.server = vendors.KoreServer()
        self.addCleanup(self.server.close)
        self.today = self.server.clock.today()

    def token(self, secret=None, **changes):
        now = time.time()
        claims = {"appId": self.server.client, "iat": now, "exp": now + 60,
                  "jti": "a", **changes}
        return jwt.sign({k: v for k, v in claims.items() if v is not None},
                        secret or self.server.secret)

    def ask(self, auth, kind="Daily", bot=kore.BOT):
        return call(self.server, "POST", f"/api/public/bot/{bot}/"
                    f"userEngagementTrend?aggregation_type={kind}&start_date="
                    f"{self.today}&end_date={self.today}", {}, auth=auth)

    def test_both_answers(self):
        self.server.strings = True
        self.server.set_day(9)
        self.server.set_hour(4, datetime.datetime.combine(
            self.today, datetime.time(23)))
        day = self.ask(self.token(jti="1"))[2]
        hours = self.ask(self.token(jti="2"), "Hourly")[2]["results"][0]
        self.assertEqual(day["results"], [
            {"date": self.today.strftime("%b %d %Y"), "users": "9"}])
        self.assertEqual((len(hours), hours["23 - 0"], hours["0 - 1"]),
                         (25, "4", "0"))

    def test_tokens(self):
        now = time.time()
        for changes in ({"appId": "x"}, {"iat": None}, {"iat": now + 600},
                        {"exp": now - 1}, {"exp": None}, {"jti": None},
                        {"exp": now + 9999}, {"secret": "other"}):
            with self.subTest(changes=changes):
                status, _, body = self.ask(self.token(**changes))
                self.assertEqual((status, body["errors"][0]["code"]),
                                 (401, 4002))
        token = self.token(jti="once")
        self.assertEqual(self.ask(token)[0], 200)
        self.assertEqual(self.ask(token)[0], 401)
        self.assertEqual(self.ask(self.token(jti="b"), bot="st-1")[0], 400)

    def test_rfc_7515_appendix_a1(self):
        """The RFC's own token, whose key is not text, by hand."""
        signed = ("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
                  "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6L"
                  "y9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ")
        key = jwt.decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0g"
                         "ZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")

        class Key(str):
            def encode(self):
                return key
        self.assertEqual(jwt.signature(signed, Key()),
                         "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")


class Faults(unittest.TestCase):

    def setUp(self):
        self.server = vendors.ExperiaServer()
        self.addCleanup(self.server.close)

    def raw(self, seconds=3):
        """What one documented request gets, as bytes."""
        body = b'{"filter": "daily"}'
        with socket.create_connection(("127.0.0.1", self.server.port),
                                      seconds) as peer:
            peer.sendall(
                b"POST /v2/dashboard HTTP/1.1\r\nHost: a\r\n"
                b"Content-Type: application/json\r\nConnection: close\r\n"
                b"X-API-Key: %s\r\nContent-Length: %d\r\n\r\n%s" % (
                    self.server.key.encode(), len(body), body))
            parts, size = [], 0
            while size < 4 << 20:
                part = peer.recv(65536)
                if not part:
                    break
                size += len(part)
                parts.append(part)
            return b"".join(parts)

    def test_what_is_on_the_wire(self):
        for fault, head, within in (
                (faults.status(401), b"HTTP/1.1 401 Unauthorized", b""),
                (faults.retry_after(3), b"HTTP/1.1 429 ", b"Retry-After: 3\r"),
                (faults.retry_after_date(9), b"HTTP/1.1 429 ", b" GMT\r\n"),
                (faults.rocketchat_limit(7), b"HTTP/1.1 429 ",
                 b"You must wait 7 seconds"),
                (faults.html(), b"HTTP/1.1 200 OK", b"<!DOCTYPE html>"),
                (faults.empty(), b"HTTP/1.1 200 OK", b"Length: 0\r\n\r\n"),
                (faults.envelope(), b"HTTP/1.1 200 OK", b"FAILED"),
                (faults.redirect("http://b/"), b"HTTP/1.1 302 ",
                 b"Location: http://b/"),
                (faults.not_json(), b"HTTP/1.1 200 OK", b"warming up"),
                (faults.huge(True), b"HTTP/1.1 200 OK",
                 b"Content-Length: 1073741824"),
                (faults.huge(False), b"HTTP/1.1 200 OK", b"10000\r\naaaa")):
            with self.subTest(head=head, within=within):
                self.server.fault = fault
                got = self.raw()
                self.assertTrue(got.startswith(head), got[:80])
                self.assertIn(within, got)

    def test_halves(self):
        self.server.fault = None
        whole = self.raw().partition(b"\r\n\r\n")
        for fault, announced in ((faults.cut_json(), len(whole[2]) // 2),
                                 (faults.cut_body(), len(whole[2]))):
            with self.subTest(announced=announced):
                self.server.fault = fault
                head, _, body = self.raw().partition(b"\r\n\r\n")
                self.assertIn(b"Content-Length: %d" % announced, head)
                self.assertEqual(len(body), len(whole[2]) // 2)

    def test_reset_hang_and_refused(self):
        self.server.fault = faults.reset()
        self.assertRaises(ConnectionResetError, self.raw)
        self.server.fault = faults.hang()
        self.assertRaises(TimeoutError, self.raw, 0.3)
        self.server.refuse()
        self.assertRaises(ConnectionRefusedError, self.raw)
        self.server.fault = None
        self.server.listen()
        self.assertIn(b"SUCCESS", self.raw())

    def test_hang_ends_when_the_fault_is_lifted(self):
        self.server.fault = faults.hang()
        got = []
        waiter = threading.Thread(target=lambda: got.append(self.raw(5)))
        waiter.start()
        waiting.until(lambda: self.server.requests, 5)
        self.server.fault = None
        waiter.join(5)
        self.assertEqual(got, [b""])


class Yaml(unittest.TestCase):

    def test_text(self):
        self.assertEqual(
            yaml.dump({"a": {"b": [{"c": "1s", "d": 2}, "x y"], "e": []},
                       "f": "no", "g": 0.5, "h": True, "i": 'é"'}),
            'a:\n  b:\n    - c: 1s\n      d: 2\n    - "x y"\n  e: []\n'
            'f: "no"\ng: 0.5\nh: true\ni: "é\\""\n')

    def test_days(self):
        self.assertEqual(
            [str(d) for d in days(datetime.date(2024, 2, 28),
                                  datetime.date(2024, 3, 1))],
            ["2024-02-28", "2024-02-29", "2024-03-01"])


if __name__ == "__main__":
    unittest.main()
