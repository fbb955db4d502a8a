"""A Rocket.Chat workspace of rooms and visitors, and what its server counts.

Every rule is taken from the server's source (RocketChat/Rocket.Chat), named
beside it. Times are Unix seconds. A room that begins or is closed later than
the server's clock is not there, or not closed, yet.
"""

import collections
import datetime
import math
import zoneinfo

DAY = datetime.timedelta(days=1)


class Room:
    """A chat. `closed` is when it ends; `abandoned` says that the visitor was
    inactive for the configured time (metrics.visitorInactivity)."""

    def __init__(self, began, closed=None, department=None, served=True,
                 on_hold=False, abandoned=False, first_response=None,
                 waiting=False):
        self.began = began
        self.closed = closed
        self.department = department
        self.served = served
        self.on_hold = on_hold
        self.abandoned = abandoned
        self.first_response = first_response
        self.waiting = waiting

    def is_closed(self, now):
        return self.closed is not None and self.closed <= now


class Workspace:
    """`zone` is the zone of its reports (Default_Timezone_For_Reporting,
    app/utils/server/lib/getTimezone.ts)."""

    def __init__(self, clock, zone="UTC", rooms=()):
        self.clock = clock
        self.zone = zoneinfo.ZoneInfo(zone)
        self.rooms = list(rooms)
        self.visitors = []      # (when the record was last changed, id)

    # Time

    def day_range(self, first, last):
        """omnichannel-analytics/service.ts @08bb48da: of start and end only
        YYYY-MM-DD is read, in the zone of the reports, from the start of the
        one day to the end of the other."""
        first, last = (datetime.date.fromisoformat(text[:10])
                       for text in (first, last))
        return self.midnight(first), self.midnight(last + DAY) - 0.001

    def midnight(self, date):
        return datetime.datetime(date.year, date.month, date.day,
                                 tzinfo=self.zone).timestamp()

    def utc_days(self, first, last):
        """The UTC days that local days touch: dayIterator of
        omnichannel-analytics/utils.ts; one more than asked for unless the
        zone is UTC."""
        start, end = self.day_range(first, last)
        day = datetime.datetime.utcfromtimestamp(start).date()
        found = []
        while day <= datetime.datetime.utcfromtimestamp(end).date():
            found.append(day)
            day += DAY
        return found

    # Rooms

    def begun(self, start, end, department=None):
        """Rooms with start <= ts <= end."""
        return [room for room in self.rooms
                if start <= room.began <= min(end, self.clock.time())
                and department in (None, room.department)]

    def departments(self, rooms):
        """`$group` by departmentId; rooms without one are a group too."""
        groups = collections.defaultdict(list)
        for room in rooms:
            groups[room.department].append(room)
        return list(groups.values())

    # Endpoints (server/api/v1/omnichannel/dashboards.ts @a6b0bcdb and
    # app/livechat/server/lib/analytics/dashboards.ts)

    def chats(self, start, end, department):
        """LivechatRooms.countAll{Open,Closed,Queued}ChatsBetweenDate and
        getOnHoldConversationsBetweenDate @011fac0e: by instants."""
        now = self.clock.time()
        rooms = self.begun(start, end, department)
        alive = [room for room in rooms if not room.is_closed(now)]
        return {
            "open": sum(r.served and not r.on_hold for r in alive),
            "closed": len(rooms) - len(alive),
            "queued": sum(not r.served for r in alive),
            "onhold": sum(r.on_hold and r.began < end for r in alive)}

    def conversations(self, texts, start, end, department):
        """getConversationsMetricsAsync. The overview reads dates; only the
        visitors are counted by instants
        (LivechatVisitors.getVisitorsBetweenDate, `_updatedAt`)."""
        now = self.clock.time()
        rooms = self.begun(*self.day_range(*texts), department)
        alive = [room for room in rooms if not room.is_closed(now)]
        return {
            "Total_conversations": len(rooms),
            "Open_conversations": sum(not r.on_hold for r in alive),
            "On_Hold_conversations": sum(r.on_hold for r in alive),
            "Total_messages": 2 * len(rooms),
            "Total_visitors": sum(start <= changed < min(end, now)
                                  for changed, _ in self.visitors)}

    def abandonment(self, start, end, department):
        """getChatsMetricsAsync. The count has `ts >= start` and
        `closedAt <= end` (LivechatRooms.findAllNumberOfAbandonedRooms
        @011fac0e, fe38a919). The percentage is the plain mean of the
        departments', each rounded down (findPercentageOfAbandonedRooms,
        `$floor`)."""
        now = self.clock.time()
        count = sum(
            room.abandoned and start <= room.began
            and room.is_closed(min(end, now))
            and department in (None, room.department) for room in self.rooms)
        shares = [
            math.floor(100 * sum(r.abandoned and r.is_closed(now)
                                 for r in rooms) / len(rooms))
            for rooms in self.departments(self.begun(start, end, department))]
        mean = sum(shares) / len(shares) if shares else 0
        return {"Total_abandoned_chats": count,
                "Avg_of_abandoned_chats": f"{mean:.15g}%",
                "Avg_of_chat_duration_time": "00:00:00"}

    def productivity(self, start, end, department):
        """getProductivityMetricsAsync: the waiting time by instants, the
        departments' mean of averages that are rounded up
        (findAllAverageWaitingTime, `$ceil`; rooms without a response as 0)."""
        groups = self.departments(
            [r for r in self.begun(start, end, department) if not r.waiting])
        means = [math.ceil(sum(r.first_response or 0 for r in rooms)
                           / len(rooms)) for rooms in groups]
        mean = sum(means) / len(means) if means else 0
        return {"Avg_response_time": "00:00:00",
                "Avg_first_response_time": "00:00:00",
                "Avg_reaction_time": "00:00:00",
                "Avg_of_waiting_time": clock(mean)}

    def begun_on(self, day, department):
        """Total_conversations of a UTC day (ChartData.ts)."""
        start = datetime.datetime.combine(
            day, datetime.time(), datetime.timezone.utc).timestamp()
        return len(self.begun(start, start + 86399.999, department))


def clock(seconds):
    """lib/utils/secondsToHHMMSS.ts: each part on its own."""
    hours, rest = divmod(seconds, 3600)
    return f"{int(hours):02}:{int(rest // 60):02}:{round(rest % 60):02}"
