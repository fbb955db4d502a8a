import CollectorKit

/// Experia's history: a range of one day names the day (vendor page, "Filter Values"), so each view
/// and day costs a request.
extension ExperiaCollector: HistoryCollector {
  var historyZone: Zone { configuration.timezoneOffset }

  func history(
    of days: ClosedRange<CivilDate>,
    in context: CollectionContext
  ) async throws -> HistoryPlan {
    let others = configuration.periods.filter { $0 != .daily }.map(\.name)
    let notes =
      others.isEmpty
      ? [] : ["the periods \(others.joined(separator: ", ")) have no history here, only daily has"]
    guard configuration.periods.contains(.daily) else {
      return HistoryPlan(count: 0, notes: notes) { _ in
        HistoryPart("") { _ in HistoryValues() }
      }
    }
    let views = configuration.views
    return HistoryPlan(count: days.dayCount * views.count, notes: notes) { place in
      let view = views[place % views.count]
      let day = days.lowerBound.adding(days: place / views.count)
      return HistoryPart("\(view.name) \(day)") { context in
        try await values(of: day, view, context)
      }
    }
  }

  /// A day's figures as the daily period had them when the day ended.
  private func values(
    of day: CivilDate,
    _ view: ExperiaConfiguration.View,
    _ context: CollectionContext
  ) async throws -> HistoryValues {
    let payload = try await ask(view, .daily, on: day, "day=\(day)", context)
    let values = families.values(payload, view: view, period: .daily, on: day)
    return HistoryValues(
      gauges: [HistoryValues.Gauges(at: dayZone.lastSecond(of: day), values.families)],
      observations: values.observations,
      skipped: values.skipped
    )
  }
}
