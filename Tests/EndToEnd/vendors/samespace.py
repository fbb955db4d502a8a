"""Samespace's analytics API over GraphQL: dashboards, insights, reports.

The rules are those of the vendor's page "Dashboard API": the queries and their
types as it prints them. What it leaves open is taken as it stands there:
- A dashboard has `timeRange`, `startTime` and `endTime`; an insight only has
  `timeRange` ("API to get Dashboards", Query).
- `startTime: Date`: no value of the scalar is shown, so `times` holds whatever
  a test wants, and `getInsightData` must be given the same text or number.
- `getInsightData` takes `startTime` and `endTime` beside a `timeRange` that is
  null ("Get Report Data", Payload, has the three together).
"""

import datetime

from . import graphql
from .base import Answer, VendorServer

LAYOUT = "{ i h w x y maxH maxW minH minW __typename }"

# The vendor's own queries; a request may ask for less, never for more.
DASHBOARD_QUERY = f"""query GetDashboard($id: String) {{ dashboard(id: $id) {{
  id isOwner owner {{ name __typename }}
  permission {{ accessLevel permissionLevel userPermission __typename }}
  timeRange startTime endTime timezone
  layouts {{ lg {LAYOUT} md {LAYOUT} sm {LAYOUT} xs {LAYOUT} xxs {LAYOUT}
    __typename }}
  insights {{ id title timeRange timezone
    template {{ id type datasetId beta
      preferences {{
        colors {{ theme values __typename }}
        ... on StatTemplatePreference {{ valueFormat trendType __typename }}
        ... on TableTemplatePreference {{
          columns rowLinkTo sortId sortOrder __typename }}
        ... on LineAreaBarTemplatePreference {{
          viewByType viewBySubType __typename }}
        ... on PieDonutTemplatePreference {{ pieTooltipFormat
          pieDatalabelFormat drillUpText aggregationSubType
          showAbsoluteValues __typename }}
        ... on HorizontalBarTemplatePreference {{
          columns barMaxValue barValueField __typename }}
        __typename }}
      __typename }}
    bounds {{ x y w h __typename }}
    filters {{ metricId title type operation
      ... on AttributeFilter {{ values __typename }}
      ... on MeasureFilter {{ value __typename }}
      __typename }}
    __typename }}
  __typename }} }}"""
INSIGHT_QUERY = """query GetInsightData($dashboardId: ID!, $insightId: ID!,
  $timeRange: TimeRange, $timezone: String, $startTime: Date, $endTime: Date,
  $skip: Int, $sortId: String, $sortOrder: Int, $limit: Int,
  $filters: [FilterInput!]) {
  getInsightData(dashboardId: $dashboardId, insightId: $insightId,
    timeRange: $timeRange, timezone: $timezone, startTime: $startTime,
    endTime: $endTime, skip: $skip, sortId: $sortId, sortOrder: $sortOrder,
    limit: $limit, filters: $filters) }"""
REPORT_QUERY = """query GetReportData($reportId: ID!, $startTime: Date,
  $endTime: Date, $timeRange: TimeRange, $timezone: String,
  $filters: [FilterInput!], $sortId: String, $sortOrder: Int, $skip: Int,
  $limit: Int) {
  getReportData(reportId: $reportId, startTime: $startTime, endTime: $endTime,
    timeRange: $timeRange, timezone: $timezone, filters: $filters,
    sortId: $sortId, sortOrder: $sortOrder, skip: $skip, limit: $limit) }"""
DOCUMENTED = {"dashboard": graphql.parse(DASHBOARD_QUERY),
              "getInsightData": graphql.parse(INSIGHT_QUERY),
              "getReportData": graphql.parse(REPORT_QUERY)}

DASHBOARD = "64708408b289a50051bd6781"
INBOUND = "6470840db289a50051bd67e6"
OUTBOUND = "64708411b289a50051bd6802"


def insight(identifier, title, time_range="PAST_HOUR", kind="STAT",
            value_format="NUMBER"):
    """An insight as GetDashboard shows it."""
    return {
        "id": identifier, "title": title, "timeRange": time_range,
        "timezone": "Asia/Calcutta",
        "template": {
            "id": "5ea6951db00b8f55e69bc8be", "type": kind,
            "datasetId": "5ea1861e465b4d80736a76e2", "beta": None,
            "preferences": {
                "colors": None, "valueFormat": value_format,
                "trendType": "POSITIVE",
                "__typename": "StatTemplatePreference"},
            "__typename": "Template"},
        "filters": [], "__typename": "Insight"}


# The one row of the vendor's sample.
CALL = {
    "5ef594e0eba06ff9adbcfc07": "64a4c799e8c16456e7c23a49",
    "5e6f5fc04767c68072ee031c": "2023-07-04T22:39:23.260Z",
    "60af7ebc2c1f3d2b8e5faf7e": "2023-07-04T22:39:23.260Z",
    "602a0daa27200ad38393241c": "2023-07-04T22:39:54.224Z",
    "60af7fa12c1f3d2b8e5faf7f": "2023-07-04T22:39:54.224Z",
    "5e6f5fc04767c68072ee031d": "in",
    "5eafce52965aff16547f2816": "+14077016752",
    "5eafcfde965aff16547f2817": "+16932411213",
    "5e6f5fc04767c68072ee0320": 31,
    "5ec3ab9dc17f3c7ee1471a7a": "Web"}


