import CollectorKit

/// The span of time that a time range's name stands for at a given moment.
///
/// The vendor defines none of the names. Those that say their length are taken at their word; others,
/// months for one, have none that could be known.
struct SamespacePast: Equatable, Sendable {
  /// Unix seconds.
  let start: Int64
  /// Unix seconds; the first behind the range.
  let end: Int64
  /// Whether it covers the day whole, so that its value is the day's total.
  let isDay: Bool

  private static let units: [String: Int64] = [
    "MINUTE": 60, "HOUR": 3600, "DAY": 86_400, "WEEK": 7 * 86_400,
  ]

  /// What a time range covered when a day ended; nil where its length is not known.
  init?(_ name: String, endOf day: CivilDate, in zone: Zone) {
    end = zone.startOfDay(day.adding(days: 1))
    if name == "TODAY" {
      start = zone.startOfDay(day)
      isDay = true
      return
    }
    // PAST_HOUR, PAST_30_DAYS
    let words = name.split(separator: "_", omittingEmptySubsequences: false)
    guard words.first == "PAST", let last = words.last else { return nil }
    var unit = String(last)
    var count: Int64 = 1
    switch words.count {
    case 2: break
    case 3:
      guard let number = Int64(words[1]), (1...10_000).contains(number),
        unit.hasSuffix("S") || number == 1
      else { return nil }
      count = number
      if unit.hasSuffix("S") { unit.removeLast() }
    default: return nil
    }
    guard let seconds = SamespacePast.units[unit] else { return nil }
    start = end - count * seconds
    isDay = false
  }

  /// An instant as `2026-01-31T00:00:00.000Z`, the form of the dates in the vendor's samples; the
  /// form of `Date` arguments is not documented.
  static func text(_ unixTime: Int64) -> String {
    let date = Zone.utc.date(at: Double(unixTime))
    let second = unixTime - Zone.utc.startOfDay(date)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : String(number) }
    return "\(date)T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)).000Z"
  }
}

extension SamespaceRequests {
  private static let rangeQuery =
    "query GetInsightData($dashboardId: ID!, $insightId: ID!, $timezone: String, "
    + "$startTime: Date, $endTime: Date) { getInsightData(dashboardId: $dashboardId, "
    + "insightId: $insightId, timezone: $timezone, startTime: $startTime, endTime: $endTime) }"

  /// The body that asks for an insight's value over a fixed range, which takes a time range's place
  /// (vendor page, "Get Insight Data": the arguments startTime and endTime).
  static func rangeBody(
    dashboard: String,
    insight: String,
    range: SamespacePast,
    timezone: String?
  ) throws -> [UInt8] {
    try encode(
      Body(
        operationName: "GetInsightData",
        query: rangeQuery,
        variables: RangeVariables(
          dashboardId: dashboard,
          insightId: insight,
          timezone: timezone,
          startTime: SamespacePast.text(range.start),
          endTime: SamespacePast.text(range.end)
        )
      )
    )
  }

  private struct RangeVariables: Encodable {
    let dashboardId: String
    let insightId: String
    let timezone: String?
    let startTime: String
    let endTime: String
  }
}
