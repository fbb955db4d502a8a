"""What the contract promises and this version does not have yet.

A test of such a thing is skipped, and the run says so; `test_planned` fails
as soon as one of them is there, so that its line here goes and its tests run.
"""

import unittest

FLAGS = ()
COMMANDS = ()


def is_planned(*things):
    return any(thing in FLAGS + COMMANDS for thing in things)


def needs(*things):
    """Skips a test or a class until all of these are there."""
    missing = [t for t in things if is_planned(t)]
    return unittest.skipIf(missing, f"not there yet: {', '.join(missing)}")