class SamespaceServer(VendorServer):
    """Dashboards of insights, and a list of rows for each insight.

    `rows` and `reports` have the rows of each insight and report, or a
    function that makes them of the request's variables; `times` is what the
    dashboards have of their own; `cap` is what the server hands out at most.
    """

    vendor = "samespace"
    endpoint = "/analytics/api"

    def __init__(self, key="Xoa5@NIs!Av#samespace", **options):
        self.key = key
        self.dashboards = {DASHBOARD: [
            insight(INBOUND, "Answered (Inbound)"),
            insight(OUTBOUND, "Answered (Outbound)")]}
        self.rows = {}
        self.reports = {}
        self.cap = 10_000
        self.times = {"timeRange": "PAST_30_DAYS", "startTime": None,
                      "endTime": None}
        self.set(INBOUND, 2824, 3189)
        self.set(OUTBOUND, 117, 90)
        super().__init__(**options)

    def set(self, identifier, value, previous, title="Answered"):
        """The one row of a STAT insight."""
        self.rows[identifier] = [
            {"value": value, "title": title, "previousValue": previous}]

    def answer(self, request):
        if request.path != "/analytics/api":
            return errors(404, "Not found")
        if request.method != "POST":
            return errors(405, "Method not allowed")
        if request.headers.get("x-api-key") != self.key:
            return errors(401, "Unauthorized")
        body = request.json
        if not isinstance(body, dict) or not isinstance(
                body.get("query"), str):
            return errors(400, "Must provide query string.")
        variables = body.get("variables") or {}
        try:
            operation = graphql.parse(body["query"])
            roots = {field.name for field in operation.fields.values()}
            if len(roots) != 1 or not roots <= DOCUMENTED.keys():
                raise graphql.QueryError(f"Cannot query {sorted(roots)}.")
            graphql.validate(operation, DOCUMENTED[roots.pop()])
            data = {key: self.resolve(field, variables)
                    for key, field in operation.fields.items()}
        except graphql.QueryError as error:
            return errors(400, str(error))
        return Answer(200, {"data": data})

    def resolve(self, field, variables):
        """The value of a root field."""
        arguments = {
            name: variables.get(value[1:]) if value.startswith("$")
            else value.strip('"')
            for name, value in field.arguments.items()}
        if field.name == "dashboard":
            return graphql.project(
                self.dashboard(arguments.get("id")), field.fields)
        needed = (("dashboardId", "insightId")
                  if field.name == "getInsightData" else ("reportId",))
        for required in needed:
            if not isinstance(arguments.get(required), str):
                raise graphql.QueryError(
                    f'Variable "${required}" of required type "ID!" was not '
                    "provided.")
        self.check(arguments)
        if field.name == "getReportData":
            if arguments["reportId"] not in self.reports:
                raise graphql.QueryError("Report not found")
            return {"data": self.page(
                self.reports[arguments["reportId"]], arguments)}
        known = self.dashboards.get(arguments["dashboardId"], [])
        identifier = arguments["insightId"]
        if identifier not in [item["id"] for item in known]:
            raise graphql.QueryError("Insight not found")
        rows = self.rows.get(identifier, [])
        if not isinstance(rows, list) and not callable(rows):
            return rows
        return {"data": self.page(rows, arguments)}

    def page(self, rows, arguments):
        if callable(rows):
            rows = rows(arguments)
        skip = arguments.get("skip") or 0
        limit = min(arguments.get("limit") or 50, self.cap)
        return rows[skip:skip + limit]

    def check(self, arguments):
        """The types that the documented queries declare."""
        for name in ("skip", "limit", "sortOrder"):
            if not isinstance(arguments.get(name, 0), (int, type(None))):
                raise graphql.QueryError(f'"${name}" is no Int.')
        given = {name: arguments.get(name) for name in ("startTime", "endTime")}
        # A dashboard's own ends come back as the dashboard has them.
        if given != {name: self.times[name] for name in given}:
            for name, value in given.items():
                try:
                    if value is not None:
                        datetime.datetime.fromisoformat(value)
                except (TypeError, ValueError) as error:
                    raise graphql.QueryError(
                        f'"${name}" is no Date.') from error
            if (given["startTime"] is None) != (given["endTime"] is None):
                raise graphql.QueryError("startTime and endTime go together.")
        if arguments.get("startTime") and arguments.get("timeRange"):
            raise graphql.QueryError("timeRange and startTime exclude.")
        for item in arguments.get("filters") or []:
            wanted = {"metricId", "operation", "type",
                      "value" if item.get("type") == "MEASURE" else "values"}
            if set(item) != wanted:
                raise graphql.QueryError(f"{sorted(item)} is no FilterInput.")

    def dashboard(self, identifier):
        if identifier not in self.dashboards:
            return None
        empty = {"lg": [], "md": [], "sm": [], "xs": [], "xxs": [],
                 "__typename": "Layouts"}
        return {
            "id": identifier, "isOwner": False, "owner": None,
            "permission": {"accessLevel": "Public", "permissionLevel": "Read",
                           "userPermission": "Read",
                           "__typename": "PermissionAndSharing"},
            **self.times, "timezone": "Asia/Calcutta", "layouts": empty,
            "insights": self.dashboards[identifier],
            "__typename": "Dashboard"}

    def envelope(self):
        return {"errors": [{"message": "Analytics store is not available",
                            "extensions": {"code": "INTERNAL"}}],
                "data": None}

    def target(self, name, **options):
        return {"name": name, "vendor": "samespace", "url": self.url,
                "api_key": self.key, "timezone": "Asia/Kolkata",
                "rate_limit": [{"requests": 100000, "per": "1m"}],
                "dashboards": [{"id": DASHBOARD}], **options}

    def secrets(self):
        return [self.key]


def errors(status, message):
    return Answer(status, {"errors": [{"message": message}], "data": None})
