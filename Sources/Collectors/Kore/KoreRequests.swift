import CollectorKit
import HTTPTransport

/// Builds the requests of userEngagementTrend.
struct KoreRequests: Sendable {
  /// The two forms of the trend, as `aggregation_type` knows them.
  enum Aggregation: String, Sendable, CaseIterable {
    case hourly = "Hourly"
    case daily = "Daily"
  }

  let configuration: KoreConfiguration

  /// The path without its query.
  var path: String {
    "/api/public/bot/\(PercentEncoding.pathSegment(configuration.botID))/userEngagementTrend"
  }

  /// The vendor's page lists everything as body parameters and sends it all in the query.
  static let body = Array("{}".utf8)

  /// The query for the days from one to another, both included.
  func query(
    _ aggregation: Aggregation,
    _ channel: KoreConfiguration.Channel,
    from first: CivilDate,
    to last: CivilDate
  ) -> String {
    var query = "?aggregation_type=\(aggregation.rawValue)&start_date=\(first)&end_date=\(last)"
    if let id = channel.id { query += "&channels=\(PercentEncoding.queryValue(id))" }
    return query
  }
}
