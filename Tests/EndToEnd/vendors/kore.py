"""Kore.ai's userEngagementTrend, in both versions, and dashboard widgets."""

import datetime
import re
import urllib.parse
import zoneinfo

from . import jwt
from .base import Answer, VendorServer
from .clock import days

BOT = "st-00000000-1111-2222-3333-444444444444"
MONTHS = ("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()


class KoreServer(VendorServer):
    """Users per channel and day, and per channel, day and hour.

    With `strings` the numbers are text, as the vendor's sample of the Daily
    answer has them. `ready_token` is accepted instead of minted ones. `new`
    and `returning` are what the second version says beside all users.
    `widgets` has the rows of a (dashboard, widget), or a function that makes
    them of (first day, last day, filters). With `ignores_skip` every page of
    a widget is the first one, with `ignores_limit` it has all rows.
    """

    vendor = "kore"
    endpoint = "userEngagementTrend"

    def __init__(self, client="cs-kore-client", secret="kore-secret-77ab",
                 ready_token=None, **options):
        self.client = client
        self.secret = secret
        self.ready_token = ready_token
        self.strings = False
        self.daily = {}
        self.hourly = {}
        self.new = {}
        self.returning = {}
        self.widgets = {}
        self.identifiers = []
        self.ignores_skip = False
        self.ignores_limit = False
        super().__init__(**options)

    def set_day(self, users, day=None, channel=None):
        self.daily[channel, day or self.clock.today()] = users

    def set_hour(self, users, start, channel=None):
        """`start` is the naive date and time at which the hour begins."""
        self.hourly[channel, start.date(), start.hour] = users

    def answer(self, request):
        match = re.fullmatch(
            r"/api/public/bot/([^/]+)/(v2/)?userEngagementTrend",
            request.path)
        widget = re.fullmatch(
            r"/api/public/bot/([^/]+)/dashboard/([^/]+)/widget/([^/]+)",
            request.path)
        if not match and not widget:
            return failed(404, 404, "Not Found")
        # "Content Type: application/json" and -H 'content-type:
        # application/json' in the samples of both pages, for GET as well
        # (Get Dashboard Widget Data, "Sample Request for GET Call"; User
        # Engagement Trend API, "Sample Request").
        if request.headers.get("content-type") != "application/json":
            self.complaints.append(
                f"{request.method} {request.path}: no content-type")
        if match and request.method != "POST":
            return failed(405, 405, "Method Not Allowed")
        try:
            self.authorize(request.headers.get("auth"))
        except jwt.TokenError as error:
            return failed(401, 4002, f"Invalid SDK credentials ({error})")
        if (match or widget).group(1) != BOT:
            return failed(400, 400, "Invalid StreamId")
        if widget:
            # Each name is one segment of the path, whatever is in it.
            return self.widget(request, *map(urllib.parse.unquote,
                                             widget.groups()[1:]))
        if request.body and not isinstance(request.json, dict):
            return failed(400, 400, "Invalid body")
        if match.group(2):
            return self.second_trend(request.query)
        return self.trend(request.query)

    def authorize(self, token):
        if self.ready_token:
            if token != self.ready_token:
                raise jwt.TokenError("unknown token")
            return
        claims = jwt.verify(token, self.secret, self.clock.time())
        if claims.get("appId") != self.client:
            raise jwt.TokenError("unknown appId")
        identifier = claims.get("jti")
        if not isinstance(identifier, str) or not identifier:
            raise jwt.TokenError("jti is missing")
        with self._lock:
            if identifier in self.identifiers:
                raise jwt.TokenError("jti was used before")
            self.identifiers.append(identifier)

    def trend(self, query):
        kind = query.get("aggregation_type", ["Hourly"])[0] or "Hourly"
        if kind not in ("Hourly", "Daily"):
            return failed(400, 400, "Invalid aggregation_type")
        try:
            first, last = (datetime.date.fromisoformat(query[name][0][:10])
                           for name in ("start_date", "end_date"))
        except (KeyError, ValueError):
            return failed(400, 400, "Invalid start_date or end_date")
        if first > last:
            return failed(400, 400, "start_date is after end_date")
        channel = query.get("channels", [""])[0] or None
        results = [self.row(kind, channel, day) for day in days(first, last)]
        return Answer(200, {"results": results, "totalResults": len(results)})

    def widget(self, request, dashboard, name):
        """Rows nested twice; at most 50 of them at once.

        "Number of records to fetch. Maximum is 50." (Get Dashboard Widget
        Data, "Body Parameters"). `skip` is on no page of the vendor's: a
        server may ignore it.
        """
        query = request.query
        if dashboard not in {d for d, _ in self.widgets}:
            return failed(400, 400, "Invalid dashboard name")
        if (dashboard, name) not in self.widgets:
            return failed(400, 400, "Invalid widget name")
        try:
            first, last = (datetime.date.fromisoformat(query[key][0][:10])
                           for key in ("startDate", "endDate"))
            limit = int(query.get("limit", ["50"])[0])
            skip = int(query.get("skip", ["0"])[0])
        except (KeyError, ValueError):
            return failed(400, 400, "Invalid query")
        if not 0 < limit <= 50 or skip < 0 or first > last or not (
                query.keys() <= {"startDate", "endDate", "limit", "skip"}):
            return failed(400, 400, "Invalid query")
        filters = None
        if request.method == "POST":
            filters = (request.json or {}).get("customFilters")
            if not filters or any(
                    set(f) != {"filterSource", "fieldName", "values"}
                    for f in filters):
                return failed(400, 400, "Invalid customFilters")
        elif request.method != "GET" or request.body:
            return failed(405, 405, "Method Not Allowed")
        rows = self.widgets[dashboard, name]
        if callable(rows):
            rows = rows(first, last, filters)
        if self.ignores_skip:
            skip = 0
        if self.ignores_limit:
            limit = len(rows)
        return Answer(200, {
            "_id": "wg-1", "overlay": [], "name": name, "type": "table",
            "sqlQuery": {"dataSet": "Analytics", "select": "metricType",
                         "botId": BOT},
            "dimensions": [], "metrics": [], "row": [], "properties": {},
            "queryResponse": {"metaData": {},
                              "queryResponse": rows[skip:skip + limit]}})

    def second_trend(self, query):
        """The second version: small letters, and the zone by its name."""
        kind = query.get("aggregation_type", ["hourly"])[0] or "hourly"
        known = {"aggregation_type", "start_date", "end_date", "channels",
                 "conversationType", "conversationStatus", "timeZoneOffset"}
        if kind not in ("hourly", "daily") or not query.keys() <= known:
            return failed(400, 400, "Invalid query")
        try:
            zoneinfo.ZoneInfo(query["timeZoneOffset"][0])
            first, last = (datetime.date.fromisoformat(query[name][0])
                           for name in ("start_date", "end_date"))
        except (KeyError, ValueError):
            return failed(400, 400, "Invalid start_date or end_date")
        channel = query.get("channels", [""])[0] or None
        covered = list(days(first, last))

        def trend(users):
            return {"dataPoints": [
                self.row(kind.capitalize(), channel, day, users)
                for day in covered]}
        return Answer(200, {
            "summary": {"uniqueUsers": 0, "newUsers": 0, "returningUsers": 0,
                        "avgUniqueUsersPerDay": 0.4},
            "uniqueUsersTrend": trend({**self.daily, **self.hourly}),
            "newUsersTrend": trend(self.new),
            "returningUsersTrend": trend(self.returning),
            "filters": {"aggregationType": kind,
                        "dataPointsCount": len(covered)}})

    def row(self, kind, channel, day, users=None):
        shown = str if self.strings else int
        known = {**self.daily, **self.hourly} if users is None else users
        row = {"date": f"{MONTHS[day.month - 1]} {day.day:02d} {day.year}"}
        if kind == "Daily":
            row["users"] = shown(known.get((channel, day), 0))
            return row
        for hour in range(24):
            users = known.get((channel, day, hour), 0)
            row[f"{hour} - {(hour + 1) % 24}"] = shown(users)
        return row

    def envelope(self):
        return {"errors": [{"msg": "Invalid StreamId", "code": 400}]}

    def target(self, name, **options):
        return {"name": name, "vendor": "kore", "url": self.url,
                "bot_id": BOT, "timezone": "Etc/UTC",
                "jwt": {"client_id": self.client,
                        "client_secret": self.secret},
                "rate_limit": [{"requests": 100000, "per": "1m"}], **options}

    def secrets(self):
        return [s for s in (self.secret, self.ready_token) if s]


def failed(status, code, message):
    return Answer(status, {"errors": [{"msg": message, "code": code}]})
