import CollectorKit
import HTTPTransport

/// Builds the requests for charts-data.
enum RocketChatRequests {
  /// Where charts-data may lie below the target's `url`.
  enum Path: String, Sendable {
    /// As Rocket.Chat's source registers it.
    case single = "/api/v1/livechat/analytics/dashboards/charts-data"
    /// As the vendor's page writes it.
    case doubled = "/api/v1/livechat/livechat/analytics/dashboards/charts-data"

    /// The one to try where this one does not exist.
    var other: Path { self == .single ? .doubled : .single }
  }

  /// The query for two days of one chart.
  ///
  /// The server may reject whatever it does not know with 400, so there is never more.
  static func query(
    _ chart: RocketChatChart,
    _ department: RocketChatConfiguration.Department,
    from first: CivilDate,
    to last: CivilDate
  ) -> String {
    var query = "?start=\(first)&end=\(last)&chartName=\(chart.rawValue)"
    if let id = department.id { query += "&departmentId=\(PercentEncoding.queryValue(id))" }
    return query
  }
}
