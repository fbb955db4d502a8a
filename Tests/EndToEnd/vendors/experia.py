"""Experia's dashboard: `POST /v2/dashboard` and `POST /v2/dashboard/{card}`."""

import datetime
import re

from .base import Answer, VendorServer

# The sample of the vendor's page.
SUMMARY = {
    "totalSessions": 458,
    "averageWaitingTime": "00 00:00:20",
    "averageResponseTime": "00 00:17:25",
    "averageServiceTime": "00 15:49:32",
    "minServiceTime": "00 00:00:05",
    "maxServiceTime": "00 16:29:47",
    "CSAT": 62.5,
    "FCR": 0,
    "NPS": 0,
    "agentTotalTimeOnline": "00 00:00:00",
    "totalMsg": 1250,
    "totalTags": 45,
    "totalTransferred": 12,
    "peakTime": "10:00",
    "weakTime": "03:00",
    "totalClosedSessions": 420,
    "totalTemplateUsage": 85,
    "totalPredefinedMessages": 320,
    "totalClient": 380,
    "totalTagsPercent": 10.7,
    "sla": {"response": 85.5, "waiting": 92.3, "service": 78.2},
    "status": "SUCCESS",
}

# A day that has not begun.
NOTHING_YET = {
    name: 0 if name.startswith("total") else value
    for name, value in SUMMARY.items()}

PERIODS = {
    "daily": "daily", "TODAY": "daily", "weekly": "weekly", "WEEK": "weekly",
    "monthly": "monthly", "MONTH": "monthly", "YEAR": "yearly",
}
FIELDS = {"filter": str, "channels": list, "email": str, "groupsID": list,
          "timezoneOffset": str, "sla": dict}
CARD_FIELDS = {**FIELDS, "for": str, "shiftIDs": list}

# Every card of the vendor's page.
CARDS = """
    CARDTOTALSESSIONS CARDTOTALCLOSEDSESSIONS CARDTOTALTRANSFERRED
    CARDNEWCLIENTS CARDWAITINGTIME CARDSERVICETIME CARDMINSERVICETIME
    CARDMAXSERVICETIME CARDAVGRESPONSETIME CARDPEAKTIME CARDWEAKTIME CARDCSAT
    CARDFCR CARDNPS CARDTOTALMESSAGES CARDTOTALTIME CARDTAGS
    CARDTAGSPERCENTAGE CARDQUEUEREPORT CARDTEMPLATEUSAGE
    CARDPREDEFINEDMESSAGES""".split()

# The row of the vendor's page.
SESSION = {
    "session_key": "abc123xyz",
    "client_id": 10001,
    "username": "9665XXXXXXXX",
    "created_date": "2026-01-15T10:30:00.000000Z",
    "taken_date": "2026-01-15T10:31:15.000000Z",
    "ended_date": "2026-01-15T10:45:30.000000Z",
    "status": "CLOSED",
    "type": "whatsapp",
    "agent_email": "agent@example.com",
}


