import CollectorKit
import Exposition
import Ledger

/// Kore.ai's history: one request covers several days of a channel, by hours or by days.
extension KoreCollector: HistoryCollector {
  var historyZone: Zone { configuration.timezone }

  func history(
    of days: ClosedRange<CivilDate>,
    in context: CollectionContext
  ) async throws -> HistoryPlan {
    let plans = configuration.channels.flatMap { channel in
      KoreRequests.Aggregation.allCases.map { history(of: days, $0, channel) }
    }
    let starts = plans.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    return HistoryPlan(count: starts.last ?? 0) { place in
      let index = (starts.firstIndex { $0 > place } ?? 1) - 1
      return plans[index].part(place - starts[index])
    }
  }

  private func history(
    of days: ClosedRange<CivilDate>,
    _ aggregation: KoreRequests.Aggregation,
    _ channel: KoreConfiguration.Channel
  ) -> HistoryPlan {
    let length = aggregation.daysAtOnce
    return HistoryPlan(count: days.pieceCount(ofDays: length)) { place in
      let piece = days.piece(place, ofDays: length)
      let name = "\(channel.name)/\(aggregation.rawValue)"
      return HistoryPart("\(name) \(piece.lowerBound) to \(piece.upperBound)") { context in
        // The day before is the first day's "previous day" and has its latest complete hour.
        let asked = piece.lowerBound.adding(days: -1)...piece.upperBound
        let payload = try await trend(aggregation, channel, asked, context)
        return families.history(payload, aggregation, channel: channel, days: piece)
      }
    }
  }
}

extension KoreRequests.Aggregation {
  /// The days of a request: the vendor's custom dashboards reach over 90 days at most, and the
  /// trend's page names no limit.
  fileprivate var daysAtOnce: Int {
    switch self {
    case .hourly: 7
    case .daily: 60
    }
  }
}

extension KoreFamilies {
  /// What polls at the last second of each of the days' hours, or of each of the days, would have
  /// brought.
  fileprivate func history(
    _ payload: KorePayload,
    _ aggregation: KoreRequests.Aggregation,
    channel: KoreConfiguration.Channel,
    days: ClosedRange<CivilDate>
  ) -> HistoryValues {
    let last = zone.lastSecond(of: days.upperBound)
    var result = HistoryValues()
    var time = zone.startOfDay(days.lowerBound)
    while time <= last {
      let end: Int64
      let values: PollOutcome.Values
      switch aggregation {
      case .hourly:
        end = time + 3599
        values = hourly(payload, channel: channel, now: Double(end))
      case .daily:
        end = zone.lastSecond(of: zone.date(at: Double(time)))
        values = daily(payload, channel: channel, now: Double(end))
      }
      result.gauges.append(HistoryValues.Gauges(at: end, values.families))
      // Each poll sees all buckets so far; the one that ends with it is whole.
      result.observations += values.observations.filter { $0.bucket.end == end + 1 }
      result.skipped = values.skipped
      time = end + 1
    }
    return result
  }
}
