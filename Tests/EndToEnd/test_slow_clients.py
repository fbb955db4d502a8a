"""Clients that send and read slowly, hundreds at once, and a Prometheus beside
them (Tests/Benchmarks/hostile has the same with thousands)."""

import vendors
from harness import slow
from harness.agent import Agent
from harness.case import EndToEndCase

COUNT = 300


class SlowClients(EndToEndCase):
    """Each is cut at its deadline; scrapes go on as if nothing was."""

    @classmethod
    def setUpClass(cls):
        server = vendors.ExperiaServer()
        cls.addClassCleanup(server.close)
        cls.agent = Agent([server.target("support")]).start()
        cls.addClassCleanup(cls.agent.close)
        cls.agent.up("support")

    def survives(self, mode, deadline, *more, path="/metrics"):
        """The attack's clients are gone soon after their deadline."""
        result = slow.attack(self.agent, mode, COUNT, deadline + 20, path,
                             more)
        self.assertGreater(result.most, COUNT * 0.9, result)
        self.assertIsNotNone(result.gone_after, result)
        # They come within two seconds, and this machine may be busy.
        self.assertLess(result.gone_after, deadline + 10, result)
        self.assertLess(result.median, 0.1, result)
        self.assertTrue(self.agent.alive())
        return result

    def test_heads_that_never_end(self):
        result = self.survives("-H", slow.HEAD)
        self.assertGreater(result.gone_after, slow.HEAD - 1, result)
        self.assertGreater(result.refusals[408], COUNT * 0.9, result)

    def test_bodies_that_never_end(self):
        result = self.survives("-B", slow.BODY, "-s", "60000")
        self.assertGreater(result.gone_after, slow.BODY - 1, result)

    def test_more_than_the_limit(self):
        """Those beyond 512 get 503 at once; the scraper keeps its place."""
        result = slow.attack(self.agent, "-H", 700, 40)
        self.assertLessEqual(result.most, 512)
        self.assertGreater(result.refusals[503], 100, result)
        self.assertLess(result.median, 0.1, result)
        self.assertIsNotNone(result.gone_after, result)
