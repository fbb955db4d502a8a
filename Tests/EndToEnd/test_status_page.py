"""The status page in a real browser: looks, hostile text, 200 targets.

The pictures are kept in `.build/status-page`; with CX_RECORD=1 the README's
one, `dashboards/status-page.png`, is made anew.
"""

import base64
import hashlib
import http.server
import os
import pathlib
import re
import threading
import time
import unittest

import vendors
from harness import fastclock, waiting
from harness.agent import ROOT, Agent
from harness.browser import Browser, find
from harness.case import EndToEndCase
from status_day import DAY, FACTOR, Samespace, cast
from vendors import faults, samespace

PICTURES = ROOT / ".build" / "status-page"
README_PICTURE = ROOT / "dashboards" / "status-page.png"
LARGEST_PICTURE = 300_000
WIDTHS = {"wide": (1280, 900, False), "phone": (390, 844, True),
          "small-phone": (320, 568, True)}
SCHEMES = {"light": False, "dark": True}

# Every text on the page with the colours it is seen in; WCAG 2.2's formula.
FAINT_TEXT = r"""
(() => {
  const rgb = c => (c.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(
    v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches
      ? [18, 18, 18] : [255, 255, 255];
  };
  const faint = [];
  const walk = document.createTreeWalker(document.body,
                                         NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || e.closest('svg')) continue;
    const a = light(rgb(getComputedStyle(e).color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(walk.currentNode.data + ': ' + ratio);
  }
  return faint;
})()
"""
# Elements that reach out of the window, by their class or tag.
TOO_WIDE = """
[...document.querySelectorAll('body *')].filter(e =>
  e.getBoundingClientRect().right > innerWidth + 1
  && getComputedStyle(e).position !== 'absolute'
  && !e.closest('thead') && !e.closest('.tile')
).concat([...document.querySelectorAll('td *')].filter(e =>
  e.getBoundingClientRect().right
    > e.closest('td').getBoundingClientRect().right + 1)
).map(e => e.className.baseVal || e.className || e.tagName)
"""
# What a screen reader needs: drawings with names, headings without a gap.
UNNAMED = """
[...document.querySelectorAll('svg')].filter(e =>
  e.getAttribute('role') !== 'img'
  || !(e.querySelector('title') || {}).textContent).length
"""
HEADINGS = """
[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(
  e => Number(e.tagName[1]))
"""
TEXTS = "[...document.querySelectorAll('bdi')].map(e => e.textContent)"

HOSTILE = {
    "markup": "<script>window.hacked = 1</script>",
    "image": "<img src=x onerror='window.hacked = 1'>",
    "attribute": "\"><svg onload=window.hacked=1>",
    "accented quote": "\"\u0301 onmouseover=window.hacked=1 x=\"\u0301",
    "accented tag": "<\u0338script>window.hacked = 1<\u0338/script>",
    "entities": "&lt;b&gt; &amp;amp; &#60;",
    "closing": "</title></style></bdi></li></ul><h1>owned</h1>",
    "comment": "<!-- --!> <![CDATA[ ]]> <?php ?>",
    "right to left": "عدد المكالمات \u200fالواردة",
    "long": "Wörter" * 30,
    "stacked": "Z" + "\u0301\u0332\u035b" * 40,
    "spaces": " \t two  words ",
    "emoji": "📞👩‍💻 calls",
}
OVERRIDE = "invoice\u202efdp.exe"
WORDS = "</bdi><script>window.hacked = 1</script>\" onclick=\"window.hacked=1"


def browser_is_a_snap():
    """Ubuntu's packages of browsers hold none."""
    release = pathlib.Path("/etc/os-release").read_text("utf-8")
    return re.search(r"^ID=ubuntu$", release, re.MULTILINE) is not None


