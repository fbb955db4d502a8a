"""Rocket.Chat's Omnichannel charts-data and the live endpoints beside it.

How rooms are counted is in rocketchat_rooms.py, from the server's source:
abandoned chats from models/LivechatRooms.ts @011fac0e, the overview's days from
omnichannel-analytics/service.ts @08bb48da.
"""

import collections
import datetime

from .base import Answer, VendorServer
from .clock import Clock
from .rocketchat_rooms import Workspace

SINGLE = "/api/v1/livechat/analytics/dashboards/charts-data"
DOUBLED = "/api/v1/livechat/livechat/analytics/dashboards/charts-data"
CHARTS = (
    "Total_conversations", "Avg_chat_duration", "Total_messages",
    "Avg_first_response_time", "Avg_reaction_time",
    "Best_first_response_time", "Avg_response_time")
PARAMETERS = {"start", "end", "chartName", "departmentId"}
# As the server's source registers them (server/api/v1/omnichannel/dashboards).
LIVE = "/api/v1/livechat/analytics/dashboards/"
CHATS = "charts/chats"
AGENTS = "charts/agents-status"
CONVERSATIONS = "conversation-totalizers"
ABANDONMENT = "chats-totalizers"
PRODUCTIVITY = "productivity-totalizers"


ZONES = {"utc": "UTC", "east": "Asia/Riyadh", "west": "America/New_York"}


