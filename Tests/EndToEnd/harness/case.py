"""The base of the tests."""

import unittest

from .agent import Agent
from .exposition import difference, same

# `promtool check metrics` refuses the word "counter" in a counter's name.
CORRECTIONS = "cx_exporter_corrections_total"


class EndToEndCase(unittest.TestCase):
    """Assertions on scrapes, and agents that end with their test."""

    maxDiff = None

    def start_agent(self, targets, *flags, **options):
        """A running agent that ends with the test."""
        agent = Agent(targets, *flags, **options)
        self.addCleanup(agent.close)
        return agent.start()

    def server(self, kind, **options):
        """A vendor's server that ends with the test."""
        server = kind(**options)
        self.addCleanup(server.close)
        return server

    def assert_series(self, scrape, name, expected, kind="gauge"):
        """The family has this type and exactly these samples."""
        self.assertIsNotNone(scrape.family(name), f"{name} is missing")
        self.assertEqual(scrape.type(name), kind, f"type of {name}")
        actual = scrape.series(name)
        self.assertTrue(same(actual, expected),
                        f"{name}{difference(actual, expected)}")

    def assert_no_complaints(self, *servers):
        """The vendors refused nothing that the exporter asked."""
        for server in servers:
            self.assertEqual(server.complaints, [], server.vendor)

    def fails(self, agent, target, reason=None):
        """A failure of this target, and no other reason than this one."""
        name = "cx_exporter_poll_failures_total"
        scrape = agent.scrape_when(
            lambda s: sum(x.value for x in s.samples(name, target=target))
            >= 1, 20, f"a failed poll of {target}")
        self.assertEqual(scrape.value(
            "cx_exporter_target_up", target=target), 0)
        reasons = {x.labels["reason"] for x in
                   scrape.samples(name, target=target) if x.value}
        if reason:
            self.assertEqual(reasons, {reason})
        return scrape
