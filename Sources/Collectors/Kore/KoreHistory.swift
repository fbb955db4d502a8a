import CollectorKit
import Exposition
import Ledger

/// Kore.ai's history: one request covers many days of a channel, by hours or by days.
extension KoreCollector: HistoryCollector {
  var historyZone: Zone { configuration.timezone }

  /// The vendor's custom dashboards reach over 90 days at most; the trend's page names no limit.
  private static let daysAtOnce = 60

  func history(
    of days: ClosedRange<CivilDate>,
    in context: CollectionContext
  ) async throws -> HistoryPlan {
    let selections = configuration.channels.flatMap { channel in
      KoreRequests.Aggregation.allCases.map { (channel, $0) }
    }
    let pieces = days.pieceCount(ofDays: KoreCollector.daysAtOnce)
    return HistoryPlan(count: pieces * selections.count) { place in
      let (channel, aggregation) = selections[place % selections.count]
      let piece = days.piece(place / selections.count, ofDays: KoreCollector.daysAtOnce)
      let name = "\(channel.name)/\(aggregation.rawValue)"
      return HistoryPart("\(name) \(piece.lowerBound) to \(piece.upperBound)") { context in
        // The day before is the first day's "previous day" and has its latest complete hour.
        let asked = piece.lowerBound.adding(days: -1)...piece.upperBound
        let payload = try await ask(aggregation, channel, asked, context)
        return switch aggregation {
        case .hourly: families.hourlyHistory(payload, channel: channel, days: piece)
        case .daily: families.dailyHistory(payload, channel: channel, days: piece)
        }
      }
    }
  }
}

extension KoreFamilies {
  /// What polls at the last second of each of the days' hours would have brought.
  func hourlyHistory(
    _ payload: KorePayload,
    channel: KoreConfiguration.Channel,
    days: ClosedRange<CivilDate>
  ) -> HistoryValues {
    var result = HistoryValues()
    let users = payload.hours(&result.skipped)
    let end = Double(zone.lastSecond(of: days.upperBound))
    result.observations = observations(users, channel: channel, now: end)
      .filter { $0.bucket.start >= zone.startOfDay(days.lowerBound) }
    for hour in users.keys.sorted() where days.contains(hour.date) {
      guard let start = hour.start(in: zone) else { continue }
      result.gauges.append(
        HistoryValues.Gauges(
          at: start + 3599,
          hourGauges(users, channel: channel, running: hour)
        )
      )
    }
    return result
  }

  /// What polls at the last second of each of the days would have brought.
  func dailyHistory(
    _ payload: KorePayload,
    channel: KoreConfiguration.Channel,
    days: ClosedRange<CivilDate>
  ) -> HistoryValues {
    var result = HistoryValues()
    let users = payload.days(&result.skipped)
    for day in users.keys.sorted() where days.contains(day) {
      result.gauges.append(
        HistoryValues.Gauges(
          at: zone.lastSecond(of: day),
          dayGauges(users, channel: channel, today: day)
        )
      )
    }
    return result
  }
}
