"""Waiting for a condition, never for a length of time."""

import time


class Timeout(AssertionError):
    """The condition did not come true in time."""


def until(condition, seconds=20, what="the condition", every=0.05):
    """Call `condition` until it returns something true, and return that.

    An AssertionError or OSError of the condition counts as "not yet"; the
    last one is told when the time is over.
    """
    deadline = time.monotonic() + seconds
    last = None
    while True:
        try:
            value = condition()
            if value:
                return value
            last = None
        except (AssertionError, OSError) as error:
            last = error
        if time.monotonic() > deadline:
            told = f": {last}" if last else ""
            raise Timeout(f"{what} did not come true in {seconds} s{told}")
        time.sleep(every)


def throughout(condition, seconds, what="the condition", every=0.1):
    """Assert that `condition` stays true for the whole of a short window."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert condition(), f"{what} did not stay true for {seconds} s"
        time.sleep(every)


def away_from_the_hour(margin=45):
    """Days and hours must not change while a test compares them."""
    until(lambda: time.time() % 3600 < 3600 - margin, margin + 5,
          "a moment that is not just before the full hour")
