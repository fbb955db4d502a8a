"""A clock that can be set off from the machine's own."""

import datetime
import time


class Clock:
    """Wall-clock time, `offset` seconds ahead of the machine's."""

    def __init__(self, offset=0.0):
        self.offset = offset

    def time(self):
        return time.time() + self.offset

    def now(self, utc_offset_hours=0.0):
        """The naive local date and time at a fixed offset from UTC."""
        shift = datetime.timedelta(hours=utc_offset_hours)
        return datetime.datetime.utcfromtimestamp(self.time()) + shift

    def today(self, utc_offset_hours=0.0):
        return self.now(utc_offset_hours).date()


def days(first, last):
    """Every date from first to last, both included."""
    return [first + datetime.timedelta(days=n)
            for n in range((last - first).days + 1)]


def epoch(moment):
    """Seconds since the epoch of a naive UTC date or datetime."""
    if not isinstance(moment, datetime.datetime):
        moment = datetime.datetime(moment.year, moment.month, moment.day)
    return moment.replace(tzinfo=datetime.timezone.utc).timestamp()
