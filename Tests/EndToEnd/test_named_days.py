"""Experia's running day is asked for by its own range.

The dashboard's cache still answers `daily` with yesterday for some minutes
after midnight. An answer to a range can be of no other day, so nothing is
counted twice, and nothing waits for a doubt to be over.
"""

import datetime
import tempfile
import time

import vendors
from harness import shift
from harness.agent import Agent
from harness.case import EndToEndCase
from test_cards import CLOSED, session
from vendors.clock import Clock, epoch
from vendors.experia import parse_offset

DAY = datetime.timedelta(days=1)
CACHED = 7 * 60                  # seconds for which the cache has yesterday
# Midnights of New York, Riyadh, Kolkata and Kathmandu: of a plain day, of a
# year, of a month and of a leap day.
MIDNIGHTS = (("-05:00", datetime.date(2026, 1, 15)),
             ("+03:00", datetime.date(2025, 12, 31)),
             ("+05:30", datetime.date(2026, 4, 30)),
             ("+05:45", datetime.date(2028, 2, 29)))
SESSIONS, SHOWN = "experia_sessions_total", "experia_period_sessions"
START = "experia_period_start_timestamp_seconds"
WAITED = "experia_closed_session_waiting_seconds_count"
UNTAKEN = "experia_untaken_sessions_total"


def closed(taken, untaken):
    return ([session(n, 5, 60) for n in range(taken)]
            + [session(n, 5, 60, taken_date=None) for n in range(untaken)])


class NamedDays(EndToEndCase):

    def begin(self, offset, day, vendor_late=0):
        """An agent at 23:57 of that day, at the vendor's offset."""
        library = shift.build()
        if library is None:
            self.skipTest("no C compiler for the library that shifts a clock")
        self.day, self.next = day, day + DAY
        self.midnight = epoch(self.next) - 3600 * parse_offset(offset)
        self.late = vendor_late
        self.clock = Clock()
        self.vendor = self.server(vendors.ExperiaServer, clock=self.clock)
        self.vendor.daily_cached = CACHED
        file = tempfile.NamedTemporaryFile(prefix="cx-e2e-clock-")
        self.addCleanup(file.close)
        self.process_clock = shift.ShiftedClock(file.name, library)
        self.at(-180)
        agent = Agent(
            [self.vendor.target(
                "support", timezone_offset=offset,
                periods=["TODAY", "weekly"],
                cards=[{"card": CLOSED, "interval": "1s"}])],
            env=self.process_clock.environment)
        self.addCleanup(agent.close)
        return agent

    def at(self, seconds):
        """Everybody's clock, so many seconds after the day's end."""
        ahead = round(self.midnight + seconds - time.time())
        self.process_clock.set(ahead)
        self.clock.offset = ahead - self.late

    def has(self, day, sessions, taken, untaken):
        self.vendor.set(day, totalSessions=sessions)
        self.vendor.card_days[CLOSED, day] = closed(taken, untaken)

    def reaches(self, agent, sessions, waited, untaken, shown):
        expected = [sessions, waited, untaken, shown]

        def seen(scrape):
            now = [scrape.value(SESSIONS), scrape.value(WAITED),
                   scrape.value(UNTAKEN),
                   scrape.value(SHOWN, period="daily")]
            for value, most in zip(now[:3], expected[:3]):
                if value is not None and value > most:
                    raise RuntimeError(f"{now}, more than {expected}")
            return now == expected
        return agent.scrape_when(seen, 20, f"{expected}")

    def test_a_cached_yesterday_is_not_counted_again(self):
        for offset, day in MIDNIGHTS:
            with self.subTest(offset=offset, day=str(day)):
                self.over_midnight(offset, day)

    def over_midnight(self, offset, day):
        agent = self.begin(offset, day)
        self.has(self.day, 137, 10, 1)
        agent.start()
        self.reaches(agent, 0, 0, 0, 137)
        self.has(self.day, 140, 12, 2)
        self.reaches(agent, 3, 2, 1, 140)
        # The first minute, which used to be a time of doubt.
        self.has(self.day, 141, 12, 2)
        self.has(self.next, 3, 1, 1)
        self.at(20)
        scrape = self.reaches(agent, 6, 3, 2, 3)
        self.assertEqual(scrape.value(START, period="daily"), self.midnight)
        # 00:04: the cache says 140, and the day before is closed with 141.
        self.has(self.next, 5, 1, 1)
        self.at(240)
        self.reaches(agent, 9, 3, 2, 5)
        # 00:08: the cache has the new day as well.
        self.has(self.next, 6, 2, 1)
        self.at(480)
        scrape = self.reaches(agent, 10, 4, 2, 6)
        self.assertEqual(
            scrape.value("cx_exporter_rows_skipped_total"), 0)
        self.assertEqual(
            scrape.value("cx_exporter_corrections_total"), 0)
        filters = {r.json["filter"] for r in self.vendor.requests}
        self.assertEqual(filters, {"weekly", f"{self.day} to {self.day}",
                                   f"{self.next} to {self.next}"})
        self.assert_no_complaints(self.vendor)

    def test_a_vendor_whose_clock_is_late_has_no_such_day_yet(self):
        agent = self.begin("+05:45", datetime.date(2026, 6, 30), 60)
        self.has(self.day, 137, 10, 1)
        agent.start()
        self.reaches(agent, 0, 0, 0, 137)
        self.has(self.next, 4, 1, 1)
        self.vendor.card_days[CLOSED, self.next] = []
        self.at(20)
        # The vendor is at 23:59:20: nothing of the day that it was asked for.
        self.reaches(agent, 0, 0, 0, 0)
        self.has(self.day, 139, 11, 1)
        self.has(self.next, 4, 1, 1)
        self.at(240)
        self.reaches(agent, 6, 2, 1, 4)