class PageCase(EndToEndCase):
    """Tests that share one browser."""

    browser = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = find()
        if path is None and browser_is_a_snap():
            raise unittest.SkipTest(
                "no browser: Ubuntu has chromium and firefox as snaps only; "
                "install google-chrome-stable to run this")
        if path is None:
            raise AssertionError("no browser: apt-get install chromium")
        PICTURES.mkdir(parents=True, exist_ok=True)
        cls.browser = Browser(path)
        cls.addClassCleanup(cls.browser.close)

    @classmethod
    def open(cls, agent, width="wide", scheme="light"):
        across, down, mobile = WIDTHS[width]
        cls.browser.open(f"http://127.0.0.1:{agent.port}/", across, down,
                         SCHEMES[scheme], mobile)

    @classmethod
    def picture(cls, name, **options):
        image = cls.browser.screenshot(**options)
        (PICTURES / f"{name}.png").write_bytes(image)
        return image

    def assert_sound(self, agent, width):
        """Nothing in the console, nothing loaded, nothing out of sight."""
        address = f"http://127.0.0.1:{agent.port}/"
        self.assertEqual(self.browser.complaints(), [])
        self.assertEqual(self.browser.requests(), [address])
        self.assertEqual(self.browser.evaluate(
            "document.documentElement.scrollWidth"), WIDTHS[width][0])
        self.assertEqual(self.browser.evaluate(TOO_WIDE), [])
        self.assertEqual(self.browser.evaluate("document.scripts.length"), 0)
        self.assertEqual(self.browser.evaluate(
            "document.querySelectorAll('[style]').length"), 0)
        self.assertIsNone(self.browser.evaluate("window.hacked"))
        self.assertEqual(self.browser.evaluate(UNNAMED), 0)
        levels = self.browser.evaluate(HEADINGS)
        self.assertEqual((levels[0], levels.count(1)), (1, 1))
        for before, after in zip(levels, levels[1:]):
            self.assertLessEqual(after, before + 1, levels)


