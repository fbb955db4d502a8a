private import FoundationEssentials

/// Builds the bodies of `POST /analytics/api`: a GraphQL operation and its variables.
///
/// The queries ask only for what the exporter needs: the less is asked, the less a change of the
/// vendor's schema can break.
struct SamespaceRequests: Sendable {
  /// The GraphQL endpoint's path (vendor page, "GraphQL Endpoint & Header Details").
  static let path = "/analytics/api"

  private static let dashboardQuery =
    "query GetDashboard($id: String) { dashboard(id: $id) { id timeRange timezone "
    + "insights { id title timeRange timezone template { type preferences { "
    + "... on StatTemplatePreference { valueFormat } } } } } }"

  private static let insightQuery =
    "query GetInsightData($dashboardId: ID!, $insightId: ID!, $timeRange: TimeRange, "
    + "$timezone: String) { getInsightData(dashboardId: $dashboardId, insightId: $insightId, "
    + "timeRange: $timeRange, timezone: $timezone) }"

  /// The body that asks for a dashboard's insights.
  static func dashboardBody(id: String) throws -> [UInt8] {
    try encode(
      Body(
        operationName: "GetDashboard",
        query: dashboardQuery,
        variables: DashboardVariables(id: id)
      )
    )
  }

  /// The body that asks for an insight's value; what is nil is left out and up to the vendor.
  static func insightBody(
    dashboard: String,
    insight: String,
    timeRange: String?,
    timezone: String?
  ) throws -> [UInt8] {
    try encode(
      Body(
        operationName: "GetInsightData",
        query: insightQuery,
        variables: InsightVariables(
          dashboardId: dashboard,
          insightId: insight,
          timeRange: timeRange,
          timezone: timezone
        )
      )
    )
  }

  static func encode(_ body: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(body))
  }

  struct Body<Variables: Encodable>: Encodable {
    let operationName: String
    let query: String
    let variables: Variables
  }

  private struct DashboardVariables: Encodable {
    let id: String
  }

  private struct InsightVariables: Encodable {
    let dashboardId: String
    let insightId: String
    let timeRange: String?
    let timezone: String?
  }
}
