"""The base of the tests."""

import unittest

from .agent import Agent
from .exposition import difference, same


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