class Day(PageCase):
    """A day of four vendors, in half a minute."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        library = fastclock.build()
        if library is None:
            raise AssertionError("no C compiler for the library of the clock")
        case = cls("test_a_day_is_drawn")
        cls.addClassCleanup(case.doCleanups)
        clock, targets = cast(case)
        cls.agent = Agent(targets, env=clock.environment(library),
                          defaults={"timeout": "10s"})
        cls.addClassCleanup(cls.agent.close)
        cls.agent.start()
        end = clock.start + DAY + 600
        waiting.until(lambda: clock.time() > end, DAY / FACTOR + 30,
                      "the end of the day")
        cls.page = waiting.until(
            lambda: cls.page_with("Needs attention"), 20, "the outage")
        # At once: the clock goes on, an hour in a second and a quarter.
        cls.open(cls.agent)
        cls.readme_picture = cls.picture("readme", clip={
            "x": 0, "y": 0, "width": 1280, "height": 1500, "scale": 1})

    @classmethod
    def page_with(cls, words):
        page = cls.agent.get("/").text
        return page if words in page else None

    def test_a_day_is_drawn(self):
        self.assert_told("the last 24 h")
        drawn = re.findall(r'class="line" d="([^"]*)"', self.page)
        self.assertGreaterEqual(len(drawn), 20)
        # 144 slots of ten minutes, a poll in nearly every one of them.
        for line in drawn:
            self.assertGreater(len(re.findall("[lM]", line)), 40, line)

    def test_each_vendor_has_its_key_figures(self):
        for title in (
                "Response SLA", "Waiting SLA", "Service SLA", "Sessions",
                "Waiting time, average", "Response time, average", "CSAT",
                "First response, average", "Response, average",
                "Reaction, average", "Conversations today", "Messages today",
                "Users in the last hour", "Users today",
                *(title for title, _ in Samespace.STATS)):
            self.assert_told(f"<bdi>{title}</bdi>")

    def test_the_failure_is_told_in_words(self):
        for words in ("Needs attention", "answered with an error status",
                      "Analytics store is being maintained", "backing off"):
            self.assert_told(words)

    def assert_told(self, words):
        self.assertTrue(words in self.page, f"the page does not say: {words}")

    def test_looks(self):
        for width in WIDTHS:
            for scheme in SCHEMES:
                with self.subTest(width=width, scheme=scheme):
                    self.open(self.agent, width, scheme)
                    self.picture(f"{width}-{scheme}")
                    self.assert_sound(self.agent, width)
                    self.assertEqual(self.browser.evaluate(FAINT_TEXT), [])

    def test_dark_is_dark(self):
        grounds = {}
        for scheme in SCHEMES:
            self.open(self.agent, scheme=scheme)
            colour = self.browser.evaluate(
                "getComputedStyle(document.body).backgroundColor")
            grounds[scheme] = sum(map(int, re.findall(r"\d+", colour)[:3]))
        self.assertGreater(grounds["light"], 600)
        self.assertLess(grounds["dark"], 150)

    def test_a_table_stays_a_table_on_a_phone(self):
        self.open(self.agent, "phone")
        nodes = self.browser.ask("Accessibility.getFullAXTree")["nodes"]
        roles = [node.get("role", {}).get("value") for node in nodes]
        self.assertEqual(roles.count("table"), 2)
        for role in ("columnheader", "rowheader", "cell", "heading", "list",
                     "main", "navigation", "image"):
            self.assertIn(role, roles)
        unnamed = [node for node in nodes
                   if node.get("role", {}).get("value") in ("image", "link")
                   and not node.get("name", {}).get("value")
                   and not node.get("ignored")]
        self.assertEqual(unnamed, [])

    def test_the_picture_for_the_readme(self):
        if os.environ.get("CX_RECORD"):
            README_PICTURE.parent.mkdir(exist_ok=True)
            README_PICTURE.write_bytes(self.readme_picture)
        for size in (len(self.readme_picture), README_PICTURE.stat().st_size):
            self.assertLess(size, LARGEST_PICTURE)
        readme = (ROOT / "README.md").read_text("utf-8")
        self.assertTrue("(dashboards/status-page.png)" in readme,
                        "README.md does not show the picture")


class Hostile(PageCase):
    """Whatever vendors and labels say is text."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("test_titles_are_text")
        cls.addClassCleanup(case.doCleanups)
        titles = case.server(vendors.SamespaceServer)
        titles.dashboards[samespace.DASHBOARD] = [
            samespace.insight(f"{n:024x}", title, time_range=title[:40])
            for n, title in enumerate([*HOSTILE.values(), OVERRIDE])]
        for n in range(len(HOSTILE) + 1):
            titles.set(f"{n:024x}", -12345678901.5 * n, 0)
        angry = case.server(vendors.RocketChatServer)
        angry.fault = faults.status(
            500, b'{"success": false, "error": "%s"}'
            % WORDS.replace('"', '\\"').encode())
        wordy = case.server(vendors.KoreServer)
        wordy.fault = faults.status(
            400, '{"errors": [{"msg": "%s", "code": "\\u202e<b>"}]}'
            % ("يرجى المحاولة " * 60))
        view = "\"><script>window.hacked = 1</script>"
        places = case.server(vendors.ExperiaServer)
        places.set(channels=["c"], totalSessions=1e300)
        cls.agent = Agent([
            titles.target("titles", labels={"note": HOSTILE["markup"]}),
            angry.target("angry"), wordy.target("n" * 100),
            places.target("places", views=[{"name": view, "channels": ["c"]}],
                          sla={"response": {"threshold": "30s",
                                            "objective": 0.9}})])
        cls.addClassCleanup(cls.agent.close)
        cls.view = view
        cls.agent.start()
        cls.agent.up("titles", "places")
        cls.agent.scrape_when(
            lambda s: all(s.value("cx_exporter_polls_total", target=name)
                          for name in ("angry", "n" * 100)), 20, "failures")

    def test_titles_are_text(self):
        self.open(self.agent)
        texts = self.browser.evaluate(TEXTS)
        for name, title in HOSTILE.items():
            with self.subTest(title=name):
                shown = title if len(title) <= 120 else title[:120] + "…"
                self.assertIn(shown, texts)
        self.assertIn(self.view, texts)
        self.assertIn("invoice\ufffdfdp.exe", texts)

    def test_errors_are_text(self):
        self.open(self.agent)
        texts = "\n".join(self.browser.evaluate(TEXTS))
        self.assertIn(WORDS, texts)
        self.assertIn("يرجى المحاولة", texts)

    def test_looks(self):
        for width in WIDTHS:
            for scheme in SCHEMES:
                with self.subTest(width=width, scheme=scheme):
                    self.open(self.agent, width, scheme)
                    self.picture(f"hostile-{width}-{scheme}")
                    self.assert_sound(self.agent, width)
                    self.assertEqual(self.browser.evaluate(FAINT_TEXT), [])

    def test_no_secret_and_no_label_of_a_person(self):
        page = self.agent.get("/").text
        for secret in ("Xoa5@NIs!Av#samespace", "RScct-rocketchat-token",
                       "kore-secret-77ab", "experia-key-5f1d"):
            self.assertFalse(secret in page, secret)


