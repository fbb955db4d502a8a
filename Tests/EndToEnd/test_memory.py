"""What the process holds once it has settled."""

from harness import waiting
from harness.case import EndToEndCase
from vendors import ALL


class Memory(EndToEndCase):

    def test_the_start_is_let_go(self):
        """Pages that only the start has used go back; all works after it."""
        servers = [self.server(kind) for kind in ALL]
        names = [server.vendor for server in servers]
        agent = self.start_agent(
            [server.target(server.vendor) for server in servers])
        agent.up(*names)
        waiting.until(
            lambda: agent.memory("VmRSS") < 0.8 * agent.memory("VmHWM"), 20,
            "resident memory well below its peak")
        # A poll after that, and every form of an answer.
        before = agent.scrape()
        agent.scrape_when(
            lambda s: all(s.value("cx_exporter_polls_total", target=name,
                                  vendor=name)
                          > before.value("cx_exporter_polls_total",
                                         target=name, vendor=name)
                          for name in names), 20, "another poll of each")
        agent.scrape(openmetrics=True)
        for path in ("/", "/config", "/sd", "/-/ready"):
            self.assertEqual(agent.get(path).status, 200, path)
        agent.up(*names)
