"""A widget's day in zones far from UTC, at given dates: the request names it.

A preloaded library shifts the wall clock of the exporter's process alone.
"""

import datetime
import tempfile
import time
import zoneinfo

import vendors
from harness import shift, waiting
from harness.agent import Agent
from harness.case import EndToEndCase
from vendors.clock import Clock

DAY = datetime.timedelta(days=1)
TOTAL = "kore_messages_total"
# New York's clock goes forward on the first day, and back on the second.
MIDNIGHTS = (("America/New_York", datetime.date(2026, 3, 8)),
             ("America/New_York", datetime.date(2026, 11, 1)),
             ("Asia/Riyadh", datetime.date(2026, 2, 28)),
             ("Asia/Kolkata", datetime.date(2027, 12, 31)),
             ("Asia/Kathmandu", datetime.date(2028, 2, 29)))


class WidgetDays(EndToEndCase):

    def test_nothing_is_in_doubt_at_midnight(self):
        library = shift.build()
        if library is None:
            self.skipTest("no C compiler for the library that shifts a clock")
        for zone, day in MIDNIGHTS:
            with self.subTest(zone=zone, day=str(day)):
                self.midnight(library, zone, day)

    def midnight(self, library, zone, day):
        end = datetime.datetime.combine(
            day + DAY, datetime.time(), zoneinfo.ZoneInfo(zone)).timestamp()
        offset = round(end - time.time()) - 8
        clock = Clock(offset)
        vendor = self.server(vendors.KoreServer, clock=clock)
        counts = {day - DAY: 500, day: 100, day + DAY: 0}
        asked = []

        def rows(first, last, _):
            asked.append((first, last))
            return [{"direction": "in", "n": counts.get(first, 0)}]
        vendor.widgets["D", "W"] = rows
        with tempfile.NamedTemporaryFile(prefix="cx-e2e-clock-") as file:
            process = shift.ShiftedClock(file.name, library)
            process.set(offset)
            with Agent([vendor.target("bot", timezone=zone, widgets=[
                    {"dashboard": "D", "widget": "W", "mapping": {
                        "metric": TOTAL, "help": "Messages.",
                        "type": "counter", "value": "n"}}])],
                    env=process.environment) as agent:
                def reaches(value, what):
                    agent.scrape_when(lambda s: s.value(TOTAL) == value,
                                      20, what)
                reaches(0, "the baseline")
                # Seconds before midnight the day is not in doubt.
                counts[day] = 107
                reaches(7, "what came before midnight")
                self.assertLess(clock.time(), end, "too slow a machine")
                waiting.until(lambda: clock.time() > end, 15, "midnight")
                counts[day] = 110
                counts[day + DAY] = 4
                reaches(11, "what came after midnight")
                # The day before is asked for once more when it is over.
                clock.offset = offset + 160
                process.set(clock.offset)
                reaches(14, "what came last before midnight")
                self.assertEqual(agent.scrape().value(
                    "cx_exporter_rows_skipped_total", target="bot"), 0)
        self.assertLessEqual({(day, day), (day + DAY, day + DAY)}, set(asked))
        self.assertTrue(all(first == last for first, last in asked))
        self.assert_no_complaints(vendor)
