"""What is listed as planned is really not there: else its tests must run."""

import unittest

import vendors
from harness import planned
from harness.agent import Agent, run


class Planned(unittest.TestCase):

    def test_help_does_not_list_it(self):
        text = run("--help").stdout
        for name in planned.FLAGS + planned.COMMANDS:
            with self.subTest(name=name):
                self.assertNotIn(name, text)

    def test_paths_are_not_found(self):
        server = vendors.ExperiaServer()
        self.addCleanup(server.close)
        agent = Agent([server.target("chat")]).start()
        self.addCleanup(agent.close)
        for path in planned.PATHS:
            with self.subTest(path=path):
                self.assertEqual(agent.get(path).status, 404)
