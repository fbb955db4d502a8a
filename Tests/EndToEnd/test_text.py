"""Text from vendors and configuration in labels, through both parsers."""

import vendors
from harness.case import EndToEndCase
from promtool import check_metrics
from vendors import samespace

TEXTS = (
    'with "quotes"', "back\\slash", "ends in a backslash\\",
    "line\nfeed", "\\n is not a line feed", 'all of "it"\\\n\\"',
    "Réponses – 回答済み ✓", "emoji 🙂 beyond the BMP", "tab\tand { } , = #",
    "العربية", " spaces around ", "# EOF", "a" * 60)
PLACES = ("sales & \"support\"", "Zürich\\Genève", "営業")


class Text(EndToEndCase):

    def test_titles(self):
        server = self.server(vendors.SamespaceServer)
        server.dashboards[samespace.DASHBOARD] = [
            samespace.insight(f"{n:024x}", title)
            for n, title in enumerate(TEXTS)]
        for n in range(len(TEXTS)):
            server.set(f"{n:024x}", n, n)
        agent = self.start_agent([server.target("voice")])
        agent.up("voice")
        for openmetrics in (False, True):
            scrape = agent.scrape(openmetrics)
            found = {s.labels["insight"]: s.labels["title"] for s in
                     scrape.samples("samespace_stat_value")}
            for n, title in enumerate(TEXTS):
                with self.subTest(title=title, openmetrics=openmetrics):
                    self.assertEqual(found.get(f"{n:024x}"), title)
        self.assertEqual(check_metrics(agent.scrape().text), "")

    def test_configured_names_and_labels(self):
        server = self.server(vendors.RocketChatServer)
        target = server.target(
            "chat", charts=["Total_messages"],
            labels={"place": 'Zürich "HQ"\\1'},
            departments=[{"name": name, "id": f"d{n}"}
                         for n, name in enumerate(PLACES)])
        for n, _ in enumerate(PLACES):
            server.set("Total_messages", n + 1, department=f"d{n}")
        agent = self.start_agent([target])
        agent.up("chat")
        for openmetrics in (False, True):
            scrape = agent.scrape(openmetrics)
            for n, name in enumerate(PLACES):
                with self.subTest(name=name, openmetrics=openmetrics):
                    self.assertEqual(scrape.value(
                        "rocketchat_omnichannel_period_messages",
                        department=name, place='Zürich "HQ"\\1'), n + 1)

    def test_the_status_page_escapes(self):
        server = self.server(vendors.SamespaceServer)
        agent = self.start_agent([server.target(
            "voice", labels={"note": "<script>alert(1)</script>"})])
        agent.up("voice")
        for path in ("/", "/config"):
            page = agent.get(path)
            if "html" in page.headers["Content-Type"]:
                with self.subTest(path=path):
                    self.assertNotIn("<script>alert", page.text)