class RocketChatServer(VendorServer):
    """Values per chart, department and UTC day; or a `workspace` of rooms,
    from which all figures then follow.

    `zone` is where a workspace without rooms is: "utc", "east" (one earlier
    day more) or "west" (one later day more). `paths` are the routes that
    exist. `limit` is (requests, seconds), or None for no limit.
    """

    vendor = "rocketchat"
    endpoint = "charts-data"

    def __init__(self, token="RScct-rocketchat-token", user="rbAXPnMktTF",
                 **options):
        self.token = token
        self.user = user
        self.others = {}    # more users of the workspace, by their ids
        self.limit = None
        self.counted = collections.defaultdict(list)
        self.workspace = None
        self.cache = {}
        self.zone = "utc"
        self.paths = {SINGLE}
        self.values = {}
        self.state = {}
        super().__init__(**options)

    def set(self, chart, value, day=None, department=None):
        self.values[chart, department, day or self.clock.today()] = value

    def set_state(self, endpoint, figures, day=None, department=None):
        """What a live endpoint says: members of the answer, or titles.

        With a day only a request for that UTC day gets it.
        """
        self.state[endpoint, department, day] = figures

    def answer(self, request):
        live = request.path.removeprefix(LIVE)
        is_live = request.path.startswith(LIVE) and live in (
            CHATS, AGENTS, CONVERSATIONS, ABANDONMENT, PRODUCTIVITY)
        if request.path not in self.paths and not is_live:
            return failed(404, error="Resource not found")
        if request.method != "GET":
            return failed(405, error="Method not allowed")
        users = {**self.others, self.user: self.token}
        if users.get(request.headers.get("X-User-Id"), "") != (
                request.headers.get("X-Auth-Token")):
            return failed(401, error="You must be logged in to do this.",
                          status="error",
                          message="You must be logged in to do this.")
        refusal = self.refusal(request)
        if refusal:
            return refusal
        if is_live:
            return self.live(live, request.query)
        query = request.query
        for name in ("start", "end", "chartName"):
            if name not in query:
                return failed(400, errorType="error-invalid-params",
                              error=f"must have required property '{name}'")
        if not query.keys() <= PARAMETERS or any(
                len(values) != 1 for values in query.values()):
            return failed(400, errorType="error-invalid-params",
                          error="must NOT have additional properties")
        chart = query["chartName"][0]
        department = query.get("departmentId", ["undefined"])[0]
        if department == "undefined":
            department = None
        try:
            first, last = (datetime.date.fromisoformat(query[name][0])
                           for name in ("start", "end"))
        except ValueError:
            first, last = None, None
        labels, points = [], []
        if chart in CHARTS and first and first <= last:
            labels, points = self.points(chart, department, first, last)
        return Answer(200, {"chartLabel": chart, "dataLabels": labels,
                            "dataPoints": points, "success": True})

    def refusal(self, request):
        """ApiClass.ts @b2da2544: a limiter for each route, matched by
        {IPAddr, route} and by no user. A request counts before it is checked.
        The address is X-Real-IP or the socket's (getRequestIP)."""
        if not self.limit:
            return None
        allowed, window = self.limit
        now = self.clock.time()
        key = request.path, request.headers.get("X-Real-IP", "127.0.0.1")
        times = self.counted[key]
        times[:] = [at for at in times if at > now - window] + [now]
        if len(times) <= allowed:
            return None
        seconds = int(times[0] + window - now) + 1
        return Answer(429, {"success": False, "error": (
            "Error, too many requests. Please slow down. You must wait "
            f"{seconds} seconds before trying this endpoint again. "
            "[error-too-many-requests]")}, {
                "X-RateLimit-Limit": allowed, "X-RateLimit-Remaining": 0,
                "X-RateLimit-Reset": int((now + seconds) * 1000)})

    def live(self, endpoint, query):
        """Two instants in ISO 8601, or none for the agents' status."""
        dates = () if endpoint == AGENTS else ("start", "end")
        for name in dates:
            if name not in query:
                return failed(400, errorType="error-invalid-params",
                              error=f"must have required property '{name}'")
        if not query.keys() <= {*dates, "departmentId"}:
            return failed(400, errorType="error-invalid-params",
                          error="must NOT have additional properties")
        try:
            span = [datetime.datetime.fromisoformat(query[name][0])
                    for name in dates]
        except ValueError:
            return failed(
                400, error='The "start" query parameter must be a valid date.')
        department = query.get("departmentId", [None])[0]
        day = None
        if dates and span[0].time() == datetime.time(0):
            day = span[0].date()
        figures = self.state.get(
            (endpoint, department, day),
            self.state.get((endpoint, department, None), {}))
        if self.workspace and dates:
            figures = self.counts(endpoint, query, span, department)
        if endpoint.endswith("totalizers"):
            return Answer(200, {"totalizers": [
                {"title": title, "value": value}
                for title, value in figures.items()], "success": True})
        return Answer(200, {**figures, "success": True})

    def counts(self, endpoint, query, span, department):
        """What the workspace's rooms come to, kept for 5 seconds by all that
        was asked (`mem`, app/livechat/server/lib/analytics/dashboards.ts)."""
        key = endpoint, query["start"][0], query["end"][0], department
        now = self.clock.time()
        kept, figures = self.cache.get(key, (None, None))
        if kept is None or not 0 <= now - kept < 5:
            figures = self.fresh_counts(endpoint, query, span, department)
            self.cache[key] = now, figures
        return figures

    def fresh_counts(self, endpoint, query, span, department):
        start, end = (moment.timestamp() for moment in span)
        if endpoint == CONVERSATIONS:
            return self.workspace.conversations(
                (query["start"][0], query["end"][0]), start, end, department)
        count = {CHATS: self.workspace.chats,
                 ABANDONMENT: self.workspace.abandonment,
                 PRODUCTIVITY: self.workspace.productivity}[endpoint]
        return count(start, end, department)

    def points(self, chart, department, first, last):
        if first == last:
            return self.hours(chart, department, first)
        workspace = self.workspace or Workspace(Clock(), ZONES[self.zone])
        covered = workspace.utc_days(str(first), str(last))
        if self.workspace and chart == "Total_conversations":
            values = [workspace.begun_on(d, department) for d in covered]
        else:
            values = [self.values.get((chart, department, d), 0)
                      for d in covered]
        return [f"{d.month}/{d.day}" for d in covered], values

    def hours(self, chart, department, day):
        """A single day: 24 hourly points, all of it in the hour that runs."""
        names = [f"{(h % 12) or 12}{'AM' if h < 12 else 'PM'}"
                 for h in range(25)]
        names[24] = "12AM"
        points = [0] * 24
        points[self.clock.now().hour] = self.values.get(
            (chart, department, day), 0)
        return [f"{names[h]}-{names[h + 1]}" for h in range(24)], points

    def envelope(self):
        return {"success": False, "error": "Omnichannel is not enabled"}

    def target(self, name, **options):
        return {"name": name, "vendor": "rocketchat", "url": self.url,
                "user_id": self.user, "auth_token": self.token,
                "rate_limit": [{"requests": 100000, "per": "1m"}], **options}

    def secrets(self):
        return [self.token]


def failed(code, **fields):
    return Answer(code, {"success": False, **fields})
