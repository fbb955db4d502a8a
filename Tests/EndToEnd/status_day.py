"""Four vendors through a day's traffic, for the status page's picture."""

import datetime
import math

import vendors
from harness.fastclock import FastClock
from vendors import samespace
from vendors.base import Answer
from vendors.clock import epoch

FACTOR = 2880                    # a day in thirty seconds
# From half past three to half past three, so that a midnight is within.
START = epoch(datetime.datetime(2026, 3, 9, 15, 30))
DAY = 86400
OUTAGE = START + 0.985 * DAY     # one vendor fails from here on


def busy(hour):
    """How busy an hour of the day is, 0 to 1: a morning and an afternoon."""
    morning = math.exp(-((hour - 10.5) / 2.2) ** 2)
    afternoon = 0.85 * math.exp(-((hour - 16) / 3) ** 2)
    return 0.03 + 0.97 * min(1, morning + afternoon)


def total(until, scale):
    """What has come since midnight."""
    steps = 96
    return round(scale * sum(busy(until * (n + 0.5) / steps)
                             for n in range(steps)) * until / steps)


def ripple(hour, period=1.7):
    return math.sin(hour * period) + 0.6 * math.sin(hour * 2.9 * period + 1)


def clockwork(seconds):
    """Experia's `DD HH:MM:SS`."""
    return f"00 {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


class Experia(vendors.ExperiaServer):

    def answer(self, request):
        hour = self.clock.now().hour + self.clock.now().minute / 60
        body = request.json if isinstance(request.json, dict) else {}
        part = 0.35 if body.get("channels") else 1
        load = busy(hour)
        self.set(
            channels=body.get("channels") or (),
            totalSessions=total(hour, 95 * part),
            averageWaitingTime=clockwork(round(14 + 62 * load
                                               + 7 * ripple(hour))),
            averageResponseTime=clockwork(round(48 + 70 * load
                                                + 9 * ripple(hour, 2.3))),
            CSAT=round(88 - 9 * load + 1.5 * ripple(hour, 1.2), 1),
            sla={"response": round(98 - (8 if part == 1 else 13) * load
                                   + ripple(hour), 1),
                 "waiting": round(98 - 6 * load + 0.8 * ripple(hour, 2), 1),
                 "service": round(90 - 9 * load + ripple(hour, 1.4), 1)})
        return super().answer(request)


class Samespace(vendors.SamespaceServer):

    STATS = (("Answered (Inbound)", 260), ("Answered (Outbound)", 120),
             ("Abandoned", 18), ("Agents online", 32))

    def __init__(self, **options):
        super().__init__(**options)
        self.dashboards[samespace.DASHBOARD] = [
            samespace.insight(f"{n:024x}", title)
            for n, (title, _) in enumerate(self.STATS)]

    def answer(self, request):
        if self.clock.time() > OUTAGE:
            return Answer(503, {"errors": [{
                "message": "Analytics store is being maintained"}]})
        hour = self.clock.now().hour + self.clock.now().minute / 60
        for n, (_, most) in enumerate(self.STATS):
            value = round(most * busy(hour) * (1 + 0.08 * ripple(hour, n + 1)))
            self.set(f"{n:024x}", max(0, value), value)
        return super().answer(request)


class RocketChat(vendors.RocketChatServer):

    def answer(self, request):
        hour = self.clock.now().hour + self.clock.now().minute / 60
        load = busy(hour)
        self.set("Total_conversations", total(hour, 42))
        self.set("Total_messages", total(hour, 390))
        for n, (chart, low, high) in enumerate((
                ("Avg_first_response_time", 18, 30),
                ("Avg_response_time", 40, 85),
                ("Avg_reaction_time", 9, 24))):
            self.set(chart, round(low + high * load
                                  + 2 * ripple(hour, n + 1), 2))
        return super().answer(request)


class Kore(vendors.KoreServer):

    def authorize(self, token):
        """A token's five minutes are a tenth of a second here."""

    def answer(self, request):
        now = self.clock.now()
        hour = now.hour + now.minute / 60
        self.set_day(total(hour, 140))
        for before in range(3):
            at = now - datetime.timedelta(hours=before)
            middle = at.hour + (0.5 if before else now.minute / 120)
            share = 1 if before else now.minute / 60
            self.set_hour(round(140 * busy(middle) * share), at)
        return super().answer(request)


def cast(case):
    """The clock, and the targets with their limits as in real life."""
    clock = FastClock(FACTOR, START)
    every = {"interval": "10m", "stale_after": "2h"}
    support = case.server(Experia, clock=clock)
    voice = case.server(Samespace, clock=clock)
    chat = case.server(RocketChat, clock=clock)
    bot = case.server(Kore, clock=clock)
    return clock, [
        support.target(
            "support", timezone_offset="+00:00",
            views=[{"name": "all"},
                   {"name": "whatsapp", "channels": ["wa-1"]}],
            sla={"response": {"threshold": "30s", "objective": 0.9},
                 "waiting": {"threshold": "2m", "objective": 0.9},
                 "service": {"threshold": "1m", "objective": 0.8}},
            rate_limit=[{"requests": 200, "per": "1h"}], **every),
        voice.target("voice", **{**every, "rate_limit": [
            {"requests": 60, "per": "1h"}]}),
        chat.target(
            "chat", charts=["Total_conversations", "Total_messages",
                            "Avg_first_response_time", "Avg_response_time",
                            "Avg_reaction_time"],
            sla={"first_response": {"threshold": "1m"},
                 "response": {"threshold": "2m"},
                 "reaction": {"threshold": "30s"}},
            **{**every, "rate_limit": [{"requests": 100, "per": "1h"}]}),
        bot.target("bot", **{**every, "rate_limit": [
            {"requests": 60, "per": "1m"}, {"requests": 180, "per": "1h"}]}),
    ]
