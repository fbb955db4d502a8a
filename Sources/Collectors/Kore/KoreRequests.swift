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
    "/api/public/bot/\(PercentEncoding.pathSegment(configuration.botID))/"
      + (configuration.apiVersion == 2 ? "v2/" : "") + "userEngagementTrend"
  }

  /// The member of the answer that holds the days.
  var resultsName: String { configuration.apiVersion == 2 ? "uniqueUsersTrend" : "results" }

  /// The vendor's page lists everything as body parameters and sends it all in the query.
  static let body = Array("{}".utf8)

  /// The query for the days from one to another, both included.
  func query(
    _ aggregation: Aggregation,
    _ channel: KoreConfiguration.Channel,
    from first: CivilDate,
    to last: CivilDate
  ) -> String {
    let isSecond = configuration.apiVersion == 2
    let type = isSecond ? aggregation.rawValue.lowercased() : aggregation.rawValue
    var query = "?aggregation_type=\(type)&start_date=\(first)&end_date=\(last)"
    if isSecond {
      query += "&timeZoneOffset=\(PercentEncoding.queryValue(configuration.timezone.name))"
    }
    if let id = channel.id { query += "&channels=\(PercentEncoding.queryValue(id))" }
    return query
  }
}
