"""What is listed as planned is really not there: else its tests must run."""

import unittest

from harness import planned
from harness.agent import run


class Planned(unittest.TestCase):

    def test_help_does_not_list_it(self):
        text = run("--help").stdout
        for name in planned.FLAGS + planned.COMMANDS:
            with self.subTest(name=name):
                self.assertNotIn(name, text)
