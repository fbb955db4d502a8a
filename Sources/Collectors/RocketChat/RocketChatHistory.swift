import CollectorKit
import Exposition
import Ledger

/// Rocket.Chat's history: one request covers many UTC days of a chart and department.
extension RocketChatCollector: HistoryCollector {
  var historyZone: Zone { .utc }

  /// The days of a request.
  ///
  /// The labels have no year: pieces of less than a year keep them apart. The server looks each day
  /// up on its own, one after the other and uncached, so that more days take it too long.
  private static let daysAtOnce = 60

  func history(
    of days: ClosedRange<CivilDate>,
    in context: CollectionContext
  ) async throws -> HistoryPlan {
    let selections = configuration.departments.flatMap { department in
      configuration.charts.map { (department, $0) }
    }
    let pieces = days.pieceCount(ofDays: RocketChatCollector.daysAtOnce)
    return HistoryPlan(count: pieces * selections.count) { place in
      let (department, chart) = selections[place % selections.count]
      let piece = days.piece(
        place / selections.count,
        ofDays: RocketChatCollector.daysAtOnce
      )
      let name = "\(department.name)/\(chart.rawValue)"
      return HistoryPart("\(name) \(piece.lowerBound) to \(piece.upperBound)") { context in
        try await values(of: piece, chart, department, context)
      }
    }
  }

  /// The days' figures as they stand now: each at its day's last second.
  private func values(
    of days: ClosedRange<CivilDate>,
    _ chart: RocketChatChart,
    _ department: RocketChatConfiguration.Department,
    _ context: CollectionContext
  ) async throws -> HistoryValues {
    // A day more at the front: a single day would be answered by the hours of a local day.
    let asked = days.lowerBound.adding(days: -1)...days.upperBound
    let (points, skipped) = try await points(chart, department, asked, required: asked, context)
    var result = HistoryValues(skipped: skipped)
    for number in days.lowerBound.dayNumber...days.upperBound.dayNumber {
      let day = CivilDate(dayNumber: number)
      let label = RocketChatPointLabel(day)
      let values = families.values(
        points.filter { $0.label == label },
        chart: chart,
        department: department,
        today: day,
        skipped: []
      )
      result.skipped += values.skipped
      result.observations += values.observations
      result.gauges.append(
        HistoryValues.Gauges(at: Zone.utc.lastSecond(of: day), values.families)
      )
    }
    return result
  }
}