class Many(PageCase):
    """Two hundred targets, thirty of which fail."""

    COUNT = 200
    FAILING = 30

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("test_every_target_is_there")
        cls.addClassCleanup(case.doCleanups)
        good = case.server(vendors.ExperiaServer)
        bad = case.server(vendors.ExperiaServer)
        bad.fault = faults.status(401, "{}")
        sla = {"response": {"threshold": "30s", "objective": 0.9}}
        targets = [
            (bad if n < cls.FAILING else good).target(
                f"site-{n:03}", interval="10s", sla=sla)
            for n in range(cls.COUNT)]
        cls.agent = Agent(targets)
        cls.addClassCleanup(cls.agent.close)
        cls.agent.start()
        waiting.until(lambda: cls.agent.get("/-/ready").status == 200, 60,
                      "a poll of every target")

    def test_every_target_is_there(self):
        self.open(self.agent)
        self.assertEqual(self.browser.evaluate(
            "document.querySelectorAll('#targets + table tbody tr').length"),
            self.COUNT)
        # The levels of all that answer, whether they are drawn or not.
        self.assertEqual(self.browser.evaluate(
            "document.querySelectorAll('.tile .verdict').length"),
            self.COUNT - self.FAILING)
        self.assertIn(f"{self.FAILING} of {self.COUNT} targets not up",
                      self.browser.evaluate("document.title"))
        self.assertEqual(self.browser.evaluate(
            "document.querySelectorAll('.alerts li').length"), 20)
        self.assertTrue("And 10 more targets" in self.agent.get("/").text)

    def test_looks(self):
        for width in WIDTHS:
            with self.subTest(width=width):
                self.open(self.agent, width)
                self.assert_sound(self.agent, width)

    def test_it_is_cheap(self):
        times = []
        for _ in range(10):
            started = time.monotonic()
            answer = self.agent.get("/")
            times.append(time.monotonic() - started)
        self.assertLess(len(answer.body), 1_500_000)
        self.assertLess(min(times), 1, "seconds for a page")
        print(f"status page of {self.COUNT} targets: {len(answer.body)} "
              f"bytes, {min(times) * 1000:.0f} ms, process "
              f"{self.agent.memory('VmHWM') >> 10} KiB", flush=True)


class Detectors(PageCase):
    """What the other tests look for would be found."""

    POLICY = "default-src 'none'; style-src 'sha256-AAAA'"
    BAD = ("<!DOCTYPE html><h1>1</h1><p style='color:red'>red</p>"
           "<script>window.hacked = 1</script><svg></svg>"
           "<img src='/picture.png' alt=''>")
    FAINT = ("<!DOCTYPE html><style>p { color: #777; background: #fff; }"
             " div { width: 3000px; background: red }</style>"
             "<p>faint</p><div>wide</div>")

    def show(self, body, *headers):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                """Not the test's output."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.browser.open(f"http://127.0.0.1:{server.server_port}/")

    def test_what_the_policy_forbids_is_seen(self):
        self.show(self.BAD, ("Content-Security-Policy", self.POLICY))
        said = "\n".join(self.browser.complaints())
        for rule in ("style", "script", "img"):
            self.assertIn(rule, said)
        self.assertIsNone(self.browser.evaluate("window.hacked"))
        self.assertEqual(self.browser.evaluate(UNNAMED), 1)

    def test_what_would_run_is_seen(self):
        self.show(self.BAD)
        self.assertEqual(self.browser.evaluate("window.hacked"), 1)
        self.assertIn("/picture.png", " ".join(self.browser.requests()))

    def test_what_is_faint_or_wide_is_seen(self):
        self.show(self.FAINT)
        [faint] = self.browser.evaluate(FAINT_TEXT)
        self.assertRegex(faint, r"^faint: 4\.4")
        self.assertEqual(self.browser.evaluate(TOO_WIDE), ["DIV"])


class Policy(EndToEndCase):
    """What the answer's fields promise; no browser is needed."""

    def setUp(self):
        server = self.server(vendors.ExperiaServer)
        self.agent = self.start_agent([server.target("support")])

    def test_the_policy_knows_the_style_sheet(self):
        page = self.agent.get("/")
        [style] = re.findall("<style>(.*?)</style>", page.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest())
        self.assertEqual(
            page.headers["Content-Security-Policy"],
            f"default-src 'none'; style-src 'sha256-{digest.decode()}'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        for name, value in (("Cache-Control", "no-store"),
                            ("X-Content-Type-Options", "nosniff"),
                            ("Referrer-Policy", "no-referrer")):
            self.assertEqual(page.headers[name], value)

    def test_head(self):
        head = self.agent.request("HEAD", "/")
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertGreater(int(head.headers["Content-Length"]), 1000)
        self.assertIn("Content-Security-Policy", head.headers)

    def test_it_names_nothing_outside(self):
        page = self.agent.get("/").text
        self.assertEqual(re.findall(r"""(?:https?:)?//[^\s"'<]+""", page), [])
        for link in re.findall(r'(?:href|src)="([^"]*)"', page):
            self.assertRegex(link, r"^(\./|#)", "relative: behind a proxy")

    def test_a_scrape_and_a_page_cause_no_request(self):
        server = self.server(vendors.ExperiaServer)
        agent = self.start_agent([server.target("slow", interval="10m")])
        agent.up("slow")
        before = len(server.requests)
        for _ in range(20):
            agent.get("/")
        self.assertEqual(len(server.requests), before)