class ExperiaServer(VendorServer):
    """Answers per view (channels, groups, e-mail) and period or day."""

    vendor = "experia"
    endpoint = "/v2/dashboard"

    def __init__(self, key="experia-key-5f1d", **options):
        self.key = key
        self.summaries = {}
        self.cards = {}
        self.card_days = {}
        # Seconds after local midnight in which the dashboard's cache still
        # answers `daily` with yesterday. The vendor's page documents no cache;
        # public reports of dashboards do. A range names its days, so that no
        # answer to it can be of another day (page, "Filter Values").
        self.daily_cached = 0
        super().__init__(**options)

    def set(self, period="daily", channels=(), groups=(), email="", **fields):
        """The answer for a view and a period: the sample with changes.

        `period` may be a date: that day's closing totals.
        """
        view = (tuple(channels), tuple(groups), email)
        self.summaries[view, period] = {**SUMMARY, **fields}

    def answer(self, request):
        card = request.path.removeprefix("/v2/dashboard/")
        if request.path != "/v2/dashboard" and card not in CARDS:
            return failed(404, "Not found")
        if request.method != "POST":
            return failed(405, "Method not allowed")
        if request.headers.get("X-API-Key") != self.key:
            return failed(401, "Unauthorized")
        media = request.headers.get("Content-Type", "").split(";")[0]
        if media.strip().lower() != "application/json":
            return failed(400, "Content-Type must be application/json")
        complaint = check_body(request.json, card in CARDS)
        if complaint:
            return failed(400, complaint)
        body = request.json
        # "Defaults to daily" (page, "Body (JSON)").
        text = body.get("filter", "daily")
        hours = parse_offset(body.get("timezoneOffset") or "+03:00")
        today = self.clock.today(hours)
        if card in CARDS:
            content = self.card_days.get(
                (card, self.day(text, hours)), self.cards.get(card, []))
            return content if isinstance(content, Answer) else Answer(200, {
                "status": "SUCCESS", "cardName": card, "cardContent": content})
        view = (tuple(body.get("channels") or ()),
                tuple(body.get("groupsID") or ()), body.get("email") or "")
        period = self.period(text, today)
        if period == "daily" and self.day(text, hours) != today:
            return Answer(200, self.summaries.get(
                (view, self.day(text, hours)), SUMMARY))
        if isinstance(period, datetime.date) and period > today:
            return Answer(200, NOTHING_YET)
        # A total set for the date of today is what `daily` means as well.
        if period == "daily" and (view, today) in self.summaries:
            period = today
        return Answer(200, self.summaries.get((view, period), SUMMARY))

    def day(self, text, hours):
        """The day that a filter means; nothing for a longer period.

        `daily` is the day before as long as the cache has it.
        """
        if PERIODS.get(text) == "daily":
            now = self.clock.now(hours)
            return (now - datetime.timedelta(
                seconds=self.daily_cached)).date()
        first, last = parse_range(text) or (None, None)
        return first if first == last else None

    @staticmethod
    def period(text, today):
        """The period a filter means; a range of today is `daily`."""
        if text in PERIODS:
            return PERIODS[text]
        first, last = parse_range(text)
        if first == last == today:
            return "daily"
        return first if first == last else (first, last)

    def envelope(self):
        return {"status": "FAILED", "message": "Dashboard is not available"}

    def target(self, name, **options):
        return {"name": name, "vendor": "experia", "url": self.url,
                "api_key": self.key,
                "rate_limit": [{"requests": 100000, "per": "1m"}], **options}

    def secrets(self):
        return [self.key]


def check_body(body, is_card=False):
    """What the vendor's table of fields would object to, or nothing."""
    if not isinstance(body, dict):
        return "the body must be a JSON object"
    if is_card:
        body = {"filter": "daily", **body}
        if body.get("for", "") not in ("", "session", "hospitality"):
            return "for is neither session nor hospitality"
    if "filter" not in body:
        return "filter is required"
    for field, kind in (CARD_FIELDS if is_card else FIELDS).items():
        if field in body and not isinstance(body[field], kind):
            return f"{field} must be {kind.__name__}"
    if body["filter"] not in PERIODS and not parse_range(body["filter"]):
        return "filter is none of the documented values"
    for field in ("channels", "groupsID", "shiftIDs"):
        if not all(isinstance(item, str) for item in body.get(field, [])):
            return f"{field} must hold strings"
    offset = body.get("timezoneOffset", "+03:00")
    if not re.fullmatch(r"[+-]\d\d:\d\d", offset):
        return "timezoneOffset must be like +03:00"
    for name, value in body.get("sla", {}).items():
        if name not in ("service", "response", "waiting"):
            return f"sla.{name} is unknown"
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return f"sla.{name} must be a number"
    return None


def parse_range(text):
    """The two dates of `YYYY-MM-DD to YYYY-MM-DD`."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)", text)
    if not match:
        return None
    try:
        first, last = map(datetime.date.fromisoformat, match.groups())
    except ValueError:
        return None
    return (first, last) if first <= last else None


def parse_offset(text):
    """Hours east of UTC."""
    sign = -1 if text[0] == "-" else 1
    return sign * (int(text[1:3]) + int(text[4:6]) / 60)


def failed(status, message):
    return Answer(status, {"status": "FAILED", "message": message})
