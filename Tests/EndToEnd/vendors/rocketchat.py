"""Rocket.Chat's Omnichannel charts-data."""

import datetime

from .base import Answer, VendorServer
from .clock import days

SINGLE = "/api/v1/livechat/analytics/dashboards/charts-data"
DOUBLED = "/api/v1/livechat/livechat/analytics/dashboards/charts-data"
CHARTS = (
    "Total_conversations", "Avg_chat_duration", "Total_messages",
    "Avg_first_response_time", "Avg_reaction_time",
    "Best_first_response_time", "Avg_response_time")
PARAMETERS = {"start", "end", "chartName", "departmentId"}


class RocketChatServer(VendorServer):
    """Values per chart, department and UTC day.

    `zone` is where the workspace is: "utc", "east" (one earlier day more) or
    "west" (one later day more). `paths` are the routes that exist.
    """

    vendor = "rocketchat"
    endpoint = "charts-data"

    def __init__(self, token="RScct-rocketchat-token", user="rbAXPnMktTF",
                 **options):
        self.token = token
        self.user = user
        self.zone = "utc"
        self.paths = {SINGLE}
        self.values = {}
        super().__init__(**options)

    def set(self, chart, value, day=None, department=None):
        self.values[chart, department, day or self.clock.today()] = value

    def answer(self, request):
        if request.path not in self.paths:
            return failed(404, error="Resource not found")
        if request.method != "GET":
            return failed(405, error="Method not allowed")
        if (request.headers.get("X-Auth-Token") != self.token
                or request.headers.get("X-User-Id") != self.user):
            return failed(401, error="You must be logged in to do this.",
                          status="error",
                          message="You must be logged in to do this.")
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

    def points(self, chart, department, first, last):
        if first == last:
            return self.hours(chart, department, first)
        day = datetime.timedelta(days=1)
        covered = days(first - day * (self.zone == "east"),
                       last + day * (self.zone == "west"))
        return ([f"{d.month}/{d.day}" for d in covered],
                [self.values.get((chart, department, d), 0) for d in covered])

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
